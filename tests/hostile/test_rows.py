"""Tests of every row of the catalogue against the engine: no undeserved points, and no harm to other students."""

from __future__ import annotations

import ast
import json
import os
import warnings
from collections import Counter
from collections.abc import Callable
from pathlib import Path

import pytest

from autograder.cell_code import as_python
from autograder.grading.intake import take_in
from autograder.grading.model import Job
from tests.sandbox.as_user import USER

from .classes import GROWTH, SECONDS, Run, by_engine, complaints, run
from .course import Class, released
from .hand import FILE
from .lab import FULL, LAB, NOTEBOOK
from .row import NAMESPACES, TIERS, Row
from .rows import ROWS

pytestmark = [pytest.mark.sandbox, pytest.mark.kernels]

Graded = Callable[[str, str], Run]

SOME, MORE = KINDS = "some", "more"
JOBS = 4
"""Number of submissions that are graded at a time; some of them only wait for a time limit."""
OFTEN = frozenset([row.name for row in ROWS if not row.alone and not row.rare][::10])
"""The names of every tenth row that disturbs nobody and is not rare: they are tried at every change."""


def marks(tier: str, kind: str) -> list[pytest.MarkDecorator]:
    """Return the pytest marks of a class.

    Only one class of the strongest tier is tried at every change; the others are slow.
    """
    group = pytest.mark.xdist_group(f"hostile {tier} {kind}")
    return [group, pytest.mark.slow] if kind == MORE else [group]


def kind_of(row: Row, tier: str) -> str:
    """Return the class of a tier that a row belongs to.

    Starting a class takes longer than grading many rows, so there are few classes.
    """
    return SOME if tier == NAMESPACES and (row.alone or row.name in OFTEN) else MORE


def of_class(tier: str, kind: str) -> list[Row]:
    """Return the rows of one class.

    Rows that wait for a time limit are spread among the others, which run meanwhile.
    """
    return spread([row for row in ROWS if kind_of(row, tier) == kind and tier in row.tiers])


def spread(rows: list[Row]) -> list[Row]:
    """Return the rows, with the endless ones at even distances."""
    positions = {}
    for group in ([row for row in rows if row.endless], [row for row in rows if not row.endless]):
        positions |= {row.name: (number + 0.5) / len(group) for number, row in enumerate(group)}
    return sorted(rows, key=lambda row: positions[row.name])


CLASSES = [
    pytest.param(tier, kind, marks=marks(tier, kind), id=f"{tier}-{kind}")
    for tier in TIERS
    for kind in KINDS
    if of_class(tier, kind)
]

DO_NOT_COMPILE = (
    "harm: a syntax error",
    "harm: a null character",
    "harm: code nested too deeply",
    "one cell that does not compile",
)
"""Rows whose code does not compile, on purpose."""


@pytest.fixture(scope="session")
def graded(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Graded:
    """Return a function that grades the class of a tier and kind, once, and returns the results.

    If root runs the tests, an ordinary user, as most graders are, grades the long class on the strongest tier.
    """
    runs: dict[tuple[str, str], Run] = {}

    def get(tier: str, kind: str) -> Run:
        if (tier, kind) not in runs:
            if os.getuid() == 0 and (tier, kind) == (NAMESPACES, MORE):
                runs[tier, kind] = by_a_user(request.getfixturevalue("in_the_open"), of_class(tier, kind), "more")
            else:
                folder = tmp_path_factory.mktemp(f"class-{tier}") / "course"
                # Pages show only the contents of autograded/, which are always searched for secrets.
                grade = by_engine(tier, pages=kind != MORE, jobs=JOBS)
                runs[tier, kind] = run(request.getfixturevalue("planted"), folder, of_class(tier, kind), grade)
        return runs[tier, kind]

    return get


def by_a_user(class_: Class, rows: list[Row], name: str) -> Run:
    """Grade rows on the strongest tier as an ordinary user; return the results."""
    folder = class_.course.root.parent / f"by-a-user-{name}"
    folder.mkdir(mode=0o755)
    return run(class_, folder / "course", rows, by_engine(NAMESPACES, user=USER, jobs=JOBS))


@pytest.mark.parametrize(
    ("row", "tier"),
    [
        pytest.param(row, tier, marks=marks(tier, kind_of(row, tier)), id=f"{tier}-{row.name}")
        for tier in TIERS
        for row in ROWS
        if tier in row.tiers
    ],
)
def test_row_earns_what_it_deserves_and_no_more(row: Row, tier: str, graded: Graded) -> None:
    """A row earns the deserved points, reveals no secret, and its messages have the expected words."""
    assert complaints(row, graded(tier, kind_of(row, tier))) == []


@pytest.mark.parametrize(("tier", "kind"), CLASSES)
def test_honest_students_keep_full_marks(tier: str, kind: str, graded: Graded) -> None:
    """The run is complete, and honest students before and after hostile ones have full points."""
    result = graded(tier, kind)
    assert result.code == 0, result.log[-3000:]
    assert result.seconds < SECONDS
    assert {student: result.seen[student].points for student in result.honest} == dict.fromkeys(result.honest, FULL)


@pytest.mark.parametrize(("tier", "kind"), CLASSES)
def test_nothing_is_changed_and_nothing_left_behind(tier: str, kind: str, graded: Graded) -> None:
    """No file of others changes; no process, scratch folder or heap of data is left behind."""
    result = graded(tier, kind)
    assert result.changed == ()
    assert result.left == ()
    assert result.grew < GROWTH


@pytest.mark.parametrize(("tier", "kind"), CLASSES)
def test_nothing_forged_reaches_the_graders_screen(tier: str, kind: str, graded: Graded) -> None:
    """The grader's output has no text and no control character of a submission."""
    log = graded(tier, kind).log
    assert "FORGED-LINE" not in log
    assert "\x1b" not in log


@pytest.mark.slow
@pytest.mark.parametrize("row", [pytest.param(row, id=row.name) for row in [row for row in ROWS if row.alone][::20]])
def test_row_in_a_class_of_three(row: Row, planted: Class, tmp_path: Path) -> None:
    """A row between two honest students has the results that it has in a long class."""
    result = run(planted, tmp_path / "course", [row], by_engine(NAMESPACES, jobs=1))
    assert complaints(row, result) == []
    assert [result.seen[student].points for student in result.honest] == [FULL, FULL]
    assert (result.code, result.changed, result.left) == (0, (), ())


@pytest.mark.slow
def test_an_ordinary_user_is_as_safe(in_the_open: Class) -> None:
    """The rows tried at every change have the same results if an ordinary user grades; see `graded` for others."""
    if os.getuid() != 0:
        pytest.skip("the other tests run as an ordinary user already")
    rows = of_class(NAMESPACES, SOME)
    result = by_a_user(in_the_open, rows, "some")
    assert result.code == 0, result.log[-3000:]
    assert {row.name: found for row in rows if (found := complaints(row, result))} == {}
    assert all(result.seen[student].points == FULL for student in result.honest)
    assert (result.changed, result.left) == ((), ())


@pytest.mark.parametrize(
    "row", [pytest.param(row, id=row.name) for row in ROWS if not row.problem and row.name not in DO_NOT_COMPILE]
)
def test_attacks_compile(row: Row, planted: Class) -> None:
    """All submitted code compiles, because a broken attack would prove nothing."""
    handed = row.make(planted, released(planted.course)).get(FILE, b"")
    notebook = json.loads(handed) if isinstance(handed, bytes) and handed.startswith(b'{\n "cells"') else {"cells": []}
    for cell in notebook["cells"]:
        if cell["cell_type"] == "code":
            text = as_python("".join(cell["source"]))
            with warnings.catch_warnings(action="ignore"):
                compile(text, row.name, "exec", ast.PyCF_ALLOW_TOP_LEVEL_AWAIT, dont_inherit=True)


def test_the_catalogue_proves_its_attacks() -> None:
    """Each row has a unique name, a proof that it works or a reason why there is none, and a telling problem.

    A problem tells something if its words are not those about an empty folder, which could be said of any submission.
    """
    empty = take_in(Job("s000", LAB, (), {NOTEBOOK: b'{"cells": []}'})).problem.casefold()
    assert [row.name for row in ROWS if row.problem and row.problem.casefold() in empty] == ["hands in nothing"]
    assert [name for name, count in Counter(row.name for row in ROWS).items() if count > 1] == []
    assert [row.name for row in ROWS if not row.is_proven] == []
