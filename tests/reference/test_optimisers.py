"""Tests of optimisers against their recursions written out, and of mini-batches, which hold every sample once."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from autograder.reference import optimisers
from autograder.reference.shapes import ReferenceInputError

repeatable = settings(derandomize=True, deadline=None, max_examples=60)

SHAPES = [(2, 3), (2, 1), (1, 2), (1, 1), (4,), ()]


def lists(seed, dtype=np.float64, count=1):
    """Return lists of random arrays, each list with an array for each of SHAPES."""
    rng = np.random.default_rng(seed)
    return [[np.asarray(rng.normal(size=shape), dtype) for shape in SHAPES] for _ in range(count)]


class TestSteps:
    @repeatable
    @given(st.integers(0, 10**6), st.floats(-2, 2))
    def test_sgd_moves_against_the_gradient(self, seed, alpha):
        """Every number of every parameter moves by minus alpha times its own slope."""
        parameters, gradients = lists(seed, count=2)
        for after, phi, g in zip(optimisers.sgd(parameters, gradients, alpha), parameters, gradients, strict=True):
            assert after.shape == phi.shape
            for index in np.ndindex(phi.shape):
                assert after[index] == pytest.approx(phi[index] - alpha * g[index], rel=1e-13, abs=1e-15)

    @repeatable
    @given(st.integers(0, 10**6), st.floats(0, 1), st.floats(0, 0.999), st.integers(1, 8))
    def test_momentum_is_its_recursion(self, seed, alpha, beta, steps):
        """Several steps equal the recursion for one number at a time in Python floats."""
        parameters, *gradients = lists(seed, count=steps + 1)
        state = parameters, optimisers.at_rest(parameters)
        for gradient in gradients:
            state = optimisers.momentum(state[0], gradient, state[1], alpha, beta)
        for k, shape in enumerate(SHAPES):
            for index in np.ndindex(shape):
                phi, m = float(parameters[k][index]), 0.0
                for gradient in gradients:
                    m = beta * m + (1 - beta) * float(gradient[k][index])
                    phi -= alpha * m
                assert state[0][k][index] == pytest.approx(phi, rel=1e-11, abs=1e-12)
                assert state[1][k][index] == pytest.approx(m, rel=1e-11, abs=1e-12)

    def test_momentum_under_a_constant_slope(self):
        """Under a constant slope the velocity after t steps is 1 − βᵗ of the slope."""
        phi, m = [np.zeros(1)], [np.zeros(1)]
        for t in range(1, 60):
            phi, m = optimisers.momentum(phi, [np.array([2.0])], m, 0.1, 0.9)
            assert m[0][0] == pytest.approx(2 * (1 - 0.9**t))

    def test_without_memory_momentum_is_sgd(self):
        """With beta = 0 each step is a step of SGD, and the velocity is the gradient."""
        parameters, gradients, velocities = lists(1, count=3)
        after, m = optimisers.momentum(parameters, gradients, velocities, 0.3, 0)
        for actual, expected in zip(after, optimisers.sgd(parameters, gradients, 0.3), strict=True):
            np.testing.assert_array_equal(actual, expected)
        for actual, expected in zip(m, gradients, strict=True):
            np.testing.assert_array_equal(actual, expected)

    def test_momentum_crosses_a_narrow_valley_faster(self):
        """After 100 steps in a valley 50 times steeper one way, momentum is closer to the minimum than SGD."""
        steep, start = np.array([50.0, 1.0]), [np.array([1.0, 1.0])]
        plain, (heavy, m) = start, (start, optimisers.at_rest(start))
        for _ in range(100):
            plain = optimisers.sgd(plain, [steep * plain[0]], 0.03)
            heavy, m = optimisers.momentum(heavy, [steep * heavy[0]], m, 0.3, 0.9)
        assert np.abs(heavy[0]).max() < np.abs(plain[0]).max() / 5

    def test_state_is_explicit(self):
        """Momentum changes no argument and remembers nothing: the same call gives the same result."""
        parameters, gradients, velocities = lists(2, count=3)
        for array in (*parameters, *gradients, *velocities):
            array.setflags(write=False)
        first = optimisers.momentum(parameters, gradients, velocities, 0.1, 0.9)
        second = optimisers.momentum(parameters, gradients, velocities, 0.1, 0.9)
        for actual, expected in zip((*first[0], *first[1]), (*second[0], *second[1]), strict=True):
            np.testing.assert_array_equal(actual, expected)
        assert not any(m.any() for m in optimisers.at_rest(parameters))

    @pytest.mark.parametrize("dtype", [np.float32, np.float64])
    def test_precision_is_kept(self, dtype):
        """Results have the parameters' precision for rates of any type."""
        parameters, gradients, velocities = lists(3, dtype, count=3)
        for rate in (0.1, np.float64(0.1), np.float32(0.1), 1):
            after, m = optimisers.momentum(parameters, gradients, velocities, rate, rate)
            assert {array.dtype for array in (*after, *m, *optimisers.sgd(parameters, gradients, rate))} == {
                np.dtype(dtype)
            }
        assert {array.dtype for array in optimisers.at_rest(parameters)} == {np.dtype(dtype)}


class TestArguments:
    @pytest.mark.parametrize(
        ("changed", "words"),
        [
            ({"gradients": [np.ones((3, 2))]}, r"gradients\[0\]: expected shape \(2, 3\), got shape \(3, 2\)"),
            ({"velocities": [np.ones((2, 1))]}, r"velocities\[0\]: expected shape \(2, 3\), got shape \(2, 1\)"),
            ({"gradients": []}, "gradients: expected a list of 1 arrays, got 0"),
            ({"parameters": 1.0}, "parameters: expected a list of arrays, got 1.0"),
            ({"parameters": [np.ones((0, 3))]}, r"parameters\[0\]: expected .*not empty"),
            ({"gradients": [np.full((2, 3), np.nan)]}, r"gradients\[0\]: expected finite numbers in float64"),
            ({"alpha": np.inf}, "alpha: expected finite numbers"),
            ({"alpha": [0.1]}, r"alpha: expected shape \(\), got shape \(1,\)"),
            ({"beta": "0.9"}, "beta: expected real numbers"),
        ],
        ids=str,
    )
    def test_invalid_arguments_are_named(self, changed, words):
        """Other shapes, other lengths, NaN and rates that aren't numbers raise an error with the argument."""
        ones = [np.ones((2, 3))]
        arguments = {"parameters": ones, "gradients": ones, "velocities": ones, "alpha": 0.1, "beta": 0.9} | changed
        with pytest.raises(ReferenceInputError, match=words):
            optimisers.momentum(**arguments)


class TestMinibatches:
    @repeatable
    @given(st.integers(1, 50), st.integers(1, 60), st.integers(0, 10**6))
    def test_every_sample_comes_once(self, samples, size, seed):
        """An epoch holds each index once, in batches of the given size; the last batch holds the remainder."""
        batches = optimisers.minibatches(samples, size, np.random.default_rng(seed))
        assert sorted(np.concatenate(batches)) == list(range(samples))
        assert {len(batch) for batch in batches[:-1]} <= {size}
        assert len(batches[-1]) == (samples - 1) % size + 1

    def test_they_are_shuffled_anew_each_epoch(self):
        """Two epochs of one generator have different orders; the same seed gives the same order."""
        rng = np.random.default_rng(3)
        first, second = (np.concatenate(optimisers.minibatches(20, 6, rng)) for _ in range(2))
        again = np.concatenate(optimisers.minibatches(20, 6, np.random.default_rng(3)))
        assert (first != second).any()
        assert (first != np.arange(20)).any()
        np.testing.assert_array_equal(first, again)

    @pytest.mark.parametrize(("samples", "size"), [(0, 1), (5, 0), (-1, 2), (5, 2.0), (2.5, 1)])
    def test_numbers_are_whole_and_positive(self, samples, size):
        """No samples, empty batches and fractions raise."""
        with pytest.raises(ReferenceInputError, match="expected a whole number, 1 or more"):
            optimisers.minibatches(samples, size, np.random.default_rng(0))
