"""`SandboxClient`: the grader's connection to one sandbox, which it can end; it trusts no message of the sandbox.

Runs in the grader's process.
"""

from __future__ import annotations

import contextlib
import itertools
import os
import select
import signal
import socket
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from types import TracebackType
from typing import Any

from autograder.sandbox.guest import isolation
from autograder.sandbox.guest.channel import Channel
from autograder.sandbox.guest.errors import CallTimeoutError, DeadProcessError
from autograder.sandbox.guest.port import PROTOCOL_BROKEN
from autograder.sandbox.guest.wire import WireError, decode, encode
from autograder.sandbox.host.time_limit import BusyMachineError, Deadline, ProcessTimes, RequestTimer, TimeLimit

START_SECONDS = 30.0
"""Seconds that a fork has for its first message and for its first response, enough on a busy machine."""
MAX_KEPT, MAX_BORNE = 32 * 2**20, 512 * 2**20
"""Bytes of a cell's outputs that the client keeps, and bytes received for one request at which it ends the sandbox."""
MAX_WORDS = 300
"""Characters that the client keeps of a cell's exception and of its line."""
MOST_PARTS = 5
"""Parts of a message that the client accepts."""
GRACE_SECONDS = 1.0
"""Seconds that interrupted code has to stop before the client ends its sandbox."""


class SandboxError(Exception):
    """Raised if no sandbox starts: a fault of the machine or of this package, never of a student."""


@dataclass(frozen=True)
class CellResult:
    """The outputs of a cell, and the exception or problem that ended it."""

    outputs: tuple[Any, ...]
    """Outputs in the format of a notebook file; untrusted, because student code may send anything."""
    error: str = ""
    """The type name of the exception that ended the cell; "" if none did."""
    text: str = ""
    line: str = ""
    """The exception's text, and the line of the cell that raised it; untrusted, and at most MAX_WORDS characters."""
    problem: str = ""
    """Another cause of the cell's end, such as a time limit, as a sentence on "it"; "" if there is none."""


class SandboxClient:
    """The connection to one sandbox: runs cells and sends the requests of hidden tests, until the sandbox ends.

    end: the client's end of the socket. scratch: the sandbox's folder, which `close` removes. The constructor raises
    SandboxError if the sandbox does not start.
    """

    def __init__(self, end: socket.socket, scratch: str, tier: str) -> None:
        self.tier = tier
        self._scratch, self._channel = scratch, Channel(end)
        self._numbers = itertools.count(1)
        self._forgotten: list[int] = []
        self._supervisor = -1
        self.ended = ""
        """How the sandbox ended, as a sentence on "it"; "" while it runs."""
        end.settimeout(START_SECONDS)
        try:
            first, descriptors, _, _ = socket.recv_fds(end, 1, 1)
            if first != b"!" or not descriptors:
                # The fork failed and sends the reason as a message; this byte is the first of the message's header.
                raise SandboxError(self._start_failure(first))
        except OSError as error:
            raise SandboxError(f"a sandbox did not start: {error or 'it took too long'}") from error
        self._supervisor = descriptors[0]
        self._times = ProcessTimes(self._supervisor)

    def _start_failure(self, first: bytes) -> str:
        """Return a sentence on the failed start, with the reason from the message that begins with `first`."""
        with contextlib.suppress(DeadProcessError, CallTimeoutError, WireError, ValueError, TypeError):
            self._channel.push(first)
            _, reason = decode(self._channel.receive(Deadline(START_SECONDS))[0])
            return f"a sandbox did not start: {reason}"
        return "a sandbox did not start, and did not say why"

    def settle(self, seed: int, files: Mapping[str, bytes]) -> None:
        """Send the notebook's random seed and its files by name. Raises SandboxError."""
        try:
            limit = Deadline(START_SECONDS)
            self._channel.send(encode((0, seed, list(files))), *files.values(), limit=limit)
            response = [decode(part) for part in self._channel.receive(limit)]
        except (DeadProcessError, CallTimeoutError, WireError) as error:
            self.close()
            raise SandboxError(f"a sandbox did not start: {type(error).__name__}") from error
        if response != [("response", 0), None]:
            self.close()
            raise SandboxError(f"a sandbox did not start: {response!r:.300}")

    def run(self, source: str, seconds: float, draw: bool = True, limits: Sequence[TimeLimit] = ()) -> CellResult:
        """Run a cell and return its outputs, also those before an exception, a timeout or the sandbox's end.

        Raises BusyMachineError. seconds: its time limit, as in `TimeLimit`. draw: whether to draw figures; otherwise a
        sentence replaces each. limits: further ones that the cell counts for.
        """
        outputs: list[Any] = []
        try:
            raised, response = self._request(
                "cell", (source, draw), (), False, (TimeLimit(seconds), *limits), outputs.append
            )
        except DeadProcessError as error:
            return CellResult(tuple(outputs), problem=error.how)
        except CallTimeoutError as error:
            return CellResult(tuple(outputs), problem=str(error))
        match raised, response:
            case None, [(str(name), str(text), str(line))]:
                return CellResult(tuple(outputs), name[:MAX_WORDS], text[:MAX_WORDS], line[:MAX_WORDS])
        return CellResult(tuple(outputs), error="Exception")

    def request(
        self, question: str, names: tuple[str | int, ...], values: tuple[bytes, ...], isolated: bool,
        limits: Sequence[TimeLimit],
    ) -> tuple[Any, list[Any]]:  # fmt: skip
        """Send a question of the port; return its untrusted response: the described exception or None, and the values.

        Raises DeadProcessError, CallTimeoutError, BusyMachineError, and WireError for a question that is too long.
        names, values, isolated: as in `Student.request`. limits: those that the request counts for.
        """
        return self._request(question, names, values, isolated, limits, lambda _: None)

    def forget(self, number: int) -> None:
        """Tell the sandbox, with the next request, to release the rerun or object with this number."""
        self._forgotten.append(number)

    def _request(
        self,
        question: str,
        names: tuple[str | int | bool, ...],
        values: tuple[bytes, ...],
        isolated: bool,
        limits: Sequence[TimeLimit],
        show: Callable[[Any], None],
    ) -> tuple[Any, list[Any]]:
        """Send a question and return its response, as `request` does; call `show` with each output."""
        if self.ended:
            raise DeadProcessError(self.ended)
        number, forgotten = next(self._numbers), self._forgotten
        try:
            with RequestTimer(self._times, limits) as timer:
                self._channel.send(encode((number, question, names, isolated, forgotten)), *values, limit=timer)
                self._forgotten = []
                return self._receive_response(number, timer, show)
        except CallTimeoutError:
            self._interrupt(number, show)
            raise
        except DeadProcessError as error:
            if self.ended:
                raise
            raise self._end("it ended Python itself: by `exit`, by too much memory, or by a crash") from error

    def _receive_response(self, number: int, timer: RequestTimer, show: Callable[[Any], None]) -> tuple[Any, list[Any]]:
        """Return the response to a request; show its outputs.

        Raises DeadProcessError, CallTimeoutError, BusyMachineError.
        """
        before = self._channel.received
        while True:
            try:
                parts = self._channel.receive(timer)
                message = [decode(part) for part in parts] if len(parts) <= MOST_PARTS else []
            except WireError:
                raise self._end(PROTOCOL_BROKEN) from None
            received = self._channel.received - before
            if received > MAX_BORNE:
                raise self._end("it wrote more than anybody could read")
            match message:
                case [("output", int(reply_to), output)] if reply_to <= number:
                    # A thread may write outputs after the end of its cell: drop them.
                    if reply_to == number and received <= MAX_KEPT:
                        show(output)
                case [("response", int(reply_to)), described, *values] if reply_to == number:
                    return described, values
                case _:
                    raise self._end(PROTOCOL_BROKEN)

    def _interrupt(self, number: int, show: Callable[[Any], None]) -> None:
        """Interrupt a request; end the sandbox if the request doesn't stop within GRACE_SECONDS."""
        with contextlib.suppress(OSError):
            signal.pidfd_send_signal(self._supervisor, signal.SIGUSR1)
        try:
            with RequestTimer(self._times, [TimeLimit(GRACE_SECONDS)]) as timer:
                self._receive_response(number, timer, show)
        except (CallTimeoutError, DeadProcessError, BusyMachineError):
            if not self.ended:
                self._end("it did not stop when it was told to")

    def _end(self, how: str) -> DeadProcessError:
        """End the sandbox and return the exception for the caller to raise."""
        self.ended = how
        self.close()
        return DeadProcessError(how)

    def close(self) -> None:
        """End all processes of the sandbox and remove its scratch folder."""
        self.ended = self.ended or "it is over"
        self._channel.close()
        if self._supervisor >= 0:
            # When the first process of a namespace ends, Linux kills the others; elsewhere SIGTERM tells the supervisor
            # to end them.
            end = signal.SIGKILL if self.tier == "namespaces" else signal.SIGTERM
            with contextlib.suppress(OSError):
                signal.pidfd_send_signal(self._supervisor, end)
            _wait_for(self._supervisor)
            os.close(self._supervisor)
            self._supervisor = -1
        isolation.remove_scratch(self._scratch)

    def __enter__(self) -> SandboxClient:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.close()


def _wait_for(process: int) -> None:
    """Wait until a process has ended, so that it can do nothing later; kill it after 5 seconds. process: a pidfd."""
    poll = select.poll()
    poll.register(process, select.POLLIN)
    if not poll.poll(5_000):
        with contextlib.suppress(OSError):
            signal.pidfd_send_signal(process, signal.SIGKILL)
        poll.poll(5_000)
