"""The port: `Student`, through which a hidden test reads and calls a student's work; the values it returns.

A hidden test never touches the student's namespace: it asks a `Student`, which sends each question and its plain values
to a `notebook.Notebook`. Two adapters say how, and pass one contract test: `LocalKernel` in the same process (an author
at work, nbval, plain nbgrader), `host.sandbox.Sandbox` over a socket. Runs in the grader's process, in that of the
student code and in an author's kernel.
"""

from __future__ import annotations

import hashlib
import itertools
import weakref
from collections.abc import Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from functools import cached_property
from typing import Any, NoReturn

import numpy as np

from .errors import DeadProcessError, MissingTaskError, NotPlainError
from .wire import MAX_ENCODED, TOO_MANY_BYTES, WireError, decode, encode

PROTOCOL_BROKEN = (
    "it sent the grader something that is no answer: does the code write to, or close, a file or a socket that it did "
    "not open?"
)
"""How a process ended that sent something else than a response, as a sentence on "it"."""


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


@dataclass(frozen=True)
class Response:
    """The response of a notebook to a question of the port: values, or an exception.

    A notebook gives the values encoded; an adapter decodes them.
    """

    values: Sequence[Any]
    """The values. For a call of a function, also without a result: the result; the printed text; the arguments after
    the call, or None if it didn't change them."""
    error: BaseException | None = None

    def result(self) -> Any:
        """Return the first value, or raise the exception. Raises DeadProcessError if there is neither."""
        try:
            if self.error is not None:
                raise self.error
            if not self.values:
                raise DeadProcessError(PROTOCOL_BROKEN)
            return self.values[0]
        finally:
            del self  # the exception's traceback has this frame: without this line they are a reference cycle


class Function:
    """A student's function; each call looks up its name again.

    A call copies the arguments and the result, and raises the function's exceptions with their own types. Raises
    MissingNameError, NotCallableError or NotPlainError if there is no such function or its result can't cross the port.
    """

    def __init__(self, student: Student, name: str, overrides: Mapping[str, Any], stubs: str, isolated: bool) -> None:
        self._student, self._name, self._overrides = student, name, dict(overrides)
        self._stubs, self._isolated = stubs, isolated
        self._last: tuple[bytes, str, Any] | None = None
        """The encoded arguments of the latest call, its printed text, and its arguments if it changed them."""

    @cached_property
    def _encoded_overrides(self) -> bytes:
        return encoded(self._overrides, "a given value")

    @property
    def last(self) -> Call | None:
        """The side effects of the latest call, also if it raised; None before the first call."""
        if self._last is None:
            return None
        arguments, stdout, changed = self._last
        args, kwargs = changed or decode(arguments)
        return Call(args, kwargs, stdout)

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        """Return a copy of the function's result."""
        arguments = encoded((args, kwargs), "an argument")
        values = arguments, self._encoded_overrides
        response = self._student.request("call", self._name, self._stubs, values=values, isolated=self._isolated)
        match response.values:
            case [_, str(stdout), None | (tuple(), dict()) as changed]:
                self._last = arguments, stdout, changed
        try:
            return response.result()
        finally:
            del response  # as in `Response.result`


class Handle:
    """An object that stays in the student's notebook, which keeps it under a number until the handle is deleted.

    A hidden test can call its methods, and read and set its attributes. Comparisons, truth value and conversion to an
    array raise TypeError.
    """

    def __init__(self, student: Student | None = None, number: int = 0) -> None:
        self._student, self._number = student, number
        if student is not None:
            weakref.finalize(self, student.forget, number)

    def call(self, method: str, *args: Any, **kwargs: Any) -> Any:
        """Call a method and return a copy of its result."""
        return self._request("call_method", method, values=(encoded((args, kwargs), "an argument"),))

    def value(self, attribute: str) -> Any:
        """Return a copy of an attribute."""
        return self._request("attribute", attribute)

    def set(self, attribute: str, value: Any) -> None:
        """Set an attribute to a copy of a value."""
        self._request("set_attribute", attribute, values=(encoded(value, "an argument"),))

    def _request(self, question: str, name: str, values: tuple[bytes, ...] = ()) -> Any:
        """Return the response to a question about this object. Raises NotImplementedError without a student."""
        if self._student is None:
            raise NotImplementedError
        return self._student.request(question, self._number, name, values=values).result()

    def _refuse(self, *_: object, **__: object) -> NoReturn:
        """Raise TypeError."""
        raise TypeError("a handle stands for a student's object: ask it with call() and value()")

    __eq__ = __ne__ = __lt__ = __le__ = __gt__ = __ge__ = _refuse
    __bool__ = __len__ = __iter__ = __float__ = __int__ = __array__ = _refuse
    __hash__ = None  # type: ignore[assignment]  # a key of a dict must be comparable


class Rerun:
    """The values of a task's cell that has run again; the notebook keeps them under a number."""

    def __init__(self, student: Student, number: int) -> None:
        self._student, self._number = student, number
        weakref.finalize(self, student.forget, number)

    def value(self, name: str) -> Any:
        """Return a copy of the name's value at the end of the cell. Raises MissingNameError or NotPlainError.

        If a statement of the cell raises, the next statements still run. For a name that the exception kept from being
        assigned, this method raises that exception. If a `raise` statement or SystemExit ends the cell early, it raises
        that exception for every name that the cell had not assigned.
        """
        return self._student.request("rerun_value", self._number, name).result()


class Student:
    """One student's notebook after its run, as hidden tests use it.

    Each method encodes what it asks and decodes the response. An adapter provides `_request`, `forget` and `within`.
    sources: the text of each task's cell. identity: the submission's, from which its seeds derive.
    """

    def __init__(self, sources: Mapping[str, str], identity: str = "") -> None:
        self._sources, self._identity = sources, identity
        self._numbers = itertools.count(1)

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
        return Function(self, name, overrides or {}, stubs, isolated)

    def value(self, name: str) -> Any:
        """Return a copy of a variable. Raises MissingNameError or NotPlainError."""
        return self.request("value", name).result()

    def make(self, class_name: str, *args: Any, stubs: str = "", **kwargs: Any) -> Handle:
        """Return a new object of one of the student's classes. Raises MissingNameError or NotCallableError.

        stubs: code that stands in for other names of the notebook; it runs once, and its definitions hold while the
        object is made and during each call of the object.
        """
        arguments, number = encoded((args, kwargs), "an argument"), next(self._numbers)
        self.request("make", number, class_name, stubs, values=(arguments,)).result()
        return Handle(self, number)

    def rerun(self, task: str, overrides: Mapping[str, Any] | None = None, stubs: str = "") -> Rerun:
        """Run the task's cell again and return its values. Raises MissingTaskError, and SyntaxError.

        The notebook's names, data and figures stay unchanged. `Rerun.value` raises the cell's exceptions, for the names
        that they kept from being assigned.
        overrides: values set as the notebook's globals during the run. stubs: as in `function`.
        """
        given, number = encoded(dict(overrides or {}), "a given value"), next(self._numbers)
        self.request("rerun", number, task, self.source(task), stubs, values=(given,)).result()
        return Rerun(self, number)

    def source(self, task: str) -> str:
        """Return the text of the task's cell, also if the notebook changes itself. Raises MissingTaskError."""
        try:
            return self._sources[task]
        except KeyError:
            raise MissingTaskError(task) from None

    def figures(self, task: str) -> tuple[Figure, ...]:
        """Return the figures that the task's cell draws, open at each show or at its end. Raises MissingTaskError."""
        figures = self.request("figures", task, self.source(task)).result()
        try:
            return tuple(Figure(tuple(_axes(*axes) for axes in figure)) for figure in figures)
        except (TypeError, ValueError):
            raise DeadProcessError(PROTOCOL_BROKEN) from None

    def seed(self, task: str) -> int:
        """Return the seed of the task's random cases: the same for every regrade of one submission."""
        return seed_of(self._identity, task)

    def within(self, seconds: float) -> AbstractContextManager[None]:
        """Raise CallTimeoutError in calls of the block that together compute, or wait, for more than so many seconds.

        The time in which other processes of the machine have the processor doesn't count. A block within another has no
        effect.
        """
        raise NotImplementedError

    def request(
        self, question: str, *names: str | int, values: tuple[bytes, ...] = (), isolated: bool = False
    ) -> Response:
        """Return the response of the notebook's method `handle_QUESTION(*names, *values)`, decoded.

        values: what the student's code gets to see, encoded. isolated: whether the method runs in a fork. Raises
        NotPlainError for too many bytes, DeadProcessError and CallTimeoutError.
        """
        if sum(map(len, values)) > MAX_ENCODED:
            raise NotPlainError(TOO_MANY_BYTES, "an argument")
        return self._request(question, names, values, isolated)

    def _request(
        self, question: str, names: tuple[str | int, ...], values: tuple[bytes, ...], isolated: bool
    ) -> Response:
        """Do what `request` does, as the adapter does it."""
        raise NotImplementedError

    def forget(self, number: int) -> None:
        """Release the rerun or object with this number in the notebook."""
        raise NotImplementedError


def _axes(title: str, xlabel: str, ylabel: str, lines: Any) -> Axes:
    """Return the axes that untrusted plain values describe. Raises TypeError, ValueError."""
    if not all(type(text) is str for text in (title, xlabel, ylabel)):
        raise TypeError("no text")
    return Axes(title, xlabel, ylabel, tuple((np.asarray(x), np.asarray(y)) for x, y in lines))


def seed_of(identity: str, task: str) -> int:
    """Return a seed of 64 bits that depends only on the identity of the submission and on the task."""
    return int.from_bytes(hashlib.blake2b(f"{identity}\0{task}".encode(), digest_size=8).digest(), "big")


def encoded(value: Any, where: str) -> bytes:
    """Return the bytes of a plain value. Raises NotPlainError for other values.

    where: the subject of the error message, such as "an argument".
    """
    try:
        return encode(value)
    except WireError as error:
        raise NotPlainError(str(error), where) from None
