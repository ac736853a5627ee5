"""Parse the text of a code cell, with IPython's magics as calls of IPython; nothing is run.

IPython's own transformer is left to the process that runs the cell: it takes 6 s for 400 magics in one cell, and where
it tokenizes a line of a megabyte, Python 3.12.1 copies the line for each of its tokens.
"""

from __future__ import annotations

import ast
import re
import sys
import textwrap
import warnings
from functools import lru_cache

_PROMPT = re.compile(r"^(?:>>>|\.\.\.)(?: |$)", re.MULTILINE)
"""Matches Python's prompt before code that was copied from a session; IPython ignores it."""
_HELP = re.compile(r"^([ \t]*)(%{0,2}[\w.*]+)(\?\??)[ \t]*$", re.MULTILINE)
"""Matches a request for help with its question marks at the end: `x?`."""
_MAGIC = re.compile(
    r"^((?:[^=#'\"\n]+=)??)([ \t]*)(%%?(?=[a-zA-Z_])|!!|!(?!=)|\?\??)((?:.*\\\n)*.*)$", re.MULTILINE
)  # fmt: skip
"""Matches a line magic, a shell command, or a request for help: what is assigned, white space, escape, and the rest.

A line that merely continues an expression, such as `% 2` or `!= 2`, does not match.
"""
_CELL_MAGIC = re.compile(r"\A(\s*)%%")

_NEWER_SYNTAX = (
    ((3, 12), re.compile(r"^[ \t]*type[ \t]+\w+[ \t]*(?:\[[^\]\n]*\][ \t]*)?=", re.MULTILINE)),
    ((3, 12), re.compile(r"^[ \t]*(?:async[ \t]+)?(?:def|class)[ \t]+\w+[ \t]*\[", re.MULTILINE)),
    ((3, 14), re.compile(r"""(?<![\w'"])(?:[tT][rR]?|[rR][tT])['"]""")),
    ((3, 14), re.compile(r"^[ \t]*except\*?[ \t]+[\w.]+[ \t]*,[\w., \t]+:", re.MULTILINE)),
)
"""Syntax that only some version of Python and later ones know: `type X = …`, `def f[T](…)`, t"…", `except A, B:`."""
_NEWER_F_STRING = re.compile(r"f-string(?:: unmatched|: expecting '}'|.*backslash)")
"""Matches what Python before 3.12 says of f-strings with quotes or backslashes inside braces."""


def parse_cell(source: str) -> ast.Module | None:
    """Return the syntax tree of a cell, with line numbers as in the cell; None if the cell is no Python.

    The body of a cell magic, such as `%%time`, is parsed like any other code. Raises RecursionError or MemoryError if
    code is nested too deeply.
    """
    plain = _CELL_MAGIC.sub(r"\1# ", source)
    return _parse(plain) or _parse(_with_calls(plain))


@lru_cache(maxsize=16)
def tree_or_empty(source: str) -> ast.Module:
    """Return the syntax tree of a cell as `parse_cell` does, but an empty one if the cell is no Python; cached.

    A cell that is no Python fails when it runs, which tells the student more. Raises RecursionError or MemoryError.
    """
    return parse_cell(source) or ast.Module(body=[], type_ignores=[])


def as_python(source: str) -> str:
    """Return the text of a cell as Python; the body of a cell magic becomes a string, as in IPython.

    Raises RecursionError or MemoryError if code is nested too deeply.
    """
    if _parse(source):
        return source
    if _CELL_MAGIC.match(source):
        first, _, body = source.lstrip().partition("\n")
        name, _, arguments = first.removeprefix("%%").partition(" ")
        return f"get_ipython().run_cell_magic({name!r}, {arguments!r}, {body!r})\n"
    return _with_calls(source)


def _parse(text: str) -> ast.Module | None:
    """Return the syntax tree of a text; None if it is no Python, or has a null character or half a surrogate pair."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # about invalid escapes in strings
            return ast.parse(text)
    except (SyntaxError, ValueError):
        return None


def _with_calls(source: str) -> str:
    """Return a text with magics as calls of IPython, without prompts and the indentation that all lines share."""
    return _MAGIC.sub(_as_call, _HELP.sub(r"\1\3\2", textwrap.dedent(_PROMPT.sub("", source))))


def _as_call(match: re.Match[str]) -> str:
    """Return a magic that _MAGIC matched as a call of IPython, followed by as many line ends as the magic has."""
    target, space, escape, rest = match.groups()
    argument = rest.replace("\\\n", " ").rstrip()
    if target and escape.startswith("?"):
        return match[0]
    if escape.startswith("%"):
        name, _, arguments = f"{escape[1:]}{argument}".partition(" ")
        call = f"run_line_magic({name!r}, {arguments!r})"
    elif escape.startswith("?"):
        call = f"run_line_magic({'pinfo2' if escape == '??' else 'pinfo'!r}, {argument!r})"
    else:
        call = f"{'getoutput' if target or escape == '!!' else 'system'}({argument!r})"
    return f"{target}{space}get_ipython().{call}" + "\n" * rest.count("\n")


def newer_python(source: str, version: tuple[int, int] = sys.version_info[:2]) -> str:
    """Return the version of Python, as "3.12", whose syntax seems to keep a cell from being Python here; else "".

    A cell that is Python here has none. version: that of this Python.
    """
    if parse_cell(source) is not None:
        return ""
    newer = [since for since, pattern in _NEWER_SYNTAX if version < since and pattern.search(source)]
    try:
        ast.parse(_with_calls(source))
    except ValueError:  # a null character
        return ""
    except SyntaxError as error:
        if version < (3, 12) and _NEWER_F_STRING.match(error.msg):
            newer.append((3, 12))
    return "{}.{}".format(*max(newer)) if newer else ""
