"""Mistakes after which there is no value to look at, or none that can be judged by itself."""

from __future__ import annotations

import ast

from autograder.diagnosis import desk
from autograder.diagnosis.mistake import Shows, shown
from autograder.diagnosis.trial import Evidence, NoValue, is_right, parsed

_NAMES = ("NameError", "UnboundLocalError", "MissingNameError", "ImportError", "ModuleNotFoundError")
_SHAPES = ("operand", "shape", "aligned", "broadcast", "dimension")


def _raised(*kinds: str) -> Shows:
    """Seen where a wrong case raised one of these."""

    def shows(evidence: Evidence) -> bool:
        return any(isinstance(value, NoValue) and value.kind in kinds for value in evidence.came)

    return shows


def _operands_do_not_fit(evidence: Evidence) -> bool:
    return any(
        isinstance(value, NoValue) and value.kind == "ValueError" and any(word in value.verdict for word in _SHAPES)
        for value in evidence.came
    )


def _nothing(evidence: Evidence) -> bool:
    return all(
        value is None or (isinstance(value, NoValue) and value.kind == "NothingReturned") for value in evidence.came
    )


def _no_numbers(evidence: Evidence) -> bool:
    return any("NaN" not in said for said in _said(evidence))


def not_finite(evidence: Evidence) -> bool:
    """There is NaN or infinity in a wrong value."""
    return any("NaN" in said for said in _said(evidence))


def _said(evidence: Evidence) -> list[str]:
    """What is said of wrong values, or of layers of them, that are no finite numbers."""
    layers = [one for trial in evidence.wrong for one, _ in trial.layers(evidence.value)]
    said = [desk.as_numbers(one) for one in layers if one is not None and not isinstance(one, NoValue)]
    return [one for one in said if isinstance(one, str)]


def _return_in_a_loop(evidence: Evidence) -> bool:
    """A loop whose body always ends in a return runs once."""
    loops = (node for node in ast.walk(parsed(evidence.source)) if isinstance(node, ast.For | ast.While))
    return any(isinstance(loop.body[-1], ast.Return) for loop in loops)


def _cancelled(evidence: Evidence) -> bool:
    """A later value that is made of it is right, although a right step would make a wrong one of it."""
    value = evidence.value
    later = [name for name, earlier in evidence.steps.items() if value in earlier]
    return any(
        all(name in trial.right and is_right(trial.yours.get(name), trial.right[name]) for trial in evidence.trials)
        and any(name in trial.made and not is_right(trial.made[name], trial.right[name]) for trial in evidence.wrong)
        for name in later
    )


NO_VALUE = (
    shown("not-written", _raised("NotImplementedError"), "This part is not written yet.",
          "What does the equation just above the cell say?"),
    shown("name-missing", _raised(*_NAMES), "A name is used that is not there, or the one asked for is missing.",
          "Is it spelled as the text spells it, and does a cell above define it?"),
    shown("nothing-returned", _nothing, "The function computes, but hands nothing back.",
          "Which line should begin with `return`?"),
    shown("wrong-number-of-values", _raised("WrongCount"), "Another number of values comes back than was asked for.",
          "What does the last line of the docstring say the function returns?"),
    shown("return-inside-the-loop", _return_in_a_loop, "The `return` stands inside the loop, so the loop runs once.",
          "How far to the left must `return` stand so that it comes after the last round?"),
    shown("not-numbers", _no_numbers, "What comes back is not made of real numbers.",
          "What does `print(type(…))` say about each part of it?"),
    shown("two-errors-that-cancel", _cancelled,
          "This value is wrong, and the next one is right again: two mistakes undo each other.",
          "Which two signs or factors would you have to change together?"),
)  # fmt: skip
"""What came is no value, or can't be judged by itself."""

RAISED = (
    shown("index-out-of-range", _raised("IndexError"), "An index asks for an entry that is not there.",
          "A list has three entries. Which is its last index, and which one does your line ask for?"),
    shown("operands-do-not-fit", _operands_do_not_fit, "Two arrays meet whose shapes don't fit together.",
          "Write the shape above each factor: which one has to be transposed, or to change sides?"),
)  # fmt: skip
"""It raised. After what is known about one lab: where shapes happen to fit, a formula tells which product it is."""

SYMPTOMS = frozenset({"index-out-of-range", "operands-do-not-fit", "not-finite"})
"""What many mistakes lead to: a name that tells which one it was is better."""
