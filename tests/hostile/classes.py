"""Classes of hostile and honest students: write the submissions, grade the class, and collect the results."""

from __future__ import annotations

import hashlib
import json
import os
import sqlite3
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import closing, suppress
from dataclasses import dataclass, field
from pathlib import Path

from tests.sandbox import as_user

from .course import Class, copied, leaks, released
from .hand import put, right
from .lab import FULL, LAB
from .row import Row

HONEST = Row("honest", right(), why="no attack")
SECONDS = 900
"""Time limit of a run, in seconds."""
GROWTH = 200 * 2**20
"""Limit on the growth of a course folder while a class is graded, in bytes."""

Grade = Callable[[Class], "subprocess.CompletedProcess[str]"]
"""A function that grades a class in another process."""


@dataclass(frozen=True)
class Seen:
    """The results of one student."""

    points: Mapping[str, float]
    """Points in the gradebook at the end, by task."""
    told: str
    """All text on the submission that the student or the instructor can read, in lower case."""
    problem: str
    """Why the submission could not be graded, without the names of student and lab; empty if it was graded."""
    leaks: frozenset[str]
    """Places whose secrets are in the files that were written for this student."""


@dataclass(frozen=True)
class Run:
    """The results of grading a class."""

    students: Mapping[str, Row]
    """The row of each student, by name, in the order of grading."""
    seen: Mapping[str, Seen]
    """The results of each student, by name."""
    code: int
    """Exit code of the grader; 0 if the run was complete."""
    log: str
    changed: tuple[str, ...]
    """Files of the course that changed although grading does not write them."""
    left: tuple[str, ...]
    """Processes, files and scratch folders that submissions left behind."""
    grew: int
    """Growth of the course folder, in bytes."""
    seconds: float
    honest: tuple[str, ...] = field(default=())

    def of(self, row: Row) -> Seen:
        """Return the results of the student with this row."""
        return next(self.seen[student] for student, other in self.students.items() if other is row)


def enrolled(rows: Sequence[Row]) -> dict[str, Row]:
    """Return the row of each student by name, in the order of grading.

    An honest student comes first, last, around each row that might disturb others, and after every twelve other rows.
    The names say nothing about the rows: a word that is looked for in a message must not come from the student's name.
    """
    ordered_rows: list[Row] = [HONEST]
    for number, row in enumerate(rows, start=1):
        if row.alone and ordered_rows[-1] is not HONEST:
            ordered_rows.append(HONEST)
        ordered_rows += [row, HONEST] if row.alone or number % 12 == 0 or number == len(rows) else [row]
    return {f"s{number:03d}": row for number, row in enumerate(ordered_rows)}


def run(class_: Class, folder: Path, rows: Sequence[Row], grade: Grade) -> Run:
    """Grade rows in a copy of a course, with honest students between them; return the results.

    folder: the place of the copy.
    """
    class_, students = copied(class_, folder), enrolled(rows)
    notebook = released(class_.course)
    for student, row in students.items():
        put(class_, student, row.make(class_, notebook))
    before, size, start = _hashes(class_), _size(class_), time.monotonic()
    result = grade(class_)
    seconds, log = time.monotonic() - start, f"{result.stdout}\n{result.stderr}"
    problems = {about["student"]: about for about in _reports(result.stdout)}
    seen = {student: _results_of(class_, student, problems.get(student, {})) for student in students}
    after = _hashes(class_)
    changed = sorted(name for name in {*before, *after} if before.get(name) != after.get(name))
    honest = tuple(student for student, row in students.items() if row is HONEST)
    grew = _size(class_) - size
    return Run(students, seen, result.returncode, log, tuple(changed), tuple(_leftovers(class_)), grew, seconds, honest)


def by_engine(tier: str, user: int | None = None, pages: bool = False, jobs: int = 2) -> Grade:
    """Return a function that grades a class with our engine on an isolation tier.

    user: number of the ordinary user that grades, if root runs the tests. pages: write feedback pages, too. jobs:
    number of submissions that are graded at a time.
    """

    def grade(class_: Class) -> subprocess.CompletedProcess[str]:
        if user is not None:
            _give_to(class_, user)
        # With -P Python imports nothing from the program's folder.
        program = Path(__file__).with_name("grader.py")
        return in_class(
            class_,
            [sys.executable, "-P", str(program), str(class_.course.root), LAB, tier, str(jobs), "pages" * pages],
            user,
        )

    return grade


def in_class(class_: Class, command: Sequence[str], user: int | None = None) -> subprocess.CompletedProcess[str]:
    """Run a command in a course folder, with the environment that holds a secret; return the completed process.

    user: see `by_engine`. A command that takes longer than SECONDS is killed and has exit code -1.
    """
    scratch = class_.course.root.parent / f"{class_.course.root.name}-tmp"
    scratch.mkdir(exist_ok=True)
    scratch.chmod(0o777)
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    environment = {**os.environ, "PATH": path, "TMPDIR": str(scratch), **class_.environment}
    if user is not None:
        command = [sys.executable, as_user.__file__, *command]
    # Files, not pipes: a process that a submission started may outlive the command and keep a pipe open.
    with tempfile.TemporaryFile() as output, tempfile.TemporaryFile() as errors:
        process = subprocess.Popen(
            command, cwd=class_.course.root, env=environment, stdin=subprocess.DEVNULL, stdout=output, stderr=errors
        )
        try:
            process.wait(SECONDS)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
            return subprocess.CompletedProcess(command, -1, "", "it did not end")
        texts = []
        for file in (output, errors):
            file.seek(0)
            texts.append(file.read().decode(errors="replace"))
    return subprocess.CompletedProcess(command, process.returncode, *texts)


def complaints(row: Row, result: Run) -> list[str]:
    """Return a sentence for each difference between the results of a row in a class and its expectations."""
    sentences, seen, honest = [], result.of(row), result.of(HONEST)
    for task, most in row.points.items():
        earned, least = seen.points.get(task, 0.0), row.least.get(task, most)
        if earned > most:
            sentences.append(f"{task} earned {earned:g} points and deserves {most:g}")
        elif earned < least:
            sentences.append(f"{task} earned {earned:g} points and deserves {least:g}")
    sentences += [f"nobody says {word!r}" for word in row.says if word.casefold() not in seen.told]
    sentences += [f"{word!r} stands in every student's messages" for word in row.says if word.casefold() in honest.told]
    sentences += [f"there stands {word!r}" for word in row.never if word.casefold() in seen.told]
    sentences += [f"the secret of {place} is out" for place in sorted(seen.leaks)]
    if bool(row.problem) != bool(seen.problem) or row.problem.casefold() not in seen.problem.casefold():
        sentences.append(f"the problem should name {row.problem!r}: {seen.problem!r}")
    return sentences


def points(class_: Class, student: str) -> dict[str, float]:
    """Return the student's points in the gradebook, by task; empty if there is no gradebook or no submission."""
    file = class_.course.root / "gradebook.db"
    if not file.exists():
        return {}
    with closing(sqlite3.connect(f"file:{file}?mode=ro", uri=True)) as gradebook:
        rows = gradebook.execute(_POINTS, (student,)).fetchall()
    names = ((name.removeprefix("test_"), score) for name, score in rows)
    return {name: float(score or 0.0) for name, score in names if name in FULL}


_POINTS = """
    SELECT base_cell.name, COALESCE(grade.manual_score, grade.auto_score) + COALESCE(grade.extra_credit, 0)
    FROM grade
    JOIN base_cell ON base_cell.id = grade.cell_id
    JOIN submitted_notebook ON submitted_notebook.id = grade.notebook_id
    JOIN submitted_assignment ON submitted_assignment.id = submitted_notebook.assignment_id
    WHERE submitted_assignment.student_id = ?
"""


def _results_of(class_: Class, student: str, report: Mapping[str, object]) -> Seen:
    """Return the results of a student. report: the grader's report on the submission."""
    texts = [json.dumps(report, ensure_ascii=False)]
    for file in sorted((class_.course.autograded / student).rglob("*.ipynb")):
        notebook = json.loads(file.read_text("utf-8"))
        texts.append(json.dumps(notebook["metadata"], ensure_ascii=False))
        texts += [json.dumps(cell.get("outputs", ""), ensure_ascii=False) for cell in notebook["cells"]]
    text = "\n".join(texts).casefold()
    problem = str(report.get("problem", "")).removeprefix(f"{student}'s {LAB} could not be graded: ")
    return Seen(points(class_, student), text, problem, frozenset(leaks(class_, student)))


def _reports(output: str) -> Iterator[dict[str, object]]:
    """Yield the grader's report on each submission, from its output."""
    for line in output.splitlines():
        if line.startswith("graded {"):
            yield json.loads(line.removeprefix("graded "))


def _hashes(class_: Class) -> dict[str, str]:
    """Return a hash of each file that grading must not change, by path."""
    root = class_.course.root
    return {
        str(file.relative_to(root)): hashlib.sha256(file.read_bytes()).hexdigest()
        for step in ("source", "release", "submitted", "notebooks", "autograded/classmate")
        for file in sorted((root / step).rglob("*"))
        if file.is_file() and not file.is_symlink()
    }


def _size(class_: Class) -> int:
    """Return the size of all files in the course folder, in bytes."""
    return sum(file.lstat().st_size for file in class_.course.root.rglob("*"))


def _leftovers(class_: Class) -> Iterator[str]:
    """Yield processes and files with the class's mark, and the grader's scratch folders."""
    end = time.monotonic() + 1.5
    while (processes := list(_processes(class_.mark))) and time.monotonic() < end:
        time.sleep(0.1)
    yield from (f"process {name}" for name in processes)
    root = class_.course.root
    places = [root, root.parent, class_.home, *map(Path, ("/", "/tmp", "/var/tmp", "/dev/shm", "/run", "/usr/lib"))]
    for place in places:
        yield from (f"file {file}" for file in place.glob(f"*{class_.mark}*"))
    yield from (f"folder {file}" for file in (root.parent / f"{root.name}-tmp").glob("lab-box-*"))


def _processes(mark: str) -> Iterator[str]:
    """Yield the numbers of the processes with this mark in their command line or name."""
    for folder in Path("/proc").glob("[0-9]*"):
        with suppress(OSError):
            if mark.encode() in (folder / "cmdline").read_bytes() + (folder / "comm").read_bytes():
                yield folder.name


def clear(class_: Class) -> None:
    """Kill processes and delete files with the class's mark, which stock grading may leave on this machine."""
    for process in _processes(class_.mark):
        with suppress(OSError):
            os.kill(int(process), 9)
    for place in map(Path, ("/", "/tmp", "/var/tmp", "/dev/shm", "/run", "/usr/lib")):
        for file in place.glob(f"*{class_.mark}*"):
            file.unlink(missing_ok=True)


def _give_to(class_: Class, user: int) -> None:
    """Make a user the owner of all files of a class. user: the user's number."""
    for top in (class_.course.root, class_.home):
        for file in (top, *top.rglob("*")):
            os.chown(file, user, user, follow_symlinks=False)
