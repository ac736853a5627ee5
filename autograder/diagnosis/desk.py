# @title Helpers: run this cell once, no need to read it
"""Checks a student can run at their own desk.

This file is copied whole into every released notebook, into one locked and collapsed cell, and imported
by the grader: both speak with one voice. So it imports NumPy and Matplotlib and nothing else.
"""

from collections.abc import Callable, Mapping
from typing import Any

import matplotlib.pyplot as plt
import numpy as np
from cycler import cycler

# Okabe and Ito's colours can be told apart by the colour-blind; a white ground keeps plots legible in dark mode.
plt.rcParams["axes.prop_cycle"] = cycler(color=["#0072B2", "#D55E00", "#009E73", "#CC79A7", "#E69F00", "#56B4E9"])
plt.rcParams.update({"figure.facecolor": "white", "axes.grid": True, "grid.alpha": 0.3, "axes.axisbelow": True})

Numbers = np.ndarray[Any, np.dtype[np.float64]]

# Central differences err by about h²·f''' /6 + eps·|f|/h; h ≈ eps^(1/3) ≈ 6e-6 balances the two and leaves ~eps^(2/3) ≈
# 4e-11 of the cost's size. 1e-5 is far above that noise and far below any real mistake.
STEP = np.finfo(float).eps ** (1 / 3)
TOLERANCE = 1e-5


class CheckFailed(AssertionError):
    """A check did not hold; shown as its message alone, without a traceback through the helpers."""

    def _render_traceback_(self) -> list[str]:
        return ["\x1b[31mNot yet.\x1b[0m " + str(self)]


def worst_relative_error(yours: Any, true: Any, floor: float = 0.0) -> float:
    """The largest |yours − true| relative to the largest entry of either, or to floor; 0 where both are zero."""
    yours, true = np.asarray(yours, dtype=float), np.asarray(true, dtype=float)
    scale = max(np.abs(yours).max(initial=0), np.abs(true).max(initial=0), floor)
    return float(np.abs(yours - true).max(initial=0) / scale) if scale > 0 else 0.0


def verdict(
    yours: Any, true: Any, samples: int | None = None, tolerance: float = TOLERANCE, floor: float = 0.0
) -> str | None:
    """What a wrong value looks like beside the right one, in a sentence; None where it is right.

    samples: how many there are, which tells what a ratio means. tolerance: relative to the largest entry, or to floor.
    """
    try:
        yours = np.asarray(yours)
    except ValueError:
        return "its rows have different lengths, so it is no array"
    true = np.asarray(true, dtype=float)
    if yours.dtype == object and yours.shape == () and yours.item() is None:
        return "there is no value: does the function end in a return?"
    if yours.dtype.kind not in "iuf":
        return f"it holds {yours.dtype.name} values, not real numbers"
    if not np.isfinite(yours).all():
        return "it holds NaN or infinity: look for a division by zero or a number that grew too large"
    if yours.shape != true.shape and not yours.size == true.size == 1:
        return _shape_verdict(yours, true, samples, tolerance)
    yours = yours.astype(float).reshape(true.shape)
    if worst_relative_error(yours, true, floor) <= tolerance:
        return None
    return _value_verdict(yours, true, samples, tolerance)


def _shape_verdict(yours: Numbers, true: Numbers, samples: int | None, tolerance: float) -> str:
    text = f"shape {yours.shape}, expected {true.shape}"
    if yours.ndim == 2 and yours.T.shape == true.shape and worst_relative_error(yours.T, true) <= tolerance:
        return text + ": it is the transpose of what it should be"
    if yours.ndim == 1 and true.ndim == 2 and yours.size == true.size:
        return text + ": one axis is missing, and broadcasting will make a square matrix of it further on"
    for axis in range(yours.ndim):
        for name, total in (("sum", yours.sum(axis, keepdims=True)), ("mean", yours.mean(axis, keepdims=True))):
            same = total.size == true.size
            if same and worst_relative_error(total.reshape(true.shape), true) <= tolerance:
                return text + f": the {name} over axis {axis} is still to be taken"
    if samples and samples > 1 and samples in yours.shape and samples not in true.shape:
        return text + f": there is still one entry for each of the {samples} samples"
    return text


def _value_verdict(yours: Numbers, true: Numbers, samples: int | None, tolerance: float) -> str:
    if not yours.any():
        return "it is zero everywhere"
    if yours.ndim == 2 and yours.shape == yours.T.shape and worst_relative_error(yours.T, true) <= tolerance:
        return "it is the transpose of what it should be"
    largest = np.unravel_index(np.abs(true).argmax(), true.shape)
    ratio = float(yours[largest] / true[largest]) if true[largest] else 0.0
    if ratio and worst_relative_error(yours, ratio * true) <= tolerance:
        return _ratio_verdict(ratio, samples)
    wrong = np.abs(yours - true) > tolerance * np.abs(true).max(initial=0)
    if true.size > 1 and not wrong.all():
        first = tuple(int(i) for i in np.argwhere(wrong)[0])
        return f"{int(wrong.sum())} of its {true.size} entries are off, the first at index {first}"
    return f"it is off by {worst_relative_error(yours, true):.2g} of its size"


def _ratio_verdict(ratio: float, samples: int | None) -> str:
    said = {-1.0: "−1 × what it should be: a sign is wrong", 2.0: "2 × what it should be: a factor 2 too many",
            0.5: "½ × what it should be: a factor 2 is missing"}  # fmt: skip
    if samples and samples > 2:
        said[float(samples)] = f"{samples} × what it should be: with {samples} samples, is a mean missing?"
        said[1 / samples] = f"1/{samples} of what it should be: with {samples} samples, is a mean taken twice?"
    for known, text in said.items():
        if abs(ratio - known) <= 1e-4 * abs(known):
            return text
    return f"{ratio:.4g} × what it should be, in every entry"


def central_differences(cost: Callable[..., Any], at: Mapping[str, Any], name: str) -> Numbers:
    """The slope of cost(**at) in each entry of at[name], from two costs a small step apart."""
    value = np.array(at[name], dtype=float)
    slopes = np.zeros_like(value)
    for index in np.ndindex(value.shape):
        step = STEP * max(1.0, abs(float(value[index])))
        up, down = value.copy(), value.copy()
        up[index] += step
        down[index] -= step
        higher, lower = cost(**{**at, name: up}), cost(**{**at, name: down})
        # The step really taken: value ± step rounds.
        slopes[index] = (float(higher) - float(lower)) / float(up[index] - down[index])
    return slopes


def check_gradient(
    cost: Callable[..., Any],
    at: Mapping[str, Any],
    yours: Mapping[str, Any],
    samples: int | None = None,
    draw: bool = False,
) -> None:
    """Compare your gradient with central differences of the cost, one line a parameter; fail if any is wrong.

    cost: a function of the parameters by name. at: their values. yours: your gradient, by the same names.
    samples: how many samples the cost averages over. draw: show yours against the differences as a picture.
    """
    # A cost that is not finite or does not move can't tell a right gradient from a wrong one.
    slopes = {name: central_differences(cost, at, name) for name in yours}
    if not all(np.isfinite(slope).all() for slope in slopes.values()):
        raise CheckFailed(
            "the cost is not a finite number here, so no gradient can be checked: look at the forward pass"
        )
    if not any(slope.any() for slope in slopes.values()):
        raise CheckFailed("the cost does not change when the parameters do: write the forward pass first")
    # Differences carry rounding noise of the cost's own size: below this floor zero can't be told from nothing.
    floor = TOLERANCE * abs(float(cost(**at)))
    wrong = {}
    width = max(len("dl_d" + name) for name in yours)
    for name, slope in slopes.items():
        said = verdict(yours[name], slope, samples, floor=floor)
        shape = str(np.shape(yours[name])) if said is None or not said.startswith("shape") else ""
        print(f"dl_d{name}".ljust(width), shape.ljust(9), "right" if said is None else said, sep="  ")
        if said is not None:
            wrong[name] = said
    if draw:
        _draw_gradients(slopes, yours)
    if wrong:
        name = next(iter(wrong))
        raise CheckFailed(f"dl_d{name} and central differences of the cost do not agree: {wrong[name]}.")


def _draw_gradients(slopes: Mapping[str, Numbers], yours: Mapping[str, Any]) -> None:
    _, axes = plt.subplots(figsize=(4, 3.4), layout="constrained")
    for name, slope in slopes.items():
        if np.size(yours[name]) == slope.size:
            axes.plot(slope.ravel(), np.ravel(yours[name]).astype(float), "o", label=f"dl_d{name}", alpha=0.8)
    low, high = min(axes.get_xlim()[0], axes.get_ylim()[0]), max(axes.get_xlim()[1], axes.get_ylim()[1])
    axes.plot([low, high], [low, high], color="0.6", linewidth=1, zorder=0)
    axes.set(xlabel="central differences", ylabel="your gradient", title="right means: on the line")
    axes.legend()
    plt.show()


def check(what: str, holds: Any, hint: str = "") -> None:
    """Say that something holds, or stop and say that it does not, with a hint."""
    if not bool(np.all(holds)):
        raise CheckFailed(f"This should hold: {what}." + (f"\nHint: {hint}" if hint else ""))
    print("right:", what)
