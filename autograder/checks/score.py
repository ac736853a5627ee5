"""The score record: what a hidden test found, as data. `message.render` words it; the gradebook stores its points."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, fields, is_dataclass
from typing import Any

import numpy as np

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
    mistake: str = ""
    """Name of the known mistake that accounts for it; empty where none does."""
    says: str = ""
    """What that mistake is, in a sentence."""
    asks: str = ""
    """A question that leads on."""
    look: str = ""
    """Where in the notebook it is explained, where that is another place than the task's."""
    follows: str = ""
    """The earlier wrong value that this one is rightly made of."""
    computed: bool = True
    """Whether there was a value at all."""


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
    first: str = ""
    """Where values first differ, in a sentence, where no known mistake accounts for it."""

    def __post_init__(self) -> None:
        for line in self.lines:
            if not 0 <= line.points <= line.maximum < math.inf:  # which NaN is not either
                raise ValueError(f"{self.task}: {line.points} points for {line.value}, outside 0 … {line.maximum}")

    @property
    def points(self) -> float:
        """Points earned."""
        return _tidy(sum(line.points for line in self.lines))

    @property
    def maximum(self) -> float:
        """Points there are to earn."""
        return _tidy(sum(line.maximum for line in self.lines))

    @property
    def mistakes(self) -> frozenset[str]:
        """Names of the known mistakes in it."""
        named = {line.failure.mistake for line in self.lines if line.failure is not None}
        return frozenset(named - {""})

    @property
    def unnamed(self) -> bool:
        """Whether a value was computed, and is wrong in a way that no known mistake accounts for."""
        failures = [line.failure for line in self.lines if line.failure is not None and line.failure.computed]
        return any(not failure.mistake and not failure.follows for failure in failures)

    def __repr__(self) -> str:
        return str(self.points)

    def _repr_mimebundle_(self, include: object = None, exclude: object = None) -> dict[str, Any]:
        return {"text/plain": repr(self), MIME: self.record()}

    def record(self) -> dict[str, Any]:
        """The record as JSON-ready data."""
        return {"version": 1, "points": self.points, "maximum": self.maximum, **_json_ready(self)}


def _json_ready(value: Any) -> Any:
    """Made of what JSON knows: sizes may be NumPy's integers, and an error may be infinite."""
    if is_dataclass(value):
        return {field.name: _json_ready(getattr(value, field.name)) for field in fields(value)}
    if isinstance(value, Mapping):
        return {str(name): _json_ready(item) for name, item in value.items()}
    if isinstance(value, tuple | list):
        return [_json_ready(item) for item in value]
    if isinstance(value, np.generic):
        value = value.item()
    return None if isinstance(value, float) and not math.isfinite(value) else value


def _tidy(points: float) -> float:
    """Free of the dust that adding thirds leaves."""
    return round(float(points), 6)
