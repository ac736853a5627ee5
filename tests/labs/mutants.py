"""Mutants of a solution: what one slip makes of it. cosmic-ray's operators, then our own for array code.

A mutant is the same code by its tree: formatting, comments and docstrings don't count. The order is always the same.
"""

from __future__ import annotations

import ast
import difflib
import functools
import itertools
import re
import warnings
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from cosmic_ray.ast import ast_nodes, get_ast
from cosmic_ray.mutating import mutate_code
from cosmic_ray.operators.provider import OperatorProvider

from autograder.authoring.lab_text import syntax_tree
from tests.labs.operators import OPERATORS


@dataclass(frozen=True)
class Mutant:
    """One changed solution."""

    operator: str
    """What was done: "factor dropped"."""
    source: str
    line: str
    """The lines that changed, before and after, for people."""
    key: str
    """The same for all code that has the same tree."""

    def __str__(self) -> str:
        return f"{self.operator}:   {self.line}"


@functools.cache
def mutants(source: str) -> tuple[Mutant, ...]:
    """All mutants of a cell that compile, each once, always in one order."""
    plain = ast.unparse(syntax_tree(source))
    seen, found = {tree_key(plain)}, []
    for operator, changed in itertools.chain(_by_library(plain), _by_table(plain)):
        tree = _tree_that_compiles(changed)
        if tree and (key := ast.dump(tree)) not in seen:
            seen.add(key)
            text = ast.unparse(tree)
            found.append(Mutant(operator, text, _difference(plain, text), key))
    return tuple(found)


def tree_key(source: str) -> str:
    """What two pieces of code share where they differ in formatting, comments and docstrings only."""
    return ast.dump(syntax_tree(source))


def statements(source: str) -> frozenset[str]:
    """The lines of a cell that do something, whatever the order of the factors of a product or the terms of a sum."""
    simple = (ast.Assign, ast.AugAssign, ast.Return, ast.Expr)
    return frozenset(
        ast.dump(_Sorted().visit(node)) for node in ast.walk(syntax_tree(source)) if isinstance(node, simple)
    )


class _Sorted(ast.NodeTransformer):
    """Puts the operands of each sum and product in one order."""

    def visit_BinOp(self, node: ast.BinOp) -> ast.AST:
        if not isinstance(node.op, ast.Add | ast.Mult):
            return self.generic_visit(node)
        operands, waiting = [], [node.left, node.right]
        while waiting:
            one = waiting.pop()
            if isinstance(one, ast.BinOp) and type(one.op) is type(node.op):
                waiting += [one.left, one.right]
            else:
                operands.append(self.visit(one))
        return ast.Call(ast.Name(type(node.op).__name__), sorted(operands, key=ast.dump), [])


def _tree_that_compiles(source: str) -> ast.Module | None:
    """The tree of code that compiles; None for what doesn't."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # an identity test of a number is a mutant, too
            compile(source, "<mutant>", "exec", dont_inherit=True)
            return syntax_tree(source)
    except (SyntaxError, ValueError):
        return None


def _difference(before: str, after: str) -> str:
    """The changed lines alone."""
    lines = difflib.unified_diff(before.splitlines(), after.splitlines(), n=0, lineterm="")
    parts = [line[0] + " " + line[1:].strip() for line in lines if line[0] in "+-" and line[:3] not in ("+++", "---")]
    return "   ".join(parts)


def _by_library(source: str) -> Iterator[tuple[str, str]]:
    """cosmic-ray's own operators, but for those that say nothing here."""
    provider, nodes = OperatorProvider(), list(ast_nodes(get_ast(source)))
    for name in provider:
        # A random number for a variable would be another mutant each time; and no float can be shifted or masked.
        if provider[name].arguments() or _BITS_OF_NUMBERS.fullmatch(name):
            continue
        operator = provider[name]()
        count = sum(len(list(operator.mutation_positions(node))) for node in nodes)
        for occurrence in range(count):
            yield name, mutate_code(source, operator, occurrence)


_BITS_OF_NUMBERS = re.compile(r"ReplaceBinaryOperator_(Add|Sub|Mul|Div|FloorDiv|Mod|Pow)_(RShift|LShift|Bit\w+)")


def _by_table(source: str) -> Iterator[tuple[str, str]]:
    tree = ast.parse(source)
    places = list(_places(tree))
    for name, (kind, changes) in OPERATORS.items():
        for holder, key in places:
            node = holder[key]
            for changed in changes(node) if isinstance(node, kind) else ():
                holder[key] = changed
                yield name, ast.unparse(tree)
                holder[key] = node


def _places(tree: ast.AST) -> Iterator[tuple[Any, Any]]:
    """Where each node of a tree hangs: a list and an index, or a node's fields and the name of one."""
    for parent in ast.walk(tree):
        for name, value in ast.iter_fields(parent):
            holder, keys = (value, range(len(value))) if isinstance(value, list) else (vars(parent), [name])
            yield from ((holder, key) for key in keys if isinstance(holder[key], ast.AST))
