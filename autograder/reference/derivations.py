"""The derivatives of lab 0 as formulas: of small functions, of one linear model and of several outputs.

"G" is the Giardina document, "U" the Uppsala document, lab 1, section 2. Points, activations and errors of one sample
are flat, (D,); the data of a linear model are rows, (I, D_i); a layer's input h and its ∂ℓ/∂f are columns.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from autograder.reference.activations import d_relu
from autograder.reference.arrays import Array, checked


def secant_slope(x: float, h: float) -> float:
    """((x + h)² − x²) / h = 2x + h, also where h is 0 (G). x, h: numbers. Returns a number."""
    return 2 * x + h


def slope(x: float, *, secant_slope: Callable[[float, float], float] = secant_slope) -> float:
    """The limit of secant_slope for h → 0, which is its value at h = 0 (G). x: a number. Returns a number."""
    return secant_slope(x, 0.0)


def partials(x: float, y: float, *, slope: Callable[[float], float] = slope) -> tuple[float, float]:
    """∂/∂x and ∂/∂y of x² + 3y, where slope gives the slope of x² (G).

    x, y: numbers. Returns two numbers; none depends on y.
    """
    return slope(x), 3.0


@checked(x="(2,)")
def gradient(x: Array) -> Array:
    """∇f of f = x₁² + 3 x₁ x₂. x (2,). Returns an array (2,)."""
    return np.array([2 * x[0] + 3 * x[1], 3 * x[0]])


@checked(x="(2,)")
def jacobian(x: Array) -> Array:
    """The Jacobian of (x₁ + 2 x₂, 3 x₁ − x₂), the same at every x (G). x (2,). Returns an array (2, 2)."""
    return np.array([[1, 2], [3, -1]], dtype=x.dtype)


@checked(x="(2,)")
def curved_jacobian(x: Array) -> Array:
    """The Jacobian of (x₁ x₂, x₁² − x₂, 4 x₂). x (2,). Returns an array (3, 2)."""
    return np.array([[x[1], x[0]], [2 * x[0], -1], [0, 4]], dtype=x.dtype)


def chained_slope(x: float, *, slope: Callable[[float], float] = slope) -> float:
    """dy/dx of y = sin(u) with u = x², where slope gives du/dx (G's chain rule). x: a number. Returns a number."""
    return float(np.cos(x**2)) * slope(x)


@checked(dl_df="()", df_dbeta="()", df_domega="(D_i,)")
def in_terms_of(dl_df: float, df_dbeta: float, df_domega: Array) -> tuple[float, Array]:
    """∂ℓ/∂β = ∂ℓ/∂f ∂f/∂β and ∂ℓ/∂ω = ∂ℓ/∂f ∂f/∂ω (U 2.1).

    dl_df, df_dbeta: numbers, df_domega (D_i,). Returns a number and an array (D_i,).
    """
    return dl_df * df_dbeta, dl_df * df_domega


@checked(x="(D_i,)", y="()", f="()")
def local_slopes(x: Array, y: float, f: float) -> tuple[float, float, Array]:
    """∂ℓ/∂f = 2 (f − y), ∂f/∂β = 1, ∂f/∂ω = x (U 2.2).

    x (D_i,), y and f: numbers. Returns two numbers and an array (D_i,).
    """
    return 2 * (f - y), 1.0, x.copy()


@checked(dL_df="(I, 1)", df_dbeta="(1, I)", df_domega="(D_i, I)")
def in_terms_of_all(
    dL_df: Array, df_dbeta: Array, df_domega: Array, *, in_terms_of: Callable[..., tuple[Any, Any]] = in_terms_of
) -> tuple[Array, Array]:
    """∂L/∂β = ∂f/∂β ∂L/∂f and ∂L/∂ω = ∂f/∂ω ∂L/∂f (U 2.3), the sum of the chain rule's products over the samples.

    dL_df (I, 1), df_dbeta (1, I), df_domega (D_i, I). in_terms_of, for one sample: pass the submission's function to
    carry its errors forward. Returns arrays (1, 1) and (D_i, 1).
    """
    shares = [in_terms_of(*sample) for sample in zip(dL_df[:, 0], df_dbeta[0], df_domega.T, strict=True)]
    dL_dbeta, dL_domega = (np.sum([np.ravel(share[k]) for share in shares], axis=0) for k in (0, 1))
    return dL_dbeta.reshape(1, 1), dL_domega.reshape(-1, 1)


@checked(X="(I, D_i)", y="(I, 1)", f="(I, 1)")
def local_slopes_of_all(
    X: Array, y: Array, f: Array, *, local_slopes: Callable[..., tuple[Any, Any, Any]] = local_slopes
) -> tuple[Array, Array, Array]:
    """∂L/∂f, ∂f/∂β and ∂f/∂ω of a mean of squares, a column for each sample in the last two (U 2.4).

    X (I, D_i), y and f (I, 1). local_slopes, for one sample: pass the submission's function to carry its errors
    forward. Returns arrays (I, 1), (1, I) and (D_i, I).
    """
    links = [local_slopes(*sample) for sample in zip(X, y[:, 0], f[:, 0], strict=True)]
    dl_df, df_dbeta, df_domega = (np.array([np.ravel(link[k]) for link in links]) for k in range(3))
    return dl_df / len(X), df_dbeta.T, df_domega.T


@checked(dl_df="(D_o, 1)", h="(D_i, 1)")
def weight_gradient(dl_df: Array, h: Array) -> Array:
    """∂ℓ/∂Ω = ∂ℓ/∂f hᵀ (U 2.5). dl_df (D_o, 1), h (D_i, 1). Returns an array (D_o, D_i)."""
    return dl_df @ h.T


@checked(x="(D_i,)")
def block_jacobian(x: Array, D_o: int) -> Array:
    """dz/dW of z = x Wᵀ, with the weights in the order of W's rows (G). x (D_i,). Returns (D_o, D_o · D_i)."""
    return np.kron(np.eye(D_o, dtype=x.dtype), x)


@checked(z="(D_o,)")
def relu_jacobian(z: Array) -> Array:
    """dŷ/dz of ŷ = ReLU(z): diagonal (G). z (D_o,), nowhere 0. Returns an array (D_o, D_o)."""
    return np.diag(d_relu(z))


@checked(y_hat="(D_o,)", y="(D_o,)", z="(D_o,)")
def delta(y_hat: Array, y: Array, z: Array, *, activation_jacobian: Callable[[Array], Array] = relu_jacobian) -> Array:
    """δ = dL/dŷ dŷ/dz = (ŷ − y) ⊙ f'(z) for L = ½‖ŷ − y‖² (G).

    y_hat, y, z (D_o,). activation_jacobian gives dŷ/dz: pass the submission's function to carry its errors forward.
    Returns an array (D_o,).
    """
    product: Array = (y_hat - y) @ activation_jacobian(z)
    return product


@checked(dl_df="(D_o, 1)", h="(D_i, 1)")
def augmented_gradient(
    dl_df: Array, h: Array, *, weight_gradient: Callable[[Array, Array], Array] = weight_gradient
) -> Array:
    """∂ℓ/∂[Ω β] = ∂ℓ/∂f [hᵀ 1]: the bias is the weight of an input that is always 1 (G).

    dl_df (D_o, 1), h (D_i, 1). weight_gradient: pass the submission's function to carry its errors forward. Returns an
    array (D_o, D_i + 1).
    """
    return weight_gradient(dl_df, np.vstack([h, np.ones((1, 1), dtype=h.dtype)]))
