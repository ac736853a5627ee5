"""Questions that hidden tests of lab 7 ask the parts that train a network."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Sequence
from dataclasses import replace
from itertools import pairwise
from typing import Any

import numpy as np

from autograder import student
from autograder.checks.attempt import attempt
from autograder.checks.carried_forward import Step
from autograder.diagnosis import NoValue, Within
from autograder.labs.lab7_training.mistakes import SLIPS_FORWARD, Net
from autograder.reference import activations, costs, training
from autograder.sandbox.guest.port import Handle

STUBS = inspect.getsource(training)
"""Code of the reference's parts: stubs for a notebook whose own are unusable."""


def _alone(function: Callable[..., Any]) -> str:
    """Code of one function of the reference."""
    imports = "from __future__ import annotations", "from itertools import pairwise", "import numpy as np"
    return "\n".join([*imports, inspect.getsource(function)])


STARTING, DEALING = _alone(training.he_initialise), _alone(training.minibatches)
"""Code of what a network and what a loop of training are built on."""
LEAST = 0.95
"""The share of unseen digits that a network has to read correctly.

Networks of the lab's size read 97 to 99 %, by the start and the order of their batches; 300 digits tell it to 1 %.
"""


def share_read(images: Any, labels: Any, order: Any) -> Any:
    """Return the share of images that the submission's network reads; trained again with stubs if that is low.

    order: where each of them stands in the notebook's own heap. What the notebook predicted of that has to be right,
    and so has what the network says of the images in this order. In the second training the notebook's labels of these
    images are hidden: who copies them reads nothing.
    """
    own = attempt(
        lambda: min(
            _share(np.ravel(student.value("predicted"))[order], labels),
            _share(student.function("read")(images), labels),
        )
    )
    if not isinstance(own, NoValue) and own >= LEAST:
        return own
    overrides = {"x_test": images, "t_test": np.zeros_like(labels)}
    other = attempt(lambda: _share(student.rerun("reads", overrides=overrides, stubs=STUBS).value("predicted"), labels))
    return own if isinstance(other, NoValue) and not isinstance(own, NoValue) else other


def most_of_them(images: Any, labels: Any, order: Any) -> Within:
    """Return the expected share with its tolerance."""
    return Within(1.0, 1.0 - LEAST, f"the network reads {{:.0%}} of them, and should read {LEAST:.0%} at least")


def _share(predicted: Any, labels: Any) -> float:
    return float(np.mean(np.ravel(predicted) == labels))


def measured_start(layer_sizes: Sequence[int], seed: int) -> tuple[Any, Any, float]:
    """Shapes, D_k times the variance of the weights, and the largest bias, of He's start; the seed decides nothing.

    The variance of n numbers is off by a factor of 1 ± √(2/n), so five times that is let through.
    """
    pairs = list(pairwise(layer_sizes))
    atol = np.array([2 * 5 * np.sqrt(2 / (D_in * D_out)) for D_in, D_out in pairs])
    return np.array([[D_in, D_out, D_out] for D_in, D_out in pairs]), Within(np.full(len(pairs), 2.0), atol), 0.0


def measured_batches(n_samples: int, size: int, seed: int) -> tuple[Any, Any, Any]:
    """Sizes of the batches, all their indices sorted, and that they are shuffled, and shuffled anew."""
    sizes = [len(range(start, min(start + size, n_samples))) for start in range(0, n_samples, size)]
    return sizes, np.arange(n_samples), np.ones(2)


def measured_training(n_samples: int, size: int, epochs: int, seed: int) -> tuple[Any, Any, Any, Any]:
    """Return the costs, the count of each sample, the reported epochs, and four properties that must hold."""
    batches = -(-n_samples // size)
    done = np.arange(1, epochs + 1)
    return batches * done, np.full(n_samples, epochs), done - 1, np.ones(4)


def network_of(kind: str, network_input_size: int, layer_output_sizes: Sequence[int]) -> training.NeuralNetwork:
    """Return the network that a notebook's `network_of` makes."""
    hidden = len(layer_output_sizes) - 1
    last, cost, cost_der = _KINDS[kind]
    funcs, ders = [activations.relu] * hidden + [last], [activations.d_relu] * hidden + [np.ones_like]
    return training.NeuralNetwork(network_input_size, layer_output_sizes, funcs, ders, cost, cost_der)


def _softmax(f: Any) -> Any:
    return costs.softmax(f, samples="rows")


def _surprise(p: Any, y: Any) -> float:
    return float(-(y * np.log(p + 1e-300)).sum(axis=1).mean())


_KINDS: dict[str, tuple[Any, Any, Any]] = {
    "classifier": (_softmax, _surprise, lambda p, y: (p - y) / len(y)),
    "regressor": (
        activations.identity,
        lambda p, y: float(((p - y) ** 2).sum() / len(y)),
        lambda p, y: 2 * (p - y) / len(y),
    ),
}
"""The last layer's activation, the cost, and its slope in what that layer gets (softmax) or gives."""


def pieces(pairs: Any) -> list[Any]:
    """W and b of each layer, one after the other; a b of shape (1, D) as one of shape (D,)."""
    return [np.reshape(value, np.size(value)) if k else value for pair in pairs for k, value in enumerate(pair)]


def _set_layers(it: Handle, layers: Any) -> None:
    it.set("layers", layers)


def _weights(pairs: Any) -> list[Any]:
    return [W for W, _ in pairs]


def _biases(pairs: Any) -> list[Any]:
    return [np.reshape(b, np.size(b)) for _, b in pairs]


def _biases_of_other_call(it: Handle, inputs: Any, others: Any, targets: Any) -> Any:
    """Slopes of the biases, after a prediction for other inputs: what that left behind must not matter."""
    it.call("predict", others)
    return _biases(it.call("compute_gradient", inputs, targets))


def _stepped(it: Handle, layers: Any, steps: Any) -> Any:
    """Rows and columns of each W and the length of each b as the network was made; its parameters after a step."""
    sizes = np.array([[*np.shape(W), np.size(b)] for W, b in it.value("layers")])
    it.set("layers", layers)
    it.call("update_weights", steps)
    return [sizes, *pieces(it.value("layers"))]


NETWORK = {
    "layers_after": _stepped,
    "set": _set_layers,
    "predictions": lambda it, inputs: it.call("predict", inputs),
    "cost": lambda it, inputs, targets: it.call("cost", inputs, targets),
    "dl_dweights": lambda it, inputs, targets: _weights(it.call("compute_gradient", inputs, targets)),
    "dl_dbiases": _biases_of_other_call,
}
"""Questions to a new network, then to one whose layers are set."""


def _after_own(which: int) -> Step:
    """Return a step to the slopes of weights (0) or biases (1) by a correct pass back after a known wrong forward pass.

    The class keeps nothing of a pass, so what its hidden layers were can only be told from what came out.
    """

    def slopes(kind: str, layers: Any, inputs: Any, targets: Any, predictions: Any) -> Any:
        net = Net(kind, layers, inputs, targets)
        for change in (change for ways in SLIPS_FORWARD.values() for change in ways):
            slipped = replace(net, **change)
            if np.allclose(predictions, slipped.predictions(), rtol=1e-9):
                return slipped.gradients()[which]
        return NoValue("follows from no known forward pass")

    return slopes


OF_PREDICTIONS = {"cost": lambda kind, targets, predictions: Net(kind, [], None, targets).cost(predictions)}
"""Steps from the submission's own predictions, so that a mistake in the forward pass costs once."""
AFTER_PREDICTIONS = {"dl_dweights": _after_own(0), "dl_dbiases": _after_own(1)}
"""Steps of a correct backward pass after the same mistake in the forward pass."""

MOMENTUM = {
    "first_step": lambda it, first: pieces(it.call("step", first)),
    "second_step": lambda it, second: pieces(it.call("step", second)),
    "third_step": lambda it, third: pieces(it.call("step", third)),
}
"""Questions to an optimiser: three steps in a row."""
