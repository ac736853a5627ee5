"""`from autograder import student`: how a hidden test asks for the student's work.

    student.function("backward_pass")(weights, bias, net_input, net_output, y)
    student.rerun("toy-forward", given={"x": 1.5}).value("f3")

The calls go to the adapter that is bound; with none bound, to the kernel this code runs in.
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
    EndedError,
    Figure,
    Function,
    Handle,
    MissingNameError,
    MissingTaskError,
    NotCallableError,
    NotPlainError,
    Run,
    Student,
    StudentError,
    TooSlow,
    line_of,
    task_line,
)

__all__ = [
    "Axes",
    "Call",
    "EndedError",
    "Figure",
    "Function",
    "Handle",
    "LocalKernel",
    "MissingNameError",
    "MissingTaskError",
    "NotCallableError",
    "NotPlainError",
    "Run",
    "Student",
    "StudentError",
    "TooSlow",
    "bound",
    "figures",
    "function",
    "line_of",
    "make",
    "rerun",
    "seed",
    "source",
    "task_line",
    "value",
    "within",
]

_adapter: Student | None = None


@contextlib.contextmanager
def bound(adapter: Student) -> Iterator[None]:
    """Let hidden tests ask this adapter for as long as the block runs."""
    global _adapter
    before, _adapter = _adapter, adapter
    try:
        yield
    finally:
        _adapter = before


def _current() -> Student:
    return _adapter if _adapter is not None else LocalKernel.of_this_kernel()


def function(
    name: str, given: Mapping[str, Any] | None = None, counted: bool = False, stand_ins: str = "", apart: bool = False
) -> Function:
    """See `Student.function`."""
    return _current().function(name, given, counted, stand_ins, apart)


def value(name: str) -> Any:
    """See `Student.value`."""
    return _current().value(name)


def make(class_name: str, *args: Any, stand_ins: str = "", **kwargs: Any) -> Handle:
    """See `Student.make`."""
    return _current().make(class_name, *args, stand_ins=stand_ins, **kwargs)


def rerun(task: str, given: Mapping[str, Any] | None = None, stand_ins: str = "") -> Run:
    """See `Student.rerun`."""
    return _current().rerun(task, given, stand_ins)


def source(task: str) -> str:
    """See `Student.source`."""
    return _current().source(task)


def figures(task: str) -> tuple[Figure, ...]:
    """See `Student.figures`."""
    return _current().figures(task)


def within(seconds: float) -> AbstractContextManager[None]:
    """See `Student.within`; with nobody bound and outside a kernel there is nobody to wait for."""
    return _current().within(seconds)


def seed(task: str) -> int:
    """See `Student.seed`."""
    return _current().seed(task)
