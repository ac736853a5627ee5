"""Sanitise pictures in a student's work: keep PNG and JPEG files that don't fill a browser's memory."""

from __future__ import annotations

import base64
import binascii
import re
import struct
from collections.abc import Mapping
from typing import Any

PNG, JPEG = "image/png", "image/jpeg"

MOST_PIXELS = 40_000_000
"""Maximum number of pixels. A small file may decompress into a picture that stops a browser."""


def picture(kind: str, text: str) -> str:
    """Return the picture's base64 without white space; "" if it is no picture of that type or has too many pixels.

    kind: PNG or JPEG. text: the picture as base64.
    """
    try:
        data = base64.b64decode("".join(text.split()), validate=True)
    except (binascii.Error, ValueError):  # b64decode raises ValueError for a non-ASCII character
        return ""
    width, height = _png_size(data) if kind == PNG else _jpeg_size(data)
    return base64.b64encode(data).decode("ascii") if 0 < width * height <= MOST_PIXELS else ""


EMBEDDED = re.compile(
    r"!\[(?P<words>[^\]\n]{0,200})\]\(data:image/(?P<kind>png|jpeg);base64,(?P<data>[A-Za-z0-9+/=]+)\)"
)
"""A Markdown picture whose data stands in its URL, as base64."""


def safe_attachments(attachments: object) -> dict[str, dict[str, str]]:
    """Return the attachments of a Markdown cell that are pictures, by name and type."""
    kept = {}
    for name, data_by_type in attachments.items() if isinstance(attachments, Mapping) else ():
        for kind in (PNG, JPEG):
            text = data_by_type.get(kind) if isinstance(data_by_type, Mapping) else None
            if isinstance(name, str) and isinstance(text, str) and (sanitised := picture(kind, text)):
                kept[name] = {kind: sanitised}
    return kept


def extract_embedded_pictures(source: str, attachments: Mapping[str, Any]) -> tuple[str, Mapping[str, Any]]:
    """Return the Markdown, with links to attachments in place of embedded pictures, and the extended attachments.

    Colab embeds pictures in the text of a Markdown cell.
    """
    extended = dict(attachments)

    def attach(match: re.Match[str]) -> str:
        name = f"picture-{len(extended) + 1}.{match['kind']}"
        extended[name] = {f"image/{match['kind']}": match["data"]}
        return f"![{match['words']}](attachment:{name})"

    return EMBEDDED.sub(attach, source), extended


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
