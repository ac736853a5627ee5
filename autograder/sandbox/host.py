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

from autograder.sandbox import confine
from autograder.sandbox.box import Box, SandboxError
from autograder.sandbox.confine import Cage
from autograder.sandbox.view import readable, site_folders

WARM_UP_SECONDS = 120.0
"""How long the first process may take to load what it needs."""

_MODULES = (
    "student/port", "student/rehearsal", "student/local",
    "sandbox/wire", "sandbox/channel", "sandbox/kernel", "sandbox/confine",
    "sandbox/ipython", "sandbox/shell", "sandbox/zygote",
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
