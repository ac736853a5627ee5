"""What is right by a student's own earlier answers, so that one slip costs once."""

from __future__ import annotations

import copy
import pickle
from collections.abc import Callable, Iterable, Mapping
from typing import Any

from autograder import student
from autograder.checks.attempt import or_error
from autograder.checks.cases import Case
from autograder.checks.usable import Kinder, Values, giving_arrays, some_of, substantial
from autograder.diagnosis import NoValue
from autograder.diagnosis.trial import is_right

Answer = Callable[..., Values]
"""Values by name, of a case; and of functions by name, where it builds on some."""
Again = Callable[[Case, Values | NoValue, Values], Values | NoValue]
"""What to take for a wrong answer; asked with the case, what came, and what is right."""


def by_answers(answers: Mapping[str, Answer]) -> Kinder:
    """Follow what the student answered elsewhere, where that is an answer at all.

    Zeros, NaN, another shape or an exception is none: following it through would give points for nothing.
    """
    slow: set[str] = set()

    def follow(case: Case, _: Values, right: Values) -> Mapping[str, Values]:
        own = {earlier: or_error(answer, case) for earlier, answer in answers.items() if earlier not in slow}
        slow.update(earlier for earlier, said in own.items() if isinstance(said, NoValue) and said.kind == "TooSlow")
        return {
            earlier: values
            for earlier, values in own.items()
            if not isinstance(values, NoValue) and all(substantial(values[name], right[name]) for name in right)
        }

    return follow


def once_more(replaced: Callable[[Case], Values | NoValue], names: Iterable[str]) -> Again:
    """A wrong answer once more, with stand-ins; of each value the better of the two is taken.

    That is what is right, else what is a value at all, else the second.
    """

    def better(own: Any, other: Any, true: Any) -> Any:
        return own if is_right(own, true) or (isinstance(other, NoValue) and not isinstance(own, NoValue)) else other

    def again(case: Case, came: Values | NoValue, right: Values) -> Values:
        own, other = (one if not isinstance(one, NoValue) else dict.fromkeys(names, one)
                      for one in (came, or_error(replaced, case)))  # fmt: skip
        return {name: better(own[name], other[name], true) for name, true in right.items() if name in own}

    return again


REPLACED = ", replaced by stand-ins"
"""How the name of earlier functions goes on where stand-ins take their place."""


class Earlier:
    """The functions that a task builds on: the student's own take the true ones' place, so that their slips cost once.

    Where the student's own lead nowhere (one isn't written, or gives zeros), stand-ins take their place in the
    student's notebook and in the truth: numbers of the right shapes that depend on all there is, and no solution.
    """

    def __init__(
        self,
        truth: Callable[..., Values],
        true: Mapping[str, Callable[..., Any]],
        stand_ins: str = "",
        given: str = "",
    ) -> None:
        """Take the truth, of a case and these functions by name; the true ones; code that defines stand-ins for them.

        given: names of the notebook's variables that each case sets while one of the student's own runs.
        The truth raises ValueError where the functions lead nowhere. Raises ValueError where a stand-in is missing.
        """
        stood_in: dict[str, Any] = {}
        exec(stand_ins, stood_in)
        if stand_ins and (missing := sorted(set(true) - set(stood_in))):
            raise ValueError(f"there is no stand-in for {' and '.join(missing)}")
        self._truth, self._true, self._stand_ins, self._given = truth, true, stand_ins, given
        self._stood_in = {name: stood_in.get(name) for name in true}
        self._replaced: list[Case] = []
        self._too_slow = False
        self._results: dict[bytes, Any] = {}
        """What the student's own functions gave, or raised, by all that the call depends on."""

    def right(self, case: Case) -> Values:
        """What is right by the true functions."""
        return self._truth(case, **self._true)

    def again(self, replaced: Callable[[Case, str], Values]) -> Again:
        """A wrong answer once more, with stand-ins, where the functions before it lead nowhere; else as it came."""

        def answered(case: Case, came: Values | NoValue, right: Values) -> Values | NoValue:
            if not self._stand_ins or self._leads(case, right):
                return came
            self._replaced.append(case)
            return replaced(case, self._stand_ins)

        return answered

    def follow(self, case: Case, _: Values, right: Values) -> Mapping[str, Values]:
        """What would be right too: with some or all of the functions in place of the true ones."""
        replaced = any(case is one for one in self._replaced)
        kinder = {}
        for names in some_of(self._true):
            by = " and ".join(names) + (REPLACED if replaced else "")
            values = self._by(case, self.functions(by, case), own=not replaced)
            if not isinstance(values, NoValue) and all(substantial(values[name], right[name]) for name in right):
                kinder[by] = values
        return kinder

    def functions(self, by: str, case: Case) -> Values:
        """The functions behind one of the names that `follow` gives, for a case; the true ones behind none."""
        names = by.removesuffix(REPLACED).split(" and ") if by else []
        mixed = self._stood_in if by.endswith(REPLACED) else self._own(case, names)
        return {**self._true, **{name: mixed[name] for name in names}}

    def _own(self, case: Case, names: Iterable[str]) -> Values:
        given = case.pick(self._given)
        return {name: self._once(name, given) for name in names}

    def _once(self, name: str, given: Values) -> Callable[..., Any]:
        """A function of the student's that runs only once for the same arguments.

        A call in a fork can't depend on those before it, and takes milliseconds; the formulas of known mistakes call
        with the same arguments again and again.
        """
        function = giving_arrays(student.function(name, given=given, apart=True))

        def once(*args: Any, **kwargs: Any) -> Any:
            key = pickle.dumps((name, given, args, kwargs))
            if key not in self._results:
                try:
                    self._results[key] = function(*args, **kwargs)
                except Exception as error:
                    self._results[key] = error
            result = self._results[key]
            if isinstance(result, Exception):
                raise result.with_traceback(None)
            return copy.deepcopy(result)

        return once

    def _by(self, case: Case, functions: Values, own: bool) -> Values | NoValue:
        """What follows from these functions. own: whether the student's are among them; if too slow, only once."""
        if self._too_slow and own:
            return NoValue("it was too slow before", "TooSlow")
        values = or_error(self._truth, case, **functions)
        self._too_slow = self._too_slow or (isinstance(values, NoValue) and values.kind == "TooSlow")
        return values

    def _leads(self, case: Case, right: Values) -> bool:
        """Whether the student's own functions lead anywhere."""
        own = self._by(case, self._own(case, self._true), own=True)
        return not isinstance(own, NoValue) and all(substantial(own[name], right[name]) for name in right)
