"""Central differences: measure a cost's slopes instead of deriving them, and compare a gradient with them.

The measurement is independent of every formula in this package: it only evaluates a cost a small step to either side.
At a kink, as ReLU's, a cost has no slope; results list the kinks, and the comparison leaves them out.
"""

from collections.abc import Callable
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from autograder.reference.arrays import Array, Scalar, checked
from autograder.reference.shapes import ReferenceInputError


class Differences(NamedTuple):
    """Measured slopes; each array has the shape of the argument `at` of `central_differences`."""

    slopes: Array
    """About ∂L/∂φ."""
    errors: Array
    """The largest error that each slope may have, from the cost's rounding and its curvature."""
    kinks: NDArray[np.bool_]
    """True where slopes to the left and to the right disagree; errors there mean nothing."""
    tolerance: float
    """The relative error to allow a gradient in addition to errors: √ε of the measurement's precision."""


class Agreement(NamedTuple):
    """The result of comparing a gradient with measured slopes."""

    error: float
    """The largest symmetric relative error of the entries without a kink; NaN if every entry has one."""
    tolerance: float
    """The largest error of a gradient that agrees."""
    kinks: list[tuple[int, ...]]
    """Indices of the entries with a kink, which the comparison leaves out."""

    @property
    def holds(self) -> bool:
        """True if every slope that could be measured agrees, and at least one could."""
        return self.error <= self.tolerance


@checked(at="...")
def central_differences(cost: Callable[[Array], Scalar], at: Array) -> Differences:
    """∂L/∂φ ≈ (L[φ + h] − L[φ − h]) / 2h, one entry of φ after the other.

    cost: a function of an array of at's shape, returning one number. at: any shape.
    Rounding of the cost adds an error of ε |L| / h, and its curvature one of h² L''' / 6: the sum is least near
    h = ε^⅓, where it is about ε^⅔ of the cost's size. ε is the precision of at or of the cost, whichever is coarser.
    At h/2 the curvature's error is a quarter, so two steps measure it. They also tell a smooth cost from a kink:
    between a smooth cost's slopes to the left and to the right, the difference at h/2 is half that at h.
    Returns slopes, the errors they may have, and where there are kinks.
    Raises ReferenceInputError, with the argument cost where the cost isn't one finite number.
    """
    here = _one_number(cost(at.copy()))
    eps = max(np.finfo(at.dtype).eps, np.finfo(here.dtype).eps)
    h = eps ** (1 / 3) * np.maximum(1.0, np.abs(at, dtype=np.float64))
    slopes, bends = _measured(cost, at, h, float(here))
    slopes_closer, bends_closer = _measured(cost, at, h / 2, float(here))
    # A cost rounds the terms of its sum, which may cancel: so each entry's term counts as well as the cost itself.
    terms = np.maximum(np.abs(slopes * at), (np.abs(slopes) + np.abs(bends)) * h)
    rounding = 8 * eps * max(abs(float(here)), terms.max()) / h
    curved = np.abs(slopes - slopes_closer)
    # Over half the step a smooth cost bends half as much or less, and evenly to both sides. If it bends more, a kink is
    # close by; if it bends unevenly, a kink is near an end of the step; if the slope grows, the cost jumps.
    uneven = (np.abs(bends_closer) > 0.55 * np.abs(bends)) | (curved > np.abs(bends) / 8)
    kinks = uneven & (np.abs(bends) > 16 * rounding + np.sqrt(eps) * np.abs(slopes))
    jumps = np.abs(slopes_closer) > 1.5 * np.abs(slopes) + 16 * rounding
    slopes, errors = slopes.astype(at.dtype), (rounding + 2 * curved).astype(at.dtype)
    return Differences(slopes, errors, kinks | jumps, float(np.sqrt(eps)))


def compare(gradient: Array, differences: Differences) -> Agreement:
    """(|g − s| − e) / max(|g|, |s|), the largest of all entries; 0 where |g − s| is no more than e.

    gradient g: of the shape of differences.slopes s, whose errors are e. Deviations up to e count as none: so an entry
    below the cost's rounding passes, and two zeros agree. Beyond e, central differences are good to ε^⅔ and mistakes
    are 1e-3 or larger: the tolerance √ε lies well between.
    Returns the error with its tolerance, and the kinks left out.
    Raises ReferenceInputError for a gradient of another shape, or not finite.
    """
    return _compare(differences.slopes, gradient, differences)


@checked(slopes="...", gradient="...")
def _compare(slopes: Array, gradient: Array, differences: Differences) -> Agreement:
    excess = np.abs(gradient - slopes) - differences.errors
    size = np.maximum(np.abs(gradient), np.abs(slopes))
    errors = np.divide(excess, size, out=np.zeros_like(excess), where=excess > 0)[~differences.kinks]
    error = float(errors.max()) if errors.size else float("nan")
    return Agreement(error, differences.tolerance, [tuple(map(int, index)) for index in np.argwhere(differences.kinks)])


def _measured(cost: Callable[[Array], Scalar], at: Array, steps: Array, here: float) -> tuple[Array, Array]:
    """Return each entry's mean slope over a step to either side, and its slope to the right less that to the left."""
    slopes, bends = [], []
    for index, step in np.ndenumerate(steps):
        (left, low), (right, high) = _after(cost, at, index, -float(step)), _after(cost, at, index, float(step))
        slopes.append((high - low) / (right - left))
        bends.append((high - here) / right - (low - here) / left)
    return np.reshape(slopes, at.shape), np.reshape(bends, at.shape)


def _after(cost: Callable[[Array], Scalar], at: Array, index: tuple[int, ...], step: float) -> tuple[float, float]:
    """Return the step that one entry took, after rounding, and the cost after it."""
    moved = at.copy()
    moved[index] += step
    actual_step = float(moved[index]) - float(at[index])
    return actual_step, float(_one_number(cost(moved)))


def _one_number(value: Any) -> Scalar:
    """Return a cost as a floating-point number. Raises ReferenceInputError if it isn't one finite number."""
    number = np.asarray(value)
    if number.size != 1 or number.dtype.kind not in "buif" or not np.isfinite(number).all():
        raise ReferenceInputError("cost", "one finite number", repr(value)[:80], number.shape)
    exact = number.dtype if number.dtype.kind == "f" else np.dtype(np.float64)
    return number.astype(exact).flat[0]
