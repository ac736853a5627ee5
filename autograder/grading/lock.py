"""Lock a course, so that only one process at a time grades in it."""

from __future__ import annotations

import fcntl
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from autograder.errors import CourseError

NAME = ".grading.lock"
"""Name of the lock file."""


@contextmanager
def only_grader(folder: Path, notify: Callable[[str], None] | None) -> Iterator[None]:
    """Hold the course's lock during the block; the operating system releases it if the process dies.

    folder: the folder of the lock file; this function creates a missing folder. notify: if another grader holds the
    lock, this function calls `notify` with a sentence and waits; what the other grader graded then needs no grading.
    If `notify` is None, this function raises CourseError instead of waiting: for callers whose waiting would block more
    than this grading.
    """
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / NAME).open("a") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            if notify is None:
                raise CourseError("another grader is at work in this course", "try again when it is done") from error
            notify("another grader is at work in this course; waiting until it is done")
            fcntl.flock(file, fcntl.LOCK_EX)
        yield
