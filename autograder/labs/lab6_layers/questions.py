"""Questions that hidden tests of lab 6 ask objects of a submission.

A layer makes one forward and backward pass, after another one or not, and a step. A two-layer net is asked for slopes
and parameters, through the `Bench` of its notebook.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable, Mapping
from typing import Any

import numpy as np

from autograder import student
from autograder.checks.objects import Question
from autograder.diagnosis.trial import is_close
from autograder.reference import layers
from autograder.sandbox.guest.port import Handle

STUBS = inspect.getsource(layers).partition("\n\nclass MLP")[0]
"""Code of the reference's layers: stubs for a network whose own layers are unusable."""


def _row(value: Any) -> Any:
    """Return a bias or its slope of shape (1, D) as one of shape (D,): either is natural beside samples as rows."""
    return value[0] if np.ndim(value) == 2 and len(value) == 1 else value


def _parameter(it: Handle, name: str) -> Any:
    value = it.value(name)
    return _row(value) if name.endswith("biases") else value


def _used_before(it: Handle, x0: Any, G0: Any) -> None:
    """Pass another batch through the layer, if the case has one."""
    if len(x0):
        it.call("forward", x0)
        it.call("backward", G0)


def _kept(name: str) -> Question:
    """Return a question for a slope that `backward` keeps; it raises what `backward` raised if there is none."""

    def ask(it: Handle, G: Any) -> Any:
        try:
            return _parameter(it, name)
        except student.StudentError:
            it.call("backward", G)
            raise

    return ask


def _stepped(name: str, start: str, slope: str) -> Question:
    """Return a question for a parameter after one step from a known start by a known slope.

    The question sets the slope in the layer. A layer that also keeps its slopes under other names ignores that: if it
    moves correctly by the slopes that it found itself, the answer is what a correct step would give.
    """

    def ask(it: Handle, W: Any, b: Any, dW: Any, db: Any, x: Any, G: Any, lr: float) -> Any:
        given = {"W": W, "b": b, "dW": dW, "db": db}
        if _moves_by_its_own(it, name, W, b, x, G, lr):
            return given[start] - lr * given[slope]
        _set(it, weights=W, biases=b, grad_weights=dW, grad_biases=db)
        try:
            it.call("update_params", lr)
        except Exception:
            # One parameter may have moved before the other one failed.
            if is_close(_parameter(it, name), given[start]):
                raise
        return _parameter(it, name)

    return ask


def _moves_by_its_own(it: Handle, name: str, W: Any, b: Any, x: Any, G: Any, lr: float) -> bool:
    try:
        _set(it, weights=W, biases=b)
        it.call("forward", x)
        it.call("backward", G)
        before, slope = _parameter(it, name), _parameter(it, f"grad_{name}")
        it.call("update_params", lr)
        after = _parameter(it, name)
        expected = np.asarray(before) - lr * np.asarray(slope)
    except Exception:  # whatever a student's code raises: it is asked in the other way
        return False
    return np.shape(before) == np.shape(slope) and bool(np.any(slope)) and is_close(after, expected)


def _set(it: Handle, **values: Any) -> None:
    for name, value in values.items():
        it.set(name, value)


LINEAR: Mapping[str, Question] = {
    "before": _used_before,
    "y": lambda it, x: it.call("forward", x),
    "backward": lambda it, G: it.call("backward", G),
    "grad_weights": _kept("grad_weights"),
    "grad_biases": _kept("grad_biases"),
    "grad_input": _kept("grad_input"),
    "weights_after": _stepped("weights", "W", "dW"),
    "biases_after": _stepped("biases", "b", "db"),
}
"""Questions to a linear layer: `backward` is what the method returns, `…_after` are parameters after a step."""

ACTIVATION: Mapping[str, Question] = {
    "before": _used_before,
    "y": lambda it, x: it.call("forward", x),
    "backward": lambda it, G: it.call("backward", G),
}
"""Questions to a layer without parameters."""


def _judged_before(it: Handle, y0: Any, t0: Any) -> None:
    if len(y0):
        it.call("forward", y0, t0)
        it.call("backward")


LOSS: Mapping[str, Question] = {
    "before": _judged_before,
    "loss": lambda it, y, t: it.call("forward", y, t),
    "forward": lambda it, y, t: it.call("forward", y, t),
    "backward": lambda it: it.call("backward"),
}
"""Questions to a loss, whose `backward` takes no argument.

A slope may be right for the student's own loss. For that the loss is asked once more, as `forward`: a wrong loss before
a right slope is one mistake, and would look like two that cancel if the slope were made of the value that is scored.
"""


def _after_a_step(it: Handle, x: Any, lr: float) -> Any:
    it.call("update_params", lr)
    return it.call("forward", x)


NETWORK: Mapping[str, Question] = {
    "y": lambda it, x: it.call("forward", x),
    "backward": lambda it, G: it.call("backward", G),
    "y_after": _after_a_step,
}
"""Questions to a network made of layers."""


PARAMETERS = ("W1", "b1", "W2", "b2")


def _named(method: str, name: str) -> Callable[[Handle], Any]:
    return lambda it: it.call(method, name)


def _step(it: Handle, G_W1: Any, G_b1: Any, G_W2: Any, G_b2: Any, lr: float) -> bool:
    return it.call("step", {"W1": G_W1, "b1": G_b1, "W2": G_W2, "b2": G_b2}, lr) is None


AFTER_A_PASS: dict[str, Callable[..., Any]] = {
    **{f"d{name}": _named("slope", name) for name in ("W2", "b2", "W1", "b1")},
    **{f"{name}_kept": _named("parameter", name) for name in PARAMETERS},
    "stepped": _step,
    **{f"{name}_new": _named("parameter", name) for name in PARAMETERS},
}
"""The slopes that a backward pass found, the parameters as it left them, and those after a step along given slopes."""
