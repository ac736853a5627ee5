"""Turn the files that a student handed in into the notebook to grade: read, choose and rebuild.

Intake trusts no submission to be well formed. The rebuilt notebook holds the instructor's cells with the student's
answers in them, and the student's further cells where they stood. Each repair has a sentence for people to read.
"""

from autograder.grading.intake.choose import choose
from autograder.grading.intake.decode import UnreadableError
from autograder.grading.intake.folder import collect
from autograder.grading.intake.rebuild import rebuild
from autograder.grading.intake.repairs import REPAIRS, repair
from autograder.grading.intake.source_notebook import ReleaseStubs, SourceCell, SourceNotebook, released_texts
from autograder.grading.intake.take_in import Intake, take_in
from autograder.grading.intake.task_line import with_task_line

__all__ = [
    "REPAIRS",
    "Intake",
    "ReleaseStubs",
    "SourceCell",
    "SourceNotebook",
    "UnreadableError",
    "choose",
    "collect",
    "rebuild",
    "released_texts",
    "repair",
    "take_in",
    "with_task_line",
]
