"""Read the time at which a student handed in a submission; a damaged timestamp.txt does not prevent grading."""

from __future__ import annotations

import json
import os
import re
import stat
import warnings
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, timezone, tzinfo
from functools import lru_cache, partial
from pathlib import Path
from zoneinfo import available_timezones

from dateutil import parser, tz
from nbgrader.utils import parse_utc
from traitlets.config import Configurable

from autograder.grading.autograded_folder import TIMESTAMP
from autograder.grading.model import Repair

LONGEST = 200
"""Maximum number of bytes that are read; nbgrader's own timestamps have less than a quarter of it."""

_NBGRADER = re.compile(r"\d{4}-\d{2}-\d{2} \d{2}:\d{2}:\d{2}(\.\d+)?( UTC)?")
"""The form of nbgrader's own timestamps, which need no further thought."""
_EPOCH = {10: 1, 13: 1000}
"""Units in a second of a number since 1970, by its number of digits: seconds and milliseconds from 2001 to 2286."""
_YEAR_FIRST = re.compile(r"\D*\d{4}\D")
"""The beginning of a date whose order is clear: year, month, day."""
_READINGS: tuple[Mapping[str, bool], ...] = (
    {},
    {"dayfirst": True},
    {"yearfirst": True},
    {"dayfirst": True, "yearfirst": True},
)
"""Options of dateutil's parser for the orders in which people write day, month and year."""
_DEFAULTS = (datetime(2001, 1, 1), datetime(2002, 2, 2))
"""Dates from which the parser takes what a text leaves out: if the results differ, the text holds no whole date."""


@dataclass(frozen=True)
class Timestamp:
    """The content of a submission's timestamp.txt."""

    data: bytes = b""
    """The file's first LONGEST bytes; empty if the file is missing or can't be read."""
    at: datetime | None = None
    """The time of handing in, in UTC; None if the file holds no valid time."""
    repairs: tuple[Repair, ...] = ()
    """A repair for the student if the file is there but can't be used."""

    @property
    def for_nbgrader(self) -> bytes:
        """Return a timestamp.txt that nbgrader reads as this time: the file itself, or the time in nbgrader's form.

        nbgrader reads the copy in autograded/ with a parser of its own, which ignores most names of time zones, takes
        "PM" for one, and reads +0100 as 100 seconds. b"" if the time is None.
        """
        if self.at is None:
            return b""
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("error", parser.UnknownTimezoneWarning)
                if b"\0" not in self.data and parse_utc(self.data.decode("utf-8").strip()) == self.at:
                    return self.data
        # See `read_timestamp`.
        except Exception:
            pass
        return _in_nbgraders_form(self.at).encode()


class _UnclearError(ValueError):
    """A text has a time that can be read in several ways, or in none; the message is the end of a sentence on it."""


def read_timestamp(folder: Path, course_zone: str = "UTC") -> Timestamp:
    """Return the content of timestamp.txt in a submission's folder; a missing or damaged file raises nothing.

    course_zone: the time zone of nbgrader's exchange, whose own abbreviations, such as PST, mean this zone.
    """
    try:
        data = read_beginning(folder / TIMESTAMP)
    except FileNotFoundError:
        return Timestamp()
    except OSError:
        return Timestamp(repairs=(_repair("could not be read"),))
    if not data.strip():
        return Timestamp(data, repairs=(_repair("is empty"),))
    try:
        text = data.decode(json.detect_encoding(data)).strip("\0\ufeff \t\r\n")
        return Timestamp(data, _time(text, course_zone))
    except _UnclearError as error:
        return Timestamp(data, repairs=(_repair(str(error)),))
    # The parser raises ValueError, OverflowError, TypeError, AttributeError and subclasses of them.
    except Exception:
        return Timestamp(data, repairs=(_repair("does not hold a date and time"),))


def course_zone(configurable: Configurable) -> str:
    """Return the time zone in which nbgrader's exchange writes timestamps. configurable: an object of nbgrader's."""
    return str(configurable.config.Exchange.get("timezone") or "UTC")


def _time(text: str, course_zone: str) -> datetime:
    """Return the time that a text holds, in UTC; a time without a zone is in UTC, as in nbgrader.

    Raises _UnclearError if it can be read in several ways, and exceptions of many types if it holds no time.
    """
    if _NBGRADER.fullmatch(text):
        time: datetime = parse_utc(text)
        return time
    if text.isdecimal() and len(text) in _EPOCH:
        return datetime.fromtimestamp(int(text) / _EPOCH[len(text)], UTC).replace(tzinfo=None)
    # In GMT+3 people mean three hours before Greenwich; dateutil means three hours after it.
    words, zone = re.sub(r"(?<![/\w])(GMT|UTC)(?=[+-]\d)", " ", text), None
    # dateutil's parser takes no names such as Europe/Berlin.
    if "/" in (last := text.rpartition(" ")[2]) and not last[0].isdigit():
        words, zone = words.rpartition(" ")[0], tz.gettz(last)
        if zone is None:
            raise _UnclearError(f"names the time zone {last!a}, which is unknown")
    readings = _READINGS[:1] if _YEAR_FIRST.match(words) else _READINGS
    times = {_parsed(words, zone, reading, course_zone) for reading in readings}
    if len(times) > 1:
        raise _UnclearError("does not make clear which number is the day and which the month (write 2026-11-28)")
    time = times.pop()
    time = time if time.tzinfo is None else time.astimezone(UTC).replace(tzinfo=None)
    if parse_utc(_in_nbgraders_form(time)) != time:  # in a year that no calendar of nbgrader reaches
        raise ValueError(text)
    return time


def _parsed(text: str, zone: tzinfo | None, reading: Mapping[str, bool], course_zone: str) -> datetime:
    """Return the time that dateutil reads in a text. zone: the zone, if the text names none. reading: its options."""
    zone_of = partial(_zone, course_zone)
    times: list[datetime] = [parser.parse(text, default=default, tzinfos=zone_of, **reading) for default in _DEFAULTS]
    if times[0] != times[1]:
        raise ValueError(text)
    return times[0] if zone is None else times[0].replace(tzinfo=zone)


def _zone(course_zone: str, name: str | None, offset: int | None) -> tzinfo | None:
    """Return the zone of a name or an offset in seconds. Called by dateutil's parser. Raises _UnclearError."""
    if offset is not None:
        return timezone(timedelta(seconds=offset))
    if name is None:
        return None
    zone: tzinfo | None = tz.gettz(name)
    if zone:
        return zone
    offsets = _offsets(name, (course_zone,)) or _offsets(name)
    if not offsets:
        raise _UnclearError(f"names the time zone {name!a}, which is unknown (write its hours, such as +0200)")
    if len(offsets) > 1:
        raise _UnclearError(
            f"names the time zone {name!a}, which means one time in one country and another in another "
            "(write its hours, such as +0200)"
        )
    (hours,) = offsets
    return timezone(hours)


@lru_cache(maxsize=64)
def _offsets(name: str, zones: tuple[str, ...] = ()) -> frozenset[timedelta]:
    """Return all offsets that an abbreviation such as CEST has in 2026, in some zones or in all."""
    infos = filter(None, map(tz.gettz, zones or available_timezones()))
    times = [datetime(2026, month, 15, tzinfo=info) for info in infos for month in (1, 7)]
    return frozenset(offset for time in times if time.tzname() == name and (offset := time.utcoffset()) is not None)


def _in_nbgraders_form(time: datetime) -> str:
    """Return a time in UTC as nbgrader writes it by default."""
    return f"{time.isoformat(' ', 'microseconds')} UTC"


def read_beginning(file: Path) -> bytes:
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
