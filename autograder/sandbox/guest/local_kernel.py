"""`LocalKernel`: the student's notebook and the hidden test share one kernel.

It protects neither from the other. It is for an author at work, for nbval and for plain nbgrader.
"""

from __future__ import annotations

import ast
import dis
import linecache
import signal
import threading
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager, nullcontext
from dataclasses import dataclass
from functools import lru_cache
from types import CodeType
from typing import Any

from IPython.core.getipython import get_ipython
from IPython.core.inputtransformer2 import TransformerManager

from .isolated_run import borrowed, counting, doubled, drawn, quietly

# Relative, because a sandbox loads these modules under another name: there is no `autograder` to import there.
from .port import (
    Call,
    Figure,
    Handle,
    MissingNameError,
    MissingTaskError,
    NotCallableError,
    TooSlow,
    plain,
    seed_of,
    task_line,
)


class LocalKernel:
    """A student whose notebook ran in `namespace`."""

    def __init__(self, namespace: dict[str, Any], sources: Mapping[str, str], identity: str = "") -> None:
        self._namespace = namespace
        self._sources = sources
        self._identity = identity

    @classmethod
    def of_this_kernel(cls, identity: str = "") -> LocalKernel:
        """The notebook whose kernel runs this very code. Raises RuntimeError outside IPython."""
        shell = get_ipython()
        if shell is None:
            raise RuntimeError("a hidden test runs in a notebook's kernel, or inside `with student.bound(…)`")
        # nbval runs cells that leave no history: of those, what IPython keeps for tracebacks. Otherwise the history, as
        # typed: in `In` a cell that begins with a magic is one quoted line.
        kept = ["".join(entry[2]) for name, entry in linecache.cache.items() if "ipykernel_" in name and len(entry) > 2]
        executed = _Executed([*kept, *shell.history_manager.input_hist_raw])
        return cls(shell.user_ns, executed, identity)

    def function(
        self,
        name: str,
        given: Mapping[str, Any] | None = None,
        counted: bool = False,
        stand_ins: str = "",
        apart: bool = False,
    ) -> _LocalFunction:
        """See `Student.function`."""
        return _LocalFunction(self, name, dict(given or {}), counted, stand_ins)

    def value(self, name: str) -> Any:
        """See `Student.value`."""
        return plain(self._lookup(name), f"`{name}`")

    def make(self, class_name: str, *args: Any, stand_ins: str = "", **kwargs: Any) -> Handle:
        """See `Student.make`."""
        args, kwargs = plain(args, "an argument"), plain(kwargs, "an argument")
        build = self._callable(class_name)
        replaced: dict[str, Any] = {"__name__": self._namespace.get("__name__", "__main__")}
        exec(_compiled(stand_ins, "<stand-ins>")[1], replaced)
        del replaced["__builtins__"]
        with borrowed(self._namespace, replaced), quietly():
            return _LocalHandle(self, build(*args, **kwargs), class_name, replaced)

    def rerun(self, task: str, given: Mapping[str, Any] | None = None, stand_ins: str = "") -> _LocalRun:
        """See `Student.rerun`."""
        given = plain(dict(given or {}), "a given value")
        with doubled(self._namespace), borrowed(self._namespace, given), quietly():
            exec(_compiled(stand_ins, "<stand-ins>")[1], self._namespace)
            lost, ended = self._execute_each(task)
            return _LocalRun(dict(self._namespace), lost, ended)

    def source(self, task: str) -> str:
        """See `Student.source`."""
        try:
            return self._sources[task]
        except KeyError:
            raise MissingTaskError(task) from None

    def figures(self, task: str) -> tuple[Figure, ...]:
        """See `Student.figures`."""
        with doubled(self._namespace), quietly(), drawn() as figures:
            self._execute(task)
        return tuple(figures)

    def seed(self, task: str) -> int:
        """See `Student.seed`."""
        return seed_of(self._identity, task)

    def within(self, seconds: float) -> AbstractContextManager[None]:
        """See `Student.within`. Signals reach a main thread on Unix, where kernels run their cells; else no limit."""
        return _alarm(seconds)

    def _lookup(self, name: str) -> Any:
        try:
            return self._namespace[name]
        except KeyError:
            raise MissingNameError(name) from None

    def _callable(self, name: str) -> Any:
        found = self._lookup(name)
        if not callable(found):
            raise NotCallableError(name, type(found).__name__)
        return found

    def _execute(self, task: str) -> None:
        exec(_compiled(*self._shown(task))[1], self._namespace)

    def _execute_each(self, task: str) -> tuple[dict[str, BaseException], _End | None]:
        """Run a task's statements; return by name what kept it from being assigned, and what ended the cell early.

        A statement that raises is passed over, and its names are undefined then: those that build on it raise in their
        turn, the others don't. Where a cell raises or exits on purpose, it ends.
        """
        lost: dict[str, BaseException] = {}
        made: set[str] = set()
        for statement in _statements(*self._shown(task)):
            try:
                exec(statement.code, self._namespace)
            # `exit()` raises SystemExit. Who interrupts a student's code uses another BaseException.
            except (Exception, SystemExit) as error:
                if statement.raises or isinstance(error, SystemExit):
                    return lost, _End(error, frozenset(made))
                cause = lost.get(str(error.name), error) if isinstance(error, NameError) else error
                for name in statement.names:
                    lost[name] = cause
                    self._namespace.pop(name, None)
            else:
                made |= statement.names
                lost = {name: error for name, error in lost.items() if name not in statement.names}
        return lost, None

    def _shown(self, task: str) -> tuple[str, str]:
        """A task's text, and the name of a file in which a traceback finds the line that raised."""
        file, source = f"<task {task}>", self.source(task)
        text = _compiled(source, file)[0]
        linecache.cache[file] = len(text), None, text.splitlines(keepends=True), file
        return source, file


@lru_cache
def _compiled(source: str, file: str) -> tuple[str, CodeType]:
    """A cell's text without magics, and its code. One cell runs again in many cases."""
    text = TransformerManager().transform_cell(source)
    return text, compile(text, file, "exec", dont_inherit=True)


@dataclass(frozen=True)
class _End:
    """How a cell ended before its last statement."""

    error: BaseException
    made: frozenset[str]
    """The names that were assigned by then."""


@dataclass(frozen=True)
class _Statement:
    """One statement of a cell."""

    code: CodeType
    names: frozenset[str]
    """The notebook's names that it may assign."""
    raises: bool
    """Whether it does nothing but raise, as the line that stands for a solution does."""


@lru_cache
def _statements(source: str, file: str) -> tuple[_Statement, ...]:
    """A cell's statements one by one."""
    found = []
    for statement in ast.parse(_compiled(source, file)[0]).body:
        code = compile(ast.Module([statement], []), file, "exec", dont_inherit=True)
        stored = (op.argval for op in dis.get_instructions(code) if op.opname in ("STORE_NAME", "STORE_GLOBAL"))
        found.append(_Statement(code, frozenset(stored), isinstance(statement, ast.Raise)))
    return tuple(found)


@dataclass
class _Clock:
    """One alarm at a time, whoever asks inside of what."""

    running: bool = False


_clock = _Clock()


@contextmanager
def _alarm(seconds: float) -> Iterator[None]:
    """Raise TooSlow in what runs inside when its time is over."""
    in_main = threading.current_thread() is threading.main_thread()
    if _clock.running or not in_main or not hasattr(signal, "setitimer"):
        yield
        return

    def stop(*_: object) -> None:
        if _clock.running:
            raise TooSlow

    before, _clock.running = signal.signal(signal.SIGALRM, stop), True
    # Again and again: a student's code may catch the first one.
    signal.setitimer(signal.ITIMER_REAL, seconds, 0.1)
    try:
        yield
    finally:
        _clock.running = False
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)


class _LocalFunction:
    """See `Function`."""

    def __init__(self, kernel: LocalKernel, name: str, given: dict[str, Any], counted: bool, stand_ins: str) -> None:
        self._kernel, self._name, self._given, self._counted = kernel, name, given, counted
        self._stand_ins = stand_ins
        self._last: Call | None = None

    @property
    def last(self) -> Call | None:
        """See `Function.last`."""
        return self._last

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        args, kwargs = plain(args, "an argument"), plain(kwargs, "an argument")
        given = plain(self._given, "a given value")
        function = self._kernel._callable(self._name)
        namespace, calls = self._kernel._namespace, Counter[str]()
        with borrowed(namespace, given), quietly() as caught:
            try:
                exec(_compiled(self._stand_ins, "<stand-ins>")[1], namespace)
                with counting(namespace, calls) if self._counted else nullcontext():
                    result = function(*args, **kwargs)
            finally:
                self._last = Call(args, kwargs, caught.stdout, dict(calls))
        return plain(result, f"what `{self._name}` returned")


class _LocalHandle(Handle):
    def __init__(self, kernel: LocalKernel, made: Any, class_name: str, replaced: Mapping[str, Any]) -> None:
        self._kernel, self._made, self._class_name, self._replaced = kernel, made, class_name, replaced

    def _attribute(self, name: str) -> Any:
        try:
            return getattr(self._made, name)
        except AttributeError:
            raise MissingNameError(f"{self._class_name}.{name}") from None

    def call(self, method: str, *args: Any, **kwargs: Any) -> Any:
        found = self._attribute(method)
        if not callable(found):
            raise NotCallableError(f"{self._class_name}.{method}", type(found).__name__)
        args, kwargs = plain(args, "an argument"), plain(kwargs, "an argument")
        with borrowed(self._kernel._namespace, self._replaced), quietly():
            returned = found(*args, **kwargs)
        return plain(returned, f"what `{self._class_name}.{method}` returned")

    def value(self, attribute: str) -> Any:
        return plain(self._attribute(attribute), f"`{self._class_name}.{attribute}`")

    def set(self, attribute: str, value: Any) -> None:
        value = plain(value, "an argument")
        with borrowed(self._kernel._namespace, self._replaced), quietly():
            setattr(self._made, attribute, value)


class _LocalRun:
    """See `Run`."""

    def __init__(self, namespace: dict[str, Any], lost: Mapping[str, BaseException], ended: _End | None) -> None:
        self._namespace, self._ended = namespace, ended
        # As they stand now: each time an exception is raised again its traceback grows.
        self._lost = {name: (error, error.__traceback__) for name, error in lost.items()}
        self._end = ended.error.__traceback__ if ended else None

    def value(self, name: str) -> Any:
        """See `Run.value`."""
        if name in self._lost:
            error, where = self._lost[name]
            raise error.with_traceback(where)
        if self._ended and name not in self._ended.made:
            raise self._ended.error.with_traceback(self._end)
        if name not in self._namespace:
            raise MissingNameError(name)
        return plain(self._namespace[name], f"`{name}`")


class _Executed(Mapping[str, str]):
    """The latest text of each task among the cells that a kernel has run, known by the comment the build wrote."""

    def __init__(self, history: Sequence[str]) -> None:
        self._history = history

    def __getitem__(self, task: str) -> str:
        for text in reversed(self._history):
            if task_line(task) in map(str.strip, text.splitlines()):
                return text
        raise KeyError(task)

    def __iter__(self) -> Iterator[str]:
        return iter(())

    def __len__(self) -> int:
        return 0
