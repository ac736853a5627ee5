"""Compares a student's value with the truth, says what a wrong one looks like and names the mistake behind it."""

from autograder.diagnosis.compare import Comparison, Within, compare
from autograder.diagnosis.evidence import Evidence, NoValue, OneOf, Trial
from autograder.diagnosis.mistakes import RELATIONS, TABLE, Mistake
from autograder.diagnosis.name import Diagnosis, diagnose

__all__ = [
    "RELATIONS",
    "TABLE",
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
]
