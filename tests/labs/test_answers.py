"""Every known answer earns what it should, in this process; a class in real kernels is in tests/grading."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import nbformat
import pytest
from nbgrader.utils import is_solution

from autograder.authoring.answers import KnownAnswers, solved

SEEDS = range(20)
Points = Callable[..., dict[int, dict[str, float]]]


def _full(known: KnownAnswers) -> dict[str, float]:
    return {cell.id: float(cell.attributes["points"]) for cell in known.lab.cells if cell.kind == "test"}


def test_solution_earns_all_points_on_every_seed(known: KnownAnswers, points: Points) -> None:
    """The instructor's solution is right whatever the cases are."""
    for seed, earned in points(known, solved(known), SEEDS).items():
        assert earned == _full(known), f"seed {seed}"


def test_every_variant_earns_all_points_on_every_seed(known: KnownAnswers, points: Points) -> None:
    """A right answer in other words is right."""
    assert known.variants
    for answer in known.variants:
        for seed, earned in points(known, solved(known, [answer]), SEEDS, only=[answer.task]).items():
            assert earned == {answer.task: _full(known)[answer.task]}, f"{answer.name}, seed {seed}"


def test_every_variant_leaves_the_other_tasks_their_points(known: KnownAnswers, points: Points) -> None:
    """All tasks of a notebook whose answers are right in other ways earn all points."""
    for answer in known.variants:
        assert points(known, solved(known, [answer]))[0] == _full(known), answer.name


def test_every_mistake_earns_exactly_its_score(known: KnownAnswers, points: Points) -> None:
    """The points of a wrong answer are those that its author took from the rubric, on several seeds."""
    assert known.mistakes
    for answer in known.mistakes:
        for seed, earned in points(known, solved(known, [answer]), range(5), only=[answer.task]).items():
            assert earned == {answer.task: pytest.approx(answer.score)}, f"{answer.name}, seed {seed}"
            assert answer.score < _full(known)[answer.task], f"{answer.name} is a mistake that costs nothing"


def test_one_slip_costs_once(known: KnownAnswers, points: Points) -> None:
    """A mistake in one task costs no other task a point."""
    for answer in known.mistakes:
        earned = points(known, solved(known, [answer]))[0]
        assert earned == {**_full(known), answer.task: pytest.approx(answer.score)}, answer.name


def test_untouched_earns_nothing(known: KnownAnswers, points: Points, released: Path) -> None:
    """The released stubs earn 0 in every task."""
    cells = nbformat.read(released, as_version=4).cells
    stubs = {cell.metadata.nbgrader.grade_id: cell.source for cell in cells if is_solution(cell)}
    assert set(points(known, stubs)[0].values()) == {0.0}


def test_every_task_has_variants_and_mistakes(known: KnownAnswers) -> None:
    """No task is without a known right answer in other words and a known wrong one."""
    for task in _full(known):
        assert any(answer.task == task for answer in known.variants), task
        assert any(answer.task == task for answer in known.mistakes), task
