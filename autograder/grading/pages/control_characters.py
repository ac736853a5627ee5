"""Replace control characters in text that student code printed by signs that a reader can see.

A terminal, an editor or a browser would obey them: move the cursor, or reverse the direction of writing.
"""

from __future__ import annotations

import html
import re
import unicodedata

OBEYED = {"Cc", "Cf", "Cs", "Zl", "Zp"}
"""Unicode categories of control and format characters, lone surrogates, and line and paragraph separators."""

KEPT = "\n\t\u200c\u200d"
"""Characters of these categories that stay: line end, tab, zero-width non-joiner and zero-width joiner.

A joiner that JOINER matches does not stay.
"""

JOINER = re.compile(r"(?<![^\x00-\x7f])[\u200c\u200d]|[\u200c\u200d](?![^\x00-\x7f])")
"""A zero-width joiner or non-joiner next to an ASCII character or to no character.

Such a joiner joins nothing. Between two non-ASCII characters, joiners form Persian words and emoji.
"""

ENTITY = re.compile(r"&(?:#[0-9]{1,7}|#[xX][0-9a-fA-F]{1,6}|[a-zA-Z]{1,32});")
"""An HTML entity, decimal, hexadecimal or named."""

STYLES = re.compile(r"\x1b\[[0-9;:]*m")
"""Terminal escape sequences that only set colours and weights, as in IPython's tracebacks."""

OVERWRITES = 200
"""Maximum number of segments, split at carriage returns, that count in one line: the last ones of a progress bar."""


def escape_control_characters(text: str) -> str:
    """Return the text with control and format characters as signs.

    Escape becomes ␛ and a right-to-left override becomes ⟨U+202E⟩; the characters in KEPT stay.
    """
    text = JOINER.sub(lambda joiner: _visible_sign(joiner.group()), text)
    signs = {ord(char): _visible_sign(char) for char in set(text) if _is_control(char) and char not in KEPT}
    return text.translate(signs)


def escape_control_entities(markup: str) -> str:
    """Return the markup with entities of control and format characters as signs; all other entities stay."""
    return ENTITY.sub(_escape_entity, markup)


def apply_carriage_returns(text: str) -> str:
    """Return the text as a terminal finally shows it.

    The text after a carriage return overwrites the start of its line.
    """
    return "\n".join(map(_overwrite_line, text.replace("\r\n", "\n").split("\n")))


def strip_terminal_styles(text: str) -> str:
    """Return the text without the terminal escape sequences that set colours and weights."""
    return STYLES.sub("", text)


def _overwrite_line(line: str) -> str:
    """Return one line as a terminal shows it after all carriage returns in the line."""
    if "\r" not in line:
        return line
    shown = ""
    for segment in line.split("\r")[-OVERWRITES:]:
        shown = segment + shown[len(segment) :]
    return shown


def _escape_entity(entity: re.Match[str]) -> str:
    """Return the entity as signs if it is a control or format character other than line end and tab, else as it is."""
    decoded = html.unescape(entity.group())
    return (
        escape_control_characters(decoded)
        if any(_is_control(char) and char not in "\n\t" for char in decoded)
        else entity.group()
    )


def _is_control(char: str) -> bool:
    """True if the character's Unicode category is one of OBEYED."""
    return unicodedata.category(char) in OBEYED


def _visible_sign(char: str) -> str:
    """Return the sign for one control character: a control picture below U+0020 and for U+007F, else its code point."""
    code = ord(char)
    if code < 0x20:
        return chr(0x2400 + code)
    return "␡" if code == 0x7F else f"⟨U+{code:04X}⟩"
