"""One sandbox, as the grader has it in hand: talks to it, ends it, and trusts nothing that comes back."""

from __future__ import annotations

import contextlib
import itertools
import os
import select
import signal
import socket
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import TracebackType
from typing import Any

from autograder.sandbox.guest import isolation
from autograder.sandbox.guest.channel import Channel, ClosedError, LateError
from autograder.sandbox.guest.wire import WireError

START_SECONDS = 30.0
"""How long a fork may take until it answers, on a machine that has other things to do."""
MOST_KEPT, MOST_BORNE = 32 * 2**20, 512 * 2**20
"""Bytes of a cell's outputs that are kept, and that are read until the sandbox is given up."""
GRACE_SECONDS = 1.0
"""How long interrupted code may take to stop before its process is ended."""


class SandboxError(Exception):
    """No sandbox could be had: a fault of the machine or of this package, never of a student."""


@dataclass(frozen=True)
class Ran:
    """What running a cell came to."""

    outputs: tuple[Any, ...]
    """As a notebook keeps them; a student's own, whatever they hold."""
    error: str = ""
    """The name of the exception that ended it."""
    problem: str = ""
    """What else ended it, in a sentence without a subject; empty where nothing did."""


class Ended(Exception):
    """The sandbox is gone: `how` in a sentence without a subject."""

    def __init__(self, how: str) -> None:
        super().__init__(how)
        self.how = how


class Raised(Exception):
    """What was asked for raised an exception there: `described` as plain data, to be read with care."""

    def __init__(self, described: Any) -> None:
        super().__init__()
        self.described = described


class Late(Exception):
    """What was asked for took too long and was stopped."""


class Box:
    """One sandbox: runs cells and answers, until something goes wrong beyond repair."""

    def __init__(self, end: socket.socket, scratch: str, tier: str) -> None:
        self.tier = tier
        self._scratch, self._channel = scratch, Channel(end)
        self._numbers = itertools.count(1)
        self._forgotten: list[int] = []
        self._supervisor = -1
        self.ended = ""
        """How it ended, in a sentence without a subject; empty as long as it lives."""
        end.settimeout(START_SECONDS)
        try:
            first, descriptors, _, _ = socket.recv_fds(end, 1, 1)
            if first != b"!" or not descriptors:
                # It could not be confined, and is telling why: its first byte belongs to the length of that.
                raise SandboxError(self._why(first))
        except OSError as error:
            raise SandboxError(f"a sandbox did not start: {error or 'it took too long'}") from error
        self._supervisor = descriptors[0]

    def _why(self, first: bytes) -> str:
        with contextlib.suppress(ClosedError, LateError, WireError, ValueError, TypeError):
            self._channel.push(first)
            _, said = self._channel.receive(time.monotonic() + START_SECONDS)
            return f"a sandbox did not start: {said}"
        return "a sandbox did not start, and did not say why"

    def settle(self, seed: int, files: Mapping[str, bytes], sources: Mapping[str, str]) -> None:
        """Bring in what the notebook may read, and the texts of its tasks' cells. Raises SandboxError."""
        try:
            deadline = time.monotonic() + START_SECONDS
            self._channel.send((0, (seed, dict(files), dict(sources))), deadline)
            answer = self._channel.receive(deadline)
        except (ClosedError, LateError, WireError) as error:
            self.close()
            raise SandboxError(f"a sandbox did not start: {type(error).__name__}") from error
        if answer != ("answer", 0, None):
            self.close()
            raise SandboxError(f"a sandbox did not start: {answer!r:.300}")

    def run(self, source: str, seconds: float, draw: bool = True) -> Ran:
        """Run a cell. What it shows until it ends, however it does, is there.

        draw: whether figures are drawn; otherwise each shows as a sentence.
        """
        outputs: list[Any] = []
        try:
            said = self._ask("cell", (source, draw), time.monotonic() + seconds, outputs.append)
        except Ended as error:
            return Ran(tuple(outputs), problem=error.how)
        except Late:
            return Ran(tuple(outputs), problem=f"it was stopped after {seconds:g} seconds: does a loop never end?")
        except Raised:
            return Ran(tuple(outputs), error="Exception")
        name = said.get("error") if type(said) is dict else ""
        return Ran(tuple(outputs), error=name if type(name) is str else "Exception")

    def ask(self, operation: str, *arguments: Any, deadline: float) -> Any:
        """Ask what hidden tests ask. Raises Ended, Raised, Late, and WireError where an argument can't cross."""
        return self._ask(operation, arguments, deadline, lambda _: None)

    def forget(self, number: int) -> None:
        """Let go of a run or an object, at the next occasion."""
        self._forgotten.append(number)

    def _ask(self, operation: str, arguments: tuple[Any, ...], deadline: float, show: Callable[[Any], None]) -> Any:
        if self.ended:
            raise Ended(self.ended)
        number, forgotten = next(self._numbers), self._forgotten
        try:
            self._channel.send((number, operation, arguments, forgotten), deadline)
            self._forgotten = []
            return self._answer(number, deadline, show)
        except LateError:
            self._interrupt(number, show)
            raise Late from None
        except ClosedError:
            raise self._lost("it ended Python itself: by `exit`, by too much memory, or by a crash") from None

    def _answer(self, number: int, deadline: float, show: Callable[[Any], None]) -> Any:
        before = self._channel.received
        while True:
            try:
                message = self._channel.receive(deadline)
            except WireError:
                raise self._lost("it broke what the grader talks to it by") from None
            came = self._channel.received - before
            if came > MOST_BORNE:
                raise self._lost("it wrote more than anybody could read")
            match message:
                case ("output", int(told), output) if told <= number:
                    # A thread may go on writing when its cell is over.
                    if told == number and came <= MOST_KEPT:
                        show(output)
                case ("answer", int(told), value) if told == number:
                    return value
                case ("raised", int(told), described) if told == number:
                    raise Raised(described)
                case _:
                    raise self._lost("it broke what the grader talks to it by")

    def _interrupt(self, number: int, show: Callable[[Any], None]) -> None:
        """Stop what runs; where that is of no use, end it all."""
        with contextlib.suppress(OSError):
            signal.pidfd_send_signal(self._supervisor, signal.SIGUSR1)
        try:
            with contextlib.suppress(Raised):
                self._answer(number, time.monotonic() + GRACE_SECONDS, show)
        except (LateError, ClosedError):
            self._lost("it did not stop when it was told to")
        except Ended:
            pass

    def _lost(self, how: str) -> Ended:
        self.ended = how
        self.close()
        return Ended(how)

    def close(self) -> None:
        """End it with all its processes, and leave nothing of it."""
        self.ended = self.ended or "it is over"
        self._channel.close()
        if self._supervisor >= 0:
            # The first of a namespace takes all others with it; elsewhere it is asked to see to that.
            end = signal.SIGKILL if self.tier == "namespaces" else signal.SIGTERM
            with contextlib.suppress(OSError):
                signal.pidfd_send_signal(self._supervisor, end)
            _wait_for(self._supervisor)
            os.close(self._supervisor)
            self._supervisor = -1
        isolation.remove(self._scratch)

    def __enter__(self) -> Box:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.close()


def _wait_for(process: int) -> None:
    """Wait until a process is gone, so that nothing of it can still happen."""
    poll = select.poll()
    poll.register(process, select.POLLIN)
    if not poll.poll(5_000):
        with contextlib.suppress(OSError):
            signal.pidfd_send_signal(process, signal.SIGKILL)
        poll.poll(5_000)
