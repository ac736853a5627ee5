"""What a student handed in, as data: files are read and chosen with care, and the notebook to grade is rebuilt.

A submission is never trusted to be well formed. What is graded is the instructor's notebook with the student's answers
in it, and the student's own further cells where they stood. Whatever was put right is said in a sentence.
"""

from autograder.grading.intake.choose import choose
from autograder.grading.intake.decode import UnreadableError
from autograder.grading.intake.folder import collect
from autograder.grading.intake.rebuild import rebuild
from autograder.grading.intake.repairs import REPAIRS, repair
from autograder.grading.intake.source_notebook import Master, MasterCell, Stubs
from autograder.grading.intake.task_line import with_task_line

__all__ = [
    "REPAIRS",
    "Master",
    "MasterCell",
    "Stubs",
    "UnreadableError",
    "choose",
    "collect",
    "rebuild",
    "repair",
    "with_task_line",
]
