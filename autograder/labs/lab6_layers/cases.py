"""Cases of lab 6: layers that are objects, where samples are rows and some layers have seen another batch before;
and nets of two layers.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np

from autograder.checks.cases import Case, Cases, away_from_zero

FIRST, SECOND = "a first batch", "a second batch"


def linear_layer(sizes: Sequence[Sequence[int]] = ((1, 3, 2), (4, 2, 5), (3, 3, 3), (5, 4, 2), (2, 2, 1))) -> Cases:
    """Layers with W (D_o, D_i) and b (D_o,); a batch x (I, D_i) with the slope in its output, G (I, D_o).

    Besides x0 and G0, an earlier batch: without rows in the first three cases, of as many rows as x in the fourth, and
    of more in the others. Slopes dW and db of the parameters, and a learning rate lr. sizes: I, D_i and D_o of each
    case. In a square one a wrong product fits too.
    """

    def make(rng: np.random.Generator) -> Iterator[Case]:
        for number, (I, D_i, D_o) in enumerate(sizes):  # the course's own symbol
            before = _before(number, I)
            shapes = dict(W=(D_o, D_i), b=(D_o,), dW=(D_o, D_i), db=(D_o,), x0=(before, D_i), G0=(before, D_o),
                          x=(I, D_i), G=(I, D_o))  # fmt: skip
            # No entry is near 0, so that leaving one out shows. The second case has another magnitude.
            values: dict[str, Any] = {name: away_from_zero(rng, shape, 0.2, 2.0) for name, shape in shapes.items()}
            scale = 30.0 if number == 1 else 1.0
            values |= {"x": scale * values["x"], "lr": float(rng.uniform(0.05, 0.4))}
            yield Case(SECOND if before else FIRST, {"I": I, "D_i": D_i, "D_o": D_o}, values)

    return make


def batches(
    of: str = "x G", width: str = "D", sizes: Sequence[Sequence[int]] = ((1, 3), (4, 2), (5, 4), (2, 3))
) -> Cases:
    """Return cases: two arrays of one shape (I, D), and two of an earlier batch: x, G, x0 and G0.

    The earlier ones are without rows in the first cases; see `linear_layer`. of: the names of the two. width: the name
    of D. sizes: I and D of each case.
    """
    one, other = of.split()

    def make(rng: np.random.Generator) -> Iterator[Case]:
        for number, (I, D) in enumerate(sizes):  # the course's own symbol
            before = _before(number + 1, I)
            values = {f"{name}0": away_from_zero(rng, (before, D), 0.2, 2.0) for name in (one, other)}
            values |= {name: away_from_zero(rng, (I, D), 0.2, 2.0) for name in (one, other)}
            # Whoever goes by the wrong one of the two must see another sign, and both signs are there.
            values[one][0, :2] = np.abs(values[one][0, :2]) * [1, -1]
            values[other][0, :2] = np.abs(values[other][0, :2]) * [-1, 1]
            yield Case(SECOND if before else FIRST, {"I": I, width: D}, values)

    return make


def two_layers(sizes: Sequence[Sequence[int]] = ((1, 3, 4, 2), (5, 2, 3, 4), (3, 3, 3, 3), (4, 2, 6, 1))) -> Cases:
    """Networks of two layers with W1 (D, D_i), b1, W2 (D_o, D) and b2; x (I, D_i), G (I, D_o) and a learning rate lr.

    sizes: I, D_i, D and D_o of each case.
    """

    def make(rng: np.random.Generator) -> Iterator[Case]:
        for I, D_i, D, D_o in sizes:  # the course's own symbol
            shapes = dict(W1=(D, D_i), b1=(D,), W2=(D_o, D), b2=(D_o,), x=(I, D_i), G=(I, D_o))
            values: dict[str, Any] = {
                name: 0.6 * away_from_zero(rng, shape, 0.2, 2.0) for name, shape in shapes.items()
            }
            values["lr"] = float(rng.uniform(0.05, 0.4))
            yield Case("", {"I": I, "D_i": D_i, "D": D, "D_o": D_o}, values)

    return make


def _before(number: int, I: int) -> int:  # the course's own symbol
    """Return the number of rows of the earlier batch."""
    return 0 if number < 3 else I if number == 3 else I + 3


SIZES = ((7, 2, 5, 4), (3, 3, 3, 3), (1, 4, 6, 2))
"""I, D_i, D, D_o. In the second, square all over, arrays that don't fit together fit after all."""


def two_layer_net(sizes: Sequence[Sequence[int]] = SIZES, single: bool = False) -> Cases:
    """Parameters W1 (D, D_i), b1 (D,), W2 (D_o, D), b2 (D_o,), and a batch X (I, D_i), Y (I, D_o).

    With single, x (D_i,) and y (D_o,) instead. To step along, whatever the network's own gradients are: G_W1, G_b1,
    G_W2, G_b2, of the parameters' shapes, and the learning rate lr.
    """

    def make(rng: np.random.Generator) -> Iterator[Case]:
        for I, D_i, D, D_o in sizes:  # the course's own
            values = _drawn(rng, I, D_i, D, D_o)
            if single:
                values |= {"x": values.pop("X")[0], "y": values.pop("Y")[0]}
            yield Case("", {**({} if single else {"I": I}), "D_i": D_i, "D": D, "D_o": D_o}, values)

    return make


def two_layer_training(sizes: Sequence[Sequence[int]] = ((5, 2, 4, 3), (9, 2, 6, 3))) -> Cases:
    """As `two_layer_net`, with X in ±10 as a lab that scales it has it, further points (4, D_i), and epochs."""

    def make(rng: np.random.Generator) -> Iterator[Case]:
        for epochs, (I, D_i, D, D_o) in enumerate(sizes, start=2):  # the course's own
            values = _drawn(rng, I, D_i, D, D_o)
            data = {"X": 10 * values["X"], "points": rng.uniform(-10, 10, (4, D_i)), "epochs": epochs}
            yield Case("", {"I": I, "D_i": D_i, "D": D, "D_o": D_o}, {**values, **data})

    return make


def _drawn(rng: np.random.Generator, I: int, D_i: int, D: int, D_o: int) -> dict[str, Any]:
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
    """True if no sign is in doubt, and each sample has numbers of both signs: some come through ReLU, some don't."""
    on = f > 0
    return bool(np.abs(f).min() > 1e-3 and on.any(axis=1).all() and not on.all(axis=1).any())
