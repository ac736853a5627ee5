"""Forged points by files submitted beside the notebook, which stock copies to the kernel's working folder."""

from __future__ import annotations

from textwrap import dedent

from nbformat import NotebookNode

from ..course import Class
from ..hand import FILE, Handed, Link, Make, wrong
from ..row import NOTHING, ON_ALL, Row, Stock, forging
from .tests import PATCH

ALL = {"cost": 4, "improvement": 2, "moments": 2}

STRIPPED = """
import ast
import IPython.core.interactiveshell as shell

class NoAsserts(ast.NodeTransformer):
    def visit_Assert(self, node): return ast.copy_location(ast.Pass(), node)
    def visit_Expr(self, node): return ast.copy_location(ast.Pass(), node) if "assert" in ast.unparse(node) else node

shell.InteractiveShell.transform_ast = lambda self, node: ast.fix_missing_locations(NoAsserts().visit(node))
"""
"""Code that removes asserts from every cell before it runs."""

REAL = """
import os, sys
here = os.path.dirname(os.path.abspath(__file__))
kept, sys.path[:] = list(sys.path), [p for p in sys.path if os.path.abspath(p or ".") != here]
del sys.modules[__name__]
import {0}
sys.path[:] = kept
sys.modules[__name__] = {0}
"""
"""Code that imports the module which the file shadows."""


def shadow(name: str, module: str, code: str = STRIPPED) -> Make:
    """Return a function that submits a file which shadows a module: it imports the module and patches."""
    return wrong(files={name: dedent(REAL.format(module)) + code})


def instead(target: str, name: str = FILE) -> Make:
    """Return a function that submits a symbolic link in place of a notebook."""

    def make(made: Class, notebook: NotebookNode) -> Handed:
        return {name: Link(target)}

    return make


ROWS = (
    forging(
        "hands in ipykernel_launcher.py",
        wrong(
            files={
                "ipykernel_launcher.py": STRIPPED
                + """
import sys
sys.path[:] = [p for p in sys.path if p]
from ipykernel import kernelapp as app
app.launch_new_instance()
"""
            }
        ),
        ALL,
    ),
    forging("hands in numpy.py", shadow("numpy.py", "numpy", PATCH), {"cost": 4, "improvement": 2}),
    forging("hands in matplotlib/__init__.py", shadow("matplotlib.py", "matplotlib", STRIPPED), ALL),
    forging("hands in random.py", shadow("random.py", "random"), why="stock's kernel does not start with it"),
    forging(
        "hands in a package autograder",
        wrong(
            files={
                "autograder/__init__.py": "",
                "autograder/reference.py": "",
                "autograder/checks.py": "class Score: ...\nfunction = values = variables = lambda *_, **__: 4.0",
            }
        ),
        why="stock's tests import nothing of ours; it aims at checks that run where the notebook lies",
    ),
    *(
        forging(
            f"hands in {name}",
            wrong(files={name: text}),
            why="Python, IPython and nbgrader look for it elsewhere: nothing came of it in stock",
        )
        for name, text in {
            "sitecustomize.py": STRIPPED,
            "usercustomize.py": STRIPPED,
            "conftest.py": PATCH,
            "patch.pth": "import os",
            "ipython_config.py": f"c.InteractiveShellApp.exec_lines = [{STRIPPED!r}]",
            "ipython_kernel_config.py": f"c.IPKernelApp.exec_lines = [{STRIPPED!r}]",
            "profile_default/startup/00-patch.py": PATCH,
            ".ipython/profile_default/startup/00-patch.py": PATCH,
            "nbgrader_config.py": "c.Execute.timeout = 1",
            "jupyter_config.py": "c.Execute.timeout = 1",
            "matplotlibrc": "backend: nonsense\n",
            "pyvenv.cfg": "home = /",
            "gradebook.db": "x",
            "measured.csv": "9,9,9,9\n",
            "source/lab/study.ipynb": "{}",
            "autograded/lab/study.ipynb": "{}",
        }.items()
    ),
    Row(
        "hands in a link to a classmate's notebook",
        instead("../../s000/lab/study.ipynb"),
        NOTHING,
        stock=Stock(gains={"cost": 4, "improvement": 2, "moments": 2, "tally": 2}),
        problem="study.ipynb is a link",
        tiers=ON_ALL,
    ),
    Row(
        "hands in a link to the instructor's notebook",
        instead("@COURSE@/source/lab/study.ipynb"),
        NOTHING,
        stock=Stock(gains={"cost": 4, "improvement": 2, "moments": 2, "tally": 2}),
        problem="study.ipynb is a link",
    ),
    Row(
        "hands in a link to a device",
        instead("/dev/zero"),
        NOTHING,
        problem="study.ipynb is a link",
        why="stock would read without end",
    ),
    Row(
        "hands in a link to itself",
        instead(FILE),
        NOTHING,
        problem="study.ipynb is a link",
        why="stock finds no notebook",
    ),
)
