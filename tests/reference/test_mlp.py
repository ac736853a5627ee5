"""Tests of the network against loops, central differences, automatic differentiation and itself transposed."""

from itertools import chain

import autograd
import autograd.numpy as anp
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from autograder.reference import costs, differences, mlp
from autograder.reference.activations import IDENTITY, RELU, SIGMOID, TANH, Activation
from autograder.reference.shapes import ReferenceInputError
from tests.reference import spec
from tests.reference.networks import network, networks

repeatable = settings(derandomize=True, deadline=None, max_examples=80)


def both_passes(net, **options):
    """Return the forward pass, the slope of the squared error in its output, and the backward pass."""
    forward = mlp.forward(net.net_input, net.all_weights, net.all_biases, activation=net.pairs, **options)
    slope = costs.d_squared_error(forward.net_output, net.y, **options)
    backward = mlp.backward(net.all_weights, net.all_biases, *forward[1:], slope, activation=net.pairs, **options)
    return forward, slope, backward


def assert_all_close(actual, expected, rtol=1e-10, atol=1e-12):
    """Assert that two lists of arrays agree, shapes included, up to rounding of their largest entry."""
    for array, reference in zip(actual, expected, strict=True):
        assert np.shape(array) == np.shape(reference)
        np.testing.assert_allclose(array, reference, rtol=rtol, atol=atol * max(1, np.abs(reference).max()))


def cost_of(weights, biases, net, m=np):
    """Return the mean squared error, computed in a few lines with the functions of the module m."""
    functions = {
        "identity": lambda f: f,
        "relu": lambda f: m.maximum(f, 0),
        "sigmoid": lambda f: 0.5 * (1 + m.tanh(f / 2)),
        "tanh": m.tanh,
    }
    h = net.net_input
    for Omega, beta, name in zip(weights, biases, net.names, strict=True):
        h = functions[name](m.dot(Omega, h) + beta)
    return m.sum((h - net.y) ** 2) / net.y.shape[1]


class TestValues:
    def test_a_network_by_hand(self):
        """The 3-2-1 network of exercise 1, with tanh and one sample, gives the values from a pocket calculator."""
        weights = [[[0.1, 0.3, -0.5], [-0.2, 0.4, 0.6]], [[0.7, -0.8]]]
        biases = [[[0.1], [0.2]], [[0.3]]]
        net_output, all_f, all_h = mlp.forward([[0.3], [0.4], [-0.1]], weights, biases, activation=TANH)
        assert_all_close(all_f, [[[0.3], [0.24]], net_output])
        assert_all_close(all_h, [[[0.3], [0.4], [-0.1]], [[0.29131], [0.23550]]], rtol=1e-4)
        np.testing.assert_allclose(net_output, [[0.31552]], rtol=1e-4)
        dl_dy = costs.d_squared_error(net_output, [[0.5]])
        np.testing.assert_allclose(dl_dy, [[-0.36896]], rtol=1e-4)
        gradients = mlp.backward(weights, biases, all_f, all_h, dl_dy, activation=TANH)
        # dL/da = W2ᵀ dL/dy ⊙ (1 − z²) = (−0.25827 · 0.91514, 0.29517 · 0.94454)
        assert_all_close(gradients.all_dl_dbiases, [[[-0.23635], [0.27880]], dl_dy], rtol=1e-3)
        by_hand = [[[-0.07091, -0.09454, 0.02364], [0.08364, 0.11152, -0.02788]], [[-0.10748, -0.08689]]]
        assert_all_close(gradients.all_dl_dweights, by_hand, rtol=1e-3)

    def test_a_layer_by_hand(self):
        """The lecture's layer, samples as rows, gives L = 32.5, δ = (6, 2, 5), and 8.125 after a step at rate 0.1."""
        x, y, W, no_bias = [[1, 2]], [[1, 4, 4]], np.array([[3, 2], [4, 1], [5, 2.0]]), np.zeros((1, 3))
        relu = [RELU]

        def run(W):
            forward = mlp.forward(x, [W.T], [no_bias], activation=relu, samples="rows")
            options = {"normalisation": "half sum", "samples": "rows"}
            slope = costs.d_squared_error(forward.net_output, y, **options)
            backward = mlp.backward([W.T], [no_bias], *forward[1:], slope, activation=relu, samples="rows")
            return forward, costs.squared_error(forward.net_output, y, **options), backward

        forward, cost, backward = run(W)
        np.testing.assert_array_equal(forward.net_output, [[7, 6, 9]])
        assert cost == 32.5
        np.testing.assert_array_equal(backward.all_dl_df[0], [[6, 2, 5]])
        np.testing.assert_array_equal(backward.all_dl_dweights[0].T, [[6, 12], [2, 4], [5, 10]])
        assert run(W - 0.1 * backward.all_dl_dweights[0].T)[1] == pytest.approx(8.125)

    @repeatable
    @given(networks())
    def test_forward_equals_the_loops(self, net):
        """Every pre-activation and activation equals the sum of a loop over samples, units and inputs."""
        net_output, all_f, all_h = both_passes(net)[0]
        for i, x in enumerate(net.net_input.T):
            f, h, output = spec.forward(x.tolist(), net.layers(), net.names)
            assert_all_close([array[:, i] for array in all_f], f)
            assert_all_close([array[:, i] for array in all_h], h)
            np.testing.assert_allclose(net_output[:, i], output, rtol=1e-10, atol=1e-12)

    @repeatable
    @given(networks())
    def test_backward_equals_the_loops(self, net):
        """For any slopes of the output, the gradients, the input's included, equal the loops' sums over samples."""
        forward, slope, gradients = both_passes(net)
        weights, biases = [0 * w for w in net.all_weights], [0 * b for b in net.all_biases]
        inputs = mlp.input_gradient(net.all_weights, gradients.all_dl_df)
        for i in range(net.net_input.shape[1]):
            all_f = [f[:, i].tolist() for f in forward.all_f]
            all_h = [h[:, i].tolist() for h in forward.all_h]
            loops, dl_dx = spec.backward(net.layers(), net.names, all_f, all_h, slope[:, i].tolist())
            np.testing.assert_allclose(inputs[:, i], dl_dx, rtol=1e-9, atol=1e-11)
            for k, units in enumerate(loops):
                np.testing.assert_allclose(gradients.all_dl_df[k][:, i], [u[2] for u in units], rtol=1e-9, atol=1e-11)
                weights[k] += [u[0] for u in units]
                biases[k] += [[u[1]] for u in units]
        assert_all_close(gradients.all_dl_dweights, weights, rtol=1e-9, atol=1e-11)
        assert_all_close(gradients.all_dl_dbiases, biases, rtol=1e-9, atol=1e-11)


class TestOracles:
    @repeatable
    @given(networks())
    def test_gradients_equal_automatic_differentiation(self, net):
        """Autograd finds the same gradients for the cost written in a few lines."""
        gradients = both_passes(net)[2]
        grad = autograd.grad(lambda w, b: cost_of(w, b, net, anp), argnum=(0, 1))
        for actual, expected in zip(gradients[:2], grad(net.all_weights, net.all_biases), strict=True):
            assert_all_close(actual, expected, rtol=1e-9, atol=1e-11)

    @settings(repeatable, max_examples=40)
    @given(networks(deepest=3))
    def test_gradients_agree_with_central_differences(self, net):
        """The gradients agree with central differences in each parameter, except at ReLU's kinks."""
        gradients = both_passes(net)[2]
        for group, slopes in ((0, gradients.all_dl_dweights), (1, gradients.all_dl_dbiases)):
            for k, gradient in enumerate(slopes):

                def cost(array, group=group, k=k):
                    parameters = [list(net.all_weights), list(net.all_biases)]
                    parameters[group][k] = array
                    return cost_of(*parameters, net)

                measured = differences.central_differences(cost, (net.all_weights, net.all_biases)[group][k])
                agreement = differences.compare(gradient, measured)
                assert agreement.holds or len(agreement.kinks) == gradient.size

    @pytest.mark.parametrize("depth", [0, 1, 2, 5, 20, 50])
    @pytest.mark.parametrize("name", ["relu", "tanh"])
    def test_any_depth(self, depth, name):
        """From no hidden layer to fifty, gradients equal autograd's and reach the first layer."""
        net = network([3, *[7] * depth, 2], 5, [name] * depth + ["identity"], seed=depth, scale=1.3)
        gradients = both_passes(net)[2]
        grad = autograd.grad(lambda w, b: cost_of(w, b, net, anp), argnum=(0, 1))
        for actual, expected in zip(gradients[:2], grad(net.all_weights, net.all_biases), strict=True):
            assert_all_close(actual, expected, rtol=1e-8, atol=1e-10)
        assert len(gradients.all_dl_dweights) == depth + 1
        assert np.abs(gradients.all_dl_dweights[0]).max() > 0

    @pytest.mark.parametrize("widths", [[1, 1], [1, 1, 1], [5, 1, 5], [1, 6, 1]])
    @pytest.mark.parametrize("n", [1, 4])
    def test_width_one(self, widths, n):
        """Layers of a single unit, and single samples, keep all their axes and equal autograd's."""
        net = network(widths, n, ["tanh"] * (len(widths) - 1), seed=n)
        forward, _, gradients = both_passes(net)
        assert forward.net_output.shape == (widths[-1], n)
        grad = autograd.grad(lambda w, b: cost_of(w, b, net, anp), argnum=(0, 1))
        for actual, expected in zip(gradients[:2], grad(net.all_weights, net.all_biases), strict=True):
            assert_all_close(actual, expected)


class TestBatches:
    @repeatable
    @given(networks())
    def test_a_batch_is_the_mean_of_single_samples(self, net):
        """With a cost that is a mean over samples, so is each gradient, and each sample's output is as if alone."""
        forward, _, batch = both_passes(net)
        singles = []
        for i in range(net.net_input.shape[1]):
            sample = net._replace(net_input=net.net_input[:, [i]], y=net.y[:, [i]])
            single, _, gradients = both_passes(sample)
            singles.append(gradients)
            np.testing.assert_allclose(single.net_output, forward.net_output[:, [i]], rtol=1e-10, atol=1e-12)
        for k in range(len(net.names)):
            for actual, field in ((batch.all_dl_dweights[k], 0), (batch.all_dl_dbiases[k], 1)):
                expected = np.mean([gradients[field][k] for gradients in singles], axis=0)
                np.testing.assert_allclose(actual, expected, rtol=1e-9, atol=1e-11 * max(1, np.abs(expected).max()))

    @repeatable
    @given(networks())
    def test_rows_are_columns_transposed(self, net):
        """Transposed arguments, with samples as rows, give every result transposed."""
        transposed = net.transposed()
        rows, columns = both_passes(transposed, samples="rows"), both_passes(net)
        np.testing.assert_allclose(rows[0].net_output, columns[0].net_output.T)
        np.testing.assert_allclose(rows[1], columns[1].T)
        for actual, expected in zip((*rows[0][1:], *rows[2]), (*columns[0][1:], *columns[2]), strict=True):
            assert_all_close(actual, [array.T for array in expected])
        inputs = mlp.input_gradient(transposed.all_weights, rows[2].all_dl_df, samples="rows")
        np.testing.assert_allclose(inputs, mlp.input_gradient(net.all_weights, columns[2].all_dl_df).T)

    def test_rows_on_their_own(self):
        """With samples as rows a layer is X Ω + β."""
        rng = np.random.default_rng(1)
        X, weights, biases = rng.normal(size=(5, 3)), rng.normal(size=(3, 2)), rng.normal(size=(1, 2))
        net_output, all_f, _ = mlp.forward(X, [weights], [biases], activation=[TANH], samples="rows")
        np.testing.assert_allclose(all_f[0], X @ weights + biases)
        np.testing.assert_allclose(net_output, np.tanh(X @ weights + biases))

    @given(networks(), st.randoms(use_true_random=False))
    @repeatable
    def test_the_order_of_samples_does_not_matter(self, net, random):
        """Shuffled samples give the same gradients."""
        order = list(range(net.net_input.shape[1]))
        random.shuffle(order)
        shuffled = net._replace(net_input=net.net_input[:, order], y=net.y[:, order])
        for actual, expected in zip(both_passes(shuffled)[2][:2], both_passes(net)[2][:2], strict=True):
            assert_all_close(actual, expected, rtol=1e-9, atol=1e-11)


class TestActivations:
    def test_one_activation_is_the_hidden_layers(self):
        """A single activation applies to the hidden layers before a linear output, and ReLU is the default."""
        net = network([3, 4, 4, 2], 5)
        assert_all_close(mlp.forward(*net[:3])[1], mlp.forward(*net[:3], activation=RELU)[1])
        single = mlp.forward(*net[:3], activation=TANH)
        listed = mlp.forward(*net[:3], activation=[TANH, TANH, IDENTITY])
        assert_all_close(single.all_f, listed.all_f)
        np.testing.assert_array_equal(single.net_output, listed.net_output)
        np.testing.assert_array_equal(single.net_output, single.all_f[-1])
        slope = np.ones_like(single.net_output)
        for actual, expected in zip(
            mlp.backward(*net[1:3], *single[1:], slope, activation=TANH),
            mlp.backward(*net[1:3], *listed[1:], slope, activation=[TANH, TANH, IDENTITY]),
            strict=True,
        ):
            assert_all_close(actual, expected)

    def test_any_pair_is_an_activation(self):
        """Any function with its derivative is an activation, such as a student's softplus."""
        net = network([3, 4, 2], 5)
        softplus = Activation(lambda f: np.log1p(np.exp(f)), lambda f: 1 / (1 + np.exp(-f)))
        net_output, *cache = mlp.forward(*net[:3], activation=softplus)
        slope = costs.d_squared_error(net_output, net.y)
        gradients = mlp.backward(*net[1:3], *cache, slope, activation=softplus)

        def cost(w, b):
            h = anp.log1p(anp.exp(anp.dot(w[0], net.net_input) + b[0]))
            return anp.sum((anp.dot(w[1], h) + b[1] - net.y) ** 2) / 5

        for actual, expected in zip(gradients[:2], autograd.grad(cost, argnum=(0, 1))(*net[1:3]), strict=True):
            assert_all_close(actual, expected)

    def test_their_number_is_checked(self):
        """A list of activations without exactly one for each layer, and a name, raise."""
        net = network([3, 4, 2], 5)
        with pytest.raises(ReferenceInputError, match="activation: expected one, or 2: one for each layer, got 3"):
            mlp.forward(*net[:3], activation=[SIGMOID] * 3)
        with pytest.raises(ReferenceInputError, match="activation: expected one, or 2: one for each layer, got 'tanh'"):
            mlp.forward(*net[:3], activation="tanh")


class TestCarriedForward:
    def test_backward_reads_the_given_values(self):
        """A wrong activation changes one weight gradient only; a wrong mask, all gradients from its layer down."""
        net = network([3, 4, 5, 2], 6)
        forward, slope, expected = both_passes(net)

        def backward(all_f, all_h):
            return mlp.backward(*net[1:3], all_f, all_h, slope)

        def changed(gradients):
            return [
                [not np.array_equal(a, b) for a, b in zip(actual, reference, strict=True)]
                for actual, reference in zip(gradients, expected, strict=True)
            ]

        all_h = [forward.all_h[0], forward.all_h[1] + 1, forward.all_h[2]]
        assert changed(backward(forward.all_f, all_h)) == [[False, True, False], [False] * 3, [False] * 3]
        all_f = [forward.all_f[0], -forward.all_f[1], forward.all_f[2]]
        assert changed(backward(all_f, forward.all_h)) == [[True, True, False]] * 3

    def test_slopes_of_the_output_go_straight_through(self):
        """Doubling the output's slope doubles every gradient."""
        net = network([3, 4, 2], 6)
        forward, slope, once = both_passes(net)
        twice = mlp.backward(*net[1:3], *forward[1:], 2 * slope)
        for actual, expected in zip(twice, once, strict=True):
            assert_all_close(actual, [2 * array for array in expected])


class TestArguments:
    @pytest.mark.parametrize("dtype", [np.float16, np.float32, np.float64, np.longdouble])
    @pytest.mark.parametrize("names", [["relu", "identity"], ["tanh", "sigmoid"], ["sigmoid", "relu"]])
    def test_precision_is_kept(self, dtype, names):
        """Every array of both passes has the precision of the arguments."""
        forward, slope, gradients = both_passes(network([3, 4, 2], 5, names).astype(dtype))
        arrays = [forward.net_output, slope, *chain(*forward[1:], *gradients)]
        assert {array.dtype for array in arrays} == {np.dtype(dtype)}

    def test_float32_values_are_float64s_rounded(self):
        """Gradients in float32 equal those in float64 up to rounding, fifty layers deep."""
        net = network([5, *[8] * 50, 3], 4, seed=3, scale=1.2)
        for actual, expected in zip(both_passes(net.astype(np.float32))[2], both_passes(net)[2], strict=True):
            assert_all_close(actual, expected, rtol=1e-2, atol=1e-3)

    def test_lists_and_integers(self):
        """Nested lists, tuples and integers are computed as float64."""
        lists = mlp.forward([[1, 2], [3, 4]], ([[1, -1], [2, 0]], [[1, 1]]), [[[0], [1]], [[-1]]])
        arrays = mlp.forward(np.array([[1, 2], [3, 4]]), [np.array([[1, -1], [2, 0]]), [[1, 1]]], [[[0], [1]], [[-1]]])
        np.testing.assert_array_equal(lists.net_output, [[2, 4]])
        np.testing.assert_array_equal(arrays.net_output, [[2, 4]])
        assert lists.net_output.dtype == arrays.net_output.dtype == np.float64

    def test_integers_follow_float32(self):
        """Integers beside float32 arrays don't affect the precision."""
        net = network([3, 4, 2], 5).astype(np.float32)
        assert mlp.forward(np.ones((3, 5), int), *net[1:3]).net_output.dtype == np.float32

    @pytest.mark.parametrize("samples", ["columns", "rows"])
    def test_inputs_stay_as_they_are(self, samples):
        """Read-only arrays are accepted, and their values don't change."""
        net = network([3, 4, 4, 2], 5)
        if samples == "rows":
            net = net.transposed()
        arrays = [net.net_input, net.y, *net.all_weights, *net.all_biases]
        before = [array.copy() for array in arrays]
        for array in arrays:
            array.setflags(write=False)
        both_passes(net, samples=samples)
        for array, same in zip(arrays, before, strict=True):
            np.testing.assert_array_equal(array, same)

    def test_results_share_no_memory_but_the_input(self):
        """No result shares memory with another or with an argument, except h_0, which is the input itself."""
        net = network([3, 3, 3], 3)
        forward, slope, gradients = both_passes(net)
        assert forward.all_h[0] is net.net_input
        results = [forward.net_output, *forward.all_f, *forward.all_h[1:], *chain(*gradients)]
        for i, array in enumerate(results):
            for other in (*results[:i], net.net_input, *net.all_weights, *net.all_biases, slope):
                assert not np.shares_memory(array, other)

    EVERY = (
        *(("forward", name) for name in ("net_input", "all_weights", "all_biases")),
        *(("backward", name) for name in ("all_weights", "all_biases", "all_f", "all_h", "dl_dnet_output")),
        *(("input_gradient", name) for name in ("all_weights", "all_dl_df")),
    )

    def call(self, function, changed, samples="columns"):
        """Call a function on a 3-4-2 network with five samples; changed maps arguments to functions of their values."""
        net = network([3, 4, 2], 5)
        forward, slope, gradients = both_passes(net)
        values = {
            "net_input": net.net_input, "all_weights": net.all_weights, "all_biases": net.all_biases,
            "all_f": forward.all_f, "all_h": forward.all_h, "dl_dnet_output": slope, "all_dl_df": gradients.all_dl_df,
        }  # fmt: skip
        values = {name: value for name, value in values.items() if (function, name) in self.EVERY}
        values |= {name: change(values[name]) for name, change in changed.items()}
        return getattr(mlp, function)(**values, samples=samples)

    @pytest.mark.parametrize(("function", "argument"), EVERY)
    @pytest.mark.parametrize("bad", [np.nan, np.inf, -np.inf])
    def test_non_finite_values_are_named(self, function, argument, bad):
        """NaN or infinity anywhere raises an error with the argument and the array's shape."""

        def spoil(value):
            last = (value[-1] if isinstance(value, list) else value).copy()
            last[-1, -1] = bad
            return [*value[:-1], last] if isinstance(value, list) else last

        with pytest.raises(ReferenceInputError, match="expected finite numbers in float64, got NaN") as caught:
            self.call(function, {argument: spoil})
        assert caught.value.argument.split("[")[0] == argument
        assert len(caught.value.shape) == 2

    @pytest.mark.parametrize(("function", "argument"), EVERY)
    def test_wrong_shapes_are_named(self, function, argument):
        """An array with one axis, and an empty one, raise an error with the argument and the expected shape."""
        for spoil in (np.ravel, lambda array: array[:, :0]):

            def change(value, spoil=spoil):
                return [*value[:-1], spoil(value[-1])] if isinstance(value, list) else spoil(value)

            with pytest.raises(
                ReferenceInputError, match=r"expected shape \(.*samples as columns.* got shape"
            ) as caught:
                self.call(function, {argument: change})
            assert caught.value.argument.startswith(argument)
            assert str(caught.value.shape) in str(caught.value)

    @pytest.mark.parametrize(("function", "argument"), [pair for pair in EVERY if pair[1].startswith("all")])
    def test_lists_of_another_length_are_named(self, function, argument):
        """A list with a layer too few, an empty list and a number instead of a list raise."""
        first, second, *_ = (name for of, name in self.EVERY if of == function and name.startswith("all"))
        blamed = second if argument == first else argument  # the first list sets the number of layers
        with pytest.raises(ReferenceInputError, match=f"{blamed}: expected a list of . arrays, got ."):
            self.call(function, {argument: lambda value: value[:1]})
        with pytest.raises(ReferenceInputError, match=f"{argument}: expected a list of .*arrays, got 0"):
            self.call(function, {argument: lambda value: []})
        with pytest.raises(ReferenceInputError, match=f"{argument}: expected a list of arrays, got 3"):
            self.call(function, {argument: lambda value: 3})

    @pytest.mark.parametrize("samples", ["columns", "rows"])
    def test_mixed_orientations_are_named(self, samples):
        """The error for samples in the other orientation says that the array is the transpose of the expected one."""
        net = network([3, 4, 2], 5)
        transposed = net.transposed()
        arguments = [transposed.net_input, *net[1:3]] if samples == "columns" else [net.net_input, *transposed[1:3]]
        shape, form = ((5, 3), r"\(D_0, I\)") if samples == "columns" else ((3, 5), r"\(I, D_0\)")
        words = rf"net_input: expected shape {form} with D_0 = 3, samples as {samples}, got its transpose, shape"
        with pytest.raises(ReferenceInputError, match=words) as caught:
            mlp.forward(*arguments, samples=samples)
        assert caught.value.shape == shape

    def test_samples_is_one_of_two_words(self):
        """Anything but "columns" and "rows" raises."""
        with pytest.raises(ReferenceInputError, match='samples: expected "columns" or "rows", got \'row\''):
            mlp.forward(*network([3, 2], 5)[:3], samples="row")
