"""Random cases for hidden tests: fresh for every submission, the same for every regrade of one.

A factory such as `linear_regression(samples=(1, 2, 17))` returns a function of a random generator, so that the check
decides the seed and the lab decides the shapes.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import product
from typing import Any

import numpy as np

from autograder import reference


@dataclass(frozen=True)
class Case:
    """One set of inputs."""

    group: str
    """The line of the rubric it belongs to: "one sample"; empty where there is only one."""
    sizes: Mapping[str, int]
    """What a student would call its shape: {"I": 17, "D_i": 3}."""
    values: Mapping[str, Any]
    """Inputs by the names that the lab gives them."""

    def pick(self, names: str) -> dict[str, Any]:
        """The inputs of these names, in this order."""
        return {name: self.values[name] for name in names.split()}


Cases = Callable[[np.random.Generator], Iterator[Case]]


def linear_regression(
    samples: Sequence[int] = (1, 2, 17), inputs: Sequence[int] = (1, 3, 7), scales: Sequence[float] = (1.0, 30.0)
) -> Cases:
    """Linear models with data: net_input (I, D_i), weights (D_i, 1), bias (1, 1), net_output and y (I, 1), and more.

    Also gradients dl_dweights (D_i, 1) and dl_dbias (1, 1) and a learning rate alpha. The net_output is not what the
    model says: whoever computes it anew is found out.
    """

    def make(rng: np.random.Generator) -> Iterator[Case]:
        for I, D_i, scale in product(samples, inputs, scales):  # noqa: E741  # the course's own symbol
            shapes = dict(
                net_input=(I, D_i), weights=(D_i, 1), bias=(1, 1), net_output=(I, 1), y=(I, 1),
                dl_dweights=(D_i, 1), dl_dbias=(1, 1),
            )  # fmt: skip
            values: dict[str, Any] = {name: scale * rng.normal(size=shape) for name, shape in shapes.items()}
            values["alpha"] = float(rng.uniform(0.01, 0.9))
            group = "" if min(samples) > 1 or max(samples) == 1 else "one sample" if I == 1 else "several samples"
            yield Case(group, {"I": I, "D_i": D_i}, values)

    return make


def regression_data(
    samples: Sequence[int] = (5, 40), inputs: Sequence[int] = (1, 4), iterations: Sequence[int] = (1, 2, 30)
) -> Cases:
    """Data to fit: x_train (I, D_i), correlated and off centre, y_train (I, 1), iterations and a step size alpha."""

    def make(rng: np.random.Generator) -> Iterator[Case]:
        for I, D_i, count in product(samples, inputs, iterations):  # noqa: E741  # the course's own symbol
            x = rng.normal(size=(I, D_i)) @ rng.normal(size=(D_i, D_i)) + rng.normal(size=D_i)
            y = x @ rng.normal(size=(D_i, 1)) + 2 + rng.normal(size=(I, 1))
            # Half of the largest stable step for this data, so that costs fall and no rounding error grows.
            design = np.hstack([x, np.ones((I, 1))])
            alpha = float(0.5 * I / np.linalg.eigvalsh(design.T @ design).max())
            sizes = {"I": I, "D_i": D_i, "iterations": count}
            yield Case("", sizes, dict(x_train=x, y_train=y, iterations=count, alpha=alpha))

    return make


def toy_model(count: int = 6) -> Cases:
    """Toy models with a right forward pass and right gradients of it, each value under the lab's own name.

    Parameters beta0 … omega3, also as beta (4,) and omega (4,), x and y; f0 … l_i of the forward pass; dldf3 … dldf0.
    """

    def make(rng: np.random.Generator) -> Iterator[Case]:
        for _ in range(count):
            values, passes = _toy_model(rng)
            # Where a value is nearly 0 or huge, rounding grows, and a mistake may hide: such a model is drawn again.
            while not all(0.05 < abs(value) < 50 for value in passes.values()):
                values, passes = _toy_model(rng)
            yield Case("", {}, values | passes)

    return make


def _toy_model(rng: np.random.Generator) -> tuple[dict[str, Any], dict[str, float]]:
    beta, omega = rng.normal(size=4), rng.uniform(0.3, 1.5, size=4) * rng.choice([-1, 1], size=4)
    x, y = (float(value) for value in rng.uniform(0.3, 2.5, size=2))
    named = {f"{name}{k}": float(row[k]) for name, row in (("beta", beta), ("omega", omega)) for k in range(4)}
    forward = reference.toy_model.forward(x, y, beta, omega)
    backward = reference.toy_model.backward(forward, y, omega)
    passes = {name: float(value) for name, value in {**forward._asdict(), **backward._asdict()}.items()}
    return {"beta": beta, "omega": omega, "x": x, "y": y, **named}, passes
