"""Which isolation this machine offers, found out by really running it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

import autograder
from autograder.errors import AutograderError
from autograder.sandbox.guest.isolation import TIERS
from autograder.sandbox.host.client import Ran, SandboxError
from autograder.sandbox.host.launcher import Zygote

__all__ = ["TIERS", "Offer", "UnprotectedError", "offers", "strongest"]

PROMISES = {
    "namespaces": "student code has its own file system, processes, network and user",
    "landlock": "student code reads and writes only what it may, and can't reach other processes",
    "rlimits": "student code is limited in memory and time, and could read files and reach processes of whoever grades",
}
"""What each tier keeps, in a sentence."""

CURES = {
    "namespaces": "Linux 5.12 or newer; on Ubuntu allow user namespaces: "
    "sudo sysctl kernel.apparmor_restrict_unprivileged_userns=0",
    "landlock": "Linux 5.13 or newer, with landlock among the names in /sys/kernel/security/lsm",
    "rlimits": "Linux; on macOS it is not tested",
}


class UnprotectedError(AutograderError):
    """No isolation that will do is to be had on this machine."""


@dataclass(frozen=True)
class Offer:
    """Whether this machine offers a tier."""

    tier: str
    problem: str
    """Why it does not; empty where it does."""

    @property
    def promise(self) -> str:
        """What it keeps."""
        return PROMISES[self.tier]

    @property
    def cure(self) -> str:
        """What would make it available."""
        return CURES[self.tier]


def offers(hidden: Iterable[Path] = (), tiers: Sequence[str] = TIERS) -> list[Offer]:
    """Try each tier, from the strongest to the weakest."""
    made = []
    for tier in tiers:
        try:
            tried(tier, hidden).close()
            made.append(Offer(tier, ""))
        except SandboxError as error:
            made.append(Offer(tier, str(error)))
    return made


def strongest(tiers: Sequence[str], hidden: Iterable[Path] = ()) -> Zygote:
    """A warm process of the first of these tiers that works here. Raises UnprotectedError."""
    problems = []
    for tier in tiers:
        try:
            return tried(tier, hidden)
        except SandboxError as error:
            problems.append(f"{tier}: {error}")
    raise UnprotectedError(
        "student code can't be kept apart from the grader here: " + "; ".join(problems),
        "see what is missing: lab doctor; or, for notebooks you trust: lab grade --allow-unprotected",
    )


def tried(tier: str, hidden: Iterable[Path] = ()) -> Zygote:
    """A warm process whose first fork kept what the tier promises. Raises SandboxError."""
    zygote = Zygote(tier, hidden)
    try:
        with zygote.fork() as box:
            box.settle(0, {}, {})
            ran = box.run(_TRIAL.format(package=str(Path(autograder.__file__).parent)), 20)
        wrong = _printed(ran) if tier != "rlimits" else ""
        if ran.problem or ran.error or wrong:
            raise SandboxError(ran.problem or wrong or f"a trial ended in {ran.error}")
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
"""What must not be possible in a sandbox, whatever the kernel answered when it was asked for."""


def _printed(ran: Ran) -> str:
    texts = (output.get("text") for output in ran.outputs if type(output) is dict)
    return "".join(text for text in texts if type(text) is str).strip("; ")
