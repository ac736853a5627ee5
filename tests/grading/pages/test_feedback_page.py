"""Tests of the feedback page."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import nbformat
import pytest
from bs4 import BeautifulSoup
from nbgrader.api import Gradebook
from nbgrader.converters import GenerateFeedback
from nbgrader.coursedir import CourseDirectory

from autograder.course import Course
from autograder.grading.pages.feedback_page import points, readable
from tests.grading.pages.attacks import png
from tests.grading.pages.course import ANSWER, OURS, TEST, graded_course

pytestmark = [pytest.mark.kernels, pytest.mark.filterwarnings("ignore::sqlalchemy.exc.SAWarning")]

MESSAGE = "double: 1.5 of 2 points\n  twice  wrong for x = 3: <b>got</b> 9\x1b[1m\n"
REPAIR = "Your notebook was called “lab (1).ipynb” <now “tiny.ipynb”>."


def _cells() -> list[Any]:
    """Return the cells of a graded notebook: text, solution, test, plot and written answer."""
    stream = nbformat.v4.new_output("stream", text=MESSAGE)
    plot = nbformat.v4.new_output("display_data", {"image/png": png()}, metadata={"image/png": {"width": 30}})
    code = {"grade_id": "double", "grade": False, "solution": True, "locked": False, "schema_version": 3}
    return [
        nbformat.v4.new_markdown_cell("# Double\n\n$f_1 < \\boldsymbol\\Omega$"),
        nbformat.v4.new_code_cell("def double(x):\n    return x**2", metadata={"nbgrader": code}),
        nbformat.v4.new_code_cell("check(double(2) == 4)", metadata={"nbgrader": TEST}, outputs=[stream]),
        nbformat.v4.new_code_cell("plt.show()", outputs=[plot], execution_count=3),
        nbformat.v4.new_markdown_cell("Because.", metadata={"nbgrader": ANSWER}),
    ]


@pytest.fixture(scope="module")
def course_once(tmp_path_factory: pytest.TempPathFactory) -> Course:
    """Return a course with one graded notebook, which tests must not change."""
    root = tmp_path_factory.mktemp("pages") / "course"
    notebook = nbformat.v4.new_notebook(cells=_cells(), metadata={"autograder": {"repairs": [REPAIR]}})
    graded_course(root, OURS, {"ada": nbformat.from_dict(notebook)})
    return Course(root)


def _page(course: Course) -> str:
    """Write the feedback page with nbgrader's converter; return its HTML."""
    coursedir = CourseDirectory(config=course.nbgrader_config(assignment_id="lab", student_id="ada"))
    GenerateFeedback(coursedir=coursedir, config=coursedir.config, force=True).start()
    return (course.feedback / "ada" / "lab" / "tiny.html").read_text("utf-8")


@pytest.fixture
def course(course_once: Course, tmp_path: Path) -> Course:
    """Return a copy of the course that a test may change."""
    shutil.copytree(course_once.root, tmp_path / "course")
    return Course(tmp_path / "course")


def _edit_gradebook(course: Course, change: Callable[[Gradebook], None]) -> None:
    """Change the course's gradebook with a function."""
    with Gradebook(f"sqlite:///{course.root / 'gradebook.db'}", "backprop") as gradebook:
        change(gradebook)
        gradebook.db.commit()


def _texts(page: str, selector: str) -> list[str]:
    """Return the texts of the elements that match a CSS selector, with single spaces."""
    return [" ".join(element.get_text(" ").split()) for element in BeautifulSoup(page, "html.parser").select(selector)]


def test_the_top_shows_points_tasks_and_repairs(course: Course) -> None:
    """The top of the page has the total, each task with its points, what a person has to grade, and the repairs."""
    page = _page(course)
    assert _texts(page, ".total") == ["1.5 of 4 points, and 2 still to be graded"]
    assert _texts(page, ".tasks tbody tr") == [
        "Double to be graded: 1.5 of 2 points",
        "Why to be graded: 0 of 2 points",
    ]
    assert _texts(page, ".repairs li") == [REPAIR]
    assert _texts(page, ".who") == ["ada · lab"]


def test_a_task_is_linked_to_its_cell_with_its_message(course: Course) -> None:
    """Each task links to its cell, whose message is text with visible control characters."""
    soup = BeautifulSoup(_page(course), "html.parser")
    for link in soup.select(".tasks a, .up"):
        assert soup.find(id=link["href"].removeprefix("#")), link
    message = soup.find(id="cell-test_double").select_one("pre.stdout").get_text()
    assert message == MESSAGE.replace("\x1b", "␛")


def test_manual_scores_are_shown(course: Course) -> None:
    """The page shows manual scores, comments and the late penalty, and no task is still to be graded."""

    def mark(gradebook: Gradebook) -> None:
        for task, score in (("test_double", 2), ("why", 0)):
            grade = gradebook.find_grade(task, "tiny", "lab", "ada")
            grade.manual_score, grade.needs_manual_grade = score, False
        gradebook.find_comment("why", "tiny", "lab", "ada").manual_comment = "See **part 2** <script>x</script>"
        gradebook.find_submission_notebook("tiny", "lab", "ada").late_submission_penalty = 0.5

    _edit_gradebook(course, mark)
    page = _page(course)
    assert _texts(page, ".total") == ["1.5 of 4 points"]
    assert _texts(page, ".tasks tbody tr") == ["Double 2 of 2 points", "Why with a comment 0 of 2 points"]
    assert _texts(page, ".comment") == ["Comment See part 2 <script>x</script>"]
    assert _texts(page, ".late") == ["0.5 points were taken off because it came late."]
    assert 'href="#comment-why"' in page
    assert 'id="comment-why"' in page


def test_the_page_is_self_contained(course: Course) -> None:
    """The page allows only its own style and embedded pictures, and has no script and no external address."""
    page = _page(course)
    soup = BeautifulSoup(page, "html.parser")
    policy = soup.find("meta", attrs={"http-equiv": "Content-Security-Policy"})["content"]
    assert policy.startswith("default-src 'none'; img-src data:; style-src 'unsafe-inline'")
    assert soup.find("meta").attrs == {"charset": "utf-8"}
    assert not soup.select("script, link, iframe, object, [onclick], [onload]")
    assert [image["src"][:22] for image in soup.select("img")] == ["data:image/png;base64,"]
    assert soup.select_one("img")["width"] == "30"
    assert not re.search(r"https?://|url\(|@import", page)


def test_formulas_are_set_without_a_script(course: Course) -> None:
    """Formulas are MathML, with bold Greek letters as Unicode characters."""
    soup = BeautifulSoup(_page(course), "html.parser")
    assert soup.find("math").get_text() == "f1<𝛀"


def test_the_stock_command_writes_the_same_page(course: Course) -> None:
    """`nbgrader generate_feedback` writes the page of nbgrader's converter again."""
    before = _page(course)
    command = [str(Path(sys.executable).parent / "nbgrader"), "generate_feedback", "lab", "--force"]
    result = subprocess.run(command, cwd=course.root, capture_output=True, text=True, check=False)
    assert result.returncode == 0, result.stderr
    assert (course.feedback / "ada" / "lab" / "tiny.html").read_text("utf-8") == before


def test_a_notebook_without_tasks_has_a_page(course: Course) -> None:
    """A notebook without tasks, repairs and outputs has a page."""
    file = course.autograded / "ada" / "lab" / "tiny.ipynb"
    nbformat.write(nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell("")]), file)
    page = _page(course)
    assert _texts(page, ".tasks tbody tr, .repairs") == []


@pytest.mark.parametrize(
    ("grade_id", "name"),
    [("test_backward-pass", "Backward pass"), ("why-straight", "Why straight"), ("d_cost", "D cost"), ("", "")],
)
def test_names_are_readable(grade_id: str, name: str) -> None:
    """A task's name has spaces instead of hyphens, and no prefix of nbgrader's cell names."""
    assert readable(grade_id) == name


@pytest.mark.parametrize(("number", "text"), [(2.0, "2"), (1.5, "1.5"), (2 / 3, "0.67"), (0, "0"), (None, "0")])
def test_points_are_written_without_needless_zeros(number: Any, text: str) -> None:
    """Points have at most two decimals and no needless zeros."""
    assert points(number) == text
