"""Activation functions, applied to each entry of an array, and their derivatives.

``RELU.function`` and ``RELU.derivative`` belong together; ``mlp`` takes such pairs. "UDL" is Prince, Understanding Deep
Learning. Every function takes an array of any shape and returns a new one of that shape and precision; it raises
ReferenceInputError for an array that is empty or not finite.
"""

from collections.abc import Callable
from typing import NamedTuple

import numpy as np

from autograder.reference.arrays import Array, checked


class Activation(NamedTuple):
    """An activation function a, and its derivative at the same pre-activation."""

    function: Callable[[Array], Array]
    """a[f], of f's shape."""
    derivative: Callable[[Array], Array]
    """∂a/∂f, of f's shape: each activation depends on its own pre-activation alone."""


@checked(f="...")
def identity(f: Array) -> Array:
    """a[f] = f: no activation, as at the output of a regression (UDL 7.4). f and the result: any shape."""
    return f.copy()


@checked(f="...")
def d_identity(f: Array) -> Array:
    """∂a/∂f = 1. f and the result: any shape."""
    return np.ones_like(f)


@checked(f="...")
def relu(f: Array) -> Array:
    """a[f] = max(0, f) (UDL 3.1). f and the result: any shape."""
    return np.maximum(f, 0)


@checked(f="...")
def d_relu(f: Array) -> Array:
    """∂a/∂f = 1 where f > 0, else 0 (UDL 7.4). At the kink, f = 0, any slope from 0 to 1 would do; here it is 0.

    f and the result: any shape.
    """
    return (f > 0).astype(f.dtype)


@checked(f="...")
def sigmoid(f: Array) -> Array:
    """a[f] = 1 / (1 + exp[−f]) (UDL 5.4). f and the result: any shape."""
    small = np.exp(-np.abs(f))  # exp[−|f|] can't overflow, exp[−f] can
    return np.where(f >= 0, 1, small) / (1 + small)


@checked(f="...")
def d_sigmoid(f: Array) -> Array:
    """∂a/∂f = a (1 − a), for a = sigmoid[f]. f and the result: any shape."""
    small = np.exp(-np.abs(f))  # as in sigmoid; the slope is the same at f and −f, and 1 − a would lose digits
    return small / (1 + small) ** 2


@checked(f="...")
def tanh(f: Array) -> Array:
    """a[f] = (exp[f] − exp[−f]) / (exp[f] + exp[−f]) (E, part 1). f and the result: any shape."""
    return np.tanh(f)


@checked(f="...")
def d_tanh(f: Array) -> Array:
    """∂a/∂f = 1 − a², for a = tanh[f]. f and the result: any shape."""
    return 1 - np.tanh(f) ** 2


IDENTITY = Activation(identity, d_identity)
RELU = Activation(relu, d_relu)
SIGMOID = Activation(sigmoid, d_sigmoid)
TANH = Activation(tanh, d_tanh)
