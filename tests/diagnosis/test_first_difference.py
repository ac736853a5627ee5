"""Tests of the first difference, which is found in the order of computation."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from autograder.diagnosis import Trial
from autograder.diagnosis.first_difference import first_difference

LAYERS = [np.full((k + 1, 2), float(k + 1)) for k in range(3)]


def with_wrong_layers(*wrong: int) -> list[np.ndarray]:
    """Return the layers, those at the given indices wrong."""
    return [layer + (k in wrong) for k, layer in enumerate(LAYERS)]


@pytest.mark.parametrize(("weights", "biases", "sentence"), [
    ((), (0, 1), "The first that is off is dl_df[1], as all_dl_dbiases[1] shows; all_dl_dweights[2] is still right."),
    ((0, 1, 2), (0, 1, 2), "The first that is off is dl_df[2], as all_dl_dbiases[2] shows, the first to be computed."),
    ((2,), (0,), "The first that is off is all_dl_dweights[2]; dl_df[2] is still right."),
    ((), (), ""),
])  # fmt: skip
def test_gradients_are_read_from_the_last_layer(weights: Any, biases: Any, sentence: str) -> None:
    """A wrong slope makes those of all earlier layers wrong, so the one nearest to the cost is named."""
    expected = {"all_dl_dweights": LAYERS, "all_dl_dbiases": LAYERS}
    actual = {"all_dl_dweights": with_wrong_layers(*weights), "all_dl_dbiases": with_wrong_layers(*biases)}
    assert first_difference(Trial({}, actual, expected), list(expected)) == sentence


def test_values_are_read_from_the_first_layer() -> None:
    """In the forward pass the first layer comes first, and its input before its pre-activation."""
    expected = {"net_output": LAYERS[2], "all_f": LAYERS, "all_h": LAYERS}
    actual = {"net_output": LAYERS[2] + 1, "all_f": with_wrong_layers(1, 2), "all_h": with_wrong_layers(2)}
    assert (
        first_difference(Trial({}, actual, expected), list(expected))
        == "The first that is off is all_f[1]; all_h[1] is still right."
    )
    assert first_difference(Trial({}, {**actual, "all_f": None}, expected), list(expected)) == (
        "The first that is off is all_f[0]; all_h[0] is still right."
    )


def test_single_values_are_read_in_their_order() -> None:
    """Of several values the first wrong one is named; for a single value there is no sentence."""
    trial = Trial({}, {"h1": 1.0, "f1": 3.0, "h2": 5.0}, {"h1": 1.0, "f1": 2.0, "h2": 4.0})
    assert first_difference(trial, ["h1", "f1", "h2"]) == "The first that is off is f1; h1 is still right."
    assert first_difference(trial, ["f1"]) == ""


@pytest.mark.parametrize(("explained", "correct", "sentence"), [
    ([], ["h1"], "The first that is off is f1; h1 is still right."),
    ([], [], "The first that is off is f1."),
    (["f1"], ["h1"], ""),
    (["h2"], ["h1"], "The first that is off is f1; h1 is still right."),
    ([], ["h1", "f1"], "The first that is off is h2; f1 is still right."),
])  # fmt: skip
def test_the_sentence_contradicts_no_other_case(explained: list[str], correct: list[str], sentence: str) -> None:
    """A value is neither called right that is wrong in another case, nor off that is right or explained above."""
    trial = Trial({}, {"h1": 1.0, "f1": 3.0, "h2": 5.0}, {"h1": 1.0, "f1": 2.0, "h2": 4.0})
    assert first_difference(trial, ["h1", "f1", "h2"], explained, correct) == sentence
