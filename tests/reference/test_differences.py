"""Tests of central differences: their stated error, their kinks, and that they expose a wrong gradient."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from autograder.reference import differences
from autograder.reference.shapes import ReferenceInputError

repeatable = settings(derandomize=True, deadline=None, max_examples=150)

# Smooth costs of one number with their slopes; each has another size and curvature.
SMOOTH = {
    "parabola": (lambda x: x * x, lambda x: 2 * x),
    "cubic": (lambda x: x**3 - x, lambda x: 3 * x**2 - 1),
    "sine": (np.sin, np.cos),
    "fast sine": (lambda x: np.sin(20 * x), lambda x: 20 * np.cos(20 * x)),
    "exponential": (np.exp, np.exp),
    "tanh": (np.tanh, lambda x: 1 / np.cosh(x) ** 2),
    "large": (lambda x: 1e6 + np.sin(x), np.cos),
    "tiny": (lambda x: 1e-9 * np.sin(x), lambda x: 1e-9 * np.cos(x)),
    "straight": (lambda x: 3 * x + 1, lambda x: 3 + 0 * x),
    "constant": (lambda x: 5 + 0 * x, lambda x: 0 * x),
    "zero": (lambda x: 0 * x, lambda x: 0 * x),
}


def measure(function, x, dtype=np.float64):
    """Return the central differences of the sum of a function over an array."""
    return differences.central_differences(lambda at: function(at).sum(), np.asarray(x, dtype))


class TestSlopes:
    @repeatable
    @given(st.sampled_from(sorted(SMOOTH)), st.floats(-4, 4))
    def test_the_error_is_within_the_stated_error(self, name, x):
        """For smooth costs the true slope is within the stated error of the measured one, and no kink is reported."""
        function, slope = SMOOTH[name]
        measured = measure(function, [x])
        assert abs(measured.slopes[0] - slope(np.array([x]))[0]) <= measured.errors[0]
        assert not measured.kinks.any()

    @repeatable
    @given(st.sampled_from(sorted(SMOOTH)), st.floats(-4, 4, width=32))
    def test_in_float32_too(self, name, x):
        """In float32 the true slope is within the stated error and the cost's own rounding."""
        function, slope = SMOOTH[name]
        measured = measure(function, [x], np.float32)
        expected = slope(np.array([np.float64(np.float32(x))]))[0]
        # The cost itself is computed in float32 there, and a sine of 20x is off by 20x times ε.
        allowed = measured.errors[0] + 1e-3 * max(1, abs(expected)) * (20 if name == "fast sine" else 1)
        assert abs(measured.slopes[0] - expected) <= allowed
        assert measured.slopes.dtype == measured.errors.dtype == np.float32

    @pytest.mark.parametrize("name", ["parabola", "cubic", "sine", "exponential", "tanh", "straight"])
    def test_errors_are_small_where_the_cost_is_ordinary(self, name):
        """For ordinary costs the stated error is about ε^⅔, so that it isn't right merely by being large."""
        function, _ = SMOOTH[name]
        for dtype, largest in ((np.float64, 1e-8), (np.float32, 1e-2)):
            assert measure(function, [0.7], dtype).errors.max() < largest

    def test_steps_grow_with_x(self):
        """The step grows with x, because a step of the usual size would be lost in the cost's rounding."""
        for x in (1e6, -3e8):
            measured = measure(lambda at: at**2, [x])
            assert measured.slopes[0] == pytest.approx(2 * x, rel=1e-8)
            assert measured.errors[0] < 1e-7 * abs(2 * x)

    def test_shapes_are_kept(self):
        """An array of any shape, a single number included, gets slopes of its shape."""
        for shape in ((), (1,), (2, 3), (2, 1, 2)):
            x = np.random.default_rng(0).normal(size=shape)
            measured = measure(np.sin, x)
            assert measured.slopes.shape == measured.errors.shape == measured.kinks.shape == shape
            np.testing.assert_allclose(measured.slopes, np.cos(x), rtol=1e-8)

    def test_entries_have_slopes_of_their_own(self):
        """Each entry is moved alone, so its slope doesn't depend on the steps of the others."""
        measured = differences.central_differences(
            lambda at: at[0, 0] * at[0, 1] + 5 * at[1, 0], [[2.0, 3.0], [4.0, 1.0]]
        )
        np.testing.assert_allclose(measured.slopes, [[3, 2], [5, 0]], rtol=1e-9, atol=1e-9)

    def test_a_coarser_cost_sets_the_step(self):
        """A cost computed in float32 is measured with float32's tolerance, even at a point in float64."""
        measured = differences.central_differences(lambda at: np.sin(at.astype(np.float32)).sum(), np.array([0.5]))
        assert measured.tolerance == pytest.approx(np.sqrt(np.finfo(np.float32).eps))
        assert abs(measured.slopes[0] - np.cos(0.5)) < 1e-3

    def test_a_cost_may_overwrite_its_argument(self):
        """The cost receives a copy each time, and the point doesn't change."""

        def cost(at):
            at *= 2
            return at.sum()

        point = np.array([1.0, 2.0])
        np.testing.assert_allclose(differences.central_differences(cost, point).slopes, 2)
        np.testing.assert_array_equal(point, [1, 2])


class TestKinks:
    STEP = np.finfo(float).eps ** (1 / 3)

    @pytest.mark.parametrize(
        "offset", [-0.9, -0.5, -0.34, -0.3, -0.2, -0.1, 0, 0.1, 0.2, 0.3, 1 / 3, 0.4, 0.5, 0.6, 0.9]
    )
    @pytest.mark.parametrize("jump", [1.0, -1.0, 0.01])
    def test_a_kink_within_the_step_is_reported(self, offset, jump):
        """A kink in the step's inner half is reported; farther out it is, or the slope is right within its error."""
        d = offset * self.STEP
        measured = measure(lambda x: 0.3 * x + jump * np.maximum(x - d, 0), [0.0])
        right_of, left_of = 0.3 + jump, 0.3
        expected = left_of if d > 0 else right_of
        assert measured.kinks[0] or abs(measured.slopes[0] - expected) <= measured.errors[0]
        if abs(offset) <= 0.5:
            assert measured.kinks[0]

    def test_a_kink_outside_the_step_is_not_reported(self):
        """Two steps away from a kink no kink is reported, and the slope is exact."""
        measured = measure(lambda x: np.maximum(x, 0), [2 * self.STEP, -2 * self.STEP, 1.0])
        assert not measured.kinks.any()
        np.testing.assert_allclose(measured.slopes, [1, 0, 1], atol=1e-9)

    def test_a_jump_is_reported(self):
        """A jump of the cost itself is reported as a kink."""
        assert measure(lambda x: np.sign(x), [0.0]).kinks[0]

    @pytest.mark.parametrize("power", [2, 3, 4])
    @pytest.mark.parametrize("level", [0.0, 1.0])
    def test_the_bottom_of_a_valley_is_no_kink(self, power, level):
        """At a smooth cost's minimum, where the slope is 0, no kink is reported."""
        measured = measure(lambda x: level + x**power, [0.0])
        assert not measured.kinks[0]
        assert abs(measured.slopes[0]) <= measured.errors[0]

    @pytest.mark.parametrize("x", [0.0, 1e-12, 1e-9, 1e-7, 1e-6, 1e-4, -1e-8])
    def test_an_inflection_is_no_kink(self, x):
        """At an inflection, where the curvature is almost 0, no kink is reported and the slope is right."""
        measured = measure(np.sin, [x])
        assert not measured.kinks[0]
        assert measured.slopes[0] == pytest.approx(np.cos(x), rel=1e-10)


class TestCompare:
    @staticmethod
    def cost(x):
        """Return a cost of several numbers with slopes of several sizes."""
        return np.sum(np.array([1.0, 100.0, 0.01]) * np.sin(x))

    AT = np.array([0.3, 0.4, 0.5])
    TRUE = np.array([1.0, 100.0, 0.01]) * np.cos(AT)

    def test_the_true_gradient_agrees(self):
        """The true gradient's error is below the tolerance, which is √ε."""
        comparison = differences.compare(self.TRUE, differences.central_differences(self.cost, self.AT))
        assert comparison.holds
        assert comparison.error < comparison.tolerance == np.sqrt(np.finfo(float).eps)
        assert comparison.kinks == []

    @pytest.mark.parametrize("factor", [2, 0.5, -1, 0, 1.001, 0.999, 1 + 1e-5])
    @pytest.mark.parametrize("entry", [0, 1, 2])
    def test_a_wrong_entry_disagrees(self, factor, entry):
        """One entry off by 1e-5 or more disagrees, however small it is beside the others."""
        wrong = self.TRUE.copy()
        wrong[entry] *= factor
        comparison = differences.compare(wrong, differences.central_differences(self.cost, self.AT))
        assert not comparison.holds
        size = max(abs(factor), 1)
        assert comparison.error == pytest.approx(abs(factor - 1) / size, rel=0.3)

    def test_it_is_symmetric(self):
        """A gradient twice too large and one twice too small have the same error."""
        measured = differences.central_differences(self.cost, self.AT)
        doubled, halved = differences.compare(2 * self.TRUE, measured), differences.compare(self.TRUE / 2, measured)
        assert doubled.error == pytest.approx(halved.error, rel=1e-3)

    def test_two_zeros_agree(self):
        """Two zero slopes agree without a division by 0; a slope beside a measured 0 has the error 1."""
        flat = differences.central_differences(lambda at: 0.0, [0.0, 1.0])
        assert differences.compare([0, 0], flat) == (0.0, flat.tolerance, [])
        assert differences.compare([0, 1e-3], flat).error == 1

    def test_slopes_lost_in_rounding_pass(self):
        """A slope 10¹² times smaller than the cost can't be measured, and so agrees."""
        measured = differences.central_differences(lambda at: 1e12 + at.sum(), [1.0])
        assert differences.compare([1.0], measured).holds

    def test_kinks_are_reported_and_left_out(self):
        """At ReLU's kink any slope agrees; the other entries are still compared."""
        measured = measure(lambda x: np.maximum(x, 0), [0.0, 1.0, -1.0])
        comparison = differences.compare([0.7, 1, 0], measured)
        assert comparison.holds
        assert comparison.kinks == [(0,)]
        assert not differences.compare([0.7, 1, 0.5], measured).holds

    def test_kinks_alone_do_not_agree(self):
        """If every entry is at a kink, the error is NaN and the gradient doesn't agree."""
        comparison = differences.compare([0.5], measure(np.abs, [0.0]))
        assert np.isnan(comparison.error)
        assert not comparison.holds

    def test_float32_gradients(self):
        """In float32 the tolerance is √ε of float32."""
        at = self.AT.astype(np.float32)
        measured = differences.central_differences(lambda x: np.sum(np.sin(x)), at)
        assert measured.tolerance == pytest.approx(3.45e-4, rel=1e-2)
        assert differences.compare(np.cos(at), measured).holds
        assert not differences.compare(1.05 * np.cos(at), measured).holds


class TestArguments:
    @pytest.mark.parametrize("bad", [np.nan, np.inf, [1.0, 2.0], None, "one", 1j], ids=str)
    def test_a_cost_is_one_finite_number(self, bad):
        """A cost that returns anything else raises an error that names the cost and shows its value."""
        with pytest.raises(ReferenceInputError, match="cost: expected one finite number, got"):
            differences.central_differences(lambda at: bad, [1.0])

    @pytest.mark.parametrize("good", [3, np.float32(3), np.array([[3.0]]), [3.0], True], ids=str)
    def test_a_cost_may_be_in_any_form(self, good):
        """A cost may return one number as a list or an array of one or two axes."""
        assert differences.central_differences(lambda at: good, [1.0]).slopes == 0

    @pytest.mark.parametrize("bad", [[np.nan], [], "x"], ids=str)
    def test_the_point_is_an_array_of_numbers(self, bad):
        """A point with NaN, an empty one and text raise."""
        with pytest.raises(ReferenceInputError, match="at: expected"):
            differences.central_differences(np.sum, bad)

    @pytest.mark.parametrize("bad", [[1.0], [[1.0, 2.0]], [1.0, np.nan], None], ids=str)
    def test_a_gradient_has_the_points_shape(self, bad):
        """A gradient of another shape, with NaN, or None raises."""
        with pytest.raises(ReferenceInputError, match="gradient: expected"):
            differences.compare(bad, differences.central_differences(np.sum, [1.0, 2.0]))
