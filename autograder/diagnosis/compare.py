"""Compares a student's value with the truth: is it right, by how much is it off, what does it look like."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from autograder.diagnosis import desk

# A right answer differs from the reference by rounding alone. n·eps with n up to some thousand operations is 1e-12 in
# float64 and 5e-4 in float32; summation order, conditioning and a hundred descent steps are allowed for on top.
TOLERANCE_FLOAT64 = 1e-7
TOLERANCE_FLOAT32 = 2e-3


@dataclass(frozen=True)
class Comparison:
    """One value against the truth."""

    verdict: str | None
    """What is wrong, in a sentence without a subject; None where nothing is."""
    expected_shape: tuple[int, ...]
    got_shape: tuple[int, ...] | None
    """None where what came is no array of numbers."""
    error: float | None
    """Largest difference relative to the largest entry; None where shapes differ."""

    @property
    def right(self) -> bool:
        """Whether the value is right up to rounding."""
        return self.verdict is None


def compare(yours: Any, true: npt.ArrayLike, samples: int | None = None) -> Comparison:
    """Compare one value with the truth.

    yours: anything a student returned. true: the reference's value, any shape. A single number is accepted in any
    natural shape: (), (1,) or (1, 1). samples: how many the case has, which tells what a ratio of I or 1/I means.
    """
    expected = np.asarray(true, dtype=float)
    got_shape, error = _measure(yours, expected)
    verdict = desk.verdict(yours, expected, samples, tolerance_for(yours))
    return Comparison(verdict, expected.shape, got_shape, error)


def tolerance_for(yours: Any) -> float:
    """Relative tolerance for a value computed in the precision that it came in."""
    low = isinstance(yours, np.ndarray | np.generic) and yours.dtype in (np.float32, np.float16)
    return TOLERANCE_FLOAT32 if low else TOLERANCE_FLOAT64


def _measure(yours: Any, expected: npt.NDArray[np.float64]) -> tuple[tuple[int, ...] | None, float | None]:
    try:
        got = np.asarray(yours)
    except ValueError:
        return None, None
    if got.dtype.kind not in "iuf":
        return None, None
    comparable = got.shape == expected.shape or got.size == expected.size == 1
    if not comparable or not np.isfinite(got).all():
        return got.shape, None
    return got.shape, desk.worst_relative_error(got.reshape(expected.shape), expected)
