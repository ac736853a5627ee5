"""Tests of submitted layers that are compared in the first shape, if the expected value admits several."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from autograder.diagnosis import OneOf, Trial
from autograder.diagnosis.first_difference import first_difference
from autograder.diagnosis.trial import in_shape_of_first

ROWS = [np.arange(3.0)[None, :], np.arange(2.0)[None, :]]
"""Two layers' biases, (1, D) each, for samples as rows."""
FLAT = [row[0] for row in ROWS]
EITHER = OneOf((ROWS, FLAT))


@pytest.mark.parametrize("actual", [ROWS, FLAT, [ROWS[0], FLAT[1]], tuple(FLAT), [flat.tolist() for flat in FLAT]])
def test_layers_come_in_the_first_shape(actual: Any) -> None:
    """Each layer is reshaped by itself, in a list or a tuple, and keeps its precision."""
    reshaped = in_shape_of_first(actual, EITHER)
    assert [np.shape(layer) for layer in reshaped] == [(1, 3), (1, 2)]
    assert all(np.array_equal(layer, row) for layer, row in zip(reshaped, ROWS, strict=True))
    float32_layers = in_shape_of_first([np.float32(flat) for flat in FLAT], EITHER)
    assert {layer.dtype for layer in float32_layers} == {np.dtype(np.float32)}


@pytest.mark.parametrize("actual", [
    None, 3.0, "text", [None, None], [[[1.0], [2.0, 3.0]], FLAT[1]], FLAT[:1], [row.T for row in ROWS],
    [np.ones((3, 3)), np.ones((3, 2))],
])  # fmt: skip
def test_other_shapes_stay(actual: Any) -> None:
    """A column, a gradient that isn't summed, a list that is too short and a value that is no list stay as they are."""
    unchanged = in_shape_of_first(actual, EITHER)
    if not isinstance(actual, list) or len(actual) != 2:
        assert unchanged is actual
    elif isinstance(actual[0], np.ndarray):
        assert [layer.shape for layer in unchanged] == [layer.shape for layer in actual]
    else:
        assert unchanged[0] is actual[0]


def test_a_single_expected_shape_changes_nothing() -> None:
    """A value stays as it is if one value is expected, or several that are no lists of layers."""
    assert in_shape_of_first(FLAT, ROWS) is FLAT
    assert in_shape_of_first([1.0, 2.0], OneOf((np.ones(2), np.ones((2, 1))))) == [1.0, 2.0]


def test_the_first_wrong_layer_is_named_in_any_shape() -> None:
    """The first difference is found in layers whose expected value admits several shapes."""
    expected = {"all_dl_dweights": ROWS, "all_dl_dbiases": EITHER}
    actual = {"all_dl_dweights": ROWS, "all_dl_dbiases": [ROWS[0] + 1, ROWS[1]]}
    assert first_difference(Trial({}, actual, expected), list(expected)) == (
        "The first that is off is dl_df[0], as all_dl_dbiases[0] shows; all_dl_dweights[1] is still right."
    )
