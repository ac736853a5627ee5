"""Tests of the layers against central differences and against the network of any depth."""

from __future__ import annotations

import inspect
from typing import Any

import numpy as np
import pytest

from autograder.reference import costs, layers, mlp

RNG = np.random.default_rng(0)


def slope(loss: Any, values: Any) -> Any:
    """Return the central differences of a loss in every entry of an array."""
    slopes = np.empty(values.shape)
    for index in np.ndindex(values.shape):
        step = np.zeros(values.shape)
        step[index] = 1e-6
        slopes[index] = (loss(values + step) - loss(values - step)) / 2e-6
    return slopes


@pytest.mark.parametrize("samples", [1, 4])
def test_linear(samples: int) -> None:
    """The gradients in weights, biases and input equal central differences of outputs weighted by G."""
    W, b, x, G = (RNG.normal(size=shape) for shape in ((2, 3), (2,), (samples, 3), (samples, 2)))
    layer = layers.Linear(3, 2, W, b)

    def loss(W: Any, b: Any, x: Any) -> float:
        return float((layers.Linear(3, 2, W, b).forward(x) * G).sum())

    layer.forward(x)
    assert layer.backward(G) is layer.grad_input
    np.testing.assert_allclose(layer.grad_weights, slope(lambda value: loss(value, b, x), W), rtol=1e-7)
    np.testing.assert_allclose(layer.grad_biases, slope(lambda value: loss(W, value, x), b), rtol=1e-7)
    np.testing.assert_allclose(layer.grad_input, slope(lambda value: loss(W, b, value), x), rtol=1e-7)


@pytest.mark.parametrize("kind", [layers.Tanh, layers.ReLU])
def test_activations(kind: Any) -> None:
    """Away from the kink, an activation's gradient equals central differences."""
    x, G = RNG.normal(size=(4, 3)), RNG.normal(size=(4, 3))
    x[np.abs(x) < 0.01] = 0.5
    layer = kind()
    layer.forward(x)
    np.testing.assert_allclose(layer.backward(G), slope(lambda value: (kind().forward(value) * G).sum(), x), rtol=1e-7)


def test_relu_stops_at_zero() -> None:
    """ReLU passes no gradient back at an input of exactly 0."""
    layer = layers.ReLU()
    np.testing.assert_array_equal(layer.forward(np.array([[-1.0, 0.0, 2.0]])), [[0, 0, 2]])
    np.testing.assert_array_equal(layer.backward(np.ones((1, 3))), [[0, 0, 1]])


@pytest.mark.parametrize("shape", [(1, 1), (5, 1), (4, 3)])
def test_loss(shape: tuple[int, int]) -> None:
    """The loss is a mean over all entries, and its gradient equals central differences."""
    y, t = RNG.normal(size=shape), RNG.normal(size=shape)
    loss = layers.MSELoss()
    assert loss.forward(y, t) == pytest.approx(((y - t) ** 2).sum() / y.size)
    np.testing.assert_allclose(loss.backward(), slope(lambda value: layers.MSELoss().forward(value, t), y), rtol=1e-6)


def test_a_step_changes_the_layers_own_arrays_only() -> None:
    """A step subtracts the gradient from the layer's parameters, not from the arrays passed to it."""
    W, b = np.ones((2, 3)), np.zeros(2)
    layer = layers.Linear(3, 2, W, b)
    layer.forward(np.ones((1, 3)))
    layer.backward(np.ones((1, 2)))
    layer.update_params(0.1)
    np.testing.assert_allclose(layer.weights, 0.9 * np.ones((2, 3)))
    np.testing.assert_allclose(layer.biases, [-0.1, -0.1])
    assert W.min() == 1
    assert b.max() == 0


def test_a_network_of_layers_is_the_network_of_any_depth() -> None:
    """Loss and weight gradients equal those of `mlp`, whose samples are columns, for one output."""
    x, t = RNG.normal(size=(6, 3)), RNG.normal(size=(6, 1))
    W1, b1, W2, b2 = (RNG.normal(size=shape) for shape in ((5, 3), (5,), (1, 5), (1,)))
    first, relu, last, loss = layers.Linear(3, 5, W1, b1), layers.ReLU(), layers.Linear(5, 1, W2, b2), layers.MSELoss()
    loss.forward(last.forward(relu.forward(first.forward(x))), t)
    first.backward(relu.backward(last.backward(loss.backward())))
    net_output, *cache = mlp.forward(x.T, [W1, W2], [b1[:, None], b2[:, None]])
    expected = mlp.backward([W1, W2], [b1[:, None], b2[:, None]], *cache, costs.d_squared_error(net_output, t.T))
    for layer, gradient in zip((first, last), expected.all_dl_dweights, strict=True):
        np.testing.assert_allclose(layer.grad_weights, gradient)
    assert costs.squared_error(net_output, t.T) == pytest.approx(loss.forward(net_output.T, t))


def test_the_source_runs_alone() -> None:
    """The source needs NumPy alone, so that it can replace a notebook's own classes."""
    namespace: dict[str, Any] = {}
    exec(inspect.getsource(layers), namespace)
    assert {"Linear", "Tanh", "ReLU", "MSELoss"} <= set(namespace)
    assert "autograder" not in inspect.getsource(layers)
