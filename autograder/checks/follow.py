"""What is right by a student's own earlier answers, so that one slip costs once."""

from __future__ import annotations

import contextlib
import inspect
from collections.abc import Callable, Iterable, Mapping
from itertools import combinations
from typing import Any

import numpy as np

from autograder import student
from autograder.checks.ask import TooSlow, or_error
from autograder.checks.cases import Case
from autograder.diagnosis import NoValue, OneOf, desk
from autograder.diagnosis.compare import is_layered, layers_of

Values = Mapping[str, Any]
Answer = Callable[..., Values]
"""Values by name, of a case; and of functions by name, where it builds on some."""
Kinder = Callable[[Case, Values, Values], Mapping[str, Values]]
"""What would be right too, by the earlier answer it follows from; asked with the case, what came, and what is right."""
Again = Callable[[Case, Values | NoValue, Values], Values | NoValue]
"""What to take for a wrong answer; asked with the case, what came, and what is right."""
Step = Callable[..., Any]
"""One step of a chain of values; its parameters are the names of what it is made of."""


def by_answers(answers: Mapping[str, Answer]) -> Kinder:
    """Follow what the student answered elsewhere, where that is an answer at all.

    Zeros, NaN, another shape or an exception is none: following it through would give points for nothing.
    """
    slow: set[str] = set()

    def follow(case: Case, _: Values, right: Values) -> Mapping[str, Values]:
        own = {earlier: or_error(answer, case) for earlier, answer in answers.items() if earlier not in slow}
        slow.update(earlier for earlier, said in own.items() if isinstance(said, NoValue) and said.kind == "TooSlow")
        return {
            earlier: values
            for earlier, values in own.items()
            if not isinstance(values, NoValue) and all(_substantial(values[name], right[name]) for name in right)
        }

    return follow


REPLACED = ", replaced by stand-ins"


class Earlier:
    """The functions that a task builds on: the student's own take the true ones' place, so that their slips cost once.

    Where the student's own lead nowhere (one isn't written, or gives zeros), stand-ins take their place in the
    student's notebook and in the truth: numbers of the right shapes that depend on all there is, and no solution.
    """

    def __init__(
        self,
        truth: Callable[..., Values],
        true: Mapping[str, Callable[..., Any]],
        stand_ins: str = "",
        given: str = "",
    ) -> None:
        """Take the truth, of a case and these functions by name; the true ones; code that defines stand-ins for them.

        given: names of the notebook's variables that each case sets while one of the student's own runs.
        The truth raises ValueError where the functions lead nowhere. Raises ValueError where a stand-in is missing.
        """
        stood_in: dict[str, Any] = {}
        exec(stand_ins, stood_in)
        if stand_ins and (missing := sorted(set(true) - set(stood_in))):
            raise ValueError(f"there is no stand-in for {' and '.join(missing)}")
        self._truth, self._true, self._stand_ins, self._given = truth, true, stand_ins, given
        self._stood_in = {name: stood_in.get(name) for name in true}
        self._replaced: list[Case] = []
        self._too_slow = False

    def right(self, case: Case) -> Values:
        """What is right by the true functions."""
        return self._truth(case, **self._true)

    def again(self, replaced: Callable[[Case, str], Values]) -> Again:
        """A wrong answer once more, with stand-ins, where the functions before it lead nowhere; else as it came."""

        def answered(case: Case, came: Values | NoValue, right: Values) -> Values | NoValue:
            if not self._stand_ins or self._leads(case, right):
                return came
            self._replaced.append(case)
            return replaced(case, self._stand_ins)

        return answered

    def follow(self, case: Case, _: Values, right: Values) -> Mapping[str, Values]:
        """What would be right too: with some or all of the functions in place of the true ones."""
        replaced = any(case is one for one in self._replaced)
        kinder = {}
        for count in range(1, len(self._true) + 1):
            for names in combinations(self._true, count):
                by = " and ".join(names) + (REPLACED if replaced else "")
                values = self._by(case, self.functions(by, case), own=not replaced)
                if not isinstance(values, NoValue) and all(_substantial(values[name], right[name]) for name in right):
                    kinder[by] = values
        return kinder

    def functions(self, by: str, case: Case) -> Values:
        """The functions behind one of the names that `follow` gives, for a case; the true ones behind none."""
        names = by.removesuffix(REPLACED).split(" and ") if by else []
        mixed = self._stood_in if by.endswith(REPLACED) else self._own(case, names)
        return {**self._true, **{name: mixed[name] for name in names}}

    def _own(self, case: Case, names: Iterable[str]) -> Values:
        given = case.pick(self._given)
        return {name: _giving_arrays(student.function(name, given=given)) for name in names}

    def _by(self, case: Case, functions: Values, own: bool) -> Values | NoValue:
        """What follows from these functions. own: whether the student's are among them; if too slow, only once."""
        if self._too_slow and own:
            return NoValue("it was too slow before", "TooSlow")
        values = or_error(self._truth, case, **functions)
        self._too_slow = self._too_slow or (isinstance(values, NoValue) and values.kind == "TooSlow")
        return values

    def _leads(self, case: Case, right: Values) -> bool:
        """Whether the student's own functions lead anywhere."""
        own = self._by(case, self._own(case, self._true), own=True)
        return not isinstance(own, NoValue) and all(_substantial(own[name], right[name]) for name in right)


def _giving_arrays(function: Callable[..., Any]) -> Callable[..., Any]:
    """A student's function that may give lists where the truth computes with arrays."""

    def arrays(value: Any) -> Any:
        if isinstance(value, tuple):
            return tuple(map(arrays, value))
        numbers = desk.as_numbers(value) if isinstance(value, list) else value
        return value if isinstance(numbers, str) else numbers

    return lambda *args, **kwargs: arrays(function(*args, **kwargs))


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
            if changed and all(_substantial(got[one], right[one]) for one in earlier):
                made = taken(step, {**given, **_in_shape(got, right, earlier)})
                if _substantial(made, right[name]):
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
    own = {name: _giving_arrays(_waited_for_once(name, slow)) for name in true}
    by = {"": by_steps(_with(steps, true), takes)}
    for count in range(1, len(true) + 1):
        for names in combinations(true, count):
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
    function = student.function(name)

    def call(*args: Any) -> Any:
        if name in slow:
            raise RuntimeError("it was too slow before")
        try:
            return function(*args)
        except TooSlow:
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
        if all(_number(got[one], right[one]) for one in earlier):
            made[name] = taken(step, {**given, **_in_shape(got, right, earlier)})
        elif all(_is_array(got[one]) for one in earlier):
            # Of another shape than they should have: what is rightly made of them may be anything, or nothing.
            with contextlib.suppress(Exception):
                made[name] = taken(step, {**given, **{one: got[one] for one in earlier}})
    return {name: value for name, value in made.items() if not isinstance(value, NoValue)}


def taken(step: Step, values: Values) -> Any:
    """What a step makes of the values it names."""
    with np.errstate(all="ignore"):  # a student's value may be of any size
        return step(**{name: np.asarray(values[name])[()] for name in needs(step)})


def needs(step: Step) -> tuple[str, ...]:
    """The names of what a step is made of."""
    return tuple(inspect.signature(step).parameters)


def _in_shape(got: Values, right: Values, names: list[str]) -> Values:
    return {name: np.asarray(got[name], dtype=float).reshape(np.shape(right[name])) for name in names}


def _is_array(own: Any) -> bool:
    """Whether it is made of real numbers, whatever its shape."""
    if isinstance(own, NoValue):
        return False
    try:
        return np.asarray(own).dtype.kind in "iuf"
    except ValueError:  # rows of different lengths
        return False


def _number(own: Any, right: Any) -> bool:
    """Whether it is made of real numbers, and of as many as it should be."""
    if isinstance(own, NoValue):
        return False
    if is_layered(right):
        layers = layers_of(own)
        return layers is not None and len(layers) == len(right) and all(map(_number, layers, right))
    try:
        array = np.asarray(own)
    except ValueError:  # rows of different lengths
        return False
    return array.dtype.kind in "iuf" and (array.shape == np.shape(right) or array.size == np.size(right) == 1)


def _substantial(own: Any, right: Any) -> bool:
    """Whether it is an answer that something can be built on: numbers that are finite, and not all zero."""
    if isinstance(own, OneOf):
        return _substantial(own.options[0], right)
    if isinstance(right, OneOf):
        return any(_substantial(own, option) for option in right.options)
    layers = [own] if not is_layered(right) else layers_of(own) or []
    return _number(own, right) and all(np.isfinite(layer).all() and np.any(layer) for layer in layers)
