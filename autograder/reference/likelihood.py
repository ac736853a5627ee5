"""Costs from likelihoods, and backpropagation through layers whose bias is the weight of an extra input.

"D" is the DTU document, with its symbols: a layer's pre-activations a, its activations z, the network's output y,
targets t, the cost E. A layer's weights are (M_out, 1 + M_in): column 0 holds the biases, the weights of an extra
input that is always 1. Several samples are rows. Every function raises ReferenceInputError for arguments that are
empty, not finite or of another shape.
"""

from collections.abc import Sequence
from functools import reduce
from typing import NamedTuple

import numpy as np

from autograder.reference import mlp
from autograder.reference.activations import IDENTITY, SIGMOID, TANH, Activation
from autograder.reference.arrays import Array, Arrays, Scalar, checked, unchecked, whole_number
from autograder.reference.costs import d_cross_entropy
from autograder.reference.shapes import ReferenceInputError

# Forward --------------------------------------------------------------------------------------------------------------


def two_layers(x: Array, W1: Array, W2: Array) -> Array:
    """y_j = σ(Σ_i w⁽²⁾_ji tanh(Σ_l w⁽¹⁾_il x_l)), with an extra input 1 in either sum (D a).

    x (D,), without the 1; W1 (M, 1 + D); W2 (K, 1 + M). Returns y (K,).
    """
    return _through(x, [W1, W2], [TANH, SIGMOID])


def three_layers(x: Array, W1: Array, W2: Array, W3: Array) -> Array:
    """y of two_layers with one layer more: tanh, then σ, then a plain output (D b).

    x (D,), without the 1; W1 (M1, 1 + D); W2 (M2, 1 + M1); W3 (K, 1 + M2). Returns y (K,).
    """
    return _through(x, [W1, W2, W3], [TANH, SIGMOID, IDENTITY])


def network(x: Array, weights: Arrays) -> Array:
    """z⁽⁰⁾ = x, a⁽ˡ⁾ = W⁽ˡ⁾ (1, z⁽ˡ⁻¹⁾), z⁽ˡ⁾ = tanh a⁽ˡ⁾, and the last pre-activation is the output (D c).

    x (D,), without the 1; weights: for each layer one matrix, (M_out, 1 + M_in). Returns y (K,).
    """
    return _through(x, weights, TANH)


def collapsed(weights: Arrays) -> Array:
    """C with C (1, x) = W⁽ᴸ⁾ (1, … W⁽¹⁾ (1, x)): layers without non-linearities are one layer (D d).

    weights: for each layer one matrix, (M_out, 1 + M_in). Returns C (K, 1 + D).
    """
    # A row (1, 0 … 0) on top of a layer passes the extra input on: then layers are plain matrix products.
    extended = [np.vstack([np.eye(1, np.shape(W)[1]), W]) for W in weights[:-1]]
    return reduce(np.matmul, [weights[-1], *reversed(extended)])


def _through(x: Array, weights: Arrays, activation: Activation | Sequence[Activation]) -> Array:
    """Return the output of mlp.forward for one sample x, without the 1, and weights with biases in column 0."""
    parts = [np.split(np.asarray(W), [1], axis=1) for W in weights]
    columns = np.asarray(x)[:, None]
    result = mlp.forward(columns, [W for _, W in parts], [bias for bias, _ in parts], activation=activation)
    return result.net_output[:, 0]


# From likelihood to cost ----------------------------------------------------------------------------------------------


@checked(y="(N, D)", t="(N, D)", sigma2="()")
def negative_log_likelihood(y: Array, t: Array, sigma2: float) -> Scalar:
    """−log Π_n N(t_n | y_n, σ² I) = ½ N D log 2πσ² + E / 2σ², with E = Σ (y − t)² (D e).

    y and t (N, D); sigma2 one number, positive. Returns one number.
    """
    if not sigma2 > 0:
        raise ReferenceInputError("sigma2", "a positive number", repr(sigma2), ())
    return (y.size * np.log(2 * np.pi * sigma2) + np.sum((y - t) ** 2) / sigma2) / 2


@checked(y="(N, D)", t="(N, D)")
def best_variance(y: Array, t: Array) -> Scalar:
    """σ² = E / N D, where negative_log_likelihood is least (D f). y and t (N, D). Returns one number."""
    return np.sum((y - t) ** 2) / y.size


@checked(y="(N, K)", t="(N, K)")
def cross_entropy(y: Array, t: Array) -> Scalar:
    """E = −Σ_n Σ_k t_nk log y_nk, from probabilities: a sum over the samples, not a mean (D g).

    y (N, K), positive; t (N, K), one-hot. Returns one number.
    """
    if not (y > 0).all():
        raise ReferenceInputError("y", "positive probabilities", "something else", y.shape)
    return -np.sum(np.log(y[t == 1]))


@checked(slopes="(N, P)")
def average_over_subsets(slopes: Array, B: int) -> Array:
    """(B/N) Σ_n g_n: the sum of B of the N slopes, averaged over all choices of B samples (D h).

    slopes (N, P), a row for each sample; B from 1 to N. Returns (P,).
    """
    if whole_number("B", B, least=1) > len(slopes):
        raise ReferenceInputError("B", f"at most {len(slopes)}", repr(B))
    return B / len(slopes) * slopes.sum(axis=0)


# Back through the layers ----------------------------------------------------------------------------------------------


@checked(a="(K,)", t="labels (K,)")
def delta_output(a: Array, t: Array) -> Array:
    """δ_j = ∂E/∂a_j = y_j − t_j for E = −Σ_k t_k log y_k and y = softmax(a), of one sample (D i; U 2.6).

    a (K,), of any size; t (K,), one-hot. Returns δ (K,).
    """
    return unchecked(d_cross_entropy)(a[:, None], t[:, None])[:, 0]


@checked(y="(K,)", t="(K,)")
def delta_regression(y: Array, t: Array) -> Array:
    """δ_j = ∂E/∂a_j = 2 (y_j − t_j) for E = Σ_k (y_k − t_k)² and y = a (D k). y and t (K,). Returns δ (K,)."""
    return 2 * (y - t)


@checked(delta="(K,)", W="(K, M1)", a="(M,)")
def delta_hidden(delta: Array, W: Array, a: Array) -> Array:
    """δ_j = tanh'(a_j) Σ_k δ_k w_kj, where δ_k and w_kj belong to the next layer; no δ for the extra input (D j).

    delta (K,) and W (K, 1 + M) of the next layer; a (M,) of this one. Returns δ (M,).
    """
    if W.shape[1] != len(a) + 1:
        raise ReferenceInputError("W", f"{len(a)} columns and one for the biases", f"shape {W.shape}", W.shape)
    return unchecked(TANH.derivative)(a) * (delta @ W)[1:]


@checked(delta="(K,)", z="(M,)")
def weight_slopes(delta: Array, z: Array) -> Array:
    """∂E/∂w_ji = δ_j z_i, with z_0 = 1 in column 0 (D j, 8).

    delta (K,) of a layer; z (M,) its input, without the 1. Returns the shape of its weights, (K, 1 + M).
    """
    return np.column_stack([delta, np.outer(delta, z)])


@checked(delta="(N, K)", z="(N, M)")
def weight_slopes_of_all(delta: Array, z: Array) -> Array:
    """∂E/∂w_ji = Σ_n δ_nj z_ni, with z_n0 = 1 in column 0: the only sum over samples (D l).

    delta (N, K) of a layer; z (N, M) its inputs, without the 1. Returns the shape of its weights, (K, 1 + M).
    """
    return np.column_stack([delta.sum(axis=0), np.einsum("nj,ni->ji", delta, z)])


class FirstLayer(NamedTuple):
    """Slopes of the cost in a layer's parameters."""

    dC_dW1: Array
    """Slope of the cost in the weights, (D, D_i)."""
    dC_db1: Array
    """Slope of the cost in the biases, (D,)."""


@checked(a="(D_o,)", target="(D_o,)")
def slope_of_cost(a: Array, target: Array) -> Array:
    """∂C/∂z_i = (2/D_o) (a_i − t_i) a_i (1 − a_i), for C = 1/D_o Σ (a_i − t_i)² and a = σ(z) (O 3).

    a and target (D_o,). Returns ∂C/∂z (D_o,).
    """
    return 2 / len(a) * (a - target) * (a - a**2)


@checked(dC_dz2="(D_o,)", W2="(D_o, D)", a1="(D,)", x="(D_i,)")
def first_layer_slopes(dC_dz2: Array, W2: Array, a1: Array, x: Array) -> FirstLayer:
    """∂C/∂z₁ = W₂ᵀ ∂C/∂z₂ ⊙ a₁ (1 − a₁); ∂C/∂W₁ = ∂C/∂z₁ xᵀ and ∂C/∂b₁ = ∂C/∂z₁ (O 4).

    dC_dz2 (D_o,) and W2 (D_o, D) of the next layer; a1 = σ(z₁) (D,); x (D_i,), the input. Weights hold no biases.
    Returns dC_dW1 (D, D_i) and dC_db1 (D,).
    """
    dC_dz1 = (dC_dz2 @ W2) * (a1 - a1**2)
    return FirstLayer(np.outer(dC_dz1, x), dC_dz1)
