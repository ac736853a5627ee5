"""Known mistakes of lab 6, by the layer or the net in which they can be made; each table the more specific first."""

from autograder.labs.lab6_layers.mistakes.layers import LINEAR, LOSS, NETWORK, RELU, TANH
from autograder.labs.lab6_layers.mistakes.two_layer_net import SURFACES, TWO_LAYER_NET

__all__ = ["LINEAR", "LOSS", "NETWORK", "RELU", "SURFACES", "TANH", "TWO_LAYER_NET"]
