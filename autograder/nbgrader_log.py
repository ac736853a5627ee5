"""Runs nbgrader without printing its log, and turns its exceptions into one sentence."""

from __future__ import annotations

import contextlib
import logging
import warnings
from collections.abc import Iterator

from sqlalchemy.exc import SAWarning

from autograder.errors import CourseError


class _CapturingHandler(logging.Handler):
    """A logging handler that stores warnings and errors in `lines`."""

    def __init__(self) -> None:
        super().__init__(level=logging.WARNING)
        self.lines: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        lines = [line for line in record.getMessage().splitlines() if line.strip()]
        # The last line of a traceback names the exception; an instructor does not need the lines above it.
        self.lines += lines[-1:] if lines and lines[0].startswith("Traceback") else lines


@contextlib.contextmanager
def quiet_nbgrader(problem: str) -> Iterator[logging.Logger]:
    """Yield a logger for nbgrader's converters; turn an exception in the block into a CourseError.

    problem: a sentence on the failure. The CourseError adds the logged lines, or the exception if there are none.
    """
    log = logging.Logger("nbgrader", level=logging.WARNING)
    handler = _CapturingHandler()
    log.addHandler(handler)
    try:
        with warnings.catch_warnings():
            # nbgrader's models fit an older SQLAlchemy; newer versions warn about their relationships.
            warnings.simplefilter("ignore", SAWarning)
            yield log
    # nbgrader raises NbGraderException, RuntimeError, ValueError and exceptions of its libraries.
    except Exception as error:
        messages = handler.lines or [f"{type(error).__name__}: {error}"]
        raise CourseError(problem, "nbgrader said: " + "\n    ".join(dict.fromkeys(messages))) from error
