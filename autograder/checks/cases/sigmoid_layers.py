"""Cases of one or two layers of sigmoids and one sample, a plain vector: how lab 3 begins."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import Any

import numpy as np

from autograder import reference
from autograder.checks.cases.case import Case, Cases, away_from_zero

_SIGMOID = reference.activations.SIGMOID


def sigmoid_layers(networks: Sequence[Sequence[int]] = ((2, 3), (5, 4), (3, 3), (4, 1))) -> Cases:
    """One layer for each pair of widths, two for each three, with what a right forward pass gives.

    A layer of D_out sigmoids of D_in inputs: W (D_out, D_in), b (D_out,), z and a (D_out,), their slope da_dz (D_out,).
    The sample x (D_in,) and its target (D_out,); of the mean of squares, dC_da (D_out,) at the last layer. With one
    layer the names are W, b, z, a, da_dz, dC_da, and predict is a; with two W1, W2 … da1_dz1, da2_dz2, dC_da2.

    networks: widths from the input to the output. Square ones are telling: there a wrong product fits, too.
    """

    def make(rng: np.random.Generator) -> Iterator[Case]:
        for widths in networks:
            D_i, *hidden, D_o = widths
            sizes = {"D_i": D_i, **({"D": hidden[0]} if hidden else {}), "D_o": D_o}
            yield Case("", sizes, _drawn(rng, widths))

    return make


def _drawn(rng: np.random.Generator, widths: Sequence[int]) -> dict[str, Any]:
    # No entry is near 0: whoever leaves it out, or takes it twice, is found out.
    values: dict[str, Any] = {"x": away_from_zero(rng, widths[0], 0.3, 2.5)}
    h = values["x"]
    for layer, (D_in, D_out) in enumerate(pairwise(widths), start=1):
        k = str(layer) if len(widths) > 2 else ""
        weights = rng.normal(0, 1.5 / np.sqrt(D_in), (D_out, D_in))
        # Biases that take each pre-activation to where the sigmoid bends, and is steep.
        z = away_from_zero(rng, D_out, 0.3, 2.5)
        values |= {f"W{k}": weights, f"b{k}": z - weights @ h, f"z{k}": z}
        h = values[f"a{k}"] = _SIGMOID.function(z)
        values[f"da{k}_dz{k}"] = _SIGMOID.derivative(z)
    values["target"] = h + rng.choice([-1, 1], size=len(h)) * rng.uniform(0.2, 0.9, size=len(h))
    columns = h[:, None], values["target"][:, None]
    slope = reference.costs.d_squared_error(*columns, normalisation="mean over all")
    return {**values, f"dC_da{k}": slope[:, 0], "predict": h}
