"""Submissions in, scores and feedback out."""

from autograder.grading.grade import Graded, grade, register, students, usable_cores, write_feedback
from autograder.grading.preprocessors import AUTOGRADE, FEEDBACK

__all__ = ["AUTOGRADE", "FEEDBACK", "Graded", "grade", "register", "students", "usable_cores", "write_feedback"]
