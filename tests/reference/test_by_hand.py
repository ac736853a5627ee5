"""Tests of the chains by hand against the course's own figures and central differences."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from autograder.reference import by_hand


def values(chain: by_hand.Chain, given: Any) -> dict[str, Any]:
    """Return every intermediate result of a chain by name, its given values included."""
    results = dict(given)
    for name, step in chain.items():
        results[name] = step(
            **{argument: results[argument] for argument in step.__code__.co_varnames[: step.__code__.co_argcount]}
        )
    return results


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("z", [7, 6, 9]),
        ("y_hat", [7, 6, 9]),
        ("L", 32.5),
        ("delta", [6, 2, 5]),
        ("dL_dW", [[6, 12], [2, 4], [5, 10]]),
        ("W_new", [[2.4, 0.8], [3.8, 0.6], [4.5, 1.0]]),
        ("z_new", [4, 5, 6.5]),
        ("L_new", 8.125),
    ],
)
def test_the_courses_own_figures(name: str, expected: Any) -> None:
    """The chain of three ReLU units gives the course's figures, before and after one step."""
    np.testing.assert_allclose(values(by_hand.RELU, by_hand.RELU_GIVEN)[name], expected, atol=1e-12)


@pytest.mark.parametrize("name", ["W1", "b1", "W2", "b2"])
def test_slopes_are_those_of_the_loss(name: str) -> None:
    """The tanh network's gradients equal the central differences of its loss in each parameter."""
    given = by_hand.TANH_GIVEN

    def loss(**changed: Any) -> float:
        return float(values(by_hand.TANH, {**given, **changed})["loss"])

    slope = np.empty(np.shape(given[name]))
    for index in np.ndindex(slope.shape):
        step = np.zeros(slope.shape)
        step[index] = 1e-5
        slope[index] = (loss(**{name: given[name] + step}) - loss(**{name: given[name] - step})) / 2e-5
    np.testing.assert_allclose(values(by_hand.TANH, given)[f"dL_d{name}"], slope, rtol=1e-8)


def test_the_block_jacobian_makes_the_outer_product() -> None:
    """δ times the derivative of z in all weights, row by row, is δᵀx."""
    results = values(by_hand.RELU, by_hand.RELU_GIVEN)
    np.testing.assert_array_equal((results["delta"] @ results["dz_dW"]).reshape(3, 2), results["dL_dW"])
