"""Turns what a lab has into samples as columns, and back: formulas are written once, for columns."""

from __future__ import annotations

from typing import Any

import numpy as np


def turned(value: Any, samples: str) -> Any:
    """Return an array, or each array of a list, transposed where samples are "rows"."""
    if isinstance(value, list | tuple):
        return [turned(one, samples) for one in value]
    return np.asarray(value).T if samples == "rows" else np.asarray(value)
