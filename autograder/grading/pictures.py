"""Decide what a picture is: a PNG, JPEG or GIF file of limited size, in attachments, outputs and pages alike.

Pictures of a student's Markdown become attachments of their cells, wherever they were: in the text, or in a file beside
the notebook.
"""

from __future__ import annotations

import base64
import binascii
import posixpath
import re
import struct
from collections import defaultdict
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from itertools import count
from urllib.parse import unquote

from autograder.grading.model import SubmittedFile

PNG, JPEG, GIF = "image/png", "image/jpeg", "image/gif"

MAX_PIXELS = 40_000_000
"""Maximum number of pixels. A small file may decompress into a picture that stops a browser."""
MAX_ONE = 10_000_000
"""Maximum bytes of one attached picture."""
MAX_TOGETHER = 20_000_000
"""Maximum bytes of all attached pictures of a notebook."""
_LONGEST_NAME = 255
"""Maximum characters of an attachment's name."""

NOT_SHOWN = f"is not shown, as it is no attached PNG, JPEG or GIF picture of at most {MAX_ONE // 1_000_000} MB"
"""The end of the sentence in place of a picture, after the name of the picture."""


_WORDS = r"!\[(?P<words>(?:[^\[\]\n]|\[[^\[\]\n]*\]){0,200})\]"
"""The opening of a picture in Markdown, with the words that describe it."""
_NAME = r"(?P<name>(?:[^()<>\s]|\([^()<>\s]*\))+)"
"""A name or an address in Markdown; it may have brackets, as in `plot (1).png`."""

ATTACHED = re.compile(_WORDS + rf"\((?:<attachment:(?P<quoted>[^<>\n]+)>|attachment:{_NAME})\)")
"""A Markdown picture that is an attachment."""

_EMBEDDED = re.compile(_WORDS + r"\(data:(?P<kind>image/(?:png|jpeg|gif));base64,(?P<data>[A-Za-z0-9+/=]+)\)")
"""A Markdown picture whose data stand in its URL, as base64."""

_LINKED = re.compile(_WORDS + rf"""\(\s*(?:<(?P<quoted>[^<>\n]+)>|{_NAME})(?:\s+(?:"[^"\n]*"|'[^'\n]*'))?\s*\)""")
"""A Markdown picture of any address, perhaps with a title."""

_TAG = re.compile(
    r"<img\b[^<>]*?\ssrc\s*=\s*"
    r"""(?:"(?P<quoted>[^"<>\n]+)"|'(?P<single>[^'<>\n]+)'|(?P<name>[^\s"'<>]+))[^<>]*>""",
    re.IGNORECASE,
)
"""A picture as an HTML tag, which people write to give it a width."""

_PLAIN_NAME = re.compile(r"[A-Za-z0-9._-]+")
"""An attachment's name that stands in a URL as it is."""


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


def without_embedded(source: str, attachments: Mapping[str, object]) -> tuple[str, dict[str, object]]:
    """Return a cell's Markdown with the pictures in its text as further attachments, unchecked, and all attachments.

    Colab embeds pictures in the text, which then has megabytes.
    """
    linked, numbers = dict(attachments), count(1)

    def attach(match: re.Match[str]) -> str:
        """Return a picture in the text as an attachment."""
        name = _new_name(numbers, linked)
        linked[name] = {match["kind"]: match["data"]}
        return f"![{match['words']}](attachment:{name})"

    return (_EMBEDDED.sub(attach, source) if "](data:image/" in source else source), linked


def _new_name(numbers: Iterator[int], *taken: Collection[str]) -> str:
    """Return a name for an attachment that is none of those taken. numbers: those that were not tried yet."""
    names = (f"picture-{number}" for number in numbers)
    return next(name for name in names if not any(name in others for others in taken))


class AttachmentFilter:
    """Keeps the pictures of a notebook's Markdown cells, and counts what it drops.

    files: files beside the notebook, by their paths from it.
    """

    def __init__(self, files: Sequence[SubmittedFile] = ()) -> None:
        self.dropped = self._size = 0
        self._files = {file.name.casefold(): file.data for file in files}
        self._paths = defaultdict[str, list[str]](list)
        for path in self._files:
            self._paths[posixpath.basename(path)].append(path)

    def link(
        self, source: str, attachments: Mapping[str, object], taken: Mapping[str, Mapping[str, str]] | None = None
    ) -> tuple[str, dict[str, dict[str, str]]]:
        """Return a cell's Markdown whose pictures are attachments with plain names, and these attachments.

        Many people write the name of a file. JupyterLab keeps a file's name, and percent-encodes it in the link to the
        picture, where nbconvert doesn't find it.

        taken: attachments of a cell to which this one is joined, whose names stay theirs.
        """
        taken = taken or {}
        kept = self.keep(attachments)
        linked, new_names, file_names, numbers = dict(kept), dict[str, str](), dict[bytes, str](), count(1)

        def as_markdown(match: re.Match[str]) -> str:
            """Return a tag as Markdown if its picture is there."""
            address = match["quoted"] or match["single"] or match["name"]
            if unquote(address.removeprefix("attachment:")) not in kept and not self._file(address):
                return match.group()
            words = re.search(r"""\salt\s*=\s*["']([^"'\[\]\n]{0,200})["']""", match.group())
            return f"![{words[1] if words else ''}](<{address}>)"

        def attach_file(match: re.Match[str]) -> str:
            """Return a picture in a file as an attachment; as it is if there is no such picture."""
            data = self._file(match["quoted"] or match["name"])
            if data and data not in file_names:
                kind = next((kind for kind, size_of in SIZES.items() if size_of(data)[0]), "no picture")
                file_names[data] = _new_name(numbers, linked, taken, attachments)
                linked.update(self.keep({file_names[data]: {kind: base64.b64encode(data).decode()}}))
            is_kept = file_names.get(data) in linked
            return f"![{match['words']}](attachment:{file_names[data]})" if is_kept else match.group()

        def rename(match: re.Match[str]) -> str:
            """Return an attached picture with a plain name that is not taken."""
            name = unquote(match["quoted"] or match["name"])
            is_free = name not in taken or taken[name] == kept.get(name)
            if name not in kept or (_PLAIN_NAME.fullmatch(name) and is_free):
                return match.group()
            if name not in new_names:
                new_names[name] = _new_name(numbers, linked, taken, attachments)
                linked[new_names[name]] = linked.pop(name)
            return f"![{match['words']}](attachment:{new_names[name]})"

        source = _LINKED.sub(attach_file, _TAG.sub(as_markdown, source))
        return ATTACHED.sub(rename, source), linked

    def _file(self, address: str) -> bytes:
        """Return the file at an address in Markdown: at its path, or else the one of its name; b"" if there is none."""
        path = posixpath.normpath(unquote(address).replace("\\", "/")).casefold()
        others = self._paths.get(posixpath.basename(path), [])
        if path not in self._files and len(others) == 1 and ":" not in path:
            (path,) = others
        return self._files.get(path, b"")

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
