"""Wrong answers that nobody thought of lose points in each lab; and what finds that out is right about it."""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from autograder.authoring.answers import KnownAnswer, KnownAnswers, solved_answers
from autograder.course import Course
from tests.labs.bar import PATIENCE, TaskBar, TooLongError, cut_off
from tests.labs.played import Played, known_in
from tests.labs.recording import alike, made_of


def test_mutants_lose_points(mutated: TaskBar) -> None:
    """Every mutant of the solution loses points under every seed, unless it is listed as equivalent."""
    survivors = [str(mutant) for mutant in mutated.survivors]
    assert not survivors, "\n".join(
        [f"{len(survivors)} mutants of {len(mutated.mutants)} earn all points:", *survivors]
    )


@pytest.mark.many
def test_nothing_is_cut_off_for_being_slow(bar: TaskBar) -> None:
    """Scoring the solution takes a small part of the time after which a mutant is taken to run for ever."""
    with cut_off(PATIENCE / 3):
        bar.names_of(bar.known.solutions[bar.task])


def test_mutant_gets_no_wrong_name(mutated: TaskBar) -> None:
    """A name that a mutant gets is a fact about it, or the mutant does what an answer with that mistake does."""
    wrong = [f"{name.mistake}: {name.mutant}" for name in mutated.mutants_named if not name.right]
    assert not wrong, "\n".join([f"{len(wrong)} names of {len(mutated.mutants_named)} are wrong:", *wrong])


def test_solution_is_right_before_later_cells_have_run(bar: TaskBar) -> None:
    """What a mutant is compared with earns all points where a mutant is tried, else every mutant would lose some."""
    solution = bar.known.solutions[bar.task]
    with bar._played.answered(bar.task, solution):
        assert bar._played.points(bar.task) == bar.full


def test_equivalent_earns_all_points_on_every_seed(
    known: KnownAnswers, played: Played, equivalent: KnownAnswer, seeds: range, elsewhere: bool
) -> None:
    """What is listed as equivalent is as right as the solution whatever the cases are, and costs no other task."""
    full = {cell.id: cell.worth for cell in known.lab.cells if cell.kind == "test"}
    with played.replayed({equivalent.task: equivalent.source}, to_the_end=elsewhere):
        assert {played.points(equivalent.task, seed) for seed in seeds} == {full[equivalent.task]}
        later = played.later(equivalent.task) if elsewhere else []
        assert {task: played.points(task) for task in later} == {task: full[task] for task in later}


@pytest.mark.many
def test_equivalents_are_mutants(bar: TaskBar) -> None:
    """What is listed as equivalent is a mutant of the solution as it stands today."""
    assert [answer.source for answer in bar.stale] == []


@pytest.fixture
def tiny(built: Course, edit: Callable[..., None]) -> Path:
    """A lab whose only task is tested with 2 alone: a hole, because 2 + 2 = 2 · 2 = 2 ** 2."""
    text = built.written / "lab" / "tiny.py"
    edit(text, 'right = student.function("double")(3) == 6\n', "")
    edit(
        text,
        'checks.Score("double", (checks.Line("twice", "", 2.0 * right, 2.0),), "the doubling")',
        'checks.function("double", checks.Call("double", "x"), checks.Expected(lambda x: 4, {"twice": 2}),\n'
        '    cases=lambda _: iter([checks.cases.Case("", {}, {"x": 2})]), section="the doubling")',
    )
    return text


def test_survivors_of_a_hole(tiny: Path, edit: Callable[..., None]) -> None:
    """Mutants that earn all points are the survivors, each with what was changed; a listed one is none."""
    bar = TaskBar(tiny, "double")
    assert [str(mutant) for mutant in bar.survivors] == [
        "ReplaceBinaryOperator_Add_Mul:   - twice = x + x   + twice = x * x",
        "ReplaceBinaryOperator_Add_Pow:   - twice = x + x   + twice = x ** x",
    ]
    listed = (
        '\n# %% solution="double" equivalent="2 is all it gets"\ndef double(x):\n    twice = x*x\n    return twice\n'
    )
    edit(tiny.with_name("tiny_answers.py"), "    return x**2\n", f"    return x**2\n{listed}")
    known_in.cache_clear()
    bar = TaskBar(tiny, "double")
    assert ["x ** x" in mutant.source for mutant in bar.survivors] == [True]
    assert [answer.equivalent for answer in bar.equivalent.values()] == ["2 is all it gets"]
    assert set(bar.equivalent) < set(bar.mutants)


def test_what_later_cells_left_of_the_solution_helps_no_mutant(tiny: Path, edit: Callable[..., None]) -> None:
    """A mutant that would only run because a later cell called the solution is no survivor."""
    edit(tiny, "    twice = x + x\n", "    four = 4\n    twice = four\n")
    edit(tiny, "# %%\nplt.plot", "# %%\nfour = double(2)\n\n# %%\nplt.plot")
    bar = TaskBar(tiny, "double")
    assert any("    pass\n    twice = four" in outcome.mutant.source for outcome in bar.outcomes)
    assert bar.survivors == []


@pytest.fixture
def notebook(tiny: Path) -> Played:
    """That lab's notebook with its solution."""
    return Played(known_in(tiny), solved_answers(known_in(tiny)))


@pytest.mark.parametrize(
    "source", ["NUMBERS = 1", "raise ValueError", "import sys\nsys.exit", "def double(x):\n    return 2 * x\nx = 1"]
)
def test_answering_anew_leaves_no_trace(notebook: Played, source: str) -> None:
    """Whatever the new answer does, a cell that stops early and one that brings nothing included, it is undone."""
    for _ in range(2):
        assert notebook.points("double") == 2
        with notebook.answered("double", source):
            assert notebook.points("double") == (2 if "2 * x" in source else 0)
        assert notebook.points("double") == 2


def test_answering_anew_takes_the_first_answer_away(notebook: Played) -> None:
    """An answer without the function that was asked for isn't helped out by the answer it replaces."""
    with notebook.answered("double", "pass"):
        lines = notebook.score("double").lines
        assert notebook.recorded("double", 0)[1] == [("double", "MissingNameError")]
    assert [line.points for line in lines] == [0]
    assert notebook.recorded("double", 0)[1] == [("double", 4)]


def test_what_runs_for_ever_is_cut_off() -> None:
    """A loop without an end ends, even one that catches every Exception, and the alarm is off afterwards."""
    begun = time.process_time()
    endless = "while True:\n    try:\n        sum(range(1000))\n    except Exception:\n        break\n"
    with pytest.raises(TooLongError), cut_off(0.1):
        exec(endless)
    with cut_off(0.1):
        pass
    sum(1 for _ in range(5_000_000))
    assert time.process_time() - begun < 5


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
    """Alike are equal numbers in equal shapes; a single number is alike in any shape."""
    assert alike(one, other) is same
    assert alike(other, one) is same


WRONG = ((np.array([[1.0], [-2.0]]), 7.0), "ValueError")
"""What two answers with one mistake give where np.array([[1.0], [2.0]]) and 3.0 are right."""


@pytest.mark.parametrize(
    ("value", "made"),
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
def test_made_of(value: object, made: bool) -> None:
    """An answer has a mistake where it is right or wrong in that way, number by number; nothing else is made of it."""
    assert made_of(value, (np.array([[1.0], [2.0]]), 3.0), WRONG) is made


def test_thorough_is_every_seed(tiny: Path, edit: Callable[..., None]) -> None:
    """Whether a mutant gets through under one seed alone is for the thorough run to find out."""
    edit(tiny, '{"x": 2}', '{"x": 2 + _.integers(2)}')
    edit(tiny, "checks.Expected(lambda x: 4", "checks.Expected(lambda x: 2 * x")
    survivors = [len(TaskBar(tiny, "double", thorough).survivors) for thorough in (False, True)]
    assert survivors[0] <= survivors[1] == 2
