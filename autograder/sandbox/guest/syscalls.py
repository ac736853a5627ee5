"""Linux system calls that Python has no function for: namespaces, mounts, Landlock, capabilities, process control.

Numbers and structures are those of Linux's headers (`include/uapi/linux`); the numbers of the generic system calls
below are the same on every architecture. Runs in the zygote and in the processes forked from it.
"""

from __future__ import annotations

import ctypes
import os
import struct

NEWNS, NEWUTS, NEWIPC, NEWUSER, NEWPID, NEWNET = (
    0x00020000, 0x04000000, 0x08000000, 0x10000000, 0x20000000, 0x40000000
)  # fmt: skip
MS_BIND, MS_REC, MS_PRIVATE = 0x1000, 0x4000, 0x40000
MS_NOSUID, MS_NODEV = 0x2, 0x4

_MOUNT_SETATTR, _LANDLOCK_CREATE, _LANDLOCK_ADD, _LANDLOCK_RESTRICT = 442, 444, 445, 446
_PIVOT_ROOT = {"x86_64": 155, "aarch64": 41, "riscv64": 41, "ppc64le": 203, "s390x": 217}
_RDONLY, _NOSUID, _NODEV = 0x1, 0x2, 0x4  # mount attributes
_RECURSIVE = 0x8000
_PR_SET_PDEATHSIG, _PR_CAPBSET_DROP, _PR_SET_SUBREAPER, _PR_NO_NEW_PRIVS = 1, 24, 36, 38
_CAPABILITY_VERSION = 0x20080522

_libc = ctypes.CDLL(None, use_errno=True)


def _check_result(result: int, name: str) -> int:
    """Return the result of the named system call. Raises OSError if it is negative."""
    if result < 0:
        errno = ctypes.get_errno()
        raise OSError(errno, f"{name}: {os.strerror(errno)}")
    return result


def _syscall(number: int, *args: object) -> int:
    """Return the result of the system call with this number; negative if it fails."""
    return int(_libc.syscall(ctypes.c_long(number), *args))


def unshare(flags: int) -> None:
    """Move this process to new namespaces, of the kinds that the flags name. Raises OSError."""
    _check_result(_libc.unshare(flags), "unshare")


def mount(source: str, target: str, kind: str = "", flags: int = 0, options: str = "") -> None:
    """Mount a source at a target; kind: the type of the file system. Raises OSError."""
    texts = (text.encode() or None for text in (source, target, kind))
    _check_result(_libc.mount(*texts, ctypes.c_ulong(flags), options.encode() or None), f"mount {target}")


def make_read_only(target: str) -> None:
    """Forbid writing, devices and setuid on all mounts at and below a path. Raises OSError."""
    attributes = struct.pack("QQQQ", _RDONLY | _NOSUID | _NODEV, 0, 0, 0)
    at_cwd = ctypes.c_int(-100)
    result = _syscall(_MOUNT_SETATTR, at_cwd, target.encode(), _RECURSIVE, attributes, ctypes.c_size_t(len(attributes)))
    _check_result(result, "mount_setattr")


def change_root(root: str) -> None:
    """Make a folder the root of the file system, and unmount the old root. Raises OSError."""
    machine = os.uname().machine
    if machine not in _PIVOT_ROOT:
        raise OSError(f"pivot_root has no known number on {machine}")
    os.chdir(root)
    # With equal arguments pivot_root stacks the old root on the new one, where it can be unmounted.
    _check_result(_syscall(_PIVOT_ROOT[machine], b".", b"."), "pivot_root")
    detach = 2
    _check_result(_libc.umount2(b".", detach), "umount")
    os.chdir("/")


def die_with_parent(signal: int) -> None:
    """Make Linux send this process a signal when its parent ends. Raises OSError."""
    _check_result(_libc.prctl(_PR_SET_PDEATHSIG, ctypes.c_ulong(signal), 0, 0, 0), "PR_SET_PDEATHSIG")


def adopt_orphans() -> None:
    """Make this process the parent of its descendants whose own parent ends. Raises OSError."""
    _check_result(_libc.prctl(_PR_SET_SUBREAPER, ctypes.c_ulong(1), 0, 0, 0), "PR_SET_CHILD_SUBREAPER")


def drop_capabilities() -> None:
    """Drop all capabilities, also those that this process could gain by starting a program. Raises OSError."""
    capability = 0
    # The call fails after the last capability that Linux knows. It fails at once without the right to drop
    # capabilities; then the bounding set grants none either.
    while _libc.prctl(_PR_CAPBSET_DROP, ctypes.c_ulong(capability), 0, 0, 0) == 0:
        capability += 1
    header = struct.pack("Ii", _CAPABILITY_VERSION, 0)
    _check_result(_libc.capset(header, struct.pack("6I", *[0] * 6)), "capset")
    no_new_privileges()


def no_new_privileges() -> None:
    """Forbid programs that this process starts to gain more rights than it has. Raises OSError."""
    _check_result(_libc.prctl(_PR_NO_NEW_PRIVS, ctypes.c_ulong(1), 0, 0, 0), "PR_SET_NO_NEW_PRIVS")


# Landlock

_EXECUTE, _WRITE, _READ, _READ_DIR = 1 << 0, 1 << 1, 1 << 2, 1 << 3
_TRUNCATE, _IOCTL = 1 << 14, 1 << 15
_FILE_RIGHTS = _EXECUTE | _WRITE | _READ | _TRUNCATE | _IOCTL
_RIGHTS_BY_ABI = {1: 13, 2: 14, 3: 15, 4: 15}
"""Number of file rights by Landlock version; later versions have 16."""
_TCP, _SCOPES = 0b11, 0b11


def landlock_version() -> int:
    """Return the version of Landlock in Linux; 0 if there is none."""
    return max(0, _syscall(_LANDLOCK_CREATE, None, ctypes.c_size_t(0), 1))


def landlock(readable: list[str], writable: list[str]) -> None:
    """Allow this process and its descendants only these files and folders, and no TCP. Raises OSError.

    readable: paths to read and execute. writable: paths with all rights. Landlock forbids TCP from version 4 on; from
    version 6 on also signals to processes outside, and sockets without a name in the file system.
    """
    version = landlock_version()
    if version == 0:
        raise OSError("this kernel has no Landlock")
    rights = (1 << _RIGHTS_BY_ABI.get(version, 16)) - 1
    attributes = struct.pack("QQQ", rights, _TCP if version >= 4 else 0, _SCOPES if version >= 6 else 0)
    size = 8 if version < 4 else 16 if version < 6 else 24
    ruleset = _check_result(
        _syscall(_LANDLOCK_CREATE, attributes[:size], ctypes.c_size_t(size), 0), "landlock_create_ruleset"
    )
    try:
        for path in readable:
            _allow(ruleset, path, (_EXECUTE | _READ | _READ_DIR) & rights)
        for path in writable:
            _allow(ruleset, path, rights)
        no_new_privileges()
        _check_result(_syscall(_LANDLOCK_RESTRICT, ruleset, 0), "landlock_restrict_self")
    finally:
        os.close(ruleset)


def _allow(ruleset: int, path: str, rights: int) -> None:
    """Add rights at and below a path to a ruleset. Raises OSError."""
    beneath = 1
    file = os.open(path, os.O_PATH | os.O_CLOEXEC)
    try:
        if not os.path.isdir(path):
            rights &= _FILE_RIGHTS
        rule = struct.pack("=Qi", rights, file)
        _check_result(_syscall(_LANDLOCK_ADD, ruleset, beneath, rule, 0), f"landlock_add_rule {path}")
    finally:
        os.close(file)
