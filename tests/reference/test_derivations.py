"""Tests of lab 0's derivations against central differences and the rest of the reference."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from autograder.reference import activations, by_hand, costs, derivations, linear_regression

Array = np.ndarray[Any, np.dtype[np.float64]]


def jacobian_of(function: Callable[[Array], Any], x: Any) -> Array:
    """Return the Jacobian by central differences: a row for each output, a column for each entry of the input."""
    x = np.asarray(x, dtype=float)
    columns = []
    for index in np.ndindex(x.shape):
        step = np.zeros(x.shape)
        step[index] = 1e-5
        columns.append((np.ravel(function(x + step)) - np.ravel(function(x - step))) / 2e-5)
    return np.array(columns).T


@pytest.fixture
def rng() -> np.random.Generator:
    """Return a generator with a fixed seed."""
    return np.random.default_rng(5)


@pytest.mark.parametrize("h", [2.0, -0.3, 0.01])
def test_secant_is_the_quotient(h: float) -> None:
    """The secant slope equals the difference quotient for h ≠ 0, and the slope at h = 0."""
    assert derivations.secant_slope(1.7, h) == pytest.approx(((1.7 + h) ** 2 - 1.7**2) / h)
    assert derivations.secant_slope(1.7, 0) == derivations.slope(1.7)


def test_slopes_are_those_of_their_functions() -> None:
    """Slopes for one variable, two, a vector, several outputs and a composed function equal central differences."""
    x = np.array([0.8, -1.3])
    assert derivations.slope(0.8) == pytest.approx(jacobian_of(np.square, 0.8).item())
    for actual, function in (
        (derivations.partials(*x), lambda x: x[0] ** 2 + 3 * x[1]),
        (derivations.gradient(x), lambda x: x[0] ** 2 + 3 * x[0] * x[1]),
        (derivations.jacobian(x), lambda x: [x[0] + 2 * x[1], 3 * x[0] - x[1]]),
        (derivations.curved_jacobian(x), lambda x: [x[0] * x[1], x[0] ** 2 - x[1], 4 * x[1]]),
    ):
        np.testing.assert_allclose(np.atleast_2d(actual), jacobian_of(function, x), atol=1e-8)
    slope = jacobian_of(lambda x: np.sin(x**2), 1.1).item()
    assert derivations.chained_slope(1.1) == pytest.approx(slope)


def test_one_sample_of_a_linear_model(rng: np.random.Generator) -> None:
    """The local slopes, multiplied along the chain, are the slopes of the loss."""
    x, parameters, y = rng.normal(size=4), rng.normal(size=5), 0.7

    def loss(parameters: Array) -> Any:
        return (x @ parameters[1:] + parameters[0] - y) ** 2

    local_slopes = derivations.local_slopes(x, y, float(x @ parameters[1:] + parameters[0]))
    dl_dbeta, dl_domega = derivations.in_terms_of(*local_slopes)
    np.testing.assert_allclose([dl_dbeta, *dl_domega], jacobian_of(loss, parameters)[0], rtol=1e-6)


@pytest.mark.parametrize("shape", [(4, 3), (1, 2), (5, 1)])
def test_all_samples_are_as_in_lab_1(rng: np.random.Generator, shape: tuple[int, int]) -> None:
    """Local slopes and gradient equal those of lab 1's reference, which computes them in another way."""
    X, y, f = rng.normal(size=shape), rng.normal(size=(shape[0], 1)), rng.normal(size=(shape[0], 1))
    local_slopes = derivations.local_slopes_of_all(X, y, f)
    lab1 = linear_regression
    for actual, expected in zip(
        local_slopes, (lab1.d_cost_d_output(f, y), lab1.df_dbias(X), lab1.df_dweights(X)), strict=True
    ):
        np.testing.assert_allclose(actual, expected)
    weights, bias = np.zeros((shape[1], 1)), np.zeros((1, 1))
    for actual, expected in zip(
        derivations.in_terms_of_all(*local_slopes)[::-1], lab1.gradient(weights, bias, X, f, y), strict=True
    ):
        np.testing.assert_allclose(actual, expected)


def test_several_outputs(rng: np.random.Generator) -> None:
    """The block Jacobian gives the outer product as weight gradient; the augmented one adds the bias's column."""
    dl_df, h = rng.normal(size=(2, 1)), rng.normal(size=(3, 1))
    outer = derivations.weight_gradient(dl_df, h)
    blocks = derivations.block_jacobian(h[:, 0], 2)
    np.testing.assert_allclose(blocks, jacobian_of(lambda W: h[:, 0] @ W.T, rng.normal(size=(2, 3))), atol=1e-8)
    np.testing.assert_allclose((dl_df[:, 0] @ blocks).reshape(2, 3), outer)
    np.testing.assert_allclose(derivations.augmented_gradient(dl_df, h), np.hstack([outer, dl_df]))


def test_delta_is_the_slope_of_half_the_squared_error(rng: np.random.Generator) -> None:
    """δ is the slope through a ReLU away from its kink, and equals the course's own figures."""
    z, y = np.array([1.2, -0.4, 0.3]), rng.normal(size=3)

    def loss(z: Array) -> Any:
        return costs.squared_error(activations.relu(z)[:, None], y[:, None], normalisation="half sum")

    np.testing.assert_allclose(derivations.relu_jacobian(z), jacobian_of(activations.relu, z), atol=1e-8)
    np.testing.assert_allclose(derivations.delta(activations.relu(z), y, z), jacobian_of(loss, z)[0], atol=1e-8)
    z = by_hand.RELU["z"](by_hand.RELU_GIVEN["W"], by_hand.RELU_GIVEN["x"])
    np.testing.assert_allclose(derivations.delta(z, by_hand.RELU_GIVEN["y"], z), [6, 2, 5])


def test_a_students_function_is_carried_forward() -> None:
    """A derivation uses a student's earlier function, and so carries its mistake forward."""
    assert derivations.chained_slope(0.5, slope=lambda x: x) == pytest.approx(np.cos(0.25) * 0.5)
    assert derivations.partials(0.5, 1.0, slope=lambda x: x) == (0.5, 3)
    assert derivations.slope(0.5, secant_slope=lambda x, h: x + h) == 0.5
    X, y, f = np.array([[1.0, 2.0]]), np.array([[3.0]]), np.array([[5.0]])
    local_slopes = derivations.local_slopes_of_all(X, y, f, local_slopes=lambda x, y, f: (f - y, 1, x))
    np.testing.assert_allclose(local_slopes[0], [[2.0]])
