"""Confines a process by one of three tiers of isolation, before it runs student code.

Runs in the processes that the zygote forks. With the tier "namespaces", `isolate` is called in the parent of all
processes of a submission; with the other tiers, in the process that runs the student code. `set_limits` is always
called in the latter. The grader's process uses `Limits` and `remove_scratch`.
"""

from __future__ import annotations

import contextlib
import os
import resource
import shutil
from dataclasses import dataclass

from . import syscalls

TIERS = ("namespaces", "landlock", "rlimits")
"""Tiers of isolation, from the strongest to the weakest."""

NOTEBOOK_FOLDER = "/notebook"
"""Working folder of a notebook with the tier "namespaces", which gives it a file system of its own."""


@dataclass(frozen=True)
class Limits:
    """The files that a submission may read, and the resources that it may use."""

    tier: str
    """One of TIERS."""
    readable: tuple[str, ...]
    """Paths of files and folders that the submission may read; none lies within another."""
    scratch: str
    """Path of an empty folder for this submission only."""
    memory: int = 4 * 2**30
    """Bytes of address space of each process."""
    disk: int = 64 * 2**20
    """Bytes of all files together with the tier "namespaces"; bytes of each file with the other tiers."""
    processes: int = 64
    """Number of processes; only the tier "namespaces" limits it."""
    files: int = 256
    """Number of files that each process may have open."""
    seconds: int = 1_000
    """Seconds of processor time of each process."""


ONE_THREAD = {f"{library}_NUM_THREADS": "1" for library in ("OPENBLAS", "OMP", "MKL")}
"""Environment variables that give each numerical library one thread a process, in place of one for every core."""

NAMESPACES = syscalls.NEWNS | syscalls.NEWPID | syscalls.NEWNET | syscalls.NEWIPC | syscalls.NEWUTS
_DEVICES = ("null", "zero", "full", "random", "urandom")


def unshare_namespaces() -> bool:
    """Move this process to new namespaces; its next child is the first process in them. Raises OSError.

    Return True if this process is still root of the machine: then its child must change its user. Otherwise the process
    has a user namespace too, in which it is user 1000.
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


def isolate(limits: Limits, nobody: int = 0) -> str:
    """Confine this process and return the path of its working folder. Raises OSError.

    nobody: a number that differs between submissions, from which root derives the user that it becomes; 0 if this
    process is not root of the machine.
    """
    if limits.tier == "namespaces":
        _mount_root(limits)
        if nobody:
            _change_user(nobody)
        syscalls.drop_capabilities()
        return NOTEBOOK_FOLDER
    if limits.tier == "landlock":
        syscalls.drop_capabilities()
        devices = [f"/dev/{name}" for name in _DEVICES]
        syscalls.landlock(list(limits.readable), [limits.scratch, *filter(os.path.exists, devices)])
    return limits.scratch


def set_limits(limits: Limits) -> None:
    """Set the resource limits of this process. Raises OSError, ValueError."""
    for resource_type, maximum in (
        (resource.RLIMIT_AS, limits.memory),
        (resource.RLIMIT_FSIZE, limits.disk),
        (resource.RLIMIT_NOFILE, limits.files),
        (resource.RLIMIT_CPU, limits.seconds),
        (resource.RLIMIT_CORE, 0),
    ):
        resource.setrlimit(resource_type, (maximum, maximum))
    # Linux counts the processes of a user: with the other tiers this would count all processes of the grader.
    if limits.tier == "namespaces":
        resource.setrlimit(resource.RLIMIT_NPROC, (limits.processes, limits.processes))


def _mount_root(limits: Limits) -> None:
    """Change to a root with the readable paths, read-only, and one small writable folder in memory. Raises OSError."""
    syscalls.mount("none", "/", flags=syscalls.MS_REC | syscalls.MS_PRIVATE)
    root = limits.scratch
    syscalls.mount("tmpfs", root, "tmpfs", syscalls.MS_NOSUID | syscalls.MS_NODEV, "mode=755,size=4m")
    # The new /tmp would hide these paths, so they are mounted after it.
    hidden = [path for path in limits.readable if path.startswith("/tmp/")]
    for path in limits.readable:
        if path not in hidden:
            _bind(path, root + path)
    for folder in ("/dev", "/proc", NOTEBOOK_FOLDER, "/tmp"):
        os.makedirs(root + folder, exist_ok=True)
    syscalls.make_read_only(root)
    _mount_devices(root + "/dev")
    options = f"mode=777,size={limits.disk},nr_inodes=10k"
    syscalls.mount("tmpfs", root + NOTEBOOK_FOLDER, "tmpfs", syscalls.MS_NOSUID | syscalls.MS_NODEV, options)
    os.mkdir(root + NOTEBOOK_FOLDER + "/tmp", 0o777)
    os.chmod(root + NOTEBOOK_FOLDER + "/tmp", 0o777)
    syscalls.mount(root + NOTEBOOK_FOLDER + "/tmp", root + "/tmp", flags=syscalls.MS_BIND)
    for path in hidden:
        _bind(path, root + path)
        if not os.path.islink(root + path):
            syscalls.make_read_only(root + path)
    syscalls.change_root(root)


def _mount_devices(folder: str) -> None:
    """Mount a file system with _DEVICES and a `shm` that links to the notebook's temporary folder. Raises OSError."""
    syscalls.mount("tmpfs", folder, "tmpfs", syscalls.MS_NOSUID, "mode=755,size=64k")
    for name in _DEVICES:
        with contextlib.suppress(FileNotFoundError):
            os.stat(f"/dev/{name}")
            _bind(f"/dev/{name}", f"{folder}/{name}")
    os.symlink(NOTEBOOK_FOLDER + "/tmp", folder + "/shm")


def _bind(path: str, target: str) -> None:
    """Bind a file or a folder to a target, which is created; copy a relative symbolic link. Raises OSError."""
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


def _change_user(number: int) -> None:
    """Become a user of this submission only, so that limits count no other processes. Raises OSError."""
    os.setgroups([])
    # The second number is for a container whose user namespace has 65,536 users.
    for user in (0x6C000000 + number % 2**24, 60_000 + number % 5_000):
        with contextlib.suppress(OSError):
            os.setresgid(user, user, user)
            os.setresuid(user, user, user)
            return
    raise OSError("root can't become another user here")


def remove_scratch(scratch: str) -> None:
    """Remove a submission's scratch folder with all files; ignore errors."""
    shutil.rmtree(scratch, ignore_errors=True)
