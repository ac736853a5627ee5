"""Match answers that have lost all labels: by their position between matched cells, or by the names they define."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence

from autograder.grading.intake.match import CellMatches, ordered_pairs

Gap = tuple[int, int]
"""Positions of the student cells before and after a gap, both outside it; -1 and the number of cells at the ends."""


def match_by_place(matches: CellMatches) -> None:
    """Match missing answers with unmatched student cells and note them in `matches`.

    First search between the cells that stood around an answer, then the whole notebook for the names of a solution.
    """
    for gap, source_indices in _gaps(matches).items():
        solutions = [
            source_index for source_index in source_indices if matches.source_notebook.cells[source_index].part.is_code
        ]
        for source_index in solutions:
            _match_solution(matches, gap, source_index)
        _match_texts(matches, gap, [source_index for source_index in source_indices if source_index not in solutions])
    for source_index in _missing(matches):
        _match_anywhere(matches, source_index)


def _missing(matches: CellMatches) -> list[int]:
    """Return the positions of the source cells that are answers and that no student cell matches."""
    cells = enumerate(matches.source_notebook.cells)
    return [source_index for source_index, cell in cells if cell.is_answer and not matches.of(source_index)]


def _gaps(matches: CellMatches) -> dict[Gap, list[int]]:
    """Return the positions of missing answers by the gap of the student notebook in which they should stand."""
    pairs = ordered_pairs(matches)
    gaps: dict[Gap, list[int]] = {}
    for source_index in _missing(matches):
        after = bisect_left(pairs, source_index, key=lambda pair: pair[1])
        gap = pairs[after - 1][0] if after else -1, pairs[after][0] if after < len(pairs) else len(matches.cells)
        gaps.setdefault(gap, []).append(source_index)
    return gaps


def _match_solution(matches: CellMatches, gap: Gap, source_index: int) -> None:
    """Match the code in a gap that defines a name of the solution, or else a Markdown cell that holds such code."""
    names = matches.source_notebook.cells[source_index].names
    code, texts = _unmatched_in(matches, gap, "code"), _unmatched_in(matches, gap, "markdown")
    # Code without any of the names is the student's own cell, unless it is no Python or the solution has no names.
    positions = (
        [index for index in code if matches.defines(index, names)]
        or [index for index in code if not names or not matches.is_python(index)][:1]
        or [index for index in texts if matches.defines(index, names) and matches.is_python(index)][:1]
    )
    for index in positions:
        matches.add(index, source_index, "place")


def _match_texts(matches: CellMatches, gap: Gap, source_indices: Sequence[int]) -> None:
    """Match the Markdown in a gap with written answers, one for each answer and the rest for the last.

    Where there is no Markdown, match the first code cell that is no Python.
    """
    texts = _unmatched_in(matches, gap, "markdown")
    if source_indices and not texts:
        texts = [index for index in _unmatched_in(matches, gap, "code") if not matches.is_python(index)][:1]
    for number, index in enumerate(texts if source_indices else ()):
        matches.add(index, source_indices[min(number, len(source_indices) - 1)], "place")


def _match_anywhere(matches: CellMatches, source_index: int) -> None:
    """Match the last unmatched code cell of the notebook that defines every name of a solution."""
    names = matches.source_notebook.cells[source_index].names
    for index in reversed(range(len(matches.cells) if names else 0)):
        if matches.is_unmatched(index, "code") and matches.defines(index, names) == names:
            matches.add(index, source_index, "place")
            return


def _unmatched_in(matches: CellMatches, gap: Gap, cell_type: str) -> list[int]:
    """Return the positions of the unmatched student cells of a type in a gap, blank ones left out."""
    return [index for index in range(gap[0] + 1, gap[1]) if matches.is_unmatched(index, cell_type)]
