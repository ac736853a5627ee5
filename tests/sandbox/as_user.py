"""Runs a command as an ordinary user who may read the interpreter and this checkout; itself, it is run by root."""

from __future__ import annotations

import os
import stat
import sys
import tempfile
from pathlib import Path

from autograder.sandbox.guest import syscalls

USER = 12_345
"""The number of a user that nobody is."""


def main(command: list[str]) -> None:
    """Become that user, in a mount namespace of its own, and run the command."""
    syscalls.unshare(syscalls.NEWNS)
    syscalls.mount("none", "/", flags=syscalls.MS_REC | syscalls.MS_PRIVATE)
    _open(Path(sys.base_prefix).resolve())
    _open(Path(__file__).resolve().parents[2])
    home = tempfile.mkdtemp()
    os.chown(home, USER, USER)
    os.setgroups([])
    os.setresgid(USER, USER, USER)
    os.setresuid(USER, USER, USER)
    if not os.access(os.environ.get("HOME", "/"), os.W_OK):
        os.environ["HOME"] = home
    os.environ["PYTHONDONTWRITEBYTECODE"] = "1"
    os.execvp(command[0], command)


def _open(folder: Path) -> None:
    """Let everybody reach a folder in somebody's home, of which the rest stays closed."""
    closed = [above for above in reversed(folder.parents) if not above.stat().st_mode & stat.S_IXOTH]
    if not closed:
        return
    aside = tempfile.mkdtemp()
    syscalls.mount(str(folder), aside, flags=syscalls.MS_BIND | syscalls.MS_REC)
    syscalls.mount("tmpfs", str(closed[0]), "tmpfs", options="mode=755")
    folder.mkdir(parents=True)
    syscalls.mount(aside, str(folder), flags=syscalls.MS_BIND | syscalls.MS_REC)


if __name__ == "__main__":
    main(sys.argv[1:])
