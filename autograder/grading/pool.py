"""Run jobs in worker processes, one at a time in each; the death of a worker process harms no other job.

The pool runs in the main process. It does not use concurrent.futures, where one dead process breaks the whole pool and
does not show which job it had. It does not use multiprocessing, which runs the main program's file again in each worker
process: that program may be a Jupyter server.
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

from autograder.sandbox.guest.isolation import ONE_THREAD

LIMIT = 3600.0
"""Time limit of a job, in seconds; a submission has its own, much shorter limits."""

TRIES = 2
"""How often the pool starts a job whose worker process dies."""

_GRACE_SECONDS = 5.0
"""Seconds that a worker process has to clean up and exit, before the pool kills it."""


@dataclass(frozen=True)
class JobFailure:
    """The result of a job that failed."""

    problem: str
    """The cause, as a sentence."""
    hopeless: bool = False
    """True if all other jobs would fail for the same reason."""


class Pool:
    """A fixed number of worker processes that apply one function to jobs."""

    def __init__(self, work: str, size: int, limit: float = LIMIT, verb: str = "graded") -> None:
        """Start the worker processes, without waiting until they are ready.

        work: the function, as MODULE:FUNCTION; its argument and its result must be picklable. size: the number of
        worker processes. limit: the time limit of a job, in seconds. verb: what a worker process does, for the
        message on one that died.
        """
        self._work, self._limit, self._verb = work, limit, verb
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
        """Run the job of each name; yield names with results in the order in which jobs end.

        The result of a failed job is a JobFailure. If a worker process dies, its job starts again, TRIES times in all.
        load: makes the job of a name, as soon as a worker process is free, so that few jobs are in memory. Raises any
        exception of `load`.
        """
        waiting, tries = deque(names), Counter[str]()
        while waiting or self._busy:
            while waiting and self._idle:
                name = waiting.popleft()
                tries[name] += 1
                self._busy.append(self._idle.pop())
                self._busy[-1].begin(name, load(name))
            for worker in self._wait_for_workers():
                self._busy.remove(worker)
                try:
                    answer = worker.answer()
                    self._idle.append(worker)
                # The worker process is dead, perhaps in the middle of its answer.
                except (EOFError, OSError):
                    worker.end()
                    self._idle.append(_Worker(self._work))
                    if tries[worker.name] < TRIES:
                        waiting.append(worker.name)
                        continue
                    answer = JobFailure(f"the process that {self._verb} {worker.name} was {worker.fate} {TRIES} times")
                yield worker.name, answer

    def _wait_for_workers(self) -> list[_Worker]:
        """Wait until a busy worker has answered or died, and return all that have.

        At the time limit of a job, kill its worker and return an empty list; the next call returns that worker.
        """
        deadline = min(worker.since for worker in self._busy) + self._limit
        ready = wait([worker.connection for worker in self._busy], max(0.0, deadline - time.monotonic()))
        if not ready:
            for worker in self._busy:
                if worker.since + self._limit <= time.monotonic():
                    worker.kill()
        return [worker for worker in self._busy if worker.connection in ready]


class _Worker:
    """A worker process and the connection to it; `name` and `since` are its last job's name and start time."""

    def __init__(self, work: str) -> None:
        self.name, self.since = "", 0.0
        self.connection, worker_end = Pipe()
        with worker_end:
            self._process = subprocess.Popen(
                # -P: a module in the course's folder must not shadow a library.
                [sys.executable, "-P", "-m", "autograder.grading.worker", str(worker_end.fileno()), work],
                pass_fds=[worker_end.fileno()],
                stdin=subprocess.DEVNULL,
                # In its own session the worker does not receive Ctrl-C, and `kill` also ends the processes it starts.
                start_new_session=True,
                env={**os.environ, **ONE_THREAD},
            )

    def begin(self, name: str, job: Any) -> None:
        """Send a job. If the process is dead, only `answer` raises an exception."""
        self.name, self.since = name, time.monotonic()
        with contextlib.suppress(OSError):
            self.connection.send(job)

    def answer(self) -> Any:
        """Return the job's result. Raises EOFError or OSError if the process is dead."""
        return self.connection.recv()

    @property
    def fate(self) -> str:
        """Return how a dead process ended, as the end of a sentence."""
        code = self._process.returncode
        return f"killed by {signal.Signals(-code).name}" if code < 0 else f"ended with exit code {code}"

    def dismiss(self, idle: bool) -> None:
        """Close the connection, at which an idle process exits; terminate a process that is busy or still starting.

        idle: True if the process has no job.
        """
        self.connection.close()
        if not idle or not self.name:
            self._process.terminate()

    def kill(self) -> None:
        """Kill the process and its descendants, except those that left its process group."""
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self._process.pid, signal.SIGKILL)

    def end(self) -> None:
        """Close the connection, wait up to _GRACE_SECONDS for the process to exit, and kill the rest of its group."""
        self.connection.close()
        deadline, options = time.monotonic() + _GRACE_SECONDS, os.WEXITED | os.WNOHANG | os.WNOWAIT
        while os.waitid(os.P_PID, self._process.pid, options) is None and time.monotonic() < deadline:
            time.sleep(0.01)
        # `kill` comes before `wait`: after it the system may give the process id to another process.
        self.kill()
        self._process.wait()
