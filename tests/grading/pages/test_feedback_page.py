"""The feedback page."""

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
    """A course with one graded notebook. Not to be changed."""
    root = tmp_path_factory.mktemp("pages") / "course"
    notebook = nbformat.v4.new_notebook(cells=_cells(), metadata={"autograder": {"repairs": [REPAIR]}})
    graded_course(root, OURS, {"ada": nbformat.from_dict(notebook)})
    return Course(root)


def _page(course: Course) -> str:
    coursedir = CourseDirectory(config=course.nbgrader_config(assignment_id="lab", student_id="ada"))
    GenerateFeedback(coursedir=coursedir, config=coursedir.config, force=True).start()
    return (course.feedback / "ada" / "lab" / "tiny.html").read_text("utf-8")


@pytest.fixture
def course(course_once: Course, tmp_path: Path) -> Course:
    """The same, free to be changed."""
    shutil.copytree(course_once.root, tmp_path / "course")
    return Course(tmp_path / "course")


def _grade(course: Course, change: Callable[[Gradebook], None]) -> None:
    with Gradebook(f"sqlite:///{course.root / 'gradebook.db'}", "backprop") as gradebook:
        change(gradebook)
        gradebook.db.commit()


def _texts(page: str, selector: str) -> list[str]:
    return [" ".join(found.get_text(" ").split()) for found in BeautifulSoup(page, "html.parser").select(selector)]


def test_the_top_says_points_tasks_and_repairs(course: Course) -> None:
    """Each task by its name with its points, a written answer as to be graded, and what was repaired."""
    page = _page(course)
    assert _texts(page, ".total") == ["1.5 of 4 points, and 2 still to be graded"]
    assert _texts(page, ".tasks tbody tr") == [
        "Double to be graded: 1.5 of 2 points",
        "Why to be graded: 0 of 2 points",
    ]
    assert _texts(page, ".repairs li") == [REPAIR]
    assert _texts(page, ".who") == ["ada · lab"]


def test_a_task_is_linked_to_its_cell_with_its_message(course: Course) -> None:
    """The link in the list leads to the cell, whose message stands as text, with its signs seen."""
    soup = BeautifulSoup(_page(course), "html.parser")
    for link in soup.select(".tasks a, .up"):
        assert soup.find(id=link["href"].removeprefix("#")), link
    message = soup.find(id="cell-test_double").select_one("pre.stdout").get_text()
    assert message == MESSAGE.replace("\x1b", "␛")


def test_points_are_as_a_person_gave_them(course: Course) -> None:
    """A manual score, its comment, a late penalty; nothing is to be graded any more."""

    def mark(gradebook: Gradebook) -> None:
        for task, score in (("test_double", 2), ("why", 0)):
            grade = gradebook.find_grade(task, "tiny", "lab", "ada")
            grade.manual_score, grade.needs_manual_grade = score, False
        gradebook.find_comment("why", "tiny", "lab", "ada").manual_comment = "See **part 2** <script>x</script>"
        gradebook.find_submission_notebook("tiny", "lab", "ada").late_submission_penalty = 0.5

    _grade(course, mark)
    page = _page(course)
    assert _texts(page, ".total") == ["1.5 of 4 points"]
    assert _texts(page, ".tasks tbody tr") == ["Double 2 of 2 points", "Why with a comment 0 of 2 points"]
    assert _texts(page, ".comment") == ["Comment See part 2 <script>x</script>"]
    assert _texts(page, ".late") == ["0.5 points were taken off because it came late."]
    assert 'href="#comment-why"' in page
    assert 'id="comment-why"' in page


def test_the_page_carries_all_it_shows(course: Course) -> None:
    """A policy that forbids everything but its style and carried pictures; no script, no address elsewhere."""
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
    """As MathML, bold Greek letters as such."""
    soup = BeautifulSoup(_page(course), "html.parser")
    assert soup.find("math").get_text() == "f1<𝛀"


def test_the_stock_command_makes_the_same_page(course: Course) -> None:
    """`nbgrader generate_feedback` writes it byte for byte."""
    before = _page(course)
    command = [str(Path(sys.executable).parent / "nbgrader"), "generate_feedback", "lab", "--force"]
    result = subprocess.run(command, cwd=course.root, capture_output=True, text=True, check=False)
    assert result.returncode == 0, result.stderr
    assert (course.feedback / "ada" / "lab" / "tiny.html").read_text("utf-8") == before


def test_a_notebook_without_tasks_has_a_page(course: Course) -> None:
    """Nothing to grade, nothing repaired, no outputs."""
    file = course.autograded / "ada" / "lab" / "tiny.ipynb"
    nbformat.write(nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell("")]), file)
    page = _page(course)
    assert _texts(page, ".tasks tbody tr, .repairs") == []


@pytest.mark.parametrize(
    ("grade_id", "name"),
    [("test_backward-pass", "Backward pass"), ("why-straight", "Why straight"), ("d_cost", "D cost"), ("", "")],
)
def test_names_are_readable(grade_id: str, name: str) -> None:
    """Words instead of hyphens, and not what nbgrader calls the cell."""
    assert readable(grade_id) == name


@pytest.mark.parametrize(("number", "text"), [(2.0, "2"), (1.5, "1.5"), (2 / 3, "0.67"), (0, "0"), (None, "0")])
def test_points_are_written_as_people_do(number: Any, text: str) -> None:
    """Without needless zeros."""
    assert points(number) == text
