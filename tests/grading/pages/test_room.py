"""Tests of OutputLimit and shortened, which limit the length of shown output."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from autograder.grading.pages.output_limit import OutputLimit, shortened


@pytest.mark.parametrize("text", ["", "a", "a\nb\n", "x" * 100, "\n" * 5])
def test_a_short_text_stays(text: str) -> None:
    """A text within the limits, including its last line end, stays unchanged."""
    assert shortened(text, 100, 5) == text


@given(
    st.text(st.sampled_from("ab\n"), max_size=400),
    st.sampled_from([0, 1, 59, 60, 61, 200]),
    st.sampled_from([0, 1, 2, 3, 5]),
)
def test_a_cut_text_says_so_and_is_within_the_limits(text: str, characters: int, lines: int) -> None:
    """A cut text with its note is within both limits, so that cutting it again changes nothing."""
    cut = shortened(text, characters, lines)
    assert len(cut) <= characters
    assert cut.count("\n") <= lines
    note = "more characters are not shown]\n" if characters >= 60 and lines > 1 else "…"[:characters]
    assert cut == text or cut.endswith(note)
    assert shortened(cut, characters, lines) == cut


def test_texts_of_a_cell_share_the_limit() -> None:
    """All texts of a cell together stay within the limit of characters."""
    limit = OutputLimit(characters=1_000)
    shown = [limit.for_text("x" * 600) for _ in range(100)]
    assert shown[0] == "x" * 600
    assert sum(text.count("x") for text in shown) <= 1_000
    assert shown[50] == "\n[600 more characters are not shown]\n"


def test_pictures_have_limits_of_number_and_size() -> None:
    """A picture that is too large for the rest of the limit leaves that rest to a smaller picture."""
    limit = OutputLimit(pictures=2, bytes=100)
    assert [limit.for_picture(size) for size in (60, 60, 40, 0)] == [True, False, True, False]


def test_a_text_that_is_not_shown_does_not_count() -> None:
    """A text too long to be shown whole, such as a table, leaves the limit to the plain text beside it."""
    limit = OutputLimit(characters=10, lines=3)
    assert [limit.for_whole(text) for text in ("x" * 11, "\n\n\n", "x" * 10, "x")] == [False, False, True, False]
