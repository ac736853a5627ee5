"""The known mistakes of all labs and all tasks, as a table."""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Iterator

from autograder import labs
from autograder.diagnosis import Mistake
from autograder.diagnosis.classify import full_table


def _of_labs() -> Iterator[Mistake]:
    """Yield the entries of every table in `autograder/labs/`."""
    for module in pkgutil.walk_packages(labs.__path__, f"{labs.__name__}."):
        for value in vars(importlib.import_module(module.name)).values():
            if isinstance(value, tuple):
                yield from (entry for entry in value if isinstance(entry, Mistake))


ALL_MISTAKES = full_table(tuple({id(entry): entry for entry in _of_labs()}.values()))

RELATIONS = frozenset(mistake.name for mistake in ALL_MISTAKES if mistake.predicates)
"""Names of mistakes with predicates on a value or on the code; the others compare a value with a formula's."""
