"""Compares a student's value with the truth, says what a wrong one looks like and names the mistake behind it."""

from autograder.diagnosis.classify import Diagnosis, diagnose, full_table
from autograder.diagnosis.compare import Comparison, Within, compare
from autograder.diagnosis.mistake import Mistake
from autograder.diagnosis.trial import Evidence, NoValue, OneOf, Trial

__all__ = [
    "Comparison",
    "Diagnosis",
    "Evidence",
    "Mistake",
    "NoValue",
    "OneOf",
    "Trial",
    "Within",
    "compare",
    "diagnose",
    "full_table",
]
