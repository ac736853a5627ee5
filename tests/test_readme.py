"""What the README shows is what happens."""

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
    """The Python block, run as it stands, prints the block of text after it."""
    code, printed = re.search(r"```python\n(.*?)```\n\nprints\n\n```text\n(.*?)```", README, re.DOTALL).groups()
    exec(compile(code, "README.md", "exec"), {})
    assert capsys.readouterr().out == printed


def test_the_error_reads_as_quoted() -> None:
    """A transposed input is described in the README's words."""
    with pytest.raises(ReferenceInputError) as caught:
        mlp.forward([[0.0, 0.0]] * 200, [[[1.0, 1.0]]], [[[0.0]]])
    assert f"`{caught.value}`" in README


def test_the_table_of_labs_is_what_the_labs_say() -> None:
    """Every notebook has a row with its title, minutes and points; in brackets those of written answers, and bonus."""
    row = r"^\| \[(.+)\]\(release/(.+)\.ipynb\)<br><img [^|]+> \| (\d+) \| (\d+) \(\+ (\d+)(?:, (\d+) bonus)?\) \|"
    told = {
        path: (title, *(int(number or 0) for number in numbers))
        for title, path, *numbers in re.findall(row, README, re.MULTILINE)
    }
    course, said = Course(ROOT), {}
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
            said[f"{lab}/{text.stem}"] = (title, minutes, *points, bonus)
    assert told == said
