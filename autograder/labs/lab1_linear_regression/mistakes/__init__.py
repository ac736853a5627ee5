"""Tables of the known mistakes of lab 1, one for each task.

In each table the more specific mistakes come first.
"""

from autograder.labs.lab1_linear_regression.mistakes.descent import DESCENT
from autograder.labs.lab1_linear_regression.mistakes.fit import FIT
from autograder.labs.lab1_linear_regression.mistakes.gradients import (
    BACKWARD,
    D_COST,
    FORWARD,
    LOCAL_DERIVATIVES,
    NORMAL_EQUATIONS,
    UPDATE,
)

__all__ = ["BACKWARD", "DESCENT", "D_COST", "FIT", "FORWARD", "LOCAL_DERIVATIVES", "NORMAL_EQUATIONS", "UPDATE"]
