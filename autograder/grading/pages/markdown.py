"""Sanitise a student's Markdown for nbgrader's pages. Markdown without active elements stays as it is."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping
from html import unescape
from typing import Any
from urllib.parse import unquote

from nbconvert.filters.markdown_mistune import MarkdownWithMath

from autograder.grading.pages.control_characters import escape_control_characters, escape_control_entities
from autograder.grading.pages.formulas import REFUSED
from autograder.grading.pages.markup import PLAIN, WEB
from autograder.grading.pages.output_limit import shortened
from autograder.grading.pictures import ATTACHED, NOT_SHOWN

LONGEST, MAX_LINES = 20_000, 2_000
"""Maximum number of characters and of lines of a cell that are shown."""

DELIMITER = re.compile(r"\$|\\[(\[]|\\begin")
"""The opening of a formula."""
MAX_DELIMITERS = 1_000
"""Maximum number of formula openings in a cell: for each, the parser searches the rest of the cell for its end."""

PLAIN_TAG = re.compile(rf"</?(?:{'|'.join(PLAIN)})\s*/?>", re.IGNORECASE)
"""An HTML tag without attributes that may stand in Markdown."""

DEFUSED: tuple[tuple[re.Pattern[str], str], ...] = (
    # An HTML tag, comment or declaration; <https://…> is a link and stays.
    (re.compile(rf"<(?=[a-zA-Z/!?])(?!https?://|mailto:)(?!{PLAIN_TAG.pattern[1:]})", re.IGNORECASE), "&lt;"),
    # A picture that is no attachment becomes a link.
    (re.compile(r"!\[(?![^\]\n]*\]\(attachment:)"), r"\\!["),
    (re.compile(r"\]\((?!\s*(?:https?://|mailto:|#|attachment:))", re.IGNORECASE), r"]\\("),
    (re.compile(r"^([ >*+-]*)\[(?=[^\]\n]+\]:)", re.MULTILINE), r"\1\\["),
    (re.compile(r"^(.*(?:```+|~~~+)\s*)(?=mermaid)", re.MULTILINE | re.IGNORECASE), r"\1text "),
    (REFUSED, r"\\ "),
)
"""Patterns of active Markdown with their replacements, in this order.

A replacement removes the effect and keeps the words.
"""

NO_PICTURES = ((re.compile(r"(?<!\\)!\["), r"\!["), (re.compile(r"\]\((?=\s*<?attachment:)"), r"]\("))
"""Patterns of all pictures and links to attachments, with replacements that show them as text."""


def safe_markdown(source: str, attachments: Mapping[str, object] | None = None, taken: Collection[str] = ()) -> str:
    """Return Markdown that is safe to show.

    The result is the source itself if all its elements are allowed; else the source with a sentence in place of each
    picture that is missing; else also with the replacements of DEFUSED; else also without pictures; else, or if parsing
    may take too long, the source as a code block. In all cases control characters become visible signs, and the source
    is cut after LONGEST characters or MAX_LINES lines.

    attachments: the cell's pictures, by name. taken: HTML ids that no heading may have; in Formgrader, grade_ids are
    the ids of score boxes.
    """
    allowed = _AllowedElements(frozenset(attachments or ()), frozenset(taken))
    source = escape_control_entities(
        escape_control_characters(shortened(source.replace("\r\n", "\n"), LONGEST, MAX_LINES))
    )
    if is_endless(source):
        return as_code(source)
    if allowed.all_of(source):
        return source
    defused = ATTACHED.sub(allowed.shown_or_named, source)
    for patterns in ((), DEFUSED, NO_PICTURES):
        for pattern, replacement in patterns:
            defused = pattern.sub(replacement, defused)
        if allowed.all_of(defused):
            return defused
    return as_code(source)


def is_endless(source: str) -> bool:
    """True if parsing may take too long: the source has too many characters or too many formula openings."""
    return len(source) > LONGEST or len(DELIMITER.findall(source)) > MAX_DELIMITERS


def as_code(text: str) -> str:
    """Return Markdown that shows the text literally, as a fenced code block."""
    longest = max((len(run) for run in re.findall(r"`+", text)), default=0)
    fence = "`" * max(3, longest + 1)
    return f"{fence}text\n{text}\n{fence}"


class _AllowedElements:
    """The elements that a student's Markdown may contain, checked on the tokens of nbconvert's own parser.

    attachments: names of the cell's pictures. taken: HTML ids that no heading may have.
    """

    def __init__(self, attachments: frozenset[str], taken: frozenset[str]) -> None:
        self.attachments, self.taken = attachments, taken

    def all_of(self, source: str) -> bool:
        """True if every element of the source is allowed; False also if the parser fails."""
        try:
            tokens: Any = MarkdownWithMath(renderer=None)(source)
        # A page would fail on the same error as this parser. The caller then shows the text as code.
        except Exception:
            return False
        return all(self._is_allowed(token) for token in flat_tokens(tokens))

    def _is_allowed(self, token: Mapping[str, Any]) -> bool:
        """True if one token, without its children, is allowed."""
        attributes, raw, kind = token.get("attrs") or {}, str(token.get("raw", "")), token["type"]
        url = str(attributes.get("url", ""))
        match kind:
            case "inline_html" | "block_html" if "<" in PLAIN_TAG.sub("", raw):
                return False
            case "link":
                return url.startswith("#") or WEB.fullmatch(url) is not None
            case "image":
                return url.startswith("attachment:") and url.removeprefix("attachment:") in self.attachments
            case "block_code":
                return not str(attributes.get("info") or "").strip().lower().startswith("mermaid")
            case "heading":
                return not self._is_taken(unescape(_plain_text(token)).strip().replace(" ", "-"))
        # MathJax in a page searches all text but code for formulas.
        return kind == "codespan" or not REFUSED.search(raw + str(attributes.get("body", "")))

    def shown_or_named(self, match: re.Match[str]) -> str:
        """Return an ATTACHED picture as it is; if the cell has none of that name, a sentence that names it."""
        name = match["quoted"] or match["name"]
        if name in self.attachments:
            return match.group()
        shown = escape_control_characters(unquote(name)).replace("`", "'")
        words = "" if match["words"] in ("", shown) else f"{match['words']}: "
        return f"({words}`attachment:{shown}` {NOT_SHOWN})"

    def _is_taken(self, name: str) -> bool:
        """True if a heading's id is one of `taken`, or the id of its comment box or extra credit box in Formgrader."""
        return any(name in (taken, f"{taken}-comment", f"{taken}_extra_credit") for taken in self.taken)


def flat_tokens(tokens: Any) -> Iterator[Mapping[str, Any]]:
    """Yield every token and all its descendants. The loop is not recursive, as quotes may be nested deeply."""
    pending = list(tokens)
    while pending:
        token = pending.pop()
        yield token
        pending += token.get("children") or ()


def _plain_text(token: Mapping[str, Any]) -> str:
    """Return the raw text in a token and its descendants."""
    return "".join(str(part.get("raw", "")) for part in reversed(list(flat_tokens([token]))))
