"""`LocalKernel`: the port of a notebook that runs in this very process.

Runs in an author's Jupyter kernel, also under nbval and plain nbgrader; there it protects the notebook and the hidden
test from each other in no way, but that they hold no value in common.
"""

from __future__ import annotations

import linecache
import signal
import threading
from collections.abc import Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager, suppress
from dataclasses import dataclass
from time import monotonic, process_time
from typing import Any

from IPython.core.getipython import get_ipython

from .errors import CallTimeoutError, named_task
from .notebook import Notebook
from .port import Response, Student
from .wire import decode


class LocalKernel(Student):
    """A student whose notebook has run in `namespace`, the dict of its globals, of this process."""

    def __init__(self, namespace: dict[str, Any], sources: Mapping[str, str], identity: str = "") -> None:
        super().__init__(sources, identity)
        self._notebook = Notebook(namespace)

    @classmethod
    def of_this_kernel(cls, identity: str = "") -> LocalKernel:
        """Return a LocalKernel of the notebook whose kernel runs this code. Raises RuntimeError outside IPython."""
        shell = get_ipython()
        if shell is None:
            raise RuntimeError("a hidden test runs in a notebook's kernel, or inside `with student.bound(…)`")
        # nbval runs cells without history: IPython keeps their texts for tracebacks only, in linecache. The history is
        # the raw one: in `In` a cell that begins with a magic is one quoted line.
        cached_cells = [
            "".join(entry[2]) for name, entry in linecache.cache.items() if "ipykernel_" in name and len(entry) > 2
        ]
        cells = _CellHistory([*cached_cells, *shell.history_manager.input_hist_raw])
        return cls(shell.user_ns, cells, identity)

    def within(self, seconds: float) -> AbstractContextManager[None]:
        """See `Student.within`. The limit needs a signal: it holds in the main thread on Unix only.

        Jupyter kernels run their cells in the main thread.
        """
        return _alarm(seconds)

    def _request(
        self, question: str, names: tuple[str | int, ...], values: tuple[bytes, ...], isolated: bool
    ) -> Response:
        response = self._notebook.respond(question, names, values)
        return Response(tuple(map(decode, response.values)), response.error)

    def forget(self, number: int) -> None:
        """See `Student.forget`."""
        self._notebook.forget(number)


@dataclass
class _Clock:
    """The state of the process's alarm: of nested time limits only the outermost sets it."""

    running: bool = False


_clock = _Clock()


@contextmanager
def _alarm(seconds: float) -> Iterator[None]:
    """Raise CallTimeoutError in the block after so many seconds, without those in which it waited for a processor.

    Sets no alarm inside another one, outside the main thread, and where the system has no `setitimer`.
    """
    in_main_thread = threading.current_thread() is threading.main_thread()
    if _clock.running or not in_main_thread or not hasattr(signal, "setitimer"):
        yield
        return
    start, delayed_before, computed_before = monotonic(), _delay(), process_time()

    def stop(*_: object) -> None:
        if _clock.running and monotonic() - start - (_delay() - delayed_before) >= seconds:
            computed = process_time() - computed_before >= seconds / 2
            raise CallTimeoutError(
                f"it computed for {seconds:g} seconds without an end: does a loop never end?" if computed else
                f"it waited for {seconds:g} seconds and did not go on: does it sleep?"
            )  # fmt: skip

    before, _clock.running = signal.signal(signal.SIGALRM, stop), True
    # Repeat every 0.1 seconds: the block may have waited for a processor, or catch the first exception.
    signal.setitimer(signal.ITIMER_REAL, seconds, 0.1)
    try:
        yield
    finally:
        _clock.running = False
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)


def _delay() -> float:
    """Return the seconds for which this process's main thread has waited for a processor; 0 where that is unknown."""
    with suppress(OSError, ValueError, IndexError), open("/proc/self/schedstat", "rb") as file:
        return int(file.read().split()[1]) / 1e9
    return 0.0


class _CellHistory(Mapping[str, str]):
    """Maps each task to the text of its latest cell in a kernel's history, found by the comment that the build writes.

    Supports look-up only: iteration yields no task, and the length is 0.
    """

    def __init__(self, history: Sequence[str]) -> None:
        self._history = history

    def __getitem__(self, task: str) -> str:
        for text in reversed(self._history):
            if task in map(named_task, text.splitlines()):
                return text
        raise KeyError(task)

    def __iter__(self) -> Iterator[str]:
        return iter(())

    def __len__(self) -> int:
        return 0
