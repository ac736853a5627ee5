"""Measure a cost's slopes instead of deriving them, and ask whether a gradient agrees.

Independent of every formula in this package: all it does is evaluate a cost a small step to either side. What it can't
settle it says: at a kink, as ReLU's, there is no slope to agree with.
"""

from collections.abc import Callable
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from autograder.reference.arrays import Array, Scalar, checked
from autograder.reference.shapes import ReferenceInputError


class Differences(NamedTuple):
    """Measured slopes, each of the shape of the place they were measured at."""

    slopes: Array
    """About ∂L/∂φ."""
    errors: Array
    """Error bounds of the slopes, from the cost's rounding and its curvature."""
    kinks: NDArray[np.bool_]
    """True where the slopes to the left and to the right disagree; errors there mean nothing."""
    tolerance: float
    """The relative error to allow a gradient beside errors: √ε of the precision measured in."""


class Agreement(NamedTuple):
    """The agreement of a gradient with measured slopes."""

    error: float
    """The worst symmetric relative error where there is no kink; NaN where kinks are everywhere."""
    tolerance: float
    """The largest error allowed."""
    kinks: list[tuple[int, ...]]
    """Indices of the entries left out."""

    @property
    def holds(self) -> bool:
        """True if every measurable slope agrees, and at least one is measurable."""
        return self.error <= self.tolerance


@checked(at="...")
def central_differences(cost: Callable[[Array], Scalar], at: Array) -> Differences:
    """∂L/∂φ ≈ (L[φ + h] − L[φ − h]) / 2h, one entry of φ after the other.

    cost: a function of an array of at's shape, returning one number. at: any shape.
    The cost is rounded, which adds an error of ε |L| / h, and bends, which adds h² L''' / 6: the sum is least near
    h = ε^⅓, where it is about ε^⅔ of the cost's size. ε is the precision of at or of the cost, whichever is coarser.
    At h/2 the second part is a quarter, so two steps tell how large it is; and a smooth cost's slopes to the left and
    to the right then differ by half as much, which tells it from a kink.
    Returns slopes, what they may be off by, and where there are none.
    Raises ReferenceInputError, with the argument cost where that isn't one finite number.
    """
    here = _one_number(cost(at.copy()))
    eps = max(np.finfo(at.dtype).eps, np.finfo(here.dtype).eps)
    h = eps ** (1 / 3) * np.maximum(1.0, np.abs(at, dtype=np.float64))
    slopes, bends = _measured(cost, at, h, float(here))
    slopes_closer, bends_closer = _measured(cost, at, h / 2, float(here))
    # A cost rounds the terms it adds up, which may cancel: so what each entry brings in counts beside the cost itself.
    terms = np.maximum(np.abs(slopes * at), (np.abs(slopes) + np.abs(bends)) * h)
    rounding = 8 * eps * max(abs(float(here)), terms.max()) / h
    curved = np.abs(slopes - slopes_closer)
    # A curve bends half as much over half the step, or less, and evenly to both sides. What bends more is a kink close
    # by; what bends unevenly, one towards an end of the step; and a slope that grows is a jump.
    uneven = (np.abs(bends_closer) > 0.55 * np.abs(bends)) | (curved > np.abs(bends) / 8)
    kinks = uneven & (np.abs(bends) > 16 * rounding + np.sqrt(eps) * np.abs(slopes))
    jumps = np.abs(slopes_closer) > 1.5 * np.abs(slopes) + 16 * rounding
    slopes, errors = slopes.astype(at.dtype), (rounding + 2 * curved).astype(at.dtype)
    return Differences(slopes, errors, kinks | jumps, float(np.sqrt(eps)))


def compare(gradient: Array, differences: Differences) -> Agreement:
    """(|g − s| − e) / max(|g|, |s|), the worst of all entries; 0 where |g − s| is no more than e.

    gradient g: of the shape of differences.slopes s, whose errors are e. What those explain isn't held against it: so
    an entry passes that drowns in the cost's rounding, and two zeros agree. Beyond them, central differences are good
    to ε^⅔ and mistakes are 1e-3 or larger: the tolerance √ε lies well between.
    Returns the error with what it may be, and the kinks left out.
    Raises ReferenceInputError for a gradient of another shape, or not finite.
    """
    return _compare(differences.slopes, gradient, differences)


@checked(slopes="...", gradient="...")
def _compare(slopes: Array, gradient: Array, differences: Differences) -> Agreement:
    off = np.abs(gradient - slopes) - differences.errors
    size = np.maximum(np.abs(gradient), np.abs(slopes))
    errors = np.divide(off, size, out=np.zeros_like(off), where=off > 0)[~differences.kinks]
    worst = float(errors.max()) if errors.size else float("nan")
    return Agreement(worst, differences.tolerance, [tuple(map(int, index)) for index in np.argwhere(differences.kinks)])


def _measured(cost: Callable[[Array], Scalar], at: Array, steps: Array, here: float) -> tuple[Array, Array]:
    """Each entry's slope over a step to either side, and by how much the right one exceeds the left."""
    slopes, bends = [], []
    for index, step in np.ndenumerate(steps):
        (left, low), (right, high) = _after(cost, at, index, -float(step)), _after(cost, at, index, float(step))
        slopes.append((high - low) / (right - left))
        bends.append((high - here) / right - (low - here) / left)
    return np.reshape(slopes, at.shape), np.reshape(bends, at.shape)


def _after(cost: Callable[[Array], Scalar], at: Array, index: tuple[int, ...], step: float) -> tuple[float, float]:
    """Return the argument after the step and rounding, and the cost there."""
    there = at.copy()
    there[index] += step
    stepped = float(there[index]) - float(at[index])
    return stepped, float(_one_number(cost(there)))


def _one_number(value: Any) -> Scalar:
    number = np.asarray(value)
    if number.size != 1 or number.dtype.kind not in "buif" or not np.isfinite(number).all():
        raise ReferenceInputError("cost", "one finite number", repr(value)[:80], number.shape)
    exact = number.dtype if number.dtype.kind == "f" else np.dtype(np.float64)
    return number.astype(exact).flat[0]
