"""Grades a class as `lab grade` does, on one isolation tier: python grader.py COURSE LAB TIER JOBS [pages].

It prints a line of JSON for each submission. It is a separate program, so that attacks on the grader hit its process.
"""

from __future__ import annotations

import json
import logging
import sys
from dataclasses import asdict
from pathlib import Path

from nbgrader.converters import Autograde
from nbgrader.coursedir import CourseDirectory

from autograder.course import Course
from autograder.grading import chosen_students, write_feedback
from autograder.grading.batch import Batch


def main(root: str, lab: str, tier: str, jobs: str, pages: str = "") -> None:
    """Grade all students, and write the feedback pages if `pages` is not empty."""
    course = Course(Path(root))
    coursedir = CourseDirectory(config=course.nbgrader_config(assignment_id=lab))
    settings = Autograde(coursedir=coursedir, config=coursedir.config, log=logging.Logger("lab", logging.ERROR))
    batch = Batch(settings, lab, int(jobs), (tier,))
    for graded in batch.grade(chosen_students(course, lab), force=False, notify=None):
        report = {name: value for name, value in asdict(graded).items() if name != "tasks"}
        print("graded " + json.dumps(report), flush=True)
    for _ in write_feedback(course, lab, int(jobs)) if pages else ():
        pass


if __name__ == "__main__":
    main(*sys.argv[1:])
