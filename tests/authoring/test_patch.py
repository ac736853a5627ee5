"""Tests of patches: the lines that they change, and the errors for one that fits nowhere or in two places."""

from __future__ import annotations

from pathlib import Path

import pytest

from autograder.authoring import LabError, patch

BASE = """\
def forward(x):
    total = 0
    for k in range(3):
        total += x

        x = x * 2
    for k in range(3):
        total -= x
    return total
"""


def patched(text: str, base: str = BASE) -> str:
    """Return the base after a patch whose text begins in line 10."""
    lines = list(enumerate(text.splitlines(), start=10))
    return "\n".join(
        line
        for _, line in patch.apply(Path("file.py"), lines, [(1, base_line) for base_line in base.splitlines()], "b")
    )


@pytest.mark.parametrize(
    ("text", "before", "after"),
    [
        ("# - x = x * 2\n# + x = x * 3", "x = x * 2", "x = x * 3"),
        ("# -         x = x * 2\n# +         x = x * 3", "x = x * 2", "x = x * 3"),
        ("# - x = x * 2", "        x = x * 2\n", ""),
        ("#   x = x * 2\n# + y = x", "        x = x * 2\n", "        x = x * 2\n        y = x\n"),
        ("# - x = x * 2\n# + if x:\n# +     x = 1", "x = x * 2", "if x:\n            x = 1"),
        ("# - total += x\n# - x = x * 2\n# + x = 0", "total += x\n\n        x = x * 2", "x = 0"),
        ("#   for k in range(3):\n# -     total -= x\n# +     total = x", "total -= x", "total = x"),
        ("# - return total\n# + # all of it\n# + return", "return total", "# all of it\n    return"),
    ],
)
def test_one_change(text: str, before: str, after: str) -> None:
    """A hunk may stand at the margin or at the indentation of its lines; unnamed and empty lines stay."""
    assert patched(text) == BASE.replace(before, after).rstrip()


def test_several_changes() -> None:
    """A removal after an addition, or an empty comment, begins another hunk; the order of hunks does not matter."""
    text = (
        "# - return total\n# + return x\n# - total = 0\n# + total = 1\n# - x = x * 2\n#\n"
        "#   for k in range(3):\n# -     total -= x\n# +     pass"
    )
    expected = BASE.replace("return total", "return x").replace("= 0", "= 1").replace("        x = x * 2\n", "")
    assert patched(text) == expected.replace("total -= x", "pass").rstrip()


@pytest.mark.parametrize(
    ("text", "line", "message"),
    [
        ("# - total = 2\n# + total = 1", 10, 'this patch applies to no place in "b"'),
        ("# - for k in range(3):\n# + while x:", 10, 'this patch applies to 2 places in "b"'),
        ("# - total = 0\n# + y\n#   total += x\n#       x = x * 2\n# + z", 12, 'this patch applies to no place in "b"'),
        ("# - return total\n# + return 1\n# - return total\n# + return 2", 12, "two parts of this patch change the"),
        ("# + y = 1", 10, "nothing says where to add this line"),
        ("#   total = 0\n#\n# - return total", 10, "this part of the patch changes nothing"),
        ("# - total = 0\ntotal = 1", 11, "this is no line of a patch: total = 1"),
        ("# - total = 0\n# total = 1", 11, "this is no line of a patch: # total = 1"),
        ("#         return total\n# + return 1", 10, 'this patch applies to no place in "b"'),
    ],
)  # fmt: skip
def test_patches_that_do_not_apply(text: str, line: int, message: str) -> None:
    """A patch that does not apply raises a LabError with the file, the line where the hunk begins, and a cure."""
    with pytest.raises(LabError) as caught:
        patched(text)
    assert str(caught.value).startswith(f"file.py:{line}: {message}")
    assert "\n  → " in str(caught.value)


def test_lines_keep_their_numbers() -> None:
    """An added line keeps its line number in the patch, so that an error in it is reported there."""
    lines = patch.apply(Path("file.py"), [(7, "# - b"), (8, "# + c"), (9, "# + d")], [(1, "a"), (1, "b")], "b")
    assert lines == [(1, "a"), (8, "c"), (9, "d")]
