"""One hostile or broken submission: what is handed in, what it deserves, and how we know that the attack works."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace

from .hand import Make
from .lab import FULL

NAMESPACES, LANDLOCK, RLIMITS = "namespaces", "landlock", "rlimits"
TIERS = (NAMESPACES, LANDLOCK, RLIMITS)
"""The tiers of isolation, the strongest first."""

ON_ALL = TIERS
"""What a row must hold on that only plays tricks inside its own process, or is an accident."""
ON_SHUT = (NAMESPACES, LANDLOCK)
"""What a row must hold on that reaches for files of others: the last tier does not promise to stop it."""
ON_APART = (NAMESPACES,)
"""What a row must hold on that reaches for other processes or the network."""

NOTHING = {task: 0.0 for task in FULL}
ONLY_TALLY = {**NOTHING, "tally": FULL["tally"]}
"""What the answers of `hand.WRONG` deserve."""


def without(*tasks: str) -> dict[str, float]:
    """Full points but for some tasks."""
    return {**FULL, **dict.fromkeys(tasks, 0.0)}


@dataclass(frozen=True)
class Stock:
    """What stock nbgrader was seen to do with it."""

    gains: Mapping[str, float] = field(default_factory=dict)
    """Points it gave, by task, where none are deserved."""
    loses: tuple[str, ...] = ()
    """Tasks that it gave nothing for although the answer is right."""
    leaks: tuple[str, ...] = ()
    """Places whose secrets it let out."""
    shows: str = ""
    """A word that the attack prints when it has reached what it reached for."""
    changes: str = ""
    """How the path begins of a file of somebody else's that is not what it was."""
    ungraded: bool = False
    """Whether the run ended before the students after this one were graded."""
    leaves: str = ""
    """What was left of the submission after the run: a process or a file."""
    trusting: bool = False
    """Whether it does so only when told to trust a submission's cells (nbgrader without OverwriteCells)."""


def one_in(many: int, rows: Iterable[Row]) -> Iterator[Row]:
    """Rows of one kind, of which one in so many is tried at every change, and the others are rare."""
    return (replace(row, rare=number % many > 0) for number, row in enumerate(rows))


@dataclass(frozen=True)
class Row:
    """One submission."""

    name: str
    make: Make
    points: Mapping[str, float] = field(default_factory=lambda: dict(FULL))
    """What each task deserves: not a point more."""
    least: Mapping[str, float] = field(default_factory=dict)
    """What a task must earn at least, where a submission may well have thrown its own points away."""
    says: tuple[str, ...] = ()
    """Words that the student or the instructor reads about it, each in whatever case."""
    never: tuple[str, ...] = ("it worked",)
    """Words that may stand nowhere: an attack prints them when it succeeds."""
    problem: str = ""
    """A word of the sentence that says why nothing of it could be graded; empty where something is."""
    alone: bool = False
    """Whether it might disturb others, so that it is graded in a class of three."""
    rare: bool = False
    """Whether it is one of many of a kind, tried by `make slow` only."""
    endless: bool = False
    """Whether nothing but a time limit ends it."""
    tiers: tuple[str, ...] = ON_ALL
    stock: Stock | None = None
    """What makes sure that the attack works; None where `why` says what does."""
    same_kernel: Mapping[str, float] = field(default_factory=dict)
    """Points that it gains, by task, where our own checks run in the student's kernel."""
    why: str = ""
    """Why there is nothing that it was tried against."""

    @property
    def is_proven(self) -> bool:
        """Whether something says that the attack works, or why that can't be tried."""
        return bool(self.stock or self.same_kernel or self.why)


def forging(name: str, make: Make, gains: Mapping[str, float] | None = None, **more: object) -> Row:
    """An attack that wants points for the wrong answers of `hand.WRONG`; gains: what stock nbgrader gives it."""
    stock = Stock(gains=gains) if gains else None
    return Row(name, make, **{"points": ONLY_TALLY, "stock": stock, **more})  # type: ignore[arg-type]
