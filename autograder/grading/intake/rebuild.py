"""Rebuild the notebook to grade: the source cells, with the student's answers in them and the student's own cells."""

from __future__ import annotations

import hashlib
import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from autograder.grading.intake.answers import ComposedAnswer, answer_to, joined
from autograder.grading.intake.by_position import match_by_place
from autograder.grading.intake.match import CellMatches, backbone, recognised
from autograder.grading.intake.repairs import repair, unique
from autograder.grading.intake.source_notebook import SourceNotebook
from autograder.grading.intake.student_notebook import StudentCell, read_notebook
from autograder.grading.intake.task_line import taken_apart, with_task_line, without_task_lines
from autograder.grading.model import GradingPlan, PlannedCell, Repair, SubmittedFile
from autograder.grading.pictures import MAX_ONE, AttachmentFilter

_BUILT_PROSE = re.compile("prose-[0-9a-f]{6,8}(-[0-9]+)?")
"""Matches the cell id that the build gives to prose, the lab's own text."""

START = -1
"""The position after which the cells before the first source cell stand."""


def rebuild(
    source_notebook: SourceNotebook, file: SubmittedFile, other_files: Sequence[SubmittedFile] = ()
) -> GradingPlan:
    """Return the notebook to grade, with its repairs. Raises UnreadableError if the file is no notebook.

    source_notebook: the source notebook. file: the student notebook. other_files: files beside it, by their paths from
    it; pictures that a text shows become part of the notebook.
    """
    notebook = read_notebook(file.name, file.data)
    cells, merged = taken_apart(notebook.cells, source_notebook.by_task)
    matches = recognised(source_notebook, [cell for cell in cells if not _is_older_prose(cell, source_notebook)])
    match_by_place(matches)
    answers = {index: answer_to(matches, index) for index, cell in enumerate(source_notebook.cells) if cell.is_answer}
    rebuilder = _Rebuilder(matches, answers, len(cells) - len(matches.cells), AttachmentFilter(other_files))
    parts = tuple(rebuilder.parts())
    repairs = [repair("merged", tasks=merged)] if merged else []
    return GradingPlan(
        source_notebook.name,
        parts,
        source_notebook.metadata,
        unique([*notebook.repairs, *repairs, *rebuilder.repairs()]),
    )


def _is_older_prose(cell: StudentCell, source_notebook: SourceNotebook) -> bool:
    """True if a cell is prose of an earlier version of the lab, with neither an id nor a text of this version."""
    is_built = cell.type == "markdown" and not cell.grade_id and any(_BUILT_PROSE.fullmatch(i) for i in cell.ids)
    return (
        is_built
        and not any(i in source_notebook.by_cell_id for i in cell.ids)
        and cell.text not in source_notebook.by_text
    )


@dataclass
class _Rebuilder:
    """Builds the cells of the notebook to grade, and counts the repairs on the way."""

    matches: CellMatches
    answers: Mapping[int, ComposedAnswer]
    """By position of the source cell."""
    older: int
    """Number of student cells that are prose of an earlier version of the lab."""
    pictures: AttachmentFilter

    def __post_init__(self) -> None:
        self.raw = 0
        """Number of raw cells left out."""
        self.used = {index for answer in self.answers.values() for index in answer.cells}
        """Positions of the student cells that are part of an answer."""
        first_cells = {answer.source_index: answer.cells[0] for answer in self.answers.values() if answer.cells}
        self.source_of_unmoved = dict(
            backbone(
                (index, source_index)
                for index, source_index in enumerate(self.matches.source_index)
                if source_index is not None and first_cells.get(source_index, index) == index
            )
        )
        """By position of each student cell that was not moved, that of its source cell.

        Of an answer in several cells only the first counts.
        """
        self.ids = Counter(cell.part.cell_id for cell in self.matches.source_notebook.cells)
        """Number of uses of each cell id."""

    def parts(self) -> Iterator[PlannedCell]:
        """Yield the cells of the notebook to grade, in order."""
        extras = self._extra_positions()
        yield from map(self._extra_cell, extras[START])
        for index, source_cell in enumerate(self.matches.source_notebook.cells):
            answer = self.answers.get(index, ComposedAnswer(index))
            yield (
                self._answered_cell(answer)
                if answer.cells
                else replace(source_cell.part, source=self._unanswered_source(index))
            )
            yield from map(self._extra_cell, extras[index])

    def _unanswered_source(self, index: int) -> str:
        """Return the text of a source cell that has no answer; a solution in code gets the line that names its task."""
        part = self.matches.source_notebook.cells[index].part
        return with_task_line(part.source, part.grade_id) if part.kind == "solution" and part.is_code else part.source

    def _answered_cell(self, answer: ComposedAnswer) -> PlannedCell:
        """Return a source cell with the student's answer as its text.

        Text cells are joined by blank lines and keep their pictures. Code loses the lines that name tasks, but for the
        first that names its own; a solution gets this line where it is missing.
        """
        source_cell, cells = (
            self.matches.source_notebook.cells[answer.source_index],
            [self.matches.cells[index] for index in answer.cells],
        )
        if not source_cell.part.is_code:
            texts, pictures = [], dict[str, dict[str, str]]()
            for cell in cells:
                text, linked = self.pictures.link(cell.source, cell.attachments, taken=pictures)
                texts.append(text)
                pictures = {**linked, **pictures}
            return replace(source_cell.part, source="\n\n".join(texts), attachments=pictures, untouched=False)
        task = source_cell.part.grade_id
        source = without_task_lines(joined(self.matches, answer.cells), self.matches.source_notebook.by_task, keep=task)
        if source_cell.part.kind == "solution":
            source = with_task_line(source, task)
        return replace(source_cell.part, source=source, untouched=False)

    def _extra_positions(self) -> Mapping[int, list[int]]:
        """Return the positions of the student's own cells by the position of the source cell that they follow.

        They follow the nearest cell before them that stands in the order of the source notebook: a moved cell takes no
        other cells along. Edited copies of the lab's code follow the original.
        """
        extras: dict[int, list[int]] = defaultdict(list)
        edited: dict[int, list[int]] = defaultdict(list)
        anchor = START
        for index, source_index in enumerate(self.matches.source_index):
            anchor = self.source_of_unmoved.get(index, anchor)
            if source_index is not None and self.matches.source_notebook.cells[source_index].part.kind == "code":
                edited[source_index] += [index] if self._is_kept(index) else []
            elif self._is_kept(index):
                extras[anchor].append(index)
        return {index: edited[index] + extras[index] for index in range(START, len(self.matches.source_notebook.cells))}

    def _is_kept(self, index: int) -> bool:
        """True if a student cell is run or shown beside the source cells. Raw cells are not kept, but counted."""
        cell, source_index = self.matches.cells[index], self.matches.source_index[index]
        if (
            index in self.used
            or not cell.text
            or (source_index is not None and not self._is_student_work(index, source_index))
        ):
            return False
        self.raw += cell.type == "raw"
        return cell.type != "raw"

    def _is_student_work(self, index: int, source_index: int) -> bool:
        """True if a student cell that matches a source cell is the student's own work all the same."""
        source_cell = self.matches.source_notebook.cells[source_index]
        if source_cell.is_answer:
            return not self.matches.is_stub(index, source_index)
        if self.matches.cells[index].text in source_cell.texts:
            return False
        # A copied cell keeps its label: where the original is there too, an edited copy is new work.
        is_copy = any(self.matches.cells[other].text in source_cell.texts for other in self.matches.of(source_index))
        return source_cell.part.kind == "code" or (is_copy and self.matches.cells[index].type == "code")

    def _extra_cell(self, index: int) -> PlannedCell:
        """Return a student's own cell for the notebook to grade; code loses all lines that name tasks."""
        cell = self.matches.cells[index]
        is_code = cell.type == "code"
        source = without_task_lines(cell.source, self.matches.source_notebook.by_task) if is_code else cell.source
        pictures = dict[str, dict[str, str]]()
        if not is_code:
            source, pictures = self.pictures.link(cell.source, cell.attachments)
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
        if self.pictures.dropped:
            yield repair("pictures", count=self.pictures.dropped, limit=MAX_ONE // 1_000_000)

    def _answer_repairs(self) -> Mapping[str, Sequence[str]]:
        """Return the grade_ids of the answers that needed a repair, by the repair's name."""
        tasks: dict[str, list[str]] = defaultdict(list)
        for answer in self.answers.values():
            moved = ("moved",) if answer.cells and answer.cells[0] not in self.source_of_unmoved else ()
            for name in (*answer.repairs, *moved):
                tasks[name].append(self.matches.source_notebook.cells[answer.source_index].part.grade_id)
        return tasks

    def _other_repairs(self) -> Mapping[str, int]:
        """Return the number of changed and deleted cells that are no answers, by the repair's name."""
        counts: Counter[str] = Counter({"changed prose": self.older} if self.older else {})
        for index, source_cell in enumerate(self.matches.source_notebook.cells):
            if not source_cell.is_answer:
                texts = {self.matches.cells[match].text for match in self.matches.of(index)}
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
