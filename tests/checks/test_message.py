"""Tests of the message of a task: what was checked, the verdict on each value, and the section to read again."""

from __future__ import annotations

import pytest

from autograder.checks import Failure, Line, Score, render
from autograder.checks.message import MAX_CHARACTERS
from tests.checks.contradictions import contradictions

SIZES = {"I": 17, "D_i": 3}
SHAPE = Failure(SIZES, "shape (17, 1), expected (1, 1): the sum over axis 0 is still to be taken", None)
RATIO = Failure(
    {"I": 1, "D_i": 3}, "2 × what it should be: a factor 2 too many", 0.5, "factor-2-twice", "There is a 2 too many.",
    "How often do you differentiate?", "section 4",
)  # fmt: skip


def message(*lines: Line) -> str:
    """Return the message of a task with these lines."""
    return render(Score("backward-pass", lines, "section 5, “The backward pass”"))


def test_a_right_answer_has_a_line_for_each_value() -> None:
    """The message has the points of the task, then each value with its points, and no section to read again."""
    assert message(Line("dl_dweights", "", 2, 2), Line("dl_dbias", "", 1, 1)) == (
        "backward-pass: 3 of 3 points\n"
        "  dl_dweights  2 of 2  right\n"
        "  dl_dbias     1 of 1  right"
    )  # fmt: skip


def test_a_wrong_value_is_reported_in_full() -> None:
    """The message has name, points, the case's sizes, the verdict, the likely mistake and the section."""
    assert message(Line("dl_dweights", "", 0, 2, RATIO), Line("dl_dbias", "", 0, 1, SHAPE)) == (
        "backward-pass: 0 of 3 points\n"
        "  dl_dweights  0 of 2  wrong\n"
        "      with I = 1, D_i = 3: 2 × what it should be: a factor 2 too many"
        " (largest error 0.5 of the largest entry)\n"
        "      Likely: There is a 2 too many.\n"
        "      Ask yourself: How often do you differentiate?\n"
        "      See section 4.\n"
        "  dl_dbias     0 of 1  wrong\n"
        "      with I = 17, D_i = 3: shape (17, 1), expected (1, 1): the sum over axis 0 is still to be taken\n"
        "None of the mistakes we know looks like your dl_dbias.\n"
        "Look again at section 5, “The backward pass”."
    )  # fmt: skip


def test_groups_of_cases_are_told_apart() -> None:
    """The line names the groups in which a value is right, with the verdict on the first of the others."""
    text = message(Line("dl_dbias", "one sample", 0.5, 0.5), Line("dl_dbias", "several samples", 0.0, 0.5, SHAPE))
    assert "dl_dbias  0.5 of 1  right for one sample; wrong for several samples" in text
    assert "shape (17, 1), expected (1, 1)" in text
    both = message(
        Line("dl_dbias", "one sample", 0.0, 0.5, RATIO), Line("dl_dbias", "several samples", 0.0, 0.5, SHAPE)
    )
    assert "dl_dbias  0 of 1  wrong\n" in both
    assert "with I = 1, D_i = 3: 2 ×" in both


def test_a_value_right_by_an_earlier_answer_names_it() -> None:
    """The line of a value that is right by an earlier wrong answer names that answer."""
    text = message(Line("dldh2", "", 1, 1, carried_forward_from="dldf2"), Line("dldf1", "", 1, 1))
    assert "dldh2  1 of 1  right, given your earlier dldf2" in text
    assert "dldf1  1 of 1  right" in text


def test_points_have_four_digits_at_most() -> None:
    """Parts of points are shown with four digits at most."""
    third = Line("v", "a", 1 / 3, 1 / 3)
    assert "0.3333 of 1  right for a; wrong for b and c" in message(
        third, Line("v", "b", 0, 1 / 3, SHAPE), Line("v", "c", 0, 1 / 3, SHAPE)
    )


def test_without_sizes_there_is_no_case_to_name() -> None:
    """Where there is only one case, which has no sizes, the verdict stands alone."""
    assert "\n      there is no value" in message(Line("v", "", 0, 1, Failure({}, "there is no value", None)))


def test_an_exceptions_text_stays_in_its_line() -> None:
    """An exception's text of many lines, or of a million characters, takes one line of bounded length."""
    text = message(Line("v", "", 0, 1, Failure(SIZES, "it raised ValueError: one\n\n  two\n" + 10**6 * "x", None)))
    *_, third, _, last = text.splitlines()
    assert third.strip().startswith("with I = 17, D_i = 3: it raised ValueError: one two xxx")
    assert len(third) < MAX_CHARACTERS + 100
    assert last.startswith("Look again at")


def test_a_mistake_is_explained_once() -> None:
    """A mistake in several values is explained at the first; the others name that value."""
    text = message(Line("dl_dweights", "", 0, 2, RATIO), Line("dl_dbias", "", 0, 1, RATIO))
    assert text.count("Likely") == text.count("2 × what it should be") == 1
    assert "  dl_dbias     0 of 1  wrong\n      the same mistake as in dl_dweights\n" in text


def test_a_value_computed_from_a_wrong_one_names_it() -> None:
    """A value that is rightly computed from a wrong one names that value, and no mistake."""
    follows = Failure({}, "it is zero everywhere", 1.0, caused_by="dldh2")
    text = message(Line("dldh2", "", 0, 1, RATIO), Line("dldf1", "", 0, 1, follows))
    assert "  dldf1  0 of 1  wrong\n      rightly made of your dldh2, which is wrong: mend that one first\n" in text
    assert "None of the mistakes" not in text


def test_without_a_mistake_the_first_difference_is_reported() -> None:
    """If no known mistake fits, the message says so and states the first difference."""
    line = Line("dl_dbias", "", 0, 1, Failure({}, "it is off", 0.3))
    text = render(Score("t", (line,), "section 5", "The first that is off is dl_df[1]."))
    assert "None of the mistakes we know looks like this. The first that is off is dl_df[1].\nLook again" in text


@pytest.mark.parametrize(("body", "words"), [
    ("  a  0 of 1  wrong\n      off\n      Likely: It is zero.\n      Ask yourself: Why?\n"
     "None of the mistakes we know looks like this.", "one explains it"),
    ("  a  0 of 1  wrong\n      Likely: It is zero.\n  b  0 of 1  wrong\n"
     "None of the mistakes we know looks like your b. The first that is off is a, the first to be computed.", "is off"),
    ("  a  1 of 1  right, given your earlier f\n  b  0 of 1  wrong\n"
     "None of the mistakes we know looks like this. The first that is off is a; x is still right.", "is off"),
    ("  a  0.5 of 1  right for one sample; wrong for several samples\n  b  0 of 1  wrong\n"
     "None of the mistakes we know looks like this. The first that is off is b; a is still right.", "still right"),
    ("  a  1 of 1  right\n  b  0 of 1  wrong\n      rightly made of your a, which is wrong: mend that one first",
     "not wrong"),
    ("  a  0 of 1  wrong\n      off\n  b  0 of 1  wrong\n      the same mistake as in a", "not explained"),
    ("  a  1 of 1  right\n      Likely: It is zero.", "blamed"),
    ("  a  1 of 1  right\n  b  0 of 1  wrong\nNone of the mistakes we know looks like your a and b.", "which is right"),
])  # fmt: skip
def test_contradictions_are_found(body: str, words: str) -> None:
    """What tests of labs search each message for is found in messages that have it."""
    assert any(words in found for found in contradictions(f"task: 0 of 2 points\n{body}\nLook again at section 1."))
