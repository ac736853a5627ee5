"""Compares a submission's values with the expected ones, describes a wrong value, and names the mistake behind it."""

from autograder.diagnosis.classify import Diagnosis, classify, full_table
from autograder.diagnosis.compare import Comparison, Within, compare
from autograder.diagnosis.mistake import Mistake
from autograder.diagnosis.trial import NoValue, OneOf, Trial, Trials

__all__ = [
    "Comparison",
    "Diagnosis",
    "Mistake",
    "NoValue",
    "OneOf",
    "Trial",
    "Trials",
    "Within",
    "classify",
    "compare",
    "full_table",
]
