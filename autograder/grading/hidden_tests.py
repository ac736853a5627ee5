"""Run hidden tests in the worker process, where the reference and the checks are, outside the sandbox.

A hidden test reaches the student's notebook only through an adapter of the `Student` protocol.
"""

from __future__ import annotations

import ast
import contextlib
import io
import math
import signal
import threading
import time
import traceback
import warnings
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import lru_cache
from types import CodeType
from typing import Any

import numpy as np

from autograder import student
from autograder.cell_code import as_python, tree_or_empty
from autograder.checks.message import render
from autograder.checks.score import Score

SECONDS = 300.0
"""Processor time that one hidden test may take in this process, in seconds; student code has limits of its own."""


class _HiddenTestTimeoutError(BaseException):
    """Raised in a hidden test at its time limit. Not an Exception, because checks catch those of student code."""


@dataclass(frozen=True)
class HiddenTestResult:
    """The result of a hidden test: a score, or the problem that prevented one."""

    score: Score | None
    """None if the hidden test failed to give a score; the cell then needs manual review."""
    message: str
    """The output of the hidden test, for the student."""
    problem: str = ""
    """Why the hidden test itself failed, for the instructor; "" if it did not."""
    own_maximum: float | None = None
    """The maximum of the hidden test's own score if its cell counts other points; else None."""

    def scaled_to(self, maximum: float) -> HiddenTestResult:
        """Return the result with its score, and the message that the score gave, scaled to this maximum."""
        if self.score is None or math.isclose(self.score.maximum, maximum, abs_tol=1e-6):
            return self
        scaled = self.score.scaled_to(maximum)
        message = self.message.replace(render(self.score), render(scaled)) if self.score.lines else self.message
        return replace(self, score=scaled, message=message, own_maximum=self.score.maximum)


class HiddenTests:
    """The namespace in which one notebook's hidden tests run: the names that its locked cells define."""

    def __init__(self) -> None:
        self._namespace: dict[str, Any] = {"__name__": "__main__"}

    def define(self, source: str) -> None:
        """Run a locked cell up to its first exception, which is ignored: the cell may need names of the student's.

        Magics and shell commands are left out: they are for the student's process.
        """
        with contextlib.suppress(Exception), _captured_stdout():
            for code in _compile_cell(source, without_magics=True):
                exec(code, self._namespace)

    def score(self, source: str, asked: student.Student) -> HiddenTestResult:
        """Run a hidden test in a copy of the namespace, and return its result.

        source: the hidden test's code; it must end in an expression whose value is a Score. asked: the adapter to the
        student's notebook. An exception of the hidden test, and its time limit of SECONDS, become the result's problem.
        """
        namespace, value = dict(self._namespace), None
        with _captured_stdout() as stdout:
            try:
                with student.bound(asked), _time_limit(SECONDS):
                    *statements, last = _compile_cell(source)
                    for code in statements:
                        exec(code, namespace)
                    value = eval(last, namespace)
            # A mistake in the hidden test, or a value of the student's that it does not handle: needs manual review.
            except (Exception, SystemExit, student.CallTimeoutError, _HiddenTestTimeoutError):
                return HiddenTestResult(None, stdout.getvalue(), traceback.format_exc(limit=-8))
        if not isinstance(value, Score):
            return HiddenTestResult(
                None, stdout.getvalue(), f"the hidden test ends in {type(value).__name__}, not in a score"
            )
        return HiddenTestResult(value, stdout.getvalue())


@lru_cache(maxsize=512)
def _compile_cell(source: str, without_magics: bool = False) -> tuple[CodeType, ...]:
    """Return a cell's compiled statements, the last one as an expression if it is one. Raises SyntaxError.

    Cached, because the submissions of a class share their tests. without_magics: leave out statements with magics and
    shell commands, but not the body of `%%time`.
    """
    tree = tree_or_empty(source) if without_magics else ast.parse(as_python(source))
    body = [statement for statement in tree.body if not (without_magics and _has_magic(statement))]
    codes = []
    for number, statement in enumerate(body, start=1):
        if number == len(body) and isinstance(statement, ast.Expr):
            codes.append(compile(ast.Expression(statement.value), "<hidden test>", "eval", dont_inherit=True))
        else:
            codes.append(compile(ast.Module([statement], []), "<hidden test>", "exec", dont_inherit=True))
    return tuple(codes)


def _has_magic(statement: ast.stmt) -> bool:
    """True if a statement has a magic or a shell command that runs with it, not only when a function is called."""
    if isinstance(statement, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
        return False
    return any(isinstance(node, ast.Name) and node.id == "get_ipython" for node in ast.walk(statement))


@contextlib.contextmanager
def _captured_stdout() -> Iterator[io.StringIO]:
    """Yield a buffer that receives the block's stdout; discard its stderr and warnings.

    NumPy's floating-point errors are ignored, because a student's values may overflow in any computation.
    """
    with (
        contextlib.redirect_stdout(io.StringIO()) as stdout,
        contextlib.redirect_stderr(io.StringIO()),
        warnings.catch_warnings(),
        np.errstate(all="ignore"),
    ):
        warnings.simplefilter("ignore")
        yield stdout


@contextlib.contextmanager
def _time_limit(seconds: float) -> Iterator[None]:
    """Raise _HiddenTestTimeoutError in the block after so much processor time; no limit outside the main thread.

    Only the main thread can receive signals.
    """
    if threading.current_thread() is not threading.main_thread():
        yield
        return

    end = time.process_time() + seconds

    def stop(*_: object) -> None:
        """Handle SIGALRM. Raises _HiddenTestTimeoutError."""
        if time.process_time() >= end:
            raise _HiddenTestTimeoutError

    previous_handler = signal.signal(signal.SIGALRM, stop)
    # This process may wait for the sandbox, or for a processor: look again every second.
    signal.setitimer(signal.ITIMER_REAL, seconds, 1)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, previous_handler)
