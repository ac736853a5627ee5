"""Cases that are arrays of given shapes."""

from __future__ import annotations

import numpy as np
import pytest

from autograder.checks.cases import Case, drawn


def cases(seed: int) -> list[Case]:
    """Two sizes of a linear model's data, the second on a larger scale."""
    make = drawn({"I": 4, "D_i": 3}, {"I": 1, "D_i": 2}, X="I D_i", y="I 1", alpha="")
    return list(make(np.random.default_rng(seed)))


def test_shapes_and_sizes_are_those_asked_for() -> None:
    """One case for each size; a shape of nothing is a plain number."""
    first, second = cases(0)
    assert first.sizes == {"I": 4, "D_i": 3}
    assert [np.shape(value) for value in first.values.values()] == [(4, 3), (4, 1), ()]
    assert [np.shape(value) for value in second.values.values()] == [(1, 2), (1, 1), ()]
    assert type(first.values["alpha"]) is float
    assert first.group == ""


@pytest.mark.parametrize("seed", range(20))
def test_entries_are_telling(seed: int) -> None:
    """None is near zero, and where there are several both signs occur: a wrong slope of ReLU is found out."""
    for case, scale in zip(cases(seed), (1.0, 30.0), strict=True):
        for value in case.values.values():
            assert (np.abs(value) >= 0.3 * scale).all()
            assert (np.abs(value) <= 2.5 * scale).all()
            assert np.size(value) == 1 or (np.min(value) < 0 < np.max(value))


def test_one_seed_always_draws_the_same_and_another_does_not() -> None:
    """A regrade asks the same questions; no two students are asked the same."""
    numbers = [
        np.concatenate([np.ravel(one) for case in cases(seed) for one in case.values.values()]) for seed in (1, 1, 2)
    ]
    assert np.array_equal(numbers[0], numbers[1])
    assert not set(numbers[0]) & set(numbers[2])
