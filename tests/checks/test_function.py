"""Tests of the checks that a hidden test calls: points for right values in random cases, and messages on wrong ones."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from typing import Any

import numpy as np
import pytest

from autograder import checks, student
from autograder.checks import Score, render
from autograder.checks.cases import Case

Notebook = Callable[..., dict[str, Any]]
Capture = pytest.CaptureFixture[str]

SIZES = ((1, 1), (1, 3), (2, 3), (5, 2))


def gradients(rng: np.random.Generator) -> Iterator[Case]:
    """Yield cases with inputs x (I, D) and errors e (I, 1)."""
    for n, D in SIZES:
        group = "one sample" if n == 1 else "several samples"
        yield Case(group, {"I": n, "D": D}, {"x": rng.normal(size=(n, D)), "e": rng.normal(size=(n, 1))})


def expected_gradient(x: np.ndarray, e: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return the gradient of a mean of squares."""
    return x.T @ e / len(x), e.mean(keepdims=True)


def backward(answers: Mapping[str, Callable[..., Any]] | None = None) -> Score:
    """Return the score of `backward(x, e)`: 3 points for dl_domega, 1 for dl_dbeta."""
    return checks.function(
        "backward",
        checks.Call(student.function("backward"), "x e"),
        checks.Expected(expected_gradient, {"dl_domega": 3, "dl_dbeta": 1}),
        cases=gradients,
        section="section 5",
        carried_forward=checks.CarriedForward(answers=answers or {}),
    )


RIGHT = "def backward(x, e): return x.T @ e / len(x), e.mean(keepdims=True)"

LOOPS = """
def backward(x, e):
    dw, db = [[0.0] for _ in x[0]], 0.0
    for xi, ei in zip(x, e):
        db += ei[0] / len(x)
        for j, xij in enumerate(xi):
            dw[j][0] += xij * ei[0] / len(x)
    return dw, db
"""


class TestFunction:
    @pytest.mark.parametrize("answer", [
        RIGHT,
        "backward = lambda x, e: [x.T.dot(e) / len(x), e.mean()]",
        "def backward(x, e, more=None): return np.einsum('id,ij->dj', x, e) / len(e), np.mean(e)[None]",
        "def backward(x, e):\n    print('shapes', x.shape)\n    x *= e\n    return x.mean(axis=0)[:, None], e.mean()",
        "def backward(x, e):\n    x, e = np.float32(x), np.float32(e)\n    return x.T @ e / len(x), e.mean()",
        LOOPS,
        "def backward(x, e): return iter([(x.T @ e / len(x)).view(np.matrix), np.ma.masked_array([e.mean()])])",
        "import collections\nG = collections.namedtuple('G', 'w b')\n"
        "def backward(x, e): return G((x.T @ e / len(x)).astype('>f4'), np.array(e.mean(), dtype=object))",
    ])  # fmt: skip
    @pytest.mark.parametrize("identity", ["ada", "bao", "chidi"])
    def test_right_answers_earn_everything(self, notebook: Notebook, answer: str, identity: str) -> None:
        """A right answer in any form earns all points, in any student's cases."""
        notebook(answer, identity)
        score = backward()
        assert (score.points, score.maximum) == (4, 4)
        assert all(line.failure is None and line.carried_forward_from == "" for line in score.lines)

    @pytest.mark.parametrize(("answer", "points", "verdict"), [
        ("def backward(x, e): return 0 * x.T @ e, np.zeros((1, 1))", 0, "it is zero everywhere"),
        ("def backward(x, e): return x.T @ e, e.mean()", 2.5, "right for one sample; wrong for several samples"),
        ("def backward(x, e): return x.T @ e / len(x), e", 3.5, "shape (2, 1), expected (1, 1)"),
        ("def backward(x, e): return x.T @ e / len(x), 2 * e.mean()", 3, "2 × what it should be"),
        ("def backward(x, e): return e.T @ x / len(x), e.mean()", 1, "I = 1, D = 3: shape (1, 3), expected (3, 1)"),
        ("def backward(x, e): return x.T @ e / len(x)", 0, "it returned one value, expected 2 values, dl_domega, dl_d"),
        ("def backward(x, e): return 1, 2, 3", 0, "it returned 3 values, expected 2 values"),
        ("def backward(x, e): x.T @ e", 0, "it returned nothing, expected 2 values, dl_domega, dl_dbeta: does it end"),
        ("def backward(x, e): return None, e.mean()", 1, "there is no value"),
        ("def backward(x, e): raise NotImplementedError('your turn')", 0, "not written yet"),
        ("def backward(x, e): return x @ np.ones(9)", 0, "it raised ValueError: matmul"),
        ("def backward(x): return x", 0, "it raised TypeError: backward() takes 1 positional argument"),
        ("def backward(x, e): exit_now", 0, "it raised NameError: name 'exit_now' is not defined"),
        ("import sys\ndef backward(x, e): sys.exit(3)", 0, "it ends the program, by `exit` or"),
        ("def backward(x, e): assert len(x) > 1; return x.T @ e / len(x), e.mean()", 2, "it raised AssertionError"),
        ("def backward(x, e): return zip(x, e), e.mean()", 1, "its rows have different lengths"),
        ("def backward(x, e): return {1}, e.mean()", 0, "a value of type set, which has no order: make a list of it;"),
        ("backward = 3", 0, "`backward` should be a function, but it is of type int"),
        ("def backwards(x, e): return 1, 2", 0, "there is no `backward` in the notebook"),
        ("def backward(x, e): return backward(x, e)", 0, "it raised RecursionError"),
    ])  # fmt: skip
    def test_wrong_answers_lose_what_is_wrong(
        self, notebook: Notebook, capsys: Capture, answer: str, points: float, verdict: str
    ) -> None:
        """Each value has its own points in each group of cases; the message has the verdict and the section."""
        notebook(answer)
        score = backward()
        message = capsys.readouterr().out
        assert score.points == points
        assert verdict in message
        assert message == render(score) + "\n"
        assert message.startswith(f"backward: {points:g} of 4 points\n")
        assert message.endswith("Look again at section 5.\n")

    def test_the_message_does_not_give_the_answer_away(self, notebook: Notebook, capsys: Capture) -> None:
        """No number in the message is an entry of an expected value."""
        entries: list[float] = []

        def recording(x: np.ndarray, e: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
            for value in expected_gradient(x, e):
                entries.extend(np.abs(value).ravel())
            return expected_gradient(x, e)

        for answer in ("x.T @ e + 1, e.sum() + 1", "e, x", "1.0, 2.0", "np.full_like(x.T, np.nan), 'a'"):
            notebook(f"def backward(x, e): return {answer}")
            checks.function(
                "backward",
                checks.Call(student.function("backward"), "x e"),
                checks.Expected(recording, {"dl_domega": 3, "dl_dbeta": 1}),
                cases=gradients,
                section="section 5",
            )
        numbers = [float(number) for number in re.findall(r"\d+\.\d+", capsys.readouterr().out)]
        assert not any(np.isclose(entries, number, rtol=5e-3).any() for number in numbers if number not in (0.5, 1.5))

    def test_one_bad_case_is_enough(self, notebook: Notebook) -> None:
        """An answer that is wrong in one case of a group loses the points of that group."""
        notebook("def backward(x, e): return x.T @ e / len(x) + (x.shape == (5, 2)), e.mean()")
        assert backward().points == 2.5

    def test_a_function_may_change_its_inputs(self, notebook: Notebook) -> None:
        """The reference and the next call get the inputs as they were drawn."""
        notebook("def backward(x, e):\n    right = x.T @ e / len(x), e.mean()\n    x[:] = e[:] = 0\n    return right")
        assert backward().points == 4

    def test_cases_depend_on_student_and_task(self, notebook: Notebook) -> None:
        """A student gets the same cases every time; another student, or another task, gets others."""
        drawn: list[tuple[float, ...]] = []

        def recording(rng: np.random.Generator) -> Iterator[Case]:
            drawn.append(tuple(rng.normal(size=3)))
            yield Case("", {}, {"x": 1})

        for identity, task in [("ada", "t"), ("ada", "t"), ("bao", "t"), ("ada", "u")]:
            notebook("f = lambda x: x", identity)
            checks.function(
                task,
                checks.Call(student.function("f"), "x"),
                checks.Expected(lambda x: x, {"y": 1}),
                cases=recording,
                section="",
            )
        assert drawn[0] == drawn[1]
        assert len(set(drawn)) == 3

    def test_overrides_set_the_notebooks_names(self, notebook: Notebook) -> None:
        """A right answer may read the notebook's D, which each case overrides; afterwards D is as before."""
        answer = "D = 99\ndef backward(x, e): return sum(x[:, [j]].T @ e @ np.eye(D)[[j]] for j in range(D)).T"
        names = notebook(answer.replace(".T @ e @ np.eye(D)[[j]]", ".T @ e * np.eye(D)[[j]]"))

        def graded(overrides: str = "") -> Score:
            return checks.function(
                "backward",
                checks.Call("backward", "x e", overrides),
                checks.Expected(lambda x, e: x.T @ e, {"dl_domega": 3}),
                cases=gradients,
                section="section 5",
            )

        assert graded(overrides="D").points == 3
        assert names["D"] == 99
        assert graded().points == 0

    def test_only_a_function_called_by_name_takes_overrides(self, notebook: Notebook) -> None:
        """Overrides for a function object raise TypeError, because nothing could set them."""
        notebook(RIGHT)
        with pytest.raises(TypeError, match="called by its name"):
            checks.function(
                "backward",
                checks.Call(student.function("backward"), "x e", overrides="D"),
                checks.Expected(expected_gradient, {"dl_domega": 3, "dl_dbias": 1}),
                cases=gradients,
                section="section 5",
            )

    def test_a_single_value_needs_no_tuple(self, notebook: Notebook) -> None:
        """A function of one value returns it without a tuple."""
        notebook("def total(x): return x.sum()")
        score = checks.function(
            "total",
            checks.Call(student.function("total"), "x"),
            checks.Expected(np.sum, {"total": 1}),
            cases=gradients,
            section="",
        )
        assert score.points == 1

    def test_any_of_several_right_values_is_right(self, notebook: Notebook, capsys: Capture) -> None:
        """Either of two right values earns the points; a wrong one is compared with the first.

        An example is a cost before each step or after it.
        """

        def total(text: str) -> Score:
            notebook(f"def total(x): return {text}")
            return checks.function(
                "total",
                checks.Call(student.function("total"), "x"),
                checks.Expected(lambda x: checks.one_of(x.sum(), np.append(x.ravel(), 7)), {"total": 1}),
                cases=gradients,
                section="",
            )

        assert total("x.sum()").points == 1
        assert total("[*x.ravel(), 7.0]").points == 1
        capsys.readouterr()
        assert total("-x.sum()").points == 0
        assert "−1 × what it should be" in capsys.readouterr().out


class TestCarriedForwardFunction:
    """Tests of values that are right by the student's own earlier function."""

    STEP = "def backward(x, e):\n    df = d_cost(e)\n    return x.T @ df / len(x), df.mean()\n"

    def graded(self) -> Score:
        def by_d_cost(x: np.ndarray, e: np.ndarray) -> tuple[Any, Any]:
            return expected_gradient(x, np.asarray(student.function("d_cost")(e)))

        return backward(answers={"d_cost": by_d_cost})

    def test_an_earlier_mistake_costs_nothing_here(self, notebook: Notebook, capsys: Capture) -> None:
        """A value that is right by an earlier wrong answer earns its points, and its line names that answer."""
        notebook("def d_cost(e): return -2 * e\n" + self.STEP)
        score = self.graded()
        assert score.points == 4
        assert {line.carried_forward_from for line in score.lines} == {"d_cost"}
        assert "right, given your earlier d_cost" in capsys.readouterr().out

    def test_a_mistake_here_still_costs(self, notebook: Notebook) -> None:
        """Carrying an earlier answer forward doesn't forgive a mistake in this one."""
        notebook("def d_cost(e): return -2 * e\n" + self.STEP.replace(" / len(x)", ""))
        assert self.graded().points == 2.5

    @pytest.mark.parametrize("d_cost", [
        "return 0 * e", "return np.nan * e", "return np.ones(9)", "raise NotImplementedError", "return None", "pass",
        "return [[1.0], [2.0, 3.0]]", "return 'e'", "return {1}",
    ])  # fmt: skip
    def test_unusable_answers_are_not_carried_forward(self, notebook: Notebook, d_cost: str) -> None:
        """Zeros, NaN, another shape and no value are not carried forward: that would give points for nothing."""
        notebook(f"def d_cost(e): {d_cost}\n" + self.STEP)
        assert self.graded().points == 0

    def test_the_reference_is_enough(self, notebook: Notebook) -> None:
        """A right answer earns all points even if the earlier function raises."""
        notebook(f"def d_cost(e): raise ValueError\n{RIGHT}")
        score = self.graded()
        assert score.points == 4
        assert all(line.carried_forward_from == "" for line in score.lines)


CHAIN = "f0 = beta + omega * x\nh1 = np.sin(f0)\nf1 = 2 * h1\nloss = (f1 - y) ** 2"
NAMES = "x y beta omega"


def numbers(rng: np.random.Generator) -> Iterator[Case]:
    """Yield cases of four numbers for a chain."""
    for _ in range(5):
        yield Case("", {}, dict(zip(NAMES.split(), rng.uniform(0.3, 1.2, size=4).tolist(), strict=True)))


def expected_chain(x: float, y: float, beta: float, omega: float) -> dict[str, float]:
    """Return the values of the chain, by formula."""
    f0 = beta + omega * x
    return {"f0": f0, "h1": np.sin(f0), "f1": 2 * np.sin(f0), "loss": (2 * np.sin(f0) - y) ** 2}


STEPS: dict[str, Callable[..., Any]] = {
    "h1": lambda f0: np.sin(f0),
    "f1": lambda h1: 2 * h1,
    "loss": lambda f1, y: (f1 - y) ** 2,
}


class TestValues:
    @pytest.fixture
    def graded(self, notebook: Notebook) -> Callable[..., Score]:
        """Return a function that scores a cell: one point for each of f0, h1, f1 and loss."""

        def graded(cell: str, chain: Mapping[str, Callable[..., Any]] | None = None, identity: str = "") -> Score:
            notebook("x, y, beta, omega = 0.5, 1.0, 0.7, 0.9", identity, **{"chain": cell})
            return checks.values(
                "chain",
                NAMES,
                checks.Expected(expected_chain, dict(f0=1, h1=1, f1=1, loss=1)),
                cases=numbers,
                section="section 3",
                carried_forward=checks.CarriedForward(chain=chain or {}),
            )

        return graded

    @pytest.mark.parametrize("chain", [None, STEPS])
    @pytest.mark.parametrize("cell", [
        CHAIN,
        "import math\nf0 = np.array([beta + omega * x])\nh1 = math.sin(f0[0])\nf1 = h1 + h1\nloss = [(f1 - y) ** 2]",
        "def start(): return beta + omega * x\nf0 = start()\nh1 = np.sin(f0)\nf1 = print() or 2 * h1\nloss = (f1-y)**2",
    ])  # fmt: skip
    def test_right_cells_earn_everything(self, graded: Callable[..., Score], cell: str, chain: Any) -> None:
        """A right cell in any form earns all points, on values that the notebook doesn't have."""
        for identity in ("ada", "bao"):
            score = graded(cell, chain, identity)
            assert (score.points, score.maximum) == (4, 4)
            assert all(line.carried_forward_from == "" for line in score.lines)

    def test_a_number_typed_in_is_wrong(self, graded: Callable[..., Score]) -> None:
        """A number that is right for the notebook's own values only is wrong, and so is a value computed from it."""
        cell = CHAIN.replace("f0 = beta + omega * x", "f0 = 1.15")
        assert graded(CHAIN.replace("2 * h1", "1.8255275")).points == 2
        assert graded(cell).points == 0

    @pytest.mark.parametrize(("replacement", "points", "carried_from"), [
        (("beta + omega * x", "beta - omega * x"), 3, {"h1": "f0", "f1": "", "loss": ""}),
        (("np.sin", "np.cos"), 3, {"f1": "h1"}),
        (("2 * h1", "3 * h1"), 3, {"loss": "f1"}),
        (("f1 - y", "f1 + y"), 3, {}),
        (("2 * h1", "3 * f0"), 3, {"loss": "f1"}),
    ])  # fmt: skip
    def test_one_mistake_costs_once(
        self, graded: Callable[..., Score], replacement: tuple[str, str], points: float, carried_from: dict[str, str]
    ) -> None:
        """With a chain a value is also right by the student's own value before it; without one it is wrong."""
        cell = CHAIN.replace(*replacement)
        score = graded(cell, STEPS)
        assert score.points == points
        sources = {line.value: line.carried_forward_from for line in score.lines}
        assert all(sources[name] == earlier for name, earlier in carried_from.items() if earlier)
        assert graded(cell).points <= points

    def test_two_mistakes_cost_twice(self, graded: Callable[..., Score]) -> None:
        """Each wrong step loses its own point."""
        assert graded(CHAIN.replace("np.sin", "np.cos").replace("f1 - y", "f1 + y"), STEPS).points == 2

    @pytest.mark.parametrize("unusable", ["0", "0.0 * x", "np.nan", "np.inf", "None", "'f0'", "[1.0, 2.0]", "{1}"])
    def test_unusable_answers_are_not_carried_forward(self, graded: Callable[..., Score], unusable: str) -> None:
        """A value computed from zero, NaN, another shape or another type earns nothing."""
        cell = f"""
            f0 = beta + omega * x
            h1 = {unusable}
            try:
                f1 = 2 * h1
            except TypeError:
                f1 = 0
            loss = (2 * np.sin(f0) - y) ** 2
        """
        score = graded(cell, STEPS)
        assert {line.value: line.points for line in score.lines} == {"f0": 1, "h1": 0, "f1": 0, "loss": 1}

    @pytest.mark.parametrize("kind", ["str(np.cos(f0))", "np.array(np.cos(f0) + 1j)"])
    def test_texts_and_complex_numbers_are_not_carried_forward(self, graded: Callable[..., Score], kind: str) -> None:
        """A wrong value that is a text or complex is unusable for the next one."""
        score = graded(
            f"f0 = beta + omega * x\nh1 = {kind}\nf1 = 2 * np.cos(f0)\nloss = (2 * np.sin(f0) - y) ** 2", STEPS
        )
        assert {line.value: line.points for line in score.lines} == {"f0": 1, "h1": 0, "f1": 0, "loss": 1}

    def test_a_step_may_compute_a_value_without_points(self, notebook: Notebook) -> None:
        """A step to a value that has no points, and that no other step needs, is not taken."""
        notebook("x, y, beta, omega = 0.5, 1.0, 0.7, 0.9", chain=CHAIN.replace("np.sin", "np.cos"))
        score = checks.values(
            "chain",
            NAMES,
            checks.Expected(expected_chain, dict(h1=1, f1=1)),
            cases=numbers,
            section="",
            carried_forward=checks.CarriedForward(chain=STEPS),
        )
        assert score.points == 1

    def test_a_missing_variable_is_named(self, graded: Callable[..., Score], capsys: Capture) -> None:
        """A value under another name loses its own points only."""
        score = graded(CHAIN.replace("loss", "l_i"), STEPS)
        assert score.points == 3
        assert "there is no `loss` in the notebook" in capsys.readouterr().out

    @pytest.mark.parametrize(("first", "words"), [
        ("h1 = np.ones(2) @ x", "can't be made of your h1, which is wrong"),
        ("h1 = np.outer(x, x)", "rightly made of your h1, which is wrong"),
        ("h1 = np.ones(len(x) + 2)", "can't be made of your h1, which is wrong"),
        ("h1 = 3 * x", "right, given your earlier h1"),
    ])  # fmt: skip
    def test_a_value_that_builds_on_a_wrong_one_names_it(
        self, notebook: Notebook, first: str, words: str, capsys: Capture
    ) -> None:
        """If an earlier wrong value alone explains an exception, a shape or an error, the message names it."""
        notebook("x = np.ones(2)", chain=f"{first}\nif x.sum() > 2:\n    h2 = h1 * x")
        checks.values(
            "chain",
            "x",
            checks.Expected(lambda x: {"h1": 2 * x, "h2": 2 * x * x}, {"h1": 1, "h2": 1}),
            cases=lambda rng: iter([Case("", {}, {"x": np.array([1.0, 2.0, 4.0]) + k}) for k in range(2)]),
            section="",
            carried_forward=checks.CarriedForward(chain={"h2": lambda h1, x: h1 * x}),
        )
        assert words in capsys.readouterr().out

    def test_numpys_message_is_shortened(self, notebook: Notebook, capsys: Capture) -> None:
        """The message keeps the sizes that differ and leaves out the rule in NumPy's notation."""
        notebook("x = 1.0", chain="h1 = np.ones((2, 3)) @ np.ones((3 if x == 1 else 4, 1))")
        checks.values(
            "chain",
            "x",
            checks.Expected(lambda x: {"h1": np.full((2, 1), 3.0)}, {"h1": 1}),
            cases=lambda rng: iter([Case("", {}, {"x": 2.0})]),
            section="",
        )
        message = capsys.readouterr().out
        assert "mismatch in its core dimension 0 (size 4 is different from 3), in the line" in message
        assert "gufunc" not in message

    def test_a_line_that_raises_costs_what_builds_on_it(self, notebook: Notebook, capsys: Capture) -> None:
        """The message states the exception once, with the student's own line."""
        notebook("x = 1.0", chain="h1 = 2 * x\nf1 = 3 if x == 1 else h1 / unknown\nh2 = 1.0\nf2 = f1")
        score = checks.values(
            "chain",
            "x",
            checks.Expected(
                lambda x: {"h1": 2 * x, "f1": 3.0, "h2": 1.0, "f2": 3.0}, {"h1": 1, "f1": 1, "h2": 1, "f2": 1}
            ),
            cases=lambda rng: iter([Case("", {}, {"x": 2.0})]),
            section="",
        )
        assert [line.points for line in score.lines] == [1, 0, 1, 0]
        sentence = (
            "it raised NameError: name 'unknown' is not defined, in the line `f1 = 3 if x == 1 else h1 / unknown`"
        )
        assert capsys.readouterr().out.count(sentence) == 1

    def test_a_missing_cell_is_named(self, notebook: Notebook, capsys: Capture) -> None:
        """Without the task's comment the check doesn't find the cell; the message says which comment to keep."""
        notebook("x = y = beta = omega = 1.0")
        score = checks.values(
            "chain",
            NAMES,
            checks.Expected(expected_chain, {"f0": 1}),
            cases=numbers,
            section="section 3",
        )
        assert score.points == 0
        assert "keep the comment `# task: chain`" in capsys.readouterr().out

    def test_the_notebook_is_as_before(self, notebook: Notebook) -> None:
        """The check changes neither names nor values of the notebook."""
        namespace = notebook("x, y, beta, omega = 0.5, 1.0, 0.7, 0.9", chain=CHAIN + "\nseen = 1")
        before = dict(namespace)
        checks.values(
            "chain",
            NAMES,
            checks.Expected(expected_chain, {"f0": 1}),
            cases=numbers,
            section="",
            carried_forward=checks.CarriedForward(chain={}),
        )
        assert namespace == before

    def test_a_step_must_agree_with_the_expected_values(self, graded: Callable[..., Score]) -> None:
        """An author's mistake in a step raises ValueError instead of giving a wrong score."""
        with pytest.raises(ValueError, match=r"chain.*f1 contradicts"):
            graded(CHAIN, {**STEPS, "f1": lambda h1: 3 * h1})


class TestVariables:
    def graded(self, answers: Mapping[str, Callable[[], Any]] | None = None) -> Score:
        """Return the score: one point for each of two variables."""
        return checks.variables(
            "fit",
            checks.Expected({"costs": [4.0, 2.5], "weights": np.array([[1.5]])}, {"costs": 1, "weights": 1}),
            section="section 9",
            carried_forward=checks.CarriedForward(answers=answers or {}),
        )

    def test_variables_are_taken_as_they_are(self, notebook: Notebook) -> None:
        """A variable may be a list or an array, as the notebook has it."""
        notebook("costs, weights = np.array([4.0, 2.5]), 1.5")
        assert self.graded().points == 2

    def test_wrong_and_missing_ones_are_told_apart(self, notebook: Notebook, capsys: Capture) -> None:
        """A wrong and a missing variable lose their own points, each with a verdict; a single case isn't named."""
        notebook("costs = [4.0, 3.0]")
        assert self.graded().points == 0
        message = capsys.readouterr().out
        assert "      1 of its 2 entries are off, the first at index (1,) (largest error 0.12 of the largest" in message
        assert "      there is no `weights` in the notebook" in message

    def test_earlier_answers_are_carried_forward(self, notebook: Notebook) -> None:
        """The values of the student's own function are right too, if they are usable."""
        notebook("def train(): return [8.0, 5.0], np.array([[3.0]])\ncosts, weights = train()")

        def by_train() -> dict[str, Any]:
            return dict(zip(("costs", "weights"), student.function("train")(), strict=True))

        assert self.graded().points == 0
        assert self.graded({"train": by_train}).points == 2
        notebook("def train(): return [0.0, 0.0], np.array([[0.0]])\ncosts, weights = train()")
        assert self.graded({"train": by_train}).points == 0


def test_a_hidden_test_in_a_kernel(run_cells: Callable[[list[str]], list[list[Any]]]) -> None:
    """In a notebook the message quotes the student's line, never a line of the hidden test."""
    *_, tested = run_cells([
        "import numpy as np",
        "# task: f\ndef f(x):\n    y = x / nothing\n    return y",
        "from autograder import checks, student\n"
        "checks.function('f', checks.Call('f', 'x'), checks.Expected(lambda x: 2 * x, {'y': 1}),\n"
        "    cases=lambda rng: iter([checks.cases.Case('', {}, {'x': rng.normal()})]), section='section 1')",
    ])  # fmt: skip
    message, score = tested
    assert message.text == (
        "f: 0 of 1 points\n  y  0 of 1  wrong\n"
        "      it raised NameError: name 'nothing' is not defined, in the line `y = x / nothing`\n"
        "      Likely: A name is used that is not there, or the one asked for is missing.\n"
        "      Ask yourself: Is it spelled as the text spells it, and does a cell above define it?\n"
        "Look again at section 1.\n"
    )  # fmt: skip
    assert score.data["text/plain"] == "0.0"


def test_a_line_of_the_hidden_test_is_never_quoted(run_cells: Callable[[list[str]], list[list[Any]]]) -> None:
    """If the call itself fails, the message quotes no line at all."""
    *_, tested = run_cells([
        "# task: f\ndef f(x): return x",
        "from autograder import checks, student\n"
        "def hidden(x): return student.function('f')(x, 'a secret of the test')\n"
        "checks.function('f', checks.Call(hidden, 'x'), checks.Expected(lambda x: 2 * x, {'y': 1}),\n"
        "    cases=lambda rng: iter([checks.cases.Case('', {}, {'x': rng.normal()})]), section='section 1')",
    ])  # fmt: skip
    assert "it raised TypeError: f() takes 1 positional argument but 2 were given\n" in tested[0].text
    assert "secret" not in tested[0].text


EARLIER = "def half(x): return x / 2\n"


@pytest.mark.parametrize(("half", "rest", "points"), [
    ("return x / 2", "return half(x) + 1, half(x).sum()", 2),
    ("return x / 3", "return half(x) + 1, half(x).sum()", 2),
    ("raise NotImplementedError", "return half(x) + 1, half(x).sum()", 2),
    ("return x / 2, 'and more'", "return half(x)[0] + 1, half(x)[0].sum()", 2),
    ("return x / 3", "return half(x) - 1, half(x).sum()", 1),
    ("return x / 2", "return half(x) - 1, half(x).sum()", 1),
    ("return x / 3", "raise NotImplementedError", 0),
])  # fmt: skip
def test_a_wrong_answer_is_tried_again_with_stubs(notebook: Notebook, half: str, rest: str, points: float) -> None:
    """With stubs a mistake in the earlier function costs nothing, and one in this function costs its points."""
    notebook(f"def half(x): {half}\ndef later(x): {rest}")
    score = checks.function(
        "later",
        checks.Call("later", "x"),
        checks.Expected(lambda x: (x / 2 + 1, x.sum() / 2), {"moved": 1, "sum": 1}),
        cases=lambda rng: iter([Case("", {}, {"x": rng.normal(size=3)}) for _ in range(2)]),
        section="",
        carried_forward=checks.CarriedForward(stubs=EARLIER),
    )
    assert score.points == points
