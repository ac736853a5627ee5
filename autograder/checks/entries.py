"""Numbers found by hand: read from the cell's text, followed through a chain in which each rests on earlier ones."""

from __future__ import annotations

import ast
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from autograder import student
from autograder.checks.attempt import or_error
from autograder.checks.cases import Case
from autograder.checks.chain import Step, needs, taken
from autograder.checks.score import Score
from autograder.checks.scoring import Task
from autograder.checks.usable import Values, some_of, substantial
from autograder.diagnosis import Mistake, NoValue, Within
from autograder.diagnosis.entry_format import amiss
from autograder.diagnosis.trial import parsed

DIGITS = 0.005 + 1e-9
"""How far a number of two decimals may be off; what lies half-way between two of them may be rounded to either."""


def entries(
    task: str,
    *,
    gives: Mapping[str, float],
    chain: Mapping[str, Step],
    given: Values,
    where: Mapping[str, str],
    look: str,
    mistakes: Sequence[Mistake] = (),
    slack: float = DIGITS,
) -> Score:
    """Score numbers that a student found by hand and typed into a task's cell.

    They are read from the text of the cell: a number that is computed there is none that was found by hand. Each is
    right within `slack` of the exact chain; or of what its step makes of the student's own earlier numbers, plus what
    those may be off by because they were rounded. A number that is missing, zero or of another shape can't be followed;
    what is right all the same is right.

    gives: names of the numbers with their points. chain: by name and in order, the step that makes each number of the
    whole chain; the parameters of a step name earlier numbers and what is given. given: what the chain starts from.
    where: names of the numbers that stand in each task's cell, all of the chain.

    Raises ValueError where a number of the chain has no task.
    """
    exact = made_exactly(chain, given)
    tasks = {name: one for one, names in where.items() for name in names.split()}
    if missing := [name for name in chain if name not in tasks]:
        raise ValueError(f"{task}: where does {', '.join(missing)} stand?")

    def truth(_: Case) -> Values:
        return {name: Within(value, slack) for name, value in exact.items()}

    def yours(_: Case) -> Values:
        return {name: or_error(_entry, tasks[name], name, np.shape(exact[name])) for name in chain}

    def follow(_: Case, got: Values, right: Values) -> Mapping[str, Values]:
        kinder: dict[str, dict[str, Any]] = {}
        for name in gives:
            # Worth building on is what could not pass for zero, even if the rounding were as unlucky as it can be.
            earlier = [one for one in needs(chain[name]) if one in chain]
            worth = [one for one in earlier if substantial(got[one], Within(exact[one], 2 * slack))]
            own = {one: np.reshape(np.asarray(got[one], dtype=float), exact[one].shape) for one in worth}
            for names in some_of(own):
                values = {**given, **exact, **{one: own[one] for one in names}}
                made = followed(chain[name], values, exact, names, slack)
                if substantial(made.value, Within(exact[name], made.slack)):
                    kinder.setdefault(" and ".join(names), {})[name] = made
        return kinder

    return Task(
        task,
        (),
        gives,
        yours=yours,
        truth=truth,
        follow=follow,
        cases=lambda _: iter([Case("", {}, {})]),
        look=look,
        mistakes=mistakes,
        beside=given,
    ).score()


def made_exactly(chain: Mapping[str, Step], given: Values) -> dict[str, Any]:
    """Every number of a chain, without rounding."""
    values: dict[str, Any] = dict(given)
    for name, step in chain.items():
        values[name] = np.asarray(taken(step, values), dtype=float)
    return {name: values[name] for name in chain}


def followed(step: Step, values: Values, exact: Values, own: Sequence[str], slack: float) -> Within:
    """What a step makes of a student's own numbers: between what it is at most, and at least.

    They were rounded. One that is right stands for the exact number, or for itself, whichever was used further on; one
    that is wrong for any that it may have been before. values: what the step is made of; own: those that are theirs.
    """
    made = np.asarray(taken(step, values), dtype=float)
    least, most = made - slack, made + slack
    for name in own:
        number = np.asarray(values[name], dtype=float)
        right = bool((np.abs(number - exact[name]) <= slack).all())
        for index in np.ndindex(number.shape):
            moved = [exact[name][index]] if right else [number[index] - slack, number[index] + slack]
            changes = [_changed(step, values, name, index, to) - made for to in moved]
            least, most = least + np.minimum(0, np.min(changes, axis=0)), most + np.maximum(0, np.max(changes, axis=0))
    return Within((least + most) / 2, (most - least) / 2)


def _changed(step: Step, values: Values, name: str, index: tuple[int, ...], to: Any) -> Any:
    there = np.array(values[name], dtype=float)
    there[index] = to
    return np.asarray(taken(step, {**values, name: there}), dtype=float)


def _entry(task: str, name: str, shape: tuple[int, ...]) -> Any:
    """The numbers that stand under a name in a task's cell, or what is wrong with their form."""
    value = typed(student.source(task), name)
    if isinstance(value, NoValue):
        return value
    kind, said = amiss(value, shape)
    return NoValue(said, kind) if said else np.array(value, dtype=float)


def typed(source: str, name: str) -> Any:
    """What a cell assigns to a name last, where that is written out in numbers; NoValue where it is not."""
    found = [value for node in parsed(source).body for target, value in _assigned(node) if target == name]
    if not found:
        return NoValue(f"there is no line `{name} = …` in its cell: was it renamed, or did it move?", "missing")
    try:
        return ast.literal_eval(_unwrapped(found[-1]))
    except (ValueError, TypeError, SyntaxError, MemoryError, RecursionError):
        line = ast.unparse(found[-1])
        return NoValue(f"it is computed, by `{line[:60]}`: find the number by hand, and type it in", "computed")


def _assigned(node: ast.stmt) -> list[tuple[str, ast.expr]]:
    """Names that a statement assigns, each with the expression of its value."""
    pairs: list[tuple[ast.expr, ast.expr]] = []
    match node:
        case ast.AnnAssign(target=target, value=ast.expr() as value):
            pairs = [(target, value)]
        case ast.Assign(targets=targets, value=value):
            pairs = [(target, value) for target in targets]
        case ast.AugAssign(target=target, op=op, value=value):
            pairs = [(target, ast.BinOp(target, op, value))]
    flat: list[tuple[ast.expr, ast.expr]] = []
    for pair in pairs:
        match pair:
            case (ast.Tuple(elts=names) | ast.List(elts=names), ast.Tuple(elts=values) | ast.List(elts=values)):
                flat += zip(names, values, strict=False)
            case _:
                flat.append(pair)
    return [(name.id, value) for name, value in flat if isinstance(name, ast.Name)]


def _unwrapped(value: ast.expr) -> ast.expr:
    """What stands inside of `np.array(…)`: numbers all the same."""
    match value:
        case ast.Call(func=function, args=[inside], keywords=[]):
            return inside if ast.unparse(function).rpartition(".")[2] in ("array", "asarray") else value
    return value
