"""Decide what a picture is: a PNG, JPEG or GIF file of limited size, in attachments, outputs and pages alike."""

from __future__ import annotations

import base64
import binascii
import struct
from collections.abc import Callable, Mapping

PNG, JPEG, GIF = "image/png", "image/jpeg", "image/gif"

MAX_PIXELS = 40_000_000
"""Maximum number of pixels. A small file may decompress into a picture that stops a browser."""
MAX_ONE = 5_000_000
"""Maximum bytes of one attached picture."""
MAX_TOGETHER = 20_000_000
"""Maximum bytes of all attached pictures of a notebook."""
_LONGEST_NAME = 255
"""Maximum characters of an attachment's name."""

NOT_SHOWN = f"is not shown, as it is no attached PNG, JPEG or GIF picture of at most {MAX_ONE // 1_000_000} MB"
"""The end of the sentence in place of a picture, after the name of the picture."""


def picture(kind: str, text: str) -> str:
    """Return the picture's base64 without white space; "" if it is no picture of that type or has too many pixels.

    kind: PNG, JPEG or GIF. text: the picture as base64.
    """
    try:
        data = base64.b64decode("".join(text.split()), validate=True)
    except (binascii.Error, ValueError):  # b64decode raises ValueError for a non-ASCII character
        return ""
    width, height = SIZES[kind](data)
    return base64.b64encode(data).decode("ascii") if 0 < width * height <= MAX_PIXELS else ""


class AttachmentFilter:
    """Keeps the pictures among the attachments of a notebook's Markdown cells, and counts what it drops."""

    def __init__(self) -> None:
        self.dropped = self._size = 0

    def keep(self, attachments: object) -> dict[str, dict[str, str]]:
        """Return a cell's attachments that are pictures, as base64 by name and type.

        attachments: any value; a notebook has them by name and type, as base64 in one text or in lines.
        """
        kept = dict[str, dict[str, str]]()
        for name, data_by_type in attachments.items() if isinstance(attachments, Mapping) else ():
            has_name = isinstance(name, str) and len(name) <= _LONGEST_NAME and name.isprintable()
            given = data_by_type if has_name and isinstance(data_by_type, Mapping) else {}
            pictures = {kind: data for kind in SIZES if (data := self._picture(kind, given.get(kind)))}
            self.dropped += not pictures
            kept |= {name: pictures} if pictures else {}
        return kept

    def _picture(self, kind: str, value: object) -> str:
        """Return a picture's base64 and add its size; "" if it is no picture, or too large."""
        if isinstance(value, list) and all(isinstance(line, str) for line in value):
            value = "".join(value)
        if not isinstance(value, str) or len(value) > 2 * MAX_ONE:
            return ""
        text = picture(kind, value)
        size = len(text) * 3 // 4 - text.count("=")
        if size > MAX_ONE or self._size + size > MAX_TOGETHER:
            return ""
        self._size += size
        return text


def _png_size(data: bytes) -> tuple[int, int]:
    """Return width and height from the first chunk of the file; zeros if it is no PNG."""
    if len(data) < 24 or data[:8] != b"\x89PNG\r\n\x1a\n" or data[12:16] != b"IHDR":
        return 0, 0
    width, height = struct.unpack(">II", data[16:24])
    return width, height


def _jpeg_size(data: bytes) -> tuple[int, int]:
    """Return width and height from the frame header; zeros if there is none."""
    position = 2 if data[:3] == b"\xff\xd8\xff" else len(data)
    while position + 9 <= len(data) and data[position] == 0xFF:
        marker, length = data[position + 1], int.from_bytes(data[position + 2 : position + 4], "big")
        # C4, C8 and CC are in the range of frame markers, but mark tables and an extension.
        if 0xC0 <= marker <= 0xCF and marker not in (0xC4, 0xC8, 0xCC):
            height, width = struct.unpack(">HH", data[position + 5 : position + 9])
            return width, height
        position += 2 + max(length, 2)
    return 0, 0


def _gif_size(data: bytes) -> tuple[int, int]:
    """Return width and height of the area that holds every frame; zeros if it is no GIF.

    The size in the header is not enough: browsers enlarge it to that of a frame.
    """
    if len(data) < 13 or data[:6] not in (b"GIF87a", b"GIF89a"):
        return 0, 0
    width, height = struct.unpack("<HH", data[6:10])
    position = 13 + _colour_table_length(data[10])
    while position + 10 <= len(data) and data[position] in b"!,":
        if data[position] == ord("!"):  # an extension, such as the frame's time
            position += 2
        else:
            left, top, frame_width, frame_height = struct.unpack("<HHHH", data[position + 1 : position + 9])
            width, height = max(width, left + frame_width), max(height, top + frame_height)
            position += 11 + _colour_table_length(data[position + 9])
        # Blocks of data follow, each after a byte with its length; one without data ends them.
        while position < len(data) and data[position]:
            position += 1 + data[position]
        position += 1
    return width, height


def _colour_table_length(flags: int) -> int:
    """Return the number of bytes of the colour table that these flags announce."""
    return 3 << ((flags & 7) + 1) if flags & 0x80 else 0


SIZES: Mapping[str, Callable[[bytes], tuple[int, int]]] = {PNG: _png_size, JPEG: _jpeg_size, GIF: _gif_size}
"""The types of pictures, each with the function that returns width and height of a file; zeros for another file.

SVG is not among them, as it may hold script.
"""
