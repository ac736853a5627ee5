"""One hidden layer of tanh units and the mean of squares, as functions: samples are rows, weights have a row a unit.

Checks use the text of this file as stubs for a notebook's functions, so it needs NumPy and nothing else.
"""

from typing import Any

import numpy as np

Array = np.ndarray[Any, Any]


def gradients(
    x: Array, t: Array, W1: Array, b1: Array, W2: Array, b2: Array
) -> tuple[float, Array, Array, Array, Array]:
    """L = mean((y − t)²) of y = tanh(x W1ᵀ + b1) W2ᵀ + b2, and its slopes in W1, b1, W2 and b2.

    x: (I, D_i). t: (I, D_o). W1: (D, D_i). b1: (D,). W2: (D_o, D). b2: (D_o,). Returns L, then arrays of these shapes.
    """
    z = np.tanh(x @ W1.T + b1)
    error = z @ W2.T + b2 - t
    dy = 2 * error / error.size
    da = dy @ W2 * (1 - z**2)
    return float(np.mean(error**2)), da.T @ x, da.sum(axis=0), dy.T @ z, dy.sum(axis=0)


def step(
    x: Array, t: Array, W1: Array, b1: Array, W2: Array, b2: Array, lr: float
) -> tuple[Array, Array, Array, Array]:
    """θ − η ∂L/∂θ for θ = W1, b1, W2, b2 and η = lr. x, t and shapes as in `gradients`. Returns the new four."""
    _, dW1, db1, dW2, db2 = gradients(x, t, W1, b1, W2, b2)
    return W1 - lr * dW1, b1 - lr * db1, W2 - lr * dW2, b2 - lr * db2


def descent(
    x: Array, t: Array, W1: Array, b1: Array, W2: Array, b2: Array, lr: float, epochs: int
) -> tuple[Array, Array]:
    """Take epochs steps of gradient descent at rate lr from W1, b1, W2, b2; x, t and shapes as in `gradients`.

    Returns the loss before each step, (epochs,), and the outputs after the last, (I, D_o).
    """
    losses = []
    for _ in range(epochs):
        losses.append(gradients(x, t, W1, b1, W2, b2)[0])
        W1, b1, W2, b2 = step(x, t, W1, b1, W2, b2, lr)
    return np.array(losses), np.tanh(x @ W1.T + b1) @ W2.T + b2
