"""Rows: one hostile or broken submission each, with the deserved points and the proof that the attack works."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace

from .hand import Make
from .lab import FULL

NAMESPACES, LANDLOCK, RLIMITS = "namespaces", "landlock", "rlimits"
TIERS = (NAMESPACES, LANDLOCK, RLIMITS)
"""The isolation tiers, the strongest first."""

ON_ALL = TIERS
"""The tiers for rows that stay inside their own process, and for accidents."""
ON_SHUT = (NAMESPACES, LANDLOCK)
"""The tiers for rows that access files of others, which the last tier does not prevent."""
ON_APART = (NAMESPACES,)
"""The tiers for rows that access other processes or the network."""

NOTHING = {task: 0.0 for task in FULL}
ONLY_TALLY = {**NOTHING, "tally": FULL["tally"]}
"""The points that `hand.WRONG` deserves."""


def without(*tasks: str) -> dict[str, float]:
    """Return full points, with zero for some tasks."""
    return {**FULL, **dict.fromkeys(tasks, 0.0)}


@dataclass(frozen=True)
class Stock:
    """The results that stock nbgrader gave for a row."""

    gains: Mapping[str, float] = field(default_factory=dict)
    """Points that it gave, by task, where none are deserved."""
    loses: tuple[str, ...] = ()
    """Tasks with right answers that it gave no points."""
    leaks: tuple[str, ...] = ()
    """Places whose secrets it revealed."""
    shows: str = ""
    """A word that the attack prints when it succeeds."""
    changes: str = ""
    """The beginning of the path of another's file that was changed."""
    ungraded: bool = False
    """True if the run ended before later students were graded."""
    leaves: str = ""
    """The kind of leftover after the run: a process or a file."""
    trusting: bool = False
    """True if nbgrader does so only when it trusts submitted cells (without OverwriteCells)."""


def one_in(many: int, rows: Iterable[Row]) -> Iterator[Row]:
    """Yield rows of one kind: the first of each `many` is tried at every change, and the others are marked as rare."""
    return (replace(row, rare=number % many > 0) for number, row in enumerate(rows))


@dataclass(frozen=True)
class Row:
    """One submission."""

    name: str
    make: Make
    points: Mapping[str, float] = field(default_factory=lambda: dict(FULL))
    """The points that each task deserves, as a maximum."""
    least: Mapping[str, float] = field(default_factory=dict)
    """The minimum points of a task, where a submission may lose its own points."""
    says: tuple[str, ...] = ()
    """Words that the student or the instructor must be able to read, in upper or lower case, and of no other row."""
    never: tuple[str, ...] = ("it worked",)
    """Words that must appear nowhere; an attack prints them when it succeeds."""
    problem: str = ""
    """Words of the reason why nothing of the submission can be graded; empty if it can be graded."""
    alone: bool = False
    """True if the row might disturb others, so that an honest student is graded before and after it."""
    rare: bool = False
    """True if the row is one of many of a kind, and only `make slow` tries it."""
    endless: bool = False
    """True if only a time limit ends it."""
    tiers: tuple[str, ...] = ON_ALL
    """The isolation tiers on which the row must hold."""
    stock: Stock | None = None
    """Proof that the attack works: the results of stock nbgrader; None if `why` has the reason."""
    same_kernel: Mapping[str, float] = field(default_factory=dict)
    """Points that the attack gains, by task, if our checks run in the student's kernel."""
    why: str = ""
    """Why no other grader is at hand that proves the attack."""

    @property
    def is_proven(self) -> bool:
        """True if there is a proof that the attack works, or a reason why there is none."""
        return bool(self.stock or self.same_kernel or self.why)


def forging(name: str, make: Make, gains: Mapping[str, float] | None = None, **more: object) -> Row:
    """Return a row that seeks points for the answers of `hand.WRONG`. gains: the points that stock nbgrader gives."""
    stock = Stock(gains=gains) if gains else None
    return Row(name, make, **{"points": ONLY_TALLY, "stock": stock, **more})  # type: ignore[arg-type]
