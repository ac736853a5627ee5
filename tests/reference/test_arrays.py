"""What a checked function may rely on, whatever it was called with."""

from typing import NamedTuple

import numpy as np
import pytest

from autograder.reference.arrays import checked, unchecked, whole_number
from autograder.reference.shapes import ReferenceInputError


class Pair(NamedTuple):
    """Two numbers with names."""

    first: float
    second: float


@checked(x="(I, D)", w="(D, 1)", alpha="()")
def regression(x, w, alpha, *, factor=1):
    """A function of two arrays and a number."""
    return x, w, alpha, factor


@checked(w="[(D_k+1, D_k)]", h="[(D_k, I)]", out="(D_K+1, I)")
def layered(w, h, out, *, samples="columns"):
    """A function of layers, written for columns."""
    return [w, h, out, samples]


@checked(a="...", b="...")
def alike(a, b):
    """A function of two arrays of one shape."""
    return a, b


@checked(f="(D, I)", y="labels (D, I) or (I,)")
def labelled(f, y):
    """A function of numbers and labels."""
    return f, y


@checked(pair="(2,)")
def named(pair):
    """A function of two numbers with names."""
    return pair


X, W = np.ones((3, 2)), np.ones((2, 1))


class TestCalling:
    def test_by_position_and_by_name(self):
        """Arguments arrive however they are passed, and defaults stay the function's own."""
        for x, w, alpha, factor in (
            regression(X, W, 3.0),
            regression(w=W, alpha=3.0, x=X),
            regression(X, alpha=3.0, w=W, factor=1),
        ):
            assert x is X
            assert w is W
            assert (alpha, factor) == (3.0, 1)
        assert regression(X, W, 3, factor=5)[3] == 5

    @pytest.mark.parametrize(
        ("args", "kwargs", "words"),
        [
            ((X, W), {}, "missing 1 required positional argument: 'alpha'"),
            ((X, W, 1.0, 1), {}, "takes 3 positional arguments but 4 were given"),
            ((X, W, 1.0), {"x": X}, "got multiple values for argument 'x'"),
            ((X, W, 1.0), {"beta": 1}, "got an unexpected keyword argument 'beta'"),
        ],
        ids=["missing", "too many", "twice", "unknown"],
    )
    def test_python_says_what_is_missing_or_too_much(self, args, kwargs, words):
        """Wrong calls are TypeErrors in Python's own words."""
        with pytest.raises(TypeError, match=words):
            regression(*args, **kwargs)

    def test_unchecked_is_the_function_itself(self):
        """Without its checks a function takes anything; a plain function is its own."""
        assert unchecked(regression)("x", "w", "alpha") == ("x", "w", "alpha", 1)
        assert unchecked(len) is len

    def test_unchecked_still_turns_rows(self):
        """What is left out is checks: rows are still transposed on their way in and out."""
        w, h, out = [np.arange(6.0).reshape(3, 2)], [np.ones((5, 3))], np.ones((5, 2))
        ours, theirs = layered(w, h, out, samples="rows"), unchecked(layered)(w, h, out, samples="rows")
        np.testing.assert_array_equal(ours[0][0], theirs[0][0])
        assert ours[2].shape == theirs[2].shape == (5, 2)
        assert unchecked(layered)("ab", None, 3)[:3] == ["ab", None, 3]

    def test_a_checked_argument_has_no_default(self):
        """A default would slip past the checks, so writing one is an error; so is checking what isn't there."""
        with pytest.raises(TypeError, match="alpha has a default"):
            checked(alpha="()")(lambda alpha=1.0: alpha)
        with pytest.raises(KeyError, match="beta"):
            checked(beta="()")(lambda alpha: alpha)

    def test_what_needs_converting_is_converted_each_time(self):
        """Lists, integers and mixed precisions are looked at anew, the second time like the first."""
        for _ in range(2):
            for x in (X.tolist(), X.astype(int), X.astype(np.float32), [list(row) for row in X]):
                got = regression(x, W, 1)
                assert got[0].dtype == np.float64
                assert type(got[2]) is float
            with pytest.raises(ReferenceInputError, match=r"x: expected shape \(I, D\), got shape \(2,\)"):
                regression([1.0, 2.0], W, 1.0)

    def test_what_fitted_once_is_still_checked_for_numbers(self):
        """Shapes are remembered, values aren't: NaN raises on the second call too."""
        regression(X, W, 1.0)
        with pytest.raises(ReferenceInputError, match="w: expected finite numbers"):
            regression(X, W * np.nan, 1.0)
        with pytest.raises(ReferenceInputError, match="w: expected shape"):
            regression(X, np.ones((3, 1)), 1.0)


class TestPrecision:
    @pytest.mark.parametrize(
        ("x", "w", "expected"),
        [
            (np.float32, np.float32, np.float32),
            (np.float64, np.float64, np.float64),
            (np.float32, np.float64, np.float64),
            (np.float16, np.float32, np.float32),
            (np.float32, int, np.float32),
            (np.float32, bool, np.float32),
            (int, np.uint8, np.float64),
            (np.longdouble, np.float32, np.longdouble),
        ],
    )
    def test_float_arrays_decide_together(self, x, w, expected):
        """The widest float type among the arrays is everybody's; whole numbers follow."""
        got = regression(X.astype(x), W.astype(w), 1.0)
        assert got[0].dtype == got[1].dtype == expected

    def test_lists_follow(self):
        """A list of Python floats has no precision of its own."""
        assert regression(X.astype(np.float32), [[0.1], [0.2]], 1.0)[1].dtype == np.float32
        assert regression(X.tolist(), [[0.1], [0.2]], 1.0)[0].dtype == np.float64
        assert regression(X.tolist(), [[np.float32(0.1)], [np.float32(0.2)]], 1.0)[0].dtype == np.float32

    @pytest.mark.parametrize("alpha", [1, 0.5, True])
    def test_python_numbers_stay_so(self, alpha):
        """A Python number arrives as one, so that it follows float32 arrays that a callee brings in later."""
        got = regression(X, W, alpha)[2]
        assert type(got) is float
        assert got == alpha

    @pytest.mark.parametrize("alpha", [np.float64(0.5), np.float32(0.5), np.int64(3), np.array(3)])
    def test_numpy_numbers_take_the_arrays_precision(self, alpha):
        """A float64 number doesn't raise float32 arrays, and becomes float32 itself."""
        got = regression(X.astype(np.float32), W.astype(np.float32), alpha)
        assert got[0].dtype == got[2].dtype == np.float32
        assert np.ndim(got[2]) == 0

    def test_labels_decide_nothing(self):
        """One-hot columns stored as float64 leave float32 numbers float32, and stay as they are; so do integers."""
        for dtype in (np.float64, np.uint8, bool):
            f, y = labelled(np.ones((2, 3), np.float32), np.ones((2, 3), dtype))
            assert (f.dtype, y.dtype) == (np.float32, dtype)
        f, y = labelled([[1, 2, 3]], np.ones(3, np.float32))
        assert (f.dtype, y.dtype) == (np.float64, np.float32)

    def test_what_a_precision_cannot_hold_is_named(self):
        """A number beyond float32 raises where it would become infinite; a large one whose square would, doesn't."""
        with pytest.raises(ReferenceInputError, match="w: expected finite numbers in float32, got NaN or infinity"):
            regression(X.astype(np.float32), [[1e300], [1]], 1.0)
        large = np.full((2, 1), 1e200)
        assert regression(X, large, 1.0)[1] is large

    def test_nothing_is_copied_without_need(self):
        """An array of the right type is handed over as it is."""
        assert regression(X, W, 1.0)[0] is X
        assert np.shares_memory(regression(X.astype(np.float32), W, 1.0)[1], W)


class TestShapes:
    def test_layers_chain(self):
        """Each layer's sizes are the next one's, and K+1 is the last."""
        w, h = [np.ones((4, 3)), np.ones((2, 4))], [np.ones((3, 5)), np.ones((4, 5))]
        got = layered(w, h, np.ones((2, 5)))
        assert all(ours is theirs for ours, theirs in zip((*got[0], *got[1]), (*w, *h), strict=True))
        with pytest.raises(ReferenceInputError, match=r"w\[1\]: expected shape \(D_2, D_1\) with D_1 = 4"):
            layered([w[0], w[0]], h, np.ones((2, 5)))
        with pytest.raises(ReferenceInputError, match=r"h\[1\]: expected shape \(D_1, I\) with D_1 = 4, I = 5"):
            layered(w, [h[0], h[1][:, :4]], np.ones((2, 5)))
        with pytest.raises(ReferenceInputError, match=r"out: expected shape \(D_2, I\) with D_2 = 2, I = 5"):
            layered(w, h, np.ones((3, 5)))

    def test_eleven_layers_chain(self):
        """Sizes with two digits are read whole."""
        w, h = [np.ones((2 + k, 1 + k)) for k in range(12)], [np.ones((1 + k, 3)) for k in range(12)]
        layered(w, h, np.ones((13, 3)))
        with pytest.raises(ReferenceInputError, match=r"h\[11\]: expected shape \(D_11, I\) with D_11 = 12, I = 3"):
            layered(w, [*h[:-1], h[0]], np.ones((13, 3)))

    def test_rows_arrive_as_columns_and_leave_as_rows(self):
        """A function written for columns sees columns; lists and tuples of results are transposed through."""
        w, h, out, samples = layered([[[1, 2], [3, 4], [5, 6]]], [[[7, 8, 9]]], [[1, 2]], samples="rows")
        assert samples == "columns"
        np.testing.assert_array_equal(w[0], [[1, 2], [3, 4], [5, 6]])
        np.testing.assert_array_equal(out, [[1, 2]])
        assert h[0].shape == (1, 3)
        with pytest.raises(
            ReferenceInputError, match=r"h\[0\]: expected shape \(I, D_0\) with D_0 = 3, samples as rows"
        ):
            layered([[[1, 2], [3, 4], [5, 6]]], [[[7, 8]]], [[1, 2]], samples="rows")

    def test_any_shape_but_the_same(self):
        """Three dots take what comes first as the measure of the rest."""
        assert alike(3, 4.0) == (3.0, 4.0)
        alike(np.ones((1, 2, 3)), np.ones((1, 2, 3)))
        with pytest.raises(ReferenceInputError, match=r"b: expected shape \(2,\), got shape \(3,\)"):
            alike([1, 2], [1, 2, 3])

    def test_either_shape(self):
        """One of two forms is told by the number of axes, and both are named where neither fits."""
        labelled(np.ones((2, 3)), np.ones((2, 3)))
        labelled(np.ones((2, 3)), np.ones(3))
        with pytest.raises(
            ReferenceInputError, match=r"y: expected shape \(D, I\) or \(I,\) with D = 2, I = 3, got shape"
        ):
            labelled(np.ones((2, 3)), np.ones(2))

    def test_an_array_counts_as_a_list_of_its_parts(self):
        """Layers stacked in one array are taken apart."""
        assert len(layered(np.ones((3, 2, 2)), np.ones((3, 2, 5)), np.ones((2, 5)))[0]) == 3

    def test_names_are_kept(self):
        """A named tuple of numbers stays one."""
        got = named(Pair(1, 2))
        assert (got.first, got.second) == (1.0, 2.0)
        assert type(got) is Pair
        with pytest.raises(ReferenceInputError, match="pair: expected finite numbers"):
            named(Pair(1, np.nan))

    @pytest.mark.parametrize("order", ["C", "F"])
    def test_memory_order_does_not_matter(self, order):
        """Transposed and strided arrays are checked and handed over like any others."""
        x = np.asarray(np.arange(12.0).reshape(3, 4), order=order)[:, ::2]
        assert regression(x, W, 1.0)[0] is x
        x[1, 1] = np.nan
        with pytest.raises(ReferenceInputError, match="x: expected finite"):
            regression(x, W, 1.0)


@pytest.mark.parametrize(("value", "least"), [(0, 0), (3, 1), (np.int64(7), 1), (True, 0)])
def test_whole_numbers(value, least):
    """Integers of any kind count; what comes back is Python's own."""
    assert whole_number("n", value, least) == value
    assert isinstance(whole_number("n", value, least), int)


@pytest.mark.parametrize(("value", "least"), [(-1, 0), (0, 1), (1.0, 0), ("1", 0), (None, 0)])
def test_what_counts_nothing_is_named(value, least):
    """Negative numbers, fractions and text raise, and say from where to count."""
    with pytest.raises(ReferenceInputError, match=f"n: expected a whole number, {least} or more, got"):
        whole_number("n", value, least)
