"""Rules on the code of a task's cell, checked in its syntax tree: no loop over samples, no library that does the work.

A rule sees the task's own cell only, not a helper function in another cell.
"""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from autograder.cell_code import tree_or_empty

Rule = Callable[[str], str | None]
"""Returns how a cell's text breaks the rule, in a sentence without a subject; None where it does not."""


@dataclass(frozen=True)
class CodeRules:
    """Rules on the code of a task."""

    forbidden: Sequence[Rule] = ()
    """A task that breaks one of these earns nothing."""
    style: Mapping[str, tuple[float, Rule]] = field(default_factory=dict)
    """Further lines of the rubric, by name: their points are earned where the rule holds and some value is correct."""


LAYERS = (
    "all_weights",
    "all_biases",
    "all_f",
    "all_h",
    "all_dl_df",
    "all_dl_dh",
    "all_dl_dweights",
    "all_dl_dbiases",
    "K",
)
"""Names of lists with an entry for each layer: a loop over them is no loop over samples."""

_LOOPING = (
    "map",
    "filter",
    "vectorize",
    "frompyfunc",
    "apply_along_axis",
    "apply_over_axes",
    "fromiter",
    "nditer",
    "ndindex",
)

_INSTEAD = "which product or sum does it for all at once?"


def no_loops(arguments: Mapping[str, str] | None = None, layers: tuple[str, ...] = LAYERS) -> Rule:
    """Return a rule against loops and comprehensions, open or inside calls, except over the layers of a network.

    arguments: parameters of functions in the lab's order, by the function's name: a student may rename them. layers:
    names by which a loop over layers is recognised; also names that are computed of them alone, such as
    `last = len(all_weights) - 1`, and lists that a loop fills, which is checked itself. The rule does not see a
    recursion, nor a loop in another cell.
    """

    def rule(source: str) -> str | None:
        tree = tree_or_empty(source)
        known = _computed_of(set(layers) | _renamed(tree, arguments or {}, layers) | _filled(tree), tree)
        for node in ast.walk(tree):
            over = _loops_over(node)
            if over is not None and not _is_about(over, known) and not _is_constant(node, over):
                return f"it loops over samples or units, in the line `{_line(source, over)}`: {_INSTEAD}"
            if isinstance(node, ast.Call) and _loops_inside(node, known):
                return f"it loops in disguise, in the line `{_line(source, node)}`: {_INSTEAD}"
        return None

    return rule


def without(*names: str) -> Rule:
    """Return a rule against modules and functions, however they are imported: "torch", "numpy.gradient"."""

    def rule(source: str) -> str | None:
        tree = tree_or_empty(source)
        alias = _imported(tree)
        for node in ast.walk(tree):
            for used in _dotted(node, alias):
                for name in names:
                    if used == name or used.startswith(name + "."):
                        return f"it uses `{name}`, in the line `{_line(source, node)}`: here you do that work yourself"
        return None

    return rule


def calling(*names: str) -> Rule:
    """Return a rule that one of these functions or methods is called: "backward" for `loss.backward()`."""

    def rule(source: str) -> str | None:
        calls = (node.func for node in ast.walk(tree_or_empty(source)) if isinstance(node, ast.Call))
        if any(_last_name(function) in names for function in calls):
            return None
        return f"`{names[0]}` is not called in this cell: here PyTorch does the work, not you"

    return rule


def _line(source: str, node: ast.AST) -> str:
    return source.splitlines()[getattr(node, "lineno", 1) - 1].strip()


def _loops_over(node: ast.AST) -> ast.expr | None:
    """Return what a loop runs over, or the condition of a `while`; None for no loop."""
    if isinstance(node, ast.For | ast.comprehension):
        return node.iter
    if not isinstance(node, ast.While):
        return None
    # `while True` runs until some condition leads to a break.
    ends = [
        one.test for one in node.body if isinstance(one, ast.If) and any(isinstance(b, ast.Break) for b in one.body)
    ]
    return ends[0] if isinstance(node.test, ast.Constant) and ends else node.test


def _loops_inside(call: ast.Call, layers: set[str]) -> bool:
    """True if a call loops inside; `map` and `filter` may loop over layers."""
    name = _last_name(call.func)
    over_layers = name in ("map", "filter") and any(_is_about(argument, layers) for argument in call.args[1:])
    return name in _LOOPING and not over_layers


def _renamed(tree: ast.Module, arguments: Mapping[str, str], layers: tuple[str, ...]) -> set[str]:
    """Return the submission's names for the parameters that hold layers."""
    return {
        parameter.arg
        for node in ast.walk(tree)
        if isinstance(node, ast.FunctionDef) and node.name in arguments
        for parameter, name in zip(
            [*node.args.posonlyargs, *node.args.args], arguments[node.name].split(), strict=False
        )
        if name in layers
    }


def _filled(tree: ast.Module) -> set[str]:
    """Return the names of lists and dicts to which entries are added one by one."""
    calls = (node.func for node in ast.walk(tree) if isinstance(node, ast.Call))
    added = (one.value for one in calls if isinstance(one, ast.Attribute) and one.attr in ("append", "insert"))
    begun = {
        name for node in ast.walk(tree) for names, value in _assignments(node) if _is_empty(value) for name in names
    }
    grown = (one.target for one in ast.walk(tree) if isinstance(one, ast.AugAssign) and isinstance(one.value, ast.List))
    return begun | {one.id for one in (*added, *grown) if isinstance(one, ast.Name)}


def _is_empty(value: ast.expr) -> bool:
    values = value.elts if isinstance(value, ast.Tuple) and value.elts else [value]
    empty = {"[]", "{}", "list()", "dict()"}
    return all(ast.unparse(one) in empty for one in values)


def _computed_of(names: set[str], tree: ast.Module) -> set[str]:
    """Return these names, those assigned from nothing but them, and the indices of loops over them."""
    while True:
        more = {
            name
            for node in ast.walk(tree)
            for target, value in [*_assignments(node), *_indices(node)]
            if _is_about(value, names)
            for name in target
        } - names
        if not more:
            return names
        names = names | more


def _assignments(node: ast.AST) -> Iterator[tuple[list[str], ast.expr]]:
    targets = node.targets if isinstance(node, ast.Assign) else [getattr(node, "target", None)]
    value = getattr(node, "value", None)
    if isinstance(node, ast.Assign | ast.AnnAssign | ast.NamedExpr) and value is not None:
        for target in filter(None, targets):
            yield [name.id for name in ast.walk(target) if isinstance(name, ast.Name)], value


def _indices(node: ast.AST) -> Iterator[tuple[list[str], ast.expr]]:
    """Yield the numbers that a loop counts: k of `for k in range(K)`, and of `for k, f in enumerate(all_f)`."""
    if isinstance(node, ast.For | ast.comprehension):
        calls = [_last_name(call.func) for call in ast.walk(node.iter) if isinstance(call, ast.Call)]
        target = node.target
        if "enumerate" in calls and isinstance(target, ast.Tuple):
            target = target.elts[0]
        elif "range" not in calls:
            return
        if isinstance(target, ast.Name):
            yield [target.id], node.iter


def _is_about(value: ast.expr, layers: set[str]) -> bool:
    """True if an expression is about layers as a whole: neither about one of them, nor about a size of one."""
    parts: list[ast.expr]
    match value:
        case ast.Name():
            return value.id in layers
        case ast.Attribute():
            return value.attr not in ("shape", "size", "T", "flat") and _is_about(value.value, layers)
        case ast.Subscript():
            return isinstance(value.slice, ast.Slice) and _is_about(value.value, layers)
        case ast.ListComp() | ast.SetComp() | ast.GeneratorExp() | ast.DictComp():
            parts = [one.iter for one in value.generators]
        case ast.Call() if _last_name(value.func) == "zip":
            # It ends with the shortest.
            return any(_is_about(argument, layers) for argument in value.args)
        case ast.Call():
            parts = value.args or [value.func]
        case ast.Compare():
            # A counter begins at a number: what it is compared with tells what it counts.
            return any(_is_about(one, layers) for one in (value.left, *value.comparators))
        case ast.BinOp(op=ast.Mult(), left=ast.List()):
            return _is_about(value.right, layers)
        case _:
            parts = [part for part in ast.iter_child_nodes(value) if isinstance(part, ast.expr)]
    parts = [part for part in parts if not _is_number(part)]
    return bool(parts) and all(_is_about(part, layers) for part in parts)


def _is_number(value: ast.expr) -> bool:
    return all(isinstance(node, ast.Constant | ast.UnaryOp | ast.unaryop) for node in ast.walk(value))


def _is_constant(loop: ast.AST, over: ast.expr) -> bool:
    """True if a loop runs a fixed number of times, whatever the data."""
    names = {node.id for node in ast.walk(over) if isinstance(node, ast.Name)}
    return not isinstance(loop, ast.While) and names <= {"range", "reversed", "enumerate", "zip", "True", "False"}


def _last_name(function: ast.expr) -> str:
    return function.attr if isinstance(function, ast.Attribute) else getattr(function, "id", "")


def _imported(tree: ast.Module) -> dict[str, str]:
    """Return the full name of each imported name."""
    alias = {"np": "numpy", "plt": "matplotlib.pyplot"}
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            alias |= {name.asname or name.name.partition(".")[0]: name.name for name in node.names}
        elif isinstance(node, ast.ImportFrom):
            alias |= {name.asname or name.name: f"{node.module}.{name.name}" for name in node.names}
    return alias


def _dotted(node: Any, alias: dict[str, str]) -> list[str]:
    """Return the full names of a name, an attribute or an import."""
    if isinstance(node, ast.Name):
        return [alias.get(node.id, node.id)]
    if isinstance(node, ast.Attribute):
        return [f"{owner}.{node.attr}" for owner in _dotted(node.value, alias)]
    if isinstance(node, ast.Import):
        return [name.name for name in node.names]
    return [f"{node.module}.{name.name}" for name in node.names] if isinstance(node, ast.ImportFrom) else []
