"""The network, its costs and its optimisers against PyTorch, where it is installed."""

from typing import TYPE_CHECKING

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from autograder.reference import costs, mlp, optimisers
from tests.reference.networks import network, networks

if TYPE_CHECKING:
    import torch

pytestmark = [pytest.mark.torch, pytest.mark.xdist_group("torch")]

repeatable = settings(derandomize=True, deadline=None, max_examples=60)


@pytest.fixture(autouse=True, scope="module")
def import_torch():
    """Import PyTorch, which takes a second, only in the worker that runs these tests."""
    globals()["torch"] = pytest.importorskip("torch")


def tensors(arrays):
    """Return the arrays as PyTorch leaf tensors that record gradients."""
    return [torch.tensor(array, requires_grad=True) for array in arrays]


def predict(net_input, weights, biases, names):
    """Return the output of the same network, computed by PyTorch, samples as columns."""
    functions = {"identity": lambda f: f, "relu": torch.relu, "sigmoid": torch.sigmoid, "tanh": torch.tanh}
    h = torch.tensor(net_input)
    for Omega, beta, name in zip(weights, biases, names, strict=True):
        h = functions[name](Omega @ h + beta)
    return h


def assert_all_close(arrays, leaves, rtol):
    """Assert that arrays equal the tensors' gradients up to rounding of the largest entry."""
    for array, tensor in zip(arrays, leaves, strict=True):
        expected = tensor.grad.numpy()
        assert array.dtype == expected.dtype
        np.testing.assert_allclose(array, expected, rtol=rtol, atol=rtol * max(1e-3, np.abs(expected).max()))


class TestGradients:
    @repeatable
    @given(networks(), st.sampled_from([(np.float64, 1e-10), (np.float32, 2e-4)]))
    def test_squared_error(self, net, precision):
        """The squared error's gradients equal PyTorch's for any small network, in both precisions."""
        dtype, rtol = precision
        net = net.astype(dtype)
        net_output, *cache = mlp.forward(*net[:3], activation=net.pairs)
        slope = costs.d_squared_error(net_output, net.y, normalisation="mean over all")
        gradients = mlp.backward(*net[1:3], *cache, slope, activation=net.pairs)
        weights, biases = tensors(net.all_weights), tensors(net.all_biases)
        cost = torch.nn.functional.mse_loss(predict(net.net_input, weights, biases, net.names), torch.tensor(net.y))
        cost.backward()
        assert costs.squared_error(net_output, net.y, normalisation="mean over all") == pytest.approx(
            cost.item(), rel=rtol
        )
        assert_all_close(gradients.all_dl_dweights, weights, rtol)
        assert_all_close(gradients.all_dl_dbiases, biases, rtol)

    @repeatable
    @given(networks(), st.randoms(use_true_random=False), st.sampled_from([1.0, 100.0]))
    def test_cross_entropy(self, net, random, scale):
        """The gradients of softmax with cross-entropy, for classes as targets, equal PyTorch's up to huge logits."""
        D_o, n = net.y.shape
        labels = np.array([random.randrange(D_o) for _ in range(n)])
        net = net._replace(all_weights=[*net.all_weights[:-1], scale * net.all_weights[-1]])
        net_output, *cache = mlp.forward(*net[:3], activation=net.pairs)
        slope = costs.d_cross_entropy(net_output, labels)
        gradients = mlp.backward(*net[1:3], *cache, slope, activation=net.pairs)
        weights, biases = tensors(net.all_weights), tensors(net.all_biases)
        logits = predict(net.net_input, weights, biases, net.names)
        cost = torch.nn.functional.cross_entropy(logits.T, torch.tensor(labels))
        cost.backward()
        assert costs.cross_entropy(net_output, labels) == pytest.approx(cost.item(), rel=1e-10, abs=1e-12)
        assert_all_close(gradients.all_dl_dweights, weights, 1e-9)
        assert_all_close(gradients.all_dl_dbiases, biases, 1e-9)

    @pytest.mark.parametrize("depth", [0, 1, 10, 50])
    def test_any_depth(self, depth):
        """Gradients equal PyTorch's for up to fifty hidden layers."""
        net = network([4, *[6] * depth, 3], 5, seed=depth, scale=1.3)
        net_output, *cache = mlp.forward(*net[:3])
        gradients = mlp.backward(*net[1:3], *cache, costs.d_squared_error(net_output, net.y))
        weights, biases = tensors(net.all_weights), tensors(net.all_biases)
        (((predict(net.net_input, weights, biases, net.names) - torch.tensor(net.y)) ** 2).sum() / 5).backward()
        assert_all_close(gradients.all_dl_dweights, weights, 1e-8)
        assert_all_close(gradients.all_dl_dbiases, biases, 1e-8)

    def test_rows_are_pytorchs_linear(self):
        """With samples as rows a layer equals torch.nn.Linear, whose weights (out, in) are transposed."""
        layer, x = torch.nn.Linear(3, 2, dtype=torch.float64), np.random.default_rng(0).normal(size=(5, 3))
        weights, bias = (parameter.detach().numpy() for parameter in layer.parameters())
        actual = mlp.forward(x, [weights.T], [bias[None, :]], samples="rows").net_output
        np.testing.assert_allclose(actual, layer(torch.tensor(x)).detach().numpy(), rtol=1e-12)


class TestOptimisers:
    @pytest.mark.parametrize("beta", [0.0, 0.5, 0.9])
    def test_momentum_is_pytorchs_at_another_rate(self, beta):
        """Momentum equals PyTorch's SGD at the rate α (1 − β), because PyTorch adds whole gradients to its velocity."""
        start = [np.array([[1.0, -2.0]]), np.array([3.0])]
        leaves, parameters, m = tensors(start), start, optimisers.at_rest(start)
        optimiser = torch.optim.SGD(leaves, lr=0.01 * (1 - beta), momentum=beta)
        for _ in range(20):
            optimiser.zero_grad()
            sum((tensor**4).sum() for tensor in leaves).backward()
            optimiser.step()
            parameters, m = optimisers.momentum(parameters, [4 * phi**3 for phi in parameters], m, 0.01, beta)
        for array, tensor in zip(parameters, leaves, strict=True):
            np.testing.assert_allclose(array, tensor.detach().numpy(), rtol=1e-10)
