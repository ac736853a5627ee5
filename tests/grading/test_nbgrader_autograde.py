"""Tests of stock nbgrader's commands and pages on this course: they work and give the scores of `lab grade`."""

from __future__ import annotations

import csv
import json
import os
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import nbformat
import pytest
from nbgrader.api import Gradebook

from autograder.authoring.answers import fill_in, known_answers, solved_answers
from autograder.grading.lock import only_grader

# One pytest worker runs all tests of the simulated class, because each worker would grade a class of its own.
pytestmark = [pytest.mark.kernels, pytest.mark.xdist_group("class")]
LAB, NOTEBOOK = "lab2_toy_model", "toy_model"
Run = Callable[..., Any]


def _scores(course: Any, lab: str, student: str) -> dict[str, float]:
    """Return the automatic score of each graded cell of a submission, from the gradebook."""
    with Gradebook(f"sqlite:///{course.root / 'gradebook.db'}", "backprop") as gradebook:
        notebooks = gradebook.find_submission(lab, student).notebooks
        return {grade.name: grade.auto_score for notebook in notebooks for grade in notebook.grades}


def test_generate_assignment_makes_the_committed_release(graded: Any, run: Run) -> None:
    """`nbgrader generate_assignment` writes the release that `lab build` wrote, byte for byte."""
    before = (graded.release / LAB / f"{NOTEBOOK}.ipynb").read_bytes()
    result = run(graded.root, "nbgrader", "generate_assignment", LAB, "--force")
    assert result.returncode == 0, result.stderr
    assert (graded.release / LAB / f"{NOTEBOOK}.ipynb").read_bytes() == before


def test_autograde_gives_the_scores_of_lab_grade(graded: Any, run: Run) -> None:
    """`nbgrader autograde` gives a right and a wrong submission the scores of `lab grade`."""
    students = "ada", "goran"
    before = [_scores(graded, LAB, student) for student in students]
    files = [graded.autograded / student / LAB / f"{NOTEBOOK}.ipynb" for student in students]
    times = [file.stat().st_mtime_ns for file in files]
    others = {folder.name for folder in graded.submitted.iterdir()} - set(students)
    exclude = f"--CourseDirectory.student_id_exclude={','.join(others)}"
    result = run(graded.root, "nbgrader", "autograde", LAB, "--force", exclude)
    assert result.returncode == 0, result.stderr
    assert all(file.stat().st_mtime_ns > time for file, time in zip(files, times, strict=True))
    assert [_scores(graded, LAB, student) for student in students] == before


@pytest.mark.slow
def test_autograde_skips_unchanged_submissions(graded: Any, run: Run) -> None:
    """Without --force `nbgrader autograde` grades only changed submissions, whatever graded them before.

    A change counts also without a newer timestamp.
    """
    before = {file: file.stat().st_mtime_ns for file in graded.autograded.glob(f"*/{LAB}/*")}
    result = run(graded.root, "nbgrader", "autograde", LAB)
    assert result.returncode == 0, result.stderr
    assert result.stderr.count("Skipping existing assignment") == 12
    assert {file: file.stat().st_mtime_ns for file in graded.autograded.glob(f"*/{LAB}/*")} == before
    _copy_submission(graded, "ada", "lior")
    result = run(graded.root, "nbgrader", "autograde", LAB, "--CourseDirectory.student_id_exclude=goran,ada")
    assert result.stderr.count("Skipping existing assignment") == 9
    assert _scores(graded, LAB, "lior") == _scores(graded, LAB, "ada")


def _copy_submission(course: Any, author: str, student: str, name: str = f"{NOTEBOOK}.ipynb") -> None:
    """Replace a student's submission by another student's notebook. name: the file's name in the copy."""
    folder = course.submitted / student / LAB
    for file in folder.iterdir():
        file.unlink()
    (folder / name).write_bytes((course.submitted / author / LAB / f"{NOTEBOOK}.ipynb").read_bytes())


@pytest.mark.slow
def test_autograde_finds_a_renamed_notebook_and_reports_a_broken_one(graded: Any, run: Run) -> None:
    """`nbgrader autograde` grades a renamed notebook, reports a broken one, and exits with 1.

    Stock nbgrader alone would skip the first and say little about the second.
    """
    _copy_submission(graded, "ada", "lior", "toy model (1).ipynb")
    (graded.submitted / "bao" / LAB / f"{NOTEBOOK}.ipynb").write_text('{"cells": [')
    result = run(graded.root, "nbgrader", "autograde", LAB)
    assert result.returncode == 1
    assert _scores(graded, LAB, "lior") == _scores(graded, LAB, "ada")
    assert "toy model (1).ipynb" in result.stderr
    assert "bao's lab2_toy_model could not be graded" in result.stderr
    assert "Traceback" not in result.stderr


@pytest.mark.slow
def test_autograde_creates_students_only_where_it_may(graded: Any, run: Run) -> None:
    """With create_student off, `nbgrader autograde` refuses a new student; with --create it grades the student."""
    (graded.submitted / "new" / LAB).mkdir(parents=True)
    _copy_submission(graded, "ada", "new")
    command = ("nbgrader", "autograde", LAB, "--student", "new")
    result = run(graded.root, *command, "--Autograde.create_student=False")
    assert result.returncode == 1
    assert "nbgrader db student add new" in result.stderr
    assert run(graded.root, *command, "--create").returncode == 0
    assert _scores(graded, LAB, "new") == _scores(graded, LAB, "ada")


@pytest.mark.parametrize(
    ("words", "says"),
    [(("--student", "nobody"), "no submissions were matched"), (("--no-execute",), "leave out --no-execute")],
)
def test_autograde_says_why_it_grades_nothing(graded: Any, run: Run, words: tuple[str, ...], says: str) -> None:
    """If `nbgrader autograde` grades nothing, it prints the reason and exits with 1."""
    result = run(graded.root, "nbgrader", "autograde", LAB, *words)
    assert result.returncode == 1
    assert says in result.stderr


def test_an_unknown_nbgrader_grades_nothing(graded: Any, run: Run, tmp_path: Path) -> None:
    """With an untested version of nbgrader the command stops with a sentence and grades nothing unprotected."""
    (tmp_path / "sitecustomize.py").write_text("import nbgrader\nnbgrader.__version__ = '0.10.0'\n")
    before = (graded.root / "gradebook.db").read_bytes()
    result = run(graded.root, "nbgrader", "autograde", LAB, "--force", PYTHONPATH=str(tmp_path))
    assert result.returncode == 1
    assert "nbgrader is 0.10.0, and this grader knows 0.9.5 and 0.9.6" in result.stderr
    assert (graded.root / "gradebook.db").read_bytes() == before


def test_a_course_whose_grader_can_not_be_loaded_grades_nothing(graded: Any, run: Run, tmp_path: Path) -> None:
    """If the autograder can't be imported, the configuration ends nbgrader, which would continue otherwise."""
    (tmp_path / "autograder").mkdir()
    (tmp_path / "autograder" / "__init__.py").write_text("raise ImportError('it is gone')")
    result = run(graded.root, "nbgrader", "autograde", LAB, "--force", PYTHONPATH=str(tmp_path))
    assert result.returncode == 1
    assert "this course's grader can't be loaded: it is gone" in result.stderr


def test_generate_feedback_writes_the_same_page(graded: Any, run: Run) -> None:
    """`nbgrader generate_feedback` writes the same page as `lab feedback`, without hidden tests."""
    page = graded.feedback / "goran" / LAB / f"{NOTEBOOK}.html"
    before = page.read_text("utf-8")
    result = run(graded.root, "nbgrader", "generate_feedback", LAB, "--student", "goran", "--force")
    assert result.returncode == 0, result.stderr
    assert page.read_text("utf-8") == before


def test_export_lists_the_whole_class(demo: Any, graded: Any, run: Run) -> None:
    """`nbgrader export` writes a row for each student and lab."""
    result = run(graded.root, "nbgrader", "export", "--to", "grades.csv")
    assert result.returncode == 0, result.stderr
    with (graded.root / "grades.csv").open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    assert len(rows) == 12 * len(demo.labs)
    assert max(float(row["score"]) for row in rows) > 0


@pytest.mark.slow
def test_validate_fails_on_the_release_and_passes_when_solved(graded: Any, run: Run, tmp_path: Path) -> None:
    """`nbgrader validate` fails on an untouched notebook and passes on a solved one."""
    released = graded.release / LAB / f"{NOTEBOOK}.ipynb"
    untouched = run(graded.root, "nbgrader", "validate", str(released))
    assert "VALIDATION FAILED" in untouched.stdout
    assert "Your turn" in untouched.stdout
    known = known_answers(graded.written / LAB / f"{NOTEBOOK}.py")
    nbformat.write(fill_in(released, solved_answers(known)), tmp_path / "solved.ipynb")
    solved = run(graded.root, "nbgrader", "validate", str(tmp_path / "solved.ipynb"))
    assert "Success" in solved.stdout, solved.stdout + solved.stderr


@pytest.mark.slow
def test_colab_saved_submission_grades_right(graded: Any, run: Run, as_saved_by_colab: Callable[..., str]) -> None:
    """A solved notebook keeps its scores after Colab saved it."""
    path = graded.submitted / "ada" / LAB / f"{NOTEBOOK}.ipynb"
    before = _scores(graded, LAB, "ada")
    path.chmod(0o644)
    path.write_text(as_saved_by_colab(nbformat.read(path, as_version=4)), encoding="utf-8")
    result = run(graded.root, "lab", "grade", LAB, "--student", "ada")
    assert result.returncode == 0, result.stderr
    assert "as before" not in result.stdout
    assert _scores(graded, LAB, "ada") == before


@pytest.mark.slow
def test_nbgrader_without_our_configuration_gives_full_and_no_points(graded: Any, run: Run, tmp_path: Path) -> None:
    """In a course folder of plain nbgrader a right notebook earns all points and an untouched one none."""
    plain = tmp_path / "plain"
    for folder in (graded.source / LAB, graded.submitted / "ada" / LAB, graded.submitted / "lior" / LAB):
        (plain / folder.relative_to(graded.root)).mkdir(parents=True)
        for file in folder.glob("*.ipynb"):
            (plain / file.relative_to(graded.root)).write_bytes(file.read_bytes())
    (plain / "nbgrader_config.py").write_text('c = get_config()\nc.CourseDirectory.course_id = "backprop"\n')
    assert run(plain, "nbgrader", "generate_assignment", LAB).returncode == 0
    result = run(plain, "nbgrader", "autograde", LAB)
    assert result.returncode == 0, result.stderr
    with Gradebook(f"sqlite:///{plain / 'gradebook.db'}", "backprop") as gradebook:
        right, untouched = (gradebook.find_submission(LAB, student) for student in ("ada", "lior"))
        assert right.code_score == right.max_code_score > 0
        assert untouched.score == 0


@pytest.fixture
def formgrader(graded: Any) -> Iterator[Callable[..., str]]:
    """Yield a function that requests a page of Formgrader from a Jupyter server in the course folder.

    The function's path is relative to /formgrader; the method is GET or POST.
    """
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    bin_folder = Path(sys.executable).parent
    command = [
        sys.executable, "-m", "jupyter", "server", "--no-browser", f"--port={port}", "--ip=127.0.0.1", "--allow-root",
        "--IdentityProvider.token=t", "--ServerApp.jpserver_extensions={'nbgrader.server_extensions.formgrader': True}",
        f"--ServerApp.root_dir={graded.root}",
    ]  # fmt: skip
    env = {**os.environ, "PATH": f"{bin_folder}{os.pathsep}{os.environ['PATH']}"}
    log = graded.root / "server.log"
    with log.open("w") as file:
        server = subprocess.Popen(command, cwd=graded.root, env=env, stdout=file, stderr=subprocess.STDOUT)
    base = f"http://127.0.0.1:{port}/formgrader"

    def get(path: str, method: str = "GET") -> str:
        request = urllib.request.Request(f"{base}{path}", headers={"Authorization": "token t"}, method=method)
        with urllib.request.urlopen(request, timeout=120) as response:
            text: str = response.read().decode("utf-8")
            return text

    try:
        for _ in range(120):
            try:
                get("/api/status")
                break
            except (urllib.error.URLError, ConnectionError):
                assert server.poll() is None, log.read_text()
                time.sleep(0.5)
        yield get
    finally:
        server.terminate()
        server.wait(30)


def test_formgrader_shows_the_lab_and_its_button_grades(graded: Any, formgrader: Callable[..., str]) -> None:
    """Formgrader serves its lists of assignments and submissions, and a submission with rubric and score.

    Its button gives a renamed notebook its points and reports a broken notebook.
    """
    assert f'"{LAB}"' in formgrader("/api/assignments")
    assert "Formgrader" in formgrader("/manage_assignments") or "Manage" in formgrader("/manage_assignments")
    assert '"ada"' in formgrader(f"/api/submissions/{LAB}")
    assert LAB in formgrader(f"/manage_submissions/{LAB}")
    assert LAB in formgrader(f"/gradebook/{LAB}/{NOTEBOOK}")
    with Gradebook(f"sqlite:///{graded.root / 'gradebook.db'}", "backprop") as gradebook:
        identity = gradebook.find_submission_notebook(NOTEBOOK, LAB, "goran").id
    page = formgrader(f"/submissions/{identity}/")
    assert "For the grader" in page
    assert "points" in page
    _copy_submission(graded, "ada", "lior", "toy model (1).ipynb")
    answer = json.loads(formgrader(f"/api/submission/{LAB}/lior/autograde", "POST"))
    assert answer["success"], answer
    assert _scores(graded, LAB, "lior") == _scores(graded, LAB, "ada")
    state = json.loads(formgrader(f"/api/submission/{LAB}/lior"))
    assert (state["autograded"], state["code_score"]) == (True, sum(filter(None, _scores(graded, LAB, "ada").values())))
    (graded.submitted / "bao" / LAB / f"{NOTEBOOK}.ipynb").write_text('{"cells": [')
    answer = json.loads(formgrader(f"/api/submission/{LAB}/bao/autograde", "POST"))
    assert not answer["success"]
    assert "could not be graded" in answer["log"]
    # The server still answers, also with an invalid timestamp in a submission.
    (graded.submitted / "ada" / LAB / "timestamp.txt").write_text("yesterday")
    assert '"ada"' in formgrader(f"/api/submissions/{LAB}")


@pytest.mark.slow
def test_formgraders_button_does_not_wait(graded: Any, formgrader: Callable[..., str]) -> None:
    """While another grader runs, Formgrader's button reports it at once, and the server keeps answering."""
    with only_grader(graded.autograded, None):
        answer = json.loads(formgrader(f"/api/submission/{LAB}/ada/autograde", "POST"))
    assert not answer["success"]
    assert "another grader is at work" in answer["log"]
    assert json.loads(formgrader(f"/api/submission/{LAB}/ada/autograde", "POST"))["success"]
