"""Rebuilds the notebook that is graded: the instructor's cells, the student's answers, and cells of their own."""

from __future__ import annotations

import hashlib
import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from autograder.grading.intake.answers import Answer, answer_to, joined
from autograder.grading.intake.attachments import Pictures
from autograder.grading.intake.by_position import find_by_place
from autograder.grading.intake.match import Found, backbone, recognised
from autograder.grading.intake.repairs import once, repair
from autograder.grading.intake.source_notebook import Master
from autograder.grading.intake.student_notebook import Cell, read_notebook
from autograder.grading.intake.task_line import taken_apart, with_task_line, without_task_lines
from autograder.grading.model import File, Part, Plan, Repair
from autograder.sandbox.guest.port import task_line

_BUILT_PROSE = re.compile("prose-[0-9a-f]{6,8}(-[0-9]+)?")
"""The id that the build gives a cell of the lab's text."""

START = -1
"""The position of what stands before all of the instructor's cells."""


def rebuild(master: Master, file: File) -> Plan:
    """The notebook to grade. Raises UnreadableError where the file is no notebook."""
    notebook = read_notebook(file.name, file.data)
    lines = {line: master.cells[at].part.grade_id for line, at in master.by_task_line.items()}
    cells, merged = taken_apart(notebook.cells, lines)
    found = recognised(master, [cell for cell in cells if not _is_older_prose(cell, master)])
    find_by_place(found)
    answers = {at: answer_to(found, at) for at, cell in enumerate(master.cells) if cell.is_answer}
    rebuilt = _Rebuilt(found, answers, len(cells) - len(found.cells))
    parts = tuple(rebuilt.parts())
    said = [repair("merged", tasks=merged)] if merged else []
    return Plan(master.name, parts, master.metadata, once([*notebook.repairs, *said, *rebuilt.repairs()]))


def _is_older_prose(cell: Cell, master: Master) -> bool:
    """Whether it is text of the lab's own that this version of the lab has no more."""
    built = cell.type == "markdown" and not cell.grade_id and any(_BUILT_PROSE.fullmatch(i) for i in cell.ids)
    return built and not any(i in master.by_cell_id for i in cell.ids) and cell.text not in master.by_text


@dataclass
class _Rebuilt:
    """Puts the parts of one notebook together."""

    found: Found
    answers: Mapping[int, Answer]
    older: int
    """How many cells of the lab's text are of an earlier version."""

    def __post_init__(self) -> None:
        self.pictures = Pictures()
        self.raw = 0
        self.used = {at for answer in self.answers.values() for at in answer.cells}
        first = {answer.owner: answer.cells[0] for answer in self.answers.values() if answer.cells}
        self.row = dict(
            backbone(
                (at, owner) for at, owner in enumerate(self.found.owner) if owner is not None
                and first.get(owner, at) == at
            )
        )  # fmt: skip
        """The student's cells that stand in the instructor's order."""
        self.ids = Counter(cell.part.cell_id for cell in self.found.master.cells)

    def parts(self) -> Iterator[Part]:
        """The notebook's cells in order."""
        extras = self._extras()
        yield from map(self._extra, extras[START])
        for at, master in enumerate(self.found.master.cells):
            answer = self.answers.get(at, Answer(at))
            yield self._answered(answer) if answer.cells else replace(master.part, source=self._unanswered(at))
            yield from map(self._extra, extras[at])

    def _unanswered(self, at: int) -> str:
        part = self.found.master.cells[at].part
        return with_task_line(part.source, part.grade_id) if part.kind == "solution" and part.is_code else part.source

    def _answered(self, answer: Answer) -> Part:
        master, cells = self.found.master.cells[answer.owner], [self.found.cells[at] for at in answer.cells]
        if not master.part.is_code:
            pictures = {name: kinds for cell in cells for name, kinds in self.pictures.keep(cell.attachments).items()}
            source = "\n\n".join(cell.source for cell in cells)
            return replace(master.part, source=source, attachments=pictures, untouched=False)
        line = task_line(master.part.grade_id)
        source = without_task_lines(joined(self.found, answer.cells), self.found.master.by_task_line, keep=line)
        if master.part.kind == "solution":
            source = with_task_line(source, master.part.grade_id)
        return replace(master.part, source=source, untouched=False)

    def _extras(self) -> Mapping[int, list[int]]:
        """The student's own cells, by the position of the instructor's cell that they follow.

        That is the nearest before them among those that stand in order: what was moved takes nothing along.
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
        """Whether a cell is to be run or shown beside the instructor's; raw ones are counted."""
        cell, owner = self.found.cells[at], self.found.owner[at]
        if at in self.used or not cell.text or (owner is not None and not self._is_own(at, owner)):
            return False
        self.raw += cell.type == "raw"
        return cell.type != "raw"

    def _is_own(self, at: int, owner: int) -> bool:
        """Whether a cell that carries a label of the instructor's is the student's own work all the same."""
        master = self.found.master.cells[owner]
        if master.is_answer:
            return not self.found.is_stub(at, owner)
        if self.found.cells[at].text in master.texts:
            return False
        # Of a copied cell the label is copied along: what was then made of the copy is new.
        is_copy = any(self.found.cells[other].text in master.texts for other in self.found.of(owner))
        return master.part.kind == "code" or (is_copy and self.found.cells[at].type == "code")

    def _extra(self, at: int) -> Part:
        cell = self.found.cells[at]
        is_code = cell.type == "code"
        source = without_task_lines(cell.source, self.found.master.by_task_line) if is_code else cell.source
        pictures = {} if is_code else self.pictures.keep(cell.attachments)
        return Part("extra", is_code, source, self._new_id(cell), attachments=pictures)

    def _new_id(self, cell: Cell) -> str:
        """An id that hangs on the cell's text, and on the order of those that have the same."""
        name = f"extra-{hashlib.blake2b(f'{cell.type} {cell.source}'.encode(), digest_size=8).hexdigest()}"
        new = name
        while new in self.ids:
            self.ids[name] += 1
            new = f"{name}-{self.ids[name]}"
        self.ids[new] += 1
        return new

    def repairs(self) -> Iterator[Repair]:
        """What was put right, after all parts were made."""
        for name, tasks in self._about_answers().items():
            yield repair(name, tasks=tasks)
        yield from (repair(name, count=count) for name, count in self._about_others().items())
        if self.raw:
            yield repair("raw", count=self.raw)
        yield from self.pictures.repairs

    def _about_answers(self) -> Mapping[str, Sequence[str]]:
        tasks: dict[str, list[str]] = defaultdict(list)
        for answer in self.answers.values():
            moved = ("moved",) if answer.cells and answer.cells[0] not in self.row else ()
            for name in (*answer.repairs, *moved):
                tasks[name].append(self.found.master.cells[answer.owner].part.grade_id)
        return tasks

    def _about_others(self) -> Mapping[str, int]:
        counted: Counter[str] = Counter({"changed prose": self.older} if self.older else {})
        for at, master in enumerate(self.found.master.cells):
            if not master.is_answer:
                texts = {self.found.cells[own].text for own in self.found.of(at)}
                if not texts:
                    counted[f"deleted {master.part.kind}"] += 1
                elif texts.isdisjoint(master.texts):
                    counted[f"changed {master.part.kind}"] += 1
        return counted


def answered(plan: Plan) -> int:
    """How many answers somebody wrote something into."""
    return sum(not part.untouched for part in _answer_parts(plan.parts))


def _answer_parts(parts: Iterable[Part]) -> Iterator[Part]:
    return (part for part in parts if part.kind in ("solution", "answer"))
