"""The class run: who is graded, what is read and written, and what is said of those who can't be graded."""

from __future__ import annotations

import json
import os
import stat
import threading
from collections.abc import Callable, Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from nbgrader.api import Gradebook

from autograder.course import Course
from autograder.errors import CourseError
from autograder.grading.batch import GradedSubmission
from autograder.grading.lock import only_grader

pytestmark = pytest.mark.kernels

Grade = Callable[..., dict[str, GradedSubmission]]


def _autograded(course: Course, student: str) -> dict[str, bytes]:
    folder = course.autograded / student / "lab"
    return {file.name: file.read_bytes() for file in folder.iterdir()} if folder.exists() else {}


def test_a_class(registered: Course, grade: Grade, hand_in: Any) -> None:
    """Everybody's points stand in the gradebook and their notebook in autograded/, for reading only."""
    for number, student in enumerate(("ada", "bao", "chidi")):
        hand_in(student, f"{number}.0")
    assert {student: graded.score for student, graded in grade(jobs=2).items()} == {"ada": 0, "bao": 1, "chidi": 2}
    with Gradebook(f"sqlite:///{registered.root / 'gradebook.db'}", "backprop") as gradebook:
        assert {one.student_id: one.score for one in gradebook.assignment_submissions("lab")} == {
            "ada": 0, "bao": 1, "chidi": 2,
        }  # fmt: skip
    file = registered.autograded / "ada" / "lab" / "tiny.ipynb"
    assert stat.S_IMODE(file.stat().st_mode) == 0o444
    assert json.loads(file.read_bytes())["metadata"]["autograder"]["repairs"] == ["tiny was renamed."]
    assert sorted(_autograded(registered, "ada")) == ["tiny.ipynb"]


def test_what_did_not_change_is_left_alone(registered: Course, grade: Grade, hand_in: Any) -> None:
    """A second run starts no process and writes nothing; times of files do not matter."""
    hand_in("ada")
    first = grade()["ada"]
    before = _autograded(registered, "ada")
    for file in registered.submitted.rglob("*"):
        os.utime(file, (0, 0))
    again = grade()["ada"]
    assert again == GradedSubmission("ada", first.score, first.maximum, first.tasks, first.review, unchanged=True)
    assert _autograded(registered, "ada") == before
    assert not grade(force=True)["ada"].unchanged


@pytest.mark.parametrize("change", ["notebook", "file", "timestamp", "lab", "data", "graded", "one", "gradebook"])
def test_what_changed_is_graded_again(registered: Course, grade: Grade, hand_in: Any, change: str) -> None:
    """The submission, its time, the lab, its data; and what is no longer there of an earlier run."""
    hand_in("ada")
    hand_in("bao")
    grade()
    file = registered.autograded / "ada" / "lab" / "tiny.ipynb"
    if change == "notebook":
        hand_in("ada", "1.0")
    elif change == "file":
        hand_in("ada", "1.0", "tiny-Copy1.ipynb")
    elif change == "timestamp":
        hand_in("ada", "2026-03-01 10:00:00 UTC", "timestamp.txt")
    elif change == "lab":
        notebook = registered.source / "lab" / "tiny.ipynb"
        notebook.write_text(notebook.read_text("utf-8").replace("Look again", "Look once more"), encoding="utf-8")
    elif change == "data":
        (registered.source / "lab" / "more.csv").write_text("1,2\n")
    elif change == "graded":
        file.unlink()
    elif change == "one":
        file.with_name("other.ipynb").write_bytes(file.read_bytes())
    else:
        (registered.root / "gradebook.db").unlink()
    result = grade()
    assert not result["ada"].unchanged
    assert result["bao"].unchanged == (change not in ("lab", "data", "gradebook"))
    assert all(graded.unchanged for graded in grade().values())


@pytest.mark.parametrize("student", ["Ada Lovelace", "-rf", "李明", "ada[1]", "{x}", "a'b\"c", "%s", "..ada", "علی‌رضا"])
def test_names_of_students_are_data(registered: Course, grade: Grade, hand_in: Any, student: str) -> None:
    """A folder's name may be anything that a gradebook can hold."""
    hand_in(student)
    assert grade()[student].score == 2.0
    assert list(_autograded(registered, student)) == ["tiny.ipynb"]
    assert grade()[student].unchanged


@pytest.mark.parametrize("student", ["ada\n", "a\x1b[2Jb", "ada ", "x" * 129, "a\udcffb"], ids=ascii)
def test_names_that_no_gradebook_can_hold(grade: Grade, hand_in: Any, student: str) -> None:
    """They are refused by a sentence that can be printed, and the others are graded."""
    hand_in(student)
    hand_in("bao")
    graded = grade()
    assert "can't hold the name" in graded[student].problem
    assert graded[student].problem.replace("\n", "").replace("→", "").isascii()
    assert graded["bao"].score == 2.0


def test_links_are_not_followed(registered: Course, grade: Grade, hand_in: Any) -> None:
    """A student's folder that is a link to another's is refused by a sentence, at either level."""
    folder = hand_in("ada")
    (registered.submitted / "bao").symlink_to(folder.parent)
    (registered.submitted / "chidi").mkdir()
    (registered.submitted / "chidi" / "lab").symlink_to(folder)
    graded = grade()
    assert graded["ada"].score == 2.0
    assert "symbolic link" in graded["bao"].problem
    assert "symbolic link" in graded["chidi"].problem


def test_a_timestamp(registered: Course, grade: Grade, hand_in: Any) -> None:
    """It stands in the gradebook and beside the graded notebook, as nbgrader has it."""
    hand_in("ada", "2026-03-01 10:00:00.5 Europe/Berlin", "timestamp.txt")
    hand_in("ada")
    assert grade()["ada"].repairs == ("tiny was renamed.",)
    assert _autograded(registered, "ada")["timestamp.txt"] == b"2026-03-01 10:00:00.5 Europe/Berlin"
    with Gradebook(f"sqlite:///{registered.root / 'gradebook.db'}", "backprop") as gradebook:
        assert gradebook.find_submission("lab", "ada").timestamp == datetime(2026, 3, 1, 9, 0, 0, 500000)


def _pipe(file: Path) -> None:
    os.mkfifo(file)


BAD_TIMES: dict[str, Callable[[Path], Any]] = {
    "words": lambda file: file.write_text("yesterday evening"),
    "empty": lambda file: file.write_text(""),
    "bytes": lambda file: file.write_bytes(b"\xff\xfe\x00\x01"),
    "year": lambda file: file.write_text("99999-01-01 10:00:00 UTC"),
    "overflow": lambda file: file.write_text("0001-01-01 00:00:00 +1400"),
    "zone": lambda file: file.write_text("2026-13-41 25:61:61 Nowhere/Land"),
    "link": lambda file: file.symlink_to("/etc/hostname"),
    "pipe": _pipe,
    "folder": lambda file: file.mkdir(),
}


@pytest.mark.parametrize("bad", BAD_TIMES)
def test_a_bad_timestamp(registered: Course, grade: Grade, hand_in: Any, bad: str) -> None:
    """The submission is graded without a time, student and instructor are told, and the next run has nothing to do."""
    BAD_TIMES[bad](hand_in("ada") / "timestamp.txt")
    graded = grade()["ada"]
    assert (graded.score, graded.problem) == (2.0, "")
    assert any("timestamp.txt" in sentence for sentence in graded.repairs)
    kept = _autograded(registered, "ada")
    assert list(kept) == ["tiny.ipynb"]
    assert b"timestamp.txt" in kept["tiny.ipynb"]
    assert grade()["ada"].unchanged


@pytest.mark.parametrize(
    ("word", "says"),
    [
        ("damaged", "it is damaged\n  → hand it in again"), ("nothing", "there is nothing in it"),
        ("wrong", "ZeroDivisionError: a mistake"), ("killed", "killed by SIGKILL 2 times"),
    ],
)  # fmt: skip
def test_who_can_not_be_graded(registered: Course, grade: Grade, hand_in: Any, word: str, says: str) -> None:
    """They are reported with the reason, the others are graded, and what they handed in before stands no longer."""
    hand_in("ada")
    hand_in("bao")
    hand_in("chidi")
    grade()
    hand_in("bao", word)
    graded = grade(force=True, jobs=2)
    assert says in graded["bao"].problem
    assert "bao" in graded["bao"].problem
    assert (graded["ada"].score, graded["chidi"].score) == (2.0, 2.0)
    assert _autograded(registered, "bao") == {}
    assert says in grade()["bao"].problem
    hand_in("bao", "1.0")
    assert grade()["bao"].score == 1.0


def test_a_failure_that_is_not_the_submissions(registered: Course, grade: Grade, hand_in: Any) -> None:
    """A process that dies over what was graded before leaves that in place."""
    hand_in("ada")
    grade()
    before = _autograded(registered, "ada")
    marker = registered.root / "marker"
    marker.touch()
    hand_in("ada", str(marker)[1:], "marker.ipynb")
    hand_in("bao", str(marker)[1:], "marker.ipynb")
    hand_in("bao")
    assert "killed" in grade("bao")["bao"].problem
    marker.unlink()
    grade()
    before = _autograded(registered, "ada")
    marker.touch()
    assert "killed" in grade(force=True)["ada"].problem
    assert _autograded(registered, "ada") == before


def test_stale_files_go(registered: Course, grade: Grade, hand_in: Any) -> None:
    """What an earlier grading left beside a notebook is removed with it."""
    folder = registered.autograded / "ada" / "lab"
    (folder / "old").mkdir(parents=True)
    for name in ("other.ipynb", "data.csv", "tiny.ipynb.part", "old/x", "timestamp.txt"):
        (folder / name).write_text("{}")
    hand_in("ada")
    grade()
    assert list(_autograded(registered, "ada")) == ["tiny.ipynb"]


def test_group_shared_courses(registered: Course, grade: Grade, hand_in: Any) -> None:
    """nbgrader's option for courses of several instructors sets the permissions that it sets in nbgrader."""
    hand_in("ada")
    grade(groupshared=True)
    folder = registered.autograded / "ada" / "lab"
    assert stat.S_IMODE((folder / "tiny.ipynb").stat().st_mode) == 0o664
    assert stat.S_IMODE(folder.stat().st_mode) & 0o2770 == 0o2770


def test_other_folders(registered: Course, grade: Grade, hand_in: Any, tmp_path: Path) -> None:
    """Where nbgrader's configuration names other folders, those are used."""
    hand_in("ada")
    assert grade(autograded_directory=str(tmp_path / "elsewhere"))["ada"].score == 2.0
    assert (tmp_path / "elsewhere" / "ada" / "lab" / "tiny.ipynb").exists()


def test_a_lab_that_is_not_built(registered: Course, grade: Grade, hand_in: Any) -> None:
    """There is a sentence with the command that builds it."""
    hand_in("ada")
    (registered.source / "lab" / "tiny.ipynb").unlink()
    with pytest.raises(CourseError, match="lab build lab"):
        grade()


def test_one_grader_at_a_time(registered: Course, grade: Grade, hand_in: Any) -> None:
    """The second waits, says so, and finds everything done; where it may not wait it stops with a sentence."""
    hand_in("ada")
    released, said = threading.Event(), []

    def first() -> Iterator[GradedSubmission]:
        with only_grader(registered.autograded, None):
            holds.set()
            released.wait(30)

    holds = threading.Event()
    holder = threading.Thread(target=first)
    holder.start()
    holds.wait(30)
    with pytest.raises(CourseError, match="another grader"):
        grade(tell=None)

    def tell(sentence: str) -> None:
        said.append(sentence)
        released.set()

    assert grade(tell=tell)["ada"].score == 2.0
    assert "another grader is at work" in said[0]
    holder.join()
