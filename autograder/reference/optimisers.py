"""One step of each optimiser, and the mini-batches that its gradients come from.

"UDL" is Prince, Understanding Deep Learning. Parameters are a list of arrays of any shapes, as ``all_weights +
all_biases``; gradients and an optimiser's state are lists of the same shapes. Functions keep nothing between calls:
they take an optimiser's state and return the next one.
"""

import numpy as np
from numpy.typing import NDArray

from autograder.reference.arrays import Array, Arrays, checked, whole_number


@checked(parameters="[...]", gradients="[...]", alpha="()")
def sgd(parameters: Arrays, gradients: Arrays, alpha: float) -> list[Array]:
    """φ ← φ − α ∂L/∂φ (UDL 6.2).

    parameters and gradients: arrays of the same shapes; alpha, the learning rate, a number.
    Returns the next parameters.
    Raises ReferenceInputError.
    """
    return [phi - alpha * dl_dphi for phi, dl_dphi in zip(parameters, gradients, strict=True)]


@checked(parameters="[...]", gradients="[...]", velocities="[...]", alpha="()", beta="()")
def momentum(
    parameters: Arrays, gradients: Arrays, velocities: Arrays, alpha: float, beta: float
) -> tuple[list[Array], list[Array]]:
    """m ← β m + (1 − β) ∂L/∂φ, then φ ← φ − α m (UDL 6.3).

    parameters, gradients and velocities m: arrays of the same shapes; alpha and beta numbers. The first m is at_rest.
    PyTorch and others have m ← β m + ∂L/∂φ: that takes the same steps at a rate of α (1 − β).
    Returns the next parameters and velocities.
    Raises ReferenceInputError.
    """
    velocities = [beta * m + (1 - beta) * dl_dphi for m, dl_dphi in zip(velocities, gradients, strict=True)]
    return [phi - alpha * m for phi, m in zip(parameters, velocities, strict=True)], velocities


@checked(parameters="[...]")
def at_rest(parameters: Arrays) -> list[Array]:
    """m = 0, before the first step with momentum (UDL 6.3).

    parameters: arrays of any shapes. Returns zeros of the same shapes.
    Raises ReferenceInputError.
    """
    return [np.zeros_like(phi) for phi in parameters]


def minibatches(n_samples: int, size: int, rng: np.random.Generator) -> list[NDArray[np.intp]]:
    """Shuffle the samples and split them into batches: each sample once an epoch, without replacement (UDL 6.2).

    n_samples: number of samples; size: that of each batch, the last perhaps smaller; rng: the random generator.
    Returns one array of indices a batch: x[:, batch] are its samples where samples are columns.
    Raises ReferenceInputError for numbers below 1.
    """
    order = rng.permutation(whole_number("n_samples", n_samples, least=1))
    return [order[i : i + size] for i in range(0, n_samples, whole_number("size", size, least=1))]
