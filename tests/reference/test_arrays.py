"""Tests of the shapes, types and precision of the arguments that a checked function receives."""

from typing import NamedTuple

import numpy as np
import pytest

from autograder.reference.arrays import checked, unchecked, whole_number
from autograder.reference.shapes import ReferenceInputError


class Pair(NamedTuple):
    """A named tuple of two numbers."""

    first: float
    second: float


@checked(x="(I, D)", w="(D, 1)", alpha="()")
def regression(x, w, alpha, *, factor=1):
    """Take two arrays and a number, and return them."""
    return x, w, alpha, factor


@checked(w="[(D_k+1, D_k)]", h="[(D_k, I)]", out="(D_K+1, I)")
def layered(w, h, out, *, samples="columns"):
    """Take layers, with samples as columns, and return them."""
    return [w, h, out, samples]


@checked(a="...", b="...")
def alike(a, b):
    """Take two arrays of one shape, and return them."""
    return a, b


@checked(f="(D, I)", y="labels (D, I) or (I,)")
def labelled(f, y):
    """Take numbers and labels, and return them."""
    return f, y


@checked(pair="(2,)")
def named(pair):
    """Take a pair of numbers, and return it."""
    return pair


X, W = np.ones((3, 2)), np.ones((2, 1))


class TestCalling:
    def test_by_position_and_by_name(self):
        """Arguments may be passed by position or by name, and the function's own defaults apply."""
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
    def test_wrong_calls_raise_pythons_errors(self, args, kwargs, words):
        """Missing, surplus, repeated and unknown arguments raise a TypeError with Python's own message."""
        with pytest.raises(TypeError, match=words):
            regression(*args, **kwargs)

    def test_unchecked_is_the_function_itself(self):
        """Without its checks a checked function takes anything; `unchecked` returns a plain function as it is."""
        assert unchecked(regression)("x", "w", "alpha") == ("x", "w", "alpha", 1)
        assert unchecked(len) is len

    def test_unchecked_still_transposes_rows(self):
        """`unchecked` leaves out checks only: rows are still transposed on their way in and out."""
        w, h, out = [np.arange(6.0).reshape(3, 2)], [np.ones((5, 3))], np.ones((5, 2))
        with_checks, without_checks = layered(w, h, out, samples="rows"), unchecked(layered)(w, h, out, samples="rows")
        np.testing.assert_array_equal(with_checks[0][0], without_checks[0][0])
        assert with_checks[2].shape == without_checks[2].shape == (5, 2)
        assert unchecked(layered)("ab", None, 3)[:3] == ["ab", None, 3]

    def test_a_checked_argument_has_no_default(self):
        """A default for a checked argument, which would bypass the checks, and a check of an unknown argument raise."""
        with pytest.raises(TypeError, match="alpha has a default"):
            checked(alpha="()")(lambda alpha=1.0: alpha)
        with pytest.raises(KeyError, match="beta"):
            checked(beta="()")(lambda alpha: alpha)

    def test_each_call_converts_anew(self):
        """Lists, integers and mixed precisions are converted and checked in every call, not only in the first."""
        for _ in range(2):
            for x in (X.tolist(), X.astype(int), X.astype(np.float32), [list(row) for row in X]):
                actual = regression(x, W, 1)
                assert actual[0].dtype == np.float64
                assert type(actual[2]) is float
            with pytest.raises(ReferenceInputError, match=r"x: expected shape \(I, D\), got shape \(2,\)"):
                regression([1.0, 2.0], W, 1.0)

    def test_each_call_checks_values(self):
        """After a valid call, which only stores its shapes, NaN and wrong shapes still raise."""
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
        """All arrays get the widest float type among them; integers and booleans don't count."""
        actual = regression(X.astype(x), W.astype(w), 1.0)
        assert actual[0].dtype == actual[1].dtype == expected

    def test_lists_follow(self):
        """Python floats in a list take the arrays' precision, or float64; NumPy floats in a list keep theirs."""
        assert regression(X.astype(np.float32), [[0.1], [0.2]], 1.0)[1].dtype == np.float32
        assert regression(X.tolist(), [[0.1], [0.2]], 1.0)[0].dtype == np.float64
        assert regression(X.tolist(), [[np.float32(0.1)], [np.float32(0.2)]], 1.0)[0].dtype == np.float32

    @pytest.mark.parametrize("alpha", [1, 0.5, True])
    def test_python_numbers_stay_so(self, alpha):
        """A Python number stays one, so that it follows float32 arrays that the function brings in later."""
        actual = regression(X, W, alpha)[2]
        assert type(actual) is float
        assert actual == alpha

    @pytest.mark.parametrize("alpha", [np.float64(0.5), np.float32(0.5), np.int64(3), np.array(3)])
    def test_numpy_numbers_take_the_arrays_precision(self, alpha):
        """A NumPy number doesn't raise the precision of float32 arrays, and becomes float32 itself."""
        actual = regression(X.astype(np.float32), W.astype(np.float32), alpha)
        assert actual[0].dtype == actual[2].dtype == np.float32
        assert np.ndim(actual[2]) == 0

    def test_labels_decide_nothing(self):
        """Labels of any type leave the numbers' precision as it is, and keep their own type."""
        for dtype in (np.float64, np.uint8, bool):
            f, y = labelled(np.ones((2, 3), np.float32), np.ones((2, 3), dtype))
            assert (f.dtype, y.dtype) == (np.float32, dtype)
        f, y = labelled([[1, 2, 3]], np.ones(3, np.float32))
        assert (f.dtype, y.dtype) == (np.float64, np.float32)

    def test_numbers_beyond_float32_are_named(self):
        """A number that overflows in float32 raises; a float64 number whose square overflows doesn't."""
        with pytest.raises(ReferenceInputError, match="w: expected finite numbers in float32, got NaN or infinity"):
            regression(X.astype(np.float32), [[1e300], [1]], 1.0)
        large = np.full((2, 1), 1e200)
        assert regression(X, large, 1.0)[1] is large

    def test_nothing_is_copied_without_need(self):
        """The function receives an array of the right type without a copy."""
        assert regression(X, W, 1.0)[0] is X
        assert np.shares_memory(regression(X.astype(np.float32), W, 1.0)[1], W)


class TestShapes:
    def test_layers_chain(self):
        """Each layer's output size is the next one's input size, and D_K+1 is the size of the last."""
        w, h = [np.ones((4, 3)), np.ones((2, 4))], [np.ones((3, 5)), np.ones((4, 5))]
        actual = layered(w, h, np.ones((2, 5)))
        assert all(received is passed for received, passed in zip((*actual[0], *actual[1]), (*w, *h), strict=True))
        with pytest.raises(ReferenceInputError, match=r"w\[1\]: expected shape \(D_2, D_1\) with D_1 = 4"):
            layered([w[0], w[0]], h, np.ones((2, 5)))
        with pytest.raises(ReferenceInputError, match=r"h\[1\]: expected shape \(D_1, I\) with D_1 = 4, I = 5"):
            layered(w, [h[0], h[1][:, :4]], np.ones((2, 5)))
        with pytest.raises(ReferenceInputError, match=r"out: expected shape \(D_2, I\) with D_2 = 2, I = 5"):
            layered(w, h, np.ones((3, 5)))

    def test_eleven_layers_chain(self):
        """Layer numbers of two digits are read whole."""
        w, h = [np.ones((2 + k, 1 + k)) for k in range(12)], [np.ones((1 + k, 3)) for k in range(12)]
        layered(w, h, np.ones((13, 3)))
        with pytest.raises(ReferenceInputError, match=r"h\[11\]: expected shape \(D_11, I\) with D_11 = 12, I = 3"):
            layered(w, [*h[:-1], h[0]], np.ones((13, 3)))

    def test_rows_arrive_as_columns_and_leave_as_rows(self):
        """The function receives columns, and its lists of results are transposed back into rows."""
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
        """Three dots accept any shape, which the first argument sets for the others."""
        assert alike(3, 4.0) == (3.0, 4.0)
        alike(np.ones((1, 2, 3)), np.ones((1, 2, 3)))
        with pytest.raises(ReferenceInputError, match=r"b: expected shape \(2,\), got shape \(3,\)"):
            alike([1, 2], [1, 2, 3])

    def test_either_shape(self):
        """The number of axes tells which of two shapes is meant, and an error names both."""
        labelled(np.ones((2, 3)), np.ones((2, 3)))
        labelled(np.ones((2, 3)), np.ones(3))
        with pytest.raises(
            ReferenceInputError, match=r"y: expected shape \(D, I\) or \(I,\) with D = 2, I = 3, got shape"
        ):
            labelled(np.ones((2, 3)), np.ones(2))

    def test_an_array_counts_as_a_list_of_its_parts(self):
        """Layers stacked in one array are split into a list."""
        assert len(layered(np.ones((3, 2, 2)), np.ones((3, 2, 5)), np.ones((2, 5)))[0]) == 3

    def test_names_are_kept(self):
        """A named tuple of numbers stays a named tuple."""
        actual = named(Pair(1, 2))
        assert (actual.first, actual.second) == (1.0, 2.0)
        assert type(actual) is Pair
        with pytest.raises(ReferenceInputError, match="pair: expected finite numbers"):
            named(Pair(1, np.nan))

    @pytest.mark.parametrize("order", ["C", "F"])
    def test_memory_order_does_not_matter(self, order):
        """Transposed and strided arrays are checked like any others and passed on without a copy."""
        x = np.asarray(np.arange(12.0).reshape(3, 4), order=order)[:, ::2]
        assert regression(x, W, 1.0)[0] is x
        x[1, 1] = np.nan
        with pytest.raises(ReferenceInputError, match="x: expected finite"):
            regression(x, W, 1.0)


@pytest.mark.parametrize(("value", "least"), [(0, 0), (3, 1), (np.int64(7), 1), (True, 0)])
def test_whole_numbers(value, least):
    """Integers of any type are accepted and returned as Python's int."""
    assert whole_number("n", value, least) == value
    assert isinstance(whole_number("n", value, least), int)


@pytest.mark.parametrize(("value", "least"), [(-1, 0), (0, 1), (1.0, 0), ("1", 0), (None, 0)])
def test_other_numbers_are_named(value, least):
    """Numbers below the least one, fractions, text and None raise an error that states the least one."""
    with pytest.raises(ReferenceInputError, match=f"n: expected a whole number, {least} or more, got"):
        whole_number("n", value, least)
