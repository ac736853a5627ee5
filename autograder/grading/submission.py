"""Grades one submission, in a worker process: its cells run in a sandbox, the hidden tests in this process.

`grade_submission` is a pure function from a Job to a SubmissionResult.
"""

from __future__ import annotations

import atexit
import logging
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from autograder.authoring.lab_text import HIDDEN_MARKERS, region, without_region
from autograder.errors import AutograderError
from autograder.grading.hidden_tests import HiddenTestResult, HiddenTests
from autograder.grading.intake import SourceNotebook, Stubs, UnreadableError, choose, rebuild
from autograder.grading.model import (
    CellGrade,
    GradedNotebook,
    GradingPlan,
    Job,
    PlannedCell,
    Repair,
    SubmissionResult,
    SubmittedFile,
)
from autograder.grading.notebook_writer import CellOutcome, graded_notebook_json
from autograder.sandbox.guest.port import seed_of
from autograder.sandbox.host.client import CellResult, SandboxClient, SandboxError
from autograder.sandbox.host.launcher import Zygote
from autograder.sandbox.host.sandbox import Sandbox
from autograder.sandbox.host.tiers import start_strongest

CELL_SECONDS = 30.0
"""Seconds that a cell may take where neither the cell nor its lab sets a limit."""
NOTEBOOK_SECONDS = 900.0
"""Seconds that all cells of a notebook and all calls of its hidden tests may take together."""
FRESH_STARTS = 4
"""Number of new sandboxes for a notebook whose sandbox ended; the cells that ended one are left out."""
LEFT_OUT = CellResult(({"output_type": "stream", "name": "stdout", "text": "This cell is not run when graded.\n"},))
"""The result of a cell that no graded cell needs and that is not run."""

_log = logging.getLogger(__name__)
_zygotes: dict[tuple[tuple[str, ...], tuple[str, ...]], Zygote] = {}
"""The warm processes of this worker, by accepted tiers and hidden folders."""


class GraderError(AutograderError):
    """A machine on which submissions can't run."""


def grade_submission(job: Job) -> SubmissionResult:
    """Grade one submission. Raises UnprotectedError and GraderError for faults of the machine."""
    stubs = Stubs(*job.stubs) if job.stubs else None
    masters = {name: SourceNotebook.read(name, data, stubs) for name, data in sorted(job.masters.items())}
    chosen, repairs = choose(job.files, masters)
    notebooks, problems = [], []
    for name, file in chosen.items():
        try:
            notebooks.append(_graded(job, masters[name], file))
        except UnreadableError as error:
            problems.append(str(error))
    if not chosen:
        names = ", ".join(f"{name}.ipynb" for name in masters)
        problems.append(f"{job.student} submitted no notebook for {job.lab}\n  → it should be called {names}")
    problem = "\n".join(problems) if not notebooks else ""
    told = [Repair("unreadable", text) for text in problems if notebooks]
    return SubmissionResult(job.student, job.lab, tuple(notebooks), (*job.repairs, *repairs, *told), problem)


def _graded(job: Job, master: SourceNotebook, file: SubmittedFile) -> GradedNotebook:
    plan = rebuild(master, file)
    try:
        with _Session(job, plan) as session:
            outcomes = [session.outcome(part) for part in plan.parts]
    except (SandboxError, OSError) as error:
        raise GraderError(
            f"{job.student}'s {plan.notebook} could not be run: {error}", "lab doctor says more"
        ) from error
    marks = tuple(mark for part, outcome in zip(plan.parts, outcomes, strict=True) for mark in _marks(part, outcome))
    text = graded_notebook_json(plan, outcomes, job.masters[plan.notebook])
    untouched = tuple(part.grade_id for part in plan.parts if part.untouched and part.grade_id)
    return GradedNotebook(plan.notebook, text, marks, untouched, plan.repairs)


def _marks(part: PlannedCell, outcome: CellOutcome) -> Iterator[CellGrade]:
    """Yield the grade of a graded cell: the points of a test's score record; none yet for a written answer."""
    if part.kind == "test":
        score = outcome.verdict.score if outcome.verdict else None
        bonus = float(part.metadata.get("autograder", {}).get("bonus", 0))
        yield CellGrade(part.grade_id, score.points if score else None, review=score is None, bonus=bonus)
    elif part.kind == "answer":
        yield CellGrade(part.grade_id, 0.0 if part.untouched else None, review=not part.untouched)


@dataclass
class _Session:
    """A student's notebook while it runs, with its sandbox and its hidden tests."""

    job: Job
    plan: GradingPlan
    _trusted: HiddenTests = field(default_factory=HiddenTests)
    _ran: list[tuple[str, float, bool]] = field(default_factory=list)
    """Arguments of `SandboxClient.run` for the cells that did not end the sandbox; a new sandbox runs them again."""
    _starts: int = 0
    _box: SandboxClient | None = None

    def __post_init__(self) -> None:
        self._until = time.monotonic() + NOTEBOOK_SECONDS
        self._identity = f"{self.job.lab}/{self.plan.notebook}/{self.job.student}"
        self._sources = {part.grade_id: part.source for part in self.plan.parts if part.kind == "solution"}

    def __enter__(self) -> _Session:
        self._start()
        return self

    def __exit__(self, *_: object) -> None:
        if self._box is not None:
            self._box.close()

    def outcome(self, part: PlannedCell) -> CellOutcome:
        """Run one cell; for a test cell also its hidden region."""
        if not part.is_code:
            return CellOutcome()
        if part.kind == "code" and part.metadata.get("autograder", {}).get("ungraded"):
            return CellOutcome(LEFT_OUT)
        if part.kind != "test":
            if part.kind == "locked":
                self._trusted.define(part.source)
            return CellOutcome(self._run(part, part.source))
        ran = self._run(part, without_region(part.source, HIDDEN_MARKERS))
        return CellOutcome(ran, self._verdict(part))

    def _verdict(self, part: PlannedCell) -> HiddenTestResult:
        box = self._living()
        verdict = self._trusted.score(
            region(part.source, HIDDEN_MARKERS), Sandbox(box, self._sources, self._identity, self._until)
        )
        if verdict.problem:
            _log.warning("%s, %s: the hidden test failed:\n%s", self._identity, part.grade_id, verdict.problem)
        return verdict

    def _run(self, part: PlannedCell, source: str) -> CellResult:
        if not source.strip():
            return CellResult(())
        left = self._until - time.monotonic()
        if left <= 0:
            return CellResult((), problem="it did not run: the time for the whole notebook was over")
        seconds = min(left, _seconds(part, self.plan))
        box = self._living()
        draw = self.job.draw_given or part.kind in ("solution", "extra")
        ran = box.run(source, seconds, draw)
        if not ran.problem:
            self._ran.append((source, seconds, draw))
        return ran

    def _living(self) -> SandboxClient:
        """Return the sandbox; where it has ended, a new one in which the earlier harmless cells have run again."""
        assert self._box is not None
        while self._box.ended and self._starts <= FRESH_STARTS and time.monotonic() < self._until:
            self._start()
            ran, self._ran = self._ran, []
            for source, seconds, draw in ran:
                if not self._box.run(source, min(seconds, self._until - time.monotonic()), draw).problem:
                    self._ran.append((source, seconds, draw))
                elif self._box.ended:
                    break
        return self._box

    def _start(self) -> None:
        self._starts += 1
        try:
            self._begin()
        # Load from another submission may make a start fail; two failures in a row are unlikely.
        except SandboxError:
            self._begin()

    def _begin(self) -> None:
        self._box = _zygote(self.job).fork()
        self._box.settle(seed_of(self._identity, ""), self.job.beside, self._sources)


@atexit.register
def _close() -> None:
    """End the warm processes of this worker."""
    while _zygotes:
        _zygotes.popitem()[1].close()


def _seconds(part: PlannedCell, plan: GradingPlan) -> float:
    said: Any = part.metadata.get("autograder", {}).get("timeout") or plan.metadata.get("autograder", {}).get("timeout")
    return float(said or CELL_SECONDS)


def _zygote(job: Job) -> Zygote:
    """Return the warm process for a job; start one where there is none or it has ended."""
    key = job.tiers, job.hidden
    zygote = _zygotes.get(key)
    if zygote is None or not zygote.alive:
        if zygote is not None:
            zygote.close()
        zygote = _zygotes[key] = start_strongest(job.tiers, [Path(folder) for folder in job.hidden])
    return zygote
