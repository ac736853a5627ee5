"""Rebuild the notebook to grade: the source cells, with the student's answers in them and the student's own cells."""

from __future__ import annotations

import hashlib
import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from autograder.grading.intake.answers import ComposedAnswer, answer_to, joined
from autograder.grading.intake.attachments import AttachmentFilter
from autograder.grading.intake.by_position import find_by_place
from autograder.grading.intake.match import CellMatches, backbone, recognised
from autograder.grading.intake.repairs import once, repair
from autograder.grading.intake.source_notebook import SourceNotebook
from autograder.grading.intake.student_notebook import StudentCell, read_notebook
from autograder.grading.intake.task_line import taken_apart, with_task_line, without_task_lines
from autograder.grading.model import GradingPlan, PlannedCell, Repair, SubmittedFile
from autograder.sandbox.guest.errors import task_line

_BUILT_PROSE = re.compile("prose-[0-9a-f]{6,8}(-[0-9]+)?")
"""Matches the cell id that the build gives to prose, the lab's own text."""

START = -1
"""The position after which the cells before the first source cell stand."""


def rebuild(master: SourceNotebook, file: SubmittedFile) -> GradingPlan:
    """Return the notebook to grade, with its repairs. Raises UnreadableError if the file is no notebook.

    master: the source notebook. file: the student notebook.
    """
    notebook = read_notebook(file.name, file.data)
    tasks = {line: master.cells[at].part.grade_id for line, at in master.by_task_line.items()}
    cells, merged = taken_apart(notebook.cells, tasks)
    found = recognised(master, [cell for cell in cells if not _is_older_prose(cell, master)])
    find_by_place(found)
    answers = {at: answer_to(found, at) for at, cell in enumerate(master.cells) if cell.is_answer}
    rebuilder = _Rebuilder(found, answers, len(cells) - len(found.cells))
    parts = tuple(rebuilder.parts())
    repairs = [repair("merged", tasks=merged)] if merged else []
    return GradingPlan(master.name, parts, master.metadata, once([*notebook.repairs, *repairs, *rebuilder.repairs()]))


def _is_older_prose(cell: StudentCell, master: SourceNotebook) -> bool:
    """True if a cell is prose of an earlier version of the lab, with neither an id nor a text of this version."""
    is_built = cell.type == "markdown" and not cell.grade_id and any(_BUILT_PROSE.fullmatch(i) for i in cell.ids)
    return is_built and not any(i in master.by_cell_id for i in cell.ids) and cell.text not in master.by_text


@dataclass
class _Rebuilder:
    """Builds the cells of the notebook to grade, and counts the repairs on the way."""

    found: CellMatches
    answers: Mapping[int, ComposedAnswer]
    """By position of the source cell."""
    older: int
    """Number of student cells that are prose of an earlier version of the lab."""

    def __post_init__(self) -> None:
        self.pictures = AttachmentFilter()
        self.raw = 0
        """Number of raw cells left out."""
        self.used = {at for answer in self.answers.values() for at in answer.cells}
        """Positions of the student cells that are part of an answer."""
        first_cells = {answer.owner: answer.cells[0] for answer in self.answers.values() if answer.cells}
        self.row = dict(
            backbone(
                (at, owner) for at, owner in enumerate(self.found.owner) if owner is not None
                and first_cells.get(owner, at) == at
            )
        )  # fmt: skip
        """The position of the source cell by that of the student cell, for those in the source notebook's order.

        Of an answer only the first cell counts.
        """
        self.ids = Counter(cell.part.cell_id for cell in self.found.master.cells)
        """Number of uses of each cell id."""

    def parts(self) -> Iterator[PlannedCell]:
        """Yield the cells of the notebook to grade, in order."""
        extras = self._extra_positions()
        yield from map(self._extra_cell, extras[START])
        for at, source_cell in enumerate(self.found.master.cells):
            answer = self.answers.get(at, ComposedAnswer(at))
            yield (
                self._answered_cell(answer)
                if answer.cells
                else replace(source_cell.part, source=self._unanswered_source(at))
            )
            yield from map(self._extra_cell, extras[at])

    def _unanswered_source(self, at: int) -> str:
        """Return the text of a source cell that has no answer; a solution in code gets the line that names its task."""
        part = self.found.master.cells[at].part
        return with_task_line(part.source, part.grade_id) if part.kind == "solution" and part.is_code else part.source

    def _answered_cell(self, answer: ComposedAnswer) -> PlannedCell:
        """Return a source cell with the student's answer as its text.

        Text cells are joined by blank lines and keep their pictures. Code loses the lines that name tasks, but for the
        first that names its own; a solution gets this line where it is missing.
        """
        source_cell, cells = self.found.master.cells[answer.owner], [self.found.cells[at] for at in answer.cells]
        if not source_cell.part.is_code:
            pictures = {name: kinds for cell in cells for name, kinds in self.pictures.keep(cell.attachments).items()}
            source = "\n\n".join(cell.source for cell in cells)
            return replace(source_cell.part, source=source, attachments=pictures, untouched=False)
        line = task_line(source_cell.part.grade_id)
        source = without_task_lines(joined(self.found, answer.cells), self.found.master.by_task_line, keep=line)
        if source_cell.part.kind == "solution":
            source = with_task_line(source, source_cell.part.grade_id)
        return replace(source_cell.part, source=source, untouched=False)

    def _extra_positions(self) -> Mapping[int, list[int]]:
        """Return the positions of the student's own cells by the position of the source cell that they follow.

        They follow the nearest cell before them that stands in the order of the source notebook: a moved cell takes no
        other cells along. Edited copies of the lab's code follow the original.
        """
        extras: dict[int, list[int]] = defaultdict(list)
        edited: dict[int, list[int]] = defaultdict(list)
        anchor = START
        for at, owner in enumerate(self.found.owner):
            anchor = self.row.get(at, anchor)
            if owner is not None and self.found.master.cells[owner].part.kind == "code":
                edited[owner] += [at] if self._is_kept(at) else []
            elif self._is_kept(at):
                extras[anchor].append(at)
        return {at: edited[at] + extras[at] for at in range(START, len(self.found.master.cells))}

    def _is_kept(self, at: int) -> bool:
        """True if a student cell is run or shown beside the source cells. Raw cells are not kept, but counted."""
        cell, owner = self.found.cells[at], self.found.owner[at]
        if at in self.used or not cell.text or (owner is not None and not self._is_student_work(at, owner)):
            return False
        self.raw += cell.type == "raw"
        return cell.type != "raw"

    def _is_student_work(self, at: int, owner: int) -> bool:
        """True if a student cell that matches a source cell is the student's own work all the same."""
        source_cell = self.found.master.cells[owner]
        if source_cell.is_answer:
            return not self.found.is_stub(at, owner)
        if self.found.cells[at].text in source_cell.texts:
            return False
        # A copied cell keeps its label: where the original is there too, an edited copy is new work.
        is_copy = any(self.found.cells[other].text in source_cell.texts for other in self.found.of(owner))
        return source_cell.part.kind == "code" or (is_copy and self.found.cells[at].type == "code")

    def _extra_cell(self, at: int) -> PlannedCell:
        """Return a student's own cell for the notebook to grade; code loses all lines that name tasks."""
        cell = self.found.cells[at]
        is_code = cell.type == "code"
        source = without_task_lines(cell.source, self.found.master.by_task_line) if is_code else cell.source
        pictures = {} if is_code else self.pictures.keep(cell.attachments)
        return PlannedCell("extra", is_code, source, self._new_id(cell), attachments=pictures)

    def _new_id(self, cell: StudentCell) -> str:
        """Return an unused id, made of the hash of the cell's type and text; equal cells are numbered in order."""
        name = f"extra-{hashlib.blake2b(f'{cell.type} {cell.source}'.encode(), digest_size=8).hexdigest()}"
        new = name
        while new in self.ids:
            self.ids[name] += 1
            new = f"{name}-{self.ids[name]}"
        self.ids[new] += 1
        return new

    def repairs(self) -> Iterator[Repair]:
        """Yield the repairs. Call this after `parts` has yielded all cells, because `parts` counts some of them."""
        for name, tasks in self._answer_repairs().items():
            yield repair(name, tasks=tasks)
        yield from (repair(name, count=count) for name, count in self._other_repairs().items())
        if self.raw:
            yield repair("raw", count=self.raw)
        yield from self.pictures.repairs

    def _answer_repairs(self) -> Mapping[str, Sequence[str]]:
        """Return the grade_ids of the answers that needed a repair, by the repair's name."""
        tasks: dict[str, list[str]] = defaultdict(list)
        for answer in self.answers.values():
            moved = ("moved",) if answer.cells and answer.cells[0] not in self.row else ()
            for name in (*answer.repairs, *moved):
                tasks[name].append(self.found.master.cells[answer.owner].part.grade_id)
        return tasks

    def _other_repairs(self) -> Mapping[str, int]:
        """Return the number of changed and deleted cells that are no answers, by the repair's name."""
        counts: Counter[str] = Counter({"changed prose": self.older} if self.older else {})
        for at, source_cell in enumerate(self.found.master.cells):
            if not source_cell.is_answer:
                texts = {self.found.cells[match].text for match in self.found.of(at)}
                if not texts:
                    counts[f"deleted {source_cell.part.kind}"] += 1
                elif texts.isdisjoint(source_cell.texts):
                    counts[f"changed {source_cell.part.kind}"] += 1
        return counts


def answered(plan: GradingPlan) -> int:
    """Return the number of solutions and written answers that the student wrote something into."""
    return sum(not part.untouched for part in _answer_parts(plan.parts))


def _answer_parts(parts: Iterable[PlannedCell]) -> Iterator[PlannedCell]:
    """Return the cells that are solutions or written answers."""
    return (part for part in parts if part.kind in ("solution", "answer"))
