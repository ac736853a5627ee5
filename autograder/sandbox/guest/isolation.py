"""Confines a process that is about to run a student's code, by one of three tiers.

`enter` is called in the process that will become the parent of all that a submission starts; `limit` in the one that
runs its code.
"""

from __future__ import annotations

import contextlib
import os
import resource
import shutil
from dataclasses import dataclass

from . import syscalls

TIERS = ("namespaces", "landlock", "rlimits")
"""From the strongest to the weakest."""

WORK = "/notebook"
"""Where a notebook runs, where it has a file system of its own."""


@dataclass(frozen=True)
class Cage:
    """What a submission may see and use."""

    tier: str
    readable: tuple[str, ...]
    """Files and folders that may be read, none of them within another."""
    scratch: str
    """An empty folder of this submission's alone."""
    memory: int = 4 * 2**30
    """Bytes of address space of each process."""
    disk: int = 64 * 2**20
    """Bytes that all its files may have together where it has a file system of its own, else each of them."""
    processes: int = 64
    files: int = 256
    """How many may be open in a process."""
    seconds: int = 600
    """Of processor time in each process."""


NAMESPACES = syscalls.NEWNS | syscalls.NEWPID | syscalls.NEWNET | syscalls.NEWIPC | syscalls.NEWUTS
_DEVICES = ("null", "zero", "full", "random", "urandom")


def leave_namespaces() -> bool:
    """Leave the namespaces of this machine; the next child is the first process of the new ones. Raises OSError.

    Returns whether this process is still what it was outside: as root it is, and will have to become nobody.
    """
    if os.geteuid() == 0:
        with contextlib.suppress(PermissionError):
            syscalls.unshare(NAMESPACES)
            return True
    user, group = os.geteuid(), os.getegid()
    syscalls.unshare(NAMESPACES | syscalls.NEWUSER)
    for name, text in (("setgroups", "deny"), ("uid_map", f"1000 {user} 1"), ("gid_map", f"1000 {group} 1")):
        with open(f"/proc/self/{name}", "w", encoding="ascii") as file:
            file.write(text)
    return False


def enter(cage: Cage, nobody: int = 0) -> str:
    """Confine this process; returns the folder to work in. Raises OSError.

    nobody: a number by which root tells this submission's user from those of others; 0 where it is no longer root.
    """
    if cage.tier == "namespaces":
        _own_file_system(cage)
        if nobody:
            _become_nobody(nobody)
        syscalls.drop_capabilities()
        return WORK
    if cage.tier == "landlock":
        syscalls.drop_capabilities()
        devices = [f"/dev/{name}" for name in _DEVICES]
        syscalls.landlock(list(cage.readable), [cage.scratch, *filter(os.path.exists, devices)])
    return cage.scratch


def limit(cage: Cage) -> None:
    """Set this process's limits. Raises OSError, ValueError."""
    for what, most in (
        (resource.RLIMIT_AS, cage.memory),
        (resource.RLIMIT_FSIZE, cage.disk),
        (resource.RLIMIT_NOFILE, cage.files),
        (resource.RLIMIT_CPU, cage.seconds),
        (resource.RLIMIT_CORE, 0),
    ):
        resource.setrlimit(what, (most, most))
    # Elsewhere it would count all processes of whoever grades.
    if cage.tier == "namespaces":
        resource.setrlimit(resource.RLIMIT_NPROC, (cage.processes, cage.processes))


def _own_file_system(cage: Cage) -> None:
    """A root with what is readable, read-only, and one small folder to write to, in memory."""
    syscalls.mount("none", "/", flags=syscalls.MS_REC | syscalls.MS_PRIVATE)
    root = cage.scratch
    syscalls.mount("tmpfs", root, "tmpfs", syscalls.MS_NOSUID | syscalls.MS_NODEV, "mode=755,size=4m")
    # What lies there is hidden by a /tmp of its own, and shown once that is there.
    hidden = [path for path in cage.readable if path.startswith("/tmp/")]
    for path in cage.readable:
        if path not in hidden:
            _show(path, root + path)
    for folder in ("/dev", "/proc", WORK, "/tmp"):
        os.makedirs(root + folder, exist_ok=True)
    syscalls.make_read_only(root)
    _own_devices(root + "/dev")
    options = f"mode=777,size={cage.disk},nr_inodes=10k"
    syscalls.mount("tmpfs", root + WORK, "tmpfs", syscalls.MS_NOSUID | syscalls.MS_NODEV, options)
    os.mkdir(root + WORK + "/tmp", 0o777)
    os.chmod(root + WORK + "/tmp", 0o777)
    syscalls.mount(root + WORK + "/tmp", root + "/tmp", flags=syscalls.MS_BIND)
    for path in hidden:
        _show(path, root + path)
        if not os.path.islink(root + path):
            syscalls.make_read_only(root + path)
    syscalls.change_root(root)


def _own_devices(folder: str) -> None:
    syscalls.mount("tmpfs", folder, "tmpfs", syscalls.MS_NOSUID, "mode=755,size=64k")
    for name in _DEVICES:
        with contextlib.suppress(FileNotFoundError):
            os.stat(f"/dev/{name}")
            _show(f"/dev/{name}", f"{folder}/{name}")
    os.symlink(WORK + "/tmp", folder + "/shm")


def _show(path: str, target: str) -> None:
    """Let a file, a folder or a symbolic link appear at a target."""
    os.makedirs(os.path.dirname(target), exist_ok=True)
    if os.path.islink(path) and not os.path.isabs(os.readlink(path)):
        os.symlink(os.readlink(path), target)
    elif os.path.isdir(path):
        os.makedirs(target, exist_ok=True)
        syscalls.mount(path, target, flags=syscalls.MS_BIND | syscalls.MS_REC)
    else:
        with open(target, "xb"):
            pass
        syscalls.mount(path, target, flags=syscalls.MS_BIND)


def _become_nobody(number: int) -> None:
    """Become a user that nobody else is, so that limits count this submission's processes alone. Raises OSError."""
    os.setgroups([])
    # The second for a container that knows 65,536 users.
    for user in (0x6C000000 + number % 2**24, 60_000 + number % 5_000):
        with contextlib.suppress(OSError):
            os.setresgid(user, user, user)
            os.setresuid(user, user, user)
            return
    raise OSError("root can't become another user here")


def remove(scratch: str) -> None:
    """Remove what a submission left behind outside memory."""
    shutil.rmtree(scratch, ignore_errors=True)
