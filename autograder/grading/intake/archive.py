"""Unpack notebooks from ZIP archives in memory: nothing is written to the disk, and limits bound a ZIP bomb."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterable
from dataclasses import dataclass, field

from autograder.grading.intake.folder import (
    MAX_FILE,
    MAX_FILES,
    MAX_TOGETHER,
    MEGABYTE,
    SKIPPED,
    could_be_notebook,
    rank,
)
from autograder.grading.intake.repairs import repair, unique
from autograder.grading.model import Repair, SubmittedFile

_SIGNATURES = (b"PK\x03\x04", b"PK\x05\x06")
"""The first bytes of a ZIP archive; the second signature is that of an empty one."""
_ENTRY_SIGNATURE = b"PK\x01\x02"
"""The first bytes of each entry of an archive's central directory."""
MAX_MEMBERS = 1_000
"""Maximum number of entries in an archive's central directory."""
_ENCRYPTED = 1
"""The bit of a member's flags that says that the member is encrypted."""
_METHODS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
"""The compression methods that are unpacked; the others take as much memory as the archive says."""


def unpack(files: Iterable[SubmittedFile]) -> tuple[tuple[SubmittedFile, ...], tuple[Repair, ...]]:
    """Return the files, each archive replaced by its members that could be notebooks; and the repairs.

    An archive inside an archive is not unpacked. Damaged archives raise nothing: they are reported as repairs.
    """
    unpacker = _Unpacker()
    for file in files:
        if file.data.startswith(_SIGNATURES):
            unpacker.open(file)
        else:
            unpacker.files.append(file)
    return tuple(unpacker.files), unique(unpacker.repairs)


@dataclass
class _Unpacker:
    """The files and repairs of a submission's archives, and how much may still be unpacked."""

    files: list[SubmittedFile] = field(default_factory=list)
    repairs: list[Repair] = field(default_factory=list)
    members: int = 0
    """Number of members unpacked so far, from all archives."""
    left: int = MAX_TOGETHER
    """Bytes that may still be unpacked, kept or not."""

    def open(self, file: SubmittedFile) -> None:
        """Unpack the members of an archive that could be notebooks, the likeliest first."""
        if file.data.count(_ENTRY_SIGNATURE) > MAX_MEMBERS:
            self.repairs.append(repair("many files", limit=MAX_MEMBERS))
            return
        try:
            with zipfile.ZipFile(io.BytesIO(file.data)) as archive:
                members = sorted(archive.infolist(), key=lambda member: (rank(member.filename), member.filename))
                for member in members:
                    self._add_member(archive, member, file.name)
        # A damaged archive makes zipfile raise exceptions of many types, from IndexError to struct.error.
        except Exception as error:
            self.repairs.append(repair("damaged archive", file=file.name, why=str(error) or type(error).__name__))
            return
        self.repairs.append(repair("unpacked", file=file.name))

    def _add_member(self, archive: zipfile.ZipFile, member: zipfile.ZipInfo, parent: str) -> None:
        """Unpack a member, or report why it is left out; skip members that can't be notebooks, and copies.

        parent: the archive's file name.
        """
        path = member.filename.replace("\\", "/").split("/")
        if member.is_dir() or not could_be_notebook(path[-1]) or any(folder in SKIPPED for folder in path):
            return
        name = f"{parent}/{member.filename.encode('utf-8', 'replace').decode('utf-8')}"
        if path[0] == "" or ".." in path or ":" in path[0]:
            self.repairs.append(repair("odd member", file=name))
        elif member.flag_bits & _ENCRYPTED:
            self.repairs.append(repair("locked member", file=name))
        elif self.members >= MAX_FILES:
            self.repairs.append(repair("many files", limit=MAX_FILES))
        elif member.file_size > MAX_FILE:
            self.repairs.append(repair("large", file=name, limit=MAX_FILE // MEGABYTE))
        elif member.file_size > self.left:
            self.repairs.append(repair("large together", file=name, limit=MAX_TOGETHER // MEGABYTE))
        else:
            self._unpack_member(archive, member, name)

    def _unpack_member(self, archive: zipfile.ZipFile, member: zipfile.ZipInfo, name: str) -> None:
        """Unpack one member, never more bytes than the archive states for it; report it if it is damaged."""
        self.members += 1
        try:
            if member.compress_type not in _METHODS:
                raise NotImplementedError(f"compressed by method {member.compress_type}")
            with archive.open(member) as stream:
                data = stream.read(member.file_size + 1)
        # zipfile raises many types, as in `open`; a damaged member must not stop the others.
        except Exception as error:
            self.left -= member.file_size
            self.repairs.append(repair("damaged member", file=name, why=str(error) or type(error).__name__))
            return
        self.left -= len(data)
        self.files.append(SubmittedFile(name, data))
