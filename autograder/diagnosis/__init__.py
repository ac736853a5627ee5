"""Compares a student's value with the truth and says what a wrong one looks like."""

from autograder.diagnosis.compare import Comparison, compare

__all__ = ["Comparison", "compare"]
