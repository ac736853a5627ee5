"""Text that a student's work printed, with what a reader's screen would obey turned into signs that can be seen."""

from __future__ import annotations

import html
import re
import unicodedata

OBEYED = {"Cc", "Cf", "Cs", "Zl", "Zp"}
"""Unicode's categories of control and format characters, lone surrogates, and separators of lines and paragraphs."""

KEPT = "\n\t\u200c\u200d"
"""Characters of those categories that stay: line ends, tabs, and joiners between letters."""

JOINER = re.compile(r"(?<![^\x00-\x7f])[\u200c\u200d]|[\u200c\u200d](?![^\x00-\x7f])")
"""Joiners that join nothing. Between two characters beyond ASCII they make a Persian word or an emoji."""

ENTITY = re.compile(r"&(?:#[0-9]{1,7}|#[xX][0-9a-fA-F]{1,6}|[a-zA-Z]{1,32});")

STYLES = re.compile(r"\x1b\[[0-9;:]*m")
"""The terminal sequences that only set colours and weights, as IPython's tracebacks do."""

OVERWRITES = 200
"""States of one line that are looked at: a progress bar that was drawn more often shows its last ones."""


def escape_control_characters(text: str) -> str:
    """Return the text with control and format characters as signs: ␛ for Escape, ⟨U+202E⟩ for an override."""
    text = JOINER.sub(lambda joiner: _sign(joiner.group()), text)
    signs = {ord(char): _sign(char) for char in set(text) if _is_obeyed(char) and char not in KEPT}
    return text.translate(signs)


def escape_control_entities(markup: str) -> str:
    """Return the markup with entities of such characters as signs, and all others as they are."""
    return ENTITY.sub(_visible_entity, markup)


def apply_carriage_returns(text: str) -> str:
    """Return the text as a terminal shows it at last, where a carriage return went back to the start of a line."""
    return "\n".join(map(_settled_line, text.replace("\r\n", "\n").split("\n")))


def strip_terminal_styles(text: str) -> str:
    """Return the text without terminal sequences for colours."""
    return STYLES.sub("", text)


def _settled_line(line: str) -> str:
    if "\r" not in line:
        return line
    shown = ""
    for state in line.split("\r")[-OVERWRITES:]:
        shown = state + shown[len(state) :]
    return shown


def _visible_entity(entity: re.Match[str]) -> str:
    meant = html.unescape(entity.group())
    return (
        escape_control_characters(meant)
        if any(_is_obeyed(char) and char not in "\n\t" for char in meant)
        else entity.group()
    )


def _is_obeyed(char: str) -> bool:
    return unicodedata.category(char) in OBEYED


def _sign(char: str) -> str:
    code = ord(char)
    if code < 0x20:
        return chr(0x2400 + code)
    return "␡" if code == 0x7F else f"⟨U+{code:04X}⟩"
