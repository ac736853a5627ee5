"""Where values first differ is told in the order of their computation."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from autograder.diagnosis import Trial
from autograder.diagnosis.first_difference import first_difference

LAYERS = [np.full((k + 1, 2), float(k + 1)) for k in range(3)]


def spoiled(*wrong: int) -> list[np.ndarray]:
    """The layers, some of them wrong."""
    return [layer + (k in wrong) for k, layer in enumerate(LAYERS)]


@pytest.mark.parametrize(("weights", "biases", "said"), [
    ((), (0, 1), "The first that is off is dl_df[1], as all_dl_dbiases[1] shows; all_dl_dweights[2] is still right."),
    ((0, 1, 2), (0, 1, 2), "The first that is off is dl_df[2], as all_dl_dbiases[2] shows, the first to be computed."),
    ((2,), (0,), "The first that is off is all_dl_dweights[2]; dl_df[2] is still right."),
    ((), (), ""),
])  # fmt: skip
def test_gradients_are_read_from_the_last_layer(weights: Any, biases: Any, said: str) -> None:
    """A wrong slope spoils all before it: the one next to the cost is told."""
    right = {"all_dl_dweights": LAYERS, "all_dl_dbiases": LAYERS}
    yours = {"all_dl_dweights": spoiled(*weights), "all_dl_dbiases": spoiled(*biases)}
    assert first_difference(Trial({}, yours, right), list(right)) == said


def test_values_are_read_from_the_first_layer() -> None:
    """Forward the first layer comes first, what enters it before what leaves it."""
    right = {"net_output": LAYERS[2], "all_f": LAYERS, "all_h": LAYERS}
    yours = {"net_output": LAYERS[2] + 1, "all_f": spoiled(1, 2), "all_h": spoiled(2)}
    assert (
        first_difference(Trial({}, yours, right), list(right))
        == "The first that is off is all_f[1]; all_h[1] is still right."
    )
    assert first_difference(Trial({}, {**yours, "all_f": None}, right), list(right)) == (
        "The first that is off is all_f[0]; all_h[0] is still right."
    )


def test_single_values_are_read_in_their_order() -> None:
    """Of several values the first wrong one is told; of one alone nothing is."""
    trial = Trial({}, {"h1": 1.0, "f1": 3.0, "h2": 5.0}, {"h1": 1.0, "f1": 2.0, "h2": 4.0})
    assert first_difference(trial, ["h1", "f1", "h2"]) == "The first that is off is f1; h1 is still right."
    assert first_difference(trial, ["f1"]) == ""
