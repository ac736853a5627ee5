"""How much is shown."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from autograder.grading.pages.output_limit import OutputLimit, shortened


@pytest.mark.parametrize("text", ["", "a", "a\nb\n", "x" * 100, "\n" * 5])
def test_what_fits_stays(text: str) -> None:
    """Up to the limits, a last line end included."""
    assert shortened(text, 100, 5) == text


@given(st.text(st.sampled_from("ab\n"), max_size=400))
def test_what_is_cut_says_so_and_fits(text: str) -> None:
    """With its sentence it is within both limits, so that cutting again changes nothing."""
    cut = shortened(text, 200, 5)
    assert len(cut) <= 200
    assert cut.count("\n") <= 5
    assert cut == text or cut.endswith("more characters are not shown]\n")
    assert shortened(cut, 200, 5) == cut


def test_texts_of_a_cell_share_their_room() -> None:
    """A hundred long texts are not a hundred times as much."""
    room = OutputLimit(characters=1_000)
    shown = [room.for_text("x" * 600) for _ in range(100)]
    assert shown[0] == "x" * 600
    assert sum(text.count("x") for text in shown) <= 1_000
    assert shown[50] == "\n[600 more characters are not shown]\n"


def test_pictures_are_counted_and_weighed() -> None:
    """One that does not fit leaves room for a smaller one."""
    room = OutputLimit(pictures=2, bytes=100)
    assert [room.for_picture(size) for size in (60, 60, 40, 0)] == [True, False, True, False]


def test_a_text_that_goes_whole_or_not_takes_room_only_if_it_goes() -> None:
    """A long table leaves its room to the plain text beside it."""
    room = OutputLimit(characters=10, lines=3)
    assert [room.for_whole(text) for text in ("x" * 11, "\n\n\n", "x" * 10, "x")] == [False, False, True, False]
