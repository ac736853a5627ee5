"""Mistakes in softmax and cross-entropy: each is named by its own name and no other; right is right in every form."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

import pytest

from autograder import checks, reference, student
from autograder.checks import Score
from autograder.diagnosis.mistakes import softmax
from autograder.reference.shapes import Samples
from tests.diagnosis.students import IDENTITIES, cases_of, score, turned
from tests.diagnosis.wrong_softmax import (
    COST,
    COST_RIGHT,
    D_COST,
    D_COST_RIGHT,
    IN_ROWS,
    NOTEBOOK,
    SOFTMAX,
    SOFTMAX_RIGHT,
)

# In a notebook a warning of NumPy's is only shown.
pytestmark = pytest.mark.filterwarnings("ignore::RuntimeWarning")

NAMES = {"softmax": "softmax", "cost": "compute_cost", "d-cost": "d_cost_d_output"}
WRONG = {"softmax": SOFTMAX, "cost": COST, "d-cost": D_COST}
RIGHT = {"softmax": SOFTMAX_RIGHT, "cost": COST_RIGHT, "d-cost": D_COST_RIGHT}


def check(task: str, samples: Samples = "columns") -> Callable[[], Score]:
    """What a hidden test of one function asks: 3 points."""
    takes, value, truth = {
        "softmax": ("net_output", "probabilities", reference.costs.softmax),
        "cost": ("net_output y", "cost", reference.costs.cross_entropy),
        "d-cost": ("net_output y", "dl_df", reference.costs.d_cross_entropy),
    }[task]

    def asked() -> Score:
        return checks.function(
            "task", yours=student.function(NAMES[task]), takes=takes, gives={value: 3}, look="section 1",
            truth=partial(truth, samples=samples), cases=checks.cases.classification(samples_as=samples),
            beside={"samples": samples},
        )  # fmt: skip

    return asked


@pytest.mark.parametrize("identity", IDENTITIES)
@pytest.mark.parametrize(("task", "answer"), [
    pytest.param(task, answer, id=f"{task}-{form}") for task, forms in RIGHT.items() for form, answer in forms.items()
])  # fmt: skip
def test_right_answers_earn_everything(task: str, answer: str, identity: str) -> None:
    """In every form, and for samples as rows too."""
    assert score(check(task), answer, identity, NOTEBOOK).points == 3
    assert score(check(task, "rows"), turned(answer, NAMES[task]), identity, NOTEBOOK).points == 3


@pytest.mark.parametrize(("task", "name", "answer"), [
    pytest.param(task, *case.values, id=f"{task}-{case.id}")
    for task, wrong in WRONG.items() for case in cases_of(wrong)
])  # fmt: skip
def test_mistake_gets_its_name_and_no_other(task: str, name: str, answer: str) -> None:
    """Whoever's cases it meets; and it loses points."""
    for identity in IDENTITIES:
        found = score(check(task), answer, identity, NOTEBOOK)
        assert found.points < 3
        assert found.mistakes == {name}


@pytest.mark.parametrize(("task", "name", "answer"), [
    pytest.param(task, name, several[0], id=f"{task}-{name}")
    for task, wrong in WRONG.items() for name, several in wrong.items()
])  # fmt: skip
def test_mistake_gets_its_name_where_samples_are_rows(task: str, name: str, answer: str) -> None:
    """The same functions, with all that goes in and comes out transposed."""
    assert score(check(task, "rows"), turned(answer, NAMES[task]), "ada", NOTEBOOK).mistakes == {name}


@pytest.mark.parametrize(("name", "answer"), cases_of(IN_ROWS))
def test_mistake_in_code_for_rows_gets_its_name(name: str, answer: str) -> None:
    """Written for rows from the start, where broadcasting meets other shapes."""
    task = next(task for task, function in NAMES.items() if f"def {function}" in answer)
    for identity in IDENTITIES:
        found = score(check(task, "rows"), answer, identity)
        assert found.mistakes == ({name} if name else set())
        assert (found.points == 3) == (not name)


def test_what_overflows_loses_the_large_logits_alone() -> None:
    """They share a third of the points; ordinary logits are right."""
    for answer in SOFTMAX["softmax-not-shifted"]:
        found = score(check("softmax"), answer, "ada")
        assert {line.group: line.points for line in found.lines} == {
            "one sample": 1, "several samples": 1, "large logits": 0,
        }  # fmt: skip


def test_every_mistake_of_the_table_is_made_twice() -> None:
    """An entry that no answer meets is not known to work."""
    made = {name: len(several) for wrong in WRONG.values() for name, several in wrong.items()}
    assert not {mistake.name for mistake in softmax.TABLE if made.get(mistake.name, 0) < 2}
    assert min(made.values()) >= 2
