"""Every lab there is, and ways to answer it: in this process for breadth, in real kernels for depth."""

from __future__ import annotations

import ast
import contextlib
import functools
import io
import warnings
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from types import CodeType
from typing import Any

import nbformat
import pytest
from IPython.core.inputtransformer2 import TransformerManager

from autograder import student
from autograder.authoring.answers import KnownAnswers, known_answers
from autograder.authoring.text import HIDDEN_MARKERS, region, without_region
from autograder.checks import Score

Points = Callable[..., float]
"""Points of a task under a seed: points("backward-pass", 3)."""

ROOT = Path(__file__).parents[2]
TEXTS = sorted(text for text in (ROOT / "notebooks").glob("*/*.py") if not text.name.endswith("_answers.py"))


@functools.cache
def _known(text: Path) -> KnownAnswers:
    return known_answers(text)


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Put each lab through every test that takes a `text`, each known answer through every test that takes that."""
    if "variant" in metafunc.fixturenames or "mistake" in metafunc.fixturenames:
        kind = "variant" if "variant" in metafunc.fixturenames else "mistake"
        cases = [(text, answer) for text in TEXTS for answer in getattr(_known(text), f"{kind}s")]
        ids = [f"{text.stem}-{answer.task}-{answer.variant or answer.mistake}" for text, answer in cases]
        metafunc.parametrize(("text", kind), cases, ids=ids)
    elif "text" in metafunc.fixturenames:
        metafunc.parametrize("text", TEXTS, ids=lambda text: text.stem)


@pytest.fixture
def known(text: Path) -> KnownAnswers:
    """A lab and its known answers."""
    return _known(text)


@pytest.fixture
def released(text: Path) -> Path:
    """The released notebook of a lab."""
    return ROOT / "release" / text.parent.name / f"{text.stem}.ipynb"


@pytest.fixture
def played() -> Callable[[KnownAnswers, Mapping[str, str]], Points]:
    """What runs a notebook with some answers and returns what scores its tasks."""
    return play


def play(known: KnownAnswers, answers: Mapping[str, str]) -> Points:
    """Run a notebook's cells in this process; return what scores one of its tasks under a seed.

    Cells that only draw are left out: nothing graded hangs on a picture, and real kernels run them in other tests.
    """
    namespace: dict[str, Any] = {"__name__": "__main__"}
    drawn = _that_draw(known.lab.file)
    with _quiet():
        for cell in known.lab.cells:
            # A visible check may fail, and so may a wrong answer; what they define until then stays.
            with contextlib.suppress(Exception):
                if cell.kind == "test":
                    _run(without_region(cell.source, HIDDEN_MARKERS), namespace)
                elif cell.kind == "solution":
                    _run(answers.get(cell.id, cell.source), namespace)
                elif cell.kind in ("locked", "code") and cell.source not in drawn:
                    _run(cell.source, namespace)
    tests = {cell.id: region(cell.source, HIDDEN_MARKERS) for cell in known.lab.cells if cell.kind == "test"}

    def points(task: str, seed: int = 0) -> float:
        with student.bound(student.LocalKernel(namespace, answers, identity=str(seed))), _quiet():
            score = _last_value(tests[task], namespace)
        assert isinstance(score, Score), f"{task}: the hidden tests end in {score!r}, not in a score"
        return score.points

    return points


@functools.cache
def _that_draw(text: Path) -> frozenset[str]:
    """The cells of a lab that show a picture when they run."""
    source = nbformat.read(ROOT / "source" / text.parent.name / f"{text.stem}.ipynb", as_version=4)
    return frozenset(
        cell.source for cell in source.cells if any("image/png" in o.get("data", {}) for o in cell.get("outputs", ()))
    )


def _run(source: str, namespace: dict[str, Any]) -> None:
    exec(_compiled(source), namespace)


@functools.cache
def _compiled(source: str) -> CodeType:
    return compile(TransformerManager().transform_cell(source), "<cell>", "exec")


def _last_value(source: str, namespace: dict[str, Any]) -> Any:
    """Run a cell; return the value of its last expression. Its names do not stay."""
    tree = ast.parse(source)
    last = tree.body.pop()
    assert isinstance(last, ast.Expr)
    scope = dict(namespace)
    exec(compile(tree, "<hidden tests>", "exec"), scope)
    return eval(compile(ast.Expression(last.value), "<hidden tests>", "eval"), scope)


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
