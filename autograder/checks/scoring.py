"""Tries a student's work on every case, gives points for what is right and names what is not."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any

import numpy as np

from autograder import student
from autograder.checks.attempt import SECONDS, or_error, time_limit
from autograder.checks.carried_forward import REPLACED, Again, Answer
from autograder.checks.cases import Case, Cases
from autograder.checks.chain import Step, made_by, needs
from autograder.checks.code import Rule
from autograder.checks.message import render
from autograder.checks.score import Failure, Line, Score
from autograder.checks.usable import Kinder, Values
from autograder.diagnosis import Diagnosis, Mistake, NoValue, Trial, compare, diagnose, full_table
from autograder.diagnosis.first_difference import first_off, is_backwards
from autograder.diagnosis.no_value import NO_VALUE, RAISED, SYMPTOMS
from autograder.diagnosis.trial import in_first_shape, is_right, options

_log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Task:
    """One graded task: what is asked of the student, and what is right."""

    name: str
    takes: Sequence[str]
    """Names of the inputs."""
    gives: Mapping[str, float]
    """Names of the values, with their points."""
    yours: Answer
    truth: Answer
    follow: Kinder
    cases: Cases
    look: str
    steps: Mapping[str, Step] = field(default_factory=dict)
    """Single steps of the truth, by the name of the value they make."""
    mistakes: Sequence[Mistake] = ()
    """Known mistakes that can occur in this task, the more specific first."""
    beside: Values = field(default_factory=dict)
    """What else the formulas of known mistakes may use: names of the notebook that students can't change."""
    again: Again | None = None
    """What to take for a wrong answer, where that is another than what came."""
    functions: Callable[[str, Case], Values] = lambda by, case: {}
    """The earlier functions that it builds on, by name: the true ones, or those behind one of the names of `follow`."""
    forbids: Sequence[Rule] = ()
    """What may not stand in the task's cell: where it does, the task earns nothing."""
    style: Mapping[str, tuple[float, Rule]] = field(default_factory=dict)
    """Points for how the cell is written, by name: earned where the rule holds and some value earned points."""
    seconds: float = SECONDS
    """How long each call may take."""

    def score(self) -> Score:
        """Try every case, and print what came of it."""
        with time_limit(self.seconds):
            broken = next(filter(None, (rule(self._source) for rule in self.forbids)), None)
            values, first = self._of_values()
        if broken is not None:
            values, first = (
                [replace(line, points=0.0, failure=Failure({}, broken, None, computed=False)) for line in values],
                "",
            )
        score = Score(self.name, (*values, *self._of_style(values)), self.look, first)
        print(render(score))
        return score

    def _of_values(self) -> tuple[Sequence[Line], str]:
        """A line for each value and group, and where values first differ, where no known mistake accounts for it."""
        tried: list[_Tried] = []
        for case in self.cases(np.random.default_rng(student.seed(self.name))):
            # Who is too slow once is not waited for again.
            slow = tried[-1].too_slow if tried else None
            tried.append(self._try(case, slow))
        lines = self._lines([one.case.group for one in tried])
        for one in tried:
            for name in self.gives:
                key = name, one.case.group
                if lines[key].failure is None:
                    lines[key] = self._judged(lines[key], one)
        said = or_error(self._diagnosed, tried, [name for (name, _), line in lines.items() if line.failure])
        if isinstance(said, NoValue):
            # Points don't hang on a name: whatever a student hands in, the score stands.
            _log.error("%s: the diagnosis failed: %s", self.name, said.verdict)
            said = {}
        named = [self._named(line, said.get(line.value), tried) for line in lines.values()]
        unnamed = {line.value for line in named if line.failure and not (line.failure.mistake or line.failure.follows)}
        off = next((one for one in tried if any(_fails(one, name) for name in unnamed)), None)
        return named, first_off(off.trial, list(self.gives)) if off else ""

    def _of_style(self, values: Iterable[Line]) -> Iterable[Line]:
        any_right = any(line.points > 0 for line in values)
        for name, (points, rule) in self.style.items():
            said = rule(self._source) if any_right else "there is nothing yet whose style could be looked at"
            yield Line(
                name, "", 0.0 if said else points, points, Failure({}, said, None, computed=False) if said else None
            )

    def _try(self, case: Case, slow: NoValue | None) -> _Tried:
        right = self.truth(case)
        got = or_error(self.yours, case) if slow is None else slow
        if self.again and slow is None and not self._all_right(got, right):
            got = or_error(self.again, case, got, right)
        came: Values = dict.fromkeys(right, got) if isinstance(got, NoValue) else got
        yours = {name: in_first_shape(value, right[name]) if name in right else value for name, value in came.items()}
        given = case.pick(" ".join(self.takes))
        made = made_by(self.steps, given, yours, right) if not isinstance(got, NoValue) else {}
        trial = Trial({**self.functions("", case), **self.beside, **case.sizes, **given}, yours, right, made)
        return _Tried(case, trial, lambda: self.follow(case, yours, right))

    def _all_right(self, got: Values | NoValue, right: Values) -> bool:
        return not isinstance(got, NoValue) and all(is_right(got[name], right[name]) for name in self.gives)

    def _lines(self, groups: Sequence[str]) -> dict[tuple[str, str], Line]:
        distinct = list(dict.fromkeys(groups))
        return {
            (name, group): Line(name, group, points / len(distinct), points / len(distinct))
            for name, points in self.gives.items()
            for group in distinct
        }

    def _judged(self, line: Line, tried: _Tried) -> Line:
        name, yours = line.value, tried.trial.yours[line.value]
        failure = _failure(yours, tried.trial.right[name], tried.case, name)
        if failure is None:
            return line
        for by, also in tried.kinder.items():
            if name in also and _failure(yours, also[name], tried.case, name) is None:
                return replace(line, given=by)
        return replace(line, points=0.0, failure=failure)

    def _diagnosed(self, tried: Sequence[_Tried], failed: Sequence[str]) -> Mapping[str, Diagnosis]:
        """Named against the truth; or, where that accounts for more, against what follows from an earlier answer."""
        failed = list(dict.fromkeys(failed))
        if not failed:
            return {}
        steps = {name: needs(step) for name, step in self.steps.items()}
        best = diagnose([one.trial for one in tried], failed, self._source, steps, full_table(self.mistakes))
        if steps or _accounted(best) == (len(failed), len(failed)):
            return best
        # A student's function may lead somewhere in one case, and be replaced in the next: it is the same by name.
        for earlier in dict.fromkeys(by.removesuffix(REPLACED) for one in tried for by in one.kinder):
            followed = [
                replace(
                    one.trial,
                    made=one.kinder.get(by, {}),
                    given={**one.trial.given, **self.functions(by, one.case)},
                )
                for one in tried
                for by in [earlier + REPLACED if earlier + REPLACED in one.kinder else earlier]
            ]
            best = max(best, diagnose(followed, failed, self._source, table=full_table(self.mistakes)), key=_accounted)
        return best

    def _named(self, line: Line, diagnosis: Diagnosis | None, tried: Sequence[_Tried]) -> Line:
        failure, name = line.failure, line.value
        if failure is None or diagnosis is None:
            return line
        mistake = diagnosis.mistake
        if mistake is None:
            return replace(line, failure=replace(failure, follows=diagnosis.follows))
        if mistake in (*NO_VALUE, *RAISED):
            # What is said should be about a case that shows it.
            came = ((one.case, one.trial.yours[name]) for one in tried)
            raised = (_failure(value, None, case, name) for case, value in came if isinstance(value, NoValue))
            failure = next(raised, None) or failure
        failure = replace(failure, mistake=mistake.name, says=mistake.says, asks=mistake.asks, look=mistake.look)
        return replace(line, failure=failure)

    @cached_property
    def _source(self) -> str:
        """The task's cell; empty where there is none."""
        source = or_error(student.source, self.name)
        return "" if isinstance(source, NoValue) else source


@dataclass(frozen=True)
class _Tried:
    """One case, what came of it, and what would be right too by each earlier answer."""

    case: Case
    trial: Trial
    follow: Callable[[], Mapping[str, Values]]

    @cached_property
    def kinder(self) -> Mapping[str, Values]:
        """What would be right too, by the earlier answer it follows from; found out when a value is wrong."""
        return self.follow()

    @property
    def too_slow(self) -> NoValue | None:
        """What took too long, where something did."""
        values = (value for value in self.trial.yours.values() if isinstance(value, NoValue))
        return next((value for value in values if value.kind == "TooSlow"), None)


def _accounted(found: Mapping[str, Diagnosis]) -> tuple[int, int]:
    """How many values a diagnosis accounts for, and for how many by more than that nothing fits or is finite."""
    names = [diagnosis.mistake.name for diagnosis in found.values() if diagnosis.mistake]
    return sum(diagnosis != Diagnosis() for diagnosis in found.values()), sum(name not in SYMPTOMS for name in names)


def _fails(tried: _Tried, name: str) -> bool:
    return _failure(tried.trial.yours[name], tried.trial.right[name], tried.case, name) is not None


def _failure(value: Any, right: Any, case: Case, name: str) -> Failure | None:
    if isinstance(value, NoValue):
        return Failure(case.sizes, value.verdict, None, computed=False)
    samples, outputs = case.sizes.get("I"), case.sizes.get("D_o")
    compared = [compare(value, option, samples, outputs, is_backwards(name)) for option in options(right)]
    verdict = None if any(comparison.right for comparison in compared) else compared[0].verdict
    return None if verdict is None else Failure(case.sizes, verdict, compared[0].error)
