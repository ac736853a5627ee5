"""Tests of `lab grade`: which submissions it grades, and how it reports those that it can't grade."""

from __future__ import annotations

import contextlib
import json
import os
import signal
import subprocess
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import nbformat
import pytest
from click.testing import CliRunner

from autograder.cli import main
from autograder.grading.score_record import sound_points

from .conftest import BIN

# One pytest worker runs all tests of the simulated class, because each worker would grade a class of its own.
pytestmark = [pytest.mark.kernels, pytest.mark.xdist_group("class")]
LAB = "lab2_toy_model"
Run = Callable[..., Any]


def test_second_run_grades_changed_submissions_only(graded: Any, run: Run) -> None:
    """A second run grades a changed submission; it grades no other and rewrites no other graded notebook."""
    better = graded.submitted / "ada" / LAB / "toy_model.ipynb"
    (graded.submitted / "lior" / LAB / "toy_model.ipynb").write_bytes(better.read_bytes())
    before = {path: path.stat().st_mtime_ns for path in graded.autograded.glob(f"*/{LAB}/*.ipynb")}
    result = run(graded.root, "lab", "grade", LAB)
    assert result.returncode == 0, result.stderr
    assert result.stdout.count("as before") == len(before) - 1
    rows = {line.split()[1]: line for line in result.stdout.splitlines() if line.startswith("│")}
    assert "as before" not in rows["lior"]
    assert rows["lior"].split()[3] == rows["ada"].split()[3]
    after = {path: path.stat().st_mtime_ns for path in graded.autograded.glob(f"*/{LAB}/*.ipynb")}
    assert {path.parts[-3] for path in after if after[path] != before[path]} == {"lior"}


def test_forced_run_reports_broken_submissions_and_repeats_the_other_scores(graded: Any, run: Run) -> None:
    """A truncated notebook is reported with its name; a renamed notebook is graded, and a repair tells its old name.

    An unchanged submission gets the same scores and messages, because random cases depend on the submission alone.
    """
    (graded.submitted / "bao" / LAB / "toy_model.ipynb").write_text('{"cells": [', encoding="utf-8")
    (graded.submitted / "devi" / LAB / "toy_model.ipynb").rename(graded.submitted / "devi" / LAB / "final.ipynb")
    path = graded.autograded / "goran" / LAB / "toy_model.ipynb"
    before, time = _messages(path), path.stat().st_mtime_ns
    students = [word for student in ("bao", "devi", "goran") for word in ("--student", student)]
    result = run(graded.root, "lab", "grade", LAB, "--force", *students)
    assert result.returncode == 1
    assert path.stat().st_mtime_ns > time
    assert _messages(path) == before
    assert "bao" in result.stderr
    assert "toy_model.ipynb" in result.stderr
    assert "Traceback" not in result.stderr
    assert result.stdout.count("not graded") == 1
    assert "final.ipynb" in result.stdout


def test_unknown_lab_and_student_are_named(graded: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """The error on an unknown lab names the course's lab, and the error on an unknown student names the student."""
    monkeypatch.chdir(graded.root)
    for words, name in (["lab2_toymodel"], LAB), ([LAB, "--student", "nobody"], "nobody"):
        result = CliRunner().invoke(main, ["grade", *words])
        assert result.exit_code == 1
        assert name in result.stderr


def test_ctrl_c_keeps_what_is_graded(graded: Any, run: Run, tmp_path: Path) -> None:
    """After Ctrl-C the table has what is graded so far, no process or scratch folder is left, and the exit code is 130.

    The next run grades the others.
    """
    waits, done = (
        graded.submitted / "bao" / LAB / "toy_model.ipynb",
        graded.autograded / "ada" / LAB / "toy_model.ipynb",
    )
    notebook = nbformat.read(waits, as_version=4)
    notebook.cells.insert(0, nbformat.v4.new_code_cell("import time\ntime.sleep(600)"))
    nbformat.write(notebook, waits)
    before, scratch = done.stat().st_mtime_ns, tmp_path / "scratch"
    scratch.mkdir()
    command = [BIN / "lab", "grade", LAB, "--force", "--jobs", "2", "--student", "ada", "--student", "bao"]
    with subprocess.Popen(
        command, cwd=graded.root, env={**os.environ, "TMPDIR": str(scratch)}, text=True,
        stdout=subprocess.PIPE, stderr=subprocess.PIPE,
    ) as process:  # fmt: skip
        while not done.exists() or done.stat().st_mtime_ns == before:
            assert process.poll() is None
            time.sleep(0.05)
        time.sleep(1)  # the notebook is written a moment before its row is known
        process.send_signal(signal.SIGINT)
        table, told = process.communicate(timeout=30)
    assert process.returncode == 130, told
    assert "ada" in table
    assert "bao" not in table
    assert f"1 of 2 submissions are done, and what is done is kept\n  → go on with the others: lab grade {LAB}" in told
    assert "Traceback" not in told
    assert list(scratch.glob("lab-box-*")) == []
    assert [file for file in Path("/proc").glob("[0-9]*/environ") if str(scratch).encode() in _bytes(file)] == []


def _bytes(file: Path) -> bytes:
    """Return the contents of a file; empty if it can't be read."""
    with contextlib.suppress(OSError):
        return file.read_bytes()
    return b""


@pytest.mark.parametrize("points", [None, [], True, "4", float("nan"), float("inf"), 4.5, -1])
def test_invalid_points_are_refused(points: Any) -> None:
    """Points that are no number, not finite, negative or above the maximum are None; other points count."""
    assert sound_points(points, 4) is None
    assert [sound_points(valid, 4) for valid in (0, 1.5, 4)] == [0.0, 1.5, 4.0]


def _messages(path: Any) -> list[str]:
    """Return the outputs of each graded cell of a graded notebook, as JSON."""
    cells = nbformat.read(path, as_version=4).cells
    return [json.dumps(cell.get("outputs")) for cell in cells if cell.metadata.get("nbgrader", {}).get("grade")]
