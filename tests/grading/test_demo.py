"""The simulated class: what `lab demo` prints, and the pages its students get."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import nbformat
import pytest

from autograder import authoring
from autograder import demo as simulation
from autograder.authoring import optional_modules
from autograder.authoring.answers import known_answers
from autograder.course import Course
from autograder.grading import named_mistakes

# One worker for all that looks at the one class.
pytestmark = [pytest.mark.kernels, pytest.mark.xdist_group("class")]


def test_demo_prints_every_student_with_a_score_and_where_the_pages_are(demo: Any) -> None:
    """A table for each lab with at least twelve students, and a path that exists."""
    for name in simulation.student_names(12):
        assert demo.output.count(f"│ {name} ") == len(demo.labs), demo.output
    page = re.search(r"(\S+\.html)", demo.output)
    assert page is not None
    assert page[1].startswith(str(demo.course.root))


def test_class_has_all_kinds_of_students(demo: Any) -> None:
    """Right, right in other ways, with mistakes, partly and not at all."""
    for story in ("right", "right in other ways", "stopped half-way", "handed in untouched"):
        assert story in demo.output
    texts = [text for lab in demo.labs for text in authoring.lab_files(demo.course, lab)]
    assert any(answer.mistake in demo.output for text in texts for answer in known_answers(text).mistakes)


def test_mistakes_are_named_through_the_whole_engine(demo: Any) -> None:
    """What a student got wrong stands in the grader's record by its name, and on the page in its sentence."""
    for lab in demo.labs:
        for text in authoring.lab_files(demo.course, lab):
            wrong = [
                one for one in simulation.simulate(known_answers(text), simulation.student_names(12)) if one.mistakes
            ]
            assert len(wrong) >= 6
            for submission in wrong:
                graded = demo.course.autograded / submission.student / lab / f"{text.stem}.ipynb"
                assert set(named_mistakes(nbformat.read(graded, as_version=4))) == submission.mistakes
                page = demo.course.feedback / submission.student / lab / f"{text.stem}.html"
                assert page.read_text("utf-8").count("Likely: ") >= len(submission.mistakes)


def test_every_student_of_every_lab_has_a_feedback_page(demo: Any) -> None:
    """Nobody is left without an answer, the untouched submission included."""
    for lab in demo.labs:
        found = {page.parent.parent.name for page in demo.course.feedback.glob(f"*/{lab}/*.html")}
        assert found == set(simulation.student_names(12))


def test_feedback_shows_messages_but_neither_hidden_tests_nor_rubrics(demo: Any) -> None:
    """A page holds the message of each test, and says where the figures of given cells are; no hidden test's source."""
    for lab in demo.labs:
        for page in demo.course.feedback.glob(f"*/{lab}/*.html"):
            html = page.read_text("utf-8")
            for secret in (
                "BEGIN HIDDEN TESTS",
                "student.function",
                "checks.function",
                "For the grader",
                "autograder import",
            ):
                assert secret not in html, (page, secret)
            assert "points" in html
            assert "This figure is in your own notebook" in html


def test_rubrics_reach_the_grader(demo: Any) -> None:
    """The graded notebook, which Formgrader shows, carries the model answer under each written one."""
    for lab in demo.labs:
        for graded in demo.course.autograded.glob(f"ada/{lab}/*.ipynb"):
            assert "For the grader" in graded.read_text("utf-8")


@pytest.mark.slow
def test_a_class_goes_through_every_lab(run: Any, tmp_path: Path) -> None:
    """Every score and every name is what the labs' answers files say; a student has a page for each notebook.

    Right answers, one mistake a notebook, and two: at every change a class of twelve goes through one of the labs.
    """
    result = run(tmp_path, "lab", "demo", "--all", "--students", "3", TMPDIR=str(tmp_path))
    assert result.returncode == 0, result.stdout + result.stderr
    (folder,) = tmp_path.glob("lab-demo-*/course")
    course = Course(folder)
    for lab in course.labs():
        assert lab in result.stdout
        if lacking := optional_modules.missing(optional_modules.needed_by(course, lab)):
            assert f"{lab}: left out, because it needs {optional_modules.absent(lacking)}" in result.stdout
            continue
        pages = sorted(page.stem for page in course.feedback.glob(f"ada/{lab}/*.html"))
        assert pages == sorted(text.stem for text in authoring.lab_files(course, lab))


def test_roll_call_never_repeats_a_name() -> None:
    """Large classes get numbered names."""
    assert len(set(simulation.student_names(300))) == 300
