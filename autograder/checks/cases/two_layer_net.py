"""Cases of a network of two layers with ReLU in between; samples are rows, or there is one flat sample."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np

from autograder.checks.cases.case import Case, Cases

SIZES = ((7, 2, 5, 4), (3, 3, 3, 3), (1, 4, 6, 2))
"""I, D_i, D, D_o. In the second, square all over, arrays that don't fit together fit after all."""


def two_layer_net(sizes: Sequence[Sequence[int]] = SIZES, single: bool = False) -> Cases:
    """Parameters W1 (D, D_i), b1 (D,), W2 (D_o, D), b2 (D_o,), and a batch X (I, D_i), Y (I, D_o).

    With single, x (D_i,) and y (D_o,) instead. To step along, whatever the network's own gradients are: G_W1, G_b1,
    G_W2, G_b2, of the parameters' shapes, and the learning rate lr.
    """

    def make(rng: np.random.Generator) -> Iterator[Case]:
        for I, D_i, D, D_o in sizes:  # noqa: E741  # the course's own
            values = _drawn(rng, I, D_i, D, D_o)
            if single:
                values |= {"x": values.pop("X")[0], "y": values.pop("Y")[0]}
            yield Case("", {**({} if single else {"I": I}), "D_i": D_i, "D": D, "D_o": D_o}, values)

    return make


def two_layer_training(sizes: Sequence[Sequence[int]] = ((5, 2, 4, 3), (9, 2, 6, 3))) -> Cases:
    """As `two_layer_net`, with X in ±10 as a lab that scales it has it, further points (4, D_i), and epochs."""

    def make(rng: np.random.Generator) -> Iterator[Case]:
        for epochs, (I, D_i, D, D_o) in enumerate(sizes, start=2):  # noqa: E741  # the course's own
            values = _drawn(rng, I, D_i, D, D_o)
            data = {"X": 10 * values["X"], "points": rng.uniform(-10, 10, (4, D_i)), "epochs": epochs}
            yield Case("", {"I": I, "D_i": D_i, "D": D, "D_o": D_o}, {**values, **data})

    return make


def _drawn(rng: np.random.Generator, I: int, D_i: int, D: int, D_o: int) -> dict[str, Any]:  # noqa: E741
    while True:
        W1, b1 = rng.normal(0, np.sqrt(2 / D_i), (D, D_i)), rng.normal(0, 0.5, D)
        W2, b2 = rng.normal(0, np.sqrt(2 / D), (D_o, D)), rng.normal(0, 0.5, D_o)
        X = rng.uniform(-1, 1, (I, D_i))
        Z1 = X @ W1.T + b1
        Y_hat = np.maximum(Z1, 0) @ W2.T + b2
        # Whoever forgets b1 should have a hidden layer that can be followed, too.
        if _tells(Z1) and _tells(Z1 - b1) and _tells(Y_hat):
            break
    Y = Y_hat + rng.choice([-1, 1], Y_hat.shape) * rng.uniform(0.5, 2, Y_hat.shape)
    parameters = {"W1": W1, "b1": b1, "W2": W2, "b2": b2}
    G = {f"G_{name}": rng.normal(size=value.shape) for name, value in parameters.items()}
    return dict(**parameters, X=X, Y=Y, lr=float(rng.uniform(0.1, 0.5)), **G)


def _tells(f: np.ndarray[Any, Any]) -> bool:
    """Whether no sign is in doubt, and each sample has numbers of both signs: some come through ReLU, some don't."""
    on = f > 0
    return bool(np.abs(f).min() > 1e-3 and on.any(axis=1).all() and not on.all(axis=1).any())
