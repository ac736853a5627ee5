"""Names the mistakes behind a task's wrong values: the fewest known mistakes that account for all of them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from autograder.diagnosis.mistake import Mistake
from autograder.diagnosis.no_value import EXCEPTIONS, NO_VALUE
from autograder.diagnosis.relations import RELATIONS
from autograder.diagnosis.trial import NoValue, Trial, Trials, is_close


@dataclass(frozen=True)
class Diagnosis:
    """The cause of one wrong value."""

    mistake: Mistake | None = None
    """The known mistake that accounts for it; None where none does."""
    caused_by: str = ""
    """The earlier wrong value that this one is correctly made of, where that alone explains it."""


def full_table(mistakes: Sequence[Mistake] = ()) -> tuple[Mistake, ...]:
    """Return a task's own mistakes among those that any task can have, the more specific first.

    What left no value to compare goes before them, exceptions and plain relations to the expected value after them.
    """
    return (*NO_VALUE, *mistakes, *EXCEPTIONS, *RELATIONS)


def classify(
    trials: Sequence[Trial],
    wrong: Sequence[str],
    source: str = "",
    steps: Mapping[str, tuple[str, ...]] | None = None,
    table: Iterable[Mistake] | None = None,
) -> Mapping[str, Diagnosis]:
    """Return a diagnosis for each wrong value of a task, by its name.

    trials: every case of the task. wrong: names of the wrong values, in the order of their computation. source: the
    task's cell. steps: names of the values that each later one is made of. table: the known mistakes to choose from,
    the more specific first; by default those that any task can have.

    A mistake that accounts for more of the wrong values goes before one that accounts for fewer; among those the one
    that stands first in the table.
    """
    by_value = {value: Trials(value, trials, source, steps or {}) for value in trials[0].expected}
    found = {value: Diagnosis(caused_by=_cause(by_value[value], wrong)) for value in wrong}
    unexplained = [value for value in wrong if not found[value].caused_by]
    table = full_table() if table is None else table
    accounts = [(mistake, mistake.accounts_for(by_value, tuple(unexplained))) for mistake in table]
    while unexplained:
        best = _best([(mistake, [value for value in values if value in unexplained]) for mistake, values in accounts])
        if best is None:
            break
        # Several entries may have one name: they are one mistake, made in several ways.
        for mistake, values in accounts:
            for value in values if mistake.name == best else ():
                if value in unexplained:
                    found[value] = Diagnosis(mistake)
                    unexplained.remove(value)
    return found


def _best(accounts: Sequence[tuple[Mistake, Sequence[str]]]) -> str | None:
    """Return the name that accounts for most values; of several, the one whose entry comes first."""
    values_of: dict[str, set[str]] = {}
    for mistake, values in accounts:
        if values:
            values_of.setdefault(mistake.name, set()).update(values)
    return max(values_of, key=lambda name: len(values_of[name]), default=None)


def _cause(trials: Trials, wrong: Sequence[str]) -> str:
    """Return the earlier wrong value that this one follows from; empty where a correct step gives something else.

    The step makes this very value of the submission's own earlier ones, or makes nothing where there is no value.
    """
    value = trials.value
    earlier_wrong = [earlier for earlier in trials.steps.get(value, ()) if earlier in wrong]
    failed = [trial for trial in trials.all if not is_close(trial.actual[value], trial.expected[value])]
    follows = all(
        value not in trial.carried_forward
        if isinstance(trial.actual[value], NoValue)
        else value in trial.carried_forward and is_close(trial.actual[value], trial.carried_forward[value])
        for trial in failed
    )
    return earlier_wrong[0] if earlier_wrong and failed and follows else ""
