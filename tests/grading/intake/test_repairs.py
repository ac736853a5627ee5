"""Tests of the table of repairs, and of submitted texts in its sentences."""

from __future__ import annotations

import re

import pytest

from autograder.grading.intake import REPAIRS, repair
from autograder.grading.intake.repairs import LONGEST, printable


@pytest.mark.parametrize("name", REPAIRS)
def test_every_repair_is_a_sentence(name: str) -> None:
    """Every repair with its fields filled in is a printable sentence without braces."""
    words = dict.fromkeys(re.findall(r"{(\w+)}", REPAIRS[name]), "word")
    says = repair(name, **words).sentence
    assert says.endswith(".")
    assert "{" not in says
    assert says.isprintable()


@pytest.mark.parametrize("text", ["\x1b[31m", "a\u202eb", "a\nb", "a\0", "\ud800", "Z" + "\u0301" * 50, "x" * 10**6])
def test_submitted_texts_are_short_and_printable(text: str) -> None:
    """`printable` returns a short text without control characters, surrogates and piles of accents."""
    word = printable(text)
    assert word.isprintable()
    assert len(word) <= LONGEST
    word.encode()


def test_other_scripts_stay() -> None:
    """`printable` returns a name in any script unchanged."""
    assert printable("Übung 3 – 実験 домашняя.ipynb") == "Übung 3 – 実験 домашняя.ipynb"


def test_long_lists_are_cut() -> None:
    """A repair lists the first five tasks, and the number of further ones."""
    assert "a, b, c, d, e and 2 more were lost" in repair("label lost", tasks=list("abcdefg")).sentence
