"""nbgrader preprocessors for graded notebooks, before a page shows them."""

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
    """Leaves hidden tests, rubrics and score records out, and of a collapsed cell all but its first line."""

    def preprocess(self, nb: NotebookNode, resources: Any) -> tuple[NotebookNode, Any]:
        """Called by nbgrader for each graded notebook."""
        nb.cells = [cell for cell in nb.cells if not cell.metadata.get("autograder", {}).get("rubric")]
        for cell in nb.cells:
            if is_test(cell):
                cell.source = without_region(cell.source, HIDDEN_MARKERS)
                # The page says the points above the cell.
                cell.outputs = [output for output in cell.outputs if MIME not in output.get("data", {})]
            elif _is_collapsed(cell):
                cell.source = cell.source.partition("\n")[0]
        return nb, resources


class SanitizeNotebook(NbGraderPreprocessor):  # type: ignore[misc]  # nbgrader is not typed
    """Sanitises a notebook that was graded by a version that did not."""

    def preprocess(self, nb: NotebookNode, resources: Any) -> tuple[NotebookNode, Any]:
        """Called by nbgrader and by Formgrader for each graded notebook."""
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
    """Adds points and comments from the gradebook, and whether a person still has to review a cell."""

    def _get_score(self, cell: NotebookNode, resources: Any) -> None:
        grade = self.gradebook.find_grade(
            cell.metadata["nbgrader"]["grade_id"], self.notebook_id, self.assignment_id, self.student_id
        )
        pending = bool(grade.needs_manual_grade)
        cell.metadata.nbgrader.update(score=grade.score, points=grade.max_score, pending=pending)


FEEDBACK = [HideInstructorContent, SanitizeNotebook, Grades]
"""The preprocessors of `nbgrader generate_feedback`, in order."""


def is_test(cell: NotebookNode) -> bool:
    """True if a cell is the test of a task."""
    return bool(utils.is_grade(cell) and not utils.is_solution(cell) and cell.cell_type == "code")


def _is_collapsed(cell: NotebookNode) -> bool:
    """True if Jupyter or Colab shows a locked cell folded; Colab drops Jupyter's flag and has its own."""
    hidden = cell.metadata.get("jupyter", {}).get("source_hidden") or cell.metadata.get("cellView") == "form"
    return bool(utils.is_locked(cell) and hidden)
