"""Grade submissions of a lab: write scores to nbgrader's gradebook, graded notebooks, and feedback pages."""

import importlib
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from autograder.grading.batch import GradedSubmission, chosen_students, grade, usable_cores
    from autograder.grading.feedback import graded_students, write_feedback
    from autograder.grading.nbgrader_autograde import install
    from autograder.grading.pages import FEEDBACK
    from autograder.grading.score_record import named_mistakes
    from autograder.grading.score_table import class_notes, score_table

__all__ = [
    "FEEDBACK",
    "GradedSubmission",
    "chosen_students",
    "class_notes",
    "grade",
    "graded_students",
    "install",
    "named_mistakes",
    "score_table",
    "usable_cores",
    "write_feedback",
]

_MODULES = {
    "FEEDBACK": "pages",
    "GradedSubmission": "batch",
    "chosen_students": "batch",
    "class_notes": "score_table",
    "grade": "batch",
    "graded_students": "feedback",
    "install": "nbgrader_autograde",
    "named_mistakes": "score_record",
    "score_table": "score_table",
    "usable_cores": "batch",
    "write_feedback": "feedback",
}
"""The module of this package that defines each name."""


def __getattr__(name: str) -> Any:
    """Import the module of a name in `__all__` and return the name's value. Raises AttributeError for other names."""
    # Imports are lazy, because nbgrader takes seconds to import and a worker process needs little of it.
    if name not in _MODULES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(importlib.import_module(f"{__name__}.{_MODULES[name]}"), name)
