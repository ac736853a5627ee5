"""Worker processes, each with one job at a time; one that dies costs its own job only.

Runs in the main process. concurrent.futures breaks the whole pool when one process dies, without telling whose job it
had; multiprocessing runs the main program's file again in each worker, which here may be a Jupyter server.
"""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import sys
import time
from collections import Counter, deque
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from multiprocessing import Pipe
from multiprocessing.connection import wait
from typing import Any

LIMIT = 3600.0
"""Seconds after which the pool gives a job up; a submission's own time limits are far shorter."""

TRIES = 2
"""Number of starts of a job whose process dies."""

_PATIENCE = 5.0
"""Seconds that a worker has to clean up after SIGTERM."""

# One thread a process: each numerical library would start one for every core.
_ONE_THREAD = {name: "1" for name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS")}


@dataclass(frozen=True)
class JobFailure:
    """A job without a result."""

    problem: str
    """The reason, in a sentence."""
    hopeless: bool = False
    """True if every other job would fail for the same reason."""


class Pool:
    """Worker processes that apply a function to jobs."""

    def __init__(self, work: str, size: int, limit: float = LIMIT) -> None:
        """Start the processes, which get ready while this one goes on.

        work: the function, as MODULE:FUNCTION; it takes and returns what can be pickled.
        """
        self._work, self._limit = work, limit
        self._idle = [_Worker(work) for _ in range(size)]
        self._busy: list[_Worker] = []

    def __enter__(self) -> Pool:
        return self

    def __exit__(self, *_: object) -> None:
        workers = self._idle + self._busy
        for worker in workers:
            worker.dismiss(idle=worker in self._idle)
        for worker in workers:
            worker.end()

    def each(self, names: Sequence[str], load: Callable[[str], Any]) -> Iterator[tuple[str, Any]]:
        """Do the job of each name; yield each name with its result or JobFailure, in the order of completion.

        load: makes a job once a process is free, so that no more jobs are in memory than are being done; raises what it
        raises. A job whose process dies is started once more, then given up.
        """
        waiting, begun = deque(names), Counter[str]()
        while waiting or self._busy:
            while waiting and self._idle:
                name = waiting.popleft()
                begun[name] += 1
                self._busy.append(self._idle.pop())
                self._busy[-1].begin(name, load(name))
            for worker in self._done():
                self._busy.remove(worker)
                try:
                    answer = worker.answer()
                    self._idle.append(worker)
                # Nobody is there any more, or half an answer is.
                except (EOFError, OSError):
                    worker.end()
                    self._idle.append(_Worker(self._work))
                    if begun[worker.name] < TRIES:
                        waiting.append(worker.name)
                        continue
                    answer = JobFailure(f"the process that graded {worker.name} was {worker.fate} {TRIES} times")
                yield worker.name, answer

    def _done(self) -> list[_Worker]:
        """Return the workers with an answer, or dead; waits for the first."""
        due = min(worker.since for worker in self._busy) + self._limit
        ready = wait([worker.connection for worker in self._busy], max(0.0, due - time.monotonic()))
        if not ready:
            for worker in self._busy:
                if worker.since + self._limit <= time.monotonic():
                    worker.kill()
        return [worker for worker in self._busy if worker.connection in ready]


class _Worker:
    """A worker process and the connection to it."""

    def __init__(self, work: str) -> None:
        self.name, self.since = "", 0.0
        self.connection, theirs = Pipe()
        with theirs:
            self._process = subprocess.Popen(
                # -P: a folder of the course must not stand in for a library.
                [sys.executable, "-P", "-m", "autograder.grading.worker", str(theirs.fileno()), work],
                pass_fds=[theirs.fileno()],
                stdin=subprocess.DEVNULL,
                # Ctrl-C is for this process to answer; and what a worker started can be ended with it.
                start_new_session=True,
                env={**os.environ, **_ONE_THREAD},
            )

    def begin(self, name: str, job: Any) -> None:
        """Send a job; a dead process shows when its answer is read."""
        self.name, self.since = name, time.monotonic()
        with contextlib.suppress(OSError):
            self.connection.send(job)

    def answer(self) -> Any:
        """Return the job's result. Raises EOFError or OSError if the process is dead."""
        return self.connection.recv()

    @property
    def fate(self) -> str:
        """Return a sentence on how the process died."""
        code = self._process.returncode
        return f"killed by {signal.Signals(-code).name}" if code < 0 else f"ended with exit code {code}"

    def dismiss(self, idle: bool) -> None:
        """End the process: closing the connection ends an idle one; one at work, or still starting, needs a signal."""
        self.connection.close()
        if not idle or not self.name:
            self._process.terminate()

    def kill(self) -> None:
        """End the process and all that it started and that did not leave its session."""
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self._process.pid, signal.SIGKILL)

    def end(self) -> None:
        """Wait for the process to end; kill it after _PATIENCE seconds."""
        self.connection.close()
        end, still = time.monotonic() + _PATIENCE, os.WEXITED | os.WNOHANG | os.WNOWAIT
        while os.waitid(os.P_PID, self._process.pid, still) is None and time.monotonic() < end:
            time.sleep(0.01)
        # Before its exit is taken note of: afterwards the system may give its number to another process.
        self.kill()
        self._process.wait()
