"""What a hidden test calls: cases in, a score record out, its message printed.

A test reads like a sentence: this function of the student takes these inputs, gives these values for these points, and
the truth about them is that function of the reference.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from autograder import student
from autograder.checks.ask import Raised, named, or_error
from autograder.checks.cases import Case, Cases
from autograder.checks.message import render
from autograder.checks.score import Failure, Line, Score
from autograder.diagnosis import compare

Values = Mapping[str, Any]
Answer = Callable[[Case], Values]
Kinder = Callable[[Case, Any, Values], Mapping[str, Values]]
"""What would be right too, by the earlier answer it follows from; asked with the case, what came, and what is right."""
Step = Callable[..., Any]
"""One step of a chain of values; its parameters are the names of what it is made of."""


@dataclass(frozen=True)
class OneOf:
    """Several values that are all right; the first is the one a wrong answer is compared with."""

    options: tuple[Any, ...]


def one_of(*options: Any) -> OneOf:
    """A truth with several right values."""
    return OneOf(options)


def function(
    task: str,
    *,
    yours: student.Function,
    takes: str,
    gives: Mapping[str, float],
    truth: Callable[..., Any],
    cases: Cases,
    look: str,
    follow: Mapping[str, Callable[..., Any]] | None = None,
) -> Score:
    """Score one function of the student.

    takes: names of its inputs in order, picked from each case. gives: names of the values it returns, in order, with
    their points. truth: the reference's function of the same inputs. look: where in the notebook to look when it fails.
    follow: functions of the same inputs that give what is right by the student's own earlier answers, by the name of
    the answer.
    """
    names = tuple(gives)

    def called(function: Callable[..., Any]) -> Answer:
        return lambda case: named(function(*case.pick(takes).values()), names)

    answers = {earlier: called(function) for earlier, function in (follow or {}).items()}
    return _grade(task, called(yours), called(truth), _by_answers(answers), gives, cases, look)


def values(
    task: str,
    *,
    takes: str,
    gives: Mapping[str, float],
    truth: Callable[..., Values],
    cases: Cases,
    look: str,
    follow: Mapping[str, Step] | None = None,
) -> Score:
    """Score the variables that a task's cell leaves, when it runs again under other inputs.

    takes: names of the notebook's variables to set, picked from each case. gives: names of the variables to read, with
    their points. truth: the reference's function of the inputs by name, returning the variables by name.

    follow: single steps of the truth, by the name of the variable they make, so that a slip costs once. The parameters
    of a step name inputs and earlier variables: `follow={"dldf2": lambda f2, dldh3: -np.sin(f2) * dldh3}`. A variable
    is right too if it is what the step makes of the student's own earlier ones.

    Raises ValueError where a step contradicts the truth.
    """
    steps = follow or {}
    earlier = {name for step in steps.values() for name in _needs(step)} - set(takes.split())

    def yours(case: Case) -> Values:
        run = student.rerun(task, given=case.pick(takes))
        return {name: or_error(run.value, name) for name in {*gives, *steps, *earlier}}

    def right(case: Case) -> Values:
        given = case.pick(takes)
        true = truth(**given)
        for name, step in steps.items():
            if not compare(_taken(step, {**true, **given}), true[name]).right:
                raise ValueError(f"{task}: the step that makes {name} contradicts the truth about it")
        return true

    return _grade(task, yours, right, _by_steps(steps, takes), gives, cases, look)


def variables(
    task: str,
    *,
    gives: Mapping[str, float],
    truth: Values,
    look: str,
    follow: Mapping[str, Callable[[], Values]] | None = None,
) -> Score:
    """Score variables of the notebook as they are, where there is only one case."""

    def yours(_: Case) -> Values:
        return {name: or_error(student.value, name) for name in gives}

    def made_by(answer: Callable[[], Values]) -> Answer:
        return lambda _: answer()

    answers = {earlier: made_by(answer) for earlier, answer in (follow or {}).items()}
    return _grade(task, yours, lambda _: truth, _by_answers(answers), gives, lambda _: iter([Case("", {}, {})]), look)


def _grade(
    task: str, yours: Answer, truth: Answer, follow: Kinder, gives: Mapping[str, float], cases: Cases, look: str
) -> Score:
    drawn = list(cases(np.random.default_rng(student.seed(task))))
    groups = list(dict.fromkeys(case.group for case in drawn))
    lines = {
        (name, group): Line(name, group, points / len(groups), points / len(groups))
        for name, points in gives.items()
        for group in groups
    }
    for case in drawn:
        got = or_error(yours, case)
        right = truth(case)
        kinder: Mapping[str, Values] | None = None
        for name in gives:
            line = lines[name, case.group]
            if line.failure is not None:
                continue
            failure = _failure(got, name, right[name], case)
            if failure is None:
                continue
            if kinder is None:
                kinder = follow(case, got, right)
            given = next(
                (by for by, also in kinder.items() if name in also and not _failure(got, name, also[name], case)), ""
            )
            changed = replace(line, given=given) if given else replace(line, points=0.0, failure=failure)
            lines[name, case.group] = changed
    score = Score(task, tuple(lines.values()), look)
    print(render(score))
    return score


def _by_answers(answers: Mapping[str, Answer]) -> Kinder:
    """Follow what the student answered elsewhere, where that is an answer at all.

    Zeros, NaN, another shape or an exception is none: following it through would give points for nothing.
    """

    def follow(case: Case, _: Any, right: Values) -> Mapping[str, Values]:
        own = {earlier: or_error(answer, case) for earlier, answer in answers.items()}
        return {
            earlier: values
            for earlier, values in own.items()
            if not isinstance(values, Raised) and all(_substantial(values[name], right[name]) for name in right)
        }

    return follow


def _by_steps(steps: Mapping[str, Step], takes: str) -> Kinder:
    """Follow the student's own earlier values of the same run, one step each, under the same terms.

    A value that is the same in two cases is typed in, not made from earlier ones, and isn't followed either.
    """
    before: dict[str, Any] = {}

    def follow(case: Case, got: Any, right: Values) -> Mapping[str, Values]:
        if isinstance(got, Raised):
            return {}
        given, kinder = case.pick(takes), dict[str, dict[str, Any]]()
        for name, step in steps.items():
            earlier = [needed for needed in _needs(step) if needed not in given]
            changed = name not in before or not np.array_equal(got[name], before[name])
            before[name] = got[name]
            if changed and all(_substantial(got[one], right[one]) for one in earlier):
                own = {one: np.asarray(got[one], dtype=float).reshape(np.shape(right[one])) for one in earlier}
                made = _taken(step, {**given, **own})
                if _substantial(made, right[name]):
                    kinder.setdefault(" and ".join(earlier), {})[name] = made
        return kinder

    return follow


def _taken(step: Step, values: Values) -> Any:
    """What a step makes of the values it names."""
    with np.errstate(all="ignore"):  # a student's value may be of any size
        return step(**{name: np.asarray(values[name])[()] for name in _needs(step)})


def _needs(step: Step) -> tuple[str, ...]:
    return tuple(inspect.signature(step).parameters)


def _substantial(own: Any, right: Any) -> bool:
    if isinstance(own, OneOf):
        return all(_substantial(option, right.options[0]) for option in own.options[:1])
    try:
        array = np.asarray(own)
    except ValueError:  # rows of different lengths
        return False
    if array.dtype.kind not in "iuf":
        return False
    same = array.shape == np.shape(right) or array.size == np.size(right) == 1
    return same and bool(np.isfinite(array).all()) and bool(array.any())


def _failure(got: Any, name: str, right: Any, case: Case) -> Failure | None:
    value = got if isinstance(got, Raised) else got[name]
    if isinstance(value, Raised):
        return Failure(case.sizes, value.verdict, None)
    options: Iterable[Any] = right.options if isinstance(right, OneOf) else (right,)
    compared = [compare(value, option, case.sizes.get("I")) for option in options]
    verdict = None if any(comparison.right for comparison in compared) else compared[0].verdict
    return None if verdict is None else Failure(case.sizes, verdict, compared[0].error)
