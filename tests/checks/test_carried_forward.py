"""checks.values(follow=…): one slip inside a cell costs once, and nothing is given for nothing."""

from __future__ import annotations

import time
from collections.abc import Iterator
from typing import Any

import numpy as np
import pytest

from autograder import checks, student
from autograder.checks.cases import Case


def cases(rng: np.random.Generator) -> Iterator[Case]:
    """Three chains a → b → c → d."""
    for _ in range(3):
        yield Case("", {}, {"a": float(rng.uniform(1, 2))})


def grade(cell: str, **follow: object) -> checks.Score:
    """Score a cell that should compute b = 3a, c = b + 1, d = 2c."""
    kernel = student.LocalKernel({"a": 1.0}, {"t": cell}, identity="someone")
    steps = follow or {"c": lambda b: b + 1, "d": lambda c: 2 * c}
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
        ("b = 2 * a\nc = b + 1\nd = 2 * c", 2),  # one slip
        ("b = 2 * a\nc = b - 1\nd = 2 * c", 1),  # two slips
        ("b = 2 * a\nc = 2 * a + 2\nd = 2 * c", 1),  # what follows a slip isn't right for being wrong too
        ("b = -3 * a\nc = 1 - b\nd = 2 * c", 2),  # errors that cancel: the values after them are right
        ("b = 0\nc = b + a\nd = 2 * c", 1),  # zero is no answer, so c has nothing to follow
        ("b = float('nan')\nc = b + 1\nd = 2 * c", 0),
        ("b = None\nc = a\nd = 2 * c", 1),  # d follows c, which is a number, if a wrong one
        ("b = 3 * a\nc = -b\nd = 2 * c", 2),
        ("b = 4.0\nc = 5.0\nd = 10.0", 0),  # typed in, all three, if to fit each other
        ("import numpy as np\nb = np.array([[2 * a]])\nc = b + 1\nd = 2 * c", 2),  # a number in another shape
        ("raise NotImplementedError", 0),
        ("b = 2 * a\nc = e + 1\nd = 2 * c", 0),
        ("", 0),
    ],
)
def test_one_slip_costs_once(cell: str, points: float) -> None:
    """Each value is held against the truth, then against one step from the student's own values."""
    assert grade(cell).points == points


def test_message_says_by_what_it_is_right(capsys: pytest.CaptureFixture[str]) -> None:
    """A value that is right by an earlier one says so."""
    grade("b = 2 * a\nc = b + 1\nd = 2 * c")
    assert "c  1 of 1  right, given your earlier b" in capsys.readouterr().out


def test_step_that_contradicts_the_truth_is_refused() -> None:
    """A wrong step would give points to wrong answers: it can't be used at all."""
    with pytest.raises(ValueError, match="makes c contradicts"):
        grade("b = 3 * a\nc = b + 1\nd = 2 * c", c=lambda b: b + 2)


def called(own: str, cell: str) -> checks.Score:
    """Score a cell that should compute b = triple(a), c = b + 1, in a notebook with a function of the student's."""
    namespace: dict[str, Any] = {"a": 1.0}
    exec(own, namespace)
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
    ("own", "cell", "points", "given"),
    [
        ("def triple(a): return 3 * a", "b = triple(a)\nc = b + 1", 2, ["", ""]),
        ("def triple(a): return 2 * a", "b = triple(a)\nc = b + 1", 2, ["triple", "b"]),
        ("def triple(a): return 2 * a", "b = 3 * a\nc = b + 1", 2, ["", ""]),  # it need not be called
        ("def triple(a): return 2 * a", "b = triple(a)\nc = b - 1", 1, ["triple", ""]),
        ("def triple(a): return 2 * a", "b = 4 * a\nc = b + 1", 1, ["", "b"]),
        ("def triple(a): return 0", "b = triple(a)\nc = b + 1", 0, ["", ""]),  # zeros are no answer to follow
        ("def triple(a): raise ValueError", "b = 4 * a\nc = b + 1", 1, ["", "b"]),
        ("", "b = 4 * a\nc = b + 1", 1, ["", "b"]),
    ],
)
def test_a_cell_can_build_on_a_function(own: str, cell: str, points: float, given: list[str]) -> None:
    """A slip in an earlier function costs nothing in a cell that calls it."""
    score = called(own, cell)
    assert score.points == points
    assert [line.carried_forward_from for line in score.lines] == given


def test_a_slow_function_is_waited_for_once() -> None:
    """However many cases and steps could follow it."""
    begun = time.monotonic()
    score = called("def triple(a):\n    while True: pass", "b = 4 * a\nc = b + 1")
    assert score.points == 1
    assert time.monotonic() - begun < 1.4


# Functions that build on earlier functions

STUBS = "import numpy as np\ndef slope(x, y): return np.cos(x) - y / 3"


def pairs(rng: np.random.Generator) -> Iterator[Case]:
    """Two arrays, three times."""
    for n in (1, 3, 6):
        yield Case("", {"I": n}, {"x": rng.normal(size=(n, 1)), "y": rng.normal(size=(n, 1))})


def chain(x: np.ndarray, y: np.ndarray, slope: Any) -> tuple[Any, Any]:
    """What is right, whoever wrote the slope."""
    d = slope(x, y)
    return x.T @ d, d.sum()


def built(cells: str, stubs: str = STUBS, given: str = "") -> checks.Score:
    """Score the student's `backward(x, y)`, which may call their `slope(x, y)`: 2 points and 1."""
    namespace: dict[str, Any] = {"np": np}
    exec(cells, namespace)
    with student.bound(student.LocalKernel(namespace, {"t": cells}, identity="someone")):
        return checks.function(
            "t",
            checks.Call("backward", "x y", overrides=given),
            checks.Expected(chain, {"dw": 2, "db": 1}),
            cases=pairs,
            section="there",
            carried_forward=checks.CarriedForward(functions={"slope": lambda x, y: 2 * (x - y) / len(x)}, stubs=stubs),
        )


RIGHT_SLOPE = "def slope(x, y): return 2 * (x - y) / len(x)\n"
RIGHT_REST = "def backward(x, y):\n    d = slope(x, y)\n    return x.T @ d, d.sum()\n"


@pytest.mark.parametrize(
    ("slope", "rest", "points", "given"),
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
def test_a_slip_in_an_earlier_function_costs_nothing_here(slope: str, rest: str, points: float, given: str) -> None:
    """What is right by the student's own function is right; what leads nowhere is replaced by a stand-in."""
    score = built(slope + rest)
    assert score.points == points
    assert {line.carried_forward_from for line in score.lines if line.points} <= {given}


def test_a_mistake_is_named_against_the_students_own_earlier_function() -> None:
    """A sign slip after a wrong slope is a sign slip."""
    score = built("def slope(x, y): return x - 3 * y\n" + RIGHT_REST.replace("d.sum()", "-d.sum()"))
    assert score.mistakes == {"sign"}


def test_an_earlier_function_is_given_the_names_of_the_case_too() -> None:
    """What is right by a student's own function is so with the notebook's names as they are when it is called."""
    own = "I = 99\ndef slope(x, y): return (x - y) / I\n"
    assert built(own + RIGHT_REST, given="I").points == 3
    found = built(own + RIGHT_REST.replace("d.sum()", "-d.sum()"), given="I")
    assert (found.points, found.mistakes) == (2, {"sign"})


def test_nothing_of_a_stand_in_stays() -> None:
    """The student's own functions are as they were."""
    namespace: dict[str, Any] = {"np": np}
    exec("def slope(x, y): return 0 * x\n" + RIGHT_REST, namespace)
    before = dict(namespace)
    with student.bound(student.LocalKernel(namespace, {}, identity="")):
        checks.function(
            "t",
            checks.Call("backward", "x y"),
            checks.Expected(chain, {"dw": 2, "db": 1}),
            cases=pairs,
            section="",
            carried_forward=checks.CarriedForward(functions={"slope": lambda x, y: x - y}, stubs=STUBS),
        )
    assert namespace == before


def test_an_earlier_function_runs_once_for_the_same_arguments() -> None:
    """Its calls take milliseconds in a sandbox, and what is to be named asks for the same ones again and again.

    Whoever changes what came of one call does not change what comes of the next.
    """
    seen: list[tuple[bytes, bytes]] = []

    def slope(x: Any, y: Any) -> Any:
        seen.append((x.tobytes(), y.tobytes()))
        return x + y

    def spoils(x: np.ndarray, y: np.ndarray, slope: Any) -> Any:
        d = slope(x, y)
        total = (x * d).sum()
        d += 1
        return total

    namespace = {"np": np, "slope": slope, "rest": lambda x, y: (x * (x + y)).sum()}
    with student.bound(student.LocalKernel(namespace, {"t": ""}, identity="someone")):
        score = checks.function(
            "t",
            checks.Call("rest", "x y"),
            checks.Expected(spoils, {"total": 1}),
            cases=pairs,
            section="",
            carried_forward=checks.CarriedForward(functions={"slope": lambda x, y: x - y}, stubs=STUBS),
        )
    assert score.points == 1
    assert len(seen) == len(set(seen)) == 3


def test_a_missing_stand_in_is_an_authors_error() -> None:
    """Each function that is built on has one, or none has."""
    with pytest.raises(ValueError, match="no stand-in for slope"):
        built(RIGHT_SLOPE + RIGHT_REST, stubs="def other(x): return x")
    assert built("def slope(x, y): return 0 * x\n" + RIGHT_REST, stubs="").points == 0


def test_variables_can_build_on_a_function() -> None:
    """A cell whose function leads nowhere runs again with the stand-in."""

    def graded(train: str, cell: str) -> checks.Score:
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
    assert graded("train = sum", cell).points == 2
    assert graded("train = max", cell).points == 2
    assert graded("train = lambda x: 0.0", cell).points == 2
    assert graded("train = lambda x: 0.0", "a, b = train(data), train([5.0, 2.0])").points == 1
    assert graded("train = max", "a, b = 3.0, 4.5").points == 1
