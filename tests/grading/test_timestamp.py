"""Tests of read_timestamp: a time of handing in is read right, or not at all and with a sentence."""

from __future__ import annotations

import os
import warnings
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from nbgrader.utils import parse_utc

from autograder.grading.timestamp import read_timestamp

TEN, NINE, EIGHT = (datetime(2026, 7, 1, hour) for hour in (10, 9, 8))
EVENING = datetime(2026, 11, 28, 22)

TIMES: dict[str | bytes, datetime] = {
    # What nbgrader writes, and reads.
    "2026-07-01 10:00:00.500000 UTC": datetime(2026, 7, 1, 10, 0, 0, 500_000),
    "2026-07-01 10:00:00 UTC\n": TEN,
    "2026-07-01 10:00:00": TEN,
    "2026-07-01 10:00:00 Europe/Berlin": EIGHT,
    "2026-03-01 10:00:00 CET": datetime(2026, 3, 1, 9),
    "2026-07-01T10:00:00+01:00": NINE,
    # What nbgrader's parser reads as another time.
    "2026-07-01 10:00:00 +0100": NINE,
    "11/28/2026 10:00 PM": EVENING,
    "2026-11-28 10:00 pm": EVENING,
    "2026-07-01 10:00:00 CEST": EIGHT,
    "2026-07-01 06:00:00 EDT": TEN,
    "Wed, 1 Jul 2026 03:00:00 PDT": TEN,
    "2026-07-01 10:00 BST": NINE,
    "Sat Nov 28 23:00:00 CET 2026": EVENING,
    "Wed Jul 01 2026 12:00:00 GMT+0200": TEN,
    "2026-07-01 10:00 Etc/GMT+3": datetime(2026, 7, 1, 13),
    "1795903200": EVENING,
    "1795903200000": EVENING,
    "2026-07-01 10:00:00 UTC".encode("utf-16"): TEN,
    "2026-07-01 10:00:00 UTC".encode("utf-16-le"): TEN,
    b"\xef\xbb\xbf2026-07-01 10:00:00 UTC": TEN,
    # Orders of day and month that only one reading fits.
    "28.11.2026 22:00": EVENING,
    "28 November 2026, 22:00": EVENING,
    "03/03/2026 10:00": datetime(2026, 3, 3, 10),
}
"""Times in UTC, by the content of timestamp.txt."""

NO_TIME = "does not hold a date and time"

UNUSABLE: dict[str | bytes, str] = {
    "03/04/2026 10:00": "which number is the day",
    "10/11/12 10:00": "which number is the day",
    "2026-07-01 10:00 IST": "'IST', which means one time in one country",
    "2026-07-01 10:00 CST": "write its hours",
    "2026-07-01 10:00 XYZT": "'XYZT', which is unknown",
    "2026-07-01 10:00 Nowhere/Land": "Nowhere/Land",
    "10:00": NO_TIME,  # a parser's today is no date
    "July 2026": NO_TIME,
    "yesterday evening": NO_TIME,
    "": "is empty",
    b"\xff\xfe\x00\x01": NO_TIME,
    "99999-01-01 10:00:00 UTC": NO_TIME,
    "0001-01-01 00:00:00 +1400": NO_TIME,
    "2026-13-41 25:61:61 UTC": NO_TIME,
}
"""Words of the sentence on a content of timestamp.txt that is no time or unclear."""

NO_FILES: dict[str, Callable[[Path], Any]] = {
    "link": lambda file: file.symlink_to("/etc/hostname"),
    "pipe": os.mkfifo,
    "folder": lambda file: file.mkdir(),
}
"""Functions that put something else in the place of timestamp.txt."""


def _file(folder: Path, content: str | bytes) -> Path:
    """Write timestamp.txt into a folder, and return the folder."""
    (folder / "timestamp.txt").write_bytes(content.encode() if isinstance(content, str) else content)
    return folder


@pytest.mark.parametrize("content", TIMES, ids=ascii)
def test_a_time_is_read_right(tmp_path: Path, content: str | bytes) -> None:
    """A time is read in UTC, whatever its form; the copy for nbgrader is read by nbgrader as the same time.

    Where nbgrader reads the original so, the copy is the original. Nothing warns, also outside of tests: in them a
    warning is an exception, and may be caught as one.
    """
    with warnings.catch_warnings(record=True) as warned:
        warnings.simplefilter("always")
        timestamp = read_timestamp(_file(tmp_path, content))
        copy = timestamp.for_nbgrader.decode()
    assert warned == []
    assert (timestamp.at, timestamp.repairs) == (TIMES[content], ())
    assert parse_utc(copy.strip()) == TIMES[content]
    if isinstance(content, str) and not copy.endswith("00 UTC"):
        assert copy == content


@pytest.mark.parametrize("content", UNUSABLE, ids=ascii)
def test_a_time_that_is_unclear_is_not_guessed(tmp_path: Path, content: str | bytes) -> None:
    """No time, half a time, and one that may be read in two ways give a sentence and no time."""
    timestamp = read_timestamp(_file(tmp_path, content))
    assert (timestamp.at, timestamp.for_nbgrader) == (None, b"")
    (repair,) = timestamp.repairs
    assert (
        UNUSABLE[content].replace("no", "does not hold a date and time", UNUSABLE[content] == "no") in repair.sentence
    )
    assert repair.sentence.endswith("graded without a time of handing in.")


@pytest.mark.parametrize("what", NO_FILES)
def test_only_an_ordinary_file_is_read(tmp_path: Path, what: str) -> None:
    """A link, a pipe and a folder of that name are not opened; a missing file needs no sentence."""
    assert read_timestamp(tmp_path).repairs == ()
    NO_FILES[what](tmp_path / "timestamp.txt")
    assert "could not be read" in read_timestamp(tmp_path).repairs[0].sentence


def test_an_abbreviation_of_the_courses_zone_is_clear(tmp_path: Path) -> None:
    """nbgrader writes the course's own zone by its abbreviation, so that there it has one meaning."""
    folder = _file(tmp_path, "2026-12-01 10:00:00 PST")
    assert read_timestamp(folder).at is None
    assert read_timestamp(folder, "America/Los_Angeles").at == datetime(2026, 12, 1, 18)
    assert read_timestamp(folder, "no zone").at is None
