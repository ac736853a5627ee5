"""Random cases of lab 1: linear models, and data to fit one to."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import product
from typing import Any

import numpy as np

from autograder.checks.cases import Case, Cases, by_samples


def linear_regression(
    samples: Sequence[int] = (1, 2, 17),
    inputs: Sequence[int] = (1, 3, 7),
    scales: Sequence[float] = (1.0, 30.0),
    groups: bool = True,
) -> Cases:
    """Return cases of linear models with data: net_input (I, D_i), weights (D_i, 1), bias (1, 1), y (I, 1), and more.

    Also net_output (I, 1), the gradients dl_dweights (D_i, 1) and dl_dbias (1, 1), and a learning rate alpha.
    net_output is random, not the model's output, so a submission that computes it anew gets other gradients. samples,
    inputs, scales: one case for each combination of I, D_i and the scale of the entries. groups: True if cases of one
    sample and of several share the points.
    """

    def make(rng: np.random.Generator) -> Iterator[Case]:
        for I, D_i, scale in product(samples, inputs, scales):  # the course's own symbol
            shapes = dict(
                net_input=(I, D_i), weights=(D_i, 1), bias=(1, 1), net_output=(I, 1), y=(I, 1),
                dl_dweights=(D_i, 1), dl_dbias=(1, 1),
            )  # fmt: skip
            values: dict[str, Any] = {name: scale * rng.normal(size=shape) for name, shape in shapes.items()}
            values["alpha"] = float(rng.uniform(0.01, 0.9))
            yield Case(by_samples(groups, samples, I), {"I": I, "D_i": D_i}, values)

    return make


def regression_data(
    samples: Sequence[int] = (5, 40), inputs: Sequence[int] = (1, 4), iterations: Sequence[int] = (1, 2, 30)
) -> Cases:
    """Return cases of data to fit: x_train (I, D_i), correlated and off centre, y_train (I, 1), iterations and alpha.

    alpha is a step size at which the costs fall. samples, inputs, iterations: one case for each combination of I, D_i
    and the number of iterations.
    """

    def make(rng: np.random.Generator) -> Iterator[Case]:
        for I, D_i, count in product(samples, inputs, iterations):  # the course's own symbol
            x = rng.normal(size=(I, D_i)) @ rng.normal(size=(D_i, D_i)) + rng.normal(size=D_i)
            y = x @ rng.normal(size=(D_i, 1)) + 2 + rng.normal(size=(I, 1))
            # Half of the largest stable step for this data: costs fall, and no rounding error grows.
            design = np.hstack([x, np.ones((I, 1))])
            alpha = float(0.5 * I / np.linalg.eigvalsh(design.T @ design).max())
            sizes = {"I": I, "D_i": D_i, "iterations": count}
            yield Case("", sizes, dict(x_train=x, y_train=y, iterations=count, alpha=alpha))

    return make
