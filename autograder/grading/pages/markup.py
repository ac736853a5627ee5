"""Sanitise HTML that student code displayed: nh3 keeps plain elements only, such as tables, lists and text."""

from __future__ import annotations

import re
from html import escape

import nh3

from autograder.grading.pages.control_characters import escape_control_characters

PLAIN = {"br", "b", "i", "em", "strong", "u", "s", "sub", "sup", "kbd"}
"""Elements without attributes that are allowed in HTML outputs and in Markdown."""

KEPT = PLAIN | {
    "table", "caption", "thead", "tbody", "tfoot", "tr", "th", "td", "p", "div", "pre", "blockquote", "hr", "a",
    "ul", "ol", "li", "dl", "dt", "dd", "h1", "h2", "h3", "h4", "h5", "h6", "span", "code", "small", "mark",
}  # fmt: skip
"""Elements that the sanitised HTML may contain. Other elements are left out, and their text stays."""

SILENT = {"script", "style", "template", "noscript", "iframe", "object", "svg", "math", "title", "textarea", "select"}
"""Elements that are left out together with their text."""

WEB = re.compile(r"(?:https?://|mailto:)[^\s\x00-\x1f<>\"]+", re.IGNORECASE)
"""An allowed link target: web or mail. Links to files are refused, since a file beside the page may be a student's."""

SPAN = re.compile("[1-9][0-9]?")
"""An allowed number of columns or rows of a table cell."""

ATTRIBUTES = {"a": {"href": WEB}, "td": {"colspan": SPAN, "rowspan": SPAN}, "th": {"colspan": SPAN, "rowspan": SPAN}}
"""The allowed attributes of each element, with their values. nh3 adds rel="noopener noreferrer" to links."""

FORMATTING = re.compile(r"<(b|big|code|em|font|i|nobr|s|small|strike|strong|tt|u)[\s/][^>]*", re.IGNORECASE)
"""A formatting tag with attributes, up to its end.

A parser of HTML opens formatting elements again in each paragraph after them, without limit if their attributes differ.
"""

MAX_ELEMENTS, MAX_DEPTH = 10_000, 200
"""Maximum number of elements, and of elements around one. A browser takes no deeper HTML, and a parser minutes."""


def safe_html(html: str) -> str:
    """Return the text of the HTML in plain elements without style, script, ids or remote parts.

    All elements of the result are in KEPT, and closed. HTML with too many or too deeply nested elements is shown as its
    source.
    """
    html = escape_control_characters(html.replace("\r\n", "\n"))
    if _elements(html) <= MAX_ELEMENTS:
        cleaned = nh3.clean(
            FORMATTING.sub(r"<\1", html), tags=KEPT, clean_content_tags=SILENT,
            attributes={tag: set(values) for tag, values in ATTRIBUTES.items()}, attribute_filter=_allowed_value,
        )  # fmt: skip
        if _elements(cleaned) <= MAX_ELEMENTS and _depth(cleaned) <= MAX_DEPTH:
            # Control characters that were entities, and links that lost their target.
            return escape_control_characters(cleaned).replace('<a rel="noopener noreferrer">', "<a>")
    return f"<pre>{escape(html.strip(), quote=False)}</pre>"


def _allowed_value(tag: str, attribute: str, value: str) -> str | None:
    """Return the value of an attribute unless ATTRIBUTES forbids it, then None.

    Called by nh3, also for the `rel` that it adds and for attributes that it leaves out itself.
    """
    pattern = ATTRIBUTES.get(tag, {}).get(attribute)
    return value if pattern is None or pattern.fullmatch(value) else None


def _elements(html: str) -> int:
    """Return the number of opening tags."""
    return len(re.findall("<[a-zA-Z]", html))


def _depth(cleaned: str) -> int:
    """Return the largest number of elements around one, in HTML that nh3 wrote: each but `br` and `hr` is closed."""
    depth = deepest = 0
    for closing in re.findall("<(/?)(?!br>|hr>)", cleaned):
        depth += -1 if closing else 1
        deepest = max(deepest, depth)
    return deepest
