"""A notebook to ask, for tests of what hidden tests call."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterator
from textwrap import dedent
from typing import Any

import numpy as np
import pytest

from autograder import student
from autograder.student import LocalKernel

Notebook = Callable[..., dict[str, Any]]


@pytest.fixture
def notebook() -> Iterator[Notebook]:
    """Run a plain cell and the cells of tasks, and let checks ask that notebook from then on; return its names."""
    with contextlib.ExitStack() as stack:

        def run(plain: str = "", identity: str = "", **tasks: str) -> dict[str, Any]:
            namespace: dict[str, Any] = {"__name__": "__main__", "np": np}
            cells = {name: dedent(text).strip() for name, text in tasks.items()}
            for text in (dedent(plain), *cells.values()):
                exec(text, namespace)
            stack.enter_context(student.bound(LocalKernel(namespace, cells, identity)))
            return namespace

        yield run
