"""Starts the warm process that sandboxes are forked from."""

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
from autograder.sandbox.guest.isolation import Cage
from autograder.sandbox.host.client import Box, SandboxError
from autograder.sandbox.host.readable_files import readable, site_folders

WARM_UP_SECONDS = 120.0
"""How long the first process may take to load what it needs."""

_GUEST = Path(guest.__file__).parent
"""The folder whose modules are sent to the process: all of what it loads of this package."""

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
"""Loads the modules that come over the socket as a package of another name, `guest`: no path leads to this one."""


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
        modules = {f"guest.{file.stem}".removesuffix(".__init__"): file for file in sorted(_GUEST.glob("*.py"))}
        texts = [(name, file.read_bytes()) for name, file in modules.items()]
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
            isolation.remove(scratch)
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
