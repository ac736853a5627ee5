"""What nbval is told about the built notebooks: one that needs an optional module is skipped where that is missing."""

from __future__ import annotations

import functools
from pathlib import Path

import pytest

from autograder.authoring import needs


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Skip the cells of such a notebook, with the reason; its kernel never starts."""
    for item in items:
        if item.path.suffix == ".ipynb" and (lacking := _lacking(item.path)):
            item.add_marker(pytest.mark.skip(reason=f"it needs {needs.absent(lacking)}"))


@functools.cache
def _lacking(notebook: Path) -> tuple[str, ...]:
    return needs.missing(needs.needs_of(notebook.read_bytes()))
