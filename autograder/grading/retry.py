"""Repeats work on the gradebook's database while that is busy or unreachable."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import TypeVar

from sqlalchemy.exc import IntegrityError, InterfaceError, OperationalError

from autograder.errors import AutograderError, CourseError

T = TypeVar("T")

RETRY_SECONDS = 60.0
"""Seconds to wait for a database that is busy or unreachable."""

_OLD_SCHEMA = ("no such column", "has no column", "undefinedcolumn")
"""Parts of a database's error messages on tables of an older nbgrader, for which waiting does not help."""


class DatabaseError(CourseError):
    """The gradebook does not answer or can't be written, so that nothing more can be saved."""


def retry(work: Callable[[], T], url: str, patience: float = RETRY_SECONDS) -> T:
    """Return the result of `work`; repeat it with growing pauses while the database is busy or unreachable.

    Raises DatabaseError after so many seconds of patience, and at once where waiting does not help.
    """
    # The wall clock may be set back.
    end, pause = time.monotonic() + patience, 0.05
    while True:
        try:
            return work()
        except Exception as error:
            said = _of_database(error)
            if not said:
                raise
            if any(words in said.lower() for words in _OLD_SCHEMA):
                cure = "back it up, then: nbgrader db upgrade"
                raise DatabaseError(f"the gradebook {url} was made by an older nbgrader: {said}", cure) from error
            if time.monotonic() + pause > end:
                problem = f"the gradebook {url} did not answer for {patience:g} seconds: {said}"
                cure = "see who holds it, and whether its disk has room; then grade again: what is saved stays"
                raise DatabaseError(problem, cure) from error
        time.sleep(pause)
        pause = min(2 * pause, 5.0)


def _of_database(error: BaseException | None) -> str:
    """Return the database's message behind an error; empty where there is none. nbgrader replaces some of them."""
    while error is not None:
        # IntegrityError: another process wrote the same row at the same time; the next try finds that row.
        if isinstance(error, (OperationalError, InterfaceError, IntegrityError)):
            return str(error.orig)
        if isinstance(error, AutograderError) and "OperationalError" in error.cure:
            # nbgrader logged it and raised another exception without a cause.
            return error.cure
        error = error.__cause__ or error.__context__
    return ""
