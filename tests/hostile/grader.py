"""Grades a class as `lab grade` does, on a tier that is named: python grader.py COURSE LAB TIER JOBS [pages].

Writes a line of JSON for each submission. It is a program of its own so that an attack on whoever grades hits it.
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
from autograder.grading import students, write_feedback
from autograder.grading.batch import Batch


def main(root: str, lab: str, tier: str, jobs: str, pages: str = "") -> None:
    """Grade everybody, then write the feedback pages, if they are asked for."""
    course = Course(Path(root))
    coursedir = CourseDirectory(config=course.nbgrader_config(assignment_id=lab))
    settings = Autograde(coursedir=coursedir, config=coursedir.config, log=logging.Logger("lab", logging.ERROR))
    for graded in Batch(settings, lab, int(jobs), (tier,)).grade(students(course, lab), force=False, tell=None):
        about = {name: value for name, value in asdict(graded).items() if name != "tasks"}
        print("graded " + json.dumps(about), flush=True)
    for _ in write_feedback(course, lab, int(jobs)) if pages else ():
        pass


if __name__ == "__main__":
    main(*sys.argv[1:])
