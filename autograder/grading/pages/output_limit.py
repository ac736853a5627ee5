"""How much of what a cell printed and displayed is shown."""

from __future__ import annotations

import sys
from dataclasses import dataclass


@dataclass
class OutputLimit:
    """What there still is room for among the outputs of one cell."""

    outputs: int = 200
    characters: int = 100_000
    lines: int = 1_000
    """Of each text."""
    pictures: int = 50
    bytes: int = 10_000_000
    """Of all pictures together."""

    @classmethod
    def without_end(cls) -> OutputLimit:
        """Room for everything: where the limits were kept before."""
        return cls(*[sys.maxsize] * 5)

    def for_text(self, text: str) -> str:
        """The text as far as there is room for it."""
        kept = shortened(text, self.characters, self.lines)
        self.characters = max(0, self.characters - len(text))
        return kept

    def for_whole(self, text: str) -> bool:
        """Whether there is room for all of a text."""
        fits = len(text) <= self.characters and text.count("\n") < self.lines
        self.characters -= len(text) if fits else 0
        return fits

    def for_picture(self, size: int) -> bool:
        """Whether there is room for a picture of so many bytes."""
        fits = self.pictures > 0 and size <= self.bytes
        if fits:
            self.pictures, self.bytes = self.pictures - 1, self.bytes - size
        return fits


SENTENCE = 60
"""Characters that the sentence about what is left out may take."""


def shortened(text: str, characters: int, lines: int) -> str:
    """The text, cut with a sentence that says so where it is longer; it fits with its sentence."""
    if len(text) <= characters and text.count("\n") <= lines:
        return text
    kept = "\n".join(text[: max(0, characters - SENTENCE)].split("\n", lines)[: lines - 1])
    return f"{kept}\n[{len(text) - len(kept):,} more characters are not shown]\n"
