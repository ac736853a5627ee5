"""Unpack archives in memory: nothing is written to the disk, and limits bound what a small archive may grow to."""

from __future__ import annotations

import bz2
import gzip
import io
import tarfile
import zipfile
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Protocol

from autograder.grading.intake.folder import (
    MAX_FILE,
    MAX_FILES,
    MAX_TOGETHER,
    MEGABYTE,
    SKIPPED,
    could_be_notebook,
    rank,
)
from autograder.grading.intake.other_files import (
    MAX_PASSED_ON,
    MAX_PASSED_ON_TOGETHER,
    is_passed_on,
    is_system_file,
)
from autograder.grading.intake.repairs import repair, unique
from autograder.grading.intake.zip_member import ZipMember
from autograder.grading.model import Repair, SubmittedFile

ARCHIVES = (".zip", ".tar", ".tgz", ".gz", ".tbz", ".tbz2", ".bz2")
"""Endings of the archives that are unpacked."""
MAX_MEMBERS = 1_000
"""Maximum number of entries of an archive."""
MAX_DEPTH = 1
"""Maximum number of archives around an archive."""
MAX_STREAMED = 2 * MAX_TOGETHER
"""Maximum bytes that are read from tar archives, to find their members."""
_ENTRY_SIGNATURE = b"PK\x01\x02"
"""The first bytes of each entry of a ZIP archive's central directory."""
_ENCRYPTED = 1
"""The bit of a member's flags that says that the member is encrypted."""
_TAR_BLOCK, _TAR_NAME = 512, 257
"""Length of a block of a tar archive, and the position of the format's name in the first block."""


class _RefusedError(Exception):
    """An archive is not unpacked to its end.

    reason: the repair that says why.
    """

    def __init__(self, reason: Repair) -> None:
        super().__init__(reason)
        self.reason = reason


class _Stream(Protocol):
    """A file open for reading."""

    def read(self, size: int, /) -> bytes:
        """Return up to `size` bytes."""


def unpack(files: Iterable[SubmittedFile]) -> tuple[tuple[SubmittedFile, ...], tuple[Repair, ...]]:
    """Return the files, each archive replaced by its members; and the repairs.

    Members that could be notebooks are unpacked, and files for graders; of others only the name is kept. An archive is
    recognised by its first bytes, whatever its name is. Damaged archives raise nothing: they are reported as repairs.
    """
    unpacker = _Unpacker()
    for file in files:
        unpacker.add(file, 0)
    return tuple(unpacker.files), unique(unpacker.repairs)


@dataclass
class _Unpacker:
    """The files and repairs of a submission's archives, and how much may still be unpacked."""

    files: list[SubmittedFile] = field(default_factory=list)
    repairs: list[Repair] = field(default_factory=list)
    members: int = 0
    """Number of members unpacked so far that could be notebooks, from all archives."""
    others: int = 0
    """Number of other members unpacked so far."""
    left: int = MAX_TOGETHER
    """Bytes that may still be unpacked, kept or not."""
    streamed: int = 0
    """Bytes read so far from tar archives, members that are left out included."""
    left_for_others: int = MAX_PASSED_ON_TOGETHER
    """Bytes that may still be unpacked of members that are no notebooks."""

    def add(self, file: SubmittedFile, depth: int) -> None:
        """Add a file, or the members of the archive that it is. depth: number of archives around it."""
        is_whole = file.is_whole and could_be_notebook(file.name)
        opener = next((opener for starts, opener in _OPENERS if starts(file.data)), None) if is_whole else None
        if opener is None:
            self.files.append(file)
        elif depth > MAX_DEPTH:
            self.repairs.append(repair("nested archive", file=file.name))
        else:
            self._open(file, depth, opener)

    def _open(self, file: SubmittedFile, depth: int, opener: Callable[[_Unpacker, SubmittedFile, int], None]) -> None:
        """Add the members of an archive, or report why it can't be unpacked. opener: the function that adds them."""
        before = len(self.files), len(self.repairs)
        try:
            opener(self, file, depth)
        except _RefusedError as error:
            self.repairs.append(error.reason)
        # Damaged archives make the standard library raise exceptions of many types, from IndexError to struct.error.
        except Exception as error:
            # zipfile says only that it is no ZIP file, where the list of members is missing at the end.
            why = "its end is missing" if str(error) == "File is not a zip file" else str(error) or type(error).__name__
            self.repairs.append(repair("damaged archive", file=file.name, why=why))
        else:
            is_empty = before == (len(self.files), len(self.repairs))
            self.repairs.append(repair("empty archive" if is_empty else "unpacked", file=file.name))

    def open_zip(self, file: SubmittedFile, depth: int) -> None:
        """Add the members of a ZIP archive, the likeliest notebooks first. Raises exceptions of many types."""
        if file.data.count(_ENTRY_SIGNATURE) > MAX_MEMBERS:
            raise _RefusedError(repair("many files", limit=MAX_MEMBERS))
        with zipfile.ZipFile(io.BytesIO(file.data)) as archive:
            for member in sorted(archive.infolist(), key=lambda member: (rank(member.filename), member.filename)):
                if member.is_dir():
                    continue
                name = self._accepted(file.name, member.filename, member.file_size)
                if name and member.flag_bits & _ENCRYPTED:
                    self.repairs.append(repair("locked member", file=name))
                elif name:
                    self._add_member(name, member.file_size, ZipMember(archive, file.data, member), depth)

    def open_compressed(self, file: SubmittedFile, depth: int) -> None:
        """Add the members of a compressed tar archive, or the one compressed file. Raises exceptions of many types."""
        decompressed = gzip.open if file.data.startswith(b"\x1f\x8b") else bz2.open
        with decompressed(io.BytesIO(file.data)) as stream:
            beginning = stream.read(_TAR_BLOCK)
            stream.seek(0)
            if _is_tar(beginning):
                self._add_tar(file, depth, stream)
                return
            name, ending = file.name.rsplit("/", 1)[-1], (".gz", ".bz2")
            inside = next((name[: -len(end)] for end in ending if name.lower().endswith(end)), name)
            self._add_member(f"{file.name}/{inside}", MAX_FILE, stream, depth)

    def open_tar(self, file: SubmittedFile, depth: int) -> None:
        """Add the members of a tar archive. Raises exceptions of many types."""
        self._add_tar(file, depth, io.BytesIO(file.data))

    def _add_tar(self, file: SubmittedFile, depth: int, stream: _Stream) -> None:
        """Add the members of an uncompressed tar archive. stream: its bytes."""
        # The mode r| reads the stream once from its beginning to its end, and keeps only what is asked for.
        with tarfile.open(fileobj=_Counted(stream, self, file.name), mode="r|") as archive:  # type: ignore[call-overload]
            for number, member in enumerate(archive):
                if number >= MAX_MEMBERS:
                    raise _RefusedError(repair("many files", limit=MAX_MEMBERS))
                name = "" if member.isdir() else self._accepted(file.name, member.name, member.size)
                if name and (not member.isreg() or member.issparse()):
                    self.repairs.append(repair("no file member", file=name))
                elif name and (content := archive.extractfile(member)):
                    self._add_member(name, member.size, content, depth)

    def _accepted(self, parent: str, member: str, size: int) -> str:
        """Return the name of a member that is to be unpacked; "" if it is left out, which is then reported.

        Nothing is reported on copies and hidden files. parent: the archive's name. size: as the archive states it.
        """
        path = member.replace("\\", "/").removeprefix("./").split("/")
        if is_system_file(path[-1]) or not path[-1] or any(folder in SKIPPED for folder in path):
            return ""
        name = f"{parent}/{'/'.join(path).encode('utf-8', 'replace').decode('utf-8')}"
        if path[0] == "" or ".." in path or ":" in path[0]:
            self.repairs.append(repair("odd member", file=name))
        elif not could_be_notebook(path[-1]):
            is_small = self.others < MAX_PASSED_ON and size <= min(self.left, self.left_for_others)
            if is_small and is_passed_on(path[-1]):
                return name
            self.files.append(SubmittedFile(name, b"", is_whole=False))
        elif self.members >= MAX_FILES:
            self.repairs.append(repair("many files", limit=MAX_FILES))
        elif size > MAX_FILE:
            self.repairs.append(repair("large", file=name, limit=MAX_FILE // MEGABYTE))
        elif size > self.left:
            self.repairs.append(repair("large together", file=name, limit=MAX_TOGETHER // MEGABYTE))
        else:
            return name
        return ""

    def _add_member(self, name: str, size: int, stream: _Stream, depth: int) -> None:
        """Unpack one member, never more than `size` bytes; report it if it is damaged. stream: its content."""
        is_other = not could_be_notebook(name)
        self.members, self.others = self.members + (not is_other), self.others + is_other
        try:
            data = stream.read(min(size, self.left) + 1)
            if len(data) > min(size, self.left):
                raise ValueError("it is larger than allowed, or than its archive says")
        except _RefusedError:
            raise
        # As in `_open`; a damaged member must not stop the others.
        except Exception as error:
            self.left -= min(size, self.left)
            self.repairs.append(repair("damaged member", file=name, why=str(error) or type(error).__name__))
            return
        self.left -= len(data)
        self.left_for_others -= len(data) if is_other else 0
        self.add(SubmittedFile(name, data), depth + 1)


@dataclass
class _Counted:
    """The bytes of a tar archive, of which only as many are read as may be unpacked, skipped members included."""

    stream: _Stream
    unpacker: _Unpacker
    name: str
    """The archive's name."""

    def read(self, size: int) -> bytes:
        """Return up to `size` bytes. Raises _RefusedError."""
        data = self.stream.read(size)
        self.unpacker.streamed += len(data)
        if self.unpacker.streamed > MAX_STREAMED:
            raise _RefusedError(repair("large archive", file=self.name, limit=MAX_STREAMED // MEGABYTE))
        return data


def _is_tar(data: bytes) -> bool:
    """True if data are the beginning of a tar archive."""
    return data[_TAR_NAME : _TAR_NAME + 5] == b"ustar"


_OPENERS: tuple[tuple[Callable[[bytes], bool], Callable[[_Unpacker, SubmittedFile, int], None]], ...] = (
    (lambda data: data.startswith((b"PK\x03\x04", b"PK\x05\x06")), _Unpacker.open_zip),
    (lambda data: data.startswith(b"\x1f\x8b"), _Unpacker.open_compressed),
    (lambda data: data[:3] == b"BZh" and data[4:10] == b"1AY&SY", _Unpacker.open_compressed),
    (_is_tar, _Unpacker.open_tar),
)
"""The kinds of archives: a function that recognises one by its first bytes, and the method that adds its members."""
