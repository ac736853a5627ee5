"""Tests that every known answer earns its points, in this process; tests/grading runs a class in real kernels."""

from __future__ import annotations

import random
from collections import Counter
from pathlib import Path

import nbformat
import pytest
from nbgrader.utils import is_solution

from autograder.authoring.answers import KnownAnswer, KnownAnswers
from autograder.checks import render
from tests.labs.bar import MANY_SEEDS, solved_notebook
from tests.labs.played import ROOT, TEXTS, AnsweredNotebook, known_in


def _full_points(known: KnownAnswers) -> dict[str, float]:
    """Return the points of each task of a lab."""
    return {cell.id: cell.full_points for cell in known.lab.cells if cell.kind == "test"}


def test_solution_earns_all_points_on_every_seed(known: KnownAnswers, solved: AnsweredNotebook) -> None:
    """The instructor's solution earns all points under every seed."""
    for seed in MANY_SEEDS:
        assert {task: solved.points(task, seed) for task in _full_points(known)} == _full_points(known), f"seed {seed}"


def test_variant_earns_all_points_on_every_seed(
    known: KnownAnswers, solved: AnsweredNotebook, variant: KnownAnswer, seeds: range, score_later_tasks: bool
) -> None:
    """A variant earns all points under every seed, and later tasks keep theirs."""
    with solved.replayed({variant.task: variant.source}, to_the_end=score_later_tasks):
        assert {solved.points(variant.task, seed) for seed in seeds} == {_full_points(known)[variant.task]}
        later = solved.later_tasks(variant.task) if score_later_tasks else []
        assert {task: solved.points(task) for task in later} == {task: _full_points(known)[task] for task in later}


def test_mistake_earns_its_score_costs_once_and_is_named(
    known: KnownAnswers, solved: AnsweredNotebook, mistake: KnownAnswer, seeds: range, score_later_tasks: bool
) -> None:
    """A known mistake earns its author's score, costs no later task a point, and gets its own name and no other."""
    full = _full_points(known)
    assert mistake.score < full[mistake.task], "a mistake that costs nothing"
    with solved.replayed({mistake.task: mistake.source}, to_the_end=score_later_tasks):
        scores = [solved.score(mistake.task, seed) for seed in seeds]
        assert [score.points for score in scores] == pytest.approx([mistake.score] * len(scores))
        assert {score.mistakes for score in scores} == {frozenset({mistake.mistake})}
        others = [task for task in solved.later_tasks(mistake.task) if score_later_tasks and task != mistake.task]
        assert {task: solved.points(task) for task in others} == {task: full[task] for task in others}


def test_every_mistake_is_there_in_two_forms(known: KnownAnswers) -> None:
    """Each mistake in a task has at least two known answers, written independently."""
    forms = Counter((answer.task, answer.mistake) for answer in known.mistakes)
    assert [key for key, count in forms.items() if count < 2] == []


@pytest.mark.slow
def test_two_mistakes_do_not_hide_each_other(known: KnownAnswers, solved: AnsweredNotebook) -> None:
    """Two mistakes in two tasks cost no more than each alone, and at least nine of ten get their own name only."""
    rng, pairs = random.Random(0), []
    while len(pairs) < 60:
        first, second = rng.sample(known.mistakes, 2)
        if first.task != second.task:
            pairs.append((first, second))
    unnamed = []
    for pair in pairs:
        with solved.replayed({mistake.task: mistake.source for mistake in pair}):
            scores = [solved.score(mistake.task) for mistake in pair]
        for mistake, score in zip(pair, scores, strict=True):
            # A mistake may cost less beside another: if one function ignores the learning rate, the next can't omit it.
            assert score.points >= mistake.score - 0.5, f"{mistake.name} beside {pair}"
            if score.mistakes != {mistake.mistake}:
                unnamed.append(f"{mistake.name} gets {sorted(score.mistakes)}")
    assert len(unnamed) <= 0.1 * 2 * len(pairs), unnamed


def test_an_earlier_answer_of_another_shape_costs_its_own_points_only() -> None:
    """Lab 5: a softmax that returns a matrix for one sample and raises for several is not usable in the cost.

    Each column of that matrix is right, so the checks must not accept it as a right softmax.
    """
    text = next(text for text in TEXTS if text.stem == "softmax_cross_entropy")
    softmax = "def softmax(f):\n    e = np.exp(f - f.max(axis=1))\n    return e / e.sum(axis=0)\n"
    forms = [mistake for mistake in known_in(text).mistakes if mistake.name == "cross-entropy: epsilon-inside-the-log"]
    assert len(forms) > 1
    for form in forms:
        with solved_notebook(text).replayed({"softmax": softmax, form.task: form.source}):
            assert solved_notebook(text).points(form.task) == form.score


def test_untouched_earns_nothing(known: KnownAnswers, released: Path) -> None:
    """The released stubs earn no points in any task."""
    cells = nbformat.read(released, as_version=4).cells
    points = AnsweredNotebook(
        known, {cell.metadata.nbgrader.grade_id: cell.source for cell in cells if is_solution(cell)}
    ).points
    assert {points(task) for task in _full_points(known)} == {0.0}


def test_every_task_has_variants_and_mistakes(known: KnownAnswers) -> None:
    """Every task has at least one variant and one known mistake."""
    for task in _full_points(known):
        assert any(answer.task == task for answer in known.variants), task
        assert any(answer.task == task for answer in known.mistakes), task


def test_the_readme_quotes_a_failed_check() -> None:
    """The failed check in the README is the message for `bias-not-summed` in linear regression."""
    text = next(text for text in TEXTS if text.stem == "linear_regression")
    known = known_in(text)
    answer = next(mistake for mistake in known.mistakes if mistake.name == "backward-pass: bias-not-summed")
    with solved_notebook(text).replayed({answer.task: answer.source}):
        message = render(solved_notebook(text).score("backward-pass"))
    assert f"```text\n{message}\n```" in (ROOT / "README.md").read_text(encoding="utf-8")
