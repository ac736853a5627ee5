"""Cases of layers that are objects, lab 6: samples are rows, and some layers have seen another batch before."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np

from autograder.checks.cases.case import Case, Cases, away_from_zero

FIRST, SECOND = "a first batch", "a second batch"


def linear_layer(sizes: Sequence[Sequence[int]] = ((1, 3, 2), (4, 2, 5), (3, 3, 3), (5, 4, 2), (2, 2, 1))) -> Cases:
    """Layers with W (D_o, D_i) and b (D_o,); a batch x (I, D_i) with the slope in its output, G (I, D_o).

    Besides x0 and G0, an earlier batch: without rows in the first three cases, of as many rows as x in the fourth, and
    of more in the others. Slopes dW and db of the parameters, and a learning rate lr. sizes: I, D_i and D_o of each
    case. A square one is telling: there a wrong product fits, too.
    """

    def make(rng: np.random.Generator) -> Iterator[Case]:
        for number, (I, D_i, D_o) in enumerate(sizes):  # noqa: E741  # the course's own symbol
            before = _before(number, I)
            shapes = dict(W=(D_o, D_i), b=(D_o,), dW=(D_o, D_i), db=(D_o,), x0=(before, D_i), G0=(before, D_o),
                          x=(I, D_i), G=(I, D_o))  # fmt: skip
            # No entry is near 0: whoever leaves it out is found out. The second case is of another size.
            values: dict[str, Any] = {name: away_from_zero(rng, shape, 0.2, 2.0) for name, shape in shapes.items()}
            scale = 30.0 if number == 1 else 1.0
            values |= {"x": scale * values["x"], "lr": float(rng.uniform(0.05, 0.4))}
            yield Case(SECOND if before else FIRST, {"I": I, "D_i": D_i, "D_o": D_o}, values)

    return make


def batches(
    of: str = "x G", width: str = "D", sizes: Sequence[Sequence[int]] = ((1, 3), (4, 2), (5, 4), (2, 3))
) -> Cases:
    """Two arrays of one shape (I, D), and two of an earlier batch: x, G, x0 and G0.

    The earlier ones are without rows in the first cases; see `linear_layer`. of: the names of the two. width: the name
    of D. sizes: I and D of each case.
    """
    one, other = of.split()

    def make(rng: np.random.Generator) -> Iterator[Case]:
        for number, (I, D) in enumerate(sizes):  # noqa: E741  # the course's own symbol
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
        for I, D_i, D, D_o in sizes:  # noqa: E741  # the course's own symbol
            shapes = dict(W1=(D, D_i), b1=(D,), W2=(D_o, D), b2=(D_o,), x=(I, D_i), G=(I, D_o))
            values: dict[str, Any] = {
                name: 0.6 * away_from_zero(rng, shape, 0.2, 2.0) for name, shape in shapes.items()
            }
            values["lr"] = float(rng.uniform(0.05, 0.4))
            yield Case("", {"I": I, "D_i": D_i, "D": D, "D_o": D_o}, values)

    return make


def _before(number: int, I: int) -> int:  # noqa: E741  # the course's own symbol
    """How many rows the batch before has."""
    return 0 if number < 3 else I if number == 3 else I + 3
