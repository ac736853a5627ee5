"""Read points and named mistakes of score records."""

from __future__ import annotations

import math
from typing import Any

from nbformat import NotebookNode


def sound_points(points: Any, maximum: float) -> float | None:
    """Return points as a float; None unless they are a finite number from 0 to the maximum. True and False are none."""
    if isinstance(points, bool) or not isinstance(points, (int, float)):
        return None
    return float(points) if math.isfinite(points) and 0 <= points <= maximum else None


def named_mistakes(notebook: NotebookNode) -> tuple[str, ...]:
    """Return the names of the known mistakes in the score records of a graded notebook, each once."""
    records = [cell.metadata.get("autograder", {}).get("score", {}) for cell in notebook.cells]
    failures = [line.get("failure") or {} for record in records for line in record.get("lines", ())]
    return tuple(dict.fromkeys(failure["mistake"] for failure in failures if failure.get("mistake")))
