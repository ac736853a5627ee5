"""Follows a student's own values through a chain of steps, each of which makes one value of earlier ones."""

from __future__ import annotations

import contextlib
import inspect
from collections.abc import Callable, Mapping
from typing import Any

import numpy as np

from autograder import student
from autograder.checks.attempt import or_error
from autograder.checks.cases import Case
from autograder.checks.usable import Kinder, Values, giving_arrays, is_array, is_number, some_of, substantial
from autograder.diagnosis import NoValue

Step = Callable[..., Any]
"""One step of a chain of values; its parameters are the names of what it is made of."""


def by_steps(steps: Mapping[str, Step], takes: str) -> Kinder:
    """Follow the student's own earlier values of the same run, one step each, under the same terms.

    A value that is the same in two cases is typed in, not made from earlier ones, and isn't followed either.
    """
    before: dict[str, Any] = {}

    def follow(case: Case, got: Values, right: Values) -> Mapping[str, Values]:
        given, kinder = case.pick(takes), dict[str, dict[str, Any]]()
        for name, step in steps.items():
            earlier = [needed for needed in needs(step) if needed not in given]
            changed = name not in before or not np.array_equal(got[name], before[name])
            before[name] = got[name]
            if changed and all(substantial(got[one], right[one]) for one in earlier):
                made = taken(step, {**given, **_in_shape(got, right, earlier)})
                if substantial(made, right[name]):
                    kinder.setdefault(" and ".join(earlier), {})[name] = made
        return kinder

    return follow


def by_own(
    steps: Mapping[str, Step], takes: str, true: Mapping[str, Callable[..., Any]]
) -> tuple[Mapping[str, Step], Kinder]:
    """Steps with the true functions in them; and how to follow a student's values by these, or by functions of theirs.

    The steps may name the functions among what they are made of.
    """
    slow: set[str] = set()
    own = {name: giving_arrays(_waited_for_once(name, slow)) for name in true}
    by = {"": by_steps(_with(steps, true), takes)}
    for names in some_of(true):
        functions = {name: own[name] if name in names else true[name] for name in true}
        built = {name: step for name, step in steps.items() if set(names) <= set(needs(step))}
        by[" and ".join(names)] = by_steps(_with(built, functions), takes)

    def follow(case: Case, got: Values, right: Values) -> Mapping[str, Values]:
        found: dict[str, Values] = {}
        for functions, one in by.items():
            for earlier, values in one(case, got, right).items():
                found[" and ".join(filter(None, (earlier, functions)))] = values
        return found

    return _with(steps, true), follow


def _waited_for_once(name: str, slow: set[str]) -> Callable[..., Any]:
    """A student's function that is not called again once it was too slow."""
    function = student.function(name, apart=True)

    def call(*args: Any) -> Any:
        if name in slow:
            raise RuntimeError("it was too slow before")
        try:
            return function(*args)
        except student.TooSlow:
            slow.add(name)
            raise

    return call


def _with(steps: Mapping[str, Step], functions: Mapping[str, Callable[..., Any]]) -> Mapping[str, Step]:
    return {name: _bound(step, functions) for name, step in steps.items()}


def _bound(step: Step, functions: Mapping[str, Callable[..., Any]]) -> Step:
    """A step with the functions that it names; where one of them raises, the step makes nothing."""
    inside = {name: functions[name] for name in needs(step) if name in functions}

    def made(**values: Any) -> Any:
        return or_error(step, **values, **inside)

    signature = inspect.signature(step)
    others = [parameter for name, parameter in signature.parameters.items() if name not in inside]
    made.__signature__ = signature.replace(parameters=others)  # type: ignore[attr-defined]
    return made if inside else step


def made_by(steps: Mapping[str, Step], given: Values, got: Values, right: Values) -> Values:
    """What each step makes of the student's own earlier values, whatever those are worth, where it makes anything."""
    made: dict[str, Any] = {}
    for name, step in steps.items():
        earlier = [needed for needed in needs(step) if needed not in given]
        if all(is_number(got[one], right[one]) for one in earlier):
            made[name] = taken(step, {**given, **_in_shape(got, right, earlier)})
        elif all(is_array(got[one]) for one in earlier):
            # Of another shape than they should have: what is rightly made of them may be anything, or nothing.
            with contextlib.suppress(Exception):
                made[name] = taken(step, {**given, **{one: got[one] for one in earlier}})
    return {name: value for name, value in made.items() if not isinstance(value, NoValue)}


def taken(step: Step, values: Values) -> Any:
    """What a step makes of the values it names."""
    with np.errstate(all="ignore"):  # a student's value may be of any size
        return step(**{name: _as_array(values[name]) for name in needs(step)})


def _as_array(value: Any) -> Any:
    """An array, or a number; what has rows of different lengths, as layers have, is left as it is."""
    try:
        return np.asarray(value)[()]
    except ValueError:
        return value


def needs(step: Step) -> tuple[str, ...]:
    """The names of what a step is made of."""
    return tuple(inspect.signature(step).parameters)


def _in_shape(got: Values, right: Values, names: list[str]) -> Values:
    return {name: np.asarray(got[name], dtype=float).reshape(np.shape(right[name])) for name in names}
