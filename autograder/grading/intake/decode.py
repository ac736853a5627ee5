"""Reads a file's bytes as JSON, in whatever encoding they are; all that can go wrong is an UnreadableError."""

from __future__ import annotations

import json
import re
from typing import Any

from autograder.errors import AutograderError
from autograder.grading.intake.repairs import repair, shown
from autograder.grading.model import Repair

PROBLEMS = {
    "empty": "the file is empty",
    "truncated": "the file breaks off in line {line}, column {column}: it was not saved or sent to its end",
    "syntax": "the file is not a notebook: line {line}, column {column} is not JSON ({why})",
    "web page": "the file is a web page and not the notebook itself",
    "deep": "the file is nested too deeply",
    "huge": "the file has too many parts",
    "other": "the file is JSON, but not a notebook: it has no list of cells",
    "cells": "the notebook has {count} cells, more than {limit}",
    "markers": "the markers around its solutions do not pair",
}
"""Why a file can't be graded."""

CURE = "open the notebook, save it again and hand it in again"

MAX_CONTAINERS = 3_000_000
"""Lists and objects in one file; each costs memory, however small."""

_WHITE = "\0\ufeff \t\r\n"
"""What may stand around JSON: also padding from a disk that was full, and a second mark of the byte order."""
_STRINGS_AND_BRACKETS = re.compile(r'"[^"\\]*+(?:\\.[^"\\]*+)*+"|[\[{]', re.DOTALL)


class UnreadableError(AutograderError):
    """A file can't be read as a notebook."""


def unreadable(file: str, problem: str, cure: str = CURE, **words: object) -> UnreadableError:
    """What to raise for a file with a problem of the table."""
    return UnreadableError(f"{shown(file)}: {PROBLEMS[problem].format(**words)}", cure)


def read_json(file: str, data: bytes) -> tuple[Any, tuple[Repair, ...]]:
    """What a file says, and which repairs its encoding needed. Raises UnreadableError."""
    text, encoding = _text(data)
    repairs = () if encoding == "utf-8" else (repair("encoding", encoding=encoding),)
    text = text.strip(_WHITE)
    if not text:
        raise unreadable(file, "empty")
    if text.startswith("<"):
        raise unreadable(file, "web page", "download the notebook itself and hand that in")
    _refuse_bloat(file, text)
    try:
        # Not strict: a line break inside a string says what it says.
        return json.loads(text, parse_int=_whole_number, strict=False), repairs
    except json.JSONDecodeError as error:
        raise _broken(file, text, error) from error
    except RecursionError as error:
        raise unreadable(file, "deep") from error
    except MemoryError as error:
        raise unreadable(file, "huge") from error


def _text(data: bytes) -> tuple[str, str]:
    """Text and encoding. What is no UTF at all is taken as Windows writes it in western Europe."""
    encoding = json.detect_encoding(data)
    try:
        text = data.decode(encoding)
    except UnicodeDecodeError:
        if not encoding.startswith("utf-8"):
            return data.decode(encoding, "replace"), encoding
        return data.decode("cp1252", "replace"), "cp1252"
    return text, "utf-8" if encoding == "utf-8-sig" else encoding


def _whole_number(digits: str) -> int | float:
    """JSON has whole numbers of any length; Python refuses to read very long ones."""
    return int(digits) if len(digits) < 20 else float(digits)


def _refuse_bloat(file: str, text: str) -> None:
    if text.count("{") + text.count("[") <= MAX_CONTAINERS:
        return
    count = sum(1 for match in _STRINGS_AND_BRACKETS.finditer(text) if match[0][0] != '"')
    if count > MAX_CONTAINERS:
        raise unreadable(file, "huge")


def _broken(file: str, text: str, error: json.JSONDecodeError) -> UnreadableError:
    # A word that breaks off, such as `fal`, is complained of where it begins.
    if error.msg.startswith("Unterminated") or error.pos >= len(text) - len("false"):
        end = json.JSONDecodeError("", text, len(text))
        return unreadable(file, "truncated", line=end.lineno, column=end.colno)
    return unreadable(file, "syntax", line=error.lineno, column=error.colno, why=error.msg)
