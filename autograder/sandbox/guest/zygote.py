"""The process that student code is forked from: warm, and without a test, a reference or a course file in its memory.

It is started by `sandbox.host` with these modules under another name, so that `autograder` is nothing that could be
imported here. A message asks for a fork: it brings the submission's own end of a socket, over which all else goes.
"""

from __future__ import annotations

import contextlib
import json
import os
import signal
import socket
import sys
import threading
from typing import NoReturn

from . import isolation, syscalls
from .channel import Channel
from .server import Shell


def main(control: socket.socket) -> NoReturn:
    """Warm up, say so, and fork whenever asked; end with whoever asks."""
    kernel_dies_with_parent()
    about = json.loads(control.recv(2**20))
    shell = Shell()
    shell.warm_up()
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # the system buries them
    if more := _open_files() - {0, 1, 2}:
        sys.exit(f"files are left open that a fork would close: {more}")
    control.send(b"ready")
    while True:
        message, ends, _, _ = socket.recv_fds(control, 2**16, 1)
        if not message:
            os._exit(0)
        # A lock that another thread holds would stay locked for ever in the child.
        if threading.active_count() > 1 or len(os.listdir("/proc/self/task")) > 1:
            os._exit(3)
        if os.fork() == 0:
            _child(control, ends[0], shell, isolation.Cage(**{**about, **json.loads(message)}))
        for end in ends:
            os.close(end)


def _open_files() -> set[int]:
    """The descriptors of this process."""
    found = set()
    for name in os.listdir("/dev/fd"):
        with contextlib.suppress(OSError):  # that of the listing itself
            os.fstat(int(name))
            found.add(int(name))
    return found


def kernel_dies_with_parent() -> None:
    """Let nothing outlive whoever grades, however that ends."""
    with contextlib.suppress(AttributeError, OSError):  # not Linux
        syscalls.die_with_parent(signal.SIGKILL)


def _child(control: socket.socket, end: int, shell: Shell, cage: isolation.Cage) -> NoReturn:
    """What a fork does: it confines itself, and becomes the supervisor of the process that runs student code."""
    channel = socket.socket(fileno=end)
    try:
        signal.signal(signal.SIGCHLD, signal.SIG_DFL)
        kernel_dies_with_parent()
        with contextlib.suppress(OSError), open("/proc/self/oom_score_adj", "w", encoding="ascii") as file:
            file.write("1000")  # where memory runs out, it runs out for student code first
        _keep_only(channel)
        if cage.tier != "namespaces":
            _supervise(channel, shell, cage, cage.scratch)
        # As the first process in its namespace the next one takes all others with it when it ends.
        nobody = os.getpid() if isolation.leave_namespaces() else 0
        first = os.fork()
        if first:
            channel.close()
            os.waitpid(first, 0)
            os._exit(0)
        folder = isolation.enter(cage, nobody)
        kernel_dies_with_parent()
        _supervise(channel, shell, cage, folder)
    except BaseException as error:
        with contextlib.suppress(BaseException):
            Channel(channel).send(("failed", f"{type(error).__name__}: {error}"))
    os._exit(1)


def _keep_only(channel: socket.socket) -> None:
    """Close every descriptor but one, and let nothing come in or go out by the standard ones."""
    null = os.open(os.devnull, os.O_RDWR)
    for standard in range(3):
        os.dup2(null, standard)
    keep = os.dup2(channel.fileno(), 3) if channel.fileno() != 3 else 3
    channel.detach()
    os.closerange(4, 2**16)
    channel.__init__(fileno=keep)  # type: ignore[misc]


def _supervise(channel: socket.socket, shell: Shell, cage: isolation.Cage, folder: str) -> NoReturn:
    """Start the process that runs student code, pass on what it is told by signals, and end all when it ends."""
    own_file_system = cage.tier == "namespaces"
    if not own_file_system:
        syscalls.adopt_orphans()
        os.stat(f"/proc/self/task/{os.getpid()}/children")  # without it nobody could find them, so there is no start
    student = os.fork()
    if student == 0:
        _serve(channel, shell, cage, folder)
    signal.signal(signal.SIGUSR1, lambda *_: os.kill(student, signal.SIGINT))
    signal.signal(signal.SIGTERM, lambda *_: _end(own_file_system))
    socket.send_fds(channel, [b"!"], [os.pidfd_open(os.getpid())])
    channel.close()
    with contextlib.suppress(ChildProcessError):
        while os.wait()[0] != student:
            pass
    _end(own_file_system)


def _serve(channel: socket.socket, shell: Shell, cage: isolation.Cage, folder: str) -> NoReturn:
    try:
        # A signal to a process group reaches beyond namespaces: this one is the submission's alone.
        os.setsid()
        if cage.tier != "namespaces":
            isolation.enter(cage)
        isolation.limit(cage)
        os.chdir(folder)
        shell.serve(Channel(channel), folder)
    except BaseException as error:
        with contextlib.suppress(BaseException):
            Channel(channel).send(("failed", f"{type(error).__name__}: {error}"))
    os._exit(1)


def _end(with_namespace: bool) -> NoReturn:
    """End this process and every one below it."""
    if not with_namespace:
        # An orphan is adopted before its parent can be buried: who has no child left to wait for has nothing below.
        with contextlib.suppress(ChildProcessError, PermissionError):
            while True:
                for process in _descendants(os.getpid()):
                    with contextlib.suppress(ProcessLookupError):
                        os.kill(process, signal.SIGKILL)
                while os.waitpid(-1, os.WNOHANG)[0]:
                    pass
    os._exit(0)


def _descendants(ancestor: int) -> list[int]:
    """All processes below one; those that lost their parent have this one for it.

    Only families are read, not all of /proc: who forks and ends at once must be found before it does so again.
    """
    found: list[int] = []
    for process in (parents := [ancestor]):
        with contextlib.suppress(OSError):
            for task in os.listdir(f"/proc/{process}/task"):
                with contextlib.suppress(OSError), open(f"/proc/{process}/task/{task}/children", "rb") as file:
                    parents += (children := [int(child) for child in file.read().split()])
                    found += children
    return found


if __name__ == "__main__":  # pragma: no cover
    sys.exit("started by sandbox.host")
