"""Tests of the way from a cell's text to Python, with IPython's transformer as the oracle."""

from __future__ import annotations

import ast
import time

import pytest
from IPython.core.inputtransformer2 import TransformerManager

from autograder.cell_code import as_python, newer_python, parse_cell, tree_or_empty


@pytest.mark.parametrize(
    "source",
    [
        "%time x = 1\ny = 2", "%matplotlib inline", "x = %timeit -o 1", "a, b[0] = !ls", "!ls\nx = 1", "!!ls  \nx = 1",
        "x?", "np.dot??", "?x", "%time?", "if x:\n    %time y\n    !ls\nelse:\n    z = 1",
        "def f():\n    !echo 'a' \"b\"", "if x: y = !ls", "  %time x\n  y = 2", "!pip install \\\n  numpy\nx = 1",
        "x = (a\n     % b\n     != c)\n%time y",
        "%timeit x = !ls", "x = 1\n%%time\ny = 2", ">>> x = 1\n>>> if x:\n...     y = 2\n", "x = '%d' % 1  # !ls\n!ls",
        "a == !b", "x = ?", "???", "def f(:",
    ],
)  # fmt: skip
def test_magics_are_translated_as_ipython_does(source: str) -> None:
    """A cell with magics has the syntax tree that it has after IPython's transformer; or none."""
    tree = parse_cell(source)
    try:
        expected = ast.parse(TransformerManager().transform_cell(source))
    except SyntaxError:
        assert tree is None
    else:
        assert tree is not None
        assert ast.dump(tree) == ast.dump(ast.parse(as_python(source))) == ast.dump(expected)


@pytest.mark.parametrize("source", ["%%time\nx = 1\n", "%%bash\nls -la\n", "\n%%capture out\nx = (\n", "%%html\n"])
def test_the_body_of_a_cell_magic_is_a_string_to_python(source: str) -> None:
    """`as_python` makes one call of a cell magic, as IPython does, whatever language its body is in."""
    expected = ast.parse(TransformerManager().transform_cell(source))
    assert ast.dump(ast.parse(as_python(source))) == ast.dump(expected)


def test_the_body_of_a_cell_magic_is_parsed() -> None:
    """`parse_cell` parses the body of `%%time`, and finds no Python in that of `%%bash`."""
    tree = parse_cell("\n%%time\nx = 1\n!ls")
    assert tree is not None
    assert ast.unparse(tree) == "x = 1\nget_ipython().system('ls')"
    assert parse_cell("%%bash\nls -la /") is None


@pytest.mark.parametrize(("source", "since"), [
    ("type Row = list[float]", "3.12"), ("def first[T](x: list[T]) -> T:\n    return x[0]", "3.12"),
    ('%time print(f"{history["loss"]}")', "3.12"), ("print(f\"{'\\n'.join(x)}\")", "3.12"),
    ("try:\n    x\nexcept A, B:\n    pass", "3.14"), ('x = t"{y}"', "3.14"),
    ("def (", ""), ("def f(x:\n    return x", ""), ("x = 't' +", ""), ("f'{}'", ""), ("x = 1", ""), ("\0", ""),
])  # fmt: skip
def test_newer_syntax_is_told_from_mistakes(source: str, since: str) -> None:
    """Code that only a later Python accepts has that version; a mistake, and Python as it is here, has none."""
    assert newer_python(source) == ("" if parse_cell(source) else since)


def test_lines_keep_their_numbers() -> None:
    """Each statement stands in the line of the cell in which it was written, below a continued command, too."""
    tree = parse_cell("%%time\n!pip install \\\n  numpy\n\nx = %time 1\ny = 2")
    assert tree is not None
    assert [node.lineno for node in tree.body] == [2, 5, 6]


def test_thousands_of_magics_are_parsed_in_time() -> None:
    """The time that magics take grows with their number, not with its square as in IPython's transformer."""
    start = time.process_time()
    for magic in ("%time 1\n", "x?\n", "x = !ls\n", "!a\\\n"):
        assert parse_cell(magic * 2_000 + "\n") is not None
    assert time.process_time() - start < 5


@pytest.mark.parametrize("source", ["\0", "!ls\n\0", "x = '\ud800'", "def f(:", "x = ("])
def test_no_python_has_no_tree(source: str) -> None:
    """A text with a null character, half a surrogate pair or a syntax error has no tree, or an empty one."""
    assert parse_cell(source) is None
    assert tree_or_empty(source).body == []


def test_code_nested_too_deeply_is_not_taken_for_an_empty_cell() -> None:
    """Deeply nested code raises, so that a rule that can't see it does not count as kept."""
    with pytest.raises((RecursionError, MemoryError)):
        tree_or_empty("x = 1" + " + 1" * 50_000)
