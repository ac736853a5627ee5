"""Tests of choose, which assigns submitted files to the notebooks of a lab."""

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
    """Return the names of the chosen files by notebook, and the names of the repairs."""
    assigned, repairs = choose(files, {"small": small()})
    return {name: file.name for name, file in assigned.items()}, [repair.name for repair in repairs]


def test_exact_name_needs_no_repair() -> None:
    """A file with the notebook's name, in any folder, is chosen without a repair."""
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
    """A name as changed by browsers, systems and people is matched, whatever the file contains."""
    assert chosen(SubmittedFile(name, OTHER)) == ({"small": name}, ["renamed"])


@pytest.mark.parametrize("name", ["final.ipynb", "домашняя.ipynb", "x", "smallest.ipynb", "a" * 5000 + ".ipynb"])
def test_notebook_with_any_name_is_recognised_by_content(name: str) -> None:
    """A file with another name is recognised by its cells, also without metadata."""
    assert chosen(SubmittedFile(name, DATA)) == ({"small": name}, ["recognised"])
    assert chosen(SubmittedFile(name, json.dumps(notebook(bare(handed_in()))).encode()))[1] == ["recognised"]


def test_other_notebooks_are_not_graded() -> None:
    """A notebook of something else is left out with a repair; other files are left out without one."""
    assert chosen(
        SubmittedFile("final.ipynb", OTHER), SubmittedFile("data.json", b"{}"), SubmittedFile("README", b"hi")
    ) == ({}, ["no match"])


def test_of_two_files_the_one_with_more_answers_counts() -> None:
    """Of two files for a notebook, the one with more answers is chosen, then the one with the exact name.

    A repair names the other file.
    """
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


def test_broken_file_is_chosen_if_there_is_no_other() -> None:
    """A broken file is chosen if no other fits, so that the student reads what is wrong with it."""
    assert chosen(SubmittedFile("final.ipynb", DATA[:-9])) == ({"small": "final.ipynb"}, ["recognised"])
    assert chosen(SubmittedFile("final.ipynb", b"{"), SubmittedFile("small.ipynb", DATA)) == (
        {"small": "small.ipynb"},
        ["broken"],
    )


def test_notebooks_of_one_lab_are_told_apart_by_content() -> None:
    """Two notebooks with tasks of equal names are assigned by content, even if each has the other's name."""
    pair = [lab(text) for text in TEXTS if text.parent.name.startswith("lab4")]
    assert len(pair) == 2
    source_notebooks = {each.source_notebook.name: each.source_notebook for each in pair}
    files = {each.source_notebook.name: json.dumps(each.answered(each.right())).encode() for each in pair}
    for names in (["a.ipynb", "b.ipynb"], ["rows.ipynb", "columns.ipynb"], ["columns (1).ipynb", "rows (1).ipynb"]):
        assigned, _ = choose(
            [SubmittedFile(name, data) for name, data in zip(names, files.values(), strict=True)], source_notebooks
        )
        assert {name: file.data for name, file in assigned.items()} == files
    assigned, _ = choose([SubmittedFile("x.ipynb", files["rows"])], source_notebooks)
    assert list(assigned) == ["rows"]


def test_no_files_or_no_notebooks() -> None:
    """Without files, or without notebooks of a lab, no file is chosen."""
    assert choose([], {"small": small()}) == ({}, ())
    assert choose([SubmittedFile("x.ipynb", DATA)], {})[0] == {}
    assert len(INSTRUCTOR) == len(RELEASED)
