"""Converts arrays between a lab's layout and samples as columns, so that a formula is written once, for columns."""

from __future__ import annotations

from typing import Any

import numpy as np

from autograder.diagnosis.formulas import Step, formula_of


def turned(value: Any, samples: str) -> Any:
    """Return an array, or each array of a list, transposed if samples is "rows"; otherwise as it is."""
    if isinstance(value, list | tuple):
        return [turned(array, samples) for array in value]
    return np.asarray(value).T if samples == "rows" else np.asarray(value)


def in_columns(**names: str) -> dict[str, Step]:
    """Return steps of these names that turn the inputs of these names, so that samples are columns."""
    return {short: formula_of(f"{name} samples", turned) for short, name in names.items()}
