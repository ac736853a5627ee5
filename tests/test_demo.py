"""Tests of what `lab demo` prints, without a class that is graded; tests/grading/test_demo.py has one."""

from __future__ import annotations

from pathlib import Path

import pytest

from autograder import demo
from autograder.course import Course


def result_of(page: str) -> demo.DemoResult:
    """Return the result of a submission with one feedback page, or with none if the name is empty."""
    submission = demo.SimulatedSubmission("ada", "right", {}, 0.0)
    return demo.DemoResult([submission], 0.0, (), (Path(page),) if page else (), "")


@pytest.mark.parametrize(
    ("pages", "line"),
    [
        ("abcdefghi", "9 feedback pages, for example g"),
        ("ab", "2 feedback pages, for example b"),
        (["a", ""], "1 feedback pages, for example a"),
        ([""], "0 feedback pages"),
    ],
)
def test_the_page_named_as_an_example_exists(pages: str | list[str], line: str) -> None:
    """A class of any size, with or without feedback pages, has a summary, and the page that it names exists."""
    summary = demo.summary(Course(Path("course")), [result_of(page) for page in pages])
    assert summary.splitlines()[1] == line
