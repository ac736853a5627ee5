"""Reads nbgrader's timestamp.txt, the time of a submission; a damaged one costs no grade."""

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
"""Bytes that are read; nbgrader writes less than a quarter of them."""


@dataclass(frozen=True)
class Timestamp:
    """The content of a submission's timestamp.txt."""

    data: bytes = b""
    """The file's bytes; empty where the file is missing or unreadable."""
    at: datetime | None = None
    """The time in UTC; None where the file holds none."""
    repairs: tuple[Repair, ...] = ()


def read_timestamp(folder: Path) -> Timestamp:
    """Read a submission's timestamp.txt without following links and without blocking on a pipe."""
    try:
        data = _content(folder / TIMESTAMP)
    except FileNotFoundError:
        return Timestamp()
    except OSError:
        return Timestamp(repairs=(_ignored("could not be read"),))
    if not data.strip():
        return Timestamp(data, repairs=(_ignored("is empty"),))
    try:
        return Timestamp(data, parse_utc(data.decode("utf-8-sig").strip()))
    # The parser raises ValueError, OverflowError, TypeError, AttributeError and their subclasses.
    except Exception:
        return Timestamp(data, repairs=(_ignored("does not hold a date and time"),))


def _content(file: Path) -> bytes:
    # O_NONBLOCK: opening a pipe would wait for a writer.
    descriptor = os.open(file, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC)
    with os.fdopen(descriptor, "rb") as stream:
        if not stat.S_ISREG(os.fstat(descriptor).st_mode):
            raise OSError(f"{file} is no file")
        return stream.read(LONGEST)


def _ignored(why: str) -> Repair:
    return Repair("timestamp", f"{TIMESTAMP} {why}; the submission was graded without a time of handing in.")
