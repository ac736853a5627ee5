"""What a hidden test calls: points for what is right on fresh cases, and words for what is not."""

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
    """Inputs x (I, D) and errors e (I, 1)."""
    for n, D in SIZES:
        group = "one sample" if n == 1 else "several samples"
        yield Case(group, {"I": n, "D": D}, {"x": rng.normal(size=(n, D)), "e": rng.normal(size=(n, 1))})


def truth(x: np.ndarray, e: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """The gradient of a mean of squares."""
    return x.T @ e / len(x), e.mean(keepdims=True)


def backward(follow: Mapping[str, Callable[..., Any]] | None = None) -> Score:
    """The check of `backward(x, e)`: 3 points for dl_domega, 1 for dl_dbeta."""
    return checks.function(
        "backward",
        checks.Call(student.function("backward"), "x e"),
        checks.Expected(truth, {"dl_domega": 3, "dl_dbeta": 1}),
        cases=gradients,
        section="section 5",
        carried_forward=checks.CarriedForward(answers=follow or {}),
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
    ])  # fmt: skip
    @pytest.mark.parametrize("identity", ["ada", "bao", "chidi"])
    def test_right_answers_earn_everything(self, notebook: Notebook, answer: str, identity: str) -> None:
        """In every form, whoever's cases they meet."""
        notebook(answer, identity)
        score = backward()
        assert (score.points, score.maximum) == (4, 4)
        assert all(line.failure is None and line.carried_forward_from == "" for line in score.lines)

    @pytest.mark.parametrize(("answer", "points", "said"), [
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
        ("import sys\ndef backward(x, e): sys.exit(3)", 0, "it raised SystemExit: 3"),
        ("def backward(x, e): assert len(x) > 1; return x.T @ e / len(x), e.mean()", 2, "it raised AssertionError"),
        ("def backward(x, e): return zip(x, e), e.mean()", 0, "value of type zip; expected numbers"),
        ("backward = 3", 0, "`backward` should be a function, but it is of type int"),
        ("def backwards(x, e): return 1, 2", 0, "there is no `backward` in the notebook"),
        ("def backward(x, e): return backward(x, e)", 0, "it raised RecursionError"),
    ])  # fmt: skip
    def test_wrong_answers_lose_what_is_wrong(
        self, notebook: Notebook, capsys: Capture, answer: str, points: float, said: str
    ) -> None:
        """Each value has its own points in each group of cases; the message names what came, and where to look."""
        notebook(answer)
        score = backward()
        message = capsys.readouterr().out
        assert score.points == points
        assert said in message
        assert message == render(score) + "\n"
        assert message.startswith(f"backward: {points:g} of 4 points\n")
        assert message.endswith("Look again at section 5.\n")

    def test_the_message_does_not_give_the_answer_away(self, notebook: Notebook, capsys: Capture) -> None:
        """No number in it is an entry of what is right."""
        seen: list[float] = []

        def noted(x: np.ndarray, e: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
            for value in truth(x, e):
                seen.extend(np.abs(value).ravel())
            return truth(x, e)

        for answer in ("x.T @ e + 1, e.sum() + 1", "e, x", "1.0, 2.0", "np.full_like(x.T, np.nan), 'a'"):
            notebook(f"def backward(x, e): return {answer}")
            checks.function(
                "backward",
                checks.Call(student.function("backward"), "x e"),
                checks.Expected(noted, {"dl_domega": 3, "dl_dbeta": 1}),
                cases=gradients,
                section="section 5",
            )
        told = [float(number) for number in re.findall(r"\d+\.\d+", capsys.readouterr().out)]
        assert not any(np.isclose(seen, number, rtol=5e-3).any() for number in told if number not in (0.5, 1.5))

    def test_one_bad_case_is_enough(self, notebook: Notebook) -> None:
        """An answer that is right in all cases of a group but one has it wrong."""
        notebook("def backward(x, e): return x.T @ e / len(x) + (x.shape == (5, 2)), e.mean()")
        assert backward().points == 2.5

    def test_what_a_function_does_to_its_inputs_reaches_nothing_else(self, notebook: Notebook) -> None:
        """The truth, and the next call, get inputs as they were drawn."""
        notebook("def backward(x, e):\n    right = x.T @ e / len(x), e.mean()\n    x[:] = e[:] = 0\n    return right")
        assert backward().points == 4

    def test_cases_are_drawn_by_who_is_asked(self, notebook: Notebook) -> None:
        """The same for one student every time, others for another student and for another task."""
        drawn: list[tuple[float, ...]] = []

        def noting(rng: np.random.Generator) -> Iterator[Case]:
            drawn.append(tuple(rng.normal(size=3)))
            yield Case("", {}, {"x": 1})

        for identity, task in [("ada", "t"), ("ada", "t"), ("bao", "t"), ("ada", "u")]:
            notebook("f = lambda x: x", identity)
            checks.function(
                task,
                checks.Call(student.function("f"), "x"),
                checks.Expected(lambda x: x, {"y": 1}),
                cases=noting,
                section="",
            )
        assert drawn[0] == drawn[1]
        assert len(set(drawn)) == 3

    def test_names_that_a_case_sets_are_the_notebooks_own(self, notebook: Notebook) -> None:
        """A right answer may read the notebook's D, which is another in each case; afterwards it is as it was."""
        answer = "D = 99\ndef backward(x, e): return sum(x[:, [j]].T @ e @ np.eye(D)[[j]] for j in range(D)).T"
        names = notebook(answer.replace(".T @ e @ np.eye(D)[[j]]", ".T @ e * np.eye(D)[[j]]"))

        def asked(overrides: str = "") -> Score:
            return checks.function(
                "backward",
                checks.Call("backward", "x e", overrides),
                checks.Expected(lambda x, e: x.T @ e, {"dl_domega": 3}),
                cases=gradients,
                section="section 5",
            )

        assert asked(overrides="D").points == 3
        assert names["D"] == 99
        assert asked().points == 0

    def test_only_a_function_asked_for_by_name_is_given_names(self, notebook: Notebook) -> None:
        """Elsewhere nobody could set them."""
        notebook(RIGHT)
        with pytest.raises(TypeError, match="called by its name"):
            checks.function(
                "backward",
                checks.Call(student.function("backward"), "x e", overrides="D"),
                checks.Expected(truth, {"dl_domega": 3, "dl_dbias": 1}),
                cases=gradients,
                section="section 5",
            )

    def test_a_single_value_needs_no_tuple(self, notebook: Notebook) -> None:
        """A function of one value returns it alone."""
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
        """A cost before each step or after it: either earns the points; a third one is compared with the first."""

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


class TestFollowedFunction:
    """`follow`: what is right by the student's own earlier function."""

    STEP = "def backward(x, e):\n    df = d_cost(e)\n    return x.T @ df / len(x), df.mean()\n"

    def graded(self) -> Score:
        def by_d_cost(x: np.ndarray, e: np.ndarray) -> tuple[Any, Any]:
            return truth(x, np.asarray(student.function("d_cost")(e)))

        return backward(follow={"d_cost": by_d_cost})

    def test_a_slip_before_costs_nothing_here(self, notebook: Notebook, capsys: Capture) -> None:
        """Right by an earlier answer that is wrong earns the points, and says by which."""
        notebook("def d_cost(e): return -2 * e\n" + self.STEP)
        score = self.graded()
        assert score.points == 4
        assert {line.carried_forward_from for line in score.lines} == {"d_cost"}
        assert "right, given your earlier d_cost" in capsys.readouterr().out

    def test_a_slip_here_still_costs(self, notebook: Notebook) -> None:
        """Following an earlier answer doesn't forgive a mistake of this one."""
        notebook("def d_cost(e): return -2 * e\n" + self.STEP.replace(" / len(x)", ""))
        assert self.graded().points == 2.5

    @pytest.mark.parametrize("d_cost", [
        "return 0 * e", "return np.nan * e", "return np.ones(9)", "raise NotImplementedError", "return None", "pass",
        "return [[1.0], [2.0, 3.0]]", "return 'e'", "return {1}",
    ])  # fmt: skip
    def test_what_is_no_answer_is_not_followed(self, notebook: Notebook, d_cost: str) -> None:
        """Zeros, NaN, another shape or nothing at all is not built upon: that would give points for nothing."""
        notebook(f"def d_cost(e): {d_cost}\n" + self.STEP)
        assert self.graded().points == 0

    def test_the_reference_is_enough(self, notebook: Notebook) -> None:
        """Who computes it another way needs no earlier answer, whatever that one does."""
        notebook(f"def d_cost(e): raise ValueError\n{RIGHT}")
        score = self.graded()
        assert score.points == 4
        assert all(line.carried_forward_from == "" for line in score.lines)


CHAIN = "f0 = beta + omega * x\nh1 = np.sin(f0)\nf1 = 2 * h1\nloss = (f1 - y) ** 2"
NAMES = "x y beta omega"


def numbers(rng: np.random.Generator) -> Iterator[Case]:
    """Four numbers for a chain."""
    for _ in range(5):
        yield Case("", {}, dict(zip(NAMES.split(), rng.uniform(0.3, 1.2, size=4).tolist(), strict=True)))


def chain_truth(x: float, y: float, beta: float, omega: float) -> dict[str, float]:
    """The chain by formula."""
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
        """Score a cell: one point for each of f0, h1, f1 and loss."""

        def graded(cell: str, follow: Mapping[str, Callable[..., Any]] | None = None, identity: str = "") -> Score:
            notebook("x, y, beta, omega = 0.5, 1.0, 0.7, 0.9", identity, **{"chain": cell})
            return checks.values(
                "chain",
                NAMES,
                checks.Expected(chain_truth, dict(f0=1, h1=1, f1=1, loss=1)),
                cases=numbers,
                section="section 3",
                carried_forward=checks.CarriedForward(chain=follow or {}),
            )

        return graded

    @pytest.mark.parametrize("follow", [None, STEPS])
    @pytest.mark.parametrize("cell", [
        CHAIN,
        "import math\nf0 = np.array([beta + omega * x])\nh1 = math.sin(f0[0])\nf1 = h1 + h1\nloss = [(f1 - y) ** 2]",
        "def start(): return beta + omega * x\nf0 = start()\nh1 = np.sin(f0)\nf1 = print() or 2 * h1\nloss = (f1-y)**2",
    ])  # fmt: skip
    def test_right_cells_earn_everything(self, graded: Callable[..., Score], cell: str, follow: Any) -> None:
        """Whatever the way and the form, on values that the notebook doesn't have."""
        for identity in ("ada", "bao"):
            score = graded(cell, follow, identity)
            assert (score.points, score.maximum) == (4, 4)
            assert all(line.carried_forward_from == "" for line in score.lines)

    def test_a_number_typed_in_is_wrong(self, graded: Callable[..., Score]) -> None:
        """What is right for the notebook's own values alone is not an answer; what is built on it earns nothing."""
        cell = CHAIN.replace("f0 = beta + omega * x", "f0 = 1.15")
        assert graded(CHAIN.replace("2 * h1", "1.8255275")).points == 2
        assert graded(cell).points == 0

    @pytest.mark.parametrize(("slip", "points", "given"), [
        (("beta + omega * x", "beta - omega * x"), 3, {"h1": "f0", "f1": "", "loss": ""}),
        (("np.sin", "np.cos"), 3, {"f1": "h1"}),
        (("2 * h1", "3 * h1"), 3, {"loss": "f1"}),
        (("f1 - y", "f1 + y"), 3, {}),
        (("2 * h1", "3 * f0"), 3, {"loss": "f1"}),
    ])  # fmt: skip
    def test_one_slip_costs_once(
        self, graded: Callable[..., Score], slip: tuple[str, str], points: float, given: dict[str, str]
    ) -> None:
        """With `follow` a value is right too by the student's own value before it; without, all later ones are lost."""
        cell = CHAIN.replace(*slip)
        followed = graded(cell, STEPS)
        assert followed.points == points
        by = {line.value: line.carried_forward_from for line in followed.lines}
        assert all(by[name] == earlier for name, earlier in given.items() if earlier)
        assert graded(cell).points <= points

    def test_two_slips_cost_twice(self, graded: Callable[..., Score]) -> None:
        """Each wrong step loses its own point."""
        assert graded(CHAIN.replace("np.sin", "np.cos").replace("f1 - y", "f1 + y"), STEPS).points == 2

    @pytest.mark.parametrize("nothing", ["0", "0.0 * x", "np.nan", "np.inf", "None", "'f0'", "[1.0, 2.0]", "{1}"])
    def test_what_is_no_answer_is_not_followed(self, graded: Callable[..., Score], nothing: str) -> None:
        """Built on zero, NaN, another shape or another kind, the next value earns nothing."""
        cell = f"""
            f0 = beta + omega * x
            h1 = {nothing}
            try:
                f1 = 2 * h1
            except TypeError:
                f1 = 0
            loss = (2 * np.sin(f0) - y) ** 2
        """
        score = graded(cell, STEPS)
        assert {line.value: line.points for line in score.lines} == {"f0": 1, "h1": 0, "f1": 0, "loss": 1}

    @pytest.mark.parametrize("kind", ["str(np.cos(f0))", "np.array(np.cos(f0) + 1j)"])
    def test_what_is_no_real_number_is_not_followed(self, graded: Callable[..., Score], kind: str) -> None:
        """A value that is wrong because it is a text or complex is no answer to build on."""
        score = graded(
            f"f0 = beta + omega * x\nh1 = {kind}\nf1 = 2 * np.cos(f0)\nloss = (2 * np.sin(f0) - y) ** 2", STEPS
        )
        assert {line.value: line.points for line in score.lines} == {"f0": 1, "h1": 0, "f1": 0, "loss": 1}

    def test_a_step_may_make_what_is_not_scored(self, notebook: Notebook) -> None:
        """A step to a value that nobody scores, and no other step needs, is never wanted."""
        notebook("x, y, beta, omega = 0.5, 1.0, 0.7, 0.9", chain=CHAIN.replace("np.sin", "np.cos"))
        score = checks.values(
            "chain",
            NAMES,
            checks.Expected(chain_truth, dict(h1=1, f1=1)),
            cases=numbers,
            section="",
            carried_forward=checks.CarriedForward(chain=STEPS),
        )
        assert score.points == 1

    def test_a_missing_variable_is_named(self, graded: Callable[..., Score], capsys: Capture) -> None:
        """A value under another name loses its points alone."""
        score = graded(CHAIN.replace("loss", "l_i"), STEPS)
        assert score.points == 3
        assert "there is no `loss` in the notebook" in capsys.readouterr().out

    @pytest.mark.parametrize(("first", "said"), [
        ("h1 = np.ones(2) @ x", "can't be made of your h1, which is wrong"),
        ("h1 = np.outer(x, x)", "rightly made of your h1, which is wrong"),
        ("h1 = np.ones(len(x) + 2)", "can't be made of your h1, which is wrong"),
        ("h1 = 3 * x", "right, given your earlier h1"),
    ])  # fmt: skip
    def test_what_builds_on_a_wrong_value_is_its_fault(
        self, notebook: Notebook, first: str, said: str, capsys: Capture
    ) -> None:
        """It raised, or has a wrong shape, or leads to an error: whatever comes of it isn't looked into."""
        notebook("x = np.ones(2)", chain=f"{first}\nif x.sum() > 2:\n    h2 = h1 * x")
        checks.values(
            "chain",
            "x",
            checks.Expected(lambda x: {"h1": 2 * x, "h2": 2 * x * x}, {"h1": 1, "h2": 1}),
            cases=lambda rng: iter([Case("", {}, {"x": np.array([1.0, 2.0, 4.0]) + k}) for k in range(2)]),
            section="",
            carried_forward=checks.CarriedForward(chain={"h2": lambda h1, x: h1 * x}),
        )
        assert said in capsys.readouterr().out

    def test_numpys_own_words_are_shortened(self, notebook: Notebook, capsys: Capture) -> None:
        """Which sizes differ is said, and the rule in NumPy's notation is left out."""
        notebook("x = 1.0", chain="h1 = np.ones((2, 3)) @ np.ones((3 if x == 1 else 4, 1))")
        checks.values(
            "chain",
            "x",
            checks.Expected(lambda x: {"h1": np.full((2, 1), 3.0)}, {"h1": 1}),
            cases=lambda rng: iter([Case("", {}, {"x": 2.0})]),
            section="",
        )
        said = capsys.readouterr().out
        assert "mismatch in its core dimension 0 (size 4 is different from 3), in the line" in said
        assert "gufunc" not in said

    def test_a_line_that_raises_costs_what_builds_on_it(self, notebook: Notebook, capsys: Capture) -> None:
        """What it raises is told, with the student's own line, and once."""
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
        told = "it raised NameError: name 'unknown' is not defined, in the line `f1 = 3 if x == 1 else h1 / unknown`"
        assert capsys.readouterr().out.count(told) == 1

    def test_a_missing_cell_is_named(self, notebook: Notebook, capsys: Capture) -> None:
        """Without the task's comment the cell is not found; the message says which comment to keep."""
        notebook("x = y = beta = omega = 1.0")
        score = checks.values(
            "chain",
            NAMES,
            checks.Expected(chain_truth, {"f0": 1}),
            cases=numbers,
            section="section 3",
        )
        assert score.points == 0
        assert "keep the comment `# task: chain`" in capsys.readouterr().out

    def test_the_notebook_is_as_before(self, notebook: Notebook) -> None:
        """Neither names nor values of it are changed by being scored."""
        namespace = notebook("x, y, beta, omega = 0.5, 1.0, 0.7, 0.9", chain=CHAIN + "\nseen = 1")
        before = dict(namespace)
        checks.values(
            "chain",
            NAMES,
            checks.Expected(chain_truth, {"f0": 1}),
            cases=numbers,
            section="",
            carried_forward=checks.CarriedForward(chain={}),
        )
        assert namespace == before

    def test_a_step_must_agree_with_the_truth(self, graded: Callable[..., Score]) -> None:
        """An author's slip in a step is an error, not a wrong score."""
        with pytest.raises(ValueError, match=r"chain.*f1 contradicts"):
            graded(CHAIN, {**STEPS, "f1": lambda h1: 3 * h1})


class TestVariables:
    def graded(self, follow: Mapping[str, Callable[[], Any]] | None = None) -> Score:
        """One point for each of two variables."""
        return checks.variables(
            "fit",
            checks.Expected({"costs": [4.0, 2.5], "weights": np.array([[1.5]])}, {"costs": 1, "weights": 1}),
            section="section 9",
            carried_forward=checks.CarriedForward(answers=follow or {}),
        )

    def test_variables_are_taken_as_they_are(self, notebook: Notebook) -> None:
        """A list or an array, as the notebook has it."""
        notebook("costs, weights = np.array([4.0, 2.5]), 1.5")
        assert self.graded().points == 2

    def test_wrong_and_missing_ones_are_told_apart(self, notebook: Notebook, capsys: Capture) -> None:
        """Each loses its own points, with its own words, and no case is named where there is only one."""
        notebook("costs = [4.0, 3.0]")
        assert self.graded().points == 0
        message = capsys.readouterr().out
        assert "      1 of its 2 entries are off, the first at index (1,) (largest error 0.12 of the largest" in message
        assert "      there is no `weights` in the notebook" in message

    def test_earlier_answers_are_followed(self, notebook: Notebook) -> None:
        """What the student's own function gives is right too, if it gives anything."""
        notebook("def train(): return [8.0, 5.0], np.array([[3.0]])\ncosts, weights = train()")

        def by_train() -> dict[str, Any]:
            return dict(zip(("costs", "weights"), student.function("train")(), strict=True))

        assert self.graded().points == 0
        assert self.graded({"train": by_train}).points == 2
        notebook("def train(): return [0.0, 0.0], np.array([[0.0]])\ncosts, weights = train()")
        assert self.graded({"train": by_train}).points == 0


def test_a_hidden_test_in_a_kernel(run_cells: Callable[[list[str]], list[list[Any]]]) -> None:
    """In a notebook the student's line is quoted, never a line of the hidden test."""
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
    """Where the call itself fails there is no line of the student's, and none of the test's instead."""
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
def test_what_is_wrong_by_an_own_earlier_function_is_asked_again(
    notebook: Notebook, half: str, rest: str, points: float
) -> None:
    """With stand-ins a slip in the earlier function costs nothing here, one in this function does; own ways stay."""
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
