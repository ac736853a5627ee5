"""Build a lab: lab texts (percent scripts) → nbgrader's source notebooks → released notebooks for students."""

from autograder.authoring.build import Drift, build, check, lab_files, missing_modules, written_labs
from autograder.authoring.lab_text import LabCell, LabError, LabText
from autograder.authoring.percent import read_answers, read_lab

__all__ = [
    "Drift",
    "LabCell",
    "LabError",
    "LabText",
    "build",
    "check",
    "lab_files",
    "missing_modules",
    "read_answers",
    "read_lab",
    "written_labs",
]
