"""Tests of optional exercises: they give points beyond the maximum."""

from __future__ import annotations

from collections.abc import Callable

import nbformat
import pytest
from nbgrader.api import Gradebook

from autograder import grading
from autograder.course import Course

pytestmark = pytest.mark.kernels


def scores(course: Course) -> dict[str, tuple[float, float]]:
    """Return points and maximum of each submission, from nbgrader's gradebook."""
    with Gradebook(f"sqlite:///{course.root / 'gradebook.db'}", "backprop") as gradebook:
        return {
            submission.student.id: (submission.score, submission.max_score)
            for submission in gradebook.assignment_submissions("lab")
        }


def test_bonus_points_are_extra(with_submissions: Callable[[dict[str, str]], Course]) -> None:
    """Bonus points count beyond the maximum, a regrade keeps a manual score, and the page calls them bonus."""
    optional = with_submissions({'test="double" points=2': 'test="double" bonus=2'})
    list(grading.grade(optional, "lab", ["ada", "bao", "chidi"]))
    assert scores(optional) == {"ada": (2.0, 1.0), "bao": (0.0, 1.0), "chidi": (0.0, 1.0)}
    with Gradebook(f"sqlite:///{optional.root / 'gradebook.db'}", "backprop") as gradebook:
        gradebook.find_grade("test_double", "tiny", "lab", "ada").manual_score = 1.0
        gradebook.db.commit()
    list(grading.grade(optional, "lab", ["ada"], force=True))
    assert scores(optional)["ada"] == (1.0, 1.0)
    list(grading.write_feedback(optional, "lab", 1))
    page = (optional.feedback / "ada" / "lab" / "tiny.html").read_text("utf-8")
    assert "1 of 2 bonus points" in page


def test_bonus_of_a_written_answer_is_extra_credit(with_submissions: Callable[[dict[str, str]], Course]) -> None:
    """The graded notebook tells a person to give an answer's bonus as extra credit, which counts and is shown."""
    course = with_submissions({'answer="why-straight" points=1': 'answer="why-straight" bonus=1'})
    list(grading.grade(course, "lab", ["ada"]))
    graded = nbformat.read(course.autograded / "ada" / "lab" / "tiny.ipynb", as_version=4)
    assert any("up to 1: put 0 into the box for the score" in cell.source for cell in graded.cells)
    with Gradebook(f"sqlite:///{course.root / 'gradebook.db'}", "backprop") as gradebook:
        grade = gradebook.find_grade("why-straight", "tiny", "lab", "ada")
        grade.manual_score, grade.extra_credit, grade.needs_manual_grade = 0.0, 1.0, False
        gradebook.db.commit()
    assert scores(course) == {"ada": (3.0, 2.0)}
    list(grading.write_feedback(course, "lab", 1))
    assert "1 of 1 bonus points" in (course.feedback / "ada" / "lab" / "tiny.html").read_text("utf-8")
