"""Known mistakes of every task that leave no value to compare, or that the comparison of one value does not show.

The two tables at the end decide what an exception means: by its kind, and by its words where several faults raise that
kind. Exceptions that say all there is to say, such as ZeroDivisionError and KeyError, have no entry.
"""

from __future__ import annotations

import ast
import re

from autograder.cell_code import tree_or_empty
from autograder.diagnosis import desk
from autograder.diagnosis.mistake import ANY, Mistake, Shows, relation, symptom
from autograder.diagnosis.trial import NoValue, Trial, Trials, is_correct

NOT_WRITTEN = "NotWritten"
"""The kind of a NoValue whose code raised in the line that stands in place of a solution."""
ASKS_FOR_INPUT, IN_A_DEBUGGER = "AsksForInput", "InADebugger"
"""Kinds of NoValues whose code waits for somebody to type."""
RAISED_ON_PURPOSE = "RaisedOnPurpose"
"""The kind of a NoValue whose code has a `raise` or an `assert` that raised: its words are the student's."""
NOTHING_ASSIGNED = "NothingAssigned"
"""The kind of a NoValue in place of a variable that is None."""

_STUB = "raise NotImplementedError"


def raised(*kinds: str, words: str = "") -> Shows:
    """Return a function: true if a trial's value is a NoValue of one of these kinds, with these words in its verdict.

    kinds: names of an exception's class, or other words for a reason. words: a regular expression.
    """
    pattern = re.compile(words)

    def shows(trial: Trial, name: str) -> bool:
        value = trial.actual[name]
        return isinstance(value, NoValue) and value.kind in kinds and bool(pattern.search(value.verdict))

    return shows


def _earlier_not_written(trials: Trials) -> bool:
    """True if a failed trial reached a stub and the task's own cell has none left: then it is another cell's."""
    reached = any(_not_written(trial, trials.value) for trial in trials.failed)
    return reached and bool(trials.source) and _STUB not in trials.source


_not_written = raised(NOT_WRITTEN)


def _nothing_returned(trials: Trials) -> bool:
    """True if all failed trials have the value None, or a function that returned nothing."""
    return all(
        value is None or (isinstance(value, NoValue) and value.kind == "NothingReturned")
        for value in trials.failed_values
    )


def _holds_no_numbers(trial: Trial, value: str) -> bool:
    """True if a value, or a layer of one, is no array of numbers; NaN and infinity are numbers."""
    return any("NaN" not in sentence for sentence in _reasons_not_finite(trial, value))


def is_not_finite(trial: Trial, value: str) -> bool:
    """True if a value, or a layer of one, holds NaN or infinity."""
    return any("NaN" in sentence for sentence in _reasons_not_finite(trial, value))


def _reasons_not_finite(trial: Trial, value: str) -> list[str]:
    """Return a sentence on a trial's value, or on each layer of one, that is no array of finite numbers."""
    layers = [layer for layer, _ in trial.layers(value)]
    results = [desk.as_numbers(layer) for layer in layers if layer is not None and not isinstance(layer, NoValue)]
    return [result for result in results if isinstance(result, str)]


def _return_in_a_loop(trials: Trials) -> bool:
    """True if a loop of the cell ends in a return, so that it runs once, and what failed may come of that."""
    loops = (node for node in ast.walk(tree_or_empty(trials.source)) if isinstance(node, ast.For | ast.While))
    kinds = {value.kind for value in trials.failed_values if isinstance(value, NoValue)}
    return kinds <= _AFTER_ONE_ROUND and any(isinstance(loop.body[-1], ast.Return) for loop in loops)


_AFTER_ONE_ROUND = {"NothingReturned", "WrongCount", "ValueError", "TypeError", "IndexError", "KeyError"}
"""Kinds of NoValues that too few rounds of a loop may lead to: lists that are too short, results of another kind."""


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
    Mistake("earlier-not-written", "What this part calls from an earlier cell is not written yet.",
            f"Which cell above still holds the line `{_STUB}`?",
            predicates={ANY: _earlier_not_written}, shows=_not_written),
    symptom("not-written", _not_written, "This part is not written yet.",
            "What does the equation just above the cell say?"),
    symptom("input-left-in", raised(ASKS_FOR_INPUT), "`input()` waits for somebody to type, and here nobody does.",
            "Which value, or which argument of the function, should stand in its place?"),
    symptom("debugger-left-in", raised(IN_A_DEBUGGER), "A debugger is still called, and here nobody answers it.",
            "Which line calls `breakpoint()` or `set_trace()`, and can it go?"),
    symptom("module-missing", raised("ImportError", "ModuleNotFoundError"),
            "A module is imported that is not there, or a name that the module does not have.",
            "Is its name right, and can a module that the notebook imports do the same?"),
    symptom("used-before-assigned", raised("UnboundLocalError"),
            "A variable is used before this function has given it a value.",
            "Which line gives it its first value, and does that line always run before?"),
    symptom("name-missing", raised("NameError", "MissingNameError"),
            "A name is used that is not there, or the one asked for is missing.",
            "Is it spelled as the text spells it, and does a cell above define it?"),
    relation("nothing-returned", _nothing_returned, "The function computes, but hands nothing back.",
             "Which line should begin with `return`?"),
    symptom("nothing-assigned", raised(NOTHING_ASSIGNED), "The name stands for None, in place of a value.",
            "Does a line still put None there, or a function that has no `return`?"),
    symptom("wrong-number-of-values", raised("WrongCount"), "Another number of values comes back than was asked for.",
            "What does the last line of the docstring say the function returns?"),
    relation("return-inside-the-loop", _return_in_a_loop, "The `return` stands inside the loop, so the loop runs once.",
             "How far to the left must `return` stand so that it comes after the last round?"),
    symptom("not-numbers", _holds_no_numbers, "What comes back is not made of real numbers.",
            "What does `print(type(…))` say about each part of it?"),
    relation("two-errors-that-cancel", _errors_cancel,
             "This value is wrong, and the next one is right again: two mistakes undo each other.",
             "Which two signs or factors would you have to change together?"),
)  # fmt: skip
"""Entries for every task, which go before its own: no value, no number, or a fault that the value does not show."""

_ARRAYS_MEET = (
    "could not be broadcast|could not broadcast|cannot be broadcast|non-broadcastable|mismatch in its core dimension|"
    "not aligned|must match exactly|must have same first dimension"
)
_AXES = "too many indices for array|out of bounds for array of dimension"
_ARGUMENTS = (
    r"positional arguments? but|missing \d+ required|unexpected keyword|takes no .*arguments|multiple values for"
)

EXCEPTIONS = (
    symptom("index-out-of-range", raised("IndexError", words="out of range|is out of bounds for axis|from empty"),
            "An index asks for an entry that is not there.",
            "A list has three entries. Which is its last index, and which one does your line ask for?"),
    symptom("axis-not-there", raised("IndexError", "ValueError", words=_AXES),
            "An axis is asked for that the array does not have.",
            "How many axes does its `.shape` show just before that line?"),
    symptom("operands-do-not-fit", raised("ValueError", words=_ARRAYS_MEET),
            "Two arrays meet whose shapes don't fit together.",
            "Write the shape above each factor: which one has to be transposed, or to change sides?"),
    symptom("rows-of-different-lengths", raised("ValueError", words="inhomogeneous shape"),
            "An array is made of rows that have different lengths.",
            "Which of them is longer than the others, and should they stay a list?"),
    symptom("reshape-does-not-fit", raised("ValueError", words="cannot reshape array"),
            "The new shape has room for another number of entries.",
            "How many entries does the array have, and how many would the new shape hold?"),
    symptom("none-used", raised("TypeError", "AttributeError", words="NoneType"), "A line computes with None.",
            "What in that line is None: a variable that was never set, or a function without a `return`?"),
    symptom("wrong-arguments", raised("TypeError", words=_ARGUMENTS),
            "A function is called with other arguments than it takes.",
            "Which arguments does its `def` line name, and which ones does the text ask for?"),
    symptom("whole-numbers-only", raised("UFuncTypeError", "_UFuncOutputCastingError", words="Cannot cast ufunc"),
            "An array of whole numbers can't take up fractions.",
            "What is the `.dtype` of that array, and which line makes it?"),
    symptom("endless-recursion", raised("RecursionError"), "The function calls itself again and again.",
            "Which function should that line call, or where should it stop?"),
)  # fmt: skip
"""Entries for exceptions, which go after a task's own: a formula of the task tells more than an exception does."""

SYMPTOMS = frozenset({"not-finite", *(mistake.name for mistake in EXCEPTIONS)})
"""Names of symptoms that many mistakes share; the name of the mistake itself tells the student more."""
