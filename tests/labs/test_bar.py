"""Tests that mutants lose points in each lab and get no wrong name; and tests of the code that measures this."""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from autograder.authoring.answers import KnownAnswer, KnownAnswers, solved_answers
from autograder.course import Course
from tests.labs.bar import MUTANT_SECONDS, TaskBar, TooLongError, time_limit
from tests.labs.played import AnsweredNotebook, known_in
from tests.labs.recording import alike, is_composed_of


def test_mutants_lose_points(mutated: TaskBar) -> None:
    """Every mutant of the solution loses points under its seed, unless it is listed as equivalent."""
    survivors = [str(mutant) for mutant in mutated.survivors]
    assert not survivors, "\n".join(
        [f"{len(survivors)} mutants of {len(mutated.mutants)} earn all points:", *survivors]
    )


@pytest.mark.many
def test_solution_takes_a_third_of_the_time_limit(bar: TaskBar) -> None:
    """Scoring the solution takes less than a third of the time after which a mutant is stopped."""
    with time_limit(MUTANT_SECONDS / 3):
        bar.names_of(bar.known.solutions[bar.task])


def test_mutant_gets_no_wrong_name(mutated: TaskBar) -> None:
    """The name that a mutant gets is a fact about it, or describes what the mutant does."""
    wrong = [f"{name.mistake}: {name.mutant}" for name in mutated.mutants_named if not name.right]
    assert not wrong, "\n".join([f"{len(wrong)} names of {len(mutated.mutants_named)} are wrong:", *wrong])


def test_solution_is_right_before_later_cells_have_run(bar: TaskBar) -> None:
    """Before later cells run, where mutants are scored, the solution earns all points."""
    solution = bar.known.solutions[bar.task]
    with bar._notebook.answered(bar.task, solution):
        assert bar._notebook.points(bar.task) == bar.full


def test_equivalent_earns_all_points_on_every_seed(
    known: KnownAnswers, solved: AnsweredNotebook, equivalent: KnownAnswer, seeds: range, score_later_tasks: bool
) -> None:
    """A listed equivalent earns all points under every seed, and later tasks keep theirs."""
    full = {cell.id: cell.full_points for cell in known.lab.cells if cell.kind == "test"}
    with solved.replayed({equivalent.task: equivalent.source}, to_the_end=score_later_tasks):
        assert {solved.points(equivalent.task, seed) for seed in seeds} == {full[equivalent.task]}
        later = solved.later_tasks(equivalent.task) if score_later_tasks else []
        assert {task: solved.points(task) for task in later} == {task: full[task] for task in later}


@pytest.mark.many
def test_visible_check_accepts_a_right_answer(bar: TaskBar) -> None:
    """The visible check of a task accepts a variant: what the grade calls right, a student sees as right."""
    assert bar.visible_failures(bar.right_answers[0]) == {}


@pytest.mark.slow
def test_visible_checks_accept_right_answers(bar: TaskBar) -> None:
    """The visible checks of a task and of later ones accept all variants and equivalents that are not declared."""
    failures = {answer.name: bar.visible_failures(answer, to_the_end=True) for answer in bar.right_answers}
    assert {name: failed for name, failed in failures.items() if failed} == {}


@pytest.mark.slow
def test_visible_check_refuses_mistakes(bar: TaskBar) -> None:
    """A known mistake fails the visible check of its task, unless it is listed with the reason why it passes."""
    assert [mistake for mistake, why in bar.reasons.items() if not why] == []
    assert bar.seen_by_now == []


@pytest.mark.many
def test_equivalents_are_mutants(bar: TaskBar) -> None:
    """Each listed equivalent is a mutant of the current solution."""
    assert [answer.source for answer in bar.stale] == []


@pytest.fixture
def tiny(built: Course, edit: Callable[..., None]) -> Path:
    """Return the text of a lab whose only task is tested with x = 2 alone, so that 2 · 2 and 2 ** 2 survive."""
    text = built.written / "lab" / "tiny.py"
    edit(text, 'right = student.function("double")(3) == 6\n', "")
    edit(
        text,
        'checks.Score("double", (checks.Line("twice", "", 2.0 * right, 2.0),), "the doubling")',
        'checks.function("double", checks.Call("double", "x"), checks.Expected(lambda x: 4, {"twice": 2}),\n'
        '    cases=lambda _: iter([checks.cases.Case("", {}, {"x": 2})]), section="the doubling")',
    )
    return text


def test_survivors_of_a_weak_test(tiny: Path, edit: Callable[..., None]) -> None:
    """Survivors are the mutants that earn all points, each with its changed lines; a listed equivalent is none."""
    bar = TaskBar(tiny, "double")
    assert [str(mutant) for mutant in bar.survivors] == [
        "ReplaceBinaryOperator_Add_Mul:   - twice = x + x   + twice = x * x",
        "ReplaceBinaryOperator_Add_Pow:   - twice = x + x   + twice = x ** x",
    ]
    equivalent = (
        '\n# %% solution="double" equivalent="2 is all it gets"\ndef double(x):\n    twice = x*x\n    return twice\n'
    )
    edit(tiny.with_name("tiny_answers.py"), "    return x**2\n", f"    return x**2\n{equivalent}")
    known_in.cache_clear()
    bar = TaskBar(tiny, "double")
    assert ["x ** x" in mutant.source for mutant in bar.survivors] == [True]
    assert [answer.equivalent for answer in bar.equivalent.values()] == ["2 is all it gets"]
    assert set(bar.equivalent) < set(bar.mutants)


def test_values_of_later_cells_help_no_mutant(tiny: Path, edit: Callable[..., None]) -> None:
    """A mutant that needs a value of a later cell, computed with the solution, is no survivor."""
    edit(tiny, "    twice = x + x\n", "    four = 4\n    twice = four\n")
    edit(tiny, "# %%\nplt.plot", "# %%\nfour = double(2)\n\n# %%\nplt.plot")
    bar = TaskBar(tiny, "double")
    assert any("    pass\n    twice = four" in outcome.mutant.source for outcome in bar.outcomes)
    assert bar.survivors == []


@pytest.fixture
def notebook(tiny: Path) -> AnsweredNotebook:
    """Return the tiny lab's notebook with its solution."""
    return AnsweredNotebook(known_in(tiny), solved_answers(known_in(tiny)))


@pytest.mark.parametrize(
    "source", ["NUMBERS = 1", "raise ValueError", "import sys\nsys.exit", "def double(x):\n    return 2 * x\nx = 1"]
)
def test_another_answer_changes_nothing_after_the_block(notebook: AnsweredNotebook, source: str) -> None:
    """After the block the solution earns its points again, even if the other answer raised or defined nothing."""
    for _ in range(2):
        assert notebook.points("double") == 2
        with notebook.answered("double", source):
            assert notebook.points("double") == (2 if "2 * x" in source else 0)
        assert notebook.points("double") == 2


def test_another_answer_removes_the_names_of_the_first(notebook: AnsweredNotebook) -> None:
    """An answer without the required function is not scored with the function of the answer that it replaces."""
    with notebook.answered("double", "pass"):
        lines = notebook.score("double").lines
        assert notebook.score_with_log("double", 0)[1] == [("double", "MissingNameError")]
    assert [line.points for line in lines] == [0]
    assert notebook.score_with_log("double", 0)[1] == [("double", 4)]


def test_endless_loops_reach_the_time_limit() -> None:
    """An endless loop that catches every Exception is stopped, and the timer is off afterwards."""
    started = time.process_time()
    endless = "while True:\n    try:\n        sum(range(1000))\n    except Exception:\n        break\n"
    with pytest.raises(TooLongError), time_limit(0.1):
        exec(endless)
    with time_limit(0.1):
        pass
    sum(1 for _ in range(5_000_000))
    assert time.process_time() - started < 5


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        (np.ones((2, 1)), [[1.0], [1.0 + 1e-12]], True),
        (np.ones((2, 1)), np.ones((1, 2)), False),
        (np.array([[3.0]]), 3, True),
        (np.nan, np.nan, True),
        (1.0, -1.0, False),
        (None, np.nan, False),
        (None, None, True),
        ("ValueError", "ValueError", True),
        ("ValueError", "TypeError", False),
        ("ValueError", 0.0, False),
        ("ValueError", np.ones(2), False),
        ((np.ones(2), 3.0), [np.ones(2), np.array([[3.0]])], True),
        ((np.ones(2), 3.0), (3.0, np.ones(2)), False),
        ((np.ones(2), 3.0), (np.ones(2),), False),
        ({"a": 1.0}, {"a": 1}, True),
        ({"a": 1.0}, {"b": 1.0}, False),
        ([("f", 1.0), ("g", "KeyError")], [("f", 1.0), ("g", "KeyError")], True),
    ],
)
def test_alike(one: object, other: object, same: bool) -> None:
    """Equal numbers in equal shapes are alike; a single number is alike in any shape."""
    assert alike(one, other) is same
    assert alike(other, one) is same


MISTAKEN = ((np.array([[1.0], [-2.0]]), 7.0), "ValueError")
"""Values of two answers with one mistake, where np.array([[1.0], [2.0]]) and 3.0 are expected."""


@pytest.mark.parametrize(
    ("value", "composed"),
    [
        ((np.array([[1.0], [2.0]]), 3.0), True),
        ((np.array([[1.0], [-2.0]]), 3.0), True),
        ((np.array([[1.0], [2.0]]), np.array([[7.0]])), True),
        ((np.array([[-1.0], [-2.0]]), 3.0), False),
        ((np.array([[1.0, -2.0]]), 3.0), False),
        ((np.array([[1.0], [2.0]]), -3.0), False),
        ((np.array([[1.0], [2.0]]),), False),
        ((np.array([[1.0], [2.0]]), None), False),
        ("ValueError", True),
        ("TypeError", False),
        (None, False),
    ],
)
def test_is_composed_of(value: object, composed: bool) -> None:
    """A value is composed of others if each of its numbers equals the expected or a mistaken one."""
    assert is_composed_of(value, (np.array([[1.0], [2.0]]), 3.0), MISTAKEN) is composed


def test_thorough_scores_mutants_under_every_seed(tiny: Path, edit: Callable[..., None]) -> None:
    """A thorough bar finds mutants that survive under one seed only."""
    edit(tiny, '{"x": 2}', '{"x": 2 + _.integers(2)}')
    edit(tiny, "checks.Expected(lambda x: 4", "checks.Expected(lambda x: 2 * x")
    survivors = [len(TaskBar(tiny, "double", thorough).survivors) for thorough in (False, True)]
    assert survivors[0] <= survivors[1] == 2
