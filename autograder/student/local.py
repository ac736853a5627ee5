"""`LocalKernel`: the student's notebook and the hidden test share one kernel.

It protects neither from the other. It is for an author at work, for nbval and for plain nbgrader.
"""

from __future__ import annotations

import contextlib
import io
import os
from collections.abc import Iterator, Mapping
from typing import Any

from IPython.core.getipython import get_ipython
from IPython.core.inputtransformer2 import TransformerManager

from autograder.student.port import (
    Axes,
    Call,
    Figure,
    Handle,
    MissingNameError,
    MissingTaskError,
    NotCallableError,
    NotPlainError,
    plain,
    seed_of,
    task_line,
)

IDENTITY_VARIABLE = "AUTOGRADER_IDENTITY"
"""Environment variable by which the grader tells a kernel whose submission it runs."""


class LocalKernel:
    """A student whose notebook ran in `namespace`."""

    def __init__(self, namespace: dict[str, Any], sources: Mapping[str, str], identity: str = "") -> None:
        self._namespace = namespace
        self._sources = sources
        self._identity = identity

    @classmethod
    def of_this_kernel(cls) -> LocalKernel:
        """The notebook whose kernel runs this very code. Raises RuntimeError outside IPython."""
        shell = get_ipython()
        if shell is None:
            raise RuntimeError("a hidden test runs in a notebook's kernel, or after student.bind(...)")
        return cls(shell.user_ns, _Executed(shell.user_ns["In"]), os.environ.get(IDENTITY_VARIABLE, ""))

    def function(self, name: str, given: Mapping[str, Any] | None = None) -> _LocalFunction:
        """See `Student.function`."""
        return _LocalFunction(self, name, dict(given or {}))

    def value(self, name: str) -> Any:
        """See `Student.value`."""
        return plain(self._lookup(name), f"`{name}`")

    def make(self, class_name: str, *args: Any, **kwargs: Any) -> Handle:
        """See `Student.make`."""
        made = self._callable(class_name)(*plain(args, "an argument"), **plain(kwargs, "an argument"))
        return _LocalHandle(made, class_name)

    def rerun(self, task: str, given: Mapping[str, Any] | None = None) -> _LocalRun:
        """See `Student.rerun`."""
        with self._given(given or {}, everything=True):
            self._execute(task)
            return _LocalRun(dict(self._namespace))

    def source(self, task: str) -> str:
        """See `Student.source`."""
        try:
            return self._sources[task]
        except KeyError:
            raise MissingTaskError(task) from None

    def figures(self, task: str) -> tuple[Figure, ...]:
        """See `Student.figures`."""
        import matplotlib.pyplot as plt

        before, show = set(plt.get_fignums()), plt.show
        plt.show = lambda *_, **__: None  # the inline backend's show closes every figure
        try:
            with self._given({}, everything=True):
                self._execute(task)
            drawn = sorted(set(plt.get_fignums()) - before)
            figures = tuple(_describe(plt.figure(number)) for number in drawn)
        finally:
            plt.show = show
            for number in set(plt.get_fignums()) - before:
                plt.close(number)
        return figures

    def seed(self, task: str) -> int:
        """See `Student.seed`."""
        return seed_of(self._identity, task)

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
        code = TransformerManager().transform_cell(self.source(task))
        with contextlib.redirect_stdout(io.StringIO()):
            exec(compile(code, f"<task {task}>", "exec"), self._namespace)

    @contextlib.contextmanager
    def _given(self, given: Mapping[str, Any], everything: bool = False) -> Iterator[None]:
        """Set some globals, and afterwards put all of them back as they were.

        everything: also hand out copies of the data, because a cell that runs again may change arrays in place.
        """
        before = dict(self._namespace)
        if everything:
            self._namespace.update(_copies(before))
        self._namespace.update(plain(dict(given), "a given value"))
        try:
            yield
        finally:
            for name in set(self._namespace) - set(before):
                del self._namespace[name]
            self._namespace.update(before)


class _LocalFunction:
    """See `Function`."""

    def __init__(self, kernel: LocalKernel, name: str, given: dict[str, Any]) -> None:
        self._kernel, self._name, self._given = kernel, name, given
        self._last: Call | None = None

    @property
    def last(self) -> Call | None:
        """See `Function.last`."""
        return self._last

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        args, kwargs = plain(args, "an argument"), plain(kwargs, "an argument")
        function = self._kernel._callable(self._name)
        printed = io.StringIO()
        with self._kernel._given(self._given), contextlib.redirect_stdout(printed):
            result = function(*args, **kwargs)
        self._last = Call(args, kwargs, printed.getvalue())
        return plain(result, f"what `{self._name}` returned")


class _LocalHandle(Handle):
    def __init__(self, made: Any, class_name: str) -> None:
        self._made, self._class_name = made, class_name

    def _attribute(self, name: str) -> Any:
        try:
            return getattr(self._made, name)
        except AttributeError:
            raise MissingNameError(f"{self._class_name}.{name}") from None

    def call(self, method: str, *args: Any, **kwargs: Any) -> Any:
        found = self._attribute(method)
        if not callable(found):
            raise NotCallableError(f"{self._class_name}.{method}", type(found).__name__)
        returned = found(*plain(args, "an argument"), **plain(kwargs, "an argument"))
        return plain(returned, f"what `{self._class_name}.{method}` returned")

    def value(self, attribute: str) -> Any:
        return plain(self._attribute(attribute), f"`{self._class_name}.{attribute}`")


class _LocalRun:
    """See `Run`."""

    def __init__(self, namespace: dict[str, Any]) -> None:
        self._namespace = namespace

    def value(self, name: str) -> Any:
        """See `Run.value`."""
        if name not in self._namespace:
            raise MissingNameError(name)
        return plain(self._namespace[name], f"`{name}`")


class _Executed(Mapping[str, str]):
    """The latest text of each task among the cells that a kernel has run, known by the comment the build wrote."""

    def __init__(self, history: list[str]) -> None:
        self._history = history

    def __getitem__(self, task: str) -> str:
        for text in reversed(self._history):
            if task_line(task) in text.splitlines():
                return text
        raise KeyError(task)

    def __iter__(self) -> Iterator[str]:
        return iter(())

    def __len__(self) -> int:
        return 0


def _copies(namespace: Mapping[str, Any]) -> dict[str, Any]:
    """Copies of the data in a namespace; what is no data (functions, modules) is left out, as is IPython's own."""
    copies = {}
    for name, value in namespace.items():
        if not name.startswith("_") and name not in ("In", "Out"):
            with contextlib.suppress(NotPlainError):
                copies[name] = plain(value)
    return copies


def _describe(figure: Any) -> Figure:
    return Figure(
        tuple(
            Axes(
                axes.get_title(),
                axes.get_xlabel(),
                axes.get_ylabel(),
                tuple((plain(line.get_xdata()), plain(line.get_ydata())) for line in axes.get_lines()),
            )
            for axes in figure.axes
        )
    )
