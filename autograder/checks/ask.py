"""Asks for a student's work and words what comes instead of it: an exception, nothing, too many values."""

from __future__ import annotations

import traceback
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, ParamSpec, TypeVar

from autograder import student

P = ParamSpec("P")
T = TypeVar("T")

_PORT = str(Path(student.__file__).parent)


@dataclass(frozen=True)
class Raised:
    """In place of a value: asking for it raised."""

    verdict: str


def or_error(ask: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T | Raised:
    """What asking gives, or what to tell the student about the exception it raised."""
    try:
        return ask(*args, **kwargs)
    except NotImplementedError:
        return Raised("not written yet: the line that raises NotImplementedError is still there")
    except student.StudentError as error:
        return Raised(str(error))
    except _WrongCountError as error:
        return Raised(str(error))
    # A student's code may raise anything; SystemExit is what `exit()` raises. KeyboardInterrupt is the grader's own.
    except (Exception, SystemExit) as error:
        said = f"{type(error).__name__}: {error}".rstrip(": ")
        return Raised(f"it raised {said}{_where(error)}")


def _where(error: BaseException) -> str:
    """The line of the student's own cell that the exception passed last; none where it never reached one."""
    frames = traceback.extract_tb(error.__traceback__)
    # Below the port it is the student's code; above it, a cell may be the hidden test.
    port = max((i for i, frame in enumerate(frames) if frame.filename.startswith(_PORT)), default=len(frames))
    for frame in reversed(frames[port + 1 :]):
        if frame.line and ("ipykernel_" in frame.filename or frame.filename.startswith("<")):
            return f", in the line `{frame.line}`"
    return ""


@dataclass
class _WrongCountError(Exception):
    """A function returned another number of values than it should."""

    names: tuple[str, ...]
    got: Any

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
