"""What a hidden test cell calls: cases in, points and a message out."""

from autograder.checks import cases, code
from autograder.checks.entries import entries
from autograder.checks.function import function, one_of, values, variables
from autograder.checks.message import render
from autograder.checks.objects import objects
from autograder.checks.score import Failure, Line, Score

__all__ = [
    "Failure",
    "Line",
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
