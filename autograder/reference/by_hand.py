"""Two networks small enough for pen and paper: every number of a forward and a backward pass, one line each.

A chain maps the name of each number to the step that computes it; a step's parameters are names of earlier numbers and
of given ones. Vectors are flat, (D,); a matrix of weights has one row for each output, (D_o, D_i).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np

Chain = Mapping[str, Callable[..., Any]]

TANH_GIVEN: Mapping[str, Any] = {
    "W1": np.array([[0.1, 0.3, -0.5], [-0.2, 0.4, 0.6]]),
    "b1": np.array([0.1, 0.2]),
    "W2": np.array([[0.7, -0.8]]),
    "b2": np.array([0.3]),
    "x": np.array([0.3, 0.4, -0.1]),
    "t": np.array([0.5]),
    "eta": 0.5,
}
"""Three inputs, two tanh units, one linear output; a target and a learning rate."""

TANH: Chain = {
    "a": lambda W1, x, b1: W1 @ x + b1,
    "z": lambda a: np.tanh(a),
    "y": lambda W2, z, b2: W2 @ z + b2,
    "loss": lambda y, t: np.mean((y - t) ** 2),
    "dL_dy": lambda y, t: 2 * (y - t),
    "dL_dW2": lambda dL_dy, z: np.outer(dL_dy, z),
    "dL_db2": lambda dL_dy: dL_dy,
    "dL_dz": lambda W2, dL_dy: W2.T @ dL_dy,
    "dL_da": lambda dL_dz, z: dL_dz * (1 - z**2),
    "dL_dW1": lambda dL_da, x: np.outer(dL_da, x),
    "dL_db1": lambda dL_da: dL_da,
    "W2_updated": lambda W2, eta, dL_dW2: W2 - eta * dL_dW2,
    "b2_updated": lambda b2, eta, dL_db2: b2 - eta * dL_db2,
    "W1_updated": lambda W1, eta, dL_dW1: W1 - eta * dL_dW1,
    "b1_updated": lambda b1, eta, dL_db1: b1 - eta * dL_db1,
}
"""One step of gradient descent on the squared error of one sample."""

RELU_GIVEN: Mapping[str, Any] = {
    "W": np.array([[3.0, 2.0], [4.0, 1.0], [5.0, 2.0]]),
    "x": np.array([1.0, 2.0]),
    "y": np.array([1.0, 4.0, 4.0]),
    "eta": 0.1,
}
"""Two inputs, three ReLU units and no bias; a target and a learning rate."""

RELU: Chain = {
    "z": lambda W, x: W @ x,
    "y_hat": lambda z: np.maximum(z, 0),
    "L": lambda y_hat, y: np.sum((y_hat - y) ** 2) / 2,
    "dL_dy_hat": lambda y_hat, y: y_hat - y,
    "dy_hat_dz": lambda z: np.diag((z > 0).astype(float)),
    "delta": lambda dL_dy_hat, dy_hat_dz: dL_dy_hat @ dy_hat_dz,
    "dz_dW": lambda x: np.kron(np.eye(3), x),
    "dL_dW": lambda delta, x: np.outer(delta, x),
    "W_new": lambda W, eta, dL_dW: W - eta * dL_dW,
    "z_new": lambda W_new, x: W_new @ x,
    "y_hat_new": lambda z_new: np.maximum(z_new, 0),
    "L_new": lambda y_hat_new, y: np.sum((y_hat_new - y) ** 2) / 2,
}
"""One step of gradient descent on half the squared distance, and the loss after it."""
