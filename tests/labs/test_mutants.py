"""Tests of mutants: each operator makes the expected ones, each once, in a fixed order, and all compile."""

from __future__ import annotations

import ast

import pytest

from tests.labs.mutants import mutants, tree_key
from tests.labs.operators import OPERATORS

EXAMPLES: dict[str, tuple[str, set[str]]] = {
    "@ → *": ("c = a @ b", {"c = a * b"}),
    "operands swapped": ("c = a @ (b - 1)", {"c = (b - 1) @ a", "c = a @ (1 - b)"}),
    "other axis": ("c = x.sum(axis=0)", {"c = x.sum(axis=1)"}),
    "transpose dropped": ("c = a.T @ b", {"c = a @ b"}),
    "transpose added": ("c = a.T @ b", {"c = a.T @ b.T", "c = (a.T @ b).T"}),
    "slice bound moved": ("c = x[n:]", {"c = x[n + 1:]", "c = x[n - 1:]"}),
    "slice bound dropped": ("c = x[1:n:2]", {"c = x[:n:2]", "c = x[1::2]", "c = x[1:n]"}),
    "range moved": ("range(n)", {"range(n + 1)", "range(n - 1)", "range(1, n)"}),
    "term dropped": ("c = a - b + 1", {"c = a - b", "c = 1", "c = a + 1", "c = -b + 1"}),
    "factor dropped": (
        "c = a * b / n ** 2 @ d",
        {"c = a * b / n ** 2", "c = d", "c = a * b @ d", "c = 1 / n ** 2 @ d", "c = a / n ** 2 @ d",
         "c = b / n ** 2 @ d", "c = a * b / n @ d"},
    ),
    "keyword dropped": ("x.sum(axis=0, keepdims=True)", {"x.sum(axis=0)", "x.sum(keepdims=True)"}),
    "arguments swapped": ("f(a, b, c)", {"f(b, a, c)", "f(c, b, a)", "f(a, c, b)"}),
    "argument mistaken": ("def f(a, b):\n    return a", {"def f(a, b):\n    return b"}),
    "elements swapped": ("a, b = [c, d]", {"b, a = [c, d]", "a, b = [d, c]"}),
    "function swapped": ("c = np.sin(x).sum()", {"c = np.cos(x).sum()", "c = np.sin(x).mean()"}),
    "function left out": ("c = np.sin(x.sum(axis=0))", {"c = x.sum(axis=0)", "c = np.sin(x)"}),
    "number beside": ("h2 = f1 + f0", {"h2 = f0 + f0", "h2 = f2 + f0", "h2 = f1 + f1"}),
    "sign turned": ("def f(x):\n    y = x * x\n    return (x, y)",
                    {"def f(x):\n    y = -(x * x)\n    return (x, y)", "def f(x):\n    y = x * x\n    return (-x, y)",
                     "def f(x):\n    y = x * x\n    return (x, -y)"}),
    "in-place changed": ("x += y", {"x -= y", "x = y"}),
    "statement dropped": (
        'def f(x):\n    """One more."""\n    x = x + 1\n    return x',
        {"pass", "def f(x):\n    pass\n    return x", "def f(x):\n    x = x + 1\n    pass"},
    ),
}  # fmt: skip
"""By operator of our own table: a cell, and all mutants that the operator must make of it."""

LIBRARY = {
    "c = a + 1": {"c = a - 1", "c = a * 1", "c = a / 1", "c = a // 1", "c = a ** 1", "c = a + 2", "c = a + 0"},
    "c = -a ** 2": {"c = a ** 2", "c = +a ** 2", "c = -a * 2", "c = -a ** 3"},
    "for i in a:\n    if i < b and not d:\n        break": {
        "for i in []:\n    if i < b and not d:\n        break",
        "for i in a:\n    if i <= b and not d:\n        break",
        "for i in a:\n    if i > b and not d:\n        break",
        "for i in a:\n    if i < b or not d:\n        break",
        "for i in a:\n    if i < b and d:\n        break",
        "for i in a:\n    if (not i < b) and not d:\n        break",
        "for i in a:\n    if i < b and not d:\n        continue",
    },
    "c = True": {"c = False"},
}  # fmt: skip
"""By cell: mutants that cosmic-ray must make of it, among others."""


def test_every_operator_has_an_example() -> None:
    """Each of our own operators has an example."""
    assert list(EXAMPLES) == list(OPERATORS)


@pytest.mark.parametrize("operator", EXAMPLES)
def test_own_operator(operator: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """An operator alone makes exactly the expected mutants."""
    monkeypatch.setattr("tests.labs.mutants.OPERATORS", {operator: OPERATORS[operator]})
    monkeypatch.setattr("tests.labs.mutants.OperatorProvider", dict)
    cell, expected = EXAMPLES[operator]
    results = mutants.__wrapped__(cell)
    assert {mutant.operator for mutant in results} == {operator}
    assert {mutant.source for mutant in results} == {ast.unparse(ast.parse(code)) for code in expected}


@pytest.mark.parametrize("cell", LIBRARY, ids=str.split)
def test_library_operators(cell: str) -> None:
    """cosmic-ray changes signs, operators, numbers, comparisons, conditions and loops."""
    assert {tree_key(code) for code in LIBRARY[cell]} <= {mutant.key for mutant in mutants(cell)}


def test_numbers_are_not_shifted_and_masked() -> None:
    """Bit operators are replaced by others; arithmetic operators are not replaced by bit operators."""
    assert {mutant.source for mutant in mutants("c = a & b")} >= {"c = a | b", "c = a ^ b", "c = a + b"}
    assert not {mutant.source for mutant in mutants("c = a + b")} & {"c = a | b", "c = a << b", "c = a ^ b"}


def test_mutants_are_different_code_that_compiles() -> None:
    """No mutant occurs twice or equals the original, each compiles, and formatting makes no difference."""
    cell = "# a note\ndef f(x, *, n=1):\n 'Some words.'\n return (x @ x.T).sum( axis = 0 )[:-n] if x is not n else -x\n"
    results = mutants(cell)
    keys = [mutant.key for mutant in results]
    assert len(set(keys)) == len(keys) > 30
    assert tree_key(cell) not in keys
    for mutant in results:
        compile(mutant.source, "<mutant>", "exec")
        assert "Some words." not in mutant.source
    again = mutants("def f(x,*,n=1):\n  return (x@x.T).sum(axis=0)[:-n] if x is not n else -x")
    assert again == results


def test_a_mutant_shows_what_changed() -> None:
    """A mutant's text names the operator and the lines that differ."""
    shown = [str(mutant) for mutant in mutants("a = b\nc = a @ d\n")]
    assert "@ → *:   - c = a @ d   + c = a * d" in shown
    assert "statement dropped:   - a = b   + pass" in shown


def test_magics_are_no_obstacle() -> None:
    """A cell with an IPython magic has mutants."""
    assert "sign turned" in {mutant.operator for mutant in mutants("%time x = 1\ny = a * b")}
