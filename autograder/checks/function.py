"""What a hidden test calls: cases in, a score record out, its message printed.

A test reads like a sentence: this function of the student takes these inputs, gives these values for these points, and
the truth about them is that function of the reference.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Any

from autograder import student
from autograder.checks.attempt import SECONDS, TooManyCalls, named, or_error
from autograder.checks.carried_forward import Answer, Earlier, by_answers, once_more
from autograder.checks.cases import Case, Cases
from autograder.checks.chain import Step, by_own, needs, taken
from autograder.checks.code import Rule
from autograder.checks.score import Score
from autograder.checks.scoring import Task
from autograder.checks.usable import Values
from autograder.diagnosis import Mistake, OneOf, compare


def one_of(*options: Any) -> OneOf:
    """A truth with several right values."""
    return OneOf(options)


def function(
    task: str,
    *,
    yours: str | Mapping[str, str] | Callable[..., Any],
    takes: str,
    gives: Mapping[str, float],
    truth: Callable[..., Any],
    cases: Cases,
    look: str,
    mistakes: Sequence[Mistake] = (),
    follow: Mapping[str, Callable[..., Any]] | None = None,
    builds_on: Mapping[str, Callable[..., Any]] | None = None,
    stand_ins: str = "",
    given: str = "",
    beside: Values | None = None,
    forbids: Sequence[Rule] = (),
    style: Mapping[str, tuple[float, Rule]] | None = None,
    most_calls: Mapping[str, int] | None = None,
    seconds: float = SECONDS,
) -> Score:
    """Score one function of the student, or several of one task.

    yours: the name of the function; or one for each value, by the value's name; or what calls it. takes: names of its
    inputs in order, picked from each case. gives: names of the values it returns, in order, with their points. truth:
    the reference's function of the same inputs. look: where in the notebook to look when it fails.

    So that one slip costs once: builds_on: the student's earlier functions that this one may call, by name, with the
    true ones. Then the truth takes them by name besides the inputs, and what is right by the student's own is right
    too. stand_ins: code that defines something in their place, for students whose own lead nowhere; without builds_on,
    what is wrong by the student's own is asked again with those. follow: functions of the same inputs that give what is
    right by an earlier answer of another kind, by the name of the answer.

    given: names of the notebook's variables that each case sets while the function runs: a right answer may read the
    notebook's own `K`. beside: what else of the notebook the formulas of known mistakes may use, by name. forbids:
    rules of `checks.code`; where one is broken the task earns nothing. style: further lines of the rubric, by name,
    with points and rule: earned where the rule holds and some value is right. most_calls: how often each call may call
    other functions of the notebook, by name. seconds: how long each call may take.

    Raises TypeError or ValueError where these don't go together.
    """
    names = tuple(gives)

    def called(function: Callable[..., Any]) -> Answer:
        return lambda case, **steps: named(function(*case.pick(takes).values(), **steps), names)

    def by_name(name: str, case: Case, stand_ins: str) -> Any:
        function = student.function(name, given=case.pick(given), counted=bool(most_calls), stand_ins=stand_ins)
        return named((_few_calls(function, most_calls) if most_calls else function)(*case.pick(takes).values()), names)

    def asked(stand_ins: str = "") -> Answer:
        if isinstance(yours, str):
            return lambda case: by_name(yours, case, stand_ins)
        if most_calls or stand_ins or given:
            raise TypeError(
                f"{task}: only a function that is asked for by name can be counted, given names or stand-ins"
            )
        if callable(yours):
            return called(yours)
        each = {value: student.function(name) for value, name in yours.items()}
        return lambda case: {name: or_error(each[name], *case.pick(takes).values()) for name in names}

    scored = Task(
        task,
        takes.split(),
        gives,
        yours=asked(),
        truth=called(truth),
        follow=by_answers({by: called(one) for by, one in (follow or {}).items()}),
        cases=cases,
        look=look,
        mistakes=mistakes,
        beside=beside or {},
        forbids=forbids,
        style=style or {},
        seconds=seconds,
    )
    if builds_on:
        if follow:
            raise TypeError(f"{task}: builds_on says what to follow")
        scored = _built(
            scored, Earlier(scored.truth, builds_on, stand_ins, given), lambda case, code: asked(code)(case)
        )
    elif stand_ins:
        scored = replace(scored, again=once_more(asked(stand_ins), names))
    return scored.score()


def _built(task: Task, earlier: Earlier, replaced: Callable[[Case, str], Values]) -> Task:
    """A task that builds on earlier functions; replaced: the student's answer to a case with some code for those."""
    again = earlier.again(replaced)
    return replace(task, truth=earlier.right, follow=earlier.follow, again=again, functions=earlier.functions)


def _few_calls(yours: student.Function, most_calls: Mapping[str, int]) -> Callable[..., Any]:
    def call(*args: Any) -> Any:
        returned = yours(*args)
        calls = yours.last.calls if yours.last else {}
        for name, most in most_calls.items():
            if calls.get(name, 0) > most:
                raise TooManyCalls(name, calls[name], most)
        return returned

    return call


def values(
    task: str,
    *,
    takes: str,
    gives: Mapping[str, float],
    truth: Callable[..., Values],
    cases: Cases,
    look: str,
    mistakes: Sequence[Mistake] = (),
    follow: Mapping[str, Step] | None = None,
    builds_on: Mapping[str, Callable[..., Any]] | None = None,
    reads: str = "",
    forbids: Sequence[Rule] = (),
    seconds: float = SECONDS,
) -> Score:
    """Score the variables that a task's cell leaves, when it runs again under other inputs.

    takes: names of the notebook's variables to set, picked from each case. gives: names of the variables to read, with
    their points. truth: the reference's function of the inputs by name, returning the variables by name.

    follow: single steps of the truth, by the name of the variable they make, so that a slip costs once. The parameters
    of a step name inputs and earlier variables: `follow={"dldf2": lambda f2, dldh3: -np.sin(f2) * dldh3}`. A variable
    is right too if it is what the step makes of the student's own earlier ones. builds_on: the student's earlier
    functions that the cell may call, by name, with the true ones: a step may name them too, as in
    `lambda dC_da, z, sigmoid_der: dC_da * sigmoid_der(z)`, and what it makes by the student's own is right too. reads:
    names of further variables of the cell that the formulas of known mistakes use. forbids, seconds: as in `function`.

    Raises ValueError where a step contradicts the truth.
    """
    steps, kinder = by_own(follow or {}, takes, builds_on or {})
    earlier = {name for step in steps.values() for name in needs(step)} - set(takes.split())

    def yours(case: Case) -> Values:
        run = student.rerun(task, given=case.pick(takes))
        return {name: or_error(run.value, name) for name in {*gives, *steps, *earlier, *reads.split()}}

    def right(case: Case) -> Values:
        given = case.pick(takes)
        true = truth(**given)
        for name, step in steps.items():
            if not compare(taken(step, {**true, **given}), true[name]).right:
                raise ValueError(f"{task}: the step that makes {name} contradicts the truth about it")
        return true

    return Task(
        task,
        takes.split(),
        gives,
        yours=yours,
        truth=right,
        follow=kinder,
        cases=cases,
        look=look,
        mistakes=mistakes,
        steps=steps,
        forbids=forbids,
        seconds=seconds,
    ).score()


def variables(
    task: str,
    *,
    gives: Mapping[str, float],
    truth: Values | Callable[..., Values],
    look: str,
    mistakes: Sequence[Mistake] = (),
    follow: Mapping[str, Callable[[], Values]] | None = None,
    builds_on: Mapping[str, Callable[..., Any]] | None = None,
    stand_ins: str = "",
    beside: Values | None = None,
) -> Score:
    """Score variables of the notebook as they are, where there is only one case.

    With builds_on the truth is a function of those functions; with stand-ins the task's cell runs again. The rest is as
    in `function`.
    """

    def made_by(answer: Callable[..., Values]) -> Answer:
        return lambda _, **steps: answer(**steps)

    def plain(_: Case) -> Values:
        return {name: or_error(student.value, name) for name in gives}

    def again(_: Case, stand_ins: str) -> Values:
        run = student.rerun(task, stand_ins=stand_ins)
        return {name: or_error(run.value, name) for name in gives}

    scored = Task(
        task,
        (),
        gives,
        yours=plain,
        truth=made_by(truth) if callable(truth) else lambda _: truth,
        follow=by_answers({by: made_by(one) for by, one in (follow or {}).items()}),
        cases=lambda _: iter([Case("", {}, {})]),
        look=look,
        mistakes=mistakes,
        beside=beside or {},
    )
    if builds_on:
        scored = _built(scored, Earlier(scored.truth, builds_on, stand_ins), again)
    return scored.score()
