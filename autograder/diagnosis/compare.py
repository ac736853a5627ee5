"""Compares a student's value with the truth: is it right, by how much is it off, what does it look like."""

from __future__ import annotations

from dataclasses import dataclass
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
class Comparison:
    """One value against the truth."""

    verdict: str | None
    """What is wrong, in a sentence without a subject; None where nothing is."""
    expected_shape: tuple[int, ...]
    got_shape: tuple[int, ...] | None
    """None where what came is no array of finite numbers."""
    error: float | None
    """Largest difference relative to the largest entry; None where shapes differ."""

    @property
    def right(self) -> bool:
        """Whether the value is right up to rounding."""
        return self.verdict is None


def compare(yours: Any, true: npt.ArrayLike, samples: int | None = None) -> Comparison:
    """Compare one value with the truth.

    yours: anything a student returned; True and False count as 1 and 0, as in NumPy's arithmetic. true: the reference's
    value, any shape. A single number is accepted in any natural shape: (), (1,) or (1, 1). samples: how many the case
    has, which tells what a ratio of I or 1/I means.
    """
    expected = np.asarray(true, dtype=float)
    slack = tolerance_for(yours) * float(np.abs(expected).max(initial=0))
    got = desk.as_numbers(yours)
    if isinstance(got, str):
        return Comparison(got, expected.shape, None, None)
    comparable = got.shape == expected.shape or got.size == expected.size == 1
    error = desk.worst_relative_error(got.reshape(expected.shape), expected) if comparable else None
    return Comparison(desk.verdict(got, expected, samples, slack), expected.shape, got.shape, error)


def tolerance_for(yours: Any) -> float:
    """Relative tolerance for a value computed in the precision that it came in."""
    try:
        low = np.asarray(yours).dtype in (np.float32, np.float16)
    except ValueError:  # rows of different lengths
        low = False
    return TOLERANCE_FLOAT32 if low else TOLERANCE_FLOAT64
