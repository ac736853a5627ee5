"""Tests of the toy model against Python floats, complex steps, central differences and automatic differentiation."""

import cmath
import math

import autograd
import autograd.numpy as anp
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from autograder.reference import toy_model
from autograder.reference.shapes import ReferenceInputError
from autograder.reference.toy_model import Backward, Forward, ParameterGradients

repeatable = settings(derandomize=True, deadline=None, max_examples=80)

BOOK = {"x": 2.3, "y": 2.0, "beta": (1.0, 2.0, -3.0, 0.4), "omega": (0.1, -0.4, 2.0, 3.0)}
# To three decimals, as the book's own notebook prints them for these parameters.
BOOK_VALUES = {
    "f0": 1.230, "h1": 0.942, "f1": 1.623, "h2": 5.068, "f2": 7.137, "h3": 0.657, "f3": 2.372, "l_i": 0.139,
    "dldf3": 0.745, "dldh3": 2.234, "dldf2": -1.683, "dldh2": -3.366, "dldf1": -17.060, "dldh1": 6.824, "dldf0": 2.281,
    "dldbeta3": 0.745, "dldomega3": 0.489, "dldbeta2": -1.683, "dldomega2": -8.530, "dldbeta1": -17.060,
    "dldomega1": -16.079, "dldbeta0": 2.281, "dldomega0": 5.246,
}  # fmt: skip

numbers = st.floats(-2, 2, allow_subnormal=False)
fours = st.tuples(numbers, numbers, numbers, numbers)
models = st.fixed_dictionaries({"x": numbers, "y": numbers, "beta": fours, "omega": fours})


def all_passes(model):
    """Return the results of all three passes of one model."""
    cache = toy_model.forward(**model)
    upstream = toy_model.backward(cache, model["y"], model["omega"])
    return cache, upstream, toy_model.parameter_gradients(upstream, cache, model["x"])


def loss(x, y, beta, omega, m=math):
    """Return the loss in one line, with sin, exp and cos of the module m."""
    b, w = beta, omega
    return (b[3] + w[3] * m.cos(b[2] + w[2] * m.exp(b[1] + w[1] * m.sin(b[0] + w[0] * x))) - y) ** 2


def loss_from(name, value, model, m=math):
    """Return the loss if the chain continues from the named intermediate result with the given value."""
    chain = {"f0": m.sin, "h1": 1, "f1": m.exp, "h2": 2, "f2": m.cos, "h3": 3, "f3": None}
    links = list(chain)
    for link in links[links.index(name) : -1]:
        step = chain[link]
        value = model["beta"][step] + model["omega"][step] * value if isinstance(step, int) else step(value)
    return (value - model["y"]) ** 2


def parameter(name):
    """Return the model's entry and index that a gradient's name refers to: dldbeta3 is entry 3 of beta."""
    return name.removeprefix("dld")[:-1], int(name[-1])


def moved(model, name, amount):
    """Return the model with one parameter changed by an amount."""
    key, k = parameter(name)
    return model | {key: tuple(value + amount * (i == k) for i, value in enumerate(model[key]))}


class TestKnownValues:
    def test_the_books_example(self):
        """All 23 values of the book's example agree to the three decimals that the book prints."""
        actual = {name: value for part in all_passes(BOOK) for name, value in part._asdict().items()}
        assert {name: round(float(value), 3) for name, value in actual.items()} == pytest.approx(BOOK_VALUES)

    def test_the_books_example_to_the_last_digit(self):
        """The eight gradients equal those of a complex step, which has no cancellation and only rounding error."""
        cache, _, gradients = all_passes(BOOK)
        assert cache.l_i == pytest.approx(loss(**BOOK), rel=1e-14)
        for name, value in gradients._asdict().items():
            expected = loss(**moved(BOOK, name, 1e-30j), m=cmath).imag / 1e-30
            assert value == pytest.approx(expected, rel=1e-12)

    def test_names_are_those_of_the_course(self):
        """The fields carry the names that students use, in the order in which they are computed."""
        assert [*Forward._fields, *Backward._fields, *ParameterGradients._fields] == list(BOOK_VALUES)


class TestOracles:
    @repeatable
    @given(models)
    def test_forward_equals_the_chain_by_hand(self, model):
        """Every intermediate result equals the one that Python's own functions give."""
        cache = toy_model.forward(**model)
        beta, omega, h, expected = model["beta"], model["omega"], model["x"], []
        for k, function in enumerate((math.sin, math.exp, math.cos, lambda f: (f - model["y"]) ** 2)):
            f = beta[k] + omega[k] * h
            h = function(f)
            expected += [f, h]
        assert cache == pytest.approx(expected, rel=1e-9, abs=1e-12)

    @repeatable
    @given(models)
    def test_backward_equals_complex_steps_along_the_chain(self, model):
        """Each dldf and dldh is the loss's derivative by that intermediate result of the chain."""
        cache, upstream, _ = all_passes(model)
        for name, value in upstream._asdict().items():
            link = name.removeprefix("dld")
            expected = loss_from(link, getattr(cache, link) + 1e-30j, model, cmath).imag / 1e-30
            assert value == pytest.approx(expected, rel=1e-9, abs=1e-12)

    @repeatable
    @given(models)
    def test_gradients_equal_complex_steps(self, model):
        """The parameters' gradients equal those of complex steps up to rounding."""
        for name, value in all_passes(model)[2]._asdict().items():
            expected = loss(**moved(model, name, 1e-30j), m=cmath).imag / 1e-30
            assert value == pytest.approx(expected, rel=1e-9, abs=1e-12)

    @repeatable
    @given(models)
    def test_gradients_equal_automatic_differentiation(self, model):
        """The parameters' gradients equal autograd's."""

        def of_parameters(parameters):
            return loss(model["x"], model["y"], parameters[:4], parameters[4:], m=anp)

        expected = autograd.grad(of_parameters)(np.array([*model["beta"], *model["omega"]]))
        for name, value in all_passes(model)[2]._asdict().items():
            key, k = parameter(name)
            assert value == pytest.approx(expected[k + 4 * (key == "omega")], rel=1e-9, abs=1e-12)

    def test_gradients_equal_central_differences(self):
        """The gradients equal central differences, whose step balances rounding and curvature."""
        step = np.finfo(float).eps ** (1 / 3)
        for name, value in all_passes(BOOK)[2]._asdict().items():
            up, down = loss(**moved(BOOK, name, step)), loss(**moved(BOOK, name, -step))
            assert value == pytest.approx((up - down) / (2 * step), rel=1e-6)


class TestCarriedForward:
    @pytest.mark.parametrize("field", ["f0", "f1", "f2", "f3"])
    def test_backward_reads_the_given_values(self, field):
        """A wrong pre-activation changes its own derivative and those computed after it, and none before."""
        cache, expected, _ = all_passes(BOOK)
        actual = toy_model.backward(cache._replace(**{field: getattr(cache, field) + 1}), BOOK["y"], BOOK["omega"])
        first = Backward._fields.index(f"dld{field}")
        assert actual[:first] == expected[:first]
        assert all(a != b for a, b in zip(actual[first:], expected[first:], strict=True))

    @pytest.mark.parametrize("unread", ["h1", "h2", "h3", "l_i"])
    def test_backward_needs_pre_activations_only(self, unread):
        """The first backward pass reads neither activations nor the loss."""
        cache, expected, _ = all_passes(BOOK)
        assert toy_model.backward(cache._replace(**{unread: 9.0}), BOOK["y"], BOOK["omega"]) == expected

    def test_parameter_gradients_read_the_given_values(self):
        """The second pass carries wrong values forward: biases repeat dldf, weights multiply it by their input."""
        upstream = Backward(dldf3=2, dldh3=99, dldf2=3, dldh2=99, dldf1=5, dldh1=99, dldf0=7)
        cache = Forward(f0=99, h1=11, f1=99, h2=13, f2=99, h3=17, f3=99, l_i=99)
        actual = toy_model.parameter_gradients(upstream, cache, 19)
        assert actual == ParameterGradients(2, 17 * 2, 3, 13 * 3, 5, 11 * 5, 7, 19 * 7)


class TestArguments:
    @pytest.mark.parametrize("dtype", [np.float32, np.float64])
    def test_precision_is_kept(self, dtype):
        """The arrays' precision holds through all three passes; x, y and lists take it."""
        for keys in (("beta", "omega"), ("beta",), ("omega",)):
            model = BOOK | {key: np.array(BOOK[key], dtype) for key in keys}
            cache, upstream, gradients = all_passes(model)
            assert {type(value) for value in (*cache, *upstream, *gradients)} == {dtype}

    def test_single_numpy_numbers_keep_their_precision(self):
        """A float32 x among Python floats gives float32."""
        cache = toy_model.forward(np.float32(2.3), 2, BOOK["beta"], list(BOOK["omega"]))
        assert {type(value) for value in cache} == {np.float32}

    def test_integers_become_floats(self):
        """Results of Python integers are floats, in float64."""
        for part in all_passes({"x": 2, "y": 1, "beta": [1, 0, -1, 2], "omega": [1, -1, 2, 3]}):
            assert all(isinstance(value, float) for value in part)

    def test_inputs_stay_as_they_are(self):
        """Read-only parameters are accepted, and their values don't change."""
        model = BOOK | {key: np.array(BOOK[key]) for key in ("beta", "omega")}
        for key in ("beta", "omega"):
            model[key].setflags(write=False)
        assert all_passes(model) == all_passes(BOOK)
        for key in ("beta", "omega"):
            np.testing.assert_array_equal(model[key], BOOK[key])

    CALLS = (
        (toy_model.forward, BOOK),
        (toy_model.backward, {"cache": Forward(*range(8)), "y": 2.0, "omega": BOOK["omega"]}),
        (toy_model.parameter_gradients, {"upstream": Backward(*range(7)), "cache": Forward(*range(8)), "x": 2.3}),
    )
    EVERY_ARGUMENT = tuple((function, values, name) for function, values in CALLS for name in values)

    @pytest.mark.parametrize(("function", "values", "name"), EVERY_ARGUMENT)
    def test_non_finite_values_are_named(self, function, values, name):
        """NaN or infinity in any argument, or in any value of a cache, raises an error that names the argument."""
        for bad in (np.nan, np.inf):
            for k in range(np.size(values[name])):
                value = values[name]
                changed = bad if np.ndim(value) == 0 else [bad if i == k else v for i, v in enumerate(value)]
                changed = value._make(changed) if hasattr(value, "_make") else changed
                with pytest.raises(ReferenceInputError, match=f"{name}: expected finite") as caught:
                    function(**values | {name: changed})
                assert (caught.value.argument, caught.value.shape) == (name, np.shape(value))

    @pytest.mark.parametrize(("function", "values", "name"), EVERY_ARGUMENT)
    @pytest.mark.parametrize("bad", [[], [1.0, 2.0, 3.0], np.ones((4, 1))], ids=["empty", "three", "column"])
    def test_wrong_shapes_are_named(self, function, values, name, bad):
        """An array as x or y, and beta or omega without exactly four numbers, raise."""
        with pytest.raises(ReferenceInputError, match=f"{name}: expected shape") as caught:
            function(**values | {name: bad})
        assert (caught.value.argument, caught.value.shape) == (name, np.shape(bad))

    @pytest.mark.parametrize(("function", "values", "name"), EVERY_ARGUMENT)
    @pytest.mark.parametrize("bad", [None, "two", 1j, [[1], [2, 3]]], ids=str)
    def test_non_numbers_are_named(self, function, values, name, bad):
        """Text, None, complex numbers and ragged lists raise."""
        with pytest.raises(ReferenceInputError) as caught:
            function(**values | {name: bad})
        assert caught.value.argument == name
