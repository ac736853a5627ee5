"""Sanitises a student's Markdown; changes only parts that nbgrader's pages would do more with than show them."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping
from html import unescape
from typing import Any

from nbconvert.filters.markdown_mistune import MarkdownWithMath

from autograder.grading.pages.control_characters import escape_control_characters, escape_control_entities
from autograder.grading.pages.formulas import REFUSED
from autograder.grading.pages.markup import PLAIN, WEB
from autograder.grading.pages.output_limit import shortened

LONGEST, MOST_LINES = 20_000, 2_000
"""Characters and lines of a cell that are shown."""

DELIMITER = re.compile(r"\$|\\[(\[]|\\begin")
MOST_DELIMITERS = 1_000
"""Beginnings of formulas in a cell; the parser looks for the end of each as far as the cell goes."""

PLAIN_TAG = re.compile(rf"</?(?:{'|'.join(PLAIN)})\s*/?>", re.IGNORECASE)

DEFUSED: tuple[tuple[re.Pattern[str], str], ...] = (
    # A tag, a comment, a declaration; <https://…> is a link.
    (re.compile(rf"<(?=[a-zA-Z/!?])(?!https?://|mailto:)(?!{PLAIN_TAG.pattern[1:]})", re.IGNORECASE), "&lt;"),
    # A picture from elsewhere becomes a link.
    (re.compile(r"!\[(?![^\]\n]*\]\(attachment:)"), r"\\!["),
    (re.compile(r"\]\((?!\s*(?:https?://|mailto:|#|attachment:))", re.IGNORECASE), r"]\\("),
    (re.compile(r"^([ >*+-]*)\[(?=[^\]\n]+\]:)", re.MULTILINE), r"\1\\["),
    (re.compile(r"^(.*(?:```+|~~~+)\s*)(?=mermaid)", re.MULTILINE | re.IGNORECASE), r"\1text "),
    (REFUSED, r"\\ "),
)
"""Replacements that take the effect from Markdown and leave its words, applied in this order."""


def safe_markdown(source: str, attachments: Mapping[str, object] | None = None, taken: Collection[str] = ()) -> str:
    """Return the Markdown unchanged if it is safe; else with active parts defused, or, at worst, as code.

    attachments: the cell's own pictures. taken: names of elements that no heading may have, as grade_ids are the names
    of Formgrader's score boxes.
    """
    allowed = _Allowed(frozenset(attachments or ()), frozenset(taken))
    source = escape_control_entities(
        escape_control_characters(shortened(source.replace("\r\n", "\n"), LONGEST, MOST_LINES))
    )
    if is_endless(source):
        return as_code(source)
    if allowed.all_of(source):
        return source
    defused = source
    for pattern, instead in DEFUSED:
        defused = pattern.sub(instead, defused)
    return defused if allowed.all_of(defused) else as_code(source)


def is_endless(source: str) -> bool:
    """True if the parser may take unacceptably long on the text."""
    return len(source) > LONGEST or len(DELIMITER.findall(source)) > MOST_DELIMITERS


def as_code(text: str) -> str:
    """Markdown that shows the text as it was typed."""
    longest = max((len(run) for run in re.findall(r"`+", text)), default=0)
    fence = "`" * max(3, longest + 1)
    return f"{fence}text\n{text}\n{fence}"


class _Allowed:
    """Decides which elements of Markdown are safe, from the tokens of nbconvert's own parser."""

    def __init__(self, attachments: frozenset[str], taken: frozenset[str]) -> None:
        self.attachments, self.taken = attachments, taken

    def all_of(self, source: str) -> bool:
        """True if every element of the text is safe."""
        try:
            tokens: Any = MarkdownWithMath(renderer=None)(source)
        # A text on which the parser fails would fail on the page too: the caller shows it as code.
        except Exception:
            return False
        return all(self._one(token) for token in flat_tokens(tokens))

    def _one(self, token: Mapping[str, Any]) -> bool:
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
                return not self._is_taken(unescape(_words(token)).strip().replace(" ", "-"))
        # A page's MathJax looks for formulas in all text that is not code.
        return kind == "codespan" or not REFUSED.search(raw + str(attributes.get("body", "")))

    def _is_taken(self, name: str) -> bool:
        return any(name in (taken, f"{taken}-comment", f"{taken}_extra_credit") for taken in self.taken)


def flat_tokens(tokens: Any) -> Iterator[Mapping[str, Any]]:
    """Yield every token and the tokens inside it. Without recursion, because quotes may be nested deeply."""
    waiting = list(tokens)
    while waiting:
        token = waiting.pop()
        yield token
        waiting += token.get("children") or ()


def _words(token: Mapping[str, Any]) -> str:
    return "".join(str(inner.get("raw", "")) for inner in reversed(list(flat_tokens([token]))))
