"""`checks.entries`: scores numbers that a student found by hand and typed in, each computed from earlier ones."""

from __future__ import annotations

import ast
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from autograder import student
from autograder.cell_code import tree_or_empty
from autograder.checks.attempt import attempt
from autograder.checks.carried_forward import (
    Alternative,
    CarriedForward,
    ChainStep,
    Values,
    is_usable,
    parameters_of,
    subsets,
    take_step,
)
from autograder.checks.cases import Case
from autograder.checks.score import Score
from autograder.checks.scoring import Task
from autograder.checks.variables import one_case
from autograder.diagnosis import Mistake, NoValue, Within
from autograder.diagnosis.entry_format import format_problem

ATOL = 0.005 + 1e-9
"""Tolerance of a number with two decimals; one half-way between two of them may be rounded to either."""


def entries(
    task: str,
    points: Mapping[str, float],
    *,
    carried_forward: CarriedForward,
    inputs: Values,
    cells: Mapping[str, str],
    section: str,
    mistakes: Sequence[Mistake] = (),
    atol: float = ATOL,
) -> Score:
    """Score numbers that a student found by hand and typed into a task's cell.

    They are read from the cell's text: a number that is computed there was not found by hand. Each is correct within
    `atol` of the exact chain, or of what its step computes of the submission's own earlier numbers, plus what the
    rounding of those may change. A number that is missing, zero or of another shape is not carried forward.

    points: by the name of each number. carried_forward: its chain has, by name and in order, the step that computes
    each number of the whole exercise; the parameters of a step name earlier numbers and inputs. inputs: the numbers the
    chain begins with. cells: by task, the names of the numbers in its cell, all of the chain.

    Raises ValueError where a number of the chain is in no cell.
    """
    chain = carried_forward.chain
    exact = exact_chain(chain, inputs)
    task_of = {name: one for one, names in cells.items() for name in names.split()}
    if missing := [name for name in chain if name not in task_of]:
        raise ValueError(f"{task}: where does {', '.join(missing)} stand?")

    def expected(_: Case) -> Values:
        return {name: Within(value, atol) for name, value in exact.items()}

    def submission(_: Case) -> Values:
        return {name: attempt(_entry, task_of[name], name, np.shape(exact[name])) for name in chain}

    def alternatives(_: Case, actual: Values, __: Values) -> list[Alternative]:
        found: dict[tuple[str, ...], dict[str, Any]] = {}
        for name in points:
            # Usable is a number that could not pass for zero, however its rounding turned out.
            earlier = [one for one in parameters_of(chain[name]) if one in chain]
            usable = [one for one in earlier if is_usable(actual[one], Within(exact[one], 2 * atol))]
            entered = {one: np.reshape(np.asarray(actual[one], dtype=float), exact[one].shape) for one in usable}
            for names in subsets(entered):
                values = {**inputs, **exact, **{one: entered[one] for one in names}}
                interval = step_interval(chain[name], values, exact, names, atol)
                if is_usable(interval.value, Within(exact[name], interval.atol)):
                    found.setdefault(names, {})[name] = interval
        return [Alternative(names, values) for names, values in found.items()]

    return Task(
        task,
        (),
        points,
        submission=submission,
        expected=expected,
        cases=one_case,
        section=section,
        mistakes=mistakes,
        alternatives=alternatives,
        context=inputs,
    ).score()


def exact_chain(chain: Mapping[str, ChainStep], inputs: Values) -> dict[str, Any]:
    """Return every number of a chain, without rounding."""
    values: dict[str, Any] = dict(inputs)
    for name, step in chain.items():
        values[name] = np.asarray(take_step(step, values), dtype=float)
    return {name: values[name] for name in chain}


def step_interval(step: ChainStep, values: Values, exact: Values, entered: Sequence[str], atol: float) -> Within:
    """Return what a step computes of rounded numbers that the student entered: between its least and its largest value.

    A correct number stands for the exact one, or for itself, whichever the student went on with; a wrong one for any
    number that rounds to it. values: what the step takes. entered: names of the submission's numbers among them.
    """
    centre = np.asarray(take_step(step, values), dtype=float)
    least, most = centre - atol, centre + atol
    for name in entered:
        number = np.asarray(values[name], dtype=float)
        is_right = bool((np.abs(number - exact[name]) <= atol).all())
        for index in np.ndindex(number.shape):
            entries = [exact[name][index]] if is_right else [number[index] - atol, number[index] + atol]
            changes = [_with_entry(step, values, name, index, entry) - centre for entry in entries]
            least, most = least + np.minimum(0, np.min(changes, axis=0)), most + np.maximum(0, np.max(changes, axis=0))
    return Within((least + most) / 2, (most - least) / 2)


def _with_entry(step: ChainStep, values: Values, name: str, index: tuple[int, ...], entry: Any) -> Any:
    array = np.array(values[name], dtype=float)
    array[index] = entry
    return np.asarray(take_step(step, {**values, name: array}), dtype=float)


def _entry(task: str, name: str, shape: tuple[int, ...]) -> Any:
    """Return the numbers that a task's cell assigns to a name; a NoValue that says what is wrong with their format."""
    value = typed_value(student.current().source(task), name)
    if isinstance(value, NoValue):
        return value
    kind, problem = format_problem(value, shape)
    return NoValue(problem, kind) if problem else np.array(value, dtype=float)


def typed_value(source: str, name: str) -> Any:
    """Return what a cell assigns to a name last, if that is written out in numbers; else a NoValue."""
    found = [value for node in tree_or_empty(source).body for target, value in _assigned(node) if target == name]
    if not found:
        return NoValue(f"there is no line `{name} = …` in its cell: was it renamed, or did it move?", "missing")
    try:
        return ast.literal_eval(_unwrapped(found[-1]))
    except (ValueError, TypeError, SyntaxError, MemoryError, RecursionError):
        line = ast.unparse(found[-1])
        return NoValue(f"it is computed, by `{line[:60]}`: find the number by hand, and type it in", "computed")


def _assigned(node: ast.stmt) -> list[tuple[str, ast.expr]]:
    """Return the names that a statement assigns, each with the expression of its value."""
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
    """Return the argument of `np.array(…)`, which holds numbers too; any other expression as it is."""
    match value:
        case ast.Call(func=function, args=[inside], keywords=[]):
            return inside if ast.unparse(function).rpartition(".")[2] in ("array", "asarray") else value
    return value
