# @title Helpers: run this cell once, no need to read it
"""Checks that students run in their own notebook: a gradient against central differences, and conditions.

The build copies this file into a locked, collapsed cell of every released notebook, and the grader imports it, so that
both describe a wrong value in the same words. It imports only NumPy, Matplotlib and what they need.
"""

from collections.abc import Callable, Mapping
from contextlib import suppress
from copy import deepcopy
from typing import Any, NamedTuple

import matplotlib.pyplot as plt
import numpy as np
from cycler import cycler

# Colour-blind people can tell Okabe and Ito's colours apart; a white background keeps plots legible in dark mode.
plt.rcParams["axes.prop_cycle"] = cycler(color=["#0072B2", "#D55E00", "#009E73", "#CC79A7", "#E69F00", "#56B4E9"])
plt.rcParams.update({"figure.facecolor": "white", "axes.grid": True, "grid.alpha": 0.3, "axes.axisbelow": True})

Numbers = np.ndarray[Any, np.dtype[np.float64]]
Tolerance = float | Numbers
Count = int | None
Causes = list[tuple[str, str]]  # pairs of a mistake's name and words; the name is empty if the cause is unknown
Cost = Callable[..., Any]

# Central differences are off by h²·f'''/6, and by eps·|f|/h for rounding: no step h suits every cost, so many are used.
# The best error is mostly below 1e-9 of the cost; 1e-5 is far above that, and far below any real mistake.
_STEPS = 10.0 ** -np.arange(13)
_TOLERANCE = 1e-5


class CheckFailed(AssertionError):
    """Raised by a check that fails; IPython shows its message alone, without a traceback through these helpers."""

    def _render_traceback_(self) -> list[str]:
        return ["\x1b[31mNot yet.\x1b[0m " + str(self)]


def as_numbers(value: Any) -> Numbers | str:
    """Return a value as an array of real numbers, or a sentence on why it is none. True and False count as 1 and 0."""
    if value is None:
        return "there is no value: does the function end in a return?"
    try:
        array = np.asarray(value)
    except ValueError:
        return "its rows have different lengths, so it is no array"
    if array.dtype.kind not in "biuf":
        kinds = sorted({type(item).__name__ for item in array.ravel().tolist()})
        return f"it holds values of type {' and '.join(kinds)}, not real numbers"
    numbers: Numbers = array.astype(float)
    if not np.isfinite(numbers).all():
        return "it holds NaN or infinity: look for a division by zero or a number that grew too large"
    return numbers


def worst_relative_error(actual: Any, expected: Any) -> float:
    """Return the largest |actual − expected|, divided by the largest entry of either; 0 if both are zero."""
    actual, expected = np.asarray(actual, dtype=float), np.asarray(expected, dtype=float)
    scale = max(np.abs(actual).max(initial=0), np.abs(expected).max(initial=0))
    return float(np.abs(actual / scale - expected / scale).max(initial=0)) if scale > 0 else 0.0


def verdict(actual: Any, expected: Any, samples: Count, atol: Tolerance, outputs: Count = None) -> str | None:
    """Return None if a value is correct, else a sentence on how it differs from the expected one.

    samples, outputs: their numbers, which explain a constant ratio; None if unknown. atol: the largest correct
    |actual − expected|, for all entries or for each. One number may be of shape (), (1,) or (1, 1).
    """
    actual, expected = as_numbers(actual), np.asarray(expected, dtype=float)
    if isinstance(actual, str):
        return actual
    if same_shape(actual, expected) and _close(actual.reshape(expected.shape), expected, atol):
        return None
    descriptions = [words for _, words in known_causes(actual, expected, samples, atol, outputs)]
    if not same_shape(actual, expected):
        return f"shape {actual.shape}, expected {expected.shape}" + "".join(f": {first}" for first in descriptions[:1])
    # With two samples a factor 2 has two explanations; give both.
    times, found, cause = descriptions[0].partition(" × what it should be: ")
    others = [other.partition(found)[2] for other in descriptions[1:] if found and found in other]
    return "; or, ".join([times + found + cause, *others])


def same_shape(actual: Numbers, expected: Numbers) -> bool:
    """True if the shapes are equal. One number may be of shape (), (1,) or (1, 1)."""
    return actual.shape == expected.shape or actual.size == expected.size == 1


def known_causes(actual: Numbers, expected: Numbers, samples: Count, atol: Tolerance, outputs: Count = None) -> Causes:
    """Return how a wrong value differs from the expected one, the likeliest first. Parameters as in `verdict`."""
    with np.errstate(over="ignore", invalid="ignore"):
        if not same_shape(actual, expected):
            return _shape_causes(actual, expected, samples, atol)
        return _value_causes(actual.reshape(expected.shape), expected, samples, atol, outputs)


def _close(actual: Numbers, expected: Numbers, atol: Tolerance) -> bool:
    """True if the shapes are equal and every entry is within its tolerance."""
    with np.errstate(over="ignore", invalid="ignore"):
        return actual.shape == expected.shape and bool((np.abs(actual - expected) <= atol).all())


def _shape_causes(actual: Numbers, expected: Numbers, samples: Count, atol: Tolerance) -> Causes:
    """Return the known differences of a value of another shape."""
    found = []
    if _close(actual.T, expected, atol):
        found += [("transposed", "it is the transpose of what it should be")]
    if actual.size == expected.size and {actual.ndim, expected.ndim} == {1, 2} and 1 in actual.shape + expected.shape:
        lost = actual.ndim < expected.ndim
        name, words = ("axis-lost", "one axis is missing") if lost else ("axis-added", "there is one axis too many")
        same = _close(actual.reshape(expected.shape), expected, atol)
        # Combined with a flat array, a row broadcasts to a row, and a column to a square matrix.
        column = (expected.size, 1) in (actual.shape, expected.shape)
        square = ", and broadcasting will make a square matrix of it further on" if column else ""
        found += [(name if same else "", words + square)] if same or column else []
    for axis in (axis for axis, length in enumerate(actual.shape) if length > 1):
        for name, total in (("sum", actual.sum(axis)), ("mean", actual.mean(axis))):
            if total.size == expected.size and _close(total.reshape(expected.shape), expected, atol):
                found += [(f"{name}-not-taken", f"the {name} over axis {axis} is still to be taken")]
    if not found and samples and samples > 1 and samples in actual.shape and samples not in expected.shape:
        found += [("", f"there is still one entry for each of the {samples} samples")]
    return found


def _value_causes(actual: Numbers, expected: Numbers, samples: Count, atol: Tolerance, outputs: Count) -> Causes:
    """Return the known differences of a value of the expected shape."""
    found = [] if actual.any() else [("zeros", "it is zero everywhere")]
    if actual.ndim == 2 and _close(actual.T, expected, atol):
        found += [("transposed", "it is the transpose of what it should be")]
    if (error := worst_relative_error(actual, expected)) < 1e-3:
        words = f"it is nearly right, off by {error:.2g} of its size: is something rounded, or computed in float32?"
        found += [("", words)]
    found += _ratio_causes(actual, expected, samples, atol, outputs)
    for axis, line in enumerate(("row", "column")):
        if expected.ndim == 2 and _are_equal(actual, axis, atol) and not _are_equal(expected, axis, atol):
            found += [("", f"every {line} of it is the same, and should not be")]
    off = np.argwhere(np.abs(actual - expected) > atol)
    if len(off) < expected.size:
        where = tuple(map(int, next(iter(off), ())))
        found += [("", f"{len(off)} of its {expected.size} entries are off, the first at index {where}")]
    return [*found, ("", f"it is off by {error:.2g} of its size")]


def _are_equal(values: Numbers, axis: int, atol: Tolerance) -> bool:
    """True if all rows (axis 0) or all columns (axis 1) of a matrix are equal."""
    return _close(values, np.broadcast_to(values.take([0], axis), values.shape), atol)


def _ratio_causes(actual: Numbers, expected: Numbers, samples: Count, atol: Tolerance, outputs: Count) -> Causes:
    """Return every explanation of a constant ratio actual / expected, else the ratio; [] if it is not constant."""
    largest = np.unravel_index(np.abs(expected).argmax(), expected.shape)
    ratio = float(actual[largest]) / float(expected[largest]) if expected[largest] else 0.0
    if not ratio or not _close(actual / ratio, expected, atol):
        return []
    known = [("sign", -1, "−1", "a sign is wrong"), ("factor-2-twice", 2, "2", "a factor 2 too many"),
             ("factor-2-missing", 0.5, "½", "a factor 2 is missing")]  # fmt: skip
    n, k = samples or 0, outputs or 0
    for of, what, many in (("mean", f"{n} samples", n), ("mean-over-outputs", f"{k} outputs", k),
                           ("mean", f"{n} samples of {k} outputs", n * k)):  # fmt: skip
        if many > 1:
            known += [(f"{of}-missing", many, f"{many}", f"with {what}, is a mean missing?"),
                      (f"{of}-taken-twice", 1 / many, f"1/{many}", f"with {what}, is a mean taken twice?")]  # fmt: skip
    rtol = np.broadcast_to(atol, expected.shape)[largest] / abs(expected[largest])
    fits = [(name, f"{times} × what it should be: {cause}") for name, factor, times, cause in known
            if factor and abs(ratio / factor - 1) <= rtol]  # fmt: skip
    # A single number always has a constant ratio, and an unexplained one would give the answer away.
    return fits or ([] if expected.size == 1 else [("", f"{ratio:.4g} × what it should be, in every entry")])


def central_differences(cost: Cost, at: Mapping[str, Any], name: str) -> Numbers:
    """Return the slope of cost(**at) in each entry of at[name], from two costs a small step apart."""
    return _measured_gradient(cost, at, name).slopes


class _Measured(NamedTuple):
    """Slopes of a cost in each entry of a parameter, by central differences."""

    slopes: Numbers
    errors: Numbers  # estimated; infinity where no step gave a slope
    steepest: float  # of the slopes close by
    changes: bool  # whether the cost changes with the parameter


def _measured_gradient(cost: Cost, at: Mapping[str, Any], name: str) -> _Measured:
    """Measure the slope of cost(**at) in each entry of at[name]."""
    value = np.array(at[name], dtype=float)

    def cost_after(step: float, index: tuple[int, ...]) -> float:
        moved = value.copy()
        moved[index] += step
        # A long step may leave the domain of the cost, as with the logarithm of a negative number.
        with suppress(ArithmeticError, ValueError):
            return _as_number(cost(**deepcopy({**at, name: moved[()]})))
        return np.nan

    size = max(1.0, float(np.abs(value).max()))
    with np.errstate(all="ignore"):
        here = cost_after(0.0, ())
        # A cost of float32 values is noisy: over a step ten times shorter it bends nearly as much, not 100 times less.
        bends = [sum(abs(cost_after(-step, at) - 2 * here + cost_after(step, at)) for at in np.ndindex(value.shape))
                 for step in (1e-7 * size, 1e-6 * size)]  # fmt: skip
        noisy = bends[0] > max(bends[1] / 25, 1e-10 * max(1.0, abs(here)))
        entries = [_measured_slope(cost_after, here, size, index, noisy) for index in np.ndindex(value.shape)]
    slopes, errors, steepest, changes = zip(*entries, strict=True)
    return _Measured(np.reshape(slopes, value.shape), np.reshape(errors, value.shape), max(steepest), any(changes))


def _measured_slope(cost_after: Cost, here: float, size: float, index: Any, noisy: bool) -> tuple[Any, ...]:
    """Return the fields of `_Measured` of one entry, from the step whose slope best agrees with the next longer one."""
    best, best_error, steepest, changes = 0.0, np.inf, 0.0, False
    previous_slope = previous_bend = np.nan
    for step in size * _STEPS:
        costs = np.array([cost_after(-step, index), here, cost_after(step, index)])
        down, up = np.diff(costs) / step
        slope, bend = (up + down) / 2, (up - down) / 2
        digits = np.float32 if noisy or (costs == costs.astype(np.float32)).all() else np.float64
        # A tiny cost may be the difference of numbers that are not tiny.
        rounding = 4 * np.finfo(digits).eps * max(1.0, np.abs(costs).max()) / step
        # A smooth cost bends ten times less over a step ten times shorter; at a kink it bends as much.
        error = abs(slope - previous_slope) + abs(bend - previous_bend / 10) + rounding
        steepness = abs(slope) + abs(bend)
        # On a plateau errors are small because slopes are; that is no agreement.
        if error <= steepness / 2 + rounding:
            steepest = steepest or float(steepness)
            if error < best_error:
                best, best_error = float(slope), float(error)
        if rounding > best_error or best_error <= _TOLERANCE / 100 * max(abs(best), steepest / 1000):
            break
        previous_slope, previous_bend, changes = slope, bend, changes or bool(up or down)
    return best, best_error, steepest, changes


def _as_number(cost: Any) -> float:
    """Return a cost as a float. Raises CheckFailed if it is not one real number."""
    if (value := np.asarray(cost)).size != 1 or value.dtype.kind not in "biuf":
        raise CheckFailed(f"the cost should be one number, but it is {cost!r}"[:200])
    return float(value.item())


def check_gradient(
    cost: Cost,
    at: Mapping[str, Any],
    yours: Mapping[str, Any],
    samples: Count = None,
    draw: bool = False,
    outputs: Count = None,
    alone: Callable[[], tuple[Cost, Mapping[str, Any]]] | None = None,
) -> None:
    """Compare your gradient with central differences of the cost, one line a parameter; fail if any is wrong.

    cost: a function of the parameters by name. at: their values. yours: your gradient, by the same names.
    samples, outputs: the numbers of them that the cost averages over. draw: plot your gradient over the differences.
    alone: returns the cost of one sample and your gradient for it, which are compared if your gradient is wrong.
    """
    at = {**at, **{name: np.array(at[name], dtype=float)[()] for name in yours}}
    # A cost that is not finite or does not change can't tell a correct gradient from a wrong one.
    if not np.isfinite(_as_number(cost(**deepcopy(at)))):
        raise CheckFailed("the cost is not a finite number here, so nothing can be checked: look at the forward pass")
    measured = {name: _measured_gradient(cost, at, name) for name in yours}
    if not any(gradient.changes for gradient in measured.values()):
        raise CheckFailed("the cost does not change when the parameters do: write the forward pass first")
    verdicts = {name: _gradient_verdict(yours[name], samples, outputs, measured[name]) for name in yours}
    width = max((len(str(np.shape(gradient.slopes))) for gradient in measured.values()), default=0)
    for name, sentence in verdicts.items():
        shape, error = _shape_and_error(yours[name], measured[name].slopes)
        print(f"dl_d{name}".ljust(4 + max(map(len, yours))), shape.ljust(width), error.ljust(16), sentence, sep="  ")
    if draw:
        _draw_gradients({name: gradient.slopes for name, gradient in measured.items()}, yours)
    for name, sentence in verdicts.items():
        if not sentence.startswith(("right", "can't tell")):
            sentence += _matching_parameter(name, yours, measured)
            sentence += "" if sentence.endswith("?") else "."
            sentence += _one_sample_hint(alone, at) if alone and samples != 1 else ""
            raise CheckFailed(f"dl_d{name} and central differences of the cost do not agree: {sentence}")
    if "right" not in verdicts.values():
        raise CheckFailed("nothing could be checked: small steps give no clear slope of the cost here")


def _gradient_verdict(yours: Any, samples: Count, outputs: Count, measured: _Measured) -> str:
    """Return "right", "can't tell: …", or how a gradient differs from the measured one."""
    # At a minimum slopes are zero up to rounding; there the slopes close by give the scale of an error.
    scale = max(np.abs(measured.slopes).max(), measured.steepest / 1000)
    if difference := verdict(yours, measured.slopes, samples, _TOLERANCE * scale + 3 * measured.errors, outputs):
        return difference
    if not measured.changes:
        return "can't tell: the cost does not change with it"
    return "right" if measured.errors.max() < scale / 100 else "can't tell: small steps give no clear slope of the cost"


def _shape_and_error(yours: Any, slopes: Numbers) -> tuple[str, str]:
    """Return a gradient's shape and relative error as text, for its line; empty if they can't be compared."""
    numbers = as_numbers(yours)
    if isinstance(numbers, str) or not same_shape(numbers, slopes):
        return "", ""
    error = worst_relative_error(numbers.reshape(slopes.shape), slopes)
    # A rounding error differs between machines, so print only a bound on it.
    below = (f"error below 1e-{n}" for n in (5, 4, 3) if error < 10.0**-n)
    return str(numbers.shape), next(below, f"error {error:.2g}")


def _matching_parameter(name: str, yours: Mapping[str, Any], measured: Mapping[str, _Measured]) -> str:
    """Return half a sentence that names another parameter for which this gradient is correct; "" if there is none."""
    numbers = as_numbers(yours[name])
    for other, (slopes, errors, *_) in measured.items():
        atol = _TOLERANCE * np.abs(slopes).max() + 3 * errors
        if other != name and not isinstance(numbers, str) and slopes.any() and _close(numbers, slopes, atol):
            return f"; it is what dl_d{other} should be, so is the order right?"
    return ""


def _one_sample_hint(alone: Callable[[], tuple[Cost, Mapping[str, Any]]], at: Mapping[str, Any]) -> str:
    """Return a sentence if the gradient is correct for one sample, else "". alone: as in `check_gradient`."""
    with suppress(Exception):  # an exception for one sample explains nothing about several
        cost, yours = alone()
        verdicts = [_gradient_verdict(yours[name], 1, None, _measured_gradient(cost, at, name)) for name in yours]
        if verdicts and all(sentence == "right" for sentence in verdicts):
            return " For one sample alone it is right: is the sum, or the mean, over the samples as it should be?"
    return ""


def _draw_gradients(slopes: Mapping[str, Numbers], yours: Mapping[str, Any]) -> None:
    """Plot each gradient over central differences, with the line on which they are equal."""
    _, axes = plt.subplots(figsize=(4, 3.4), layout="constrained")
    for name, slope in slopes.items():
        numbers = as_numbers(yours[name])
        if not isinstance(numbers, str) and numbers.size == slope.size:
            axes.plot(slope.ravel(), numbers.ravel(), "o", label=f"dl_d{name}", alpha=0.8)
    if axes.lines:
        axes.legend()
    axes.axline((0, 0), slope=1, color="0.6", linewidth=1, zorder=0)
    axes.set(xlabel="central differences", ylabel="your gradient", title="right means: on the line")
    plt.show()


def check(what: str, holds: Any, hint: str = "") -> None:
    """Print that a condition, `what` in words, holds, or fail with the hint. holds: True, or an array of True."""
    # An empty array, NaN and a generator do not count as conditions that hold.
    if (held := np.asarray(holds)).dtype != bool or not held.size or not held.all():
        raise CheckFailed(f"This should hold: {what}." + (f"\nHint: {hint}" if hint else ""))
    print("right:", what)
