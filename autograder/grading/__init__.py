"""Submissions in, scores and feedback out."""

from autograder.grading.grade import Graded, grade, register, students, usable_cores, write_feedback
from autograder.grading.preprocessors import AUTOGRADE, FEEDBACK, named_mistakes

__all__ = [
    "AUTOGRADE",
    "FEEDBACK",
    "Graded",
    "grade",
    "named_mistakes",
    "register",
    "students",
    "usable_cores",
    "write_feedback",
]
