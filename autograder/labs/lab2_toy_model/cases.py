"""Random cases of lab 2: the toy model, one chain of functions of one sample."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np

from autograder import reference
from autograder.checks.cases import Case, Cases


def toy_model(count: int = 6) -> Cases:
    """Return cases of toy models with a correct forward pass and its gradients, each value under the lab's own name.

    Parameters beta0 … omega3, also as beta (4,) and omega (4,), x and y; f0 … l_i of the forward pass; dldf3 … dldf0.
    count: the number of cases.
    """

    def make(rng: np.random.Generator) -> Iterator[Case]:
        for _ in range(count):
            values, passes = _draw_model(rng)
            # A value near 0 or a huge one makes rounding errors grow and may hide a mistake: draw another model.
            while not all(0.05 < abs(value) < 50 for value in passes.values()):
                values, passes = _draw_model(rng)
            yield Case("", {}, values | passes)

    return make


def _draw_model(rng: np.random.Generator) -> tuple[dict[str, Any], dict[str, float]]:
    """Return the inputs of a random model, and the values of its forward and backward pass."""
    beta, omega = rng.normal(size=4), rng.uniform(0.3, 1.5, size=4) * rng.choice([-1, 1], size=4)
    x, y = (float(value) for value in rng.uniform(0.3, 2.5, size=2))
    named = {f"{name}{k}": float(row[k]) for name, row in (("beta", beta), ("omega", omega)) for k in range(4)}
    forward = reference.toy_model.forward(x, y, beta, omega)
    backward = reference.toy_model.backward(forward, y, omega)
    passes = {name: float(value) for name, value in {**forward._asdict(), **backward._asdict()}.items()}
    return {"beta": beta, "omega": omega, "x": x, "y": y, **named}, passes
