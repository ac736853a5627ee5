"""`lab build`: text → executed source notebooks → released notebooks, all or nothing; and what differs from them."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import nbformat
from nbformat import NotebookNode

from autograder.authoring.execute import execute, keep_outputs
from autograder.authoring.notebook import to_notebook
from autograder.authoring.release import generate, refuse_leaks
from autograder.authoring.text import LabText, read_answers, read_lab
from autograder.course import Course
from autograder.errors import CourseError

ANSWERS = "_answers.py"
"""How the name of a lab's answers file ends."""


@dataclass(frozen=True)
class Drift:
    """A built file that is not what its text would give."""

    file: Path
    what: str

    def __str__(self) -> str:
        return f"{self.file}: {self.what}"


def texts(course: Course, lab: str) -> list[Path]:
    """The texts of a lab's notebooks. Raises CourseError where there are none."""
    found = sorted(file for file in (course.written / lab).glob("*.py") if not file.name.endswith(ANSWERS))
    if not found:
        raise CourseError(f"{course.written / lab} has no notebook", f"write {lab}/NAME.py as a percent script")
    return found


def build(course: Course, lab: str, say: Callable[[str], None] = lambda _: None) -> list[Path]:
    """Build one lab; return the files that changed. Raises LabError or CourseError, and then changes nothing.

    say: is told what happens, for a progress bar.
    """
    with tempfile.TemporaryDirectory() as folder:
        staged = Path(folder)
        labs = _build_source(course, lab, staged / "source", say)
        say("release")
        generate(course, lab, staged / "source", staged / "release")
        for text in labs:
            refuse_leaks(text, staged / "release" / f"{text.file.stem}.ipynb")
        changed = [*_put(staged / "source", course.source / lab), *_put(staged / "release", course.release / lab)]
    return changed


def check(course: Course, lab: str) -> Iterator[Drift]:
    """What in source/ and release/ differs from what the lab's text would give. Nothing is executed."""
    expected = [f"{file.stem}.ipynb" for file in texts(course, lab)]
    for step in (course.source, course.release):
        present = sorted(file.name for file in (step / lab).glob("*.ipynb"))
        yield from (Drift(step / lab / name, "is missing") for name in set(expected) - set(present))
        yield from (Drift(step / lab / name, "has no text any more") for name in set(present) - set(expected))
    for file in texts(course, lab):
        text = read_lab(file)
        _read_answers_of(file)
        built = course.source / lab / f"{file.stem}.ipynb"
        if built.exists():
            yield from _differences(built, to_notebook(text))
    if (course.source / lab).exists():
        with tempfile.TemporaryDirectory() as folder:
            generate(course, lab, course.source / lab, Path(folder))
            for made in sorted(Path(folder).glob("*.ipynb")):
                released = course.release / lab / made.name
                if released.exists() and released.read_bytes() != made.read_bytes():
                    yield Drift(released, "differs from what nbgrader makes of source/")


def _build_source(course: Course, lab: str, into: Path, say: Callable[[str], None]) -> list[LabText]:
    into.mkdir(parents=True)
    labs = []
    for file in texts(course, lab):
        text = read_lab(file)
        _read_answers_of(file)
        notebook = to_notebook(text)
        if not keep_outputs(notebook, course.source / lab / f"{file.stem}.ipynb"):
            say(f"run {file.stem}")
            execute(notebook, text)
        nbformat.write(notebook, into / f"{file.stem}.ipynb")
        labs.append(text)
    return labs


def _read_answers_of(file: Path) -> None:
    """Find the mistakes in a lab's answers file while its author is looking."""
    answers = file.with_name(file.stem + ANSWERS)
    if answers.exists():
        read_answers(answers)


def _put(staged: Path, place: Path) -> list[Path]:
    """Bring a folder of notebooks to the state of another, file by file, leaving alone what is the same."""
    place.mkdir(parents=True, exist_ok=True)
    changed = []
    for made in sorted(staged.glob("*.ipynb")):
        target = place / made.name
        if not target.exists() or target.read_bytes() != made.read_bytes():
            # Beside its target first: a rename within one folder happens whole or not at all.
            arriving = target.with_suffix(".ipynb.new")
            shutil.copyfile(made, arriving)
            os.replace(arriving, target)
            changed.append(target)
    for stale in sorted(set(place.glob("*.ipynb")) - {place / made.name for made in staged.glob("*.ipynb")}):
        stale.unlink()
        changed.append(stale)
    return changed


def _differences(built: Path, expected: NotebookNode) -> Iterator[Drift]:
    found = nbformat.read(built, as_version=4)
    if found.metadata != expected.metadata:
        yield Drift(built, "the notebook's metadata differ")
    before = {cell.id: cell for cell in found.cells}
    after = {cell.id: cell for cell in expected.cells}
    for cell_id in [*after, *(set(before) - set(after))]:
        if cell_id not in before:
            yield Drift(built, f"cell {cell_id} is not built yet")
        elif cell_id not in after:
            yield Drift(built, f"cell {cell_id} is not in the text any more")
        elif any(before[cell_id][part] != after[cell_id][part] for part in ("source", "metadata", "cell_type")):
            yield Drift(built, f"cell {cell_id} differs")
    if set(before) == set(after) and list(before) != list(after):
        yield Drift(built, "the cells are in another order")
