"""Functions that a hidden test calls: they score a task of the submission and print the message for the student.

A hidden test reads like a sentence: this call of the submission gives these values for these points, as this function
of the reference does, in these cases. Optional are the mistakes that can occur in the task, the earlier answers that it
builds on, rules on its code, and the context that formulas of known mistakes take.
"""

from autograder.checks import cases, code
from autograder.checks.carried_forward import CarriedForward
from autograder.checks.code import CodeRules
from autograder.checks.entries import entries
from autograder.checks.function import Call, function, one_of
from autograder.checks.message import render
from autograder.checks.objects import Object, objects
from autograder.checks.score import Failure, Line, Score
from autograder.checks.scoring import Expected
from autograder.checks.variables import values, variables
from autograder.diagnosis import Mistake

__all__ = [
    "Call",
    "CarriedForward",
    "CodeRules",
    "Expected",
    "Failure",
    "Line",
    "Mistake",
    "Object",
    "Score",
    "cases",
    "code",
    "entries",
    "function",
    "objects",
    "one_of",
    "render",
    "values",
    "variables",
]
