"""Known mistakes of every task that leave no value to compare, or that the comparison of one value does not show."""

from __future__ import annotations

import ast

from autograder.cell_code import tree_or_empty
from autograder.diagnosis import desk
from autograder.diagnosis.mistake import Predicate, relation
from autograder.diagnosis.trial import NoValue, Trials, is_correct

_NAMES = ("NameError", "UnboundLocalError", "MissingNameError", "ImportError", "ModuleNotFoundError")
_SHAPES = ("operand", "shape", "aligned", "broadcast", "dimension")


def _raised(*kinds: str) -> Predicate:
    """Return a predicate: true if a failed trial has a NoValue of one of these kinds, as an exception's class."""

    def predicate(trials: Trials) -> bool:
        return any(isinstance(value, NoValue) and value.kind in kinds for value in trials.failed_values)

    return predicate


def _operands_do_not_fit(trials: Trials) -> bool:
    """True if a failed trial raised a ValueError whose message is about the shapes of arrays."""
    return any(
        isinstance(value, NoValue) and value.kind == "ValueError" and any(word in value.verdict for word in _SHAPES)
        for value in trials.failed_values
    )


def _nothing_returned(trials: Trials) -> bool:
    """True if all failed trials have the value None, or a function that returned nothing."""
    return all(
        value is None or (isinstance(value, NoValue) and value.kind == "NothingReturned")
        for value in trials.failed_values
    )


def _not_numbers(trials: Trials) -> bool:
    """True if a value of a failed trial, or a layer of one, is no array of numbers; NaN and infinity are numbers."""
    return any("NaN" not in sentence for sentence in _reasons_not_finite(trials))


def is_not_finite(trials: Trials) -> bool:
    """True if a value of a failed trial, or a layer of one, holds NaN or infinity."""
    return any("NaN" in sentence for sentence in _reasons_not_finite(trials))


def _reasons_not_finite(trials: Trials) -> list[str]:
    """Return a sentence on each value of a failed trial, or layer of one, that is no array of finite numbers."""
    layers = [layer for trial in trials.failed for layer, _ in trial.layers(trials.value)]
    results = [desk.as_numbers(layer) for layer in layers if layer is not None and not isinstance(layer, NoValue)]
    return [result for result in results if isinstance(result, str)]


def _return_in_a_loop(trials: Trials) -> bool:
    """True if the cell has a loop whose body ends in a return, so that the loop runs once."""
    loops = (node for node in ast.walk(tree_or_empty(trials.source)) if isinstance(node, ast.For | ast.While))
    return any(isinstance(loop.body[-1], ast.Return) for loop in loops)


def _errors_cancel(trials: Trials) -> bool:
    """True if a later value made of the wrong one is correct in every trial, and a correct step would make it wrong."""
    value = trials.value
    later = [name for name, earlier in trials.steps.items() if value in earlier]
    return any(
        all(name in trial.expected and is_correct(trial.actual.get(name), trial.expected[name]) for trial in trials.all)
        and any(
            name in trial.carried_forward and not is_correct(trial.carried_forward[name], trial.expected[name])
            for trial in trials.failed
        )
        for name in later
    )


NO_VALUE = (
    relation("not-written", _raised("NotImplementedError"), "This part is not written yet.",
             "What does the equation just above the cell say?"),
    relation("name-missing", _raised(*_NAMES), "A name is used that is not there, or the one asked for is missing.",
          "Is it spelled as the text spells it, and does a cell above define it?"),
    relation("nothing-returned", _nothing_returned, "The function computes, but hands nothing back.",
          "Which line should begin with `return`?"),
    relation("wrong-number-of-values", _raised("WrongCount"), "Another number of values comes back than was asked for.",
             "What does the last line of the docstring say the function returns?"),
    relation("return-inside-the-loop", _return_in_a_loop, "The `return` stands inside the loop, so the loop runs once.",
          "How far to the left must `return` stand so that it comes after the last round?"),
    relation("not-numbers", _not_numbers, "What comes back is not made of real numbers.",
          "What does `print(type(…))` say about each part of it?"),
    relation("two-errors-that-cancel", _errors_cancel,
          "This value is wrong, and the next one is right again: two mistakes undo each other.",
          "Which two signs or factors would you have to change together?"),
)  # fmt: skip
"""Entries for every task, which go before its own: no value, no number, or a fault that the value does not show."""

EXCEPTIONS = (
    relation("index-out-of-range", _raised("IndexError"), "An index asks for an entry that is not there.",
             "A list has three entries. Which is its last index, and which one does your line ask for?"),
    relation("operands-do-not-fit", _operands_do_not_fit, "Two arrays meet whose shapes don't fit together.",
             "Write the shape above each factor: which one has to be transposed, or to change sides?"),
)  # fmt: skip
"""Entries for exceptions, which go after a task's own: a formula of the task tells more than an exception does."""

SYMPTOMS = frozenset({"index-out-of-range", "operands-do-not-fit", "not-finite"})
"""Names of symptoms that many mistakes share; the name of the mistake itself tells the student more."""
