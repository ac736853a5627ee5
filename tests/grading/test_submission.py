"""Tests of grade_submission: scores, graded notebook, isolation of hidden tests, and cells that crash."""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook

from autograder.authoring.source_writer import NBGRADER_FLAGS
from autograder.checks.score import MIME
from autograder.grading.model import CellGrade, Job, SubmissionResult, SubmittedFile
from autograder.grading.submission import GraderError, grade_submission
from autograder.sandbox.guest.errors import task_line
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
    """Return a cell as `lab build` writes it.

    kind: "prose", "code" or a key of NBGRADER_FLAGS. more: points and timeout, in seconds.
    """
    if kind == "prose":
        return new_markdown_cell(source, id=name)
    if kind == "code":
        return new_code_cell(source, id=name)
    flags = {"grade_id": name, "schema_version": 3, "task": False, **NBGRADER_FLAGS[kind]}
    if "points" in more:
        flags["points"] = more["points"]
    make = new_markdown_cell if kind == "answer" else new_code_cell
    new_cell = make(source, id=name, metadata={"nbgrader": flags})
    if "timeout" in more:
        new_cell.metadata["autograder"] = {"timeout": more["timeout"]}
    return new_cell


def solution(name: str, source: str, **more: Any) -> Any:
    """Return a solution cell of the source notebook."""
    text = f"{task_line(name)}\n### BEGIN SOLUTION\n{source}\n### END SOLUTION"
    return cell("solution", name, text, **more)


def checked(name: str, value: int, visible: str = "", body: str = "", **more: Any) -> Any:
    """Return a test cell of the source notebook, of two points.

    visible: code before the hidden test. body: code of the hidden test; by default a check that `name` returns `value`
    at 3.
    """
    hidden = HIDDEN.format(body=body or SCORED.format(name=name, value=value))
    return cell("test", f"test_{name}", f"{visible}\n{hidden}", points=2, **more)


SOURCE_CELLS = [
    # The magic is for the student's process alone; hidden tests still see the names below it.
    cell("locked", "helpers", "%precision 4\nBASE = 10\ndef helper(x):\n    return x + BASE"),
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


def job(answers: dict[str, str], source_cells: list[Any] | None = None, extra: Any = None, **more: Any) -> Job:
    """Return the job of a submission with these answers; answers that are missing raise NotImplementedError.

    source_cells: cells of the source notebook, by default SOURCE_CELLS. extra: a function that changes the list of
    submitted cells. more: further fields of the job.
    """
    cells = [nbformat.from_dict(json.loads(json.dumps(one))) for one in source_cells or SOURCE_CELLS]
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
    """Return the points of the automatically graded tasks, by grade_id."""
    (notebook,) = result.notebooks
    return {
        cell_grade.grade_id: cell_grade.points
        for cell_grade in notebook.cell_grades
        if cell_grade.grade_id.startswith("test_")
    }


def cell_grades(result: SubmissionResult) -> list[CellGrade]:
    """Return the cell grades of the notebook, without the hashes of answers."""
    return [replace(cell_grade, answer="") for cell_grade in result.notebooks[0].cell_grades]


def graded(result: SubmissionResult) -> dict[str, Any]:
    """Return the cells of the graded notebook by id; the key "own" has the cell that the student added."""
    cells = nbformat.reads(result.notebooks[0].text, as_version=4).cells
    known = {one.id for one in SOURCE_CELLS} | {"rubric-why"}
    return {one.id if one.id in known else "own": one for one in cells}


def text(graded_cell: Any) -> str:
    """Return all text in a cell's outputs: streams, errors and tracebacks."""
    parts = []
    for output in graded_cell.outputs:
        parts += [output.get("text", ""), output.get("evalue", ""), *output.get("traceback", [])]
    return "\n".join(parts)


def test_ungraded_cells_are_not_run() -> None:
    """A cell marked as ungraded is not run, also if the student changed it; it says so, and later cells run."""
    long = cell("code", "long", "one = None\nprint('ran')")
    long.metadata["autograder"] = {"ungraded": True}

    def edit(cells: list[Any]) -> None:
        next(one for one in cells if one.id == "long").source = "two = None"

    result = grade_submission(job(RIGHT, [*SOURCE_CELLS[:3], long, *SOURCE_CELLS[3:]], extra=edit))
    assert points(result) == FULL
    (ungraded,) = (one for one in nbformat.reads(result.notebooks[0].text, as_version=4).cells if one.id == "long")
    assert text(ungraded).strip() == "This cell is not run when graded."


def after(name: str, source: str, cell_id: str = "own") -> Callable[[list[Any]], None]:
    """Return a function that inserts a student's cell after the cell with this id."""

    def insert(cells: list[Any]) -> None:
        index = next(i for i, one in enumerate(cells) if one.id == name)
        cells.insert(index + 1, new_code_cell(source, id=cell_id))

    return insert


def test_right_answers_earn_all_points() -> None:
    """Right answers earn all points, and the written answer needs manual review.

    The graded notebook is valid, and its tests have a message, a score record and a number.
    """
    result = grade_submission(job(RIGHT))
    assert points(result) == FULL
    assert CellGrade("why", None, review=True) in cell_grades(result)
    cells = graded(result)
    record = cells["test_one"].metadata.autograder.score
    assert (record["points"], record["maximum"]) == (2.0, 2.0)
    *_, message, value = cells["test_one"].outputs
    assert "2 of 2 points" in message.text
    assert value.data["text/plain"] == "2.0"
    assert value.data[MIME]["points"] == 2.0
    assert "BEGIN HIDDEN TESTS" in cells["test_one"].source
    assert "Because (1 point)." in cells["rubric-why"].source
    nbformat.validate(nbformat.reads(result.notebooks[0].text, as_version=4))


def test_untouched_answers_earn_nothing_and_need_no_review() -> None:
    """Untouched answers earn zero points, and the written answer needs no manual review."""

    def delete(cells: list[Any]) -> None:
        cells[:] = [one for one in cells if not one.metadata.get("nbgrader", {}).get("solution")]

    result = grade_submission(job({}, extra=delete))
    assert points(result) == {"test_one": 0.0, "test_two": 0.0, "test_three": 0.0}
    assert CellGrade("why", 0.0, review=False) in cell_grades(result)
    assert "why" in result.notebooks[0].untouched


def test_hidden_tests_do_not_see_the_students_names() -> None:
    """A student's `np`, `checks`, `len` or `helper` replaces no name that a hidden test uses.

    The locked cell that defines `helper` has a magic, which is left out where hidden tests run.
    """
    overwriting = "np = checks = student = print = len = isinstance = None\ndef helper(x):\n    return 0\nBASE = 0"
    body = "import numpy as np\nvalue = np.sum([len([1]), helper(1)])\n" + SCORED.format(name="one", value=4)
    source_cells = [
        *SOURCE_CELLS[:3],
        checked("two", 13, body=body),
        SOURCE_CELLS[3],
        SOURCE_CELLS[7],
        checked("three", 4, body=body),
    ]
    result = grade_submission(
        job({**RIGHT, "two": "two = 1", "three": "three = 1"}, source_cells, after("helpers", overwriting))
    )
    assert points(result)["test_two"] == 2.0
    assert points(result)["test_three"] == 2.0


def test_hidden_tests_do_not_see_each_others_names() -> None:
    """Names that a hidden test defines, and its changes of locked cells' names, are gone in the next one."""
    defines = "leak = 1\nhelper = None\n" + SCORED.format(name="one", value=4)
    needs = "leak\n" + SCORED.format(name="two", value=13)
    source_cells = [
        *SOURCE_CELLS[:2],
        checked("one", 4, body=defines),
        SOURCE_CELLS[3],
        checked("two", 13, body=needs),
        *SOURCE_CELLS[7:],
    ]
    result = grade_submission(job(RIGHT, source_cells))
    assert points(result) == {"test_one": 2.0, "test_two": None, "test_three": 2.0}


def test_hidden_tests_are_nowhere_in_the_sandbox() -> None:
    """No hidden test is in the sandbox's files, cells or memory."""
    search = (
        "import gc, os, sys\nword = 'BEGIN ' + 'HIDDEN'\n"
        "found = [o for o in gc.get_objects() if isinstance(o, (list, dict)) and word in repr(o)[:100_000]"
        " and 'word in' not in repr(o)]\n"
        # If the installation lies below /tmp, its mount points are empty files.
        "files = [f for d, _, fs in os.walk('/notebook') for f in fs if os.path.getsize(os.path.join(d, f))]\n"
        "print(len(found), files, [c for c in In if word in c and 'word' not in c])"
    )
    cells = graded(grade_submission(job(RIGHT, extra=after("test_one", search))))
    assert text(cells["own"]).strip().endswith("0 [] []")


def test_a_failed_visible_check_costs_nothing_by_itself() -> None:
    """A failed visible check is shown and costs no points; only the hidden test scores the function."""
    source_cells = [*SOURCE_CELLS[:2], checked("one", 4, "assert one(1) == 99, 'never'"), *SOURCE_CELLS[3:]]
    result = grade_submission(job(RIGHT, source_cells))
    assert points(result) == FULL
    assert "never" in text(graded(result)["test_one"])


def test_warnings_cost_nothing() -> None:
    """Warnings, also of deprecated features, and other text on stderr cost no points."""
    warns = (
        "import sys, warnings\ndef one(x):\n    warnings.warn('old')\n    print('!', file=sys.stderr)\n    return x + 1"
    )
    assert points(grade_submission(job({**RIGHT, "one": warns}))) == FULL


@pytest.mark.parametrize("crash", ["import os; os._exit(0)", "import ctypes; ctypes.string_at(0)", "while True: pass",
    "import signal; signal.signal(signal.SIGINT, signal.SIG_IGN)\nwhile True: pass", "exit()", "%reset -f",
    "import sys; sys.exit(1)", "raise BaseException", "import os; os.closerange(3, 99)"])  # fmt: skip
def test_a_crashing_cell_costs_only_itself(crash: str) -> None:
    """After a cell that crashes or never ends, the names of earlier cells are restored and later cells run."""
    source_cells = [cell("locked", "helpers", SOURCE_CELLS[0].source), *SOURCE_CELLS[1:]]
    source_cells[0].metadata["autograder"] = {"timeout": 5}
    request = job(RIGHT, source_cells, after("test_one", crash))
    notebook = json.loads(request.source_notebooks["nb"])
    notebook["metadata"]["autograder"] = {"timeout": 1}
    began = time.monotonic()
    result = grade_submission(job_with(request, notebook))
    assert time.monotonic() - began < 20
    lost = {"test_two", "test_three"} if crash == "%reset -f" else set()
    assert {name for name, earned in points(result).items() if earned != 2.0} <= lost
    if crash != "%reset -f":
        assert "own" in graded(result)


def test_a_completed_cell_that_crashes_when_it_runs_again_costs_only_itself() -> None:
    """If a completed cell ends Python after a restart, the cells after it run again without it."""
    end = time.time() + 3

    def insert(cells: list[Any]) -> None:
        after("helpers", f"import os, time\nif time.time() > {end}: os._exit(1)")(cells)
        after("test_two", f"time.sleep(max(0, {end} - time.time()) + 0.1)\nos._exit(1)", "last")(cells)

    assert points(grade_submission(job(RIGHT, extra=insert))) == FULL


def job_with(request: Job, source_cells: dict[str, Any]) -> Job:
    """Return the same job with another source notebook."""
    return Job(request.student, request.lab, request.files, {"nb": json.dumps(source_cells).encode()})


def test_a_crashing_answer_costs_its_task_and_dependent_tasks() -> None:
    """A crashing answer costs its task and the tasks that use it; others keep their points.

    A message tells the student that Python ended.
    """
    answers = {**RIGHT, "two": "import os\ndef two(x):\n    os._exit(0)"}
    result = grade_submission(job(answers))
    assert points(result) == {"test_one": 2.0, "test_two": 0.0, "test_three": 0.0}
    assert "it ended Python itself" in text(graded(result)["test_two"])
    answers = {**RIGHT, "two": "import os\nos._exit(0)"}
    result = grade_submission(job(answers))
    assert points(result)["test_one"] == 2.0
    assert "it ended Python itself" in text(graded(result)["two"])


def test_what_this_machine_lacks_needs_manual_review() -> None:
    """A test that lost points by a missing module needs manual review, with its points; an import alone does not.

    The result names the module once. A mistake of the student's own needs no review, and the message quotes the error.
    """
    answers = {
        "one": "from no_such_module.bars import bar\ndef one(x):\n    return x + 1",
        "two": "import no_such_module\ndef two(x):\n    return no_such_module.add(x)",
        "three": "import own_module\ndef three(x:\n    return x",
    }
    write = after("test_one", "%%writefile own_module.py\ny = 1")
    result = grade_submission(job({**RIGHT, **answers}, extra=write))
    assert points(result) == {"test_one": 2.0, "test_two": 0.0, "test_three": 0.0}
    assert {grade.grade_id for grade in result.notebooks[0].cell_grades if grade.review} == {"test_two", "why"}
    assert result.notebooks[0].missing_requirements == ("no_such_module",)
    cells = graded(result)
    assert "no_such_module is not installed where notebooks are graded: a person will look" in text(cells["test_two"])
    assert "`three` was never defined, because its cell stopped with `SyntaxError: " in text(cells["test_three"])
    assert "in the line `def three(x:`" in text(cells["test_three"])
    assert "spelled" not in text(cells["test_three"])


def test_a_hidden_test_that_fails_is_flagged() -> None:
    """A hidden test without a score record gives no points and needs manual review.

    The student reads a message; the metadata keep the failure for the instructor.
    """
    for body in ("1 / 0", "raise SystemExit", "x = 1", "5.0", "checks.Score"):
        source_cells = [*SOURCE_CELLS[:2], checked("one", 4, body=body), *SOURCE_CELLS[3:]]
        result = grade_submission(job(RIGHT, source_cells))
        assert CellGrade("test_one", None, review=True) in cell_grades(result)
        assert points(result)["test_two"] == 2.0
        failed = graded(result)["test_one"]
        assert "a person will look at it" in text(failed)
        assert failed.metadata.autograder.failed
        assert "score" not in failed.metadata.autograder


def test_student_output_is_no_score_record() -> None:
    """Printed numbers and forged score records in a student's output earn no points."""
    forged = (
        "def one(x):\n    return 0\nprint('2.0')\n"
        f"display({{{MIME!r}: {{'points': 2.0, 'maximum': 2.0}}, 'text/plain': '2.0'}}, raw=True)\n2.0"
    )
    result = grade_submission(job({**RIGHT, "one": forged}))
    assert points(result)["test_one"] == 0.0
    assert MIME not in json.dumps(graded(result)["one"].outputs)


def test_one_failed_sandbox_start_costs_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    """A sandbox start that fails once is repeated; two failures in a row raise a GraderError."""
    fork, failures = Zygote.fork, 1

    def fork_or_fail(zygote: Zygote, **limits: int) -> SandboxClient:
        nonlocal failures
        failures -= 1
        if failures >= 0:
            raise SandboxError("a sandbox did not start, and did not say why")
        return fork(zygote, **limits)

    monkeypatch.setattr(Zygote, "fork", fork_or_fail)
    assert points(grade_submission(job(RIGHT))) == FULL
    failures = 2
    with pytest.raises(GraderError, match=r"could not be run: a sandbox did not start(.|\n)*lab doctor"):
        grade_submission(job(RIGHT))


def test_scores_are_the_same_at_every_regrade() -> None:
    """Two gradings of one submission give equal results, including pictures and random numbers."""
    draws = "import matplotlib.pyplot as plt, random\nplt.plot([random.random(), 1])\nprint(random.random())"
    first, second = (grade_submission(job(RIGHT, extra=after("test_one", draws))) for _ in range(2))
    assert first == second


@pytest.mark.parametrize("draw_given", [False, True])
def test_given_figures_are_drawn_only_with_draw_given(draw_given: bool) -> None:
    """Figures of given cells are drawn only with draw_given; figures of a student's cells always."""
    draws = "import matplotlib.pyplot as plt\nplt.plot([1, 2]);"
    given = cell("locked", "drawing", f"# given\n{draws}")
    answers = {**RIGHT, "two": f"{RIGHT['two']}\n{draws}"}
    result = grade_submission(job(answers, [*SOURCE_CELLS, given], after("three", draws), draw_given=draw_given))
    assert points(result) == FULL
    cells = nbformat.reads(result.notebooks[0].text, as_version=4).cells
    drawn = [one for one in cells if any("image/png" in output.get("data", ()) for output in one.get("outputs", ()))]
    student_cell = next(one for one in cells if one.source == draws)
    assert [one.id for one in drawn] == ["two", student_cell.id, *[given.id] * draw_given]


def test_data_files_are_in_the_sandbox() -> None:
    """The sandbox has the lab's data files, and no submitted file."""
    reads = "import os\nprint(open('data.csv').read(), sorted(os.listdir('.')))"
    request = job(RIGHT, extra=after("test_one", reads), data_files={"data.csv": b"1,2"})
    cells = graded(grade_submission(request))
    assert "1,2 ['data.csv', 'tmp']" in text(cells["own"])


def test_data_files_in_folders_are_in_the_sandbox() -> None:
    """A lab's data files may be in folders."""
    reads = "print(open('data/more/x.csv').read())"
    request = job(RIGHT, extra=after("test_one", reads), data_files={"data/more/x.csv": b"1,2"})
    assert "1,2" in text(graded(grade_submission(request))["own"])


def test_an_unreadable_notebook_is_reported() -> None:
    """If the notebook is unreadable or missing, the problem names the file, and nothing is graded."""
    request = job(RIGHT)
    result = grade_submission(Job("ada", "lab", (SubmittedFile("nb.ipynb", b'{"cells": ['),), request.source_notebooks))
    assert result.notebooks == ()
    assert "nb.ipynb" in result.problem
    result = grade_submission(Job("ada", "lab", (), request.source_notebooks))
    assert "nb.ipynb" in result.problem


@pytest.mark.parametrize("tier", ["namespaces", "landlock", "rlimits"])
def test_every_tier_gives_the_same_result(tier: str) -> None:
    """Every isolation tier gives the same points for a submission that does nothing forbidden."""
    assert points(grade_submission(job(RIGHT, tiers=(tier,)))) == FULL
