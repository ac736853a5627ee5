"""Which of the instructor's cells each of a student's cells is."""

from __future__ import annotations

from bisect import bisect_left, insort
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence

from autograder.grading.intake.defined_names import read
from autograder.grading.intake.source_notebook import Master
from autograder.grading.intake.student_notebook import Cell

MOST_READ = 2_000_000
"""Characters of code that are parsed for one notebook: a second's work, and many times what honest ones need."""


class Found:
    """A student's cells, and which of the instructor's each of them is, as far as it is known by now."""

    def __init__(self, master: Master, cells: Sequence[Cell]) -> None:
        self.master, self.cells = master, cells
        self.owner: list[int | None] = [None] * len(cells)
        """By position of the student's cell: the position of the instructor's."""
        self.way: list[str] = [""] * len(cells)
        """By position of the student's cell: the entry of WAYS, or of the rules for places, by which it was found."""
        self._owned: dict[int, list[int]] = defaultdict(list)
        self._read: dict[str, tuple[frozenset[str], bool]] = {}
        self._left = MOST_READ

    def give(self, at: int, owner: int, way: str) -> None:
        """Note which of the instructor's cells a student's is that was none so far."""
        self.owner[at], self.way[at] = owner, way
        insort(self._owned[owner], at)

    def of(self, owner: int) -> Sequence[int]:
        """Where the student's cells stand that are this one of the instructor's."""
        return self._owned.get(owner, ())

    def unknown(self, at: int, *types: str) -> bool:
        """Whether the student's cell is none of the instructor's, of one of these types, and not blank."""
        return self.owner[at] is None and self.cells[at].type in types and bool(self.cells[at].text)

    def is_stub(self, at: int, owner: int) -> bool:
        """Whether a student's cell adds nothing to what was released, and still holds what was to be replaced."""
        master = self.master.cells[owner]
        lines = {line.strip() for line in self.cells[at].source.splitlines()} - {""}
        says_nothing = master.part.is_code and all(line.startswith("#") for line in lines)
        return not lines or (lines <= master.lines and (says_nothing or not lines.isdisjoint(master.stub)))

    def read(self, text: str) -> tuple[frozenset[str], bool]:
        """The names that a text defines, and whether it is Python; of more than can be honest nothing is told."""
        if text not in self._read:
            self._left -= len(text)
            self._read[text] = read(text) if self._left > 0 else (frozenset(), False)
        return self._read[text]

    def names(self, at: int) -> frozenset[str]:
        """The names that a student's cell defines."""
        return self.read(self.cells[at].source)[0]

    def is_python(self, at: int) -> bool:
        """Whether a student's cell can be parsed."""
        return self.read(self.cells[at].source)[1]

    def defines(self, at: int, wanted: frozenset[str]) -> frozenset[str]:
        """Which of the wanted names a student's cell defines."""
        # Most cells speak of none of them: no need to parse those.
        source = self.cells[at].source
        return wanted & self.names(at) if any(name in source for name in wanted) else frozenset()


def by_grade_id(found: Found) -> None:
    """A cell is what nbgrader's metadata say."""
    for at, cell in enumerate(found.cells):
        if (owner := found.master.by_grade_id.get(cell.grade_id)) is not None:
            found.give(at, owner, "grade_id")


def by_cell_id(found: Found) -> None:
    """A cell has the id that the build gave it; Colab cuts it."""
    for at in _unknown(found):
        owners = (found.master.by_cell_id.get(cell_id) for cell_id in found.cells[at].ids)
        if (owner := next((owner for owner in owners if owner is not None), None)) is not None:
            found.give(at, owner, "id")


def by_task_line(found: Found) -> None:
    """A solution has a line that names its task."""
    for at in _unknown(found):
        for line in found.cells[at].source.splitlines():
            if (owner := found.master.by_task_line.get(line.strip())) is not None:
                found.give(at, owner, "task line")
                break


def by_text(found: Found) -> None:
    """A cell reads as it was released; of several that read alike, the one between the same neighbours."""
    twins = []
    for at in _unknown(found):
        owners = found.master.by_text.get(found.cells[at].text, ())
        if len(owners) > 1:
            twins.append(at)
        elif owners and _takes(found, owners[0]):
            found.give(at, owners[0], "text")
    for at, (before, after) in zip(twins, _between(found, twins), strict=True):
        owners = [owner for owner in found.master.by_text[found.cells[at].text] if _takes(found, owner)]
        free = [owner for owner in owners if not found.of(owner)]
        near = [owner for owner in free if before < owner < after]
        if near or free or owners:
            found.give(at, (near or free or owners[-1:])[0], "text")


def _takes(found: Found, owner: int) -> bool:
    """Whether a cell may be one more copy of the instructor's. A second copy of plain code is the student's."""
    return found.master.cells[owner].part.kind != "code" or not found.of(owner)


WAYS: Mapping[str, Callable[[Found], None]] = {
    "grade_id": by_grade_id,
    "id": by_cell_id,
    "task line": by_task_line,
    "text": by_text,
}
"""How a student's cell is recognised by itself, the surest way first; where it stands is looked at last (place.py)."""


def recognised(master: Master, cells: Sequence[Cell]) -> Found:
    """The student's cells that are known by what they are."""
    found = Found(master, cells)
    for way in WAYS.values():
        way(found)
    return found


def backbone(pairs: Iterable[tuple[int, int]]) -> list[tuple[int, int]]:
    """Of pairs in the student's order the longest row that is in the instructor's order as well.

    What is not in it was moved.
    """
    ends: list[int] = []
    rows: list[tuple[tuple[int, int], int]] = []
    last: list[int] = []
    for pair in pairs:
        length = bisect_left(ends, pair[1])
        rows.append((pair, last[length - 1] if length else -1))
        ends[length : length + 1] = [pair[1]]
        last[length : length + 1] = [len(rows) - 1]
    row, at = [], last[-1] if last else -1
    while at >= 0:
        pair, at = rows[at]
        row.append(pair)
    return row[::-1]


def known(found: Found) -> list[tuple[int, int]]:
    """The student's cells that are the instructor's, with theirs, those that were moved left out."""
    return backbone((at, owner) for at, owner in enumerate(found.owner) if owner is not None)


def _unknown(found: Found) -> list[int]:
    return [at for at, owner in enumerate(found.owner) if owner is None]


def _between(found: Found, places: Sequence[int]) -> list[tuple[int, int]]:
    """For each place in the student's notebook, in order: the instructor's cells known before it and after it."""
    row = known(found)
    limits = [(-1, -1), *row, (len(found.cells), len(found.master.cells))]
    between, after = [], 1
    for place in places:
        while limits[after][0] < place:
            after += 1
        between.append((limits[after - 1][1], limits[after][1]))
    return between
