"""What this course puts into nbgrader's conversions: which cell runs how, where points come from, what students see.

nbgrader runs a list of preprocessors over each submission; the lists below are named in nbgrader_config.py.
"""

from __future__ import annotations

import hashlib
import math
from pathlib import Path
from typing import Any

import nbformat
from nbconvert.preprocessors import CSSHTMLHeaderPreprocessor
from nbformat import NotebookNode
from nbgrader import utils
from nbgrader.preprocessors import (
    AssignLatePenalties,
    CheckCellMetadata,
    Execute,
    GetGrades,
    LimitOutput,
    NbGraderPreprocessor,
    SaveAutoGrades,
)

from autograder.authoring.text import HIDDEN_MARKERS, region, without_region
from autograder.checks.score import MIME
from autograder.student.local import IDENTITY_VARIABLE
from autograder.student.port import task_line


class RunTests(Execute):  # type: ignore[misc]  # nbgrader is not typed
    """Executes a submission; of a test cell the visible part first, then, whatever came of it, the hidden tests.

    nbgrader's own Execute runs the two as one cell, so that a failed visible check takes all partial credit with it.
    """

    def preprocess(self, nb: NotebookNode, resources: Any, km: Any = None) -> tuple[NotebookNode, Any]:
        """Called by nbgrader for each submission."""
        about = resources["nbgrader"]
        default = nb.metadata.get("autograder", {}).get("timeout") or self.timeout
        self.timeout_func = lambda cell: cell.metadata.get("autograder", {}).get("timeout") or default
        # A regrade draws the same random cases: they depend on the submission's lab and student alone.
        with utils.setenv(**{IDENTITY_VARIABLE: f"{about['assignment']}/{about['notebook']}/{about['student']}"}):
            return super().preprocess(nb, resources, km)  # type: ignore[no-any-return]

    def preprocess_cell(self, cell: NotebookNode, resources: Any, index: int) -> tuple[NotebookNode, Any]:
        """Called for each cell in turn."""
        if cell.cell_type == "code":
            if _is_test(cell):
                self._run_test(cell, resources, index)
            else:
                self._run(cell, _with_task_line(cell), resources, index)
        return cell, resources

    def _run_test(self, cell: NotebookNode, resources: Any, index: int) -> None:
        self._run(cell, without_region(cell.source, HIDDEN_MARKERS), resources, index)
        visible = cell.outputs
        self._run(cell, region(cell.source, HIDDEN_MARKERS), resources, index)
        records = [output.data[MIME] for output in cell.outputs if MIME in output.get("data", {})]
        cell.metadata["autograder"] = {"score": records[-1]} if records else {}
        cell.outputs = visible + cell.outputs

    def _run(self, cell: NotebookNode, source: str, resources: Any, index: int) -> None:
        """Execute one piece of text and put its outputs into the cell, whose own text stays."""
        runs = nbformat.v4.new_code_cell(source, id=cell.get("id", "cell"))
        # Without the cell's tags: skip-execution on a test cell must not skip it.
        runs.metadata["autograder"] = cell.metadata.get("autograder", {})
        super().preprocess_cell(runs, resources, index)
        cell.outputs, cell.execution_count = runs.outputs, runs.execution_count
        self.nb.cells[index] = cell


class SaveScores(SaveAutoGrades):  # type: ignore[misc]  # nbgrader is not typed
    """Takes points from the score record of a test, never from how its output looks.

    No record, or one that makes no sense, is zero points and is flagged for a person to look at.
    """

    def preprocess(self, nb: NotebookNode, resources: Any) -> tuple[NotebookNode, Any]:
        """Called by nbgrader for each executed submission."""
        nb, resources = super().preprocess(nb, resources)
        about = resources["nbgrader"]
        coursedir = self.parent.parent.coursedir
        submitted, source = (
            Path(coursedir.format_path(step, student, about["assignment"])) / f"{about['notebook']}.ipynb"
            for step, student in ((coursedir.submitted_directory, about["student"]), (coursedir.source_directory, "."))
        )
        nb.metadata["autograder"] = {"graded": fingerprint(submitted, source)}
        return nb, resources

    def _add_score(self, cell: NotebookNode, resources: Any) -> None:
        if not _is_test(cell):
            super()._add_score(cell, resources)
            return
        grade = self.gradebook.find_grade(
            cell.metadata["nbgrader"]["grade_id"], self.notebook_id, self.assignment_id, self.student_id
        )
        points = recorded_points(cell, grade.max_score)
        grade.auto_score = points or 0.0
        grade.needs_manual_grade = points is None or grade.manual_score is not None
        self.gradebook.db.commit()


class ShowRubric(NbGraderPreprocessor):  # type: ignore[misc]  # nbgrader is not typed
    """Puts the instructor's model answer and rubric under each written answer, where Formgrader shows them."""

    def preprocess(self, nb: NotebookNode, resources: Any) -> tuple[NotebookNode, Any]:
        """Called by nbgrader for each executed submission."""
        about, coursedir = resources["nbgrader"], self.parent.parent.coursedir
        folder = coursedir.format_path(coursedir.source_directory, ".", about["assignment"])
        source = nbformat.read(Path(folder) / f"{about['notebook']}.ipynb", as_version=4)
        rubrics = {cell.metadata.nbgrader.grade_id: cell.source for cell in source.cells if _is_written(cell)}
        cells = []
        for cell in nb.cells:
            cells.append(cell)
            if _is_written(cell) and (rubric := rubrics.get(cell.metadata.nbgrader.grade_id)):
                text = f"---\n**For the grader** (students never see this)\n\n{rubric}\n\n---"
                shown = nbformat.v4.new_markdown_cell(text, metadata={"autograder": {"rubric": True}})
                shown.id = f"rubric-{cell.metadata.nbgrader.grade_id}"
                cells.append(shown)
        nb.cells = cells
        return nb, resources


class ForStudent(NbGraderPreprocessor):  # type: ignore[misc]  # nbgrader is not typed
    """Leaves hidden tests and rubrics out of a feedback page, and of a collapsed cell all but its first line."""

    def preprocess(self, nb: NotebookNode, resources: Any) -> tuple[NotebookNode, Any]:
        """Called by nbgrader for each graded notebook."""
        nb.cells = [cell for cell in nb.cells if not cell.metadata.get("autograder", {}).get("rubric")]
        for cell in nb.cells:
            if _is_test(cell):
                cell.source = without_region(cell.source, HIDDEN_MARKERS)
            elif _is_collapsed(cell):
                cell.source = cell.source.partition("\n")[0]
        return nb, resources


AUTOGRADE = [RunTests, LimitOutput, SaveScores, ShowRubric, AssignLatePenalties, CheckCellMetadata]
"""What `nbgrader autograde` does with a submission whose locked cells are the instructor's again."""

FEEDBACK = [ForStudent, GetGrades, CSSHTMLHeaderPreprocessor]
"""What `nbgrader generate_feedback` does with a graded notebook."""


def recorded_points(cell: NotebookNode, maximum: float) -> float | None:
    """Points of a test cell's score record; None where there is no sound record."""
    record: Any = cell.metadata.get("autograder", {}).get("score", {})
    points: Any = record.get("points") if isinstance(record, dict) else None
    if type(points) not in (int, float) or record.get("maximum") != maximum:
        return None
    return float(points) if math.isfinite(points) and 0 <= points <= maximum else None


def named_mistakes(notebook: NotebookNode) -> tuple[str, ...]:
    """The known mistakes that the score records of a graded notebook name, each once."""
    records = [cell.metadata.get("autograder", {}).get("score", {}) for cell in notebook.cells]
    failures = [line.get("failure") or {} for record in records for line in record.get("lines", ())]
    return tuple(dict.fromkeys(failure["mistake"] for failure in failures if failure.get("mistake")))


def fingerprint(submitted: Path, source: Path) -> str:
    """What a grade depends on: the submitted notebook and the instructor's."""
    digest = hashlib.sha256()
    for file in (submitted, source):
        digest.update(hashlib.sha256(file.read_bytes()).digest())
    return digest.hexdigest()


def _is_test(cell: NotebookNode) -> bool:
    return bool(utils.is_grade(cell) and not utils.is_solution(cell) and cell.cell_type == "code")


def _is_collapsed(cell: NotebookNode) -> bool:
    """Whether Jupyter or Colab shows a locked cell folded; Colab drops Jupyter's word for it."""
    hidden = cell.metadata.get("jupyter", {}).get("source_hidden") or cell.metadata.get("cellView") == "form"
    return bool(utils.is_locked(cell) and hidden)


def _is_written(cell: NotebookNode) -> bool:
    return bool(utils.is_grade(cell) and utils.is_solution(cell) and cell.cell_type == "markdown")


def _with_task_line(cell: NotebookNode) -> str:
    """A solution cell's text with the comment that names its task, if the student deleted it."""
    source: str = cell.source
    if not utils.is_solution(cell):
        return source
    line = task_line(cell.metadata.nbgrader.grade_id)
    if line in source.splitlines():
        return source
    # A cell magic must stay the first line.
    magic, newline, rest = source.partition("\n") if source.startswith("%%") else ("", "", source)
    return f"{magic}{newline}{line}\n{rest}"
