"""Tests of likelihood costs against products of densities, and of gradients against central differences and loops."""

from __future__ import annotations

from itertools import combinations, pairwise
from math import exp, log, pi, prod, sqrt, tanh
from typing import Any

import numpy as np
import pytest

from autograder.reference import ReferenceInputError, costs, differences, likelihood

SEEDS = range(5)
WIDTHS = ((4, 2), (2, 5, 3), (3, 3, 3, 3), (2, 6, 1, 5))


def drawn(seed: int, *widths: int) -> tuple[np.ndarray, list[np.ndarray]]:
    """Return an input and, for each layer, a matrix with the biases in column 0."""
    rng = np.random.default_rng(seed)
    weights = [rng.normal(size=(out, 1 + into)) for into, out in pairwise(widths)]
    return rng.normal(size=widths[0]), weights


def layer(W: Any, z: Any) -> list[float]:
    """Return a layer's pre-activations, each summed in a loop."""
    return [row[0] + sum(w * z_j for w, z_j in zip(row[1:], z, strict=True)) for row in W]


def sigmoids(a: list[float]) -> list[float]:
    """Return the sigmoid of each entry."""
    return [1 / (1 + exp(-a_j)) for a_j in a]


def agrees(gradient: np.ndarray, cost: Any, at: np.ndarray) -> bool:
    """True if the gradient agrees with central differences of the cost."""
    return differences.compare(gradient, differences.central_differences(cost, at)).holds


@pytest.mark.parametrize("seed", SEEDS)
def test_layers_written_out(seed: int) -> None:
    """Two layers, three and any number of them equal sums written as loops."""
    x, (W1, W2, W3) = drawn(seed, 2, 5, 3, 4)
    z1 = list(map(tanh, layer(W1, x)))
    z2 = sigmoids(layer(W2, z1))
    np.testing.assert_allclose(likelihood.two_layers(x, W1, W2), z2)
    np.testing.assert_allclose(likelihood.three_layers(x, W1, W2, W3), layer(W3, z2))
    np.testing.assert_allclose(likelihood.network(x, [W1]), layer(W1, x))
    np.testing.assert_allclose(likelihood.network(x, [W1, W2, W3]), layer(W3, list(map(tanh, layer(W2, z1)))))


@pytest.mark.parametrize("widths", WIDTHS)
@pytest.mark.parametrize("seed", SEEDS)
def test_linear_layers_collapse_into_one(seed: int, widths: tuple[int, ...]) -> None:
    """The collapsed matrix gives the same output as all linear layers in turn."""
    x, weights = drawn(seed, *widths)
    z = x
    for W in weights:
        z = np.array(layer(W, z))
    collapsed = likelihood.collapsed(weights)
    assert collapsed.shape == (widths[-1], 1 + widths[0])
    np.testing.assert_allclose(layer(collapsed, x), z)


@pytest.mark.parametrize("seed", SEEDS)
def test_the_cost_of_a_gaussian_is_minus_the_log_of_a_product(seed: int) -> None:
    """The cost is minus the log of the product of all entries' densities, and the best variance minimises it."""
    rng = np.random.default_rng(seed)
    y, t, sigma2 = rng.normal(size=(4, 3)), rng.normal(size=(4, 3)), rng.uniform(0.3, 2)
    densities = [
        exp(-((a - b) ** 2) / (2 * sigma2)) / sqrt(2 * pi * sigma2) for a, b in zip(y.flat, t.flat, strict=True)
    ]
    assert likelihood.negative_log_likelihood(y, t, sigma2) == pytest.approx(-log(prod(densities)))
    best = np.array(likelihood.best_variance(y, t))
    assert agrees(np.array(0.0), lambda sigma2: likelihood.negative_log_likelihood(y, t, sigma2), best)
    least = likelihood.negative_log_likelihood(y, t, float(best))
    assert all(
        likelihood.negative_log_likelihood(y, t, factor * float(best)) > least for factor in (0.7, 0.98, 1.02, 2)
    )


@pytest.mark.parametrize("seed", SEEDS)
def test_cross_entropy_is_minus_the_log_of_a_product(seed: int) -> None:
    """The cost is minus the log of the product of the true classes' probabilities, and I times the mean from logits."""
    rng = np.random.default_rng(seed)
    y, t = rng.dirichlet(np.ones(4), size=6), np.eye(4)[rng.integers(4, size=6)]
    true_class = [y[n, k] for n in range(6) for k in range(4) if t[n, k]]
    assert likelihood.cross_entropy(y, t) == pytest.approx(-log(prod(true_class)))
    assert likelihood.cross_entropy(y, t) == pytest.approx(6 * costs.cross_entropy(np.log(y), t, samples="rows"))


@pytest.mark.parametrize("B", [1, 2, 5, 6])
def test_the_average_over_subsets_is_that_of_all_of_them(B: int) -> None:
    """The average equals the mean over every choice of B samples."""
    slopes = np.random.default_rng(B).normal(size=(6, 3))
    sums = [slopes[list(chosen)].sum(axis=0) for chosen in combinations(range(6), B)]
    np.testing.assert_allclose(likelihood.average_over_subsets(slopes, B), np.mean(sums, axis=0))


@pytest.mark.parametrize("widths", WIDTHS)
@pytest.mark.parametrize("cost", ["classes", "squares"])
def test_slopes_go_back_layer_by_layer(widths: tuple[int, ...], cost: str) -> None:
    """From the output's δ back through every layer, each gradient agrees with central differences of the cost."""
    x, weights = drawn(7, *widths)
    if cost == "classes" and widths[-1] == 1:
        return
    t = np.eye(widths[-1])[0]

    def cost_of(a: np.ndarray) -> Any:
        return np.sum((a - t) ** 2) if cost == "squares" else np.log(np.exp(a).sum()) - t @ a

    inputs, pre = [x], []
    for W in weights:
        pre.append(np.array(layer(W, inputs[-1])))
        inputs.append(np.tanh(pre[-1]))
    delta = likelihood.delta_output(pre[-1], t) if cost == "classes" else likelihood.delta_regression(pre[-1], t)
    assert agrees(delta, cost_of, pre[-1])
    for k in reversed(range(len(weights))):

        def with_weights(W: np.ndarray, k: int = k) -> Any:
            return cost_of(likelihood.network(x, [*weights[:k], W, *weights[k + 1 :]]))

        assert agrees(likelihood.weight_slopes(delta, inputs[k]), with_weights, weights[k])
        if k:
            delta = likelihood.delta_hidden(delta, weights[k], pre[k - 1])


def test_slopes_of_all_are_the_sum_of_each() -> None:
    """The gradient of all samples is the sum of the samples' gradients."""
    rng = np.random.default_rng(1)
    delta, z = rng.normal(size=(5, 3)), rng.normal(size=(5, 4))
    each = [likelihood.weight_slopes(delta_i, z_i) for delta_i, z_i in zip(delta, z, strict=True)]
    np.testing.assert_allclose(likelihood.weight_slopes_of_all(delta, z), sum(each))


@pytest.mark.parametrize("seed", SEEDS)
def test_layers_of_sigmoids(seed: int) -> None:
    """With sigmoid layers and separate biases, the gradients of a mean cost agree with central differences."""
    rng = np.random.default_rng(seed)
    x, t = rng.normal(size=2), rng.uniform(size=3)
    W1, b1, W2, b2 = rng.normal(size=(4, 2)), rng.normal(size=4), rng.normal(size=(3, 4)), rng.normal(size=3)

    def cost(z2: np.ndarray) -> Any:
        return np.mean((1 / (1 + np.exp(-z2)) - t) ** 2)

    def hidden(W1: np.ndarray, b1: np.ndarray) -> np.ndarray:
        return 1 / (1 + np.exp(-(W1 @ x + b1)))

    z2 = W2 @ hidden(W1, b1) + b2
    dC_dz2 = likelihood.slope_of_cost(1 / (1 + np.exp(-z2)), t)
    assert agrees(dC_dz2, cost, z2)
    slopes = likelihood.first_layer_slopes(dC_dz2, W2, hidden(W1, b1), x)
    assert agrees(slopes.dC_dW1, lambda W1: cost(W2 @ hidden(W1, b1) + b2), W1)
    assert agrees(slopes.dC_db1, lambda b1: cost(W2 @ hidden(W1, b1) + b2), b1)


def test_impossible_arguments_raise() -> None:
    """A variance or probability of 0, a batch of 0 or of too many samples, and weights without biases raise."""
    ones = np.ones((2, 3))
    for function, arguments, argument in (
        (likelihood.negative_log_likelihood, (ones, ones, 0.0), "sigma2"),
        (likelihood.cross_entropy, (0 * ones, ones), "y"),
        (likelihood.average_over_subsets, (ones, 3), "B"),
        (likelihood.average_over_subsets, (ones, 0), "B"),
        (likelihood.delta_hidden, (np.ones(2), ones, np.ones(3)), "W"),
    ):
        with pytest.raises(ReferenceInputError, match=f"^{argument}: "):
            function(*arguments)  # type: ignore[operator]
