"""Makes the students' version with nbgrader's own generate_assignment, and refuses one that gives an answer away."""

from __future__ import annotations

import json
import shutil
import tempfile
from collections import Counter
from pathlib import Path

import nbformat
from nbgrader.converters import GenerateAssignment
from nbgrader.coursedir import CourseDirectory

from autograder.authoring.text import HIDDEN_MARKERS, SOLUTION_MARKERS, LabCell, LabError, LabText, region
from autograder.course import Course
from autograder.quiet import quiet_nbgrader

DISTINCTIVE = 12
"""A line of fewer characters (`return h`, `else:`) may well stand in a student's version for reasons of its own."""


def generate(course: Course, lab: str, built: Path, released: Path, db_url: str | None = None) -> None:
    """Run nbgrader's generate_assignment on the notebooks in `built`, writing `released`, registering in a database.

    db_url: the gradebook to register the lab in; None for one that is thrown away. Raises CourseError.
    """
    with tempfile.TemporaryDirectory() as folder:
        course_folder = Path(folder)
        shutil.copytree(built, course_folder / "source" / lab)
        config = course.nbgrader_config(
            source_directory=str(course_folder / "source"),
            release_directory=str(course_folder / "release"),
            db_url=db_url or f"sqlite:///{course_folder / 'gradebook.db'}",
            assignment_id=lab,
        )
        with quiet_nbgrader(f"nbgrader could not make a release of {lab}") as log:
            coursedir = CourseDirectory(config=config, log=log)
            GenerateAssignment(coursedir=coursedir, config=config, log=log).start()
        shutil.copytree(course_folder / "release" / lab, released, dirs_exist_ok=True)


def refuse_leaks(lab: LabText, released: Path) -> None:
    """Raise LabError if a solution or hidden test, or a line that can only come from one, is in a released notebook."""
    text = _all_text(released)
    for cell in lab.cells:
        for markers in (SOLUTION_MARKERS, HIDDEN_MARKERS):
            hidden = region(cell.source, markers)
            for line in [hidden.strip(), *_distinctive_lines(hidden, cell, lab)]:
                if line and line in text:
                    raise LabError(
                        lab.file, cell.line, f'the release of "{cell.id}" would still contain: {line.splitlines()[0]}',
                        f"keep it between ### {markers[0]} and ### {markers[1]} only",
                    )  # fmt: skip
        if cell.kind == "answer":
            for line in filter(_is_distinctive, map(str.strip, cell.source.splitlines())):
                if line in text:
                    raise LabError(
                        lab.file, cell.line, f'the release would contain the model answer to "{cell.id}": {line}',
                        "say it in other words where students read it",
                    )  # fmt: skip


def _all_text(released: Path) -> str:
    """Everything a student could read in a notebook: text, outputs, attachments, metadata."""
    notebook = nbformat.read(released, as_version=4)
    sources = "\n".join(cell.pop("source") for cell in notebook.cells)
    return sources + "\n" + json.dumps(notebook, ensure_ascii=False)


def _distinctive_lines(hidden: str, cell: LabCell, lab: LabText) -> list[str]:
    """Lines of a hidden region that stand in no other cell."""
    others = "\n".join(other.source for other in lab.cells if other is not cell)
    counted = Counter(line.strip() for line in hidden.splitlines())
    return [line for line in counted if _is_distinctive(line) and line not in others]


def _is_distinctive(line: str) -> bool:
    return len(line) >= DISTINCTIVE
