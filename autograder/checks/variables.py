"""`checks.values` and `checks.variables`: score variables that a task's cell assigns."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from autograder import student
from autograder.checks.attempt import TIMEOUT, attempt
from autograder.checks.carried_forward import (
    CarriedForward,
    EarlierFunctions,
    Values,
    from_answers,
    from_chain,
    parameters_of,
    take_step,
)
from autograder.checks.cases import Case, Cases
from autograder.checks.code import CodeRules
from autograder.checks.function import built_on
from autograder.checks.score import Score
from autograder.checks.scoring import Expected, Task
from autograder.diagnosis import Mistake, NoValue, compare
from autograder.diagnosis.no_value import NOTHING_ASSIGNED


def values(
    task: str,
    inputs: str,
    expected: Expected,
    *,
    cases: Cases,
    section: str,
    mistakes: Sequence[Mistake] = (),
    carried_forward: CarriedForward | None = None,
    rules: CodeRules | None = None,
    timeout: float = TIMEOUT,
) -> Score:
    """Score the variables that a task's cell assigns when it runs again under other inputs.

    inputs: names of the notebook's variables to set, picked from each case. The reference takes the inputs by name and
    returns the variables by name. carried_forward: its chain says which variable is computed of which; a variable is
    correct too if it is what the step computes of the submission's own earlier ones. The rest is as in `function`.

    Raises ValueError where a step contradicts the reference.
    """
    carried = carried_forward or CarriedForward()
    chain, alternatives = from_chain(carried.chain, inputs, carried.functions)
    taken = {name for step in chain.values() for name in parameters_of(step)} - set(inputs.split())
    reference = expected.reference
    if not callable(reference):
        raise TypeError(f"{task}: the reference must be a function")

    def submission(case: Case) -> Values:
        run = student.current().rerun(task, overrides=case.pick(inputs))
        # All that the reference returns: formulas of known mistakes may take more than what has points.
        names = {*reference(**case.pick(inputs)), *chain, *taken}
        return {name: _assigned(run.value, name) for name in names}

    def checked(case: Case) -> Values:
        known = case.pick(inputs)
        variables: Values = reference(**known)
        for name, step in chain.items():
            if not compare(take_step(step, {**variables, **known}), variables[name]).is_correct:
                raise ValueError(f"{task}: the step that makes {name} contradicts the truth about it")
        return variables

    return Task(
        task,
        inputs.split(),
        expected.points,
        submission=submission,
        expected=checked,
        cases=cases,
        section=section,
        mistakes=mistakes,
        alternatives=alternatives,
        chain=chain,
        rules=rules or CodeRules(),
        timeout=timeout,
    ).score()


def variables(
    task: str,
    expected: Expected,
    *,
    section: str,
    mistakes: Sequence[Mistake] = (),
    carried_forward: CarriedForward | None = None,
    context: Values | None = None,
) -> Score:
    """Score variables of the notebook as they are, where there is only one case.

    The reference is their values; with `carried_forward.functions`, a function of those that returns the values by
    name. Earlier answers are functions without arguments. With stubs the task's cell runs again where the submission's
    own functions are unusable. The rest is as in `function`.
    """
    carried = carried_forward or CarriedForward()
    reference = expected.reference

    def computed(_: Case, **earlier: Any) -> Values:
        return reference(**earlier) if callable(reference) else reference

    def submission(_: Case) -> Values:
        return {name: _assigned(student.current().value, name) for name in expected.points}

    def with_stubs(_: Case, stubs: str) -> Values:
        run = student.current().rerun(task, stubs=stubs)
        return {name: _assigned(run.value, name) for name in expected.points}

    scored = Task(
        task,
        (),
        expected.points,
        submission=submission,
        expected=computed,
        cases=one_case,
        section=section,
        mistakes=mistakes,
        alternatives=from_answers({name: _without_case(answer) for name, answer in carried.answers.items()}),
        context=context or {},
    )
    if carried.functions:
        scored = built_on(scored, EarlierFunctions(scored.expected, carried), with_stubs)
    return scored.score()


def _assigned(value: Callable[[str], Any], name: str) -> Any:
    """Return a variable's value; a NoValue where reading it raises, and where it is None, as a name to be filled in."""
    found = attempt(value, name)
    return NoValue(f"`{name}` is None: nothing stands in its place yet", NOTHING_ASSIGNED) if found is None else found


def _without_case(answer: Callable[[], Values]) -> Callable[[Case], Values]:
    return lambda _: answer()


one_case: Callable[[Any], Any] = lambda _: iter([Case("", {}, {})])  # noqa: E731
"""Cases of a task without inputs: a single one."""
