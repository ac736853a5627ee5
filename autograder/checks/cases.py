"""Random cases for hidden tests: fresh for every submission, the same for every regrade of one.

A factory such as `drawn({"I": 4}, x="I")` returns a function of a random generator, so that the check decides the seed
and the lab decides the shapes. Factories that only one lab needs stand in `autograder/labs/LAB/cases.py`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import cycle
from typing import Any

import numpy as np


@dataclass(frozen=True)
class Case:
    """A case: one set of inputs."""

    group: str
    """The line of the rubric it belongs to: "one sample"; empty where there is only one."""
    sizes: Mapping[str, int]
    """Its sizes by the names that the lab gives them: {"I": 17, "D_i": 3}."""
    values: Mapping[str, Any]
    """Inputs by the names that the lab gives them."""

    def pick(self, names: str) -> dict[str, Any]:
        """Return the inputs or sizes of these names, in this order."""
        return {name: self.values[name] if name in self.values else self.sizes[name] for name in names.split()}


Cases = Callable[[np.random.Generator], Iterator[Case]]


def by_samples(groups: bool, samples: Sequence[int], I: int) -> str:  # noqa: E741  # the course's own symbol
    """Return the group of a case of I samples. groups: True if one sample and several share the points."""
    both = groups and min(samples) == 1 < max(samples)
    return "" if not both else "one sample" if I == 1 else "several samples"


def away_from_zero(
    rng: np.random.Generator, shape: int | Sequence[int], least: float, most: float, both_signs: bool = False
) -> np.ndarray[Any, Any]:
    """Numbers between least and most, or their negatives. both_signs: whether several must not all be of one sign."""
    signs: np.ndarray[Any, Any] = rng.choice([-1.0, 1.0], size=shape)
    while both_signs and np.size(signs) > 1 and np.ptp(signs) == 0:
        signs = rng.choice([-1.0, 1.0], size=shape)
    return signs * rng.uniform(least, most, size=shape)


def drawn(*sizes: Mapping[str, int], scales: Sequence[float] = (1.0, 30.0), **shapes: str) -> Cases:
    """Return one case for each of these sizes, with named arrays: `drawn({"I": 4, "D_i": 3}, X="I D_i", y="I 1")`.

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
