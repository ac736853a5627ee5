"""Runs a command as an ordinary user, who may read the interpreter wherever it lies: `as_user.py COMMAND…`, as root."""

from __future__ import annotations

import os
import stat
import sys
import tempfile
from pathlib import Path

from autograder.sandbox import kernel

USER = 12_345


def main(command: list[str]) -> None:
    """Become that user, in a mount namespace of its own, and run the command."""
    kernel.unshare(kernel.NEWNS)
    kernel.mount("none", "/", flags=kernel.MS_REC | kernel.MS_PRIVATE)
    prefix = Path(sys.base_prefix).resolve()
    closed = [folder for folder in reversed(prefix.parents) if not folder.stat().st_mode & stat.S_IXOTH]
    if closed:
        # The rest of a folder that is closed to others stays closed.
        aside = tempfile.mkdtemp()
        kernel.mount(str(prefix), aside, flags=kernel.MS_BIND | kernel.MS_REC)
        kernel.mount("tmpfs", str(closed[0]), "tmpfs", options="mode=755")
        prefix.mkdir(parents=True)
        kernel.mount(aside, str(prefix), flags=kernel.MS_BIND | kernel.MS_REC)
    home = tempfile.mkdtemp()
    os.chown(home, USER, USER)
    os.setgroups([])
    os.setresgid(USER, USER, USER)
    os.setresuid(USER, USER, USER)
    os.environ.update(HOME=home, PYTHONDONTWRITEBYTECODE="1")
    os.execvp(command[0], command)


if __name__ == "__main__":
    main(sys.argv[1:])
