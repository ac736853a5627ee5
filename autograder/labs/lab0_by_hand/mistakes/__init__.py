"""Tables of the known mistakes of lab 0, one for each part of the lab.

In each table the more specific mistakes come first.
"""

from autograder.labs.lab0_by_hand.mistakes.derivations import CHAIN, JACOBIANS, LOCAL_SLOPES, SLOPES
from autograder.labs.lab0_by_hand.mistakes.likelihood import BACKWARD, COLLAPSED, FORWARD, LOSSES
from autograder.labs.lab0_by_hand.mistakes.pen_and_paper import ONE_LAYER, TWO_LAYERS
from autograder.labs.lab3_mlp_backprop.mistakes import SIGMOID_PRODUCTS

FIRST_LAYER = (*SIGMOID_PRODUCTS, *BACKWARD)
"""Mistakes in the gradients of a first layer of sigmoids."""

__all__ = [
    "BACKWARD",
    "CHAIN",
    "COLLAPSED",
    "FIRST_LAYER",
    "FORWARD",
    "JACOBIANS",
    "LOCAL_SLOPES",
    "LOSSES",
    "ONE_LAYER",
    "SLOPES",
    "TWO_LAYERS",
]
