"""What a hidden test cell calls: cases in, points and a message out."""

from autograder.checks import cases, code
from autograder.checks.grade import function, one_of, values, variables
from autograder.checks.message import render
from autograder.checks.score import Failure, Line, Score

__all__ = ["Failure", "Line", "Score", "cases", "code", "function", "one_of", "render", "values", "variables"]
