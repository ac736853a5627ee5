"""Runs a lab's notebook in this process with some answers, scores its tasks, and scores other answers to its tasks."""

from __future__ import annotations

import ast
import contextlib
import functools
import io
import linecache
import warnings
from collections.abc import Iterator, Mapping
from pathlib import Path
from types import CodeType
from typing import Any

import nbformat
import pytest

from autograder import student
from autograder.authoring.answers import KnownAnswers, known_answers
from autograder.authoring.lab_text import HIDDEN_MARKERS, LabCell, region, without_region
from autograder.cell_code import as_python
from autograder.checks import Score, render
from autograder.sandbox.guest.isolated_run import copied_data, data_copies, restored_names
from tests.checks.contradictions import contradictions
from tests.labs.recording import Log, Recording

ROOT = Path(__file__).parents[2]
TEXTS = sorted(text for text in (ROOT / "notebooks").glob("*/*.py") if not text.name.endswith("_answers.py"))

known_in = functools.cache(known_answers)


def left_to_make_slow(metafunc: pytest.Metafunc, text: Path) -> list[pytest.MarkDecorator]:
    """Return the mark `slow` if a test names labs by `often` and the lab of this text is not among them."""
    often = metafunc.definition.get_closest_marker("often")
    return [pytest.mark.slow] if often and text.stem not in often.args else []


class AnsweredNotebook:
    """A notebook that ran with some answers; it keeps the names before each task, to run other answers from there.

    Cells that only draw are left out: no grade depends on a picture, and other tests run these cells in real kernels.
    """

    def __init__(self, known: KnownAnswers, answers: Mapping[str, str]) -> None:
        self._answers = dict(answers)
        self._namespace: dict[str, Any] = {"__name__": "__main__"}
        self._before: dict[str, dict[str, Any]] = {}
        """By task, the names before its cell ran, with copies of their data."""
        self._after: dict[str, dict[str, Any]] = {}
        """By task, the names at its test cell, because a later cell may redefine them."""
        self.check_failures: dict[str, str] = {}
        """By task whose visible check raised in the latest run: the exception."""
        self._has_gradient_checks = False
        drawing = _drawing_cells(known.lab.file)
        self._cells = [cell for cell in known.lab.cells if cell.kind in ("solution", "test")
                       or (cell.is_code and cell.source not in drawing)]  # fmt: skip
        self._tests = {cell.id: region(cell.source, HIDDEN_MARKERS) for cell in self._cells if cell.kind == "test"}
        with _suppressed_output():
            for cell in self._cells:
                if cell.kind == "solution":
                    self._before[cell.id] = {**self._namespace, **data_copies(self._namespace)}
                self._run(cell)

    @property
    def tasks(self) -> list[str]:
        """All tasks that have a test, in the order of the notebook."""
        return list(self._tests)

    def later_tasks(self, task: str) -> list[str]:
        """Return the tasks whose test is below this task's cell: only these can depend on its answer."""
        index = next(index for index, cell in enumerate(self._cells) if (cell.kind, cell.id) == ("solution", task))
        return [cell.id for cell in self._cells[index:] if cell.kind == "test"]

    def _run(self, cell: LabCell) -> None:
        """Run a cell, a solution cell with its answer; exceptions are ignored, and those of visible checks stored."""
        source = self._answers.get(cell.id, cell.source) if cell.kind == "solution" else cell.source
        is_stubbed = cell.kind == "test" and not self._has_gradient_checks
        with self._without_gradient_checks() if is_stubbed else contextlib.nullcontext():
            try:
                exec(_compiled(without_region(source, HIDDEN_MARKERS)), self._namespace)
            # A visible check or a wrong answer may raise; the names that it defined until then stay.
            except Exception as error:
                if cell.kind == "test":
                    self.check_failures[cell.id] = f"{type(error).__name__}: {error}"
        if cell.kind == "test":
            self._after[cell.id] = dict(self._namespace)

    @contextlib.contextmanager
    def _without_gradient_checks(self) -> Iterator[None]:
        """Replace `check_gradient` by a stub for the block: it takes half of the run time and affects no score."""
        check_gradient = self._namespace.get("check_gradient")
        if check_gradient:
            self._namespace["check_gradient"] = lambda *_, **__: None
        try:
            yield
        finally:
            if check_gradient:
                self._namespace["check_gradient"] = check_gradient

    @contextlib.contextmanager
    def answered(self, task: str, source: str) -> Iterator[None]:
        """Run another answer to this task for the block, as if no later cell had run yet.

        Values that a later cell computed with the first answer would help the new one.
        """
        with self._replaced_answers({task: source}):
            with contextlib.suppress(Exception):
                exec(_compiled(source), self._namespace)
            self._after = {task: dict(self._namespace)}
            yield

    @contextlib.contextmanager
    def replayed(
        self, answers: Mapping[str, str], to_the_end: bool = False, gradient_checks: bool = False
    ) -> Iterator[None]:
        """Run other answers to these tasks, and the cells after them, for the block.

        The notebook runs from the first of these cells to the test of the last task, or to its end. In the block only
        tasks whose test ran again can be scored. gradient_checks: run visible checks whole, so that `check_failures`
        has what a student would see.
        """
        running, pending = False, set(answers)
        with self._replaced_answers(answers):
            self._after, self.check_failures, self._has_gradient_checks = {}, {}, gradient_checks
            for cell in self._cells:
                running = running or (cell.kind == "solution" and cell.id in answers)
                if running:
                    self._run(cell)
                if cell.kind == "test":
                    pending.discard(cell.id)
                if not pending and not to_the_end:
                    break
            yield

    @contextlib.contextmanager
    def _replaced_answers(self, answers: Mapping[str, str]) -> Iterator[None]:
        """Restore the names before the first of these answers, and use the answers, for the block.

        The namespace stays the same object, because functions look up their globals there; the block's end restores it.
        """
        saved = self._answers, self._after
        first = next(cell.id for cell in self._cells if cell.kind == "solution" and cell.id in answers)
        with restored_names(self._namespace, {}):
            self._namespace.clear()
            self._namespace.update(self._before[first])
            with copied_data(self._namespace), _suppressed_output():
                self._answers = {**self._answers, **answers}
                try:
                    yield
                finally:
                    self._answers, self._after = saved

    def score(self, task: str, seed: int = 0) -> Score:
        """Return the score of a task under a seed."""
        return self._score(task, student.LocalKernel(self._namespace, self._answers, str(seed)))

    def points(self, task: str, seed: int = 0) -> float:
        """Return the points of a task under a seed."""
        return self.score(task, seed).points

    def score_with_log(self, task: str, seed: int) -> tuple[Score, Log]:
        """Return the score of a task under a seed, and the log of the student's values that the hidden tests read."""
        recording = Recording(self._namespace, self._answers, str(seed))
        return self._score(task, recording), recording.log

    def _score(self, task: str, kernel: student.LocalKernel) -> Score:
        """Run a task's hidden tests with this kernel and return their score. No message may contradict itself."""
        with restored_names(self._namespace, {}), student.bound(kernel), _suppressed_output():
            self._namespace.clear()
            self._namespace.update(self._after[task])
            score = _last_value(self._tests[task], self._namespace)
        assert isinstance(score, Score), f"{task}: the hidden tests end in {score!r}, not in a score"
        assert contradictions(render(score)) == []
        return score


@functools.cache
def _drawing_cells(text: Path) -> frozenset[str]:
    """Return the sources of a lab's cells that display a picture."""
    source = nbformat.read(text.parents[2] / "source" / text.parent.name / f"{text.stem}.ipynb", as_version=4)
    return frozenset(
        cell.source for cell in source.cells if any("image/png" in o.get("data", {}) for o in cell.get("outputs", ()))
    )


@functools.cache
def _compiled(source: str) -> CodeType:
    """Return the compiled code of a cell, under a file name by which tracebacks find its lines, as IPython does."""
    text, file = as_python(source), f"<cell {hash(source)}>"
    linecache.cache[file] = len(text), None, text.splitlines(keepends=True), file
    return compile(text, file, "exec")


def _last_value(source: str, namespace: dict[str, Any]) -> Any:
    """Run hidden tests in a copy of the namespace and return the value of their last expression."""
    body, last = _compiled_hidden_test(source)
    scope = dict(namespace)
    exec(body, scope)
    return eval(last, scope)


@functools.cache
def _compiled_hidden_test(source: str) -> tuple[CodeType, CodeType]:
    """Return the compiled statements of hidden tests, and their last expression."""
    tree = ast.parse(source)
    last = tree.body.pop()
    assert isinstance(last, ast.Expr)
    return compile(tree, "<hidden tests>", "exec"), compile(ast.Expression(last.value), "<hidden tests>", "eval")


@contextlib.contextmanager
def _suppressed_output() -> Iterator[None]:
    """Suppress output, figures and warnings for the block."""
    import matplotlib.pyplot as plt

    show, plt.show = plt.show, lambda *_, **__: plt.close("all")
    try:
        stdout, stderr = contextlib.redirect_stdout(io.StringIO()), contextlib.redirect_stderr(io.StringIO())
        with stdout, stderr, warnings.catch_warnings():
            warnings.simplefilter("ignore")
            yield
    finally:
        plt.show = show
        plt.close("all")
