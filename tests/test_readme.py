"""What the README shows is what happens."""

import re
from pathlib import Path

import pytest

from autograder.reference import mlp
from autograder.reference.shapes import ReferenceInputError

README = (Path(__file__).parent.parent / "README.md").read_text(encoding="utf-8")


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
