"""A network of two layers in one class, ReLU and then a linear output, with its training: samples are rows.

Checks use the text of `TwoLayerNet` as a stub for a notebook's class, so it needs NumPy and nothing else.
"""

from __future__ import annotations

import inspect
from collections.abc import Mapping
from typing import Any

import numpy as np

Array = np.ndarray[Any, Any]
SCALE = 20.0
"""The divisor of points, before they enter the network that learns the three surfaces."""


class TwoLayerNet:
    """ŷ = ReLU(x W1ᵀ + b1) W2ᵀ + b2, for one sample, shape (D_i,), or a batch, shape (I, D_i)."""

    def __init__(self, in_dim: int = 2, hidden_dim: int = 3, out_dim: int = 3, seed: int = 0) -> None:
        rng = np.random.default_rng(seed)
        self.W1, self.b1 = rng.normal(size=(hidden_dim, in_dim)), np.zeros(hidden_dim)
        self.W2, self.b2 = rng.normal(size=(out_dim, hidden_dim)), np.zeros(out_dim)

    def forward(self, X: Array) -> tuple[Array, dict[str, Array]]:
        """Return the output, shape (D_o,) or (I, D_o), and the cache that backward needs."""
        X = np.asarray(X, dtype=float)
        Z1 = X @ self.W1.T + self.b1
        H = np.maximum(Z1, 0)
        Y_hat = H @ self.W2.T + self.b2
        return Y_hat, {"X": X, "Z1": Z1, "H": H, "Y_hat": Y_hat}

    def backward(self, Y: Array, cache: Mapping[str, Array]) -> tuple[dict[str, Array], float]:
        """∂L/∂W1, ∂L/∂b1, ∂L/∂W2, ∂L/∂b2 by name, and L = 1/(2I) ‖Ŷ − Y‖². Y: shape of the output."""
        X, Z1, H, error = map(np.atleast_2d, (cache["X"], cache["Z1"], cache["H"], cache["Y_hat"] - Y))
        delta2 = error / len(error)
        delta1 = delta2 @ self.W2 * (Z1 > 0)
        grads = {"W1": delta1.T @ X, "b1": delta1.sum(axis=0), "W2": delta2.T @ H, "b2": delta2.sum(axis=0)}
        return grads, float(np.sum(error**2)) / (2 * len(error))

    def step(self, grads: Mapping[str, Array], lr: float) -> None:
        """Take one step of gradient descent: θ ← θ − η ∂L/∂θ, where η is lr."""
        self.W1 = self.W1 - lr * grads["W1"]
        self.b1 = self.b1 - lr * grads["b1"]
        self.W2 = self.W2 - lr * grads["W2"]
        self.b2 = self.b2 - lr * grads["b2"]


SOURCE = f"from __future__ import annotations\nimport numpy as np\n{inspect.getsource(TwoLayerNet)}"
"""The class as code that runs by itself: with the imports that it needs."""


class OnTheBench:
    """A network with given parameters and the methods of the notebook's `Bench`."""

    def __init__(self, W1: Array, b1: Array, W2: Array, b2: Array) -> None:
        self._net = TwoLayerNet(W1.shape[1], W1.shape[0], W2.shape[0])
        self._net.W1, self._net.b1, self._net.W2, self._net.b2 = W1, b1, W2, b2

    def hidden(self, X: Array) -> Array:
        """Return h, shape (D,) or (I, D)."""
        return self._net.forward(X)[1]["H"]

    def forward(self, X: Array) -> Array:
        """Return ŷ; store its cache for backward."""
        Y_hat, self._cache = self._net.forward(X)
        return Y_hat

    def backward(self, Y: Array) -> float:
        """Return the loss; store the gradients for slope."""
        self._grads, loss = self._net.backward(Y, self._cache)
        return loss

    def slope(self, name: str) -> Array:
        """Return the stored gradient of the parameter of this name."""
        return self._grads[name]

    def parameter(self, name: str) -> Array:
        """Return the current W1, b1, W2 or b2."""
        value: Array = getattr(self._net, name)
        return value

    def step(self, grads: Mapping[str, Array], lr: float) -> None:
        """Take one step along these gradients."""
        self._net.step(grads, lr)

    def train(self, X: Array, Y: Array, epochs: int, lr: float) -> Array:
        """Take epochs steps with all samples X / SCALE; return the loss before each, shape (epochs,)."""
        losses = []
        for _ in range(epochs):
            _, cache = self._net.forward(X / SCALE)
            grads, loss = self._net.backward(Y, cache)
            self._net.step(grads, lr)
            losses.append(loss)
        return np.array(losses)

    trained = parameter

    def predict(self, X: Array) -> Array:
        """Return the output for points X / SCALE."""
        return self._net.forward(X / SCALE)[0]
