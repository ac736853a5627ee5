"""Course folders with graded notebooks, written without grading."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from nbgrader.api import Gradebook

from autograder.course import CONFIG, put_environment_on_path

OURS = (Path(__file__).parents[3] / CONFIG).read_text("utf-8")
"""The text of this course's configuration."""

PLAIN = 'c = get_config()\nc.CourseDirectory.course_id = "backprop"\n'
"""The text of a configuration without this course's lines."""

ANSWER = {"grade_id": "why", "grade": True, "solution": True, "locked": False, "task": False,
          "schema_version": 3, "points": 2, "cell_type": "markdown"}  # fmt: skip
TEST = ANSWER | {"grade_id": "test_double", "solution": False, "locked": True, "cell_type": "code"}


def graded_course(root: Path, config: str, notebooks: dict[str, dict[str, Any]]) -> dict[str, str]:
    """Write a course folder with one graded notebook a student; return the submissions' ids in Formgrader, by student.

    config: text of the configuration. notebooks: by student.
    """
    put_environment_on_path()
    root.mkdir()
    (root / CONFIG).write_text(config, encoding="utf-8")
    with Gradebook(f"sqlite:///{root / 'gradebook.db'}", "backprop") as gradebook:
        gradebook.add_assignment("lab")
        gradebook.add_notebook("tiny", "lab")
        for cell in (TEST, ANSWER):
            gradebook.add_grade_cell(cell["grade_id"], "tiny", "lab", max_score=2, cell_type=cell["cell_type"])
            gradebook.add_source_cell(cell["grade_id"], "tiny", "lab", cell_type=cell["cell_type"])
        for name in ("double", "why"):
            gradebook.add_solution_cell(name, "tiny", "lab")
        for student, notebook in notebooks.items():
            folder = root / "autograded" / student / "lab"
            folder.mkdir(parents=True)
            (folder / "tiny.ipynb").write_text(json.dumps(notebook), encoding="utf-8")
            gradebook.add_student(student)
            gradebook.add_submission("lab", student)
            gradebook.find_grade("test_double", "tiny", "lab", student).auto_score = 1.5
        gradebook.db.commit()
        return {student: gradebook.find_submission_notebook("tiny", "lab", student).id for student in notebooks}
