"""A lock that lets one grader at a time work in a course."""

from __future__ import annotations

import fcntl
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from autograder.errors import CourseError

NAME = ".grading.lock"


@contextmanager
def only_grader(folder: Path, tell: Callable[[str], None] | None) -> Iterator[None]:
    """Hold the lock during the block; the operating system releases it if the process dies.

    tell: called with a sentence if another grader holds the lock; then this one waits, and skips what that one graded.
    None raises CourseError instead, for callers that waiting would block.
    """
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / NAME).open("a") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            if tell is None:
                raise CourseError("another grader is at work in this course", "try again when it is done") from error
            tell("another grader is at work in this course; waiting until it is done")
            fcntl.flock(file, fcntl.LOCK_EX)
        yield
