"""Finds answers that nothing but their place, or what they define, gives away: all labels are lost."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence

from autograder.grading.intake.match import Found, known

Gap = tuple[int, int]
"""The student's cells around a place, both not in it."""


def find_by_place(found: Found) -> None:
    """Look for missing answers: between the cells that stood around them, then, for what they define, everywhere."""
    for gap, owners in _gaps(found).items():
        solutions = [owner for owner in owners if found.master.cells[owner].part.is_code]
        for owner in solutions:
            _solution(found, gap, owner)
        _written(found, gap, [owner for owner in owners if owner not in solutions])
    for owner in _missing(found):
        _anywhere(found, owner)


def _missing(found: Found) -> list[int]:
    cells = enumerate(found.master.cells)
    return [owner for owner, cell in cells if cell.is_answer and not found.of(owner)]


def _gaps(found: Found) -> dict[Gap, list[int]]:
    """Missing answers by where in the student's notebook they should stand."""
    row = known(found)
    gaps: dict[Gap, list[int]] = {}
    for owner in _missing(found):
        after = bisect_left(row, owner, key=lambda pair: pair[1])
        gap = row[after - 1][0] if after else -1, row[after][0] if after < len(row) else len(found.cells)
        gaps.setdefault(gap, []).append(owner)
    return gaps


def _solution(found: Found, gap: Gap, owner: int) -> None:
    """Code between the neighbours, or else a text that is code, that defines a name of the solution."""
    names = found.master.cells[owner].names
    code, texts = _in(found, gap, "code"), _in(found, gap, "markdown")
    # What defines none of the names is a cell of the student's own, unless nothing can be told of it.
    places = (
        [at for at in code if found.defines(at, names)]
        or [at for at in code if not names or not found.is_python(at)][:1]
        or [at for at in texts if found.defines(at, names) and found.is_python(at)][:1]
    )
    for at in places:
        found.give(at, owner, "place")


def _written(found: Found, gap: Gap, owners: Sequence[int]) -> None:
    """Texts between the neighbours, one for each answer and the rest for the last; or else one that is no code."""
    texts = _in(found, gap, "markdown")
    if owners and not texts:
        texts = [at for at in _in(found, gap, "code") if not found.is_python(at)][:1]
    for number, at in enumerate(texts if owners else ()):
        found.give(at, owners[min(number, len(owners) - 1)], "place")


def _anywhere(found: Found, owner: int) -> None:
    """The last cell that defines every name of a solution."""
    names = found.master.cells[owner].names
    for at in reversed(range(len(found.cells) if names else 0)):
        if found.unknown(at, "code") and found.defines(at, names) == names:
            found.give(at, owner, "place")
            return


def _in(found: Found, gap: Gap, cell_type: str) -> list[int]:
    return [at for at in range(gap[0] + 1, gap[1]) if found.unknown(at, cell_type)]
