"""Tables of the known mistakes of labs 3 and 4, one for each task.

In each table the more specific mistakes come first. A hidden test passes two values to the formulas: to those of both
passes and of the cost the layout of the lab's arrays, `context={"samples": "columns"}` or "rows"; to those of the
backward pass the derivative of the cost, `d_cost_d_output`.
"""

from autograder.labs.lab1_linear_regression.mistakes import D_COST as _MEAN_OF_SQUARES
from autograder.labs.lab3_mlp_backprop.mistakes.backward import BACKWARD
from autograder.labs.lab3_mlp_backprop.mistakes.forward import FORWARD
from autograder.labs.lab3_mlp_backprop.mistakes.one_sample import ONE_SAMPLE
from autograder.labs.lab3_mlp_backprop.mistakes.outputs import OUTPUTS
from autograder.labs.lab3_mlp_backprop.mistakes.sigmoid_layers import SIGMOID_LAYERS, SIGMOID_PRODUCTS

COST = (*ONE_SAMPLE, *OUTPUTS)
"""Mistakes in the cost."""

D_COST = (*ONE_SAMPLE, *_MEAN_OF_SQUARES, *OUTPUTS)
"""Mistakes in the derivative of the cost."""

RELU = ONE_SAMPLE
"""Mistakes in ReLU and its indicator function."""

__all__ = ["BACKWARD", "COST", "D_COST", "FORWARD", "OUTPUTS", "RELU", "SIGMOID_LAYERS", "SIGMOID_PRODUCTS"]
