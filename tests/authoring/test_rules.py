"""Tests of the rules of a lab text: a violation is a LabError with its line, and valid lab texts are accepted."""

from __future__ import annotations

import pytest

IDS = {
    '# %% locked="a"\nx = 1\n\n# %% locked="a"\ny = 2\n': (4, 'locked="a" stands twice, first in line 1', "of its own"),
    '# %% locked="a"\nx = 1\n\n# %% [markdown] answer="a" points=1\n# why\n': (4, "first in line 1", "of its own"),
    '# %% solution="a"\n### BEGIN SOLUTION\nx = 1\n### END SOLUTION\n': (1, 'solution="a" has no test', 'test="a"'),
    '# %% test="a" points=1\n### BEGIN HIDDEN TESTS\n1\n### END HIDDEN TESTS\n': (1, "no solution", 'solution="a"'),
}


@pytest.mark.parametrize("text", IDS)
def test_errors_in_ids(error_of, text):
    """Ids are unique in a notebook, and each task has a solution and a test."""
    error = error_of(text)
    line, problem, cure = IDS[text]
    assert error.line == line
    assert problem in error.problem
    assert cure in error.cure


def test_two_tasks_of_one_id(error_of, task):
    """Two solutions, or two tests, with one id are an error, because the id finds a student's cell."""
    error = error_of(task() + "\n" + task())
    assert error.line == 11
    assert error.problem == 'solution="a" stands twice, first in line 1'


B, E = "### BEGIN SOLUTION\n", "### END SOLUTION\n"
H, T = "### BEGIN HIDDEN TESTS\n", "### END HIDDEN TESTS\n"
MARKERS = {
    ("x = 1\n", H + "1\n" + T): (1, 'solution="a" has no ### BEGIN SOLUTION'),
    (B + "x = 1\n", H + "1\n" + T): (2, "do not pair up"),
    (B + "x = 1\n" + E + E, H + "1\n" + T): (5, "do not pair up"),
    (E + "x = 1\n" + B, H + "1\n" + T): (2, "do not pair up"),
    (B + "x = 1\n" + B + E + E, H + "1\n" + T): (4, "do not pair up"),
    (B + "x = 1\n" + E + T, H + "1\n" + T): (5, "### END HIDDEN TESTS stands in a cell that is no test"),
    (B + "x = 1\n" + E, B + E + H + "1\n" + T): (7, "### BEGIN SOLUTION stands in a cell that is no solution"),
    (B + "x = 1\n### END SOLUTON\n" + E, H + "1\n" + T): (4, "### END SOLUTON is no marker"),
    (B + "x = 1\n" + E + "# begin solution\ny = 2\n# end solution\n", H + "1\n" + T): (5, "# begin solution is no"),
    (B + "x = 1\n" + E, "### BEGIN HIDDEN TEST\n1\n" + T): (7, "### BEGIN HIDDEN TEST is no marker"),
    (B + "x = 1\n" + E, "1\n"): (6, 'test="a" has no ### BEGIN HIDDEN TESTS'),
    (B + "x = 1\n" + E, H + "1\n"): (7, "do not pair up"),
    (B + "x = 1  ### END SOLUTION\n", H + "1\n" + T): (3, "does not stand alone"),
    ("### BEGIN SOLUTION ### END SOLUTION\nx = 1\n", H + "1\n" + T): (2, "does not stand alone"),
}


@pytest.mark.parametrize("cells", MARKERS)
def test_errors_in_markers(error_of, cells):
    """Markers stand alone, in pairs, well spelt, in their own kind of cell; the error has the marker's line."""
    solution, test = cells
    error = error_of(f'# %% solution="a"\n{solution}\n# %% test="a" points=1\n{test}')
    line, problem = MARKERS[cells]
    assert problem in error.problem
    assert error.line == line
    assert "###" in error.cure or "line of its own" in error.cure or "# %%" in error.cure


@pytest.mark.parametrize("kind", ["[markdown]", '[markdown] answer="b" points=1', "", 'locked="b"'])
def test_markers_in_other_cells(error_of, task, kind):
    """A marker in prose, in plain or in locked code is an error, because nbgrader would cut there."""
    error = error_of(f"# %% {kind}\n### BEGIN SOLUTION\n\n{task()}")
    assert error.line == (1 if "markdown" in kind else 2)
    assert error.problem == "### BEGIN SOLUTION stands in a cell that is no solution"


def test_comments_about_solutions_are_no_markers(read, task):
    """A comment that only mentions solutions or tests is allowed."""
    given = "# your solution goes here\n# the hidden tests call it\n# BEGIN with the last line\n# end\n"
    assert read(task(given=given)).cells[0].kind == "solution"


def test_several_regions_in_one_cell(read, task):
    """A cell may have several regions."""
    assert read(task(solution=f"x = 1\n{E}y = 2\n{B}z = 3")).cells


SYNTAX = {
    "# %%\nx = 1\ny = (\n": (3, "'(' was never closed: y = ("),
    "# %%\n\n\nreturn 1\n": (4, "'return' outside function"),
    '# %%\nlabel = "$\\omega$"\n': (2, "invalid escape sequence '\\o'"),
    "# %%\nx is 1\n": (2, '"is" with'),
    "# %%\ndef f(a, a):\n    pass\n": (2, "duplicate argument"),
    "# %%\nx = '\0'\n": (1, "null"),
    '# %% locked="a"\nx = 1\n# include: autograder/errors.py\n1x\n': (4, "invalid decimal literal"),
    '# %% solution="a"\nx = (\n### BEGIN SOLUTION\n1)\n### END SOLUTION\n\n# %% test="a" points=1\n': (
        1,
        "without its",
    ),
}


@pytest.mark.parametrize("text", SYNTAX)
def test_code_that_does_not_compile(error_of, text):
    """Code that does not compile, or compiles with a warning, is an error in its line, before anything runs."""
    if "test=" in text:
        text += "### BEGIN HIDDEN TESTS\n1\n### END HIDDEN TESTS\n"
    error = error_of(text)
    line, problem = SYNTAX.get(text) or next(value for key, value in SYNTAX.items() if text.startswith(key))
    assert problem in error.problem
    assert error.line == line


def test_a_region_that_is_not_indented(error_of, task):
    """A solution whose stub does not compile is an error, because students would get a broken cell."""
    error = error_of(task(given="def f(x):\n", solution="    return x"))
    assert error.problem.startswith('without its solution "a" does not compile')
    assert "indent ### BEGIN SOLUTION" in error.cure


def test_hidden_tests_stand_alone(error_of, task):
    """Hidden tests that continue the visible check are an error, because each of the two runs without the other."""
    assert "which run alone" in error_of(task(visible="if True:\n    1\n", hidden="else:\n    2")).problem
    assert "without its hidden tests" in error_of(task(visible="def f():\n", hidden="    1")).problem


def test_magics_compile(read, task):
    """Cells with line magics, cell magics and shell commands compile."""
    cells = (
        '# %%\n%matplotlib inline\nfiles = !ls\n!ls\n\n# %%\n%%time\nx = 1\n\n# %%\nawait x\n\n# %% locked="l"\n!ls\n\n'
    )
    assert len(read(cells + task()).cells) == 6


KNOWN = """\
# %% locked="imports"
import numpy as np
from math import pi as π

def cost(x):
    global counted
    counted = x
    return x

class Model: ...

*rest, last = [len(character) for character in "abc" if (found := character)]
for index in range(3):
    pass
try:
    pass
except ValueError as error:
    pass

# %%
plain = 1

"""

FINE = [
    "print(len([1]), NotImplementedError, __name__)",
    "import autograder.checks as c, os.path\nc, os",
    "from autograder import student\nstudent.value('x')",
    "def f(x, *args, y=1, **kwargs):\n    z = x\n    return x, args, y, kwargs, z, f\nf(1)",
    "[a + b for a, b in [(1, 2)] if a], {k: v for k, v in {}.items()}, (q for q in ())",
    "(lambda x, *y: x + y[0])(1, 2)",
    "class A:\n    b = 1\n    c = b\n    def m(self):\n        return self, A, __class__\nA",
    "np, π, cost, counted, Model, rest, last, found, index",
    "total = 0\nfor n in range(3):\n    total += n\ntotal, n",
    "with open('x') as f:\n    f\nimport sys as s\ns",
    "if (n := 3) > 2:\n    n\n[m := 1 for _ in ()]\nm",
    "try:\n    pass\nexcept OSError as error:\n    error",
    "match 1:\n    case [first, *others]:\n        first, others\n    case {'k': value}:\n        value",
    "def outer():\n    def inner():\n        nonlocal x\n        x = 2\n    x = 1\n    return inner",
    "def later():\n    return defined_later\ndefined_later = 1",
    "def sets():\n    global shared\n    shared = 1\nsets()\nshared",
    "x: int = 1\nx",
    "plain = 2\nplain",
]


@pytest.mark.parametrize("hidden", FINE)
def test_names_that_hidden_tests_may_use(read, task, hidden):
    """Hidden tests may use builtins, their own imports, functions and arguments, and the names of locked cells."""
    assert read(KNOWN + task(hidden=hidden))


STUDENTS = {
    "x": "x",
    "plain + 1": "plain",
    "def f():\n    return [plain for _ in range(3)]": "plain",
    "f = lambda n: n + plain": "plain",
    "[q for q in plain]": "plain",
    "{k: [plain for _ in k] for k in ()}": "plain",
    "def f(n=plain):\n    pass": "plain",
    "def f(n: plain):\n    pass": "plain",
    "@plain\ndef f():\n    pass": "plain",
    "class A(plain):\n    pass": "plain",
    "class A:\n    def m(self):\n        return plain": "plain",
    "x.y.z = 1": "x",
    "x[0] = 1": "x",
    "plain += 1\ndef f():\n    return x": "x",
    "character": "character",
    "%time 1": "get_ipython",
    "import numpy.linalg\nnumpy, plain, x": "plain, x",
    "f'{plain:{x}}'": "plain, x",
    "def f():\n    plain = 1\nplain": "plain",
}


@pytest.mark.parametrize("hidden", STUDENTS)
def test_names_that_only_the_student_has(error_of, task, hidden):
    """A name that neither the hidden tests nor a locked cell defines is an error, however deeply it is nested."""
    error = error_of(KNOWN + task(hidden=hidden))
    assert error.problem == f'the hidden tests of "a" use {STUDENTS[hidden]} from the student\'s notebook'
    assert "student.value" in error.cure
    assert error.line == KNOWN.count("\n") + 7


PARAGRAPHS = {
    "# They add up to\n# 1. That is easy.\n": 3,
    "# one\n# less\n# - two\n": 4,
    "# words:\n# * an item\n": 3,
}


@pytest.mark.parametrize("text", PARAGRAPHS)
def test_a_list_by_accident(error_of, text):
    """A line in the middle of a paragraph that Markdown reads as a list item is an error in its line."""
    error = error_of(f"# %% [markdown]\n{text}")
    assert error.line == PARAGRAPHS[text]
    assert "list" in error.problem
    assert "empty" in error.cure


@pytest.mark.parametrize(
    "text",
    [
        "# words:\n#\n# 1. one\n# 2. two\n",
        "# words\n#\n# - one, which\n#   goes on\n# - two\n",
        "# They add up to\n# 2. That is easy.\n",
        "# -1 and\n# −1 and 1.5\n",
        "# words\n# $$ a\n# + b\n# - c $$\n",
        "# and $a\n# + b$ holds\n",
        "# **bold**\n# *slanted* words\n",
    ],
)
def test_lists_that_are_meant(read, text):
    """A list after an empty line or another item is allowed, and so is a number other than 1 within a paragraph."""
    assert read(f"# %% [markdown]\n{text}").cells
