"""`lab build`: build source and released notebooks from lab texts, all or none; find drift from the texts."""

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
    """A difference between a built file and the file that its lab text would give."""

    file: Path
    what: str
    """The difference, as half a sentence after the file's name."""

    def __str__(self) -> str:
        return f"{self.file}: {self.what}"


def written_labs(course: Course) -> list[str]:
    """Return the labs that have a folder of lab texts. Raises CourseError if there is none."""
    labs = [lab for lab in course.labs() if (course.written / lab).is_dir()]
    if not labs:
        raise CourseError(f"{course.written} has no lab", "write LAB/NAME.py as a percent script")
    return labs


def lab_files(course: Course, lab: str) -> list[Path]:
    """Return the lab texts of a lab, sorted; answers files are not among them.

    Raises CourseError if there are none, and LabError for an answers file without a lab text.
    """
    files = sorted((course.written / lab).glob("*.py"))
    texts = [file for file in files if not file.name.endswith(ANSWERS)]
    if not texts:
        raise CourseError(f"{course.written / lab} has no notebook", f"write {lab}/NAME.py as a percent script")
    expected = {file.stem + ANSWERS for file in texts}
    for file in files:
        if file.name.endswith(ANSWERS) and file.name not in expected:
            raise LabError(file, 1, "it answers no text of this folder", f"call it {' or '.join(sorted(expected))}")
    return texts


def build(course: Course, labs: Sequence[str], say: Callable[[str], None] = lambda _: None) -> list[Path]:
    """Build labs; return the files that changed or were deleted.

    A lab that needs a module that can't be imported here stays unchanged: see `missing_modules`. Raises LabError or
    CourseError, and then changes no file.

    say: called with each step, for a progress bar.
    """
    with tempfile.TemporaryDirectory() as folder:
        staged, built_labs = Path(folder), list[str]()
        for lab in dict.fromkeys(labs):
            notebooks = [_read_lab(file) for file in lab_files(course, lab)]
            if missing(module for text, _ in notebooks for module in text.needs):
                continue
            for text, notebook in notebooks:
                say(f"{lab}: {text.file.stem}")
                run(notebook, text, course.source / lab / f"{text.file.stem}.ipynb")
            say(f"{lab}: release")
            _stage(course, lab, notebooks, staged)
            built_labs.append(lab)
        return _install(
            [(staged / step / lab, built / lab) for lab in built_labs
             for step, built in (("source", course.source), ("release", course.release))]
        )  # fmt: skip


def missing_modules(course: Course, labs: Sequence[str]) -> dict[str, tuple[str, ...]]:
    """Return the modules that the texts of labs need and that can't be imported here, by lab; no lab that can be built.

    Raises as `build` does.
    """
    needs = {lab: [module for file in lab_files(course, lab) for module in read_lab(file).needs] for lab in labs}
    return {lab: modules for lab in needs if (modules := missing(dict.fromkeys(needs[lab])))}


def check(course: Course, lab: str) -> Iterator[Drift]:
    """Yield each difference between the built files of a lab and the files that its texts would give.

    Nothing is executed. Raises as `build` does.
    """
    with tempfile.TemporaryDirectory() as folder:
        staged = Path(folder)
        notebooks = [_read_lab(file) for file in lab_files(course, lab)]
        _stage(course, lab, notebooks, staged)
        names = {f"{text.file.stem}.ipynb": notebook for text, notebook in notebooks}
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


def _read_lab(file: Path) -> tuple[LabText, NotebookNode]:
    """Return a lab text and its notebook, not executed.

    The answers file is read too, so that its mistakes are reported to the author in the same run.
    """
    text = known_answers(file).lab
    return text, to_notebook(text)


def _stage(course: Course, lab: str, notebooks: Sequence[tuple[LabText, NotebookNode]], staged: Path) -> None:
    """Write a lab's source notebooks to staged/source and nbgrader's release of them to staged/release.

    Raises LabError if a released notebook gives an answer away.
    """
    source, release = staged / "source" / lab, staged / "release" / lab
    source.mkdir(parents=True)
    for text, notebook in notebooks:
        nbformat.write(notebook, source / f"{text.file.stem}.ipynb")
    generate(course, lab, source, release)
    for text, _ in notebooks:
        refuse_leaks(text, release / f"{text.file.stem}.ipynb")


def _install(folders: Sequence[tuple[Path, Path]]) -> list[Path]:
    """Make folders of built notebooks equal to staged ones; return the files that changed or were deleted.

    folders: pairs of a staged folder and its target. Equal files stay untouched. Raises CourseError.
    """
    pairs = [(file, folder / file.name) for staged, folder in folders for file in sorted(staged.glob("*.ipynb"))]
    changed = [(file, target) for file, target in pairs if not _is_same(file, target)]
    targets = {target for _, target in pairs}
    stale = [file for _, folder in folders for file in sorted(folder.glob("*.ipynb")) if file not in targets]
    copies: list[tuple[Path, Path]] = []
    try:
        # Copying may fail, renaming within a folder hardly ever: all files are copied before the first is replaced.
        for file, target in changed:
            target.parent.mkdir(parents=True, exist_ok=True)
            copies.append((target.with_suffix(".ipynb.new"), target))
            shutil.copyfile(file, copies[-1][0])
        for copy, target in copies:
            os.replace(copy, target)
        for file in stale:
            file.unlink()
    except OSError as error:
        raise CourseError(
            f"the built notebooks can't be put in place: {error}", "clear the way, build again"
        ) from error
    finally:
        for copy, _ in copies:
            copy.unlink(missing_ok=True)
    return [target for _, target in changed] + stale


def _is_same(file: Path, target: Path) -> bool:
    """True if the target exists and has the same bytes."""
    return target.is_file() and target.read_bytes() == file.read_bytes()


def _differences(built: Path, expected: NotebookNode) -> Iterator[Drift]:
    """Yield each difference between a built source notebook and the expected one, outputs aside."""
    actual = read_built(built)
    if actual is None:
        yield Drift(built, "is no whole notebook")
        return
    if any(actual.get(part) != expected[part] for part in ("metadata", "nbformat", "nbformat_minor")):
        yield Drift(built, "the notebook's metadata differ")
    actual_ids, expected_ids = [cell.id for cell in actual.cells], [cell.id for cell in expected.cells]
    yield from (Drift(built, f"cell {cell} is not built yet") for cell in Counter(expected_ids) - Counter(actual_ids))
    yield from (
        Drift(built, f"cell {cell} is not in the text any more") for cell in Counter(actual_ids) - Counter(expected_ids)
    )
    if actual_ids != expected_ids and Counter(actual_ids) == Counter(expected_ids):
        yield Drift(built, "the cells are in another order")
    cells = {cell.id: cell for cell in actual.cells}
    for cell in expected.cells:
        if cell.id in cells and _without_outputs(cells[cell.id]) != _without_outputs(cell):
            yield Drift(built, f"cell {cell.id} differs")


def _without_outputs(cell: NotebookNode) -> dict[str, object]:
    """Return the fields of a cell that execution does not set."""
    return {name: value for name, value in cell.items() if name not in ("outputs", "execution_count")}
