"""Measured slopes: right to the error they state, silent at kinks, and no friend of a wrong gradient."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from autograder.reference import differences
from autograder.reference.shapes import ReferenceInputError

repeatable = settings(derandomize=True, deadline=None, max_examples=150)

# Smooth costs of one number with their slopes; each is a different mixture of size and bend.
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
    """Slopes of the sum of a function over an array."""
    return differences.central_differences(lambda at: function(at).sum(), np.asarray(x, dtype))


class TestSlopes:
    @repeatable
    @given(st.sampled_from(sorted(SMOOTH)), st.floats(-4, 4))
    def test_the_error_is_within_what_is_stated(self, name, x):
        """For smooth costs, the true slope lies within errors of the measured one, and no kink is seen."""
        function, slope = SMOOTH[name]
        got = measure(function, [x])
        assert abs(got.slopes[0] - slope(np.array([x]))[0]) <= got.errors[0]
        assert not got.kinks.any()

    @repeatable
    @given(st.sampled_from(sorted(SMOOTH)), st.floats(-4, 4, width=32))
    def test_in_float32_too(self, name, x):
        """The same for float32, with the step and the errors of its precision."""
        function, slope = SMOOTH[name]
        got = measure(function, [x], np.float32)
        true = slope(np.array([np.float64(np.float32(x))]))[0]
        # The cost itself is computed in float32 there, and a sine of 20x is off by 20x times ε.
        allowed = got.errors[0] + 1e-3 * max(1, abs(true)) * (20 if name == "fast sine" else 1)
        assert abs(got.slopes[0] - true) <= allowed
        assert got.slopes.dtype == got.errors.dtype == np.float32

    @pytest.mark.parametrize("name", ["parabola", "cubic", "sine", "exponential", "tanh", "straight"])
    def test_errors_are_small_where_the_cost_is_ordinary(self, name):
        """About ε^⅔: the statement isn't bought by stating much."""
        function, _ = SMOOTH[name]
        for dtype, largest in ((np.float64, 1e-8), (np.float32, 1e-2)):
            assert measure(function, [0.7], dtype).errors.max() < largest

    def test_steps_grow_with_the_place(self):
        """Far out a step of the usual size would drown in the cost's rounding."""
        for x in (1e6, -3e8):
            got = measure(lambda at: at**2, [x])
            assert got.slopes[0] == pytest.approx(2 * x, rel=1e-8)
            assert got.errors[0] < 1e-7 * abs(2 * x)

    def test_shapes_are_kept(self):
        """An array of any shape, a single number included, gets slopes of its shape."""
        for shape in ((), (1,), (2, 3), (2, 1, 2)):
            x = np.random.default_rng(0).normal(size=shape)
            got = measure(np.sin, x)
            assert got.slopes.shape == got.errors.shape == got.kinks.shape == shape
            np.testing.assert_allclose(got.slopes, np.cos(x), rtol=1e-8)

    def test_entries_have_slopes_of_their_own(self):
        """Each entry is moved alone."""
        got = differences.central_differences(lambda at: at[0, 0] * at[0, 1] + 5 * at[1, 0], [[2.0, 3.0], [4.0, 1.0]])
        np.testing.assert_allclose(got.slopes, [[3, 2], [5, 0]], rtol=1e-9, atol=1e-9)

    def test_a_coarser_cost_sets_the_step(self):
        """A cost that is computed in float32 at a place in float64 is measured as float32."""
        got = differences.central_differences(lambda at: np.sin(at.astype(np.float32)).sum(), np.array([0.5]))
        assert got.tolerance == pytest.approx(np.sqrt(np.finfo(np.float32).eps))
        assert abs(got.slopes[0] - np.cos(0.5)) < 1e-3

    def test_a_cost_may_spoil_its_argument(self):
        """The cost gets a copy each time, and the place stays as it was."""

        def cost(at):
            at *= 2
            return at.sum()

        place = np.array([1.0, 2.0])
        np.testing.assert_allclose(differences.central_differences(cost, place).slopes, 2)
        np.testing.assert_array_equal(place, [1, 2])


class TestKinks:
    STEP = np.finfo(float).eps ** (1 / 3)

    @pytest.mark.parametrize(
        "offset", [-0.9, -0.5, -0.34, -0.3, -0.2, -0.1, 0, 0.1, 0.2, 0.3, 1 / 3, 0.4, 0.5, 0.6, 0.9]
    )
    @pytest.mark.parametrize("jump", [1.0, -1.0, 0.01])
    def test_a_kink_within_the_step_is_seen(self, offset, jump):
        """Wherever in the step slopes jump: it is reported, or the slope is right within its error."""
        d = offset * self.STEP
        got = measure(lambda x: 0.3 * x + jump * np.maximum(x - d, 0), [0.0])
        right_of, left_of = 0.3 + jump, 0.3
        truth = left_of if d > 0 else right_of
        assert got.kinks[0] or abs(got.slopes[0] - truth) <= got.errors[0]
        if abs(offset) <= 0.5:
            assert got.kinks[0]

    def test_a_kink_outside_the_step_is_not_there(self):
        """Two steps away the slope is exact again."""
        got = measure(lambda x: np.maximum(x, 0), [2 * self.STEP, -2 * self.STEP, 1.0])
        assert not got.kinks.any()
        np.testing.assert_allclose(got.slopes, [1, 0, 1], atol=1e-9)

    def test_a_jump_is_seen(self):
        """Where the cost itself jumps there is no slope either."""
        assert measure(lambda x: np.sign(x), [0.0]).kinks[0]

    @pytest.mark.parametrize("power", [2, 3, 4])
    @pytest.mark.parametrize("level", [0.0, 1.0])
    def test_the_bottom_of_a_valley_is_no_kink(self, power, level):
        """Where all slopes vanish, bending is told from breaking."""
        got = measure(lambda x: level + x**power, [0.0])
        assert not got.kinks[0]
        assert abs(got.slopes[0]) <= got.errors[0]

    @pytest.mark.parametrize("x", [0.0, 1e-12, 1e-9, 1e-7, 1e-6, 1e-4, -1e-8])
    def test_an_inflection_is_no_kink(self, x):
        """Where a cost turns from bending down to bending up it hardly bends at all, which is no breaking either."""
        got = measure(np.sin, [x])
        assert not got.kinks[0]
        assert got.slopes[0] == pytest.approx(np.cos(x), rel=1e-10)


class TestCompare:
    @staticmethod
    def cost(x):
        """A cost of several numbers with slopes of several sizes."""
        return np.sum(np.array([1.0, 100.0, 0.01]) * np.sin(x))

    AT = np.array([0.3, 0.4, 0.5])
    TRUE = np.array([1.0, 100.0, 0.01]) * np.cos(AT)

    def test_the_true_gradient_agrees(self):
        """With an error far below the tolerance, which is √ε."""
        got = differences.compare(self.TRUE, differences.central_differences(self.cost, self.AT))
        assert got.holds
        assert got.error < got.tolerance == np.sqrt(np.finfo(float).eps)
        assert got.kinks == []

    @pytest.mark.parametrize("factor", [2, 0.5, -1, 0, 1.001, 0.999, 1 + 1e-5])
    @pytest.mark.parametrize("entry", [0, 1, 2])
    def test_a_wrong_entry_does_not(self, factor, entry):
        """One entry off by a thousandth is found, however small it is beside the others."""
        wrong = self.TRUE.copy()
        wrong[entry] *= factor
        got = differences.compare(wrong, differences.central_differences(self.cost, self.AT))
        assert not got.holds
        size = max(abs(factor), 1)
        assert got.error == pytest.approx(abs(factor - 1) / size, rel=0.3)

    def test_it_is_symmetric(self):
        """Twice too large and twice too small are equally wrong."""
        measured = differences.central_differences(self.cost, self.AT)
        more, less = differences.compare(2 * self.TRUE, measured), differences.compare(self.TRUE / 2, measured)
        assert more.error == pytest.approx(less.error, rel=1e-3)

    def test_two_zeros_agree(self):
        """Where neither moves there is nothing to divide by, and nothing wrong; a slope out of nothing is wrong."""
        flat = differences.central_differences(lambda at: 0.0, [0.0, 1.0])
        assert differences.compare([0, 0], flat) == (0.0, flat.tolerance, [])
        assert differences.compare([0, 1e-3], flat).error == 1

    def test_what_drowns_in_rounding_passes(self):
        """A slope a million million times smaller than the cost can't be measured, and isn't condemned."""
        measured = differences.central_differences(lambda at: 1e12 + at.sum(), [1.0])
        assert differences.compare([1.0], measured).holds

    def test_kinks_are_reported_and_left_out(self):
        """At ReLU's kink any slope will do; elsewhere the gradient is still compared."""
        measured = measure(lambda x: np.maximum(x, 0), [0.0, 1.0, -1.0])
        got = differences.compare([0.7, 1, 0], measured)
        assert got.holds
        assert got.kinks == [(0,)]
        assert not differences.compare([0.7, 1, 0.5], measured).holds

    def test_nothing_but_kinks_holds_nothing(self):
        """Where no slope could be measured the error is NaN, and agreement isn't claimed."""
        got = differences.compare([0.5], measure(np.abs, [0.0]))
        assert np.isnan(got.error)
        assert not got.holds

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
        """Anything else raises, naming the cost and showing what came."""
        with pytest.raises(ReferenceInputError, match="cost: expected one finite number, got"):
            differences.central_differences(lambda at: bad, [1.0])

    @pytest.mark.parametrize("good", [3, np.float32(3), np.array([[3.0]]), [3.0], True], ids=str)
    def test_in_any_form(self, good):
        """A number in one box or two is a number."""
        assert differences.central_differences(lambda at: good, [1.0]).slopes == 0

    @pytest.mark.parametrize("bad", [[np.nan], [], "x"], ids=str)
    def test_the_place_is_an_array_of_numbers(self, bad):
        """NaN, nothing and text raise."""
        with pytest.raises(ReferenceInputError, match="at: expected"):
            differences.central_differences(np.sum, bad)

    @pytest.mark.parametrize("bad", [[1.0], [[1.0, 2.0]], [1.0, np.nan], None], ids=str)
    def test_a_gradient_has_the_places_shape(self, bad):
        """Another shape, NaN and None raise."""
        with pytest.raises(ReferenceInputError, match="gradient: expected"):
            differences.compare(bad, differences.central_differences(np.sum, [1.0, 2.0]))
