"""Compares a student's value with the truth: is it right, by how much is it off, what does it look like."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import numpy.typing as npt

from autograder.diagnosis import desk

# A right answer differs from the reference by rounding alone. n·eps with n up to some thousand operations is 1e-12 in
# float64 and 5e-4 in float32; summation order, conditioning and a hundred descent steps are allowed for on top. And
# a step in float32 may hide inside a float64 result: a float32 gradient in a descent was measured to leave it 7e-6 off.
TOLERANCE_FLOAT64 = 3e-5
TOLERANCE_FLOAT32 = 2e-3


@dataclass(frozen=True)
class Within:
    """A value that is right up to an absolute error: one that somebody rounds by hand, or that chance has a part in."""

    value: Any
    slack: Any
    """One for all entries, or one for each."""
    says: str = ""
    """Of a single number that is off, with {} for it; without this no more is said than that it is off."""


@dataclass(frozen=True)
class Comparison:
    """One value against the truth."""

    verdict: str | None
    """What is wrong, in a sentence without a subject; None where nothing is."""
    expected_shape: tuple[int, ...]
    """For a list of layers, that of the layer that the verdict is about."""
    got_shape: tuple[int, ...] | None
    """None where what came is no array of finite numbers."""
    error: float | None
    """Largest difference relative to the largest entry; None where shapes differ."""

    @property
    def right(self) -> bool:
        """Whether the value is right up to rounding."""
        return self.verdict is None


def compare(
    yours: Any, true: Any, samples: int | None = None, outputs: int | None = None, backwards: bool = False
) -> Comparison:
    """Compare one value with the truth, in numbers that nobody rounded; `Within` says how far off a rounded one may be.

    yours: anything a student returned; True and False count as 1 and 0, as in NumPy's arithmetic. true: the reference's
    value, any shape, or a list of arrays, one a layer. A single number is accepted in any natural shape: (), (1,) or
    (1, 1). samples, outputs: how many the case has, which tells what a ratio of I or 1/I means. backwards: whether
    layers are computed from the last to the first; the verdict is about the one that is wrong first.
    """
    if isinstance(true, Within):
        return _compared_by_hand(yours, true)
    if not is_layered(true):
        return _compared(yours, true, samples, outputs)
    layers = layers_of(yours)
    if layers is None:
        return Comparison(f"it should be a list of {len(true)} arrays, one for each layer", (len(true),), None, None)
    if len(layers) != len(true):
        said = f"it holds {len(layers)} arrays, expected {len(true)}: is there one for each layer?"
        return Comparison(said, (len(true),), (len(layers),), None)
    compared = [_compared(one, right, samples, outputs) for one, right in zip(layers, true, strict=True)]
    order = range(len(true))[::-1] if backwards else range(len(true))
    wrong = [k for k in order if not compared[k].right]
    if not wrong:
        return compared[-1] if compared else Comparison(None, (0,), (0,), 0.0)
    first = compared[wrong[0]]
    others = f"; {len(wrong)} of {len(true)} layers are off" if len(wrong) > 1 else ""
    return replace(first, verdict=f"at index {wrong[0]}: {first.verdict}{others}")


def is_layered(true: Any) -> bool:
    """Whether a truth is a list of arrays, one a layer."""
    return isinstance(true, list | tuple) and any(isinstance(layer, np.ndarray) for layer in true)


def layers_of(yours: Any) -> list[Any] | None:
    """What came as a list of layers: a list, a tuple, or an array of equal layers; None where it is none of these."""
    if isinstance(yours, list | tuple):
        return list(yours)
    return list(yours) if isinstance(yours, np.ndarray) and yours.ndim > 1 else None


def _compared(yours: Any, true: npt.ArrayLike, samples: int | None, outputs: int | None) -> Comparison:
    expected = np.asarray(true, dtype=float)
    slack = tolerance_for(yours) * float(np.abs(expected).max(initial=0))
    got = desk.as_numbers(yours)
    if isinstance(got, str):
        return Comparison(got, expected.shape, None, None)
    comparable = desk.same_shape(got, expected)
    error = desk.worst_relative_error(got.reshape(expected.shape), expected) if comparable else None
    return Comparison(desk.verdict(got, expected, samples, slack, outputs), expected.shape, got.shape, error)


def _compared_by_hand(yours: Any, true: Within) -> Comparison:
    """Numbers that somebody found by hand are the same for all: what is said of them must not give them away."""
    expected = np.asarray(true.value, dtype=float)
    got = desk.as_numbers(yours)
    if isinstance(got, str):
        return Comparison(got, expected.shape, None, None)
    if not desk.same_shape(got, expected):
        return Comparison(f"shape {got.shape}, expected {expected.shape}", expected.shape, got.shape, None)
    off = np.argwhere(np.abs(got.reshape(expected.shape) - expected) > true.slack)
    if not len(off):
        return Comparison(None, expected.shape, got.shape, None)
    where = f", the first at index {tuple(map(int, off[0]))}" if len(off) < expected.size else ""
    if true.says:
        return Comparison(true.says.format(got.item()), expected.shape, got.shape, None)
    which = f"{len(off)} of its {expected.size} numbers are" if expected.size > 1 else "it is"
    return Comparison(f"{which} off{where}", expected.shape, got.shape, None)


def tolerance_for(yours: Any) -> float:
    """Relative tolerance for a value computed in the precision that it came in."""
    try:
        low = np.asarray(yours).dtype in (np.float32, np.float16)
    except ValueError:  # rows of different lengths
        low = False
    return TOLERANCE_FLOAT32 if low else TOLERANCE_FLOAT64
