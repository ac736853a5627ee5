"""`Sandbox`: implements the `Student` protocol for a notebook in a confined process.

Runs in the grader's process.
"""

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
    DeadProcessError,
    Figure,
    Handle,
    MissingNameError,
    MissingTaskError,
    NotCallableError,
    NotPlainError,
    StudentError,
    plain_copy,
    seed_of,
)
from autograder.sandbox.guest.wire import WireError
from autograder.sandbox.host.client import RemoteError, SandboxClient

PATIENCE = 60.0
"""Time limit of a request outside `within`, in seconds."""


class Sandbox:
    """Implements `Student` by requests to a sandbox in which the notebook has run."""

    def __init__(
        self, box: SandboxClient, sources: Mapping[str, str], identity: str = "", until: float = math.inf
    ) -> None:
        """Send requests to the sandbox `box`.

        sources: the text of each task's cell. identity: the submission's, from which its seeds derive. until: the time
        of `time.monotonic` at which all requests end.
        """
        self._client, self._sources, self._identity, self._until = box, sources, identity, until
        self._deadline: float | None = None
        self._numbers = itertools.count(1)

    def function(
        self,
        name: str,
        overrides: Mapping[str, Any] | None = None,
        stubs: str = "",
        isolated: bool = False,
    ) -> _SandboxFunction:
        """See `Student.function`."""
        return _SandboxFunction(self, name, dict(overrides or {}), stubs, isolated)

    def value(self, name: str) -> Any:
        """See `Student.value`."""
        return self.ask("value", name)

    def make(self, class_name: str, *args: Any, stubs: str = "", **kwargs: Any) -> Handle:
        """See `Student.make`."""
        args, kwargs = plain_copy(args, "an argument"), plain_copy(kwargs, "an argument")
        number = next(self._numbers)
        self.ask("make", number, class_name, stubs, args, kwargs)
        return _SandboxHandle(self, number)

    def rerun(self, task: str, overrides: Mapping[str, Any] | None = None, stubs: str = "") -> _SandboxRerun:
        """See `Student.rerun`."""
        overrides = plain_copy(dict(overrides or {}), "a given value")
        self.source(task)
        number = next(self._numbers)
        self.ask("rerun", number, task, overrides, stubs)
        return _SandboxRerun(self, number)

    def source(self, task: str) -> str:
        """See `Student.source`. Returns the submission's text, also if the notebook changes itself."""
        try:
            return self._sources[task]
        except KeyError:
            raise MissingTaskError(task) from None

    def figures(self, task: str) -> tuple[Figure, ...]:
        """See `Student.figures`."""
        self.source(task)
        figures = self.ask("figures", task)
        try:
            return tuple(Figure(tuple(_axes(*axes) for axes in figure)) for figure in figures)
        except (TypeError, ValueError):
            raise DeadProcessError("it broke what the grader talks to it by") from None

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
        """Send a request to the sandbox and return its untrusted answer.

        Raises CallTimeoutError, StudentError, and any exception that the request raises in the sandbox.
        """
        deadline = self._deadline if self._deadline is not None else time.monotonic() + PATIENCE
        try:
            return self._client.ask(operation, *arguments, deadline=min(deadline, self._until))
        except RemoteError as error:
            raise exception_of(error.described) from None
        except WireError as error:
            raise NotPlainError(f"is {error}", "an argument") from error

    def forget(self, number: int) -> None:
        """Release the rerun or object with this number in the sandbox."""
        self._client.forget(number)


def _axes(title: str, xlabel: str, ylabel: str, lines: Any) -> Axes:
    """Return the axes that untrusted data of the sandbox describes. Raises TypeError, ValueError."""
    if not all(type(text) is str for text in (title, xlabel, ylabel)):
        raise TypeError("no text")
    pairs = tuple((np.asarray(x), np.asarray(y)) for x, y in lines)
    return Axes(title, xlabel, ylabel, pairs)


class _SandboxFunction:
    """Implements `Function` by requests to the sandbox."""

    def __init__(self, sandbox: Sandbox, name: str, overrides: dict[str, Any], stubs: str, isolated: bool) -> None:
        self._sandbox, self._name, self._overrides = sandbox, name, overrides
        self._stubs, self._operation = stubs, "call_isolated" if isolated else "call"
        self._last: Call | None = None

    @property
    def last(self) -> Call | None:
        """See `Function.last`."""
        return self._last

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        args, kwargs = plain_copy(args, "an argument"), plain_copy(kwargs, "an argument")
        overrides = plain_copy(self._overrides, "a given value")
        answer = self._sandbox.ask(self._operation, self._name, overrides, self._stubs, args, kwargs)
        if type(answer) is not dict:
            raise DeadProcessError("it broke what the grader talks to it by")
        if "stdout" in answer:
            arguments, stdout = answer.get("arguments"), answer["stdout"]
            match arguments:
                case [tuple(), dict()]:
                    args, kwargs = arguments
            self._last = Call(args, kwargs, stdout if type(stdout) is str else "")
        if "raised" in answer:
            raise exception_of(answer["raised"])
        return plain_copy(answer.get("result"), f"what `{self._name}` returned")


class _SandboxHandle(Handle):
    """Implements `Handle` by requests to the sandbox, which keeps the object under a number."""

    def __init__(self, sandbox: Sandbox, number: int) -> None:
        self._sandbox, self._number = sandbox, number
        weakref.finalize(self, sandbox.forget, number)

    def call(self, method: str, *args: Any, **kwargs: Any) -> Any:
        args, kwargs = plain_copy(args, "an argument"), plain_copy(kwargs, "an argument")
        return self._sandbox.ask("method", self._number, method, args, kwargs)

    def value(self, attribute: str) -> Any:
        return self._sandbox.ask("attribute", self._number, attribute)

    def set(self, attribute: str, value: Any) -> None:
        self._sandbox.ask("set", self._number, attribute, plain_copy(value, "an argument"))


class _SandboxRerun:
    """Implements `Rerun` by requests to the sandbox, which keeps the rerun under a number."""

    def __init__(self, sandbox: Sandbox, number: int) -> None:
        self._sandbox, self._number = sandbox, number
        weakref.finalize(self, sandbox.forget, number)

    def value(self, name: str) -> Any:
        """See `Rerun.value`."""
        return self._sandbox.ask("attribute", self._number, name)


_ERRORS: Mapping[str, type[StudentError]] = {
    error.__name__: error for error in (MissingNameError, NotCallableError, MissingTaskError, NotPlainError)
}
_BUILTINS = {
    name: kind for name, kind in vars(builtins).items()
    if isinstance(kind, type) and (issubclass(kind, Exception) or kind is SystemExit)
}  # fmt: skip
"""Exceptions that keep their own type. KeyboardInterrupt does not: it would stop the grader."""
_MAX_TEXT = 2_000
"""Characters of an exception's text that are kept."""


def exception_of(described: Any) -> BaseException:
    """Return the exception that untrusted data of the sandbox describes.

    A built-in or port exception keeps its type if it can be made again with the same text; any other gets a new class
    with the described name and the first built-in base. Invalid fields are ignored.
    """
    fields = described if type(described) is dict else {}
    name, text, line = (_text(fields.get(key)) for key in ("name", "text", "line"))
    if not name.isidentifier() or len(name) > 100:
        name = "Exception"
    error = _rebuild_exception(name, fields.get("args"), text) if fields.get("known") is True else None
    if error is None:
        bases = fields.get("bases")
        known_bases = [
            base for base in (bases if type(bases) is list else []) if type(base) is str and base in _BUILTINS
        ]
        base = _BUILTINS[known_bases[0]] if known_bases else Exception
        error = type(name, (base,), {"__init__": lambda self: None, "__str__": lambda self: text})()
    vars(error)["student_line"] = line
    return error


def _text(value: Any) -> str:
    """Return at most _MAX_TEXT characters of a text; "" for any other value."""
    return value[:_MAX_TEXT] if type(value) is str else ""


def _rebuild_exception(name: str, arguments: Any, text: str) -> BaseException | None:
    """Return a built-in exception or one of the port's; None if it can't be made with these arguments and this text."""
    error: BaseException
    try:
        if name in _ERRORS and type(arguments) is dict:
            if not all(type(field) is str for field in arguments.values()):
                return None
            error = _ERRORS[name](**arguments)
        elif name in _BUILTINS and type(arguments) is tuple:
            error = _BUILTINS[name](*arguments)
        else:
            return None
        return error if str(error)[:_MAX_TEXT] == text else None
    except Exception:
        return None
