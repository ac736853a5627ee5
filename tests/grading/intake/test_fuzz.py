"""Fuzz tests of intake: any bytes give a plan with the source cells, or an UnreadableError, in little time."""

from __future__ import annotations

import copy
import json
import random
import re
import time
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from autograder.grading.intake import UnreadableError, rebuild, take_in
from autograder.grading.model import GradingPlan, Job, SubmittedFile
from tests.grading.intake.notebooks import INSTRUCTOR, Json, extra, handed_in, notebook, plan_of, small

QUICKLY = settings(max_examples=150, deadline=None, suppress_health_check=list(HealthCheck))

TEXTS = st.one_of(
    st.text(max_size=20),
    st.sampled_from(
        ["", "\0", "\ud800", "# task: first", "# task: second\n# task: first", "%%time\na = 1", "def f(:", "first",
         "test_first", "a = b = 1", "\r\r\n", "a\u202eb", "code", "markdown", "raw", "# Your turn", "prose-12345678"]
    ),
)  # fmt: skip
VALUES = st.recursive(
    st.one_of(st.none(), st.booleans(), st.integers(-5, 10**25), st.floats(), TEXTS),
    lambda inner: st.one_of(
        st.lists(inner, max_size=4),
        st.dictionaries(st.one_of(TEXTS, st.sampled_from(["nbgrader", "grade_id", "id", "source"])), inner, max_size=4),
    ),
    max_leaves=8,
)


def sound(data: bytes) -> GradingPlan | None:
    """Return the plan for some bytes after checks of its invariants; None if intake raises an UnreadableError."""
    start = time.process_time()
    try:
        plan = rebuild(small(), SubmittedFile("x.ipynb", data))
    except UnreadableError as error:
        message = str(error)
        plan = None
    if plan is None:
        assert "x.ipynb" in message
        assert "hand" in message
        return None
    assert time.process_time() - start < 1
    lab_parts = [part for part in plan.parts if part.kind != "extra"]
    for part, cell in zip(lab_parts, small().cells, strict=True):
        assert part.cell_id == cell.part.cell_id
        assert (part.kind, part.metadata, part.is_code) == (cell.part.kind, cell.part.metadata, cell.part.is_code)
        assert cell.is_answer or part == cell.part
    for part in lab_parts:
        assert part.kind != "solution" or part.source.splitlines().count(f"# task: {part.grade_id}") >= 1
    ids = [part.cell_id for part in plan.parts]
    assert len(set(ids)) == len(ids)
    assert all(re.fullmatch("[A-Za-z0-9_-]{1,64}", cell_id) for cell_id in ids)
    for part in plan.parts:
        part.source.encode()
        json.dumps(part.attachments)
        assert "\0" not in part.source
        assert part.kind != "extra" or part.metadata == {}
        assert part.kind != "extra" or not part.is_code or "# task: first" not in part.source.splitlines()
    assert all(repair.sentence.isprintable() for repair in plan.repairs)
    assert len(set(plan.repairs)) == len(plan.repairs)
    assert rebuild(small(), SubmittedFile("x.ipynb", data)) == plan
    return plan


@QUICKLY
@given(st.binary(max_size=300))
def test_any_bytes(data: bytes) -> None:
    """Random bytes are refused with a sentence, whatever their name is, and if they begin like an archive."""
    assert sound(data) is None
    files = [SubmittedFile(name, data) for name in ("x.ipynb", "small.ipynb", "x.zip", "x.py")]
    files += [SubmittedFile("y", start + data) for start in (b"PK\x03\x04", b"\x1f\x8b\x08", b"BZh91AY&SY")]
    source = {"small": json.dumps(notebook(INSTRUCTOR)).encode()}
    assert take_in(Job("ada", "lab", tuple(files), source)).problem


@QUICKLY
@given(VALUES, VALUES, st.sampled_from(["cells", "worksheets"]))
def test_any_json(value: Any, other: Any, key: str) -> None:
    """JSON that is no notebook is refused, and JSON that is nearly one becomes a plan or is refused."""
    sound(json.dumps(value).encode())
    sound(json.dumps({key: value, "nbformat": other, "metadata": other}).encode())
    sound(json.dumps({key: [value, {"cells": value}, {"cell_type": "code", "source": other}], "nbformat": 3}).encode())


def places(value: Any) -> list[tuple[Any, Any]]:
    """Return container and key of every item inside lists and dicts."""
    inner = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    return [place for key, item in inner for place in [(value, key), *places(item)]]


@QUICKLY
@given(st.data())
def test_any_value_anywhere(data: st.DataObject) -> None:
    """A notebook with random values at random places gives a plan as long as its cells are a list."""
    whole = notebook(handed_in())
    for _ in range(data.draw(st.integers(1, 4))):
        inside, key = data.draw(st.sampled_from(places(whole)))
        inside[key] = data.draw(VALUES)
    assert sound(json.dumps(whole).encode()) or not isinstance(whole["cells"], list)


@QUICKLY
@given(st.data())
def test_any_order(data: st.DataObject) -> None:
    """Cells that are shuffled, repeated, missing, stripped or retyped give a plan with one solution a task."""
    cells = [copy.deepcopy(cell) for cell in data.draw(st.lists(st.sampled_from(handed_in()), max_size=25))]
    for cell in cells:
        change = data.draw(st.integers(0, 8))
        cell["metadata"] = {} if change == 1 else cell["metadata"]
        cell["cell_type"] = {2: "raw", 3: "code", 4: "markdown"}.get(change, cell["cell_type"])
        cell["source"] = data.draw(TEXTS) if change == 5 else cell["source"]
        if change == 6:
            del cell["source"]
    plan = sound(json.dumps(notebook(cells)).encode())
    assert plan is not None


def test_broken_off_at_every_byte() -> None:
    """A file that ends at any byte is refused with line and column."""
    data = json.dumps(notebook(handed_in()), indent=1, ensure_ascii=False).encode()
    for end in range(1, len(data)):
        with pytest.raises(UnreadableError, match=r"line \d+, column \d+") as caught:
            rebuild(small(), SubmittedFile("x.ipynb", data[:end]))
        assert "breaks off" in str(caught.value), end


HOSTILE = {
    "parentheses": "(" * 49_000,
    "minuses": "-" * 49_000 + "1",
    "attributes": "a" + ".b" * 20_000,
    "sum": "a = 1" + "+1" * 20_000,
    "just within": "a = 1" + "+1" * 2_500,
    "many targets": "a = " * 12_000 + "1",
    "magics": "%time 1\n" * 6_000,
    "question marks": "a?\n" * 16_000,
    "spaces": "a =" + " " * 49_000 + "%",
    "newlines": "a" + "\n" * 900_000,
    "words": "a " * 450_000,
    "task lines": "# task: first\na = 1\n# task: second\n" * 20_000,
    "deep lists": "a = " + "[" * 190 + "]" * 190,
    "quotes": "'''" * 16_000,
}
"""Code that is expensive to parse, by description."""


@pytest.mark.parametrize("source", HOSTILE.values(), ids=HOSTILE)
def test_hostile_code_is_read_in_time(source: str) -> None:
    """Code that is expensive to parse takes little time and raises nothing."""
    cells = handed_in()
    cells[2]["source"] = source
    assert sound(json.dumps(notebook(cells)).encode()) is not None
    assert sound(json.dumps(notebook([*handed_in()[3:], extra(source)])).encode()) is not None


def test_thousands_of_cells_are_read_in_time() -> None:
    """The maximum number of equal cells is read in little time; one cell more is refused."""
    for cell in (handed_in()[2], handed_in()[6], INSTRUCTOR[0], extra("a = 1"), extra("words", "markdown"), extra("")):
        assert sound(json.dumps(notebook([cell] * 2_000)).encode()) is not None
    assert sound(json.dumps(notebook([extra("a")] * 2_001)).encode()) is None


def test_deep_and_wide_files_are_refused() -> None:
    """Deeply nested JSON and too many values are refused with a sentence; brackets in a text don't count."""
    for data in (b"[" * 100_000, b'{"a":' * 100_000, b'{"cells": [' + b"[]," * 3_100_000 + b"[]]}"):
        assert sound(data) is None
    cells = [*handed_in(), extra("a", outputs=[{"text": "[{" * 2_000_000}])]
    assert rebuild(small(), SubmittedFile("x", json.dumps(notebook(cells)).encode()))


@pytest.mark.parametrize("text", ['{"cells": [], "cells": 3, "a": NaN}', '{"cells": 1}', "[]", '"cells"', "3", "null"])
def test_odd_json(text: str) -> None:
    """JSON with repeated keys and NaN, and JSON that is no notebook, is refused."""
    assert sound(text.encode()) is None


def test_numbers_of_any_length() -> None:
    """A notebook with a number that is longer than Python's limit gives a plan."""
    text = json.dumps(notebook(handed_in())).replace('"execution_count": null', f'"execution_count": {"9" * 6_000}')
    assert sound(text.encode()) is not None


def test_random_bytes_in_a_notebook() -> None:
    """A notebook with some random bytes gives a plan or an UnreadableError."""
    randomly = random.Random(1)
    data = json.dumps(notebook(handed_in())).encode()
    for _ in range(300):
        broken = bytearray(data)
        for _ in range(randomly.randrange(1, 5)):
            broken[randomly.randrange(len(broken))] = randomly.randrange(256)
        sound(bytes(broken))


def test_unchanged_submission_keeps_its_answers() -> None:
    """The plan for an unchanged submission has all answers, so these tests would notice lost ones."""
    cells: list[Json] = handed_in()
    assert [part.source for part in plan_of(cells).parts if part.kind in ("solution", "answer")] == [
        cells[index]["source"] for index in (2, 6, 8)
    ]
