"""Tests of the package as a whole: its example, its imports and its docstrings."""

import ast
import doctest
import importlib
import inspect
import sys
from pathlib import Path

import pytest

from autograder import reference

FILES = sorted(Path(reference.__file__).parent.glob("*.py"))
MODULES = [importlib.import_module(f"autograder.reference.{path.stem}") for path in FILES if path.stem != "__init__"]
FUNCTIONS = [
    pytest.param(function, id=f"{module.__name__.rsplit('.', 1)[1]}.{name}")
    for module in MODULES
    for name, function in vars(module).items()
    if inspect.isfunction(function) and function.__module__ == module.__name__ and not name.startswith("_")
]


def test_the_example_gives_its_numbers():
    """The example in the package's docstring runs and gives the numbers printed there."""
    result = doctest.testmod(reference)
    assert result.attempted > 0
    assert result.failed == 0


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_numpy_is_all_it_needs(path):
    """Each module imports only the standard library, NumPy and the package itself, not the rest of the project."""
    imported = []
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            imported += [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            imported.append(node.module)
    for name in imported:
        assert name.split(".")[0] in {"numpy", *sys.stdlib_module_names} or name.startswith("autograder.reference")


@pytest.mark.parametrize("function", FUNCTIONS)
def test_every_argument_is_described(function):
    """A public function's docstring names every argument and mentions the result."""
    text = inspect.getdoc(function)
    for name in inspect.signature(function).parameters:
        assert name in text or name in ("samples", "dtype", "shapes")  # described once, in their modules' docstrings
    assert any(word in text for word in ("eturn", "result"))
