"""`Notebook`: answers the questions of the port for a notebook that runs in this very process.

Runs in the process of the student code, where `server` asks it, and in an author's Jupyter kernel.
"""

from __future__ import annotations

import ast
import contextlib
import dis
import linecache
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from types import CodeType
from typing import Any

from IPython.core.inputtransformer2 import TransformerManager

# Relative, because a sandbox loads these modules as the package `guest`: `autograder` can't be imported there.
from .conversion import encode_natural
from .errors import MissingNameError, NotCallableError, NotPlainError
from .ipython import MAX_CHARACTERS
from .isolated_run import captured_output, copied_data, recorded_figures, restored_names
from .missing_modules import with_placeholders
from .port import Response, encoded
from .wire import MAX_ENCODED, WireError, decode, encode, encodes


class Notebook:
    """A notebook that has run in `namespace`, the dict of its globals.

    Each method `handle_QUESTION` returns a question's encoded response; the port's classes name the question and
    say what it returns and raises. Values come encoded, too, so that they are decoded for the student's code alone.
    """

    def __init__(self, namespace: dict[str, Any]) -> None:
        self._namespace = namespace
        self._objects: dict[int, _Object] = {}
        self._reruns: dict[int, _Rerun] = {}
        """Objects and reruns that a hidden test may use again, by the number that the port gives them."""

    def respond(self, question: str, names: Sequence[Any], values: Sequence[bytes]) -> Response:
        """Return the response to a question, with any exception that it raises."""
        try:
            response = getattr(self, f"handle_{question}")(*names, *values)
            return response if isinstance(response, Response) else Response((response,))
        except BaseException as error:
            return Response((), error)

    def forget(self, number: int) -> None:
        """Release the object or rerun with this number."""
        self._objects.pop(number, None)
        self._reruns.pop(number, None)

    def handle_value(self, name: str) -> bytes:
        """Handle `Student.value`."""
        return _encoded(self._lookup(name), f"`{name}`")

    def handle_call(self, name: str, stubs: str, arguments: bytes, overrides: bytes) -> Response:
        """Handle `Function.__call__`; the response has the call's side effects, also if it raised."""
        args, kwargs = decode(arguments)
        function = self._callable(name)
        stdout = ""
        try:
            with restored_names(self._namespace, decode(overrides)), captured_output() as captured:
                try:
                    exec(_compile_cell(stubs, "<stand-ins>")[1], self._namespace)
                    value = _encoded(function(*args, **kwargs), f"what `{name}` returned", read_iterators=True)
                finally:
                    stdout = captured.stdout[:MAX_CHARACTERS]
        except BaseException as error:
            return Response((_NONE, encode(stdout), _changed(arguments, (args, kwargs), MAX_ENCODED)), error)
        return Response((value, encode(stdout), _changed(arguments, (args, kwargs), MAX_ENCODED - len(value))))

    def handle_make(self, number: int, class_name: str, stubs: str, arguments: bytes) -> bytes:
        """Handle `Student.make`."""
        args, kwargs = decode(arguments)
        constructor = self._callable(class_name)
        stub_globals: dict[str, Any] = {"__name__": self._namespace.get("__name__", "__main__")}
        exec(_compile_cell(stubs, "<stand-ins>")[1], stub_globals)
        del stub_globals["__builtins__"]
        with restored_names(self._namespace, stub_globals), captured_output():
            self._objects[number] = _Object(constructor(*args, **kwargs), class_name, stub_globals)
        return _NONE

    def handle_call_method(self, number: int, method: str, arguments: bytes) -> bytes:
        """Handle `Handle.call`."""
        student_object = self._objects[number]
        function = student_object.attribute(method)
        if not callable(function):
            raise NotCallableError(f"{student_object.class_name}.{method}", type(function).__name__)
        args, kwargs = decode(arguments)
        with restored_names(self._namespace, student_object.stub_globals), captured_output():
            where = f"what `{student_object.class_name}.{method}` returned"
            return _encoded(function(*args, **kwargs), where, read_iterators=True)

    def handle_attribute(self, number: int, attribute: str) -> bytes:
        """Handle `Handle.value`."""
        student_object = self._objects[number]
        return _encoded(student_object.attribute(attribute), f"`{student_object.class_name}.{attribute}`")

    def handle_set_attribute(self, number: int, attribute: str, value: bytes) -> bytes:
        """Handle `Handle.set`."""
        student_object = self._objects[number]
        with restored_names(self._namespace, student_object.stub_globals), captured_output():
            setattr(student_object.instance, attribute, decode(value))
        return _NONE

    def handle_rerun(self, number: int, task: str, source: str, stubs: str, overrides: bytes) -> bytes:
        """Handle `Student.rerun`."""
        with copied_data(self._namespace), restored_names(self._namespace, decode(overrides)), captured_output():
            exec(_compile_cell(stubs, "<stand-ins>")[1], self._namespace)
            failures, early_end = self._execute_statements(source, _file_of(task, source))
            self._reruns[number] = _Rerun(dict(self._namespace), failures, early_end)
        return _NONE

    def handle_rerun_value(self, number: int, name: str) -> bytes:
        """Handle `Rerun.value`."""
        return _encoded(self._reruns[number].value(name), f"`{name}`")

    def handle_figures(self, task: str, source: str) -> bytes:
        """Handle `Student.figures`, with each figure as a list of its axes' title, x label, y label and lines."""
        with copied_data(self._namespace), captured_output(), recorded_figures() as figures:
            exec(_compile_cell(source, _file_of(task, source))[1], self._namespace)
        axes = [[(str(a.title), str(a.xlabel), str(a.ylabel), a.lines) for a in figure.axes] for figure in figures]
        return encoded(axes, "the value")

    def _lookup(self, name: str) -> Any:
        """Return the notebook's variable, not a copy. Raises MissingNameError."""
        try:
            return self._namespace[name]
        except KeyError:
            raise MissingNameError(name) from None

    def _callable(self, name: str) -> Any:
        """Return the notebook's function or class. Raises MissingNameError, NotCallableError."""
        value = self._lookup(name)
        if not callable(value):
            raise NotCallableError(name, type(value).__name__)
        return value

    def _execute_statements(self, source: str, file: str) -> tuple[dict[str, BaseException], _EarlyEnd | None]:
        """Run a cell's statements one by one. Raises SyntaxError.

        Return the exceptions by the names that they kept from being assigned, and the early end of the cell, if any. If
        a statement raises, its names become undefined and the next statement runs: statements that use these names
        raise too, others don't. A `raise` statement or SystemExit ends the cell.
        """
        failures: dict[str, BaseException] = {}
        assigned: set[str] = set()
        for statement in _statements(source, file):
            try:
                exec(statement.code, self._namespace)
            # `exit()` raises SystemExit. Other BaseExceptions interrupt the student's code from outside.
            except (Exception, SystemExit) as error:
                if statement.raises or isinstance(error, SystemExit):
                    return failures, _EarlyEnd(error, frozenset(assigned))
                # If an earlier exception left the name undefined, that exception is the cause.
                cause = failures.get(str(error.name), error) if isinstance(error, NameError) else error
                for name in statement.names:
                    failures[name] = cause
                    self._namespace.pop(name, None)
            else:
                assigned |= statement.names
                failures = {name: error for name, error in failures.items() if name not in statement.names}
        return failures, None


_NONE = encode(None)


def _encoded(value: Any, where: str, read_iterators: bool = False) -> bytes:
    """Return the bytes of a student's value, as `encode_natural` does. Raises NotPlainError.

    where: the subject of the error message, such as "what `f` returned".
    """
    try:
        return encode_natural(value, read_iterators)
    except WireError as error:
        raise NotPlainError(str(error), where) from None


def _changed(before: bytes, after: Any, most: int) -> bytes:
    """Return the encoded value, or None if these bytes encode it; also if it isn't plain or has more bytes."""
    with contextlib.suppress(WireError):
        if not encodes(before, after) and len(data := encode(after)) <= most:
            return data
    return _NONE


def _file_of(task: str, source: str) -> str:
    """Return a file name by which tracebacks find the lines of a task's cell. Raises SyntaxError."""
    file = f"<task {task}>"
    text = _compile_cell(source, file)[0]
    linecache.cache[file] = len(text), None, text.splitlines(keepends=True), file
    return file


@lru_cache
def _compile_cell(source: str, file: str) -> tuple[str, CodeType]:
    """Return a cell's text, its magics turned into Python, and its code. Raises SyntaxError.

    Cached, because a hidden test runs one cell in many cases.
    """
    text = TransformerManager().transform_cell(source)
    return text, compile(with_placeholders(ast.parse(text, file)), file, "exec", dont_inherit=True)


@dataclass(frozen=True)
class _EarlyEnd:
    """The end of a cell by a `raise` statement or SystemExit."""

    error: BaseException
    assigned: frozenset[str]
    """The names that the cell assigned before its end."""


@dataclass(frozen=True)
class _Statement:
    """One statement of a cell."""

    code: CodeType
    names: frozenset[str]
    """The notebook's names that the statement may assign."""
    raises: bool
    """True for a `raise` statement, such as the line that stands in place of a solution."""


@lru_cache
def _statements(source: str, file: str) -> tuple[_Statement, ...]:
    """Return a cell's statements. Raises SyntaxError."""
    statements = []
    for statement in with_placeholders(ast.parse(_compile_cell(source, file)[0])).body:
        code = compile(ast.Module([statement], []), file, "exec", dont_inherit=True)
        stored = (op.argval for op in dis.get_instructions(code) if op.opname in ("STORE_NAME", "STORE_GLOBAL"))
        statements.append(_Statement(code, frozenset(stored), isinstance(statement, ast.Raise)))
    return tuple(statements)


@dataclass(frozen=True)
class _Object:
    """An object of one of the notebook's classes."""

    instance: Any
    class_name: str
    stub_globals: Mapping[str, Any]
    """The names that the stubs define; they replace the notebook's in each call."""

    def attribute(self, name: str) -> Any:
        """Return an attribute of the object, not a copy. Raises MissingNameError."""
        try:
            return getattr(self.instance, name)
        except AttributeError:
            raise MissingNameError(f"{self.class_name}.{name}") from None


class _Rerun:
    """The names that a rerun left; its failures, by the names that these kept from being assigned; its early end."""

    def __init__(
        self, namespace: dict[str, Any], failures: Mapping[str, BaseException], early_end: _EarlyEnd | None
    ) -> None:
        self._namespace, self._early_end = namespace, early_end
        # Keep the present tracebacks: each time an exception is raised again its traceback grows.
        self._failures = {name: (error, error.__traceback__) for name, error in failures.items()}
        self._end_traceback = early_end.error.__traceback__ if early_end else None

    def value(self, name: str) -> Any:
        """Return a name's value, not a copy, or raise the exception that `port.Rerun.value` describes."""
        if name in self._failures:
            error, trace = self._failures[name]
            raise error.with_traceback(trace)
        if self._early_end and name not in self._early_end.assigned:
            raise self._early_end.error.with_traceback(self._end_traceback)
        if name not in self._namespace:
            raise MissingNameError(name)
        return self._namespace[name]
