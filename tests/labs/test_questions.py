"""Tests of the questions about layers: each answer is scored separately, and stubs replace a network's parts."""

from __future__ import annotations

import inspect
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from autograder import checks
from autograder.labs.lab6_layers import cases
from autograder.labs.lab6_layers.questions import ACTIVATION, LINEAR, LOSS, NETWORK, STUBS
from autograder.reference import layers

SOURCE = inspect.getsource(layers)


def reduced_points() -> dict[str, float]:
    """Return the points of each answer of a Linear layer that earns fewer than its 2 points."""
    score = checks.objects(
        "linear",
        checks.Object("Linear", "D_i D_o W b", LINEAR, "x0 G0 x G dW db lr"),
        checks.Expected(layers.Linear, dict.fromkeys([name for name in LINEAR if name != "before"], 2)),
        cases=cases.linear_layer(),
        section="there",
    )
    totals: dict[str, float] = {}
    for line in score.lines:
        totals[line.value] = totals.get(line.value, 0) + line.points
    return {name: points for name, points in totals.items() if points < 2}


@pytest.mark.parametrize(
    ("changes", "lost"),
    [
        ([], {}),
        ([("grad_output.T @ self._x", "(grad_output.T @ self._x).T")], {"grad_weights": 0}),
        ([("self.grad_weights = grad_output", "self.grad_weights = -grad_output")], {"grad_weights": 0}),
        ([("grad_output.sum(axis=0)", "grad_output")], {"grad_biases": 0}),
        ([("grad_output.sum(axis=0)", "grad_output.sum(axis=0, keepdims=True)")], {}),
        ([("lr * self.grad_biases", "lr * self.grad_weights")], {"biases_after": 0}),
        ([("self.weights - lr", "self.weights + lr")], {"weights_after": 0}),
        ([("def update_params", "def step")], {"weights_after": 0, "biases_after": 0}),
        (
            [("T @ self._x", "T @ self._x + (self.grad_weights.size and self.grad_weights)")],
            {"grad_weights": 1},
        ),
        # `backward` keeps the gradient under another name as well, and the step uses that one.
        (
            [
                (
                    "self.grad_input = grad_output",
                    "self.mine = self.grad_weights\n        self.grad_input = grad_output",
                ),
                ("lr * self.grad_weights", "lr * self.mine"),
            ],
            {},
        ),
    ],
)
def test_each_answer_of_a_linear_layer_is_scored_separately(
    notebook: Callable[..., Any], changes: list[tuple[str, str]], lost: dict[str, float]
) -> None:
    """A wrong gradient costs a right step nothing, and one parameter's step costs the other's nothing."""
    source = SOURCE
    for old, new in changes:
        assert old in source
        source = source.replace(old, new, 1)
    notebook(source)
    assert reduced_points() == lost


def test_a_missing_gradient_is_not_called_renamed(
    notebook: Callable[..., Any], capsys: pytest.CaptureFixture[str]
) -> None:
    """If `backward` raised before it kept a gradient, the message does not ask whether the attribute was renamed."""
    before = "self.grad_weights = grad_output.T"
    notebook(
        SOURCE.replace(before, f"grad_output @ self.weights.T @ 1\n        {before}", 1).replace(
            "self.grad_weights = self.grad_biases = self.grad_input = np.zeros(0)", "pass"
        )
    )
    assert {"grad_weights", "grad_biases", "grad_input"} <= set(reduced_points())
    assert "was it renamed" not in capsys.readouterr().out


@pytest.mark.parametrize(
    ("class_name", "arguments", "questions", "inputs", "cases"),
    [
        ("Tanh", "", ACTIVATION, "x0 G0 x G", cases.batches()),
        ("ReLU", "", ACTIVATION, "x0 G0 x G", cases.batches()),
        ("MSELoss", "", LOSS, "y0 t0 y t", cases.batches("y t")),
        ("MLP", "D_i D D_o W1 b1 W2 b2", NETWORK, "x G lr", cases.two_layers()),
    ],
)
def test_the_reference_earns_all_points(
    notebook: Callable[..., Any], class_name: str, arguments: str, questions: Any, inputs: str, cases: Any
) -> None:
    """The reference's class earns all points for each kind of layer."""
    notebook(SOURCE)
    points = dict.fromkeys([name for name in questions if name != "before"], 1)
    score = checks.objects(
        class_name,
        checks.Object(class_name, arguments, questions, inputs),
        checks.Expected(getattr(layers, class_name), points),
        cases=cases,
        section="",
    )
    assert score.points == score.maximum == len(points)


def test_some_layers_get_another_batch_first() -> None:
    """In the second group a layer first gets another batch, of as many rows as the scored one or of another number."""
    for factory, x in ((cases.linear_layer(), "x"), (cases.batches("y t"), "y")):
        drawn = list(factory(np.random.default_rng(0)))
        rows_before = [len(case.values[f"{x}0"]) for case in drawn]
        assert [rows > 0 for rows in rows_before] == ["second" in case.group for case in drawn]
        assert {rows == case.sizes["I"] for rows, case in zip(rows_before, drawn, strict=True) if rows} == {True, False}


def test_stubs_define_all_classes_but_the_network() -> None:
    """The stubs define every class except the one that the task asks for."""
    namespace: dict[str, Any] = {}
    exec(STUBS, namespace)
    assert {"Linear", "Tanh", "ReLU", "MSELoss"} <= set(namespace)
    assert "MLP" not in namespace
