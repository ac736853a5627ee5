"""Every known answer earns what it should, in this process; a class in real kernels is in tests/grading."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path

import nbformat
import pytest
from nbgrader.utils import is_solution

from autograder.authoring.answers import Answer, KnownAnswers, solved

Played = Callable[[KnownAnswers, Mapping[str, str]], Callable[..., float]]


def _full(known: KnownAnswers) -> dict[str, float]:
    return {cell.id: float(cell.attributes["points"]) for cell in known.lab.cells if cell.kind == "test"}


def test_solution_earns_all_points_on_every_seed(known: KnownAnswers, played: Played) -> None:
    """The instructor's solution is right whatever the cases are."""
    points = played(known, solved(known))
    for seed in range(20):
        assert {task: points(task, seed) for task in _full(known)} == _full(known), f"seed {seed}"


def test_variant_earns_all_points_on_every_seed(known: KnownAnswers, variant: Answer, played: Played) -> None:
    """A right answer in other words is right whatever the cases are, and leaves the other tasks their points."""
    points = played(known, solved(known, [variant]))
    assert {points(variant.task, seed) for seed in range(20)} == {_full(known)[variant.task]}
    assert {task: points(task) for task in _full(known)} == _full(known)


def test_mistake_earns_exactly_its_score_and_costs_once(known: KnownAnswers, mistake: Answer, played: Played) -> None:
    """A wrong answer earns what its author took from the rubric, and costs no other task a point."""
    points = played(known, solved(known, [mistake]))
    assert mistake.score < _full(known)[mistake.task], "a mistake that costs nothing"
    assert [points(mistake.task, seed) for seed in range(3)] == pytest.approx([mistake.score] * 3)
    assert {task: points(task) for task in _full(known)} == pytest.approx({**_full(known), mistake.task: mistake.score})


def test_untouched_earns_nothing(known: KnownAnswers, released: Path, played: Played) -> None:
    """The released stubs earn 0 in every task."""
    cells = nbformat.read(released, as_version=4).cells
    points = played(known, {cell.metadata.nbgrader.grade_id: cell.source for cell in cells if is_solution(cell)})
    assert {points(task) for task in _full(known)} == {0.0}


def test_every_task_has_variants_and_mistakes(known: KnownAnswers) -> None:
    """No task is without a known right answer in other words and a known wrong one."""
    for task in _full(known):
        assert any(answer.task == task for answer in known.variants), task
        assert any(answer.task == task for answer in known.mistakes), task
