"""A lab's notebook, run in this process with some answers, and its tasks' scores; one task may be answered anew."""

from __future__ import annotations

import ast
import contextlib
import functools
import io
import warnings
from collections.abc import Iterator, Mapping
from pathlib import Path
from types import CodeType
from typing import Any

import nbformat
import pytest

from autograder import student
from autograder.authoring.answers import KnownAnswers, known_answers
from autograder.authoring.lab_text import HIDDEN_MARKERS, LabCell, as_python, region, without_region
from autograder.checks import Score
from autograder.sandbox.guest.isolated_run import copied_data, data_copies, restored_names
from tests.labs.recording import Log, Recording

ROOT = Path(__file__).parents[2]
TEXTS = sorted(text for text in (ROOT / "notebooks").glob("*/*.py") if not text.name.endswith("_answers.py"))

known_in = functools.cache(known_answers)


def left_to_make_slow(metafunc: pytest.Metafunc, text: Path) -> list[pytest.MarkDecorator]:
    """Return the mark `slow` where a test names labs by `often`, and the lab of this text is not among them."""
    often = metafunc.definition.get_closest_marker("often")
    return [pytest.mark.slow] if often and text.stem not in often.args else []


class Played:
    """A notebook that ran with some answers, kept as it was before each task, so that it can run on from there.

    Cells that only draw are left out: nothing graded hangs on a picture, and real kernels run them in other tests.
    """

    def __init__(self, known: KnownAnswers, answers: Mapping[str, str]) -> None:
        self._answers = dict(answers)
        self._namespace: dict[str, Any] = {"__name__": "__main__"}
        self._before: dict[str, dict[str, Any]] = {}
        """By task, doubles of all that there was when its cell was about to run."""
        self._after: dict[str, dict[str, Any]] = {}
        """By task, the names there were when its hidden test asked: a later cell may define them anew."""
        drawn = _that_draw(known.lab.file)
        self._cells = [cell for cell in known.lab.cells if cell.kind in ("solution", "test")
                       or (cell.is_code and cell.source not in drawn)]  # fmt: skip
        self._tests = {cell.id: region(cell.source, HIDDEN_MARKERS) for cell in self._cells if cell.kind == "test"}
        with _quiet():
            for cell in self._cells:
                if cell.kind == "solution":
                    self._before[cell.id] = {**self._namespace, **data_copies(self._namespace)}
                self._run(cell)

    @property
    def tasks(self) -> list[str]:
        """All tasks that a test scores, in the order of the notebook."""
        return list(self._tests)

    def later(self, task: str) -> list[str]:
        """The tasks whose test stands below this task's cell: no others can mind how it was answered."""
        at = next(at for at, cell in enumerate(self._cells) if (cell.kind, cell.id) == ("solution", task))
        return [cell.id for cell in self._cells[at:] if cell.kind == "test"]

    def _run(self, cell: LabCell) -> None:
        source = self._answers.get(cell.id, cell.source) if cell.kind == "solution" else cell.source
        # A visible check may fail, and so may a wrong answer; what they define until then stays.
        with self._unmeasured() if cell.kind == "test" else contextlib.nullcontext(), contextlib.suppress(Exception):
            exec(_compiled(without_region(source, HIDDEN_MARKERS)), self._namespace)
        if cell.kind == "test":
            self._after[cell.id] = dict(self._namespace)

    @contextlib.contextmanager
    def _unmeasured(self) -> Iterator[None]:
        """Without central differences, which take half the time of a notebook, define nothing and earn nothing."""
        measure = self._namespace.get("check_gradient")
        if measure:
            self._namespace["check_gradient"] = lambda *_, **__: None
        try:
            yield
        finally:
            if measure:
                self._namespace["check_gradient"] = measure

    @contextlib.contextmanager
    def answered(self, task: str, source: str) -> Iterator[None]:
        """As if this task had been answered so, for as long as the block runs, and no later cell had run yet.

        What a later cell has made of the first answer would help the new one.
        """
        with self._anew({task: source}):
            with contextlib.suppress(Exception):
                exec(_compiled(source), self._namespace)
            self._after = {task: dict(self._namespace)}
            yield

    @contextlib.contextmanager
    def replayed(self, answers: Mapping[str, str], to_the_end: bool = False) -> Iterator[None]:
        """As if these tasks had been answered so, for as long as the block runs.

        The notebook runs on from the cell of the first of them to the test of the last, or to its end. Tasks whose test
        did not run anew can't be scored meanwhile.
        """
        runs, awaited = False, set(answers)
        with self._anew(answers):
            self._after = {}
            for cell in self._cells:
                runs = runs or (cell.kind == "solution" and cell.id in answers)
                if runs:
                    self._run(cell)
                if cell.kind == "test":
                    awaited.discard(cell.id)
                if not awaited and not to_the_end:
                    break
            yield

    @contextlib.contextmanager
    def _anew(self, answers: Mapping[str, str]) -> Iterator[None]:
        """Other answers, and all that there was before the first of them, for as long as the block runs.

        It is the same namespace, because functions look their names up there, and it is left as it was.
        """
        kept = self._answers, self._after
        first = next(cell.id for cell in self._cells if cell.kind == "solution" and cell.id in answers)
        with restored_names(self._namespace, {}):
            self._namespace.clear()
            self._namespace.update(self._before[first])
            with copied_data(self._namespace), _quiet():
                self._answers = {**self._answers, **answers}
                try:
                    yield
                finally:
                    self._answers, self._after = kept

    def score(self, task: str, seed: int = 0) -> Score:
        """What the hidden tests say under a seed."""
        return self._score(task, student.LocalKernel(self._namespace, self._answers, str(seed)))

    def points(self, task: str, seed: int = 0) -> float:
        """Points of a task under a seed."""
        return self.score(task, seed).points

    def recorded(self, task: str, seed: int) -> tuple[Score, Log]:
        """What the hidden tests say, and all that they were told when they asked for the student's work."""
        recording = Recording(self._namespace, self._answers, str(seed))
        return self._score(task, recording), recording.log

    def _score(self, task: str, kernel: student.LocalKernel) -> Score:
        with restored_names(self._namespace, {}), student.bound(kernel), _quiet():
            self._namespace.clear()
            self._namespace.update(self._after[task])
            score = _last_value(self._tests[task], self._namespace)
        assert isinstance(score, Score), f"{task}: the hidden tests end in {score!r}, not in a score"
        return score


@functools.cache
def _that_draw(text: Path) -> frozenset[str]:
    """The cells of a lab that show a picture when they run."""
    source = nbformat.read(text.parents[2] / "source" / text.parent.name / f"{text.stem}.ipynb", as_version=4)
    return frozenset(
        cell.source for cell in source.cells if any("image/png" in o.get("data", {}) for o in cell.get("outputs", ()))
    )


@functools.cache
def _compiled(source: str) -> CodeType:
    return compile(as_python(source), "<cell>", "exec")


def _last_value(source: str, namespace: dict[str, Any]) -> Any:
    """Run a cell; return the value of its last expression. Its names do not stay."""
    body, last = _hidden(source)
    scope = dict(namespace)
    exec(body, scope)
    return eval(last, scope)


@functools.cache
def _hidden(source: str) -> tuple[CodeType, CodeType]:
    """A hidden test: its statements, and the expression at its end."""
    tree = ast.parse(source)
    last = tree.body.pop()
    assert isinstance(last, ast.Expr)
    return compile(tree, "<hidden tests>", "exec"), compile(ast.Expression(last.value), "<hidden tests>", "eval")


@contextlib.contextmanager
def _quiet() -> Iterator[None]:
    """No output, no figure, and a student's warning is no error."""
    import matplotlib.pyplot as plt

    show, plt.show = plt.show, lambda *_, **__: plt.close("all")
    try:
        out, err = contextlib.redirect_stdout(io.StringIO()), contextlib.redirect_stderr(io.StringIO())
        with out, err, warnings.catch_warnings():
            warnings.simplefilter("ignore")
            yield
    finally:
        plt.show = show
        plt.close("all")
