"""Tests of training against loops, central differences and PyTorch; its source runs without the package."""

import inspect
from itertools import pairwise

import numpy as np
import pytest

from autograder.labs.lab7_training import questions as lab7
from autograder.reference import training

SEEDS = range(5)
NETS = [("classifier", 4, [3]), ("classifier", 5, [4, 6, 3]), ("regressor", 3, [7, 2]), ("regressor", 2, [1])]
nets = pytest.mark.parametrize(("kind", "D_i", "widths"), NETS)


def drawn(kind, D_i, widths, seed, samples=6):
    """Return a random network, inputs and targets; no pre-activation is near ReLU's kink."""
    rng = np.random.default_rng(seed)
    network = lab7.network_of(kind, D_i, widths)
    D_o = widths[-1]
    while True:
        network.layers = [(rng.normal(size=(a, b)), rng.normal(size=b)) for a, b in pairwise([D_i, *widths])]
        inputs = rng.normal(size=(samples, D_i))
        if all(np.abs(f).min() > 1e-3 for f in network._forward(inputs)[1]):
            break
    targets = np.eye(D_o)[rng.integers(0, D_o, samples)] if kind == "classifier" else rng.normal(size=(samples, D_o))
    return network, inputs, targets


def test_one_hot_is_a_loop():
    """Each row holds a 1 in its label's column and 0 elsewhere; labels may be a list."""
    labels = [2, 0, 3, 3]
    rows = training.one_hot(labels, 5)
    assert rows.shape == (4, 5)
    assert all(rows[i, k] == (k == label) for i, label in enumerate(labels) for k in range(5))


def test_a_start_has_hes_variance():
    """Weights have mean 0 and variance 2/D_k within five standard errors, and biases are 0."""
    layers = training.he_initialise([400, 300, 200], np.random.default_rng(1))
    for (W, b), (D_in, D_out) in zip(layers, [(400, 300), (300, 200)], strict=True):
        assert W.shape == (D_in, D_out)
        assert W.var() == pytest.approx(2 / D_in, rel=5 * np.sqrt(2 / W.size))
        assert abs(W.mean()) < 5 * np.sqrt(2 / D_in / W.size)
        assert not b.any()
        assert b.shape == (D_out,)


@nets
@pytest.mark.parametrize("seed", SEEDS)
def test_predictions_and_cost_are_loops(kind, D_i, widths, seed):
    """Predictions and cost equal a loop over samples and units in Python floats."""
    network, inputs, targets = drawn(kind, D_i, widths, seed)
    total = 0.0
    for x, y, p in zip(inputs, targets, network.predict(inputs), strict=True):
        h = list(x)
        for k, (W, b) in enumerate(network.layers):
            f = [b[j] + sum(h[i] * W[i, j] for i in range(len(h))) for j in range(len(b))]
            h = [max(one, 0.0) for one in f] if k + 1 < len(widths) else f
        if kind == "classifier":
            h = [np.exp(one) / sum(np.exp(other) for other in h) for one in h]
            total -= np.log(h[int(np.argmax(y))])
        else:
            total += sum((one - other) ** 2 for one, other in zip(h, y, strict=True))
        assert p == pytest.approx(h, rel=1e-12)
    assert network.cost(inputs, targets) == pytest.approx(total / len(inputs), rel=1e-12)


@nets
@pytest.mark.parametrize("seed", SEEDS)
def test_gradients_are_central_differences(kind, D_i, widths, seed):
    """Every gradient has its parameter's shape and equals the central differences of the cost."""
    network, inputs, targets = drawn(kind, D_i, widths, seed)
    step = 1e-6
    for pair, slopes in zip(network.layers, network.compute_gradient(inputs, targets), strict=True):
        for parameter, slope in zip(pair, slopes, strict=True):
            assert slope.shape == parameter.shape
            for index in np.ndindex(parameter.shape):
                original, costs = parameter[index], []
                for parameter[index] in (original + step, original - step):
                    costs.append(network.cost(inputs, targets))
                parameter[index] = original
                assert slope[index] == pytest.approx((costs[0] - costs[1]) / 2 / step, rel=1e-5, abs=1e-8)


def test_steps_are_subtracted_from_new_arrays():
    """The new parameters are the old minus their steps; the old parameters' arrays don't change."""
    network, *_ = drawn("regressor", 3, [4, 2], 0)
    before = [(W.copy(), b.copy()) for W, b in network.layers]
    original, steps = network.layers, [(0 * W + 1, 0 * b + 2) for W, b in network.layers]
    network.update_weights(steps)
    for (W, b), (W0, b0), (W1, b1) in zip(network.layers, before, original, strict=True):
        assert np.array_equal(W, W0 - 1)
        assert np.array_equal(b, b0 - 2)
        assert np.array_equal(W1, W0)
        assert np.array_equal(b1, b0)


@pytest.mark.parametrize(("n", "size"), [(50, 8), (24, 6), (5, 9), (7, 1)])
def test_batches_hold_every_sample_once(n, size):
    """Each epoch's batches hold every sample once, in another order each time; all but the last are full."""
    rng = np.random.default_rng(2)
    first, second = training.minibatches(n, size, rng), training.minibatches(n, size, rng)
    assert sorted(np.concatenate(first)) == sorted(np.concatenate(second)) == list(range(n))
    assert [len(batch) for batch in first[:-1]] == [size] * (len(first) - 1)
    assert 1 <= len(first[-1]) <= size
    assert not np.array_equal(np.concatenate(first), np.concatenate(second))


@pytest.mark.parametrize("seed", SEEDS)
def test_momentum_is_its_recursion(seed):
    """Steps equal the recursion in Python floats; gradients don't change; a new optimiser has no velocity."""
    rng = np.random.default_rng(seed)
    gradients = [[(rng.normal(size=(2, 3)), rng.normal(size=3))] for _ in range(5)]
    before = [gradient[0][0].copy() for gradient in gradients]
    optimiser = training.Momentum(0.3, 0.8)
    m = [0.0] * 9
    for gradient in gradients:
        (step,) = optimiser.step(gradient)
        flat = [*gradient[0][0].ravel(), *gradient[0][1]]
        m = [0.8 * one + 0.2 * g for one, g in zip(m, flat, strict=True)]
        assert [*step[0].ravel(), *step[1]] == pytest.approx([0.3 * one for one in m], rel=1e-12)
    assert all(np.array_equal(one[0][0], other) for one, other in zip(gradients, before, strict=True))
    assert training.Momentum(0.3, 0.8).step(gradients[0])[0][0] == pytest.approx(0.06 * gradients[0][0][0])


def test_training_is_its_parts_in_a_loop():
    """Training equals the loop written out with the same seed; costs are those after each epoch."""
    network, inputs, targets = drawn("classifier", 4, [5, 3], 1, samples=10)
    other, *_ = drawn("classifier", 4, [5, 3], 1, samples=10)
    epochs: list[int] = []
    costs = training.train(
        network, training.Momentum(0.2, 0.5), inputs, targets, 3, 4, np.random.default_rng(0), epochs.append
    )
    rng, optimiser, expected = np.random.default_rng(0), training.Momentum(0.2, 0.5), []
    for _ in range(3):
        order = rng.permutation(10)
        for batch in (order[:4], order[4:8], order[8:]):
            other.update_weights(optimiser.step(other.compute_gradient(inputs[batch], targets[batch])))
        expected.append(other.cost(inputs, targets))
    assert costs == expected
    assert epochs == [0, 1, 2]
    assert all(
        np.array_equal(actual[0], reference[0]) for actual, reference in zip(network.layers, other.layers, strict=True)
    )


def test_a_confusion_matrix_is_a_loop():
    """Rows are true classes, columns predicted ones; every pair counts as often as it occurs."""
    labels, predicted = np.random.default_rng(0).integers(0, 4, (2, 40))
    counts = training.confusion_matrix(labels, predicted, 5)
    assert counts.tolist() == [
        [sum(1 for a, b in zip(labels, predicted, strict=True) if (a, b) == (k, m)) for m in range(5)] for k in range(5)
    ]


@pytest.mark.parametrize("code", [lab7.STUBS, lab7.STARTING, lab7.DEALING], ids=["all", "start", "batches"])
def test_stubs_need_numpy_alone(code):
    """The source of the stubs defines their names with NumPy and nothing of the package."""
    notebook: dict[str, object] = {}
    exec(code, notebook)
    assert {"he_initialise", "minibatches"} & set(notebook)
    assert "autograder" not in code
    if code == lab7.STUBS:
        names = {name for name, value in vars(training).items() if inspect.getmodule(value) is training}
        assert names <= set(notebook)


@pytest.mark.torch
@pytest.mark.xdist_group("torch")
def test_gradients_and_momentum_are_pytorchs():
    """Gradients equal PyTorch's, and so does momentum at the rate α (1 − β), because PyTorch leaves out 1 − β."""
    torch = pytest.importorskip("torch")
    network, inputs, targets = drawn("classifier", 4, [5, 3], 3)
    parameters = [torch.tensor(value, requires_grad=True) for pair in network.layers for value in pair]
    torch_optimiser = torch.optim.SGD(parameters, lr=0.3 * (1 - 0.8), momentum=0.8)
    optimiser = training.Momentum(0.3, 0.8)
    for _ in range(4):
        torch_optimiser.zero_grad()
        hidden = torch.relu(torch.tensor(inputs) @ parameters[0] + parameters[1])
        logits = hidden @ parameters[2] + parameters[3]
        torch.nn.functional.cross_entropy(logits, torch.tensor(targets.argmax(axis=1))).backward()
        gradients = network.compute_gradient(inputs, targets)
        for value, parameter in zip((array for pair in gradients for array in pair), parameters, strict=True):
            assert value == pytest.approx(parameter.grad.numpy(), rel=1e-9, abs=1e-12)
        torch_optimiser.step()
        network.update_weights(optimiser.step(gradients))
    for value, parameter in zip((array for pair in network.layers for array in pair), parameters, strict=True):
        assert value == pytest.approx(parameter.detach().numpy(), rel=1e-9)
