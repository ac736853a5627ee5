"""`LocalKernel`: implements the `Student` protocol for a notebook that runs in this very process.

Runs in an author's Jupyter kernel, also under nbval and plain nbgrader; there it protects the notebook and the hidden
test from each other in no way. Runs in the process of the student code too, where `server` calls it.
"""

from __future__ import annotations

import ast
import dis
import linecache
import signal
import threading
from collections.abc import Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from functools import lru_cache
from types import CodeType
from typing import Any

from IPython.core.getipython import get_ipython
from IPython.core.inputtransformer2 import TransformerManager

from .isolated_run import captured_output, copied_data, recorded_figures, restored_names

# Relative, because a sandbox loads these modules as the package `guest`: `autograder` can't be imported there.
from .port import (
    Call,
    CallTimeoutError,
    Figure,
    Handle,
    MissingNameError,
    MissingTaskError,
    NotCallableError,
    named_task,
    plain_copy,
    seed_of,
)


class LocalKernel:
    """Implements `Student` for a notebook that has run in `namespace`, the dict of its globals.

    sources: the text of each task's cell. identity: the submission's, from which its seeds derive.
    """

    def __init__(self, namespace: dict[str, Any], sources: Mapping[str, str], identity: str = "") -> None:
        self._namespace = namespace
        self._sources = sources
        self._identity = identity

    @classmethod
    def of_this_kernel(cls, identity: str = "") -> LocalKernel:
        """Return a LocalKernel of the notebook whose kernel runs this code. Raises RuntimeError outside IPython."""
        shell = get_ipython()
        if shell is None:
            raise RuntimeError("a hidden test runs in a notebook's kernel, or inside `with student.bound(…)`")
        # nbval runs cells without history: IPython keeps their texts for tracebacks only, in linecache. The history is
        # the raw one: in `In` a cell that begins with a magic is one quoted line.
        cached_cells = [
            "".join(entry[2]) for name, entry in linecache.cache.items() if "ipykernel_" in name and len(entry) > 2
        ]
        cells = _CellHistory([*cached_cells, *shell.history_manager.input_hist_raw])
        return cls(shell.user_ns, cells, identity)

    def function(
        self,
        name: str,
        overrides: Mapping[str, Any] | None = None,
        stubs: str = "",
        isolated: bool = False,
    ) -> _LocalFunction:
        """See `Student.function`."""
        return _LocalFunction(self, name, dict(overrides or {}), stubs)

    def value(self, name: str) -> Any:
        """See `Student.value`."""
        return plain_copy(self._lookup(name), f"`{name}`")

    def make(self, class_name: str, *args: Any, stubs: str = "", **kwargs: Any) -> Handle:
        """See `Student.make`."""
        args, kwargs = plain_copy(args, "an argument"), plain_copy(kwargs, "an argument")
        constructor = self._callable(class_name)
        stub_globals: dict[str, Any] = {"__name__": self._namespace.get("__name__", "__main__")}
        exec(_compile_cell(stubs, "<stand-ins>")[1], stub_globals)
        del stub_globals["__builtins__"]
        with restored_names(self._namespace, stub_globals), captured_output():
            return _LocalHandle(self, constructor(*args, **kwargs), class_name, stub_globals)

    def rerun(self, task: str, overrides: Mapping[str, Any] | None = None, stubs: str = "") -> _LocalRerun:
        """See `Student.rerun`."""
        overrides = plain_copy(dict(overrides or {}), "a given value")
        with copied_data(self._namespace), restored_names(self._namespace, overrides), captured_output():
            exec(_compile_cell(stubs, "<stand-ins>")[1], self._namespace)
            failures, early_end = self._execute_statements(task)
            return _LocalRerun(dict(self._namespace), failures, early_end)

    def source(self, task: str) -> str:
        """See `Student.source`."""
        try:
            return self._sources[task]
        except KeyError:
            raise MissingTaskError(task) from None

    def figures(self, task: str) -> tuple[Figure, ...]:
        """See `Student.figures`."""
        with copied_data(self._namespace), captured_output(), recorded_figures() as figures:
            self._execute(task)
        return tuple(figures)

    def seed(self, task: str) -> int:
        """See `Student.seed`."""
        return seed_of(self._identity, task)

    def within(self, seconds: float) -> AbstractContextManager[None]:
        """See `Student.within`. The limit needs a signal: it holds in the main thread on Unix only.

        Jupyter kernels run their cells in the main thread.
        """
        return _alarm(seconds)

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

    def _execute(self, task: str) -> None:
        """Run a task's cell. Raises MissingTaskError, SyntaxError and any exception of the cell."""
        exec(_compile_cell(*self._source_and_file(task))[1], self._namespace)

    def _execute_statements(self, task: str) -> tuple[dict[str, BaseException], _EarlyEnd | None]:
        """Run a task's statements one by one. Raises MissingTaskError, SyntaxError.

        Return the exceptions by the names that they kept from being assigned, and the early end of the cell, if any. If
        a statement raises, its names become undefined and the next statement runs: statements that use these names
        raise too, others don't. A `raise` statement or SystemExit ends the cell.
        """
        failures: dict[str, BaseException] = {}
        assigned: set[str] = set()
        for statement in _statements(*self._source_and_file(task)):
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

    def _source_and_file(self, task: str) -> tuple[str, str]:
        """Return a task's text, and a file name by which tracebacks find its lines. Raises MissingTaskError."""
        file, source = f"<task {task}>", self.source(task)
        text = _compile_cell(source, file)[0]
        linecache.cache[file] = len(text), None, text.splitlines(keepends=True), file
        return source, file


@lru_cache
def _compile_cell(source: str, file: str) -> tuple[str, CodeType]:
    """Return a cell's text, its magics turned into Python, and its code. Raises SyntaxError.

    Cached, because a hidden test runs one cell in many cases.
    """
    text = TransformerManager().transform_cell(source)
    return text, compile(text, file, "exec", dont_inherit=True)


@dataclass(frozen=True)
class _EarlyEnd:
    """The end of a cell by a `raise` statement or SystemExit."""

    error: BaseException
    made: frozenset[str]
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
    for statement in ast.parse(_compile_cell(source, file)[0]).body:
        code = compile(ast.Module([statement], []), file, "exec", dont_inherit=True)
        stored = (op.argval for op in dis.get_instructions(code) if op.opname in ("STORE_NAME", "STORE_GLOBAL"))
        statements.append(_Statement(code, frozenset(stored), isinstance(statement, ast.Raise)))
    return tuple(statements)


@dataclass
class _Clock:
    """The state of the process's alarm: of nested time limits only the outermost sets it."""

    running: bool = False


_clock = _Clock()


@contextmanager
def _alarm(seconds: float) -> Iterator[None]:
    """Raise CallTimeoutError in the block after so many seconds.

    Sets no alarm inside another one, outside the main thread, and where the system has no `setitimer`.
    """
    in_main_thread = threading.current_thread() is threading.main_thread()
    if _clock.running or not in_main_thread or not hasattr(signal, "setitimer"):
        yield
        return

    def stop(*_: object) -> None:
        if _clock.running:
            raise CallTimeoutError

    before, _clock.running = signal.signal(signal.SIGALRM, stop), True
    # Repeat every 0.1 seconds: a student's code may catch the first exception.
    signal.setitimer(signal.ITIMER_REAL, seconds, 0.1)
    try:
        yield
    finally:
        _clock.running = False
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)


class _LocalFunction:
    """Implements `Function` for a LocalKernel."""

    def __init__(self, kernel: LocalKernel, name: str, overrides: dict[str, Any], stubs: str) -> None:
        self._kernel, self._name, self._overrides, self._stubs = kernel, name, overrides, stubs
        self._last: Call | None = None

    @property
    def last(self) -> Call | None:
        """See `Function.last`."""
        return self._last

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        args, kwargs = plain_copy(args, "an argument"), plain_copy(kwargs, "an argument")
        overrides = plain_copy(self._overrides, "a given value")
        function = self._kernel._callable(self._name)
        namespace = self._kernel._namespace
        with restored_names(namespace, overrides), captured_output() as captured:
            try:
                exec(_compile_cell(self._stubs, "<stand-ins>")[1], namespace)
                result = function(*args, **kwargs)
            finally:
                self._last = Call(args, kwargs, captured.stdout)
        return plain_copy(result, f"what `{self._name}` returned")


class _LocalHandle(Handle):
    """Implements `Handle` for an object of this process.

    stub_globals: the names that the stubs define; they replace the notebook's in each call.
    """

    def __init__(self, kernel: LocalKernel, instance: Any, class_name: str, stub_globals: Mapping[str, Any]) -> None:
        self._kernel, self._instance, self._class_name, self._stub_globals = kernel, instance, class_name, stub_globals

    def _attribute(self, name: str) -> Any:
        """Return an attribute of the object, not a copy. Raises MissingNameError."""
        try:
            return getattr(self._instance, name)
        except AttributeError:
            raise MissingNameError(f"{self._class_name}.{name}") from None

    def call(self, method: str, *args: Any, **kwargs: Any) -> Any:
        function = self._attribute(method)
        if not callable(function):
            raise NotCallableError(f"{self._class_name}.{method}", type(function).__name__)
        args, kwargs = plain_copy(args, "an argument"), plain_copy(kwargs, "an argument")
        with restored_names(self._kernel._namespace, self._stub_globals), captured_output():
            result = function(*args, **kwargs)
        return plain_copy(result, f"what `{self._class_name}.{method}` returned")

    def value(self, attribute: str) -> Any:
        return plain_copy(self._attribute(attribute), f"`{self._class_name}.{attribute}`")

    def set(self, attribute: str, value: Any) -> None:
        value = plain_copy(value, "an argument")
        with restored_names(self._kernel._namespace, self._stub_globals), captured_output():
            setattr(self._instance, attribute, value)


class _LocalRerun:
    """Implements `Rerun` with the names that the cell left, its failures by name, and its early end, if any."""

    def __init__(
        self, namespace: dict[str, Any], failures: Mapping[str, BaseException], early_end: _EarlyEnd | None
    ) -> None:
        self._namespace, self._early_end = namespace, early_end
        # Keep the present tracebacks: each time an exception is raised again its traceback grows.
        self._failures = {name: (error, error.__traceback__) for name, error in failures.items()}
        self._end_traceback = early_end.error.__traceback__ if early_end else None

    def value(self, name: str) -> Any:
        """See `Rerun.value`."""
        if name in self._failures:
            error, trace = self._failures[name]
            raise error.with_traceback(trace)
        if self._early_end and name not in self._early_end.made:
            raise self._early_end.error.with_traceback(self._end_traceback)
        if name not in self._namespace:
            raise MissingNameError(name)
        return plain_copy(self._namespace[name], f"`{name}`")


class _CellHistory(Mapping[str, str]):
    """Maps each task to the text of its latest cell in a kernel's history, found by the comment that the build writes.

    Supports look-up only: iteration yields no task, and the length is 0.
    """

    def __init__(self, history: Sequence[str]) -> None:
        self._history = history

    def __getitem__(self, task: str) -> str:
        for text in reversed(self._history):
            if task in map(named_task, text.splitlines()):
                return text
        raise KeyError(task)

    def __iter__(self) -> Iterator[str]:
        return iter(())

    def __len__(self) -> int:
        return 0
