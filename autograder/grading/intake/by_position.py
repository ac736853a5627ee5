"""Match answers that have lost all labels: by their position between matched cells, or by the names they define."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence

from autograder.grading.intake.match import CellMatches, known

Gap = tuple[int, int]
"""Positions of the student cells before and after a gap, both outside it; -1 and the number of cells at the ends."""


def find_by_place(found: CellMatches) -> None:
    """Match missing answers with unmatched student cells and note them in `found`.

    First search between the cells that stood around an answer, then the whole notebook for the names of a solution.
    """
    for gap, owners in _gaps(found).items():
        solutions = [owner for owner in owners if found.master.cells[owner].part.is_code]
        for owner in solutions:
            _match_solution(found, gap, owner)
        _match_texts(found, gap, [owner for owner in owners if owner not in solutions])
    for owner in _missing(found):
        _match_anywhere(found, owner)


def _missing(found: CellMatches) -> list[int]:
    """Return the positions of the source cells that are answers and that no student cell matches."""
    cells = enumerate(found.master.cells)
    return [owner for owner, cell in cells if cell.is_answer and not found.of(owner)]


def _gaps(found: CellMatches) -> dict[Gap, list[int]]:
    """Return the positions of missing answers by the gap of the student notebook in which they should stand."""
    pairs = known(found)
    gaps: dict[Gap, list[int]] = {}
    for owner in _missing(found):
        after = bisect_left(pairs, owner, key=lambda pair: pair[1])
        gap = pairs[after - 1][0] if after else -1, pairs[after][0] if after < len(pairs) else len(found.cells)
        gaps.setdefault(gap, []).append(owner)
    return gaps


def _match_solution(found: CellMatches, gap: Gap, owner: int) -> None:
    """Match the code in a gap that defines a name of the solution, or else a Markdown cell that holds such code."""
    names = found.master.cells[owner].names
    code, texts = _unmatched_in(found, gap, "code"), _unmatched_in(found, gap, "markdown")
    # Code without any of the names is the student's own cell, unless it is no Python or the solution has no names.
    positions = (
        [at for at in code if found.defines(at, names)]
        or [at for at in code if not names or not found.is_python(at)][:1]
        or [at for at in texts if found.defines(at, names) and found.is_python(at)][:1]
    )
    for at in positions:
        found.give(at, owner, "place")


def _match_texts(found: CellMatches, gap: Gap, owners: Sequence[int]) -> None:
    """Match the Markdown in a gap with written answers, one for each answer and the rest for the last.

    Where there is no Markdown, match the first code cell that is no Python.
    """
    texts = _unmatched_in(found, gap, "markdown")
    if owners and not texts:
        texts = [at for at in _unmatched_in(found, gap, "code") if not found.is_python(at)][:1]
    for number, at in enumerate(texts if owners else ()):
        found.give(at, owners[min(number, len(owners) - 1)], "place")


def _match_anywhere(found: CellMatches, owner: int) -> None:
    """Match the last unmatched code cell of the notebook that defines every name of a solution."""
    names = found.master.cells[owner].names
    for at in reversed(range(len(found.cells) if names else 0)):
        if found.unknown(at, "code") and found.defines(at, names) == names:
            found.give(at, owner, "place")
            return


def _unmatched_in(found: CellMatches, gap: Gap, cell_type: str) -> list[int]:
    """Return the positions of the unmatched student cells of a type in a gap, blank ones left out."""
    return [at for at in range(gap[0] + 1, gap[1]) if found.unknown(at, cell_type)]
