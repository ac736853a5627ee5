"""Which of a student's cells make up the answer to a task: the last whole one, joined where it was split."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice

from autograder.grading.intake.match import Found

MOST_TRIED = 5
"""Of many answers to one task, how many are looked at, from the last on."""
MOST_PIECES = 4
"""On each side of a cell, how many others may belong to the same answer."""

LOST = {"id": "label lost", "task line": "label lost", "text": "label lost", "place": "placed"}
"""Which repair it is to find an answer in a way other than by its label."""


@dataclass(frozen=True)
class Answer:
    """The cells that make up the answer to one task."""

    owner: int
    """The position of the instructor's cell."""
    cells: tuple[int, ...] = ()
    """The positions of the student's, in their order; none where the answer is missing or as released."""
    repairs: tuple[str, ...] = ()
    """What had to be put right, by name in the table of repairs."""


def answer_to(found: Found, owner: int) -> Answer:
    """Decide which cells are the answer; cells beside it that turn out to be part of it are given to it."""
    master = found.master.cells[owner]
    own = found.of(owner)
    tried = [at for at in own if not found.is_stub(at, owner)]
    wanted = "code" if master.part.is_code else "markdown"
    right = [at for at in tried if found.cells[at].type == wanted] or tried
    compose = _code if master.part.is_code else _written
    run = compose(found, owner, right) if right else _beside(found, owner, wanted)
    repairs = {
        "deleted answer": not own,
        "beside": bool(run) and not right,
        "split": len(run) > 1 and bool(right),
        "type": any(found.cells[at].type != wanted for at in run),
        "several answers": bool(set(tried) - set(run)) and bool(right),
    }
    names = [name for name, is_so in repairs.items() if is_so]
    names += [LOST[way] for way in sorted({found.way[at] for at in run}) if way in LOST]
    for at in run:
        if found.owner[at] is None:
            found.give(at, owner, "beside")
    return Answer(owner, run, tuple(dict.fromkeys(names)))


def _code(found: Found, owner: int, right: Sequence[int]) -> tuple[int, ...]:
    """The last run of cells that defines most of the solution's names."""
    names = found.master.cells[owner].names
    best: tuple[int, ...] = (right[-1],)
    best_worth = -1
    for at in islice(reversed(right), MOST_TRIED):
        for run in _runs(found, owner, at):
            defined, is_python = found.read(joined(found, run))
            worth = 2 * len(names & defined) + is_python
            if worth > best_worth:
                best, best_worth = run, worth
            if worth == 2 * len(names) + 1:
                return _with_halves(found, owner, best)
    return _with_halves(found, owner, best)


def _runs(found: Found, owner: int, at: int) -> list[tuple[int, ...]]:
    """The cell alone, then with its neighbours: first with those that are known to be of the same answer."""
    before = [(), *_heads(list(_neighbours(found, owner, at, -1)))]
    after = [(), *_heads(list(_neighbours(found, owner, at, 1)))]
    runs = [(*reversed(left), at, *right) for left in before for right in after]
    whole = [run for run in runs if not any(_has_magic(found, piece) for piece in run[1:])]
    return sorted(whole, key=lambda run: (sum(found.owner[piece] is None for piece in run), len(run)))


def _heads(places: list[int]) -> Iterator[tuple[int, ...]]:
    return (tuple(places[:many]) for many in range(1, min(len(places), MOST_PIECES) + 1))


def _neighbours(found: Found, owner: int, at: int, step: int) -> Iterator[int]:
    """Code beside a cell that may be part of the same answer, the nearest first."""
    at += step
    while 0 <= at < len(found.cells):
        is_own = found.owner[at] == owner
        if (is_own and not found.is_stub(at, owner)) or found.unknown(at, "code"):
            yield at
        elif not is_own and found.owner[at] is not None:
            return
        at += step


def _with_halves(found: Found, owner: int, run: tuple[int, ...]) -> tuple[int, ...]:
    """The run with cells beside it that carry the same label and define other names: a cell that was split.

    Two that define the same names are two answers.
    """
    for step in (-1, 1):
        for at in _neighbours(found, owner, run[0] if step < 0 else run[-1], step):
            longer = tuple(sorted((*run, at)))
            if (
                found.owner[at] != owner
                or found.names(at) & found.read(joined(found, run))[0]
                or _has_magic(found, longer[-1])
                or not found.read(joined(found, longer))[1]
            ):
                break
            run = longer
    return run


def _has_magic(found: Found, at: int) -> bool:
    """Whether a cell is one of IPython's, which nothing can be put before."""
    return found.cells[at].source.lstrip().startswith("%%")


def _written(found: Found, owner: int, right: Sequence[int]) -> tuple[int, ...]:
    """The last answer and, where it was split, the cells right before it."""
    run = [right[-1]]
    for at in reversed(right[:-1]):
        between = range(at + 1, run[0])
        if not all(found.owner[other] == owner or not found.cells[other].text for other in between):
            break
        if found.cells[at].text not in {found.cells[other].text for other in run}:
            run.insert(0, at)
    return tuple(run)


def _beside(found: Found, owner: int, wanted: str) -> tuple[int, ...]:
    """What somebody wrote into new cells beside the stub: text below it, or code that defines all of the names."""
    names = found.master.cells[owner].names
    for at in found.of(owner)[-1:]:
        if wanted == "markdown":
            return tuple(_below(at, found))
        for step in (1, -1):
            for pieces in _heads(list(_neighbours(found, owner, at, step))):
                run = tuple(sorted(pieces))
                defined, is_python = found.read(joined(found, run))
                if names and names <= defined and is_python:
                    return run
    return ()


def _below(at: int, found: Found) -> Iterator[int]:
    """Texts of the student's own right below a cell."""
    while (at := at + 1) < len(found.cells) and (found.unknown(at, "markdown") or not found.cells[at].text):
        if found.cells[at].text:
            yield at


def joined(found: Found, run: Sequence[int]) -> str:
    """The text of several cells as one."""
    return "\n".join(found.cells[at].source for at in run)
