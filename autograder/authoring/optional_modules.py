"""Optional modules that a lab may need, such as PyTorch: find missing ones, and tell people how to install them."""

from __future__ import annotations

import importlib
import json
from collections.abc import Iterable, Mapping
from importlib.util import find_spec

from autograder.course import Course

EXTRA_OF: Mapping[str, str] = {"torch": "torch"}
"""By optional module that a lab may need: the extra of this project that installs it."""

NAMES: Mapping[str, str] = {"torch": "PyTorch"}
"""By optional module: its name in messages."""

CLASSROOM = ("tqdm", "ipywidgets", "pandas", "scipy", "seaborn", "sympy")
"""The modules that the extra "classroom" installs: students import them, and no lab needs them."""


def missing(needs: Iterable[str]) -> tuple[str, ...]:
    """Return those of the modules that can't be imported in this process. No module is imported to find out."""
    importlib.invalidate_caches()
    return tuple(module for module in needs if not _is_there(module))


def _is_there(module: str) -> bool:
    """True if Python finds the module."""
    try:
        return find_spec(module) is not None
    except (ImportError, ValueError):  # raised for a loaded module without __spec__, or a parent that fails
        return False


def needed_by(course: Course, lab: str) -> tuple[str, ...]:
    """Return the optional modules that a lab's built source notebooks need."""
    files = sorted((course.source / lab).glob("*.ipynb"))
    return tuple(dict.fromkeys(module for file in files for module in needs_of(file.read_bytes())))


def needs_of(notebook: bytes) -> tuple[str, ...]:
    """Return the optional modules that a built notebook, given as JSON, needs; () if it can't be read."""
    try:
        needs = json.loads(notebook)["metadata"]["autograder"]["needs"]
    # The file may hold any JSON, or none.
    except (ValueError, KeyError, TypeError):
        return ()
    return tuple(module for module in EXTRA_OF if isinstance(needs, list) and module in needs)


def named(modules: Iterable[str]) -> str:
    """Return the names of modules in a sentence: "PyTorch"."""
    return " and ".join(NAMES[module] for module in modules)


def absent(modules: Iterable[str]) -> str:
    """Return half a sentence on modules that are missing: "PyTorch, which is not installed here"."""
    return f"{named(modules)}, which is not installed here"


def absent_with_cure(modules: Iterable[str]) -> str:
    """Return both halves of a sentence: "PyTorch, which is not installed here; install it: pip install …"."""
    return f"{absent(modules)}; {cure(modules)}"


def cure(modules: Iterable[str]) -> str:
    """Return the command that installs missing modules, as half a sentence."""
    return f"install it: pip install 'backprop-labs[{','.join(EXTRA_OF[module] for module in modules)}]'"
