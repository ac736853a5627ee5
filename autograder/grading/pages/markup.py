"""Sanitises HTML of a student's work: rebuilds it from plain elements such as tables and lists."""

from __future__ import annotations

import re
from collections.abc import Iterator
from html import escape, unescape

from autograder.grading.pages.control_characters import escape_control_characters

PLAIN = {"br", "b", "i", "em", "strong", "u", "s", "sub", "sup", "kbd"}
"""Elements that may also stand in Markdown, without attributes."""

KEPT = PLAIN | {
    "table", "caption", "thead", "tbody", "tfoot", "tr", "th", "td", "p", "div", "pre", "blockquote", "hr", "a",
    "ul", "ol", "li", "dl", "dt", "dd", "h1", "h2", "h3", "h4", "h5", "h6", "span", "code", "small", "mark",
}  # fmt: skip
"""Elements that are built again. All others are left out, and their text stays."""

VOID = {"br", "hr"}

SILENT = {"script", "style", "template", "noscript", "iframe", "object", "svg", "math", "title", "textarea", "select"}
"""Elements that are left out with their text."""

DEEPEST = 40
"""Elements inside each other."""

WEB = re.compile(r"(?:https?://|mailto:)[^\s\x00-\x1f]+", re.IGNORECASE)
"""Addresses that a link may have; not a file beside the page, because a student may have submitted it."""

TAG = re.compile(r"""<(/?)([a-zA-Z][a-zA-Z0-9]*)((?:[^<>"']|"[^"<]*"|'[^'<]*')*+)>|<!--""")
"""A tag, or where a comment begins. It never looks beyond the next `<`, so that reading takes time like the length."""

ATTRIBUTE = re.compile(r"""([a-zA-Z]{1,20})\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s"'>]+))""")
LONGEST_ATTRIBUTES = 2_000


def safe_html(html: str) -> str:
    """Return the same words in plain elements without style, script, names or remote parts; every element is closed.

    The result is written anew, not filtered: all tags in it are from the table above, whatever a browser would have
    made of the HTML.
    """
    written, opened = list[str](), list[str]()
    for text, closing, tag, attributes in _pieces(html):
        written.append(escape(escape_control_characters(unescape(text))))
        if closing and tag in opened:
            while (inner := opened.pop()) != tag:
                written.append(f"</{inner}>")
            written.append(f"</{tag}>")
        elif not closing and tag in KEPT and len(opened) < DEEPEST:
            written.append(f"<{tag}{''.join(_attributes(tag, attributes))}>")
            opened += [] if tag in VOID else [tag]
    return "".join(written) + "".join(f"</{tag}>" for tag in reversed(opened))


def _pieces(html: str) -> Iterator[tuple[str, bool, str, str]]:
    """Text, and of the tag after it: whether it closes, its name and its attributes. Silent parts are left out."""
    at = 0
    while tag := TAG.search(html, at):
        name = (tag[2] or "").lower()
        yield html[at : tag.start()], bool(tag[1]), name, tag[3] or ""
        at, end = tag.end(), f"</{name}" if name else "-->"
        if not name or (name in SILENT and not tag[1]):
            # An element without an end takes all the rest with it, as in a browser.
            found = re.compile(re.escape(end), re.IGNORECASE).search(html, at)
            at = len(html) if not found else found.start() if name else found.end()
    yield html[at:], False, "", ""


def _attributes(tag: str, text: str) -> Iterator[str]:
    if tag not in ("a", "td", "th") or len(text) > LONGEST_ATTRIBUTES:
        return
    for name, *values in ATTRIBUTE.findall(text):
        value = unescape("".join(values))
        if tag == "a" and name.lower() == "href" and WEB.fullmatch(value):
            yield f' href="{escape(escape_control_characters(value))}" rel="noopener noreferrer"'
        elif tag != "a" and name.lower() in ("colspan", "rowspan") and re.fullmatch("[1-9][0-9]?", value):
            yield f' {name.lower()}="{value}"'
