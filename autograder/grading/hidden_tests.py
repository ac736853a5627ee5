"""Runs hidden tests where the reference and the checks live; a student's notebook is only asked, through the port."""

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
"""How long one hidden test may take altogether; a student's code has its own limits, which strike before."""


class _TimeIsOver(BaseException):
    """A hidden test runs for too long. No Exception: the checks catch those that a student's code raises."""


@dataclass(frozen=True)
class HiddenTestResult:
    """What a hidden test came to."""

    score: Score | None
    """None where it came to none, which a person has to look at."""
    message: str
    """What it printed, for the student."""
    problem: str = ""
    """What went wrong with the test itself, for the instructor; empty where nothing did."""


class HiddenTests:
    """The instructor's side of one notebook: what its locked cells define, and its hidden tests."""

    def __init__(self) -> None:
        self._namespace: dict[str, Any] = {"__name__": "__main__"}

    def define(self, source: str) -> None:
        """Run a locked cell. What it can't do without the student's own names stays undone."""
        with contextlib.suppress(Exception), _quiet():
            for code in _compiled(source):
                exec(code, self._namespace)

    def score(self, source: str, asked: student.Student) -> HiddenTestResult:
        """Run a hidden test, which may change no other's names."""
        namespace, value = dict(self._namespace), None
        with _quiet() as printed:
            try:
                with student.bound(asked), _limited(SECONDS):
                    *statements, last = _compiled(source)
                    for code in statements:
                        exec(code, namespace)
                    value = eval(last, namespace)
            # The test's own mistake, or something of a student's that it was not ready for: a person has to look.
            except (Exception, SystemExit, student.CallTimeoutError, _TimeIsOver):
                return HiddenTestResult(None, printed.getvalue(), traceback.format_exc(limit=-8))
        if not isinstance(value, Score):
            return HiddenTestResult(
                None, printed.getvalue(), f"the hidden test ends in {type(value).__name__}, not in a score"
            )
        return HiddenTestResult(value, printed.getvalue())


@lru_cache(maxsize=512)
def _compiled(source: str) -> tuple[CodeType, ...]:
    """A cell's statements; the last is an expression where the cell ends in one."""
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
    """Keep what is printed; a student's numbers may overflow wherever something is computed from them."""
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
    """Raise _TimeIsOver in what runs for longer, where signals can: in a main thread."""
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
