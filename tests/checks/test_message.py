"""The message of a task: what was checked, what came, and where to look again."""

from __future__ import annotations

from autograder.checks import Failure, Line, Score, render
from autograder.checks.message import LONGEST

SIZES = {"I": 17, "D_i": 3}
SHAPE = Failure(SIZES, "shape (17, 1), expected (1, 1): the sum over axis 0 is still to be taken", None)
RATIO = Failure({"I": 1, "D_i": 3}, "2 × what it should be: a factor 2 too many", 0.5)


def message(*lines: Line) -> str:
    """The message of a task of these lines."""
    return render(Score("backward-pass", lines, "section 5, “The backward pass”"))


def test_a_right_answer_is_told_in_a_line_for_each_value() -> None:
    """Points of the task, then each value with its points; nothing to look at again."""
    assert message(Line("dl_dweights", "", 2, 2), Line("dl_dbias", "", 1, 1)) == (
        "backward-pass: 3 of 3 points\n"
        "  dl_dweights  2 of 2  right\n"
        "  dl_dbias     1 of 1  right"
    )  # fmt: skip


def test_a_wrong_value_is_told_with_all_that_helps() -> None:
    """Name, points, the case's sizes, shapes or error, the likely mistake, and where to look."""
    assert message(Line("dl_dweights", "", 0, 2, RATIO), Line("dl_dbias", "", 0, 1, SHAPE)) == (
        "backward-pass: 0 of 3 points\n"
        "  dl_dweights  0 of 2  wrong\n"
        "      with I = 1, D_i = 3: 2 × what it should be: a factor 2 too many"
        " (largest error 0.5 of the largest entry)\n"
        "  dl_dbias     0 of 1  wrong\n"
        "      with I = 17, D_i = 3: shape (17, 1), expected (1, 1): the sum over axis 0 is still to be taken\n"
        "Look again at section 5, “The backward pass”."
    )  # fmt: skip


def test_groups_of_cases_are_told_apart() -> None:
    """A value that is right in some cases says in which, with what went wrong in the first of the others."""
    said = message(Line("dl_dbias", "one sample", 0.5, 0.5), Line("dl_dbias", "several samples", 0.0, 0.5, SHAPE))
    assert "dl_dbias  0.5 of 1  right for one sample; wrong for several samples" in said
    assert "shape (17, 1), expected (1, 1)" in said
    both = message(
        Line("dl_dbias", "one sample", 0.0, 0.5, RATIO), Line("dl_dbias", "several samples", 0.0, 0.5, SHAPE)
    )
    assert "dl_dbias  0 of 1  wrong\n" in both
    assert "with I = 1, D_i = 3: 2 ×" in both


def test_what_is_right_by_an_earlier_answer_says_by_which() -> None:
    """Whoever builds rightly on a wrong answer reads which one it was."""
    said = message(Line("dldh2", "", 1, 1, given="dldf2"), Line("dldf1", "", 1, 1))
    assert "dldh2  1 of 1  right, given your earlier dldf2" in said
    assert "dldf1  1 of 1  right" in said


def test_thirds_are_not_drawn_out() -> None:
    """Parts of points are shown with four digits at most."""
    third = Line("v", "a", 1 / 3, 1 / 3)
    assert "0.3333 of 1  right for a; wrong for b and c" in message(
        third, Line("v", "b", 0, 1 / 3, SHAPE), Line("v", "c", 0, 1 / 3, SHAPE)
    )


def test_without_sizes_there_is_no_case_to_name() -> None:
    """Where there is one case only, the verdict stands alone."""
    assert "\n      there is no value" in message(Line("v", "", 0, 1, Failure({}, "there is no value", None)))


def test_a_students_own_words_stay_in_their_line() -> None:
    """An exception's text of many lines, or of a million characters, takes one line of bounded length."""
    said = message(Line("v", "", 0, 1, Failure(SIZES, "it raised ValueError: one\n\n  two\n" + 10**6 * "x", None)))
    *_, third, last = said.splitlines()
    assert third.strip().startswith("with I = 17, D_i = 3: it raised ValueError: one two xxx")
    assert len(third) < LONGEST + 100
    assert last.startswith("Look again at")
