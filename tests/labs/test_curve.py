"""Whether a curve was found: what counts, and what is said where it was not."""

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
def somebody(notebook: Any) -> None:
    """A notebook to ask."""
    notebook()


def said(runs: Any) -> Any:
    """What is made of somebody's predictions for each of the targets."""
    return fitted(runs, "stand-ins")(TARGETS, CURVE, NOISE)


def test_the_noise_is_as_large_as_is_said() -> None:
    """Each of the targets is exactly one variance off the curve, and no two have the same noise."""
    np.testing.assert_allclose(np.mean((TARGETS - CURVE) ** 2, axis=(1, 2)), NOISE**2)
    assert not np.allclose(TARGETS[0], TARGETS[1])


@pytest.mark.parametrize("near", [0.0, 0.1, -0.15])
def test_who_is_near_the_curve_has_found_it(near: float) -> None:
    """Predictions need not be the curve itself; lists do as well."""
    assert said(lambda t, code: CURVE + near) == 1.0
    assert said(lambda t, code: (CURVE + near).tolist()) == 1.0


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
def test_what_is_amiss_is_told(runs: Any, kind: str) -> None:
    """Each way to miss the curve has a kind; the points themselves are no curve."""
    found = said(runs)
    assert isinstance(found, NoValue)
    assert found.kind == kind


def test_one_of_the_targets_is_enough_and_either_code() -> None:
    """A choice that explodes for one draw of the noise is right; so is one that works with the student's own alone."""
    assert said(lambda t, code: CURVE if np.array_equal(t, TARGETS[1]) else np.nan * t) == 1.0
    assert said(lambda t, code: 1 / 0 if code else CURVE) == 1.0
    assert said(lambda t, code: CURVE if code else 1 / 0) == 1.0
