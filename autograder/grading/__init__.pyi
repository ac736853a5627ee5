# The names that `__init__.py` exports, by module.

from .batch import GradedSubmission, chosen_students, grade, usable_cores
from .feedback import students_with_feedback, write_feedback
from .nbgrader_autograde import install
from .pages import FEEDBACK
from .score_record import named_mistakes
from .score_table import class_notes, score_table

__all__ = [
    "FEEDBACK",
    "GradedSubmission",
    "chosen_students",
    "class_notes",
    "grade",
    "install",
    "named_mistakes",
    "score_table",
    "students_with_feedback",
    "usable_cores",
    "write_feedback",
]
