"""Tests of `lab demo`: its output, the graded notebooks of the simulated class, and the feedback pages."""

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

# One pytest worker runs all tests of the simulated class, because each worker would grade a class of its own.
pytestmark = [pytest.mark.kernels, pytest.mark.xdist_group("class")]


def test_demo_prints_every_student_with_a_score_and_where_the_pages_are(demo: Any) -> None:
    """`lab demo` prints each of the twelve students once for each lab, and the path of a feedback page."""
    for name in simulation.student_names(12):
        assert demo.output.count(f"│ {name} ") == len(demo.labs), demo.output
    page = re.search(r"(\S+\.html)", demo.output)
    assert page is not None
    assert page[1].startswith(str(demo.course.root))


def test_class_has_all_kinds_of_students(demo: Any) -> None:
    """The class has right answers, other right answers, known mistakes, unfinished and untouched notebooks."""
    for story in ("right", "right in other ways", "stopped half-way", "handed in untouched"):
        assert story in demo.output
    texts = [text for lab in demo.labs for text in authoring.lab_files(demo.course, lab)]
    assert any(answer.mistake in demo.output for text in texts for answer in known_answers(text).mistakes)


def test_mistakes_are_named_in_notebook_and_page(demo: Any) -> None:
    """Each simulated mistake's name is in the graded notebook, and its sentence is on the feedback page."""
    for lab in demo.labs:
        for text in authoring.lab_files(demo.course, lab):
            wrong = [
                simulated
                for simulated in simulation.simulate(known_answers(text), simulation.student_names(12))
                if simulated.mistakes
            ]
            assert len(wrong) >= 6
            for submission in wrong:
                graded = demo.course.autograded / submission.student / lab / f"{text.stem}.ipynb"
                assert set(named_mistakes(nbformat.read(graded, as_version=4))) == submission.mistakes
                page = demo.course.feedback / submission.student / lab / f"{text.stem}.html"
                assert page.read_text("utf-8").count("Likely: ") >= len(submission.mistakes)


def test_every_student_of_every_lab_has_a_feedback_page(demo: Any) -> None:
    """Every student has a feedback page in every lab, also with an untouched submission."""
    for lab in demo.labs:
        students = {page.parent.parent.name for page in demo.course.feedback.glob(f"*/{lab}/*.html")}
        assert students == set(simulation.student_names(12))


def test_feedback_shows_messages_but_neither_hidden_tests_nor_rubrics(demo: Any) -> None:
    """A page has the tests' messages and a note in place of given figures, but no hidden test and no rubric."""
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
    """The graded notebook, which Formgrader shows, has the model answer below each written answer."""
    for lab in demo.labs:
        for graded in demo.course.autograded.glob(f"ada/{lab}/*.ipynb"):
            assert "For the grader" in graded.read_text("utf-8")


@pytest.mark.slow
def test_a_class_goes_through_every_lab(run: Any, tmp_path: Path) -> None:
    """In every lab, scores and mistakes agree with the answers files, and each notebook has a feedback page.

    Three students hand in right answers, one mistake a notebook, and two mistakes a notebook. The tests above use
    twelve students in one lab. Labs that need a missing module are left out.
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


def test_student_names_are_unique() -> None:
    """In a class larger than the list of names, numbers keep the names unique."""
    assert len(set(simulation.student_names(300))) == 300
