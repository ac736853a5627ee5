"""The message of a task: what was checked, what came, and where to look again."""

from __future__ import annotations

from autograder.checks import Failure, Line, Score, render
from autograder.checks.message import MAX_CHARACTERS

SIZES = {"I": 17, "D_i": 3}
SHAPE = Failure(SIZES, "shape (17, 1), expected (1, 1): the sum over axis 0 is still to be taken", None)
RATIO = Failure(
    {"I": 1, "D_i": 3}, "2 × what it should be: a factor 2 too many", 0.5, "factor-2-twice", "There is a 2 too many.",
    "How often do you differentiate?", "section 4",
)  # fmt: skip


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
        "      Likely: There is a 2 too many.\n"
        "      Ask yourself: How often do you differentiate?\n"
        "      See section 4.\n"
        "  dl_dbias     0 of 1  wrong\n"
        "      with I = 17, D_i = 3: shape (17, 1), expected (1, 1): the sum over axis 0 is still to be taken\n"
        "None of the mistakes we know looks like this.\n"
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
    said = message(Line("dldh2", "", 1, 1, carried_forward_from="dldf2"), Line("dldf1", "", 1, 1))
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
    *_, third, _, last = said.splitlines()
    assert third.strip().startswith("with I = 17, D_i = 3: it raised ValueError: one two xxx")
    assert len(third) < MAX_CHARACTERS + 100
    assert last.startswith("Look again at")


def test_a_mistake_is_explained_once() -> None:
    """Where it spoils several values, the others say in which one it is explained."""
    said = message(Line("dl_dweights", "", 0, 2, RATIO), Line("dl_dbias", "", 0, 1, RATIO))
    assert said.count("Likely") == said.count("2 × what it should be") == 1
    assert "  dl_dbias     0 of 1  wrong\n      the same mistake as in dl_dweights\n" in said


def test_a_value_that_only_follows_a_wrong_one_sends_there() -> None:
    """What is rightly made of a wrong value names that value, and nothing else."""
    follows = Failure({}, "it is zero everywhere", 1.0, caused_by="dldh2")
    said = message(Line("dldh2", "", 0, 1, RATIO), Line("dldf1", "", 0, 1, follows))
    assert "  dldf1  0 of 1  wrong\n      rightly made of your dldh2, which is wrong: mend that one first\n" in said
    assert "None of the mistakes" not in said


def test_without_a_name_the_first_wrong_quantity_is_told() -> None:
    """Where no known mistake fits, the message says so and where values first differ."""
    line = Line("dl_dbias", "", 0, 1, Failure({}, "it is off", 0.3))
    said = render(Score("t", (line,), "section 5", "The first that is off is dl_df[1]."))
    assert "None of the mistakes we know looks like this. The first that is off is dl_df[1].\nLook again" in said
