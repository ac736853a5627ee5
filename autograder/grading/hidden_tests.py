"""Runs hidden tests in the trusted worker process, which holds the reference.

Student code never runs here: hidden tests call it in its sandbox, through `student`.
"""

from __future__ import annotations

import ast
import contextlib
import io
import signal
import threading
import traceback
import warnings
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from types import CodeType
from typing import Any

import numpy as np
from IPython.core.inputtransformer2 import TransformerManager

from autograder import student
from autograder.checks.score import Score

SECONDS = 300.0
"""Seconds that one hidden test may take altogether; each call of student code has a shorter limit of its own."""


class _TimeIsOver(BaseException):
    """Raised in a hidden test at its time limit. Not an Exception, because checks catch those of student code."""


@dataclass(frozen=True)
class HiddenTestResult:
    """The result of a hidden test."""

    score: Score | None
    """None where the test ended without one; then a person has to review the cell."""
    message: str
    """The text that the test printed for the student."""
    problem: str = ""
    """A traceback or a sentence on a fault of the test itself, for the instructor; empty otherwise."""


class HiddenTests:
    """The namespace of one notebook's locked cells, in which its hidden tests run."""

    def __init__(self) -> None:
        self._namespace: dict[str, Any] = {"__name__": "__main__"}

    def define(self, source: str) -> None:
        """Run a locked cell; stop at the first statement that needs the student's names."""
        with contextlib.suppress(Exception), _quiet():
            for code in _compiled(source):
                exec(code, self._namespace)

    def score(self, source: str, asked: student.Student) -> HiddenTestResult:
        """Run a hidden test in a copy of the namespace, with `student` bound to a submission."""
        namespace, value = dict(self._namespace), None
        with _quiet() as printed:
            try:
                with student.bound(asked), _limited(SECONDS):
                    *statements, last = _compiled(source)
                    for code in statements:
                        exec(code, namespace)
                    value = eval(last, namespace)
            # A fault of the test, or a value of the submission that it can't handle: a person has to review it.
            except (Exception, SystemExit, student.CallTimeoutError, _TimeIsOver):
                return HiddenTestResult(None, printed.getvalue(), traceback.format_exc(limit=-8))
        if not isinstance(value, Score):
            return HiddenTestResult(
                None, printed.getvalue(), f"the hidden test ends in {type(value).__name__}, not in a score"
            )
        return HiddenTestResult(value, printed.getvalue())


@lru_cache(maxsize=512)
def _compiled(source: str) -> tuple[CodeType, ...]:
    """Return the code of a cell's statements; the last is an expression if the cell ends in one."""
    tree = ast.parse(TransformerManager().transform_cell(source))
    codes = []
    for number, statement in enumerate(tree.body, start=1):
        if number == len(tree.body) and isinstance(statement, ast.Expr):
            codes.append(compile(ast.Expression(statement.value), "<hidden test>", "eval", dont_inherit=True))
        else:
            codes.append(compile(ast.Module([statement], []), "<hidden test>", "exec", dont_inherit=True))
    return tuple(codes)


@contextlib.contextmanager
def _quiet() -> Iterator[io.StringIO]:
    """Capture printed text and silence warnings: numbers of a submission may overflow in any computation."""
    with (
        contextlib.redirect_stdout(io.StringIO()) as printed,
        contextlib.redirect_stderr(io.StringIO()),
        warnings.catch_warnings(),
        np.errstate(all="ignore"),
    ):
        warnings.simplefilter("ignore")
        yield printed


@contextlib.contextmanager
def _limited(seconds: float) -> Iterator[None]:
    """Raise _TimeIsOver in the block after so many seconds; only in a main thread, which signals reach."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return

    def stop(*_: object) -> None:
        raise _TimeIsOver

    before = signal.signal(signal.SIGALRM, stop)
    signal.setitimer(signal.ITIMER_REAL, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)
