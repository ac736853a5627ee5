"""Tests of objects of a student's class: each answer earns its own points, and another class's mistake costs none."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
import pytest

from autograder import checks
from autograder.checks.cases import Case
from autograder.reference import layers

LAYERS = inspect.getsource(layers)

NET = """
class Net:
    def __init__(self, W, b, V, c):
        self.layers = [Linear(W.shape[1], W.shape[0], W, b), Tanh(), Linear(V.shape[1], V.shape[0], V, c)]
    def forward(self, x):
        for layer in self.layers: x = layer.forward(x)
        return x
    def backward(self, g):
        for layer in reversed(self.layers): g = layer.backward(g)
        return g
    def update_params(self, lr):
        for layer in self.layers:
            if isinstance(layer, Linear): layer.update_params(lr)
"""

ASKS: dict[str, Callable[..., Any]] = {
    "y": lambda it, x: it.call("forward", x),
    "grad_input": lambda it, G: it.call("backward", G),
    "grad_weights": lambda it: it.value("grad_weights"),
    "moved": lambda it, lr: it.call("update_params", lr) is None,
    "y_after": lambda it, x: it.call("forward", x),
}


def cases(rng: np.random.Generator) -> Iterator[Case]:
    """Yield a case with one sample, and one with four."""
    for n in (1, 4):
        sizes = {"I": n, "D_i": 3, "D": 5, "D_o": 2}
        shapes = {"W": (2, 3), "b": (2,), "x": (n, 3), "G": (n, 2), "W1": (5, 3), "b1": (5,), "W2": (2, 5), "b2": (2,)}
        yield Case("", sizes, {**{name: rng.normal(size=shape) for name, shape in shapes.items()}, "lr": 0.1})


def linear(**options: Any) -> dict[str, bool]:
    """Return, for each answer of the student's Linear, whether it is right."""
    score = checks.objects(
        "linear",
        checks.Object("Linear", "D_i D_o W b", ASKS, "x G lr"),
        checks.Expected(layers.Linear, {"y": 1, "grad_input": 1, "grad_weights": 1, "y_after": 1}),
        cases=cases,
        section="there",
        **options,
    )
    return {line.value: bool(line.points) for line in score.lines}


def net(**options: Any) -> dict[str, bool]:
    """Return, for each answer of the student's Net, whether it is right."""
    namespace: dict[str, Any] = {}
    exec(LAYERS + NET, namespace)
    score = checks.objects(
        "net",
        checks.Object(
            "Net", "W1 b1 W2 b2", {name: ask for name, ask in ASKS.items() if name != "grad_weights"}, "x G lr"
        ),
        checks.Expected(namespace["Net"], {"y": 1, "grad_input": 1, "y_after": 1}),
        cases=cases,
        section="there",
        **options,
    )
    return {line.value: bool(line.points) for line in score.lines}


def test_the_reference_is_right(notebook: Callable[..., Any]) -> None:
    """The reference's own classes earn all points."""
    notebook(LAYERS + NET)
    assert all(linear().values())
    assert all(net().values())


@pytest.mark.parametrize(
    ("old", "new", "wrong"),
    [
        ("x @ self.weights.T + self.biases", "x @ self.weights.T", {"y", "y_after"}),
        ("grad_output @ self.weights\n", "-grad_output @ self.weights\n", {"grad_input"}),
        ("grad_output.T @ self._x", "(grad_output.T @ self._x).T", {"grad_weights", "y_after"}),
        ("self.weights - lr", "self.weights + lr", {"y_after"}),
        ("def backward", "def backwards", {"grad_input", "grad_weights", "y_after"}),
        ("self._x = np.array", "raise ValueError(x); np.array", {"y", "grad_input", "grad_weights", "y_after"}),
        ("def __init__(self, input_dim: int", "def __init__(self, nothing", {*ASKS} - {"moved"}),
    ],
)
def test_each_answer_counts_for_itself(notebook: Callable[..., Any], old: str, new: str, wrong: set[str]) -> None:
    """A method that fails doesn't keep the check from the answers that don't need it."""
    assert old in LAYERS
    notebook(LAYERS.replace(old, new, 1))
    assert {name for name, right in linear().items() if not right} == wrong


@pytest.mark.parametrize(
    "others",
    [
        LAYERS.replace("1 - self._output**2", "1 - self._output"),
        LAYERS.replace("self.biases\n        return output", "1\n        return output"),
        LAYERS.replace("class Tanh", "class Sigmoid"),
        "",
    ],
)
def test_another_class_is_replaced_by_a_stub(notebook: Callable[..., Any], others: str) -> None:
    """A net whose layers are wrong or missing is tried with stubs in their place."""
    notebook(others + NET)
    assert not all(net().values())
    assert all(net(carried_forward=checks.CarriedForward(stubs=LAYERS)).values())


def test_own_layers_may_have_names_of_their_own(notebook: Callable[..., Any]) -> None:
    """A net that works only with the student's own classes is right with those."""
    renamed = LAYERS.replace("self.weights", "self.W")
    peeks = NET.replace("g = layer.backward(g)", "g = layer.backward(g); layer.W if hasattr(layer, 'biases') else 0")
    notebook(renamed + peeks)
    assert all(net(carried_forward=checks.CarriedForward(stubs=LAYERS)).values())


def test_stubs_do_not_help_a_wrong_net(notebook: Callable[..., Any]) -> None:
    """A net that passes through its layers in the wrong order stays wrong with stubs."""
    notebook(LAYERS + NET.replace("reversed(self.layers)", "self.layers"))
    assert net(carried_forward=checks.CarriedForward(stubs=LAYERS)) == {
        "y": True,
        "grad_input": False,
        "y_after": False,
    }


def test_an_objects_own_value_is_carried_forward(notebook: Callable[..., Any]) -> None:
    """A step that is right by the object's own wrong gradient is right, and its line names the gradient."""
    notebook(LAYERS.replace("grad_output.T @ self._x", "2 * grad_output.T @ self._x"))
    asks = {**ASKS, "weights": lambda it: it.value("weights")}
    score = checks.objects(
        "linear",
        checks.Object(
            "Linear", "D_i D_o W b", {name: ask for name, ask in asks.items() if name != "y_after"}, "x G lr"
        ),
        checks.Expected(layers.Linear, {"grad_weights": 1, "weights": 1}),
        cases=cases,
        section="there",
        carried_forward=checks.CarriedForward(chain={"weights": lambda W, grad_weights, lr: W - lr * grad_weights}),
    )
    assert [line.points for line in score.lines] == [0, 1]
    assert score.lines[1].carried_forward_from == "grad_weights"


class Twice:
    """A class that doubles x in two methods."""

    def double(self, x: Any) -> Any:
        """Return 2 x."""
        return 2 * np.asarray(x)

    def again(self, x: Any) -> Any:
        """Return 2 x, computed anew."""
        return 2 * np.asarray(x)


@pytest.mark.parametrize(
    ("double", "again", "points", "carried_from", "mistakes"),
    [
        (2, 2, [1, 1], "", []),
        (3, 3, [0, 1], "double", []),
        (3, 4, [0, 0], "", []),
        (3, 2, [0, 1], "", ["two-errors-that-cancel"]),
    ],
)
@pytest.mark.parametrize("kind", ["chain", "optional_steps"])
def test_optional_steps_between_two_methods(
    notebook: Callable[..., Any],
    kind: str,
    double: int,
    again: int,
    points: list[int],
    carried_from: str,
    mistakes: list[str],
) -> None:
    """The same mistake in two methods costs once; if the second is right, only a chain says that two errors cancel."""
    notebook(inspect.getsource(Twice).replace("2 *", f"{double} *", 1).replace("2 *", f"{again} *", 1))
    score = checks.objects(
        "twice",
        checks.Object(
            "Twice", "", {"double": lambda it, x: it.call("double", x), "again": lambda it, x: it.call("again", x)}, "x"
        ),
        checks.Expected(Twice, {"double": 1, "again": 1}),
        cases=cases,
        section="there",
        carried_forward=checks.CarriedForward(**{kind: {"again": lambda double: double}}),
    )
    assert [line.points for line in score.lines] == points
    assert score.lines[1].carried_forward_from == carried_from
    names = [line.failure.mistake for line in score.lines if line.failure]
    assert ("two-errors-that-cancel" in names) == (kind == "chain" and bool(mistakes))


def test_an_answer_that_the_reference_lacks_raises(notebook: Callable[..., Any]) -> None:
    """An attribute that the reference lacks raises ValueError, because the hidden test is wrong."""
    notebook(LAYERS)
    with pytest.raises(ValueError, match="no_such"):
        checks.objects(
            "linear",
            checks.Object("Linear", "D_i D_o W b", {"y": lambda it: it.value("no_such")}, "x"),
            checks.Expected(layers.Linear, {"y": 1}),
            cases=cases,
            section="",
        )
