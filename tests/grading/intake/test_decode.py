"""Tests of read_json: it reads JSON in every encoding, and raises one kind of error with a helpful sentence."""

from __future__ import annotations

import json

import pytest

from autograder.grading.intake import UnreadableError
from autograder.grading.intake.decode import read_json

TEXT = json.dumps({"a": "é ω 🙂"}, ensure_ascii=False)


@pytest.mark.parametrize(
    "encoding",
    ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32", "utf-32-le", "utf-32-be"],
)
def test_encodings(encoding: str) -> None:
    """JSON in every Unicode encoding is read, with or without a byte order mark; a repair names all but UTF-8."""
    value, repairs = read_json("x", TEXT.encode(encoding))
    assert value == {"a": "é ω 🙂"}
    assert bool(repairs) == (not encoding.startswith("utf-8"))


def test_line_break_inside_a_string() -> None:
    """Line breaks and tabs inside a JSON string are accepted, because their meaning is clear."""
    assert read_json("x", b'{"a": "one\ntwo\t"}')[0] == {"a": "one\ntwo\t"}


def test_cp1252_is_the_last_resort() -> None:
    """Bytes in no Unicode encoding are read as cp1252, with a repair."""
    value, (repair,) = read_json("x", b'{"a": "caf\xe9 \x93q\x94 \x81"}')
    assert value == {"a": "café “q” �"}
    assert "cp1252" in repair.sentence


@pytest.mark.parametrize(
    ("data", "says"),
    [
        (b"", "is empty"), (b" \n\0\0", "is empty"), (b"\xef\xbb\xbf", "is empty"),
        (b'{"a": [1,\n 2', "breaks off in line 2, column 3"), (b'{"a": "x', "breaks off in line 1, column 9"),
        (b'{"a": 1,\n  b}\n' + b" " * 20 + b"x" * 20, "line 2, column 3 is not JSON"),
        (b'{"a": 1,\n}\n' + b" " * 20 + b"x" * 20, "is not JSON"),  # Python's version decides on the column
        (b"<!DOCTYPE html>", "web page"), (b"[" * 50_000, "nested too deeply"), (b"\x89PNG...............", "not JSON"),
    ],
)  # fmt: skip
def test_error_has_file_reason_and_cure(data: bytes, says: str) -> None:
    """The error has the file's name, the reason, the place of the fault, and the next step."""
    with pytest.raises(UnreadableError) as caught:
        read_json("my lab.ipynb", data)
    assert says in str(caught.value)
    assert "my lab.ipynb" in str(caught.value)
    assert "hand" in caught.value.cure


def test_file_name_in_the_error_is_printable() -> None:
    """The file's name in the error's sentence is short and printable."""
    with pytest.raises(UnreadableError) as caught:
        read_json("\x1b[31m\u202e" + "x" * 500, b"")
    assert caught.value.problem.isprintable()
    assert len(caught.value.problem) < 100
