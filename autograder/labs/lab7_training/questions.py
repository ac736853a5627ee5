"""Functions that call a submission, expected values, and questions to its objects, for the hidden tests of lab 7.

Runs in the grader's process, or in an author's kernel; the code of `STUBS`, `STARTING` and `DEALING` runs where the
student's code runs.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable, Sequence
from itertools import chain, pairwise
from typing import Any

import numpy as np

from autograder import student
from autograder.checks.attempt import attempt
from autograder.checks.carried_forward import ChainStep
from autograder.diagnosis import NoValue, Within
from autograder.labs.lab7_training.mistakes import PASSES, WRONG_FORWARD, cost
from autograder.reference import activations, costs, training
from autograder.sandbox.guest.port import Handle

STUBS = inspect.getsource(training)
"""Code of the reference's parts, in place of unusable ones of a submission."""


def _source_of(function: Callable[..., Any]) -> str:
    """Return the code of one function of the reference, with its imports."""
    imports = "from __future__ import annotations", "from itertools import pairwise", "import numpy as np"
    return "\n".join([*imports, inspect.getsource(function)])


STARTING, DEALING = _source_of(training.he_initialise), _source_of(training.minibatches)
"""Code of the functions that a network, and a training loop, are built on."""
LEAST = 0.95
"""The share that a network has to read of digits it never saw.

Networks of the lab's size read 97 to 99 %, depending on the initial parameters and the order of batches; 300 digits
measure that to 1 %.
"""


def share_read(images: Any, labels: Any, order: Any) -> Any:
    """Return the share of images that the student's network reads; if it is low, that after another training.

    images (I, 64), labels (I,); order: for each image its position in the notebook's own test set. Both count: the
    notebook's own predictions for that set, and those of its `read` for the images in this order; the smaller share is
    returned. The other training uses the reference's parts. In it the notebook's labels of these images are 0, so that
    a network that copies them reads nothing. Returns a NoValue if no share is available.
    """
    actual = attempt(
        lambda: min(
            _share(np.ravel(student.current().value("predicted"))[order], labels),
            _share(student.current().function("read")(images), labels),
        )
    )
    if not isinstance(actual, NoValue) and actual >= LEAST:
        return actual
    overrides = {"x_test": images, "t_test": np.zeros_like(labels)}
    retrained = attempt(
        lambda: _share(student.current().rerun("reads", overrides=overrides, stubs=STUBS).value("predicted"), labels)
    )
    return actual if isinstance(retrained, NoValue) and not isinstance(actual, NoValue) else retrained


def most_of_them(images: Any, labels: Any, order: Any) -> Within:
    """Return the expected share: LEAST or more."""
    return Within(1.0, 1.0 - LEAST, f"the network reads {{:.0%}} of them, and should read {LEAST:.0%} at least")


def _share(predicted: Any, labels: Any) -> float:
    return float(np.mean(np.ravel(predicted) == labels))


def measured_start(layer_sizes: Sequence[int], seed: int) -> tuple[Any, Any, float]:
    """Return the expected shapes, D_k times the variance of the weights, and largest bias, for He's initialisation.

    The seed changes nothing. The variance of n numbers is off by a factor of 1 ± √(2/n); the tolerance is five times
    that.
    """
    pairs = list(pairwise(layer_sizes))
    atol = np.array([2 * 5 * np.sqrt(2 / (D_in * D_out)) for D_in, D_out in pairs])
    return np.array([[D_in, D_out, D_out] for D_in, D_out in pairs]), Within(np.full(len(pairs), 2.0), atol), 0.0


def measured_batches(n_samples: int, size: int, seed: int) -> tuple[Any, Any, Any]:
    """Return the expected sizes of the batches, all their indices sorted, and two flags that are 1.

    The flags say that the batches are shuffled, and differently in each epoch.
    """
    sizes = [len(range(start, min(start + size, n_samples))) for start in range(0, n_samples, size)]
    return sizes, np.arange(n_samples), np.ones(2)


def measured_training(n_samples: int, size: int, epochs: int, seed: int) -> tuple[Any, Any, Any, Any]:
    """Return the expected costs, how often each sample occurs, the reported epochs, and four flags that are 1.

    The flags say that inputs are paired with their targets, steps come from the optimiser, batches differ between
    epochs, and `train` needs no `after_epoch`.
    """
    batches = -(-n_samples // size)
    finished_epochs = np.arange(1, epochs + 1)
    return batches * finished_epochs, np.full(n_samples, epochs), finished_epochs - 1, np.ones(4)


def network_of(kind: str, network_input_size: int, layer_output_sizes: Sequence[int]) -> training.NeuralNetwork:
    """Return the network that a notebook's `network_of` makes."""
    hidden = len(layer_output_sizes) - 1
    last, cost, cost_der = _KINDS[kind]
    funcs, ders = [activations.relu] * hidden + [last], [activations.d_relu] * hidden + [np.ones_like]
    return training.NeuralNetwork(network_input_size, layer_output_sizes, funcs, ders, cost, cost_der)


def _softmax(f: Any) -> Any:
    return costs.softmax(f, samples="rows")


def _cross_entropy(p: Any, y: Any) -> float:
    return float(-(y * np.log(p + 1e-300)).sum(axis=1).mean())


_KINDS: dict[str, tuple[Any, Any, Any]] = {
    "classifier": (_softmax, _cross_entropy, lambda p, y: (p - y) / len(y)),
    "regressor": (
        activations.identity,
        lambda p, y: float(((p - y) ** 2).sum() / len(y)),
        lambda p, y: 2 * (p - y) / len(y),
    ),
}
"""The last layer's activation, the cost, and its derivative in the input (softmax) or the output of that activation."""


def pieces(pairs: Any) -> list[Any]:
    """Return W and b of each layer, one after the other; a b of shape (1, D) as one of shape (D,)."""
    return [np.reshape(value, np.size(value)) if k else value for pair in pairs for k, value in enumerate(pair)]


def _set_layers(it: Handle, layers: Any) -> None:
    it.set("layers", layers)


def _weights(pairs: Any) -> list[Any]:
    return [W for W, _ in pairs]


def _biases(pairs: Any) -> list[Any]:
    return [np.reshape(b, np.size(b)) for _, b in pairs]


def _biases_after_prediction(it: Handle, inputs: Any, others: Any, targets: Any) -> Any:
    """Return the gradients of the biases after a prediction for other inputs, which must not change them."""
    it.call("predict", others)
    return _biases(it.call("compute_gradient", inputs, targets))


def _layers_after_step(it: Handle, layers: Any, steps: Any) -> Any:
    """Return the initial sizes of each layer, and then its parameters after a step.

    The sizes (n_layers, 3) are rows and columns of W and the length of b.
    """
    sizes = np.array([[*np.shape(W), np.size(b)] for W, b in it.value("layers")])
    it.set("layers", layers)
    it.call("update_weights", steps)
    return [sizes, *pieces(it.value("layers"))]


NETWORK = {
    "layers_after": _layers_after_step,
    "set": _set_layers,
    "predictions": lambda it, inputs: it.call("predict", inputs),
    "cost": lambda it, inputs, targets: it.call("cost", inputs, targets),
    "dl_dweights": lambda it, inputs, targets: _weights(it.call("compute_gradient", inputs, targets)),
    "dl_dbiases": _biases_after_prediction,
}
"""Questions to a network: the first to the network as it is made, the others after its layers are set."""


def _after_own_predictions(value: str) -> ChainStep:
    """Return a step that computes gradients, `dl_dweights` or `dl_dbiases`, by a correct backward pass.

    The forward pass before it may have a known mistake. The class keeps nothing of a pass, so the step recognises the
    mistake by its predictions. It returns a NoValue for other predictions.
    """

    def slopes(kind: str, layers: Any, inputs: Any, targets: Any, predictions: Any) -> Any:
        given = {"kind": kind, "layers": layers, "inputs": inputs, "targets": targets}
        for way in chain.from_iterable(WRONG_FORWARD.values()):
            if np.allclose(predictions, PASSES.compute("predictions", given, way), rtol=1e-9):
                return PASSES.compute(value, given, way)
        return NoValue("follows from no known forward pass")

    return slopes


OF_PREDICTIONS = {"cost": lambda kind, targets, predictions: cost(kind, predictions, targets)}
"""Steps from the student's own predictions, so that a mistake in the forward pass costs once."""
AFTER_PREDICTIONS = {value: _after_own_predictions(value) for value in ("dl_dweights", "dl_dbiases")}
"""Steps to the gradients of a correct backward pass after the same mistake."""

MOMENTUM = {
    "first_step": lambda it, first: pieces(it.call("step", first)),
    "second_step": lambda it, second: pieces(it.call("step", second)),
    "third_step": lambda it, third: pieces(it.call("step", third)),
}
"""Questions to an optimiser: three steps in a row."""
