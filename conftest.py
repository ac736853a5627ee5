"""For all tests, and for notebooks under nbval: threads, and what is skipped where an optional module is missing."""

from __future__ import annotations

import functools
import os
from pathlib import Path

import pytest

from autograder.sandbox.guest.isolation import ONE_THREAD

# Before NumPy is loaded. Workers whose matrix products take all cores each wait for one another: twice as long.
for name, value in ONE_THREAD.items():
    os.environ.setdefault(name, value)

from autograder.authoring import optional_modules


@pytest.hookimpl(tryfirst=True)  # pytest-xdist reads the groups in the same hook
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Let one worker run all cells of a notebook; skip those of one that needs what is missing, with the reason.

    The kernel of a notebook that is skipped never starts.
    """
    for item in items:
        if item.path.suffix == ".ipynb":
            item.add_marker(pytest.mark.xdist_group(item.path.name))
            if lacking := _lacking(item.path):
                item.add_marker(pytest.mark.skip(reason=f"it needs {optional_modules.absent(lacking)}"))


@functools.cache
def _lacking(notebook: Path) -> tuple[str, ...]:
    return optional_modules.missing(optional_modules.needs_of(notebook.read_bytes()))
