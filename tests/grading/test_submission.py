"""One submission through the engine: what is scored where, and what survives of it whatever its cells do."""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from typing import Any

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook

from autograder.authoring.source_writer import NBGRADER_FLAGS
from autograder.checks.score import MIME
from autograder.grading.model import CellGrade, Job, SubmissionResult, SubmittedFile
from autograder.grading.submission import GraderError, grade_submission
from autograder.sandbox.guest.port import task_line
from autograder.sandbox.host.client import SandboxClient, SandboxError
from autograder.sandbox.host.launcher import Zygote

pytestmark = [pytest.mark.sandbox, pytest.mark.xdist_group("engine")]

HIDDEN = """\
### BEGIN HIDDEN TESTS
from autograder import checks, student
{body}
### END HIDDEN TESTS"""

SCORED = """\
from autograder.checks.cases import Case
checks.function({name!r}, checks.Call({name!r}, "x"), checks.Expected(lambda x: {value}, {{"value": 2}}),
                cases=lambda rng: iter([Case("", {{}}, {{"x": 3}})]), section="the text")"""


def cell(kind: str, name: str, source: str, **more: Any) -> Any:
    """A cell as `lab build` makes it."""
    if kind == "prose":
        return new_markdown_cell(source, id=name)
    if kind == "code":
        return new_code_cell(source, id=name)
    flags = {"grade_id": name, "schema_version": 3, "task": False, **NBGRADER_FLAGS[kind]}
    if "points" in more:
        flags["points"] = more["points"]
    make = new_markdown_cell if kind == "answer" else new_code_cell
    made = make(source, id=name, metadata={"nbgrader": flags})
    if "timeout" in more:
        made.metadata["autograder"] = {"timeout": more["timeout"]}
    return made


def solution(name: str, source: str, **more: Any) -> Any:
    """A solution cell."""
    text = f"{task_line(name)}\n### BEGIN SOLUTION\n{source}\n### END SOLUTION"
    return cell("solution", name, text, **more)


def checked(name: str, value: int, visible: str = "", body: str = "", **more: Any) -> Any:
    """A test cell worth two points."""
    hidden = HIDDEN.format(body=body or SCORED.format(name=name, value=value))
    return cell("test", f"test_{name}", f"{visible}\n{hidden}", points=2, **more)


MASTER = [
    cell("locked", "helpers", "BASE = 10\ndef helper(x):\n    return x + BASE"),
    solution("one", "def one(x):\n    return x + 1"), checked("one", 4, "assert one(1) == 2, 'one is wrong'"),
    solution("two", "def two(x):\n    return helper(x)"), checked("two", 13, "shown_here = 1"),
    cell("prose", "why-question", "Why?"), cell("answer", "why", "Because (1 point).", points=1),
    solution("three", "def three(x):\n    return one(x) + two(x)"), checked("three", 17),
]  # fmt: skip
RIGHT = {
    "one": "def one(x):\n    return x + 1", "two": "def two(x):\n    return helper(x)",
    "three": "def three(x):\n    return one(x) + two(x)", "why": "So it is.",
}  # fmt: skip
FULL = {"test_one": 2.0, "test_two": 2.0, "test_three": 2.0}
Grade = Callable[..., SubmissionResult]


def job(answers: dict[str, str], master: list[Any] | None = None, extra: Any = None, **more: Any) -> Job:
    """The job of a submission with these answers. extra: what else is done with the cells handed in."""
    cells = [nbformat.from_dict(json.loads(json.dumps(one))) for one in master or MASTER]
    notebook = new_notebook(cells=cells)
    data = nbformat.writes(notebook).encode()
    for one in cells:
        name = one.metadata.get("nbgrader", {}).get("grade_id", "")
        if one.metadata.get("nbgrader", {}).get("solution"):
            line = f"{task_line(name)}\n" if one.cell_type == "code" else ""
            one.source = line + answers.get(name, "raise NotImplementedError")
        elif "HIDDEN" in one.source:
            one.source = one.source.partition("### BEGIN")[0]
    if extra:
        extra(cells)
    handed_in = nbformat.writes(new_notebook(cells=cells)).encode()
    return Job("ada", "lab", (SubmittedFile("nb.ipynb", handed_in),), {"nb": data}, **more)


def points(result: SubmissionResult) -> dict[str, float | None]:
    """Points by grade_id of the automatic tasks."""
    (notebook,) = result.notebooks
    return {mark.grade_id: mark.points for mark in notebook.marks if mark.grade_id.startswith("test_")}


def graded(result: SubmissionResult) -> dict[str, Any]:
    """The graded notebook's cells by id; the student's own one as "own"."""
    cells = nbformat.reads(result.notebooks[0].text, as_version=4).cells
    known = {one.id for one in MASTER} | {"rubric-why"}
    return {one.id if one.id in known else "own": one for one in cells}


def text(one: Any) -> str:
    """All that a cell shows as text."""
    parts = []
    for output in one.outputs:
        parts += [output.get("text", ""), output.get("evalue", ""), *output.get("traceback", [])]
    return "\n".join(parts)


def test_a_long_run_that_nothing_graded_needs_is_left_out() -> None:
    """A cell marked so is not run, whatever the student made of it, and its place says so; the next ones run."""
    long = cell("code", "long", "one = None\nprint('ran')")
    long.metadata["autograder"] = {"ungraded": True}

    def changed(cells: list[Any]) -> None:
        next(one for one in cells if one.id == "long").source = "two = None"

    result = grade_submission(job(RIGHT, [*MASTER[:3], long, *MASTER[3:]], extra=changed))
    assert points(result) == FULL
    (said,) = (one for one in nbformat.reads(result.notebooks[0].text, as_version=4).cells if one.id == "long")
    assert text(said).strip() == "This cell is not run when graded."


def after(name: str, source: str) -> Callable[[list[Any]], None]:
    """What puts a cell of the student's after another one."""

    def put(cells: list[Any]) -> None:
        at = next(i for i, one in enumerate(cells) if one.id == name)
        cells.insert(at + 1, new_code_cell(source, id="own"))

    return put


def test_right_answers_earn_all_points() -> None:
    """The written one waits for a person; the graded notebook is valid, with message, record and number."""
    result = grade_submission(job(RIGHT))
    assert points(result) == FULL
    assert CellGrade("why", None, review=True) in result.notebooks[0].marks
    cells = graded(result)
    record = cells["test_one"].metadata.autograder.score
    assert (record["points"], record["maximum"]) == (2.0, 2.0)
    *_, said, value = cells["test_one"].outputs
    assert "2 of 2 points" in said.text
    assert value.data["text/plain"] == "2.0"
    assert value.data[MIME]["points"] == 2.0
    assert "BEGIN HIDDEN TESTS" in cells["test_one"].source
    assert "Because (1 point)." in cells["rubric-why"].source
    nbformat.validate(nbformat.reads(result.notebooks[0].text, as_version=4))


def test_untouched_answers_earn_nothing_and_wait_for_nobody() -> None:
    """An answer that nobody wrote is zero, and no person has to look at it."""

    def delete(cells: list[Any]) -> None:
        cells[:] = [one for one in cells if not one.metadata.get("nbgrader", {}).get("solution")]

    result = grade_submission(job({}, extra=delete))
    assert points(result) == {"test_one": 0.0, "test_two": 0.0, "test_three": 0.0}
    assert CellGrade("why", 0.0, review=False) in result.notebooks[0].marks
    assert "why" in result.notebooks[0].untouched


def test_hidden_tests_see_nothing_of_the_students_names() -> None:
    """What a hidden test uses is its own: a student's `np`, `checks` or `len` is not bound there, in no test."""
    spoilt = "np = checks = student = print = len = isinstance = None\ndef helper(x):\n    return 0\nBASE = 0"
    body = "import numpy as np\nvalue = np.sum([len([1]), helper(1)])\n" + SCORED.format(name="one", value=4)
    master = [*MASTER[:3], checked("two", 13, body=body), MASTER[3], MASTER[7], checked("three", 4, body=body)]
    result = grade_submission(job({**RIGHT, "two": "two = 1", "three": "three = 1"}, master, after("helpers", spoilt)))
    assert points(result)["test_two"] == 2.0
    assert points(result)["test_three"] == 2.0


def test_hidden_tests_do_not_see_each_others_names() -> None:
    """What one defines or changes of a locked cell's names is gone in the next."""
    defines = "leak = 1\nhelper = None\n" + SCORED.format(name="one", value=4)
    needs = "leak\n" + SCORED.format(name="two", value=13)
    master = [*MASTER[:2], checked("one", 4, body=defines), MASTER[3], checked("two", 13, body=needs), *MASTER[7:]]
    result = grade_submission(job(RIGHT, master))
    assert points(result) == {"test_one": 2.0, "test_two": None, "test_three": 2.0}


def test_hidden_tests_are_nowhere_in_the_sandbox() -> None:
    """Neither in its files, nor among its cells, nor in its memory."""
    look = (
        "import gc, os, sys\nword = 'BEGIN ' + 'HIDDEN'\n"
        "found = [o for o in gc.get_objects() if isinstance(o, (list, dict)) and word in repr(o)[:100_000]"
        " and 'word in' not in repr(o)]\n"
        # Where the installation lies below /tmp, what it is mounted on are empty files.
        "files = [f for d, _, fs in os.walk('/notebook') for f in fs if os.path.getsize(os.path.join(d, f))]\n"
        "print(len(found), files, [c for c in In if word in c and 'word' not in c])"
    )
    cells = graded(grade_submission(job(RIGHT, extra=after("test_one", look))))
    assert text(cells["own"]).strip().endswith("0 [] []")


def test_a_failed_visible_check_costs_nothing_by_itself() -> None:
    """It is shown; the hidden test scores what the function does."""
    master = [*MASTER[:2], checked("one", 4, "assert one(1) == 99, 'never'"), *MASTER[3:]]
    result = grade_submission(job(RIGHT, master))
    assert points(result) == FULL
    assert "never" in text(graded(result)["test_one"])


def test_warnings_cost_nothing() -> None:
    """What stands on stderr, also by a deprecated feature, takes no points."""
    warns = (
        "import sys, warnings\ndef one(x):\n    warnings.warn('old')\n    print('!', file=sys.stderr)\n    return x + 1"
    )
    assert points(grade_submission(job({**RIGHT, "one": warns}))) == FULL


@pytest.mark.parametrize("crash", ["import os; os._exit(0)", "import ctypes; ctypes.string_at(0)", "while True: pass",
    "import signal; signal.signal(signal.SIGINT, signal.SIG_IGN)\nwhile True: pass", "exit()", "%reset -f",
    "import sys; sys.exit(1)", "raise BaseException", "import os; os.closerange(3, 99)"])  # fmt: skip
def test_a_cell_that_crashes_costs_itself(crash: str) -> None:
    """What ran before it is there again, what comes after it runs."""
    master = [cell("locked", "helpers", MASTER[0].source), *MASTER[1:]]
    master[0].metadata["autograder"] = {"timeout": 5}
    request = job(RIGHT, master, after("test_one", crash))
    notebook = json.loads(request.masters["nb"])
    notebook["metadata"]["autograder"] = {"timeout": 1}
    began = time.monotonic()
    result = grade_submission(job_with(request, notebook))
    assert time.monotonic() - began < 20
    lost = {"test_two", "test_three"} if crash == "%reset -f" else set()
    assert {name for name, earned in points(result).items() if earned != 2.0} <= lost
    if crash != "%reset -f":
        assert "own" in graded(result)


def job_with(request: Job, master: dict[str, Any]) -> Job:
    """The same job with another notebook of the instructor's."""
    return Job(request.student, request.lab, request.files, {"nb": json.dumps(master).encode()})


def test_an_answer_that_crashes_costs_itself_and_what_depends_on_it() -> None:
    """The tasks before it and beside it keep their points; the message says what happened."""
    answers = {**RIGHT, "two": "import os\ndef two(x):\n    os._exit(0)"}
    result = grade_submission(job(answers))
    assert points(result) == {"test_one": 2.0, "test_two": 0.0, "test_three": 0.0}
    assert "it ended Python itself" in text(graded(result)["test_two"])
    answers = {**RIGHT, "two": "import os\nos._exit(0)"}
    result = grade_submission(job(answers))
    assert points(result)["test_one"] == 2.0
    assert "it ended Python itself" in text(graded(result)["two"])


def test_a_hidden_test_that_fails_is_flagged() -> None:
    """No score record is no points and a person's look; the student is told so, the instructor gets the traceback."""
    for body in ("1 / 0", "raise SystemExit", "x = 1", "5.0", "checks.Score"):
        master = [*MASTER[:2], checked("one", 4, body=body), *MASTER[3:]]
        result = grade_submission(job(RIGHT, master))
        assert CellGrade("test_one", None, review=True) in result.notebooks[0].marks
        assert points(result)["test_two"] == 2.0
        failed = graded(result)["test_one"]
        assert "a person will look at it" in text(failed)
        assert failed.metadata.autograder.failed
        assert "score" not in failed.metadata.autograder


def test_a_students_output_is_no_record() -> None:
    """A printed number, a displayed record, a forged one under our type: nothing of it counts."""
    forged = (
        "def one(x):\n    return 0\nprint('2.0')\n"
        f"display({{{MIME!r}: {{'points': 2.0, 'maximum': 2.0}}, 'text/plain': '2.0'}}, raw=True)\n2.0"
    )
    result = grade_submission(job({**RIGHT, "one": forged}))
    assert points(result)["test_one"] == 0.0
    assert MIME not in json.dumps(graded(result)["one"].outputs)


def test_a_start_that_fails_once_costs_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    """What another program of the machine did to a start is no fault of the submission's; two in a row are said."""
    fork, failures = Zygote.fork, 1

    def hit(zygote: Zygote, **limits: int) -> SandboxClient:
        nonlocal failures
        failures -= 1
        if failures >= 0:
            raise SandboxError("a sandbox did not start, and did not say why")
        return fork(zygote, **limits)

    monkeypatch.setattr(Zygote, "fork", hit)
    assert points(grade_submission(job(RIGHT))) == FULL
    failures = 2
    with pytest.raises(GraderError, match=r"could not be run: a sandbox did not start(.|\n)*lab doctor"):
        grade_submission(job(RIGHT))


def test_scores_are_the_same_at_every_regrade() -> None:
    """All of the result, pictures included, is a function of what came in."""
    draws = "import matplotlib.pyplot as plt, random\nplt.plot([random.random(), 1])\nprint(random.random())"
    first, second = (grade_submission(job(RIGHT, extra=after("test_one", draws))) for _ in range(2))
    assert first == second


@pytest.mark.parametrize("draw_given", [False, True])
def test_given_figures_are_drawn_where_they_are_asked_for(draw_given: bool) -> None:
    """Those of a student's own cells always are."""
    draws = "import matplotlib.pyplot as plt\nplt.plot([1, 2]);"
    given = cell("locked", "drawing", f"# given\n{draws}")
    answers = {**RIGHT, "two": f"{RIGHT['two']}\n{draws}"}
    result = grade_submission(job(answers, [*MASTER, given], after("three", draws), draw_given=draw_given))
    assert points(result) == FULL
    cells = nbformat.reads(result.notebooks[0].text, as_version=4).cells
    drawn = [one for one in cells if any("image/png" in output.get("data", ()) for output in one.get("outputs", ()))]
    own = next(one for one in cells if one.source == draws)
    assert [one.id for one in drawn] == ["two", own.id, *[given.id] * draw_given]


def test_data_files_are_there() -> None:
    """Those of the lab, and none that was handed in with the notebook."""
    reads = "import os\nprint(open('data.csv').read(), sorted(os.listdir('.')))"
    request = job(RIGHT, extra=after("test_one", reads), beside={"data.csv": b"1,2"})
    cells = graded(grade_submission(request))
    assert "1,2 ['data.csv', 'tmp']" in text(cells["own"])


def test_data_files_in_folders_are_there() -> None:
    """A lab may have its data in a folder."""
    reads = "print(open('data/more/x.csv').read())"
    request = job(RIGHT, extra=after("test_one", reads), beside={"data/more/x.csv": b"1,2"})
    assert "1,2" in text(graded(grade_submission(request))["own"])


def test_an_unreadable_notebook_is_reported() -> None:
    """In a sentence, with nothing graded."""
    request = job(RIGHT)
    result = grade_submission(Job("ada", "lab", (SubmittedFile("nb.ipynb", b'{"cells": ['),), request.masters))
    assert result.notebooks == ()
    assert "nb.ipynb" in result.problem
    result = grade_submission(Job("ada", "lab", (), request.masters))
    assert "nb.ipynb" in result.problem


@pytest.mark.parametrize("tier", ["namespaces", "landlock", "rlimits"])
def test_every_tier_gives_the_same_result(tier: str) -> None:
    """Isolation changes nothing about a notebook that does nothing forbidden."""
    assert points(grade_submission(job(RIGHT, tiers=(tier,)))) == FULL
