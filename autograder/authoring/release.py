"""Makes the students' version with nbgrader's own generate_assignment, and refuses one that gives an answer away."""

from __future__ import annotations

import contextlib
import re
import shutil
import sqlite3
import tempfile
from base64 import b64decode
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import nbformat
from nbgrader.converters import GenerateAssignment
from nbgrader.coursedir import CourseDirectory

from autograder.authoring.lab_text import (
    HIDDEN_MARKERS,
    SOLUTION_MARKERS,
    LabCell,
    LabError,
    LabText,
    region,
    without_region,
)
from autograder.course import Course
from autograder.nbgrader_log import quiet_nbgrader

DISTINCTIVE = 12
"""A line of fewer characters (`return h`, `else:`) may well stand in a student's version for reasons of its own."""

_EVERYDAY = re.compile(
    r"(import|from|return|for|if|elif|while)\b[\w\s,.]*(\b(range|enumerate|reversed|len)\([\w.]*\))?:?"
)
"""Lines that say nothing, however long: `return weights, bias`, `for k in range(K):`, imports."""

_MATHS = re.compile(r"\$[^$]*\$|\\[A-Za-z]+")


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
            db_url=db_url or _throwaway(course_folder / "gradebook.db"),
            assignment_id=lab,
        )
        with quiet_nbgrader(f"nbgrader could not make a release of {lab}") as log:
            coursedir = CourseDirectory(config=config, log=log)
            GenerateAssignment(coursedir=coursedir, config=config, log=log).start()
        shutil.copytree(course_folder / "release" / lab, released, dirs_exist_ok=True)


def _throwaway(file: Path) -> str:
    """Return a gradebook that nbgrader does not take for a new one, whose version it would ask of a process of alembic.

    That process takes ten times as long as everything else.
    """
    with contextlib.closing(sqlite3.connect(file)) as database:
        database.execute("CREATE TABLE alembic_version (version_num VARCHAR(32) NOT NULL)")
    return f"sqlite:///{file}"


def refuse_leaks(lab: LabText, released: Path) -> None:
    """Raise LabError if a released notebook contains a solution, a hidden test or a model answer.

    A leak is a whole region, or a line that can only come from one, anywhere in the file.
    """
    texts = list(_texts(nbformat.read(released, as_version=4)))
    for cell in lab.cells:
        shown = "\n".join(_shown(other) for other in lab.cells if other is not cell)
        for markers in (SOLUTION_MARKERS, HIDDEN_MARKERS):
            if line := _survivor(region(cell.source, markers), shown, texts):
                raise LabError(
                    lab.file, _line_of(line, cell), f'the release would still contain, of "{cell.id}": {line}',
                    f"keep it between ### {markers[0]} and ### {markers[1]}, and nowhere else",
                )  # fmt: skip
        if cell.kind == "answer" and (line := _surviving_sentence(cell.source, shown, texts)):
            raise LabError(
                lab.file, cell.line, f'the release would contain, of the model answer to "{cell.id}": {line}',
                "say it in other words where students read it",
            )  # fmt: skip


def _survivor(hidden: str, shown: str, texts: Sequence[str]) -> str:
    """Return the first line of a region that a text contains as a whole, else a distinctive line of it, else ""."""
    lines = _lines(hidden)
    # One line alone may be a step that was worked for the student elsewhere.
    worked = len(lines) == 1 and lines[0] in _lines(shown)
    if lines and not worked and any(_stand_in(lines, _lines(text)) for text in texts):
        return lines[0]
    telling = [line for line in lines if len(line) >= DISTINCTIVE and not _EVERYDAY.fullmatch(line)]
    return _first_in(texts, [line for line in telling if line not in shown])


def _surviving_sentence(answer: str, shown: str, texts: Sequence[str]) -> str:
    """Return the first line of a model answer that stands in a text; a formula may, if it is shown elsewhere."""
    lines = [line.lstrip("-*> 0123456789.") for line in _lines(answer)]
    told = [line for line in lines if len(line) >= DISTINCTIVE and (_is_prose(line) or line not in shown)]
    return _first_in(texts, told)


def _first_in(texts: Sequence[str], lines: Sequence[str]) -> str:
    return next((line for line in lines if any(line in text for text in texts)), "")


def _is_prose(line: str) -> bool:
    return len(re.findall(r"[^\W\d_]{2,}", _MATHS.sub(" ", line))) > 2


def _lines(text: str) -> list[str]:
    return [line.strip() for line in text.splitlines() if line.strip()]


def _stand_in(lines: list[str], others: list[str]) -> bool:
    return any(others[i : i + len(lines)] == lines for i in range(len(others) - len(lines) + 1))


def _line_of(line: str, cell: LabCell) -> int:
    return cell.line_of(next(row for row, text in enumerate(cell.source.splitlines(), start=1) if text.strip() == line))


def _shown(cell: LabCell) -> str:
    """Return the part of a cell that students see."""
    if cell.kind == "answer":
        return ""
    return without_region(without_region(cell.source, SOLUTION_MARKERS), HIDDEN_MARKERS)


def _texts(part: Any) -> Iterator[str]:
    """Yield every text of a notebook that a student could read: sources, outputs, metadata, attachments."""
    if isinstance(part, str):
        yield part
        with contextlib.suppress(ValueError):  # no base64, or no text in it
            yield b64decode(part, validate=True).decode("utf-8")
    elif isinstance(part, dict):
        for name, value in part.items():
            yield name
            yield from _texts(value)
    elif isinstance(part, list):
        for value in part:
            yield from _texts(value)
