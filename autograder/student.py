"""`from autograder import student`: functions through which a hidden test reads and calls a student's work.

    student.function("backward_pass")(weights, bias, net_input, net_output, y)
    student.rerun("toy-forward", overrides={"x": 1.5}).value("f3")

Each function calls the bound adapter; with none bound, a `LocalKernel` of the kernel that runs this code. Runs in the
grader's process, which binds a `Sandbox`, and in an author's Jupyter kernel.
"""

from __future__ import annotations

import contextlib
from collections.abc import Iterator, Mapping
from contextlib import AbstractContextManager
from typing import Any

from autograder.sandbox.guest.local_kernel import LocalKernel
from autograder.sandbox.guest.port import (
    Axes,
    Call,
    CallTimeoutError,
    DeadProcessError,
    Figure,
    Function,
    Handle,
    MissingNameError,
    MissingTaskError,
    NotCallableError,
    NotPlainError,
    Rerun,
    Student,
    StudentError,
    student_line,
    task_line,
)

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
    "Student",
    "StudentError",
    "bound",
    "figures",
    "function",
    "make",
    "rerun",
    "seed",
    "source",
    "student_line",
    "task_line",
    "value",
    "within",
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


def _current() -> Student:
    """Return the bound adapter, or a LocalKernel of this kernel. Raises RuntimeError outside IPython."""
    return _adapter if _adapter is not None else LocalKernel.of_this_kernel()


def function(
    name: str,
    overrides: Mapping[str, Any] | None = None,
    stubs: str = "",
    isolated: bool = False,
) -> Function:
    """See `Student.function`."""
    return _current().function(name, overrides, stubs, isolated)


def value(name: str) -> Any:
    """See `Student.value`."""
    return _current().value(name)


def make(class_name: str, *args: Any, stubs: str = "", **kwargs: Any) -> Handle:
    """See `Student.make`."""
    return _current().make(class_name, *args, stubs=stubs, **kwargs)


def rerun(task: str, overrides: Mapping[str, Any] | None = None, stubs: str = "") -> Rerun:
    """See `Student.rerun`."""
    return _current().rerun(task, overrides, stubs)


def source(task: str) -> str:
    """See `Student.source`."""
    return _current().source(task)


def figures(task: str) -> tuple[Figure, ...]:
    """See `Student.figures`."""
    return _current().figures(task)


def within(seconds: float) -> AbstractContextManager[None]:
    """See `Student.within`. Raises RuntimeError with no adapter bound and outside IPython."""
    return _current().within(seconds)


def seed(task: str) -> int:
    """See `Student.seed`."""
    return _current().seed(task)
