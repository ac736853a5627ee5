"""Grades in place of the sandbox, in no time, by what is written in a file: for tests of what happens around it."""

from __future__ import annotations

import contextlib
import json
import os
import signal
import time
from pathlib import Path

from autograder.errors import CourseError
from autograder.grading.model import CellGrade, GradedNotebook, Job, Repair, SubmissionResult


def grade(job: Job) -> SubmissionResult:
    """Every test of a notebook earns the number in the file of its name; other words make things go wrong."""
    said = {Path(file.name).stem: file.data.decode() for file in job.files}
    if (Path("/") / said.get("marker", "/nowhere")).exists():
        os.kill(os.getpid(), signal.SIGKILL)
    notebooks = []
    for name, master in job.masters.items():
        words = said.get(name, "")
        if words == "killed":
            os.kill(os.getpid(), signal.SIGKILL)
        if words.startswith("once /"):
            # The first to take it away.
            with contextlib.suppress(FileNotFoundError):
                os.unlink(words[5:])
                os.kill(os.getpid(), signal.SIGKILL)
            words = "2.0"
        if words == "hangs":
            time.sleep(3600)
        if words == "wrong":
            raise ZeroDivisionError("a mistake")
        if words == "damaged":
            raise CourseError("it is damaged", "hand it in again")
        if words == "nothing":
            return SubmissionResult(job.student, job.lab, (), job.repairs, "there is nothing in it")
        if words:
            notebooks.append(_graded(name, master, words))
    return SubmissionResult(job.student, job.lab, tuple(notebooks), job.repairs)


def _graded(name: str, master: bytes, words: str) -> GradedNotebook:
    points, *rest = words.split()
    marks, untouched = [], ()
    for cell in json.loads(master)["cells"]:
        about = cell["metadata"].get("nbgrader", {})
        if about.get("grade") and about["solution"]:
            marks.append(CellGrade(about["grade_id"], None, review=True))
            untouched = (about["grade_id"],) if "untouched" in rest else ()
        elif about.get("grade"):
            marks.append(CellGrade(about["grade_id"], json.loads(points), review="look" in rest))
    if "large" in rest:
        master = json.dumps({**json.loads(master), "metadata": {"padding": "!" * 1_000_000}}).encode()
    return GradedNotebook(name, master.decode(), tuple(marks), untouched, (Repair("one", f"{name} was renamed."),))
