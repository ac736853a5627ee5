"""A fixture that runs a notebook's cells, for tests of the checks that hidden tests call."""

from __future__ import annotations

import contextlib
import linecache
from collections.abc import Callable, Iterator
from textwrap import dedent
from typing import Any

import numpy as np
import pytest

from autograder import student
from autograder.student import LocalKernel

Notebook = Callable[..., dict[str, Any]]


def exec_as_cell(text: str, namespace: dict[str, Any], file: str) -> None:
    """Run a cell under a file name by which tracebacks find its lines, as IPython does."""
    linecache.cache[file] = len(text), None, text.splitlines(keepends=True), file
    exec(compile(text, file, "exec"), namespace)


@pytest.fixture
def notebook() -> Iterator[Notebook]:
    """Yield a function that runs a plain cell and the cells of tasks, and returns the notebook's names.

    Checks use the notebook of its last call until the test ends; tasks: the text of a cell by the name of its task.
    """
    with contextlib.ExitStack() as stack:

        def run(plain: str = "", identity: str = "", **tasks: str) -> dict[str, Any]:
            namespace: dict[str, Any] = {"__name__": "__main__", "np": np}
            cells = {name: dedent(text).strip() for name, text in tasks.items()}
            for number, text in enumerate((dedent(plain), *cells.values())):
                exec_as_cell(text, namespace, f"<cell {number}>")
            stack.enter_context(student.bound(LocalKernel(namespace, cells, identity)))
            return namespace

        yield run
