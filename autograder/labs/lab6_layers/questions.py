"""Questions that hidden tests of lab 6 ask objects of a submission.

A layer makes a forward and a backward pass, in some cases after those of another batch, and a step. A two-layer net
answers with gradients and parameters, through the `Bench` of its notebook. Runs in the grader's process, or in an
author's kernel.
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
"""Code of the reference's layers, in place of unusable ones of a submission whose network is graded."""


def _flat(value: Any) -> Any:
    """Return a bias or its gradient of shape (1, D) as one of shape (D,): samples as rows allow both shapes."""
    return value[0] if np.ndim(value) == 2 and len(value) == 1 else value


def _parameter(it: Handle, name: str) -> Any:
    """Return an attribute of the layer; that of biases is flat."""
    value = it.value(name)
    return _flat(value) if name.endswith("biases") else value


def _pass_earlier_batch(it: Handle, x0: Any, G0: Any) -> None:
    """Make the layer's passes of the earlier batch, if the case has one."""
    if len(x0):
        it.call("forward", x0)
        it.call("backward", G0)


def _kept_gradient(name: str) -> Question:
    """Return a question for a gradient that `backward` keeps; if `backward` raised, the question raises the same."""

    def question(it: Handle, G: Any) -> Any:
        try:
            return _parameter(it, name)
        except student.StudentError:
            it.call("backward", G)
            raise

    return question


def _after_step(name: str, start: str, slope: str) -> Question:
    """Return a question for a parameter after one step from a known start along a known gradient.

    name: the attribute that holds the parameter. start, slope: names of its value and gradient in the case.

    The question sets the gradient as an attribute, so the answer does not depend on the layer's own gradients. A layer
    that also keeps its gradients under other names does not use that attribute: if it steps correctly along the
    gradients of its own backward pass, its step counts as correct.
    """

    def question(it: Handle, W: Any, b: Any, dW: Any, db: Any, x: Any, G: Any, lr: float) -> Any:
        inputs = {"W": W, "b": b, "dW": dW, "db": db}
        if _follows_own_gradient(it, name, W, b, x, G, lr):
            return inputs[start] - lr * inputs[slope]
        _set(it, weights=W, biases=b, grad_weights=dW, grad_biases=db)
        try:
            it.call("update_params", lr)
        except Exception:
            # The step may have moved this parameter before it raised at the other one.
            if is_close(_parameter(it, name), inputs[start]):
                raise
        return _parameter(it, name)

    return question


def _follows_own_gradient(it: Handle, name: str, W: Any, b: Any, x: Any, G: Any, lr: float) -> bool:
    """True if a step moves the parameter correctly along the gradient of the layer's own backward pass."""
    try:
        _set(it, weights=W, biases=b)
        it.call("forward", x)
        it.call("backward", G)
        before, slope = _parameter(it, name), _parameter(it, f"grad_{name}")
        it.call("update_params", lr)
        after = _parameter(it, name)
        expected = np.asarray(before) - lr * np.asarray(slope)
    except Exception:  # whatever a student's code raises: then `_after_step` sets the gradient
        return False
    return np.shape(before) == np.shape(slope) and bool(np.any(slope)) and is_close(after, expected)


def _set(it: Handle, **values: Any) -> None:
    """Set attributes of the layer."""
    for name, value in values.items():
        it.set(name, value)


LINEAR: Mapping[str, Question] = {
    "before": _pass_earlier_batch,
    "y": lambda it, x: it.call("forward", x),
    "backward": lambda it, G: it.call("backward", G),
    "grad_weights": _kept_gradient("grad_weights"),
    "grad_biases": _kept_gradient("grad_biases"),
    "grad_input": _kept_gradient("grad_input"),
    "weights_after": _after_step("weights", "W", "dW"),
    "biases_after": _after_step("biases", "b", "db"),
}
"""Questions to a linear layer: `backward` is the return value of the method, `…_after` is a parameter after a step."""

ACTIVATION: Mapping[str, Question] = {
    "before": _pass_earlier_batch,
    "y": lambda it, x: it.call("forward", x),
    "backward": lambda it, G: it.call("backward", G),
}
"""Questions to a layer without parameters."""


def _pass_earlier_loss(it: Handle, y0: Any, t0: Any) -> None:
    """Make the loss's passes of the earlier batch, if the case has one."""
    if len(y0):
        it.call("forward", y0, t0)
        it.call("backward")


LOSS: Mapping[str, Question] = {
    "before": _pass_earlier_loss,
    "loss": lambda it, y, t: it.call("forward", y, t),
    "forward": lambda it, y, t: it.call("forward", y, t),
    "backward": lambda it: it.call("backward"),
}
"""Questions to a loss; its `backward` takes no arguments.

A hidden test carries the student's own loss forward to `backward`: there a derivative that fits a wrong loss is
correct. The loss it builds on is a question of its own, `forward`. If it were the scored value `loss`, a wrong loss
before a correct derivative, which is one mistake, would look like two that cancel.
"""


def _output_after_step(it: Handle, x: Any, lr: float) -> Any:
    it.call("update_params", lr)
    return it.call("forward", x)


NETWORK: Mapping[str, Question] = {
    "y": lambda it, x: it.call("forward", x),
    "backward": lambda it, G: it.call("backward", G),
    "y_after": _output_after_step,
}
"""Questions to a network made of layers."""


PARAMETERS = ("W1", "b1", "W2", "b2")


def _call_with_name(method: str, name: str) -> Callable[[Handle], Any]:
    """Return a question that calls a method with this name as its argument."""
    return lambda it: it.call(method, name)


def _step(it: Handle, G_W1: Any, G_b1: Any, G_W2: Any, G_b2: Any, lr: float) -> bool:
    """Step along given gradients, and return True if `step` returns None."""
    return it.call("step", {"W1": G_W1, "b1": G_b1, "W2": G_W2, "b2": G_b2}, lr) is None


AFTER_A_PASS: dict[str, Callable[..., Any]] = {
    **{f"d{name}": _call_with_name("slope", name) for name in ("W2", "b2", "W1", "b1")},
    **{f"{name}_kept": _call_with_name("parameter", name) for name in PARAMETERS},
    "stepped": _step,
    **{f"{name}_new": _call_with_name("parameter", name) for name in PARAMETERS},
}
"""Questions after a backward pass: gradients, parameters, and parameters after a step along given gradients."""
