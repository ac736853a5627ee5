"""Runs a command as an ordinary user who may read the interpreter and this checkout. Root runs this script."""

from __future__ import annotations

import os
import stat
import sys
import tempfile
from pathlib import Path

from autograder.sandbox.guest import syscalls

USER = 12_345
"""The id of a user that does not exist."""


def main(command: list[str]) -> None:
    """Replace this process by the command, run by that user in a mount namespace of its own."""
    syscalls.unshare(syscalls.NEWNS)
    syscalls.mount("none", "/", flags=syscalls.MS_REC | syscalls.MS_PRIVATE)
    _make_reachable(Path(sys.base_prefix).resolve())
    _make_reachable(Path(__file__).resolve().parents[2])
    home = tempfile.mkdtemp()
    os.chown(home, USER, USER)
    os.setgroups([])
    os.setresgid(USER, USER, USER)
    os.setresuid(USER, USER, USER)
    if not os.access(os.environ.get("HOME", "/"), os.W_OK):
        os.environ["HOME"] = home
    os.environ["PYTHONDONTWRITEBYTECODE"] = "1"
    os.execvp(command[0], command)


def _make_reachable(folder: Path) -> None:
    """Make a folder readable for all users, while the closed folder above it shows nothing else."""
    closed = [parent for parent in reversed(folder.parents) if not parent.stat().st_mode & stat.S_IXOTH]
    if not closed:
        return
    mount_point = tempfile.mkdtemp()
    syscalls.mount(str(folder), mount_point, flags=syscalls.MS_BIND | syscalls.MS_REC)
    syscalls.mount("tmpfs", str(closed[0]), "tmpfs", options="mode=755")
    folder.mkdir(parents=True)
    syscalls.mount(mount_point, str(folder), flags=syscalls.MS_BIND | syscalls.MS_REC)


if __name__ == "__main__":
    main(sys.argv[1:])
