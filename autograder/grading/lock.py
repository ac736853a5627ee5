"""One grader at a time in a course."""

from __future__ import annotations

import fcntl
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from autograder.errors import CourseError

NAME = ".grading.lock"


@contextmanager
def only_grader(folder: Path, tell: Callable[[str], None] | None) -> Iterator[None]:
    """Hold the right to grade; the system takes it back from whoever dies.

    tell: is told a sentence where another grader is at work, and then its end is waited for: what it has graded need
    not be graded again. None to raise CourseError instead, where waiting would hold up more than this grading.
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
