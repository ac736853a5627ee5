"""Labs that need an optional module: which it is, whether it is there, and what is said where it is not."""

from __future__ import annotations

import importlib
import json
from collections.abc import Iterable, Mapping
from importlib.util import find_spec

from autograder.course import Course

EXTRA_OF: Mapping[str, str] = {"torch": "torch"}
"""Optional modules that a lab may need, each with the extra of this project that brings it."""

NAMES: Mapping[str, str] = {"torch": "PyTorch"}
"""Their names in messages."""


def missing(needs: Iterable[str]) -> tuple[str, ...]:
    """Return those modules that can't be imported here, without importing any."""
    importlib.invalidate_caches()
    return tuple(module for module in needs if not _is_there(module))


def _is_there(module: str) -> bool:
    try:
        return find_spec(module) is not None
    except (ImportError, ValueError):  # where sys.modules holds None in its place
        return False


def needed_by(course: Course, lab: str) -> tuple[str, ...]:
    """Return the optional modules that a lab's built notebooks need."""
    files = sorted((course.source / lab).glob("*.ipynb"))
    return tuple(dict.fromkeys(module for file in files for module in needs_of(file.read_bytes())))


def needs_of(notebook: bytes) -> tuple[str, ...]:
    """Return the optional modules that a built notebook needs; none where it can't be read."""
    try:
        needs = json.loads(notebook)["metadata"]["autograder"]["needs"]
    # It takes apart whatever JSON there is.
    except (ValueError, KeyError, TypeError):
        return ()
    return tuple(module for module in EXTRA_OF if isinstance(needs, list) and module in needs)


def named(modules: Iterable[str]) -> str:
    """Modules as people call them: "PyTorch"."""
    return " and ".join(NAMES[module] for module in modules)


def absent(modules: Iterable[str]) -> str:
    """Modules that are not there, in half a sentence: "PyTorch, which is not installed here"."""
    return f"{named(modules)}, which is not installed here"


def cure(modules: Iterable[str]) -> str:
    """Return a sentence on how to install missing modules."""
    return f"install it: pip install 'backprop-labs[{','.join(EXTRA_OF[module] for module in modules)}]'"
