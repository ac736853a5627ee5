"""Tests of compare: a right value in any natural form, and the verdict on a wrong one."""

from __future__ import annotations

import math
import re
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import array_shapes, arrays

from autograder.diagnosis import compare
from autograder.diagnosis.compare import TOLERANCE_FLOAT32, TOLERANCE_FLOAT64, Within, relative_tolerance
from autograder.diagnosis.desk import worst_relative_error

repeatable = settings(derandomize=True, deadline=None)

finite = st.floats(-1e6, 1e6).map(lambda value: round(value, 9))
expected_arrays = arrays(np.float64, array_shapes(min_dims=0, max_dims=3, max_side=4), elements=finite)

COLUMN = np.array([[0.3], [-1.7], [2.9], [0.41]])
ONE = np.array([[1.37]])


@repeatable
@given(expected_arrays)
def test_the_expected_value_is_right_in_every_form(expected: np.ndarray) -> None:
    """The expected value has error 0, and is right as a list, as float32, in Fortran order and off by rounding."""
    comparison = compare(expected, expected)
    assert (comparison.is_correct, comparison.error, comparison.actual_shape, comparison.expected_shape) == (
        True,
        0.0,
        expected.shape,
        expected.shape,
    )
    assert compare(expected.tolist(), expected).is_correct
    assert compare(np.asfortranarray(expected), expected).is_correct
    assert compare(expected.astype(np.float32), expected).is_correct
    assert compare(expected * (1 + 1e-12), expected).is_correct


@repeatable
@given(
    expected_arrays.filter(lambda expected: np.abs(expected).max(initial=0) > 1e-3),
    st.floats(1e-5, 1e5),
    st.integers(1, 9),
)
def test_other_values_are_wrong(expected: np.ndarray, factor: float, samples: int) -> None:
    """Any multiple but one is wrong, and so are zeros, one changed entry and one axis more."""
    if abs(factor - 1) > 1e-4:
        assert not compare(factor * expected, expected, samples).is_correct
    assert compare(0 * expected, expected, samples).verdict == "it is zero everywhere"
    changed = expected.copy()
    changed[np.unravel_index(0, expected.shape)] += 1e-4 * np.abs(expected).max()
    assert not compare(changed, expected, samples).is_correct
    if expected.size > 1:
        assert not compare(expected[None], expected, samples).is_correct


@repeatable
@given(expected_arrays, st.one_of(expected_arrays, st.none(), st.text(), st.lists(st.one_of(st.none(), finite)),
                         st.complex_numbers(), st.dictionaries(st.text(), finite), st.lists(st.lists(finite)),
                         st.binary(), arrays(np.float64, array_shapes(max_dims=2, max_side=3))))  # fmt: skip
def test_anything_can_be_compared(expected: np.ndarray, actual: Any) -> None:
    """Any value that a student returns gets a verdict of one line; a value without a shape has no error."""
    comparison = compare(actual, expected, 3)
    assert comparison.is_correct == (comparison.verdict is None)
    assert comparison.verdict is None or (comparison.verdict and "\n" not in comparison.verdict)
    assert comparison.error is None or 0 <= comparison.error <= 2
    if comparison.actual_shape is None:
        assert comparison.error is None


@pytest.mark.parametrize("expected", [1.37, np.array([1.37]), ONE], ids=["()", "(1,)", "(1, 1)"])
@pytest.mark.parametrize("actual", [1.37, np.float64(1.37), np.array(1.37), np.array([1.37]), ONE, [1.37], [[1.37]]])
def test_one_number_has_many_shapes(expected: Any, actual: Any) -> None:
    """A bias gradient may be a number, (1,) or (1, 1), in an array or a list."""
    assert compare(actual, expected).is_correct
    assert not compare(2 * np.asarray(actual), expected).is_correct


@pytest.mark.parametrize("shape", [(4, 1), (4,), (1, 4)])
def test_a_bias_gradient_for_each_sample_is_not_summed(shape: tuple[int, ...]) -> None:
    """One number for each sample, where one is expected, is wrong, and the verdict names the missing sum or mean."""
    each = COLUMN.reshape(shape)
    for total, word in ((each.sum(), "sum"), (each.mean(), "mean")):
        comparison = compare(each, np.array([[total]]), samples=4)
        assert comparison.verdict is not None
        assert comparison.verdict.startswith(f"shape {shape}, expected (1, 1): the {word} over axis")
        assert (comparison.actual_shape, comparison.error) == (shape, None)
    assert "one entry for each of the 4 samples" in str(compare(np.ones(shape), ONE, samples=4).verdict)


def test_a_row_of_numbers_in_place_of_a_column() -> None:
    """(I,) for (I, 1) is wrong, and the verdict warns of broadcasting; for one sample it is one number, and right."""
    assert compare(COLUMN.ravel(), COLUMN).verdict == (
        "shape (4,), expected (4, 1): one axis is missing, and broadcasting will make a square matrix of it further on"
    )
    assert compare([1.5], np.array([[1.5]])).is_correct


@pytest.mark.parametrize(("actual", "words"), [
    (COLUMN.T, "shape (1, 4), expected (4, 1): it is the transpose of what it should be"),
    (2 * COLUMN.T, "shape (1, 4), expected (4, 1)"),
    (-COLUMN, "−1 × what it should be: a sign is wrong"),
    (4 * COLUMN, "4 × what it should be: with 4 samples, is a mean missing?"),
    (COLUMN / 4, "1/4 × what it should be: with 4 samples, is a mean taken twice?"),
    (3 * COLUMN, "3 × what it should be, in every entry"),
    (np.where(COLUMN > 2, 1.0, COLUMN), "1 of its 4 entries are off, the first at index (2, 0)"),
    (COLUMN + 1, "it is off by 0.26 of its size"),
    (np.round(COLUMN, 1), "1 of its 4 entries are off, the first at index (3, 0)"),
    (COLUMN * 1.0002, "it is nearly right, off by 0.0002 of its size: is something rounded, or computed in float32?"),
    (np.where(COLUMN > 2, np.nan, COLUMN), "it holds NaN or infinity"),
    ([[0.3], [-1.7, 2.9]], "its rows have different lengths, so it is no array"),
    (None, "there is no value"),
    ("0.3", "it holds values of type str, not real numbers"),
    (COLUMN + 0j, "it holds values of type complex, not real numbers"),
    ([[0.3], [None], ["a"], [1]], "it holds values of type NoneType and float and int and str, not real numbers"),
    ({"dl_df": COLUMN}, "it holds values of type dict, not real numbers"),
])  # fmt: skip
def test_verdicts_on_wrong_values(actual: Any, words: str) -> None:
    """The verdict on a wrong value states its relation to the expected one."""
    verdict = compare(actual, COLUMN, samples=4).verdict
    assert verdict is not None
    assert verdict.startswith(words)


def test_with_one_sample_no_verdict_mentions_samples() -> None:
    """One sample can't be averaged wrongly, so no verdict mentions samples."""
    for factor in (0.5, 2.0, 3.0, -1.0):
        assert "sample" not in str(compare(factor * COLUMN, COLUMN, samples=1).verdict)


def test_two_samples_leave_two_explanations() -> None:
    """With two samples the verdict on a factor 2 has both explanations."""
    two = COLUMN[:2]
    assert compare(2 * two, two, samples=2).verdict == (
        "2 × what it should be: a factor 2 too many; or, with 2 samples, is a mean missing?"
    )
    assert compare(two / 2, two, samples=2).verdict == (
        "½ × what it should be: a factor 2 is missing; or, with 2 samples, is a mean taken twice?"
    )


def test_booleans_count_as_numbers() -> None:
    """Booleans are compared as 1 and 0, because an indicator may hold them; wrong ones are wrong like numbers."""
    assert compare(COLUMN > 0, (COLUMN > 0).astype(float)).is_correct
    assert compare([True, False], [1, 0]).is_correct
    assert compare(COLUMN < 0, (COLUMN > 0).astype(float)).verdict == "it is off by 1 of its size"


@pytest.mark.parametrize("kind", [np.int8, np.int64, np.uint8, np.float16, np.float32, np.longdouble, int, float, bool])
def test_numbers_of_every_type_are_compared(kind: type) -> None:
    """Integers and floats of any size, of NumPy and of Python, are compared by value."""
    assert compare(np.array([[1, 0, 1]]).astype(kind), [[1, 0, 1]]).is_correct
    assert compare(kind(1), 1.0).is_correct
    assert not compare(np.array([1, 1, 1]).astype(kind), [1, 0, 1]).is_correct


@pytest.mark.parametrize("convert", [lambda low: low, lambda low: low.tolist(), lambda low: [list(row) for row in low]])
def test_float32_has_its_own_tolerance(convert: Callable[[np.ndarray], Any]) -> None:
    """A value in float32, also in lists of it, has float32's tolerance; a Python float has float64's."""
    inexact = (COLUMN * (1 + 1e-4)).astype(np.float32)
    assert compare(convert(inexact), COLUMN).is_correct == (relative_tolerance(convert(inexact)) == TOLERANCE_FLOAT32)
    assert not compare((COLUMN * 1.01).astype(np.float32), COLUMN).is_correct
    assert not compare(COLUMN * (1 + 1e-4), COLUMN).is_correct


def test_tolerances_allow_rounding_only() -> None:
    """A gradient summed over 10,000 samples in another order is within its precision's tolerance; 1 % never is."""
    rng = np.random.default_rng(0)
    x, e = rng.normal(size=(10_000, 7)) + 3, rng.normal(size=(10_000, 1))
    expected = x.T @ e
    backwards = sum(x[i] * e[i, 0] for i in reversed(range(len(x))))[:, None]
    assert worst_relative_error(backwards, expected) < TOLERANCE_FLOAT64 / 100
    assert worst_relative_error(x.T.astype(np.float32) @ e.astype(np.float32), expected) < TOLERANCE_FLOAT32 / 10
    assert TOLERANCE_FLOAT32 < 0.01


def test_small_entries_are_measured_by_the_large_ones() -> None:
    """A small entry may be off by the rounding of the largest, because it can be a difference of large ones."""
    expected = np.array([1e6, 1.0, 0.0])
    assert compare(expected + np.array([0, 1e-4, 1e-4]), expected).is_correct
    assert not compare(expected + np.array([0, 100, 0]), expected).is_correct


@pytest.mark.parametrize(("actual", "expected", "error"), [
    ([1.0, 2.0], [1.0, 4.0], 0.5), ([2.0], [1.0], 0.5), ([0.0], [0.0], 0.0), ([1.0], [-1.0], 2.0), ([], [], 0.0),
    ([1e308], [-1e308], 2.0), ([3e-320], [0.0], 1.0),
])  # fmt: skip
def test_the_error_is_relative_to_the_largest_entry_of_either(
    actual: list[float], expected: list[float], error: float
) -> None:
    """The error is symmetric, 0 where both are zero, and finite for all finite numbers."""
    assert worst_relative_error(actual, expected) == pytest.approx(error)
    assert worst_relative_error(expected, actual) == pytest.approx(error)
    assert math.isfinite(worst_relative_error(actual, expected))


@repeatable
@given(arrays(np.float64, (3, 4), elements=st.floats(-9.99, 9.99).map(lambda value: round(value, 9))))
def test_the_expected_value_is_not_in_the_verdict(expected: np.ndarray) -> None:
    """No entry of the expected value can be read from the verdict on a wrong one."""
    other = np.random.default_rng(1).normal(size=(3, 4))
    for actual in (
        other,
        expected + other,
        np.round(expected),
        expected.T,
        expected[:2],
        expected.sum(axis=0),
        expected + 0j,
        expected.astype(str),
    ):
        verdict = str(compare(actual, expected, samples=3).verdict)
        # A ratio says nothing without the student's own number, and the size of the error has two significant digits;
        # anything with three could be an entry.
        digits = r"[1-9]\.\d\d+|0\.0*[1-9]\d\d+"
        numbers = [float(number) for number in re.findall(digits, verdict) if "×" not in verdict]
        assert not any(
            abs(number) == pytest.approx(abs(entry), rel=1e-2) for number in numbers for entry in expected.flat
        )


def test_one_step_in_float32_inside_a_float64_result_is_rounding() -> None:
    """A float32 gradient in a float64 descent is right; ten times that error is not."""
    expected = np.array([[1.0], [-0.5]])
    assert compare(expected * (1 + 7e-6), expected).is_correct
    assert not compare(expected * (1 + 7e-5), expected).is_correct


@pytest.mark.parametrize("number", [0.5, [0.5], np.float32(0.5)])
def test_a_verdict_states_the_number_if_allowed(number: Any) -> None:
    """The verdict states the student's own number if the test says so, and otherwise nothing of it."""
    stated, unstated = Within(1.0, 0.05, "it is {:.0%}, and should be 95% at least"), Within(1.0, 0.05)
    assert compare(number, stated).verdict == "it is 50%, and should be 95% at least"
    assert compare(number, unstated).verdict == "it is off"
    assert compare(0.96, stated).is_correct
    assert compare(0.96, unstated).is_correct
