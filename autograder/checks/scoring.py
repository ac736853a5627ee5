"""Decides the points of a task: compares the submission's values with the expected ones case by case.

Runs in the trusted worker process, where the reference lives; code of the submission is only called through `student`.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any

import numpy as np

from autograder import student
from autograder.checks.attempt import TIMED_OUT, TIMEOUT, attempt, time_limit
from autograder.checks.carried_forward import (
    Alternative,
    Alternatives,
    ChainStep,
    Retry,
    Values,
    parameters_of,
    values_by_steps,
)
from autograder.checks.cases import Case, Cases
from autograder.checks.code import CodeRules
from autograder.checks.message import render
from autograder.checks.score import Failure, Line, Score
from autograder.diagnosis import Diagnosis, Mistake, NoValue, Trial, classify, compare, full_table
from autograder.diagnosis.first_difference import first_difference, is_backwards
from autograder.diagnosis.no_value import SYMPTOMS
from autograder.diagnosis.trial import in_shape_of_first, is_correct, options

_log = logging.getLogger(__name__)

DIAGNOSIS_SECONDS = 60.0
"""Processor time that the comparison with known mistakes may take in this process, in seconds: it takes a few at most.

What it asks of the submission's code has the limit of one call, `Task.timeout`, in all.
"""


@dataclass(frozen=True)
class Expected:
    """The expected values of a task and their points."""

    reference: Callable[..., Any] | Values
    """The reference's function of the task's inputs; for plain variables their values."""
    points: Mapping[str, float]
    """Points by the name of each value, in the order in which the reference returns them."""


@dataclass(frozen=True)
class Task:
    """A task to be scored: how to get the submission's values for a case, and what is expected."""

    name: str
    inputs: Sequence[str]
    """Names of the inputs."""
    points: Mapping[str, float]
    """Points by the name of each value."""
    submission: Callable[[Case], Values]
    """Returns the submission's values for a case; may raise anything."""
    expected: Callable[[Case], Values]
    """Returns the expected values for a case."""
    cases: Cases
    section: str
    """The section of the notebook that explains the task."""
    mistakes: Sequence[Mistake] = ()
    """Known mistakes that can occur in this task, the more specific first."""
    alternatives: Alternatives = lambda case, actual, expected: ()
    """Computes values that are correct by the submission's own earlier answers."""
    retry: Retry | None = None
    """Returns the values to grade in place of wrong ones."""
    earlier_functions: Callable[[Sequence[str], Case], Values] = lambda names, case: {}
    """Returns the earlier functions that the task builds on, by name: these of the submission, else the reference's."""
    chain: Mapping[str, ChainStep] = field(default_factory=dict)
    """Steps between values, by the name of the value that each computes."""
    context: Values = field(default_factory=dict)
    """Further names that formulas of known mistakes may take: constants of the notebook, the axis of its samples."""
    rules: CodeRules = field(default_factory=CodeRules)
    """Rules on the task's code."""
    timeout: float = TIMEOUT
    """Seconds that each call may take."""

    def score(self) -> Score:
        """Grade the submission in every case, print the message for the student and return the score record."""
        with time_limit(self.timeout):
            broken = next(filter(None, (rule(self._source) for rule in self.rules.forbidden)), None)
            lines, difference, unfinished = self._value_lines()
        if broken is not None:
            failure = Failure({}, broken, None, computed=False)
            lines, difference = [replace(line, points=0.0, failure=failure) for line in lines], ""
        score = Score(self.name, (*lines, *self._style_lines(lines)), self.section, difference, unfinished)
        print(render(score))
        return score

    def _value_lines(self) -> tuple[Sequence[Line], str, str]:
        """Return a line for each value and group of cases, and where values first differ if no known mistake fits.

        The third value says why the mistakes could not be named; it is empty if that was tried to the end.
        """
        graded: list[_GradedCase] = []
        for case in self.cases(np.random.default_rng(student.current().seed(self.name))):
            # After one timeout the remaining cases are skipped.
            graded.append(self._grade(case, graded[-1].timed_out if graded else None))
        lines = self._full_lines([one.case.group for one in graded])
        for one in graded:
            for name in self.points:
                key = name, one.case.group
                if lines[key].failure is None:
                    lines[key] = self._compared(lines[key], one)
        diagnoses = attempt(self._classify, graded, [name for (name, _), line in lines.items() if line.failure])
        unfinished = ""
        if isinstance(diagnoses, NoValue):
            # The points don't depend on a name: whatever a submission returns, the score stands.
            unfinished = diagnoses.verdict
            _log.error("%s: the diagnosis was not finished: %s", self.name, unfinished)
            diagnoses = {}
        named = [self._named(line, diagnoses.get(line.value), graded) for line in lines.values()]
        explained = {line.value for line in named if line.failure and line.failure.is_explained}
        unnamed = {line.value for line in named if line.failure} - explained
        wrong = next((one for one in graded if any(one.failure_of(name) for name in unnamed)), None)
        if wrong is None:
            return named, "", unfinished
        right = {*self.points} - explained - unnamed
        return named, first_difference(wrong.trial, list(self.points), explained, right), unfinished

    def _style_lines(self, values: Iterable[Line]) -> Iterable[Line]:
        any_correct = any(line.points > 0 for line in values)
        for name, (points, rule) in self.rules.style.items():
            broken = rule(self._source) if any_correct else "there is nothing yet whose style could be looked at"
            failure = Failure({}, broken, None, computed=False) if broken else None
            yield Line(name, "", 0.0 if broken else points, points, failure)

    def _grade(self, case: Case, timed_out: NoValue | None) -> _GradedCase:
        """Get the submission's values for a case. timed_out: stands for them after an earlier timeout."""
        expected = self.expected(case)
        returned = attempt(self.submission, case) if timed_out is None else timed_out
        if self.retry and timed_out is None and not self._all_correct(returned, expected):
            returned = attempt(self.retry, case, returned, expected)
        values: Values = dict.fromkeys(expected, returned) if isinstance(returned, NoValue) else returned
        actual = {
            name: in_shape_of_first(value, expected[name]) if name in expected else value
            for name, value in values.items()
        }
        inputs = case.pick(" ".join(self.inputs))
        by_steps = {} if isinstance(returned, NoValue) else values_by_steps(self.chain, inputs, actual, expected)
        known = {**self.earlier_functions((), case), **self.context, **case.sizes, **inputs}
        trial = Trial(known, actual, expected, by_steps)
        return _GradedCase(case, trial, lambda: self.alternatives(case, actual, expected))

    def _all_correct(self, returned: Values | NoValue, expected: Values) -> bool:
        return not isinstance(returned, NoValue) and all(
            is_correct(returned[name], expected[name]) for name in self.points
        )

    def _full_lines(self, groups: Sequence[str]) -> dict[tuple[str, str], Line]:
        """Return a line with full points for each value and group."""
        distinct = list(dict.fromkeys(groups))
        return {
            (name, group): Line(name, group, points / len(distinct), points / len(distinct))
            for name, points in self.points.items()
            for group in distinct
        }

    def _compared(self, line: Line, graded: _GradedCase) -> Line:
        """Return the line after one more case: a value is correct by the reference, or by an alternative."""
        failure = graded.failure_of(line.value)
        if failure is None:
            return line
        actual = graded.trial.actual[line.value]
        for alternative in graded.alternatives:
            expected = alternative.values.get(line.value)
            if line.value in alternative.values and _failure(actual, expected, graded.case, line.value) is None:
                return replace(line, carried_forward_from=str(alternative))
        return replace(line, points=0.0, failure=failure)

    def _classify(self, graded: Sequence[_GradedCase], wrong: Sequence[str]) -> Mapping[str, Diagnosis]:
        """Name the mistakes by the reference's values, or by an alternative's if that explains more."""
        wrong = list(dict.fromkeys(wrong))
        if not wrong:
            return {}
        steps = {name: parameters_of(step) for name, step in self.chain.items()}
        table = _TimedTable(full_table(self.mistakes))
        best = classify([one.trial for one in graded], wrong, self._source, steps, table)
        if steps or _explained(best) == (len(wrong), len(wrong)):
            return best
        # Earlier functions may be usable in one case and stubbed in the next: their names are the same.
        for answers in dict.fromkeys(one.answers for case in graded for one in case.alternatives):
            trials = [
                replace(
                    one.trial,
                    carried_forward=next((other.values for other in one.alternatives if other.answers == answers), {}),
                    inputs={**one.trial.inputs, **self.earlier_functions(answers, one.case)},
                )
                for one in graded
            ]
            best = max(best, classify(trials, wrong, self._source, table=table), key=_explained)
        return best

    def _named(self, line: Line, diagnosis: Diagnosis | None, graded: Sequence[_GradedCase]) -> Line:
        failure = line.failure
        if failure is None or diagnosis is None:
            return line
        mistake = diagnosis.mistake
        if mistake is None:
            return replace(line, failure=replace(failure, caused_by=diagnosis.caused_by))
        if mistake.shows is not None:
            # The message must be about a case that shows it.
            shown = (one.failure_of(line.value) for one in graded if mistake.shows(one.trial, line.value))
            failure = next(filter(None, shown), failure)
        failure = replace(
            failure,
            mistake=mistake.name,
            explanation=mistake.explanation,
            hint=mistake.hint,
            section=mistake.section,
        )
        return replace(line, failure=failure)

    @cached_property
    def _source(self) -> str:
        """The task's cell; empty where there is none."""
        source = attempt(student.current().source, self.name)
        return "" if isinstance(source, NoValue) else source


class _DiagnosisTimeoutError(Exception):
    """Raised in a diagnosis after DIAGNOSIS_SECONDS."""


class _TimedTable:
    """A table of known mistakes that may be gone through for DIAGNOSIS_SECONDS of this process's time.

    The processor's time, not the clock's, and between two entries, so that an answer of the sandbox is never lost.
    """

    def __init__(self, table: Sequence[Mistake]) -> None:
        self._table, self._end = table, time.process_time() + DIAGNOSIS_SECONDS

    def __iter__(self) -> Iterator[Mistake]:
        """Yield the mistakes in their order. Raises _DiagnosisTimeoutError."""
        for mistake in self._table:
            if time.process_time() > self._end:
                raise _DiagnosisTimeoutError(f"the comparison with known mistakes took {DIAGNOSIS_SECONDS:g} seconds")
            yield mistake


@dataclass(frozen=True)
class _GradedCase:
    """One case with the submission's values."""

    case: Case
    trial: Trial
    compute_alternatives: Callable[[], Sequence[Alternative]]

    @cached_property
    def alternatives(self) -> Sequence[Alternative]:
        """Values that are correct by earlier answers; computed only where a value is wrong."""
        return self.compute_alternatives()

    @property
    def timed_out(self) -> NoValue | None:
        """The value that took too long, if there is one."""
        values = (value for value in self.trial.actual.values() if isinstance(value, NoValue))
        return next((value for value in values if value.kind == TIMED_OUT), None)

    def failure_of(self, name: str) -> Failure | None:
        """Return how a value differs from the reference's; None where it is correct."""
        return _failure(self.trial.actual[name], self.trial.expected[name], self.case, name)


def _explained(diagnoses: Mapping[str, Diagnosis]) -> tuple[int, int]:
    """Return how many values have a diagnosis, and how many have one that is more than a symptom."""
    names = [diagnosis.mistake.name for diagnosis in diagnoses.values() if diagnosis.mistake]
    found = sum(diagnosis != Diagnosis() for diagnosis in diagnoses.values())
    return found, sum(name not in SYMPTOMS for name in names)


def _failure(actual: Any, expected: Any, case: Case, name: str) -> Failure | None:
    """Return how a value differs from the expected one; None where it does not."""
    if isinstance(actual, NoValue):
        return Failure(case.sizes, actual.verdict, None, computed=False)
    samples, outputs = case.sizes.get("I"), case.sizes.get("D_o")
    compared = [compare(actual, option, samples, outputs, is_backwards(name)) for option in options(expected)]
    first = compared[0]
    if first.verdict is None or any(comparison.is_correct for comparison in compared):
        return None
    return Failure(case.sizes, first.verdict, first.error)
