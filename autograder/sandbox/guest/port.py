"""The `Student` protocol, through which a hidden test reads and calls a student's work; its exceptions and values.

A hidden test never touches the student's namespace: it calls a `Student`. Two adapters implement the protocol and pass
one contract test: `LocalKernel` in the same process (an author at work, nbval, plain nbgrader), `host.sandbox.Sandbox`
by requests to another process. Runs in the grader's process, in that of the student code and in an author's kernel.
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
    """Base class: the student's notebook can't provide the name, value or task that a hidden test requests."""


@dataclass
class MissingNameError(StudentError):
    """Raised if the notebook doesn't define the name, or a class the attribute; the name is then `Class.attribute`."""

    name: str

    def __str__(self) -> str:
        if "." in self.name:
            return f"there is no `{self.name}`: was it renamed, is it set too late, or is `self.` missing?"
        return f"there is no `{self.name}` in the notebook: was it renamed, or did its cell stop early?"


@dataclass
class NotCallableError(StudentError):
    """Raised if the value of a name is neither a function nor a class; `kind` is the name of the value's type."""

    name: str
    kind: str

    def __str__(self) -> str:
        return f"`{self.name}` should be a function, but it is of type {self.kind}: is the name used twice?"


@dataclass
class MissingTaskError(StudentError):
    """Raised if the notebook has no cell of the task."""

    task: str

    def __str__(self) -> str:
        return (
            f"the cell of task `{self.task}` was not found: keep the comment `{task_line(self.task)}` in its first line"
        )


@dataclass
class NotPlainError(StudentError):
    """Raised for a value other than numbers, text, arrays and plain containers: only those cross the port."""

    what: str
    """The predicate of the message: "is a value of type set"."""
    where: str
    """The subject of the message: "an argument"."""

    def __str__(self) -> str:
        return f"{self.where} {self.what}; expected numbers, arrays, or lists, tuples and dicts of them"


@dataclass
class DeadProcessError(StudentError):
    """Raised if the process in which the notebook runs has ended."""

    how: str
    """How the process ended, as a sentence on "it": "it ended Python itself"."""

    def __str__(self) -> str:
        return self.how


class CallTimeoutError(BaseException):
    """Raised in a student's code at its time limit. Not an Exception, because that code may catch those."""


@dataclass(frozen=True)
class Call:
    """The side effects of a call of a student's function."""

    args: tuple[Any, ...]
    """The positional arguments after the call, with the function's changes."""
    kwargs: dict[str, Any]
    """The keyword arguments after the call, with the function's changes."""
    stdout: str
    """The text that the call printed."""


@dataclass(frozen=True)
class Axes:
    """The title, labels and lines of one plot of a figure."""

    title: str
    xlabel: str
    ylabel: str
    lines: tuple[tuple[np.ndarray[Any, Any], np.ndarray[Any, Any]], ...]
    """The x and y coordinates of each line, each of shape (n,)."""


@dataclass(frozen=True)
class Figure:
    """The plots of a figure that a task's cell draws."""

    axes: tuple[Axes, ...]


class Function(Protocol):
    """A student's function; each call looks up its name again.

    A call copies the arguments and the result, and raises the function's exceptions with their own types. Raises
    MissingNameError, NotCallableError or NotPlainError if there is no such function or its result can't cross the port.
    """

    @property
    def last(self) -> Call | None:
        """The side effects of the latest call, also if it raised; None before the first call."""

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        """Return a copy of the function's result."""


class Handle:
    """An object that stays in the student's notebook.

    A hidden test can call its methods, and read and set its attributes. Comparisons, truth value and conversion to an
    array raise TypeError.
    """

    def call(self, method: str, *args: Any, **kwargs: Any) -> Any:
        """Call a method and return a copy of its result."""
        raise NotImplementedError

    def value(self, attribute: str) -> Any:
        """Return a copy of an attribute."""
        raise NotImplementedError

    def set(self, attribute: str, value: Any) -> None:
        """Set an attribute to a copy of a value."""
        raise NotImplementedError

    def _refuse(self, *_: object, **__: object) -> NoReturn:
        """Raise TypeError."""
        raise TypeError("a handle stands for a student's object: ask it with call() and value()")

    __eq__ = __ne__ = __lt__ = __le__ = __gt__ = __ge__ = _refuse
    __bool__ = __len__ = __iter__ = __float__ = __int__ = __array__ = _refuse
    __hash__ = None  # type: ignore[assignment]  # a key of a dict must be comparable


class Rerun(Protocol):
    """The values of a task's cell that has run again."""

    def value(self, name: str) -> Any:
        """Return a copy of the name's value at the end of the cell. Raises MissingNameError or NotPlainError.

        If a statement of the cell raises, the next statements still run. For a name that the exception kept from being
        assigned, this method raises that exception. If a `raise` statement or SystemExit ends the cell early, it raises
        that exception for every name that the cell had not assigned.
        """


class Student(Protocol):
    """One student's notebook after its run, as hidden tests use it."""

    def function(
        self,
        name: str,
        overrides: Mapping[str, Any] | None = None,
        stubs: str = "",
        isolated: bool = False,
    ) -> Function:
        """Return a function of the notebook.

        After a call the notebook's names have their former values, also those that the function assigns.
        overrides: values set as the notebook's globals during each call.
        stubs: code that stands in for other functions of the notebook; it runs before each call, so that this function
        can be tested although those don't work.
        isolated: whether each call runs in a fork, so that data that it keeps can't help another call; LocalKernel
        confines nothing and ignores it.
        """

    def value(self, name: str) -> Any:
        """Return a copy of a variable. Raises MissingNameError or NotPlainError."""

    def make(self, class_name: str, *args: Any, stubs: str = "", **kwargs: Any) -> Handle:
        """Return a new object of one of the student's classes. Raises MissingNameError or NotCallableError.

        stubs: code that stands in for other names of the notebook; it runs once, and its definitions hold while the
        object is made and during each call of the object.
        """

    def rerun(self, task: str, overrides: Mapping[str, Any] | None = None, stubs: str = "") -> Rerun:
        """Run the task's cell again and return its values. Raises MissingTaskError, and SyntaxError.

        The notebook's names, data and figures stay unchanged. `Rerun.value` raises the cell's exceptions, for the names
        that they kept from being assigned.
        overrides: values set as the notebook's globals during the run. stubs: as in `function`.
        """

    def source(self, task: str) -> str:
        """Return the text of the task's cell. Raises MissingTaskError."""

    def figures(self, task: str) -> tuple[Figure, ...]:
        """Return the figures that the task's cell draws, open at each show or at its end. Raises MissingTaskError."""

    def seed(self, task: str) -> int:
        """Return the seed of the task's random cases: the same for every regrade of one submission."""

    def within(self, seconds: float) -> AbstractContextManager[None]:
        """Raise CallTimeoutError in calls of the block after so many seconds; a block within another has no effect."""


def student_line(error: BaseException) -> str:
    """Return the innermost line of a student's cell in an exception's traceback; "" if there is none."""
    if hasattr(error, "student_line"):
        return str(error.student_line)
    frames = traceback.extract_tb(error.__traceback__)
    # Only frames called from this folder are student code: before it, a cell may be the hidden test.
    last_guest_frame = max(
        (i for i, frame in enumerate(frames) if frame.filename.startswith(_GUEST_FOLDER)), default=len(frames)
    )
    for frame in reversed(frames[last_guest_frame + 1 :]):
        if frame.line and ("ipykernel_" in frame.filename or frame.filename.startswith("<")):
            return frame.line
    return ""


_GUEST_FOLDER = str(Path(__file__).parent)


_TASK = "# task: "


def task_line(task: str) -> str:
    """Return the comment that the build writes into a task's cell: it marks the cell even without its metadata."""
    return f"{_TASK}{task}"


def named_task(line: str) -> str:
    """Return the task that a line of a cell names, as `task_line` writes it; white space around it is ignored.

    Return "" for any other line.
    """
    return line.strip().removeprefix(_TASK) if line.lstrip().startswith(_TASK) else ""


def seed_of(identity: str, task: str) -> int:
    """Return a seed of 64 bits that depends only on the identity of the submission and on the task."""
    return int.from_bytes(hashlib.blake2b(f"{identity}\0{task}".encode(), digest_size=8).digest(), "big")


MAX_DEPTH = 20
"""Depth of nested containers in a value."""
MAX_BYTES = 32 * 2**20
"""Bytes of all arrays and texts in a value."""
MAX_VALUES = 200_000
"""Number of values in a value, without the entries of arrays."""
MAX_BITS = 4_000
"""Bits of an integer."""
_SCALARS = (type(None), bool, int, float, complex, str, bytes)
_NUMPY_SCALARS = frozenset(np.sctypeDict.values())
_DTYPE_KINDS = "biufcUS"
"""NumPy's codes of booleans, numbers and text; objects, records and dates are not plain."""


@dataclass
class _Copier:
    """Copies a plain value; refuses containers nested deeper than MAX_DEPTH, as cycles are.

    Accepts exact types only: a subclass can lie about its content.
    """

    where: str
    """The subject of error messages."""
    depth: int = field(default=0)
    """Number of containers around the present value."""
    values: int = field(default=0)
    """Number of values so far."""
    size: int = field(default=0)
    """Bytes of arrays and texts so far."""

    def copy(self, value: Any) -> Any:
        """Return a deep copy. Raises NotPlainError."""
        kind = type(value)
        self.values += 1
        if self.values > MAX_VALUES:
            raise self._not_plain(f"more than {MAX_VALUES:,} values")
        if kind in _SCALARS:
            if kind is int and value.bit_length() > MAX_BITS:
                raise self._not_plain(f"an integer of {value.bit_length()} bits")
            self._add_size(len(value) if kind in (str, bytes) else 0)
            return value
        if kind is np.ndarray or kind in _NUMPY_SCALARS:
            if value.dtype.kind not in _DTYPE_KINDS:
                raise self._not_plain(f"an array of dtype {value.dtype}")
            self._add_size(value.nbytes)
            return value.copy() if kind in _NUMPY_SCALARS else value.copy(order="K")
        if kind not in (list, tuple, dict):
            raise self._not_plain(f"a value of type {kind.__name__}")
        if self.depth == MAX_DEPTH:
            raise self._not_plain("containers nested too deeply, or in a circle")
        self.depth += 1
        try:
            if kind is dict:
                return {self.copy(key): self.copy(item) for key, item in value.items()}
            return kind(self.copy(item) for item in value)
        finally:
            self.depth -= 1

    def _add_size(self, size: int) -> None:
        """Count the bytes of an array or a text. Raises NotPlainError above MAX_BYTES."""
        self.size += size
        if self.size > MAX_BYTES:
            raise self._not_plain(f"more than {MAX_BYTES // 2**20} MB of data")

    def _not_plain(self, what: str) -> NotPlainError:
        return NotPlainError(f"{'holds' if self.depth else 'is'} {what}", self.where)


def plain_copy(value: Any, where: str = "the value") -> Any:
    """Return a deep copy of numbers, text, arrays and plain containers of them. Raises NotPlainError for other values.

    where: the subject of the error message, such as "an argument".
    """
    return _Copier(where).copy(value)
