"""The bar that every lab is put through: what becomes of the mutants of its solutions, and which mistakes are named."""

from __future__ import annotations

import contextlib
import functools
import signal
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

from autograder.authoring.answers import KnownAnswer, solved_answers
from autograder.checks import Score
from tests.labs.known_mistakes import RELATIONS
from tests.labs.mutants import Mutant, mutants, statements, tree_key
from tests.labs.played import Played, known_in
from tests.labs.recording import Log, made_of

SEEDS = range(3)
"""A submission has one seed, so a wrong answer must lose points under each. `make test` takes the first."""
FRESH = range(3, 5)
"""Under these seeds a name that a mutant got is looked at again."""
MANY_SEEDS = range(20)
"""Under these a right answer must be right. `make test` takes a few of them."""
PATIENCE = 5.0
"""Seconds of work after which a mutant is taken to run for ever, which loses points, too."""


@dataclass(frozen=True)
class Outcome:
    """What became of one mutant."""

    mutant: Mutant
    full: bool
    """Whether it earned all points under some seed."""
    names: frozenset[str]
    """The known mistakes that its scores named."""


@dataclass(frozen=True)
class Name:
    """A known mistake's name that a mutant got."""

    mutant: Mutant
    mistake: str
    right: bool


class TaskBar:
    """The answers to one task, and what its tests make of them; each is found out when it is first asked for."""

    def __init__(self, text: Path, task: str, thorough: bool = False, one_in: int = 1) -> None:
        self.task, self.known = task, known_in(text)
        self._thorough = thorough
        """Whether each mutant is scored under every seed, or the first under the first, the next under the next …"""
        self._one_in = one_in
        """Of so many mutants one is looked at."""
        self._played = solution_played(text)
        self.full = next(cell.worth for cell in self.known.lab.cells if cell.kind == "test" and cell.id == task)

    def of_task(self, answers: list[KnownAnswer]) -> list[KnownAnswer]:
        """Those that answer this task."""
        return [answer for answer in answers if answer.task == self.task]

    @functools.cached_property
    def mutants(self) -> Mapping[str, Mutant]:
        """All mutants of the solution by their trees."""
        return {mutant.key: mutant for mutant in mutants(self.known.solutions[self.task])}

    @functools.cached_property
    def equivalent(self) -> Mapping[str, KnownAnswer]:
        """The listed equivalents by their trees."""
        return {tree_key(answer.source): answer for answer in self.of_task(self.known.equivalents)}

    @functools.cached_property
    def outcomes(self) -> tuple[Outcome, ...]:
        """What became of each mutant that isn't listed as equivalent."""
        return tuple(
            self._outcome(mutant, SEEDS if self._thorough else [SEEDS[number % len(SEEDS)]])
            for number, (key, mutant) in enumerate(islice(self.mutants.items(), 0, None, self._one_in))
            if key not in self.equivalent
        )

    @property
    def survivors(self) -> list[Mutant]:
        """Mutants that earn all points and aren't listed as equivalent."""
        return [outcome.mutant for outcome in self.outcomes if outcome.full]

    @functools.cached_property
    def mutants_named(self) -> tuple[Name, ...]:
        """Each known mistake's name that a mutant got."""
        return tuple(
            Name(outcome.mutant, name, self._is_right(outcome.mutant, name))
            for outcome in self.outcomes
            for name in sorted(outcome.names)
        )

    @functools.cached_property
    def mistakes_named(self) -> tuple[tuple[KnownAnswer, list[frozenset[str]]], ...]:
        """Each known wrong answer, with the mistakes that its score named under each seed."""
        return tuple((answer, self.names_of(answer.source)) for answer in self.of_task(self.known.mistakes))

    def names_of(self, source: str) -> list[frozenset[str]]:
        """The known mistakes that the score of an answer names, under each seed."""
        return [score.mistakes for score in self._scores(source)]

    @functools.cached_property
    def refused(self) -> list[KnownAnswer]:
        """Right answers in other words, and equivalents, that lose points under one of many seeds."""
        right = self.of_task([*self.known.variants, *self.known.equivalents])
        return [one for one in right if {score.points for score in self._scores(one.source, MANY_SEEDS)} != {self.full}]

    @property
    def stale(self) -> list[KnownAnswer]:
        """Listed equivalents that are no mutants of the solution as it stands."""
        return [answer for key, answer in self.equivalent.items() if key not in self.mutants]

    def _scores(self, source: str, seeds: Sequence[int] = SEEDS) -> list[Score]:
        """What the hidden tests say of an answer."""
        with self._played.answered(self.task, source):
            return [self._played.score(self.task, seed) for seed in seeds]

    def _outcome(self, mutant: Mutant, seeds: Sequence[int]) -> Outcome:
        try:
            with cut_off():
                scores = self._scores(mutant.source, seeds)
        except TooLongError:
            return Outcome(mutant, full=False, names=frozenset())
        except Exception as error:
            error.add_note(f"This answer breaks the hidden tests of {self.task}: {mutant}")
            raise
        full = any(score.points == self.full for score in scores)
        return Outcome(mutant, full, frozenset().union(*(score.mistakes for score in scores)))

    def _is_right(self, mutant: Mutant, name: str) -> bool:
        """Whether a name that a mutant got is a fact about it, or describes what it does.

        It does where the slip is one that a known answer with that mistake makes in the same place, or where it does
        what they do under other seeds too.
        """
        answers = [answer.source for answer in self.of_task(self.known.mistakes) if answer.mistake == name]
        solution = self.known.solutions[self.task]
        slip = statements(mutant.source) - statements(solution)
        if name in RELATIONS or (slip and slip <= set().union(*map(statements, answers))):
            return True
        if not all(name in self._recorded(mutant.source, seed)[0].mistakes for seed in FRESH):
            return False
        does, right, *wrong = (self._recorded(source, FRESH[0])[1] for source in (mutant.source, solution, *answers))
        return made_of(does, right, wrong)

    @functools.cache  # noqa: B019  # there is one TaskBar a task
    def _recorded(self, source: str, seed: int) -> tuple[Score, Log]:
        with self._played.answered(self.task, source):
            return self._played.recorded(self.task, seed)


def named_rightly(answer: KnownAnswer, seen: Sequence[frozenset[str]]) -> bool:
    """Whether a wrong answer got its own name under every seed, and no other."""
    return set(seen) == {frozenset({answer.mistake})}


@functools.cache
def solution_played(text: Path) -> Played:
    """A lab's notebook with the instructor's solutions."""
    return Played(known_in(text), solved_answers(known_in(text)))


task_bar = functools.cache(TaskBar)


def tasks(text: Path) -> list[str]:
    """A lab's tasks that a test scores."""
    return [cell.id for cell in known_in(text).lab.cells if cell.kind == "test"]


class TooLongError(BaseException):
    """Time is up. No Exception, which a hidden test would take for the student's."""


@contextlib.contextmanager
def cut_off(seconds: float = PATIENCE) -> Iterator[None]:
    """Raise TooLongError in what works for longer."""

    def stop(*_: object) -> None:
        raise TooLongError

    # The other clock is the one by which hidden tests limit a student's code.
    before = signal.signal(signal.SIGVTALRM, stop)
    signal.setitimer(signal.ITIMER_VIRTUAL, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_VIRTUAL, 0)
        signal.signal(signal.SIGVTALRM, before)
