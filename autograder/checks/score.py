"""The score record: what a hidden test found, as data. `message.render` words it; the gradebook stores its points."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

MIME = "application/vnd.autograder.score+json"
"""Under this type a test cell's output carries the record; a program reads it, no front end shows it."""


@dataclass(frozen=True)
class Failure:
    """The first case in which a value was wrong."""

    sizes: Mapping[str, int]
    """What the case was like: {"I": 17, "D_i": 3}."""
    verdict: str
    """What came, in a sentence without a subject."""
    error: float | None
    """Largest difference relative to the largest entry; None where that says nothing."""


@dataclass(frozen=True)
class Line:
    """One line of the rubric: one value, in one group of cases."""

    value: str
    """Name of the value: dl_dbias."""
    group: str
    """Which cases: "one sample"; empty where the task has only one group."""
    points: float
    maximum: float
    failure: Failure | None = None
    given: str = ""
    """The student's own earlier answer that this value is right by, where it is not right by the reference."""


@dataclass(frozen=True)
class Score:
    """What one task earned, and why. As the last value of a test cell it shows as a plain float."""

    task: str
    lines: tuple[Line, ...]
    look: str
    """Where in the notebook to look again."""

    def __post_init__(self) -> None:
        for line in self.lines:
            if not (math.isfinite(line.points) and 0 <= line.points <= line.maximum):
                raise ValueError(f"{self.task}: {line.points} points for {line.value}, outside 0 … {line.maximum}")

    @property
    def points(self) -> float:
        """Points earned."""
        return _tidy(sum(line.points for line in self.lines))

    @property
    def maximum(self) -> float:
        """Points there are to earn."""
        return _tidy(sum(line.maximum for line in self.lines))

    def __repr__(self) -> str:
        return str(self.points)

    def _repr_mimebundle_(self, include: object = None, exclude: object = None) -> dict[str, Any]:
        return {"text/plain": repr(self), MIME: self.record()}

    def record(self) -> dict[str, Any]:
        """The record as JSON-ready data."""
        return {"version": 1, "points": self.points, "maximum": self.maximum, **asdict(self)}


def _tidy(points: float) -> float:
    """Free of the dust that adding thirds leaves."""
    return round(float(points), 6)
