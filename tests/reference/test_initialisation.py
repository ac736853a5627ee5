"""Tests of initial parameters: their variance, their shapes, and that a seed determines them."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from autograder.reference import initialisation, mlp
from autograder.reference.activations import TANH
from autograder.reference.shapes import ReferenceInputError

BOTH = [initialisation.he, initialisation.glorot]
all_widths = st.lists(st.integers(1, 6), min_size=2, max_size=6)


def seeded_generator():
    """Return a new generator, always with the same seed."""
    return np.random.default_rng(5)


class TestDraws:
    @pytest.mark.parametrize(
        ("function", "variances"),
        [(initialisation.he, (2 / 300, 2 / 200)), (initialisation.glorot, (2 / 500, 2 / 600))],
    )
    def test_the_variance_is_the_papers(self, function, variances):
        """Weights look normal, with mean 0 and the variance, not the standard deviation, of the formula."""
        weights, _ = function([300, 200, 400], seeded_generator())
        for drawn, variance in zip(weights, variances, strict=True):
            # The variance of N normal draws is right to √(2/N); five times that fails once in two million seeds.
            assert drawn.var() == pytest.approx(variance, rel=5 * np.sqrt(2 / drawn.size))
            assert drawn.mean() == pytest.approx(0, abs=5 * np.sqrt(variance / drawn.size))
            assert (np.abs(drawn) < np.sqrt(variance)).mean() == pytest.approx(0.6827, abs=0.01)

    @settings(derandomize=True, deadline=None, max_examples=30)
    @given(all_widths)
    @pytest.mark.parametrize("function", BOTH)
    def test_shapes_chain(self, function, widths):
        """Each layer has as many inputs as the layer before it has units, and all biases are 0."""
        weights, biases = function(widths, seeded_generator())
        assert [w.shape for w in weights] == list(zip(widths[1:], widths[:-1], strict=True))
        assert [b.shape for b in biases] == [(width, 1) for width in widths[1:]]
        assert not any(b.any() for b in biases)

    @pytest.mark.parametrize("function", BOTH)
    def test_a_seed_determines_the_parameters(self, function):
        """The same seed gives the same numbers: again, in float32 up to rounding, and transposed for rows."""
        first, second = function((3, 4, 2), seeded_generator()), function([3, 4, 2], seeded_generator())
        single = function((3, 4, 2), seeded_generator(), dtype=np.float32)
        rows = function((3, 4, 2), seeded_generator(), samples="rows")
        for k in range(2):
            np.testing.assert_array_equal(first.all_weights[k], second.all_weights[k])
            np.testing.assert_array_equal(first.all_weights[k].astype(np.float32), single.all_weights[k])
            np.testing.assert_array_equal(first.all_weights[k].T, rows.all_weights[k])
            assert rows.all_biases[k].shape == (1, [4, 2][k])
            assert single.all_biases[k].dtype == np.float32

    def test_units_differ(self):
        """No two units have equal weights, because equal units would stay equal."""
        weights, _ = initialisation.he([4, 4, 4], seeded_generator())
        assert len({tuple(row) for w in weights for row in w}) == 8

    def test_he_keeps_signals_through_fifty_relu_layers(self):
        """The mean square of the last layer's input is within a factor of 10; half the variance would give 2⁻⁵⁰."""
        x = seeded_generator().normal(size=(400, 20))
        _, _, all_h = mlp.forward(x, *initialisation.he([400] * 51, seeded_generator()))
        assert 0.1 < np.mean(all_h[-1] ** 2) / np.mean(x**2) < 10

    def test_glorot_keeps_slopes_through_ten_tanh_layers(self):
        """For tanh near 0, the mean square slope at the first layer is within a factor of 2 of that at the last."""
        x = 0.01 * seeded_generator().normal(size=(200, 20))
        weights, biases = initialisation.glorot([200] * 11, seeded_generator())
        net_output, *cache = mlp.forward(x, weights, biases, activation=TANH)
        slopes = mlp.backward(weights, biases, *cache, np.ones_like(net_output), activation=TANH).all_dl_df
        assert 0.5 < np.mean(slopes[0] ** 2) / np.mean(slopes[-1] ** 2) < 2


class TestGiven:
    def test_given_parameters_are_copied(self):
        """The result holds the same numbers in new arrays of float64."""
        weights, biases = np.array([[1.0, 2]]), np.array([[4.0]])
        actual = initialisation.given([weights, [[3]]], [biases, [[5]]])
        weights[:] = biases[:] = 0
        np.testing.assert_array_equal(actual.all_weights[0], [[1, 2]])
        np.testing.assert_array_equal(actual.all_biases[0], [[4]])
        assert actual.all_weights[1].dtype == actual.all_biases[0].dtype == np.float64
        rows = initialisation.given([[[1], [2]]], [[[4]]], samples="rows")
        assert rows.all_weights[0].shape == (2, 1)

    def test_layers_that_do_not_fit_are_named(self):
        """Weights with another number of inputs than the layer before gives, and biases of another length, raise."""
        with pytest.raises(ReferenceInputError, match=r"all_weights\[1\]: expected shape \(D_2, D_1\) with D_1 = 2"):
            initialisation.given([np.ones((2, 3)), np.ones((4, 3))], [np.ones((2, 1)), np.ones((4, 1))])
        with pytest.raises(ReferenceInputError, match=r"all_biases\[0\]: expected shape \(D_1, 1\) with D_1 = 2"):
            initialisation.given([np.ones((2, 3))], [np.ones((3, 1))])


@pytest.mark.parametrize("function", BOTH)
@pytest.mark.parametrize(
    ("widths", "words"),
    [
        ([3], "widths: expected two or more"),
        ([], "widths: expected two or more"),
        ([3, 0, 2], r"widths\[1\]: expected a whole number, 1 or more, got 0"),
        ([3, 2.0], r"widths\[1\]: expected a whole number, 1 or more, got 2.0"),
        ([-1, 2], r"widths\[0\]: expected a whole number"),
    ],
    ids=str,
)
def test_widths_count_units(function, widths, words):
    """Fewer than two widths, a width below 1 and a fraction raise."""
    with pytest.raises(ReferenceInputError, match=words):
        function(widths, seeded_generator())
