"""Fixtures of the grading tests: a class that `lab demo` graded once, and the tiny course with a stand-in worker."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import nbformat
import pytest
from nbgrader.converters import Autograde
from nbgrader.coursedir import CourseDirectory

from autograder.authoring import read_lab
from autograder.authoring.answers import fill_in, known_answers, solved_answers
from autograder.authoring.source_writer import to_notebook
from autograder.course import Course
from autograder.grading.batch import Batch, GradedSubmission
from autograder.grading.gradebook import GradebookWriter
from autograder.grading.gradebook_assignment import register

BIN = Path(sys.executable).parent


@dataclass(frozen=True)
class Demo:
    """The course that `lab demo` wrote, and the command's output."""

    course: Course
    labs: list[str]
    """The labs that the simulated class handed in."""
    output: str
    seconds: float


def run_in(folder: Path, *command: str, **environment: str) -> subprocess.CompletedProcess[str]:
    """Run a command of this environment in a folder; return the completed process.

    environment: variables that are added to those of this process.
    """
    path = f"{BIN}{os.pathsep}{os.environ['PATH']}"
    env = {**os.environ, "PATH": path, "COLUMNS": "200", **environment}
    return subprocess.run([str(BIN / command[0]), *command[1:]], cwd=folder, env=env, capture_output=True, text=True)


@pytest.fixture(scope="session")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Demo:
    """Return a class of twelve students that went through release, submission, grading and feedback of one lab."""
    folder = tmp_path_factory.mktemp("demo")
    start = time.monotonic()
    result = run_in(folder, "lab", "demo", "lab2_toy_model", TMPDIR=str(folder))
    seconds = time.monotonic() - start
    assert result.returncode == 0, result.stdout + result.stderr
    (course,) = folder.glob("lab-demo-*/course")
    return Demo(Course(course), ["lab2_toy_model"], result.stdout, seconds)


@pytest.fixture
def graded(demo: Demo, tmp_path: Path) -> Course:
    """Return a copy of the graded course that a test may change."""
    shutil.copytree(demo.course.root, tmp_path / "course")
    return Course(tmp_path / "course")


@pytest.fixture
def run() -> Callable[..., subprocess.CompletedProcess[str]]:
    """Return a function that runs a command of this environment: the folder first, then the words of the command."""
    return run_in


@pytest.fixture(scope="session")
def registered_once(built_once: Course, tmp_path_factory: pytest.TempPathFactory) -> bytes:
    """Return the bytes of a gradebook in which the tiny lab is registered."""
    folder = tmp_path_factory.mktemp("registered")
    config = built_once.nbgrader_config(assignment_id="lab")
    settings = Autograde(coursedir=CourseDirectory(config=config), config=config)
    settings.coursedir.db_url = f"sqlite:///{folder / 'gradebook.db'}"
    with GradebookWriter(settings, "lab"):
        register(settings.coursedir, "lab")
    return (folder / "gradebook.db").read_bytes()


@pytest.fixture
def registered(built: Course, registered_once: bytes) -> Course:
    """Return the tiny course with a gradebook in which its lab is registered."""
    (built.root / "gradebook.db").write_bytes(registered_once)
    return built


@pytest.fixture
def with_submissions(course: Course) -> Callable[[dict[str, str]], Course]:
    """Return a function that changes pieces of the tiny lab's text, and returns the course with a class of three.

    ada's answers are right, bao's wrong, and chidi's code is untouched. The source notebook is written without running
    it: a kernel would take longer than the class.
    """

    def prepare(changes: dict[str, str]) -> Course:
        text = course.written / "lab" / "tiny.py"
        source = text.read_text("utf-8")
        for old, new in changes.items():
            assert old in source
            source = source.replace(old, new)
        text.write_text(source, "utf-8")
        file, known = course.source / "lab" / "tiny.ipynb", known_answers(text)
        file.parent.mkdir(parents=True)
        nbformat.write(to_notebook(read_lab(text)), file)
        stubs = {cell.id: "raise NotImplementedError" for cell in known.lab.cells if cell.kind == "solution"}
        right, wrong = solved_answers(known), solved_answers(known, known.mistakes)
        for student, answers in {"ada": right, "bao": wrong, "chidi": stubs}.items():
            folder = course.submitted / student / "lab"
            folder.mkdir(parents=True)
            nbformat.write(fill_in(file, answers), folder / "tiny.ipynb")
        return course

    return prepare


@pytest.fixture
def hand_in(registered: Course) -> Callable[..., Path]:
    """Return a function that writes a submitted file of a student, and returns the submission's folder."""

    def write(student: str, content: str = "2.0", name: str = "tiny.ipynb") -> Path:
        folder = registered.submitted / student / "lab"
        folder.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(content, encoding="utf-8")
        return folder

    return write


@pytest.fixture
def grade(registered: Course, monkeypatch: pytest.MonkeyPatch) -> Callable[..., dict[str, GradedSubmission]]:
    """Return a function that grades some students, or all, with the stand-in worker.

    The function returns each student's GradedSubmission, in the order in which grading completes.
    """
    monkeypatch.setenv("PYTHONPATH", str(Path(__file__).parent))

    def run(
        *students: str, force: bool = False, jobs: int = 1, notify: Any = None, **options: Any
    ) -> dict[str, GradedSubmission]:
        config = registered.nbgrader_config(assignment_id="lab")
        config.CourseDirectory.update(options)
        settings = Autograde(coursedir=CourseDirectory(config=config), config=config)
        all_students = sorted(folder.name for folder in registered.submitted.iterdir())
        batch = Batch(settings, "lab", jobs, work="standin:grade")
        return {graded.student: graded for graded in batch.grade(students or all_students, force, notify)}

    return run
