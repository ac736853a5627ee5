"""Training of a classifier: a network object, a separate optimiser, and mini-batches. Samples are rows.

"UDL" is Prince, Understanding Deep Learning. Checks use the text of this file as stubs for a notebook's functions and
classes, so it needs NumPy and nothing else.
"""

from collections.abc import Callable, Sequence
from itertools import pairwise
from typing import Any

import numpy as np

Array = np.ndarray[Any, Any]
Layers = list[tuple[Array, Array]]


def one_hot(labels: Array, n_classes: int) -> Array:
    """Return labels 0 … C − 1, shape (I,), as rows with a single 1, shape (I, C), where C is n_classes."""
    return np.eye(n_classes)[np.asarray(labels)]


def he_initialise(layer_sizes: Sequence[int], rng: np.random.Generator) -> Layers:
    """W_k ~ N(0, 2 / D_k), shape (D_k, D_k+1), and b_k = 0, shape (D_k+1,) (UDL 7.5; He et al. 2015, eq. 10).

    layer_sizes are D_0 … D_K, inputs first. rng draws the numbers, layer by layer. Returns a (W, b) a layer.
    """
    return [(rng.normal(0, np.sqrt(2 / a), (a, b)), np.zeros(b)) for a, b in pairwise(layer_sizes)]


class NeuralNetwork:
    """Layers f_k = h_k W_k + b_k, h_k+1 = a_k[f_k]; it stores its parameters, but no values of a pass."""

    def __init__(
        self,
        network_input_size: int,
        layer_output_sizes: Sequence[int],
        activation_funcs: Sequence[Callable[[Array], Array]],
        activation_ders: Sequence[Callable[[Array], Array]],
        cost_fun: Callable[[Array, Array], float],
        cost_der: Callable[[Array, Array], Array],
    ) -> None:
        self.layers = he_initialise([network_input_size, *layer_output_sizes], np.random.default_rng(0))
        self.activation_funcs, self.activation_ders = activation_funcs, activation_ders
        self.cost_fun, self.cost_der = cost_fun, cost_der

    def predict(self, inputs: Array) -> Array:
        """Return the last layer's activation, (I, D_o), of inputs (I, D_i)."""
        return self._forward(inputs)[0]

    def cost(self, inputs: Array, targets: Array) -> float:
        """Return the cost of the predictions for targets (I, D_o)."""
        return self.cost_fun(self.predict(inputs), targets)

    def compute_gradient(self, inputs: Array, targets: Array) -> Layers:
        """G_k−1 = G_k W_kᵀ ⊙ a'[f_k−1], ∂L/∂W_k = h_kᵀ G_k, ∂L/∂b_k = Σᵢ G_k (UDL 7.4): a (dl_dW, dl_db) a layer."""
        predictions, all_f, all_h = self._forward(inputs)
        layer_grads: Layers = []
        G = self.cost_der(predictions, targets)
        for (W, _), slope, f, h in reversed(list(zip(self.layers, self.activation_ders, all_f, all_h, strict=True))):
            G = G * slope(f)
            layer_grads.insert(0, (h.T @ G, G.sum(axis=0)))
            G = G @ W.T
        return layer_grads

    def update_weights(self, layer_grads: Layers) -> None:
        """Subtract each step from its parameter."""
        pairs = zip(self.layers, layer_grads, strict=True)
        self.layers = [(W - np.asarray(dW), b - np.asarray(db)) for (W, b), (dW, db) in pairs]

    def _forward(self, inputs: Array) -> tuple[Array, list[Array], list[Array]]:
        """Return the last layer's activation, and every layer's pre-activation f_k and input h_k."""
        all_f: list[Array] = []
        all_h = [np.asarray(inputs, dtype=float)]
        for (W, b), activation in zip(self.layers, self.activation_funcs, strict=True):
            all_f.append(all_h[-1] @ np.asarray(W) + np.asarray(b))
            all_h.append(activation(all_f[-1]))
        return all_h.pop(), all_f, all_h


def minibatches(n_samples: int, size: int, rng: np.random.Generator) -> list[Array]:
    """Shuffle 0 … n_samples − 1 with rng and split them: each once, the last batch perhaps smaller (UDL 6.2).

    Returns arrays of at most size indices.
    """
    shuffled = rng.permutation(n_samples)
    return [shuffled[start : start + size] for start in range(0, n_samples, size)]


class Momentum:
    """m ← β m + (1 − β) ∂L/∂φ, and the step is α m (UDL 6.3)."""

    def __init__(self, alpha: float, beta: float) -> None:
        self.alpha, self.beta = alpha, beta
        self.velocities: Layers | None = None

    def step(self, layer_grads: Layers) -> Layers:
        """Return the steps for these gradients, in the same shapes; store the velocities m for the next call."""
        grads = [(np.asarray(dW, dtype=float), np.asarray(db, dtype=float)) for dW, db in layer_grads]
        previous = self.velocities or [(0 * dW, 0 * db) for dW, db in grads]
        beta = self.beta
        self.velocities = [
            (beta * m_W + (1 - beta) * dW, beta * m_b + (1 - beta) * db)
            for (m_W, m_b), (dW, db) in zip(previous, grads, strict=True)
        ]
        return [(self.alpha * m_W, self.alpha * m_b) for m_W, m_b in self.velocities]


def train(
    network: Any,
    optimiser: Any,
    inputs: Array,
    targets: Array,
    epochs: int,
    size: int,
    rng: np.random.Generator,
    after_epoch: Callable[[int], Any] | None = None,
) -> list[float]:
    """Take a step of the optimiser for each batch of each epoch; return the cost after each epoch (UDL 6.2).

    The network learns from inputs (I, D_i) and targets (I, D_o), epochs times over, in batches of size samples that rng
    shuffles anew each time. Costs are of all inputs. after_epoch, if given: called with the epoch's number from 0.
    """
    costs = []
    for epoch in range(epochs):
        for batch in minibatches(len(inputs), size, rng):
            network.update_weights(optimiser.step(network.compute_gradient(inputs[batch], targets[batch])))
        costs.append(network.cost(inputs, targets))
        if after_epoch:
            after_epoch(epoch)
    return costs


def confusion_matrix(labels: Array, predictions: Array, n_classes: int) -> Array:
    """Return counts, shape (C, C): entry (k, l) is how often class k was predicted as class l, and C = n_classes.

    labels and predictions are classes 0 … C − 1, both of shape (I,).
    """
    counts = np.zeros((n_classes, n_classes), dtype=int)
    np.add.at(counts, (np.asarray(labels), np.asarray(predictions)), 1)
    return counts
