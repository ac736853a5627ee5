"""Which attachments of a student's Markdown are kept: pictures of plain types, not too large."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Mapping
from typing import Any

from autograder.grading.intake.repairs import repair
from autograder.grading.model import Repair

TYPES = ("image/png", "image/jpeg", "image/gif")
"""No SVG: it may carry script."""
MAX_ONE = 5_000_000
MAX_TOGETHER = 20_000_000
_LONGEST_NAME = 255


class Pictures:
    """The pictures of one notebook, counted together."""

    def __init__(self) -> None:
        self._size = self._dropped = 0

    def keep(self, attachments: Mapping[str, Any]) -> dict[str, dict[str, str]]:
        """Of a cell's attachments those that are pictures, by name and type."""
        kept: dict[str, dict[str, str]] = {}
        for name, bundle in attachments.items():
            pictures = bundle if isinstance(bundle, dict) and len(name) <= _LONGEST_NAME and name.isprintable() else {}
            sound = {kind: data for kind in TYPES if (data := self._sound(pictures.get(kind)))}
            self._dropped += not sound
            kept |= {name: sound} if sound else {}
        return kept

    @property
    def repairs(self) -> tuple[Repair, ...]:
        """What was left out so far."""
        limit = MAX_ONE // 1_000_000
        return (repair("pictures", count=self._dropped, limit=limit),) if self._dropped else ()

    def _sound(self, data: Any) -> str:
        """Base64 without white space; empty where it is none, or too large."""
        if isinstance(data, list) and all(isinstance(line, str) for line in data):
            data = "".join(data)
        if not isinstance(data, str) or len(data) > 2 * MAX_ONE:
            return ""
        text = "".join(data.split())
        try:
            size = len(base64.b64decode(text, validate=True))
        # ValueError: letters beyond ASCII.
        except (binascii.Error, ValueError):
            return ""
        if size > MAX_ONE or self._size + size > MAX_TOGETHER:
            return ""
        self._size += size
        return text
