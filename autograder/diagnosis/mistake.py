"""The `Mistake` entry of a table: how to recognise a known mistake, and its message to the student."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from autograder.diagnosis.compare import Within
from autograder.diagnosis.formulas import Formula, Formulas, parameters
from autograder.diagnosis.trial import (
    NoValue,
    OneOf,
    Trial,
    Trials,
    in_shape_of_first,
    is_close,
    with_tolerance_of,
    without_tolerance,
)

Predicate = Callable[[Trials], bool]
"""True if the mistake shows in the trials of a value, where no formula gives that value."""

Shows = Callable[[Trial, str], bool]
"""True if the submission's value of that name shows the mistake in one trial."""

ANY = "*"
"""Stands for every value in place of a name."""


@dataclass(frozen=True)
class Mistake:
    """An entry in a table of known mistakes."""

    name: str
    """The name that `mistake=` gives it in an answers file."""
    explanation: str
    """A sentence on the mistake."""
    hint: str
    """A question that leads on, in place of the answer."""
    formulas: Formulas = field(default_factory=dict)
    """By the name of each value that it spoils: a formula, or one for each way to make the mistake."""
    predicates: Mapping[str, Predicate] = field(default_factory=dict)
    """By the name of each value in which it shows."""
    together: bool = False
    """True if it spoils all of those values at once, in one way, and leaves every other value correct."""
    section: str = ""
    """The section that explains it, if it is another than the task's."""
    shows: Shows | None = None
    """True if the submission's value in one trial shows it: the message must be about such a value."""

    def accounts_for(self, trials: Mapping[str, Trials], wrong: Sequence[str]) -> Sequence[str]:
        """Return those of the wrong values that the mistake explains in every trial, failed and passed.

        trials: of each value of the task, by its name.
        """
        if self.together:
            return wrong if self._explains_all(trials) else ()
        return [value for value in wrong if self._explains(trials[value])]

    def _explains(self, trials: Trials) -> bool:
        for value in (trials.value, ANY):
            if value in self.predicates and self.predicates[value](trials):
                return True
            # Where there never was a value, a formula that raises too proves nothing.
            if not (ways := self._ways(value)) or trials.never_computed:
                continue
            every = [*trials.failed, *trials.passed]
            if any(all(_fits(way, trial, trials.value) for trial in every) for way in ways):
                return True
        return False

    def _explains_all(self, trials: Mapping[str, Trials]) -> bool:
        if not set(self.formulas) <= set(trials):
            return False
        others = [one for value, one in trials.items() if value not in self.formulas]
        every = next(iter(trials.values())).all
        ways = zip(*(self._ways(value) for value in self.formulas), strict=True)
        return all(not one.failed for one in others) and any(
            all(_fits(way, trial, value) for value, way in zip(self.formulas, one, strict=True) for trial in every)
            for one in ways
        )

    def _ways(self, value: str) -> Sequence[Formula]:
        formulas = self.formulas.get(value, ())
        return [formulas] if callable(formulas) else formulas


def relation(name: str, predicate: Predicate, explanation: str, hint: str) -> Mistake:
    """Return a mistake that shows in the same way in every value."""
    return Mistake(name, explanation, hint, predicates={ANY: predicate})


def symptom(name: str, shows: Shows, explanation: str, hint: str, values: Sequence[str] = (ANY,)) -> Mistake:
    """Return a mistake that shows in one failed trial at least, by that trial's value alone.

    values: names of the values in which it can show.
    """

    def shown(trials: Trials) -> bool:
        return any(shows(trial, trials.value) for trial in trials.failed)

    return Mistake(name, explanation, hint, predicates=dict.fromkeys(values, shown), shows=shows)


def _fits(formula: Formula, trial: Trial, value: str) -> bool:
    """True if a formula gives the submission's value in a trial, or fails as the submission did."""
    # A parameter may be updated under its own name: then the formula takes the input.
    known = {**trial.actual, **trial.inputs, "expected": trial.first_expected(value)}
    if _gives(formula, trial, value, known):
        return True
    # A student who rounds may have gone on with numbers that were not rounded.
    unrounded = {name: without_tolerance(one) for name, one in trial.expected.items() if isinstance(one, Within)}
    return bool(unrounded) and _gives(formula, trial, value, {**known, **unrounded})


def _gives(formula: Formula, trial: Trial, value: str, known: Mapping[str, Any]) -> bool:
    actual, expected = trial.actual[value], trial.expected_for(value)
    names = parameters(formula)
    if not all(name in known and not isinstance(known[name], NoValue) for name in names):
        return False
    try:
        with np.errstate(all="ignore"):
            computed = formula(**{name: known[name] for name in names})
            predicted = in_shape_of_first(with_tolerance_of(computed, expected), expected)
    except Exception as error:
        # Arrays whose shapes don't fit: the submission's did not either, or it is another formula. A formula may call
        # functions of the submission, which raise any exception.
        if not isinstance(error, ValueError) or not isinstance(actual, NoValue) or actual.kind != "ValueError":
            return False
        # NumPy words a sum of arrays that don't fit otherwise than a product.
        return ("broadcast" in str(error)) == ("broadcast" in actual.verdict)
    if isinstance(actual, NoValue):
        return False
    # A mistake can be written with an axis more or less, as np.sum with and without keepdims. But where nothing else is
    # wrong, the axis is the mistake.
    squeezed = _squeezed(actual)
    return is_close(actual, predicted) or (
        is_close(squeezed, _squeezed(predicted)) and not is_close(squeezed, _squeezed(expected))
    )


def _squeezed(value: Any) -> Any:
    """Return an array without its axes of length 1; anything else as it is."""
    if isinstance(value, OneOf):
        return OneOf(tuple(map(_squeezed, value.options)))
    if isinstance(value, Within):
        return Within(_squeezed(value.value), np.squeeze(value.atol))
    return np.squeeze(value) if isinstance(value, np.ndarray) else value
