"""Parametrization over every lab, task and known answer, and fixtures for labs and their notebooks."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from pathlib import Path

import pytest
from _pytest.mark import ParameterSet

from autograder.authoring import optional_modules
from autograder.authoring.answers import KnownAnswers
from tests.checks.conftest import notebook  # noqa: F401  # a fixture for tests of a single lab
from tests.labs.bar import MANY_SEEDS, SEEDS, TaskBar, solved_notebook, task_bar, tasks
from tests.labs.played import ROOT, TEXTS, AnsweredNotebook, known_in, left_to_make_slow

ANSWERS = {"variant": (MANY_SEEDS, 3), "mistake": (SEEDS, 1), "equivalent": (MANY_SEEDS, 3)}
"""By kind of known answer: its seeds, and the number of answers of which `make test` scores one, under one seed."""


QUICK = 20
"""Of so many known answers of a kind, `make quick` scores one."""
LATER = 4
"""Of so many known answers of a kind, `make test` scores the later tasks of one; `make slow` those of the others."""


def _marks(text: Path) -> list[pytest.MarkDecorator]:
    """Return the marks of a lab's tests: skip, with the reason, if this machine lacks a module that the lab needs."""
    missing = optional_modules.missing(known_in(text).lab.needs)
    return [pytest.mark.skip(reason=f"{text.stem} needs {optional_modules.absent(missing)}")] if missing else []


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Parametrize tests: `text` by lab; `task` by task; `variant`, `mistake` and `equivalent` by known answer."""
    kind = next((kind for kind in ANSWERS if kind in metafunc.fixturenames), "")
    if kind:
        metafunc.parametrize(("text", kind, "seeds", "score_later_tasks"), list(_answers(kind)))
    elif "task" in metafunc.fixturenames:
        ids = [(text, task, f"{text.stem}-{task}") for text in TEXTS for task in tasks(text)]
        # One worker runs all tests of a task, so that its mutants are scored once.
        cases = [
            pytest.param(text, task, id=id, marks=[pytest.mark.xdist_group(id), *_marks(text)])
            for text, task, id in ids
        ]
        metafunc.parametrize(("text", "task"), cases)
    elif "text" in metafunc.fixturenames:
        marks = {text: [*_marks(text), *left_to_make_slow(metafunc, text)] for text in TEXTS}
        metafunc.parametrize("text", [pytest.param(text, id=text.stem, marks=marks[text]) for text in TEXTS])


def _answers(kind: str) -> Iterator[ParameterSet]:
    """Yield each known answer of a kind, its seeds, and whether to score the later tasks as well.

    Each mistake has two forms at least, and often occurs in several tasks. The first form of each is scored at every
    change. In each task the first form shows the points that the mistake costs in later tasks: for one in LATER at
    every change, for the others with the further seeds.
    """
    seeds, one_in = ANSWERS[kind]
    seen, number = set(), itertools.count()
    for text in TEXTS:
        marks = _marks(text)
        for answer in getattr(known_in(text), f"{kind}s"):
            id = f"{text.stem}-{answer.task}-{getattr(answer, kind)}"
            form, form_in_task = (text, answer.mistake), (text, answer.mistake, answer.task)
            if answer.mistake and form in seen:
                slow_marks = [pytest.mark.slow, *marks]
                yield pytest.param(text, answer, seeds, form_in_task not in seen, id=f"{id}-again", marks=slow_marks)
            else:
                index = next(number)
                speed_marks = [pytest.mark.slow] if index % one_in else [pytest.mark.many] if index % QUICK else []
                often = index % LATER == 0
                yield pytest.param(text, answer, seeds[:1], often, id=f"{id}-few", marks=[*speed_marks, *marks])
                more_marks = [pytest.mark.slow, *marks]
                yield pytest.param(text, answer, seeds[1:], not often, id=f"{id}-more", marks=more_marks)
            seen |= {form, form_in_task}


@pytest.fixture
def known(text: Path) -> KnownAnswers:
    """Return a lab's known answers."""
    return known_in(text)


@pytest.fixture
def released(text: Path) -> Path:
    """Return the path of a lab's released notebook."""
    return ROOT / "release" / text.parent.name / f"{text.stem}.ipynb"


@pytest.fixture
def solved(text: Path) -> AnsweredNotebook:
    """Return a lab's notebook with the instructor's solutions, in which tests replace answers."""
    return solved_notebook(text)


@pytest.fixture
def bar(text: Path, task: str) -> TaskBar:
    """Return the bar of a task."""
    return task_bar(text, task)


@pytest.fixture(
    params=[pytest.param(10, id="some", marks=pytest.mark.many), pytest.param(1, id="all", marks=pytest.mark.slow)]
)
def mutated(request: pytest.FixtureRequest, text: Path, task: str) -> TaskBar:
    """Return the bar of a task with one in so many of its mutants."""
    return task_bar(text, task, one_in=request.param)
