"""Tests of the format of numbers typed in, which is checked before anybody knows whether they are right."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from autograder.diagnosis.entry_format import format_problem


@pytest.mark.parametrize(
    ("value", "shape", "kind", "sentence"),
    [
        ([0.3, 0.2], (2,), "", ""),
        (0.3, (), "", ""),
        ([0.3], (), "", ""),
        (0.3, (1,), "", ""),
        (np.array([[1, 2]]), (1, 2), "", ""),
        ([None, None], (2,), "missing", "put a number in the place of each None"),
        ([0.3, None], (2,), "missing", "1 of 2 numbers still to find"),
        (None, (), "missing", "not filled in"),
        ([], (2,), "missing", "not filled in"),
        (["0,3", 0.2], (2,), "mistyped", "with a point"),
        ([0, 3, 0, 24], (2,), "mistyped", "a comma for a decimal point"),
        ((0, 3), (), "mistyped", "a comma for a decimal point"),
        ([True, 0.2], (2,), "mistyped", "type bool"),
        ([1j, 0.2], (2,), "mistyped", "type complex"),
        ([float("nan"), 1], (2,), "mistyped", "NaN"),
        ({1, 2}, (2,), "mistyped", "type set"),
        ([0.1, 0.2, 0.3], (2,), "misshapen", "3 numbers, expected 2 numbers"),
        ([[0.1, 0.2]], (2,), "misshapen", "other brackets"),
        ([[0.1], [0.2]], (1, 2), "misshapen", "shape (2, 1), expected shape (1, 2)"),
        ([[0.1, 0.2], [0.3]], (3,), "misshapen", "rows of different lengths"),
    ],
)
def test_each_format_has_a_word_and_a_sentence(value: Any, shape: tuple[int, ...], kind: str, sentence: str) -> None:
    """The format problem is one word for the grader and one sentence for the student."""
    problem = format_problem(value, shape)
    assert problem[0] == kind
    assert sentence in problem[1]
