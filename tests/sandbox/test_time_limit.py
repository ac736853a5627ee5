"""Tests of time limits: they count what a sandbox computes and waits for, not what other processes compute."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Iterator
from typing import Any

import pytest

from autograder.sandbox.guest.errors import CallTimeoutError
from autograder.sandbox.host.time_limit import BusyMachineError, TimeLimit

from .conftest import text_of


def spent(seconds: float, computed: float, delayed: float, knows_delay: bool = True) -> TimeLimit:
    """Return a limit of one second after a request that took, computed and was delayed for so many seconds."""
    limit = TimeLimit(1.0)
    limit.add(seconds)
    limit.split(computed, delayed)
    limit.check(knows_delay)
    return limit


def test_each_second_is_computed_delayed_or_waited() -> None:
    """A limit is over after so many seconds of computing, or of waiting; delays count ten times as little."""
    assert not spent(9.5, 0.9, 7.8).is_over
    for parts, words in (((1.1, 1.0, 0.0), "computed for 1 seconds"), ((9.0, 0.9, 7.1), "waited for 1 seconds")):
        with pytest.raises(CallTimeoutError, match=words):
            spent(*parts)
    with pytest.raises(BusyMachineError, match="could compute"):
        spent(10.0, 0.5, 9.4)


def test_times_of_other_requests_do_not_count() -> None:
    """What the sandbox computed before a request, or twice at a time, counts for no more than the request's seconds."""
    assert not spent(0.5, 20.0, 0.0).is_over


def test_without_known_delays_waiting_may_take_longer() -> None:
    """Where Linux does not say how long a process waited for a processor, four times the limit may be waited."""
    spent(3.9, 0.0, 0.0, knows_delay=False)
    with pytest.raises(CallTimeoutError, match="waited"):
        spent(4.1, 0.0, 0.0, knows_delay=False)


@pytest.fixture
def crowded_processor() -> Iterator[int]:
    """Yield the number of a processor on which three other processes compute all the time."""
    processor = max(os.sched_getaffinity(0))
    program = f"import os; os.sched_setaffinity(0, {{{processor}}})\nwhile True: pass"
    others = [subprocess.Popen([sys.executable, "-c", program]) for _ in range(3)]
    yield processor
    for other in others:
        other.kill()
        other.wait()


COMPUTES = "import os, time\nos.sched_setaffinity(0, {{{}}})\nwhile time.process_time() < {}: pass\nprint('done')"


@pytest.mark.sandbox
def test_a_busy_machine_costs_no_time(client_of: Any, crowded_processor: int) -> None:
    """Code that computes for less than its limit ends, though other processes have the processor most of the time."""
    client, start = client_of(), time.monotonic()
    began = float(text_of(client.run("import time\nprint(time.process_time())", 5)))
    result = client.run(COMPUTES.format(crowded_processor, began + 0.5), 0.8)
    assert (text_of(result), result.problem) == ("done\n", "")
    assert time.monotonic() - start > 0.9, "the processor was not crowded"
    assert "it computed for 0.3 seconds" in client.run("while True: pass", 0.3).problem
    assert "it waited for 0.3 seconds" in client.run("time.sleep(60)", 0.3).problem


HIDDEN_CHILDREN = """
import os, signal, time
signal.signal(signal.SIGCHLD, signal.SIG_IGN)
time.process_time = time.monotonic = time.time = lambda: 0.0
while True:
    if os.fork() == 0:
        sum(range(10**5))
        os._exit(0)
    time.sleep(0.02)
"""


@pytest.mark.sandbox
def test_hidden_processor_time_counts_as_waiting(client_of: Any, tier_mostly_slow: str) -> None:
    """Code whose children compute and vanish, which Linux then counts nowhere, is stopped all the same."""
    client, start = client_of(tier_mostly_slow), time.monotonic()
    assert "0.5 seconds" in client.run(HIDDEN_CHILDREN, 0.5).problem
    assert time.monotonic() - start < 20
