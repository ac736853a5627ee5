"""Tests of rules on the code, points for style, and the time limit of a student's code."""

from __future__ import annotations

import signal
import threading
import time
from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
import pytest

from autograder import checks
from autograder.checks import Score, scoring
from autograder.checks.cases import Case

Notebook = Callable[..., dict[str, Any]]
Capture = pytest.CaptureFixture[str]


def cases(rng: np.random.Generator) -> Iterator[Case]:
    """Yield three cases with a matrix each."""
    for n in (1, 3, 5):
        yield Case("", {"I": n}, {"x": rng.normal(size=(n, 2))})


def total(**options: Any) -> Score:
    """Return the score of the student's `total(x)`, two points; options are those of `checks.function`."""
    return checks.function(
        "total",
        checks.Call("total", "x"),
        checks.Expected(lambda x: x.sum(), {"total": 2}),
        cases=cases,
        section="section 1",
        **options,
    )


PRODUCT = "def total(x):\n    return np.ones(len(x)) @ x @ np.ones(2)"
LOOP = "def total(x):\n    s = 0\n    for row in x:\n        s = s + row.sum()\n    return s"
WRONG = "def total(x):\n    return -x.sum()"


class TestStyle:
    @pytest.mark.parametrize(("cell", "points"), [(PRODUCT, 3), (LOOP, 2), (WRONG, 0)])
    def test_style_earns_points_only_beside_a_right_value(
        self, notebook: Notebook, capsys: Capture, cell: str, points: float
    ) -> None:
        """A loop costs the points for style; without a right value the best style earns none."""
        notebook(total=cell)
        score = total(rules=checks.CodeRules(style={"no loop over samples": (1, checks.code.no_loops())}))
        assert (score.points, score.maximum) == (points, 3)
        message = capsys.readouterr().out
        assert ("it loops over samples or units, in the line `for row in x:`" in message) == (cell == LOOP)
        assert ("nothing yet whose style" in message) == (cell == WRONG)
        assert "None of the mistakes" not in message

    def test_forbidden_code_earns_nothing(self, notebook: Notebook, capsys: Capture) -> None:
        """Forbidden code earns nothing even if the value is right, and the message quotes its line."""
        notebook(total=PRODUCT.replace("return", "np.gradient(x[:, 0]) if len(x) > 1 else 0\n    return"))
        assert total(rules=checks.CodeRules(forbidden=[checks.code.without("numpy.gradient")])).points == 0
        assert (
            "it uses `numpy.gradient`, in the line `np.gradient(x[:, 0]) if len(x) > 1 else 0`"
            in capsys.readouterr().out
        )
        assert total(rules=checks.CodeRules(forbidden=[checks.code.without("torch")])).points == 2


class TestTime:
    @pytest.mark.parametrize(("sleep", "says"), [
        ("while True: pass", "it computed for 0.3 seconds without an end: does a loop never end?"),
        ("import time\n        time.sleep(60)", "it waited for 0.3 seconds"),
    ])  # fmt: skip
    def test_a_call_that_never_ends_is_stopped(
        self, notebook: Notebook, capsys: Capture, sleep: str, says: str
    ) -> None:
        """A call is stopped after its time, with a message; after one timeout the remaining cases are skipped."""
        notebook(total=f"def total(x):\n    if True:\n        {sleep}")
        start = time.process_time()
        assert total(timeout=0.3).points == 0
        assert time.process_time() - start < 2
        assert says in capsys.readouterr().out

    def test_a_diagnosis_that_takes_too_long_is_said(
        self, notebook: Notebook, capsys: Capture, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """A diagnosis that takes too much processor time costs the mistake's name, not silently, and no point."""
        notebook(total="def total(x): return -x.sum() if len(x) > 1 else x.sum()")
        score = total()
        assert (score.points, score.undiagnosed) == (0, "")
        monkeypatch.setattr(scoring, "DIAGNOSIS_SECONDS", 0.0)
        score = total()
        assert score.points == 0
        assert "the comparison with known mistakes took 0 seconds" in score.undiagnosed
        assert "The search for the likely mistake did not come to its end." in capsys.readouterr().out

    def test_catching_everything_does_not_help(self, notebook: Notebook) -> None:
        """Code that catches every exception is stopped, because the alarm repeats."""
        loop = "    while True:\n        try:\n            while True: pass\n        except Exception: pass"
        notebook(total=f"def total(x):\n{loop}")
        start = time.process_time()
        assert total(timeout=0.3).points == 0
        assert time.process_time() - start < 2

    def test_a_slow_function_within_its_time_is_right(self, notebook: Notebook) -> None:
        """A slow function that returns within its time earns its points."""
        notebook(total=PRODUCT.replace("return", "import time; time.sleep(0.01)\n    return"))
        assert total(timeout=5).points == 2

    def test_slow_earlier_functions_time_out_a_few_times_only(self, notebook: Notebook) -> None:
        """A stub replaces an earlier function that never ends, and the function that builds on it keeps its points."""
        names = "one", "two", "three"
        slow = "".join(f"def {name}(x):\n    while True: pass\n" for name in names)
        notebook(slow, total="def total(x): return one(x) + two(x) + three(x)")
        start = time.process_time()
        score = checks.function(
            "total",
            checks.Call("total", "x"),
            checks.Expected(lambda x, one, two, three: one(x) + two(x) + three(x), {"total": 2}),
            cases=cases,
            section="",
            carried_forward=checks.CarriedForward(
                functions={name: lambda x: x.sum() for name in names},
                stubs="\n".join(f"def {name}(x): return x.sum() - {k}" for k, name in enumerate(names)),
            ),
            timeout=0.3,
        )
        assert score.points == 2
        assert time.process_time() - start < 4

    def test_the_alarm_is_restored(self, notebook: Notebook) -> None:
        """The check restores the handler of SIGALRM and leaves no alarm behind."""
        notebook(total=PRODUCT)
        before = signal.getsignal(signal.SIGALRM)
        total(timeout=0.2)
        time.sleep(0.3)
        assert signal.getsignal(signal.SIGALRM) is before

    def test_outside_the_main_thread_there_is_no_limit(self, notebook: Notebook) -> None:
        """Outside the main thread, which alone receives signals, the check has no time limit."""
        notebook(total=PRODUCT)
        points: list[float] = []
        thread = threading.Thread(target=lambda: points.append(total(timeout=0.2).points))
        thread.start()
        thread.join()
        assert points == [2]
