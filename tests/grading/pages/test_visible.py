"""Tests of control_characters: text that a terminal or a browser would obey becomes visible."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from autograder.grading.pages.control_characters import (
    OBEYED,
    apply_carriage_returns,
    escape_control_characters,
    escape_control_entities,
    strip_terminal_styles,
)


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("a\x1b[31mb", "a␛[31mb"),
        ("\x00\x07\x7f", "␀␇␡"),
        ("x\u202ey\u2066z", "x⟨U+202E⟩y⟨U+2066⟩z"),
        ("pass\u200bword", "pass⟨U+200B⟩word"),
        ("\x9b31m", "⟨U+009B⟩31m"),
        ("\ud800", "⟨U+D800⟩"),
        ("a\u2028b", "a⟨U+2028⟩b"),
        ("a\u200db", "a⟨U+200D⟩b"),
    ],
)
def test_control_and_format_characters_are_signs(text: str, shown: str) -> None:
    """Control characters, direction overrides, invisible characters and lone surrogates become signs."""
    assert escape_control_characters(text) == shown


@pytest.mark.parametrize("text", ["a\n\tb", "Ωβ ∂ℓ/∂f", "naïve 北京 שלום", "👩\u200d💻", "می\u200cخواهم"])
def test_ordinary_text_stays(text: str) -> None:
    """Lines, tabs, scripts of both directions, Persian words and composed emoji stay unchanged."""
    assert escape_control_characters(text) == text


@given(st.text(st.characters()))
def test_nothing_that_is_obeyed_is_left(text: str) -> None:
    """Of the obeyed characters only line ends, tabs and joiners are left, and the text can be encoded."""
    shown = escape_control_characters(text)
    assert {char for char in shown if unicodedata.category(char) in OBEYED} <= set("\n\t\u200c\u200d")
    shown.encode("utf-8")
    assert escape_control_characters(shown) == shown


def test_entities_of_such_characters_are_signs() -> None:
    """Entities of control characters become signs, because Markdown turns entities into characters.

    Other entities stay.
    """
    assert escape_control_entities("&#x202e;a&lrm;b&shy;&amp;&lt;&#960;") == "⟨U+202E⟩a⟨U+200E⟩b⟨U+00AD⟩&amp;&lt;&#960;"


@pytest.mark.parametrize(
    ("printed", "shown"),
    [("10 %\r50 %\r100 %\n", "100 %\n"), ("abc\rX", "Xbc"), ("a\r\nb\r\n", "a\nb\n"), ("same", "same")],
)
def test_a_progress_bar_shows_its_last_state(printed: str, shown: str) -> None:
    """A carriage return overwrites from the start of the line, as in a terminal."""
    assert apply_carriage_returns(printed) == shown


def test_a_line_overwritten_many_times_takes_little_time() -> None:
    """Half a million carriage returns in a long line take little time."""
    assert apply_carriage_returns("x" * 100_000 + "\ry" * 500_000).startswith("y")


def test_colours_of_a_traceback_are_left_out() -> None:
    """The colours of IPython's tracebacks are left out, and the words stay."""
    assert strip_terminal_styles("\x1b[0;31mTypeError\x1b[39;49m: no") == "TypeError: no"
