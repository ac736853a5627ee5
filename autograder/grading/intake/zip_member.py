"""Read a member of a ZIP archive, and never decompress more of it than is asked for."""

from __future__ import annotations

import bz2
import lzma
import struct
import zipfile
import zlib
from dataclasses import dataclass

MAX_DICTIONARY = 64 * 2**20
"""Maximum bytes of memory that a member compressed by LZMA may ask for."""
_END_IS_MARKED = 2
"""The bit of a member's flags that says that its LZMA data mark their end."""
_NAME_LENGTH, _HEADER = 26, 30
"""Position of the lengths of name and extra field in a member's header in a ZIP archive, and the header's length."""


@dataclass(frozen=True)
class ZipMember:
    """The content of a member of a ZIP archive."""

    archive: zipfile.ZipFile
    data: bytes
    """The archive's bytes."""
    member: zipfile.ZipInfo

    def read(self, size: int) -> bytes:
        """Return up to `size` bytes from the member's beginning. Raises exceptions of many types."""
        if self.member.compress_type not in (zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA):
            with self.archive.open(self.member) as stream:
                return stream.read(size)
        # zipfile would decompress these two methods without a limit on what comes out.
        content = self._decompressed(size)
        if len(content) <= self.member.file_size and zlib.crc32(content) != self.member.CRC:
            raise ValueError("it is damaged")
        return content

    def _decompressed(self, size: int) -> bytes:
        """Return up to `size` bytes of a member that BZIP2 or LZMA compressed. Raises exceptions of many types."""
        start = self.member.header_offset
        name_length, extra_length = struct.unpack_from("<HH", self.data, start + _NAME_LENGTH)
        start += _HEADER + name_length + extra_length
        raw = self.data[start : start + self.member.compress_size]
        if self.member.compress_type == zipfile.ZIP_BZIP2:
            return bz2.BZ2Decompressor().decompress(raw, size)
        # A ZIP archive has a version and a length before LZMA's five bytes of properties; a .lzma file has the
        # content's length after them, all ones if an end is marked.
        length = -1 if self.member.flag_bits & _END_IS_MARKED else self.member.file_size
        stream = raw[4:9] + struct.pack("<q", length) + raw[9:]
        return lzma.LZMADecompressor(lzma.FORMAT_ALONE, memlimit=MAX_DICTIONARY).decompress(stream, size)
