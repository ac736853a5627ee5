"""Tests of errors carried forward: a mistake costs points once, and what builds on an unusable answer earns none."""

from __future__ import annotations

import time
from collections.abc import Iterator
from typing import Any

import numpy as np
import pytest

from autograder import checks, student
from autograder.checks.cases import Case


def cases(rng: np.random.Generator) -> Iterator[Case]:
    """Yield three cases, each with a number a."""
    for _ in range(3):
        yield Case("", {}, {"a": float(rng.uniform(1, 2))})


def grade(cell: str, **chain: object) -> checks.Score:
    """Return the score of a cell that should compute b = 3a, c = b + 1, d = 2c, by default with c and d as steps."""
    kernel = student.LocalKernel({"a": 1.0}, {"t": cell}, identity="someone")
    steps = chain or {"c": lambda b: b + 1, "d": lambda c: 2 * c}
    with student.bound(kernel):
        return checks.values(
            "t",
            "a",
            checks.Expected(lambda a: {"b": 3 * a, "c": 3 * a + 1, "d": 6 * a + 2}, {"b": 1, "c": 1, "d": 1}),
            cases=cases,
            section="there",
            carried_forward=checks.CarriedForward(chain=steps or {}),
        )


@pytest.mark.parametrize(
    ("cell", "points"),
    [
        ("b = 3 * a\nc = b + 1\nd = 2 * c", 3),
        ("b = 2 * a\nc = b + 1\nd = 2 * c", 2),  # one mistake
        ("b = 2 * a\nc = b - 1\nd = 2 * c", 1),  # two mistakes
        ("b = 2 * a\nc = 2 * a + 2\nd = 2 * c", 1),  # a wrong c is not right because b is wrong
        ("b = -3 * a\nc = 1 - b\nd = 2 * c", 2),  # errors that cancel: the values after them are right
        ("b = 0\nc = b + a\nd = 2 * c", 1),  # zero is unusable and not carried forward to c
        ("b = float('nan')\nc = b + 1\nd = 2 * c", 0),
        ("b = None\nc = a\nd = 2 * c", 1),  # c is wrong but usable, so d is right by it
        ("b = 3 * a\nc = -b\nd = 2 * c", 2),
        ("b = 4.0\nc = 5.0\nd = 10.0", 0),  # numbers typed in, although they fit each other
        ("import numpy as np\nb = np.array([[2 * a]])\nc = b + 1\nd = 2 * c", 2),  # a number in another shape
        ("raise NotImplementedError", 0),
        ("b = 2 * a\nc = e + 1\nd = 2 * c", 0),
        ("", 0),
    ],
)
def test_one_mistake_costs_once(cell: str, points: float) -> None:
    """A value is right if it is the expected one, or one step from the student's own earlier values."""
    assert grade(cell).points == points


def test_the_message_names_the_earlier_value(capsys: pytest.CaptureFixture[str]) -> None:
    """The line of a value that is right by an earlier wrong one names that value."""
    grade("b = 2 * a\nc = b + 1\nd = 2 * c")
    assert "c  1 of 1  right, given your earlier b" in capsys.readouterr().out


def test_a_step_that_contradicts_the_expected_values_raises() -> None:
    """A wrong step raises ValueError, because it would give points to wrong answers."""
    with pytest.raises(ValueError, match="makes c contradicts"):
        grade("b = 3 * a\nc = b + 1\nd = 2 * c", c=lambda b: b + 2)


def grade_with_function(function: str, cell: str) -> checks.Score:
    """Return the score of a cell that should compute b = triple(a), c = b + 1, beside a student's function."""
    namespace: dict[str, Any] = {"a": 1.0}
    exec(function, namespace)
    with student.bound(student.LocalKernel(namespace, {"t": cell}, identity="someone")):
        return checks.values(
            "t",
            "a",
            checks.Expected(lambda a: {"b": 3 * a, "c": 3 * a + 1}, {"b": 1, "c": 1}),
            cases=cases,
            section="there",
            carried_forward=checks.CarriedForward(
                chain={"b": lambda a, triple: triple(a), "c": lambda b: b + 1}, functions={"triple": lambda a: 3 * a}
            ),
            timeout=0.5,
        )


@pytest.mark.parametrize(
    ("function", "cell", "points", "carried_from"),
    [
        ("def triple(a): return 3 * a", "b = triple(a)\nc = b + 1", 2, ["", ""]),
        ("def triple(a): return 2 * a", "b = triple(a)\nc = b + 1", 2, ["triple", "b"]),
        ("def triple(a): return 2 * a", "b = 3 * a\nc = b + 1", 2, ["", ""]),  # the cell need not call the function
        ("def triple(a): return 2 * a", "b = triple(a)\nc = b - 1", 1, ["triple", ""]),
        ("def triple(a): return 2 * a", "b = 4 * a\nc = b + 1", 1, ["", "b"]),
        ("def triple(a): return 0", "b = triple(a)\nc = b + 1", 0, ["", ""]),  # zeros are unusable
        ("def triple(a): raise ValueError", "b = 4 * a\nc = b + 1", 1, ["", "b"]),
        ("", "b = 4 * a\nc = b + 1", 1, ["", "b"]),
    ],
)
def test_a_cell_can_build_on_a_function(function: str, cell: str, points: float, carried_from: list[str]) -> None:
    """A mistake in an earlier function costs nothing in a cell that calls it."""
    score = grade_with_function(function, cell)
    assert score.points == points
    assert [line.carried_forward_from for line in score.lines] == carried_from


def test_a_slow_function_times_out_once() -> None:
    """After one timeout of an earlier function, the remaining cases and steps don't call it."""
    start = time.process_time()
    score = grade_with_function("def triple(a):\n    while True: pass", "b = 4 * a\nc = b + 1")
    assert score.points == 1
    assert time.process_time() - start < 1.4


# Functions that build on earlier functions

STUBS = "import numpy as np\ndef slope(x, y): return np.cos(x) - y / 3"


def pairs(rng: np.random.Generator) -> Iterator[Case]:
    """Yield three cases with two arrays each."""
    for n in (1, 3, 6):
        yield Case("", {"I": n}, {"x": rng.normal(size=(n, 1)), "y": rng.normal(size=(n, 1))})


def expected_backward(x: np.ndarray, y: np.ndarray, slope: Any) -> tuple[Any, Any]:
    """Return the expected values, computed with the given slope."""
    d = slope(x, y)
    return x.T @ d, d.sum()


def grade_backward(cells: str, stubs: str = STUBS, overrides: str = "") -> checks.Score:
    """Return the score of the student's `backward(x, y)`, which may call their `slope(x, y)`: 2 points and 1."""
    namespace: dict[str, Any] = {"np": np}
    exec(cells, namespace)
    with student.bound(student.LocalKernel(namespace, {"t": cells}, identity="someone")):
        return checks.function(
            "t",
            checks.Call("backward", "x y", overrides=overrides),
            checks.Expected(expected_backward, {"dw": 2, "db": 1}),
            cases=pairs,
            section="there",
            carried_forward=checks.CarriedForward(functions={"slope": lambda x, y: 2 * (x - y) / len(x)}, stubs=stubs),
        )


RIGHT_SLOPE = "def slope(x, y): return 2 * (x - y) / len(x)\n"
RIGHT_REST = "def backward(x, y):\n    d = slope(x, y)\n    return x.T @ d, d.sum()\n"


@pytest.mark.parametrize(
    ("slope", "rest", "points", "carried_from"),
    [
        (RIGHT_SLOPE, RIGHT_REST, 3, ""),
        ("def slope(x, y): return x - y\n", RIGHT_REST, 3, "slope"),
        ("def slope(x, y): return (x - y).tolist()\n", RIGHT_REST.replace("= slope(x, y)", "= x - y"), 3, "slope"),
        ("def slope(x, y): return 0 * x\n", RIGHT_REST, 3, "slope, replaced by stand-ins"),
        ("def slope(x, y): raise NotImplementedError\n", RIGHT_REST, 3, "slope, replaced by stand-ins"),
        ("def slope(x, y): return (x - y).sum()\n", RIGHT_REST, 3, "slope, replaced by stand-ins"),
        ("", RIGHT_REST, 3, "slope, replaced by stand-ins"),
        ("", "def backward(x, y):\n    d = 2 * (x - y) / len(x)\n    return x.T @ d, d.sum()\n", 3, ""),
        (RIGHT_SLOPE, RIGHT_REST.replace("d.sum()", "-d.sum()"), 2, ""),
        ("def slope(x, y): return x - y\n", RIGHT_REST.replace("d.sum()", "-d.sum()"), 2, "slope"),
        ("", RIGHT_REST.replace("d.sum()", "-d.sum()"), 2, "slope, replaced by stand-ins"),
        ("def slope(x, y): return 0 * x\n", "def backward(x, y): return 0 * x.T @ y, 0.0\n", 0, ""),
        ("", "def backward(x, y): raise NotImplementedError\n", 0, ""),
        ("", "", 0, ""),
    ],
)  # fmt: skip
def test_a_mistake_in_an_earlier_function_costs_nothing_here(
    slope: str, rest: str, points: float, carried_from: str
) -> None:
    """A value that is right by the student's own function is right; a stub replaces an unusable function."""
    score = grade_backward(slope + rest)
    assert score.points == points
    assert {line.carried_forward_from for line in score.lines if line.points} <= {carried_from}


def test_a_mistake_is_named_against_the_students_own_earlier_function() -> None:
    """A wrong sign after a wrong slope is the mistake "sign", by the student's own slope."""
    score = grade_backward("def slope(x, y): return x - 3 * y\n" + RIGHT_REST.replace("d.sum()", "-d.sum()"))
    assert score.mistakes == {"sign"}


def test_an_earlier_function_takes_the_overrides_too() -> None:
    """The student's own earlier function runs with the overrides of the case, like the function that calls it."""
    slope = "I = 99\ndef slope(x, y): return (x - y) / I\n"
    assert grade_backward(slope + RIGHT_REST, overrides="I").points == 3
    score = grade_backward(slope + RIGHT_REST.replace("d.sum()", "-d.sum()"), overrides="I")
    assert (score.points, score.mistakes) == (2, {"sign"})


def test_nothing_of_a_stub_stays() -> None:
    """After the check, the notebook has the student's own functions."""
    namespace: dict[str, Any] = {"np": np}
    exec("def slope(x, y): return 0 * x\n" + RIGHT_REST, namespace)
    before = dict(namespace)
    with student.bound(student.LocalKernel(namespace, {}, identity="")):
        checks.function(
            "t",
            checks.Call("backward", "x y"),
            checks.Expected(expected_backward, {"dw": 2, "db": 1}),
            cases=pairs,
            section="",
            carried_forward=checks.CarriedForward(functions={"slope": lambda x, y: x - y}, stubs=STUBS),
        )
    assert namespace == before


def test_an_earlier_function_runs_once_for_the_same_arguments() -> None:
    """An earlier function runs once for the same arguments, and each call returns a copy of its result.

    Its calls take milliseconds in a sandbox, and the classification of mistakes repeats them.
    """
    calls: list[tuple[bytes, bytes]] = []

    def slope(x: Any, y: Any) -> Any:
        calls.append((x.tobytes(), y.tobytes()))
        return x + y

    def expected_total(x: np.ndarray, y: np.ndarray, slope: Any) -> Any:
        d = slope(x, y)
        total = (x * d).sum()
        d += 1
        return total

    namespace = {"np": np, "slope": slope, "rest": lambda x, y: (x * (x + y)).sum()}
    with student.bound(student.LocalKernel(namespace, {"t": ""}, identity="someone")):
        score = checks.function(
            "t",
            checks.Call("rest", "x y"),
            checks.Expected(expected_total, {"total": 1}),
            cases=pairs,
            section="",
            carried_forward=checks.CarriedForward(functions={"slope": lambda x, y: x - y}, stubs=STUBS),
        )
    assert score.points == 1
    assert len(calls) == len(set(calls)) == 3


def test_a_missing_stub_is_an_authors_error() -> None:
    """Either each earlier function has a stub, or none has; anything else raises ValueError."""
    with pytest.raises(ValueError, match="no stand-in for slope"):
        grade_backward(RIGHT_SLOPE + RIGHT_REST, stubs="def other(x): return x")
    assert grade_backward("def slope(x, y): return 0 * x\n" + RIGHT_REST, stubs="").points == 0


def test_variables_can_build_on_a_function() -> None:
    """A cell whose earlier function is unusable runs again with the stub."""

    def grade_fit(train: str, cell: str) -> checks.Score:
        namespace: dict[str, Any] = {"np": np, "data": np.array([1.0, 2.0])}
        exec(train, namespace)
        exec(cell, namespace)
        with student.bound(student.LocalKernel(namespace, {"t": cell}, identity="")):
            return checks.variables(
                "t",
                checks.Expected(
                    lambda train: {"a": train(namespace["data"]), "b": train([5.0, 1.0])}, {"a": 1, "b": 1}
                ),
                section="",
                carried_forward=checks.CarriedForward(
                    functions={"train": sum}, stubs="def train(x): return 7 * x[0] - x[1]"
                ),
            )

    cell = "a, b = train(data), train([5.0, 1.0])"
    assert grade_fit("train = sum", cell).points == 2
    assert grade_fit("train = max", cell).points == 2
    assert grade_fit("train = lambda x: 0.0", cell).points == 2
    assert grade_fit("train = lambda x: 0.0", "a, b = train(data), train([5.0, 2.0])").points == 1
    assert grade_fit("train = max", "a, b = 3.0, 4.5").points == 1
