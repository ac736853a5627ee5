"""`checks.objects`: scores what objects of a class of the submission answer."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from autograder import student
from autograder.checks.attempt import TIMEOUT, attempt
from autograder.checks.carried_forward import CarriedForward, Values, from_chain, parameters_of, retry_with_stubs
from autograder.checks.cases import Case, Cases
from autograder.checks.code import CodeRules
from autograder.checks.score import Score
from autograder.checks.scoring import Expected, Task
from autograder.diagnosis import Mistake, NoValue

Question = Callable[..., Any]
"""Asks an object, its first parameter, for a value; the other parameters name inputs of the case."""


@dataclass(frozen=True)
class Object:
    """An object of a class of the submission, and the questions it is asked."""

    class_name: str
    arguments: str
    """Names of the constructor's arguments in order, picked from each case."""
    questions: Mapping[str, Question]
    """By name, in the order in which they are asked of one object. The name of a question is that of the value which
    it returns: `Expected.points`, formulas and the chain use it; one that returns None only prepares the next. After a
    question that fails, the next one is asked all the same."""
    inputs: str
    """Names of the inputs that questions take."""


def objects(
    task: str,
    asked: Object,
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
    """Score what an object of the submission answers.

    The reference is a class, or a function that returns an object, with the same arguments; it is asked the same. Of
    `carried_forward`, the chain and the optional steps say which answer is computed of which; stubs define the
    reference's classes in place of the submission's other ones. The rest is as in `function`.

    Raises ValueError where a question takes inputs that a case lacks, or the reference can't answer it.
    """
    carried = carried_forward or CarriedForward()
    inputs = list(dict.fromkeys([*asked.inputs.split(), *asked.arguments.split()]))
    _, alternatives = from_chain({**carried.chain, **carried.optional_steps}, " ".join(inputs), {})
    reference = expected.reference
    if not callable(reference):
        raise TypeError(f"{task}: the reference must be a class or a function")

    def answers(make: Callable[..., Any], case: Case) -> Values:
        made = attempt(make, *case.pick(asked.arguments).values())
        if isinstance(made, NoValue):
            return dict.fromkeys(asked.questions, made)
        return {
            name: attempt(question, made, *case.pick(" ".join(parameters_of(question)[1:])).values())
            for name, question in asked.questions.items()
        }

    def submission(case: Case, stubs: str = "") -> Values:
        return answers(lambda *args: student.current().make(asked.class_name, *args, stubs=stubs), case)

    def expected_answers(case: Case) -> Values:
        found = answers(lambda *args: _ReferenceHandle(reference(*args)), case)
        if failed := {name: one for name, one in found.items() if isinstance(one, NoValue)}:
            raise ValueError(f"{task}: the reference can't be asked for {failed}")
        # A question without an answer prepares the next one.
        return {name: one for name, one in found.items() if one is not None}

    retry = retry_with_stubs(lambda case: submission(case, carried.stubs), asked.questions)
    return Task(
        task,
        inputs,
        expected.points,
        submission=submission,
        expected=expected_answers,
        cases=cases,
        section=section,
        mistakes=mistakes,
        alternatives=alternatives,
        retry=retry if carried.stubs else None,
        chain=carried.chain,
        context=context or {},
        rules=rules or CodeRules(),
        timeout=timeout,
    ).score()


class _ReferenceHandle:
    """An object of the reference, with the methods of a `student.Handle`."""

    def __init__(self, made: Any) -> None:
        self._made = made

    def call(self, method: str, *args: Any, **kwargs: Any) -> Any:
        """See `student.Handle.call`."""
        return getattr(self._made, method)(*args, **kwargs)

    def value(self, attribute: str) -> Any:
        """See `student.Handle.value`."""
        return getattr(self._made, attribute)

    def set(self, attribute: str, value: Any) -> None:
        """See `student.Handle.set`."""
        setattr(self._made, attribute, value)
