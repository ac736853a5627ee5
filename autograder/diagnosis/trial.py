"""Trials of a task: for each case its inputs, the submission's values and the expected ones."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import numpy as np

from autograder.diagnosis import desk
from autograder.diagnosis.compare import Within, as_layers, is_layered, relative_tolerance


@dataclass(frozen=True)
class NoValue:
    """Stands for a value that a submission does not have: it raised, ran too long or returned nothing of use."""

    verdict: str
    """A sentence without a subject to the student."""
    kind: str = ""
    """The class of the exception: "NameError"; or another short word for the reason; empty where there is none."""


@dataclass(frozen=True)
class OneOf:
    """Several values that are all correct; a wrong one is compared with the first."""

    options: tuple[Any, ...]


def options(value: Any) -> Sequence[Any]:
    """Return the values that an expected value admits."""
    return value.options if isinstance(value, OneOf) else (value,)


def without_tolerance(value: Any) -> Any:
    """Return the value inside a `Within`; any other value as it is."""
    return value.value if isinstance(value, Within) else value


def with_tolerance_of(value: Any, expected: Any) -> Any:
    """Return the value with the expected value's tolerance attached."""
    return Within(value, expected.atol) if isinstance(expected, Within) else value


def in_shape_of_first(value: Any, expected: Any) -> Any:
    """Return a list of layers in the shapes of the first expected option, where it has those of another option.

    A bias may be (D,) or (1, D) beside samples as rows: later steps then need not know which.
    """
    first, *others = options(expected)
    layers = as_layers(value)
    if not others or layers is None or not is_layered(first) or len(layers) != len(first):
        return value
    return [_reshaped(layer, [option[k] for option in options(expected)]) for k, layer in enumerate(layers)]


def _reshaped(layer: Any, allowed: Sequence[Any]) -> Any:
    try:
        shape = np.shape(layer)
    except ValueError:  # rows of different lengths
        return layer
    of_same_size = [one for one in allowed if np.size(one) == np.size(allowed[0])]
    return np.reshape(layer, np.shape(allowed[0])) if shape in map(np.shape, of_same_size) else layer


@dataclass(frozen=True)
class Trial:
    """One case of a task: its inputs, the values of the submission and those of the reference."""

    inputs: Mapping[str, Any]
    """Inputs and sizes by the lab's names, and what else a formula may take."""
    actual: Mapping[str, Any]
    """The submission's values by name; a NoValue where there is none."""
    expected: Mapping[str, Any]
    """The reference's values by name."""
    carried_forward: Mapping[str, Any] = field(default_factory=dict)
    """By name, what is correct given the submission's own earlier values or answers: one step computed from them."""

    def expected_for(self, value: str) -> Any:
        """Return what is correct for a value: by the submission's own earlier values where they are carried forward."""
        return self.carried_forward.get(value, self.expected[value])

    def first_expected(self, value: str) -> Any:
        """Return the first of several correct values, without its tolerance."""
        return without_tolerance(options(self.expected_for(value))[0])

    def layers(self, value: str) -> Iterator[tuple[Any, Any]]:
        """Yield each layer of a list with the expected one; a single value is one layer.

        Yields nothing where their number differs.
        """
        actual, expected = self.actual[value], self.first_expected(value)
        if not is_layered(expected):
            yield actual, expected
        elif (layers := as_layers(actual)) is not None and len(layers) == len(expected):
            yield from zip(layers, expected, strict=True)

    def samples(self) -> int | None:
        """Return the number of samples of the case; None where it has none."""
        return self.inputs.get("I")


@dataclass(frozen=True)
class Trials:
    """Every trial of one value that is wrong in some of them."""

    value: str
    all: Sequence[Trial]
    source: str = ""
    """The task's cell, as the student wrote it."""
    steps: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """Names of the values that each later value is made of."""

    @cached_property
    def failed(self) -> Sequence[Trial]:
        """The trials in which the value is wrong."""
        return [trial for trial in self.all if not is_correct(trial.actual[self.value], trial.expected_for(self.value))]

    @cached_property
    def failed_values(self) -> Sequence[Any]:
        """The submission's values in the failed trials."""
        return [trial.actual[self.value] for trial in self.failed]

    @cached_property
    def never_computed(self) -> bool:
        """True if no trial has a value."""
        return all(isinstance(trial.actual[self.value], NoValue) for trial in self.all)

    @cached_property
    def passed(self) -> Sequence[Trial]:
        """The trials in which the value is correct."""
        return [trial for trial in self.all if not any(trial is failed for failed in self.failed)]


def finite_array(actual: Any) -> desk.Numbers | str:
    """Return a submission's value as an array of finite numbers, or a sentence on why it is none."""
    return actual.verdict if isinstance(actual, NoValue) else desk.as_numbers(actual)


def is_correct(actual: Any, expected: Any) -> bool:
    """True if a submission's value is one of those that are correct, as `compare` decides, without its words."""
    return not isinstance(actual, NoValue) and is_close(actual, expected)


def is_close(actual: Any, expected: Any) -> bool:
    """True if a value equals another, or one of its options, up to rounding; NaN equals NaN."""
    return any(_is_close(actual, option) for option in options(expected))


def _is_close(actual: Any, expected: Any) -> bool:
    atol = expected.atol if isinstance(expected, Within) else None
    expected = without_tolerance(expected)
    if is_layered(expected):
        layers = as_layers(actual)
        return layers is not None and len(layers) == len(expected) and all(map(_is_close, layers, expected))
    try:
        one, two = np.asarray(actual), np.asarray(expected)
    except ValueError:  # rows of different lengths
        return False
    if one.dtype.kind not in "biuf" or two.dtype.kind not in "biuf" or not desk.same_shape(one, two):
        return False
    one, two = one.astype(float).reshape(two.shape), two.astype(float)
    finite = np.isfinite(two)
    if atol is None:
        atol = relative_tolerance(actual) * np.abs(two[finite]).max(initial=0)
    same_kind = (np.isfinite(one) == finite) & (np.isnan(one) == np.isnan(two))
    distance, allowed = np.abs(one[finite] - two[finite]), np.broadcast_to(atol, two.shape)[finite]
    return bool(same_kind.all() and (distance <= allowed).all())
