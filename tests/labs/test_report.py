"""Tests of the report on the bar: its numbers, its matrix of diagnoses and its list of failures."""

from __future__ import annotations

import io
from collections import Counter
from itertools import groupby
from pathlib import Path
from types import SimpleNamespace

import matplotlib
import pytest
from rich.console import Console

from autograder.authoring.answers import KnownAnswer
from tests.labs.bar import MutantDiagnosis, task_bar, tasks
from tests.labs.mutants import Mutant
from tests.labs.played import ROOT, TEXTS
from tests.labs.report import (
    NONE_NAMED,
    Confusion,
    below_the_bar,
    columns,
    confusion,
    matrix,
    save,
    shown_in,
    table,
    unseen_by_reason,
)


@pytest.fixture
def name_counts() -> Confusion:
    """Return the counts for three mistakes: one always named, one named half the time and once wrongly, one never."""
    sign, zeros, unknown = (frozenset({name}) for name in ("sign", "zeros", "unheard-of"))
    answers = [
        (KnownAnswer("a", "", mistake="zeros"), [zeros, zeros]),
        (KnownAnswer("a", "", mistake="sign"), [sign, sign | unknown]),
        (KnownAnswer("b", "", mistake="sign"), [zeros, frozenset()]),
        (KnownAnswer("b", "", mistake="axis"), [frozenset()]),
    ]
    bars = [SimpleNamespace(mistakes_named=[pair for pair in answers if pair[0].task == task]) for task in "ab"]
    return confusion(bars)


def test_confusion(name_counts: Confusion) -> None:
    """A row counts the names that a mistake got in all tasks; rows and columns have the same order."""
    assert name_counts == {
        "zeros": Counter({"zeros": 2}),
        "sign": Counter({"sign": 2, "unheard-of": 1, "zeros": 1, NONE_NAMED: 1}),
        "axis": Counter({NONE_NAMED: 1}),
    }
    assert columns(name_counts) == ["zeros", "sign", "axis", "unheard-of", NONE_NAMED]


def test_matrix_is_the_same_each_time(name_counts: Confusion, tmp_path: Path) -> None:
    """The saved picture has the same bytes each time, whatever style a lab has set."""
    save(matrix("tiny", name_counts), tmp_path / "one.png")
    with matplotlib.rc_context({"axes.grid": False, "font.size": 20, "figure.facecolor": "red"}):
        save(matrix("tiny", name_counts), tmp_path / "other.png")
    assert (tmp_path / "one.png").read_bytes() == (tmp_path / "other.png").read_bytes()


def test_the_drawn_matrices_show_every_mistake_there_is() -> None:
    """The pictures in docs/ show the mistakes of the current answers files; `make bar` draws stale ones again."""
    for lab, texts in groupby(TEXTS, lambda text: text.parent.name.partition("_")[0]):
        bars = [task_bar(text, task) for text in texts for task in tasks(text)]
        mistakes = [answer.mistake for bar in bars for answer in bar.of_task(bar.known.mistakes)]
        assert shown_in(ROOT / "docs" / f"diagnoses_{lab}.png").split() == list(dict.fromkeys(mistakes))


def test_matrix_names_rows_and_columns(name_counts: Confusion) -> None:
    """Each row and column has its label; each cell of a mistake with several names has a percentage."""
    axes = matrix("tiny", name_counts).axes[0]
    assert [label.get_text() for label in axes.get_yticklabels()] == list(name_counts)
    assert [label.get_text() for label in axes.get_xticklabels()] == columns(name_counts)
    assert sorted(text.get_text() for text in axes.texts) == ["20", "20", "20", "40"]


def test_table() -> None:
    """The table has a row for each task and one for all."""
    console = Console(file=io.StringIO(), width=80)
    numbers = {"one": [8, 1, 9, 2, 3, 4, 4, 0, 5, 1, 3], "two": [1, 0, 2, 1, 1, 1, 2, 1, 1, 0, 1]}
    console.print(table("lab", numbers))
    printed = [line.split() for line in console.file.getvalue().splitlines()]
    assert ["one", "8/1/9", "2/3", "4/4", "0/5", "1/3"] in printed
    assert ["all", "9/1/11", "3/4", "5/6", "1/6", "1/4"] in printed


def test_below_the_bar() -> None:
    """Each failure of the bar is one line; right results have none."""
    mutant, names = Mutant("sign turned", "x = -1", "- x = 1   + x = -1", ""), [frozenset({"sign"}), frozenset()]
    bar = SimpleNamespace(
        task="a",
        survivors=[mutant],
        stale=[KnownAnswer("a", "", equivalent="so it is")],
        refused=[KnownAnswer("a", "", variant="loop")],
        refused_visibly=[KnownAnswer("a", "", variant="in-place")],
        reasons={"sign": "it is by hand", "zeros": ""},
        seen_by_now=["axis"],
        mistakes_named=[
            (KnownAnswer("a", "", mistake="sign"), names),
            (KnownAnswer("a", "", mistake="sign"), names[:1]),
        ],
        mutants_named=[MutantDiagnosis(mutant, "zeros", right=False), MutantDiagnosis(mutant, "sign", right=True)],
    )
    assert below_the_bar(bar) == [
        f"earns all points: {mutant}",
        "listed as equivalent, and no mutant: so it is",
        "right, and loses points: a: loop",
        "right, and fails the visible check: a: in-place",
        "passes the visible check, without a reason: zeros",
        "listed as passing the visible check, and fails it: axis",
        f"a: sign: sign  |  {NONE_NAMED}",
        f"no zeros: {mutant}",
    ]
    other = SimpleNamespace(task="b", reasons={"axis": "it is by hand", "sign": "it is small"})
    assert unseen_by_reason([bar, other]) == [
        "unseen, as it is by hand: a (sign); b (axis)",
        "unseen, as it is small: b (sign)",
    ]
