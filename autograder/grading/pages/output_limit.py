"""Output limits: how much of a cell's outputs a page shows."""

from __future__ import annotations

import sys
from dataclasses import dataclass


@dataclass
class OutputLimit:
    """The output limits of one cell that remain; the methods subtract the text and pictures that they are given."""

    outputs: int = 200
    """Maximum number of outputs."""
    characters: int = 100_000
    """Maximum number of characters of all texts together."""
    lines: int = 1_000
    """Maximum number of lines of each text."""
    pictures: int = 50
    """Maximum number of pictures."""
    bytes: int = 10_000_000
    """Maximum number of bytes of all pictures together."""

    @classmethod
    def without_end(cls) -> OutputLimit:
        """Return limits that nothing exceeds, for outputs that grading has already limited."""
        return cls(*[sys.maxsize] * 5)

    def for_text(self, text: str) -> str:
        """Return the text, shortened to the remaining characters and to `lines`; subtract its original length.

        Where fewer than SENTENCE characters remain, the text may have SENTENCE, so that a cut one says so.
        """
        kept = shortened(text, max(self.characters, SENTENCE), self.lines)
        self.characters = max(0, self.characters - len(text))
        return kept

    def for_whole(self, text: str) -> bool:
        """True if the whole text is within the limits; if so, subtract its length."""
        fits = len(text) <= self.characters and text.count("\n") < self.lines
        self.characters -= len(text) if fits else 0
        return fits

    def for_picture(self, size: int) -> bool:
        """True if a picture of `size` bytes is within the limits; if so, subtract it."""
        fits = self.pictures > 0 and size <= self.bytes
        if fits:
            self.pictures, self.bytes = self.pictures - 1, self.bytes - size
        return fits


SENTENCE = 60
"""Characters to reserve for the sentence on the number of characters left out."""


def shortened(text: str, characters: int, lines: int) -> str:
    """Return the text; if it has more than `characters` characters or `lines` line ends, cut it.

    A sentence on the number of characters left out then ends the text. The cut text with its sentence is within the
    limits; where they are too small for the sentence, the text is an ellipsis.
    """
    if len(text) <= characters and text.count("\n") <= lines:
        return text
    if characters < SENTENCE or lines < 2:
        return "…"[:characters]
    kept = "\n".join(text[: max(0, characters - SENTENCE)].split("\n", lines)[: lines - 1])
    return f"{kept}\n[{len(text) - len(kept):,} more characters are not shown]\n"
