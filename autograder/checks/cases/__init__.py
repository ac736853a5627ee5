"""Random cases for hidden tests: fresh for every submission, the same for every regrade of one.

A factory such as `linear_regression(samples=(1, 2, 17))` returns a function of a random generator, so that the check
decides the seed and the lab decides the shapes.
"""

from autograder.checks.cases.case import Case, Cases
from autograder.checks.cases.classification import classification, classified
from autograder.checks.cases.networks import mlp
from autograder.checks.cases.regression import linear_regression, regression_data
from autograder.checks.cases.sigmoid_layers import sigmoid_layers
from autograder.checks.cases.toy_model import toy_model

__all__ = [
    "Case",
    "Cases",
    "classification",
    "classified",
    "linear_regression",
    "mlp",
    "regression_data",
    "sigmoid_layers",
    "toy_model",
]
