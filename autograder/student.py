"""`from autograder import student`: the port through which a hidden test reads and calls a student's work.

    student.function("backward_pass")(weights, bias, net_input, net_output, y)
    student.rerun("toy-forward", overrides={"x": 1.5}).value("f3")

Each method of `Student` is a function here, which asks the bound adapter; with none bound, a `LocalKernel` of this
kernel. Runs in the grader's process, which binds a `Sandbox`, and in an author's Jupyter kernel.
"""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from typing import Any

from autograder.sandbox.guest.errors import (
    CallTimeoutError,
    DeadProcessError,
    MissingNameError,
    MissingTaskError,
    NotCallableError,
    NotPlainError,
    StoppedCellError,
    StudentError,
    student_line,
    task_line,
)
from autograder.sandbox.guest.local_kernel import LocalKernel
from autograder.sandbox.guest.port import Axes, Call, Figure, Function, Handle, Rerun, Student

__all__ = [
    "Axes",
    "Call",
    "CallTimeoutError",
    "DeadProcessError",
    "Figure",
    "Function",
    "Handle",
    "LocalKernel",
    "MissingNameError",
    "MissingTaskError",
    "NotCallableError",
    "NotPlainError",
    "Rerun",
    "StoppedCellError",
    "Student",
    "StudentError",
    "bound",
    "current",
    "student_line",
    "task_line",
]

_adapter: Student | None = None


@contextlib.contextmanager
def bound(adapter: Student) -> Iterator[None]:
    """Bind this adapter for the block; then restore the previous one."""
    global _adapter
    previous_adapter, _adapter = _adapter, adapter
    try:
        yield
    finally:
        _adapter = previous_adapter


def current() -> Student:
    """Return the bound adapter, or a LocalKernel of this kernel. Raises RuntimeError outside IPython."""
    return _adapter if _adapter is not None else LocalKernel.of_this_kernel()


def __getattr__(name: str) -> Any:
    """Return a method of the bound adapter, such as `student.value`. Raises RuntimeError as `current` does."""
    if name.startswith("_") or name not in vars(Student):
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(current(), name)
