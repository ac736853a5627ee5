"""Optional exercises: points beyond the maximum, which nobody needs."""

from __future__ import annotations

from collections.abc import Callable

import nbformat
import pytest
from nbgrader.api import Gradebook

from autograder import authoring, grading
from autograder.authoring.answers import fill_in, known_answers, solved_answers
from autograder.course import Course

pytestmark = pytest.mark.kernels


@pytest.fixture
def optional(course: Course, edit: Callable[..., None]) -> Course:
    """The tiny course with an optional exercise, handed in right, wrong and untouched."""
    edit(course.written / "lab" / "tiny.py", 'test="double" points=2', 'test="double" bonus=2')
    authoring.build(course, ["lab"])
    known = known_answers(course.written / "lab" / "tiny.py")
    for student, answers in {
        "ada": solved_answers(known),
        "bao": solved_answers(known, known.mistakes),
        "chidi": {},
    }.items():
        folder = course.submitted / student / "lab"
        folder.mkdir(parents=True)
        nbformat.write(fill_in(course.release / "lab" / "tiny.ipynb", answers), folder / "tiny.ipynb")
    return course


def scores(course: Course) -> dict[str, tuple[float, float]]:
    """Points and maximum of each submission, by nbgrader's own gradebook."""
    with Gradebook(f"sqlite:///{course.root / 'gradebook.db'}", "backprop") as gradebook:
        return {one.student.id: (one.score, one.max_score) for one in gradebook.assignment_submissions("lab")}


def test_an_optional_exercise_is_extra(optional: Course) -> None:
    """It counts, and it is in nobody's maximum; a person's score is left alone; the page says what it is."""
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


def test_a_person_gives_bonus_as_extra_credit(course: Course, edit: Callable[..., None]) -> None:
    """The grader is told where the points of an optional written answer go; given there, they count and are shown."""
    edit(course.written / "lab" / "tiny.py", 'answer="why-straight" points=1', 'answer="why-straight" bonus=1')
    authoring.build(course, ["lab"])
    folder = course.submitted / "ada" / "lab"
    folder.mkdir(parents=True)
    answers = solved_answers(known_answers(course.written / "lab" / "tiny.py")) | {"why-straight": "Because it is."}
    nbformat.write(fill_in(course.release / "lab" / "tiny.ipynb", answers), folder / "tiny.ipynb")
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
