"""Limits the time of a sandbox's requests, as a machine with nothing else to do would measure it.

Each second of a request counts as one of three: the sandbox's processes compute, they could compute but other processes
of this machine have the processor, or they wait: they sleep, or a lock or a file is not there yet. Only the first and
the last are limited, so that a busy machine costs a student nothing. The grader reads both from Linux, from outside:
nothing that student code does to its own clocks or timers changes them.

Runs in the grader's process.
"""

from __future__ import annotations

import contextlib
import os
import time
from collections.abc import Sequence
from types import TracebackType

from autograder.sandbox.guest.errors import CallTimeoutError

POLL_SECONDS = 0.1
"""Seconds of requests after which the grader reads the times of the sandbox's processes again."""
MAX_DELAY = 10
"""How many times its limit a request may last in all, because this machine is busy."""
UNKNOWN_DELAY = 4
"""How many times its limit a request may wait where Linux does not say how long it waited for a processor."""
_MAX_PROCESSES = 500
"""Number of processes of a sandbox whose times are read; the tier "namespaces" allows fewer."""
_TICK = 1 / os.sysconf("SC_CLK_TCK")


class BusyMachineError(BaseException):
    """Raised if this machine is too busy to run a request: no fault of the submission, and no exception of its code.

    Not an Exception, because checks turn those into messages to the student.
    """


class ProcessTimes:
    """The times of all processes of one sandbox together, read from /proc. supervisor: a pidfd of their ancestor."""

    def __init__(self, supervisor: int) -> None:
        self._supervisor = supervisor
        self._computed, self._delayed = self._read()
        self.knows_delay = self._delayed is not None
        """True if Linux says how long the processes waited for a processor."""
        self.unread = 0.0
        """Seconds of requests since the latest `since_last_read`."""

    def since_last_read(self) -> tuple[float, float]:
        """Return the seconds for which the processes computed, and waited for a processor, since the latest read.

        A process that ends may take some of its times with it: they then count as waiting.
        """
        before, delayed_before, self.unread = self._computed, self._delayed or 0.0, 0.0
        self._computed, self._delayed = self._read()
        return max(0.0, self._computed - before), max(0.0, (self._delayed or 0.0) - delayed_before)

    def _read(self) -> tuple[float, float | None]:
        """Return the seconds of processor time, and of delay or None if it is unknown, since the processes started.

        Processor time includes that of descendants that ended. Each process is read before its children, so that a
        process that ends meanwhile is not counted twice.
        """
        ticks, delay = 0, 0.0
        knows_delay = False
        for process in (processes := [_process_of(self._supervisor)]):
            with contextlib.suppress(OSError, ValueError, IndexError):  # it has ended meanwhile
                fields = _contents(f"/proc/{process}/stat").rpartition(b")")[2].split()
                ticks += sum(map(int, fields[11:15]))  # utime, stime, cutime, cstime
                for task in os.listdir(f"/proc/{process}/task"):
                    with contextlib.suppress(OSError, ValueError, IndexError):
                        if len(processes) < _MAX_PROCESSES:
                            processes += map(int, _contents(f"/proc/{process}/task/{task}/children").split())
                        delay += int(_contents(f"/proc/{process}/task/{task}/schedstat").split()[1]) / 1e9
                        knows_delay = True
        return ticks * _TICK, delay if knows_delay else None


def _process_of(pidfd: int) -> int:
    """Return the number of the process of a pidfd; -1 if it has ended, and where there is no /proc."""
    with contextlib.suppress(OSError, ValueError, IndexError):
        return int(_contents(f"/proc/self/fdinfo/{pidfd}").split(b"\nPid:")[1].split()[0])
    return -1


def _contents(path: str) -> bytes:
    """Return the contents of a file. Raises OSError."""
    with open(path, "rb", buffering=0) as file:
        return file.read()


class TimeLimit:
    """A limit that one request or several share: they may compute for so many seconds, and wait for as long.

    whole: what the limit is for, as the subject of a sentence on requests that exceed it.
    """

    def __init__(self, seconds: float, whole: str = "it") -> None:
        self.seconds, self._whole = seconds, whole
        self._pending = 0.0
        """Seconds of requests whose use is not known yet."""
        self._computed = self._delayed = self._waited = 0.0

    @property
    def is_over(self) -> bool:
        """True if no time is left, so that no further request should begin."""
        return max(self._computed, self._waited) >= self.seconds or self._all >= MAX_DELAY * self.seconds

    @property
    def _all(self) -> float:
        return self._computed + self._delayed + self._waited

    def add(self, seconds: float) -> None:
        """Count seconds of a request."""
        self._pending += seconds

    def split(self, computed: float, delayed: float) -> None:
        """Say for how much of the time counted since the last call the sandbox computed, or waited for a processor.

        Two processes that compute at a time count once. What was earlier than that time counts no further.
        """
        computed = min(computed, self._pending)
        delayed = min(delayed, self._pending - computed)
        self._computed += computed
        self._delayed += delayed
        self._waited += self._pending - computed - delayed
        self._pending = 0.0

    def check(self, knows_delay: bool) -> None:
        """Raise CallTimeoutError if the requests computed or waited for too long, BusyMachineError at MAX_DELAY.

        knows_delay: see `ProcessTimes`.
        """
        if self._computed >= self.seconds:
            raise CallTimeoutError(
                f"{self._whole} computed for {self.seconds:g} seconds without an end: does a loop never end?"
            )
        if self._waited >= self.seconds * (1 if knows_delay else UNKNOWN_DELAY):
            raise CallTimeoutError(
                f"{self._whole} waited for {self.seconds:g} seconds and did not go on: "
                "does it sleep, or wait for something that never comes?"
            )
        if self._all >= MAX_DELAY * self.seconds:
            raise BusyMachineError(
                f"this machine is too busy: in {self._all:.0f} seconds student code could compute for "
                f"{self._computed:.1f}"
            )


class RequestTimer:
    """Times one request; a `Channel` asks it how long to wait for the sandbox. limits: what the request counts for."""

    def __init__(self, times: ProcessTimes, limits: Sequence[TimeLimit]) -> None:
        self._times, self._limits = times, limits
        self._since = time.monotonic()

    def pause(self) -> float:
        """Return the seconds to wait for the sandbox before asking again. Raises CallTimeoutError, BusyMachineError."""
        self._add_elapsed()
        if self._times.unread >= POLL_SECONDS:
            computed, delayed = self._times.since_last_read()
            for limit in self._limits:
                limit.split(computed, delayed)
            for limit in self._limits:
                limit.check(self._times.knows_delay)
        return POLL_SECONDS

    def _add_elapsed(self) -> None:
        """Count the seconds since the latest call."""
        before, self._since = self._since, time.monotonic()
        self._times.unread += self._since - before
        for limit in self._limits:
            limit.add(self._since - before)

    def __enter__(self) -> RequestTimer:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self._add_elapsed()


class Deadline:
    """A time on the clock by which a message must have come. seconds: from now on."""

    def __init__(self, seconds: float) -> None:
        self._end = time.monotonic() + seconds

    def pause(self) -> float:
        """Return the seconds left. Raises CallTimeoutError if there are none."""
        left = self._end - time.monotonic()
        if left <= 0:
            raise CallTimeoutError
        return left
