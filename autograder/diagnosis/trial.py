"""What is known when a mistake is to be named: what came in every case of a task, and what should have come."""

from __future__ import annotations

import ast
import contextlib
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache, cached_property
from typing import Any

import numpy as np
from IPython.core.inputtransformer2 import TransformerManager

from autograder.diagnosis import desk
from autograder.diagnosis.compare import Within, is_layered, layers_of, tolerance_for


@dataclass(frozen=True)
class NoValue:
    """In place of a value: asking for it gave something else."""

    verdict: str
    """What to tell the student, in a sentence without a subject."""
    kind: str = ""
    """The class of the exception it raised: "NameError"; "" where it raised none."""


@dataclass(frozen=True)
class OneOf:
    """Several values that are all right; the first is the one a wrong answer is compared with."""

    options: tuple[Any, ...]


def options(value: Any) -> Sequence[Any]:
    """The values that a truth allows."""
    return value.options if isinstance(value, OneOf) else (value,)


def bare(value: Any) -> Any:
    """The value itself, without how far off it may be."""
    return value.value if isinstance(value, Within) else value


def as_exact_as(value: Any, right: Any) -> Any:
    """A value that is looked for as closely as the right one is."""
    return Within(value, right.slack) if isinstance(right, Within) else value


def in_first_shape(value: Any, right: Any) -> Any:
    """Layers in the shapes that the first of several right values has, where another has the shape they came in.

    A bias may be (D,) or (1, D) beside samples as rows: whoever looks at it further on need not mind which.
    """
    first, *others = options(right)
    layers = layers_of(value)
    if not others or layers is None or not is_layered(first) or len(layers) != len(first):
        return value
    return [_reshaped(one, [option[k] for option in options(right)]) for k, one in enumerate(layers)]


def _reshaped(layer: Any, allowed: Sequence[Any]) -> Any:
    try:
        shape = np.shape(layer)
    except ValueError:  # rows of different lengths
        return layer
    same_numbers = [one for one in allowed if np.size(one) == np.size(allowed[0])]
    return np.reshape(layer, np.shape(allowed[0])) if shape in map(np.shape, same_numbers) else layer


@cache
def parsed(source: str) -> ast.Module:
    """The tree of a cell, magics included; an empty one where it is no Python, which running it tells better."""
    # `%%time` hands the rest of its cell on as a text; as a comment it leaves the lines where they are.
    plain = re.sub(r"\A%%", "# ", source)
    # As it is first: to look for magics, IPython tokenizes, and Python 3.12.1 copies the line for each of its tokens.
    for transform in (str, TransformerManager().transform_cell):
        with contextlib.suppress(SyntaxError):
            return ast.parse(transform(plain))
    return ast.Module(body=[], type_ignores=[])


@dataclass(frozen=True)
class Trial:
    """One case of a task: what went in, what came out, what should have."""

    given: Mapping[str, Any]
    """Inputs and sizes by the lab's names, and what else a formula may ask for."""
    yours: Mapping[str, Any]
    """Values by name, or NoValue."""
    right: Mapping[str, Any]
    """The truth about each value, by the reference."""
    made: Mapping[str, Any] = field(default_factory=dict)
    """What a right step makes of the student's own earlier values, where there is such a step."""

    def right_of(self, value: str) -> Any:
        """What is right for a value: by the student's own earlier values where they are followed."""
        return self.made.get(value, self.right[value])

    def true(self, value: str) -> Any:
        """The first of the values that are right."""
        return bare(options(self.right_of(value))[0])

    def layers(self, value: str) -> Iterator[tuple[Any, Any]]:
        """Each layer of a list with what it should be; a single value is one layer. None where their number differs."""
        yours, true = self.yours[value], self.true(value)
        if not is_layered(true):
            yield yours, true
        elif (own := layers_of(yours)) is not None and len(own) == len(true):
            yield from zip(own, true, strict=True)

    def samples(self) -> int | None:
        """How many samples the case has."""
        return self.given.get("I")


@dataclass(frozen=True)
class Evidence:
    """Every case of one value that is wrong in some of them."""

    value: str
    trials: Sequence[Trial]
    source: str = ""
    """The task's cell, as the student wrote it."""
    steps: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """Which values each later value is made of."""

    @cached_property
    def wrong(self) -> Sequence[Trial]:
        """The cases in which it is wrong."""
        return [trial for trial in self.trials if not is_right(trial.yours[self.value], trial.right_of(self.value))]

    @cached_property
    def came(self) -> Sequence[Any]:
        """What came where it is wrong."""
        return [trial.yours[self.value] for trial in self.wrong]

    @cached_property
    def nothing_came(self) -> bool:
        """Whether there is no value in any case."""
        return all(isinstance(trial.yours[self.value], NoValue) for trial in self.trials)

    @cached_property
    def others(self) -> Sequence[Trial]:
        """The cases in which it is right."""
        return [trial for trial in self.trials if not any(trial is wrong for wrong in self.wrong)]


def numbers(yours: Any) -> desk.Numbers | str:
    """What came as an array of finite numbers, or why it is none."""
    return yours.verdict if isinstance(yours, NoValue) else desk.as_numbers(yours)


def is_right(yours: Any, right: Any) -> bool:
    """Whether a value is one of those that are right."""
    # As `compare` judges it, without finding words for what is wrong.
    return not isinstance(yours, NoValue) and same(yours, right)


def same(yours: Any, other: Any) -> bool:
    """Whether what came is what a formula gives: up to rounding, with NaN and infinity where it has them."""
    return any(_same(yours, option) for option in options(other))


def _same(yours: Any, other: Any) -> bool:
    slack = other.slack if isinstance(other, Within) else None
    other = bare(other)
    if is_layered(other):
        layers = layers_of(yours)
        return layers is not None and len(layers) == len(other) and all(map(_same, layers, other))
    try:
        one, two = np.asarray(yours), np.asarray(other)
    except ValueError:  # rows of different lengths
        return False
    if one.dtype.kind not in "biuf" or two.dtype.kind not in "biuf" or not desk.same_shape(one, two):
        return False
    one, two = one.astype(float).reshape(two.shape), two.astype(float)
    finite = np.isfinite(two)
    if slack is None:
        slack = tolerance_for(yours) * np.abs(two[finite]).max(initial=0)
    alike = (np.isfinite(one) == finite) & (np.isnan(one) == np.isnan(two))
    return bool(alike.all() and (np.abs(one[finite] - two[finite]) <= np.broadcast_to(slack, two.shape)[finite]).all())
