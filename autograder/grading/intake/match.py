"""Match each student cell with the source cell that it comes from, by labels and by text."""

from __future__ import annotations

from bisect import bisect_left, insort
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence

from autograder.grading.intake.defined_names import defined_names
from autograder.grading.intake.source_notebook import SourceNotebook
from autograder.grading.intake.student_notebook import StudentCell
from autograder.sandbox.guest.port import named_task

MOST_READ = 2_000_000
"""Maximum characters of code that are parsed for one notebook: a second's work; honest notebooks need far less."""


class CellMatches:
    """The cells of a student notebook, each with the source cell that it matches, as far as known so far.

    In all methods `at` is the position of a student cell and `owner` the position of a source cell.
    """

    def __init__(self, master: SourceNotebook, cells: Sequence[StudentCell]) -> None:
        self.master, self.cells = master, cells
        self.owner: list[int | None] = [None] * len(cells)
        """By position of the student cell: the position of the source cell that it matches; None where unmatched."""
        self.way: list[str] = [""] * len(cells)
        """By position of the student cell: the key of WAYS, "place" or "beside", by which it was matched; or empty."""
        self._positions: dict[int, list[int]] = defaultdict(list)
        """By position of the source cell: the positions of the student cells that match it, ascending."""
        self._names_cache: dict[str, tuple[frozenset[str], bool]] = {}
        self._characters_left = MOST_READ

    def give(self, at: int, owner: int, way: str) -> None:
        """Match an unmatched student cell with a source cell. way: how it was matched, see the field of that name."""
        self.owner[at], self.way[at] = owner, way
        insort(self._positions[owner], at)

    def of(self, owner: int) -> Sequence[int]:
        """Return the positions of the student cells that match a source cell, ascending."""
        return self._positions.get(owner, ())

    def unknown(self, at: int, *types: str) -> bool:
        """True if a student cell is unmatched, of one of these types, and not blank."""
        return self.owner[at] is None and self.cells[at].type in types and bool(self.cells[at].text)

    def is_stub(self, at: int, owner: int) -> bool:
        """True if a student cell is blank, or adds no line to the release and still holds a line to be replaced.

        Code that holds nothing but released comments is a stub as well.
        """
        source_cell = self.master.cells[owner]
        lines = {line.strip() for line in self.cells[at].source.splitlines()} - {""}
        only_comments = source_cell.part.is_code and all(line.startswith("#") for line in lines)
        return not lines or (lines <= source_cell.lines and (only_comments or not lines.isdisjoint(source_cell.stub)))

    def defined_names(self, text: str) -> tuple[frozenset[str], bool]:
        """Return the names that a text defines, and whether it is Python; texts beyond MOST_READ count as neither."""
        if text not in self._names_cache:
            self._characters_left -= len(text)
            self._names_cache[text] = defined_names(text) if self._characters_left > 0 else (frozenset(), False)
        return self._names_cache[text]

    def names(self, at: int) -> frozenset[str]:
        """Return the names that a student cell defines."""
        return self.defined_names(self.cells[at].source)[0]

    def is_python(self, at: int) -> bool:
        """True if a student cell can be parsed as Python."""
        return self.defined_names(self.cells[at].source)[1]

    def defines(self, at: int, wanted: frozenset[str]) -> frozenset[str]:
        """Return those of the wanted names that a student cell defines."""
        # Most cells contain none of the names and need not be parsed.
        source = self.cells[at].source
        return wanted & self.names(at) if any(name in source for name in wanted) else frozenset()


def by_grade_id(found: CellMatches) -> None:
    """Match cells by the grade_id in nbgrader's metadata."""
    for at, cell in enumerate(found.cells):
        if (owner := found.master.by_grade_id.get(cell.grade_id)) is not None:
            found.give(at, owner, "grade_id")


def by_cell_id(found: CellMatches) -> None:
    """Match cells by the cell id that the build gave them, also where Colab has cut it."""
    for at in _unmatched(found):
        owners = (found.master.by_cell_id.get(cell_id) for cell_id in found.cells[at].ids)
        if (owner := next((owner for owner in owners if owner is not None), None)) is not None:
            found.give(at, owner, "id")


def by_task_line(found: CellMatches) -> None:
    """Match cells by the line that names a solution's task; the first such line decides."""
    for at in _unmatched(found):
        for line in found.cells[at].source.splitlines():
            if (owner := found.master.by_task.get(named_task(line))) is not None:
                found.give(at, owner, "task line")
                break


def by_text(found: CellMatches) -> None:
    """Match cells that read as released; of equal source cells take a free one, best between the same neighbours."""
    ambiguous = []
    for at in _unmatched(found):
        owners = found.master.by_text.get(found.cells[at].text, ())
        if len(owners) > 1:
            ambiguous.append(at)
        elif owners and _takes(found, owners[0]):
            found.give(at, owners[0], "text")
    for at, (before, after) in zip(ambiguous, _between(found, ambiguous), strict=True):
        owners = [owner for owner in found.master.by_text[found.cells[at].text] if _takes(found, owner)]
        free = [owner for owner in owners if not found.of(owner)]
        near = [owner for owner in free if before < owner < after]
        if near or free or owners:
            found.give(at, (near or free or owners[-1:])[0], "text")


def _takes(found: CellMatches, owner: int) -> bool:
    """True if a source cell may match one more student cell. A second copy of plain code is the student's own cell."""
    return found.master.cells[owner].part.kind != "code" or not found.of(owner)


WAYS: Mapping[str, Callable[[CellMatches], None]] = {
    "grade_id": by_grade_id,
    "id": by_cell_id,
    "task line": by_task_line,
    "text": by_text,
}
"""Functions that match cells by their own labels and text, the surest first; by_position.py matches the others."""


def recognised(master: SourceNotebook, cells: Sequence[StudentCell]) -> CellMatches:
    """Return the student cells, matched by each of WAYS in turn."""
    found = CellMatches(master, cells)
    for way in WAYS.values():
        way(found)
    return found


def backbone(pairs: Iterable[tuple[int, int]]) -> list[tuple[int, int]]:
    """Return the longest increasing subsequence: the matched cells that stand in the order of the source notebook.

    pairs: positions of a student cell and its source cell, in the student's order. Pairs outside the result were moved.
    """
    # By length of a subsequence, less one: the smallest source position in which one ends.
    ends: list[int] = []
    # Each pair with the index of the pair before it in its subsequence, or -1.
    links: list[tuple[tuple[int, int], int]] = []
    # By length of a subsequence, less one: the index of the pair in which it ends.
    last: list[int] = []
    for pair in pairs:
        length = bisect_left(ends, pair[1])
        links.append((pair, last[length - 1] if length else -1))
        ends[length : length + 1] = [pair[1]]
        last[length : length + 1] = [len(links) - 1]
    longest, index = [], last[-1] if last else -1
    while index >= 0:
        pair, index = links[index]
        longest.append(pair)
    return longest[::-1]


def known(found: CellMatches) -> list[tuple[int, int]]:
    """Return the positions of matched student cells with those of their source cells, without moved cells."""
    return backbone((at, owner) for at, owner in enumerate(found.owner) if owner is not None)


def _unmatched(found: CellMatches) -> list[int]:
    """Return the positions of all unmatched student cells."""
    return [at for at, owner in enumerate(found.owner) if owner is None]


def _between(found: CellMatches, places: Sequence[int]) -> list[tuple[int, int]]:
    """Return, for each student cell, the positions of the source cells that match the nearest cells before and after.

    places: positions of unmatched student cells, ascending. At the ends: -1 and the number of source cells.
    """
    pairs = known(found)
    limits = [(-1, -1), *pairs, (len(found.cells), len(found.master.cells))]
    between, after = [], 1
    for place in places:
        while limits[after][0] < place:
            after += 1
        between.append((limits[after - 1][1], limits[after][1]))
    return between
