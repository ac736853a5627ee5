"""Measure a cost's slopes instead of deriving them, and ask whether a gradient agrees.

Independent of every formula in this package: all it does is evaluate a cost a small step to either side. What it can't
settle it says: at a kink, as ReLU's, there is no slope to agree with.
"""

from collections.abc import Callable
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from autograder.reference.arrays import Array, ReferenceInputError, Scalar, checked


class Differences(NamedTuple):
    """Measured slopes, each of the shape of the place they were measured at."""

    slopes: Array
    """About ∂L/∂φ."""
    errors: Array
    """How far off each may be: by the cost's rounding, and by its bending."""
    kinks: NDArray[np.bool_]
    """Where slopes to the left and to the right disagree: errors there mean nothing."""
    tolerance: float
    """The relative error to allow a gradient beside errors: √ε of the precision measured in."""


class Agreement(NamedTuple):
    """How well a gradient agrees with measured slopes."""

    error: float
    """The worst symmetric relative error where there is no kink; NaN where kinks are everywhere."""
    tolerance: float
    """What error may be."""
    kinks: list[tuple[int, ...]]
    """Indices of the entries left out."""

    @property
    def holds(self) -> bool:
        """Whether every slope that could be measured agrees, and at least one could."""
        return self.error <= self.tolerance


@checked(at="...")
def central_differences(cost: Callable[[Array], Scalar], at: Array) -> Differences:
    """∂L/∂φ ≈ (L[φ + h] − L[φ − h]) / 2h, one entry of φ after the other.

    cost: a function of an array of at's shape, returning one number. at: any shape.
    The cost is rounded, which adds an error of ε |L| / h, and bends, which adds h² L''' / 6: the sum is least near
    h = ε^⅓, where it is about ε^⅔ of the cost's size. ε is the precision of at or of the cost, whichever is coarser.
    At h/2 the second part is a quarter, so two steps tell how large it is. Where the cost is smooth, the slopes to the
    left and right differ by h L'', and half as much at h/2; at a kink by as much, or it is passed: so kinks are told.
    Raises ReferenceInputError, with the argument cost where that isn't one finite number.
    """
    here = _one_number(cost(at.copy()))
    eps = max(np.finfo(at.dtype).eps, np.finfo(here.dtype).eps)
    entries = [_slope(cost, at, index, float(here), float(eps)) for index in np.ndindex(at.shape)]
    slopes, errors, kinks = (np.reshape(values, at.shape) for values in zip(*entries, strict=True))
    return Differences(slopes.astype(at.dtype), errors.astype(at.dtype), kinks, float(np.sqrt(eps)))


def compare(gradient: Array, differences: Differences) -> Agreement:
    """|g − s| / (max(|g|, |s|) + e/τ), the worst of all entries: at most τ where |g − s| ≤ τ max(|g|, |s|) + e.

    gradient g: of the shape of differences.slopes s, whose errors are e and whose tolerance is τ. Central differences
    are good to ε^⅔, mistakes are 1e-3 and larger; τ = √ε lies well between. The floor e/τ lets an entry pass that
    drowns in the cost's rounding; two zeros agree.
    Raises ReferenceInputError for a gradient of another shape, or not finite.
    """
    return _compare(differences.slopes, gradient, differences)


@checked(slopes="...", gradient="...")
def _compare(slopes: Array, gradient: Array, differences: Differences) -> Agreement:
    off = np.abs(gradient - slopes)
    size = np.maximum(np.abs(gradient), np.abs(slopes)) + differences.errors / differences.tolerance
    errors = np.divide(off, size, out=np.zeros_like(off), where=off > 0)[~differences.kinks]
    worst = float(errors.max()) if errors.size else float("nan")
    return Agreement(worst, differences.tolerance, [tuple(map(int, index)) for index in np.argwhere(differences.kinks)])


def _slope(
    cost: Callable[[Array], Scalar], at: Array, index: tuple[int, ...], here: float, eps: float
) -> tuple[float, float, bool]:
    """The slope in one entry, how far off it may be, and whether there is a kink."""

    def after(step: float) -> tuple[float, float]:
        there = at.copy()
        there[index] += step
        return float(_one_number(cost(there))), float(there[index]) - float(at[index])

    def sides(step: float) -> tuple[float, float, float]:
        (low, back), (high, ahead) = after(-step), after(step)
        # What was really stepped, after rounding, is divided by.
        slope = (high - low) / (ahead - back)
        bend = (high - here) / ahead - (low - here) / back
        return slope, bend, max(abs(low), abs(high), abs(here))

    h = eps ** (1 / 3) * max(1.0, abs(float(at[index])))
    slope, bend, size = sides(h)
    slope_closer, bend_closer, _ = sides(h / 2)
    rounding = 8 * eps * size / h
    curved = abs(slope - slope_closer)
    kink = abs(bend) > 2 * rounding + np.sqrt(eps) * abs(slope) and curved + abs(bend - 2 * bend_closer) > abs(bend) / 4
    return slope, rounding + 2 * curved, bool(kink)


def _one_number(value: Any) -> Scalar:
    number = np.asarray(value)
    if number.size != 1 or number.dtype.kind not in "buif" or not np.isfinite(number).all():
        raise ReferenceInputError("cost", "one finite number", repr(value)[:80], number.shape)
    exact = number.dtype if number.dtype.kind == "f" else np.dtype(np.float64)
    return number.astype(exact).flat[0]
