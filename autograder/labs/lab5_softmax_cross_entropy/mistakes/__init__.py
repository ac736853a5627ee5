"""Tables of the known mistakes of lab 5, one for each task.

In each table the more specific mistakes come first.
"""

from autograder.labs.lab3_mlp_backprop import mistakes as _without_softmax
from autograder.labs.lab5_softmax_cross_entropy.mistakes.network import NETWORK
from autograder.labs.lab5_softmax_cross_entropy.mistakes.softmax import SOFTMAX

COST = (*_without_softmax.OUTPUTS, *SOFTMAX)
"""Mistakes in the cost and in its derivative."""

FORWARD = (*_without_softmax.FORWARD, *NETWORK)
"""Mistakes in the forward pass."""

BACKWARD = (*_without_softmax.BACKWARD, *NETWORK)
"""Mistakes in the backward pass."""

__all__ = ["BACKWARD", "COST", "FORWARD", "NETWORK", "SOFTMAX"]
