"""The port through which a hidden test asks for a student's work.

A hidden test never touches the student's namespace: it asks a `Student`. `LocalKernel` answers from the same kernel (an
author at work, nbval, plain nbgrader); a sandboxed adapter answers from another process. Both pass one contract test.
"""

from __future__ import annotations

import hashlib
import traceback
from collections.abc import Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, NoReturn, Protocol

import numpy as np


class StudentError(Exception):
    """Something a hidden test asked for could not be had from the student's notebook."""


@dataclass
class MissingNameError(StudentError):
    """The notebook defines no such name, or a class no such attribute: then the name is Class.attribute."""

    name: str

    def __str__(self) -> str:
        if "." in self.name:
            return f"there is no `{self.name}`: was it renamed, is it set too late, or is `self.` missing?"
        return f"there is no `{self.name}` in the notebook: was it renamed, or did its cell stop early?"


@dataclass
class NotCallableError(StudentError):
    """A name that should be a function or a class is something else."""

    name: str
    kind: str

    def __str__(self) -> str:
        return f"`{self.name}` should be a function, but it is of type {self.kind}: is the name used twice?"


@dataclass
class MissingTaskError(StudentError):
    """The notebook has no cell of that task."""

    task: str

    def __str__(self) -> str:
        return (
            f"the cell of task `{self.task}` was not found: keep the comment `{task_line(self.task)}` in its first line"
        )


@dataclass
class NotPlainError(StudentError):
    """A value that is no number, text, array or plain container; only those cross the port."""

    what: str
    """What it is or holds: "is a value of type set"."""
    where: str

    def __str__(self) -> str:
        return f"{self.where} {self.what}; expected numbers, arrays, or lists, tuples and dicts of them"


@dataclass
class EndedError(StudentError):
    """The process in which the notebook runs is gone."""

    how: str
    """In a sentence without a subject: "it ended Python itself"."""

    def __str__(self) -> str:
        return self.how


class TooSlow(BaseException):
    """A student's code ran for longer than it may. No Exception: their code may catch those."""


@dataclass(frozen=True)
class Call:
    """What a call of a student's function did besides returning."""

    args: tuple[Any, ...]
    """The arguments after the call, as the function left them."""
    kwargs: dict[str, Any]
    stdout: str
    calls: Mapping[str, int] = field(default_factory=dict)
    """How often each of the notebook's own functions was called, itself included, where that was to be counted."""


@dataclass(frozen=True)
class Axes:
    """One plot of a figure."""

    title: str
    xlabel: str
    ylabel: str
    lines: tuple[tuple[np.ndarray[Any, Any], np.ndarray[Any, Any]], ...]
    """The x and y of every line, each of shape (n,)."""


@dataclass(frozen=True)
class Figure:
    """A figure that a task's cell drew."""

    axes: tuple[Axes, ...]


class Function(Protocol):
    """A student's function, looked up anew at each call.

    Calling it copies the arguments in and the result out; exceptions come back as themselves. Raises MissingNameError,
    NotCallableError or NotPlainError where there is no such function or it returns something that can't cross.
    """

    @property
    def last(self) -> Call | None:
        """What the latest call did besides returning, or before it raised; None before the first."""

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        """Call it."""


class Handle:
    """An object that stays with the student: it can be asked and set, not compared, tested or turned into an array."""

    def call(self, method: str, *args: Any, **kwargs: Any) -> Any:
        """Call a method and return a copy of its result."""
        raise NotImplementedError

    def value(self, attribute: str) -> Any:
        """A copy of an attribute."""
        raise NotImplementedError

    def set(self, attribute: str, value: Any) -> None:
        """Give an attribute a copy of a value."""
        raise NotImplementedError

    def _refuse(self, *_: object, **__: object) -> NoReturn:
        raise TypeError("a handle stands for a student's object: ask it with call() and value()")

    __eq__ = __ne__ = __lt__ = __le__ = __gt__ = __ge__ = _refuse
    __bool__ = __len__ = __iter__ = __float__ = __int__ = __array__ = _refuse
    __hash__ = None  # type: ignore[assignment]  # an object that can't be compared can't be a key


class Run(Protocol):
    """A task's cells, run again under other values."""

    def value(self, name: str) -> Any:
        """A copy of what the cell left under that name. Raises MissingNameError.

        Where a statement of the cell raises, those after it run all the same, and what can be made without it is there;
        for the rest the exception is raised. Where the cell ends early on purpose, nothing after that is there.
        """


class Student(Protocol):
    """One student's notebook, after it ran, as a hidden test may ask for it."""

    def function(
        self,
        name: str,
        given: Mapping[str, Any] | None = None,
        counted: bool = False,
        stand_ins: str = "",
        apart: bool = False,
    ) -> Function:
        """A function of the notebook; `given` sets the notebook's own globals during each call.

        After a call the notebook's names are as they were, also those that the function assigned. counted: whether to
        count how often the notebook's own functions are called, which makes a call slower. stand_ins: code that defines
        other functions of the notebook anew for each call, so that this one can be tried although those don't work.
        apart: whether each call is made as if nothing had been asked before it, so that what it remembers can't help
        another one; an adapter that protects from nothing may take no notice.
        """

    def value(self, name: str) -> Any:
        """A copy of a variable. Raises MissingNameError or NotPlainError."""

    def make(self, class_name: str, *args: Any, stand_ins: str = "", **kwargs: Any) -> Handle:
        """An object of one of the student's classes. Raises MissingNameError or NotCallableError.

        stand_ins: code that defines other names of the notebook anew, once, for as long as the object is asked.
        """

    def rerun(self, task: str, given: Mapping[str, Any] | None = None, stand_ins: str = "") -> Run:
        """The task's cell again, with `given` in place of the notebook's own globals, and stand-ins as in `function`.

        The notebook is left as it was: names, data, figures. What the cell raises is raised by `Run.value`, for
        the values that are lost by it. Raises MissingTaskError, and SyntaxError.
        """

    def source(self, task: str) -> str:
        """The text of the task's cell. Raises MissingTaskError."""

    def figures(self, task: str) -> tuple[Figure, ...]:
        """What the task's cell draws: what is open whenever it shows, and at its end. Raises MissingTaskError."""

    def seed(self, task: str) -> int:
        """Seed of the task's random cases: the same for every regrade of one submission."""

    def within(self, seconds: float) -> AbstractContextManager[None]:
        """Raise TooSlow in what is asked inside once so much time has gone by; one within another changes nothing."""


def line_of(error: BaseException) -> str:
    """The line of the student's own cell that an exception passed last; empty where it never reached one."""
    if hasattr(error, "student_line"):
        return str(error.student_line)
    frames = traceback.extract_tb(error.__traceback__)
    # Below the port it is the student's code; above it, a cell may be the hidden test.
    port = max((i for i, frame in enumerate(frames) if frame.filename.startswith(_PORT)), default=len(frames))
    for frame in reversed(frames[port + 1 :]):
        if frame.line and ("ipykernel_" in frame.filename or frame.filename.startswith("<")):
            return frame.line
    return ""


_PORT = str(Path(__file__).parent)


def task_line(task: str) -> str:
    """The comment that the build writes into a task's cell, so that the cell is known even without its metadata."""
    return f"# task: {task}"


def seed_of(identity: str, task: str) -> int:
    """A seed that depends on who is graded and on the task, and on nothing else."""
    return int.from_bytes(hashlib.blake2b(f"{identity}\0{task}".encode(), digest_size=8).digest(), "big")


MAX_DEPTH = 20
MAX_BYTES = 32 * 2**20
"""Of all the arrays and texts in a value."""
MAX_VALUES = 200_000
"""How many a value may hold, not counting the entries of arrays."""
MAX_BITS = 4_000
"""Of an integer."""
_SCALARS = (type(None), bool, int, float, complex, str, bytes)
_NUMPY_SCALARS = frozenset(np.sctypeDict.values())
_DTYPE_KINDS = "biufcUS"
"""Booleans, numbers and text: neither objects nor records nor dates."""


@dataclass
class _Copier:
    """Copies plain values; what is nested deeper than MAX_DEPTH, as a cycle is, is refused.

    Exact types only: a subclass can lie about what it holds.
    """

    where: str
    depth: int = field(default=0)
    values: int = field(default=0)
    size: int = field(default=0)

    def copy(self, value: Any) -> Any:
        kind = type(value)
        self.values += 1
        if self.values > MAX_VALUES:
            raise self._refusal(f"more than {MAX_VALUES:,} values")
        if kind in _SCALARS:
            if kind is int and value.bit_length() > MAX_BITS:
                raise self._refusal(f"an integer of {value.bit_length()} bits")
            self._weigh(len(value) if kind in (str, bytes) else 0)
            return value
        if kind is np.ndarray or kind in _NUMPY_SCALARS:
            if value.dtype.kind not in _DTYPE_KINDS:
                raise self._refusal(f"an array of dtype {value.dtype}")
            self._weigh(value.nbytes)
            return value.copy() if kind in _NUMPY_SCALARS else value.copy(order="K")
        if kind not in (list, tuple, dict):
            raise self._refusal(f"a value of type {kind.__name__}")
        if self.depth == MAX_DEPTH:
            raise self._refusal("containers nested too deeply, or in a circle")
        self.depth += 1
        try:
            if kind is dict:
                return {self.copy(key): self.copy(item) for key, item in value.items()}
            return kind(self.copy(item) for item in value)
        finally:
            self.depth -= 1

    def _weigh(self, size: int) -> None:
        self.size += size
        if self.size > MAX_BYTES:
            raise self._refusal(f"more than {MAX_BYTES // 2**20} MB of data")

    def _refusal(self, what: str) -> NotPlainError:
        return NotPlainError(f"{'holds' if self.depth else 'is'} {what}", self.where)


def plain(value: Any, where: str = "the value") -> Any:
    """A deep copy of numbers, text, arrays and plain containers of them. Raises NotPlainError for all else."""
    return _Copier(where).copy(value)
