"""Mutants of a solution, each with one change: by cosmic-ray's operators, then by our own for array code.

Two mutants are equal if their syntax trees are: formatting, comments and docstrings don't count. The order is fixed.
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
    """A solution with one change."""

    operator: str
    """Name of the mutation operator, such as "factor dropped"."""
    source: str
    line: str
    """The changed lines, before and after, for messages."""
    key: str
    """Key of the syntax tree, equal for all code with an equal tree."""

    def __str__(self) -> str:
        return f"{self.operator}:   {self.line}"


@functools.cache
def mutants(source: str) -> tuple[Mutant, ...]:
    """Return all mutants of a cell that compile, each once, in a fixed order."""
    original = ast.unparse(syntax_tree(source))
    seen, results = {tree_key(original)}, []
    for operator, changed in itertools.chain(_library_mutants(original), _table_mutants(original)):
        tree = _compiled_tree(changed)
        if tree and (key := ast.dump(tree)) not in seen:
            seen.add(key)
            text = ast.unparse(tree)
            results.append(Mutant(operator, text, _changed_lines(original, text), key))
    return tuple(results)


def tree_key(source: str) -> str:
    """Return a key that is equal for code that differs only in formatting, comments and docstrings."""
    return ast.dump(syntax_tree(source))


def statements(source: str) -> frozenset[str]:
    """Return the simple statements of a cell as trees, independent of the order of factors and terms."""
    simple = (ast.Assign, ast.AugAssign, ast.Return, ast.Expr)
    return frozenset(
        ast.dump(_OperandSorter().visit(node)) for node in ast.walk(syntax_tree(source)) if isinstance(node, simple)
    )


class _OperandSorter(ast.NodeTransformer):
    """Sorts the operands of each sum and product."""

    def visit_BinOp(self, node: ast.BinOp) -> ast.AST:
        if not isinstance(node.op, ast.Add | ast.Mult):
            return self.generic_visit(node)
        operands, pending = [], [node.left, node.right]
        while pending:
            operand = pending.pop()
            if isinstance(operand, ast.BinOp) and type(operand.op) is type(node.op):
                pending += [operand.left, operand.right]
            else:
                operands.append(self.visit(operand))
        return ast.Call(ast.Name(type(node.op).__name__), sorted(operands, key=ast.dump), [])


def _compiled_tree(source: str) -> ast.Module | None:
    """Return the syntax tree of the code, or None if it does not compile."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # `is` with a number warns, and is a mutant all the same
            compile(source, "<mutant>", "exec", dont_inherit=True)
            return syntax_tree(source)
    except (SyntaxError, ValueError):
        return None


def _changed_lines(before: str, after: str) -> str:
    """Return the changed lines, with - before the old and + before the new ones."""
    lines = difflib.unified_diff(before.splitlines(), after.splitlines(), n=0, lineterm="")
    parts = [line[0] + " " + line[1:].strip() for line in lines if line[0] in "+-" and line[:3] not in ("+++", "---")]
    return "   ".join(parts)


def _library_mutants(source: str) -> Iterator[tuple[str, str]]:
    """Yield operator and code of cosmic-ray's mutants, without operators that are useless for array code."""
    provider, nodes = OperatorProvider(), list(ast_nodes(get_ast(source)))
    for name in provider:
        # Operators with arguments insert random numbers, another mutant each time; floats can't be shifted or masked.
        if provider[name].arguments() or _BITS_OF_NUMBERS.fullmatch(name):
            continue
        operator = provider[name]()
        count = sum(len(list(operator.mutation_positions(node))) for node in nodes)
        for occurrence in range(count):
            yield name, mutate_code(source, operator, occurrence)


_BITS_OF_NUMBERS = re.compile(r"ReplaceBinaryOperator_(Add|Sub|Mul|Div|FloorDiv|Mod|Pow)_(RShift|LShift|Bit\w+)")


def _table_mutants(source: str) -> Iterator[tuple[str, str]]:
    """Yield operator and code of the mutants by the table of our own operators."""
    tree = ast.parse(source)
    positions = list(_node_positions(tree))
    for name, (kind, changes) in OPERATORS.items():
        for holder, key in positions:
            node = holder[key]
            for changed in changes(node) if isinstance(node, kind) else ():
                holder[key] = changed
                yield name, ast.unparse(tree)
                holder[key] = node


def _node_positions(tree: ast.AST) -> Iterator[tuple[Any, Any]]:
    """Yield the position of each node of a tree: a list and an index, or a node's fields and a field's name."""
    for parent in ast.walk(tree):
        for name, value in ast.iter_fields(parent):
            holder, keys = (value, range(len(value))) if isinstance(value, list) else (vars(parent), [name])
            yield from ((holder, key) for key in keys if isinstance(holder[key], ast.AST))
