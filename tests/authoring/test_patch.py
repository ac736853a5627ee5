"""Patches: which lines they change, and what is said of one that fits nowhere, or in two places."""

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
    """The base as a patch makes it; the patch begins in line 10."""
    lines = list(enumerate(text.splitlines(), start=10))
    return "\n".join(
        line for _, line in patch.apply(Path("file.py"), lines, [(1, one) for one in base.splitlines()], "b")
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
    """A hunk may stand at the margin or where its lines stand; what it doesn't name stays, empty lines included."""
    assert patched(text) == BASE.replace(before, after).rstrip()


def test_several_changes() -> None:
    """A removal after an addition begins another change, and so does an empty comment; their order doesn't matter."""
    text = (
        "# - return total\n# + return x\n# - total = 0\n# + total = 1\n# - x = x * 2\n#\n"
        "#   for k in range(3):\n# -     total -= x\n# +     pass"
    )
    expected = BASE.replace("return total", "return x").replace("= 0", "= 1").replace("        x = x * 2\n", "")
    assert patched(text) == expected.replace("total -= x", "pass").rstrip()


@pytest.mark.parametrize(
    ("text", "line", "says"),
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
def test_what_does_not_apply(text: str, line: int, says: str) -> None:
    """There is a sentence with the file, the line where the part begins that doesn't apply, and what to do."""
    with pytest.raises(LabError) as caught:
        patched(text)
    assert str(caught.value).startswith(f"file.py:{line}: {says}")
    assert "\n  → " in str(caught.value)


def test_lines_keep_their_numbers() -> None:
    """What is added stands where the patch says it; a flaw in it is found there."""
    lines = patch.apply(Path("file.py"), [(7, "# - b"), (8, "# + c"), (9, "# + d")], [(1, "a"), (1, "b")], "b")
    assert lines == [(1, "a"), (8, "c"), (9, "d")]
