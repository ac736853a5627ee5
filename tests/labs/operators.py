"""Mutation operators for array code that cosmic-ray lacks, as one ordered table. Each entry is one operator."""

from __future__ import annotations

import ast
import copy
import itertools
import re
from collections.abc import Callable, Iterator, Mapping
from typing import Any, TypeVar

N = TypeVar("N", bound=ast.AST)
Changes = Callable[[Any], Iterator[ast.AST]]
"""A mutation operator: yields replacements of a node, each with one change, and leaves the node unchanged."""


def _copy_with(node: N, **changed: Any) -> N:
    """Return a copy of a node with some of its fields changed."""
    copied = copy.copy(node)
    vars(copied).update(changed)
    return copied


def _plus_and_minus_one(node: ast.expr) -> Iterator[ast.expr]:
    """Yield the node plus 1 and minus 1."""
    for sign in (ast.Add(), ast.Sub()):
        yield ast.BinOp(node, sign, ast.Constant(1))


def _with_pairs_swapped(parts: list[ast.expr], adjacent: bool = False) -> Iterator[list[ast.expr]]:
    """Yield copies of a list, each with two of its parts swapped; adjacent: only neighbours."""
    for i, j in itertools.combinations(range(len(parts)), 2):
        if not adjacent or j == i + 1:
            changed = list(parts)
            changed[i], changed[j] = parts[j], parts[i]
            yield changed


def elementwise(node: ast.BinOp) -> Iterator[ast.AST]:
    """A @ B → A * B."""
    if isinstance(node.op, ast.MatMult):
        yield _copy_with(node, op=ast.Mult())


def operands_swapped(node: ast.BinOp) -> Iterator[ast.AST]:
    """A @ B → B @ A, a - b → b - a, a / b → b / a."""
    if isinstance(node.op, ast.MatMult | ast.Sub | ast.Div):
        yield _copy_with(node, left=node.right, right=node.left)


def other_axis(node: ast.keyword) -> Iterator[ast.AST]:
    """axis=0 ↔ axis=1."""
    if node.arg == "axis" and isinstance(node.value, ast.Constant) and node.value.value in (0, 1):
        yield _copy_with(node, value=ast.Constant(1 - node.value.value))


def transpose_dropped(node: ast.Attribute) -> Iterator[ast.AST]:
    """A.T → A."""
    if node.attr == "T":
        yield node.value


def transpose_added(node: ast.BinOp) -> Iterator[ast.AST]:
    """A @ B → A.T @ B, A @ B.T, (A @ B).T. Only for matrix products, because .T of a number is that number."""
    if isinstance(node.op, ast.MatMult):
        for side in ("left", "right"):
            operand = getattr(node, side)
            if not (isinstance(operand, ast.Attribute) and operand.attr == "T"):
                yield _copy_with(node, **{side: ast.Attribute(operand, "T")})
        yield ast.Attribute(node, "T")


def bound_moved(node: ast.Slice) -> Iterator[ast.AST]:
    """x[:n] → x[:n + 1], x[:n - 1]."""
    for bound in ("lower", "upper"):
        if getattr(node, bound) is not None:
            yield from (_copy_with(node, **{bound: moved}) for moved in _plus_and_minus_one(getattr(node, bound)))


def bound_dropped(node: ast.Slice) -> Iterator[ast.AST]:
    """x[:-1] → x[:]."""
    for bound in ("lower", "upper", "step"):
        if getattr(node, bound) is not None:
            yield _copy_with(node, **{bound: None})


def range_moved(node: ast.Call) -> Iterator[ast.AST]:
    """range(n) → range(n + 1), range(n - 1), range(1, n)."""
    if isinstance(node.func, ast.Name) and node.func.id == "range":
        for i, bound in enumerate(node.args):
            for moved in _plus_and_minus_one(bound):
                yield _copy_with(node, args=[*node.args[:i], moved, *node.args[i + 1 :]])
        if len(node.args) == 1:
            yield _copy_with(node, args=[ast.Constant(1), *node.args])


def term_dropped(node: ast.BinOp) -> Iterator[ast.AST]:
    """a - b → a, -b."""
    if isinstance(node.op, ast.Add | ast.Sub):
        yield node.left
        yield node.right if isinstance(node.op, ast.Add) else ast.UnaryOp(ast.USub(), node.right)


def factor_dropped(node: ast.BinOp) -> Iterator[ast.AST]:
    """a * b → a, b; A @ B → A, B; a / b → a, 1 / b; a ** b → a."""
    if isinstance(node.op, ast.Mult | ast.MatMult | ast.Div | ast.Pow):
        yield node.left
    if isinstance(node.op, ast.Mult | ast.MatMult):
        yield node.right
    if isinstance(node.op, ast.Div):
        yield _copy_with(node, left=ast.Constant(1))


def keyword_dropped(node: ast.Call) -> Iterator[ast.AST]:
    """x.sum(axis=0, keepdims=True) → x.sum(axis=0), x.sum(keepdims=True)."""
    for i in range(len(node.keywords)):
        yield _copy_with(node, keywords=node.keywords[:i] + node.keywords[i + 1 :])


def arguments_swapped(node: ast.Call) -> Iterator[ast.AST]:
    """f(a, b) → f(b, a), for each pair."""
    yield from (_copy_with(node, args=args) for args in _with_pairs_swapped(node.args))


def argument_mistaken(node: ast.FunctionDef) -> Iterator[ast.AST]:
    """In a function of a and b: a → b, wherever a is used."""
    names = [argument.arg for argument in node.args.args]
    function = copy.deepcopy(node)
    for use in ast.walk(function):
        if isinstance(use, ast.Name) and use.id in names and isinstance(use.ctx, ast.Load):
            original = use.id
            for use.id in names:
                if use.id != original:
                    yield copy.deepcopy(function)
            use.id = original


def elements_swapped(node: ast.Tuple | ast.List) -> Iterator[ast.AST]:
    """return a, b → return b, a, for neighbours; also in a list and on the left of an assignment."""
    yield from (_copy_with(node, elts=parts) for parts in _with_pairs_swapped(node.elts, adjacent=True))


SAME_KIND = (
    ("sin", "cos"), ("exp", "log"), ("sum", "mean"), ("mean", "std"), ("zeros", "ones"), ("zeros_like", "ones_like"),
    ("hstack", "vstack"), ("maximum", "minimum"), ("max", "min"), ("argmax", "argmin"), ("dot", "multiply"),
)  # fmt: skip
"""Pairs of functions that are easily confused."""


def function_swapped(node: ast.Attribute) -> Iterator[ast.AST]:
    """np.sin → np.cos, x.sum → x.mean, and the other pairs of SAME_KIND; attributes only, no builtins."""
    for first, second in SAME_KIND:
        if node.attr in (first, second):
            yield _copy_with(node, attr=second if node.attr == first else first)


def function_left_out(node: ast.Call) -> Iterator[ast.AST]:
    """np.sin(x) → x, x.sum(axis=0) → x."""
    base = node.func.value if isinstance(node.func, ast.Attribute) else None
    if node.args:
        yield node.args[0]
    if base is not None and not ast.unparse(base).startswith(("np", "math")):
        yield base


def number_beside(node: ast.Name) -> Iterator[ast.AST]:
    """f1 → f0, f2. If no name has that number, the cell raises there."""
    match = re.fullmatch(r"(\w*?)(\d)", node.id)
    if match and isinstance(node.ctx, ast.Load):
        for number in (int(match[2]) - 1, int(match[2]) + 1):
            if number >= 0:
                yield _copy_with(node, id=f"{match[1]}{number}")


def sign_turned(node: ast.Assign | ast.Return) -> Iterator[ast.AST]:
    """return x, y → return -x, y; also for assigned values."""
    parts = node.value.elts if isinstance(node.value, ast.Tuple) else [node.value]
    for i, part in enumerate(parts):
        if isinstance(part, ast.BinOp | ast.Call | ast.Attribute | ast.Subscript | ast.Name):
            changed = [*parts[:i], ast.UnaryOp(ast.USub(), part), *parts[i + 1 :]]
            value = ast.Tuple(changed, ast.Load()) if isinstance(node.value, ast.Tuple) else changed[0]
            yield _copy_with(node, value=value)


def in_place_changed(node: ast.AugAssign) -> Iterator[ast.AST]:
    """x += y → x = y, x -= y; likewise *= and /=."""
    others = {ast.Add: ast.Sub, ast.Sub: ast.Add, ast.Mult: ast.Div, ast.Div: ast.Mult}
    yield ast.copy_location(ast.Assign([node.target], node.value), node)
    if type(node.op) in others:
        yield _copy_with(node, op=others[type(node.op)]())


def statement_dropped(node: ast.stmt) -> Iterator[ast.AST]:
    """Replace a statement by `pass`."""
    yield ast.Pass()


OPERATORS: Mapping[str, tuple[Any, Changes]] = {
    "@ → *": (ast.BinOp, elementwise),
    "operands swapped": (ast.BinOp, operands_swapped),
    "other axis": (ast.keyword, other_axis),
    "transpose dropped": (ast.Attribute, transpose_dropped),
    "transpose added": (ast.BinOp, transpose_added),
    "slice bound moved": (ast.Slice, bound_moved),
    "slice bound dropped": (ast.Slice, bound_dropped),
    "range moved": (ast.Call, range_moved),
    "term dropped": (ast.BinOp, term_dropped),
    "factor dropped": (ast.BinOp, factor_dropped),
    "keyword dropped": (ast.Call, keyword_dropped),
    "arguments swapped": (ast.Call, arguments_swapped),
    "argument mistaken": (ast.FunctionDef, argument_mistaken),
    "elements swapped": ((ast.Tuple, ast.List), elements_swapped),
    "function swapped": (ast.Attribute, function_swapped),
    "function left out": (ast.Call, function_left_out),
    "number beside": (ast.Name, number_beside),
    "sign turned": ((ast.Assign, ast.Return), sign_turned),
    "in-place changed": (ast.AugAssign, in_place_changed),
    "statement dropped": (ast.stmt, statement_dropped),
}
"""By name: the type of node that an operator applies to, and the operator."""
