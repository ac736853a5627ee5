"""Tests of faults of the machine: after any of them, the next run completes the class with the same gradebook."""

from __future__ import annotations

import itertools
import json
import os
import resource
import shutil
import signal
import sqlite3
import sys
import time
import warnings
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

import pytest
from nbgrader.converters import Autograde
from nbgrader.coursedir import CourseDirectory
from sqlalchemy import event
from sqlalchemy.engine import Engine

from autograder.course import Course
from autograder.errors import AutograderError
from autograder.grading.batch import Batch
from autograder.grading.gradebook import GradebookWriter
from autograder.grading.model import CellGrade, GradedNotebook, SubmissionResult
from autograder.grading.retry import DatabaseError

pytestmark = pytest.mark.kernels

CLASS = {"ada": "2.0", "bao": "0.5", "chidi": "1.0 untouched"}
"""The submitted text of each student: see `standin`."""

_ROWS = """
SELECT submitted_assignment.student_id, notebook.name, base_cell.name, grade.auto_score, grade.needs_manual_grade, ''
FROM grade JOIN submitted_notebook ON grade.notebook_id = submitted_notebook.id
JOIN submitted_assignment ON submitted_notebook.assignment_id = submitted_assignment.id
JOIN notebook ON submitted_notebook.notebook_id = notebook.id JOIN base_cell ON grade.cell_id = base_cell.id
UNION ALL
SELECT submitted_assignment.student_id, notebook.name, base_cell.name, 0, 0, comment.auto_comment
FROM comment JOIN submitted_notebook ON comment.notebook_id = submitted_notebook.id
JOIN submitted_assignment ON submitted_notebook.assignment_id = submitted_assignment.id
JOIN notebook ON submitted_notebook.notebook_id = notebook.id JOIN base_cell ON comment.cell_id = base_cell.id
"""
"""Query of every grade and comment by names, because the rows' own keys are random."""


def _stored_results(course: Course) -> tuple[list[Any], dict[str, Any]]:
    """Return the gradebook's rows, and the bytes of the files in autograded/ except locks, by path."""
    with closing(sqlite3.connect(course.root / "gradebook.db")) as database:
        rows = sorted(database.execute(_ROWS).fetchall(), key=repr)
        students = database.execute("SELECT id FROM student ORDER BY id").fetchall()
        assert database.execute("SELECT count(*) FROM alembic_version").fetchone() == (1,)
    files = [file for file in course.autograded.rglob("*") if file.is_file() and file.suffix != ".lock"]
    return [*students, *rows], {str(file.relative_to(course.root)): file.read_bytes() for file in files}


def _grade(course: Course, jobs: int = 2) -> list[str]:
    """Grade the class with this number of workers; return the students that this run graded."""
    config = course.nbgrader_config(assignment_id="lab")
    settings = Autograde(coursedir=CourseDirectory(config=config), config=config)
    batch = Batch(settings, "lab", jobs, work="standin:grade")
    graded = list(batch.grade(list(CLASS), force=False, notify=lambda sentence: None))
    assert [submission.problem for submission in graded if submission.problem] == []
    assert sorted(submission.student for submission in graded) == sorted(CLASS)
    return [submission.student for submission in graded if not submission.unchanged]


def _fork(work: Callable[[], Any]) -> int:
    """Call a function in a forked process; return the id of that process at once."""
    with warnings.catch_warnings():
        # Newer Pythons warn if a process with threads forks; only libraries have threads here.
        warnings.simplefilter("ignore", DeprecationWarning)
        child = os.fork()
    if child:
        return child
    code = 1
    try:
        work()
        code = 0
    except AutograderError as error:
        print(error, file=sys.stderr)
    except KeyboardInterrupt:
        code = 2
    finally:
        os._exit(code)


def _exit_code(child: int) -> int:
    """Wait for a child process; return its exit code, or minus the number of the signal that killed it."""
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])


def _call_before_steps(root: Path, step: Callable[[], None]) -> None:
    """Call a function before every change in a folder, before every database commit, and inside transactions.

    Inside a transaction the database would undo every change, so one statement of ten is enough.
    """
    statements = itertools.count()

    def in_transaction(*args: Any) -> None:
        if args[2].lstrip()[:6] != "SELECT" and next(statements) % 10 == 0:
            step()

    changes = {"os.rename", "os.remove", "os.mkdir", "os.rmdir"}

    def audit(name: str, args: tuple[Any, ...]) -> None:
        writes = name == "open" and isinstance(args[1], str) and set(args[1]) & set("wax+")
        if (name in changes or writes) and str(args[0]).startswith(str(root)):
            step()

    sys.addaudithook(audit)
    event.listen(Engine, "commit", lambda connection: step())
    event.listen(Engine, "after_cursor_execute", in_transaction)


@pytest.fixture
def handed_in(built: Course, monkeypatch: pytest.MonkeyPatch) -> Course:
    """Return the tiny course with a class's submissions and without a gradebook."""
    monkeypatch.setenv("PYTHONPATH", str(Path(__file__).parent))
    for student, content in CLASS.items():
        folder = built.submitted / student / "lab"
        folder.mkdir(parents=True)
        (folder / "tiny.ipynb").write_text(content)
        (folder / "photo.jpg").write_text(f"a photo by {student}")
    return built


@pytest.fixture
def ready(handed_in: Course, registered_once: bytes) -> Course:
    """Return the tiny course with a class's submissions and a gradebook in which the lab is registered."""
    (handed_in.root / "gradebook.db").write_bytes(registered_once)
    return handed_in


@pytest.fixture
def undisturbed(ready: Course, tmp_path: Path) -> tuple[int, Any]:
    """Return the number of steps of a run without faults, and its stored results."""
    return _run_undisturbed(ready, tmp_path)


def _run_undisturbed(ready: Course, tmp_path: Path) -> tuple[int, Any]:
    """Grade the class without faults, and restore the course; return the number of steps and the stored results."""
    before = {file: file.read_bytes() for file in ready.root.rglob("*") if file.is_file()}

    def work() -> None:
        steps: list[int] = []
        _call_before_steps(ready.root, lambda: steps.append(1))
        _grade(ready)
        (tmp_path / "steps").write_text(str(len(steps)))

    assert _exit_code(_fork(work)) == 0
    results = _stored_results(ready)
    _restore(ready, before)
    return int((tmp_path / "steps").read_text()), results


def _restore(course: Course, before: dict[Path, bytes]) -> None:
    """Restore a course folder. before: the bytes of its files."""
    if course.autograded.exists():
        shutil.rmtree(course.autograded)
    for file in course.root.rglob("*"):
        if file.is_file() and file not in before:
            file.unlink()
    for file, data in before.items():
        if not file.exists() or file.read_bytes() != data:
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_bytes(data)


def _stop_at_step(course: Course, step_number: int, signal_number: int, jobs: int = 2) -> int:
    """Grade in a child process that sends itself a signal at a step; return the exit code."""

    def work() -> None:
        remaining = [step_number]

        def step() -> None:
            remaining[0] -= 1
            if remaining[0] == 0:
                os.kill(os.getpid(), signal_number)

        _call_before_steps(course.root, step)
        _grade(course, jobs)

    return _exit_code(_fork(work))


@pytest.mark.parametrize("handed_in_before", [False, pytest.param(True, marks=pytest.mark.slow)])
@pytest.mark.parametrize(
    ("sent", "parts"),
    [
        (signal.SIGKILL, 4),
        pytest.param(signal.SIGINT, 3, marks=pytest.mark.slow),
        pytest.param(signal.SIGKILL, 1000, marks=pytest.mark.slow),
    ],
)
def test_a_stopped_run_is_completed_by_the_next(
    ready: Course, tmp_path: Path, sent: int, parts: int, handed_in_before: bool
) -> None:
    """After a kill or an interrupt at any step, the next run grades the missing students with equal results.

    This holds also if the gradebook has grades of earlier submissions. Runs at every single step use one worker,
    because starting two workers takes longer than the rest of a run.
    """
    jobs = 1 if parts > 100 else 2
    if handed_in_before:
        for student in CLASS:
            (ready.submitted / student / "lab" / "tiny.ipynb").write_text("0.25")
        _grade(ready)
        for student, content in CLASS.items():
            (ready.submitted / student / "lab" / "tiny.ipynb").write_text(content)
    steps, results = _run_undisturbed(ready, tmp_path)
    assert steps > 30
    before = {file: file.read_bytes() for file in ready.root.rglob("*") if file.is_file()}
    for number in range(1, steps + 1, max(1, steps // parts)):
        code = _stop_at_step(ready, number, sent, jobs)
        # Python ignores an interrupt that arrives while it deletes an object.
        assert code in ((-signal.SIGKILL,) if sent == signal.SIGKILL else (0, 2)), number
        _grade(ready, jobs)
        assert _stored_results(ready) == results, number
        assert _grade(ready) == []
        _restore(ready, before)


def test_a_run_killed_while_it_creates_the_gradebook(handed_in: Course, ready: Course, tmp_path: Path) -> None:
    """After kills during the creation of the gradebook, the next run completes gradebook and class."""
    file = ready.root / "gradebook.db"
    file.unlink()
    for number in (5, 17):
        assert _stop_at_step(ready, number, signal.SIGKILL) == -signal.SIGKILL
    assert sorted(_grade(ready)) == sorted(CLASS)
    rows, files = _stored_results(ready)
    assert len(files) == 2 * len(CLASS)
    assert len(rows) == len(CLASS) * (1 + 2 + 2)


def test_two_graders_at_once(ready: Course, undisturbed: tuple[int, Any], tmp_path: Path) -> None:
    """Of two simultaneous runs, each submission is graded by exactly one."""

    def work() -> None:
        (tmp_path / f"{os.getpid()}.json").write_text(json.dumps(_grade(ready)))

    assert [_exit_code(child) for child in [_fork(work), _fork(work)]] == [0, 0]
    graded = [json.loads(file.read_text()) for file in tmp_path.glob("*.json")]
    assert len(graded) == 2
    assert sorted(graded[0] + graded[1]) == sorted(CLASS)
    assert _stored_results(ready) == undisturbed[1]


def test_a_killed_worker_is_replaced(ready: Course, undisturbed: tuple[int, Any], tmp_path: Path) -> None:
    """If a worker is killed once, another worker grades its submission, with the same grades."""
    (tmp_path / "once").touch()
    (ready.submitted / "ada" / "lab" / "tiny.ipynb").write_text(f"once {tmp_path / 'once'}")
    assert sorted(_grade(ready)) == sorted(CLASS)
    assert not (tmp_path / "once").exists()
    assert _stored_results(ready)[0] == undisturbed[1][0]


def test_a_clock_that_is_set_back(ready: Course, undisturbed: tuple[int, Any], monkeypatch: pytest.MonkeyPatch) -> None:
    """With a clock set back and old file times, a run grades only the changed submission."""
    _grade(ready)
    monkeypatch.setattr(time, "time", lambda: 0.0)
    for file in ready.root.rglob("*"):
        os.utime(file, (0, 0))
    assert _grade(ready) == []
    (ready.submitted / "bao" / "lab" / "tiny.ipynb").write_text("1.5")
    os.utime(ready.submitted / "bao" / "lab" / "tiny.ipynb", (0, 0))
    assert _grade(ready) == ["bao"]


@contextmanager
def _limit_file_size(size: int) -> Iterator[None]:
    """Limit the size of every file that this process writes, in bytes."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


def test_no_space_for_notebooks(ready: Course) -> None:
    """If graded notebooks can't be written, each submission is reported as not graded; the next run writes all.

    The report has the folder and the reason.
    """
    for student in CLASS:
        (ready.submitted / student / "lab" / "tiny.ipynb").write_text("2.0 large")
    with _limit_file_size(800_000), pytest.raises(AssertionError, match="lab could not be written: File too large"):
        _grade(ready)
    assert [name for name in _stored_results(ready)[1] if name.endswith(".ipynb")] == []
    assert sorted(_grade(ready)) == sorted(CLASS)
    assert len(_stored_results(ready)[1]) == 2 * len(CLASS)


def test_no_space_for_the_gradebook(ready: Course) -> None:
    """If the gradebook can't grow, saving raises an error and stores nothing of the submission; with space it saves."""
    config = ready.nbgrader_config(assignment_id="lab")
    settings = Autograde(coursedir=CourseDirectory(config=config), config=config)
    cell_grades = (CellGrade("test_double", 2.0), CellGrade("why-straight", None))
    with GradebookWriter(settings, "lab", seconds=0.3) as book:
        results = [
            SubmissionResult(f"s{number}", "lab", (GradedNotebook("tiny", "{}", cell_grades),)) for number in range(400)
        ]
        size = (ready.root / "gradebook.db").stat().st_size
        saved: list[str] = []

        def save_all() -> None:
            for result in results:
                book.save(result, None)
                saved.append(result.student)

        with _limit_file_size(size), pytest.raises(DatabaseError, match="grade again"):
            save_all()
        assert book.known() == set(saved)
        for result in results[: len(saved) + 2]:
            assert book.save(result, None).score == 2.0
