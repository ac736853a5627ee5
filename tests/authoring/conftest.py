"""Fixtures that read a lab text from a string and write the text of a task."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from autograder.authoring import LabError, LabText, read_lab

Read = Callable[[str], LabText]


@pytest.fixture
def read(tmp_path: Path) -> Read:
    """Return a function that writes a lab text to a file and returns the LabText that `read_lab` reads from it."""

    def read_text(text: str) -> LabText:
        file = tmp_path / "lab.py"
        file.write_text(text, encoding="utf-8")
        return read_lab(file)

    return read_text


@pytest.fixture
def error_of(read: Read) -> Callable[[str], LabError]:
    """Return a function that reads a lab text with an error, checks the format of the LabError and returns it."""

    def read_with_error(text: str) -> LabError:
        with pytest.raises(LabError) as caught:
            read(text)
        error = caught.value
        assert error.cure
        assert str(error).startswith(f"{error.file}:{error.line}: {error.problem}\n  → ")
        return error

    return read_with_error


@pytest.fixture
def task() -> Callable[..., str]:
    """Return a function that writes the lab text of one task: a solution cell and a test cell of 1 point.

    solution and hidden: the lines between the markers; given and visible: the lines above these markers;
    indent: the whitespace before the solution's markers.
    """

    def write(
        hidden: str = "1", solution: str = "x = 1", id: str = "a", visible: str = "", given: str = "", indent: str = ""
    ) -> str:
        return (
            f'# %% solution="{id}"\n{given}{indent}### BEGIN SOLUTION\n{solution}\n{indent}### END SOLUTION\n\n'
            f'# %% test="{id}" points=1\n{visible}### BEGIN HIDDEN TESTS\n{hidden}\n### END HIDDEN TESTS\n'
        )

    return write
