"""Random networks and data for the tests of the reference."""

from itertools import pairwise
from typing import Any, NamedTuple

import numpy as np
from hypothesis import strategies as st

from autograder.reference import activations

NAMES = ("identity", "relu", "sigmoid", "tanh")
PAIRS = {name: getattr(activations, name.upper()) for name in NAMES}


class Network(NamedTuple):
    """A network's parameters and activations, with inputs and targets for it; samples as columns."""

    net_input: Any
    all_weights: list
    all_biases: list
    y: Any
    names: list
    """The activation of each layer."""

    @property
    def pairs(self):
        """Return each layer's activation as the reference takes it: a function with its derivative."""
        return [PAIRS[name] for name in self.names]

    def layers(self):
        """Return the network as the loops of `spec` take it: for each layer and unit, weights and bias."""
        return [
            [(row.tolist(), float(bias)) for row, bias in zip(weights, biases[:, 0], strict=True)]
            for weights, biases in zip(self.all_weights, self.all_biases, strict=True)
        ]

    def transposed(self):
        """Return the same network and data with samples as rows."""
        arrays = [[array.T for array in group] for group in (self.all_weights, self.all_biases)]
        return Network(self.net_input.T, *arrays, self.y.T, self.names)

    def astype(self, dtype):
        """Return the same network and data in another precision."""
        arrays = [[array.astype(dtype) for array in group] for group in (self.all_weights, self.all_biases)]
        return Network(self.net_input.astype(dtype), *arrays, self.y.astype(dtype), self.names)


def network(widths, n, names=None, seed=0, scale=1.0):
    """Return a network with these widths and n samples; ReLU before a linear output unless names say otherwise."""
    rng = np.random.default_rng(seed)
    layers = len(widths) - 1
    weights = [rng.normal(0, scale / np.sqrt(a), (b, a)) for a, b in pairwise(widths)]
    biases = [rng.normal(0, scale, (b, 1)) for b in widths[1:]]
    inputs, y = rng.normal(size=(widths[0], n)), rng.normal(size=(widths[-1], n))
    return Network(inputs, weights, biases, y, names or ["relu"] * (layers - 1) + ["identity"])


@st.composite
def networks(draw, deepest=4):
    """Draw any small network: 0 to 4 hidden layers, each of any width and activation, with 1 to 6 samples."""
    hidden = draw(st.lists(st.integers(1, 5), max_size=deepest))
    widths = [draw(st.integers(1, 5)), *hidden, draw(st.integers(1, 5))]
    names = [draw(st.sampled_from(NAMES)) for _ in widths[1:]]
    scale = draw(st.sampled_from([0.1, 1.0, 3.0]))
    return network(widths, draw(st.integers(1, 6)), names, draw(st.integers(0, 2**32 - 1)), scale)
