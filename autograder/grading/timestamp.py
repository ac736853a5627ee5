"""Read the time at which a student handed in a submission; a damaged timestamp.txt does not prevent grading."""

from __future__ import annotations

import os
import stat
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from nbgrader.utils import parse_utc

from autograder.grading.autograded_folder import TIMESTAMP
from autograder.grading.model import Repair

LONGEST = 200
"""Maximum number of bytes that are read; nbgrader's own timestamps have less than a quarter of it."""


@dataclass(frozen=True)
class Timestamp:
    """The content of a submission's timestamp.txt."""

    data: bytes = b""
    """The file's first LONGEST bytes; empty if the file is missing or can't be read."""
    at: datetime | None = None
    """The time of handing in, in UTC; None if the file holds no valid time."""
    repairs: tuple[Repair, ...] = ()
    """A repair for the student if the file is there but can't be used."""


def read_timestamp(folder: Path) -> Timestamp:
    """Return the content of timestamp.txt in a submission's folder; a missing or damaged file raises nothing."""
    try:
        data = _read_file(folder / TIMESTAMP)
    except FileNotFoundError:
        return Timestamp()
    except OSError:
        return Timestamp(repairs=(_repair("could not be read"),))
    if not data.strip():
        return Timestamp(data, repairs=(_repair("is empty"),))
    try:
        return Timestamp(data, parse_utc(data.decode("utf-8-sig").strip()))
    # The parser raises ValueError, OverflowError, TypeError, AttributeError and subclasses of them.
    except Exception:
        return Timestamp(data, repairs=(_repair("does not hold a date and time"),))


def _read_file(file: Path) -> bytes:
    """Return the first LONGEST bytes of an ordinary file. Raises OSError, also for a link, a pipe and a folder."""
    # O_NONBLOCK: without it, opening a pipe would wait for a writer.
    descriptor = os.open(file, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC)
    with os.fdopen(descriptor, "rb") as stream:
        if not stat.S_ISREG(os.fstat(descriptor).st_mode):
            raise OSError(f"{file} is no file")
        return stream.read(LONGEST)


def _repair(why: str) -> Repair:
    """Return the repair for a timestamp.txt that can't be used. why: the end of a sentence that begins with it."""
    return Repair("timestamp", f"{TIMESTAMP} {why}; the submission was graded without a time of handing in.")
