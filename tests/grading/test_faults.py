"""Faults of the machine: whatever happens to a run, the next one completes the class and gives the same gradebook."""

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
"""Every grade and comment by names: a row's own key is random."""


def _left(course: Course) -> tuple[list[Any], dict[str, Any]]:
    """What a run leaves: the gradebook's rows, and what stands in autograded/."""
    with closing(sqlite3.connect(course.root / "gradebook.db")) as database:
        rows = sorted(database.execute(_ROWS).fetchall(), key=repr)
        students = database.execute("SELECT id FROM student ORDER BY id").fetchall()
        assert database.execute("SELECT count(*) FROM alembic_version").fetchone() == (1,)
    files = [file for file in course.autograded.rglob("*") if file.is_file() and file.suffix != ".lock"]
    return [*students, *rows], {str(file.relative_to(course.root)): file.read_bytes() for file in files}


def _grade(course: Course, jobs: int = 2) -> list[str]:
    """Grade the class, so many at a time; return who was graded anew."""
    config = course.nbgrader_config(assignment_id="lab")
    settings = Autograde(coursedir=CourseDirectory(config=config), config=config)
    batch = Batch(settings, "lab", jobs, work="standin:grade")
    graded = list(batch.grade(list(CLASS), force=False, tell=lambda sentence: None))
    assert [one.problem for one in graded if one.problem] == []
    assert sorted(one.student for one in graded) == sorted(CLASS)
    return [one.student for one in graded if not one.unchanged]


def _child(work: Callable[[], Any]) -> int:
    """Do work in a process of its own; return at once with its number."""
    with warnings.catch_warnings():
        # Newer Pythons warn of threads, of which libraries have some and this test none.
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


def _end(child: int) -> int:
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])


def _count_steps(root: Path, step: Callable[[], None]) -> None:
    """Call a function before every change in a folder, before every commit in a database, and amid its transactions.

    Amid a transaction nothing is changed yet that the database would not take back: so at one statement of ten.
    """
    statements = itertools.count()

    def amid(*args: Any) -> None:
        if args[2].lstrip()[:6] != "SELECT" and next(statements) % 10 == 0:
            step()

    changes = {"os.rename", "os.remove", "os.mkdir", "os.rmdir"}

    def watch(name: str, args: tuple[Any, ...]) -> None:
        writes = name == "open" and isinstance(args[1], str) and set(args[1]) & set("wax+")
        if (name in changes or writes) and str(args[0]).startswith(str(root)):
            step()

    sys.addaudithook(watch)
    event.listen(Engine, "commit", lambda connection: step())
    event.listen(Engine, "after_cursor_execute", amid)


@pytest.fixture
def handed_in(built: Course, monkeypatch: pytest.MonkeyPatch) -> Course:
    """The tiny course with a class's submissions, and no gradebook."""
    monkeypatch.setenv("PYTHONPATH", str(Path(__file__).parent))
    for student, content in CLASS.items():
        folder = built.submitted / student / "lab"
        folder.mkdir(parents=True)
        (folder / "tiny.ipynb").write_text(content)
    return built


@pytest.fixture
def ready(handed_in: Course, registered_once: bytes) -> Course:
    """The same with a gradebook that knows the lab."""
    (handed_in.root / "gradebook.db").write_bytes(registered_once)
    return handed_in


@pytest.fixture
def undisturbed(ready: Course, tmp_path: Path) -> tuple[int, Any]:
    """How many steps a run has, and what it leaves."""
    return _undisturbed(ready, tmp_path)


def _undisturbed(ready: Course, tmp_path: Path) -> tuple[int, Any]:
    before = {file: file.read_bytes() for file in ready.root.rglob("*") if file.is_file()}

    def work() -> None:
        steps: list[int] = []
        _count_steps(ready.root, lambda: steps.append(1))
        _grade(ready)
        (tmp_path / "steps").write_text(str(len(steps)))

    assert _end(_child(work)) == 0
    left = _left(ready)
    _again(ready, before)
    return int((tmp_path / "steps").read_text()), left


def _again(course: Course, before: dict[Path, bytes]) -> None:
    """Make a course what it was before."""
    if course.autograded.exists():
        shutil.rmtree(course.autograded)
    for file in course.root.rglob("*"):
        if file.is_file() and file not in before:
            file.unlink()
    for file, data in before.items():
        if not file.exists() or file.read_bytes() != data:
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_bytes(data)


def _stopped_at(course: Course, number: int, number_of_signal: int, jobs: int = 2) -> int:
    """Run until a step, then send the process a signal; return what became of it."""

    def work() -> None:
        left = [number]

        def step() -> None:
            left[0] -= 1
            if left[0] == 0:
                os.kill(os.getpid(), number_of_signal)

        _count_steps(course.root, step)
        _grade(course, jobs)

    return _end(_child(work))


@pytest.mark.parametrize("handed_in_before", [False, pytest.param(True, marks=pytest.mark.slow)])
@pytest.mark.parametrize(
    ("sent", "parts"),
    [
        (signal.SIGKILL, 4),
        pytest.param(signal.SIGINT, 3, marks=pytest.mark.slow),
        pytest.param(signal.SIGKILL, 1000, marks=pytest.mark.slow),
    ],
)
def test_a_grader_that_is_stopped(ready: Course, tmp_path: Path, sent: int, parts: int, handed_in_before: bool) -> None:
    """Killed or interrupted at any step: the next run grades whoever is missing, and all is as without it.

    Also where the gradebook has grades of what was handed in before. At each single step with one worker: starting two
    takes longer than all else.
    """
    jobs = 1 if parts > 100 else 2
    if handed_in_before:
        for student in CLASS:
            (ready.submitted / student / "lab" / "tiny.ipynb").write_text("0.25")
        _grade(ready)
        for student, content in CLASS.items():
            (ready.submitted / student / "lab" / "tiny.ipynb").write_text(content)
    steps, left = _undisturbed(ready, tmp_path)
    assert steps > 30
    before = {file: file.read_bytes() for file in ready.root.rglob("*") if file.is_file()}
    for number in range(1, steps + 1, max(1, steps // parts)):
        code = _stopped_at(ready, number, sent, jobs)
        # Python drops an interrupt that comes while it puts an object away.
        assert code in ((-signal.SIGKILL,) if sent == signal.SIGKILL else (0, 2)), number
        _grade(ready, jobs)
        assert _left(ready) == left, number
        assert _grade(ready) == []
        _again(ready, before)


def test_a_grader_that_is_killed_while_it_makes_the_gradebook(handed_in: Course, ready: Course, tmp_path: Path) -> None:
    """Also a gradebook that is half made is completed."""
    file = ready.root / "gradebook.db"
    file.unlink()
    for number in (5, 17):
        assert _stopped_at(ready, number, signal.SIGKILL) == -signal.SIGKILL
    assert sorted(_grade(ready)) == sorted(CLASS)
    rows, files = _left(ready)
    assert len(files) == len(CLASS)
    assert len(rows) == len(CLASS) * (1 + 2 + 2)


def test_two_graders_at_once(ready: Course, undisturbed: tuple[int, Any], tmp_path: Path) -> None:
    """Each submission is graded by one of them."""

    def work() -> None:
        (tmp_path / f"{os.getpid()}.json").write_text(json.dumps(_grade(ready)))

    assert [_end(child) for child in [_child(work), _child(work)]] == [0, 0]
    graded = [json.loads(file.read_text()) for file in tmp_path.glob("*.json")]
    assert len(graded) == 2
    assert sorted(graded[0] + graded[1]) == sorted(CLASS)
    assert _left(ready) == undisturbed[1]


def test_a_worker_that_is_lost(ready: Course, undisturbed: tuple[int, Any], tmp_path: Path) -> None:
    """Its submission is graded by another, and nobody notices."""
    (tmp_path / "once").touch()
    (ready.submitted / "ada" / "lab" / "tiny.ipynb").write_text(f"once {tmp_path / 'once'}")
    assert sorted(_grade(ready)) == sorted(CLASS)
    assert not (tmp_path / "once").exists()
    assert _left(ready)[0] == undisturbed[1][0]


def test_a_clock_that_is_moved_back(
    ready: Course, undisturbed: tuple[int, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nothing depends on what time it is: what was graded is not graded again, what is new is."""
    _grade(ready)
    monkeypatch.setattr(time, "time", lambda: 0.0)
    for file in ready.root.rglob("*"):
        os.utime(file, (0, 0))
    assert _grade(ready) == []
    (ready.submitted / "bao" / "lab" / "tiny.ipynb").write_text("1.5")
    os.utime(ready.submitted / "bao" / "lab" / "tiny.ipynb", (0, 0))
    assert _grade(ready) == ["bao"]


@contextmanager
def _files_up_to(size: int) -> Iterator[None]:
    """The system refuses to write more into any file."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


def test_no_room_for_a_notebook(ready: Course) -> None:
    """Each submission is reported with folder and reason, none is taken for graded, and the next run writes all."""
    for student in CLASS:
        (ready.submitted / student / "lab" / "tiny.ipynb").write_text("2.0 large")
    with _files_up_to(800_000), pytest.raises(AssertionError, match="lab could not be written: File too large"):
        _grade(ready)
    assert _left(ready)[1] == {}
    assert sorted(_grade(ready)) == sorted(CLASS)
    assert len(_left(ready)[1]) == len(CLASS)


def test_no_room_for_the_gradebook(ready: Course) -> None:
    """There is a sentence, nothing of the submission stands there, and with room it is saved."""
    config = ready.nbgrader_config(assignment_id="lab")
    settings = Autograde(coursedir=CourseDirectory(config=config), config=config)
    marks = (CellGrade("test_double", 2.0), CellGrade("why-straight", None))
    with GradebookWriter(settings, "lab", patience=0.3) as book:
        results = [
            SubmissionResult(f"s{number}", "lab", (GradedNotebook("tiny", "{}", marks),)) for number in range(400)
        ]
        size = (ready.root / "gradebook.db").stat().st_size
        saved: list[str] = []

        def save_all() -> None:
            for result in results:
                book.save(result, None)
                saved.append(result.student)

        with _files_up_to(size), pytest.raises(DatabaseError, match="grade again"):
            save_all()
        assert book.known() == set(saved)
        for result in results[: len(saved) + 2]:
            assert book.save(result, None).score == 2.0
