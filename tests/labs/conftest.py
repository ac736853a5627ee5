"""Every lab there is, and ways to answer it: in this process for breadth, in real kernels for depth."""

from __future__ import annotations

import ast
import contextlib
import io
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

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


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Put each lab through every test that takes a `text`, each known answer through every test that takes that."""
    if "variant" in metafunc.fixturenames or "mistake" in metafunc.fixturenames:
        kind = "variant" if "variant" in metafunc.fixturenames else "mistake"
        cases = [(text, answer) for text in TEXTS for answer in getattr(known_answers(text), f"{kind}s")]
        ids = [f"{text.stem}-{answer.task}-{answer.variant or answer.mistake}" for text, answer in cases]
        metafunc.parametrize(("text", kind), cases, ids=ids)
    elif "text" in metafunc.fixturenames:
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
def played() -> Callable[[KnownAnswers, Mapping[str, str]], Points]:
    """What runs a notebook with some answers and returns what scores its tasks."""
    return play


def play(known: KnownAnswers, answers: Mapping[str, str]) -> Points:
    """Run a notebook's cells in this process; return what scores one of its tasks under a seed.

    Cells that only draw are left out: nothing graded hangs on a picture, and real kernels run them in other tests.
    """
    namespace: dict[str, Any] = {"__name__": "__main__"}
    with _quiet():
        for cell in known.lab.cells:
            # A visible check may fail, and so may a wrong answer; what they define until then stays.
            with contextlib.suppress(Exception):
                if cell.kind == "test":
                    _run(without_region(cell.source, HIDDEN_MARKERS), namespace)
                elif cell.kind == "solution":
                    _run(answers.get(cell.id, cell.source), namespace)
                elif cell.kind == "locked" or (cell.kind == "code" and "plt." not in cell.source):
                    _run(cell.source, namespace)
    tests = {cell.id: region(cell.source, HIDDEN_MARKERS) for cell in known.lab.cells if cell.kind == "test"}

    def points(task: str, seed: int = 0) -> float:
        with student.bound(student.LocalKernel(namespace, answers, identity=str(seed))), _quiet():
            score = _last_value(tests[task], namespace)
        assert isinstance(score, Score), f"{task}: the hidden tests end in {score!r}, not in a score"
        return score.points

    return points


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
def _quiet() -> Iterator[None]:
    """No output and no figure."""
    import matplotlib.pyplot as plt

    show, plt.show = plt.show, lambda *_, **__: plt.close("all")
    try:
        with contextlib.redirect_stdout(io.StringIO()), contextlib.redirect_stderr(io.StringIO()):
            yield
    finally:
        plt.show = show
        plt.close("all")
