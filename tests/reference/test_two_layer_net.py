"""Tests of the two-layer network: gradients against central differences, for single samples and for batches."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from autograder.diagnosis.desk import central_differences
from autograder.reference import mlp
from autograder.reference.two_layer_net import SCALE, SOURCE, OnTheBench, TwoLayerNet

NAMES = ("W1", "b1", "W2", "b2")


def drawn(rng: np.random.Generator, *shape: int) -> dict[str, Any]:
    """Return random parameters, and X and Y for a batch of the given shape, or for a single sample without one."""
    D_i, D, D_o = 2, 5, 4
    shapes = {"W1": (D, D_i), "b1": (D,), "W2": (D_o, D), "b2": (D_o,), "X": (*shape, D_i), "Y": (*shape, D_o)}
    return {name: rng.normal(size=size) for name, size in shapes.items()}


@pytest.mark.parametrize("shape", [(), (1,), (6,)])
def test_slopes_are_central_differences(shape: tuple[int, ...]) -> None:
    """The loss and each gradient equal the formula and its central differences, for one sample and for a batch."""
    values = drawn(np.random.default_rng(0), *shape)
    net = OnTheBench(*(values[name] for name in NAMES))

    def loss(**parameters: Any) -> float:
        error = OnTheBench(*(parameters[name] for name in NAMES)).forward(values["X"]) - values["Y"]
        return float(np.sum(error**2) / (2 * (shape or (1,))[0]))

    assert net.forward(values["X"]).shape == (*shape, 4)
    assert net.backward(values["Y"]) == pytest.approx(loss(**values))
    for name in NAMES:
        slopes = central_differences(loss, {parameter: values[parameter] for parameter in NAMES}, name)
        assert net.slope(name).shape == values[name].shape
        assert np.allclose(net.slope(name), slopes, atol=1e-6)


def test_outputs_are_those_of_any_network() -> None:
    """Output and hidden layer equal those of the reference's network of any depth."""
    values = drawn(np.random.default_rng(1), 3)
    weights, biases = [values["W1"].T, values["W2"].T], [values["b1"][None], values["b2"][None]]
    expected = mlp.forward(values["X"], weights, biases, samples="rows")
    net = OnTheBench(*(values[name] for name in NAMES))
    assert np.allclose(net.forward(values["X"]), expected.net_output)
    assert np.allclose(net.hidden(values["X"]), expected.all_h[1])


def test_training_lowers_the_loss() -> None:
    """Training returns the loss before each step, each smaller than the last, and divides all points by SCALE."""
    values = drawn(np.random.default_rng(2), 8)
    net = OnTheBench(*(values[name] for name in NAMES))
    losses = net.train(SCALE * values["X"], values["Y"], 30, 0.05)
    assert losses.shape == (30,)
    assert (np.diff(losses) < 0).all()
    assert np.allclose(net.predict(SCALE * values["X"]), net.forward(values["X"]))
    assert net.backward(values["Y"]) < losses[-1]


def test_the_source_runs_alone() -> None:
    """The source text, executed alone, defines the same class."""
    namespace: dict[str, Any] = {}
    exec(SOURCE, namespace)
    imported, executed = TwoLayerNet(4, 6, 2, 3), namespace["TwoLayerNet"](4, 6, 2, 3)
    assert np.array_equal(imported.W1, executed.W1)
    assert np.array_equal(imported.forward(np.ones(4))[0], executed.forward(np.ones(4))[0])
