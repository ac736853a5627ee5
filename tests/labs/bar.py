"""The bar that every lab must pass: mutants of its solutions lose points, and known mistakes get their names."""

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
from tests.labs.played import AnsweredNotebook, known_in
from tests.labs.recording import Log, is_composed_of
from tests.labs.visible_checks import REFUSED, reason, seen_by_now

SEEDS = range(3)
"""Seeds under each of which a wrong answer must lose points, as a submission has one. `make test` uses the first."""
FRESH_SEEDS = range(3, 5)
"""Seeds under which a mutant's diagnosis is checked again."""
MANY_SEEDS = range(20)
"""Seeds under each of which a right answer must earn all points. `make test` uses a few of them."""
MUTANT_SECONDS = 5.0
"""Seconds of processor time after which a mutant is stopped; it then counts as one that loses points."""


@dataclass(frozen=True)
class Outcome:
    """The result of scoring one mutant."""

    mutant: Mutant
    full: bool
    """True if the mutant earned all points under some seed."""
    names: frozenset[str]
    """Names of the known mistakes in the scores of the mutant."""


@dataclass(frozen=True)
class MutantDiagnosis:
    """The name of a known mistake in the score of a mutant."""

    mutant: Mutant
    mistake: str
    right: bool
    """True if the mistake is a fact about the mutant or describes what the mutant does."""


class TaskBar:
    """The known answers and the mutants of one task with the results of its hidden tests, computed when first used."""

    def __init__(self, text: Path, task: str, thorough: bool = False, one_in: int = 1) -> None:
        self.task, self.known = task, known_in(text)
        self._thorough = thorough
        """True to score each mutant under every seed, else each mutant under one seed, in turn."""
        self._one_in = one_in
        """One in so many mutants is scored."""
        self._notebook = solved_notebook(text)
        self.full = next(cell.full_points for cell in self.known.lab.cells if cell.kind == "test" and cell.id == task)

    def of_task(self, answers: list[KnownAnswer]) -> list[KnownAnswer]:
        """Return the answers to this task."""
        return [answer for answer in answers if answer.task == self.task]

    @functools.cached_property
    def mutants(self) -> Mapping[str, Mutant]:
        """The mutants of the solution, by the key of their syntax tree."""
        return {mutant.key: mutant for mutant in mutants(self.known.solutions[self.task])}

    @functools.cached_property
    def equivalent(self) -> Mapping[str, KnownAnswer]:
        """The listed equivalents, by the key of their syntax tree."""
        return {tree_key(answer.source): answer for answer in self.of_task(self.known.equivalents)}

    @functools.cached_property
    def outcomes(self) -> tuple[Outcome, ...]:
        """The outcome of each scored mutant that is not listed as equivalent."""
        return tuple(
            self._outcome(mutant, SEEDS if self._thorough else [SEEDS[number % len(SEEDS)]])
            for number, (key, mutant) in enumerate(islice(self.mutants.items(), 0, None, self._one_in))
            if key not in self.equivalent
        )

    @property
    def survivors(self) -> list[Mutant]:
        """Mutants that earn all points and are not listed as equivalent."""
        return [outcome.mutant for outcome in self.outcomes if outcome.full]

    @functools.cached_property
    def mutants_named(self) -> tuple[MutantDiagnosis, ...]:
        """The diagnoses of all scored mutants."""
        return tuple(
            MutantDiagnosis(outcome.mutant, name, self._is_right_diagnosis(outcome.mutant, name))
            for outcome in self.outcomes
            for name in sorted(outcome.names)
        )

    @functools.cached_property
    def mistakes_named(self) -> tuple[tuple[KnownAnswer, list[frozenset[str]]], ...]:
        """Each known mistake with the names in its score, one set a seed."""
        return tuple((answer, self.names_of(answer.source)) for answer in self.of_task(self.known.mistakes))

    def names_of(self, source: str) -> list[frozenset[str]]:
        """Return the names of known mistakes in the score of an answer, one set for each of SEEDS."""
        return [score.mistakes for score in self._scores(source)]

    @functools.cached_property
    def refused(self) -> list[KnownAnswer]:
        """Variants and equivalents that lose points under one of MANY_SEEDS."""
        right = self.of_task([*self.known.variants, *self.known.equivalents])
        return [
            answer
            for answer in right
            if {score.points for score in self._scores(answer.source, MANY_SEEDS)} != {self.full}
        ]

    @functools.cached_property
    def refused_visibly(self) -> list[KnownAnswer]:
        """Variants and equivalents after which a visible check of this task or a later one fails, unless declared."""
        return [answer for answer in self.right_answers if self.visible_failures(answer, to_the_end=True)]

    @property
    def right_answers(self) -> list[KnownAnswer]:
        """The variants and equivalents, without those that are declared as refused by a visible check."""
        notebook = self.known.lab.file.stem
        answers = self.of_task([*self.known.variants, *self.known.equivalents])
        return [
            answer for answer in answers if (notebook, self.task, answer.variant or answer.equivalent) not in REFUSED
        ]

    @functools.cached_property
    def unseen(self) -> list[KnownAnswer]:
        """Known mistakes that pass the visible check."""
        return [answer for answer in self.of_task(self.known.mistakes) if not self.visible_failures(answer)]

    def visible_failures(self, answer: KnownAnswer, to_the_end: bool = False) -> Mapping[str, str]:
        """Return, by task, what visible checks say against an answer; to_the_end: those of later tasks, too."""
        with self._notebook.replayed({self.task: answer.source}, to_the_end, gradient_checks=True):
            return self._notebook.check_failures

    @property
    def reasons(self) -> Mapping[str, str]:
        """Why the visible check leaves out each mistake of `unseen`; "" for a mistake without a listed reason."""
        mistakes = dict.fromkeys(answer.mistake for answer in self.unseen)
        return {mistake: reason(self.known.lab.file.stem, self.task, mistake) for mistake in mistakes}

    @property
    def seen_by_now(self) -> list[str]:
        """Mistakes that are listed with a reason why the visible check leaves them out, and that it does not."""
        return seen_by_now(self.known.lab.file.stem, self.task, frozenset(self.reasons))

    @property
    def stale(self) -> list[KnownAnswer]:
        """Listed equivalents that are not mutants of the current solution."""
        return [answer for key, answer in self.equivalent.items() if key not in self.mutants]

    def _scores(self, source: str, seeds: Sequence[int] = SEEDS) -> list[Score]:
        """Return the scores of an answer, one a seed."""
        with self._notebook.answered(self.task, source):
            return [self._notebook.score(self.task, seed) for seed in seeds]

    def _outcome(self, mutant: Mutant, seeds: Sequence[int]) -> Outcome:
        """Score a mutant; one that exceeds the time limit loses its points.

        An exception in the hidden tests is raised again, with a note that names the mutant.
        """
        try:
            with time_limit():
                scores = self._scores(mutant.source, seeds)
        except TooLongError:
            return Outcome(mutant, full=False, names=frozenset())
        except Exception as error:
            error.add_note(f"This answer breaks the hidden tests of {self.task}: {mutant}")
            raise
        full = any(score.points == self.full for score in scores)
        return Outcome(mutant, full, frozenset().union(*(score.mistakes for score in scores)))

    def _is_right_diagnosis(self, mutant: Mutant, name: str) -> bool:
        """True if a diagnosis states a fact about the mutant, or describes what the mutant does.

        It describes it if a known answer with that mistake makes the same change, or if the mutant gets the name under
        other seeds too and its values are composed of those of the solution and of the answers with that mistake.
        """
        answers = [answer.source for answer in self.of_task(self.known.mistakes) if answer.mistake == name]
        solution = self.known.solutions[self.task]
        changed = statements(mutant.source) - statements(solution)
        if name in RELATIONS or (changed and changed <= set().union(*map(statements, answers))):
            return True
        if not all(name in self._score_with_log(mutant.source, seed)[0].mistakes for seed in FRESH_SEEDS):
            return False
        mutant_log, expected_log, *mistake_logs = (
            self._score_with_log(source, FRESH_SEEDS[0])[1] for source in (mutant.source, solution, *answers)
        )
        return is_composed_of(mutant_log, expected_log, mistake_logs)

    @functools.cache  # noqa: B019  # there is one TaskBar a task
    def _score_with_log(self, source: str, seed: int) -> tuple[Score, Log]:
        """Return the score of an answer under a seed, and the log of the student's values that it read."""
        with self._notebook.answered(self.task, source):
            return self._notebook.score_with_log(self.task, seed)


def named_rightly(answer: KnownAnswer, names: Sequence[frozenset[str]]) -> bool:
    """True if a known mistake got its own name, and no other, under every seed."""
    return set(names) == {frozenset({answer.mistake})}


@functools.cache
def solved_notebook(text: Path) -> AnsweredNotebook:
    """Return a lab's notebook with the instructor's solutions."""
    return AnsweredNotebook(known_in(text), solved_answers(known_in(text)))


task_bar = functools.cache(TaskBar)


def tasks(text: Path) -> list[str]:
    """Return the ids of a lab's tasks that have a test."""
    return [cell.id for cell in known_in(text).lab.cells if cell.kind == "test"]


class TooLongError(BaseException):
    """Raised at the time limit. No Exception, because a hidden test would attribute that to the student's code."""


@contextlib.contextmanager
def time_limit(seconds: float = MUTANT_SECONDS) -> Iterator[None]:
    """Raise TooLongError if the block takes more than this processor time."""

    def stop(*_: object) -> None:
        """Raise TooLongError when the alarm arrives."""
        raise TooLongError

    # Hidden tests limit a student's code with the other timer, ITIMER_REAL.
    previous = signal.signal(signal.SIGVTALRM, stop)
    signal.setitimer(signal.ITIMER_VIRTUAL, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_VIRTUAL, 0)
        signal.signal(signal.SIGVTALRM, previous)
