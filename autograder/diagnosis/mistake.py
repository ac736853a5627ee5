"""One known mistake: how it is recognised, and what is said about it."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from typing import Any

import numpy as np

from autograder.diagnosis.compare import Within
from autograder.diagnosis.trial import Evidence, NoValue, OneOf, Trial, as_exact_as, bare, in_first_shape, same

Formula = Callable[..., Any]
"""What somebody who makes the mistake gets. Its parameters name what it needs: inputs of the case, sizes, values that
came before, or `right`, the truth about this value."""

Shows = Callable[[Evidence], bool]
"""Whether it can be seen in what came, where no formula says what came."""

ANY = "*"
"""In place of a value's name: whatever the value."""


@dataclass(frozen=True)
class Mistake:
    """An entry of the table."""

    name: str
    """As `mistake=` in the answers files has it."""
    says: str
    """What went wrong, as a sentence."""
    asks: str
    """A question that leads on, in place of the answer."""
    wrong: Mapping[str, Formula | Sequence[Formula]] = field(default_factory=dict)
    """What comes out for each value that it spoils: a formula, or one for each way to make the mistake."""
    shows: Mapping[str, Shows] = field(default_factory=dict)
    """How it is seen in a value, where it isn't a formula."""
    together: bool = False
    """Whether it is made in all of those values at once, in one way, with every other value right."""
    look: str = ""
    """Where in the notebook it is explained, where that is another place than the task's."""

    def accounts_for(self, evidence: Mapping[str, Evidence], wrong: Sequence[str]) -> Sequence[str]:
        """Those of the wrong values that it accounts for, in every case: where one is wrong, and where it is right."""
        if self.together:
            return wrong if self._explains_all(evidence) else ()
        return [value for value in wrong if self._explains(evidence[value])]

    def _explains(self, evidence: Evidence) -> bool:
        for value in (evidence.value, ANY):
            if value in self.shows and self.shows[value](evidence):
                return True
            # Where nothing ever came, a formula that raises too says nothing.
            if not (ways := self._ways(value)) or evidence.nothing_came:
                continue
            trials = [*evidence.wrong, *evidence.others]
            if any(all(_fits(way, trial, evidence.value) for trial in trials) for way in ways):
                return True
        return False

    def _explains_all(self, evidence: Mapping[str, Evidence]) -> bool:
        if not set(self.wrong) <= set(evidence):
            return False
        others = [one for value, one in evidence.items() if value not in self.wrong]
        ways = zip(*(self._ways(value) for value in self.wrong), strict=True)
        return all(not one.wrong for one in others) and any(
            all(_fits(way, trial, value) for value, way in zip(self.wrong, one, strict=True) for trial in trials)
            for one in ways
            for trials in [next(iter(evidence.values())).trials]
        )

    def _ways(self, value: str) -> Sequence[Formula]:
        formulas = self.wrong.get(value, ())
        return [formulas] if callable(formulas) else formulas


def shown(name: str, shows: Shows, says: str, asks: str) -> Mistake:
    """A mistake that is seen in the same way whatever the value."""
    return Mistake(name, says, asks, shows={ANY: shows})


def _fits(formula: Formula, trial: Trial, value: str) -> bool:
    # A parameter may be updated under its own name: what went in counts.
    known = {**trial.yours, **trial.given, "right": trial.true(value)}
    if _gives(formula, trial, value, known):
        return True
    # Who rounds may have gone on with numbers that were not rounded.
    unrounded = {name: bare(right) for name, right in trial.right.items() if isinstance(right, Within)}
    return bool(unrounded) and _gives(formula, trial, value, {**known, **unrounded})


def _gives(formula: Formula, trial: Trial, value: str, known: Mapping[str, Any]) -> bool:
    yours, right = trial.yours[value], trial.right_of(value)
    needs = parameters(formula)
    if not all(name in known and not isinstance(known[name], NoValue) for name in needs):
        return False
    try:
        with np.errstate(all="ignore"):
            predicted = in_first_shape(as_exact_as(formula(**{name: known[name] for name in needs}), right), right)
    except Exception as error:
        # Arrays that don't fit together: the student's did not either, or it is not this formula. A formula may call
        # a student's own functions, which raise what they like.
        if not isinstance(error, ValueError) or not isinstance(yours, NoValue) or yours.kind != "ValueError":
            return False
        # A sum of arrays fails in other words than a product.
        return ("broadcast" in str(error)) == ("broadcast" in yours.verdict)
    if isinstance(yours, NoValue):
        return False
    # A mistake can be written with an axis more or less: np.sum with and without keepdims. But where nothing else is
    # wrong, the axis is the mistake.
    bare = _squeezed(yours)
    return same(yours, predicted) or (same(bare, _squeezed(predicted)) and not same(bare, _squeezed(right)))


def _squeezed(value: Any) -> Any:
    """An array without its axes of length 1; anything else as it is."""
    if isinstance(value, OneOf):
        return OneOf(tuple(map(_squeezed, value.options)))
    if isinstance(value, Within):
        return Within(_squeezed(value.value), np.squeeze(value.slack))
    return np.squeeze(value) if isinstance(value, np.ndarray) else value


@cache
def parameters(formula: Formula) -> tuple[str, ...]:
    """The names that a formula asks for: its parameters without a default."""
    asked = inspect.signature(formula).parameters.values()
    return tuple(parameter.name for parameter in asked if parameter.default is parameter.empty)


def of(names: str, formula: Callable[..., Any]) -> Formula:
    """A formula of values by these names, handed over in this order."""
    keys = names.split()

    def named(**values: Any) -> Any:
        return formula(*(values[key] for key in keys))

    # The table asks a formula for its parameters.
    parameters = [inspect.Parameter(key, inspect.Parameter.KEYWORD_ONLY) for key in dict.fromkeys(keys)]
    named.__signature__ = inspect.Signature(parameters)  # type: ignore[attr-defined]
    return named
