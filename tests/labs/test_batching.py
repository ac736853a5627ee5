"""Tests of lab 4 that need other answers than its known answers."""

from __future__ import annotations

import pytest

from autograder.authoring.answers import solved_answers
from autograder.checks import render
from autograder.labs.lab3_mlp_backprop import mistakes
from tests.labs.bar import solved_notebook
from tests.labs.played import TEXTS, AnsweredNotebook, known_in

pytestmark = pytest.mark.many

BATCHES = {text.stem: text for text in TEXTS if text.parent.name == "lab4_batching"}

FORWARD = """
def forward_pass(net_input, all_weights, all_biases):
    columns = {columns}
    passes = [[column] for column in columns]
    fs = []
    for k in range(len(all_weights)):
        for one in passes:
            one.append({affine})
            if k < len(all_weights) - 1:
                one.append(ReLU(one[-1]))
    all_f = [{stack}([one[2 * k + 1] for one in passes]) for k in range(len(all_weights))]
    all_h = [{stack}([one[2 * k] for one in passes]) for k in range(len(all_weights))]
    return all_f[-1], all_f, all_h
"""
COST = """
def compute_cost(net_output, y):
    I, total = y.shape[{axis}], 0
    for i in range(I):
        error = net_output.take(i, {axis}) - y.take(i, {axis})
        total += error @ error
    return total / I
"""
D_COST = """
def d_cost_d_output(f, y):
    rows, columns = f.shape
    return [[2 * (f[j, i] - y[j, i]) / y.shape[{axis}] for i in range(columns)] for j in range(rows)]
"""
BACKWARD = """
def backward_pass(W, b, f, h, y):
    dW, db = [np.zeros(w.shape) for w in W], [np.zeros(beta.shape) for beta in b]
    slopes = np.array(d_cost_d_output(f[-1], y))
    for i in range(y.shape[{axis}]):
        d = slopes.take([i], {axis})
        for k in range(len(W) - 1, -1, -1):
            into = h[k].take([i], {axis})
            dW[k] += {outer}
            db[k] += d
            d = {back} * (into > 0)
    return dW, db
"""
LOOPING = {
    "columns": {
        "forward-pass": FORWARD.format(
            columns="[net_input[:, [i]] for i in range(net_input.shape[1])]",
            affine="all_weights[k] @ one[-1] + all_biases[k]", stack="np.hstack",
        ),
        "compute-cost": COST.format(axis=1),
        "d-cost-d-output": D_COST.format(axis=1),
        "backward-pass": BACKWARD.format(axis=1, outer="np.outer(d, into)", back="W[k].T @ d"),
    },
    "rows": {
        "forward-pass": FORWARD.format(
            columns="[net_input[[i]] for i in range(len(net_input))]",
            affine="one[-1] @ all_weights[k] + all_biases[k]", stack="np.vstack",
        ),
        "compute-cost": COST.format(axis=0),
        "d-cost-d-output": D_COST.format(axis=0),
        "backward-pass": BACKWARD.format(axis=0, outer="np.outer(into, d)", back="d @ W[k].T"),
    },
}  # fmt: skip
"""Right answers that loop over the samples, by layout and task."""
STYLE = {"columns": (1, 0.5, 0.5, 1), "rows": (0.5, 0.25, 0.25, 1)}
"""Points for vectorised code, in the order of the tasks in LOOPING."""

WRONG_DERIVATIVES = {
    "unknown": "def d_cost_d_output(net_output, y):\n    return (net_output - 3 * y) / y.shape[{axis}]",
    "leading-nowhere-but-in-square-cases": "def d_cost_d_output(f, y):\n    return 2 * (f - y).T / y.shape[{axis}]",
}
AXES = {"columns": 1, "rows": 0}

both = pytest.mark.parametrize("batch", BATCHES)


@both
def test_a_loop_over_samples_costs_the_points_for_style_and_no_more(batch: str) -> None:
    """A right answer that loops over samples loses only the points for style, and the message quotes the line."""
    known = known_in(BATCHES[batch])
    full = {cell.id: cell.full_points for cell in known.lab.cells if cell.kind == "test"}
    notebook = AnsweredNotebook(known, {**solved_answers(known), **LOOPING[batch]})
    for task, style in zip(LOOPING[batch], STYLE[batch], strict=True):
        score = notebook.score(task)
        assert score.points == full[task] - style, task
        assert "it loops over samples or units, in the line `" in render(score)


@both
def test_style_earns_nothing_where_no_value_is_right(batch: str) -> None:
    """A stub earns no points for style, although it has no loop."""
    known = known_in(BATCHES[batch])
    stubs = AnsweredNotebook(known, {**solved_answers(known), **dict.fromkeys(LOOPING[batch], "pass")})
    assert {stubs.points(task) for task in LOOPING[batch]} == {0.0}


@both
@pytest.mark.parametrize("derivative", WRONG_DERIVATIVES.values(), ids=WRONG_DERIVATIVES)
@pytest.mark.parametrize(
    "seeds", [pytest.param([0], id="few"), pytest.param([1, 2], id="more", marks=pytest.mark.slow)]
)
def test_mistake_gets_its_name_after_a_wrong_derivative(batch: str, derivative: str, seeds: list[int]) -> None:
    """A mistake in the backward pass gets its name although the student's derivative of the cost is wrong."""
    known = known_in(BATCHES[batch])
    answers = {**solved_answers(known), "d-cost-d-output": derivative.format(axis=AXES[batch])}
    notebook, tested = AnsweredNotebook(known, answers), set()
    assert notebook.points("backward-pass") == solved_notebook(BATCHES[batch]).points("backward-pass")
    for answer in known.mistakes:
        if answer.task == "backward-pass" and "d_cost_d_output(" in answer.source and answer.mistake in (
            "bias-not-summed", "outer-product", "relu-mask-dropped", "wrong-activation", "bias-times-n",
        ):  # fmt: skip
            with notebook.answered(answer.task, answer.source):
                scores = [notebook.score(answer.task, seed) for seed in seeds]
            assert [score.points for score in scores] == pytest.approx([answer.score] * len(seeds))
            assert {score.mistakes for score in scores} == {frozenset({answer.mistake})}
            tested.add(answer.mistake)
    assert len(tested) >= 4


@both
def test_every_mistake_in_networks_has_an_answer(batch: str) -> None:
    """Every mistake in networks in the table of lab 3 has a known answer in lab 4, for both layouts."""
    known = {answer.mistake for answer in known_in(BATCHES[batch]).mistakes}
    assert not {mistake.name for mistake in (*mistakes.FORWARD, *mistakes.OUTPUTS, *mistakes.BACKWARD)} - known


def test_a_flat_bias_is_right_beside_rows_and_wrong_beside_columns() -> None:
    """A flat bias is right beside rows; beside columns it is `axis-lost`: it would broadcast over the samples."""
    rows, columns = known_in(BATCHES["rows"]), known_in(BATCHES["columns"])
    flat = next(variant.source for variant in rows.variants if variant.variant == "flat-biases")
    assert AnsweredNotebook(rows, {**solved_answers(rows), "backward-pass": flat}).points("backward-pass") == 4
    solution = columns.solutions["backward-pass"]
    assert ", keepdims=True" in solution
    answers = {**solved_answers(columns), "backward-pass": solution.replace(", keepdims=True", "")}
    score = AnsweredNotebook(columns, answers).score("backward-pass")
    assert (score.points, score.mistakes) == (3, {"axis-lost"})
