"""`lab build`: text → executed source notebooks → released notebooks, all or nothing; and what differs from them."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import nbformat
from nbformat import NotebookNode

from autograder.authoring.answers import known_answers
from autograder.authoring.execute import run
from autograder.authoring.lab_text import ANSWERS, LabError, LabText
from autograder.authoring.optional_modules import missing
from autograder.authoring.percent import read_lab
from autograder.authoring.release import generate, refuse_leaks
from autograder.authoring.source_writer import read_built, to_notebook
from autograder.course import Course
from autograder.errors import CourseError


@dataclass(frozen=True)
class Drift:
    """A built file that is not what its text would give."""

    file: Path
    what: str

    def __str__(self) -> str:
        return f"{self.file}: {self.what}"


def written_labs(course: Course) -> list[str]:
    """Return the labs that are written as text. Raises CourseError where there is none."""
    labs = [lab for lab in course.labs() if (course.written / lab).is_dir()]
    if not labs:
        raise CourseError(f"{course.written} has no lab", "write LAB/NAME.py as a percent script")
    return labs


def lab_files(course: Course, lab: str) -> list[Path]:
    """Return the files of a lab's texts. Raises CourseError without any, LabError at answers to none of them."""
    files = sorted((course.written / lab).glob("*.py"))
    found = [file for file in files if not file.name.endswith(ANSWERS)]
    if not found:
        raise CourseError(f"{course.written / lab} has no notebook", f"write {lab}/NAME.py as a percent script")
    expected = {file.stem + ANSWERS for file in found}
    for file in files:
        if file.name.endswith(ANSWERS) and file.name not in expected:
            raise LabError(file, 1, "it answers no text of this folder", f"call it {' or '.join(sorted(expected))}")
    return found


def build(course: Course, labs: Sequence[str], say: Callable[[str], None] = lambda _: None) -> list[Path]:
    """Build labs and return the files that changed. Raises LabError or CourseError, and then changes nothing at all.

    A lab that needs a missing module stays unchanged: see `missing_modules`. say: called with each step, for a progress
    bar.
    """
    with tempfile.TemporaryDirectory() as folder:
        staged, done = Path(folder), list[str]()
        for lab in dict.fromkeys(labs):
            made = [_read(file) for file in lab_files(course, lab)]
            if missing(module for text, _ in made for module in text.needs):
                continue
            for text, notebook in made:
                say(f"{lab}: {text.file.stem}")
                run(notebook, text, course.source / lab / f"{text.file.stem}.ipynb")
            say(f"{lab}: release")
            _stage(course, lab, made, staged)
            done.append(lab)
        return _put(
            [(staged / step / lab, built / lab) for lab in done
             for step, built in (("source", course.source), ("release", course.release))]
        )  # fmt: skip


def missing_modules(course: Course, lab: str) -> tuple[str, ...]:
    """Return the modules that a lab's texts need and that can't be imported here. Raises as `build` does."""
    return missing(dict.fromkeys(module for file in lab_files(course, lab) for module in read_lab(file).needs))


def check(course: Course, lab: str) -> Iterator[Drift]:
    """Yield the differences between source/ and release/ and the build of the lab's text. Executes nothing."""
    with tempfile.TemporaryDirectory() as folder:
        staged = Path(folder)
        made = [_read(file) for file in lab_files(course, lab)]
        _stage(course, lab, made, staged)
        names = {f"{text.file.stem}.ipynb": notebook for text, notebook in made}
        for step in (course.source, course.release):
            present = {file.name for file in (step / lab).glob("*.ipynb")}
            yield from (Drift(step / lab / name, "is missing") for name in sorted(set(names) - present))
            yield from (Drift(step / lab / name, "has no text any more") for name in sorted(present - set(names)))
        for name, notebook in names.items():
            source, release = course.source / lab / name, course.release / lab / name
            if source.exists():
                yield from _differences(source, notebook)
            if release.exists() and release.read_bytes() != (staged / "release" / lab / name).read_bytes():
                yield Drift(release, "differs from what nbgrader makes of the text")


def _read(file: Path) -> tuple[LabText, NotebookNode]:
    """Return a lab's text and its notebook, not executed; also check its answers file."""
    text = known_answers(file).lab
    return text, to_notebook(text)


def _stage(course: Course, lab: str, made: Sequence[tuple[LabText, NotebookNode]], staged: Path) -> None:
    """Write a lab's source notebooks, and what nbgrader makes of them, into staged/source and staged/release."""
    source, release = staged / "source" / lab, staged / "release" / lab
    source.mkdir(parents=True)
    for text, notebook in made:
        nbformat.write(notebook, source / f"{text.file.stem}.ipynb")
    generate(course, lab, source, release)
    for text, _ in made:
        refuse_leaks(text, release / f"{text.file.stem}.ipynb")


def _put(folders: Sequence[tuple[Path, Path]]) -> list[Path]:
    """Bring folders of notebooks to the state of others, leaving alone what is the same. Returns what changed."""
    made = [(file, place / file.name) for staged, place in folders for file in sorted(staged.glob("*.ipynb"))]
    changed = [(file, target) for file, target in made if not _same(file, target)]
    targets = {target for _, target in made}
    stale = [file for _, place in folders for file in sorted(place.glob("*.ipynb")) if file not in targets]
    arriving: list[tuple[Path, Path]] = []
    try:
        # All beside their targets first: what can go wrong goes wrong there, not in a rename within one folder.
        for file, target in changed:
            target.parent.mkdir(parents=True, exist_ok=True)
            arriving.append((target.with_suffix(".ipynb.new"), target))
            shutil.copyfile(file, arriving[-1][0])
        for new, target in arriving:
            os.replace(new, target)
        for file in stale:
            file.unlink()
    except OSError as error:
        raise CourseError(
            f"the built notebooks can't be put in place: {error}", "clear the way, build again"
        ) from error
    finally:
        for new, _ in arriving:
            new.unlink(missing_ok=True)
    return [target for _, target in changed] + stale


def _same(file: Path, target: Path) -> bool:
    return target.is_file() and target.read_bytes() == file.read_bytes()


def _differences(built: Path, expected: NotebookNode) -> Iterator[Drift]:
    found = read_built(built)
    if found is None:
        yield Drift(built, "is no whole notebook")
        return
    if any(found.get(part) != expected[part] for part in ("metadata", "nbformat", "nbformat_minor")):
        yield Drift(built, "the notebook's metadata differ")
    before, after = [cell.id for cell in found.cells], [cell.id for cell in expected.cells]
    yield from (Drift(built, f"cell {cell} is not built yet") for cell in Counter(after) - Counter(before))
    yield from (Drift(built, f"cell {cell} is not in the text any more") for cell in Counter(before) - Counter(after))
    if before != after and Counter(before) == Counter(after):
        yield Drift(built, "the cells are in another order")
    cells = {cell.id: cell for cell in found.cells}
    for cell in expected.cells:
        if cell.id in cells and _written_part(cells[cell.id]) != _written_part(cell):
            yield Drift(built, f"cell {cell.id} differs")


def _written_part(cell: NotebookNode) -> dict[str, object]:
    """Return a cell without the results of execution."""
    return {name: value for name, value in cell.items() if name not in ("outputs", "execution_count")}
