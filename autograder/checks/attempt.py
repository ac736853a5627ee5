"""Asks for a student's work and words what comes instead of it: an exception, nothing, too many values."""

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

SECONDS = 20.0
"""How long a student's code may run when it is asked for something."""


@dataclass
class _Limit:
    """How long that is at the moment."""

    seconds: float = SECONDS


_limit = _Limit()


@contextlib.contextmanager
def time_limit(seconds: float) -> Iterator[None]:
    """Let students' code run for so long, each time it is asked inside."""
    before, _limit.seconds = _limit.seconds, seconds
    try:
        yield
    finally:
        _limit.seconds = before


def or_error(ask: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T | NoValue:
    """What asking gives, or what to tell the student about the exception it raised."""
    try:
        with student.within(_limit.seconds):
            return ask(*args, **kwargs)
    except NotImplementedError:
        return NoValue(
            "not written yet: the line that raises NotImplementedError is still there", "NotImplementedError"
        )
    except student.TooSlow:
        return NoValue("it was still running after the time it has: does a loop never end?", "TooSlow")
    except (student.StudentError, TooManyCalls, _WrongCountError) as error:
        return NoValue(str(error), error.kind if isinstance(error, _WrongCountError) else type(error).__name__)
    # A student's code may raise anything; SystemExit is what `exit()` raises. KeyboardInterrupt is the grader's own.
    except (Exception, SystemExit) as error:
        # NumPy's own name for the rule that was broken helps nobody who needs to be told.
        words = re.sub(r", with gufunc signature \S+", "", str(error))
        said = f"{type(error).__name__}: {words}".rstrip(": ")
        kind = ValueError if isinstance(error, ValueError) else type(error)
        return NoValue(f"it raised {said}{_where(error)}", kind.__name__)


def _where(error: BaseException) -> str:
    line = student.line_of(error)
    return f", in the line `{line}`" if line else ""


@dataclass
class TooManyCalls(Exception):
    """A function called another one more often than it may."""

    name: str
    calls: int
    most: int

    def __str__(self) -> str:
        allowed = f"at most {self.most}" if self.most else "none"
        return f"it called `{self.name}` {self.calls} times, allowed {'is' if self.most < 2 else 'are'} {allowed}"


@dataclass
class _WrongCountError(Exception):
    """A function returned another number of values than it should."""

    names: tuple[str, ...]
    got: Any

    @property
    def kind(self) -> str:
        return "NothingReturned" if self.got is None else "WrongCount"

    def __str__(self) -> str:
        expected = f"{len(self.names)} values, {', '.join(self.names)}"
        if self.got is None:
            return f"it returned nothing, expected {expected}: does it end in a return?"
        came = f"{len(self.got)} values" if isinstance(self.got, tuple | list) else "one value"
        return f"it returned {came}, expected {expected}"


def named(returned: Any, names: tuple[str, ...]) -> Mapping[str, Any]:
    """What a function returned, by name. Raises where it is another number of values."""
    if len(names) == 1:
        return {names[0]: returned}
    if not isinstance(returned, tuple | list) or len(returned) != len(names):
        raise _WrongCountError(names, returned)
    return dict(zip(names, returned, strict=True))
