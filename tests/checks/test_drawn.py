"""Tests of drawn cases, which are random arrays of given shapes."""

from __future__ import annotations

import numpy as np
import pytest

from autograder.checks.cases import Case, drawn


def cases(seed: int) -> list[Case]:
    """Return cases for two sizes of a linear model's data, the second on a larger scale."""
    make = drawn({"I": 4, "D_i": 3}, {"I": 1, "D_i": 2}, X="I D_i", y="I 1", alpha="")
    return list(make(np.random.default_rng(seed)))


def test_shapes_and_sizes_are_as_declared() -> None:
    """Each size has one case, and an empty shape gives a plain number."""
    first, second = cases(0)
    assert first.sizes == {"I": 4, "D_i": 3}
    assert [np.shape(value) for value in first.values.values()] == [(4, 3), (4, 1), ()]
    assert [np.shape(value) for value in second.values.values()] == [(1, 2), (1, 1), ()]
    assert type(first.values["alpha"]) is float
    assert first.group == ""


@pytest.mark.parametrize("seed", range(20))
def test_entries_expose_mistakes(seed: int) -> None:
    """No entry is near zero, and arrays have entries of both signs, which exposes a wrong slope of ReLU."""
    for case, scale in zip(cases(seed), (1.0, 30.0), strict=True):
        for value in case.values.values():
            assert (np.abs(value) >= 0.3 * scale).all()
            assert (np.abs(value) <= 2.5 * scale).all()
            assert np.size(value) == 1 or (np.min(value) < 0 < np.max(value))


def test_a_seed_determines_the_cases() -> None:
    """A regrade, with the same seed, draws the same cases; another student's seed draws others."""
    numbers = [
        np.concatenate([np.ravel(value) for case in cases(seed) for value in case.values.values()])
        for seed in (1, 1, 2)
    ]
    assert np.array_equal(numbers[0], numbers[1])
    assert not set(numbers[0]) & set(numbers[2])
