"""Tests of Batch: choice of submissions, files read and written, and reports on submissions that can't be graded."""

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
from autograder.grading import autograded_folder
from autograder.grading.batch import GradedSubmission
from autograder.grading.feedback import write_pages
from autograder.grading.lock import only_grader

pytestmark = pytest.mark.kernels

Grade = Callable[..., dict[str, GradedSubmission]]


def _autograded(course: Course, student: str) -> dict[str, bytes]:
    """Return the files of a student in autograded/, by name; empty if there is no folder."""
    folder = course.autograded / student / "lab"
    return {file.name: file.read_bytes() for file in folder.iterdir()} if folder.exists() else {}


def test_grading_a_class(registered: Course, grade: Grade, hand_in: Any) -> None:
    """Each student's points are in the gradebook, and the graded notebook is in autograded/, read-only."""
    for number, student in enumerate(("ada", "bao", "chidi")):
        hand_in(student, f"{number}.0")
    assert {student: graded.score for student, graded in grade(jobs=2).items()} == {"ada": 0, "bao": 1, "chidi": 2}
    with Gradebook(f"sqlite:///{registered.root / 'gradebook.db'}", "backprop") as gradebook:
        assert {submission.student_id: submission.score for submission in gradebook.assignment_submissions("lab")} == {
            "ada": 0, "bao": 1, "chidi": 2,
        }  # fmt: skip
    file = registered.autograded / "ada" / "lab" / "tiny.ipynb"
    assert stat.S_IMODE(file.stat().st_mode) == 0o444
    assert json.loads(file.read_bytes())["metadata"]["autograder"]["repairs"] == ["tiny was renamed."]
    assert sorted(_autograded(registered, "ada")) == ["tiny.ipynb"]


def test_unchanged_submissions_are_skipped(registered: Course, grade: Grade, hand_in: Any) -> None:
    """Unless forced, a second run starts no worker and writes nothing; files' modification times don't matter."""
    hand_in("ada")
    first = grade()["ada"]
    before = _autograded(registered, "ada")
    for file in registered.submitted.rglob("*"):
        os.utime(file, (0, 0))
    again = grade()["ada"]
    assert again == GradedSubmission("ada", first.score, first.maximum, first.tasks, first.review, unchanged=True)
    assert _autograded(registered, "ada") == before
    assert not grade(force=True)["ada"].unchanged


@pytest.mark.parametrize(
    "change", ["notebook", "file", "photo", "timestamp", "lab", "data", "stubs", "graded", "one", "gradebook"]
)
def test_changed_submissions_are_graded_again(registered: Course, grade: Grade, hand_in: Any, change: str) -> None:
    """A change of submission, timestamp, lab, data or stored results makes the next run grade again."""
    hand_in("ada")
    hand_in("ada", "a photo", "photo.jpg")
    hand_in("bao")
    grade()
    file = registered.autograded / "ada" / "lab" / "tiny.ipynb"
    if change == "notebook":
        hand_in("ada", "1.0")
    elif change == "file":
        hand_in("ada", "1.0", "tiny-Copy1.ipynb")
    elif change == "photo":
        hand_in("ada", "another photo", "photo.jpg")
    elif change == "timestamp":
        hand_in("ada", "2026-03-01 10:00:00 UTC", "timestamp.txt")
    elif change == "lab":
        notebook = registered.source / "lab" / "tiny.ipynb"
        notebook.write_text(notebook.read_text("utf-8").replace("Look again", "Look once more"), encoding="utf-8")
    elif change == "data":
        (registered.source / "lab" / "more.csv").write_text("1,2\n")
    elif change == "stubs":
        with (registered.root / "nbgrader_config.py").open("a", encoding="utf-8") as config:
            config.write("c.ClearSolutions.text_stub = 'Write here.'\n")
    elif change == "graded":
        file.unlink()
    elif change == "one":
        file.with_name("other.ipynb").write_bytes(file.read_bytes())
    else:
        (registered.root / "gradebook.db").unlink()
    result = grade()
    assert not result["ada"].unchanged
    assert result["bao"].unchanged == (change not in ("lab", "data", "stubs", "gradebook"))
    assert all(graded.unchanged for graded in grade().values())


@pytest.mark.parametrize(
    ("change", "reopened", "why"),
    [
        ("2.0 says:because", [], ""),
        ("1.0 says:because", ["test_double"], "the answer is another now"),
        ("2.0 says:so", ["why-straight"], "the answer is another now"),
        ("gone", ["test_double", "why-straight"], "autograded/ no longer has the answer that was graded"),
        ("killed", ["test_double", "why-straight"], "autograded/ no longer has the answer that was graded"),
    ],
)
def test_only_another_answer_is_reviewed_again(
    registered: Course, grade: Grade, hand_in: Any, monkeypatch: Any, change: str, reopened: list[str], why: str
) -> None:
    """After a regrade a manual score stands; its cell needs review again if its answer is another or is not known.

    It then does so until a person has reviewed it, however often the submission is graded again.
    """
    hand_in("ada", "2.0 says:because")
    grade()
    with Gradebook(f"sqlite:///{registered.root / 'gradebook.db'}", "backprop") as gradebook:
        for name in ("test_double", "why-straight"):
            row = gradebook.find_grade(name, "tiny", "lab", "ada")
            row.manual_score, row.needs_manual_grade = 0.5, False
        gradebook.db.commit()
    if change == "gone":
        (registered.autograded / "ada" / "lab" / "tiny.ipynb").unlink()
    elif change == "killed":
        # Where a killed run may stop: the gradebook is written, and autograded/ is empty.
        with monkeypatch.context() as patched:
            patched.setattr(autograded_folder, "write", _interrupt)
            with pytest.raises(KeyboardInterrupt):
                grade(force=True)
    else:
        hand_in("ada", change)
    graded = grade(force=True)["ada"]
    assert (graded.score, list(graded.review)) == (1.0, reopened)
    assert [(why in note, all(name in note for name in reopened)) for note in graded.notes] == [(True, True)] * bool(
        why
    )
    again = grade(force=True)["ada"]
    assert (again.score, list(again.review), again.notes) == (1.0, reopened, ())


def _interrupt(*_: object) -> None:
    """Raise KeyboardInterrupt, in place of writing a file."""
    raise KeyboardInterrupt


@pytest.mark.parametrize("student", ["Ada Lovelace", "-rf", "李明", "ada[1]", "{x}", "a'b\"c", "%s", "..ada", "علی‌رضا"])
def test_unusual_student_names(registered: Course, grade: Grade, hand_in: Any, student: str) -> None:
    """A student's name may be any text that the gradebook accepts."""
    hand_in(student)
    assert grade()[student].score == 2.0
    assert list(_autograded(registered, student)) == ["tiny.ipynb"]
    assert grade()[student].unchanged


@pytest.mark.parametrize("student", ["ada\n", "a\x1b[2Jb", "ada ", "x" * 129, "a\udcffb"], ids=ascii)
def test_student_names_that_the_gradebook_refuses(grade: Grade, hand_in: Any, student: str) -> None:
    """A name that the gradebook can't store is reported in printable characters; other students are graded."""
    hand_in(student)
    hand_in("bao")
    graded = grade()
    assert "can't hold the name" in graded[student].problem
    assert graded[student].problem.replace("\n", "").replace("→", "").isascii()
    assert graded["bao"].score == 2.0


def test_links_are_not_followed(registered: Course, grade: Grade, hand_in: Any) -> None:
    """A student's folder, or the lab's folder in it, that is a symbolic link is refused with a sentence."""
    folder = hand_in("ada")
    (registered.submitted / "bao").symlink_to(folder.parent)
    (registered.submitted / "chidi").mkdir()
    (registered.submitted / "chidi" / "lab").symlink_to(folder)
    graded = grade()
    assert graded["ada"].score == 2.0
    assert "symbolic link" in graded["bao"].problem
    assert "symbolic link" in graded["chidi"].problem


def test_timestamp(registered: Course, grade: Grade, hand_in: Any) -> None:
    """A submission's timestamp is in the gradebook, in UTC, and beside the graded notebook, as nbgrader reads it."""
    hand_in("ada", "2026-07-01 10:00:00 CEST", "timestamp.txt")
    hand_in("ada")
    assert grade()["ada"].repairs == ("tiny was renamed.",)
    assert _autograded(registered, "ada")["timestamp.txt"] == b"2026-07-01 08:00:00.000000 UTC"
    with Gradebook(f"sqlite:///{registered.root / 'gradebook.db'}", "backprop") as gradebook:
        assert gradebook.find_submission("lab", "ada").timestamp == datetime(2026, 7, 1, 8)


def test_invalid_timestamp(registered: Course, grade: Grade, hand_in: Any) -> None:
    """A submission with an invalid timestamp is graded without a time, and a second run skips it.

    A repair names the file, to the instructor in the report and to the student in the graded notebook.
    """
    os.mkfifo(hand_in("ada") / "timestamp.txt")
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
def test_submissions_that_can_not_be_graded(
    registered: Course, grade: Grade, hand_in: Any, word: str, says: str
) -> None:
    """A submission that can't be graded is reported with the reason; the other submissions are graded.

    The graded notebooks of the student's earlier submission are removed.
    """
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


def test_a_killed_worker_keeps_the_earlier_result(registered: Course, grade: Grade, hand_in: Any) -> None:
    """If a worker dies while it grades an unchanged submission again, the earlier graded notebook stays."""
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


def test_photos_are_passed_on(registered: Course, grade: Grade, hand_in: Any) -> None:
    """Photos beside the notebook are copied to autograded/, read-only and not executable."""
    (hand_in("ada", "a photo", "photo.jpg") / "photo.jpg").chmod(0o777)
    hand_in("ada")
    grade()
    assert _autograded(registered, "ada")["photo.jpg"] == b"a photo"
    assert stat.S_IMODE((registered.autograded / "ada" / "lab" / "photo.jpg").stat().st_mode) == 0o444


def test_a_page_for_a_submission_that_can_not_be_graded(registered: Course, grade: Grade, hand_in: Any) -> None:
    """Such a student gets a page that says why, with the files that nbgrader needs to release it, and nothing active.

    When the student hands in again and is graded, the page is removed: nbgrader would take it for up to date. A grade
    of an earlier submission stays in the gradebook.
    """
    hand_in("ada", "1.0")
    assert grade()["ada"].score == 1.0
    (hand_in("ada", "nothing") / "<script>alert(1)<s>.7z").write_text("")
    hand_in("ada", "ab12" * 32, "submission_secret.txt")
    hand_in("ada", "2026-07-01 10:00:00 CEST", "timestamp.txt")
    assert grade()["ada"].problem
    (page,) = write_pages((registered, "lab", "ada"))
    folder = registered.feedback / "ada" / "lab"
    assert page == folder / "tiny.html"
    text = page.read_text("utf-8")
    assert "Not graded" in text
    assert "tiny.ipynb: the file is not a notebook" in text
    assert "What to do: hand in tiny.ipynb." in text
    assert "is a 7z archive" in text
    assert "<script" not in text
    assert "Content-Security-Policy" in text
    assert (folder / "submission_secret.txt").read_text() == "ab12" * 32
    assert (folder / "timestamp.txt").read_text() == "2026-07-01 08:00:00.000000 UTC"
    with Gradebook(f"sqlite:///{registered.root / 'gradebook.db'}", "backprop") as gradebook:
        assert gradebook.find_submission("lab", "ada").score == 1.0
    hand_in("ada")
    assert grade()["ada"].score == 2.0
    assert not folder.exists()
    folder.mkdir()
    (folder / "tiny.html").write_text("a page of nbgrader's")
    grade(force=True)
    assert folder.exists()


def test_stale_files_are_removed(registered: Course, grade: Grade, hand_in: Any) -> None:
    """Grading a student removes all files that an earlier grading left in the folder in autograded/."""
    folder = registered.autograded / "ada" / "lab"
    (folder / "old").mkdir(parents=True)
    for name in ("other.ipynb", "data.csv", "tiny.ipynb.part", "old/x", "timestamp.txt"):
        (folder / name).write_text("{}")
    hand_in("ada")
    grade()
    assert list(_autograded(registered, "ada")) == ["tiny.ipynb"]


def test_group_shared_courses(registered: Course, grade: Grade, hand_in: Any) -> None:
    """With nbgrader's groupshared option, graded files and folders have the permissions that nbgrader sets."""
    hand_in("ada")
    grade(groupshared=True)
    folder = registered.autograded / "ada" / "lab"
    assert stat.S_IMODE((folder / "tiny.ipynb").stat().st_mode) == 0o664
    assert stat.S_IMODE(folder.stat().st_mode) & 0o2770 == 0o2770


def test_other_folders(registered: Course, grade: Grade, hand_in: Any, tmp_path: Path) -> None:
    """Grading uses the folders that nbgrader's configuration names."""
    hand_in("ada")
    assert grade(autograded_directory=str(tmp_path / "elsewhere"))["ada"].score == 2.0
    assert (tmp_path / "elsewhere" / "ada" / "lab" / "tiny.ipynb").exists()


def test_a_lab_that_is_not_built(registered: Course, grade: Grade, hand_in: Any) -> None:
    """If the source notebook is missing, grading raises a CourseError with the command that builds it."""
    hand_in("ada")
    (registered.source / "lab" / "tiny.ipynb").unlink()
    with pytest.raises(CourseError, match="lab build lab"):
        grade()


def test_one_grader_at_a_time(registered: Course, grade: Grade, hand_in: Any) -> None:
    """A second grader reports that it waits, then grades; if it may not wait, it raises a CourseError."""
    hand_in("ada")
    may_release, sentences = threading.Event(), []

    def hold_lock() -> Iterator[GradedSubmission]:
        with only_grader(registered.autograded, None):
            lock_held.set()
            may_release.wait(30)

    lock_held = threading.Event()
    holder = threading.Thread(target=hold_lock)
    holder.start()
    lock_held.wait(30)
    with pytest.raises(CourseError, match="another grader"):
        grade(notify=None)

    def notify(sentence: str) -> None:
        sentences.append(sentence)
        may_release.set()

    assert grade(notify=notify)["ada"].score == 2.0
    assert "another grader is at work" in sentences[0]
    holder.join()
