"""When a submission was handed in, as nbgrader writes it down; a damaged note costs nobody their grade."""

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
"""Bytes; nbgrader's own take less than a quarter of it."""


@dataclass(frozen=True)
class Timestamp:
    """What a submission's timestamp.txt says."""

    data: bytes = b""
    """As it stands in the file; empty where there is none, or none that can be read."""
    at: datetime | None = None
    """In UTC; None where it says nothing sound."""
    repairs: tuple[Repair, ...] = ()


def read_timestamp(folder: Path) -> Timestamp:
    """Read a submission's timestamp.txt, as data: no link is followed, and nothing is waited for."""
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
    # The parser raises ValueError, OverflowError, TypeError, AttributeError and what comes of them.
    except Exception:
        return Timestamp(data, repairs=(_ignored("does not hold a date and time"),))


def _content(file: Path) -> bytes:
    # Without waiting for somebody to write into a pipe.
    descriptor = os.open(file, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC)
    with os.fdopen(descriptor, "rb") as stream:
        if not stat.S_ISREG(os.fstat(descriptor).st_mode):
            raise OSError(f"{file} is no file")
        return stream.read(LONGEST)


def _ignored(why: str) -> Repair:
    return Repair("timestamp", f"{TIMESTAMP} {why}; the submission was graded without a time of handing in.")
