"""Cases of costs that come from likelihoods, and of layers whose biases are the first column of their weights."""

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
"""The group of the cases in which a product of densities is 0 in a float."""


def bias_first(networks: Sequence[Sequence[int]] = ((3, 5, 2), (3, 3, 3))) -> Cases:
    """Networks of one sample: x (D,), and weights, a list with (M_out, 1 + M_in) for each layer; W1, W2, W3 too.

    networks: widths from the input to the output. Where all are the same, matrices fit in any order.
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
    """Return cases of a step back from K units to M: delta (K,), W (K, 1 + M); the M units' a and z (M,).

    No a is near 0, and none so far out that tanh is flat. sizes: (K, M); a square one is telling: W fits as it is.
    """

    def make(rng: np.random.Generator) -> Iterator[Case]:
        for K, M in sizes:
            a = away_from_zero(rng, M, 0.4, 1.5)
            values = {"delta": away_from_zero(rng, K, 0.4, 1.8), "W": _weights(rng, M, K), "a": a, "z": np.tanh(a)}
            yield Case("", {"K": K, "M": M}, values)

    return make


def slopes_of_samples(sizes: Sequence[tuple[int, int, int]] = ((4, 2, 3), (5, 3, 2), (3, 3, 3), (1, 2, 4))) -> Cases:
    """Return cases: a layer's delta (N, K) and what enters it, z (N, M), for N samples; sizes: (N, K, M)."""

    def make(rng: np.random.Generator) -> Iterator[Case]:
        for N, K, M in sizes:
            delta = away_from_zero(rng, N * K, 0.4, 1.8).reshape(N, K)
            yield Case("", {"N": N, "K": K, "M": M}, {"delta": delta, "z": np.tanh(rng.normal(size=(N, M)))})

    return make


def gaussian(sizes: Sequence[tuple[int, int]] = ((5, 3), (1, 4), (3, 1), (400, 3)), groups: bool = True) -> Cases:
    """Outputs y and targets t (N, D) that are off by some standard deviations, and a variance sigma2.

    sizes: (N, D), of which none is (2, 2). groups: whether few samples and many share the points: with hundreds the
    product of all densities is no float.
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
    """Probabilities y (N, K), none near 0 and none near 1, and one-hot targets t (N, K); sizes: (N, K)."""

    def make(rng: np.random.Generator) -> Iterator[Case]:
        for N, K in sizes:
            y = rng.uniform(0.2, 1, size=(N, K))
            t = np.eye(K)[rng.integers(K, size=N)]
            yield Case("", {"N": N, "K": K}, {"y": y / y.sum(axis=1, keepdims=True), "t": t})

    return make


def choices(sizes: Sequence[tuple[int, int]] = ((7, 3), (5, 2), (6, 6), (8, 1))) -> Cases:
    """Slopes of N samples, slopes (N, 3); sizes: (N, B), of which B is how many are chosen."""

    def make(rng: np.random.Generator) -> Iterator[Case]:
        for N, B in sizes:
            yield Case("", {"N": N, "B": B}, {"slopes": 1 + rng.normal(size=(N, 3))})

    return make


def logits_of_one() -> Cases:
    """Logits a and a one-hot t (K,) of one sample, of ±1000 too: the points are shared by ordinary and large ones."""

    def make(rng: np.random.Generator) -> Iterator[Case]:
        kinds = ("ordinary", "small", "moved", "far below", "far apart")
        for case in classification(samples=(1,), classes=(3, 5), kinds=kinds)(rng):
            a, t = (value[:, 0] for value in case.pick("net_output y").values())
            group = case.group if case.group == LARGE else "ordinary logits"
            yield Case(group, {"K": len(a)}, {"a": a, "t": t})

    return make


def sigmoid_slopes(networks: Sequence[Sequence[int]] = ((2, 4, 3), (5, 3, 4), (3, 3, 3), (4, 5, 2))) -> Cases:
    """Return cases: two layers as `sigmoid_layers` draws them, with dC_dz2 (D_o,), the cost's slope at z2."""

    def make(rng: np.random.Generator) -> Iterator[Case]:
        for case in sigmoid_layers(networks)(rng):
            slope = reference.likelihood.slope_of_cost(*case.pick("a2 target").values())
            yield replace(case, values={**case.values, "dC_dz2": slope})

    return make


def outputs_of_one(sizes: Sequence[int] = (3, 5, 1)) -> Cases:
    """Outputs y and targets t (K,) of one sample; sizes: K."""

    def make(rng: np.random.Generator) -> Iterator[Case]:
        for K in sizes:
            y = 3 * rng.normal(size=K)
            yield Case("", {"K": K}, {"y": y, "t": y + away_from_zero(rng, K, 0.4, 1.8)})

    return make


def _weights(rng: np.random.Generator, M_in: int, M_out: int) -> Array:
    """No bias near 0, and units that are neither flat nor straight."""
    return np.column_stack([away_from_zero(rng, M_out, 0.4, 1.8), rng.normal(0, 1.3 / np.sqrt(M_in), (M_out, M_in))])
