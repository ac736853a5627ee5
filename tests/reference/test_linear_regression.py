"""Tests of linear regression against a loop over samples, central differences and automatic differentiation."""

import inspect
import pickle
from functools import partial

import autograd
import autograd.numpy as anp
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from autograder.reference import linear_regression as lr
from autograder.reference.shapes import ReferenceInputError

repeatable = settings(derandomize=True, deadline=None, max_examples=60)

CHECKED = {
    "predict": "net_input weights bias",
    "cost": "net_output y",
    "d_cost_d_output": "net_output y",
    "df_dweights": "net_input",
    "df_dbias": "net_input",
    "gradient": "weights bias net_input net_output y",
    "update": "weights bias dl_dweights dl_dbias alpha",
    "gradient_descent": "net_input y weights bias iterations alpha",
    "normal_equations": "net_input y",
}
ARGUMENTS = [(function, argument) for function, names in CHECKED.items() for argument in names.split()]
ARRAYS = [pair for pair in ARGUMENTS if pair[1] not in ("alpha", "iterations")]
# Axes whose size no other argument fixes.
FREE = {(function, "net_input", axis) for function in ("df_dweights", "df_dbias") for axis in (0, 1)} | {
    ("predict", "net_input", 0),
    ("normal_equations", "net_input", 1),
}
RESULTS = {"gradient": 2, "update": 2, "gradient_descent": 3, "normal_equations": 2}


def a_problem(n=5, D_i=3, dtype=np.float64, seed=0):
    """Return every argument of every function, by name."""
    rng = np.random.default_rng(seed)
    shapes = {
        "net_input": (n, D_i), "weights": (D_i, 1), "bias": (1, 1), "net_output": (n, 1), "y": (n, 1),
        "dl_dweights": (D_i, 1), "dl_dbias": (1, 1),
    }  # fmt: skip
    values = {name: rng.normal(size=shape).astype(dtype) for name, shape in shapes.items()}
    return values | {"alpha": 0.1, "iterations": 3}


@st.composite
def problems(draw):
    """Draw a problem with random sizes and values."""
    n, D_i = draw(st.integers(1, 6)), draw(st.integers(1, 5))
    numbers = st.floats(-10, 10, allow_subnormal=False).map(lambda value: round(value, 6))
    return {
        name: draw(arrays(np.float64, value.shape, elements=numbers)) if isinstance(value, np.ndarray) else value
        for name, value in a_problem(n, D_i).items()
    }


def call(function, values):
    """Call a function of the module by name with its arguments among the values; return a tuple of its results."""
    results = getattr(lr, function)(**{name: values[name] for name in CHECKED[function].split()})
    return results if function in RESULTS else (results,)


def loop_cost(X, y, weights, bias):
    """Return the cost, computed for one sample and one input at a time in Python floats."""
    total = 0.0
    for i in range(len(X)):
        f_i = float(bias[0, 0])
        for j in range(X.shape[1]):
            f_i += float(weights[j, 0]) * float(X[i, j])
        total += (f_i - float(y[i, 0])) ** 2
    return total / len(X)


def loop_gradient(X, net_output, y):
    """Return the gradient, computed as the mean of the samples' own gradients in loops."""
    n, D_i = X.shape
    dl_dweights, dl_dbias = np.zeros((D_i, 1)), np.zeros((1, 1))
    for i in range(n):
        dl_df_i = 2 * (float(net_output[i, 0]) - float(y[i, 0]))
        dl_dbias[0, 0] += dl_df_i / n
        for j in range(D_i):
            dl_dweights[j, 0] += dl_df_i * float(X[i, j]) / n
    return dl_dweights, dl_dbias


def close(actual, expected, scale=1.0):
    """True if the shapes are equal and the values agree up to rounding of sums with terms as large as scale."""
    return actual.shape == np.shape(expected) and np.allclose(actual, expected, rtol=1e-12, atol=1e-12 * (1 + scale))


class TestValues:
    @repeatable
    @given(problems())
    def test_prediction_and_cost_equal_the_loops(self, p):
        """The vectorised prediction and cost equal those of one sample and one input at a time."""
        net_output = lr.predict(p["net_input"], p["weights"], p["bias"])
        assert net_output.shape == p["y"].shape
        for i, row in enumerate(p["net_input"]):
            assert net_output[i, 0] == pytest.approx(
                sum(row * p["weights"][:, 0]) + p["bias"][0, 0], rel=1e-12, abs=1e-10
            )
        loops = loop_cost(p["net_input"], p["y"], p["weights"], p["bias"])
        assert lr.cost(net_output, p["y"]) == pytest.approx(loops, rel=1e-12, abs=1e-12)

    @repeatable
    @given(problems())
    def test_gradient_equals_the_loops(self, p):
        """The gradient is the mean of the samples' own, for any net_output, which it doesn't predict anew."""
        gradient = call("gradient", p)
        for actual, expected in zip(gradient, loop_gradient(p["net_input"], p["net_output"], p["y"]), strict=True):
            assert close(actual, expected, scale=400)

    @repeatable
    @given(problems())
    def test_gradient_equals_central_differences(self, p):
        """The gradient equals central differences, which are exact for a parabola but for rounding."""
        X, y = p["net_input"], p["y"]
        parameters = np.vstack([p["weights"], p["bias"]])
        net_output = lr.predict(X, parameters[:-1], parameters[-1:])
        actual = np.vstack(lr.gradient(parameters[:-1], parameters[-1:], X, net_output, y))
        step = 1e-2  # a parabola has no third derivative, so a large step costs nothing and rounds least
        size = 1 + loop_cost(X, y, parameters[:-1], parameters[-1:])
        for k in range(len(parameters)):
            offset = step * np.eye(len(parameters))[:, [k]]
            up, down = (loop_cost(X, y, q[:-1], q[-1:]) for q in (parameters + offset, parameters - offset))
            assert actual[k, 0] == pytest.approx((up - down) / (2 * step), rel=1e-9, abs=1e-11 * size)

    @repeatable
    @given(problems())
    def test_gradient_equals_automatic_differentiation(self, p):
        """The gradient equals autograd's for the cost written in one line."""

        def one_line(weights, bias):
            return anp.mean((anp.dot(p["net_input"], weights) + bias - p["y"]) ** 2)

        p["net_output"] = lr.predict(p["net_input"], p["weights"], p["bias"])
        reference = autograd.grad(one_line, argnum=(0, 1))(p["weights"], p["bias"])
        for actual, expected in zip(call("gradient", p), reference, strict=True):
            assert close(actual, expected, scale=1e4)

    @repeatable
    @given(problems())
    def test_cost_derivative_equals_automatic_differentiation(self, p):
        """dl_df equals autograd's derivative of the cost by each output."""
        expected = autograd.grad(lambda f: anp.mean((f - p["y"]) ** 2))(p["net_output"])
        assert close(lr.d_cost_d_output(p["net_output"], p["y"]), expected)

    @repeatable
    @given(problems())
    def test_jacobians_predict_every_change(self, p):
        """The two Jacobians of U 2.4 give exactly the change of a linear model's outputs with its parameters."""
        X, weights, bias = p["net_input"], p["weights"], p["bias"]
        change = lr.predict(X, weights + p["dl_dweights"], bias + p["dl_dbias"]) - lr.predict(X, weights, bias)
        predicted = lr.df_dweights(X).T @ p["dl_dweights"] + lr.df_dbias(X).T @ p["dl_dbias"]
        assert lr.df_dweights(X).shape == X.shape[::-1]
        assert lr.df_dbias(X).shape == (1, len(X))
        assert close(change, predicted, scale=1e3)

    @repeatable
    @given(problems())
    def test_batch_gradient_is_the_mean_of_single_samples(self, p):
        """The gradient of a batch is the mean of the gradients of its samples, each a batch of one."""
        singles = [
            lr.gradient(p["weights"], p["bias"], *(p[name][[i]] for name in ("net_input", "net_output", "y")))
            for i in range(len(p["y"]))
        ]
        for actual, parts in zip(call("gradient", p), zip(*singles, strict=True), strict=True):
            assert close(actual, np.mean(parts, axis=0), scale=400)

    @repeatable
    @given(problems(), st.floats(-2, 2))
    def test_update_moves_against_the_gradient(self, p, alpha):
        """A step is minus alpha times the gradient, for positive, negative and zero alpha."""
        weights, bias = call("update", p | {"alpha": alpha})
        assert close(weights - p["weights"], -alpha * p["dl_dweights"], scale=30)
        assert close(bias - p["bias"], -alpha * p["dl_dbias"], scale=30)

    @pytest.mark.parametrize("dl_dbias", [3.0, [3.0], [[3.0]], np.float32(3), np.array(3)], ids=str)
    def test_update_takes_a_bias_gradient_in_any_natural_shape(self, dl_dbias):
        """The bias's gradient may be a number or an array of one; the bias stays (1, 1)."""
        _, bias = lr.update([[1.0]], [[2.0]], [[1.0]], dl_dbias, 0.5)
        np.testing.assert_array_equal(bias, [[0.5]])

    def test_a_worked_example(self):
        """Two samples by hand give f = (4, 10), f − y = (1, −2) and L = 2.5."""
        X, y, weights, bias = [[1, 2], [3, 4]], [[3], [12]], [[2], [1]], [[0]]
        net_output = lr.predict(X, weights, bias)
        np.testing.assert_array_equal(net_output, [[4], [10]])
        assert lr.cost(net_output, y) == 2.5
        np.testing.assert_array_equal(lr.d_cost_d_output(net_output, y), [[1], [-2]])
        dl_dweights, dl_dbias = lr.gradient(weights, bias, X, net_output, y)
        np.testing.assert_array_equal(dl_dweights, [[-5], [-6]])
        np.testing.assert_array_equal(dl_dbias, [[-1]])
        after, bias_after = lr.update(weights, bias, dl_dweights, dl_dbias, 0.5)
        np.testing.assert_array_equal(after, [[4.5], [4]])
        np.testing.assert_array_equal(bias_after, [[0.5]])


class TestGradientDescent:
    @repeatable
    @given(problems(), st.integers(0, 4))
    def test_costs_are_those_before_each_step_and_after_the_last(self, p, iterations):
        """A run equals its steps written out, and costs has one entry more than there are steps."""
        costs, weights, bias = call("gradient_descent", p | {"iterations": iterations, "alpha": 0.01})
        w, b, expected = p["weights"], p["bias"], []
        for k in range(iterations + 1):
            expected.append(loop_cost(p["net_input"], p["y"], w, b))
            if k < iterations:
                net_output = p["net_input"] @ w + b
                dw, db = loop_gradient(p["net_input"], net_output, p["y"])
                w, b = w - 0.01 * dw, b - 0.01 * db
        assert costs.shape == (iterations + 1,)
        np.testing.assert_allclose(costs, expected, rtol=1e-9, atol=1e-9)
        np.testing.assert_allclose(weights, w, rtol=1e-9, atol=1e-9)
        np.testing.assert_allclose(bias, b, rtol=1e-9, atol=1e-9)

    @pytest.mark.parametrize(("n", "D_i"), [(20, 1), (40, 4)])
    def test_converges_to_the_normal_equations(self, n, D_i):
        """On inputs of unit variance, 1000 steps reach the exact solution."""
        p = a_problem(n, D_i, seed=n)
        _, weights, bias = call("gradient_descent", p | {"iterations": 1000, "alpha": 0.1})
        exact_weights, exact_bias = call("normal_equations", p)
        np.testing.assert_allclose(weights, exact_weights, rtol=1e-9)
        np.testing.assert_allclose(bias, exact_bias, rtol=1e-9)

    def test_costs_fall_for_a_small_step(self):
        """With a rate below the curvature's limit every cost is below the one before."""
        costs, _, _ = call("gradient_descent", a_problem(30, 2) | {"iterations": 20, "alpha": 0.1})
        assert (np.diff(costs) < 0).all()

    def test_divergence_is_an_error(self):
        """A rate so large that the numbers overflow raises instead of returning NaN."""
        p = a_problem() | {"alpha": 1e200, "iterations": 100}
        with np.errstate(over="ignore"), pytest.raises(ReferenceInputError):
            call("gradient_descent", p)

    def test_replaced_parts_are_carried_forward(self):
        """Each part can be replaced by a student's; the result is that of the student's own loop."""
        p = a_problem()
        plain = lr.gradient_descent(p["net_input"], p["y"], p["weights"], p["bias"], 3, 0.1)

        def ascend(weights, bias, dl_dweights, dl_dbias, alpha):
            return weights + alpha * dl_dweights, bias + alpha * dl_dbias

        run = partial(lr.gradient_descent, p["net_input"], p["y"], p["weights"], p["bias"], 3)
        for actual, expected in zip(run(-0.1, update=ascend), plain, strict=True):
            np.testing.assert_allclose(actual, expected)
        twice = run(0.05, gradient=partial(lr.gradient, d_cost=lambda f, y: 2 * lr.d_cost_d_output(f, y)))
        for actual, expected in zip(twice, plain, strict=True):
            np.testing.assert_allclose(actual, expected)
        np.testing.assert_array_equal(run(0.1, cost=lambda f, y: 7.0)[0], [7] * 4)
        stuck = run(0.1, predict=lambda X, weights, bias: p["y"])
        np.testing.assert_array_equal(stuck[0], [0] * 4)
        np.testing.assert_array_equal(stuck[1], p["weights"])

    def test_replaced_updates_get_the_given_rate(self):
        """The rate stays a Python number: as a float64 it would raise the precision of a student's float32 slopes."""
        p, seen = a_problem(), []

        def update(weights, bias, dl_dweights, dl_dbias, alpha):
            seen.append((alpha * dl_dweights.astype(np.float32)).dtype)
            return lr.update(weights, bias, dl_dweights, dl_dbias, alpha)

        lr.gradient_descent(p["net_input"], p["y"], p["weights"], p["bias"], 2, 0.1, update=update)
        assert seen == [np.float32, np.float32]

    def test_replaced_parts_may_overwrite_the_data(self):
        """A student's prediction and cost that overwrite their arguments change none of the caller's arrays."""
        p = a_problem()
        before = {name: p[name].copy() for name in ("net_input", "y", "weights", "bias")}

        def predict(net_input, weights, bias):
            net_output = net_input @ weights + bias
            net_input[:] = weights[:] = bias[:] = 0
            return net_output

        def cost(net_output, y):
            y -= net_output
            return np.mean(y**2)

        lr.gradient_descent(p["net_input"], p["y"], p["weights"], p["bias"], 2, 0.1, predict=predict, cost=cost)
        for name, values in before.items():
            np.testing.assert_array_equal(p[name], values)

    def test_replaced_costs_take_the_precision_of_the_data(self):
        """costs is an array in the data's precision even if a student's cost returns Python floats."""
        p = a_problem(dtype=np.float32)
        names = ("net_input", "y", "weights", "bias", "iterations", "alpha")
        costs, _, _ = lr.gradient_descent(*(p[name] for name in names), cost=lambda f, y: 0.5)
        assert costs.dtype == np.float32

    @pytest.mark.parametrize("argument", ["net_input", "y", "weights", "bias", "alpha"])
    def test_arguments_are_checked_before_the_first_step(self, argument):
        """A wrong argument raises even if no step is taken and the parts ignore their arguments."""
        p = a_problem() | {"iterations": 0, argument: np.full((5, 5, 5), 1.0)}
        names = ("net_input", "y", "weights", "bias", "iterations", "alpha")
        blind = {"predict": lambda *given: 0.0, "cost": lambda *given: 0.0}
        with pytest.raises(ReferenceInputError, match=argument):
            lr.gradient_descent(*(p[name] for name in names), **blind)

    def test_a_replaced_part_may_work_in_place(self):
        """A student's update that changes its arguments gives the same run and leaves the caller's arrays alone."""
        p = a_problem()
        before = {name: np.copy(p[name]) for name in ("weights", "bias")}

        def in_place(weights, bias, dl_dweights, dl_dbias, alpha):
            weights -= alpha * dl_dweights
            bias -= alpha * dl_dbias
            return weights, bias

        run = lr.gradient_descent(p["net_input"], p["y"], p["weights"], p["bias"], 3, 0.1, update=in_place)
        for actual, expected in zip(run, call("gradient_descent", p), strict=True):
            np.testing.assert_array_equal(actual, expected)
        for name, array in before.items():
            np.testing.assert_array_equal(p[name], array)


class TestCarriedForward:
    def test_gradient_uses_the_given_cost_derivative(self):
        """The gradient carries a mistake in d_cost forward: half the derivative gives half the gradient."""
        p = a_problem()
        names = CHECKED["gradient"].split()
        halved = lr.gradient(*(p[n] for n in names), d_cost=lambda f, y: lr.d_cost_d_output(f, y) / 2)
        for actual, expected in zip(halved, call("gradient", p), strict=True):
            np.testing.assert_allclose(actual, expected / 2)

    @pytest.mark.parametrize("dl_df", [np.ones(5), np.ones((1, 5)), np.ones((6, 1)), np.full((5, 1), np.nan), 1.0])
    def test_an_invalid_cost_derivative_is_named(self, dl_df):
        """A student's d_cost that returns another shape or NaN raises an error that names dl_df."""
        p = a_problem(5)
        with pytest.raises(ReferenceInputError) as caught:
            lr.gradient(*(p[n] for n in CHECKED["gradient"].split()), d_cost=lambda f, y: dl_df)
        assert caught.value.argument == "dl_df"

    @pytest.mark.parametrize("argument", CHECKED["gradient"].split())
    def test_arguments_are_checked_even_if_d_cost_ignores_them(self, argument):
        """With a d_cost that always returns the same, a wrong argument still raises."""
        p = a_problem() | {argument: [[np.nan]]}
        with pytest.raises(ReferenceInputError):
            lr.gradient(*(p[n] for n in CHECKED["gradient"].split()), d_cost=lambda f, y: np.ones((5, 1)))

    def test_cost_derivative_may_work_in_place(self):
        """A d_cost that overwrites its arguments gives the same gradient and changes none of the caller's arrays."""
        p = a_problem()
        before = p["net_output"].copy()

        def in_place(net_output, y):
            net_output -= y
            net_output *= 2 / len(y)
            return net_output

        gradient = lr.gradient(*(p[n] for n in CHECKED["gradient"].split()), d_cost=in_place)
        np.testing.assert_array_equal(p["net_output"], before)
        for actual, expected in zip(gradient, call("gradient", p), strict=True):
            np.testing.assert_allclose(actual, expected)


class TestNormalEquations:
    @repeatable
    @given(problems())
    def test_no_derivative_is_left(self, p):
        """At the solution the residual is orthogonal to every input and to the bias, whatever the rank."""
        X, y = p["net_input"], p["y"]
        weights, bias = lr.normal_equations(X, y)
        net_output = lr.predict(X, weights, bias)
        inputs = np.hstack([X, np.ones_like(y)])
        residual = net_output - y
        largest = np.abs(inputs).max(axis=0, keepdims=True).T
        # Nearly collinear inputs get large weights, whose rounding the residual carries.
        assert (np.abs(inputs.T @ residual) <= 1e-7 * (1 + np.abs(weights).max()) * (1 + largest)).all()

    @pytest.mark.parametrize("dtype", [np.float32, np.float64])
    @pytest.mark.parametrize("unit", [1.0, 1e-6, 1e6, 1e12])
    def test_units_of_the_inputs_do_not_matter(self, dtype, unit):
        """Data from a linear model give that model back, even if the inputs have very different units."""
        rng = np.random.default_rng(3)
        X = (rng.normal(size=(50, 3)) * [1, unit, 1 / unit]).astype(dtype)
        model = np.array([[1], [2 / unit], [3 * unit]], dtype)
        weights, bias = lr.normal_equations(X, X @ model + dtype(5))
        tolerance = 100 * np.finfo(dtype).eps
        np.testing.assert_allclose(weights, model, rtol=tolerance)
        np.testing.assert_allclose(bias, [[5]], rtol=tolerance)

    @pytest.mark.parametrize("samples", [40, 4000])
    @pytest.mark.parametrize("dtype", [np.float32, np.float64])
    def test_collinear_inputs_still_fit(self, dtype, samples):
        """With copies, multiples, constants and zeros among the inputs, the fit is that of the one true input."""
        rng = np.random.default_rng(4)
        x = rng.normal(size=(samples, 1)).astype(dtype)
        y = (2 * x + 3 + rng.normal(size=x.shape)).astype(dtype)
        collinear = np.hstack([x, x, dtype(0.1) * x, np.full_like(x, 7), np.zeros_like(x), dtype(0.3) * x + 1])
        alone = lr.predict(x, *lr.normal_equations(x, y))
        weights, bias = lr.normal_equations(collinear, y)
        together = lr.predict(collinear, weights, bias)
        np.testing.assert_allclose(together, alone, atol=200 * np.finfo(dtype).eps)
        assert np.abs(weights).max() < 10, "rounding noise was taken for a direction"
        assert weights[0] == pytest.approx(weights[1]), "the shortest solution treats copies alike"

    def test_more_inputs_than_samples(self):
        """With more inputs than samples the fit meets every target."""
        p = a_problem(3, 6)
        weights, bias = call("normal_equations", p)
        np.testing.assert_allclose(lr.predict(p["net_input"], weights, bias), p["y"], rtol=1e-12)


class TestArguments:
    @pytest.mark.parametrize("dtype", [np.float32, np.float64])
    @pytest.mark.parametrize("function", CHECKED)
    def test_precision_is_kept(self, function, dtype):
        """Results have the precision of the arguments."""
        for result in call(function, a_problem(dtype=dtype)):
            assert result.dtype == dtype

    @pytest.mark.parametrize(
        ("function", "argument"), [pair for pair in ARRAYS if pair[0] not in ("df_dweights", "df_dbias")]
    )
    @pytest.mark.parametrize("convert", [np.ndarray.tolist, lambda a: np.rint(a).astype(int)], ids=["list", "integers"])
    def test_lists_and_integers_follow_the_arrays(self, function, argument, convert):
        """A list or an integer array among float32 arrays doesn't change the precision."""
        p = a_problem(dtype=np.float32)
        for result in call(function, p | {argument: convert(p[argument]), "alpha": np.float64(0.1)}):
            assert result.dtype == np.float32

    @pytest.mark.parametrize("function", CHECKED)
    def test_lists_of_integers_alone_become_float64(self, function):
        """Without an array the results are float64, equal to those of the same numbers as floats."""
        p = {name: np.rint(3 * v) if isinstance(v, np.ndarray) else v for name, v in a_problem().items()}
        lists = {name: v.astype(int).tolist() if isinstance(v, np.ndarray) else v for name, v in p.items()}
        for result, expected in zip(call(function, lists), call(function, p), strict=True):
            assert result.dtype == np.float64
            np.testing.assert_array_equal(result, expected)

    def test_float64_wins_over_float32(self):
        """Mixed arrays compute in the finer precision."""
        p = a_problem(dtype=np.float32)
        assert lr.cost(p["net_output"], p["y"].astype(np.float64)).dtype == np.float64

    @pytest.mark.parametrize("function", CHECKED)
    def test_inputs_stay_as_they_are(self, function):
        """Arguments may be read-only, don't change, and share no memory with the results, which are writeable."""
        p = a_problem()
        before = {name: np.copy(value) for name, value in p.items()}
        for value in p.values():
            if isinstance(value, np.ndarray):
                value.setflags(write=False)
        for result in call(function, p | {"iterations": 0}):
            assert not any(np.shares_memory(result, value) for value in p.values())
            if isinstance(result, np.ndarray):
                assert result.flags.writeable
        for name, value in before.items():
            np.testing.assert_array_equal(p[name], value)

    @pytest.mark.parametrize(("function", "argument"), [pair for pair in ARRAYS if pair != ("update", "dl_dbias")])
    def test_a_missing_axis_is_named(self, function, argument):
        """A vector instead of a matrix raises an error that states the argument and both shapes."""
        p = a_problem()
        flat = p[argument].ravel()
        with pytest.raises(ReferenceInputError) as caught:
            call(function, p | {argument: flat})
        error = caught.value
        assert (error.argument, error.shape) == (argument, flat.shape)
        assert error.expected.startswith("shape (")
        assert str(error) == f"{argument}: expected {error.expected}, got shape {flat.shape}"

    @pytest.mark.parametrize(("function", "argument"), ARRAYS)
    def test_an_empty_argument_is_named(self, function, argument):
        """An argument without samples or without inputs raises."""
        with pytest.raises(ReferenceInputError, match=argument) as caught:
            call(function, a_problem() | {argument: np.zeros((0, 1))})
        assert caught.value.shape == (0, 1)

    def test_no_samples_at_all_is_an_error(self):
        """Empty arguments raise even if their shapes agree."""
        with pytest.raises(ReferenceInputError, match=r"net_output: .* not empty"):
            lr.cost(np.zeros((0, 1)), np.zeros((0, 1)))

    @pytest.mark.parametrize(("function", "argument"), [pair for pair in ARGUMENTS if pair[1] != "iterations"])
    @pytest.mark.parametrize("bad", [np.nan, np.inf, -np.inf])
    def test_non_finite_values_are_named(self, function, argument, bad):
        """One NaN or infinity anywhere raises an error with the argument and its shape."""
        p = a_problem()
        value = np.array(p[argument], dtype=float)
        value[(-1,) * value.ndim] = bad
        with pytest.raises(ReferenceInputError, match=f"{argument}: .*finite") as caught:
            call(function, p | {argument: value})
        assert (caught.value.argument, caught.value.shape) == (argument, value.shape)

    @pytest.mark.parametrize(("function", "argument"), ARGUMENTS)
    @pytest.mark.parametrize(
        "bad", [None, "two", [["1", "2"]], 1j, [[object()]]], ids=["none", "text", "texts", "complex", "objects"]
    )
    def test_non_numbers_are_named(self, function, argument, bad):
        """Text, None, complex numbers and objects raise."""
        with pytest.raises(ReferenceInputError) as caught:
            call(function, a_problem() | {argument: bad})
        assert caught.value.argument == argument

    @pytest.mark.parametrize(("function", "argument"), ARRAYS)
    def test_ragged_lists_are_named(self, function, argument):
        """Rows of different lengths raise an error whose cause is NumPy's ValueError."""
        with pytest.raises(ReferenceInputError, match=f"{argument}: expected rows of one length") as caught:
            call(function, a_problem() | {argument: [[1, 2], [3]]})
        assert caught.value.shape is None
        assert isinstance(caught.value.__cause__, ValueError)

    @pytest.mark.parametrize("iterations", [-1, 2.0, "3", None])
    def test_iterations_are_a_whole_number(self, iterations):
        """A negative, fractional or non-numeric number of iterations raises."""
        with pytest.raises(ReferenceInputError, match="iterations: expected a whole number") as caught:
            call("gradient_descent", a_problem() | {"iterations": iterations})
        assert caught.value.argument == "iterations"

    @pytest.mark.parametrize(
        ("function", "argument", "shape", "expected"),
        [
            ("predict", "weights", (4, 1), "shape (D_i, 1) with D_i = 3"),
            ("predict", "weights", (3, 2), "shape (D_i, 1) with D_i = 3"),
            ("predict", "bias", (5, 1), "shape (1, 1)"),
            ("cost", "y", (4, 1), "shape (I, 1) with I = 5"),
            ("gradient", "net_output", (4, 1), "shape (I, 1) with I = 5"),
            ("update", "dl_dbias", (5, 1), "shape (1, 1) or (1,) or ()"),
            ("update", "alpha", (1,), "shape ()"),
            ("normal_equations", "y", (1, 5), "shape (I, 1) with I = 5"),
        ],
    )
    def test_sizes_must_agree(self, function, argument, shape, expected):
        """The error states a size that another argument has fixed, with its value."""
        with pytest.raises(ReferenceInputError) as caught:
            call(function, a_problem() | {argument: np.ones(shape)})
        assert (caught.value.argument, caught.value.shape, caught.value.expected) == (argument, shape, expected)

    @pytest.mark.parametrize("axis", [0, 1])
    @pytest.mark.parametrize(("function", "argument"), ARRAYS)
    def test_no_size_is_broadcast(self, function, argument, axis):
        """An axis of twice the length raises unless no other argument, nor the model, fixes its length."""
        p = a_problem()
        p[argument] = np.concatenate([p[argument]] * 2, axis)
        if (function, argument, axis) in FREE:
            call(function, p)
        else:
            with pytest.raises(ReferenceInputError) as caught:
                call(function, p)
            assert caught.value.argument in CHECKED[function].split()

    def test_a_number_too_large_for_the_precision_is_named(self):
        """A list that overflows float32 raises instead of turning into infinity."""
        with pytest.raises(ReferenceInputError, match="y: expected finite numbers in float32"):
            lr.cost(np.ones((1, 1), np.float32), [[1e300]])

    def test_errors_survive_pickling(self):
        """A pickled error keeps its message and its attributes, so that it can pass between processes."""
        with pytest.raises(ReferenceInputError) as caught:
            lr.df_dbias([1, 2])
        copy = pickle.loads(pickle.dumps(caught.value))
        assert str(copy) == str(caught.value) == "net_input: expected shape (I, D_i), got shape (2,)"
        assert vars(copy) == vars(caught.value)

    def test_signatures_are_those_of_the_course(self):
        """`checked` keeps the signatures, so arguments can be passed by position in the course's order."""
        assert list(inspect.signature(lr.predict).parameters) == ["net_input", "weights", "bias"]
        course = ["weights", "bias", "net_input", "net_output", "y"]
        assert list(inspect.signature(lr.gradient).parameters)[:5] == course
        course = ["weights", "bias", "dl_dweights", "dl_dbias", "alpha"]
        assert list(inspect.signature(lr.update).parameters) == course
