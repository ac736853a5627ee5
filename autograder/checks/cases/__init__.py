"""Random cases for hidden tests: fresh for every submission, the same for every regrade of one.

A factory such as `linear_regression(samples=(1, 2, 17))` returns a function of a random generator, so that the check
decides the seed and the lab decides the shapes.
"""

from autograder.checks.cases.case import Case, Cases
from autograder.checks.cases.classification import classification, classified
from autograder.checks.cases.drawn import drawn
from autograder.checks.cases.layers import batches, linear_layer, two_layers
from autograder.checks.cases.likelihood import (
    between_layers,
    bias_first,
    choices,
    gaussian,
    logits_of_one,
    outputs_of_one,
    said_and_seen,
    sigmoid_slopes,
    slopes_of_samples,
)
from autograder.checks.cases.networks import mlp
from autograder.checks.cases.regression import linear_regression, regression_data
from autograder.checks.cases.sigmoid_layers import sigmoid_layers
from autograder.checks.cases.tanh_nets import measured_anew, noisy_runs, tanh_nets
from autograder.checks.cases.toy_model import toy_model
from autograder.checks.cases.training import (
    dealt,
    gradients,
    kept_digits,
    labels,
    networks,
    readings,
    starts,
    trainings,
)
from autograder.checks.cases.two_layer_net import two_layer_net, two_layer_training

__all__ = [
    "Case",
    "Cases",
    "batches",
    "between_layers",
    "bias_first",
    "choices",
    "classification",
    "classified",
    "dealt",
    "drawn",
    "gaussian",
    "gradients",
    "kept_digits",
    "labels",
    "linear_layer",
    "linear_regression",
    "logits_of_one",
    "measured_anew",
    "mlp",
    "networks",
    "noisy_runs",
    "outputs_of_one",
    "readings",
    "regression_data",
    "said_and_seen",
    "sigmoid_layers",
    "sigmoid_slopes",
    "slopes_of_samples",
    "starts",
    "tanh_nets",
    "toy_model",
    "trainings",
    "two_layer_net",
    "two_layer_training",
    "two_layers",
]
