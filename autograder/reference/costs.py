"""Costs: how wrong a network's outputs are, in one number, and the derivative of that number in each output.

"U" is the Uppsala document, lab 1; "G", "O" and "E" are the Giardina, Oslo and exercise-1 documents. Samples are
columns: I samples of D_o outputs each; with samples="rows" every argument and result is transposed. Every function
returns new arrays in its arguments' precision, and raises ReferenceInputError for arguments that are empty, not finite
or of another shape.
"""

from collections.abc import Callable
from typing import Literal, TypeAlias

import numpy as np

from autograder.reference.arrays import Array, Scalar, checked, unchecked
from autograder.reference.shapes import ReferenceInputError, Samples

Normalisation: TypeAlias = Literal["half sum", "mean over samples", "half mean over samples", "mean over all"]

# The factor of Σ (f − y)², from the numbers of outputs and samples.
FACTORS: dict[str, Callable[[int, int], float]] = {
    "half sum": lambda outputs, samples: 1 / 2,  # G, one sample
    "mean over samples": lambda outputs, samples: 1 / samples,  # U 1b
    "half mean over samples": lambda outputs, samples: 1 / (2 * samples),  # G, a batch
    "mean over all": lambda outputs, samples: 1 / (outputs * samples),  # O, E
}


@checked(net_output="(D_o, I)", y="(D_o, I)")
def squared_error(
    net_output: Array,
    y: Array,
    *,
    normalisation: Normalisation = "mean over samples",
    samples: Samples = "columns",
) -> Scalar:
    """L = c Σ (f − y)², with c = 1/I (U 1b), ½ or 1/2I (G), or 1/(I D_o) (O, E), as normalisation says.

    net_output and y (D_o, I). Returns one number.
    Raises ReferenceInputError.
    """
    return _factor(normalisation, net_output) * np.sum((net_output - y) ** 2)


@checked(net_output="(D_o, I)", y="(D_o, I)")
def d_squared_error(
    net_output: Array,
    y: Array,
    *,
    normalisation: Normalisation = "mean over samples",
    samples: Samples = "columns",
) -> Array:
    """∂L/∂f = 2c (f − y), with the c that squared_error has for this normalisation (U 5).

    net_output and y (D_o, I). Returns dl_df (D_o, I).
    Raises ReferenceInputError.
    """
    return 2 * _factor(normalisation, net_output) * (net_output - y)


@checked(net_output="(D_o, I)")
def softmax(net_output: Array, *, samples: Samples = "columns") -> Array:
    """softmax_k[f] = exp[f_k] / Σ_k' exp[f_k'], for each sample separately (U 6).

    net_output (D_o, I), of any size: ±1e4 is fine. Returns probabilities (D_o, I).
    Raises ReferenceInputError.
    """
    powers = np.exp(_shifted(net_output))
    return powers / powers.sum(axis=0)


@checked(net_output="(D_o, I)", y="labels (D_o, I) or (I,)")
def cross_entropy(net_output: Array, y: Array, *, samples: Samples = "columns") -> Scalar:
    """L = 1/I Σ_i (log Σ_k exp[f_ik] − Σ_k ỹ_ik f_ik), from logits f (U 9, averaged over samples).

    net_output (D_o, I), of any size; y one-hot (D_o, I), or classes 0 … D_o − 1 (I,). Returns one number.
    Raises ReferenceInputError.
    """
    shifted = _shifted(net_output)
    log_sums = np.log(np.exp(shifted).sum(axis=0))
    return np.mean(log_sums - np.sum(_one_hot(y, shifted) * shifted, axis=0))


@checked(net_output="(D_o, I)", y="labels (D_o, I) or (I,)")
def d_cross_entropy(net_output: Array, y: Array, *, samples: Samples = "columns") -> Array:
    """∂L/∂f_ik = (softmax_k[f_i] − ỹ_ik) / I (U 2.6, averaged over samples).

    net_output (D_o, I); y one-hot (D_o, I), or classes 0 … D_o − 1 (I,). Returns dl_df (D_o, I).
    Raises ReferenceInputError.
    """
    return (unchecked(softmax)(net_output) - _one_hot(y, net_output)) / net_output.shape[1]


def _factor(normalisation: str, net_output: Array) -> float:
    """Return c, as in squared_error. Raises ReferenceInputError for an unknown normalisation."""
    if normalisation not in FACTORS:
        raise ReferenceInputError("normalisation", f"one of {', '.join(map(repr, FACTORS))}", repr(normalisation))
    return FACTORS[normalisation](*net_output.shape)


def _shifted(net_output: Array) -> Array:
    # Adding the same number to all logits of a sample changes neither softmax nor cost, as ỹ_i sums to 1. With the
    # largest logit at 0, no power exceeds 1 and no sum of powers is below 1.
    return net_output - net_output.max(axis=0)


def _one_hot(y: Array, net_output: Array) -> Array:
    """ỹ_ik = 1 where sample i is of class k, else 0, from y of classes (I,) or one-hot (D_o, I) (U 9).

    Returns an array (D_o, I), in net_output's precision. Raises ReferenceInputError if y is neither.
    """
    classes = np.arange(len(net_output))[:, None]
    if y.ndim == 1:
        one_hot = (y == classes).astype(net_output.dtype)
        if not one_hot.any(axis=0).all():
            unknown = y[~one_hot.any(axis=0)][0]
            raise ReferenceInputError("y", f"classes 0 … {len(classes) - 1}", f"{unknown:g} among them", y.shape)
        return one_hot
    if not ((y == 0) | (y == 1)).all() or not (y.sum(axis=0) == 1).all():
        raise ReferenceInputError("y", "for each sample a single 1 among zeros", "something else", y.shape)
    return y.astype(net_output.dtype)
