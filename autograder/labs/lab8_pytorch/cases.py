"""Random cases of lab 8: networks of one hidden layer of tanh units, and noisy curves to fit one to."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import cycle
from typing import Any

import numpy as np

from autograder.checks.cases import Case, Cases, away_from_zero, by_samples

NOISE = 0.3
"""Standard deviation of the noise on a curve."""


def tanh_nets(
    samples: Sequence[int] = (1, 4, 9),
    networks: Sequence[Sequence[int]] = ((1, 5, 1), (2, 4, 3)),
    groups: bool = True,
) -> Cases:
    """Return cases of networks with data: x (I, D_i), t (I, D_o), W1 (D, D_i), b1 (D,), W2 (D_o, D), b2 (D_o,), and lr.

    samples: the numbers of samples I. networks: widths D_i, D, D_o. There is one case for each combination. groups:
    True if cases of one sample and of several share the points. Errors are about as large as the outputs, and no unit
    is near the flat ends of tanh.
    """

    def make(rng: np.random.Generator) -> Iterator[Case]:
        for I in samples:  # the course's own symbol
            for D_i, D, D_o in networks:
                shapes = dict(x=(I, D_i), t=(I, D_o), W1=(D, D_i), b1=(D,), W2=(D_o, D), b2=(D_o,))
                values: dict[str, Any] = {name: away_from_zero(rng, shape, 0.2, 1.2) for name, shape in shapes.items()}
                values["lr"] = float(rng.uniform(0.05, 0.5))
                yield Case(by_samples(groups, samples, I), {"I": I, "D_i": D_i, "D": D, "D_o": D_o}, values)

    return make


def noisy_runs(epochs: Sequence[int] = (1, 2, 7), samples: Sequence[int] = (7, 12)) -> Cases:
    """Return cases of short runs that a submission must reproduce exactly.

    Inputs are noisy points x (I, 1) and t (I, 1), hidden, lr, epochs and seed. epochs: the number of steps of each
    case. samples: the numbers of points I, taken in turn.
    """

    def make(rng: np.random.Generator) -> Iterator[Case]:
        for steps, I in zip(epochs, cycle(samples), strict=False):  # the course's own symbol
            x = np.sort(rng.uniform(-3, 3, (I, 1)), axis=0)
            run = {"hidden": int(rng.integers(3, 9)), "lr": float(rng.uniform(0.05, 0.2)), "seed": _seed(rng)}
            yield Case("", {"I": I}, {"x": x, "t": _curve(x) + NOISE * rng.normal(size=(I, 1)), "epochs": steps, **run})

    return make


def measured_anew(x: np.ndarray[Any, Any], times: int = 3) -> Cases:
    """Return one case: targets (times, I, 1) of a curve (I, 1) at the same places x (I, 1), each with its own noise.

    noise: the standard deviation of the noise, exact in each of the targets, so that a submission that returns the
    targets has an error of one variance of the noise.
    """

    def make(rng: np.random.Generator) -> Iterator[Case]:
        errors = rng.normal(size=(times, *x.shape))
        errors *= NOISE / np.sqrt(np.mean(errors**2, axis=1, keepdims=True))
        yield Case("", {"I": len(x)}, {"targets": _curve(x) + errors, "curve": _curve(x), "noise": NOISE})

    return make


def _curve(x: np.ndarray[Any, Any]) -> np.ndarray[Any, Any]:
    """Return the curve without noise at the places x."""
    curve: np.ndarray[Any, Any] = np.sin(1.5 * x)
    return curve


def _seed(rng: np.random.Generator) -> int:
    return int(rng.integers(1, 10_000))
