"""What came is looked at in the shapes of the truth, where a truth has several."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from autograder.diagnosis import OneOf, Trial
from autograder.diagnosis.first_difference import first_difference
from autograder.diagnosis.trial import in_shape_of_first

ROWS = [np.arange(3.0)[None, :], np.arange(2.0)[None, :]]
"""Two layers' biases beside samples as rows."""
FLAT = [row[0] for row in ROWS]
EITHER = OneOf((ROWS, FLAT))


@pytest.mark.parametrize("came", [ROWS, FLAT, [ROWS[0], FLAT[1]], tuple(FLAT), [flat.tolist() for flat in FLAT]])
def test_layers_come_in_the_first_shape(came: Any) -> None:
    """Each layer by itself, as a list or as an array, in the precision it had."""
    stood_up = in_shape_of_first(came, EITHER)
    assert [np.shape(layer) for layer in stood_up] == [(1, 3), (1, 2)]
    assert all(np.array_equal(layer, row) for layer, row in zip(stood_up, ROWS, strict=True))
    low = in_shape_of_first([np.float32(flat) for flat in FLAT], EITHER)
    assert {layer.dtype for layer in low} == {np.dtype(np.float32)}


@pytest.mark.parametrize("came", [
    None, 3.0, "text", [None, None], [[[1.0], [2.0, 3.0]], FLAT[1]], FLAT[:1], [row.T for row in ROWS],
    [np.ones((3, 3)), np.ones((3, 2))],
])  # fmt: skip
def test_what_has_another_shape_stays(came: Any) -> None:
    """A column, a gradient that isn't summed, a list that is too short, and what is no list at all."""
    stayed = in_shape_of_first(came, EITHER)
    if not isinstance(came, list) or len(came) != 2:
        assert stayed is came
    elif isinstance(came[0], np.ndarray):
        assert [layer.shape for layer in stayed] == [layer.shape for layer in came]
    else:
        assert stayed[0] is came[0]


def test_a_truth_with_one_shape_changes_nothing() -> None:
    """Neither where it is the only one, nor where it is no list of layers."""
    assert in_shape_of_first(FLAT, ROWS) is FLAT
    assert in_shape_of_first([1.0, 2.0], OneOf((np.ones(2), np.ones((2, 1))))) == [1.0, 2.0]


def test_the_first_layer_that_is_off_is_told_in_any_shape() -> None:
    """Also where a truth allows several."""
    right = {"all_dl_dweights": ROWS, "all_dl_dbiases": EITHER}
    yours = {"all_dl_dweights": ROWS, "all_dl_dbiases": [ROWS[0] + 1, ROWS[1]]}
    assert first_difference(Trial({}, yours, right), list(right)) == (
        "The first that is off is dl_df[0], as all_dl_dbiases[0] shows; all_dl_dweights[1] is still right."
    )
