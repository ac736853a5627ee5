"""The table of repairs, and what of other people's words may stand in its sentences."""

from __future__ import annotations

import re

import pytest

from autograder.grading.intake import REPAIRS, repair
from autograder.grading.intake.repairs import LONGEST, printable


@pytest.mark.parametrize("name", REPAIRS)
def test_every_repair_is_a_sentence(name: str) -> None:
    """With its words filled in it ends like one, and holds no braces."""
    words = dict.fromkeys(re.findall(r"{(\w+)}", REPAIRS[name]), "word")
    says = repair(name, **words).says
    assert says.endswith(".")
    assert "{" not in says
    assert says.isprintable()


@pytest.mark.parametrize("text", ["\x1b[31m", "a\u202eb", "a\nb", "a\0", "\ud800", "Z" + "\u0301" * 50, "x" * 10**6])
def test_words_of_others_are_short_and_printable(text: str) -> None:
    """Nothing steers the display, piles up or fills the page."""
    word = printable(text)
    assert word.isprintable()
    assert len(word) <= LONGEST
    word.encode()


def test_other_scripts_stay() -> None:
    """A name in any script is shown as it is."""
    assert printable("Übung 3 – 実験 домашняя.ipynb") == "Übung 3 – 実験 домашняя.ipynb"


def test_long_lists_are_cut() -> None:
    """The first few names, and how many more."""
    assert "a, b, c, d, e and 2 more were lost" in repair("label lost", tasks=list("abcdefg")).says
