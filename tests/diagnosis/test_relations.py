"""Tests of relations that any task can have: each is named if it holds in every case, and not if it fails in one."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from autograder.diagnosis import NoValue, Trial, classify

RNG = np.random.default_rng(1)
SIZES = [(n, d, k) for n, d, k in ((1, 3, 2), (5, 4, 3), (17, 2, 4))]
RIGHT = [RNG.normal(size=(d, k)) for _, d, k in SIZES]


def name_of(actual: Callable[[np.ndarray, int, int, int], Any], source: str = "", spoil: bool = False) -> str:
    """Return the name given to a (d, k) value; spoil: whether the last case is wrong in another way."""
    trials = [
        Trial({"I": n, "D_o": k, "omega": 0.5 + n}, {"v": actual(expected, n, d, k)}, {"v": expected})
        for expected, (n, d, k) in zip(RIGHT, SIZES, strict=True)
    ]
    if spoil:
        last = trials[-1]
        trials[-1] = Trial(last.inputs, {"v": RNG.normal(size=RIGHT[-1].shape)}, last.expected)
    mistake = classify(trials, ["v"], source)["v"].mistake
    return mistake.name if mistake else ""


def raising(kind: str, verdict: str = "it raised something") -> Callable[..., NoValue]:
    """Return a submission that raises in every case: a NoValue of this kind."""
    return lambda *_: NoValue(verdict, kind)


SEEN: dict[str, Callable[..., Any]] = {
    "zeros": lambda right, *_: 0 * right,
    "transposed": lambda right, *_: right.T,
    "sign": lambda right, *_: -right,
    "factor-2-twice": lambda right, *_: 2 * right,
    "factor-2-missing": lambda right, *_: (right / 2).tolist(),
    "mean-missing": lambda right, n, *_: n * right,
    "mean-taken-twice": lambda right, n, *_: right / n,
    "mean-over-outputs-missing": lambda right, n, d, k: k * right,
    "mean-over-outputs-taken-twice": lambda right, n, d, k: right / k,
    "number-of-samples-from-elsewhere": lambda right, n, *_: right * n / 392,
    "sum-not-taken": lambda right, n, *_: np.stack([right / n] * n) if n > 1 else right,
    "mean-not-taken": lambda right, n, *_: np.stack([right + k - (n - 1) / 2 for k in range(n)]) if n > 1 else right,
}


@pytest.mark.parametrize("name", SEEN)
def test_a_relation_is_named_if_it_holds_everywhere(name: str) -> None:
    """A relation that holds in every case is named; with one case wrong in another way it is not."""
    assert name_of(SEEN[name]) == name
    assert name_of(SEEN[name], spoil=True) == ""


@pytest.mark.parametrize(("actual", "name"), [
    (raising("NotWritten"), "not-written"),
    (raising("NameError"), "name-missing"),
    (raising("MissingNameError"), "name-missing"),
    (raising("ModuleNotFoundError"), "module-missing"),
    (raising("NothingReturned"), "nothing-returned"),
    (lambda *_: None, "nothing-returned"),
    (raising("WrongCount"), "wrong-number-of-values"),
    (raising("ValueError", "it raised ValueError: matmul: a mismatch in its core dimension"), "operands-do-not-fit"),
    (raising("ValueError", "it raised ValueError: shapes (1,3) and (5,3) not aligned"), "operands-do-not-fit"),
    (raising("ValueError", "it raised ValueError: could not convert string to float"), ""),
    (raising("KeyError"), ""),
    (lambda *_: "0.3", "not-numbers"),
    (lambda right, *_: right + 0j, "not-numbers"),
    (lambda right, *_: np.where(right == right.max(), np.nan, right), "not-finite"),
    (lambda right, *_: np.full(right.shape, 7.25), ""),  # shapes differ from case to case
    (lambda right, *_: 3 * right, ""),
    (lambda right, *_: right + 1, ""),
])  # fmt: skip
def test_missing_values_are_named(actual: Callable[..., Any], name: str) -> None:
    """An exception, None and a value that is no number have a name; other exceptions and other values have none."""
    assert name_of(actual) == name


@pytest.mark.parametrize(("source", "recognised"), [
    ("def f(x):\n    for row in x:\n        total = row\n        return total", True),
    ("def f(x):\n    while True:\n        return x", True),
    ("def f(x):\n    for row in x:\n        if row:\n            return row\n    return 0", False),
    ("def f(x):\n    for row in x:\n        total = row\n    return total", False),
    ("def f(x): return [row for row in x]", False),
    ("def f(x:", False),
])  # fmt: skip
def test_a_return_inside_a_loop_is_recognised(source: str, recognised: bool) -> None:
    """A return is named if it ends the loop, so that it runs once, and the value is wrong."""
    assert (name_of(lambda right, *_: right + 1, source) == "return-inside-the-loop") == recognised


def scalars(actual: Callable[[float, float], float], expected: Callable[[float, float], float]) -> str:
    """Return the name given to a number computed from w and h."""
    trials = [
        Trial({"w": w, "h": h}, {"v": actual(w, h)}, {"v": expected(w, h)})
        for w, h in ((0.5, 2.0), (1.5, -3.0), (4.0, 0.7))
    ]
    mistake = classify(trials, ["v"])["v"].mistake
    return mistake.name if mistake else ""


def test_numbers_typed_in_are_named() -> None:
    """A value, or one factor of it, that stays the same when the inputs change is typed in."""
    assert scalars(lambda w, h: 1.25, lambda w, h: w * h) == "numbers-typed-in"
    assert scalars(lambda w, h: 0.5 * h, lambda w, h: w * h) == "numbers-typed-in"
    assert scalars(lambda w, h: w * h + 1, lambda w, h: w * h) == ""
    assert scalars(lambda w, h: 0.0, lambda w, h: w * h) == "zeros"


def test_swapped_values_are_both_wrong() -> None:
    """Values in each other's places are named; one that only equals another's expected value is not."""
    a, b = RIGHT[1], RIGHT[1] + 1

    def names_of(actual: dict[str, Any]) -> dict[str, str]:
        wrong = [value for value in ("a", "b") if not np.array_equal(actual[value], {"a": a, "b": b}[value])]
        diagnoses = classify([Trial({}, actual, {"a": a, "b": b})], wrong)
        return {value: diagnosis.mistake.name if diagnosis.mistake else "" for value, diagnosis in diagnoses.items()}

    assert names_of({"a": b, "b": a}) == {"a": "values-swapped", "b": "values-swapped"}
    assert names_of({"a": b, "b": b}) == {"a": ""}


def test_errors_that_cancel_are_named_at_the_first() -> None:
    """If a right step from a wrong value gives a wrong one, but the next value is right, two errors cancel."""
    cancelling = [Trial({"x": x}, {"h": -x, "f": 2 * x}, {"h": x, "f": 2 * x}, {"f": -2 * x}) for x in (0.5, 2.0)]
    mistake = classify(cancelling, ["h"], steps={"f": ("h",)})["h"].mistake
    assert mistake is not None
    assert mistake.name == "two-errors-that-cancel"
    consistent = [Trial({"x": x}, {"h": -x, "f": -2 * x}, {"h": x, "f": 2 * x}, {"f": -2 * x}) for x in (0.5, 2.0)]
    mistake = classify(consistent, ["h"], steps={"f": ("h",)})["h"].mistake
    assert mistake is not None
    assert mistake.name == "sign"


def test_layers_are_named_by_what_all_wrong_ones_show() -> None:
    """A list of layers is named by one relation of all wrong layers, or by right layers in another order."""
    layers = [[RNG.normal(size=(3, 2)), RNG.normal(size=(2, 3)), RNG.normal(size=(1, 2))] for _ in range(2)]

    def name(actual: Callable[[list[np.ndarray]], Any]) -> str:
        trials = [Trial({"I": 5}, {"v": actual(right)}, {"v": right}) for right in layers]
        mistake = classify(trials, ["v"])["v"].mistake
        return mistake.name if mistake else ""

    assert name(lambda right: [-right[0], right[1], right[2]]) == "sign"
    assert name(lambda right: [5 * layer for layer in right]) == "mean-missing"
    assert name(lambda right: right[::-1]) == "layers-in-another-order"
    assert name(lambda right: [right[1], right[0], right[2]]) == "layers-in-another-order"
    assert name(lambda right: [-right[0], 2 * right[1], right[2]]) == ""
    assert name(lambda right: right[:2]) == "layer-left-out"
    assert name(lambda right: [None, *right[1:]]) == "layer-left-out"
    assert name(lambda right: [right[0] + 1, *right[1:]]) == ""
