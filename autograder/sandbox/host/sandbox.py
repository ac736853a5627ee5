"""`Sandbox`: the adapter of the `student` port whose notebook runs in another process, confined."""

from __future__ import annotations

import builtins
import contextlib
import itertools
import math
import time
import weakref
from collections.abc import Iterator, Mapping
from typing import Any

import numpy as np

from autograder.sandbox.guest.port import (
    Axes,
    Call,
    EndedError,
    Figure,
    Handle,
    MissingNameError,
    MissingTaskError,
    NotCallableError,
    NotPlainError,
    StudentError,
    TooSlow,
    plain,
    seed_of,
)
from autograder.sandbox.guest.wire import WireError
from autograder.sandbox.host.client import Box, Ended, Late, Raised

PATIENCE = 60.0
"""Seconds that a question may take where nobody says how long."""


class Sandbox:
    """A student whose notebook ran in a sandbox."""

    def __init__(self, box: Box, sources: Mapping[str, str], identity: str = "", until: float = math.inf) -> None:
        """The notebook that ran in a box. until: when, by `time.monotonic`, all questions are too late."""
        self._box, self._sources, self._identity, self._until = box, sources, identity, until
        self._deadline: float | None = None
        self._numbers = itertools.count(1)

    def function(
        self,
        name: str,
        given: Mapping[str, Any] | None = None,
        counted: bool = False,
        stand_ins: str = "",
        apart: bool = False,
    ) -> _Function:
        """See `Student.function`."""
        return _Function(self, name, dict(given or {}), counted, stand_ins, apart)

    def value(self, name: str) -> Any:
        """See `Student.value`."""
        return self.ask("value", name)

    def make(self, class_name: str, *args: Any, stand_ins: str = "", **kwargs: Any) -> Handle:
        """See `Student.make`."""
        args, kwargs = plain(args, "an argument"), plain(kwargs, "an argument")
        number = next(self._numbers)
        self.ask("make", number, class_name, stand_ins, args, kwargs)
        return _Object(self, number)

    def rerun(self, task: str, given: Mapping[str, Any] | None = None, stand_ins: str = "") -> _Run:
        """See `Student.rerun`."""
        given = plain(dict(given or {}), "a given value")
        self.source(task)
        number = next(self._numbers)
        self.ask("rerun", number, task, given, stand_ins)
        return _Run(self, number)

    def source(self, task: str) -> str:
        """See `Student.source`. It is the text that was handed in, whatever the notebook made of itself."""
        try:
            return self._sources[task]
        except KeyError:
            raise MissingTaskError(task) from None

    def figures(self, task: str) -> tuple[Figure, ...]:
        """See `Student.figures`."""
        self.source(task)
        drawn = self.ask("figures", task)
        try:
            return tuple(Figure(tuple(_axes(*axes) for axes in figure)) for figure in drawn)
        except (TypeError, ValueError):
            raise EndedError("it broke what the grader talks to it by") from None

    def seed(self, task: str) -> int:
        """See `Student.seed`."""
        return seed_of(self._identity, task)

    @contextlib.contextmanager
    def within(self, seconds: float) -> Iterator[None]:
        """See `Student.within`."""
        if self._deadline is not None:
            yield
            return
        self._deadline = time.monotonic() + seconds
        try:
            yield
        finally:
            self._deadline = None

    def ask(self, operation: str, *arguments: Any) -> Any:
        """Ask the sandbox, and turn what goes wrong there into what a hidden test knows.

        Raises TooSlow, StudentError, and what was raised there.
        """
        deadline = self._deadline if self._deadline is not None else time.monotonic() + PATIENCE
        try:
            return self._box.ask(operation, *arguments, deadline=min(deadline, self._until))
        except Ended as error:
            raise EndedError(error.how) from None
        except Late:
            raise TooSlow from None
        except Raised as error:
            raise exception_of(error.described) from None
        except WireError as error:
            raise NotPlainError(f"is {error}", "an argument") from error

    def forget(self, number: int) -> None:
        """Let go of what stands there under a number."""
        self._box.forget(number)


def _axes(title: str, xlabel: str, ylabel: str, lines: Any) -> Axes:
    if not all(type(text) is str for text in (title, xlabel, ylabel)):
        raise TypeError("no text")
    pairs = tuple((np.asarray(x), np.asarray(y)) for x, y in lines)
    return Axes(title, xlabel, ylabel, pairs)


class _Function:
    """See `Function`."""

    def __init__(
        self, sandbox: Sandbox, name: str, given: dict[str, Any], counted: bool, stand_ins: str, apart: bool
    ) -> None:
        self._sandbox, self._name, self._given, self._counted = sandbox, name, given, counted
        self._stand_ins, self._operation = stand_ins, "call_apart" if apart else "call"
        self._last: Call | None = None

    @property
    def last(self) -> Call | None:
        """See `Function.last`."""
        return self._last

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        args, kwargs = plain(args, "an argument"), plain(kwargs, "an argument")
        given = plain(self._given, "a given value")
        answer = self._sandbox.ask(self._operation, self._name, given, self._counted, self._stand_ins, args, kwargs)
        if type(answer) is not dict:
            raise EndedError("it broke what the grader talks to it by")
        if "stdout" in answer:
            left, stdout = answer.get("arguments"), answer["stdout"]
            match left:
                case [tuple(), dict()]:
                    args, kwargs = left
            self._last = Call(args, kwargs, stdout if type(stdout) is str else "", _counts(answer.get("calls")))
        if "raised" in answer:
            raise exception_of(answer["raised"])
        return plain(answer.get("result"), f"what `{self._name}` returned")


def _counts(calls: Any) -> Mapping[str, int]:
    if type(calls) is not dict:
        return {}
    return {name: count for name, count in calls.items() if type(name) is str and type(count) is int}


class _Object(Handle):
    def __init__(self, sandbox: Sandbox, number: int) -> None:
        self._sandbox, self._number = sandbox, number
        weakref.finalize(self, sandbox.forget, number)

    def call(self, method: str, *args: Any, **kwargs: Any) -> Any:
        args, kwargs = plain(args, "an argument"), plain(kwargs, "an argument")
        return self._sandbox.ask("method", self._number, method, args, kwargs)

    def value(self, attribute: str) -> Any:
        return self._sandbox.ask("attribute", self._number, attribute)

    def set(self, attribute: str, value: Any) -> None:
        self._sandbox.ask("set", self._number, attribute, plain(value, "an argument"))


class _Run:
    """See `Run`."""

    def __init__(self, sandbox: Sandbox, number: int) -> None:
        self._sandbox, self._number = sandbox, number
        weakref.finalize(self, sandbox.forget, number)

    def value(self, name: str) -> Any:
        """See `Run.value`."""
        return self._sandbox.ask("attribute", self._number, name)


_ERRORS: Mapping[str, type[StudentError]] = {
    error.__name__: error for error in (MissingNameError, NotCallableError, MissingTaskError, NotPlainError)
}
_BUILTINS = {
    name: kind for name, kind in vars(builtins).items()
    if isinstance(kind, type) and (issubclass(kind, Exception) or kind is SystemExit)
}  # fmt: skip
"""Exceptions that come back as themselves. KeyboardInterrupt does not: here it would stop whoever grades."""
_LONGEST = 2_000


def exception_of(described: Any) -> BaseException:
    """The exception that a sandbox says was raised there, as far as it makes sense."""
    said = described if type(described) is dict else {}
    name, text, line = (_text(said.get(key)) for key in ("name", "text", "line"))
    if not name.isidentifier() or len(name) > 100:
        name = "Exception"
    error = _known(name, said.get("args"), text) if said.get("known") is True else None
    if error is None:
        bases = said.get("bases")
        known = [one for one in (bases if type(bases) is list else []) if type(one) is str and one in _BUILTINS]
        base = _BUILTINS[known[0]] if known else Exception
        error = type(name, (base,), {"__init__": lambda self: None, "__str__": lambda self: text})()
    vars(error)["student_line"] = line
    return error


def _text(value: Any) -> str:
    return value[:_LONGEST] if type(value) is str else ""


def _known(name: str, arguments: Any, text: str) -> BaseException | None:
    """One of Python's own exceptions, or of the port's; None where it can't be made again with that text."""
    made: BaseException
    try:
        if name in _ERRORS and type(arguments) is dict:
            if not all(type(field) is str for field in arguments.values()):
                return None
            made = _ERRORS[name](**arguments)
        elif name in _BUILTINS and type(arguments) is tuple:
            made = _BUILTINS[name](*arguments)
        else:
            return None
        return made if str(made)[:_LONGEST] == text else None
    except Exception:
        return None
