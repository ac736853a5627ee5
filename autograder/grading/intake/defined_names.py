"""Which names a cell of code defines, told from its text alone."""

from __future__ import annotations

import ast
import re
import textwrap
import warnings
from collections.abc import Iterator

MAX_PARSED = 20_000
"""Characters of one cell; no answer is as long, and Python's parser is slow on what somebody made up."""

_WORD = re.compile(r"\w+")
_MAGIC = re.compile(r"^(\s*)(?:[%!?].*|[\w.]+\?{1,2}\s*)$")
_MAGIC_VALUE = re.compile(r"^([\w.,\s]+=\s*)[%!].*$")
_DEFINES = re.compile(r"^(?:(?:async[ \t]+)?(?:def|class)[ \t]+(\w+)|(\w+)[ \t]*(?::[^=\n]*)?=(?!=))", re.MULTILINE)


def words(text: str) -> frozenset[str]:
    """All words of a text."""
    return frozenset(_WORD.findall(text))


def parsed(source: str) -> ast.Module | None:
    """The cell as Python, its magics and shell commands left out; None where it is no Python, or too long.

    Not IPython's own transformer: it takes 45 s for 600 magics in one cell.
    """
    if len(source) > MAX_PARSED:
        return None
    for text in (source, textwrap.dedent("\n".join(map(_without_magic, source.splitlines())))):
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")  # invalid escapes in a student's string are theirs
                return ast.parse(text)
        # SyntaxError and NUL characters; RecursionError and MemoryError for what is nested too deeply.
        except (SyntaxError, ValueError, RecursionError, MemoryError):
            continue
    return None


def read(source: str) -> tuple[frozenset[str], bool]:
    """The names that a cell brings up at its top level, not what it found and changed; whether it is Python.

    Of a cell that is no Python, the names that it seems to define.
    """
    tree = parsed(source)
    try:
        events = list(_events(tree)) if tree is not None else None
    except RecursionError:
        events = None
    if events is None:
        names = {name for pair in _DEFINES.findall(source[:MAX_PARSED]) for name in pair if name}
        return frozenset(names), tree is not None
    # What comes first decides; a dict keeps what comes last.
    return frozenset(name for name, is_set in dict(reversed(events)).items() if is_set), True


def _events(node: ast.AST) -> Iterator[tuple[str, bool]]:
    """Each name that is set or read where the node stands, in order of time, and whether it is set."""
    if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
        yield node.name, True
    elif isinstance(node, ast.Name):
        yield node.id, isinstance(node.ctx, ast.Store)
    elif isinstance(node, ast.alias):
        yield node.asname or node.name.partition(".")[0], True
    elif isinstance(node, ast.ListComp | ast.SetComp | ast.DictComp | ast.GeneratorExp):
        inner = [event for child in ast.iter_child_nodes(node) for event in _events(child)]
        own = {name for name, is_set in inner if is_set}
        yield from (event for event in inner if event[0] not in own)
    elif not isinstance(node, ast.Lambda):
        if isinstance(node, ast.AugAssign) and isinstance(node.target, ast.Name):
            yield node.target.id, False
        # In `x = f(x)` and `for x in f(x)` the right comes first.
        target = getattr(node, "target", None)
        late = getattr(node, "targets", [target] if target is not None else [])
        others = set(map(id, late))
        body = [child for child in ast.iter_child_nodes(node) if id(child) not in others]
        first = body[:1] if isinstance(node, ast.For | ast.AsyncFor | ast.comprehension) else body
        for child in (*first, *late, *body[len(first) :]):
            yield from _events(child)


def _without_magic(line: str) -> str:
    return _MAGIC_VALUE.sub(r"\1None", _MAGIC.sub(r"\1pass", line))
