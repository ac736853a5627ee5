"""Files into JSON: every encoding, and one kind of error with a sentence that helps."""

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
    """With and without a mark of the byte order the text is the same; what is no UTF-8 is told."""
    value, repairs = read_json("x", TEXT.encode(encoding))
    assert value == {"a": "é ω 🙂"}
    assert bool(repairs) == (not encoding.startswith("utf-8"))


def test_line_break_inside_a_text() -> None:
    """Not quite JSON, but it can only mean one thing."""
    assert read_json("x", b'{"a": "one\ntwo\t"}')[0] == {"a": "one\ntwo\t"}


def test_western_windows_is_the_last_resort() -> None:
    """Bytes that are no UTF at all."""
    value, (repair,) = read_json("x", b'{"a": "caf\xe9 \x93q\x94 \x81"}')
    assert value == {"a": "café “q” �"}
    assert "cp1252" in repair.says


@pytest.mark.parametrize(
    ("data", "says"),
    [
        (b"", "is empty"), (b" \n\0\0", "is empty"), (b"\xef\xbb\xbf", "is empty"),
        (b'{"a": [1,\n 2', "breaks off in line 2, column 3"), (b'{"a": "x', "breaks off in line 1, column 9"),
        (b'{"a": 1,\n  b}\n' + b" " * 20 + b"x" * 20, "line 2, column 3 is not JSON"),
        (b'{"a": 1,\n}\n' + b" " * 20 + b"x" * 20, "is not JSON"),  # Pythons point at the comma or behind it
        (b"<!DOCTYPE html>", "web page"), (b"[" * 50_000, "nested too deeply"), (b"\x89PNG...............", "not JSON"),
    ],
)  # fmt: skip
def test_what_is_wrong_is_said(data: bytes, says: str) -> None:
    """The file's name, what is wrong and where, and what to do."""
    with pytest.raises(UnreadableError) as caught:
        read_json("my lab.ipynb", data)
    assert says in str(caught.value)
    assert "my lab.ipynb" in str(caught.value)
    assert "hand" in caught.value.cure


def test_name_cannot_steer_the_display() -> None:
    """A file's name in the sentence is short and printable."""
    with pytest.raises(UnreadableError) as caught:
        read_json("\x1b[31m\u202e" + "x" * 500, b"")
    assert caught.value.problem.isprintable()
    assert len(caught.value.problem) < 100
