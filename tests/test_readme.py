"""Tests that the README's example, error and table of labs are true."""

import re
from pathlib import Path

import pytest

from autograder import authoring
from autograder.course import Course
from autograder.reference import mlp
from autograder.reference.shapes import ReferenceInputError

ROOT = Path(__file__).parent.parent
README = (ROOT / "README.md").read_text(encoding="utf-8")


def test_the_example_prints_its_numbers(capsys: pytest.CaptureFixture[str]) -> None:
    """The README's Python block prints the text block after it."""
    code, printed = re.search(r"```python\n(.*?)```\n\nprints\n\n```text\n(.*?)```", README, re.DOTALL).groups()
    exec(compile(code, "README.md", "exec"), {})
    assert capsys.readouterr().out == printed


def test_the_readme_quotes_the_error() -> None:
    """The README quotes the error for a transposed input."""
    with pytest.raises(ReferenceInputError) as caught:
        mlp.forward([[0.0, 0.0]] * 200, [[[1.0, 1.0]]], [[[0.0]]])
    assert f"`{caught.value}`" in README


def test_the_table_of_labs_matches_the_labs() -> None:
    """Each notebook has a row with its title, minutes and points; in brackets those of written answers, and bonus."""
    row = r"^\| \[(.+)\]\(release/(.+)\.ipynb\)<br><img [^|]+> \| (\d+) \| (\d+) \(\+ (\d+)(?:, (\d+) bonus)?\) \|"
    readme_rows = {
        path: (title, *(int(number or 0) for number in numbers))
        for title, path, *numbers in re.findall(row, README, re.MULTILINE)
    }
    course, lab_rows = Course(ROOT), {}
    for lab in course.labs():
        for text in authoring.lab_files(course, lab):
            cells = authoring.read_lab(text).cells
            title = re.search(r"^# (.+)$", cells[0].source, re.MULTILINE)[1]
            minutes = int(re.search(r"about (\d+)\s+minutes", cells[0].source)[1])
            points = [
                sum(cell.attributes.get("points", 0) for cell in cells if cell.kind == kind)
                for kind in ("test", "answer")
            ]
            bonus = sum(cell.attributes.get("bonus", 0) for cell in cells)
            lab_rows[f"{lab}/{text.stem}"] = (title, minutes, *points, bonus)
    assert readme_rows == lab_rows
