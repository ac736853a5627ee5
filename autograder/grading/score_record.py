"""What the score records of a graded notebook say."""

from __future__ import annotations

import math
from typing import Any

from nbformat import NotebookNode


def sound_points(points: Any, maximum: float) -> float | None:
    """Points that a cell may earn; None for anything else: no number, not finite, below zero, above the maximum."""
    if isinstance(points, bool) or not isinstance(points, (int, float)):
        return None
    return float(points) if math.isfinite(points) and 0 <= points <= maximum else None


def named_mistakes(notebook: NotebookNode) -> tuple[str, ...]:
    """The known mistakes that the score records of a graded notebook name, each once."""
    records = [cell.metadata.get("autograder", {}).get("score", {}) for cell in notebook.cells]
    failures = [line.get("failure") or {} for record in records for line in record.get("lines", ())]
    return tuple(dict.fromkeys(failure["mistake"] for failure in failures if failure.get("mistake")))
