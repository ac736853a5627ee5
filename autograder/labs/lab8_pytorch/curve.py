"""Checks that a trained network has found the curve behind noisy points."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from autograder.checks.attempt import attempt
from autograder.diagnosis import NoValue, desk


def fitted(runs: Callable[..., Any], stubs: str) -> Callable[[Any, Any, float], float | NoValue]:
    """Return a function of several targets, the curve and the noise: 1 if predictions are near it, else a NoValue.

    runs: returns predictions for targets, by the submission's own functions or with stubs in their place; the better of
    the two counts. stubs: their code.

    One of the targets is enough. A choice of learning rate that is right for the notebook's own targets may be a little
    too bold for others: of 600 runs with such choices one exploded. A wrong choice fails with all.
    """

    def judged(targets: Any, curve: Any, noise: float) -> float | NoValue:
        # The quick one first: where it gets there, nobody has to wait for the student's own.
        found: float | NoValue = 0.0
        for code in (stubs, ""):
            for t in targets[::-1]:
                found = _judged(attempt(runs, t, code), t, curve, noise)
                if found == 1.0:
                    return found
        return found

    return judged


def _judged(predictions: Any, t: Any, curve: Any, noise: float) -> float | NoValue:
    if isinstance(predictions, NoValue):
        return predictions
    found = desk.as_numbers(predictions)
    if isinstance(found, str):
        return NoValue(found, "Exploded" if "NaN" in found else "")
    if found.shape != t.shape:
        return NoValue(f"shape {found.shape}, expected {t.shape}")
    loss, off = (float(np.mean((found - expected) ** 2)) for expected in (t, curve))
    if loss > 10 * np.var(t):
        return NoValue("the loss is larger than that of saying the mean, by far", "Exploded")
    # The mean of sixty squares is the variance give or take a fifth of it. What just passes on the notebook's own
    # targets must pass on others, too.
    if loss > 2 * noise**2:
        said = f"with new noise the loss is {loss / noise**2:.1f} variances of the noise, and may be 2"
        return NoValue(said, "NotThereYet")
    if off > 0.9 * noise**2:
        return NoValue("the predictions are as far off the curve as the points themselves", "NoiseLearned")
    return 1.0
