"""Random cases of lab 0: costs derived from likelihoods, and layers whose biases are column 0 of their weights."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import pairwise
from typing import Any

import numpy as np

from autograder import reference
from autograder.checks.cases import Case, Cases, away_from_zero
from autograder.labs.lab3_mlp_backprop.cases import sigmoid_layers
from autograder.labs.lab5_softmax_cross_entropy.cases import LARGE, classification

Array = np.ndarray[Any, Any]

MANY = "many samples"
"""The group of the cases with so many samples that the product of their densities underflows to 0."""


def bias_first(networks: Sequence[Sequence[int]] = ((3, 5, 2), (3, 3, 3))) -> Cases:
    """Return cases of networks for one sample: x (D,) and weights, a list with one array (M_out, 1 + M_in) per layer.

    The arrays are also inputs of their own, named W1, W2, … by layer. networks: for each case the widths from the input
    to the output. Where all widths are equal, the matrices fit in any order.
    """

    def make(rng: np.random.Generator) -> Iterator[Case]:
        for widths in networks:
            x = away_from_zero(rng, widths[0], 0.4, 1.8)
            weights = [_weights(rng, M_in, M_out) for M_in, M_out in pairwise(widths)]
            by_name = {f"W{k}": W for k, W in enumerate(weights, start=1)}
            sizes = {"L": len(weights), "D": widths[0], "K": widths[-1]}
            yield Case("", sizes, {"x": x, "weights": weights, **by_name})

    return make


def between_layers(sizes: Sequence[tuple[int, int]] = ((2, 5), (4, 3), (3, 3), (4, 1))) -> Cases:
    """Return cases of one backward step from a layer of K units to one of M: delta (K,), W (K, 1 + M), a and z (M,).

    a are the pre-activations of the M units, z = tanh(a). No a is near 0, and none so large that tanh is flat there.
    sizes: K and M of each case. With K = M an untransposed W fits as well, so only the numbers show the mistake.
    """

    def make(rng: np.random.Generator) -> Iterator[Case]:
        for K, M in sizes:
            a = away_from_zero(rng, M, 0.4, 1.5)
            values = {"delta": away_from_zero(rng, K, 0.4, 1.8), "W": _weights(rng, M, K), "a": a, "z": np.tanh(a)}
            yield Case("", {"K": K, "M": M}, values)

    return make


def slopes_of_samples(sizes: Sequence[tuple[int, int, int]] = ((4, 2, 3), (5, 3, 2), (3, 3, 3), (1, 2, 4))) -> Cases:
    """Return cases of a layer's delta (N, K) and its inputs z (N, M) for N samples; sizes: N, K and M of each case."""

    def make(rng: np.random.Generator) -> Iterator[Case]:
        for N, K, M in sizes:
            delta = away_from_zero(rng, N * K, 0.4, 1.8).reshape(N, K)
            yield Case("", {"N": N, "K": K, "M": M}, {"delta": delta, "z": np.tanh(rng.normal(size=(N, M)))})

    return make


def gaussian(sizes: Sequence[tuple[int, int]] = ((5, 3), (1, 4), (3, 1), (400, 3)), groups: bool = True) -> Cases:
    """Return cases of outputs y (N, D), targets t (N, D) some standard deviations away, and a variance sigma2.

    sizes: N and D of each case, none of them (2, 2). groups: True if cases with few and with many samples share the
    points: with hundreds of samples the product of all densities underflows.
    """

    def make(rng: np.random.Generator) -> Iterator[Case]:
        for N, D in sizes:
            sigma2 = float(rng.choice([rng.uniform(0.2, 0.6), rng.uniform(1.8, 4)]))
            y = 3 * rng.normal(size=(N, D))
            t = y + 1.7 * np.sqrt(sigma2) * away_from_zero(rng, N * D, 0.4, 1.8).reshape(N, D)
            group = "" if not groups else MANY if N > 100 else "few samples"
            yield Case(group, {"N": N, "D": D}, {"y": y, "t": t, "sigma2": sigma2})

    return make


def said_and_seen(sizes: Sequence[tuple[int, int]] = ((5, 3), (1, 4), (7, 2))) -> Cases:
    """Return cases of probabilities y (N, K), none near 0 or 1, and one-hot targets t (N, K).

    sizes: N and K of each case.
    """

    def make(rng: np.random.Generator) -> Iterator[Case]:
        for N, K in sizes:
            y = rng.uniform(0.2, 1, size=(N, K))
            t = np.eye(K)[rng.integers(K, size=N)]
            yield Case("", {"N": N, "K": K}, {"y": y / y.sum(axis=1, keepdims=True), "t": t})

    return make


def choices(sizes: Sequence[tuple[int, int]] = ((7, 3), (5, 2), (6, 6), (8, 1))) -> Cases:
    """Return cases of the gradients of N samples, slopes (N, 3); sizes: N and the size B of a subset, for each case."""

    def make(rng: np.random.Generator) -> Iterator[Case]:
        for N, B in sizes:
            yield Case("", {"N": N, "B": B}, {"slopes": 1 + rng.normal(size=(N, 3))})

    return make


def logits_of_one() -> Cases:
    """Return cases of one sample's logits a (K,), some near ±1000, and its one-hot target t (K,).

    Cases with ordinary logits and with large ones share the points.
    """

    def make(rng: np.random.Generator) -> Iterator[Case]:
        kinds = ("ordinary", "small", "moved", "far below", "far apart")
        for case in classification(samples=(1,), classes=(3, 5), kinds=kinds)(rng):
            a, t = (value[:, 0] for value in case.pick("net_output y").values())
            group = case.group if case.group == LARGE else "ordinary logits"
            yield Case(group, {"K": len(a)}, {"a": a, "t": t})

    return make


def sigmoid_slopes(networks: Sequence[Sequence[int]] = ((2, 4, 3), (5, 3, 4), (3, 3, 3), (4, 5, 2))) -> Cases:
    """Return the cases of `sigmoid_layers`, with dC_dz2 (D_o,), the derivative of the cost at z2, added to each."""

    def make(rng: np.random.Generator) -> Iterator[Case]:
        for case in sigmoid_layers(networks)(rng):
            dC_dz2 = reference.likelihood.slope_of_cost(*case.pick("a2 target").values())
            yield replace(case, values={**case.values, "dC_dz2": dC_dz2})

    return make


def outputs_of_one(sizes: Sequence[int] = (3, 5, 1)) -> Cases:
    """Return cases of one sample's outputs y (K,) and targets t (K,); sizes: K of each case."""

    def make(rng: np.random.Generator) -> Iterator[Case]:
        for K in sizes:
            y = 3 * rng.normal(size=K)
            yield Case("", {"K": K}, {"y": y, "t": y + away_from_zero(rng, K, 0.4, 1.8)})

    return make


def _weights(rng: np.random.Generator, M_in: int, M_out: int) -> Array:
    """Return weights (M_out, 1 + M_in) with biases in column 0, none near 0.

    The scale keeps units where tanh is neither flat nor nearly linear.
    """
    return np.column_stack([away_from_zero(rng, M_out, 0.4, 1.8), rng.normal(0, 1.3 / np.sqrt(M_in), (M_out, M_in))])
