"""Mistakes in softmax and cross-entropy with samples as rows, and a check that the lab makes each mistake of the table.

For samples as columns, `tests/labs` scores lab 5's answers.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from functools import partial

import pytest

from autograder import checks, reference, student
from autograder.authoring.answers import KnownAnswer
from autograder.checks import Score
from autograder.labs.lab5_softmax_cross_entropy import cases, mistakes
from autograder.reference.shapes import Samples
from tests.diagnosis.students import IDENTITIES, cases_of, score, transposed
from tests.diagnosis.wrong_softmax import IN_ROWS
from tests.labs.played import TEXTS, known_in

# In a notebook a warning of NumPy's is only shown.
pytestmark = pytest.mark.filterwarnings("ignore::RuntimeWarning", "ignore::UserWarning")

NAMES = {"softmax": "softmax", "cross-entropy": "compute_cost", "d-cost": "d_cost_d_output"}
LAB = known_in(next(text for text in TEXTS if text.stem == "softmax_cross_entropy"))
NOTEBOOK = LAB.solutions["softmax"]


def first_answers() -> list[KnownAnswer]:
    """Return one answer for each mistake in the lab's functions, if it defines a function that can be transposed."""
    answers = {
        (answer.task, answer.mistake): answer
        for answer in reversed(LAB.mistakes)
        if f"def {NAMES.get(answer.task)}(" in answer.source
    }
    return list(answers.values())


def check(task: str, samples: Samples = "columns") -> Callable[[], Score]:
    """Return a check of one function, as a hidden test makes it: 3 points."""
    arguments, value, expected = {
        "softmax": ("net_output", "probabilities", reference.costs.softmax),
        "cross-entropy": ("net_output y", "cost", reference.costs.cross_entropy),
        "d-cost": ("net_output y", "dl_df", reference.costs.d_cross_entropy),
    }[task]

    def run_check() -> Score:
        return checks.function(
            "task",
            checks.Call(student.function(NAMES[task]), arguments),
            checks.Expected(partial(expected, samples=samples), {value: 3}),
            cases=cases.classification(samples_as=samples),
            section="section 1",
            mistakes=mistakes.COST,
            context={"samples": samples},
        )

    return run_check


@pytest.mark.parametrize(
    "variant",
    [one for one in LAB.variants if one.task in NAMES and "n_samples" not in one.source],
    ids=lambda one: one.name,
)
def test_right_answers_transposed_earn_everything(variant: KnownAnswer) -> None:
    """An answer that is right for columns earns all points for rows when it is transposed."""
    for identity in IDENTITIES:
        assert (
            score(
                check(variant.task, "rows"), transposed(variant.source, NAMES[variant.task]), identity, NOTEBOOK
            ).points
            == 3
        )


@pytest.mark.parametrize(
    "mistake", [one for one in first_answers() if one.mistake != "name-missing"], ids=lambda one: one.name
)
def test_mistake_gets_its_name_where_samples_are_rows(mistake: KnownAnswer) -> None:
    """A mistake in a function whose arguments and results are transposed keeps its name."""
    answer = transposed(mistake.source, NAMES[mistake.task])
    assert score(check(mistake.task, "rows"), answer, "ada", NOTEBOOK).mistakes == {mistake.mistake}


@pytest.mark.parametrize(("name", "answer"), cases_of(IN_ROWS))
def test_mistake_in_code_for_rows_gets_its_name(name: str, answer: str) -> None:
    """A mistake in code written for rows, where broadcasting meets other shapes, gets its name."""
    task = next(task for task, function in NAMES.items() if f"def {function}" in answer)
    for identity in IDENTITIES:
        result = score(check(task, "rows"), answer, identity)
        assert result.mistakes == ({name} if name else set())
        assert (result.points == 3) == (not name)


def test_every_mistake_of_the_table_is_made_twice_in_the_lab() -> None:
    """Each mistake of the table has two answers or more, which prove that it is recognised."""
    counts = Counter(answer.mistake for answer in LAB.mistakes)
    assert not {mistake.name for mistake in (*mistakes.SOFTMAX, *mistakes.NETWORK) if counts[mistake.name] < 2}
