"""Tests of what notebooks need and this machine lacks, and of the sentences on it below the table."""

from __future__ import annotations

import io
from collections import Counter

from rich.console import Console

from autograder.grading.batch import GradedSubmission
from autograder.grading.missing_requirements import missing_requirements, requirement_notes
from autograder.grading.score_table import score_table


def test_missing_requirements_of_a_notebook() -> None:
    """A missing module counts once, by the name to install; a module that a cell writes, or that is there, does not."""
    sources = [
        "import numpy, no_such_a.b as a, no_such_a\nfrom . import x\nfrom google.colab.files import upload",
        "%%time\ndef f():\n    from no_such_b import c", "%%writefile own.py\nimport no_such_a",
        "import own, autograder", "def (", "x = " + "(" * 500 + ")" * 500, "import " + "x" * 20_000, "\0",
    ]  # fmt: skip
    assert missing_requirements(sources) == ("no_such_a", "google.colab", "no_such_b")


def test_the_table_says_which_mistakes_could_not_be_named() -> None:
    """The row of a submission names the tasks whose diagnosis was not finished."""
    console = Console(width=200, record=True, file=io.StringIO())
    console.print(score_table("lab1", [GradedSubmission("ada", 1.0, 2.0, {}, undiagnosed=("cost", "tally"))]))
    assert "the mistakes in cost, tally could not be named" in console.export_text()


def test_notes_on_a_class() -> None:
    """There is a sentence for each thing that is missing, the most needed first, and then what to do about it."""
    missing = Counter({"google.colab": 1, "tqdm": 3, "Python 3.99": 2})
    first, second, third, cure = requirement_notes(missing, "lab1")
    assert first == "tqdm is not installed here: 3 notebooks import it"
    assert second.startswith("Python 3.99 is newer than the 3.")
    assert second.endswith(" here: 2 notebooks seem to use its syntax")
    assert third == "google.colab exists in Google Colab only: 1 notebook imports it"
    assert "lab grade lab1 --force" in cure
    assert requirement_notes({}, "lab1") == []
