"""Labs as text → nbgrader's source notebooks → the students' notebooks."""

from autograder.authoring.build import Drift, build, check, texts
from autograder.authoring.text import LabCell, LabError, LabText, read_answers, read_lab

__all__ = ["Drift", "LabCell", "LabError", "LabText", "build", "check", "read_answers", "read_lab", "texts"]
