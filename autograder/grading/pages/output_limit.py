"""Limits the amount of a cell's outputs that pages show."""

from __future__ import annotations

import sys
from dataclasses import dataclass


@dataclass
class OutputLimit:
    """The remaining amounts of text and pictures for the outputs of one cell."""

    outputs: int = 200
    characters: int = 100_000
    lines: int = 1_000
    """Lines of each text."""
    pictures: int = 50
    bytes: int = 10_000_000
    """Bytes of all pictures together."""

    @classmethod
    def without_end(cls) -> OutputLimit:
        """Return a limit that admits everything, for outputs that were limited before."""
        return cls(*[sys.maxsize] * 5)

    def for_text(self, text: str) -> str:
        """Return the text, cut to the remaining amount."""
        kept = shortened(text, self.characters, self.lines)
        self.characters = max(0, self.characters - len(text))
        return kept

    def for_whole(self, text: str) -> bool:
        """True if the whole text fits; then it is counted."""
        fits = len(text) <= self.characters and text.count("\n") < self.lines
        self.characters -= len(text) if fits else 0
        return fits

    def for_picture(self, size: int) -> bool:
        """True if a picture of so many bytes fits; then it is counted."""
        fits = self.pictures > 0 and size <= self.bytes
        if fits:
            self.pictures, self.bytes = self.pictures - 1, self.bytes - size
        return fits


SENTENCE = 60
"""Characters reserved for the sentence about the part that is left out."""


def shortened(text: str, characters: int, lines: int) -> str:
    """Return the text; a longer one cut, with a sentence that says so, to no more than so many characters and lines."""
    if len(text) <= characters and text.count("\n") <= lines:
        return text
    kept = "\n".join(text[: max(0, characters - SENTENCE)].split("\n", lines)[: lines - 1])
    return f"{kept}\n[{len(text) - len(kept):,} more characters are not shown]\n"
