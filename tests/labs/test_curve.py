"""Tests of `fitted`: which predictions count as the curve, and the kind of NoValue for the others."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from autograder.diagnosis import NoValue
from autograder.labs.lab8_pytorch import cases
from autograder.labs.lab8_pytorch.curve import fitted

X = np.linspace(-3, 3, 60)[:, None]
(CASE,) = cases.measured_anew(X)(np.random.default_rng(0))
TARGETS, CURVE, NOISE = (CASE.values[name] for name in ("targets", "curve", "noise"))


@pytest.fixture(autouse=True)
def student_notebook(notebook: Any) -> None:
    """Bind an empty notebook, which the hidden tests read."""
    notebook()


def fit_result(runs: Any) -> Any:
    """Return the result of `fitted` for a function that returns predictions for targets."""
    return fitted(runs, "stand-ins")(TARGETS, CURVE, NOISE)


def test_the_noise_has_the_given_size() -> None:
    """The mean squared noise of each of the targets is exactly the given variance, and each has its own noise."""
    np.testing.assert_allclose(np.mean((TARGETS - CURVE) ** 2, axis=(1, 2)), NOISE**2)
    assert not np.allclose(TARGETS[0], TARGETS[1])


@pytest.mark.parametrize("near", [0.0, 0.1, -0.15])
def test_predictions_near_the_curve_are_right(near: float) -> None:
    """Predictions near the curve are right, also as lists."""
    assert fit_result(lambda t, code: CURVE + near) == 1.0
    assert fit_result(lambda t, code: (CURVE + near).tolist()) == 1.0


@pytest.mark.parametrize(
    ("runs", "kind"),
    [
        (lambda t, code: t, "NoiseLearned"),
        (lambda t, code: np.zeros_like(t), "NotThereYet"),
        (lambda t, code: np.full_like(t, np.mean(t)), "NotThereYet"),
        (lambda t, code: np.full_like(t, np.nan), "Exploded"),
        (lambda t, code: 1e3 * np.ones_like(t), "Exploded"),
        (lambda t, code: CURVE[:, 0], ""),
        (lambda t, code: "a curve", ""),
        (lambda t, code: None, ""),
        (lambda t, code: 1 / 0, "ZeroDivisionError"),
    ],
)
def test_wrong_predictions_have_a_kind(runs: Any, kind: str) -> None:
    """Each way to miss the curve gives a NoValue of its kind; predictions equal to the targets are no curve."""
    result = fit_result(runs)
    assert isinstance(result, NoValue)
    assert result.kind == kind


def test_one_target_and_either_code_are_enough() -> None:
    """Right predictions for one of the targets are enough, with the stubs or with the student's own code alone."""
    assert fit_result(lambda t, code: CURVE if np.array_equal(t, TARGETS[1]) else np.nan * t) == 1.0
    assert fit_result(lambda t, code: 1 / 0 if code else CURVE) == 1.0
    assert fit_result(lambda t, code: CURVE if code else 1 / 0) == 1.0
