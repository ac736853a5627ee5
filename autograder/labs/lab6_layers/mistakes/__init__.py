"""Tables of the known mistakes of lab 6, one for each kind of layer or network.

In each table the more specific mistakes come first.
"""

from autograder.labs.lab6_layers.mistakes.layers import LINEAR, LOSS, NETWORK, RELU, TANH
from autograder.labs.lab6_layers.mistakes.two_layer_net import SURFACES, TWO_LAYER_NET

__all__ = ["LINEAR", "LOSS", "NETWORK", "RELU", "SURFACES", "TANH", "TWO_LAYER_NET"]
