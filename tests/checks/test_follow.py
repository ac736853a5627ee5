"""checks.values(follow=…): one slip inside a cell costs once, and nothing is given for nothing."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pytest

from autograder import checks, student
from autograder.checks.cases import Case


def cases(rng: np.random.Generator) -> Iterator[Case]:
    """Three chains a → b → c → d."""
    for _ in range(3):
        yield Case("", {}, {"a": float(rng.uniform(1, 2))})


def grade(cell: str, **follow: object) -> checks.Score:
    """Score a cell that should compute b = 3a, c = b + 1, d = 2c."""
    kernel = student.LocalKernel({"a": 1.0}, {"t": cell}, identity="someone")
    steps = follow or {"c": lambda b: b + 1, "d": lambda c: 2 * c}
    with student.bound(kernel):
        return checks.values(
            "t",
            takes="a",
            gives={"b": 1, "c": 1, "d": 1},
            truth=lambda a: {"b": 3 * a, "c": 3 * a + 1, "d": 6 * a + 2},
            cases=cases,
            look="there",
            follow=steps,  # type: ignore[arg-type]
        )


@pytest.mark.parametrize(
    ("cell", "points"),
    [
        ("b = 3 * a\nc = b + 1\nd = 2 * c", 3),
        ("b = 2 * a\nc = b + 1\nd = 2 * c", 2),  # one slip
        ("b = 2 * a\nc = b - 1\nd = 2 * c", 1),  # two slips
        ("b = 2 * a\nc = 2 * a + 2\nd = 2 * c", 1),  # what follows a slip isn't right for being wrong too
        ("b = -3 * a\nc = 1 - b\nd = 2 * c", 2),  # errors that cancel: the values after them are right
        ("b = 0\nc = b + a\nd = 2 * c", 1),  # zero is no answer, so c has nothing to follow
        ("b = float('nan')\nc = b + 1\nd = 2 * c", 0),
        ("b = None\nc = a\nd = 2 * c", 1),  # d follows c, which is a number, if a wrong one
        ("b = 3 * a\nc = -b\nd = 2 * c", 2),
        ("b = 4.0\nc = 5.0\nd = 10.0", 0),  # typed in, all three, if to fit each other
        ("import numpy as np\nb = np.array([[2 * a]])\nc = b + 1\nd = 2 * c", 2),  # a number in another shape
        ("raise NotImplementedError", 0),
        ("b = 2 * a\nc = e + 1\nd = 2 * c", 0),
        ("", 0),
    ],
)
def test_one_slip_costs_once(cell: str, points: float) -> None:
    """Each value is held against the truth, then against one step from the student's own values."""
    assert grade(cell).points == points


def test_message_says_by_what_it_is_right(capsys: pytest.CaptureFixture[str]) -> None:
    """A value that is right by an earlier one says so."""
    grade("b = 2 * a\nc = b + 1\nd = 2 * c")
    assert "c  1 of 1  right, given your earlier b" in capsys.readouterr().out


def test_step_that_contradicts_the_truth_is_refused() -> None:
    """A wrong step would give points to wrong answers: it can't be used at all."""
    with pytest.raises(ValueError, match="makes c contradicts"):
        grade("b = 3 * a\nc = b + 1\nd = 2 * c", c=lambda b: b + 2)
