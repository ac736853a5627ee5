"""Tests of one hidden layer of tanh units against the layers it is built of, and against central differences."""

from __future__ import annotations

import numpy as np
import pytest

from autograder.reference import layers, tanh_net

NAMES = "W1", "b1", "W2", "b2"
SHAPES = (4, 2), (4,), (3, 4), (3,)


@pytest.fixture(params=[1, 5])
def arguments(request: pytest.FixtureRequest) -> list[np.ndarray]:
    """Return x, t, W1, b1, W2 and b2, with one sample and with five."""
    rng = np.random.default_rng(request.param)
    return [rng.normal(size=shape) for shape in ((request.param, 2), (request.param, 3), *SHAPES)]


def test_gradients_are_those_of_layers(arguments: list[np.ndarray]) -> None:
    """Loss and gradients equal those of Linear, Tanh, Linear and MSELoss."""
    x, t, W1, b1, W2, b2 = arguments
    chain = [layers.Linear(2, 4, W1, b1), layers.Tanh(), layers.Linear(4, 3, W2, b2)]
    y, loss = x, layers.MSELoss()
    for layer in chain:
        y = layer.forward(y)
    all_expected = [loss.forward(y, t)]
    back = loss.backward()
    for layer in reversed(chain):
        back = layer.backward(back)
    all_expected += [chain[0].grad_weights, chain[0].grad_biases, chain[2].grad_weights, chain[2].grad_biases]
    for actual, expected in zip(tanh_net.gradients(*arguments), all_expected, strict=True):
        np.testing.assert_allclose(actual, expected, rtol=1e-12)


def test_gradients_are_slopes_of_the_loss(arguments: list[np.ndarray]) -> None:
    """Each gradient equals the central difference of the loss in every entry."""
    x, t, *parameters = arguments
    for k, slope in enumerate(tanh_net.gradients(*arguments)[1:]):
        for index in np.ndindex(slope.shape):
            losses = []
            for step in (1e-6, -1e-6):
                moved = [value.copy() for value in parameters]
                moved[k][index] += step
                losses.append(tanh_net.gradients(x, t, *moved)[0])
            assert slope[index] == pytest.approx((losses[0] - losses[1]) / 2e-6, rel=1e-6, abs=1e-9)


def test_descent_is_steps(arguments: list[np.ndarray]) -> None:
    """Two epochs equal two steps; losses holds the loss before each step, outputs those after the last."""
    x, t, *parameters = arguments
    losses, outputs = tanh_net.descent(*arguments, lr=0.1, epochs=2)
    once = tanh_net.step(x, t, *parameters, 0.1)
    twice = tanh_net.step(x, t, *once, 0.1)
    np.testing.assert_allclose(losses, [tanh_net.gradients(x, t, *stage)[0] for stage in (parameters, once)])
    np.testing.assert_allclose(np.mean((outputs - t) ** 2), tanh_net.gradients(x, t, *twice)[0])
    assert losses[1] < losses[0]
