"""The rule against loops over samples and units: `checks.code.no_loops`."""

from __future__ import annotations

import ast
import builtins
import itertools
from collections.abc import Callable, Iterator, Mapping

from autograder.cell_code import tree_or_empty

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


_LIBRARY = frozenset({*dir(builtins), *dir(itertools)})
"""Names of functions whose results are known to be no lists of layers, unless all that they get is."""


def no_loops(
    arguments: Mapping[str, str] | None = None, layers: tuple[str, ...] = LAYERS
) -> Callable[[str], str | None]:
    """Return a rule against loops and comprehensions, open or inside calls, except over the layers of a network.

    arguments: parameters of functions in the lab's order, by the function's name: a student may rename them. layers:
    names by which a loop over layers is recognised; also names that are computed of them alone, such as
    `last = len(all_weights) - 1`, lists that a loop fills, which is checked itself, and what helper functions in the
    cell make of them. What a function of another cell makes of a list of layers counts as one too: it can't be known.
    The rule does not see a recursion, nor a loop in another cell.
    """

    def rule(source: str) -> str | None:
        tree = tree_or_empty(source)
        known = _computed_of(set(layers) | _renamed(tree, arguments or {}, layers) | _filled(tree), tree)
        for node in ast.walk(tree):
            over = _loops_over(node)
            if over is not None and not _is_about(over, known) and not _is_constant(node, over):
                return f"it loops over samples or units, in the line `{line_of(source, over)}`: {_INSTEAD}"
            if isinstance(node, ast.Call) and _loops_inside(node, known):
                return f"it loops in disguise, in the line `{line_of(source, node)}`: {_INSTEAD}"
        return None

    return rule


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
    name = last_name(call.func)
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
    assigned = [pair for node in ast.walk(tree) for pair in _assignments(node)]
    begun = {name for names, value in assigned if _is_empty(value) or _is_grown(names, value) for name in names}
    grown = (one.target for one in ast.walk(tree) if isinstance(one, ast.AugAssign) and isinstance(one.value, ast.List))
    return begun | {one.id for one in (*added, *grown) if isinstance(one, ast.Name)}


def _is_empty(value: ast.expr) -> bool:
    values = value.elts if isinstance(value, ast.Tuple) and value.elts else [value]
    empty = {"[]", "{}", "list()", "dict()"}
    return all(ast.unparse(one) in empty for one in values)


def _is_grown(names: list[str], value: ast.expr) -> bool:
    """True for the value of `gradients = [gradient] + gradients`."""
    match value:
        case ast.BinOp(op=ast.Add(), left=ast.List(), right=ast.Name(id=name)):
            return [name] == names
        case ast.BinOp(op=ast.Add(), left=ast.Name(id=name), right=ast.List()):
            return [name] == names
    return False


def _computed_of(names: set[str], tree: ast.Module) -> set[str]:
    """Return these names, those assigned from nothing but them, and the indices of loops over them.

    Parameters of helper functions that get only such values are among them. The result of a helper function stands as
    `name()` among them, and each part of a pair that it returns as `name()[0]`; `def name` says that the cell has it.
    """
    helpers = {node.name: node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)}
    names = names | {f"def {name}" for name in helpers}
    while True:
        more = {
            name
            for node in ast.walk(tree)
            for target, value in [*_assignments(node), *_indices(node)]
            if _is_about(value, names)
            for name in target
        }
        more |= _layered_parameters(helpers, tree, names)
        more |= {result for helper in helpers.values() for result in _layered_results(helper, names)}
        if more <= names:
            return names
        names = names | more


def _layered_parameters(helpers: Mapping[str, ast.FunctionDef], tree: ast.Module, layers: set[str]) -> set[str]:
    """Return parameters of helper functions that get nothing but layers, and that name nothing else in the cell."""
    given: dict[str, list[bool]] = {}
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and (helper := helpers.get(getattr(node.func, "id", ""))):
            positional = zip([*helper.args.posonlyargs, *helper.args.args], node.args, strict=False)
            named = [(parameter.arg, value) for parameter, value in positional]
            for name, value in [*named, *((one.arg, one.value) for one in node.keywords if one.arg)]:
                given.setdefault(name, []).append(_is_about(value, layers))
    parameters = [node.arg for node in ast.walk(tree) if isinstance(node, ast.arg)]
    assigned = {node.id for node in ast.walk(tree) if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store)}
    return {name for name, about in given.items() if all(about) and parameters.count(name) == 1} - assigned


def _layered_results(helper: ast.FunctionDef, layers: set[str]) -> Iterator[str]:
    """Yield `name()` if a helper function returns layers, or several values; `name()[0]` if the first are layers."""
    returned = [node.value for node in _own_nodes(helper) if isinstance(node, ast.Return) and node.value is not None]
    pairs = [value.elts for value in returned if isinstance(value, ast.Tuple)]
    if returned and len(pairs) == len(returned) and len({len(pair) for pair in pairs}) == 1:
        yield f"{helper.name}()"  # a loop over a tuple runs a fixed number of times
        for index, parts in enumerate(zip(*pairs, strict=True)):
            if all(_is_about(part, layers) for part in parts):
                yield f"{helper.name}()[{index}]"
    elif returned and all(_is_about(value, layers) for value in returned):
        yield f"{helper.name}()"


def _own_nodes(function: ast.FunctionDef) -> Iterator[ast.AST]:
    """Yield the nodes of a function without those of functions inside it."""
    pending: list[ast.AST] = [*function.body]
    while pending:
        node = pending.pop()
        yield node
        if not isinstance(node, ast.FunctionDef | ast.Lambda):
            pending += ast.iter_child_nodes(node)


def _assignments(node: ast.AST) -> Iterator[tuple[list[str], ast.expr]]:
    """Yield names with the value that a statement assigns to them; several names each with its own part of it."""
    targets = node.targets if isinstance(node, ast.Assign) else [getattr(node, "target", None)]
    value = getattr(node, "value", None)
    if not isinstance(node, ast.Assign | ast.AnnAssign | ast.NamedExpr) or value is None:
        return
    for target in filter(None, targets):
        match target, value:
            case ast.Tuple(elts=names), ast.Tuple(elts=values) if len(names) == len(values):
                pairs = list(zip(names, values, strict=True))
            case ast.Tuple(elts=names), ast.Call(func=ast.Name()):
                pairs = [(name, ast.Subscript(value, ast.Constant(index))) for index, name in enumerate(names)]
            case _:
                pairs = [(target, value)]
        for one, part in pairs:
            yield [name.id for name in ast.walk(one) if isinstance(name, ast.Name)], part


def _indices(node: ast.AST) -> Iterator[tuple[list[str], ast.expr]]:
    """Yield the numbers that a loop counts: k of `for k in range(K)`, and of `for k, f in enumerate(all_f)`."""
    if isinstance(node, ast.For | ast.comprehension):
        calls = [last_name(call.func) for call in ast.walk(node.iter) if isinstance(call, ast.Call)]
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
        case ast.Subscript(value=ast.Call(func=ast.Name(id=name)) as call, slice=ast.Constant(value=int(index))):
            return f"{name}()[{index}]" in layers or _is_unknown_result(call, layers)
        case ast.Subscript():
            return isinstance(value.slice, ast.Slice) and _is_about(value.value, layers)
        case ast.ListComp() | ast.SetComp() | ast.GeneratorExp() | ast.DictComp():
            parts = [one.iter for one in value.generators]
        case ast.Call() if last_name(value.func) == "zip":
            # It ends with the shortest.
            return any(_is_about(argument, layers) for argument in value.args)
        case ast.Call() if last_name(value.func) in ("map", "filter"):
            return any(_is_about(argument, layers) for argument in value.args[1:])
        case ast.Call() if f"{last_name(value.func)}()" in layers or _is_unknown_result(value, layers):
            return True
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


def _is_unknown_result(call: ast.Call, layers: set[str]) -> bool:
    """True if a function of another cell gets a list of layers: it may return one."""
    if not isinstance(call.func, ast.Name) or call.func.id in _LIBRARY or f"def {call.func.id}" in layers:
        return False
    arguments = [*call.args, *(keyword.value for keyword in call.keywords)]
    return any(isinstance(one, ast.Name | ast.Subscript) and _is_about(one, layers) for one in arguments)


def _is_number(value: ast.expr) -> bool:
    return all(isinstance(node, ast.Constant | ast.UnaryOp | ast.unaryop) for node in ast.walk(value))


def _is_constant(loop: ast.AST, over: ast.expr) -> bool:
    """True if a loop runs a fixed number of times, whatever the data."""
    names = {node.id for node in ast.walk(over) if isinstance(node, ast.Name)}
    return not isinstance(loop, ast.While) and names <= {"range", "reversed", "enumerate", "zip", "True", "False"}


def last_name(function: ast.expr) -> str:
    """Return the name of a function or method that is called, without what stands before the dot."""
    return function.attr if isinstance(function, ast.Attribute) else getattr(function, "id", "")


def line_of(source: str, node: ast.AST) -> str:
    """Return the line of a cell's text in which a node of its syntax tree begins."""
    return source.splitlines()[getattr(node, "lineno", 1) - 1].strip()
