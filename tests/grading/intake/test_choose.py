"""Which file is graded for which notebook."""

from __future__ import annotations

import json
from collections.abc import Mapping

import pytest

from autograder.grading.intake import choose
from autograder.grading.model import SubmittedFile
from tests.grading.intake.notebooks import (
    ANSWERED,
    FIRST,
    INSTRUCTOR,
    RELEASED,
    TEXTS,
    bare,
    extra,
    handed_in,
    lab,
    notebook,
    small,
)

DATA = json.dumps(notebook(handed_in())).encode()
OTHER = json.dumps(notebook([extra("# Shopping", "markdown"), extra("print(1)")])).encode()


def chosen(*files: SubmittedFile) -> tuple[Mapping[str, str], list[str]]:
    """Names of the files by notebook, and of the repairs."""
    found, repairs = choose(files, {"small": small()})
    return {name: file.name for name, file in found.items()}, [repair.name for repair in repairs]


def test_exact_name_needs_no_word() -> None:
    """The file that is called as it should be."""
    assert chosen(SubmittedFile("small.ipynb", DATA)) == ({"small": "small.ipynb"}, [])
    assert chosen(SubmittedFile("lab/small.ipynb", DATA)) == ({"small": "lab/small.ipynb"}, [])


@pytest.mark.parametrize(
    "name",
    [
        "Small.ipynb", "small (1).ipynb", "small-Copy1.ipynb", "small_copy.ipynb", "small copy 2.ipynb", "small.json",
        "small.ipynb.txt", "SMALL", "Copy of small.ipynb", "ada_small.ipynb", "small - Ada Lovelace.ipynb",
        "s-mall.ipynb",
        "ｓｍａｌｌ.ipynb", "small(1) (2).ipynb", "Kopie von small.ipynb", "small.ipynb.ipynb",
    ],
)  # fmt: skip
def test_name_is_matched_tolerantly(name: str) -> None:
    """Whatever browsers, systems and people make of a name; what is in it needs not be recognised."""
    assert chosen(SubmittedFile(name, OTHER)) == ({"small": name}, ["renamed"])


@pytest.mark.parametrize("name", ["final.ipynb", "домашняя.ipynb", "x", "smallest.ipynb", "a" * 5000 + ".ipynb"])
def test_any_name_is_fine_if_the_content_is_clear(name: str) -> None:
    """Cells say which notebook it is."""
    assert chosen(SubmittedFile(name, DATA)) == ({"small": name}, ["recognised"])
    assert chosen(SubmittedFile(name, json.dumps(notebook(bare(handed_in()))).encode()))[1] == ["recognised"]


def test_other_notebooks_are_not_graded() -> None:
    """A notebook of something else is told of, a file that only might have been one is not."""
    assert chosen(
        SubmittedFile("final.ipynb", OTHER), SubmittedFile("data.json", b"{}"), SubmittedFile("README", b"hi")
    ) == ({}, ["no match"])


def test_of_two_files_the_one_with_more_answers_counts() -> None:
    """Then the one that is called as it should be; the other is told of."""
    less = json.dumps(notebook(handed_in({FIRST: ANSWERED[FIRST]}))).encode()
    both = {"small": "small (1).ipynb"}, ["renamed", "second file"]
    assert chosen(SubmittedFile("small.ipynb", less), SubmittedFile("small (1).ipynb", DATA)) == both
    assert chosen(SubmittedFile("small (1).ipynb", DATA), SubmittedFile("small.ipynb", DATA))[0] == {
        "small": "small.ipynb"
    }
    assert chosen(SubmittedFile("small (1).ipynb", DATA), SubmittedFile("small.ipynb", b"{"))[0] == {
        "small": "small (1).ipynb"
    }
    assert chosen(SubmittedFile("final.ipynb", DATA), SubmittedFile("small.ipynb", b""))[0] == {"small": "final.ipynb"}


def test_broken_file_is_chosen_where_nothing_else_is() -> None:
    """So that the student reads what is wrong with it."""
    assert chosen(SubmittedFile("final.ipynb", DATA[:-9])) == ({"small": "final.ipynb"}, ["recognised"])
    assert chosen(SubmittedFile("final.ipynb", b"{"), SubmittedFile("small.ipynb", DATA)) == (
        {"small": "small.ipynb"},
        ["broken"],
    )


def test_notebooks_of_one_lab_are_told_apart_by_what_they_hold() -> None:
    """Two that share tasks' names: even with each other's name each is found."""
    pair = [lab(text) for text in TEXTS if text.parent.name.startswith("lab4")]
    assert len(pair) == 2
    masters = {each.master.name: each.master for each in pair}
    files = {each.master.name: json.dumps(each.answered(each.right())).encode() for each in pair}
    for names in (["a.ipynb", "b.ipynb"], ["rows.ipynb", "columns.ipynb"], ["columns (1).ipynb", "rows (1).ipynb"]):
        found, _ = choose(
            [SubmittedFile(name, data) for name, data in zip(names, files.values(), strict=True)], masters
        )
        assert {name: file.data for name, file in found.items()} == files
    found, _ = choose([SubmittedFile("x.ipynb", files["rows"])], masters)
    assert list(found) == ["rows"]


def test_nothing_at_all() -> None:
    """No files, no notebooks of a lab."""
    assert choose([], {"small": small()}) == ({}, ())
    assert choose([SubmittedFile("x.ipynb", DATA)], {})[0] == {}
    assert len(INSTRUCTOR) == len(RELEASED)
