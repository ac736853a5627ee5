"""Every lab there is, and ways to answer it: in this process for breadth, in real kernels for depth."""

from __future__ import annotations

import ast
import contextlib
import io
import os
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import Any

import pytest
from IPython.core.inputtransformer2 import TransformerManager

from autograder import student
from autograder.authoring.answers import KnownAnswers, known_answers
from autograder.authoring.text import HIDDEN_MARKERS, LabCell, region, without_region
from autograder.checks import Score

ROOT = Path(__file__).parents[2]
TEXTS = sorted(text for text in (ROOT / "notebooks").glob("*/*.py") if not text.name.endswith("_answers.py"))


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Put each lab through every test that takes one."""
    if "text" in metafunc.fixturenames:
        metafunc.parametrize("text", TEXTS, ids=lambda text: text.stem)


@pytest.fixture
def known(text: Path) -> KnownAnswers:
    """A lab and its known answers."""
    return known_answers(text)


@pytest.fixture
def released(text: Path) -> Path:
    """The released notebook of a lab."""
    return ROOT / "release" / text.parent.name / f"{text.stem}.ipynb"


@pytest.fixture
def points() -> Callable[..., dict[str, float]]:
    """Play a lab with some answers replaced; return the points of each task."""
    return play


def play(
    known: KnownAnswers, answers: Mapping[str, str], seeds: Iterable[int] = (0,), only: Iterable[str] | None = None
) -> dict[int, dict[str, float]]:
    """Run a notebook's cells in this process and score its hidden tests once for each seed.

    answers: what stands in the solution cells. only: the tasks to score, all by default. Returns points by seed, task.
    """
    import matplotlib.pyplot as plt

    namespace: dict[str, Any] = {"__name__": "__main__"}
    tests: list[LabCell] = []
    with contextlib.redirect_stdout(io.StringIO()), contextlib.redirect_stderr(io.StringIO()), _silent_plots():
        for cell in known.lab.cells:
            if cell.kind == "test":
                tests.append(cell)
                # A visible check may fail; what it defines until then stays.
                with contextlib.suppress(Exception):
                    _run(without_region(cell.source, HIDDEN_MARKERS), namespace)
            elif cell.kind in ("solution", "code", "locked"):
                with contextlib.suppress(Exception):
                    _run(answers.get(cell.id, cell.source) if cell.kind == "solution" else cell.source, namespace)
        scored = {seed: _score(tests, namespace, answers, seed, only) for seed in seeds}
    plt.close("all")
    return scored


def _score(
    tests: list[LabCell], namespace: dict[str, Any], answers: Mapping[str, str], seed: int, only: Iterable[str] | None
) -> dict[str, float]:
    scored = {}
    with student.bound(student.LocalKernel(namespace, answers, identity=str(seed))):
        for cell in tests:
            if only is None or cell.id in only:
                score = _last_value(region(cell.source, HIDDEN_MARKERS), namespace)
                assert isinstance(score, Score), f"{cell.id}: the hidden tests end in {score!r}, not in a score"
                scored[cell.id] = score.points
    return scored


def _run(source: str, namespace: dict[str, Any]) -> None:
    exec(compile(TransformerManager().transform_cell(source), "<cell>", "exec"), namespace)


def _last_value(source: str, namespace: dict[str, Any]) -> Any:
    """Run a cell; return the value of its last expression. Its names do not stay."""
    tree = ast.parse(source)
    last = tree.body.pop()
    assert isinstance(last, ast.Expr)
    scope = dict(namespace)
    exec(compile(tree, "<hidden tests>", "exec"), scope)
    return eval(compile(ast.Expression(last.value), "<hidden tests>", "eval"), scope)


@contextlib.contextmanager
def _silent_plots() -> Any:
    import matplotlib.pyplot as plt

    os.environ.setdefault("MPLBACKEND", "agg")
    show, plt.show = plt.show, lambda *_, **__: plt.close("all")
    try:
        yield
    finally:
        plt.show = show
