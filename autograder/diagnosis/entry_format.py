"""Checks the format of numbers that a student found by hand and typed in; not whether they are correct.

The build copies this file into the notebook, and the grader imports it: both say the same of an entry.
"""

from typing import Any

import numpy as np


def format_problem(value: Any, shape: tuple[int, ...]) -> tuple[str, str]:
    """Return what is wrong with an entry's format: a word, and a sentence without a subject; both empty if fine."""
    numbers = _flat(value)
    expected = int(np.prod(shape))
    words = f"{expected} number{'s' * (expected > 1)}"
    kinds = {type(number) for number in numbers}
    if not numbers or type(None) in kinds:
        missing = sum(number is None for number in numbers)
        left = f", {missing} of {words} still to find" if 0 < missing < expected else ""
        return "missing", "not filled in yet: put a number in the place of each None" + left
    if any(isinstance(number, str) for number in numbers):
        return "mistyped", "it holds text: write the bare number, 0.25, without quotes and with a point"
    if not all(isinstance(number, int | float | np.integer | np.floating) for number in numbers) or bool in kinds:
        return (
            "mistyped",
            f"it holds values of type {' and '.join(sorted(kind.__name__ for kind in kinds))}, not numbers",
        )
    if not np.isfinite(np.array(numbers, dtype=float)).all():
        return "mistyped", "it holds NaN or infinity"
    actual = _shape(value)
    if actual == shape or len(numbers) == expected == 1:
        return "", ""
    if len(numbers) == 2 * expected and all(isinstance(number, int) for number in numbers):
        return (
            "mistyped",
            f"it holds {len(numbers)} whole numbers where {words} should be: is there a comma for a decimal point?",
        )
    if len(numbers) != expected:
        return "misshapen", f"it holds {len(numbers)} number{'s' * (len(numbers) > 1)}, expected {words}"
    how = f"shape {actual}" if actual else "rows of different lengths"
    return "misshapen", f"its {words} stand in other brackets: {how}, expected shape {shape}"


def _flat(value: Any) -> list[Any]:
    """Return every number of nested lists, row by row."""
    if isinstance(value, np.ndarray):
        value = value.tolist()
    return [number for item in value for number in _flat(item)] if isinstance(value, list | tuple) else [value]


def _shape(value: Any) -> tuple[int, ...] | None:
    """Return the shape of nested lists; None where their rows are of different lengths."""
    try:
        return tuple(np.shape(value))
    except ValueError:
        return None
