"""Checks that a trained network has found the curve behind noisy points, as far as the points show it: lab 8.

Runs in the grader's process, or in an author's kernel.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from autograder.checks.attempt import attempt
from autograder.diagnosis import NoValue, desk


def fitted(runs: Callable[..., Any], stubs: str) -> Callable[[Any, Any, float], float | NoValue]:
    """Return a function that returns 1 if predictions are near the curve, or a NoValue on the fault.

    That function takes targets (times, I, 1), the curve (I, 1) and the standard deviation of the noise. runs: takes
    targets (I, 1) and code, and returns the submission's predictions (I, 1), with that code in place of its own
    functions unless it is empty. stubs: the code. Predictions with the stubs or with the submission's own functions are
    enough.

    One of the targets is enough, too. A learning rate that is good for the notebook's own targets may be a little too
    large for others: of 600 runs with such choices one exploded. A wrong choice fails with all.
    """

    def check_fit(targets: Any, curve: Any, noise: float) -> float | NoValue:
        # The stubs first: they are fast, and if they succeed, the submission's own functions need not run.
        result: float | NoValue = 0.0
        for code in (stubs, ""):
            for t in targets[::-1]:
                result = _fit_result(attempt(runs, t, code), t, curve, noise)
                if result == 1.0:
                    return result
        return result

    return check_fit


def _fit_result(predictions: Any, t: Any, curve: Any, noise: float) -> float | NoValue:
    """Return 1 if predictions (I, 1) are near the curve, or a NoValue for the fault.

    Its kind is "Exploded", "NotThereYet" or "NoiseLearned", and empty for predictions of another shape or type.
    Predictions that are a NoValue are returned as they are.
    """
    if isinstance(predictions, NoValue):
        return predictions
    actual = desk.as_numbers(predictions)
    if isinstance(actual, str):
        return NoValue(actual, "Exploded" if "NaN" in actual else "")
    if actual.shape != t.shape:
        return NoValue(f"shape {actual.shape}, expected {t.shape}")
    loss, curve_error = (float(np.mean((actual - expected) ** 2)) for expected in (t, curve))
    if loss > 10 * np.var(t):
        return NoValue("the loss is larger than that of saying the mean, by far", "Exploded")
    # The mean of sixty squares differs from the variance by about a fifth. A fit that just passes with the notebook's
    # own targets must pass with others, too.
    if loss > 2 * noise**2:
        verdict = f"with new noise the loss is {loss / noise**2:.1f} variances of the noise, and may be 2"
        return NoValue(verdict, "NotThereYet")
    if curve_error > 0.9 * noise**2:
        return NoValue("the predictions are as far off the curve as the points themselves", "NoiseLearned")
    return 1.0
