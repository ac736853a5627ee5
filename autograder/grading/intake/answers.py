"""Compose the answer to a task from student cells: the last complete one, joined where the student split it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice

from autograder.grading.intake.match import CellMatches

MAX_TRIED = 5
"""Maximum number of cells that are tried as the answer to one task, counted from the last."""
MAX_PIECES = 4
"""Maximum number of cells on each side of a cell that may belong to the same answer."""

LOST = {"id": "label lost", "task line": "label lost", "text": "label lost", "place": "placed"}
"""The repair of an answer that was matched without its grade_id, by the way in which it was matched."""


@dataclass(frozen=True)
class ComposedAnswer:
    """The student cells that make up the answer to one task."""

    source_index: int
    """The position of the source cell."""
    cells: tuple[int, ...] = ()
    """The positions of the student cells, ascending; empty where the answer is missing or as released."""
    repairs: tuple[str, ...] = ()
    """The answer's repairs, by name in the table REPAIRS."""


def answer_to(matches: CellMatches, source_index: int) -> ComposedAnswer:
    """Return the answer to the task of the source cell at position `source_index`.

    Unmatched student cells that turn out to be part of the answer are matched with the source cell in `matches`.
    """
    source_cell = matches.source_notebook.cells[source_index]
    matched = matches.of(source_index)
    attempts = [index for index in matched if not matches.is_stub(index, source_index)]
    cell_type = "code" if source_cell.part.is_code else "markdown"
    candidates = [index for index in attempts if matches.cells[index].type == cell_type] or attempts
    compose = _code_cells if source_cell.part.is_code else _text_cells
    group = (
        compose(matches, source_index, candidates) if candidates else _cells_beside(matches, source_index, cell_type)
    )
    repairs = {
        "deleted answer": not matched,
        "beside": bool(group) and not candidates,
        "split": len(group) > 1 and bool(candidates),
        "type": any(matches.cells[index].type != cell_type for index in group),
        "several answers": bool(set(attempts) - set(group)) and bool(candidates),
    }
    names = [name for name, is_needed in repairs.items() if is_needed]
    names += [LOST[method] for method in sorted({matches.method[index] for index in group}) if method in LOST]
    for index in group:
        if matches.source_index[index] is None:
            matches.add(index, source_index, "beside")
    return ComposedAnswer(source_index, group, tuple(dict.fromkeys(names)))


def _code_cells(matches: CellMatches, source_index: int, candidates: Sequence[int]) -> tuple[int, ...]:
    """Return the group of cells that defines most of the solution's names; of equal ones valid Python, then the last.

    candidates: positions of student cells, ascending, at least one.
    """
    names = matches.source_notebook.cells[source_index].names
    best: tuple[int, ...] = (candidates[-1],)
    best_score = -1
    for index in islice(reversed(candidates), MAX_TRIED):
        for group in _groups(matches, source_index, index):
            defined, is_python = matches.defined_names(joined(matches, group))
            score = 2 * len(names & defined) + is_python
            if score > best_score:
                best, best_score = group, score
            if score == 2 * len(names) + 1:
                return _with_split_parts(matches, source_index, best)
    return _with_split_parts(matches, source_index, best)


def _groups(matches: CellMatches, source_index: int, index: int) -> list[tuple[int, ...]]:
    """Return the cell alone, and the cell with neighbours: groups with few unmatched cells first, then short ones."""
    before = [(), *_prefixes(list(_neighbours(matches, source_index, index, -1)))]
    after = [(), *_prefixes(list(_neighbours(matches, source_index, index, 1)))]
    groups = [(*reversed(left), index, *right) for left in before for right in after]
    valid = [group for group in groups if not any(_has_magic(matches, piece) for piece in group[1:])]
    return sorted(valid, key=lambda group: (sum(matches.source_index[piece] is None for piece in group), len(group)))


def _prefixes(positions: list[int]) -> Iterator[tuple[int, ...]]:
    """Return the first position, the first two, and so on, up to MAX_PIECES."""
    return (tuple(positions[:length]) for length in range(1, min(len(positions), MAX_PIECES) + 1))


def _neighbours(matches: CellMatches, source_index: int, index: int, step: int) -> Iterator[int]:
    """Yield the cells on one side of a cell that may be part of the same answer, the nearest first.

    These are cells that match the same source cell and are no stub, and unmatched code. The search ends at a cell that
    matches another source cell. step: 1 for the cells below, -1 for those above.
    """
    index += step
    while 0 <= index < len(matches.cells):
        is_same = matches.source_index[index] == source_index
        if (is_same and not matches.is_stub(index, source_index)) or matches.is_unmatched(index, "code"):
            yield index
        elif not is_same and matches.source_index[index] is not None:
            return
        index += step


def _with_split_parts(matches: CellMatches, source_index: int, group: tuple[int, ...]) -> tuple[int, ...]:
    """Return the group with neighbours that match the same source cell and define other names: a cell that was split.

    Two cells that define the same name are two answers.
    """
    for step in (-1, 1):
        for index in _neighbours(matches, source_index, group[0] if step < 0 else group[-1], step):
            longer = tuple(sorted((*group, index)))
            if (
                matches.source_index[index] != source_index
                or matches.names(index) & matches.defined_names(joined(matches, group))[0]
                or _has_magic(matches, longer[-1])
                or not matches.defined_names(joined(matches, longer))[1]
            ):
                break
            group = longer
    return group


def _has_magic(matches: CellMatches, index: int) -> bool:
    """True if a cell begins with an IPython cell magic (`%%`), so that no other cell can be joined above it."""
    return matches.cells[index].source.lstrip().startswith("%%")


def _text_cells(matches: CellMatches, source_index: int, candidates: Sequence[int]) -> tuple[int, ...]:
    """Return the last written answer and, where it was split, the cells right before it; equal texts only once."""
    group = [candidates[-1]]
    for index in reversed(candidates[:-1]):
        between = range(index + 1, group[0])
        if not all(matches.source_index[other] == source_index or not matches.cells[other].text for other in between):
            break
        if matches.cells[index].text not in {matches.cells[other].text for other in group}:
            group.insert(0, index)
    return tuple(group)


def _cells_beside(matches: CellMatches, source_index: int, cell_type: str) -> tuple[int, ...]:
    """Return the new cells that hold the answer beside the last stub: texts below it, or code that defines all names.

    cell_type: "markdown" for texts, "code" for code. Empty where there is neither an answer nor a stub.
    """
    names = matches.source_notebook.cells[source_index].names
    for index in matches.of(source_index)[-1:]:
        if cell_type == "markdown":
            return tuple(_texts_below(index, matches))
        for step in (1, -1):
            for pieces in _prefixes(list(_neighbours(matches, source_index, index, step))):
                group = tuple(sorted(pieces))
                defined, is_python = matches.defined_names(joined(matches, group))
                if names and names <= defined and is_python:
                    return group
    return ()


def _texts_below(index: int, matches: CellMatches) -> Iterator[int]:
    """Yield the unmatched Markdown cells right below a cell; blank cells between them are skipped."""
    while (index := index + 1) < len(matches.cells) and (
        matches.is_unmatched(index, "markdown") or not matches.cells[index].text
    ):
        if matches.cells[index].text:
            yield index


def joined(matches: CellMatches, run: Sequence[int]) -> str:
    """Return the sources of several student cells, joined by line breaks. run: their positions."""
    return "\n".join(matches.cells[index].source for index in run)
