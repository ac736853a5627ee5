"""Converts arrays between a lab's layout and samples as columns, so that a formula is written once, for columns."""

from __future__ import annotations

from typing import Any

import numpy as np


def turned(value: Any, samples: str) -> Any:
    """Return an array, or each array of a list, transposed if samples is "rows"; otherwise as it is."""
    if isinstance(value, list | tuple):
        return [turned(array, samples) for array in value]
    return np.asarray(value).T if samples == "rows" else np.asarray(value)
