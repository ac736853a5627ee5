"""`Zygote`: starts the process from which each sandbox is forked; runs in the grader's process."""

from __future__ import annotations

import contextlib
import json
import os
import socket
import subprocess
import sys
import tempfile
from collections.abc import Iterable
from dataclasses import asdict
from pathlib import Path

from autograder.sandbox import guest
from autograder.sandbox.guest import isolation
from autograder.sandbox.guest.isolation import Limits
from autograder.sandbox.host.client import SandboxClient, SandboxError
from autograder.sandbox.host.readable_files import readable_paths, site_folders

WARM_UP_SECONDS = 120.0
"""Seconds that the zygote has to load its libraries."""

_GUEST_FOLDER = Path(guest.__file__).parent
"""The folder whose modules `Zygote` sends to its process; that process loads no other module of this package."""

_START = """
import importlib.abc, importlib.util, json, socket, sys
control = socket.socket(fileno=0)
sizes, sites = json.loads(control.recv(65536))
sys.path += sites
sources = {}
for name, size in sizes:
    sources[name] = b""
    while len(sources[name]) < size:
        sources[name] += control.recv(65536)
class Sent(importlib.abc.MetaPathFinder, importlib.abc.ExecutionLoader):
    def find_spec(self, name, path, target=None):
        if name in sources:
            return importlib.util.spec_from_loader(name, self, is_package=name == "guest")
    def get_source(self, name):
        return sources[name].decode()
    def get_filename(self, name):
        return "/guest/" + (name.partition(".")[2] or "__init__") + ".py"
    def is_package(self, name):
        return name == "guest"
sys.meta_path.insert(0, sent := Sent())
from guest import zygote
sys.meta_path.remove(sent)
zygote.main(control)
"""
"""The zygote's program: receives the modules over its socket as a package `guest`; no path leads to this package."""


class Zygote:
    """A process with all libraries loaded, from which each submission's sandbox is forked.

    tier: one of TIERS. hidden: course folders that student code may not read. The constructor raises SandboxError.
    """

    def __init__(self, tier: str, hidden: Iterable[Path] = ()) -> None:
        self._limits = Limits(tier, readable_paths(hidden) if tier != "rlimits" else (), "")
        self._control, self._process = self._start()

    def _start(self) -> tuple[socket.socket, subprocess.Popen[bytes]]:
        """Start the process and send it the modules and the limits; return its control socket and the process."""
        control, end = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        control.settimeout(WARM_UP_SECONDS)
        with end:
            process = subprocess.Popen(
                # Without `site`, whose .pth files could add this package to the path.
                [sys.executable, "-s", "-S", "-P", "-c", _START], stdin=end.fileno(), env=_environment(), cwd="/",
                stdout=subprocess.DEVNULL, stderr=subprocess.PIPE,
            )  # fmt: skip
        modules = {f"guest.{file.stem}".removesuffix(".__init__"): file for file in sorted(_GUEST_FOLDER.glob("*.py"))}
        sources = [(name, file.read_bytes()) for name, file in modules.items()]
        try:
            control.send(json.dumps([[(name, len(text)) for name, text in sources], _sites()]).encode())
            for _, text in sources:
                for offset in range(0, len(text), 2**15):
                    control.send(text[offset : offset + 2**15])
            control.send(json.dumps(asdict(self._limits)).encode())
            ready = control.recv(64)
        except OSError:
            ready = b""
        if ready != b"ready":
            process.kill()
            stderr = process.communicate()[1].decode("utf-8", "replace").strip()
            raise SandboxError(f"what sandboxes are forked from did not start: {stderr[-500:] or 'it said nothing'}")
        return control, process

    def fork(self, **limits: int) -> SandboxClient:
        """Fork a sandbox and return its client. Raises SandboxError. limits: fields of `Limits` with other values."""
        scratch = tempfile.mkdtemp(prefix="lab-box-")
        ours, theirs = socket.socketpair()
        try:
            with theirs:
                message = json.dumps({"scratch": scratch, **limits}).encode()
                socket.send_fds(self._control, [message], [theirs.fileno()])
            return SandboxClient(ours, scratch, self._limits.tier)
        except (OSError, SandboxError) as error:
            ours.close()
            isolation.remove_scratch(scratch)
            raise SandboxError(str(error)) from error

    @property
    def alive(self) -> bool:
        """True while the process runs, so that it can be forked."""
        return self._process.poll() is None

    def close(self) -> None:
        """End the process and all processes forked from it."""
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
    """Return the paths of the folders of installed packages."""
    return [str(folder) for folder in site_folders()]


def _environment() -> dict[str, str]:
    """Return the zygote's environment; of the grader's it has only HOME, where Matplotlib's font cache lies."""
    return {
        "MPLBACKEND": "module://matplotlib_inline.backend_inline", "PYTHONHASHSEED": "0", "LANG": "C.UTF-8",
        "HOME": os.path.expanduser("~"), "PATH": "/usr/bin:/bin", **isolation.ONE_THREAD,
    }  # fmt: skip
