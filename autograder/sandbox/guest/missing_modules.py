"""Modules that a cell imports and this machine lacks: the import fails, and the cell's other lines still run.

A student may have them where the notebook was written: that they are missing here is no mistake of the answer. Runs in
the process of the student code and in an author's Jupyter kernel; the grader's process uses `missing_imports`.
"""

from __future__ import annotations

import ast
import sys
from collections.abc import Iterator, Sequence
from importlib.util import find_spec
from typing import Any, NoReturn

COLAB = "google.colab"
"""A module that exists in Google Colab only; other modules of its package `google` can be installed."""

REFUSED = "autograder"
"""The grader, which student code can't import: that exception stops a cell like any other."""


def missing_imports(tree: ast.AST, most: int) -> list[str]:
    """Return the modules that any import of some code names and this machine lacks, each once.

    Of a module's dotted name that is the first part, which is what would have to be installed; or COLAB. No module is
    imported to find out. most: how many modules are looked for.
    """
    imports = (node for node in ast.walk(tree) if isinstance(node, ast.Import | ast.ImportFrom))
    names = [module for node in imports for module in _modules_of(node)]
    return [module for module in list(dict.fromkeys(names))[:most] if not _is_installed(module)]


def with_placeholders(tree: ast.Module) -> ast.Module:
    """Return a cell's code in which the import of a missing module, as a statement of its own, stops nothing.

    The names that it would have defined raise NotInstalledError when they are used. Imports inside other statements
    keep their exception, which those may handle.
    """
    statements = [one for statement in tree.body for one in _statements_for(statement)]
    return ast.fix_missing_locations(ast.Module(statements, tree.type_ignores))


def _statements_for(statement: ast.stmt) -> Iterator[ast.stmt]:
    """Yield a statement as it is, or for the import of a missing module a statement for each of its names."""
    imports: Sequence[ast.Import | ast.ImportFrom] = ()
    if isinstance(statement, ast.Import):
        imports = [ast.copy_location(ast.Import([alias]), statement) for alias in statement.names]
    elif isinstance(statement, ast.ImportFrom):
        imports = [statement]
    if all(_is_installed(module) for one in imports for module in _modules_of(one)):
        yield statement
        return
    for one in imports:
        # A cell can still write the module before it imports it, so the import is tried.
        (attempt,) = ast.parse(f"try: pass\nexcept ModuleNotFoundError: {_handler_of(one)}").body
        assert isinstance(attempt, ast.Try)
        attempt.body = [one]
        for node in ast.walk(attempt):
            if "lineno" in node._attributes:
                ast.copy_location(node, statement)
        yield attempt


def _handler_of(statement: ast.Import | ast.ImportFrom) -> str:
    """Return the code that handles the failure of an import: it defines the import's names as placeholders."""
    names = [alias.asname or alias.name.partition(".")[0] for alias in statement.names if alias.name != "*"]
    call = f"placeholders({_modules_of(statement)[0]!r}, {len(names)})"
    target = "".join(f"{name}, " for name in names) + "= " * bool(names)
    return f"{target}__import__('sys').modules[{__name__!r}].{call}"


def _modules_of(statement: ast.Import | ast.ImportFrom) -> list[str]:
    """Return what would have to be installed for the modules that an import names; [] for a relative import."""
    if isinstance(statement, ast.Import):
        names = [alias.name for alias in statement.names]
    elif statement.level:
        return []
    else:
        names = [f"{statement.module}.{alias.name}" for alias in statement.names]
    in_colab = f"{COLAB}."
    return [COLAB if f"{name}.".startswith(in_colab) else name.partition(".")[0] for name in names]


def _is_installed(module: str) -> bool:
    """True if Python finds a module, or has it; False for COLAB, and True for REFUSED."""
    try:
        return module != COLAB and (module == REFUSED or module in sys.modules or find_spec(module) is not None)
    except (ImportError, ValueError):  # raised for a loaded module without __spec__
        return True


class NotInstalledError(ModuleNotFoundError):
    """Raised where a student's code uses a name that the import of a missing module would have defined."""


class _Placeholder:
    """Stands for a name of a missing module; calling it and reading its attributes raises NotInstalledError."""

    def __init__(self, module: str) -> None:
        vars(self)["_module"] = module

    def __getattr__(self, name: str) -> NoReturn:
        if name.startswith("__"):  # libraries look for these in any object
            raise AttributeError(name)
        raise NotInstalledError(sentence(vars(self)["_module"]))

    def __call__(self, *_: Any, **__: Any) -> NoReturn:
        raise NotInstalledError(sentence(vars(self)["_module"]))


def placeholders(module: str, number: int) -> list[_Placeholder]:
    """Return stand-ins for as many names of a missing module, and say on stderr that it is missing.

    The handler of a failed import calls this function. Raises that exception again if another module is missing.
    """
    error = sys.exception()
    missing = error.name if isinstance(error, ModuleNotFoundError) else None
    # Of `google.colab` even `google` may be missing.
    if error and missing and not (f"{missing}.".startswith(f"{module}.") or f"{module}.".startswith(f"{missing}.")):
        raise error
    print(f"ModuleNotFoundError: {sentence(module)}. Only the lines that use it can't run.", file=sys.stderr)
    return [_Placeholder(module) for _ in range(number)]


def sentence(module: str) -> str:
    """Return a sentence, without its full stop, that tells a student of a missing module."""
    where = "exists in Google Colab only" if module == COLAB else "is not installed where notebooks are graded"
    return f"{module} {where}"
