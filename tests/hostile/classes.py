"""Puts rows into a class with honest students between them, has it graded, and looks at everything that is left."""

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
"""After which a run that does not end is ended."""
GROWTH = 200 * 2**20
"""Bytes by which a course folder may grow when a class is graded."""

Grade = Callable[[Class], "subprocess.CompletedProcess[str]"]
"""What grades a class, in a process of its own."""


@dataclass(frozen=True)
class Seen:
    """What a run left of one student."""

    points: Mapping[str, float]
    """As the gradebook has them at the end, by task."""
    told: str
    """All that the student or the instructor can read about it, in small letters."""
    problem: str
    leaks: frozenset[str]
    """Places whose secrets stand in what was written for this student."""


@dataclass(frozen=True)
class Run:
    """What came of grading a class."""

    students: Mapping[str, Row]
    seen: Mapping[str, Seen]
    code: int
    """0 where the run came to its end."""
    log: str
    changed: tuple[str, ...]
    """Files of the course that are not what they were, though grading does not write them."""
    left: tuple[str, ...]
    """Processes and files that submissions left behind."""
    grew: int
    """By how many bytes the course folder grew."""
    seconds: float
    honest: tuple[str, ...] = field(default=())

    def of(self, row: Row) -> Seen:
        """What it left of a row."""
        return next(self.seen[student] for student, other in self.students.items() if other is row)


def enrolled(rows: Sequence[Row]) -> dict[str, Row]:
    """Students by name, in the order in which they are graded.

    An honest one comes first, last, around each that might disturb others, and after every twelve of the rest.
    """
    class_: list[Row] = [HONEST]
    for number, row in enumerate(rows, start=1):
        if row.alone and class_[-1] is not HONEST:
            class_.append(HONEST)
        class_ += [row, HONEST] if row.alone or number % 12 == 0 or number == len(rows) else [row]
    return {f"{number:03d}-{_slug(row.name)}": row for number, row in enumerate(class_)}


def run(made: Class, folder: Path, rows: Sequence[Row], grade: Grade) -> Run:
    """Grade rows in a copy of a course, with honest students between them."""
    made, students = copied(made, folder), enrolled(rows)
    notebook = released(made.course)
    for student, row in students.items():
        put(made, student, row.make(made, notebook))
    before, size, start = _hashes(made), _size(made), time.monotonic()
    result = grade(made)
    seconds, log = time.monotonic() - start, f"{result.stdout}\n{result.stderr}"
    problems = {about["student"]: about for about in _reports(result.stdout)}
    seen = {student: _seen(made, student, problems.get(student, {})) for student in students}
    after = _hashes(made)
    changed = sorted(name for name in {*before, *after} if before.get(name) != after.get(name))
    honest = tuple(student for student, row in students.items() if row is HONEST)
    grew = _size(made) - size
    return Run(students, seen, result.returncode, log, tuple(changed), tuple(_left(made)), grew, seconds, honest)


def by_engine(tier: str, user: int | None = None, pages: bool = False, jobs: int = 2) -> Grade:
    """What grades by our engine on a tier.

    user: the number of an ordinary one, where root runs the tests. pages: whether to write feedback pages, too.
    jobs: how many at a time.
    """

    def grade(made: Class) -> subprocess.CompletedProcess[str]:
        if user is not None:
            _give(made, user)
        # By its path, not its folder: nothing in it must be found instead of something else.
        program = Path(__file__).with_name("grader.py")
        return in_class(
            made,
            [sys.executable, "-P", str(program), str(made.course.root), LAB, tier, str(jobs), "pages" * pages],
            user,
        )

    return grade


def in_class(made: Class, command: Sequence[str], user: int | None = None) -> subprocess.CompletedProcess[str]:
    """Run a command in a course folder, with the environment that holds a secret."""
    scratch = made.course.root.parent / f"{made.course.root.name}-tmp"
    scratch.mkdir(exist_ok=True)
    scratch.chmod(0o777)
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    environment = {**os.environ, "PATH": path, "TMPDIR": str(scratch), **made.environment}
    if user is not None:
        command = [sys.executable, as_user.__file__, *command]
    # Files, not pipes: what a submission started may outlive the command, and hold a pipe open.
    with tempfile.TemporaryFile() as output, tempfile.TemporaryFile() as errors:
        process = subprocess.Popen(
            command, cwd=made.course.root, env=environment, stdin=subprocess.DEVNULL, stdout=output, stderr=errors
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


def complaints(row: Row, seen: Seen) -> list[str]:
    """What is not as it should be with a row, in words."""
    found = []
    for task, most in row.points.items():
        got, least = seen.points.get(task, 0.0), row.least.get(task, most)
        if got > most:
            found.append(f"{task} earned {got:g} points and deserves {most:g}")
        elif got < least:
            found.append(f"{task} earned {got:g} points and deserves {least:g}")
    found += [f"nobody says {word!r}" for word in row.says if word.casefold() not in seen.told]
    found += [f"there stands {word!r}" for word in row.never if word.casefold() in seen.told]
    found += [f"the secret of {place} is out" for place in sorted(seen.leaks)]
    if bool(row.problem) != bool(seen.problem) or row.problem.casefold() not in seen.problem.casefold():
        found.append(f"the problem should name {row.problem!r}: {seen.problem!r}")
    return found


def points(made: Class, student: str) -> dict[str, float]:
    """What the gradebook has, by task; nothing where it knows no submission."""
    file = made.course.root / "gradebook.db"
    if not file.exists():
        return {}
    with closing(sqlite3.connect(f"file:{file}?mode=ro", uri=True)) as gradebook:
        found = gradebook.execute(_POINTS, (student,)).fetchall()
    names = ((name.removeprefix("test_"), score) for name, score in found)
    return {name: float(score or 0.0) for name, score in names if name in FULL}


_POINTS = """
    SELECT base_cell.name, COALESCE(grade.manual_score, grade.auto_score) + COALESCE(grade.extra_credit, 0)
    FROM grade
    JOIN base_cell ON base_cell.id = grade.cell_id
    JOIN submitted_notebook ON submitted_notebook.id = grade.notebook_id
    JOIN submitted_assignment ON submitted_assignment.id = submitted_notebook.assignment_id
    WHERE submitted_assignment.student_id = ?
"""


def _seen(made: Class, student: str, report: Mapping[str, object]) -> Seen:
    words = [json.dumps(report, ensure_ascii=False)]
    for file in sorted((made.course.autograded / student).rglob("*.ipynb")):
        notebook = json.loads(file.read_text("utf-8"))
        words.append(json.dumps(notebook["metadata"], ensure_ascii=False))
        words += [json.dumps(cell.get("outputs", ""), ensure_ascii=False) for cell in notebook["cells"]]
    told = "\n".join(words).casefold()
    return Seen(points(made, student), told, str(report.get("problem", "")), frozenset(leaks(made, student)))


def _reports(output: str) -> Iterator[dict[str, object]]:
    for line in output.splitlines():
        if line.startswith("graded {"):
            yield json.loads(line.removeprefix("graded "))


def _slug(name: str) -> str:
    return "".join(letter if letter.isascii() and letter.isalnum() else "-" for letter in name.casefold())[:50]


def _hashes(made: Class) -> dict[str, str]:
    """What stands in every file that grading has no business with."""
    root = made.course.root
    return {
        str(file.relative_to(root)): hashlib.sha256(file.read_bytes()).hexdigest()
        for step in ("source", "release", "submitted", "notebooks", "autograded/classmate")
        for file in sorted((root / step).rglob("*"))
        if file.is_file() and not file.is_symlink()
    }


def _size(made: Class) -> int:
    return sum(file.lstat().st_size for file in made.course.root.rglob("*"))


def _left(made: Class) -> Iterator[str]:
    """Processes and files with the class's mark, and scratch folders of the grader's."""
    end = time.monotonic() + 1.5
    while (found := list(_processes(made.mark))) and time.monotonic() < end:
        time.sleep(0.1)
    yield from (f"process {name}" for name in found)
    root = made.course.root
    places = [root, root.parent, made.home, *map(Path, ("/", "/tmp", "/var/tmp", "/dev/shm", "/run", "/usr/lib"))]
    for place in places:
        yield from (f"file {file}" for file in place.glob(f"*{made.mark}*"))
    yield from (f"folder {file}" for file in (root.parent / f"{root.name}-tmp").glob("lab-box-*"))


def _processes(mark: str) -> Iterator[str]:
    for folder in Path("/proc").glob("[0-9]*"):
        with suppress(OSError):
            if mark.encode() in (folder / "cmdline").read_bytes() + (folder / "comm").read_bytes():
                yield folder.name


def clear(made: Class) -> None:
    """Remove what stock grading let happen to this machine: processes and files with the class's mark."""
    for process in _processes(made.mark):
        with suppress(OSError):
            os.kill(int(process), 9)
    for place in map(Path, ("/", "/tmp", "/var/tmp", "/dev/shm", "/run", "/usr/lib")):
        for file in place.glob(f"*{made.mark}*"):
            file.unlink(missing_ok=True)


def _give(made: Class, user: int) -> None:
    """Let everything of a class belong to another user."""
    for top in (made.course.root, made.home):
        for file in (top, *top.rglob("*")):
            os.chown(file, user, user, follow_symlinks=False)
