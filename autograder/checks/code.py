"""Rules on the code of a task's cell, checked in its syntax tree: no loop over samples, no library that does the work.

A rule sees the task's own cell only, not a helper function in another cell.
"""

from __future__ import annotations

import ast
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from autograder.cell_code import tree_or_empty
from autograder.checks.loops import LAYERS, last_name, line_of, no_loops

__all__ = ["LAYERS", "CodeRules", "Rule", "calling", "no_loops", "without"]

Rule = Callable[[str], str | None]
"""Returns how a cell's text breaks the rule, in a sentence without a subject; None where it does not."""


@dataclass(frozen=True)
class CodeRules:
    """Rules on the code of a task."""

    forbidden: Sequence[Rule] = ()
    """A task that breaks one of these earns nothing."""
    style: Mapping[str, tuple[float, Rule]] = field(default_factory=dict)
    """Further lines of the rubric, by name: their points are earned where the rule holds and some value is correct."""


def without(*names: str) -> Rule:
    """Return a rule against modules and functions, however they are imported: "torch", "numpy.gradient"."""

    def rule(source: str) -> str | None:
        tree = tree_or_empty(source)
        alias = _imported(tree)
        for node in ast.walk(tree):
            for used in _dotted(node, alias):
                for name in names:
                    if used == name or used.startswith(name + "."):
                        line = line_of(source, node)
                        return f"it uses `{name}`, in the line `{line}`: here you do that work yourself"
        return None

    return rule


def calling(*names: str) -> Rule:
    """Return a rule that one of these functions or methods is called: "backward" for `loss.backward()`."""

    def rule(source: str) -> str | None:
        calls = (node.func for node in ast.walk(tree_or_empty(source)) if isinstance(node, ast.Call))
        if any(last_name(function) in names for function in calls):
            return None
        return f"`{names[0]}` is not called in this cell: here PyTorch does the work, not you"

    return rule


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
