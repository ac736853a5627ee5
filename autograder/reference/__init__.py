"""The course's mathematics, exact and small: computes the expected answers for any input.

>>> import numpy as np
>>> from autograder.reference import costs, initialisation, mlp
>>> all_weights, all_biases = initialisation.he([2, 3, 1], np.random.default_rng(0))
>>> net_output, *cache = mlp.forward([[1], [2]], all_weights, all_biases)
>>> dl_dnet_output = costs.d_squared_error(net_output, [[3]])
>>> mlp.backward(all_weights, all_biases, *cache, dl_dnet_output).all_dl_dbiases[1].round(3)
array([[-4.901]])

Wherever possible, functions take the arguments of the student's function in the same order. So a check can compare a
submission's function with the reference, or run the reference's later steps of a chain on a submission's earlier step.
The package needs only NumPy, and knows nothing about notebooks, grading or wording.
"""

from autograder.reference import (
    activations,
    by_hand,
    costs,
    derivations,
    differences,
    initialisation,
    layers,
    likelihood,
    linear_regression,
    mlp,
    optimisers,
    tanh_net,
    toy_model,
    training,
    two_layer_net,
)
from autograder.reference.arrays import unchecked
from autograder.reference.shapes import ReferenceInputError

__all__ = [
    "ReferenceInputError",
    "activations",
    "by_hand",
    "costs",
    "derivations",
    "differences",
    "initialisation",
    "layers",
    "likelihood",
    "linear_regression",
    "mlp",
    "optimisers",
    "tanh_net",
    "toy_model",
    "training",
    "two_layer_net",
    "unchecked",
]
