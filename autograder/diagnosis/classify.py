"""Names the mistake: the fewest known mistakes that account for all that is wrong in a task."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from autograder.diagnosis.mistake import Mistake
from autograder.diagnosis.no_value import NO_VALUE, RAISED
from autograder.diagnosis.relations import RELATIONS_TO_THE_TRUTH
from autograder.diagnosis.trial import Evidence, NoValue, Trial, same


@dataclass(frozen=True)
class Diagnosis:
    """What is known about one wrong value."""

    mistake: Mistake | None = None
    """The known mistake that accounts for it; None where none does."""
    follows: str = ""
    """The earlier wrong value that it is rightly made of, where that is all that is wrong with it."""


def full_table(mistakes: Sequence[Mistake] = ()) -> tuple[Mistake, ...]:
    """Return a task's own mistakes among those that any task can have, the more specific first.

    What left no value to compare goes before them, exceptions and plain relations to the expected value after them.
    """
    return (*NO_VALUE, *mistakes, *RAISED, *RELATIONS_TO_THE_TRUTH)


def diagnose(
    trials: Sequence[Trial],
    wrong: Sequence[str],
    source: str = "",
    steps: Mapping[str, tuple[str, ...]] | None = None,
    table: Sequence[Mistake] | None = None,
) -> Mapping[str, Diagnosis]:
    """Name what is wrong with each of these values of a task, in every case that was tried.

    wrong: names of the values that are wrong, in the order in which they are computed. source: the task's cell. steps:
    which values each later one is made of. table: the known mistakes to choose from, the more specific first; by
    default those that any task can have.

    A mistake that accounts for more of the wrong values goes before one that accounts for fewer, and among those the
    one that stands first in the table.
    """
    evidence = {value: Evidence(value, trials, source, steps or {}) for value in trials[0].right}
    found = {value: Diagnosis(follows=_follows(evidence[value], wrong)) for value in wrong}
    open_ = [value for value in wrong if not found[value].follows]
    ways = [
        (mistake, mistake.accounts_for(evidence, tuple(open_)))
        for mistake in (full_table() if table is None else table)
    ]
    while open_:
        best = _best([(mistake, [value for value in values if value in open_]) for mistake, values in ways])
        if best is None:
            break
        # Several entries may have one name: they are one mistake, made in several ways.
        for mistake, values in ways:
            for value in values if mistake.name == best else ():
                if value in open_:
                    found[value] = Diagnosis(mistake)
                    open_.remove(value)
    return found


def _best(ways: Sequence[tuple[Mistake, Sequence[str]]]) -> str | None:
    """The name that accounts for most values; of several, the one whose entry comes first."""
    accounts: dict[str, set[str]] = {}
    for mistake, values in ways:
        if values:
            accounts.setdefault(mistake.name, set()).update(values)
    return max(accounts, key=lambda name: len(accounts[name]), default=None)


def _follows(evidence: Evidence, wrong: Sequence[str]) -> str:
    """The earlier value that is to blame, where a right step makes just this of the student's own ones, or nothing."""
    value = evidence.value
    blamed = [earlier for earlier in evidence.steps.get(value, ()) if earlier in wrong]
    trials = [trial for trial in evidence.trials if not same(trial.yours[value], trial.right[value])]
    made = all(
        value not in trial.made
        if isinstance(trial.yours[value], NoValue)
        else value in trial.made and same(trial.yours[value], trial.made[value])
        for trial in trials
    )
    return blamed[0] if blamed and trials and made else ""
