"""One hidden layer of tanh units against the layers it could be built of, and against central differences."""

from __future__ import annotations

import numpy as np
import pytest

from autograder.reference import layers, tanh_net

NAMES = "W1", "b1", "W2", "b2"
SHAPES = (4, 2), (4,), (3, 4), (3,)


@pytest.fixture(params=[1, 5])
def given(request: pytest.FixtureRequest) -> list[np.ndarray]:
    """x, t, W1, b1, W2, b2 with one sample, and with several."""
    rng = np.random.default_rng(request.param)
    return [rng.normal(size=shape) for shape in ((request.param, 2), (request.param, 3), *SHAPES)]


def test_gradients_are_those_of_layers(given: list[np.ndarray]) -> None:
    """Linear, Tanh, Linear and MSELoss give the same loss and slopes."""
    x, t, W1, b1, W2, b2 = given
    parts = [layers.Linear(2, 4, W1, b1), layers.Tanh(), layers.Linear(4, 3, W2, b2)]
    y, loss = x, layers.MSELoss()
    for part in parts:
        y = part.forward(y)
    right = [loss.forward(y, t)]
    back = loss.backward()
    for part in reversed(parts):
        back = part.backward(back)
    right += [parts[0].grad_weights, parts[0].grad_biases, parts[2].grad_weights, parts[2].grad_biases]
    for one, other in zip(tanh_net.gradients(*given), right, strict=True):
        np.testing.assert_allclose(one, other, rtol=1e-12)


def test_gradients_are_slopes_of_the_loss(given: list[np.ndarray]) -> None:
    """A small step in each entry moves the loss as its slope says."""
    x, t, *at = given
    for k, slope in enumerate(tanh_net.gradients(*given)[1:]):
        for index in np.ndindex(slope.shape):
            losses = []
            for step in (1e-6, -1e-6):
                moved = [value.copy() for value in at]
                moved[k][index] += step
                losses.append(tanh_net.gradients(x, t, *moved)[0])
            assert slope[index] == pytest.approx((losses[0] - losses[1]) / 2e-6, rel=1e-6, abs=1e-9)


def test_descent_is_steps(given: list[np.ndarray]) -> None:
    """Two epochs are two steps; the losses are those before each, the outputs those after the last."""
    x, t, *at = given
    losses, outputs = tanh_net.descent(*given, lr=0.1, epochs=2)
    once = tanh_net.step(x, t, *at, 0.1)
    twice = tanh_net.step(x, t, *once, 0.1)
    np.testing.assert_allclose(losses, [tanh_net.gradients(x, t, *stage)[0] for stage in (at, once)])
    np.testing.assert_allclose(np.mean((outputs - t) ** 2), tanh_net.gradients(x, t, *twice)[0])
    assert losses[1] < losses[0]
