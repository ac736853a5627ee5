"""nbgrader preprocessors that prepare a graded notebook for display: for its student, and for graders."""

from __future__ import annotations

from typing import Any

from nbformat import NotebookNode
from nbgrader import utils
from nbgrader.preprocessors import GetGrades, NbGraderPreprocessor

from autograder.authoring.lab_text import HIDDEN_MARKERS, without_region
from autograder.checks.score import MIME
from autograder.grading.pages.control_characters import escape_control_characters
from autograder.grading.pages.output_limit import OutputLimit
from autograder.grading.pages.outputs import safe_outputs


class HideInstructorContent(NbGraderPreprocessor):  # type: ignore[misc]  # nbgrader is not typed
    """Removes hidden tests, rubrics and score records, and all but the first line of a collapsed cell."""

    def preprocess(self, nb: NotebookNode, resources: Any) -> tuple[NotebookNode, Any]:
        """Return the notebook without what this class removes, and the resources. Called by nbgrader."""
        nb.cells = [cell for cell in nb.cells if not cell.metadata.get("autograder", {}).get("rubric")]
        for cell in nb.cells:
            if is_test(cell):
                cell.source = without_region(cell.source, HIDDEN_MARKERS)
                # The feedback page shows the points above the cell, so that the score record isn't needed.
                cell.outputs = [output for output in cell.outputs if MIME not in output.get("data", {})]
            elif _is_collapsed(cell):
                cell.source = cell.source.partition("\n")[0]
        return nb, resources


class SanitizeNotebook(NbGraderPreprocessor):  # type: ignore[misc]  # nbgrader is not typed
    """Sanitises a graded notebook, which an earlier version of this grader may have written without sanitising it."""

    def preprocess(self, nb: NotebookNode, resources: Any) -> tuple[NotebookNode, Any]:
        """Return the notebook with sanitised code and outputs, and without widget state.

        Called by nbgrader and by Formgrader for each graded notebook.
        """
        nb.metadata.pop("widgets", None)
        for cell in nb.cells:
            if cell.cell_type == "code":
                count = cell.get("execution_count")
                cell.execution_count = count if type(count) is int else None
                cell.source, cell.outputs = (
                    escape_control_characters(cell.source),
                    safe_outputs(cell.outputs, OutputLimit.without_end()),
                )
        return nb, resources


class Grades(GetGrades):  # type: ignore[misc]  # nbgrader is not typed
    """Adds points and comments from the gradebook to each cell, and `pending` if the cell needs manual grading."""

    def _get_score(self, cell: NotebookNode, resources: Any) -> None:
        grade = self.gradebook.find_grade(
            cell.metadata["nbgrader"]["grade_id"], self.notebook_id, self.assignment_id, self.student_id
        )
        pending = bool(grade.needs_manual_grade)
        cell.metadata.nbgrader.update(score=grade.score, points=grade.max_score, pending=pending)


FEEDBACK = [HideInstructorContent, SanitizeNotebook, Grades]
"""The preprocessors that `nbgrader generate_feedback` applies to a graded notebook, in this order."""


def is_test(cell: NotebookNode) -> bool:
    """True if the cell is a test cell: graded code that is no solution."""
    return bool(utils.is_grade(cell) and not utils.is_solution(cell) and cell.cell_type == "code")


def _is_collapsed(cell: NotebookNode) -> bool:
    """True if Jupyter or Colab shows the locked cell collapsed. Colab drops Jupyter's key but keeps cellView."""
    hidden = cell.metadata.get("jupyter", {}).get("source_hidden") or cell.metadata.get("cellView") == "form"
    return bool(utils.is_locked(cell) and hidden)
