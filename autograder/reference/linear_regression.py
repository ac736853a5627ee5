"""Fit a linear model by gradient descent: prediction, cost, gradient, step, and the exact solution to compare with.

Samples are rows: I samples of D_i numbers each. "U" is the Uppsala document, lab 1, section 2.1; "UDL" is Prince,
Understanding Deep Learning. Every function returns new arrays in its arguments' precision, and raises
ReferenceInputError for arguments that are empty, not finite or of another shape.
"""

from collections.abc import Callable
from typing import TypeAlias

import numpy as np

from autograder.reference.arrays import Array, Scalar, checked, unchecked, whole_number

Predict: TypeAlias = Callable[[Array, Array, Array], Array]
Cost: TypeAlias = Callable[[Array, Array], Scalar]
DCost: TypeAlias = Callable[[Array, Array], Array]
Gradient: TypeAlias = Callable[[Array, Array, Array, Array, Array], tuple[Array, Array]]
Update: TypeAlias = Callable[[Array, Array, Array, Array, float], tuple[Array, Array]]


@checked(net_input="(I, D_i)", weights="(D_i, 1)", bias="(1, 1)")
def predict(net_input: Array, weights: Array, bias: Array) -> Array:
    """f[X, φ] = X ω + β (U 1c).

    net_input (I, D_i), weights (D_i, 1), bias (1, 1). Returns net_output (I, 1).
    Raises ReferenceInputError.
    """
    return net_input @ weights + bias


@checked(net_output="(I, 1)", y="(I, 1)")
def cost(net_output: Array, y: Array) -> Scalar:
    """L = ‖f − y‖² / I (U 1b).

    net_output (I, 1), y (I, 1). Returns one number.
    Raises ReferenceInputError.
    """
    return np.mean((net_output - y) ** 2)


@checked(net_output="(I, 1)", y="(I, 1)")
def d_cost_d_output(net_output: Array, y: Array) -> Array:
    """∂L/∂f = 2 (f − y) / I (U 5).

    net_output (I, 1), y (I, 1). Returns dl_df (I, 1).
    Raises ReferenceInputError.
    """
    return 2 * (net_output - y) / len(y)


@checked(net_input="(I, D_i)")
def df_dweights(net_input: Array) -> Array:
    """∂f/∂ω = Xᵀ (U 5): row j, column i is how output i changes with weight j.

    net_input (I, D_i). Returns df_dweights (D_i, I).
    Raises ReferenceInputError.
    """
    return net_input.T.copy()


@checked(net_input="(I, D_i)")
def df_dbias(net_input: Array) -> Array:
    """∂f/∂β = [1 … 1] (U 5): the bias moves every output alike.

    net_input (I, D_i). Returns df_dbias (1, I).
    Raises ReferenceInputError.
    """
    return np.ones((1, len(net_input)), dtype=net_input.dtype)


@checked(net_input="(I, D_i)", weights="(D_i, 1)", bias="(1, 1)", net_output="(I, 1)", y="(I, 1)")
def gradient(
    weights: Array, bias: Array, net_input: Array, net_output: Array, y: Array, *, d_cost: DCost = d_cost_d_output
) -> tuple[Array, Array]:
    """∂L/∂ω = ∂f/∂ω ∂L/∂f and ∂L/∂β = ∂f/∂β ∂L/∂f (U 4).

    weights (D_i, 1), bias (1, 1), net_input (I, D_i), net_output (I, 1), y (I, 1).
    d_cost gives ∂L/∂f (I, 1) from net_output and y: pass the submission's function to carry its errors forward.
    Returns dl_dweights (D_i, 1), dl_dbias (1, 1).
    Raises ReferenceInputError, with the argument dl_df for the value that d_cost returned.
    """
    return _chain_rule(net_input, d_cost(net_output.copy(), y.copy()))


@checked(net_input="(I, D_i)", dl_df="(I, 1)")
def _chain_rule(net_input: Array, dl_df: Array) -> tuple[Array, Array]:
    return unchecked(df_dweights)(net_input) @ dl_df, unchecked(df_dbias)(net_input) @ dl_df


@checked(weights="(D_i, 1)", bias="(1, 1)", dl_dweights="(D_i, 1)", dl_dbias="(1, 1) or (1,) or ()", alpha="()")
def update(weights: Array, bias: Array, dl_dweights: Array, dl_dbias: Array, alpha: float) -> tuple[Array, Array]:
    """ω ← ω − α ∂L/∂ω and β ← β − α ∂L/∂β (gradient descent, UDL section 6.1).

    weights and dl_dweights (D_i, 1), bias (1, 1), dl_dbias (1, 1), (1,) or a number, alpha one number.
    Returns the next weights (D_i, 1) and bias (1, 1), new arrays.
    Raises ReferenceInputError.
    """
    return weights - alpha * dl_dweights, bias - alpha * dl_dbias


@checked(net_input="(I, D_i)", y="(I, 1)", weights="(D_i, 1)", bias="(1, 1)", alpha="()")
def gradient_descent(
    net_input: Array,
    y: Array,
    weights: Array,
    bias: Array,
    iterations: int,
    alpha: float,
    *,
    predict: Predict = predict,
    cost: Cost = cost,
    gradient: Gradient = gradient,
    update: Update = update,
) -> tuple[Array, Array, Array]:
    """φ ← φ − α ∂L/∂φ, repeated, for φ = {ω, β} (UDL section 6.1; L is U 1b).

    net_input (I, D_i), y (I, 1), weights (D_i, 1), bias (1, 1), iterations 0 or more, alpha one number.
    predict, cost, gradient, update: pass the submission's functions to carry their errors forward.
    Returns costs (iterations + 1,), weights (D_i, 1), bias (1, 1): costs[k] is the cost before step k.
    Raises ReferenceInputError, also where the steps diverge to infinity.
    """
    # A submission's functions may change their arguments.
    net_input, y, weights, bias = (array.copy() for array in (net_input, y, weights, bias))
    costs = []
    for _ in range(whole_number("iterations", iterations)):
        net_output = predict(net_input, weights, bias)
        costs.append(cost(net_output, y))
        weights, bias = update(weights, bias, *gradient(weights, bias, net_input, net_output, y), alpha)
    costs.append(cost(predict(net_input, weights, bias), y))
    return np.array(costs, dtype=net_input.dtype), weights, bias


@checked(net_input="(I, D_i)", y="(I, 1)")
def normal_equations(net_input: Array, y: Array) -> tuple[Array, Array]:
    """Aᵀ A φ = Aᵀ y with A = [X 1] and φ = [ω; β]: where every derivative in U 4 is zero.

    net_input (I, D_i), y (I, 1). Returns weights (D_i, 1), bias (1, 1).
    Collinear inputs have many best fits; this is the one of least norm, each input in units of its largest value.
    Raises ReferenceInputError.
    """
    inputs = np.hstack([net_input, np.ones_like(y)])
    unit = np.abs(inputs).max(axis=0)
    unit[unit == 0] = 1
    # Inputs count as collinear up to rounding; to judge that takes equal units and the precision of the data.
    rounding = max(inputs.shape) * np.finfo(inputs.dtype).eps
    solution = np.linalg.lstsq(inputs / unit, y, rcond=rounding)[0] / unit[:, None]
    return solution[:-1], solution[-1:]
