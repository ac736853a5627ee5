"""Decode a file's bytes, in any encoding, and parse them as JSON; every failure raises UnreadableError."""

from __future__ import annotations

import json
import re
from typing import Any

from autograder.errors import AutograderError
from autograder.grading.intake.other_files import kind_of
from autograder.grading.intake.repairs import printable, repair
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
"""Reasons why a file can't be graded, by name: sentences with the words that differ in braces."""

CURE = "open the notebook, save it again and hand it in again"
"""The default advice to the student."""

MAX_CONTAINERS = 3_000_000
"""Maximum number of lists and objects in one file; each costs memory, however small."""

_PADDING = "\0\ufeff \t\r\n"
"""Characters to strip around JSON: white space, NUL from a disk that was full, and a second byte order mark."""
_STRINGS_AND_BRACKETS = re.compile(r'"[^"\\]*+(?:\\.[^"\\]*+)*+"|[\[{]', re.DOTALL)
"""Matches whole strings, so that brackets inside them do not count, and opening brackets."""


class UnreadableError(AutograderError):
    """A file can't be read as a notebook."""


def unreadable(file: str, problem: str, cure: str = CURE, **words: object) -> UnreadableError:
    """Return the error to raise for a file with a problem of the table PROBLEMS.

    file: its name. problem: a key of the table. cure: advice to the student. words: values for the sentence's braces.
    """
    return UnreadableError(f"{printable(file)}: {PROBLEMS[problem].format(**words)}", cure)


def read_json(file: str, data: bytes) -> tuple[Any, tuple[Repair, ...]]:
    """Return a file's content as parsed JSON, and the repairs of its encoding. Raises UnreadableError.

    file: its name, for messages.
    """
    if kind := kind_of("", data):
        raise UnreadableError(f"{printable(file)}: the file is {kind.what}", kind.cure)
    text, encoding = _text(data)
    repairs = () if encoding == "utf-8" else (repair("encoding", encoding=encoding),)
    text = text.strip(_PADDING)
    if not text:
        raise unreadable(file, "empty")
    if text.startswith("<"):
        raise unreadable(file, "web page", "download the notebook itself and hand that in")
    _check_size(file, text)
    try:
        # Not strict, so that unescaped line breaks inside strings are accepted.
        return json.loads(text, parse_int=_whole_number, strict=False), repairs
    except json.JSONDecodeError as error:
        raise _syntax_error(file, text, error) from error
    except RecursionError as error:
        raise unreadable(file, "deep") from error
    except MemoryError as error:
        raise unreadable(file, "huge") from error


def _text(data: bytes) -> tuple[str, str]:
    """Return the text and the name of its encoding; characters that can't be decoded are replaced.

    Bytes that are no UTF are decoded as cp1252, the encoding of Windows in western Europe.
    """
    encoding = json.detect_encoding(data)
    try:
        text = data.decode(encoding)
    except UnicodeDecodeError:
        if not encoding.startswith("utf-8"):
            return data.decode(encoding, "replace"), encoding
        return data.decode("cp1252", "replace"), "cp1252"
    return text, "utf-8" if encoding == "utf-8-sig" else encoding


def _whole_number(digits: str) -> int | float:
    """Return an int, or a float from 20 characters on: JSON allows any length, but Python refuses very long ints."""
    return int(digits) if len(digits) < 20 else float(digits)


def _check_size(file: str, text: str) -> None:
    """Raise UnreadableError if a text has more than MAX_CONTAINERS lists and objects."""
    if text.count("{") + text.count("[") <= MAX_CONTAINERS:
        return
    count = sum(1 for match in _STRINGS_AND_BRACKETS.finditer(text) if match[0][0] != '"')
    if count > MAX_CONTAINERS:
        raise unreadable(file, "huge")


def _syntax_error(file: str, text: str, error: json.JSONDecodeError) -> UnreadableError:
    """Return the error for a text that is not JSON: truncated where it breaks off at its end, else wrong syntax."""
    # The JSON parser reports a word that breaks off, such as `fal`, at its beginning.
    if error.msg.startswith("Unterminated") or error.pos >= len(text) - len("false"):
        end = json.JSONDecodeError("", text, len(text))
        return unreadable(file, "truncated", line=end.lineno, column=end.colno)
    return unreadable(file, "syntax", line=error.lineno, column=error.colno, why=error.msg)
