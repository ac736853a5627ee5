"""Takes notebooks out of archives, in memory: nothing is written, and a bomb goes off within bounds."""

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
from autograder.grading.intake.repairs import once, repair
from autograder.grading.model import File, Repair

_BEGINS = (b"PK\x03\x04", b"PK\x05\x06")
_ENTRY = b"PK\x01\x02"
"""How each entry of an archive's table of contents begins."""
MAX_MEMBERS = 1_000
_ENCRYPTED = 1
_METHODS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
"""The others take as much memory as the archive says."""


def unpack(files: Iterable[File]) -> tuple[tuple[File, ...], tuple[Repair, ...]]:
    """The files, with what archives among them hold in their place. Archives inside archives stay closed."""
    opened = _Opened()
    for file in files:
        if file.data.startswith(_BEGINS):
            opened.open(file)
        else:
            opened.files.append(file)
    return tuple(opened.files), once(opened.repairs)


@dataclass
class _Opened:
    """What was taken out so far."""

    files: list[File] = field(default_factory=list)
    repairs: list[Repair] = field(default_factory=list)
    members: int = 0
    left: int = MAX_TOGETHER
    """Bytes that may still be unpacked, kept or not."""

    def open(self, file: File) -> None:
        """Take out what could be a notebook."""
        if file.data.count(_ENTRY) > MAX_MEMBERS:
            self.repairs.append(repair("many files", limit=MAX_MEMBERS))
            return
        try:
            with zipfile.ZipFile(io.BytesIO(file.data)) as archive:
                members = sorted(archive.infolist(), key=lambda member: (rank(member.filename), member.filename))
                for member in members:
                    self._meet(archive, member, file.name)
        # zipfile raises whatever a damaged archive leads it to, from IndexError to struct.error.
        except Exception as error:
            self.repairs.append(repair("damaged archive", file=file.name, why=str(error) or type(error).__name__))
            return
        self.repairs.append(repair("unpacked", file=file.name))

    def _meet(self, archive: zipfile.ZipFile, member: zipfile.ZipInfo, parent: str) -> None:
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
            self._take(archive, member, name)

    def _take(self, archive: zipfile.ZipFile, member: zipfile.ZipInfo, name: str) -> None:
        """Unpack one member; never more of it than it says it holds."""
        self.members += 1
        try:
            if member.compress_type not in _METHODS:
                raise NotImplementedError(f"compressed by method {member.compress_type}")
            with archive.open(member) as stream:
                data = stream.read(member.file_size + 1)
        # As above; and each member may be damaged for itself.
        except Exception as error:
            self.left -= member.file_size
            self.repairs.append(repair("damaged member", file=name, why=str(error) or type(error).__name__))
            return
        self.left -= len(data)
        self.files.append(File(name, data))
