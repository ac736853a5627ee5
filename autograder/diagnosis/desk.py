# @title Helpers: run this cell once, no need to read it
"""Checks a student can run at their own desk.

This file is copied whole into every released notebook, into one locked and collapsed cell, and imported by the grader:
both speak with one voice. So it imports NumPy, Matplotlib and what comes with them, and nothing else.
"""

from collections.abc import Callable, Mapping
from contextlib import suppress
from copy import deepcopy
from typing import Any

import matplotlib.pyplot as plt
import numpy as np
from cycler import cycler

# Okabe and Ito's colours can be told apart by the colour-blind; a white ground keeps plots legible in dark mode.
plt.rcParams["axes.prop_cycle"] = cycler(color=["#0072B2", "#D55E00", "#009E73", "#CC79A7", "#E69F00", "#56B4E9"])
plt.rcParams.update({"figure.facecolor": "white", "axes.grid": True, "grid.alpha": 0.3, "axes.axisbelow": True})

Numbers = np.ndarray[Any, np.dtype[np.float64]]
Slack = float | Numbers

# Central differences err by h²·f'''/6 because the cost bends, and by eps·|f|/h because it is rounded. No one step suits
# every cost, so steps from 1 to 1e-12 are tried. For an ordinary cost the best leaves 1e-9 of its size or less: 1e-5 is
# far above that, and far below any real mistake. Underscored: a notebook may have STEPS of its own.
_STEPS = 10.0 ** -np.arange(13)
_TOLERANCE = 1e-5


class CheckFailed(AssertionError):
    """A check did not hold; shown as its message alone, without a traceback through the helpers."""

    def _render_traceback_(self) -> list[str]:
        return ["\x1b[31mNot yet.\x1b[0m " + str(self)]


def as_numbers(value: Any) -> Numbers | str:
    """The value as an array of real numbers, or what is wrong with it. True and False count as 1 and 0."""
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


def worst_relative_error(yours: Any, true: Any) -> float:
    """The largest |yours − true| relative to the largest entry of either; 0 where both are zero."""
    yours, true = np.asarray(yours, dtype=float), np.asarray(true, dtype=float)
    scale = max(np.abs(yours).max(initial=0), np.abs(true).max(initial=0))
    return float(np.abs(yours / scale - true / scale).max(initial=0)) if scale > 0 else 0.0


def verdict(yours: Any, true: Any, samples: int | None, slack: Slack, outputs: int | None = None) -> str | None:
    """What a wrong value looks like beside the right one, in a sentence; None where it is right up to slack.

    samples, outputs: how many there are, which tells what a ratio means. slack: one for all entries, or one for each.
    One number may be of shape (), (1,) or (1, 1).
    """
    yours, true = as_numbers(yours), np.asarray(true, dtype=float)
    if isinstance(yours, str):
        return yours
    if same_shape(yours, true) and _close(yours.reshape(true.shape), true, slack):
        return None
    said = [words for _, words in looks(yours, true, samples, slack, outputs)]
    if not same_shape(yours, true):
        return f"shape {yours.shape}, expected {true.shape}" + "".join(f": {first}" for first in said[:1])
    # With two samples a factor 2 has two explanations: both are given.
    times, found, cause = said[0].partition(" × what it should be: ")
    others = [one.partition(found)[2] for one in said[1:] if found and found in one]
    return "; or, ".join([times + found + cause, *others])


def same_shape(yours: Numbers, true: Numbers) -> bool:
    """Whether one can stand for the other: one number may be of shape (), (1,) or (1, 1)."""
    return yours.shape == true.shape or yours.size == true.size == 1


def looks(
    yours: Numbers, true: Numbers, samples: int | None, slack: Slack, outputs: int | None = None
) -> list[tuple[str, str]]:
    """What a wrong value is beside the right one: names of mistakes, each with its words, the likeliest first.

    A name is empty where the words describe and nothing more.
    """
    with np.errstate(over="ignore", invalid="ignore"):
        if not same_shape(yours, true):
            return _looks_of_shape(yours, true, samples, slack)
        return _looks_of_values(yours.reshape(true.shape), true, samples, slack, outputs)


def _close(yours: Numbers, true: Numbers, slack: Slack) -> bool:
    with np.errstate(over="ignore", invalid="ignore"):
        return yours.shape == true.shape and bool((np.abs(yours - true) <= slack).all())


def _looks_of_shape(yours: Numbers, true: Numbers, samples: int | None, slack: Slack) -> list[tuple[str, str]]:
    found = []
    if _close(yours.T, true, slack):
        found += [("transposed", "it is the transpose of what it should be")]
    if yours.size == true.size and {yours.ndim, true.ndim} == {1, 2} and 1 in (*yours.shape[:2], *true.shape[:2]):
        name, amiss = "axis-lost", "one axis is missing"
        if yours.ndim > true.ndim:
            name, amiss = "axis-added", "there is one axis too many"
        same = _close(yours.reshape(true.shape), true, slack)
        # A row stands beside a flat array as if it were one; a column makes a square of it.
        column = (true.size, 1) in (yours.shape, true.shape)
        square = ", and broadcasting will make a square matrix of it further on" if column else ""
        found += [(name if same else "", amiss + square)] if same or column else []
    for axis in (axis for axis, length in enumerate(yours.shape) if length > 1):
        for name, total in (("sum", yours.sum(axis)), ("mean", yours.mean(axis))):
            if total.size == true.size and _close(total.reshape(true.shape), true, slack):
                found += [(f"{name}-not-taken", f"the {name} over axis {axis} is still to be taken")]
    if not found and samples and samples > 1 and samples in yours.shape and samples not in true.shape:
        found += [("", f"there is still one entry for each of the {samples} samples")]
    return found


def _looks_of_values(
    yours: Numbers, true: Numbers, samples: int | None, slack: Slack, outputs: int | None
) -> list[tuple[str, str]]:
    found = [] if yours.any() else [("zeros", "it is zero everywhere")]
    if yours.ndim == 2 and _close(yours.T, true, slack):
        found += [("transposed", "it is the transpose of what it should be")]
    if (error := worst_relative_error(yours, true)) < 1e-3:
        found += [
            ("", f"it is nearly right, off by {error:.2g} of its size: is something rounded, or computed in float32?")
        ]
    found += _ratios(yours, true, samples, slack, outputs)
    found += [("", f"every {line} of it is the same, and should not be") for axis, line in enumerate(("row", "column"))
              if true.ndim == 2 and _same_lines(yours, axis, slack) and not _same_lines(true, axis, slack)]  # fmt: skip
    off = np.argwhere(np.abs(yours - true) > slack)
    if len(off) < true.size:
        where = tuple(map(int, next(iter(off), ())))
        found += [("", f"{len(off)} of its {true.size} entries are off, the first at index {where}")]
    return [*found, ("", f"it is off by {error:.2g} of its size")]


def _same_lines(values: Numbers, axis: int, slack: Slack) -> bool:
    return _close(values, np.broadcast_to(values.take([0], axis), values.shape), slack)


def _ratios(
    yours: Numbers, true: Numbers, samples: int | None, slack: Slack, outputs: int | None
) -> list[tuple[str, str]]:
    """What a constant ratio means: names and words of all that fit it, or the ratio alone."""
    largest = np.unravel_index(np.abs(true).argmax(), true.shape)
    ratio = float(yours[largest]) / float(true[largest]) if true[largest] else 0.0
    if not ratio or not _close(yours / ratio, true, slack):
        return []
    known = [("sign", -1, "−1", "a sign is wrong"), ("factor-2-twice", 2, "2", "a factor 2 too many"),
             ("factor-2-missing", 0.5, "½", "a factor 2 is missing")]  # fmt: skip
    n, k = samples or 0, outputs or 0
    for of, what, many in (
        ("mean", f"{n} samples", n),
        ("mean-over-outputs", f"{k} outputs", k),
        ("mean", f"{n} samples of {k} outputs", n * k),
    ):
        if many > 1:
            known += [(f"{of}-missing", many, f"{many}", f"with {what}, is a mean missing?"),
                      (f"{of}-taken-twice", 1 / many, f"1/{many}", f"with {what}, is a mean taken twice?")]  # fmt: skip
    tolerance = np.broadcast_to(slack, true.shape)[largest] / abs(true[largest])
    fits = [(name, f"{times} × what it should be: {cause}") for name, factor, times, cause in known
            if factor and abs(ratio / factor - 1) <= tolerance]  # fmt: skip
    # Of a single number any ratio fits, and an unknown one says nothing but the answer.
    return fits or ([] if true.size == 1 else [("", f"{ratio:.4g} × what it should be, in every entry")])


def central_differences(cost: Callable[..., Any], at: Mapping[str, Any], name: str) -> Numbers:
    """The slope of cost(**at) in each entry of at[name], from two costs a small step apart."""
    return _measure(cost, at, name)[0]


def _measure(cost: Callable[..., Any], at: Mapping[str, Any], name: str) -> tuple[Numbers, Numbers, float, bool]:
    """What `_slope` says of each entry of at[name]: slopes, doubts, the highest wall, whether any moves the cost."""
    value = np.array(at[name], dtype=float)

    def after(step: float, index: tuple[int, ...]) -> float:
        there = value.copy()
        there[index] += step
        # A long step may lead where there is no cost, as to the logarithm of less than nothing.
        with suppress(ArithmeticError, ValueError):
            return _one_number(cost(**deepcopy({**at, name: there[()]})))
        return np.nan

    size = max(1.0, float(np.abs(value).max()))
    with np.errstate(all="ignore"):
        entries = [_slope(after, size, index) for index in np.ndindex(value.shape)]
    slopes, doubts, walls, moves = zip(*entries, strict=True)
    return np.reshape(slopes, value.shape), np.reshape(doubts, value.shape), max(walls), any(moves)


def _slope(after: Callable[..., float], size: float, index: tuple[int, ...]) -> tuple[float, float, float, bool]:
    """The slope of the cost in one entry; how far off it may be; how steep the cost gets close by; whether it moves.

    A long step misses how the cost bends, a short one drowns in rounding. Where a step and the next shorter one agree
    best, the shorter one is believed, and what they disagree by is its doubt.
    """
    best, doubt, wall, moves = 0.0, np.inf, 0.0, False
    slope_before = bend_before = np.nan
    here = after(0.0, index)
    for step in size * _STEPS:
        costs = np.array([after(-step, index), here, after(step, index)])
        down, up = np.diff(costs) / step
        slope, bend = (up + down) / 2, (up - down) / 2
        digits = np.float32 if (costs == costs.astype(np.float32)).all() else np.float64
        # A tiny cost may be the difference of numbers that are not tiny.
        rounding = 4 * np.finfo(digits).eps * max(1.0, np.abs(costs).max()) / step
        # A smooth cost bends ten times less over a step ten times shorter; at a kink it bends as much.
        error = abs(slope - slope_before) + abs(bend - bend_before / 10) + rounding
        steep = abs(slope) + abs(bend)
        # Far out on a plateau errors are small because slopes are: they don't count as agreement.
        if error <= steep / 2 + rounding:
            wall = wall or float(steep)
            if error < doubt:
                best, doubt = float(slope), float(error)
        if rounding > doubt or doubt <= _TOLERANCE / 100 * max(abs(best), wall / 1000):
            break
        moves = moves or bool(up or down)
        slope_before, bend_before = slope, bend
    return best, doubt, wall, moves


def _one_number(cost: Any) -> float:
    value = np.asarray(cost)
    if value.size != 1 or value.dtype.kind not in "biuf":
        raise CheckFailed(f"the cost should be one number, but it is {cost!r}"[:200])
    return float(value.item())


def check_gradient(
    cost: Callable[..., Any],
    at: Mapping[str, Any],
    yours: Mapping[str, Any],
    samples: int | None = None,
    draw: bool = False,
    outputs: int | None = None,
    alone: Callable[[], tuple[Callable[..., Any], Mapping[str, Any]]] | None = None,
) -> None:
    """Compare your gradient with central differences of the cost, one line a parameter; fail if any is wrong.

    cost: a function of the parameters by name. at: their values. yours: your gradient, by the same names.
    samples, outputs: how many the cost averages over. draw: show yours against the differences as a picture.
    alone: gives the cost of one sample alone and your gradient for it, to be looked at where yours is wrong.
    """
    at = {**at, **{name: np.array(at[name], dtype=float)[()] for name in yours}}
    # A cost that is not finite or does not move can't tell a right gradient from a wrong one.
    if not np.isfinite(_one_number(cost(**deepcopy(at)))):
        raise CheckFailed("the cost is not a finite number here, so nothing can be checked: look at the forward pass")
    measured = {name: _measure(cost, at, name) for name in yours}
    if not any(moves for *_, moves in measured.values()):
        raise CheckFailed("the cost does not change when the parameters do: write the forward pass first")
    found = {name: _gradient_verdict(yours[name], samples, outputs, *measured[name]) for name in yours}
    wide = max((len(str(np.shape(slopes))) for slopes, *_ in measured.values()), default=0)
    for name, said in found.items():
        shape, error = _shape_and_error(yours[name], measured[name][0])
        print(f"dl_d{name}".ljust(4 + max(map(len, yours))), shape.ljust(wide), error.ljust(16), said, sep="  ")
    if draw:
        _draw_gradients({name: slopes for name, (slopes, *_) in measured.items()}, yours)
    for name, said in found.items():
        if not said.startswith(("right", "can't tell")):
            said += _another(name, yours, measured)
            said += "" if said.endswith("?") else "."
            said += _alone(alone, at) if alone and samples != 1 else ""
            raise CheckFailed(f"dl_d{name} and central differences of the cost do not agree: {said}")
    if "right" not in found.values():
        raise CheckFailed("nothing could be checked: small steps give no clear slope of the cost here")


def _gradient_verdict(
    yours: Any, samples: int | None, outputs: int | None, slopes: Numbers, doubts: Numbers, wall: float, moves: bool
) -> str:
    # At the bottom of a valley slopes are zero up to rounding: there an error is measured by the walls.
    scale = max(np.abs(slopes).max(), wall / 1000)
    if said := verdict(yours, slopes, samples, _TOLERANCE * scale + 3 * doubts, outputs):
        return said
    if not moves:
        return "can't tell: the cost does not change with it"
    return "right" if doubts.max() < scale / 100 else "can't tell: small steps give no clear slope of the cost"


def _shape_and_error(yours: Any, slopes: Numbers) -> tuple[str, str]:
    """What a line says of a value before its verdict; nothing where there is nothing to compare."""
    numbers = as_numbers(yours)
    if isinstance(numbers, str) or not same_shape(numbers, slopes):
        return "", ""
    error = worst_relative_error(numbers.reshape(slopes.shape), slopes)
    # What rounding leaves differs from machine to machine: its power of ten is enough.
    below = (f"error below 1e-{n}" for n in (5, 4, 3) if error < 10.0**-n)
    return str(numbers.shape), next(below, f"error {error:.2g}")


def _another(name: str, yours: Mapping[str, Any], measured: Mapping[str, tuple[Numbers, Numbers, float, bool]]) -> str:
    """Whether a wrong value is right for another parameter."""
    own = as_numbers(yours[name])
    for other, (slopes, doubts, *_) in measured.items():
        slack = _TOLERANCE * np.abs(slopes).max() + 3 * doubts
        if other != name and not isinstance(own, str) and slopes.any() and _close(own, slopes, slack):
            return f"; it is what dl_d{other} should be, so is the order right?"
    return ""


def _alone(alone: Callable[[], tuple[Callable[..., Any], Mapping[str, Any]]], at: Mapping[str, Any]) -> str:
    with suppress(Exception):  # what goes wrong for one sample says nothing about several
        cost, yours = alone()
        found = [_gradient_verdict(yours[name], 1, None, *_measure(cost, at, name)) for name in yours]
        if found and all(said == "right" for said in found):
            return " For one sample alone it is right: is the sum, or the mean, over the samples as it should be?"
    return ""


def _draw_gradients(slopes: Mapping[str, Numbers], yours: Mapping[str, Any]) -> None:
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
    """Say that something holds, or stop and say that it does not, with a hint. Several conditions must all be True."""
    held = np.asarray(holds)
    # An empty array, NaN or a generator is no condition that holds.
    if held.dtype != bool or not held.size or not held.all():
        raise CheckFailed(f"This should hold: {what}." + (f"\nHint: {hint}" if hint else ""))
    print("right:", what)
