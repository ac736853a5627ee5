"""What a task forbids in the code itself, seen in its syntax: a loop over samples, a library that does the work.

A rule sees the task's own cell only: a helper that stands in another cell is beyond it.
"""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterator
from typing import Any

from autograder.diagnosis.evidence import parsed

Rule = Callable[[str], str | None]
"""What is wrong with a cell's text, in a sentence without a subject; None where nothing is."""

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
"""Names that stand for the layers of a network: a loop over them is no loop over samples."""

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


def no_loops(layers: tuple[str, ...] = LAYERS) -> Rule:
    """No loop, comprehension or recursion in disguise, except over the layers of a network.

    layers: names by which a loop over layers is known. A name that is made of them counts as one of them:
    `last = len(all_weights) - 1`.
    """

    def rule(source: str) -> str | None:
        tree = parsed(source)
        known = _made_of(set(layers), tree)
        for node in ast.walk(tree):
            over = _loops_over(node)
            if over is not None and not _is_about(over, known) and not _is_constant(node, over):
                return f"it loops over samples or units, in the line `{_line(source, over)}`: {_INSTEAD}"
            if isinstance(node, ast.Call) and _last_name(node.func) in _LOOPING:
                return f"it loops in disguise, in the line `{_line(source, node)}`: {_INSTEAD}"
        return None

    return rule


def without(*names: str) -> Rule:
    """None of these modules and functions, under whatever name they are imported: "torch", "numpy.gradient"."""

    def rule(source: str) -> str | None:
        tree = parsed(source)
        alias = _imported(tree)
        for node in ast.walk(tree):
            for used in _dotted(node, alias):
                for name in names:
                    if used == name or used.startswith(name + "."):
                        return f"it uses `{name}`, in the line `{_line(source, node)}`: here you do that work yourself"
        return None

    return rule


def _line(source: str, node: ast.AST) -> str:
    return source.splitlines()[getattr(node, "lineno", 1) - 1].strip()


def _loops_over(node: ast.AST) -> ast.expr | None:
    """What a loop runs over, or as long as what."""
    if isinstance(node, ast.For | ast.comprehension):
        return node.iter
    return node.test if isinstance(node, ast.While) else None


def _made_of(names: set[str], tree: ast.Module) -> set[str]:
    """These names and all that are assigned from nothing but them."""
    while True:
        more = {
            name
            for node in ast.walk(tree)
            for target, value in _assignments(node)
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


def _is_about(value: ast.expr, layers: set[str]) -> bool:
    """Whether an expression is about layers as a whole: it names them, and neither one of them nor a size of one."""
    inside = list(ast.walk(value))
    if any(isinstance(node, ast.Attribute) and node.attr in ("shape", "size", "T", "flat") for node in inside):
        return False
    if any(isinstance(node, ast.Subscript) and not isinstance(node.slice, ast.Slice) for node in inside):
        return False
    return any(isinstance(node, ast.Name) and node.id in layers for node in inside)


def _is_constant(loop: ast.AST, over: ast.expr) -> bool:
    """Whether a loop runs a fixed number of times, whatever the data."""
    names = {node.id for node in ast.walk(over) if isinstance(node, ast.Name)}
    return not isinstance(loop, ast.While) and names <= {"range", "reversed", "enumerate", "zip", "True", "False"}


def _last_name(function: ast.expr) -> str:
    return function.attr if isinstance(function, ast.Attribute) else getattr(function, "id", "")


def _imported(tree: ast.Module) -> dict[str, str]:
    """What each imported name stands for."""
    alias = {"np": "numpy", "plt": "matplotlib.pyplot"}
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            alias |= {name.asname or name.name.partition(".")[0]: name.name for name in node.names}
        elif isinstance(node, ast.ImportFrom):
            alias |= {name.asname or name.name: f"{node.module}.{name.name}" for name in node.names}
    return alias


def _dotted(node: Any, alias: dict[str, str]) -> list[str]:
    """The full names of a name, an attribute or an import."""
    if isinstance(node, ast.Name):
        return [alias.get(node.id, node.id)]
    if isinstance(node, ast.Attribute):
        return [f"{owner}.{node.attr}" for owner in _dotted(node.value, alias)]
    if isinstance(node, ast.Import):
        return [name.name for name in node.names]
    return [f"{node.module}.{name.name}" for name in node.names] if isinstance(node, ast.ImportFrom) else []
