"""`checks.function`: scores a function of the submission."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from autograder import student
from autograder.checks.attempt import TIMEOUT, attempt, values_by_name
from autograder.checks.carried_forward import (
    CarriedForward,
    EarlierFunctions,
    Values,
    from_answers,
    retry_with_stubs,
)
from autograder.checks.cases import Case, Cases
from autograder.checks.code import CodeRules
from autograder.checks.score import Score
from autograder.checks.scoring import Expected, Task
from autograder.diagnosis import Mistake, OneOf


def one_of(*options: Any) -> OneOf:
    """Return an expected value that admits several."""
    return OneOf(options)


@dataclass(frozen=True)
class Call:
    """A call of the submission: `Call("forward_pass", "net_input all_weights all_biases")`."""

    function: str | Mapping[str, str] | Callable[..., Any]
    """The name of the function; or a name for each value, by the value's name; or a function that calls it."""
    arguments: str
    """Names of its arguments in order, picked from each case."""
    overrides: str = ""
    """Names of the notebook's variables that each case sets during the call: a correct answer may read the notebook's
    own `K`. Only for a function that is called by its name."""


def function(
    task: str,
    call: Call,
    expected: Expected,
    *,
    cases: Cases,
    section: str,
    mistakes: Sequence[Mistake] = (),
    carried_forward: CarriedForward | None = None,
    rules: CodeRules | None = None,
    context: Values | None = None,
    timeout: float = TIMEOUT,
) -> Score:
    """Score one function of the submission, or several of one task.

    The reference takes the arguments of the call; with `carried_forward.functions`, also those functions by name.

    task: its id. section: where the notebook explains it. mistakes: those that can occur in it. context: what else
    their formulas may take, by name. timeout: seconds that each call may take.

    Raises TypeError where overrides or stubs are given for a function that is not called by its name, and where both
    earlier functions and earlier answers are carried forward.
    """
    carried = carried_forward or CarriedForward()
    names = tuple(expected.points)
    by_name = isinstance(call.function, str)
    if not by_name and (carried.stubs or call.overrides):
        raise TypeError(f"{task}: only a function that is called by its name can have overrides or stubs")
    if carried.functions and carried.answers:
        raise TypeError(f"{task}: the functions that it builds on say what is carried forward")

    def called(function: Callable[..., Any]) -> Callable[..., Values]:
        return lambda case, **earlier: values_by_name(function(*case.pick(call.arguments).values(), **earlier), names)

    def submission(stubs: str = "") -> Callable[[Case], Values]:
        if callable(call.function):
            return called(call.function)
        if isinstance(call.function, str):
            name = call.function
            return lambda case: called(
                student.current().function(name, overrides=case.pick(call.overrides), stubs=stubs)
            )(case)
        functions = {value: student.current().function(name) for value, name in call.function.items()}
        return lambda case: {
            value: attempt(functions[value], *case.pick(call.arguments).values()) for value in expected.points
        }

    reference = expected.reference
    if not callable(reference):
        raise TypeError(f"{task}: the reference must be a function")
    scored = Task(
        task,
        call.arguments.split(),
        expected.points,
        submission=submission(),
        expected=called(reference),
        cases=cases,
        section=section,
        mistakes=mistakes,
        alternatives=from_answers({name: called(answer) for name, answer in carried.answers.items()}),
        context=context or {},
        rules=rules or CodeRules(),
        timeout=timeout,
    )
    if carried.functions:
        earlier = EarlierFunctions(scored.expected, carried, call.overrides)
        scored = built_on(scored, earlier, lambda case, stubs: submission(stubs)(case))
    elif carried.stubs:
        scored = replace(scored, retry=retry_with_stubs(submission(carried.stubs), names))
    return scored.score()


def built_on(task: Task, earlier: EarlierFunctions, with_stubs: Callable[[Case, str], Values]) -> Task:
    """Return a task that builds on earlier functions.

    with_stubs: returns the submission's values for a case, with some code in place of those functions.
    """
    return replace(
        task,
        expected=earlier.expected,
        alternatives=earlier.alternatives,
        retry=earlier.retry(with_stubs),
        earlier_functions=earlier.functions,
    )
