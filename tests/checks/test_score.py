"""Tests of the score: it refuses points out of range, shows as a plain float, and its record is plain JSON."""

from __future__ import annotations

import ast
import json
import math
from collections.abc import Callable
from types import MappingProxyType
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from autograder.checks import Failure, Line, Score
from autograder.checks.score import MIME

SIZES = {"I": 17, "D_i": 3}


def score(*points: tuple[float, float]) -> Score:
    """Return a score with a line for each pair of points and maximum."""
    lines = tuple(Line(f"value{i}", "", earned, maximum) for i, (earned, maximum) in enumerate(points))
    return Score("backward-pass", lines, "section 2")


def test_points_are_the_sum_of_the_lines() -> None:
    """Points and maximum are each summed over the lines; without lines both are 0."""
    assert (score((1, 2), (0.5, 0.5)).points, score((1, 2), (0.5, 0.5)).maximum) == (1.5, 2.5)
    assert (score().points, score().maximum) == (0, 0)


@given(st.integers(1, 60), st.integers(0, 40).map(lambda quarters: quarters / 4))
def test_parts_add_up_to_the_whole(parts: int, whole: float) -> None:
    """Thirds and other parts of the points add up to exactly what the test cell promises."""
    assert score(*[(whole / parts, whole / parts)] * parts).points == whole
    assert score(*[(whole / parts, whole / parts)] * parts).maximum == whole


@pytest.mark.parametrize(("points", "maximum"), [
    (2.1, 2), (-0.1, 2), (math.nan, 2), (math.inf, math.inf), (1, math.nan), (-math.inf, 2), (1, -1), (0.1, 0),
])  # fmt: skip
def test_points_out_of_range_are_refused(points: float, maximum: float) -> None:
    """Points above the maximum, below 0, or not finite raise an error that names the task and the value."""
    with pytest.raises(ValueError, match=r"backward-pass.*value0"):
        score((points, maximum))


@given(st.floats(0.01, 100), st.lists(st.tuples(st.floats(0, 1), st.floats(0, 10)), min_size=1, max_size=9))
def test_scaling_keeps_the_share_of_each_line(maximum: float, lines: list[tuple[float, float]]) -> None:
    """A scaled score has the new maximum and the same share of it; a score without points stays as it is."""
    before = score(*((share * most, most) for share, most in lines))
    after = before.scaled_to(maximum)
    if before.maximum == 0:
        assert after == before
    else:
        assert after.maximum == pytest.approx(maximum, abs=1e-5 + 1e-6 * maximum / before.maximum)
        assert after.points <= after.maximum
        assert after.points * before.maximum == pytest.approx(before.points * after.maximum, rel=1e-4, abs=1e-4)


@pytest.mark.parametrize("points", [None, "2", [2]])
def test_points_of_another_kind_are_refused(points: Any) -> None:
    """Points that can't be compared with a number raise TypeError."""
    with pytest.raises(TypeError):
        score((points, 2))


@pytest.mark.parametrize("kind", [float, int, np.float64, np.float32, np.int64])
def test_it_shows_as_a_plain_float(kind: type) -> None:
    """The score's repr is never np.float64(2.0), which stock readers take for full marks."""
    shown = repr(score((kind(2), kind(3)), (kind(0), kind(1))))
    assert shown == "2.0"
    assert type(ast.literal_eval(shown)) is float


@pytest.mark.parametrize("kind", [float, np.float64, np.float32])
def test_the_record_is_plain_json(kind: type) -> None:
    """NumPy's numbers become Python's, and JSON keeps the whole record."""
    failure = Failure(
        MappingProxyType({"I": np.int64(17), "D_i": 3}),
        "it is zero everywhere",
        kind(0.5),
        "zeros",
        "All of it is zero.",
    )
    line = Line("dl_dbias", "one sample", kind(0), kind(1), failure, "f1")
    record = Score("backward-pass", (line,), "section 2").record()
    assert json.loads(json.dumps(record, allow_nan=False)) == record
    assert record == {
        "version": 1, "task": "backward-pass", "points": 0.0, "maximum": 1.0, "look": "section 2", "first": "",
        "lines": [{
            "value": "dl_dbias", "group": "one sample", "points": 0.0, "maximum": 1.0, "given": "f1",
            "failure": {
                "sizes": SIZES, "verdict": "it is zero everywhere", "error": 0.5, "mistake": "zeros",
                "says": "All of it is zero.", "asks": "", "look": "", "follows": "", "computed": True,
            },
        }],
    }  # fmt: skip


@pytest.mark.parametrize("error", [math.nan, math.inf, np.float64("nan"), None])
def test_an_error_without_a_number_is_null(error: float | None) -> None:
    """An error of NaN or infinity becomes null, because JSON has neither."""
    record = Score("t", (Line("v", "", 0, 1, Failure({}, "wrong", error)),), "").record()
    assert json.loads(json.dumps(record, allow_nan=False))["lines"][0]["failure"]["error"] is None


def test_a_notebook_shows_and_keeps_it(run_cells: Callable[[list[str]], list[list[Any]]]) -> None:
    """As the last value of a cell, the score is shown as a float and keeps its record under its own MIME type."""
    (outputs,) = run_cells([
        "import numpy as np\nfrom autograder.checks import Failure, Line, Score\n"
        "Score('t', (Line('v', '', np.float64(1), 1.5, Failure({'I': np.int64(2)}, 'wrong', np.inf)),), 'here')"
    ])  # fmt: skip
    (shown,) = outputs
    assert shown.output_type == "execute_result"
    assert shown.data["text/plain"] == "1.0"
    assert set(shown.data) == {"text/plain", MIME}
    assert (shown.data[MIME]["points"], shown.data[MIME]["maximum"]) == (1.0, 1.5)
    failure = shown.data[MIME]["lines"][0]["failure"]
    assert (failure["sizes"], failure["verdict"], failure["error"]) == ({"I": 2}, "wrong", None)


def test_mistakes_are_collected_by_name() -> None:
    """`mistakes` holds each name once; `unnamed` holds the wrong values without a name.

    It holds none where there was no value, or where an earlier value is the cause.
    """
    named, nameless = Failure({}, "wrong", None, "sign"), Failure({}, "wrong", None)
    missing, following = Failure({}, "no value", None, computed=False), Failure({}, "wrong", None, caused_by="f1")

    def score_of(*failures: Failure) -> Score:
        return Score("t", tuple(Line(f"v{k}", "", 0, 1, failure) for k, failure in enumerate(failures)), "")

    assert score_of(named, named, nameless).mistakes == {"sign"}
    assert [score_of(failure).unnamed for failure in (named, nameless, missing, following)] == [
        [],
        ["v0"],
        [],
        [],
    ]
    assert Score("t", (Line("v", "", 1, 1),), "").mistakes == frozenset()
