"""Calls code of a submission within a time limit, and turns whatever it raises into a `NoValue` with a message."""

from __future__ import annotations

import contextlib
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, ParamSpec, TypeVar

from autograder import student
from autograder.diagnosis import NoValue

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
    except NotImplementedError:
        return NoValue(
            "not written yet: the line that raises NotImplementedError is still there", "NotImplementedError"
        )
    except student.CallTimeoutError as error:
        return NoValue(str(error) or "it was still running after the time it has: does a loop never end?", TIMED_OUT)
    except (student.StudentError, _WrongCountError) as error:
        return NoValue(str(error), error.kind if isinstance(error, _WrongCountError) else type(error).__name__)
    # A student's code may raise any exception; `exit()` raises SystemExit. KeyboardInterrupt is the grader's own.
    except (Exception, SystemExit) as error:
        # NumPy's name for the signature that was broken tells a student nothing.
        words = re.sub(r", with gufunc signature \S+", "", str(error))
        raised = f"{type(error).__name__}: {words}".rstrip(": ")
        kind = ValueError if isinstance(error, ValueError) else type(error)
        return NoValue(f"it raised {raised}{_in_line(error)}", kind.__name__)


def _in_line(error: BaseException) -> str:
    line = student.student_line(error)
    return f", in the line `{line}`" if line else ""


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
    """Return the values that a function returned, by name. Raises where their number is another one."""
    if len(names) == 1:
        return {names[0]: returned}
    if not isinstance(returned, tuple | list) or len(returned) != len(names):
        raise _WrongCountError(names, returned)
    return dict(zip(names, returned, strict=True))
