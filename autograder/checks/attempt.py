"""Calls code of a submission within a time limit, and turns whatever it raises into a `NoValue` with a message."""

from __future__ import annotations

import contextlib
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, ParamSpec, TypeVar

import numpy as np

from autograder import student
from autograder.diagnosis import NoValue
from autograder.diagnosis.no_value import ASKS_FOR_INPUT, IN_A_DEBUGGER, NOT_WRITTEN, RAISED_ON_PURPOSE

P = ParamSpec("P")
T = TypeVar("T")

TIMEOUT = 20.0
"""Seconds for which the code of one attempt may compute, or wait, by default; see `Student.within`."""

TIMED_OUT = "TooSlow"
"""The kind of a NoValue whose code ran for longer than it may."""


@dataclass
class _Limit:
    """The limit in force."""

    seconds: float = TIMEOUT


_limit = _Limit()


@contextlib.contextmanager
def time_limit(seconds: float) -> Iterator[None]:
    """Let each attempt inside the block compute or wait for so many seconds."""
    before, _limit.seconds = _limit.seconds, seconds
    try:
        yield
    finally:
        _limit.seconds = before


def attempt(function: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T | NoValue:
    """Return what a function returns, or a NoValue with a message on what it raised; raise KeyboardInterrupt only."""
    try:
        with student.current().within(_limit.seconds):
            return function(*args, **kwargs)
    except student.CallTimeoutError as error:
        return NoValue(str(error) or "it was still running after the time it has: does a loop never end?", TIMED_OUT)
    except (student.StudentError, _WrongCountError) as error:
        return NoValue(str(error), error.kind if isinstance(error, _WrongCountError) else type(error).__name__)
    # A student's code may raise any exception; `exit()` raises SystemExit. KeyboardInterrupt is the grader's own.
    except (Exception, SystemExit) as error:
        return _described(error)


def _described(error: Exception | SystemExit) -> NoValue:
    """Return a NoValue on an exception of the submission, with the line of the student's cell that raised it."""
    line, name = student.student_line(error), type(error).__name__
    in_line = f", in the line `{line}`" if line else ""
    # A library's function, or `input`, may raise a NotImplementedError too: only the line shows that it is the stub's.
    if type(error) is NotImplementedError and "raise NotImplementedError" in line:
        return NoValue("not written yet: the line that raises NotImplementedError is still there", NOT_WRITTEN)
    if name == "StdinNotImplementedError":
        if "input(" in line:
            return NoValue(f"it asks for input, and nobody can type while it is graded{in_line}", ASKS_FOR_INPUT)
        # The line is the one after `breakpoint()`, where a debugger waits.
        return NoValue(f"it waits in a debugger, and nobody can type while it is graded{in_line}", IN_A_DEBUGGER)
    if isinstance(error, SystemExit):
        return NoValue(f"it ends the program, by `exit` or SystemExit{in_line}", name)
    raised = f"{name}: {_NOT_FOR_STUDENTS.sub('', str(error))}".rstrip(": ")
    kind = ValueError if isinstance(error, ValueError) else type(error)
    return NoValue(f"it raised {raised}{in_line}", RAISED_ON_PURPOSE if _ON_PURPOSE.search(line) else kind.__name__)


_ON_PURPOSE = re.compile(r"(?:^|[:;] ?)(?:raise|assert)\b")
_NOT_FOR_STUDENTS = re.compile(r", with gufunc signature \S+|(?: at)? 0x[0-9a-fA-F]{6,}")
"""What an exception's text loses: NumPy's name for a signature, and memory addresses, which differ at each run."""


@dataclass
class _WrongCountError(Exception):
    """A function returned another number of values than expected."""

    names: tuple[str, ...]
    returned: Any

    @property
    def kind(self) -> str:
        return "NothingReturned" if self.returned is None else "WrongCount"

    def __str__(self) -> str:
        expected = f"{len(self.names)} values, {', '.join(self.names)}"
        if self.returned is None:
            return f"it returned nothing, expected {expected}: does it end in a return?"
        actual = f"{len(self.returned)} values" if isinstance(self.returned, tuple | list) else "one value"
        return f"it returned {actual}, expected {expected}"


def values_by_name(returned: Any, names: tuple[str, ...]) -> Mapping[str, Any]:
    """Return the values that a function returned, by name; an array (n,) holds n numbers. Raises for another number."""
    if len(names) == 1:
        return {names[0]: returned}
    if isinstance(returned, np.ndarray) and returned.shape == (len(names),):
        returned = list(returned)
    if not isinstance(returned, tuple | list) or len(returned) != len(names):
        raise _WrongCountError(names, returned)
    return dict(zip(names, returned, strict=True))
