"""Tests of defined_names: the names that a cell defines, read from its source."""

from __future__ import annotations

import pytest

from autograder.grading.intake.defined_names import defined_names


@pytest.mark.parametrize(
    ("source", "names"),
    [
        ("a = b", "a"), ("a, (b, *c) = d", "a b c"), ("def f(x):\n    y = x", "f"), ("class C:\n    z = 1", "C"),
        ("import a.b, c as d\nfrom e import f as g", "a d g"), ("for i in x:\n    j = i", "i j"), ("a: int = 1", "a"),
        ("with x as y:\n    z = y", "y z"), ("if (n := 3):\n    m = n", "n m"),
        ("[k for k in x]", ""), ("a.b = c[0] = 1", ""),
        ("%time\na = 1\n!ls\nb?", "a"), ("%%time\na = 1", "a"), ("a = %timeit -o 1", "a"), ("  a = 1\n  b = 2", "a b"),
        ("def f(:\nb = 2\n c = 3", "f b"), ("a == 1\nb += (", ""), ("lambda q: (r := 1)", ""),
        ("a += 1", ""), ("a = a + 1", ""), ("a = 1\na = a + 1", "a"), ("for a in a:\n    pass", ""),
        ("x = [x for x in y]", "x"), ("", ""),
    ],
)  # fmt: skip
def test_names(source: str, names: str) -> None:
    """A cell defines the names that it creates at its top level, not names that it changes or creates in functions."""
    assert defined_names(source)[0] == set(names.split())


def test_warnings_of_the_parser_are_hidden() -> None:
    """Code that makes Python's parser warn is read without a warning."""
    assert defined_names(r"a = '\d'; b = 1 is 1") == ({"a", "b"}, True)
