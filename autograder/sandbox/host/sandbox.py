"""`Sandbox`: the port of a notebook in a confined process.

Runs in the grader's process.
"""

from __future__ import annotations

import builtins
import contextlib
import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from autograder.sandbox.guest.errors import (
    MissingNameError,
    MissingTaskError,
    NotCallableError,
    NotPlainError,
    StoppedCellError,
    StudentError,
)
from autograder.sandbox.guest.port import Response, Student
from autograder.sandbox.guest.wire import TOO_MANY_BYTES, WireError
from autograder.sandbox.host.client import SandboxClient
from autograder.sandbox.host.time_limit import TimeLimit

REQUEST_SECONDS = 60.0
"""Time limit of a request outside `within`, in seconds; see `TimeLimit`."""


class Sandbox(Student):
    """A student whose notebook has run in a sandbox."""

    def __init__(
        self, box: SandboxClient, sources: Mapping[str, str], identity: str = "", limits: Sequence[TimeLimit] = (),
        stopped: Mapping[str, str] | None = None,
    ) -> None:  # fmt: skip
        """Send requests to the sandbox `box`.

        limits: those that all requests count for. stopped: how the cell stopped that would have defined a name, by
        names; see `StoppedCellError`.
        """
        super().__init__(sources, identity)
        self._client, self._limits, self._stopped = box, tuple(limits), stopped or {}
        self._limit: TimeLimit | None = None

    @contextlib.contextmanager
    def within(self, seconds: float) -> Iterator[None]:
        """See `Student.within`."""
        if self._limit is not None:
            yield
            return
        self._limit = TimeLimit(seconds)
        try:
            yield
        finally:
            self._limit = None

    def _request(
        self, question: str, names: tuple[str | int, ...], values: tuple[bytes, ...], isolated: bool
    ) -> Response:
        limits = (self._limit or TimeLimit(REQUEST_SECONDS), *self._limits)
        try:
            described, decoded = self._client.request(question, names, values, isolated, limits)
        except WireError as error:
            raise NotPlainError(TOO_MANY_BYTES, "an argument") from error
        return Response(tuple(decoded), None if described is None else self._cause_of(exception_of(described)))

    def _cause_of(self, error: BaseException) -> BaseException:
        """Return a StoppedCellError for an exception about a name that a stopped cell would have defined, or itself."""
        match = _UNDEFINED.match(str(error)) if isinstance(error, NameError) else None
        name = match[1] if match else error.name if isinstance(error, MissingNameError) else ""
        return StoppedCellError(name, self._stopped[name]) if name in self._stopped else error

    def forget(self, number: int) -> None:
        """See `Student.forget`."""
        self._client.forget(number)


_UNDEFINED = re.compile(r"name '(\w{1,100})' is not defined")
"""Matches the text of Python's NameError."""
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
