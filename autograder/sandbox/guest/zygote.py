"""The zygote: a process with all libraries loaded, from which the process of each submission is forked.

Its memory holds no test, reference or course file. `sandbox.host` starts it with these modules as the package `guest`;
see there what keeps the rest of `autograder` out. Each message on its control socket requests a fork; the message
carries the submission's end of another socket, which all further messages use.
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
from .server import NotebookServer
from .wire import encode


def main(control: socket.socket) -> NoReturn:
    """Load the libraries, send "ready", and fork at each message; end when the grader's process closes the socket.

    control: a socket whose first message has the default limits as JSON, and each further message those of one fork.
    """
    kernel_dies_with_parent()
    default_limits = json.loads(control.recv(2**20))
    server = NotebookServer()
    server.warm_up()
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # Linux then removes ended children by itself
    if open_files := _open_files() - {0, 1, 2}:
        sys.exit(f"files are left open that a fork would close: {open_files}")
    control.send(b"ready")
    while True:
        message, descriptors, _, _ = socket.recv_fds(control, 2**16, 1)
        if not message:
            os._exit(0)
        # In the child a lock that another thread holds would stay locked for ever.
        if threading.active_count() > 1 or len(os.listdir("/proc/self/task")) > 1:
            os._exit(3)
        if os.fork() == 0:
            _run_child(control, descriptors[0], server, isolation.Limits(**{**default_limits, **json.loads(message)}))
        for descriptor in descriptors:
            os.close(descriptor)


def _open_files() -> set[int]:
    """Return the file descriptors that are open in this process."""
    descriptors = set()
    for name in os.listdir("/dev/fd"):
        with contextlib.suppress(OSError):  # the descriptor of the listing is closed again
            os.fstat(int(name))
            descriptors.add(int(name))
    return descriptors


def kernel_dies_with_parent() -> None:
    """Make Linux kill this process when its parent ends, in whatever way; on other systems do nothing."""
    with contextlib.suppress(AttributeError, OSError):  # not Linux
        syscalls.die_with_parent(signal.SIGKILL)


def _run_child(control: socket.socket, descriptor: int, server: NotebookServer, limits: isolation.Limits) -> NoReturn:
    """Confine this fork and make it the supervisor of the process that runs student code.

    With the tier "namespaces" a second fork, the first process in the namespaces, is the supervisor. If this raises an
    exception, send ("failed", reason) to the grader's process.
    """
    connection = socket.socket(fileno=descriptor)
    try:
        signal.signal(signal.SIGCHLD, signal.SIG_DFL)
        kernel_dies_with_parent()
        with contextlib.suppress(OSError), open("/proc/self/oom_score_adj", "w", encoding="ascii") as file:
            file.write("1000")  # if memory runs out, Linux kills student code first
        _close_other_descriptors(connection)
        if limits.tier != "namespaces":
            _supervise(connection, server, limits, limits.scratch)
        # The next fork is the first process in its namespace: when it ends, Linux kills all others there.
        nobody = os.getpid() if isolation.unshare_namespaces() else 0
        first_process = os.fork()
        if first_process:
            connection.close()
            os.waitpid(first_process, 0)
            os._exit(0)
        folder = isolation.isolate(limits, nobody)
        kernel_dies_with_parent()
        _supervise(connection, server, limits, folder)
    except BaseException as error:
        with contextlib.suppress(BaseException):
            Channel(connection).send(encode(("failed", f"{type(error).__name__}: {error}")))
    os._exit(1)


def _close_other_descriptors(connection: socket.socket) -> None:
    """Close all descriptors but the connection's, which becomes 3, and the standard ones, which lead to /dev/null."""
    null = os.open(os.devnull, os.O_RDWR)
    for standard in range(3):
        os.dup2(null, standard)
    kept_descriptor = os.dup2(connection.fileno(), 3) if connection.fileno() != 3 else 3
    connection.detach()
    os.closerange(4, 2**16)
    connection.__init__(fileno=kept_descriptor)  # type: ignore[misc]


def _supervise(connection: socket.socket, server: NotebookServer, limits: isolation.Limits, folder: str) -> NoReturn:
    """Start the process that runs student code, and end all processes of the submission when it ends.

    SIGUSR1 interrupts the student code; SIGTERM ends all processes. The grader's process receives a pidfd of this one.
    """
    in_namespaces = limits.tier == "namespaces"
    if not in_namespaces:
        syscalls.adopt_orphans()
        os.stat(f"/proc/self/task/{os.getpid()}/children")  # raises where `_descendants` could not find them
    student = os.fork()
    if student == 0:
        _serve(connection, server, limits, folder)
    signal.signal(signal.SIGUSR1, lambda *_: os.kill(student, signal.SIGINT))
    signal.signal(signal.SIGTERM, lambda *_: _end_all(in_namespaces))
    socket.send_fds(connection, [b"!"], [os.pidfd_open(os.getpid())])
    connection.close()
    with contextlib.suppress(ChildProcessError):
        while os.wait()[0] != student:
            pass
    _end_all(in_namespaces)


def _serve(connection: socket.socket, server: NotebookServer, limits: isolation.Limits, folder: str) -> NoReturn:
    """Set the limits of this process and serve the notebook; if that fails, send ("failed", reason)."""
    try:
        # A signal to a process group reaches processes outside the namespaces: start a group for this submission.
        os.setsid()
        if limits.tier != "namespaces":
            isolation.isolate(limits)
        isolation.set_limits(limits)
        os.chdir(folder)
        server.serve(Channel(connection), folder)
    except BaseException as error:
        with contextlib.suppress(BaseException):
            Channel(connection).send(encode(("failed", f"{type(error).__name__}: {error}")))
    os._exit(1)


def _end_all(in_namespaces: bool) -> NoReturn:
    """End this process and all its descendants; in namespaces Linux ends these."""
    if not in_namespaces:
        # This process becomes the parent of an orphan before it can wait for the orphan's parent. So once it has no
        # child to wait for (ChildProcessError), it has no descendant.
        with contextlib.suppress(ChildProcessError, PermissionError):
            while True:
                for process in _descendants(os.getpid()):
                    with contextlib.suppress(ProcessLookupError):
                        os.kill(process, signal.SIGKILL)
                while os.waitpid(-1, os.WNOHANG)[0]:
                    pass
    os._exit(0)


def _descendants(ancestor: int) -> list[int]:
    """Return the ids of all descendants of a process. Linux makes this process the parent of orphans among them.

    Reads the children of each process rather than all of /proc: a process that forks and ends at once must be found
    before its child does the same.
    """
    descendants: list[int] = []
    for process in (parents := [ancestor]):
        with contextlib.suppress(OSError):
            for task in os.listdir(f"/proc/{process}/task"):
                with contextlib.suppress(OSError), open(f"/proc/{process}/task/{task}/children", "rb") as file:
                    parents += (children := [int(child) for child in file.read().split()])
                    descendants += children
    return descendants


if __name__ == "__main__":  # pragma: no cover
    sys.exit("started by sandbox.host")
