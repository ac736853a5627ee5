"""Every lab there is, and ways to answer it: in this process for breadth, in real kernels for depth."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from pathlib import Path

import pytest
from _pytest.mark import ParameterSet

from autograder.authoring import optional_modules
from autograder.authoring.answers import KnownAnswers
from tests.checks.conftest import notebook  # noqa: F401  # a fixture of tests of what only one lab asks
from tests.labs.bar import MANY_SEEDS, SEEDS, TaskBar, solution_played, task_bar, tasks
from tests.labs.played import ROOT, TEXTS, Played, known_in, left_to_make_slow

ANSWERS = {"variant": (MANY_SEEDS, 3), "mistake": (SEEDS, 1), "equivalent": (MANY_SEEDS, 3)}
"""Kinds of known answers: the seeds that each is tried under; `make test` tries one of so many answers, under one."""


QUICK = 20
"""Of so many known answers of a kind one is tried by `make quick`."""


def _marks(text: Path) -> list[pytest.MarkDecorator]:
    """What a lab's tests are marked with: where it needs a module that is not here, they are skipped."""
    lacking = optional_modules.missing(known_in(text).lab.needs)
    return [pytest.mark.skip(reason=f"{text.stem} needs {optional_modules.absent(lacking)}")] if lacking else []


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Put each lab through every test that takes a `text`, each task or known answer through those that take that."""
    kind = next((kind for kind in ANSWERS if kind in metafunc.fixturenames), "")
    if kind:
        metafunc.parametrize(("text", kind, "seeds", "elsewhere"), list(_answers(kind)))
    elif "task" in metafunc.fixturenames:
        ids = [(text, task, f"{text.stem}-{task}") for text in TEXTS for task in tasks(text)]
        # One worker for a task: what became of its mutants is found out once.
        cases = [
            pytest.param(text, task, id=id, marks=[pytest.mark.xdist_group(id), *_marks(text)])
            for text, task, id in ids
        ]
        metafunc.parametrize(("text", "task"), cases)
    elif "text" in metafunc.fixturenames:
        marks = {text: [*_marks(text), *left_to_make_slow(metafunc, text)] for text in TEXTS}
        metafunc.parametrize("text", [pytest.param(text, id=text.stem, marks=marks[text]) for text in TEXTS])


def _answers(kind: str) -> Iterator[ParameterSet]:
    """Every known answer of a kind, the seeds to try it under, and whether to look at the other tasks, too.

    A mistake is there in two forms at least, and often in several tasks; of each the first is tried at every change. In
    its task the first form shows what the mistake costs elsewhere.
    """
    seeds, one_in = ANSWERS[kind]
    seen, number = set(), itertools.count()
    for text in TEXTS:
        marks = _marks(text)
        for answer in getattr(known_in(text), f"{kind}s"):
            id = f"{text.stem}-{answer.task}-{getattr(answer, kind)}"
            what, here = (text, answer.mistake), (text, answer.mistake, answer.task)
            if answer.mistake and what in seen:
                again = [pytest.mark.slow, *marks]
                yield pytest.param(text, answer, seeds, here not in seen, id=f"{id}-again", marks=again)
            else:
                place = next(number)
                when = [pytest.mark.slow] if place % one_in else [pytest.mark.many] if place % QUICK else []
                yield pytest.param(text, answer, seeds[:1], True, id=f"{id}-few", marks=[*when, *marks])
                yield pytest.param(text, answer, seeds[1:], False, id=f"{id}-more", marks=[pytest.mark.slow, *marks])
            seen |= {what, here}


@pytest.fixture
def known(text: Path) -> KnownAnswers:
    """A lab and its known answers."""
    return known_in(text)


@pytest.fixture
def released(text: Path) -> Path:
    """The released notebook of a lab."""
    return ROOT / "release" / text.parent.name / f"{text.stem}.ipynb"


@pytest.fixture
def played(text: Path) -> Played:
    """A lab's notebook with the instructor's solutions, from which other answers run on."""
    return solution_played(text)


@pytest.fixture
def bar(text: Path, task: str) -> TaskBar:
    """What the tests of a task make of answers to it."""
    return task_bar(text, task)


@pytest.fixture(
    params=[pytest.param(10, id="some", marks=pytest.mark.many), pytest.param(1, id="all", marks=pytest.mark.slow)]
)
def mutated(request: pytest.FixtureRequest, text: Path, task: str) -> TaskBar:
    """The same, with one in so many mutants."""
    return task_bar(text, task, one_in=request.param)
