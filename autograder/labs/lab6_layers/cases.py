"""Random cases of lab 6: layers that are objects, some of which have seen another batch before, and two-layer nets.

Samples are rows.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np

from autograder.checks.cases import Case, Cases, away_from_zero

FIRST, SECOND = "a first batch", "a second batch"


def linear_layer(sizes: Sequence[Sequence[int]] = ((1, 3, 2), (4, 2, 5), (3, 3, 3), (5, 4, 2), (2, 2, 1))) -> Cases:
    """Return cases of layers with W (D_o, D_i) and b (D_o,), a batch x (I, D_i) and its upstream gradient G (I, D_o).

    x0 and G0 are an earlier batch: without rows in the first three cases, with as many rows as x in the fourth, with
    more in the others. dW and db are gradients of the parameters, lr is a learning rate. sizes: I, D_i and D_o of each
    case. In a square layer a wrong product fits, too.
    """

    def make(rng: np.random.Generator) -> Iterator[Case]:
        for number, (I, D_i, D_o) in enumerate(sizes):  # the course's own symbol
            I0 = _earlier_rows(number, I)
            shapes = dict(W=(D_o, D_i), b=(D_o,), dW=(D_o, D_i), db=(D_o,), x0=(I0, D_i), G0=(I0, D_o),
                          x=(I, D_i), G=(I, D_o))  # fmt: skip
            # No entry is near 0, so that one left out shows. The second case has larger inputs.
            values: dict[str, Any] = {name: away_from_zero(rng, shape, 0.2, 2.0) for name, shape in shapes.items()}
            scale = 30.0 if number == 1 else 1.0
            values |= {"x": scale * values["x"], "lr": float(rng.uniform(0.05, 0.4))}
            yield Case(SECOND if I0 else FIRST, {"I": I, "D_i": D_i, "D_o": D_o}, values)

    return make


def batches(
    of: str = "x G", width: str = "D", sizes: Sequence[Sequence[int]] = ((1, 3), (4, 2), (5, 4), (2, 3))
) -> Cases:
    """Return cases of two arrays of one shape (I, D), and two of an earlier batch: x, G, x0 and G0.

    The earlier ones have no rows in the first two cases, as many as x in the third, and more in the fourth. of: the
    names of the two arrays. width: the name of D. sizes: I and D of each case.
    """
    first, second = of.split()

    def make(rng: np.random.Generator) -> Iterator[Case]:
        for number, (I, D) in enumerate(sizes):  # the course's own symbol
            I0 = _earlier_rows(number + 1, I)
            values = {f"{name}0": away_from_zero(rng, (I0, D), 0.2, 2.0) for name in (first, second)}
            values |= {name: away_from_zero(rng, (I, D), 0.2, 2.0) for name in (first, second)}
            # The two arrays differ in sign in two places, so that a mask of the wrong one shows.
            values[first][0, :2] = np.abs(values[first][0, :2]) * [1, -1]
            values[second][0, :2] = np.abs(values[second][0, :2]) * [-1, 1]
            yield Case(SECOND if I0 else FIRST, {"I": I, width: D}, values)

    return make


def two_layers(sizes: Sequence[Sequence[int]] = ((1, 3, 4, 2), (5, 2, 3, 4), (3, 3, 3, 3), (4, 2, 6, 1))) -> Cases:
    """Return cases of two-layer networks: W1 (D, D_i), b1 (D,), W2 (D_o, D), b2 (D_o,), x (I, D_i), G (I, D_o) and lr.

    G is the upstream gradient, lr a learning rate. sizes: I, D_i, D and D_o of each case.
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


def _earlier_rows(number: int, I: int) -> int:  # the course's own symbol
    """Return the number of rows of the earlier batch; number: the place of the case, I: its number of samples."""
    return 0 if number < 3 else I if number == 3 else I + 3


SIZES = ((7, 2, 5, 4), (3, 3, 3, 3), (1, 4, 6, 2))
"""I, D_i, D, D_o of each case. In the second, square all over, arrays fit in any order."""


def two_layer_net(sizes: Sequence[Sequence[int]] = SIZES, single: bool = False) -> Cases:
    """Return cases of parameters W1 (D, D_i), b1 (D,), W2 (D_o, D), b2 (D_o,), and a batch X (I, D_i), Y (I, D_o).

    single: True for one sample x (D_i,), y (D_o,) in place of the batch. For a step that does not depend on the
    submission's gradients there are G_W1, G_b1, G_W2, G_b2, of the parameters' shapes, and the learning rate lr. sizes:
    I, D_i, D and D_o of each case.
    """

    def make(rng: np.random.Generator) -> Iterator[Case]:
        for I, D_i, D, D_o in sizes:  # the course's own symbol
            values = _draw_network(rng, I, D_i, D, D_o)
            if single:
                values |= {"x": values.pop("X")[0], "y": values.pop("Y")[0]}
            yield Case("", {**({} if single else {"I": I}), "D_i": D_i, "D": D, "D_o": D_o}, values)

    return make


def two_layer_training(sizes: Sequence[Sequence[int]] = ((5, 2, 4, 3), (9, 2, 6, 3))) -> Cases:
    """Return the same kind of cases as `two_layer_net`, with points (4, D_i) and a number of epochs besides.

    X is within ±10, as before the lab's scaling.
    """

    def make(rng: np.random.Generator) -> Iterator[Case]:
        for epochs, (I, D_i, D, D_o) in enumerate(sizes, start=2):  # the course's own symbol
            values = _draw_network(rng, I, D_i, D, D_o)
            data = {"X": 10 * values["X"], "points": rng.uniform(-10, 10, (4, D_i)), "epochs": epochs}
            yield Case("", {"I": I, "D_i": D_i, "D": D, "D_o": D_o}, {**values, **data})

    return make


def _draw_network(rng: np.random.Generator, I: int, D_i: int, D: int, D_o: int) -> dict[str, Any]:
    """Return the arrays of a random network, a batch and a step."""
    while True:
        W1, b1 = rng.normal(0, np.sqrt(2 / D_i), (D, D_i)), rng.normal(0, 0.5, D)
        W2, b2 = rng.normal(0, np.sqrt(2 / D), (D_o, D)), rng.normal(0, 0.5, D_o)
        X = rng.uniform(-1, 1, (I, D_i))
        Z1 = X @ W1.T + b1
        Y_hat = np.maximum(Z1, 0) @ W2.T + b2
        # Without b1 the hidden layer must be as clear, so that an error there can be carried forward.
        if _signs_are_clear(Z1) and _signs_are_clear(Z1 - b1) and _signs_are_clear(Y_hat):
            break
    Y = Y_hat + rng.choice([-1, 1], Y_hat.shape) * rng.uniform(0.5, 2, Y_hat.shape)
    parameters = {"W1": W1, "b1": b1, "W2": W2, "b2": b2}
    G = {f"G_{name}": rng.normal(size=value.shape) for name, value in parameters.items()}
    return dict(**parameters, X=X, Y=Y, lr=float(rng.uniform(0.1, 0.5)), **G)


def _signs_are_clear(f: np.ndarray[Any, Any]) -> bool:
    """True if every sign is clear, and each sample has entries of both signs: ReLU passes some and stops some."""
    on = f > 0
    return bool(np.abs(f).min() > 1e-3 and on.any(axis=1).all() and not on.all(axis=1).any())
