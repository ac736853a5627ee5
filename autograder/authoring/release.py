"""Make the released notebooks with nbgrader's generate_assignment, and refuse one that gives an answer away."""

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
"""Minimum number of characters of a line that can give an answer away; `return h` or `else:` may stand anywhere."""

_COMMON_LINE = re.compile(
    r"(import|from|return|for|if|elif|while)\b[\w\s,.]*(\b(range|enumerate|reversed|len)\([\w.]*\))?:?"
)
"""Lines that give no answer away, however long: `return weights, bias`, `for k in range(K):`, imports."""

_MATHS = re.compile(r"\$[^$]*\$|\\[A-Za-z]+")
"""A formula, or a LaTeX command outside of one."""


def generate(course: Course, lab: str, built: Path, released: Path, db_url: str | None = None) -> None:
    """Run nbgrader's generate_assignment on the source notebooks in `built` and write the released ones to `released`.

    db_url: the gradebook to register the lab in; None for a temporary one. Raises CourseError.
    """
    with tempfile.TemporaryDirectory() as folder:
        course_folder = Path(folder)
        shutil.copytree(built, course_folder / "source" / lab)
        config = course.nbgrader_config(
            source_directory=str(course_folder / "source"),
            release_directory=str(course_folder / "release"),
            db_url=db_url or _temporary_gradebook(course_folder / "gradebook.db"),
            assignment_id=lab,
        )
        with quiet_nbgrader(f"nbgrader could not make a release of {lab}") as log:
            coursedir = CourseDirectory(config=config, log=log)
            GenerateAssignment(coursedir=coursedir, config=config, log=log).start()
        shutil.copytree(course_folder / "release" / lab, released, dirs_exist_ok=True)


def _temporary_gradebook(file: Path) -> str:
    """Return the URL of a database that nbgrader does not take for a new one.

    For a new one, nbgrader starts a process of alembic to learn the version, which takes ten times as long as all other
    steps. file: the database to create.
    """
    with contextlib.closing(sqlite3.connect(file)) as database:
        database.execute("CREATE TABLE alembic_version (version_num VARCHAR(32) NOT NULL)")
    return f"sqlite:///{file}"


def refuse_leaks(lab: LabText, released: Path) -> None:
    """Raise LabError if a released notebook contains a solution, a hidden test or a model answer.

    It does if any text in the file contains a whole hidden region, or a line that can only come from one.
    """
    texts = list(_all_texts(nbformat.read(released, as_version=4)))
    for cell in lab.cells:
        visible = "\n".join(_visible_source(other) for other in lab.cells if other is not cell)
        for markers in (SOLUTION_MARKERS, HIDDEN_MARKERS):
            if line := _leaked_line(region(cell.source, markers), visible, texts):
                raise LabError(
                    lab.file, _line_of(line, cell), f'the release would still contain, of "{cell.id}": {line}',
                    f"keep it between ### {markers[0]} and ### {markers[1]}, and nowhere else",
                )  # fmt: skip
        if cell.kind == "answer" and (line := _leaked_sentence(cell.source, visible, texts)):
            raise LabError(
                lab.file, cell.line, f'the release would contain, of the model answer to "{cell.id}": {line}',
                "say it in other words where students read it",
            )  # fmt: skip


def _leaked_line(hidden: str, visible: str, texts: Sequence[str]) -> str:
    """Return a line of a hidden region that the texts give away; or "".

    It is the first line if a text contains the whole region, else the first distinctive line that a text contains and
    that students see in no other cell. hidden: the region. visible: the source that students see in the other cells.
    texts: all texts in the released notebook.
    """
    lines = _lines(hidden)
    # A single line may be a step that another cell works out for the student.
    is_worked_step = len(lines) == 1 and lines[0] in _lines(visible)
    if lines and not is_worked_step and any(_is_block_of(lines, _lines(text)) for text in texts):
        return lines[0]
    distinctive = [line for line in lines if len(line) >= DISTINCTIVE and not _COMMON_LINE.fullmatch(line)]
    return _first_contained(texts, [line for line in distinctive if line not in visible])


def _leaked_sentence(answer: str, visible: str, texts: Sequence[str]) -> str:
    """Return the first distinctive line of a model answer that a text contains; or "".

    A line that is mostly a formula doesn't count if students see it in another cell.
    """
    lines = [line.lstrip("-*> 0123456789.") for line in _lines(answer)]
    distinctive = [line for line in lines if len(line) >= DISTINCTIVE and (_is_prose(line) or line not in visible)]
    return _first_contained(texts, distinctive)


def _first_contained(texts: Sequence[str], lines: Sequence[str]) -> str:
    """Return the first of the lines that any of the texts contains; or ""."""
    return next((line for line in lines if any(line in text for text in texts)), "")


def _is_prose(line: str) -> bool:
    """True if a line has more than two words outside of formulas."""
    return len(re.findall(r"[^\W\d_]{2,}", _MATHS.sub(" ", line))) > 2


def _lines(text: str) -> list[str]:
    """Return the lines that are not empty, without surrounding white space."""
    return [line.strip() for line in text.splitlines() if line.strip()]


def _is_block_of(lines: list[str], others: list[str]) -> bool:
    """True if the lines stand among the others, one after the other."""
    return any(others[i : i + len(lines)] == lines for i in range(len(others) - len(lines) + 1))


def _line_of(line: str, cell: LabCell) -> int:
    """Return the line number in the lab text of a line, given without surrounding white space, of a cell."""
    return cell.line_of(next(row for row, text in enumerate(cell.source.splitlines(), start=1) if text.strip() == line))


def _visible_source(cell: LabCell) -> str:
    """Return the source of a cell without its regions, as students see it; "" for a model answer."""
    if cell.kind == "answer":
        return ""
    return without_region(without_region(cell.source, SOLUTION_MARKERS), HIDDEN_MARKERS)


def _all_texts(part: Any) -> Iterator[str]:
    """Yield every text in a notebook that a student could read: in sources, outputs, metadata and attachments.

    part: the notebook or any part of it. Text in base64 is yielded decoded, too.
    """
    if isinstance(part, str):
        yield part
        with contextlib.suppress(ValueError):  # raised if it is no base64, or the bytes are no text
            yield b64decode(part, validate=True).decode("utf-8")
    elif isinstance(part, dict):
        for name, value in part.items():
            yield name
            yield from _all_texts(value)
    elif isinstance(part, list):
        for value in part:
            yield from _all_texts(value)
