"""The form of an entry: what is told before anybody has looked whether it is right."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from autograder.diagnosis.entry_format import format_problem


@pytest.mark.parametrize(
    ("value", "shape", "kind", "says"),
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
def test_what_is_said_of_each_form(value: Any, shape: tuple[int, ...], kind: str, says: str) -> None:
    """One word for the grader, one sentence for the student."""
    found = format_problem(value, shape)
    assert found[0] == kind
    assert says in found[1]
