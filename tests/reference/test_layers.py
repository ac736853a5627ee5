"""Layers against central differences and against the network of any depth."""

from __future__ import annotations

import inspect
from typing import Any

import numpy as np
import pytest

from autograder.reference import costs, layers, mlp

RNG = np.random.default_rng(0)


def slope(loss: Any, at: Any) -> Any:
    """Central differences of a loss in every entry of an array."""
    found = np.empty(at.shape)
    for index in np.ndindex(at.shape):
        step = np.zeros(at.shape)
        step[index] = 1e-6
        found[index] = (loss(at + step) - loss(at - step)) / 2e-6
    return found


@pytest.mark.parametrize("samples", [1, 4])
def test_linear(samples: int) -> None:
    """All three slopes of a sum of its outputs, each weighted by what comes back."""
    W, b, x, G = (RNG.normal(size=shape) for shape in ((2, 3), (2,), (samples, 3), (samples, 2)))
    layer = layers.Linear(3, 2, W, b)

    def loss(W: Any, b: Any, x: Any) -> float:
        return float((layers.Linear(3, 2, W, b).forward(x) * G).sum())

    layer.forward(x)
    assert layer.backward(G) is layer.grad_input
    np.testing.assert_allclose(layer.grad_weights, slope(lambda one: loss(one, b, x), W), rtol=1e-7)
    np.testing.assert_allclose(layer.grad_biases, slope(lambda one: loss(W, one, x), b), rtol=1e-7)
    np.testing.assert_allclose(layer.grad_input, slope(lambda one: loss(W, b, one), x), rtol=1e-7)


@pytest.mark.parametrize("kind", [layers.Tanh, layers.ReLU])
def test_activations(kind: Any) -> None:
    """Away from the kink, the slope that central differences give."""
    x, G = RNG.normal(size=(4, 3)), RNG.normal(size=(4, 3))
    x[np.abs(x) < 0.01] = 0.5
    layer = kind()
    layer.forward(x)
    np.testing.assert_allclose(layer.backward(G), slope(lambda one: (kind().forward(one) * G).sum(), x), rtol=1e-7)


def test_relu_stops_at_zero() -> None:
    """At exactly 0 nothing goes back."""
    layer = layers.ReLU()
    np.testing.assert_array_equal(layer.forward(np.array([[-1.0, 0.0, 2.0]])), [[0, 0, 2]])
    np.testing.assert_array_equal(layer.backward(np.ones((1, 3))), [[0, 0, 1]])


@pytest.mark.parametrize("shape", [(1, 1), (5, 1), (4, 3)])
def test_loss(shape: tuple[int, int]) -> None:
    """A mean over all entries, with the slope that belongs to it."""
    y, t = RNG.normal(size=shape), RNG.normal(size=shape)
    loss = layers.MSELoss()
    assert loss.forward(y, t) == pytest.approx(((y - t) ** 2).sum() / y.size)
    np.testing.assert_allclose(loss.backward(), slope(lambda one: layers.MSELoss().forward(one, t), y), rtol=1e-6)


def test_a_step_moves_against_the_slope_and_nobody_elses_arrays() -> None:
    """The arrays that a layer was made of stay as they are."""
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
    """The same gradients as `mlp`, whose samples are columns, for the squared error of one output."""
    x, t = RNG.normal(size=(6, 3)), RNG.normal(size=(6, 1))
    W1, b1, W2, b2 = (RNG.normal(size=shape) for shape in ((5, 3), (5,), (1, 5), (1,)))
    first, relu, last, loss = layers.Linear(3, 5, W1, b1), layers.ReLU(), layers.Linear(5, 1, W2, b2), layers.MSELoss()
    loss.forward(last.forward(relu.forward(first.forward(x))), t)
    first.backward(relu.backward(last.backward(loss.backward())))
    net_output, *cache = mlp.forward(x.T, [W1, W2], [b1[:, None], b2[:, None]])
    true = mlp.backward([W1, W2], [b1[:, None], b2[:, None]], *cache, costs.d_squared_error(net_output, t.T))
    for ours, theirs in zip((first, last), true.all_dl_dweights, strict=True):
        np.testing.assert_allclose(ours.grad_weights, theirs)
    assert costs.squared_error(net_output, t.T) == pytest.approx(loss.forward(net_output.T, t))


def test_the_text_stands_alone() -> None:
    """It can stand in for a notebook's own classes: NumPy is all that it imports."""
    found: dict[str, Any] = {}
    exec(inspect.getsource(layers), found)
    assert {"Linear", "Tanh", "ReLU", "MSELoss"} <= set(found)
    assert "autograder" not in inspect.getsource(layers)
