"""Where a visible check and the grade disagree: known mistakes that pass it, right answers that it refuses; and why."""

from __future__ import annotations

from collections.abc import Mapping

BY_HAND = "the values are found by hand, and a check of them would give them away"
RUN_AGAIN = "the values are right; the hidden test runs the cell again under other parameters"
AT_ZERO = "the values are right, but for an output that is exactly 0"
ONE_STEP_ON = "the check would have to spell out the steps of one iteration, which is the answer"
TOO_SMALL = "the values are off by less than the steps of the check"

UNSEEN: Mapping[tuple[str, str], Mapping[str, str]] = {
    ("linear_regression", "train-model"): {"already-changed-weights": ONE_STEP_ON},
    ("linear_regression", "normal-equations"): {"ridge": TOO_SMALL},
    ("toy_model", "toy-forward"): {"numbers-typed-in": RUN_AGAIN},
    ("toy_model", "toy-backward"): {"numbers-typed-in": RUN_AGAIN},
    ("toy_model", "toy-parameters"): {"numbers-typed-in": RUN_AGAIN},
    ("columns", "backward-pass"): {"identity-derivative-degenerate": AT_ZERO},
    ("rows", "backward-pass"): {"identity-derivative-degenerate": AT_ZERO},
}
"""By notebook and task: the mistakes of which some known answer passes the visible check, each with its reason."""

REFUSED: Mapping[tuple[str, str, str], str] = {
    ("training", "one-hot", "loop"): "it returns lists, which the solution of a later task can't index by an array",
    ("pytorch_regression", "one-step", "four values can be unpacked from a generator, too"): (
        "it returns a generator, which can be read once only, and a later cell reads it twice"
    ),
}
"""By notebook, task and name: right answers after which a visible check fails, each with its reason."""


def reason(notebook: str, task: str, mistake: str) -> str:
    """Return why a visible check leaves a mistake out; "" if no reason is listed."""
    if notebook == "pen_and_paper":
        return BY_HAND
    return UNSEEN.get((notebook, task), {}).get(mistake, "")


def seen_by_now(notebook: str, task: str, unseen: frozenset[str]) -> list[str]:
    """Return the mistakes that are listed for a task and not among those that pass its visible check."""
    return [mistake for mistake in UNSEEN.get((notebook, task), {}) if mistake not in unseen]
