"""Cases of the toy model: one chain, one sample."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np

from autograder import reference
from autograder.checks.cases import Case, Cases


def toy_model(count: int = 6) -> Cases:
    """Toy models with a right forward pass and right gradients of it, each value under the lab's own name.

    Parameters beta0 … omega3, also as beta (4,) and omega (4,), x and y; f0 … l_i of the forward pass; dldf3 … dldf0.
    """

    def make(rng: np.random.Generator) -> Iterator[Case]:
        for _ in range(count):
            values, passes = _drawn(rng)
            # Where a value is nearly 0 or huge, rounding grows, and a mistake may hide: such a model is drawn again.
            while not all(0.05 < abs(value) < 50 for value in passes.values()):
                values, passes = _drawn(rng)
            yield Case("", {}, values | passes)

    return make


def _drawn(rng: np.random.Generator) -> tuple[dict[str, Any], dict[str, float]]:
    beta, omega = rng.normal(size=4), rng.uniform(0.3, 1.5, size=4) * rng.choice([-1, 1], size=4)
    x, y = (float(value) for value in rng.uniform(0.3, 2.5, size=2))
    named = {f"{name}{k}": float(row[k]) for name, row in (("beta", beta), ("omega", omega)) for k in range(4)}
    forward = reference.toy_model.forward(x, y, beta, omega)
    backward = reference.toy_model.backward(forward, y, omega)
    passes = {name: float(value) for name, value in {**forward._asdict(), **backward._asdict()}.items()}
    return {"beta": beta, "omega": omega, "x": x, "y": y, **named}, passes
