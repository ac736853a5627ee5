"""What a student hands in, made from the release: answers filled in, cells added, metadata changed, files beside it."""

from __future__ import annotations

import copy
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from textwrap import dedent

import nbformat
from nbformat import NotebookNode
from nbformat.v4 import new_code_cell, new_markdown_cell

import autograder

from .course import TOKEN, Class, grade_id
from .lab import LAB, NOTEBOOK

FILE = f"{NOTEBOOK}.ipynb"


@dataclass(frozen=True)
class Link:
    """A symbolic link in place of a file."""

    to: str


Handed = Mapping[str, bytes | Link]
"""Files below the submission's folder, by name."""
Make = Callable[[Class, NotebookNode], Handed]
"""What makes a submission out of the release, for a class."""
Change = Callable[[NotebookNode], None]
"""What is done to a notebook before it is handed in."""

RIGHT = {
    "cost": "def cost(prediction, y):\n    return np.sum((prediction - y) ** 2) / (2 * y.size)",
    "improvement": "def improvement(before, after, y):\n    return cost(before, y) - cost(after, y)",
    "moments": "mean = x.mean()\nspread = x.std()",
    "tally": dedent("""\
        class Tally:
            def __init__(self):
                self.numbers = []

            def add(self, number):
                self.numbers.append(number)

            def mean(self):
                return sum(self.numbers) / len(self.numbers)"""),
    "why": "Zero.",
}
"""Right answers to all tasks."""

WRONG = {
    **RIGHT,
    "cost": "def cost(prediction, y):\n    return 1.0",
    "improvement": "def improvement(before, after, y):\n    return 1.0",
    "moments": "mean, spread = 3.0, -1.0",
}
"""Only `tally` and the words are right; the others give what the visible checks want and nothing else."""


def right(*changes: Change, files: Mapping[str, str] | None = None, **answers: str) -> Make:
    """Right answers, but for those that are given, then changed."""
    return _made({**RIGHT, **answers}, changes, files or {})


def wrong(*changes: Change, files: Mapping[str, str] | None = None, **answers: str) -> Make:
    """Wrong answers, but for those that are given, then changed."""
    return _made({**WRONG, **answers}, changes, files or {})


def _made(answers: Mapping[str, str], changes: tuple[Change, ...], files: Mapping[str, str]) -> Make:
    def make(made: Class, notebook: NotebookNode) -> Handed:
        notebook = copy.deepcopy(notebook)
        for task, text in answers.items():
            cell_of(notebook, task).source = text if task == "why" else _with_comment(task, dedent(text).strip())
        for change in changes:
            change(notebook)
        texts = {FILE: nbformat.writes(notebook), **{name: dedent(text) for name, text in files.items()}}
        return {name: filled(made, text).encode() for name, text in texts.items()}

    return make


def _with_comment(task: str, text: str) -> str:
    """An answer with the comment that the release has in it; a cell magic must stay the first line."""
    magic, newline, rest = text.partition("\n") if text.startswith("%%") else ("", "", text)
    return f"{magic}{newline}# task: {task}\n{rest}"


def in_bytes(make: Make, change: Callable[[bytes], bytes], name: str = FILE) -> Make:
    """A submission whose notebook is changed as bytes, and may have another name."""

    def changed(made: Class, notebook: NotebookNode) -> Handed:
        files = dict(make(made, notebook))
        data = files.pop(FILE)
        assert isinstance(data, bytes)
        return {name: change(data), **files}

    return changed


def filled(made: Class, text: str) -> str:
    """A text with the paths of this class in it: an attacker may know where everything lies."""
    assert not TOKEN.search(text), "an attack that spells a secret out would find itself"
    for word, value in {
        "@COURSE@": made.course.root,
        "@HOME@": made.home,
        "@ELSEWHERE@": made.elsewhere,
        "@MARK@": made.mark,
        "@PORT@": made.port,
        "@PACKAGE@": Path(autograder.__file__).parent,
    }.items():
        text = text.replace(word, str(value))
    return text


def cell_of(notebook: NotebookNode, name: str) -> NotebookNode:
    """The cell of that grade_id."""
    return next(cell for cell in notebook.cells if grade_id(cell) == name)


def first(code: str) -> Change:
    """An extra cell at the top."""
    return lambda notebook: notebook.cells.insert(0, _code(code))


def last(code: str) -> Change:
    """An extra cell at the end."""
    return lambda notebook: notebook.cells.append(_code(code))


def after(name: str, code: str) -> Change:
    """An extra cell after that of a grade_id."""
    return lambda notebook: notebook.cells.insert(_place(notebook, name) + 1, _code(code))


def says_after(name: str, text: str) -> Change:
    """An extra Markdown cell after that of a grade_id."""
    return lambda notebook: notebook.cells.insert(_place(notebook, name) + 1, new_markdown_cell(text))


def at(name: str, change: Callable[[NotebookNode], object]) -> Change:
    """Something done to the cell of a grade_id."""
    return lambda notebook: change(cell_of(notebook, name)) and None


def each_test(change: Callable[[NotebookNode], object]) -> Change:
    """Something done to every test cell."""

    def to_all(notebook: NotebookNode) -> None:
        for cell in notebook.cells:
            if grade_id(cell).startswith("test_"):
                change(cell)

    return to_all


def drop(*names: str) -> Change:
    """The cells of some grade_ids deleted."""

    def without(notebook: NotebookNode) -> None:
        notebook.cells = [cell for cell in notebook.cells if grade_id(cell) not in names]

    return without


def move(name: str, to: int) -> Change:
    """The cell of a grade_id moved to another place."""
    return lambda notebook: notebook.cells.insert(to, notebook.cells.pop(_place(notebook, name)))


def double(name: str, source: str | None = None, first: bool = False) -> Change:
    """The cell of a grade_id copied with all its metadata, below it or above it, perhaps with another text."""

    def doubled(notebook: NotebookNode) -> None:
        other = copy.deepcopy(cell_of(notebook, name))
        other.id = f"copy-of-{name}"[:60]
        other.source = other.source if source is None else dedent(source)
        notebook.cells.insert(_place(notebook, name) + (not first), other)

    return doubled


def put(made: Class, student: str, handed: Handed) -> None:
    """Lay what a student handed in into submitted/."""
    folder = made.course.submitted / student / LAB
    folder.mkdir(parents=True)
    for name, data in handed.items():
        file = folder / name
        file.parent.mkdir(parents=True, exist_ok=True)
        if isinstance(data, Link):
            file.symlink_to(filled(made, data.to))
        else:
            file.write_bytes(data)


def _code(code: str) -> NotebookNode:
    return new_code_cell(dedent(code).strip())


def _place(notebook: NotebookNode, name: str) -> int:
    return int(notebook.cells.index(cell_of(notebook, name)))
