"""Cases that are nothing but arrays of given shapes."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import cycle
from typing import Any

import numpy as np

from autograder.checks.cases.case import Case, Cases, away_from_zero


def drawn(*sizes: Mapping[str, int], scales: Sequence[float] = (1.0, 30.0), **shapes: str) -> Cases:
    """One case for each of these sizes, with arrays by these names: `drawn({"I": 4, "D_i": 3}, X="I D_i", y="I 1")`.

    A shape is made of sizes and numbers; one of none is a plain number: `drawn({}, {}, x="")` has two cases of one.
    No entry is near 0, and an array of several has both signs. scales: about how large entries are, taken in turn.
    """

    def make(rng: np.random.Generator) -> Iterator[Case]:
        for size, scale in zip(sizes, cycle(scales)):
            values = {name: scale * _numbers(rng, shape.split(), size) for name, shape in shapes.items()}
            yield Case("", size, {name: value if np.ndim(value) else float(value) for name, value in values.items()})

    return make


def _numbers(rng: np.random.Generator, shape: list[str], sizes: Mapping[str, int]) -> np.ndarray[Any, Any]:
    lengths = [int(part) if part.isdigit() else sizes[part] for part in shape]
    return away_from_zero(rng, lengths, 0.3, 2.5, both_signs=True)
