"""Mistakes in networks: each is named by its own name and no other, and what is right is right in every form."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

import pytest

from autograder import checks, reference, student
from autograder.checks import Score
from autograder.diagnosis.mistakes import mlp
from autograder.reference.shapes import Samples
from tests.diagnosis.students import IDENTITIES, cases_of, score, turned
from tests.diagnosis.wrong_mlp import (
    BACKWARD,
    BACKWARD_RIGHT,
    BACKWARD_ROWS,
    COST,
    COST_RIGHT,
    COURSE,
    D_COST,
    D_COST_RIGHT,
    FORWARD,
    FORWARD_RIGHT,
    FORWARD_ROWS,
    NOTEBOOK,
)

# In a notebook a warning of NumPy's is only shown.
pytestmark = pytest.mark.filterwarnings("ignore::RuntimeWarning")

POINTS = {"forward": 6, "cost": 2, "d-cost": 2, "backward": 4}
NAMES = {"forward": "forward_pass", "cost": "compute_cost", "d-cost": "d_cost_d_output", "backward": "backward_pass"}
WRONG = {"forward": FORWARD, "cost": COST, "d-cost": D_COST, "backward": BACKWARD}
RIGHT = {"forward": FORWARD_RIGHT, "cost": COST_RIGHT, "d-cost": D_COST_RIGHT, "backward": BACKWARD_RIGHT}
ROWS = {"forward": FORWARD_ROWS, "backward": BACKWARD_ROWS}


def check(task: str, samples: Samples = "columns") -> Callable[[], Score]:
    """What a hidden test of one function asks."""
    parameters = "all_weights all_biases"
    d_cost = partial(reference.costs.d_squared_error, samples=samples)
    takes, gives, truth = {
        "forward": (f"net_input {parameters}", {"net_output": 2, "all_f": 2, "all_h": 2}, reference.mlp.forward),
        "cost": ("net_output y", {"cost": 2}, reference.costs.squared_error),
        "d-cost": ("net_output y", {"dl_df": 2}, reference.costs.d_squared_error),
        "backward": (
            f"{parameters} all_f all_h y", {"all_dl_dweights": 2, "all_dl_dbiases": 2},
            lambda W, b, f, h, y, samples: reference.mlp.backward(W, b, f, h, d_cost(f[-1], y), samples=samples)[:2],
        ),
    }[task]  # fmt: skip

    def asked() -> Score:
        return checks.function(
            "task", yours=student.function(NAMES[task]), takes=takes, gives=gives, look="section 1",
            truth=partial(truth, samples=samples), cases=checks.cases.mlp(samples_as=samples),
            beside={"samples": samples, "d_cost_d_output": d_cost},
        )  # fmt: skip

    return asked


@pytest.mark.parametrize("identity", IDENTITIES)
@pytest.mark.parametrize(("task", "answer"), [
    pytest.param(task, answer, id=f"{task}-{form}") for task, forms in RIGHT.items() for form, answer in forms.items()
])  # fmt: skip
def test_right_answers_earn_everything(task: str, answer: str, identity: str) -> None:
    """In every form, and for samples as rows too."""
    assert score(check(task), answer, identity, NOTEBOOK).points == POINTS[task]
    assert score(check(task, "rows"), turned(answer, NAMES[task]), identity, NOTEBOOK).points == POINTS[task]


@pytest.mark.parametrize(("task", "name", "answer"), [
    pytest.param(task, *case.values, id=f"{task}-{case.id}")
    for task, wrong in WRONG.items() for case in cases_of(wrong)
])  # fmt: skip
def test_mistake_gets_its_name_and_no_other(task: str, name: str, answer: str) -> None:
    """Whoever's cases it meets; and it loses points."""
    for identity in IDENTITIES:
        found = score(check(task), answer, identity, NOTEBOOK)
        assert found.points < POINTS[task]
        assert found.mistakes == {name}


@pytest.mark.parametrize(("task", "name", "answer"), [
    pytest.param(task, name, several[0], id=f"{task}-{name}")
    for task, wrong in WRONG.items() for name, several in wrong.items()
])  # fmt: skip
def test_mistake_gets_its_name_where_samples_are_rows(task: str, name: str, answer: str) -> None:
    """The same functions, with all that goes in and comes out transposed."""
    found = score(check(task, "rows"), turned(answer, NAMES[task]), "ada", NOTEBOOK)
    assert found.mistakes == {name}


@pytest.mark.parametrize(("task", "name", "answer"), [
    pytest.param(task, *case.values, id=f"{task}-{case.id}")
    for task, wrong in ROWS.items() for case in cases_of(wrong)
])  # fmt: skip
def test_mistake_in_code_for_rows_gets_its_name(task: str, name: str, answer: str) -> None:
    """Written for rows from the start, where `*` and `np.outer` and broadcasting meet other shapes."""
    for identity in IDENTITIES:
        found = score(check(task, "rows"), answer, identity)
        assert found.mistakes == ({name} if name else set())
        assert (found.points == POINTS[task]) == (not name)


OWN = NOTEBOOK.replace("2 * (net_output - y)", "net_output - 3 * y")


def following() -> Score:
    """The check of a backward pass that builds on the student's own derivative of the cost."""
    return checks.function(
        "task", yours="backward_pass", takes="all_weights all_biases all_f all_h y",
        gives={"all_dl_dweights": 2, "all_dl_dbiases": 2}, cases=checks.cases.mlp(), look="section 1",
        truth=lambda W, b, f, h, y, d_cost_d_output: reference.mlp.backward(W, b, f, h, d_cost_d_output(f[-1], y))[:2],
        builds_on={"d_cost_d_output": reference.costs.d_squared_error}, beside={"samples": "columns"},
    )  # fmt: skip


@pytest.mark.parametrize("name", ["bias-not-summed", "outer-product", "relu-mask-dropped", "wrong-activation"])
def test_mistake_gets_its_name_whatever_was_wrong_before(name: str) -> None:
    """By the student's own derivative of the cost, which is wrong in a way that nobody knows."""
    assert score(following, COURSE(), "ada", OWN).points == 4
    for answer in BACKWARD[name][:2]:
        found = score(following, answer, "ada", OWN)
        assert found.points < 4
        assert found.mistakes == {name}


def test_every_mistake_of_the_table_is_made_twice() -> None:
    """An entry that no answer meets is not known to work."""
    made = {name: len(several) for wrong in WRONG.values() for name, several in wrong.items()}
    assert not {mistake.name for mistake in mlp.TABLE if made.get(mistake.name, 0) < 2}
    assert min(made.values()) >= 2
