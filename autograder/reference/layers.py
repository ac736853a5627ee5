"""A network built of layer objects, each with its own forward and backward pass: samples are rows.

Every layer has `forward(x)`, which stores the values that the backward pass needs, and `backward(grad_output)`, which
takes the slope of the loss in the layer's output and returns the slope in its input. Checks use the text of this file
as stubs for a notebook's classes, so it needs NumPy and nothing else.
"""

from typing import Any

import numpy as np

Array = np.ndarray[Any, Any]


class Linear:
    """y = x Wᵀ + b, with W of shape (D_o, D_i) and b of shape (D_o,)."""

    def __init__(self, input_dim: int, output_dim: int, initial_weights: Array, initial_biases: Array) -> None:
        self.weights = np.array(initial_weights, dtype=float).reshape(output_dim, input_dim)
        self.biases = np.array(initial_biases, dtype=float).reshape(output_dim)
        self.grad_weights = self.grad_biases = self.grad_input = np.zeros(0)

    def forward(self, x: Array) -> Array:
        """Return the output, of shape (I, D_o), for an input of shape (I, D_i)."""
        self._x = np.array(x, dtype=float)
        output: Array = self._x @ self.weights.T + self.biases
        return output

    def backward(self, grad_output: Array) -> Array:
        """∂L/∂x = G W, of shape (I, D_i); stores ∂L/∂W = Gᵀ x and ∂L/∂b = Σᵢ Gᵢ. grad_output: G, shape (I, D_o)."""
        self.grad_weights = grad_output.T @ self._x
        self.grad_biases = grad_output.sum(axis=0)
        self.grad_input = grad_output @ self.weights
        return self.grad_input

    def update_params(self, lr: float) -> None:
        """Take one step of gradient descent: θ ← θ − η ∂L/∂θ, where η is lr."""
        self.weights = self.weights - lr * self.grad_weights
        self.biases = self.biases - lr * self.grad_biases


class Tanh:
    """z = tanh a."""

    def forward(self, x: Array) -> Array:
        """Return the output, of the input's shape."""
        self._output: Array = np.tanh(x)
        return self._output

    def backward(self, grad_output: Array) -> Array:
        """∂L/∂a = G (1 − z²), where G is grad_output."""
        self.grad_input: Array = grad_output * (1 - self._output**2)
        return self.grad_input


class ReLU:
    """z = max(0, a)."""

    def forward(self, x: Array) -> Array:
        """Return the output, of the input's shape."""
        self._positive = np.asarray(x) > 0
        output: Array = np.where(self._positive, x, 0.0)
        return output

    def backward(self, grad_output: Array) -> Array:
        """∂L/∂a = G where a > 0, else 0, where G is grad_output."""
        self.grad_input: Array = np.where(self._positive, grad_output, 0.0)
        return self.grad_input


class MSELoss:
    """L = mean((y − t)²), over all samples and outputs."""

    def forward(self, y: Array, t: Array) -> float:
        """Return the loss of outputs y for targets t, both of shape (I, D_o)."""
        self._error = np.asarray(y, dtype=float) - t
        return float(np.mean(self._error**2))

    def backward(self) -> Array:
        """∂L/∂y = 2 (y − t) / (I D_o)."""
        self.grad_input: Array = 2 * self._error / self._error.size
        return self.grad_input


class MLP:
    """y = tanh(x W1ᵀ + b1) W2ᵀ + b2."""

    def __init__(
        self, input_dim: int, hidden_dim: int, output_dim: int, W1: Array, b1: Array, W2: Array, b2: Array
    ) -> None:
        self.hidden = Linear(input_dim, hidden_dim, W1, b1)
        self.activation = Tanh()
        self.output = Linear(hidden_dim, output_dim, W2, b2)

    def forward(self, x: Array) -> Array:
        """Return the output, of shape (I, D_o), for an input of shape (I, D_i)."""
        return self.output.forward(self.activation.forward(self.hidden.forward(x)))

    def backward(self, grad_output: Array) -> Array:
        """Return ∂L/∂x for grad_output, ∂L/∂y; each linear layer stores the gradients of its parameters."""
        return self.hidden.backward(self.activation.backward(self.output.backward(grad_output)))

    def update_params(self, lr: float) -> None:
        """Take one step of gradient descent in both linear layers."""
        self.hidden.update_params(lr)
        self.output.update_params(lr)
