"""What is asked of layers: a step is judged for itself, and a network's parts can be replaced."""

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


def linear() -> dict[str, float]:
    """Points of a Linear's answers, of 2 each."""
    score = checks.objects(
        "linear",
        checks.Object("Linear", "D_i D_o W b", LINEAR, "x0 G0 x G dW db lr"),
        checks.Expected(layers.Linear, dict.fromkeys([name for name in LINEAR if name != "before"], 2)),
        cases=cases.linear_layer(),
        section="there",
    )
    found: dict[str, float] = {}
    for line in score.lines:
        found[line.value] = found.get(line.value, 0) + line.points
    return {name: points for name, points in found.items() if points < 2}


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
        # The slopes are kept under other names as well, and the step is by those.
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
def test_each_answer_of_a_linear_layer_counts_for_itself(
    notebook: Callable[..., Any], changes: list[tuple[str, str]], lost: dict[str, float]
) -> None:
    """A wrong slope costs a right step nothing, and one parameter's step nothing that of the other."""
    source = SOURCE
    for old, new in changes:
        assert old in source
        source = source.replace(old, new, 1)
    notebook(source)
    assert linear() == lost


def test_a_slope_that_is_not_there_says_why(notebook: Callable[..., Any], capsys: pytest.CaptureFixture[str]) -> None:
    """Where `backward` raised before it kept anything, that is what is told."""
    before = "self.grad_weights = grad_output.T"
    notebook(
        SOURCE.replace(before, f"grad_output @ self.weights.T @ 1\n        {before}", 1).replace(
            "self.grad_weights = self.grad_biases = self.grad_input = np.zeros(0)", "pass"
        )
    )
    assert {"grad_weights", "grad_biases", "grad_input"} <= set(linear())
    assert "was it renamed" not in capsys.readouterr().out


@pytest.mark.parametrize(
    ("makes", "of", "asks", "takes", "cases"),
    [
        ("Tanh", "", ACTIVATION, "x0 G0 x G", cases.batches()),
        ("ReLU", "", ACTIVATION, "x0 G0 x G", cases.batches()),
        ("MSELoss", "", LOSS, "y0 t0 y t", cases.batches("y t")),
        ("MLP", "D_i D D_o W1 b1 W2 b2", NETWORK, "x G lr", cases.two_layers()),
    ],
)
def test_the_references_own_are_right(
    notebook: Callable[..., Any], makes: str, of: str, asks: Any, takes: str, cases: Any
) -> None:
    """Each kind of layer can be asked what it is asked."""
    notebook(SOURCE)
    gives = dict.fromkeys([name for name in asks if name != "before"], 1)
    score = checks.objects(
        makes,
        checks.Object(makes, of, asks, takes),
        checks.Expected(getattr(layers, makes), gives),
        cases=cases,
        section="",
    )
    assert score.points == score.maximum == len(gives)


def test_some_layers_have_seen_another_batch() -> None:
    """In the second group, of as many rows as the one that counts, and of another number."""
    for factory, x in ((cases.linear_layer(), "x"), (cases.batches("y t"), "y")):
        found = list(factory(np.random.default_rng(0)))
        before = [len(case.values[f"{x}0"]) for case in found]
        assert [rows > 0 for rows in before] == ["second" in case.group for case in found]
        assert {rows == case.sizes["I"] for rows, case in zip(before, found, strict=True) if rows} == {True, False}


def test_stand_ins_are_all_but_the_network() -> None:
    """What is asked for is never replaced."""
    found: dict[str, Any] = {}
    exec(STUBS, found)
    assert {"Linear", "Tanh", "ReLU", "MSELoss"} <= set(found)
    assert "MLP" not in found
