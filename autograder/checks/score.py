"""The score record of one task, as data: `message.render` puts it into words, the gradebook stores its points."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields, is_dataclass, replace
from typing import Any

import numpy as np

MIME = "application/vnd.autograder.score+json"
"""The type under which a test cell's output carries the record: programs read it, no front end shows it."""

_KEYS = {
    "explanation": "says", "hint": "asks", "section": "look", "caused_by": "follows", "carried_forward_from": "given",
    "first_difference": "first",
}  # fmt: skip
"""Keys in version 1 of the record that differ from the field's name."""


@dataclass(frozen=True)
class Failure:
    """The difference of a value in the first case that shows it."""

    sizes: Mapping[str, int]
    """Sizes of the case: {"I": 17, "D_i": 3}."""
    verdict: str
    """A sentence without a subject on the value."""
    error: float | None
    """Largest difference relative to the largest entry; None where that says nothing."""
    mistake: str = ""
    """The name of the known mistake that accounts for it; empty where none does."""
    explanation: str = ""
    """A sentence on the mistake."""
    hint: str = ""
    """A question that leads on."""
    section: str = ""
    """The section that explains the mistake, if it is another than the task's."""
    caused_by: str = ""
    """The earlier wrong value that this one is correctly made of."""
    computed: bool = True
    """False if there was no value at all."""

    @property
    def is_explained(self) -> bool:
        """True if a known mistake or an earlier wrong value accounts for it."""
        return bool(self.mistake or self.caused_by)


@dataclass(frozen=True)
class Line:
    """One line of the rubric: one value, in one group of cases."""

    value: str
    """Name of the value: dl_dbias."""
    group: str
    """The group of cases: "one sample"; empty where the task has only one."""
    points: float
    maximum: float
    failure: Failure | None = None
    carried_forward_from: str = ""
    """The submission's own earlier answer that this value is correct by, where it is not correct by the reference."""


@dataclass(frozen=True)
class Score:
    """The points of one task, and the reasons. As the last value of a test cell it displays as a plain float."""

    task: str
    lines: tuple[Line, ...]
    section: str
    """The section of the notebook that explains the task."""
    first_difference: str = ""
    """A sentence on the first difference of values; empty where known mistakes account for all."""
    undiagnosed: str = ""
    """Why the diagnosis of mistakes did not come to its end, for the instructor; empty where it did."""

    def __post_init__(self) -> None:
        for line in self.lines:
            if not 0 <= line.points <= line.maximum < math.inf:  # which NaN is not either
                raise ValueError(f"{self.task}: {line.points} points for {line.value}, outside 0 … {line.maximum}")

    @property
    def points(self) -> float:
        """The points earned."""
        return _rounded(sum(line.points for line in self.lines))

    @property
    def maximum(self) -> float:
        """The points to be earned."""
        return _rounded(sum(line.maximum for line in self.lines))

    def scaled_to(self, maximum: float) -> Score:
        """Return the score with this maximum: the points of all lines multiplied by one factor.

        A score with a maximum of 0 is returned as it is. Raises ValueError if the maximum is negative or not finite.
        """
        if maximum == self.maximum or not self.maximum:
            return self
        factor = maximum / self.maximum
        lines = [replace(line, points=line.points * factor, maximum=line.maximum * factor) for line in self.lines]
        return replace(self, lines=tuple(lines))

    @property
    def mistakes(self) -> frozenset[str]:
        """The names of the known mistakes in it."""
        named = {line.failure.mistake for line in self.lines if line.failure is not None}
        return frozenset(named - {""})

    @property
    def unnamed(self) -> Sequence[str]:
        """The values that were computed and are wrong in a way that no known mistake accounts for."""
        failures = [(line.value, line.failure) for line in self.lines if line.failure is not None]
        return list(dict.fromkeys(value for value, one in failures if one.computed and not one.is_explained))

    def __repr__(self) -> str:
        return str(self.points)

    def _repr_mimebundle_(self, include: object = None, exclude: object = None) -> dict[str, Any]:
        return {"text/plain": repr(self), MIME: self.record()}

    def record(self) -> dict[str, Any]:
        """Return the record as data that JSON can hold; `undiagnosed` is a key of it only where it says something."""
        record = {"version": 1, "points": self.points, "maximum": self.maximum, **_json_ready(self)}
        return {key: value for key, value in record.items() if value or key != "undiagnosed"}


def _json_ready(value: Any) -> Any:
    """Return a value made of JSON's types: sizes may be NumPy's integers, and an error may be infinite."""
    if is_dataclass(value):
        return {_KEYS.get(field.name, field.name): _json_ready(getattr(value, field.name)) for field in fields(value)}
    if isinstance(value, Mapping):
        return {str(name): _json_ready(item) for name, item in value.items()}
    if isinstance(value, tuple | list):
        return [_json_ready(item) for item in value]
    if isinstance(value, np.generic):
        value = value.item()
    return None if isinstance(value, float) and not math.isfinite(value) else value


def _rounded(points: float) -> float:
    """Return points without the rounding error of a sum of thirds."""
    return round(float(points), 6)
