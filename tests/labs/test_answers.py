"""Every known answer earns what it should, in this process; a class in real kernels is in tests/grading."""

from __future__ import annotations

import random
from collections import Counter
from pathlib import Path

import nbformat
import pytest
from nbgrader.utils import is_solution

from autograder.authoring.answers import KnownAnswer, KnownAnswers
from autograder.checks import render
from tests.labs.bar import MANY_SEEDS, solution_played
from tests.labs.played import ROOT, TEXTS, Played, known_in


def _full(known: KnownAnswers) -> dict[str, float]:
    return {cell.id: cell.worth for cell in known.lab.cells if cell.kind == "test"}


def test_solution_earns_all_points_on_every_seed(known: KnownAnswers, played: Played) -> None:
    """The instructor's solution is right whatever the cases are."""
    for seed in MANY_SEEDS:
        assert {task: played.points(task, seed) for task in _full(known)} == _full(known), f"seed {seed}"


def test_variant_earns_all_points_on_every_seed(
    known: KnownAnswers, played: Played, variant: KnownAnswer, seeds: range, elsewhere: bool
) -> None:
    """A right answer in other words is right whatever the cases are, and leaves the other tasks their points."""
    with played.replayed({variant.task: variant.source}, to_the_end=elsewhere):
        assert {played.points(variant.task, seed) for seed in seeds} == {_full(known)[variant.task]}
        later = played.later(variant.task) if elsewhere else []
        assert {task: played.points(task) for task in later} == {task: _full(known)[task] for task in later}


def test_mistake_earns_its_score_costs_once_and_is_named(
    known: KnownAnswers, played: Played, mistake: KnownAnswer, seeds: range, elsewhere: bool
) -> None:
    """A wrong answer earns what its author took from the rubric, costs no other task a point, and gets its own name."""
    full = _full(known)
    assert mistake.score < full[mistake.task], "a mistake that costs nothing"
    with played.replayed({mistake.task: mistake.source}, to_the_end=elsewhere):
        scores = [played.score(mistake.task, seed) for seed in seeds]
        assert [score.points for score in scores] == pytest.approx([mistake.score] * len(scores))
        assert {score.mistakes for score in scores} == {frozenset({mistake.mistake})}
        others = [task for task in played.later(mistake.task) if elsewhere and task != mistake.task]
        assert {task: played.points(task) for task in others} == {task: full[task] for task in others}


def test_every_mistake_is_there_in_two_forms(known: KnownAnswers) -> None:
    """A name is tested with answers that were written independently."""
    forms = Counter((answer.task, answer.mistake) for answer in known.mistakes)
    assert [key for key, count in forms.items() if count < 2] == []


@pytest.mark.slow
def test_two_mistakes_do_not_hide_each_other(known: KnownAnswers, played: Played) -> None:
    """In two tasks at once, mistakes cost no more than apart, and nine of ten still get their names, and no others."""
    rng, pairs = random.Random(0), []
    while len(pairs) < 60:
        one, other = rng.sample(known.mistakes, 2)
        if one.task != other.task:
            pairs.append((one, other))
    unnamed = []
    for pair in pairs:
        with played.replayed({mistake.task: mistake.source for mistake in pair}):
            scores = [played.score(mistake.task) for mistake in pair]
        for mistake, score in zip(pair, scores, strict=True):
            # It may cost less: who ignores the learning rate in one function can't leave it out in the next.
            assert score.points >= mistake.score - 0.5, f"{mistake.name} beside {pair}"
            if score.mistakes != {mistake.mistake}:
                unnamed.append(f"{mistake.name} gets {sorted(score.mistakes)}")
    assert len(unnamed) <= 0.1 * 2 * len(pairs), unnamed


def test_an_earlier_answer_of_another_shape_costs_its_own_points_only() -> None:
    """Lab 5: a softmax that gives a matrix for one sample and raises for several is no answer to build the cost on.

    Each column of that matrix is right, so it must not be taken for a right softmax.
    """
    text = next(text for text in TEXTS if text.stem == "softmax_cross_entropy")
    softmax = "def softmax(f):\n    e = np.exp(f - f.max(axis=1))\n    return e / e.sum(axis=0)\n"
    forms = [one for one in known_in(text).mistakes if one.name == "cross-entropy: epsilon-inside-the-log"]
    assert len(forms) > 1
    for form in forms:
        with solution_played(text).replayed({"softmax": softmax, form.task: form.source}):
            assert solution_played(text).points(form.task) == form.score


def test_untouched_earns_nothing(known: KnownAnswers, released: Path) -> None:
    """The released stubs earn 0 in every task."""
    cells = nbformat.read(released, as_version=4).cells
    points = Played(known, {cell.metadata.nbgrader.grade_id: cell.source for cell in cells if is_solution(cell)}).points
    assert {points(task) for task in _full(known)} == {0.0}


def test_every_task_has_variants_and_mistakes(known: KnownAnswers) -> None:
    """No task is without a known right answer in other words and a known wrong one."""
    for task in _full(known):
        assert any(answer.task == task for answer in known.variants), task
        assert any(answer.task == task for answer in known.mistakes), task


def test_the_readme_shows_what_is_said() -> None:
    """The failed check in the README is what a student reads who doesn't add up the slopes of the bias."""
    text = next(text for text in TEXTS if text.stem == "linear_regression")
    known = known_in(text)
    answer = next(one for one in known.mistakes if one.name == "backward-pass: bias-not-summed")
    with solution_played(text).replayed({answer.task: answer.source}):
        said = render(solution_played(text).score("backward-pass"))
    assert f"```text\n{said}\n```" in (ROOT / "README.md").read_text(encoding="utf-8")
