"""Tests of desk, with which students check their own work: its verdicts are right and never contain the answer."""

from __future__ import annotations

import ast
import inspect
import math
import re
import sys
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import matplotlib.pyplot as plt
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from autograder.diagnosis import desk
from autograder.diagnosis.desk import CheckFailed, central_differences, check, check_gradient

repeatable = settings(derandomize=True, deadline=None, max_examples=40)


pytestmark = pytest.mark.usefixtures("no_windows")


@dataclass
class Problem:
    """A network of two layers with its mean squared error and its gradient, both by formula."""

    cost: Callable[..., Any]
    at: dict[str, np.ndarray]
    gradient: dict[str, np.ndarray]
    samples: int


def problem(
    seed: int = 0, samples: int = 5, scale: float = 1.0, offset: float = 0.0, D: int = 3, precision: type = np.float64
) -> Problem:
    """Return a random problem, samples as columns.

    scale: the size of the parameters, and of the changes in them that change the outputs. offset: a constant in the
    cost. precision: that of the network's outputs, which the cost compares with targets in float64.
    """
    rng, hidden, outputs = np.random.default_rng(seed), 4, 2
    shapes = {"omega0": (hidden, D), "beta0": (hidden, 1), "omega1": (outputs, hidden), "beta1": (outputs, 1)}
    x, y = rng.normal(size=(D, samples)), rng.normal(size=(outputs, samples))
    at = {name: scale * rng.normal(size=shape) for name, shape in shapes.items()}

    def forward(omega0: Any, beta0: Any, omega1: Any, beta1: Any) -> tuple[Any, Any]:
        h1 = np.tanh((beta0 + omega0 @ x.astype(beta0.dtype)) / scale)
        return h1, (beta1 + omega1 @ h1) / scale

    def cost(**parameters: Any) -> Any:
        lowered = {name: np.asarray(value, dtype=precision) for name, value in parameters.items()}
        return np.sum((forward(**lowered)[1] - y) ** 2) / samples + offset

    h1, f1 = forward(**at)
    dl_df1 = 2 * (f1 - y) / samples / scale
    dl_df0 = at["omega1"].T @ dl_df1 * (1 - h1**2) / scale
    gradient = {
        "omega0": dl_df0 @ x.T, "beta0": dl_df0.sum(axis=1, keepdims=True),
        "omega1": dl_df1 @ h1.T, "beta1": dl_df1.sum(axis=1, keepdims=True),
    }  # fmt: skip
    return Problem(cost, at, gradient, samples)


def message_of(network: Problem, samples: int | None = None, draw: bool = False, **changed: Any) -> str:
    """Return the message of the failing check when parts of a right gradient are replaced."""
    with pytest.raises(CheckFailed) as failed:
        check_gradient(network.cost, network.at, {**network.gradient, **changed}, samples, draw)
    return str(failed.value)


# Right gradients


@repeatable
@given(
    seed=st.integers(0, 1000), samples=st.integers(1, 7), D=st.integers(1, 4),
    power=st.integers(-6, 6), offset=st.sampled_from([0.0, 1.0, 1e3, -1e6]),
)  # fmt: skip
def test_right_gradients_pass_and_wrong_ones_fail(seed: int, samples: int, D: int, power: int, offset: float) -> None:
    """For any shapes, parameters and costs of any size, a right gradient passes and one that is 1 % off fails."""
    network = problem(seed, samples, 10.0**power, offset, D)
    check_gradient(network.cost, network.at, network.gradient, samples)
    name = sorted(network.gradient)[seed % 4]
    assert f"dl_d{name} and" in message_of(network, **{name: 1.01 * network.gradient[name]})


SCALARS: dict[str, tuple[Callable[[Any], Any], float, float]] = {
    "a large cost with a small slope": (lambda w: 1e8 + 1e-3 * w, 1.0, 1e-3),
    "a large cost that bends": (lambda w: 1e8 + np.sin(w), 1.0, math.cos(1)),
    "a cost of 1e-9": (lambda w: 1e-9 * np.sin(w), 1.0, 1e-9 * math.cos(1)),
    "steep growth": (lambda w: np.exp(20 * w), 1.0, 20 * math.exp(20)),
    "steep decay beside a constant": (lambda w: 1 + np.exp(-20 * w), 1.0, -20 * math.exp(-20)),
    "nearly overflowing": (np.exp, 700.0, math.exp(700)),
    "a logarithm near its end": (np.log, 1e-5, 1e5),
    "math.log, which raises beyond its end": (math.log, 1e-3, 1e3),
    "a root near its end": (np.sqrt, 1e-4, 50.0),
    "quick oscillation": (lambda w: np.sin(1e4 * w), 0.2, 1e4 * math.cos(2e3)),
    "slow change": (lambda w: 1 + np.sin(w / 1e6), 0.0, 1e-6),
    "a parameter of 1e6": (lambda w: np.sin(w / 1e6), 1e6, 1e-6 * math.cos(1)),
    "a parameter of 1e-6": (lambda w: np.tanh(w * 1e6) ** 2, 5e-7, 2e6 * math.tanh(0.5) / math.cosh(0.5) ** 2),
    "a kink at 1e-3": (lambda w: max(w - 1e-3, 0) + 0.3 * w, 0.0, 0.3),
    "a kink at 1e-6": (lambda w: max(w - 1e-6, 0) + 0.3 * w, 0.0, 0.3),
    "nearly saturated cross-entropy": (lambda w: np.log(1 + np.exp(w)) - w, 10.0, -1 / (1 + math.exp(10))),
    "computed in float32": (lambda w: np.float32(1 + np.sin(np.float32(w))), 1.0, math.cos(1)),
    "float32 inside": (lambda w: float(np.float32(1 + np.sin(np.float32(w)))), 1.0, math.cos(1)),
    "large float32": (lambda w: np.float32(1e3 + 1e3 * np.sin(np.float32(w))), 1.0, 1e3 * math.cos(1)),
    "digits lost inside": (lambda w: (1e8 + np.sin(w)) - 1e8, 0.2, math.cos(0.2)),
    "near the bottom": (lambda w: (w - 1) ** 2 + 5, 1 + 1e-7, 2e-7),
}


@pytest.mark.parametrize(("cost", "at", "slope"), SCALARS.values(), ids=SCALARS)
def test_difficult_costs(cost: Callable[[Any], Any], at: float, slope: float) -> None:
    """For costs where one fixed step misleads, the right slope passes, and zero, twice, half and minus it fail."""
    check_gradient(lambda w: cost(w), {"w": at}, {"w": slope})
    for factor, cause in {0.0: "zero", 2.0: "a factor 2 too many", 0.5: "a factor 2 is missing", -1.0: "sign"}.items():
        with pytest.raises(CheckFailed, match=cause):
            check_gradient(lambda w: cost(w), {"w": at}, {"w": factor * slope})


UNCLEAR: dict[str, tuple[Callable[[Any], Any], float, tuple[float, ...]]] = {
    "a kink just here": (lambda w: max(w, 0) + 0.3 * w, 0.0, (0.3, 1.3, 0.8)),
    "an absolute value at zero": (abs, 0.0, (-1.0, 0.0, 1.0)),
    "a slope below the cost's rounding": (lambda w: 1e8 + 1e-7 * w, 1.0, (1e-7, 0.0)),
    "a cross-entropy of rounding": (lambda w: np.log(1 + np.exp(w)) - w, 34.0, (-math.exp(-34),)),
    "a sigmoid that is 1": (lambda w: 1 / (1 + np.exp(-w)), 30.0, (math.exp(-30), 0.0)),
    "a bottom flatter than a parabola": (lambda w: (w - 1) ** 4 + 5, 1.0, (0.0,)),
    "a step": (lambda w: float(np.round(w)), 0.2, (0.0,)),
}


@pytest.mark.parametrize(("cost", "at", "candidates"), UNCLEAR.values(), ids=UNCLEAR)
def test_it_says_when_it_can_not_tell(
    cost: Callable[[Any], Any], at: float, candidates: tuple[float, ...], capsys: pytest.CaptureFixture[str]
) -> None:
    """If differences give no clear slope, a gradient is neither right nor wrong, and it alone doesn't pass."""
    for candidate in candidates:
        with pytest.raises(CheckFailed, match="nothing could be checked"):
            check_gradient(lambda w: cost(w), {"w": at}, {"w": candidate})
        assert "can't tell: small steps give no clear slope" in capsys.readouterr().out
        check_gradient(lambda w, v: cost(w) + np.sin(v), {"w": at, "v": 0.0}, {"w": candidate, "v": 1.0})
        assert "can't tell" in capsys.readouterr().out


def test_an_unclear_slope_still_has_a_shape_and_a_size() -> None:
    """At a kink a slope that is possible isn't wrong; a vector, None, NaN and ten times as much are."""
    for wrong in (np.ones(3), None, 13.0, np.nan):
        with pytest.raises(CheckFailed, match="do not agree"):
            check_gradient(lambda w: max(w, 0) + 0.3 * w, {"w": 0.0}, {"w": wrong})


@pytest.mark.parametrize("actual", [0.0, 1e-17, np.zeros((1, 1))])
def test_zero_is_right_at_a_minimum(actual: Any) -> None:
    """Where the slope is zero, zero is right, also with rounding; anything else is wrong."""
    for cost in (lambda w: (w - 1) ** 2 + 5, lambda w: 3 - np.cos(w - 1), lambda w: 1e4 + np.cosh(w - 1)):
        check_gradient(cost, {"w": 1.0}, {"w": actual})
        with pytest.raises(CheckFailed):
            check_gradient(cost, {"w": 1.0}, {"w": 1e-4})


def test_dead_units_have_zero_gradients() -> None:
    """The gradient of a unit that no sample reaches is 0: zero is right, and another value is wrong."""
    x = np.array([1.0, 2.0])

    def cost(omega: Any) -> Any:
        return np.sum(np.maximum(omega[:, None] * x - 0.5, 0) ** 2)

    right = np.array([2 * ((3 * x - 0.5) @ x), 0.0])
    check_gradient(cost, {"omega": np.array([3.0, -1.0])}, {"omega": right})
    with pytest.raises(CheckFailed, match=r"1 of its 2 entries are off, the first at index \(1,\)"):
        check_gradient(cost, {"omega": np.array([3.0, -1.0])}, {"omega": right + np.array([0, 1])})


def test_inputs_of_any_natural_kind() -> None:
    """Parameters and gradients may be integers, lists, scalars, float32 or 0-d; the cost may have shape (1, 1)."""
    x = np.array([[1.0], [2.0]])
    for w in (np.array([[3, 4]]), [[3, 4]], np.array([[3, 4]], dtype=np.float32)):
        for actual in (np.array([[1.0, 2.0]]), [[1, 2]], np.array([[1, 2]], dtype=np.float32), ((1, 2),)):
            check_gradient(lambda w, b: np.asarray(w) @ x + b, {"w": w, "b": 5}, {"w": actual, "b": True})
    for number in (2, 2.0, np.float64(2), np.array(2.0), np.array([2.0]), [[2.0]]):
        check_gradient(lambda b: math.sin(b) + 2 * b, {"b": 0}, {"b": np.asarray(number) * 1.5})


@pytest.mark.parametrize("low", [np.float32, np.float16])
def test_low_precision_gradients(low: type) -> None:
    """float32 is within the tolerance of 1e-5; float16 is not, and the message states its error."""
    network = problem()
    lowered = {name: right.astype(low) for name, right in network.gradient.items()}
    if low is np.float32:
        check_gradient(network.cost, network.at, lowered)
    else:
        assert "nearly right, off by" in message_of(network, **lowered)


def test_a_cost_of_outputs_in_float32() -> None:
    """A right gradient passes where the network computes in float32 and the cost in float64; one 5 % off fails."""
    for seed in range(6):
        network = problem(seed, precision=np.float32)
        check_gradient(network.cost, network.at, network.gradient)
        assert "dl_domega0 and" in message_of(network, omega0=1.05 * network.gradient["omega0"])


def test_parameters_do_not_change() -> None:
    """The parameters are as before, even if the cost changes its arguments in place."""
    network = problem()

    def in_place(**parameters: Any) -> Any:
        value = network.cost(**parameters)
        for parameter in parameters.values():
            parameter += 1
        return value

    at = {name: value.copy() for name, value in network.at.items()}
    check_gradient(in_place, at, network.gradient)
    central_differences(in_place, at, "omega0")
    assert all(np.array_equal(at[name], network.at[name]) for name in at)


def test_central_differences_have_the_parameters_shape() -> None:
    """Central differences have one slope for each entry, and a number for a number."""
    network = problem()
    for name, right in network.gradient.items():
        assert central_differences(network.cost, network.at, name) == pytest.approx(right, rel=1e-7, abs=1e-9)
    assert float(central_differences(lambda w: w**2, {"w": 3.0}, "w")) == pytest.approx(6)


# Wrong gradients

WRONG: dict[str, tuple[Callable[[np.ndarray], Any], str]] = {
    "zero": (np.zeros_like, "it is zero everywhere"),
    "none": (lambda right: None, "there is no value: does the function end in a return"),
    "one NaN": (lambda right: np.where(right == right.max(), np.nan, right), "NaN or infinity"),
    "infinity": (lambda right: right + np.inf, "NaN or infinity"),
    "a text": (lambda right: "dl_domega", "holds values of type str"),
    "texts": (lambda right: right.astype(str), "holds values of type str"),
    "complex": (lambda right: right + 0j, "holds values of type complex"),
    "objects": (lambda right: [[None] * right.shape[1]] * right.shape[0], "holds values of type NoneType"),
    "a dict": (lambda right: {"omega": right}, "holds values of type dict"),
    "ragged": (lambda right: [row[: i + 1].tolist() for i, row in enumerate(right)], "rows have different lengths"),
    "transposed": (lambda right: right.T, "shape (3, 4), expected (4, 3): it is the transpose"),
    "flattened": (np.ravel, "shape (12,), expected (4, 3)"),
    "one number": (lambda right: right[0, 0], "shape (), expected (4, 3)"),
    "not summed": (lambda right: np.stack([right / 5] * 5), "shape (5, 4, 3), expected (4, 3): the sum over axis 0"),
    "not averaged": (lambda right: np.stack([right] * 5, axis=2), "the mean over axis 2 is still to be taken"),
    "samples left": (lambda right: np.ones((5, 4)), "there is still one entry for each of the 5 samples"),
    "twice": (lambda right: 2 * right, "2 × what it should be: a factor 2 too many"),
    "half": (lambda right: right / 2, "½ × what it should be: a factor 2 is missing"),
    "ascent": (lambda right: -right, "−1 × what it should be: a sign is wrong"),
    "n times": (lambda right: 5 * right, "5 × what it should be: with 5 samples, is a mean missing?"),
    "1/n": (lambda right: right / 5, "1/5 × what it should be: with 5 samples, is a mean taken twice?"),
    "another factor": (lambda right: -0.37 * right, "-0.37 × what it should be, in every entry"),
    "one entry": (
        lambda right: right + np.eye(*right.shape, right.shape[1] - 1),
        "1 of its 12 entries are off, the first at index (0, 2)",
    ),
    "something else": (lambda right: right[::-1] + 1, "of its size"),
}  # fmt: skip


@pytest.mark.parametrize(("wrong", "expected"), WRONG.values(), ids=WRONG)
def test_messages_on_wrong_gradients(
    wrong: Callable[[np.ndarray], Any], expected: str, capsys: pytest.CaptureFixture[str]
) -> None:
    """The error and the gradient's own line state what a wrong gradient looks like; the other lines stay right."""
    network = problem()
    assert expected in message_of(network, samples=5, omega0=wrong(network.gradient["omega0"]))
    lines = capsys.readouterr().out.splitlines()
    assert [line.split()[0] for line in lines] == ["dl_domega0", "dl_dbeta0", "dl_domega1", "dl_dbeta1"]
    assert expected in lines[0]
    assert [line.split()[-1] for line in lines[1:]] == ["right"] * 3


def test_a_line_for_each_parameter(capsys: pytest.CaptureFixture[str]) -> None:
    """Each line has name, shape, worst relative error and verdict; an error that is rounding has a bound only."""
    network = problem()
    check_gradient(network.cost, network.at, network.gradient)
    assert capsys.readouterr().out.splitlines() == [
        "dl_domega0  (4, 3)  error below 1e-5  right", "dl_dbeta0   (4, 1)  error below 1e-5  right",
        "dl_domega1  (2, 4)  error below 1e-5  right", "dl_dbeta1   (2, 1)  error below 1e-5  right",
    ]  # fmt: skip


def test_a_square_transpose_is_recognised() -> None:
    """A square gradient's transpose is recognised by its values."""
    network = problem(D=4)
    assert "it is the transpose of what it should be" in message_of(network, omega0=network.gradient["omega0"].T)


def test_a_missing_axis_will_broadcast() -> None:
    """The message on (n,) for (n, 1), or the reverse, warns of broadcasting; that on (n,) for (1, n) does not."""
    square = "broadcasting will make a square matrix of it further on"
    network = problem()
    assert f"shape (4,), expected (4, 1): one axis is missing, and {square}" in message_of(
        network, beta0=network.gradient["beta0"].ravel()
    )
    with pytest.raises(CheckFailed, match=r"shape \(2, 1\), expected \(2,\): there is one axis too many, and broad"):
        check_gradient(lambda w: w @ w, {"w": np.array([1.0, 2.0])}, {"w": np.array([[2.0], [4.0]])})
    with pytest.raises(CheckFailed, match=r"shape \(3,\), expected \(1, 3\)\.") as failed:
        check_gradient(lambda w: np.sum(w**2), {"w": np.ones((1, 3))}, {"w": np.array([1.0, 2.0, 3.0])})
    assert "square" not in str(failed.value)
    with pytest.raises(CheckFailed, match=r"shape \(3,\), expected \(1, 3\): one axis is missing\."):
        check_gradient(lambda w: np.sum(w**2), {"w": np.ones((1, 3))}, {"w": 2 * np.ones(3)})


@pytest.mark.parametrize(("samples", "factor", "expected"), [
    (2, 2.0, ("a factor 2 too many", "with 2 samples, is a mean missing?")),
    (2, 0.5, ("a factor 2 is missing", "with 2 samples, is a mean taken twice?")),
    (4, 2.0, ("a factor 2 too many",)), (4, 4.0, ("with 4 samples, is a mean missing?",)),
    (1, 2.0, ("a factor 2 too many",)), (None, 2.0, ("a factor 2 too many",)), (1, -1.0, ("a sign is wrong",)),
])  # fmt: skip
def test_explanations_that_can_not_be_told_apart_are_all_given(
    samples: int | None, factor: float, expected: tuple[str, ...]
) -> None:
    """With two samples a factor 2 has two explanations; with one sample the message doesn't mention samples."""
    causes = ("a factor 2 too many", "a factor 2 is missing", "a sign is wrong", "mean missing", "mean taken twice")
    network = problem()
    message = message_of(network, samples=samples, beta1=factor * network.gradient["beta1"])
    assert all(cause in message for cause in expected)
    assert sum(cause in message for cause in causes) == len(expected)
    assert ("samples" in message) == any("samples" in cause for cause in expected)


def test_one_sample_is_not_summed() -> None:
    """With one sample an axis of length 1 is one axis too many, and no missing sum."""
    network = problem(samples=1)
    message = message_of(network, samples=1, omega0=network.gradient["omega0"][None])
    assert message.endswith("shape (1, 4, 3), expected (4, 3).")


@pytest.mark.parametrize("wrong", [name for name in WRONG if name not in ("not summed", "not averaged")])
def test_the_answer_is_not_given_away(wrong: str, capsys: pytest.CaptureFixture[str]) -> None:
    """No number in a message or a line is an entry of the right gradient."""
    network = problem(seed=3)
    message = message_of(network, 5, **{name: WRONG[wrong][0](right) for name, right in network.gradient.items()})
    numbers = [float(number) for number in re.findall(r"\d+\.\d+(?:e[-+]\d+)?", message + capsys.readouterr().out)]
    entries = np.concatenate([right.ravel() for right in network.gradient.values()])
    assert not any(np.isclose(abs(entries), number, rtol=5e-3).any() for number in numbers)


# Costs that can't tell


@pytest.mark.parametrize(("cost", "reason"), {
    "zero forward pass": (lambda w: np.mean((0 * w - 1) ** 2), "does not change"),
    "zero": (lambda w: 0.0, "does not change"),
    "constant": (lambda w: 1e8, "does not change"),
    "only rounding": (lambda w: 1e8 + 1e-9 * w, "does not change"),
    "NaN": (lambda w: np.nan, "not a finite number"),
    "infinity": (lambda w: np.inf, "not a finite number"),
    "None": (lambda w: None, "one number, but it is None"),
    "a text": (lambda w: "3.0", "one number, but it is '3.0'"),
    "one for each sample": (lambda w: w * np.ones(3), "one number, but it is array"),
}.values(), ids=lambda value: value if isinstance(value, str) else "")  # fmt: skip
def test_no_gradient_passes_without_a_usable_cost(cost: Callable[[Any], Any], reason: str) -> None:
    """If the cost doesn't change, or is no finite number, no gradient passes, not even zeros.

    An unwritten forward pass, for example, makes every difference zero.
    """
    for actual in (0.0, 1.0, np.nan, None):
        with pytest.raises(CheckFailed, match=reason):
            check_gradient(lambda w: cost(w), {"w": 1.0}, {"w": actual})


@pytest.mark.parametrize("error", [NotImplementedError("your turn"), ValueError("shapes"), ZeroDivisionError("by 0")])
def test_exceptions_of_the_forward_pass_are_raised(error: Exception) -> None:
    """An exception of the student's code at the parameters themselves is not swallowed."""

    def stub(w: Any) -> Any:
        raise error

    with pytest.raises(type(error), match=str(error)):
        check_gradient(stub, {"w": 1.0}, {"w": 1.0})


def test_a_parameter_that_the_cost_ignores_is_named(capsys: pytest.CaptureFixture[str]) -> None:
    """If the cost ignores a parameter, its zero gradient can't be told from an answer, and any other is wrong."""
    check_gradient(lambda w, b: w**2, {"w": 3.0, "b": 1.0}, {"w": 6.0, "b": 0.0})
    assert "dl_db  ()  error below 1e-5  can't tell: the cost does not change with it" in capsys.readouterr().out
    with pytest.raises(CheckFailed, match="dl_db and central"):
        check_gradient(lambda w, b: w**2, {"w": 3.0, "b": 1.0}, {"w": 6.0, "b": 0.5})


def test_outputs_explain_a_ratio() -> None:
    """The message tells a mean over the outputs apart from one over the samples, and from one over both."""
    network = problem()
    for factor, explanation in {
        3.0: "3 × what it should be: with 3 outputs, is a mean missing?",
        1 / 3: "1/3 × what it should be: with 3 outputs, is a mean taken twice?",
        15.0: "15 × what it should be: with 5 samples of 3 outputs, is a mean missing?",
        1 / 15: "1/15 × what it should be: with 5 samples of 3 outputs, is a mean taken twice?",
    }.items():
        with pytest.raises(CheckFailed, match=re.escape(explanation)):
            check_gradient(
                network.cost,
                network.at,
                {**network.gradient, "omega0": factor * network.gradient["omega0"]},
                5,
                outputs=3,
            )


def test_equal_rows_and_columns_are_recognised() -> None:
    """The message says if all rows, or all columns, of a gradient are the same: it has lost an index."""
    network = problem()
    right = network.gradient["omega0"]
    assert "every row of it is the same" in message_of(network, omega0=np.broadcast_to(right[:1], right.shape))
    assert "every column of it is the same" in message_of(network, omega0=np.broadcast_to(right[:, :1], right.shape))


def test_exchanged_gradients_are_recognised() -> None:
    """The message names the other parameter for which a wrong gradient would be right."""
    network = problem()
    assert message_of(network, beta0=network.gradient["beta1"]).endswith(
        "shape (2, 1), expected (4, 1); it is what dl_dbeta1 should be, so is the order right?"
    )
    with pytest.raises(CheckFailed, match=r"it is what dl_dv should be, so is the order right\?$"):
        check_gradient(lambda w, v: w**2 + 5 * v, {"w": 1.0, "v": 1.0}, {"w": 5.0, "v": 2.0})


@pytest.mark.parametrize(
    ("factor", "recognised"), [(lambda n: n, True), (lambda n: 1 / n, True), (lambda n: 3.0, False)]
)
def test_a_gradient_right_for_one_sample_is_recognised(factor: Callable[[int], float], recognised: bool) -> None:
    """The message tells a gradient that fails for several samples only apart from one that always fails."""
    x, y = np.array([1.0, 2.0, 4.0]), np.array([3.0, 1.0, 2.0])

    def cost_of(n: int) -> Callable[..., Any]:
        return lambda w: np.mean((w * x[:n] - y[:n]) ** 2)

    def gradient_of(n: int) -> dict[str, float]:
        return {"w": factor(n) * np.mean(2 * x[:n] * (0.7 * x[:n] - y[:n]))}

    with pytest.raises(CheckFailed) as failed:
        check_gradient(cost_of(3), {"w": 0.7}, gradient_of(3), 3, alone=lambda: (cost_of(1), gradient_of(1)))
    assert ("For one sample alone it is right" in str(failed.value)) == recognised
    with pytest.raises(CheckFailed, match="agree"):
        check_gradient(cost_of(3), {"w": 0.7}, {"w": 9.0}, 3, alone=lambda: 1 / 0)  # type: ignore[arg-type, return-value]


# Pictures


@pytest.mark.filterwarnings("ignore:FigureCanvasAgg is non-interactive")
def test_draw_makes_one_figure() -> None:
    """Each parameter is a set of points, right ones on the line, and the figure is drawn before the check fails."""
    network = problem()
    check_gradient(network.cost, network.at, network.gradient, draw=True)
    assert len(plt.get_fignums()) == 1
    *points, _ = plt.gca().get_lines()
    assert [line.get_label() for line in points] == ["dl_domega0", "dl_dbeta0", "dl_domega1", "dl_dbeta1"]
    assert all(np.allclose(line.get_xdata(), line.get_ydata()) for line in points)
    plt.close("all")
    message_of(network, draw=True, omega0=0 * network.gradient["omega0"])
    assert len(plt.get_fignums()) == 1


@pytest.mark.parametrize("wrong", WRONG.values(), ids=WRONG)
@pytest.mark.filterwarnings("ignore:FigureCanvasAgg is non-interactive")
def test_drawing_never_hides_the_verdict(wrong: tuple[Callable[[np.ndarray], Any], str]) -> None:
    """A gradient that can't be drawn is left out of the figure and still gets its verdict."""
    network = problem()
    changed = {name: wrong[0](right) for name, right in network.gradient.items()}
    assert "do not agree" in message_of(network, draw=True, **changed)
    assert len(plt.get_fignums()) == 1


# check()


@pytest.mark.parametrize("holds", [True, np.True_, np.array([True, True]), [True], np.array([[1.0]]) > 0])
def test_check_prints_a_line_for_what_holds(holds: Any, capsys: pytest.CaptureFixture[str]) -> None:
    """One condition that holds, or several that all hold, give one line."""
    check("the cost falls", holds)
    assert capsys.readouterr().out == "right: the cost falls\n"


@pytest.mark.parametrize("holds", [
    False, None, np.nan, [], np.array([]) > 0, np.array([True, False]), (c > 0 for c in [1]), "yes", 1.0, [True, None],
], ids=lambda value: re.sub(r" at 0x[0-9a-f]+", "", repr(value)))  # fmt: skip
def test_check_fails_unless_everything_is_true(holds: Any, capsys: pytest.CaptureFixture[str]) -> None:
    """Only True holds: no conditions at all, NaN, a text and a generator fail."""
    with pytest.raises(CheckFailed, match=r"This should hold: the cost falls\.$"):
        check("the cost falls", holds)
    with pytest.raises(CheckFailed, match=r"This should hold: the cost falls\.\nHint: which sign\?$"):
        check("the cost falls", holds, "which sign?")
    assert capsys.readouterr().out == ""


# As a cell


def test_a_failed_check_is_one_line_in_a_notebook(run_cells: Callable[[list[str]], list[list[Any]]]) -> None:
    """desk runs as a cell by itself; a failure shows its message without a traceback, and a figure is shown once."""
    _, failed, unmet, drawn = run_cells([
        inspect.getsource(desk),
        "check_gradient(lambda w: w**2, {'w': 3.0}, {'w': 12.0})",
        "check('six is nine', 6 == 9, 'turn it over')",
        "check_gradient(lambda w: w**2, {'w': 3.0}, {'w': 6.0}, draw=True)",
    ])  # fmt: skip
    line, error = failed
    assert line.text == "dl_dw  ()  error 0.5         2 × what it should be: a factor 2 too many\n"
    assert (error.output_type, error.ename) == ("error", "CheckFailed")
    assert len(error.traceback) == 1
    assert error.traceback[0].endswith("Not yet.\x1b[0m " + error.evalue)
    assert "\n" not in error.evalue
    assert unmet[0].traceback[0].endswith("six is nine.\nHint: turn it over")
    assert [output.output_type for output in drawn] == ["stream", "display_data"]
    assert "image/png" in drawn[1].data


def test_desk_needs_no_more_than_a_notebook_has() -> None:
    """desk imports the standard library, NumPy, Matplotlib, and cycler, which Matplotlib requires."""
    tree = ast.parse(inspect.getsource(desk))
    imported = {alias.name for node in ast.walk(tree) if isinstance(node, ast.Import) for alias in node.names}
    imported |= {str(node.module) for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)}
    packages = {name.partition(".")[0] for name in imported}
    assert packages - set(sys.stdlib_module_names) == {"numpy", "matplotlib", "cycler"}
    assert not any(node.level for node in ast.walk(tree) if isinstance(node, ast.ImportFrom))


def test_a_notebooks_own_names_do_not_disturb_it() -> None:
    """The constants that desk reads begin with an underscore, so a student's variables can't replace them."""
    names = {node.id for node in ast.walk(ast.parse(inspect.getsource(desk))) if isinstance(node, ast.Name)}
    assert not any(name.isupper() and not name.startswith("_") for name in names)


def test_desk_is_short() -> None:
    """desk has at most 340 lines, because it stands in every released notebook."""
    assert len(inspect.getsource(desk).splitlines()) <= 340
