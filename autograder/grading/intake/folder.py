"""Collect a submission's files from its folder: follow no links, open only ordinary files, and limit size and count."""

from __future__ import annotations

import os
import stat
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path

from autograder.grading.intake.other_files import (
    MAX_PASSED_ON,
    MAX_PASSED_ON_TOGETHER,
    is_passed_on,
    is_system_file,
)
from autograder.grading.intake.repairs import repair, unique
from autograder.grading.model import Repair, SubmittedFile

MAX_FILE = 64_000_000
"""Maximum bytes of one file."""
MAX_TOGETHER = 128_000_000
"""Maximum bytes of all files of a submission."""
MAX_FILES = 100
"""Maximum number of files that could be notebooks and are read."""
MAX_DEPTH = 6
"""Maximum number of folder levels below the submission's folder."""
MAX_ENTRIES = 10_000
"""Maximum number of entries that are examined in all folders together."""
MAX_BEGINNINGS = 500
"""Maximum number of files that are opened to see what they are, because they could be no notebooks."""
MEGABYTE = 1_000_000
"""Bytes."""

SKIPPED = (
    ".ipynb_checkpoints", "__MACOSX", "__pycache__", ".git", ".venv", "site-packages", "node_modules", "feedback",
)  # fmt: skip
"""Folders that hold only copies, installed packages, or the feedback pages that nbgrader put there."""

_BEGINNING = 64
"""Bytes that show what a file is."""

_ENDINGS = (
    ".ipynb", ".ipynb.txt", ".json", ".zip", ".tar", ".tar.gz", ".tgz", ".tar.bz2", ".tbz", ".tbz2", ".gz", ".bz2",
)  # fmt: skip
"""Endings of a notebook's file name, the likeliest first; a notebook may also have no ending at all."""


def collect(folder: Path) -> tuple[tuple[SubmittedFile, ...], tuple[Repair, ...]]:
    """Return the files of a submission, and the repairs for the files left out.

    Files that could be a notebook come whole, and within limits those that graders get to see; of the others only the
    beginning is read. Errors of the file system raise nothing: they are reported as repairs.
    """
    collection = _Collection()
    try:
        with _open_descriptor(str(folder), os.O_DIRECTORY) as descriptor:
            collection.search(descriptor, "", 0)
    except OSError as error:
        return (), (repair("no folder", why=error.strerror or "unknown"),)
    return tuple(collection.files), unique(collection.repairs)


def rank(name: str) -> int:
    """Return how likely a file is a notebook by its name: 0 is likeliest, len(_ENDINGS) + 1 means that it can't be."""
    name = name.rpartition("/")[2].lower()
    if name.startswith("."):
        return len(_ENDINGS) + 1
    endings = (at for at, ending in enumerate(_ENDINGS) if name.endswith(ending))
    return next(endings, len(_ENDINGS) + ("." in name))


def could_be_notebook(name: str) -> bool:
    """True if a file of this name may be a notebook, or an archive that holds one."""
    return rank(name) <= len(_ENDINGS)


@contextmanager
def _open_descriptor(name: str, flags: int, parent: int | None = None) -> Iterator[int]:
    """Open a file or folder and yield its descriptor. Raises OSError, also for a link.

    O_NONBLOCK keeps a pipe that replaced the file meanwhile from blocking. flags: further flags of os.open. parent: the
    descriptor of the folder in which `name` is.
    """
    descriptor = os.open(name, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC | flags, dir_fd=parent)
    try:
        yield descriptor
    finally:
        os.close(descriptor)


@dataclass
class _Collection:
    """The files and repairs collected so far from a submission's folder."""

    files: list[SubmittedFile] = field(default_factory=list)
    repairs: list[Repair] = field(default_factory=list)
    size: int = 0
    """Bytes of all files that could be notebooks."""
    size_of_others: int = 0
    """Bytes of the other files that were read whole."""
    counts: Counter[str] = field(default_factory=Counter)
    """Number of entries examined, of notebooks and others read whole, and of beginnings read."""

    def search(self, folder: int, path: str, depth: int) -> None:
        """Read the files of an opened folder, then those of its subfolders. Raises OSError if it can't be listed.

        folder: its descriptor. path: its path below the submission's folder, empty or with a slash at the end.
        """
        left = MAX_ENTRIES - self.counts["entries"]
        with os.scandir(folder) as scan:
            entries = sorted(islice(scan, left + 1), key=lambda entry: (rank(entry.name), entry.name))
        self.counts["entries"] += len(entries)
        if len(entries) > left:
            self.repairs.append(repair("many files", limit=MAX_ENTRIES))
        folders = []
        for entry in entries[:left]:
            name = path + _printable(entry.name)
            try:
                mode = entry.stat(follow_symlinks=False).st_mode
                if stat.S_ISDIR(mode):
                    folders.append((entry.name, name))
                else:
                    self._add(folder, entry.name, name, mode)
            except OSError as error:
                self.repairs.append(repair("unread", file=name, why=error.strerror or "unknown"))
        for entry_name, name in folders:
            self._search_subfolder(folder, entry_name, name, depth)

    def _add(self, folder: int, entry_name: str, name: str, mode: int) -> None:
        """Read a file if it could be a notebook, or note why it is left out. Raises OSError.

        folder: the descriptor of its folder. entry_name: its name in that folder. name: its path, for messages. mode:
        its type, as in os.stat.
        """
        is_notebook = could_be_notebook(entry_name)
        if not stat.S_ISLNK(mode) and not is_notebook and is_system_file(entry_name):
            return
        if stat.S_ISLNK(mode):
            self.repairs.append(repair("link", file=name))
        elif not stat.S_ISREG(mode):
            self.repairs += [repair("no file", file=name)] if is_notebook else []
        elif not is_notebook:
            self._add_other(folder, entry_name, name)
        elif self.counts["notebooks"] >= MAX_FILES:
            self.repairs.append(repair("many files", limit=MAX_FILES))
        else:
            self._add_notebook(folder, entry_name, name)

    def _add_notebook(self, folder: int, entry_name: str, name: str) -> None:
        """Read a file of at most MAX_FILE bytes that could be a notebook, or note why not. Raises OSError."""
        with _open_descriptor(entry_name, 0, folder) as descriptor:
            status = os.fstat(descriptor)
            if not stat.S_ISREG(status.st_mode):
                self.repairs.append(repair("no file", file=name))
                return
            # The file may grow while it is read: one byte more than the limit shows that.
            data = b"" if status.st_size > MAX_FILE else _read_at_most(descriptor, MAX_FILE + 1)
        if max(status.st_size, len(data)) > MAX_FILE:
            self.repairs.append(repair("large", file=name, limit=MAX_FILE // MEGABYTE))
        elif self.size + len(data) > MAX_TOGETHER:
            self.repairs.append(repair("large together", file=name, limit=MAX_TOGETHER // MEGABYTE))
        else:
            self.size += len(data)
            self.counts["notebooks"] += 1
            self.files.append(SubmittedFile(name, data))

    def _add_other(self, folder: int, entry_name: str, name: str) -> None:
        """Read a file that is no notebook: whole if graders get to see it, else its beginning. Raises OSError."""
        with _open_descriptor(entry_name, 0, folder) as descriptor:
            status = os.fstat(descriptor)
            left = MAX_PASSED_ON_TOGETHER - self.size_of_others
            is_seen = is_passed_on(name) and self.counts["others"] < MAX_PASSED_ON and status.st_size <= left
            if not stat.S_ISREG(status.st_mode):
                return
            if is_seen and len(data := _read_at_most(descriptor, left + 1)) <= left:
                self.size_of_others += len(data)
                self.counts["others"] += 1
                self.files.append(SubmittedFile(name, data))
            elif self.counts["beginnings"] < MAX_BEGINNINGS:
                self.counts["beginnings"] += 1
                self.files.append(SubmittedFile(name, os.pread(descriptor, _BEGINNING, 0), is_whole=False))

    def _search_subfolder(self, folder: int, entry_name: str, name: str, depth: int) -> None:
        """Search a subfolder, unless it holds only copies or is too deep; report errors of the file system.

        folder: the descriptor of the folder that contains it. depth: that folder's level.
        """
        if entry_name in SKIPPED:
            return
        if depth >= MAX_DEPTH:
            self.repairs.append(repair("deep", file=name))
            return
        try:
            with _open_descriptor(entry_name, os.O_DIRECTORY, folder) as descriptor:
                self.search(descriptor, f"{name}/", depth + 1)
        except OSError as error:
            self.repairs.append(repair("unread", file=name, why=error.strerror or "unknown"))


def _printable(name: str) -> str:
    """Return a file's name with bytes that are no UTF-8 replaced."""
    return name.encode("utf-8", "surrogateescape").decode("utf-8", "replace")


def _read_at_most(descriptor: int, size: int) -> bytes:
    """Return up to `size` bytes of an opened file. Raises OSError."""
    pieces = []
    while size > 0 and (piece := os.read(descriptor, min(size, MEGABYTE))):
        pieces.append(piece)
        size -= len(piece)
    return b"".join(pieces)
