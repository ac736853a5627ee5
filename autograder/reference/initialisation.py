"""Initialisation: the weights and biases that training starts from.

Layer k takes D_k numbers to D_k+1. "UDL" is Prince, Understanding Deep Learning. Functions draw from the caller's
generator, layer by layer, so a seed decides all numbers. With samples="rows" they return the transposes.
"""

from collections.abc import Callable, Sequence
from itertools import pairwise
from typing import NamedTuple

import numpy as np
from numpy.typing import DTypeLike

from autograder.reference.arrays import Array, Arrays, checked, whole_number
from autograder.reference.shapes import ReferenceInputError, Samples


class Parameters(NamedTuple):
    """The initial parameters of a network."""

    all_weights: list[Array]
    """Ω_0 … Ω_K; Ω_k is (D_k+1, D_k)."""
    all_biases: list[Array]
    """β_0 … β_K; β_k is (D_k+1, 1)."""


@checked()
def he(
    widths: Sequence[int], rng: np.random.Generator, *, dtype: DTypeLike = np.float64, samples: Samples = "columns"
) -> Parameters:
    """Ω_k ~ N(0, 2 / D_k) and β_k = 0: for ReLU, forward (UDL 7.5; He et al. 2015, eq. 10).

    widths: D_0 … D_K+1, two or more; rng: the random generator. 2 / D_k is the variance, not the standard deviation.
    Returns all_weights[k] (D_k+1, D_k), all_biases[k] (D_k+1, 1).
    Raises ReferenceInputError for widths that aren't whole numbers above 0.
    """
    return _normal(widths, lambda D_in, D_out: 2 / D_in, rng, dtype)


@checked()
def glorot(
    widths: Sequence[int], rng: np.random.Generator, *, dtype: DTypeLike = np.float64, samples: Samples = "columns"
) -> Parameters:
    """Ω_k ~ N(0, 2 / (D_k + D_k+1)) and β_k = 0: for tanh, forward and backward alike (Glorot and Bengio 2010, eq. 12).

    widths: D_0 … D_K+1, two or more; rng: the random generator.
    Returns all_weights[k] (D_k+1, D_k), all_biases[k] (D_k+1, 1).
    Raises ReferenceInputError for widths that aren't whole numbers above 0.
    """
    return _normal(widths, lambda D_in, D_out: 2 / (D_in + D_out), rng, dtype)


@checked(all_weights="[(D_k+1, D_k)]", all_biases="[(D_k+1, 1)]")
def given(all_weights: Arrays, all_biases: Arrays, *, samples: Samples = "columns") -> Parameters:
    """Return copies of given parameters in one precision, once their shapes fit each other.

    all_weights[k] (D_k+1, D_k), all_biases[k] (D_k+1, 1).
    Raises ReferenceInputError for shapes that don't fit each other, and for numbers that aren't finite.
    """
    return Parameters([weights.copy() for weights in all_weights], [biases.copy() for biases in all_biases])


def _normal(
    widths: Sequence[int], variance: Callable[[int, int], float], rng: np.random.Generator, dtype: DTypeLike
) -> Parameters:
    """Return normal weights with variance(D_k, D_k+1), and biases of 0, for each layer k.

    Raises ReferenceInputError for fewer than two widths, or widths that aren't whole numbers above 0.
    """
    widths = [whole_number(f"widths[{k}]", width, least=1) for k, width in enumerate(widths)]
    if len(widths) < 2:
        raise ReferenceInputError(
            "widths", "two or more: of the input, of each hidden layer, of the output", f"{widths}"
        )
    layers = list(pairwise(widths))
    weights = [rng.normal(0, np.sqrt(variance(D_in, D_out)), (D_out, D_in)).astype(dtype) for D_in, D_out in layers]
    return Parameters(weights, [np.zeros((D_out, 1), dtype) for _, D_out in layers])
