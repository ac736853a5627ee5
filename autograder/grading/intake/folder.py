"""Reads a submission's folder: follows no link, opens nothing but ordinary files, and reads so much and no more."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path

from autograder.grading.intake.repairs import once, repair
from autograder.grading.model import File, Repair

MAX_FILE = 64_000_000
MAX_TOGETHER = 128_000_000
MAX_FILES = 100
MAX_DEPTH = 2
"""Folders below the submission's own."""
MAX_ENTRIES = 10_000
"""Names looked at in one folder."""
MEGABYTE = 1_000_000

SKIPPED = (".ipynb_checkpoints", "__MACOSX")
"""Folders in which only copies lie."""

_ENDINGS = (".ipynb", ".ipynb.txt", ".json", ".zip")
"""What a notebook may be called, the likeliest first; it may also have no ending at all."""


def collect(folder: Path) -> tuple[tuple[File, ...], tuple[Repair, ...]]:
    """All files of a submission that could be a notebook, and what was left out; nothing is raised."""
    found = _Collection()
    try:
        with _opened(str(folder), os.O_DIRECTORY) as descriptor:
            found.search(descriptor, "", 0)
    except OSError as error:
        return (), (repair("no folder", why=error.strerror or "unknown"),)
    if not found.files and not found.repairs and found.others:
        found.repairs.append(repair("no notebook", files=sorted(found.others)))
    return tuple(found.files), once(found.repairs)


def rank(name: str) -> int:
    """How likely a file is a notebook, by its name: 0 is likeliest; len(_ENDINGS) + 1 for one that can't be any."""
    name = name.rpartition("/")[2].lower()
    if name.startswith("."):
        return len(_ENDINGS) + 1
    endings = (at for at, ending in enumerate(_ENDINGS) if name.endswith(ending))
    return next(endings, len(_ENDINGS) + ("." in name))


def could_be_notebook(name: str) -> bool:
    """Whether a file of that name is worth reading."""
    return rank(name) <= len(_ENDINGS)


@contextmanager
def _opened(name: str, flags: int, parent: int | None = None) -> Iterator[int]:
    """A file or folder, if it is no link; a pipe that took its place meanwhile does not block."""
    descriptor = os.open(name, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC | flags, dir_fd=parent)
    try:
        yield descriptor
    finally:
        os.close(descriptor)


@dataclass
class _Collection:
    """What was found so far."""

    files: list[File] = field(default_factory=list)
    repairs: list[Repair] = field(default_factory=list)
    others: list[str] = field(default_factory=list)
    """Files that can't be notebooks."""
    size: int = 0

    def search(self, folder: int, path: str, depth: int) -> None:
        """Read the files of an opened folder, then those of its folders."""
        with os.scandir(folder) as entries:
            listed = sorted(islice(entries, MAX_ENTRIES + 1), key=lambda entry: (rank(entry.name), entry.name))
        if len(listed) > MAX_ENTRIES:
            self.repairs.append(repair("many files", limit=MAX_ENTRIES))
        folders = []
        for entry in listed[:MAX_ENTRIES]:
            name = path + _printable(entry.name)
            try:
                mode = entry.stat(follow_symlinks=False).st_mode
                if stat.S_ISDIR(mode):
                    folders.append((entry.name, name))
                else:
                    self._meet(folder, entry.name, name, mode)
            except OSError as error:
                self.repairs.append(repair("unread", file=name, why=error.strerror or "unknown"))
        for own, name in folders:
            self._enter(folder, own, name, depth)

    def _meet(self, folder: int, own: str, name: str, mode: int) -> None:
        if not could_be_notebook(own) and not stat.S_ISLNK(mode):
            self.others += [name] if own != "timestamp.txt" else []
        elif stat.S_ISLNK(mode):
            self.repairs.append(repair("link", file=name))
        elif not stat.S_ISREG(mode):
            self.repairs.append(repair("no file", file=name))
        elif len(self.files) >= MAX_FILES:
            self.repairs.append(repair("many files", limit=MAX_FILES))
        else:
            self._read(folder, own, name)

    def _read(self, folder: int, own: str, name: str) -> None:
        with _opened(own, 0, folder) as descriptor:
            about = os.fstat(descriptor)
            if not stat.S_ISREG(about.st_mode):
                self.repairs.append(repair("no file", file=name))
                return
            # It may grow while it is read.
            data = b"" if about.st_size > MAX_FILE else _at_most(descriptor, MAX_FILE + 1)
        if max(about.st_size, len(data)) > MAX_FILE:
            self.repairs.append(repair("large", file=name, limit=MAX_FILE // MEGABYTE))
        elif self.size + len(data) > MAX_TOGETHER:
            self.repairs.append(repair("large together", file=name, limit=MAX_TOGETHER // MEGABYTE))
        else:
            self.size += len(data)
            self.files.append(File(name, data))

    def _enter(self, folder: int, own: str, name: str, depth: int) -> None:
        if own in SKIPPED:
            return
        if depth >= MAX_DEPTH:
            self.repairs.append(repair("deep", file=name))
            return
        try:
            with _opened(own, os.O_DIRECTORY, folder) as descriptor:
                self.search(descriptor, f"{name}/", depth + 1)
        except OSError as error:
            self.repairs.append(repair("unread", file=name, why=error.strerror or "unknown"))


def _printable(name: str) -> str:
    """A file's name; bytes in it that are no UTF-8 are replaced."""
    return name.encode("utf-8", "surrogateescape").decode("utf-8", "replace")


def _at_most(descriptor: int, size: int) -> bytes:
    pieces = []
    while size > 0 and (piece := os.read(descriptor, min(size, MEGABYTE))):
        pieces.append(piece)
        size -= len(piece)
    return b"".join(pieces)
