"""What a hidden test asks of a student's two-layer net, through the `Bench` of its notebook."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from autograder.student.port import Handle

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
