"""Known mistakes in a mean of squares, `cost`, and in its derivative, `dl_df`; samples are columns or rows."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from autograder.diagnosis.formulas import Formula
from autograder.diagnosis.mistake import Mistake

Of = Callable[[Any, Any, int], Any]
"""Computes a value from the errors f − y, the outputs f and the number of samples."""


def _formula(of: Of) -> Formula:
    return lambda net_output, y, I: of(net_output - y, net_output, I)


def _outputs(value: str, name: str, explanation: str, hint: str, *formulas: Of) -> Mistake:
    """Return a mistake in one value, `cost` or `dl_df`."""
    return Mistake(name, explanation, hint, {value: [*map(_formula, formulas)]})


def _summed(keep: bool, mean: bool) -> Formula:
    """Return a formula for the derivatives summed over the samples; mean: True to divide by I. keep: as `keepdims`."""

    def formula(net_output: Any, y: Any, samples: str, I: int) -> Any:
        total = 2 * (net_output - y).sum(0 if samples == "rows" else 1, keepdims=keep)
        return total / I if mean else total

    return formula


_COST = (
    _outputs("cost", "loss-and-derivative-apart",
             "This is another cost than the one that the notebook differentiates: not a mean of squares.",
             "What does the equation do to each difference before it adds them up?",
             lambda e, f, n: np.abs(e).sum() / n, lambda e, f, n: np.abs(e).mean(), lambda e, f, n: np.abs(e).sum(),
             lambda e, f, n: np.sqrt((e**2).sum() / n), lambda e, f, n: np.sqrt((e**2).mean()),
             lambda e, f, n: np.linalg.norm(e), lambda e, f, n: np.linalg.norm(e) / n),
    _outputs("cost", "not-squared", "The differences are not squared: positive and negative ones cancel.",
             "Can a cost be negative?", lambda e, f, n: e.sum() / n, lambda e, f, n: -e.sum() / n,
             lambda e, f, n: e.sum(), lambda e, f, n: e.mean(), lambda e, f, n: -e.mean()),
    _outputs("cost", "target-left-out", "The target is not in it.",
             "What should the cost be where every output is right?",
             lambda e, f, n: (f**2).sum() / n, lambda e, f, n: (f**2).mean()),
    Mistake("mean-over-outputs-taken-twice",
            "The mean runs over samples and outputs; this cost divides by the samples only.",
            "By how many numbers does the equation divide, and by how many does `np.mean`?",
            {"cost": lambda expected, D_o: expected / D_o}),
    Mistake("factor-2-missing", "There is a ½ that the cost of this notebook does not have.",
            "Does the equation of the cost have a ½, and what would it do to its derivative?",
            {"cost": lambda expected: expected / 2}),
)  # fmt: skip

_D_COST = (
    _outputs("dl_df", "square-not-differentiated",
             "The square is still there: its derivative has the difference itself.",
             "What is the derivative of u² in u?",
             lambda e, f, n: 2 * e**2 / n, lambda e, f, n: e**2 / n, lambda e, f, n: 2 * e**2),
    _outputs("dl_df", "target-left-out", "The target is not in it.",
             "What should the slope be where the model hits the target?",
             lambda e, f, n: 2 * f / n, lambda e, f, n: 2 * f),
    _outputs("dl_df", "cost-returned", "This is the cost, not its derivative.",
             "One number for all, or one for each output of each sample: which is asked for?",
             lambda e, f, n: (e**2).sum() / n, lambda e, f, n: (e**2).mean(), lambda e, f, n: (e**2).sum()),
    Mistake("summed-over-samples", "The samples are added up here already: one slope for all of them.",
            "If the output of one sample moves and the others don't, how many slopes are there to know?",
            {"dl_df": [*(_summed(keep, mean) for keep in (True, False) for mean in (True, False)),
                       *map(_formula, (lambda e, f, n: 2 * e.sum() / n, lambda e, f, n: 2 * e.sum()))]}),
    _outputs("dl_df", "loss-and-derivative-apart",
             "This is the derivative of another cost than the one of this notebook.",
             "Which cost is being differentiated: squares, absolute values, or a root?",
             lambda e, f, n: np.sign(e) / n, lambda e, f, n: np.sign(e), lambda e, f, n: e / np.linalg.norm(e)),
)  # fmt: skip

OUTPUTS: Sequence[Mistake] = (*_COST, *_D_COST)
