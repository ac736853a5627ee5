"""Runs nbgrader without its log on the screen, and turns its failures into one sentence."""

from __future__ import annotations

import contextlib
import logging
import warnings
from collections.abc import Iterator

from sqlalchemy.exc import SAWarning

from autograder.errors import CourseError


class _Kept(logging.Handler):
    """Keeps what was logged."""

    def __init__(self) -> None:
        super().__init__(level=logging.WARNING)
        self.lines: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        lines = [line for line in record.getMessage().splitlines() if line.strip()]
        # Of a traceback only what it ends in.
        self.lines += lines[-1:] if lines and lines[0].startswith("Traceback") else lines


@contextlib.contextmanager
def quiet_nbgrader(problem: str) -> Iterator[logging.Logger]:
    """A logger for nbgrader's converters. What they raise becomes a CourseError that carries what they logged."""
    log = logging.Logger("nbgrader", level=logging.WARNING)
    kept = _Kept()
    log.addHandler(kept)
    try:
        with warnings.catch_warnings():
            # nbgrader's models are written for an older SQLAlchemy, which warns of how they relate.
            warnings.simplefilter("ignore", SAWarning)
            yield log
    # nbgrader raises NbGraderException, RuntimeError, ValueError and what its libraries raise.
    except Exception as error:
        said = kept.lines or [f"{type(error).__name__}: {error}"]
        raise CourseError(problem, "nbgrader said: " + "\n    ".join(dict.fromkeys(said))) from error
