"""Checks pictures of a student's work: that they are PNG or JPEG, and not too large for a reader's memory."""

from __future__ import annotations

import base64
import binascii
import re
import struct
from collections.abc import Mapping
from typing import Any

PNG, JPEG = "image/png", "image/jpeg"

MOST_PIXELS = 40_000_000
"""A small file can unpack into a picture that stops a browser."""


def picture(kind: str, text: str) -> str:
    """Return a picture's clean base64; empty where it isn't a picture of that kind."""
    try:
        data = base64.b64decode("".join(text.split()), validate=True)
    except (binascii.Error, ValueError):  # the latter of a character beyond ASCII
        return ""
    width, height = _png_size(data) if kind == PNG else _jpeg_size(data)
    return base64.b64encode(data).decode("ascii") if 0 < width * height <= MOST_PIXELS else ""


EMBEDDED = re.compile(
    r"!\[(?P<words>[^\]\n]{0,200})\]\(data:image/(?P<kind>png|jpeg);base64,(?P<data>[A-Za-z0-9+/=]+)\)"
)


def safe_attachments(attachments: object) -> dict[str, dict[str, str]]:
    """Return those attachments of a Markdown cell that are pictures, by name and media type."""
    kept = {}
    for name, kinds in attachments.items() if isinstance(attachments, Mapping) else ():
        for kind in (PNG, JPEG):
            text = kinds.get(kind) if isinstance(kinds, Mapping) else None
            if isinstance(name, str) and isinstance(text, str) and (clean := picture(kind, text)):
                kept[name] = {kind: clean}
    return kept


def extract_embedded_pictures(source: str, attachments: Mapping[str, Any]) -> tuple[str, Mapping[str, Any]]:
    """Markdown with the pictures that stand in its text, as Colab writes them, among its attachments instead."""
    made = dict(attachments)

    def attach(match: re.Match[str]) -> str:
        name = f"picture-{len(made) + 1}.{match['kind']}"
        made[name] = {f"image/{match['kind']}": match["data"]}
        return f"![{match['words']}](attachment:{name})"

    return EMBEDDED.sub(attach, source), made


def _png_size(data: bytes) -> tuple[int, int]:
    """Width and height by the first chunk of the file; zeros where it isn't a PNG."""
    if len(data) < 24 or data[:8] != b"\x89PNG\r\n\x1a\n" or data[12:16] != b"IHDR":
        return 0, 0
    width, height = struct.unpack(">II", data[16:24])
    return width, height


def _jpeg_size(data: bytes) -> tuple[int, int]:
    """Width and height by the frame's header; zeros where there is none."""
    at = 2 if data[:3] == b"\xff\xd8\xff" else len(data)
    while at + 9 <= len(data) and data[at] == 0xFF:
        marker, length = data[at + 1], int.from_bytes(data[at + 2 : at + 4], "big")
        # C4, C8 and CC are tables and an extension between the markers of frames.
        if 0xC0 <= marker <= 0xCF and marker not in (0xC4, 0xC8, 0xCC):
            height, width = struct.unpack(">HH", data[at + 5 : at + 9])
            return width, height
        at += 2 + max(length, 2)
    return 0, 0
