"""Sanitise HTML that student code displayed: write it anew with plain elements only, such as tables, lists and text."""

from __future__ import annotations

import re
from collections.abc import Iterator
from html import escape, unescape

from autograder.grading.pages.control_characters import escape_control_characters

PLAIN = {"br", "b", "i", "em", "strong", "u", "s", "sub", "sup", "kbd"}
"""Elements without attributes that are allowed in HTML outputs and in Markdown."""

KEPT = PLAIN | {
    "table", "caption", "thead", "tbody", "tfoot", "tr", "th", "td", "p", "div", "pre", "blockquote", "hr", "a",
    "ul", "ol", "li", "dl", "dt", "dd", "h1", "h2", "h3", "h4", "h5", "h6", "span", "code", "small", "mark",
}  # fmt: skip
"""Elements that the sanitised HTML may contain. Other elements are left out, and their text stays."""

VOID = {"br", "hr"}
"""Elements without a closing tag."""

SILENT = {"script", "style", "template", "noscript", "iframe", "object", "svg", "math", "title", "textarea", "select"}
"""Elements that are left out together with their text."""

DEEPEST = 40
"""Maximum depth of nested elements; deeper elements are left out, and their text stays."""

WEB = re.compile(r"(?:https?://|mailto:)[^\s\x00-\x1f]+", re.IGNORECASE)
"""An allowed link target: web or mail. Links to files are refused, since a file beside the page may be a student's."""

TAG = re.compile(r"""<(/?)([a-zA-Z][a-zA-Z0-9]*)((?:[^<>"']|"[^"<]*"|'[^'<]*')*+)>|<!--""")
"""A tag, or the opening of a comment.

A match never extends beyond the next `<`, so that the time to split HTML grows linearly with its length.
"""

ATTRIBUTE = re.compile(r"""([a-zA-Z]{1,20})\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s"'>]+))""")
"""One attribute with its value in double quotes, in single quotes or without quotes."""
LONGEST_ATTRIBUTES = 2_000
"""Maximum number of characters of all attributes in a tag; longer attributes are left out."""


def safe_html(html: str) -> str:
    """Return the text of the HTML in plain elements without style, script, ids or remote parts.

    This function doesn't filter the HTML but writes new HTML: every tag in the result is in KEPT and every element is
    closed, however a browser would have parsed the original.
    """
    pieces, open_tags = list[str](), list[str]()
    for text, closing, tag, attributes in _split_at_tags(html):
        pieces.append(escape(escape_control_characters(unescape(text))))
        if closing and tag in open_tags:
            while (inner_tag := open_tags.pop()) != tag:
                pieces.append(f"</{inner_tag}>")
            pieces.append(f"</{tag}>")
        elif not closing and tag in KEPT and len(open_tags) < DEEPEST:
            pieces.append(f"<{tag}{''.join(_attributes(tag, attributes))}>")
            open_tags += [] if tag in VOID else [tag]
    return "".join(pieces) + "".join(f"</{tag}>" for tag in reversed(open_tags))


def _split_at_tags(html: str) -> Iterator[tuple[str, bool, str, str]]:
    """Yield each piece of text with the tag after it: text, True if it is a closing tag, its name and its attributes.

    The name is "" for a comment and after the last text. SILENT elements and comments are left out.
    """
    position = 0
    while tag := TAG.search(html, position):
        name = (tag[2] or "").lower()
        yield html[position : tag.start()], bool(tag[1]), name, tag[3] or ""
        position, ending = tag.end(), f"</{name}" if name else "-->"
        if not name or (name in SILENT and not tag[1]):
            # An element that is never closed extends to the end of the HTML, as in a browser.
            match = re.compile(re.escape(ending), re.IGNORECASE).search(html, position)
            position = len(html) if not match else match.start() if name else match.end()
    yield html[position:], False, "", ""


def _attributes(tag: str, text: str) -> Iterator[str]:
    """Yield the allowed attributes of a tag, as HTML: href of a link, colspan and rowspan of a table cell.

    text: all attributes in the tag, as written in the original.
    """
    if tag not in ("a", "td", "th") or len(text) > LONGEST_ATTRIBUTES:
        return
    for name, *values in ATTRIBUTE.findall(text):
        value = unescape("".join(values))
        if tag == "a" and name.lower() == "href" and WEB.fullmatch(value):
            yield f' href="{escape(escape_control_characters(value))}" rel="noopener noreferrer"'
        elif tag != "a" and name.lower() in ("colspan", "rowspan") and re.fullmatch("[1-9][0-9]?", value):
            yield f' {name.lower()}="{value}"'
