"""Starts the process that sandboxes are forked from, and talks to each of them; trusts nothing that comes back."""

from __future__ import annotations

import contextlib
import itertools
import json
import os
import select
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterable, Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from types import TracebackType
from typing import Any

from autograder.sandbox import confine
from autograder.sandbox.channel import Channel, ClosedError, LateError
from autograder.sandbox.confine import Cage
from autograder.sandbox.view import readable, site_folders
from autograder.sandbox.wire import WireError

WARM_UP_SECONDS = 120.0
START_SECONDS = 30.0
"""How long a fork may take until it answers, on a machine that has other things to do."""
MOST_KEPT, MOST_BORNE = 32 * 2**20, 512 * 2**20
"""Bytes of a cell's outputs that are kept, and that are read until the sandbox is given up."""
GRACE_SECONDS = 2.0
"""How long interrupted code may take to stop before its process is ended."""

_MODULES = (
    "student/port", "student/rehearsal", "student/local",
    "sandbox/wire", "sandbox/channel", "sandbox/kernel", "sandbox/confine", "sandbox/shell", "sandbox/zygote",
)  # fmt: skip
"""What a sandbox needs of this package, in an order in which it can be loaded."""

_START = """
import importlib.util, json, socket, sys, types
control = socket.socket(fileno=0)
sizes, sites = json.loads(control.recv(65536))
sys.path += sites
def load(name, text):
    module = types.ModuleType("box." + name.replace("/", "."))
    module.__file__, module.__package__ = "/box/" + name + ".py", "box." + name.split("/")[0]
    sys.modules[module.__name__] = module
    exec(compile(text, module.__file__, "exec", dont_inherit=True), vars(module))
    setattr(sys.modules[module.__package__], name.split("/")[1], module)
    return module
for package in ("box", "box.student", "box.sandbox"):
    sys.modules[package] = types.ModuleType(package)
    sys.modules[package].__path__ = []
for name, size in sizes:
    parts = b""
    while len(parts) < size:
        parts += control.recv(65536)
    module = load(name, parts.decode())
module.main(control)
"""


class SandboxError(Exception):
    """No sandbox could be had: a fault of the machine or of this package, never of a student."""


class Zygote:
    """A warm process of which each submission gets a fork of its own."""

    def __init__(self, tier: str, hidden: Iterable[Path] = ()) -> None:
        self._cage = Cage(tier, readable(hidden) if tier != "rlimits" else (), "")
        self._control, self._process = self._start()

    def _start(self) -> tuple[socket.socket, subprocess.Popen[bytes]]:
        control, end = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        control.settimeout(WARM_UP_SECONDS)
        with end:
            process = subprocess.Popen(
                # Without site, which would run what leads to this package.
                [sys.executable, "-s", "-S", "-P", "-c", _START], stdin=end.fileno(), env=_environment(), cwd="/",
                stdout=subprocess.DEVNULL, stderr=subprocess.PIPE,
            )  # fmt: skip
        package = Path(__file__).parents[1]
        texts = [(name, (package / f"{name}.py").read_bytes()) for name in _MODULES]
        try:
            control.send(json.dumps([[(name, len(text)) for name, text in texts], _sites()]).encode())
            for _, text in texts:
                for start in range(0, len(text), 2**15):
                    control.send(text[start : start + 2**15])
            control.send(json.dumps(asdict(self._cage)).encode())
            ready = control.recv(64)
        except OSError:
            ready = b""
        if ready != b"ready":
            process.kill()
            said = process.communicate()[1].decode("utf-8", "replace").strip()
            raise SandboxError(f"what sandboxes are forked from did not start: {said[-500:] or 'it said nothing'}")
        return control, process

    def fork(self, **limits: int) -> Box:
        """A new sandbox. Raises SandboxError where there is none to be had."""
        scratch = tempfile.mkdtemp(prefix="lab-box-")
        ours, theirs = socket.socketpair()
        try:
            with theirs:
                asked = json.dumps({"scratch": scratch, **limits}).encode()
                socket.send_fds(self._control, [asked], [theirs.fileno()])
            return Box(ours, scratch, self._cage.tier)
        except (OSError, SandboxError) as error:
            ours.close()
            confine.remove(scratch)
            raise SandboxError(str(error)) from error

    @property
    def alive(self) -> bool:
        """Whether it can be forked."""
        return self._process.poll() is None

    def close(self) -> None:
        """End it, and everything that was forked from it."""
        self._control.close()
        with contextlib.suppress(subprocess.TimeoutExpired):
            self._process.wait(5)
        self._process.kill()
        self._process.communicate()

    def __enter__(self) -> Zygote:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


def _sites() -> list[str]:
    return [str(folder) for folder in site_folders()]


def _environment() -> dict[str, str]:
    """What the first process finds around it: nothing of whoever grades but where caches of fonts lie."""
    threads = {f"{library}_NUM_THREADS": "1" for library in ("OPENBLAS", "OMP", "MKL")}
    return {
        "MPLBACKEND": "module://matplotlib_inline.backend_inline", "PYTHONHASHSEED": "0", "LANG": "C.UTF-8",
        "HOME": os.path.expanduser("~"), "PATH": "/usr/bin:/bin", **threads,
    }  # fmt: skip


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

    def run(self, source: str, seconds: float) -> Ran:
        """Run a cell. What it shows until it ends, however it does, is there."""
        outputs: list[Any] = []
        try:
            said = self._ask("cell", (source,), time.monotonic() + seconds, outputs.append)
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
        confine.remove(self._scratch)

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
