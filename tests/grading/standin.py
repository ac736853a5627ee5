"""A stand-in for the worker's grading function: it grades without a sandbox, by the words in the submitted files.

It runs in worker processes. Tests of the code around a worker use it, because it takes no time.
"""

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
    """Give every test of a notebook the points in the submitted file of its name; other words cause faults.

    "killed" and "once FILE" kill the worker, the latter only if FILE exists and can be deleted. "hangs" sleeps, "wrong"
    raises, "damaged" raises a CourseError, and "nothing" returns a problem. If a file named marker is submitted, the
    worker is killed while the path in it exists. Photos (.jpg) are passed on. See `_graded` for words after the points.
    """
    texts = {Path(file.name).stem: file.data.decode() for file in job.files}
    if (Path("/") / texts.get("marker", "/nowhere")).exists():
        os.kill(os.getpid(), signal.SIGKILL)
    notebooks = []
    for name, source_notebook in job.source_notebooks.items():
        content = texts.get(name, "")
        if content == "killed":
            os.kill(os.getpid(), signal.SIGKILL)
        if content.startswith("once /"):
            # Only the worker that deletes the file is killed.
            with contextlib.suppress(FileNotFoundError):
                os.unlink(content[5:])
                os.kill(os.getpid(), signal.SIGKILL)
            content = "2.0"
        if content == "hangs":
            time.sleep(3600)
        if content == "wrong":
            raise ZeroDivisionError("a mistake")
        if content == "damaged":
            raise CourseError("it is damaged", "hand it in again")
        if content == "nothing":
            return SubmissionResult(job.student, job.lab, (), job.repairs, "there is nothing in it")
        if content:
            notebooks.append(_graded(name, source_notebook, content))
    photos = tuple(file for file in job.files if file.name.endswith(".jpg"))
    return SubmissionResult(job.student, job.lab, tuple(notebooks), job.repairs, other_files=photos)


def _graded(name: str, source_notebook: bytes, content: str) -> GradedNotebook:
    """Return a graded notebook in which every test has the same points.

    content: the points, then flags. "look" asks for manual review, "untouched" marks written answers as untouched, and
    "large" adds a megabyte to the notebook. A flag "says:…" is the text of the written answer; the code is the points.
    """
    points, *flags = content.split()
    says = "".join(flag for flag in flags if flag.startswith("says:"))
    cell_grades, untouched = [], ()
    for cell in json.loads(source_notebook)["cells"]:
        nbgrader = cell["metadata"].get("nbgrader", {})
        if nbgrader.get("grade") and nbgrader["solution"]:
            cell_grades.append(CellGrade(nbgrader["grade_id"], None, review=True, answer=says))
            untouched = (nbgrader["grade_id"],) if "untouched" in flags else ()
        elif nbgrader.get("grade"):
            review = "look" in flags
            cell_grades.append(CellGrade(nbgrader["grade_id"], json.loads(points), review, answer=points))
    if "large" in flags:
        source_notebook = json.dumps({**json.loads(source_notebook), "metadata": {"padding": "!" * 1_000_000}}).encode()
    return GradedNotebook(
        name, source_notebook.decode(), tuple(cell_grades), untouched, (Repair("one", f"{name} was renamed."),)
    )
