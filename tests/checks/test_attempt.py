"""Tests that what a submission raises is described and named by what shows the mistake, not by an exception's class."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
import pytest

from autograder import checks
from autograder.checks import Score, render
from autograder.checks.cases import Case
from autograder.sandbox.guest.ipython import refuse_input

Notebook = Callable[..., dict[str, Any]]

EARLIER = """
import numpy as np
def earlier(x): raise NotImplementedError("Your turn")
def nothing(x): x + 1
whole = np.array([1, 2, 3])
class Layer:
    def forward(self, x): return x
"""
"""What a submission has before the task's cell."""

RAISED = [
    ("raise NotImplementedError('Your turn')", "not-written", "not written yet"),
    ("return earlier(x)", "earlier-not-written", "calls from an earlier cell is not written"),
    ("import asyncio; return asyncio.AbstractEventLoop().time()", "", "it raised NotImplementedError, in the line"),
    ("n = input('n? ')\n    return n * x", "input-left-in", "it asks for input, and nobody can type"),
    ("breakpoint()\n    return x", "debugger-left-in", "it waits in a debugger"),
    ("return y * x", "name-missing", "name 'y' is not defined"),
    ("total += x\n    return total", "used-before-assigned", "it raised UnboundLocalError"),
    ("import scipy_", "module-missing", "No module named 'scipy_'"),
    ("from numpy import matmull", "module-missing", "cannot import name 'matmull'"),
    ("x + 1", "nothing-returned", "there is no value"),
    ("return nothing(x) * x", "none-used", "'NoneType'"),
    ("return nothing(x).T", "none-used", "'NoneType' object has no attribute 'T'"),
    ("a, b = nothing(x)", "none-used", "cannot unpack non-iterable NoneType"),
    ("return Layer().forwards(x)", "", "'Layer' object has no attribute 'forwards'"),
    ("return earlier()", "wrong-arguments", "missing 1 required positional argument"),
    ("return earlier(x, 1)", "wrong-arguments", "takes 1 positional argument but 2 were given"),
    ("return earlier(x, scale=1)", "wrong-arguments", "unexpected keyword argument 'scale'"),
    ("return 'a' + 1", "", "it raised TypeError"),
    ("return [1, 2][3]", "index-out-of-range", "list index out of range"),
    ("return x[7]", "index-out-of-range", "index 7 is out of bounds for axis 0"),
    ("return [].pop()", "index-out-of-range", "pop from empty list"),
    ("return x[0, 0, 0]", "axis-not-there", "too many indices"),
    ("return x.sum(axis=2)", "axis-not-there", "axis 2 is out of bounds for array of dimension"),
    ("return x[0.5]", "", "only integers"),
    ("return x[[True]]", "", "boolean index did not match"),
    ("return x @ np.ones(9)", "operands-do-not-fit", "in its core dimension"),
    ("return x[:, 0] + np.ones(9)", "operands-do-not-fit", "could not be broadcast together"),
    ("return np.dot(x, np.ones(9))", "operands-do-not-fit", "not aligned"),
    ("x += np.ones((1, 3))\n    return x", "operands-do-not-fit", "non-broadcastable output operand"),
    ("return np.hstack([np.ones((2, 1)), np.ones((3, 1))])", "operands-do-not-fit", "must match exactly"),
    ("return x @ 2", "", "does not have enough dimensions"),
    ("return np.array([[1.0], [1.0, 2.0]])", "rows-of-different-lengths", "inhomogeneous shape"),
    ("return x.reshape(5, 5)", "reshape-does-not-fit", "cannot reshape array"),
    ("a, b, c = x.shape", "", "not enough values to unpack"),
    ("if x > 0: return x", "", "truth value of an array"),
    ("return float('shape')", "", "could not convert string to float: 'shape'"),
    ("raise ValueError('shapes not aligned')", "", "it raised ValueError: shapes not aligned"),
    ("raise IndexError('out of range')", "", "it raised IndexError: out of range"),
    ("assert x.ndim == 5, 'dimension'", "", "it raised AssertionError: dimension"),
    ("return np.linalg.inv(np.zeros((2, 2)))", "", "Singular matrix"),
    ("whole -= 0.5 * x\n    return whole", "used-before-assigned", "UnboundLocalError"),
    ("w = whole.copy()\n    w -= 0.5 * w\n    return w", "whole-numbers-only", "Cannot cast ufunc"),
    ("return f(x)", "endless-recursion", "it raised RecursionError"),
    ("return 1 / 0", "", "it raised ZeroDivisionError"),
    ("with np.errstate(all='raise'): return x / 0", "", "it raised FloatingPointError: divide by zero"),
    ("return {'W1': x}['W2']", "", "it raised KeyError: 'W2'"),
    ("raise KeyError(Layer())", "", "it raised KeyError: <__main__.Layer object>"),
    ("return np.ones(2**60)", "", "it raised "),
    ("open('weights.npy')", "", "it raised FileNotFoundError"),
    ("exit_ = SystemExit(3)\n    raise exit_", "", "it ends the program, by `exit` or SystemExit"),
    ("class MyError(Exception): ...\n    raise MyError('too large')", "", "it raised MyError: too large"),
    ("return x if len(x) == 2 else x[9]", "index-out-of-range", "with I = 3: it raised IndexError"),
    ("return x @ np.ones(9) if len(x) == 2 else x[9]", "index-out-of-range", "with I = 3: it raised IndexError"),
    ("return -x * np.nan if len(x) == 3 else 3 * x", "not-finite", "with I = 3: it holds NaN"),
    ("return 3 * x if len(x) == 2 else 'text'", "not-numbers", "with I = 3: it holds values of type str"),
    ("for row in x:\n        return 1 / 0", "", "it raised ZeroDivisionError"),
]
"""The body of `f(x)`, the name of its mistake, and words of its message."""


def graded(task: str = "f") -> Score:
    """Return the score of `f(x)`, in a case of two samples and one of three."""
    return checks.function(
        task,
        checks.Call("f", "x"),
        checks.Expected(lambda x: 2 * x, {"y": 1}),
        cases=lambda rng: iter([Case("", {"I": n}, {"x": rng.normal(size=(n, 1))}) for n in (2, 3)]),
        section="section 1",
    )


@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize(("body", "mistake", "words"), RAISED, ids=[body for body, *_ in RAISED])
def test_a_mistake_is_named_by_what_shows_it(notebook: Notebook, body: str, mistake: str, words: str) -> None:
    """An exception gets the name of a mistake only if it shows it; the verdict shown is the one that is explained."""
    names = notebook(EARLIER, f=f"def f(x):\n    {body}")
    names |= {"input": refuse_input, "breakpoint": lambda: refuse_input("(Pdb) ")}
    score = graded()
    (line,) = score.lines
    assert line.failure is not None
    assert (line.points, line.failure.mistake) == (0, mistake)
    message = render(score)
    assert words in message
    assert ("Likely:" in message) == bool(mistake)
    assert not re.search("0x[0-9a-f]{6}", message)
    assert ("not written" in message) == mistake.endswith("not-written")


IMPORTS = """
from collections import deque
from decimal import Decimal
from fractions import Fraction
"""

RIGHT_KINDS = [
    "np.float16(y)", "np.longdouble(y)", "y.astype('>f4')", "y.tolist()", "tuple(map(tuple, y))",
    "[[np.array(v)] for v in y[:, 0]]", "np.broadcast_to(y, y.shape)", "np.asfortranarray(y)",
    "np.repeat(y, 2, axis=1)[:, ::2]", "y.view(np.matrix)", "np.ma.masked_array(y)", "y.astype(object)",
    "[[Fraction(v)] for v in y[:, 0]]", "[[Decimal(v)] for v in y[:, 0]]", "deque(y.tolist())",
    "dict(enumerate(y)).values()", "(row for row in y)", "map(list, y)", "zip(y[:, 0])",
]  # fmt: skip
"""Natural kinds of a right value y (n, 1)."""

OTHER_KINDS = [
    ("y + 0j", "it holds values of type complex, not real numbers"),
    ("set(y[:, 0])", "is a value of type set, which has no order: make a list of it"),
    ("np.ma.masked_less(y, y.max())", "is a masked array, 1 of whose 2 entries are masked: each should have a value"),
    ("y.tobytes()", "it holds values of type bytes, not real numbers"),
    ("str(y)", "it holds values of type str, not real numbers"),
    ("{'y': y}", "it holds values of type dict, not real numbers"),
    ("y.copy", "is it called, with its brackets?"),
]
"""Other kinds that hold a right value, and the sentence on what they are."""


@pytest.mark.parametrize("kind", RIGHT_KINDS)
def test_a_right_value_is_right_in_every_natural_kind(notebook: Notebook, kind: str) -> None:
    """Whichever of Python's and NumPy's kinds of numbers and sequences a right value has, it earns its points."""
    notebook(IMPORTS, f=f"def f(x):\n    y = 2 * x\n    return {kind}")
    assert graded().points == 1


@pytest.mark.parametrize(("kind", "words"), OTHER_KINDS)
def test_a_right_value_of_another_kind_is_told_what_it_is(notebook: Notebook, kind: str, words: str) -> None:
    """What is no array of real numbers earns nothing, and the message says what it is."""
    notebook(IMPORTS, f=f"def f(x):\n    y = 2 * x\n    return {kind}")
    score = graded()
    assert score.points == 0
    assert words in render(score)


def drawn(_: np.random.Generator) -> Iterator[Case]:
    """Yield a case in which nothing is drawn."""
    yield Case("", {}, {"x": 2.0})


def test_a_variable_that_is_none_is_no_function(notebook: Notebook) -> None:
    """A variable that is still None is not told that a function lacks a return."""
    notebook("x = 1.0", slope="slope = None")
    score = checks.values("slope", "x", checks.Expected(lambda x: {"slope": x}, {"slope": 1}), cases=drawn, section="")
    assert score.mistakes == {"nothing-assigned"}
    assert "`slope` is None" in render(score)
    assert "does the function end" not in render(score)


@pytest.mark.parametrize(
    "returned", ["np.array([2 * x, 3 * x])", "(n * x for n in (2, 3))", "map(float, (2 * x, 3 * x))"]
)
def test_numbers_may_come_in_anything_that_unpacks(notebook: Notebook, returned: str) -> None:
    """Several numbers that a function returns need no tuple."""
    notebook(f"def f(x): return {returned}")
    expected = checks.Expected(lambda x: (2 * x, 3 * x), {"two": 1, "three": 1})
    assert checks.function("f", checks.Call("f", "x"), expected, cases=drawn, section="").points == 2
