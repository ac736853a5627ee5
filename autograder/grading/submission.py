"""Grade one submission: its cells run in a sandbox, its hidden tests in this worker process.

The result depends only on the job; this module writes no grades and no files of the course.
"""

from __future__ import annotations

import atexit
import logging
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from autograder.authoring.lab_text import HIDDEN_MARKERS, region, without_region
from autograder.errors import AutograderError
from autograder.grading.hidden_tests import HiddenTestResult, HiddenTests
from autograder.grading.intake import take_in
from autograder.grading.intake.defined_names import defined_names
from autograder.grading.missing_requirements import explain_lost_points, missing_requirements
from autograder.grading.model import (
    CellGrade,
    GradedNotebook,
    GradingPlan,
    Job,
    PlannedCell,
    SubmissionResult,
)
from autograder.grading.notebook_writer import CellOutcome, graded_notebook_json
from autograder.sandbox.guest.port import seed_of
from autograder.sandbox.host.client import CellResult, SandboxClient, SandboxError
from autograder.sandbox.host.launcher import Zygote
from autograder.sandbox.host.sandbox import Sandbox
from autograder.sandbox.host.tiers import start_strongest
from autograder.sandbox.host.time_limit import BusyMachineError, TimeLimit

CELL_SECONDS = 30.0
"""Default time limit of a cell, in seconds as in `TimeLimit`; a cell's or its lab's `timeout` overrides it."""
NOTEBOOK_SECONDS = 900.0
"""Time limit of all cells and hidden tests' requests of a notebook together, in seconds as in `TimeLimit`."""
FRESH_STARTS = 4
"""Maximum number of restarts after a notebook's process dies; a restart leaves out the cells that ended the process."""
LEFT_OUT = CellResult(({"output_type": "stream", "name": "stdout", "text": "This cell is not run when graded.\n"},))
"""Result of a cell marked `ungraded`: a long run that no graded cell needs."""

_log = logging.getLogger(__name__)
_zygotes: dict[tuple[tuple[str, ...], tuple[str, ...]], Zygote] = {}
"""The zygotes of this worker process, by accepted tiers and hidden folders."""


class GraderError(AutograderError):
    """Raised if a fault of this machine, not of the submission, prevents grading."""


def grade_submission(job: Job) -> SubmissionResult:
    """Grade one submission and return the result; an unreadable notebook becomes a repair or the result's problem.

    Raises UnprotectedError and GraderError for faults of the machine, and UnreadableError if a source notebook can't be
    read.
    """
    intake = take_in(job)
    notebooks = tuple(_grade_notebook(job, plan) for plan in intake.plans)
    return SubmissionResult(job.student, job.lab, notebooks, intake.repairs, intake.problem, intake.other_files)


def _grade_notebook(job: Job, plan: GradingPlan) -> GradedNotebook:
    """Run and grade one notebook of a submission. Raises UnprotectedError and GraderError."""
    try:
        with _Session(job, plan) as session:
            outcomes = [session.outcome(part) for part in plan.parts]
    except (SandboxError, OSError, BusyMachineError) as error:
        raise GraderError(
            f"{job.student}'s {plan.notebook} could not be run: {error}", "lab doctor says more"
        ) from error
    cell_grades = tuple(
        replace(grade, answer=plan.answer_of(grade.grade_id))
        for part, outcome in zip(plan.parts, outcomes, strict=True)
        for grade in _cell_grades(part, outcome)
    )
    text = graded_notebook_json(plan, outcomes, job.source_notebooks[plan.notebook])
    untouched = tuple(part.grade_id for part in plan.parts if part.untouched and part.grade_id)
    results = [outcome.test_result for outcome in outcomes if outcome.test_result]
    return GradedNotebook(
        plan.notebook,
        text,
        cell_grades,
        untouched,
        plan.repairs,
        scaled=tuple(_scaled_cells(plan, outcomes)),
        missing_requirements=session.missing_requirements,
        undiagnosed=tuple(result.score.task for result in results if result.score and result.score.undiagnosed),
    )


def _cell_grades(part: PlannedCell, outcome: CellOutcome) -> Iterator[CellGrade]:
    """Yield the cell grade of a test or a written answer; nothing for other cells.

    A test's points are those of its score record; it needs manual review without one, and where this machine lacked
    something. An answer needs manual review, or has 0 points if untouched.
    """
    if part.kind == "test":
        score, full = outcome.test_result.score if outcome.test_result else None, part.full_points
        # A score is rounded to six digits, which may be above the cell's points.
        points = None if score is None else score.points if full is None else min(score.points, full)
        yield CellGrade(
            part.grade_id, points, review=score is None or bool(outcome.missing_requirement), bonus=part.bonus
        )
    elif part.kind == "answer":
        yield CellGrade(part.grade_id, 0.0 if part.untouched else None, review=not part.untouched)


def _scaled_cells(plan: GradingPlan, outcomes: Sequence[CellOutcome]) -> Iterator[str]:
    """Yield a sentence for the instructor on each test cell that counts other points than its hidden test gives."""
    for part, outcome in zip(plan.parts, outcomes, strict=True):
        own, full = outcome.test_result.own_maximum if outcome.test_result else None, part.full_points
        if own is not None and full is not None:
            yield (
                f"{part.grade_id} in {plan.notebook} counts {full:g} points, and its hidden test gives {own:g}: "
                + ("points were scaled" if own else "nobody can earn them")
                + f"\n  → to keep {full:g}, set them in the lab's text in notebooks/, too, and run lab build; "
                f"else put {own:g} back into source/"
            )


@dataclass
class _Session:
    """Runs one planned notebook in a sandbox, which it restarts if the notebook's process dies."""

    job: Job
    plan: GradingPlan
    _hidden_tests: HiddenTests = field(default_factory=HiddenTests)
    _completed: list[tuple[str, float, bool]] = field(default_factory=list)
    """Arguments of `SandboxClient.run` for each cell that ran without a problem: a restart runs these cells again."""
    _stopped: dict[str, str] = field(default_factory=dict)
    """How the cell stopped that would have defined a name, by names."""
    _starts: int = 0
    """Number of starts so far, the first one included."""
    _client: SandboxClient | None = None

    def __post_init__(self) -> None:
        self._limit = TimeLimit(NOTEBOOK_SECONDS, "the whole notebook")
        self._identity = f"{self.job.lab}/{self.plan.notebook}/{self.job.student}"
        self._sources = {part.grade_id: part.source for part in self.plan.parts if part.kind == "solution"}
        own = [part.source for part in self.plan.parts if part.is_code and part.kind in ("solution", "extra")]
        self.missing_requirements = missing_requirements(own)

    def __enter__(self) -> _Session:
        self._start()
        return self

    def __exit__(self, *_: object) -> None:
        if self._client is not None:
            self._client.close()

    def outcome(self, part: PlannedCell) -> CellOutcome:
        """Run one cell, and for a test cell its hidden test, and return the outcome.

        Raises SandboxError, OSError, BusyMachineError.
        """
        if not part.is_code:
            return CellOutcome()
        if part.kind == "code" and part.metadata.get("autograder", {}).get("ungraded"):
            return CellOutcome(LEFT_OUT)
        if part.kind != "test":
            if part.kind == "locked":
                self._hidden_tests.define(part.source)
            return CellOutcome(self._run(part, part.source))
        cell_result = self._run(part, without_region(part.source, HIDDEN_MARKERS))
        test_result = self._run_hidden_test(part)
        explanation = explain_lost_points(test_result.score, self.missing_requirements)
        return CellOutcome(cell_result, test_result, explanation)

    def _run_hidden_test(self, part: PlannedCell) -> HiddenTestResult:
        """Run a test cell's hidden test in this process and return its result; log its problem, if it has one."""
        client = self._running_client()
        test_result = self._hidden_tests.score(
            region(part.source, HIDDEN_MARKERS),
            Sandbox(client, self._sources, self._identity, [self._limit], self._stopped),
        )
        if test_result.problem:
            _log.warning("%s, %s: the hidden test failed:\n%s", self._identity, part.grade_id, test_result.problem)
        full = part.full_points
        return test_result if full is None else test_result.scaled_to(full)

    def _run(self, part: PlannedCell, source: str) -> CellResult:
        """Run a cell's source in the sandbox and return its result; blank cells are not run.

        After the notebook's time limit cells are not run either, and their result has a problem.
        """
        if not source.strip():
            return CellResult(())
        if self._limit.is_over:
            return CellResult((), problem="it did not run: the time for the whole notebook was over")
        seconds = _time_limit(part, self.plan)
        client = self._running_client()
        draw = self.job.draw_given or part.kind in ("solution", "extra")
        cell_result = client.run(source, seconds, draw, [self._limit])
        if not cell_result.problem:
            self._completed.append((source, seconds, draw))
        if part.kind != "test" and (how := _how_it_stopped(cell_result)):
            self._stopped |= dict.fromkeys(defined_names(source)[0], how)
        return cell_result

    def _running_client(self) -> SandboxClient:
        """Return the client of the sandbox; if it has ended, start another and run the completed cells in it again.

        After FRESH_STARTS restarts or the notebook's time limit, return the client of the ended sandbox. If a completed
        cell ends the new sandbox, the next restart leaves it out.
        """
        assert self._client is not None
        while self._client.ended and self._starts <= FRESH_STARTS and not self._limit.is_over:
            self._start()
            completed, self._completed = self._completed, []
            for index, (source, seconds, draw) in enumerate(completed):
                if not self._client.run(source, seconds, draw, [self._limit]).problem:
                    self._completed.append((source, seconds, draw))
                elif self._client.ended:
                    self._completed += completed[index + 1 :]
                    break
        return self._client

    def _start(self) -> None:
        """Start a sandbox; try once more if the first attempt fails. Raises SandboxError."""
        self._starts += 1
        try:
            self._fork()
        # Another submission on the same machine may disturb one start, but hardly two in a row.
        except SandboxError:
            self._fork()

    def _fork(self) -> None:
        """Fork a sandbox and send it the seed and the data files. Raises SandboxError."""
        self._client = _zygote(self.job).fork()
        self._client.settle(seed_of(self._identity, ""), self.job.data_files)


@atexit.register
def _close_zygotes() -> None:
    """End the zygotes when this worker process exits."""
    while _zygotes:
        _zygotes.popitem()[1].close()


def _how_it_stopped(cell_result: CellResult) -> str:
    """Return how a cell stopped, as a sentence on "its cell"; "" if it did not, or is not written yet."""
    if cell_result.problem:
        return f"did not finish: {cell_result.problem}"
    if cell_result.error in ("", "NotImplementedError"):
        return ""
    line = f", in the line `{cell_result.line}`" if cell_result.line else ""
    return f"stopped with `{f'{cell_result.error}: {cell_result.text}'.rstrip(': ')}`{line}"


def _time_limit(part: PlannedCell, plan: GradingPlan) -> float:
    """Return a cell's time limit in seconds: its own, else its lab's, else CELL_SECONDS."""
    timeout: Any = part.metadata.get("autograder", {}).get("timeout") or plan.metadata.get("autograder", {}).get(
        "timeout"
    )
    return float(timeout or CELL_SECONDS)


def _zygote(job: Job) -> Zygote:
    """Return this worker's zygote for the job's tiers and hidden folders; start one if none is alive.

    Raises UnprotectedError if no accepted tier works on this machine.
    """
    key = job.tiers, job.hidden
    zygote = _zygotes.get(key)
    if zygote is None or not zygote.alive:
        if zygote is not None:
            zygote.close()
        zygote = _zygotes[key] = start_strongest(job.tiers, [Path(folder) for folder in job.hidden])
    return zygote
