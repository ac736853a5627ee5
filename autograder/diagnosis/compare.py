"""Compares a submission's value with the expected one: whether it is correct, how far it is off, what it looks like."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import numpy.typing as npt

from autograder.diagnosis import desk

# A correct answer differs from the reference by rounding alone. n·eps with n up to some thousand operations is 1e-12 in
# float64 and 5e-4 in float32; summation order, conditioning and a hundred descent steps are allowed for on top. And
# a step in float32 may hide inside a float64 result: a float32 gradient in a descent was measured to leave it 7e-6 off.
TOLERANCE_FLOAT64 = 3e-5
TOLERANCE_FLOAT32 = 2e-3


@dataclass(frozen=True)
class Within:
    """An expected value with an absolute tolerance: one that is rounded by hand, or that depends on chance."""

    value: Any
    atol: Any
    """The absolute tolerance: one for all entries, or one for each."""
    explanation: str = ""
    """A sentence on a single number that is off, with {} for it; without this the message says only that it is off."""


@dataclass(frozen=True)
class Comparison:
    """The result of comparing one value with the expected one."""

    verdict: str | None
    """A sentence without a subject on what is wrong; None for a correct value."""
    expected_shape: tuple[int, ...]
    """For a list of layers, that of the layer that the verdict is about."""
    actual_shape: tuple[int, ...] | None
    """None where the value is no array of finite numbers."""
    error: float | None
    """Largest difference relative to the largest entry; None where shapes differ."""

    @property
    def is_correct(self) -> bool:
        """True if the value is correct up to rounding."""
        return self.verdict is None


def compare(
    actual: Any, expected: Any, samples: int | None = None, outputs: int | None = None, backwards: bool = False
) -> Comparison:
    """Compare a submission's value with the expected one, up to rounding; `Within` carries a tolerance of its own.

    actual: anything a function of the submission returned; True and False count as 1 and 0, as in NumPy's arithmetic.
    expected: the reference's value, an array of any shape or a list of arrays, one a layer. A single number is accepted
    in the shapes (), (1,) and (1, 1). samples, outputs: numbers of samples and outputs of the case, which tell what a
    ratio of I or 1/I means. backwards: True if layers are computed from the last to the first; the verdict is about the
    layer that is wrong first.
    """
    if isinstance(expected, Within):
        return _compare_within(actual, expected)
    if not is_layered(expected):
        return _compare_array(actual, expected, samples, outputs)
    layers, count = as_layers(actual), len(expected)
    if layers is None:
        return Comparison(f"it should be a list of {count} arrays, one for each layer", (count,), None, None)
    if len(layers) != count:
        verdict = f"it holds {len(layers)} arrays, expected {count}: is there one for each layer?"
        return Comparison(verdict, (count,), (len(layers),), None)
    compared = [_compare_array(one, other, samples, outputs) for one, other in zip(layers, expected, strict=True)]
    order = range(count)[::-1] if backwards else range(count)
    wrong = [k for k in order if not compared[k].is_correct]
    if not wrong:
        return compared[-1] if compared else Comparison(None, (0,), (0,), 0.0)
    first = compared[wrong[0]]
    others = f"; {len(wrong)} of {count} layers are off" if len(wrong) > 1 else ""
    return replace(first, verdict=f"at index {wrong[0]}: {first.verdict}{others}")


def is_layered(expected: Any) -> bool:
    """True if an expected value is a list of arrays, one a layer."""
    return isinstance(expected, list | tuple) and any(isinstance(layer, np.ndarray) for layer in expected)


def as_layers(actual: Any) -> list[Any] | None:
    """Return a list, a tuple, or an array of equal layers as a list of layers; None for anything else."""
    if isinstance(actual, list | tuple):
        return list(actual)
    return list(actual) if isinstance(actual, np.ndarray) and actual.ndim > 1 else None


def _compare_array(actual: Any, expected: npt.ArrayLike, samples: int | None, outputs: int | None) -> Comparison:
    two = np.asarray(expected, dtype=float)
    atol = relative_tolerance(actual) * float(np.abs(two).max(initial=0))
    one = desk.as_numbers(actual)
    if isinstance(one, str):
        return Comparison(one, two.shape, None, None)
    error = desk.worst_relative_error(one.reshape(two.shape), two) if desk.same_shape(one, two) else None
    return Comparison(desk.verdict(one, two, samples, atol, outputs), two.shape, one.shape, error)


def _compare_within(actual: Any, expected: Within) -> Comparison:
    """Compare numbers found by hand: they are the same for every student, so the verdict must not give them away."""
    two = np.asarray(expected.value, dtype=float)
    one = desk.as_numbers(actual)
    if isinstance(one, str):
        return Comparison(one, two.shape, None, None)
    if not desk.same_shape(one, two):
        return Comparison(f"shape {one.shape}, expected {two.shape}", two.shape, one.shape, None)
    off = np.argwhere(np.abs(one.reshape(two.shape) - two) > expected.atol)
    if not len(off):
        return Comparison(None, two.shape, one.shape, None)
    where = f", the first at index {tuple(map(int, off[0]))}" if len(off) < two.size else ""
    if expected.explanation:
        return Comparison(expected.explanation.format(one.item()), two.shape, one.shape, None)
    which = f"{len(off)} of its {two.size} numbers are" if two.size > 1 else "it is"
    return Comparison(f"{which} off{where}", two.shape, one.shape, None)


def relative_tolerance(actual: Any) -> float:
    """Return the relative tolerance for a value of this precision: float32 and below, or float64."""
    try:
        low = np.asarray(actual).dtype.newbyteorder("=") in (np.float32, np.float16)
    except ValueError:  # rows of different lengths
        low = False
    return TOLERANCE_FLOAT32 if low else TOLERANCE_FLOAT64
