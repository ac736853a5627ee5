"""Tests of activations and their derivatives against automatic differentiation, exact arithmetic and plain loops."""

from decimal import Decimal, getcontext

import autograd
import autograd.numpy as anp
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import array_shapes, arrays

from autograder.reference import activations, differences
from autograder.reference.shapes import ReferenceInputError
from tests.reference import spec
from tests.reference.networks import NAMES, PAIRS

repeatable = settings(derandomize=True, deadline=None, max_examples=60)

AUTOGRAD = {
    "identity": lambda f: f,
    "relu": lambda f: anp.maximum(f, 0),
    "sigmoid": lambda f: 1 / (1 + anp.exp(-f)),
    "tanh": anp.tanh,
}
EVERY = [function for name in NAMES for function in PAIRS[name]]

# Away from 0, where ReLU has no slope.
numbers = st.floats(1e-3, 30).flatmap(lambda size: st.sampled_from([size, -size]))
any_shape = arrays(np.float64, array_shapes(min_dims=0, max_dims=3, max_side=4), elements=numbers)


def exact_values(name, f):
    """Return the function and its derivative to fifty digits."""
    getcontext().prec = 50
    f = Decimal(float(f))
    if name == "sigmoid":
        return 1 / (1 + (-f).exp()), (-f).exp() / (1 + (-f).exp()) ** 2
    return (f.exp() - (-f).exp()) / (f.exp() + (-f).exp()), 4 / (f.exp() + (-f).exp()) ** 2


class TestValues:
    @repeatable
    @given(any_shape)
    @pytest.mark.parametrize("name", NAMES)
    def test_derivatives_equal_automatic_differentiation(self, name, f):
        """Function and derivative equal autograd's, entry by entry, in the shape of the input."""
        function, derivative = PAIRS[name]
        np.testing.assert_allclose(function(f), AUTOGRAD[name](f), rtol=1e-12)
        expected = autograd.elementwise_grad(AUTOGRAD[name])(f)
        np.testing.assert_allclose(derivative(f), expected, rtol=1e-9, atol=1e-15)
        assert np.shape(function(f)) == np.shape(derivative(f)) == f.shape

    @pytest.mark.parametrize("name", NAMES)
    def test_both_equal_the_loops(self, name):
        """Function and derivative equal the plain Python definitions on a grid without 0."""
        grid = np.linspace(-8, 8, 40)
        function, derivative = PAIRS[name]
        np.testing.assert_allclose(function(grid), [spec.SLOPES[name][0](f) for f in grid], rtol=1e-12)
        np.testing.assert_allclose(derivative(grid), [spec.SLOPES[name][1](f) for f in grid], rtol=1e-9, atol=1e-15)

    @pytest.mark.parametrize("name", NAMES)
    def test_derivatives_agree_with_central_differences(self, name):
        """Derivatives agree with central differences, without a kink on the grid."""
        grid = np.linspace(-3, 3, 12)
        function, derivative = PAIRS[name]
        measured = differences.central_differences(lambda f: function(f).sum(), grid)
        assert not measured.kinks.any()
        assert differences.compare(derivative(grid), measured).holds

    @pytest.mark.parametrize("name", ["sigmoid", "tanh"])
    @pytest.mark.parametrize("f", [-700.0, -40.0, -17.0, -1e-8, 0.0, 1e-8, 1.0, 17.0, 40.0, 700.0])
    def test_far_out_and_close_in(self, name, f):
        """For huge and tiny inputs the values are right to rounding, and sigmoid's even relative to a tiny value."""
        value, slope = (float(exact) for exact in exact_values(name, f))
        function, derivative = PAIRS[name]
        relative = {"rtol": 1e-13, "atol": 0} if name == "sigmoid" else {"rtol": 1e-13, "atol": 3e-16}
        np.testing.assert_allclose(function(np.array([f])), [value], **relative)
        np.testing.assert_allclose(derivative(np.array([f])), [slope], **relative)

    @pytest.mark.parametrize("function", EVERY)
    @pytest.mark.parametrize("f", [1e4, -1e4, 1e300, -1e300, 1e-320])
    def test_nothing_overflows(self, function, f):
        """Inputs of up to 1e300 in size give finite values and no warning."""
        assert np.isfinite(function(np.array([[f]]))).all()

    def test_relu_at_its_kink(self):
        """At 0, minus 0 and below, the slope is 0; from the smallest positive number on it is 1."""
        f = np.array([-1.0, -0.0, 0.0, 5e-324, 1.0])
        np.testing.assert_array_equal(activations.relu(f), [0, 0, 0, 5e-324, 1])
        np.testing.assert_array_equal(activations.d_relu(f), [0, 0, 0, 1, 1])

    def test_sigmoid_is_symmetric(self):
        """a[−f] = 1 − a[f], and a[0] = ½."""
        f = np.linspace(-5, 5, 21)
        np.testing.assert_allclose(activations.sigmoid(-f), 1 - activations.sigmoid(f), rtol=1e-13)
        assert activations.sigmoid(0) == 0.5


class TestArguments:
    @pytest.mark.parametrize("function", EVERY)
    @pytest.mark.parametrize("dtype", [np.float16, np.float32, np.float64, np.longdouble])
    def test_precision_is_kept(self, function, dtype):
        """An array's precision is the result's; lists and integers give float64."""
        assert function(np.array([[-1, 2]], dtype)).dtype == dtype
        assert function([[-1, 2]]).dtype == function(np.array([1, 2])).dtype == np.float64

    @pytest.mark.parametrize("function", EVERY)
    def test_the_result_is_new(self, function):
        """A read-only input is accepted, and no result shares its memory."""
        f = np.array([-1.0, 2.0])
        f.setflags(write=False)
        result = function(f)
        assert not np.shares_memory(result, f)
        np.testing.assert_array_equal(f, [-1, 2])

    @pytest.mark.parametrize("function", EVERY)
    @pytest.mark.parametrize(
        ("bad", "words"),
        [
            ([np.nan], "f: expected finite numbers"),
            ([[np.inf]], "f: expected finite numbers"),
            ([], "f: expected .*not empty, got shape"),
            ("one", "f: expected real numbers"),
            ([1j], "f: expected real numbers"),
            ([[1], [2, 3]], "f: expected rows of one length"),
            (None, "f: expected real numbers"),
        ],
        ids=str,
    )
    def test_invalid_inputs_are_named(self, function, bad, words):
        """NaN, infinity, empty lists, text, None, complex numbers and ragged lists raise."""
        with pytest.raises(ReferenceInputError, match=words):
            function(bad)
