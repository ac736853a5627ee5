"""Print names and sentences of any kind in a terminal: without rich's markup, control characters, or cut words."""

from __future__ import annotations

from rich.markup import escape
from rich.table import Column


def printable(text: str) -> str:
    """Return a name or sentence for a terminal: control characters as Python escapes them, and no rich markup."""
    return escape("".join(part if part.isprintable() else ascii(part)[1:-1] for part in text))


def wrapped_columns(*headings: str) -> list[Column]:
    """Return table columns with these headings; they wrap words that are too long for them."""
    return [Column(heading, overflow="fold") for heading in headings]
