"""Call a function again while the gradebook's database is busy or gone."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import TypeVar

from sqlalchemy.exc import IntegrityError, InterfaceError, OperationalError, ProgrammingError

from autograder.errors import AutograderError, CourseError

T = TypeVar("T")

RETRY_SECONDS = 60.0
"""Seconds to wait for a database that is busy or gone."""

_OLD_SCHEMA = ("no such column", "has no column", "undefinedcolumn")
"""Phrases in databases' messages on tables of an older nbgrader; then waiting does not help."""


class DatabaseError(CourseError):
    """Raised if the gradebook does not answer or can't be written, so that no further grade can be saved."""


def retry(work: Callable[[], T], url: str, seconds: float = RETRY_SECONDS) -> T:
    """Call `work`, again with growing pauses while the database is busy or gone, and return its result.

    url: the database's URL, for messages. seconds: how long to call again. Raises DatabaseError after that time, or at
    once if an older nbgrader made the tables; raises any other exception of `work`.
    """
    # time.monotonic, because the wall clock may be set back.
    deadline, pause = time.monotonic() + seconds, 0.05
    while True:
        try:
            return work()
        except Exception as error:
            message = _database_message(error)
            if not message:
                raise
            if any(phrase in message.lower() for phrase in _OLD_SCHEMA):
                cure = "back it up, then: nbgrader db upgrade"
                raise DatabaseError(f"the gradebook {url} was made by an older nbgrader: {message}", cure) from error
            remaining = deadline - time.monotonic()
            if remaining <= 0:
                problem = f"the gradebook {url} did not answer for {seconds:g} seconds: {message}"
                cure = "see who holds it, and whether its disk has room; then grade again: what is saved stays"
                raise DatabaseError(problem, cure) from error
        time.sleep(min(pause, remaining))
        pause = min(2 * pause, 5.0)


def _database_message(error: BaseException | None) -> str:
    """Return the database's message from an exception or from those that caused it; "" if there is none.

    nbgrader raises its own exceptions in place of some of the database's.
    """
    while error is not None:
        # IntegrityError: another process wrote the same row at the same time; the next attempt finds that row.
        if isinstance(error, (OperationalError, InterfaceError, IntegrityError)):
            return str(error.orig)
        # PostgreSQL's drivers name the kind of a ProgrammingError in its class only; others are mistakes of a program.
        if isinstance(error, ProgrammingError) and (kind := type(error.orig).__name__).lower() in _OLD_SCHEMA:
            return f"{kind}: {error.orig}"
        if isinstance(error, AutograderError) and "OperationalError" in error.cure:
            # nbgrader logged the OperationalError and raised another exception without a cause.
            return error.cure
        error = error.__cause__ or error.__context__
    return ""
