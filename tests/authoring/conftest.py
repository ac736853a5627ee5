"""Short ways to read a lab that a test wrote down."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from autograder.authoring import LabError, LabText, read_lab

Read = Callable[[str], LabText]


@pytest.fixture
def read(tmp_path: Path) -> Read:
    """What reads a lab's text."""

    def read_text(text: str) -> LabText:
        file = tmp_path / "lab.py"
        file.write_text(text, encoding="utf-8")
        return read_lab(file)

    return read_text


@pytest.fixture
def mistake(read: Read) -> Callable[[str], LabError]:
    """What reads a lab's text that has a mistake, and returns the error."""

    def read_wrong(text: str) -> LabError:
        with pytest.raises(LabError) as caught:
            read(text)
        error = caught.value
        assert error.cure
        assert str(error).startswith(f"{error.file}:{error.line}: {error.problem}\n  → ")
        return error

    return read_wrong


@pytest.fixture
def task() -> Callable[..., str]:
    """What writes a task from the lines of its hidden tests and its solution, and those before both."""

    def write(
        hidden: str = "1", solution: str = "x = 1", id: str = "a", visible: str = "", given: str = "", indent: str = ""
    ) -> str:
        return (
            f'# %% solution="{id}"\n{given}{indent}### BEGIN SOLUTION\n{solution}\n{indent}### END SOLUTION\n\n'
            f'# %% test="{id}" points=1\n{visible}### BEGIN HIDDEN TESTS\n{hidden}\n### END HIDDEN TESTS\n'
        )

    return write
