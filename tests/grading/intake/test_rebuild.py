"""Tests of rebuild: source cells, the student's answers in their places, and the cells that the student added."""

from __future__ import annotations

import base64
import copy
import json
import pickle
from collections.abc import Callable

import pytest

from autograder.grading.intake import SourceNotebook, UnreadableError, rebuild
from autograder.grading.intake.match import backbone
from autograder.grading.model import PlannedCell, SubmittedFile
from autograder.grading.pictures import MAX_ONE, MAX_TOGETHER
from tests.grading.intake.notebooks import (
    ANSWERED,
    FIRST,
    RELEASED,
    SECOND,
    TODO,
    WHY,
    Json,
    bare,
    cell,
    extra,
    handed_in,
    names,
    notebook,
    part,
    plan_of,
    repair_sentence,
    small,
)
from tests.grading.pages.attacks import png

PIXEL = png()


def test_honest_notebook_needs_no_repair() -> None:
    """An honest notebook keeps its answers, has all other cells from the source notebook, and needs no repair."""
    plan = plan_of(handed_in())
    assert plan.repairs == ()
    assert plan.notebook == "small"
    assert [part.kind for part in plan.parts] == [cell.part.kind for cell in small().cells]
    assert part(plan, "first").source == ANSWERED[FIRST]
    assert "HIDDEN" in part(plan, "test_first").source
    assert not part(plan, "why").untouched


def test_release_is_untouched() -> None:
    """A submission of the unchanged release has only untouched answers."""
    plan = plan_of(list(RELEASED))
    assert plan.repairs == ()
    assert [part.grade_id for part in plan.parts if part.untouched] == ["first", "why", "second"]
    assert part(plan, "first").source == RELEASED[FIRST]["source"]


@pytest.mark.parametrize("kept", [[], [RELEASED[0]], [RELEASED[9]]])
def test_deleted_cells_are_put_back(kept: list[Json]) -> None:
    """Deleted cells are put back, answers as untouched stubs, with one repair for each kind of cell."""
    plan = plan_of(kept)
    assert len(plan.parts) == len(RELEASED)
    assert part(plan, "second").untouched
    assert TODO in part(plan, "second").source
    assert "first, why, second" in repair_sentence(plan, "deleted answer")
    assert names(plan).count("deleted test") == 1


def test_test_cells_come_from_the_source_notebook() -> None:
    """Edited, retagged, revalued, repeated and moved test cells change nothing, and give one repair."""
    cells = handed_in()
    cells[3]["source"] = "pass"
    cells[3]["metadata"] |= {"tags": ["skip-execution"], "nbgrader": {**cells[3]["metadata"]["nbgrader"], "points": 99}}
    cells[9]["source"] = "assert True"
    plan = plan_of([copy.deepcopy(cells[9]), *cells, copy.deepcopy(cells[3])])
    assert [part for part in plan.parts if part.kind == "test"] == [
        cell.part for cell in small().cells if cell.part.kind == "test"
    ]
    assert names(plan) == ["changed test"]
    assert repair_sentence(plan, "changed test").startswith("2 test cells")


def test_edited_copy_of_a_locked_cell_is_kept() -> None:
    """An edited copy of a locked cell, which has the same label, runs after the original."""
    cells = handed_in()
    copied = {**cells[1], "source": "import cmath", "id": "b"}
    plan = plan_of([*cells[:2], copied, *cells[2:]])
    assert [part.source for part in plan.parts[1:3]] == ["import math", "import cmath"]
    assert plan.repairs == ()


def test_white_space_needs_no_repair() -> None:
    """A test cell that differs only in white space needs no repair."""
    cells = handed_in()
    cells[3]["source"] = "\nassert  a == 1\n\n"
    assert plan_of(cells).repairs == ()


def test_added_cells_keep_their_places() -> None:
    """Added cells follow the same cells as in the submission, in order, without tags and outputs."""
    cells = handed_in()
    cells.insert(FIRST, extra("before = 1", metadata={"tags": ["x"], "nbgrader": {"grade_id": "mine"}}))
    cells.insert(0, extra("# Top", "markdown"))
    cells += [extra("after = 1"), extra("after = 2"), extra("  \n")]
    plan = plan_of(cells)
    assert [part.source for part in plan.parts if part.kind == "extra"] == [
        "# Top",
        "before = 1",
        "after = 1",
        "after = 2",
    ]
    assert [part.kind for part in plan.parts][:4] == ["extra", "prose", "locked", "extra"]
    assert all(part.metadata == {} for part in plan.parts if part.kind == "extra")
    assert plan.repairs == ()


def test_ids_of_added_cells_depend_on_their_text() -> None:
    """Added cells of equal texts have different ids; a further added cell changes no other cell's id."""
    few, more = (plan_of([*handed_in(), *added]) for added in ([extra("a")] * 2, [extra("new"), *[extra("a")] * 2]))
    ids = [part.cell_id for part in few.parts if part.kind == "extra"]
    assert len(set(ids)) == 2
    assert [part.cell_id for part in more.parts if part.source == "a"] == ids


def test_cells_after_a_moved_answer_stay() -> None:
    """A moved answer returns to its place, and an added cell that followed it stays at the top."""
    cells = handed_in()
    plan = plan_of([cells[0], cells.pop(SECOND), extra("helper = 1"), *cells[1:]])
    assert part(plan, "second").source == ANSWERED[SECOND]
    assert plan.parts[1].source == "helper = 1"
    assert (
        repair_sentence(plan, "moved") == "Your answers to second stood elsewhere. They were put back into their place."
    )


def test_edited_plain_code_runs_after_the_original() -> None:
    """An edited cell of the lab's ungraded code runs after the original."""
    cells = handed_in()
    cells[4]["source"] = "print(a + b)"
    cells.insert(5, extra("own = 1"))
    plan = plan_of(cells)
    assert [part.source for part in plan.parts[4:7]] == ["print(a, b)", "print(a + b)", "own = 1"]
    assert names(plan) == ["changed code"]


def test_last_answer_that_is_no_stub_counts() -> None:
    """Of several answers the last that is no stub counts; earlier answers run at their places."""
    cells = handed_in()
    again = {**cells[SECOND], "source": "# task: second\ndef f(x):\n    return 2", "id": "b"}
    stub = {**RELEASED[SECOND], "id": "c"}
    plan = plan_of([*cells[:9], cells[9], again, stub, cells[10]])
    assert part(plan, "second").source == again["source"]
    assert [part.source for part in plan.parts if part.kind == "extra"] == ["def f(x):\n    return x"]
    assert names(plan) == ["several answers"]


def test_a_whole_answer_wins_against_a_later_broken_one() -> None:
    """A later answer with a syntax error, which defines nothing, does not replace a valid answer."""
    cells = handed_in()
    broken = {**cells[SECOND], "source": "def f(x:\n    return", "id": "b"}
    plan = plan_of([*cells[:9], broken, *cells[9:]])
    assert part(plan, "second").source == ANSWERED[SECOND]


@pytest.mark.parametrize("metadata", [True, False])
def test_answer_split_over_cells_is_joined(metadata: bool) -> None:
    """An answer in two cells is joined, if the second has the same label, or none and defines missing names."""
    cells = handed_in({**ANSWERED, FIRST: "# task: first\na = 10"})
    half = {**cells[FIRST], "source": "b = 20", "id": "b"} if metadata else extra("b = 20")
    plan = plan_of([*cells[:3], extra("A note.", "markdown"), half, *cells[3:]])
    assert part(plan, "first").source == "# task: first\na = 10\nb = 20"
    assert [part.source for part in plan.parts if part.kind == "extra"] == ["A note."]
    assert names(plan) == ["split"]


def test_answer_split_inside_a_function_is_joined() -> None:
    """Two halves of a function with the same label, as JupyterLab splits a cell, are joined."""
    cells = handed_in({**ANSWERED, SECOND: "# task: second\ndef f(x):\n    y = x"})
    half = {**cells[SECOND], "source": "    return y", "id": "b"}
    plan = plan_of([*cells[:9], half, *cells[9:]])
    assert part(plan, "second").source == "# task: second\ndef f(x):\n    y = x\n    return y"


def test_helper_in_another_cell_stays_there() -> None:
    """A complete answer is not joined with the cells beside it."""
    cells = handed_in()
    plan = plan_of([*cells[:SECOND], extra("def helper(): pass"), cells[SECOND], extra("f(3)"), *cells[9:]])
    assert part(plan, "second").source == ANSWERED[SECOND]
    assert plan.repairs == ()


def test_cell_magic_stays_the_first_line() -> None:
    """A cell magic stays above the task line, and no cell that begins with a magic is joined to an answer."""
    cells = handed_in({**ANSWERED, FIRST: "\n%%time\na = 10\n!ls\nx = %timeit -o 1"})
    plan = plan_of([*cells[:3], extra("%%time\nb = 20"), *cells[3:]])
    assert part(plan, "first").source == "%%time\n# task: first\na = 10\n!ls\nx = %timeit -o 1"
    assert names(plan) == []


def test_written_answer_in_two_cells_is_joined() -> None:
    """The two halves of a written answer are joined, with a blank line between."""
    cells = handed_in()
    plan = plan_of([*cells[:7], {**cells[WHY], "source": "And more.", "id": "b"}, *cells[7:]])
    assert part(plan, "why").source == "Mine.\n\nAnd more."


def test_text_below_a_stub_is_the_written_answer() -> None:
    """Text in a new cell below an unchanged stub is taken as the written answer."""
    cells = handed_in({FIRST: ANSWERED[FIRST]})
    plan = plan_of([*cells[:7], extra("Mine, below.", "markdown"), *cells[7:]])
    assert part(plan, "why").source == "Mine, below."
    assert not part(plan, "why").untouched
    assert "beside" in names(plan)


def test_code_below_a_stub_counts_only_if_it_is_whole() -> None:
    """A code cell that defines only some of the task's names is no answer: the stub stays and the cell runs."""
    cells = handed_in({})
    plan = plan_of([*cells[:3], extra("a = 3"), *cells[3:]])
    assert part(plan, "first").untouched
    assert plan.parts[3].source == "a = 3"


def test_shortened_stub_is_an_answer() -> None:
    """A stub without the line that students replace is an answer, and runs unchanged."""
    plan = plan_of(handed_in({SECOND: "# task: second\ndef f(x):\n    # Your turn"}))
    assert part(plan, "second").source == "# task: second\ndef f(x):\n    # Your turn"
    assert not part(plan, "second").untouched


def test_answers_without_labels() -> None:
    """Answers without metadata, ids and task lines are found by their neighbours and by the names they define."""
    answers = {
        at: source.replace("# task: first\n", "").replace("# task: second\n", "") for at, source in ANSWERED.items()
    }
    cells = bare(handed_in(answers))
    cells.append(cells.pop(SECOND))
    plan = plan_of(cells)
    assert [part(plan, name).source for name in ("first", "why", "second")] == list(ANSWERED.values())
    assert "first, why, second" in repair_sentence(plan, "placed")


def test_unlabelled_answer_with_a_syntax_error() -> None:
    """An answer without a label and with a syntax error is found by its neighbours."""
    cells = bare(handed_in({**ANSWERED, SECOND: "def g(x:\n    return x"}))
    plan = plan_of(cells)
    assert part(plan, "second").source == "# task: second\ndef g(x:\n    return x"
    assert "second" in repair_sentence(plan, "placed")


def test_equal_texts_are_told_apart_by_their_neighbours() -> None:
    """If the first of two equal cells is deleted, an added cell still follows the second."""
    source_notebook = SourceNotebook.read("twins", json.dumps(notebook([
        cell("prose", "Look."), cell("code", "one"), cell("prose", "Look."), cell("code", "two"),
    ])).encode())  # fmt: skip
    plan = plan_of([extra("one"), extra("Look.", "markdown"), extra("own"), extra("two")], source_notebook)
    assert [part.source for part in plan.parts] == ["Look.", "one", "Look.", "own", "two"]


def test_task_line_is_a_label_too() -> None:
    """A moved answer without metadata, which defines other names than the task's, is found by its task line."""
    cells = bare(handed_in({**ANSWERED, SECOND: "# task: second\ndef mine(x):\n    return x"}))
    cells.append(cells.pop(SECOND))
    plan = plan_of(cells)
    assert "def mine" in part(plan, "second").source
    assert "first, second" in repair_sentence(plan, "label lost")


def test_two_written_answers_without_labels() -> None:
    """Equal stubs, and the written answer between them, are told apart by the questions above them."""
    cells = [
        cell("prose", "One?"), cell("answer", "1", "one"), cell("prose", "Two?"), cell("answer", "2", "two"),
        cell("prose", "Three?"), cell("answer", "3", "three"),
    ]  # fmt: skip
    source_notebook = SourceNotebook.read("three", json.dumps(notebook(cells)).encode())
    given = ["One?", "YOUR ANSWER HERE", "Two?", "My own.", "Three?", "YOUR ANSWER HERE"]
    plan = plan_of([extra(text, "markdown") for text in given], source_notebook)
    assert [part(plan, name).untouched for name in ("one", "two", "three")] == [True, False, True]
    assert part(plan, "two").source == "My own."


@pytest.mark.parametrize("spaces", ["  ", "\t"])
def test_task_line_with_spaces_around_it_is_one(spaces: str) -> None:
    """A task line with white space around it is not added again, and separates merged answers, like any other."""
    answers = {at: text.replace("\n", f"{spaces}\n", 1) for at, text in ANSWERED.items()}
    plan = plan_of(handed_in({**answers, SECOND: " " + answers[SECOND]}))
    assert part(plan, "first").source == answers[FIRST]
    assert part(plan, "second").source == " " + answers[SECOND]
    merged = plan_of([*handed_in({})[:FIRST], extra(f"{answers[FIRST]}\n{answers[SECOND]}")])
    assert part(merged, "first").source == answers[FIRST]
    assert part(merged, "second").source == answers[SECOND]


def test_task_line_inside_a_function_splits_no_cell() -> None:
    """A function is not cut in two by the line of another task in its body."""
    plan = plan_of(handed_in({SECOND: "# task: second\ndef f(x):\n    y = x\n    # task: first\n    return y"}))
    assert part(plan, "second").source == "# task: second\ndef f(x):\n    y = x\n    return y"
    assert part(plan, "first").untouched


def test_merged_answers_are_split() -> None:
    """Two solutions in one cell are split before the task line of the second."""
    cells = handed_in({FIRST: ANSWERED[FIRST] + "\n\n" + ANSWERED[SECOND], WHY: "Mine."})
    del cells[SECOND]
    plan = plan_of(cells)
    assert part(plan, "first").source.rstrip() == ANSWERED[FIRST]
    assert part(plan, "second").source == ANSWERED[SECOND]
    assert names(plan) == ["merged", "moved"]


def test_text_of_an_earlier_version_is_left_out() -> None:
    """A cell with a build id that this version lacks is the lab's earlier text, and is left out."""
    plan = plan_of([extra("# Old numbers", "markdown", id="prose-0a0b0c0d"), *handed_in()])
    assert [part.kind for part in plan.parts if part.kind == "extra"] == []
    assert names(plan) == ["changed prose"]


def test_raw_cells_are_left_out_unless_they_are_answers() -> None:
    """A raw cell that the student added is left out with a repair; a raw answer is taken as code."""
    cells = handed_in()
    cells[FIRST]["cell_type"] = "raw"
    plan = plan_of([*cells, extra("x", "raw")])
    assert part(plan, "first").source == ANSWERED[FIRST]
    assert part(plan, "first").is_code
    assert names(plan) == ["type", "raw"]


def test_pictures_in_answers_are_kept() -> None:
    """PNG attachments stay with answers and added texts; other types and broken data are left out."""
    bundle = {
        "a.png": {"image/png": PIXEL}, "b.svg": {"image/svg+xml": PIXEL}, "c.png": {"image/png": "<script>"},
        "d.png": {"text/html": PIXEL}, "e.png": 3,
    }  # fmt: skip
    cells = handed_in()
    cells[WHY]["attachments"] = bundle
    cells[0]["attachments"] = bundle
    plan = plan_of([*cells, extra("![](attachment:a.png)", "markdown", attachments=bundle)])
    assert part(plan, "why").attachments == {"a.png": {"image/png": PIXEL}}
    assert plan.parts[-1].attachments == {"a.png": {"image/png": PIXEL}}
    assert plan.parts[0].attachments == {}
    assert repair_sentence(plan, "pictures").startswith("8 attached files")


def test_pictures_of_one_name_stay_two_pictures() -> None:
    """In an answer over two cells, a second picture of the same name gets another one; the same picture keeps it."""
    other = base64.b64encode(base64.b64decode(PIXEL) + b"x").decode()
    cells = handed_in()
    cells[WHY] |= {"source": "one ![](attachment:a.png)", "attachments": {"a.png": {"image/png": PIXEL}}}
    for data, second in ((other, "picture-1"), (PIXEL, "a.png")):
        text = '![two](attachment:a.png) <img src="attachment:a.png" width="300" alt="two"> ![](attachment:gone.png)'
        below = cells[WHY] | {"source": text, "attachments": {"a.png": {"image/png": data}}, "id": "below"}
        answer = part(plan_of([*cells[: WHY + 1], below, *cells[WHY + 1 :]]), "why")
        assert answer.attachments == {"a.png": {"image/png": PIXEL}, second: {"image/png": data}}
        shown = f"![two](attachment:{second})"
        assert answer.source.startswith(f"one ![](attachment:a.png)\n\n{shown} ")
        assert answer.source.replace("<", "").replace(">", "").count(f"![two](attachment:{second})") == 2
        assert answer.source.endswith("![](attachment:gone.png)")


def test_too_large_pictures_are_left_out() -> None:
    """Pictures beyond the limit for one, or for all together, are left out."""
    pixel = base64.b64decode(PIXEL)
    big, huge = (base64.b64encode(pixel.ljust(size, b"\0")).decode() for size in (MAX_TOGETHER // 4, MAX_ONE + 1))
    added = [extra(f"{n}", "markdown", attachments={"a.png": {"image/png": big}}) for n in range(5)]
    plan = plan_of([*handed_in(), *added, extra("x", "markdown", attachments={"a.png": {"image/png": huge}})])
    assert sum(bool(part.attachments) for part in plan.parts) == 4
    assert repair_sentence(plan, "pictures").startswith("2 attached files")


def test_plan_and_master_can_be_sent_to_another_process() -> None:
    """Plan and source notebook can be pickled, as workers receive and return them."""
    plan, source_notebook = plan_of(handed_in()), small()
    assert pickle.loads(pickle.dumps(plan)) == plan
    assert rebuild(pickle.loads(pickle.dumps(source_notebook)), SubmittedFile("x", b'{"cells": []}')).parts


def test_error_can_be_sent_to_another_process() -> None:
    """An UnreadableError that a worker raises can be pickled without loss of its text."""
    with pytest.raises(UnreadableError) as caught:
        rebuild(small(), SubmittedFile("x.ipynb", b""))
    assert str(pickle.loads(pickle.dumps(caught.value))) == str(caught.value)


def test_backbone_leaves_out_moved_cells() -> None:
    """`backbone` returns the longest sequence in order, with each source cell at most once."""
    assert backbone([(0, 0), (1, 7), (2, 1), (3, 2), (4, 2), (5, 3)])[0::3] == [(0, 0), (5, 3)]
    assert [owner for _, owner in backbone(enumerate([5, 1, 2, 9, 3, 3, 4]))] == [1, 2, 3, 4]
    assert backbone([]) == []


@pytest.mark.parametrize(
    ("change", "changed"),
    [
        (lambda cells: None, []),
        (lambda cells: cells.insert(0, extra("print('mine')")), []),
        (lambda cells: cells[WHY].update(source="Another answer."), ["why"]),
        (lambda cells: cells[WHY].update(attachments={"a.png": {"image/png": PIXEL}}), ["why"]),
        (lambda cells: cells.insert(WHY + 1, extra("And more of it.", "markdown")), ["why"]),
        (lambda cells: cells[FIRST].update(source="# task: first\na = 11\nb = 20"), ["test_first"]),
        (lambda cells: cells[SECOND].update(source="# task: second\ndef f(x):\n    return 2"), []),
    ],
)
def test_an_answer_is_another_if_its_own_text_changes(change: Callable[[list[Json]], None], changed: list[str]) -> None:
    """The hash of a graded cell's answer changes with its text, pictures and own cells below it, and with no other."""
    cells = handed_in()
    change(cells)
    before, after = plan_of(handed_in()), plan_of(cells)
    assert [name for name in ("why", "test_first") if before.answer_of(name) != after.answer_of(name)] == changed


@pytest.mark.parametrize(
    ("points", "bonus", "full"),
    [(7, {}, 7.0), (0, {"bonus": 2}, 2.0), (1.5, {"bonus": 2}, 3.5), (None, {}, None), (-1, {}, None), ("6", {}, None)],
)
def test_a_cell_may_earn_its_points_and_its_bonus(points: object, bonus: Json, full: float | None) -> None:
    """A cell's full points include its bonus; without a valid number in its metadata there are none to scale to."""
    assert PlannedCell("test", True, "", "a", {"nbgrader": {"points": points}, "autograder": bonus}).full_points == full
