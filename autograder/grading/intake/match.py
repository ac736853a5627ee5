"""Match each student cell with the source cell that it comes from, by labels and by text."""

from __future__ import annotations

from bisect import bisect_left, insort
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence

from autograder.grading.intake.defined_names import defined_names
from autograder.grading.intake.source_notebook import SourceNotebook
from autograder.grading.intake.student_notebook import StudentCell
from autograder.sandbox.guest.errors import named_task

MAX_READ = 2_000_000
"""Maximum characters of code that are parsed for one notebook: a second's work; honest notebooks need far less."""


class CellMatches:
    """The cells of a student notebook, each with the source cell that it matches, as far as known so far.

    In all methods `index` is the position of a student cell and `source_index` the position of a source cell.
    """

    def __init__(self, source_notebook: SourceNotebook, cells: Sequence[StudentCell]) -> None:
        self.source_notebook, self.cells = source_notebook, cells
        self.source_index: list[int | None] = [None] * len(cells)
        """By position of the student cell: the position of the source cell that it matches; None where unmatched."""
        self.method: list[str] = [""] * len(cells)
        """By position of the student cell: how it was matched, a key of METHODS, "place" or "beside"; or empty."""
        self._positions: dict[int, list[int]] = defaultdict(list)
        """By position of the source cell: the positions of the student cells that match it, ascending."""
        self._names_cache: dict[str, tuple[frozenset[str], bool]] = {}
        self._characters_left = MAX_READ

    def add(self, index: int, source_index: int, method: str) -> None:
        """Match an unmatched student cell with a source cell. method: how it was matched, as in the field `method`."""
        self.source_index[index], self.method[index] = source_index, method
        insort(self._positions[source_index], index)

    def of(self, source_index: int) -> Sequence[int]:
        """Return the positions of the student cells that match a source cell, ascending."""
        return self._positions.get(source_index, ())

    def is_unmatched(self, index: int, *types: str) -> bool:
        """True if a student cell is unmatched, of one of these types, and not blank."""
        return self.source_index[index] is None and self.cells[index].type in types and bool(self.cells[index].text)

    def is_stub(self, index: int, source_index: int) -> bool:
        """True if a student cell is blank, or adds no line to the release and still holds a line to be replaced.

        Code that holds nothing but released comments is a stub as well.
        """
        source_cell = self.source_notebook.cells[source_index]
        lines = {line.strip() for line in self.cells[index].source.splitlines()} - {""}
        only_comments = source_cell.part.is_code and all(line.startswith("#") for line in lines)
        return not lines or (lines <= source_cell.lines and (only_comments or not lines.isdisjoint(source_cell.stub)))

    def defined_names(self, text: str) -> tuple[frozenset[str], bool]:
        """Return the names that a text defines, and whether it is Python; texts beyond MAX_READ count as neither."""
        if text not in self._names_cache:
            self._characters_left -= len(text)
            self._names_cache[text] = defined_names(text) if self._characters_left > 0 else (frozenset(), False)
        return self._names_cache[text]

    def names(self, index: int) -> frozenset[str]:
        """Return the names that a student cell defines."""
        return self.defined_names(self.cells[index].source)[0]

    def is_python(self, index: int) -> bool:
        """True if a student cell can be parsed as Python."""
        return self.defined_names(self.cells[index].source)[1]

    def defines(self, index: int, wanted: frozenset[str]) -> frozenset[str]:
        """Return those of the wanted names that a student cell defines."""
        # Most cells contain none of the names and need not be parsed.
        source = self.cells[index].source
        return wanted & self.names(index) if any(name in source for name in wanted) else frozenset()


def by_grade_id(matches: CellMatches) -> None:
    """Match cells by the grade_id in nbgrader's metadata."""
    for index, cell in enumerate(matches.cells):
        if (source_index := matches.source_notebook.by_grade_id.get(cell.grade_id)) is not None:
            matches.add(index, source_index, "grade_id")


def by_cell_id(matches: CellMatches) -> None:
    """Match cells by the cell id that the build gave them, also where Colab has cut it."""
    for index in _unmatched(matches):
        known_ids = [cell_id for cell_id in matches.cells[index].ids if cell_id in matches.source_notebook.by_cell_id]
        if known_ids:
            matches.add(index, matches.source_notebook.by_cell_id[known_ids[0]], "id")


def by_task_line(matches: CellMatches) -> None:
    """Match cells by the line that names a solution's task; the first such line decides."""
    for index in _unmatched(matches):
        for line in matches.cells[index].source.splitlines():
            if (source_index := matches.source_notebook.by_task.get(named_task(line))) is not None:
                matches.add(index, source_index, "task line")
                break


def by_text(matches: CellMatches) -> None:
    """Match cells that read as released; of equal source cells take a free one, best between the same neighbours."""
    ambiguous = []
    for index in _unmatched(matches):
        source_indices = matches.source_notebook.by_text.get(matches.cells[index].text, ())
        if len(source_indices) > 1:
            ambiguous.append(index)
        elif source_indices and _accepts(matches, source_indices[0]):
            matches.add(index, source_indices[0], "text")
    for index, (before, after) in zip(ambiguous, _between(matches, ambiguous), strict=True):
        equal = matches.source_notebook.by_text[matches.cells[index].text]
        source_indices = [source_index for source_index in equal if _accepts(matches, source_index)]
        free = [source_index for source_index in source_indices if not matches.of(source_index)]
        near = [source_index for source_index in free if before < source_index < after]
        if near or free or source_indices:
            matches.add(index, (near or free or source_indices[-1:])[0], "text")


def _accepts(matches: CellMatches, source_index: int) -> bool:
    """True if a source cell may match one more student cell. A second copy of plain code is the student's own cell."""
    return matches.source_notebook.cells[source_index].part.kind != "code" or not matches.of(source_index)


METHODS: Mapping[str, Callable[[CellMatches], None]] = {
    "grade_id": by_grade_id,
    "id": by_cell_id,
    "task line": by_task_line,
    "text": by_text,
}
"""Functions that match cells by their own labels and text, the surest first; by_position.py matches the others."""


def recognised(source_notebook: SourceNotebook, cells: Sequence[StudentCell]) -> CellMatches:
    """Return the student cells, matched by each of METHODS in turn."""
    matches = CellMatches(source_notebook, cells)
    for method in METHODS.values():
        method(matches)
    return matches


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


def ordered_pairs(matches: CellMatches) -> list[tuple[int, int]]:
    """Return the positions of matched student cells with those of their source cells, without moved cells."""
    return backbone(
        (index, source_index) for index, source_index in enumerate(matches.source_index) if source_index is not None
    )


def _unmatched(matches: CellMatches) -> list[int]:
    """Return the positions of all unmatched student cells."""
    return [index for index, source_index in enumerate(matches.source_index) if source_index is None]


def _between(matches: CellMatches, places: Sequence[int]) -> list[tuple[int, int]]:
    """Return, for each student cell, the positions of the source cells that match the nearest cells before and after.

    places: positions of unmatched student cells, ascending. At the ends: -1 and the number of source cells.
    """
    pairs = ordered_pairs(matches)
    limits = [(-1, -1), *pairs, (len(matches.cells), len(matches.source_notebook.cells))]
    between, after = [], 1
    for place in places:
        while limits[after][0] < place:
            after += 1
        between.append((limits[after - 1][1], limits[after][1]))
    return between
