"""Tests of entries: numbers to two decimals, errors carried forward, and values read from the cell's text alone."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from autograder import checks, student
from autograder.checks.carried_forward import parameters_of
from autograder.checks.entries import exact_chain, step_interval, typed_value
from autograder.diagnosis import NoValue
from autograder.reference import by_hand

EXACT = exact_chain(by_hand.TANH, by_hand.TANH_GIVEN)
ROUNDED = {name: np.round(value, 2).tolist() for name, value in EXACT.items()}


def grade(entries: Mapping[str, Any], chain: by_hand.Chain = by_hand.TANH, start: Any = None) -> dict[str, float]:
    """Return the points of each entry, one each at most; an entry that is a text stands in the cell as it is."""
    lines = [f"{name} = {value}" for name, value in entries.items()]
    kernel = student.LocalKernel({}, {"paper": "\n".join(lines)})
    with student.bound(kernel):
        score = checks.entries(
            "paper",
            dict.fromkeys(chain, 1.0),
            inputs=by_hand.TANH_GIVEN if start is None else start,
            cells={"paper": " ".join(chain)},
            section="there",
            carried_forward=checks.CarriedForward(chain=chain),
        )
    return {line.value: line.points for line in score.lines}


def lost(entries: Mapping[str, Any]) -> list[str]:
    """Return the entries that earn nothing."""
    return [name for name, points in grade(entries).items() if not points]


def rounded_chain(replacements: Mapping[str, Any], start: Mapping[str, Any], chain: by_hand.Chain) -> dict[str, Any]:
    """Return a chain with each number rounded to two decimals and computed from rounded ones, some of them replaced."""
    values = dict(start)
    for name, step in chain.items():
        computed = step(**{parameter: np.asarray(values[parameter])[()] for parameter in parameters_of(step)})
        values[name] = np.round(replacements.get(name, computed), 2)
    return {name: np.asarray(values[name]).tolist() for name in chain}


def test_the_courses_numbers_are_right() -> None:
    """The course's numbers, to two decimals or to more, earn all points."""
    assert lost(ROUNDED) == []
    assert lost({name: value.tolist() for name, value in EXACT.items()}) == []


@given(st.lists(st.floats(-2, 2), min_size=13, max_size=13))
@settings(max_examples=200, deadline=None)
def test_rounding_at_every_step_is_right(numbers: list[float]) -> None:
    """For any start of the chain, going on with rounded numbers costs nothing."""
    start = {
        "W1": np.reshape(numbers[:6], (2, 3)),
        "b1": np.array(numbers[6:8]),
        "W2": np.array([numbers[8:10]]),
        "b2": np.array(numbers[10:11]),
        "x": np.array([0.3, 0.4, -0.1]),
        "t": np.array(numbers[11:12]),
        "eta": 0.5,
    }
    # Numbers that could pass for zero are not carried forward.
    exact = exact_chain(by_hand.TANH, start)
    entries = rounded_chain({}, start, by_hand.TANH)
    points = grade(entries, start=start)
    for name in by_hand.TANH:
        small = [
            one for one in parameters_of(by_hand.TANH[name]) if one in exact and np.abs(entries[one]).max() <= 0.0101
        ]
        tiny = min(np.abs(exact[name]).max(), np.abs(entries[name]).max()) <= 0.02
        assert points[name] or small or tiny, (name, entries)


@pytest.mark.parametrize("name", list(by_hand.TANH))
def test_one_mistake_costs_once(name: str) -> None:
    """A wrong number costs its own points only, if all later ones are rightly computed from it."""
    entries = rounded_chain({name: np.asarray(EXACT[name]) * 1.7 + 0.2}, by_hand.TANH_GIVEN, by_hand.TANH)
    assert lost(entries) == [name]


@pytest.mark.parametrize("name", list(by_hand.TANH))
def test_a_wrong_number_costs(name: str) -> None:
    """Beside right numbers, a number that is 0.05 off costs its own points and no other's."""
    off = np.asarray(EXACT[name]) + 0.05
    assert lost({**ROUNDED, name: off.tolist()}) == [name]


@pytest.mark.parametrize("instead", ["None", "0.0", "[0, 0]", "[[0.0, 0.0]]", "'0.3'", "[1, 2, 3, 4, 5]", "1 / 3"])
def test_unusable_numbers_are_not_carried_forward(instead: str) -> None:
    """A number computed from None, zeros or a wrong shape is wrong, and the expected number stays right."""
    assert lost({**ROUNDED, "a": instead}) == ["a"]
    assert lost({**ROUNDED, "a": instead, "z": "[0.0, 0.0]"}) == ["a", "z"]


def test_nothing_is_given_for_zeros() -> None:
    """A chain of zeros, or of numbers that could pass for zero, earns nothing, although its numbers fit each other."""
    for tiny in (0.0, 0.004, -0.009):
        assert set(lost({name: np.full(np.shape(value), tiny).tolist() for name, value in EXACT.items()})) >= {
            name for name, value in EXACT.items() if np.abs(value - tiny).max() > 0.005 and not name.endswith("updated")
        }


def test_the_line_names_the_earlier_numbers() -> None:
    """The line of a number that is right by earlier ones names those."""
    entries = rounded_chain({"dL_dy": [-0.9]}, by_hand.TANH_GIVEN, by_hand.TANH)
    with student.bound(student.LocalKernel({}, {"t": "\n".join(f"{k} = {v}" for k, v in entries.items())})):
        score = checks.entries(
            "t",
            {"dL_dW2": 1.0},
            inputs=by_hand.TANH_GIVEN,
            cells={"t": " ".join(by_hand.TANH)},
            section="",
            carried_forward=checks.CarriedForward(chain=by_hand.TANH),
        )
    assert score.lines[0].carried_forward_from == "dL_dy and z"  # z is right, and was rounded before it was used


@pytest.mark.parametrize(
    ("source", "value"),
    [
        ("a = [1, -2.5]", [1, -2.5]),
        ("a = None\na = 2", 2),
        ("import numpy as np\na = np.array([1.0, 2])", [1.0, 2]),
        ("a, b = 1, 2", 1),
        ("a: float = 1.5", 1.5),
        ("b = a = 3", 3),
        ("%time a = 3", NoValue),
        ("b = 1", NoValue),
        ("a = 1 + 2", NoValue),
        ("a = b", NoValue),
        ("a = 1\na += 1", NoValue),
        ("a = np.tanh([0.3, 0.2])", NoValue),
        ("a = [0.3, np.tanh(0.2)]", NoValue),
        ("a = (", NoValue),
        ("", NoValue),
        ("a = " + "[" * 80 + "]" * 80, None),
    ],
)
def test_numbers_are_read_and_not_computed(source: str, value: Any) -> None:
    """`typed_value` reads a number from the last line that assigns it, if it is written out there."""
    actual = typed_value(source, "a")
    if value is not None:
        assert isinstance(actual, NoValue) if value is NoValue else actual == value


@given(st.text(max_size=60))
@settings(max_examples=300, deadline=None)
def test_any_text_is_read(text: str) -> None:
    """Any text in a cell gets a score."""
    assert set(grade({"a": text, "z": text})) == set(by_hand.TANH)


def test_the_worst_rounding_is_allowed_for() -> None:
    """The tolerance of a product is that of each factor times the other factor, plus its own."""
    values = {"p": np.array(2.0), "q": np.array(3.0)}
    exact = {"p": np.array(1.0), "q": np.array(1.0)}
    interval = step_interval(lambda p, q: p * q, values, exact, ("p", "q"), 0.005)
    assert interval.value == 6
    assert interval.atol == pytest.approx(0.005 * (1 + 2 + 3))
