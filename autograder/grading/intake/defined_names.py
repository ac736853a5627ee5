"""Find the names that a code cell defines, from its text alone: the cell is parsed, never run."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

from autograder.cell_code import parse_cell

MAX_PARSED = 20_000
"""Maximum characters of a cell that is parsed; no answer is as long, and Python's parser is slow on crafted text."""

_WORD = re.compile(r"\w+")
_DEFINES = re.compile(r"^(?:(?:async[ \t]+)?(?:def|class)[ \t]+(\w+)|(\w+)[ \t]*(?::[^=\n]*)?=(?!=))", re.MULTILINE)
"""Matches definitions and assignments at the beginning of a line, for cells that can't be parsed."""


def words(text: str) -> frozenset[str]:
    """Return all words of a text."""
    return frozenset(_WORD.findall(text))


def defined_names(source: str) -> tuple[frozenset[str], bool]:
    """Return the names that a cell sets at its top level before it reads them, and whether the cell is Python.

    For a cell that is no Python, or is nested too deeply, return the names that a regular expression finds.
    """
    tree = events = None
    try:
        tree = parse_cell(source) if len(source) <= MAX_PARSED else None
        events = list(_events(tree)) if tree is not None else None
    except (RecursionError, MemoryError):
        pass
    if events is None:
        names = {name for pair in _DEFINES.findall(source[:MAX_PARSED]) for name in pair if name}
        return frozenset(names), tree is not None
    # A name's first event decides: the dict keeps the last of equal keys, and the order is reversed.
    return frozenset(name for name, is_set in dict(reversed(events)).items() if is_set), True


def _events(node: ast.AST) -> Iterator[tuple[str, bool]]:
    """Yield each name that a node sets or reads in its own scope, in order of execution, and whether it is set."""
    if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
        yield node.name, True
    elif isinstance(node, ast.Name):
        yield node.id, isinstance(node.ctx, ast.Store)
    elif isinstance(node, ast.alias):
        yield node.asname or node.name.partition(".")[0], True
    elif isinstance(node, ast.ListComp | ast.SetComp | ast.DictComp | ast.GeneratorExp):
        inner = [event for child in ast.iter_child_nodes(node) for event in _events(child)]
        local_names = {name for name, is_set in inner if is_set}
        yield from (event for event in inner if event[0] not in local_names)
    elif not isinstance(node, ast.Lambda):
        if isinstance(node, ast.AugAssign) and isinstance(node.target, ast.Name):
            yield node.target.id, False
        # Python evaluates `f(x)` before it sets x, in `x = f(x)` and in `for x in f(x)`.
        target = getattr(node, "target", None)
        targets = getattr(node, "targets", [target] if target is not None else [])
        target_ids = set(map(id, targets))
        others = [child for child in ast.iter_child_nodes(node) if id(child) not in target_ids]
        values = others[:1] if isinstance(node, ast.For | ast.AsyncFor | ast.comprehension) else others
        for child in (*values, *targets, *others[len(values) :]):
            yield from _events(child)
