"""Objects of a student's class: made, asked in an order, and each answer compared with the reference's."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from autograder import student
from autograder.checks.attempt import SECONDS, or_error
from autograder.checks.carried_forward import once_more
from autograder.checks.cases import Case, Cases
from autograder.checks.chain import Step, by_own, needs
from autograder.checks.code import Rule
from autograder.checks.score import Score
from autograder.checks.scoring import Task
from autograder.checks.usable import Values
from autograder.diagnosis import Mistake, NoValue

Ask = Callable[..., Any]
"""One question to an object, its first parameter; the others name inputs of the case."""


def objects(
    task: str,
    *,
    makes: str,
    of: str,
    asks: Mapping[str, Ask],
    takes: str,
    gives: Mapping[str, float],
    truth: Callable[..., Any],
    cases: Cases,
    look: str,
    mistakes: Sequence[Mistake] = (),
    follow: Mapping[str, Step] | None = None,
    along: Mapping[str, Step] | None = None,
    stand_ins: str = "",
    beside: Values | None = None,
    forbids: Sequence[Rule] = (),
    seconds: float = SECONDS,
) -> Score:
    """Score what an object of the student's class answers.

    makes: the name of the class. of: names of what it is made of, in order, picked from each case. asks: by name and in
    order, what the object is asked; each answer is a value, of those in `gives` the points are named. One question that
    fails does not keep the next from being asked. takes: names of the inputs. truth: the class of the reference, or a
    function that makes such an object: it is made of the same and asked the same.

    follow: single steps of the truth, by the name of the value they make, as in `checks.values`: a value is right too
    if it is what the step makes of the object's own earlier answers. along: the same for values that an object need not
    make of those answers, though a slip in one method may well be in another: no more is concluded from them.
    stand_ins: code that defines the reference's classes in place of the student's other ones; what is wrong by theirs
    is asked again with those.

    Raises ValueError where a question is asked of what no case has.
    """
    inputs = list(dict.fromkeys([*takes.split(), *of.split()]))
    _, kinder = by_own({**(follow or {}), **(along or {})}, " ".join(inputs), {})

    def asked(make: Callable[..., Any], case: Case) -> Values | NoValue:
        made = or_error(make, *case.pick(of).values())
        if isinstance(made, NoValue):
            return made
        return {name: or_error(ask, made, *case.pick(" ".join(needs(ask)[1:])).values()) for name, ask in asks.items()}

    def yours(case: Case) -> Values:
        return _all(asked(lambda *args: student.make(makes, *args), case), asks)

    def right(case: Case) -> Values:
        true = asked(lambda *args: _Truth(truth(*args)), case)
        failed = {name: one for name, one in _all(true, asks).items() if isinstance(one, NoValue)}
        if failed:
            raise ValueError(f"{task}: the reference can't be asked for {failed}")
        # What answers nothing prepares the next question, and is no value.
        return {name: one for name, one in _all(true, asks).items() if one is not None}

    def replaced(case: Case) -> Values | NoValue:
        return asked(lambda *args: student.make(makes, *args, stand_ins=stand_ins), case)

    return Task(
        task,
        inputs,
        gives,
        yours=yours,
        truth=right,
        follow=kinder,
        cases=cases,
        look=look,
        mistakes=mistakes,
        steps=follow or {},
        beside=beside or {},
        again=once_more(replaced, asks) if stand_ins else None,
        forbids=forbids,
        seconds=seconds,
    ).score()


class _Truth:
    """An object of the reference's, asked as a student's is."""

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


def _all(came: Values | NoValue, asks: Mapping[str, Ask]) -> Values:
    return dict.fromkeys(asks, came) if isinstance(came, NoValue) else came
