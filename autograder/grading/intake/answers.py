"""Compose the answer to a task from student cells: the last complete one, joined where the student split it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice

from autograder.grading.intake.match import CellMatches

MOST_TRIED = 5
"""Maximum number of cells that are tried as the answer to one task, counted from the last."""
MOST_PIECES = 4
"""Maximum number of cells on each side of a cell that may belong to the same answer."""

LOST = {"id": "label lost", "task line": "label lost", "text": "label lost", "place": "placed"}
"""The repair of an answer that was matched without its grade_id, by the way in which it was matched."""


@dataclass(frozen=True)
class ComposedAnswer:
    """The student cells that make up the answer to one task."""

    owner: int
    """The position of the source cell."""
    cells: tuple[int, ...] = ()
    """The positions of the student cells, ascending; empty where the answer is missing or as released."""
    repairs: tuple[str, ...] = ()
    """The answer's repairs, by name in the table REPAIRS."""


def answer_to(found: CellMatches, owner: int) -> ComposedAnswer:
    """Return the answer to the task of the source cell at position `owner`.

    Unmatched student cells that turn out to be part of the answer are matched with the source cell in `found`.
    """
    source_cell = found.master.cells[owner]
    matched = found.of(owner)
    attempts = [at for at in matched if not found.is_stub(at, owner)]
    cell_type = "code" if source_cell.part.is_code else "markdown"
    candidates = [at for at in attempts if found.cells[at].type == cell_type] or attempts
    compose = _code_cells if source_cell.part.is_code else _text_cells
    group = compose(found, owner, candidates) if candidates else _cells_beside(found, owner, cell_type)
    repairs = {
        "deleted answer": not matched,
        "beside": bool(group) and not candidates,
        "split": len(group) > 1 and bool(candidates),
        "type": any(found.cells[at].type != cell_type for at in group),
        "several answers": bool(set(attempts) - set(group)) and bool(candidates),
    }
    names = [name for name, is_needed in repairs.items() if is_needed]
    names += [LOST[way] for way in sorted({found.way[at] for at in group}) if way in LOST]
    for at in group:
        if found.owner[at] is None:
            found.give(at, owner, "beside")
    return ComposedAnswer(owner, group, tuple(dict.fromkeys(names)))


def _code_cells(found: CellMatches, owner: int, candidates: Sequence[int]) -> tuple[int, ...]:
    """Return the group of cells that defines most of the solution's names; of equal ones valid Python, then the last.

    candidates: positions of student cells, ascending, at least one.
    """
    names = found.master.cells[owner].names
    best: tuple[int, ...] = (candidates[-1],)
    best_score = -1
    for at in islice(reversed(candidates), MOST_TRIED):
        for group in _groups(found, owner, at):
            defined, is_python = found.defined_names(joined(found, group))
            score = 2 * len(names & defined) + is_python
            if score > best_score:
                best, best_score = group, score
            if score == 2 * len(names) + 1:
                return _with_split_parts(found, owner, best)
    return _with_split_parts(found, owner, best)


def _groups(found: CellMatches, owner: int, at: int) -> list[tuple[int, ...]]:
    """Return the cell alone, and the cell with neighbours: groups with few unmatched cells first, then short ones."""
    before = [(), *_prefixes(list(_neighbours(found, owner, at, -1)))]
    after = [(), *_prefixes(list(_neighbours(found, owner, at, 1)))]
    groups = [(*reversed(left), at, *right) for left in before for right in after]
    valid = [group for group in groups if not any(_has_magic(found, piece) for piece in group[1:])]
    return sorted(valid, key=lambda group: (sum(found.owner[piece] is None for piece in group), len(group)))


def _prefixes(positions: list[int]) -> Iterator[tuple[int, ...]]:
    """Return the first position, the first two, and so on, up to MOST_PIECES."""
    return (tuple(positions[:length]) for length in range(1, min(len(positions), MOST_PIECES) + 1))


def _neighbours(found: CellMatches, owner: int, at: int, step: int) -> Iterator[int]:
    """Yield the cells on one side of a cell that may be part of the same answer, the nearest first.

    These are cells that match the same source cell and are no stub, and unmatched code. The search ends at a cell that
    matches another source cell. step: 1 for the cells below, -1 for those above.
    """
    at += step
    while 0 <= at < len(found.cells):
        is_same = found.owner[at] == owner
        if (is_same and not found.is_stub(at, owner)) or found.unknown(at, "code"):
            yield at
        elif not is_same and found.owner[at] is not None:
            return
        at += step


def _with_split_parts(found: CellMatches, owner: int, group: tuple[int, ...]) -> tuple[int, ...]:
    """Return the group with neighbours that match the same source cell and define other names: a cell that was split.

    Two cells that define the same name are two answers.
    """
    for step in (-1, 1):
        for at in _neighbours(found, owner, group[0] if step < 0 else group[-1], step):
            longer = tuple(sorted((*group, at)))
            if (
                found.owner[at] != owner
                or found.names(at) & found.defined_names(joined(found, group))[0]
                or _has_magic(found, longer[-1])
                or not found.defined_names(joined(found, longer))[1]
            ):
                break
            group = longer
    return group


def _has_magic(found: CellMatches, at: int) -> bool:
    """True if a cell begins with an IPython cell magic (`%%`), so that no other cell can be joined above it."""
    return found.cells[at].source.lstrip().startswith("%%")


def _text_cells(found: CellMatches, owner: int, candidates: Sequence[int]) -> tuple[int, ...]:
    """Return the last written answer and, where it was split, the cells right before it; equal texts only once."""
    group = [candidates[-1]]
    for at in reversed(candidates[:-1]):
        between = range(at + 1, group[0])
        if not all(found.owner[other] == owner or not found.cells[other].text for other in between):
            break
        if found.cells[at].text not in {found.cells[other].text for other in group}:
            group.insert(0, at)
    return tuple(group)


def _cells_beside(found: CellMatches, owner: int, cell_type: str) -> tuple[int, ...]:
    """Return the new cells that hold the answer beside the last stub: texts below it, or code that defines all names.

    cell_type: "markdown" for texts, "code" for code. Empty where there is neither an answer nor a stub.
    """
    names = found.master.cells[owner].names
    for at in found.of(owner)[-1:]:
        if cell_type == "markdown":
            return tuple(_texts_below(at, found))
        for step in (1, -1):
            for pieces in _prefixes(list(_neighbours(found, owner, at, step))):
                group = tuple(sorted(pieces))
                defined, is_python = found.defined_names(joined(found, group))
                if names and names <= defined and is_python:
                    return group
    return ()


def _texts_below(at: int, found: CellMatches) -> Iterator[int]:
    """Yield the unmatched Markdown cells right below a cell; blank cells between them are skipped."""
    while (at := at + 1) < len(found.cells) and (found.unknown(at, "markdown") or not found.cells[at].text):
        if found.cells[at].text:
            yield at


def joined(found: CellMatches, run: Sequence[int]) -> str:
    """Return the sources of several student cells, joined by line breaks. run: their positions."""
    return "\n".join(found.cells[at].source for at in run)
