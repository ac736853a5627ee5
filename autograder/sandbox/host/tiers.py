"""Finds the tiers of isolation that this machine offers, by a trial of each.

Runs in the grader's process.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

import autograder
from autograder.errors import AutograderError
from autograder.sandbox.guest.isolation import TIERS
from autograder.sandbox.host.client import CellResult, SandboxError
from autograder.sandbox.host.launcher import Zygote

__all__ = ["TIERS", "TierStatus", "UnprotectedError", "probe_tiers", "start_strongest"]

PROMISES = {
    "namespaces": "student code has its own file system, processes, network and user",
    "landlock": "student code reads and writes only what it may, and can't reach other processes",
    "rlimits": "student code is limited in memory and time, and could read files and reach processes of whoever grades",
}
"""A sentence on the protection of each tier."""

CURES = {
    "namespaces": "Linux 5.12 or newer; on Ubuntu allow user namespaces: "
    "sudo sysctl kernel.apparmor_restrict_unprivileged_userns=0",
    "landlock": "Linux 5.13 or newer, with landlock among the names in /sys/kernel/security/lsm",
    "rlimits": "Linux; on macOS it is not tested",
}
"""The requirements of each tier."""


class UnprotectedError(AutograderError):
    """Raised if none of the tiers that the caller accepts works on this machine."""


@dataclass(frozen=True)
class TierStatus:
    """A tier, and the problem that keeps it from working on this machine."""

    tier: str
    problem: str
    """Why the tier doesn't work; "" if it works."""

    @property
    def promise(self) -> str:
        """A sentence on the tier's protection."""
        return PROMISES[self.tier]

    @property
    def cure(self) -> str:
        """The requirements of the tier."""
        return CURES[self.tier]


def probe_tiers(hidden: Iterable[Path] = (), tiers: Sequence[str] = TIERS) -> list[TierStatus]:
    """Try each tier in turn and return its status. hidden: course folders that student code may not read."""
    statuses = []
    for tier in tiers:
        try:
            start_tried(tier, hidden).close()
            statuses.append(TierStatus(tier, ""))
        except SandboxError as error:
            statuses.append(TierStatus(tier, str(error)))
    return statuses


def start_strongest(tiers: Sequence[str], hidden: Iterable[Path] = ()) -> Zygote:
    """Return a zygote of the first of these tiers that works here. Raises UnprotectedError if none does."""
    problems = []
    for tier in tiers:
        try:
            return start_tried(tier, hidden)
        except SandboxError as error:
            problems.append(f"{tier}: {error}")
    raise UnprotectedError(
        "student code can't be kept apart from the grader here: " + "; ".join(problems),
        "see what is missing: lab doctor; or, for notebooks you trust: lab grade --allow-unprotected",
    )


def start_tried(tier: str, hidden: Iterable[Path] = ()) -> Zygote:
    """Return a zygote of a tier, after a trial in its first fork. Raises SandboxError if the trial fails.

    The trial fails if its cell raises or, except with the tier "rlimits", if one of its forbidden actions succeeds.
    """
    zygote = Zygote(tier, hidden)
    try:
        with zygote.fork() as client:
            client.settle(0, {})
            result = client.run(_TRIAL.format(package=str(Path(autograder.__file__).parent)), 20)
        breaches = _printed_text(result) if tier != "rlimits" else ""
        if result.problem or result.error or breaches:
            raise SandboxError(result.problem or breaches or f"a trial ended in {result.error}")
    except SandboxError:
        zygote.close()
        raise
    return zygote


_TRIAL = """
import os, socket
def possible(what, attempt):
    try:
        attempt()
        print(what, end="; ")
    except (OSError, ImportError):
        pass
possible("it could read this package", lambda: open(os.path.join({package!r}, "cli.py")).read())
possible("it could list this package", lambda: os.listdir({package!r}))
possible("it could write outside", lambda: open("/var/tmp/lab-trial", "w"))
possible("it could read processes", lambda: open("/proc/self/environ").read())
def connect():
    try:
        socket.create_connection(("127.0.0.1", 9), 1).close()
    except ConnectionRefusedError:
        pass  # somebody was there to refuse it
possible("it could reach the network", connect)
open("own", "w").write("x")
"""
"""The trial's cell: prints each forbidden action that succeeds, whatever Linux reported at the set-up."""


def _printed_text(result: CellResult) -> str:
    """Return the text that a cell has printed, without separators at its ends."""
    texts = (output.get("text") for output in result.outputs if type(output) is dict)
    return "".join(text for text in texts if type(text) is str).strip("; ")
