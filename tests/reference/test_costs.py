"""Tests of the costs against loops, exact arithmetic, automatic differentiation and identities."""

from decimal import Decimal, getcontext

import autograd
import autograd.numpy as anp
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from autograder.reference import costs, differences
from autograder.reference.shapes import ReferenceInputError
from tests.reference import spec

repeatable = settings(derandomize=True, deadline=None, max_examples=80)

# Each document's divisor, for D_o outputs and n samples.
NORMALISATIONS = {
    "half sum": lambda total, D_o, n: total / 2,
    "mean over samples": lambda total, D_o, n: total / n,
    "half mean over samples": lambda total, D_o, n: total / 2 / n,
    "mean over all": lambda total, D_o, n: total / D_o / n,
}
sizes = st.tuples(st.integers(1, 5), st.integers(1, 6))


@st.composite
def outputs(draw, largest=10.0):
    """Draw outputs and targets of the same shape."""
    shape = draw(sizes)
    values = arrays(np.float64, shape, elements=st.floats(-largest, largest, allow_subnormal=False))
    return draw(values), draw(values)


@st.composite
def classified(draw, largest=30.0):
    """Draw logits, and a class for each sample."""
    logits, _ = draw(outputs(largest))
    D_o, n = logits.shape
    return logits, np.array(draw(st.lists(st.integers(0, D_o - 1), min_size=n, max_size=n)))


def one_hot(labels, D_o):
    """Return the classes as columns of zeros and a one."""
    return np.array([[float(label == k) for label in labels] for k in range(D_o)])


def exact_cross_entropy(logits, labels):
    """Return the mean cost to fifty digits, without a shift, because Decimal doesn't overflow here."""
    getcontext().prec = 50
    total = Decimal(0)
    for sample, label in zip(logits.T, labels, strict=True):
        total += sum(Decimal(float(f)).exp() for f in sample).ln() - Decimal(float(sample[label]))
    return float(total / len(labels))


class TestSquaredError:
    @repeatable
    @given(outputs())
    @pytest.mark.parametrize("normalisation", NORMALISATIONS)
    def test_each_normalisation_equals_the_loops(self, normalisation, pair):
        """The cost is the sum over samples and outputs, divided as the documents say."""
        f, y = pair
        expected = NORMALISATIONS[normalisation](spec.squared_error(f.T.tolist(), y.T.tolist()), *f.shape)
        actual = costs.squared_error(f, y, normalisation=normalisation)
        assert actual == pytest.approx(expected, rel=1e-12, abs=1e-300)
        assert np.shape(actual) == ()

    @repeatable
    @given(outputs())
    @pytest.mark.parametrize("normalisation", NORMALISATIONS)
    def test_derivative_equals_automatic_differentiation(self, normalisation, pair):
        """The derivative equals autograd's for each normalisation of the cost."""
        f, y = pair
        expected = autograd.grad(lambda f: NORMALISATIONS[normalisation](anp.sum((f - y) ** 2), *f.shape))(f)
        np.testing.assert_allclose(costs.d_squared_error(f, y, normalisation=normalisation), expected, rtol=1e-12)

    def test_a_worked_example(self):
        """Two outputs, three samples: 1 + 4 + 9 + 16 + 25 + 36 = 91, divided in four ways."""
        f, y = np.array([[1.0, 2, 3], [4, 5, 6]]), np.zeros((2, 3))
        actual = [costs.squared_error(f, y, normalisation=name) for name in NORMALISATIONS]
        assert actual == pytest.approx([91 / 2, 91 / 3, 91 / 6, 91 / 6])
        assert costs.squared_error(f[:, :1], y[:, :1]) == 17
        assert costs.squared_error(f[:, :1], y[:, :1], normalisation="mean over all") == 8.5

    @repeatable
    @given(outputs())
    @pytest.mark.parametrize("normalisation", NORMALISATIONS)
    def test_rows_are_columns_transposed(self, normalisation, pair):
        """With samples as rows the cost is the same and its slopes are transposed."""
        f, y = pair
        options = {"normalisation": normalisation, "samples": "rows"}
        assert costs.squared_error(f.T, y.T, **options) == pytest.approx(
            costs.squared_error(f, y, normalisation=normalisation), rel=1e-13
        )
        slopes = costs.d_squared_error(f.T, y.T, **options)
        np.testing.assert_array_equal(slopes, costs.d_squared_error(f, y, normalisation=normalisation).T)

    @pytest.mark.parametrize("function", [costs.squared_error, costs.d_squared_error])
    def test_an_unknown_normalisation_is_named(self, function):
        """An unknown normalisation raises an error that lists the four known ones."""
        with pytest.raises(ReferenceInputError, match=r"normalisation: expected one of 'half sum', .*, got 'mean'"):
            function([[1]], [[1]], normalisation="mean")


class TestSoftmax:
    @repeatable
    @given(classified())
    def test_equals_the_loops(self, pair):
        """Each sample's probabilities equal those of the loops over its logits alone."""
        logits, _ = pair
        actual = costs.softmax(logits)
        for i, sample in enumerate(logits.T):
            np.testing.assert_allclose(actual[:, i], spec.softmax(sample.tolist()), rtol=1e-12)

    @repeatable
    @given(classified(largest=1e4))
    def test_probabilities_sum_to_one(self, pair):
        """For any logits, no probability is negative, and each sample's sum, not each class's, is 1."""
        probabilities = costs.softmax(pair[0])
        assert (probabilities >= 0).all()
        np.testing.assert_allclose(probabilities.sum(axis=0), 1, rtol=1e-13)
        np.testing.assert_allclose(costs.softmax(pair[0].T, samples="rows"), probabilities.T, rtol=1e-13)

    @repeatable
    @given(classified(), st.floats(-1e3, 1e3))
    def test_a_shift_changes_nothing(self, pair, shift):
        """Adding a number to all of a sample's logits changes neither its probabilities nor its cost."""
        logits, labels = pair
        np.testing.assert_allclose(costs.softmax(logits + shift), costs.softmax(logits), rtol=1e-9)
        shifted, expected = costs.cross_entropy(logits + shift, labels), costs.cross_entropy(logits, labels)
        assert shifted == pytest.approx(expected, rel=1e-9, abs=1e-11)

    def test_ties_share(self):
        """Equal logits get equal probabilities, even if they are huge."""
        np.testing.assert_array_equal(costs.softmax([[1e4, -1e4], [1e4, -1e4]]), np.full((2, 2), 0.5))


class TestCrossEntropy:
    @repeatable
    @given(classified())
    def test_equals_the_loops(self, pair):
        """The cost is the mean over samples of the loops' costs."""
        logits, labels = pair
        loops = [spec.cross_entropy(sample.tolist(), label) for sample, label in zip(logits.T, labels, strict=True)]
        assert costs.cross_entropy(logits, labels) == pytest.approx(sum(loops) / len(loops), rel=1e-9, abs=1e-12)

    @repeatable
    @given(classified(largest=1e4))
    def test_equals_exact_arithmetic_for_any_logits(self, pair):
        """For logits of up to ±1e4 the cost is right to every digit that float64 has."""
        logits, labels = pair
        expected = exact_cross_entropy(logits, labels)
        assert costs.cross_entropy(logits, labels) == pytest.approx(expected, rel=1e-12, abs=1e-12)

    @repeatable
    @given(classified())
    def test_derivative_equals_automatic_differentiation(self, pair):
        """The derivative, softmax minus one-hot, equals autograd's for the document's formula."""
        logits, labels = pair
        y = one_hot(labels, len(logits))

        def formula(f):
            return anp.mean(anp.log(anp.sum(anp.exp(f), axis=0)) - anp.sum(y * f, axis=0))

        expected = autograd.grad(formula)(logits)
        np.testing.assert_allclose(costs.d_cross_entropy(logits, labels), expected, rtol=1e-9, atol=1e-14)

    @settings(repeatable, max_examples=30)
    @given(classified(largest=5.0))
    def test_derivative_agrees_with_central_differences(self, pair):
        """The derivative agrees with central differences in each logit."""
        logits, labels = pair
        measured = differences.central_differences(lambda f: costs.cross_entropy(f, labels), logits)
        assert differences.compare(costs.d_cross_entropy(logits, labels), measured).holds

    @repeatable
    @given(classified(largest=1e4))
    def test_slopes_sum_to_zero_over_classes(self, pair):
        """Raising all of a sample's logits together changes no cost, so its slopes cancel."""
        logits, labels = pair
        slopes = costs.d_cross_entropy(logits, labels)
        np.testing.assert_allclose(slopes.sum(axis=0), 0, atol=1e-15 * len(logits))
        assert (np.sign(slopes[labels, np.arange(len(labels))]) <= 0).all()

    @pytest.mark.parametrize("classes", [1, 2, 10, 1000])
    def test_cost_at_chance_is_the_logarithm_of_the_classes(self, classes):
        """With C equal logits, each sample costs ln C for any label."""
        labels = np.arange(7) % classes
        for level in (0.0, 3.0, -1e4, 1e4):
            assert costs.cross_entropy(np.full((classes, 7), level), labels) == pytest.approx(np.log(classes))

    def test_sure_and_wrong(self):
        """With logits of ±1e4 a wrong class costs their difference, a right one 0; each sample's slopes are 0 or ±1."""
        logits = np.array([[1e4, 1e4, -1e4], [-1e4, -1e4, 1e4]])
        assert costs.cross_entropy(logits[:, :1], [0]) == 0
        assert costs.cross_entropy(logits[:, :1], [1]) == 2e4
        expected = np.array([[0, 1, 0], [0, -1, 0]]) / 3
        np.testing.assert_allclose(costs.d_cross_entropy(logits, [0, 1, 1]), expected, atol=1e-300)

    @repeatable
    @given(classified())
    def test_classes_and_one_hot_are_equivalent(self, pair):
        """Integer classes, in any type, and their one-hot columns give the same cost and slopes."""
        logits, labels = pair
        for y in (
            labels.tolist(),
            labels.astype(np.uint8),
            labels.astype(float),
            one_hot(labels, len(logits)).tolist(),
        ):
            assert costs.cross_entropy(logits, y) == costs.cross_entropy(logits, labels)
            np.testing.assert_array_equal(costs.d_cross_entropy(logits, y), costs.d_cross_entropy(logits, labels))

    @repeatable
    @given(classified())
    def test_rows_are_columns_transposed(self, pair):
        """With samples as rows the slopes are transposed; one-hot targets are rows, classes stay a list."""
        logits, labels = pair
        for y in (labels, one_hot(labels, len(logits)).T):
            actual = costs.cross_entropy(logits.T, y, samples="rows")
            assert actual == pytest.approx(costs.cross_entropy(logits, labels), rel=1e-13)
            slopes = costs.d_cross_entropy(logits.T, y, samples="rows")
            np.testing.assert_allclose(slopes, costs.d_cross_entropy(logits, labels).T, rtol=1e-13)

    @repeatable
    @given(classified())
    def test_a_batch_is_the_mean_of_its_samples(self, pair):
        """The cost is the mean of single samples' costs; each sample's slopes are divided by the number of samples."""
        logits, labels = pair
        n = len(labels)
        singles = [costs.cross_entropy(logits[:, [i]], labels[[i]]) for i in range(n)]
        assert costs.cross_entropy(logits, labels) == pytest.approx(np.mean(singles), rel=1e-12, abs=1e-15)
        slopes = np.hstack([costs.d_cross_entropy(logits[:, [i]], labels[[i]]) for i in range(n)])
        np.testing.assert_allclose(costs.d_cross_entropy(logits, labels), slopes / n, rtol=1e-12)


class TestArguments:
    FUNCTIONS = (costs.squared_error, costs.d_squared_error, costs.cross_entropy, costs.d_cross_entropy)

    @pytest.mark.parametrize("dtype", [np.float32, np.float64])
    def test_precision_is_kept(self, dtype):
        """Results have the precision of the outputs or logits, whatever the type of the labels."""
        f = np.array([[1, 2], [3, 5]], dtype)
        for y in ([0, 1], np.array([0, 1]), np.eye(2), np.eye(2, dtype=np.float32)):
            assert costs.cross_entropy(f, y).dtype == costs.d_cross_entropy(f, y).dtype == dtype
        for function in (costs.squared_error, costs.d_squared_error):
            assert function(f, f + 1).dtype == function(f, [[1, 2], [3, 4]]).dtype == dtype
        assert costs.softmax(f).dtype == dtype

    def test_float32_logits_of_ten_thousand(self):
        """In float32, logits of ±1e4 give a finite cost and exact probabilities."""
        logits = np.array([[1e4], [-1e4]], np.float32)
        assert costs.cross_entropy(logits, [1]) == 2e4
        np.testing.assert_array_equal(costs.softmax(logits), [[1], [0]])

    @pytest.mark.parametrize("function", FUNCTIONS)
    def test_inputs_stay_as_they_are(self, function):
        """Read-only arrays are accepted, and their values don't change."""
        f, y = np.array([[1.0, 2], [3, 5]]), np.eye(2)
        for array in (f, y):
            array.setflags(write=False)
        function(f, y)
        np.testing.assert_array_equal(f, [[1, 2], [3, 5]])
        np.testing.assert_array_equal(y, np.eye(2))

    @pytest.mark.parametrize("function", FUNCTIONS)
    @pytest.mark.parametrize(
        ("f", "y", "argument", "words"),
        [
            (np.ones((2, 3)), np.ones((3, 2)), "y", "D_o = 2, I = 3, samples as columns, got its transpose"),
            (np.ones((2, 3)), np.ones((2, 4)), "y", "got shape (2, 4)"),
            (np.ones((2, 3)), np.ones((2, 3, 1)), "y", "got shape (2, 3, 1)"),
            (np.ones(3), np.ones(3), "net_output", "got shape (3,)"),
            (np.ones((2, 0)), np.ones((2, 0)), "net_output", "not empty"),
            ([[np.nan]], [[1]], "net_output", "expected finite numbers in float64"),
            ([[1]], [[np.inf]], "y", "expected finite numbers in float64"),
            ([[1]], [["a"]], "y", "expected real numbers"),
        ],
    )
    def test_invalid_arrays_are_named(self, function, f, y, argument, words):
        """Shapes that don't fit, empty arrays, NaN, infinity and text raise an error that names the argument."""
        with pytest.raises(ReferenceInputError) as caught:
            function(f, y)
        assert caught.value.argument == argument
        assert words in str(caught.value)

    @pytest.mark.parametrize("function", [costs.cross_entropy, costs.d_cross_entropy])
    @pytest.mark.parametrize(
        ("y", "words"),
        [
            ([0, 1, 3], "y: expected classes 0 … 2, got 3 among them"),
            ([4, 1, -1], "y: expected classes 0 … 2, got 4 among them"),
            ([0, -1, 2], "y: expected classes 0 … 2, got -1 among them"),
            ([0, 0.5, 2], "y: expected classes 0 … 2, got 0.5 among them"),
            ([0, 1], r"y: expected shape \(D_o, I\) or \(I,\) with D_o = 3, I = 3.*, got shape \(2,\)"),
            (np.ones((3, 3)), "y: expected for each sample a single 1 among zeros"),
            (np.zeros((3, 3)), "y: expected for each sample a single 1 among zeros"),
            (np.eye(3) / 2 + 1 / 6, "y: expected for each sample a single 1 among zeros"),
            ([[1, 1, 1], [0, 0, 0], [2, 0, 0]], "y: expected for each sample a single 1 among zeros"),
        ],
        ids=str,
    )
    def test_targets_are_classes_or_one_hot(self, function, y, words):
        """A class out of range, a fraction, soft targets and columns without a single 1 raise."""
        with pytest.raises(ReferenceInputError, match=words):
            function(np.zeros((3, 3)), y)
