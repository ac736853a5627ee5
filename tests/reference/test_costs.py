"""Costs against loops over samples and classes, exact arithmetic, automatic differentiation and what must hold."""

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

# How each document writes it, for D_o outputs and I samples.
NORMALISATIONS = {
    "half sum": lambda total, D_o, n: total / 2,
    "mean over samples": lambda total, D_o, n: total / n,
    "half mean over samples": lambda total, D_o, n: total / 2 / n,
    "mean over all": lambda total, D_o, n: total / D_o / n,
}
sizes = st.tuples(st.integers(1, 5), st.integers(1, 6))


@st.composite
def outputs(draw, largest=10.0):
    """Outputs and targets of the same shape."""
    shape = draw(sizes)
    values = arrays(np.float64, shape, elements=st.floats(-largest, largest, allow_subnormal=False))
    return draw(values), draw(values)


@st.composite
def classified(draw, largest=30.0):
    """Logits, and a class for each sample."""
    logits, _ = draw(outputs(largest))
    D_o, n = logits.shape
    return logits, np.array(draw(st.lists(st.integers(0, D_o - 1), min_size=n, max_size=n)))


def one_hot(labels, D_o):
    """Classes as columns of zeros and a one."""
    return np.array([[float(label == k) for label in labels] for k in range(D_o)])


def exact_cross_entropy(logits, labels):
    """The mean cost to fifty digits, unshifted: Decimal knows no overflow here."""
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
        """The sum over samples and outputs, divided as the documents say."""
        f, y = pair
        expected = NORMALISATIONS[normalisation](spec.squared_error(f.T.tolist(), y.T.tolist()), *f.shape)
        got = costs.squared_error(f, y, normalisation=normalisation)
        assert got == pytest.approx(expected, rel=1e-12, abs=1e-300)
        assert np.shape(got) == ()

    @repeatable
    @given(outputs())
    @pytest.mark.parametrize("normalisation", NORMALISATIONS)
    def test_derivative_equals_automatic_differentiation(self, normalisation, pair):
        """Cost and derivative belong together, whatever the normalisation."""
        f, y = pair
        theirs = autograd.grad(lambda f: NORMALISATIONS[normalisation](anp.sum((f - y) ** 2), *f.shape))(f)
        np.testing.assert_allclose(costs.d_squared_error(f, y, normalisation=normalisation), theirs, rtol=1e-12)

    def test_a_worked_example(self):
        """Two outputs, three samples: 1 + 4 + 9 + 16 + 25 + 36 = 91, divided in four ways."""
        f, y = np.array([[1.0, 2, 3], [4, 5, 6]]), np.zeros((2, 3))
        got = [costs.squared_error(f, y, normalisation=name) for name in NORMALISATIONS]
        assert got == pytest.approx([91 / 2, 91 / 3, 91 / 6, 91 / 6])
        assert costs.squared_error(f[:, :1], y[:, :1]) == 17
        assert costs.squared_error(f[:, :1], y[:, :1], normalisation="mean over all") == 8.5

    @repeatable
    @given(outputs())
    @pytest.mark.parametrize("normalisation", NORMALISATIONS)
    def test_rows_are_columns_transposed(self, normalisation, pair):
        """With samples as rows the sizes change places."""
        f, y = pair
        how = {"normalisation": normalisation, "samples": "rows"}
        assert costs.squared_error(f.T, y.T, **how) == pytest.approx(
            costs.squared_error(f, y, normalisation=normalisation), rel=1e-13
        )
        turned = costs.d_squared_error(f.T, y.T, **how)
        np.testing.assert_array_equal(turned, costs.d_squared_error(f, y, normalisation=normalisation).T)

    @pytest.mark.parametrize("function", [costs.squared_error, costs.d_squared_error])
    def test_an_unknown_normalisation_is_named(self, function):
        """A word that isn't one of the four raises, with the four."""
        with pytest.raises(ReferenceInputError, match=r"normalisation: expected one of 'half sum', .*, got 'mean'"):
            function([[1]], [[1]], normalisation="mean")


class TestSoftmax:
    @repeatable
    @given(classified())
    def test_equals_the_loops(self, pair):
        """Each sample's probabilities are its own."""
        logits, _ = pair
        got = costs.softmax(logits)
        for i, sample in enumerate(logits.T):
            np.testing.assert_allclose(got[:, i], spec.softmax(sample.tolist()), rtol=1e-12)

    @repeatable
    @given(classified(largest=1e4))
    def test_probabilities_sum_to_one(self, pair):
        """Whatever the logits: none is negative, and each sample's sum is 1, not each class's."""
        probabilities = costs.softmax(pair[0])
        assert (probabilities >= 0).all()
        np.testing.assert_allclose(probabilities.sum(axis=0), 1, rtol=1e-13)
        np.testing.assert_allclose(costs.softmax(pair[0].T, samples="rows"), probabilities.T, rtol=1e-13)

    @repeatable
    @given(classified(), st.floats(-1e3, 1e3))
    def test_a_shift_changes_nothing(self, pair, shift):
        """Adding a number to all of a sample's logits leaves its probabilities and its cost."""
        logits, labels = pair
        np.testing.assert_allclose(costs.softmax(logits + shift), costs.softmax(logits), rtol=1e-9)
        ours, same = costs.cross_entropy(logits + shift, labels), costs.cross_entropy(logits, labels)
        assert ours == pytest.approx(same, rel=1e-9, abs=1e-11)

    def test_ties_share(self):
        """Equal logits get equal probabilities, huge ones too."""
        np.testing.assert_array_equal(costs.softmax([[1e4, -1e4], [1e4, -1e4]]), np.full((2, 2), 0.5))


class TestCrossEntropy:
    @repeatable
    @given(classified())
    def test_equals_the_loops(self, pair):
        """The mean over samples of each one's own cost."""
        logits, labels = pair
        loops = [spec.cross_entropy(sample.tolist(), label) for sample, label in zip(logits.T, labels, strict=True)]
        assert costs.cross_entropy(logits, labels) == pytest.approx(sum(loops) / len(loops), rel=1e-9, abs=1e-12)

    @repeatable
    @given(classified(largest=1e4))
    def test_equals_exact_arithmetic_for_any_logits(self, pair):
        """With logits of up to ±1e4 every digit that float64 has is right."""
        logits, labels = pair
        exact = exact_cross_entropy(logits, labels)
        assert costs.cross_entropy(logits, labels) == pytest.approx(exact, rel=1e-12, abs=1e-12)

    @repeatable
    @given(classified())
    def test_derivative_equals_automatic_differentiation(self, pair):
        """Autograd differentiates the document's formula, and finds softmax minus one-hot."""
        logits, labels = pair
        y = one_hot(labels, len(logits))

        def formula(f):
            return anp.mean(anp.log(anp.sum(anp.exp(f), axis=0)) - anp.sum(y * f, axis=0))

        theirs = autograd.grad(formula)(logits)
        np.testing.assert_allclose(costs.d_cross_entropy(logits, labels), theirs, rtol=1e-9, atol=1e-14)

    @settings(repeatable, max_examples=30)
    @given(classified(largest=5.0))
    def test_derivative_agrees_with_central_differences(self, pair):
        """Small steps in each logit move the cost as the derivative says."""
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
        """A network that knows nothing pays ln C a sample, whatever the labels."""
        labels = np.arange(7) % classes
        for level in (0.0, 3.0, -1e4, 1e4):
            assert costs.cross_entropy(np.full((classes, 7), level), labels) == pytest.approx(np.log(classes))

    def test_sure_and_wrong(self):
        """With logits of ±1e4 the cost of being wrong is the difference, of being right nothing; slopes are 0 and 1."""
        logits = np.array([[1e4, 1e4, -1e4], [-1e4, -1e4, 1e4]])
        assert costs.cross_entropy(logits[:, :1], [0]) == 0
        assert costs.cross_entropy(logits[:, :1], [1]) == 2e4
        expected = np.array([[0, 1, 0], [0, -1, 0]]) / 3
        np.testing.assert_allclose(costs.d_cross_entropy(logits, [0, 1, 1]), expected, atol=1e-300)

    @repeatable
    @given(classified())
    def test_classes_and_one_hot_are_one(self, pair):
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
        """With samples as rows, one-hot targets are rows; classes stay a plain list."""
        logits, labels = pair
        for y in (labels, one_hot(labels, len(logits)).T):
            turned = costs.cross_entropy(logits.T, y, samples="rows")
            assert turned == pytest.approx(costs.cross_entropy(logits, labels), rel=1e-13)
            slopes = costs.d_cross_entropy(logits.T, y, samples="rows")
            np.testing.assert_allclose(slopes, costs.d_cross_entropy(logits, labels).T, rtol=1e-13)

    @repeatable
    @given(classified())
    def test_a_batch_is_the_mean_of_its_samples(self, pair):
        """The cost is a mean, and each sample's slopes are its own divided by their number."""
        logits, labels = pair
        n = len(labels)
        singles = [costs.cross_entropy(logits[:, [i]], labels[[i]]) for i in range(n)]
        assert costs.cross_entropy(logits, labels) == pytest.approx(np.mean(singles), rel=1e-12, abs=1e-15)
        alone = np.hstack([costs.d_cross_entropy(logits[:, [i]], labels[[i]]) for i in range(n)])
        np.testing.assert_allclose(costs.d_cross_entropy(logits, labels), alone / n, rtol=1e-12)


class TestArguments:
    FUNCTIONS = (costs.squared_error, costs.d_squared_error, costs.cross_entropy, costs.d_cross_entropy)

    @pytest.mark.parametrize("dtype", [np.float32, np.float64])
    def test_precision_is_kept(self, dtype):
        """The logits decide; labels never do, in whatever type they are stored."""
        f = np.array([[1, 2], [3, 5]], dtype)
        for y in ([0, 1], np.array([0, 1]), np.eye(2), np.eye(2, dtype=np.float32)):
            assert costs.cross_entropy(f, y).dtype == costs.d_cross_entropy(f, y).dtype == dtype
        for function in (costs.squared_error, costs.d_squared_error):
            assert function(f, f + 1).dtype == function(f, [[1, 2], [3, 4]]).dtype == dtype
        assert costs.softmax(f).dtype == dtype

    def test_float32_logits_of_ten_thousand(self):
        """Stable in float32 too."""
        logits = np.array([[1e4], [-1e4]], np.float32)
        assert costs.cross_entropy(logits, [1]) == 2e4
        np.testing.assert_array_equal(costs.softmax(logits), [[1], [0]])

    @pytest.mark.parametrize("function", FUNCTIONS)
    def test_inputs_stay_as_they_are(self, function):
        """Read-only arrays will do."""
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
    def test_what_has_no_answer_is_named(self, function, f, y, argument, words):
        """Shapes that don't fit, nothing at all, NaN and text raise with the argument."""
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
        """A class that isn't there, halves, soft targets and columns without a 1 raise."""
        with pytest.raises(ReferenceInputError, match=words):
            function(np.zeros((3, 3)), y)
