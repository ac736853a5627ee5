"""Mistakes in softmax and cross-entropy where samples are rows, and that none of the table is out of use.

For samples as columns the answers of lab 5 are put through `tests/labs`.
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
from tests.diagnosis.students import IDENTITIES, cases_of, score, turned
from tests.diagnosis.wrong_softmax import IN_ROWS
from tests.labs.played import TEXTS, known_in

# In a notebook a warning of NumPy's is only shown.
pytestmark = pytest.mark.filterwarnings("ignore::RuntimeWarning", "ignore::UserWarning")

NAMES = {"softmax": "softmax", "cross-entropy": "compute_cost", "d-cost": "d_cost_d_output"}
LAB = known_in(next(text for text in TEXTS if text.stem == "softmax_cross_entropy"))
NOTEBOOK = LAB.solutions["softmax"]


def first_forms() -> list[KnownAnswer]:
    """Of each mistake in the lab's functions one answer, where there is a function to turn."""
    forms = {
        (one.task, one.mistake): one for one in reversed(LAB.mistakes) if f"def {NAMES.get(one.task)}(" in one.source
    }
    return list(forms.values())


def check(task: str, samples: Samples = "columns") -> Callable[[], Score]:
    """What a hidden test of one function asks: 3 points."""
    takes, value, truth = {
        "softmax": ("net_output", "probabilities", reference.costs.softmax),
        "cross-entropy": ("net_output y", "cost", reference.costs.cross_entropy),
        "d-cost": ("net_output y", "dl_df", reference.costs.d_cross_entropy),
    }[task]

    def asked() -> Score:
        return checks.function(
            "task",
            checks.Call(student.function(NAMES[task]), takes),
            checks.Expected(partial(truth, samples=samples), {value: 3}),
            cases=cases.classification(samples_as=samples),
            section="section 1",
            mistakes=mistakes.COST,
            context={"samples": samples},
        )

    return asked


@pytest.mark.parametrize(
    "variant",
    [one for one in LAB.variants if one.task in NAMES and "n_samples" not in one.source],
    ids=lambda one: one.name,
)
def test_right_answers_turned_earn_everything(variant: KnownAnswer) -> None:
    """Right for columns, and turned: right for rows."""
    for identity in IDENTITIES:
        assert (
            score(check(variant.task, "rows"), turned(variant.source, NAMES[variant.task]), identity, NOTEBOOK).points
            == 3
        )


@pytest.mark.parametrize(
    "mistake", [one for one in first_forms() if one.mistake != "name-missing"], ids=lambda one: one.name
)
def test_mistake_gets_its_name_where_samples_are_rows(mistake: KnownAnswer) -> None:
    """The same functions, with all that goes in and comes out transposed."""
    answer = turned(mistake.source, NAMES[mistake.task])
    assert score(check(mistake.task, "rows"), answer, "ada", NOTEBOOK).mistakes == {mistake.mistake}


@pytest.mark.parametrize(("name", "answer"), cases_of(IN_ROWS))
def test_mistake_in_code_for_rows_gets_its_name(name: str, answer: str) -> None:
    """Written for rows from the start, where broadcasting meets other shapes."""
    task = next(task for task, function in NAMES.items() if f"def {function}" in answer)
    for identity in IDENTITIES:
        found = score(check(task, "rows"), answer, identity)
        assert found.mistakes == ({name} if name else set())
        assert (found.points == 3) == (not name)


def test_every_mistake_of_the_table_is_made_twice_in_the_lab() -> None:
    """An entry that no answer meets is not known to work."""
    made = Counter(answer.mistake for answer in LAB.mistakes)
    assert not {mistake.name for mistake in (*mistakes.SOFTMAX, *mistakes.NETWORK) if made[mistake.name] < 2}
