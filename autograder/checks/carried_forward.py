"""Error carried forward: values that are correct by a submission's own earlier answers, so that a mistake costs once.

A hidden test declares by `CarriedForward` which earlier answers its task builds on. For each case this module then
computes `Alternative`s: the values that are correct if some of those answers are taken as the submission has them. An
answer that is unusable (missing, not finite, of another size, or all zero) is not carried forward: that would give
points for nothing. In place of unusable functions, stubs may be tried.
"""

from __future__ import annotations

import contextlib
import copy
import inspect
import pickle
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import chain, combinations
from typing import Any

import numpy as np

from autograder import student
from autograder.checks.attempt import TIMED_OUT, attempt
from autograder.checks.cases import Case
from autograder.diagnosis import NoValue, OneOf, Within, desk
from autograder.diagnosis.compare import as_layers, is_layered
from autograder.diagnosis.trial import is_correct

Values = Mapping[str, Any]
"""Values by name."""

ChainStep = Callable[..., Any]
"""Computes one value of others; its parameters are their names."""


@dataclass(frozen=True)
class CarriedForward:
    """The earlier answers that a task builds on."""

    functions: Mapping[str, Callable[..., Any]] = field(default_factory=dict)
    """Earlier functions of the submission that this task may call, by name, with those of the reference.

    The expected values then are a function of these, which it takes by name besides its inputs.
    """
    stubs: str = ""
    """Code that defines those functions anew, for submissions whose own are unusable.

    A stub returns numbers of the right shapes that depend on all its arguments, and is no solution. Without
    `functions`: code that defines other names of the notebook anew, with which a wrong value is tried once more.
    """
    answers: Mapping[str, Callable[..., Any]] = field(default_factory=dict)
    """Functions of the task's inputs that compute its values from an earlier answer, by the name of that answer."""
    chain: Mapping[str, ChainStep] = field(default_factory=dict)
    """Steps between values of this task, by the name of the value that each computes: `{"h1": lambda f0: np.sin(f0)}`.

    The parameters of a step name inputs, earlier values and `functions`.
    """
    optional_steps: Mapping[str, ChainStep] = field(default_factory=dict)
    """Steps that a correct answer need not take: what one gives is correct, and no value is blamed on another."""


@dataclass(frozen=True)
class Alternative:
    """Values that are correct too, computed from some of the submission's own earlier answers."""

    answers: tuple[str, ...]
    """Names of those answers."""
    values: Values
    stubbed: bool = False
    """True if stubs took the place of the answers."""

    def __str__(self) -> str:
        return " and ".join(self.answers) + (", replaced by stand-ins" if self.stubbed else "")


Alternatives = Callable[[Case, Values, Values], Sequence[Alternative]]
"""Computes the alternatives for a case; takes the case, the submission's values and the expected ones."""

Retry = Callable[[Case, Values | NoValue, Values], Values | NoValue]
"""Returns the submission's values to grade in place of wrong ones; takes the same."""


# What is usable -------------------------------------------------------------------------------------------------------


def is_usable(actual: Any, expected: Any) -> bool:
    """True if a value is finite, of the right size and not all zero, so that later answers may build on it."""
    if isinstance(actual, OneOf):
        return is_usable(actual.options[0], expected)
    if isinstance(expected, Within):
        # What could pass for zero is unusable too.
        return has_right_size(actual, expected.value) and bool(
            np.isfinite(actual).all() and (np.abs(actual) > expected.atol).any()
        )
    if isinstance(expected, OneOf):
        return any(is_usable(actual, option) for option in expected.options)
    layers = [actual] if not is_layered(expected) else as_layers(actual) or []
    return has_right_size(actual, expected) and all(np.isfinite(layer).all() and np.any(layer) for layer in layers)


def has_right_size(actual: Any, expected: Any) -> bool:
    """True if a value consists of real numbers, of as many as expected."""
    if isinstance(actual, NoValue):
        return False
    if is_layered(expected):
        layers = as_layers(actual)
        return layers is not None and len(layers) == len(expected) and all(map(has_right_size, layers, expected))
    return is_real(actual) and (np.shape(actual) == np.shape(expected) or np.size(actual) == np.size(expected) == 1)


def is_real(actual: Any) -> bool:
    """True if a value consists of real numbers, whatever its shape."""
    if isinstance(actual, NoValue):
        return False
    try:
        return np.asarray(actual).dtype.kind in "iuf"
    except ValueError:  # rows of different lengths
        return False


def subsets(names: Iterable[str]) -> Iterator[tuple[str, ...]]:
    """Yield each choice of one or more of these names, the smaller ones first: a mistake may be in any of them."""
    names = tuple(names)
    return chain.from_iterable(combinations(names, count) for count in range(1, len(names) + 1))


# By answers -----------------------------------------------------------------------------------------------------------


def from_answers(answers: Mapping[str, Callable[[Case], Values]]) -> Alternatives:
    """Carry earlier answers forward by functions of a case, by the name of the answer."""
    timed_out: set[str] = set()

    def alternatives(case: Case, _: Values, expected: Values) -> list[Alternative]:
        computed = {name: attempt(answer, case) for name, answer in answers.items() if name not in timed_out}
        timed_out.update(name for name, one in computed.items() if isinstance(one, NoValue) and one.kind == TIMED_OUT)
        return [Alternative((name,), values) for name, values in computed.items() if _all_usable(values, expected)
                and not isinstance(values, NoValue)]  # fmt: skip

    return alternatives


def _all_usable(values: Values | NoValue, expected: Values) -> bool:
    return not isinstance(values, NoValue) and all(is_usable(values[name], expected[name]) for name in expected)


# By functions ---------------------------------------------------------------------------------------------------------


class EarlierFunction:
    """A function of the submission that a later task calls: in isolation, and once for the same arguments.

    An isolated call can't depend on those before it, and takes milliseconds; formulas of known mistakes repeat calls
    with the same arguments. After one timeout it is not called again.
    """

    def __init__(self, name: str) -> None:
        self._name, self._timed_out = name, False
        self._results: dict[bytes, Any] = {}
        """Results and exceptions of earlier calls, by all that a call depends on."""

    def with_overrides(self, overrides: Values) -> Callable[..., Any]:
        """Return a function that calls it with variables of the notebook set, and returns lists of numbers as arrays.

        It raises what the submission's function raises, and CallTimeoutError.
        """
        function = student.current().function(self._name, overrides=overrides, isolated=True)

        def call(*args: Any, **kwargs: Any) -> Any:
            key = pickle.dumps((overrides, args, kwargs))
            if key not in self._results:
                self._results[key] = self._called(function, *args, **kwargs)
            result = self._results[key]
            if isinstance(result, Exception):
                raise result.with_traceback(None)
            return copy.deepcopy(result)

        return call

    def _called(self, function: Callable[..., Any], *args: Any, **kwargs: Any) -> Any:
        if self._timed_out:
            raise student.CallTimeoutError
        try:
            return _as_arrays(function(*args, **kwargs))
        except student.CallTimeoutError:
            self._timed_out = True
            raise
        except Exception as error:
            return error


def _as_arrays(returned: Any) -> Any:
    """Return lists of numbers as arrays, with which the reference can compute."""
    if isinstance(returned, tuple):
        return tuple(map(_as_arrays, returned))
    array = desk.as_numbers(returned) if isinstance(returned, list) else returned
    return returned if isinstance(array, str) else array


class EarlierFunctions:
    """The functions that a task builds on: the submission's own take the place of the reference's.

    Where the submission's own are unusable, stubs take their place in the notebook and in the reference.
    """

    def __init__(self, expected: Callable[..., Values], carried: CarriedForward, overrides: str = "") -> None:
        """Take the expected values, a function of a case and of the functions by name.

        overrides: names of notebook variables that each case sets while a function of the submission runs. Raises
        ValueError where a function has no stub.
        """
        self._expected, self._reference = expected, carried.functions
        self._stubs_code, self._overrides = carried.stubs, overrides
        defined: dict[str, Any] = {}
        exec(carried.stubs, defined)
        if carried.stubs and (missing := sorted(set(self._reference) - set(defined))):
            raise ValueError(f"there is no stand-in for {' and '.join(missing)}")
        self._stubs = {name: defined.get(name) for name in self._reference}
        self._submission = {name: EarlierFunction(name) for name in self._reference}
        self._stubbed_cases: list[Case] = []

    def expected(self, case: Case) -> Values:
        """Return the expected values by the reference's functions."""
        return self._expected(case, **self._reference)

    def retry(self, with_stubs: Callable[[Case, str], Values]) -> Retry:
        """Return a retry that tries wrong values once more where the earlier functions are unusable.

        with_stubs: returns the submission's values for a case, with some code in place of the earlier functions.
        """

        def retry(case: Case, actual: Values | NoValue, expected: Values) -> Values | NoValue:
            functions = self.functions(tuple(self._reference), case)
            if not self._stubs_code or _all_usable(attempt(self._expected, case, **functions), expected):
                return actual
            self._stubbed_cases.append(case)
            return with_stubs(case, self._stubs_code)

        return retry

    def alternatives(self, case: Case, _: Values, expected: Values) -> list[Alternative]:
        """Return the values by each choice of the submission's functions in place of the reference's."""
        found = []
        for names in subsets(self._reference):
            values = attempt(self._expected, case, **self.functions(names, case))
            if not isinstance(values, NoValue) and _all_usable(values, expected):
                found.append(Alternative(names, values, self._is_stubbed(case)))
        return found

    def functions(self, names: Sequence[str], case: Case) -> Values:
        """Return the functions for a case by name: these of the submission, or their stubs, the others the reference's.

        They raise what the submission's functions raise.
        """
        if self._is_stubbed(case):
            return {**self._reference, **{name: self._stubs[name] for name in names}}
        overrides = case.pick(self._overrides)
        return {**self._reference, **{name: self._submission[name].with_overrides(overrides) for name in names}}

    def _is_stubbed(self, case: Case) -> bool:
        return any(case is one for one in self._stubbed_cases)


def retry_with_stubs(with_stubs: Callable[[Case], Values | NoValue], names: Iterable[str]) -> Retry:
    """Return a retry that tries wrong values once more with stubs, and takes of each value the better of the two.

    That is the correct one, else the one that is a value at all, else the second.
    """

    def better(first: Any, second: Any, expected: Any) -> Any:
        if is_correct(first, expected) or (isinstance(second, NoValue) and not isinstance(first, NoValue)):
            return first
        return second

    def retry(case: Case, actual: Values | NoValue, expected: Values) -> Values:
        first, second = (one if not isinstance(one, NoValue) else dict.fromkeys(names, one)
                         for one in (actual, attempt(with_stubs, case)))  # fmt: skip
        return {name: better(first[name], second[name], one) for name, one in expected.items() if name in first}

    return retry


# By a chain of steps --------------------------------------------------------------------------------------------------


def parameters_of(step: ChainStep) -> tuple[str, ...]:
    """Return the names of the values that a step takes."""
    return tuple(inspect.signature(step).parameters)


def take_step(step: ChainStep, values: Values) -> Any:
    """Return what a step computes of the values that it names."""
    with np.errstate(all="ignore"):  # a submission's value may be of any magnitude
        return step(**{name: _as_array(values[name]) for name in parameters_of(step)})


def _as_array(value: Any) -> Any:
    """Return a value as an array, or as a number; rows of different lengths, as layers have, as they are."""
    try:
        return np.asarray(value)[()]
    except ValueError:
        return value


def from_chain(
    steps: Mapping[str, ChainStep], inputs: str, functions: Mapping[str, Callable[..., Any]]
) -> tuple[Mapping[str, ChainStep], Alternatives]:
    """Carry values of a task forward by single steps; also by the submission's own functions that the steps take.

    inputs: names of the task's inputs. functions: the reference's, by name. Returns the steps with the reference's
    functions in them, and the alternatives.
    """
    submission = {name: EarlierFunction(name).with_overrides({}) for name in functions}
    with_functions: dict[tuple[str, ...], Any] = {(): _from_steps(_bound(steps, functions), inputs)}
    for names in subsets(functions):
        mixed = {name: submission[name] if name in names else functions[name] for name in functions}
        using = {name: step for name, step in steps.items() if set(names) <= set(parameters_of(step))}
        with_functions[names] = _from_steps(_bound(using, mixed), inputs)

    def alternatives(case: Case, actual: Values, expected: Values) -> list[Alternative]:
        return [
            Alternative((*earlier, *names), values)
            for names, one in with_functions.items()
            for earlier, values in one(case, actual, expected).items()
        ]

    return _bound(steps, functions), alternatives


def _from_steps(
    steps: Mapping[str, ChainStep], inputs: str
) -> Callable[[Case, Values, Values], Mapping[tuple[str, ...], Values]]:
    """Return a function that computes, one step each, values of the submission's own earlier ones, by their names.

    A value that is the same in two cases is typed in, not computed from earlier ones, and gets no step.
    """
    last: dict[str, Any] = {}

    def follow(case: Case, actual: Values, expected: Values) -> Mapping[tuple[str, ...], Values]:
        known, found = case.pick(inputs), dict[tuple[str, ...], dict[str, Any]]()
        for name, step in steps.items():
            earlier = tuple(one for one in parameters_of(step) if one not in known)
            changed = name not in last or not np.array_equal(actual[name], last[name])
            last[name] = actual[name]
            if changed and all(is_usable(actual[one], expected[one]) for one in earlier):
                value = take_step(step, {**known, **_in_shape(actual, expected, earlier)})
                if is_usable(value, expected[name]):
                    found.setdefault(earlier, {})[name] = value
        return found

    return follow


def values_by_steps(steps: Mapping[str, ChainStep], inputs: Values, actual: Values, expected: Values) -> Values:
    """Return what each step computes of the submission's own earlier values, usable or not, where it computes any."""
    computed: dict[str, Any] = {}
    for name, step in steps.items():
        earlier = tuple(one for one in parameters_of(step) if one not in inputs)
        if all(has_right_size(actual[one], expected[one]) for one in earlier):
            computed[name] = take_step(step, {**inputs, **_in_shape(actual, expected, earlier)})
        elif all(is_real(actual[one]) for one in earlier):
            # In another shape than expected they may give anything, or nothing.
            with contextlib.suppress(Exception):
                computed[name] = take_step(step, {**inputs, **{one: actual[one] for one in earlier}})
    return {name: value for name, value in computed.items() if not isinstance(value, NoValue)}


def _in_shape(actual: Values, expected: Values, names: Iterable[str]) -> Values:
    return {name: np.asarray(actual[name], dtype=float).reshape(np.shape(expected[name])) for name in names}


def _bound(steps: Mapping[str, ChainStep], functions: Mapping[str, Callable[..., Any]]) -> Mapping[str, ChainStep]:
    """Return the steps with the functions that they name in them; where one raises, the step gives a NoValue."""
    return {name: _bind(step, functions) for name, step in steps.items()}


def _bind(step: ChainStep, functions: Mapping[str, Callable[..., Any]]) -> ChainStep:
    inside = {name: functions[name] for name in parameters_of(step) if name in functions}

    def bound(**values: Any) -> Any:
        return attempt(step, **values, **inside)

    signature = inspect.signature(step)
    others = [parameter for name, parameter in signature.parameters.items() if name not in inside]
    bound.__signature__ = signature.replace(parameters=others)  # type: ignore[attr-defined]
    return bound if inside else step
