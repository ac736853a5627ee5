"""Filter the attachments of a student's Markdown cells: pictures of plain types and limited size are kept."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Mapping
from typing import Any

from autograder.grading.intake.repairs import repair
from autograder.grading.model import Repair

TYPES = ("image/png", "image/jpeg", "image/gif")
"""The MIME types that are kept. Not SVG: it may carry script."""
MAX_ONE = 5_000_000
"""Maximum bytes of one picture."""
MAX_TOGETHER = 20_000_000
"""Maximum bytes of all pictures of a notebook."""
_LONGEST_NAME = 255
"""Maximum characters of an attachment's name."""


class AttachmentFilter:
    """Keeps the pictures of one notebook, limits their total size and counts the attachments that it drops."""

    def __init__(self) -> None:
        self._size = self._dropped = 0

    def keep(self, attachments: Mapping[str, Any]) -> dict[str, dict[str, str]]:
        """Return a cell's attachments that are pictures, as base64 by name and MIME type.

        attachments: as in the student notebook, unchecked.
        """
        kept: dict[str, dict[str, str]] = {}
        for name, bundle in attachments.items():
            pictures = bundle if isinstance(bundle, dict) and len(name) <= _LONGEST_NAME and name.isprintable() else {}
            valid = {kind: data for kind in TYPES if (data := self._valid_base64(pictures.get(kind)))}
            self._dropped += not valid
            kept |= {name: valid} if valid else {}
        return kept

    @property
    def repairs(self) -> tuple[Repair, ...]:
        """Return the repair that reports the attachments dropped so far; empty where none was dropped."""
        limit = MAX_ONE // 1_000_000
        return (repair("pictures", count=self._dropped, limit=limit),) if self._dropped else ()

    def _valid_base64(self, data: Any) -> str:
        """Return a picture's base64 without white space and add its size; empty where it is invalid or too large."""
        if isinstance(data, list) and all(isinstance(line, str) for line in data):
            data = "".join(data)
        if not isinstance(data, str) or len(data) > 2 * MAX_ONE:
            return ""
        text = "".join(data.split())
        try:
            size = len(base64.b64decode(text, validate=True))
        # b64decode raises ValueError for letters beyond ASCII.
        except (binascii.Error, ValueError):
            return ""
        if size > MAX_ONE or self._size + size > MAX_TOGETHER:
            return ""
        self._size += size
        return text
