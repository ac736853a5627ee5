"""Render Markdown, code and formulas of a notebook's cells as HTML and MathML without active elements."""

from __future__ import annotations

import re
from collections import Counter
from functools import lru_cache
from html import escape
from typing import Any
from urllib.parse import unquote

from jinja2 import pass_context
from jinja2.runtime import Context
from markupsafe import Markup
from nbconvert.filters.markdown_mistune import IPythonRenderer, MarkdownWithMath
from pygments import highlight
from pygments.formatters import HtmlFormatter
from pygments.lexers import PythonLexer

from autograder.grading.pages.control_characters import escape_control_characters, escape_control_entities
from autograder.grading.pages.formulas import mathml
from autograder.grading.pages.markdown import PLAIN_TAG, as_code, is_endless
from autograder.grading.pages.markup import WEB, safe_html
from autograder.grading.pictures import AttachmentFilter

DELIMITED = re.compile(r"\s*(\$\$|\$|\\\[|\\\()?(.*?)(\$\$|\$|\\\]|\\\))?\s*", re.DOTALL)
"""A displayed formula with optional delimiters; group 2 is the formula."""

_FORMATTER = HtmlFormatter(nowrap=True)


@lru_cache(maxsize=512)
def code_html(source: str) -> Markup:
    """Return Python code as HTML with syntax classes; cached, as most code is the same in all students' notebooks."""
    return Markup(highlight(escape_control_characters(source), PythonLexer(stripnl=False), _FORMATTER))


def markdown_html(source: str, attachments: object = None) -> Markup:
    """Return Markdown as safe HTML. attachments: the cell's attachments, which may be any value."""
    pictures = tuple(
        (name, *kind) for name, kinds in AttachmentFilter().keep(attachments).items() for kind in kinds.items()
    )
    return _markdown_html(source, pictures)


@pass_context
def markdown_filter(context: Context, source: str) -> Markup:
    """Return `markdown_html` of the source. Jinja filter that takes the attachments from the template's `cell`."""
    cell = context.get("cell") or {}
    return markdown_html(source, cell.get("attachments"))


def latex_html(text: str) -> Markup:
    """Return a displayed LaTeX formula, with or without delimiters, as MathML."""
    match = DELIMITED.fullmatch(text)
    return Markup(mathml(match[2] if match else text, display=True))


@lru_cache(maxsize=512)
def _markdown_html(source: str, pictures: tuple[tuple[str, str, str], ...]) -> Markup:
    """Return Markdown as safe HTML. pictures: name, type and base64 of each attachment."""
    text = escape_control_entities(escape_control_characters(source))
    for candidate in (as_code(text),) if is_endless(text) else (text, as_code(text)):
        try:
            renderer = _Renderer(pictures)
            return Markup(MarkdownWithMath(renderer=renderer).render(candidate) + renderer.closing_tags())
        # Text that the parser fails on is shown literally: as a code block, else in a pre element.
        except Exception:
            continue
    return Markup(f"<pre>{escape(text)}</pre>")


class _Renderer(IPythonRenderer):  # type: ignore[misc]  # nbconvert is not typed
    """nbconvert's Markdown renderer, which here rebuilds or escapes all elements that it would otherwise copy."""

    def __init__(self, pictures: tuple[tuple[str, str, str], ...]) -> None:
        super().__init__(escape=False, allow_harmful_protocols=False, exclude_anchor_links=True)
        self.open_tags = Counter[str]()
        self.pictures = {name: f"data:{kind};base64,{data}" for name, kind, data in pictures}

    def inline_html(self, html: str) -> str:
        """Return a tag as it is if PLAIN_TAG allows it, else escaped."""
        if not PLAIN_TAG.fullmatch(html):
            return escape(html)
        tag = re.sub(r"[</>\s]", "", html).lower()
        self.open_tags[tag] = max(0, self.open_tags[tag] + (-1 if html.startswith("</") else 1))
        return html

    def closing_tags(self) -> str:
        """Return closing tags for all elements left open, which a browser would open again in each later cell."""
        return "".join(f"</{tag}>" * number for tag, number in self.open_tags.items() if tag != "br")

    def block_html(self, html: str) -> str:
        """Return a sanitised block of HTML."""
        return safe_html(html)

    def link(self, text: str, url: str, title: str | None = None) -> str:
        """Return a link to the web or to a place in the page; text and escaped URL for any other link."""
        if not (url.startswith("#") or WEB.fullmatch(url)):
            return f"{text} <code>({escape(unquote(url))})</code>"
        return f'<a href="{escape(url)}" rel="noopener noreferrer">{text}</a>'

    def image(self, text: str, url: str, title: str | None = None) -> str:
        """Return a picture from the cell's attachments; a link for any other picture, as a page loads nothing."""
        source = self.pictures.get(unquote(url.removeprefix("attachment:"))) if url.startswith("attachment:") else None
        alt = re.sub(r"<[^>]*>", "", text) or "picture"
        return f'<img src="{source}" alt="{escape(alt, quote=True)}">' if source else self.link(alt, url)

    def block_code(self, code: str, info: str | None = None) -> str:
        """Return a code block. A Mermaid diagram stays code, as a page would need a script to draw it."""
        return str(super().block_code(code, info=None if (info or "").strip().lower().startswith("mermaid") else info))

    def inline_math(self, body: str) -> str:
        """Return a formula within a line as MathML."""
        return mathml(body, display=False)

    def block_math(self, body: str) -> str:
        """Return a formula on a line of its own as MathML."""
        return mathml(body, display=True)

    def latex_environment(self, name: str, body: str) -> str:
        r"""Return a formula between \begin and \end as MathML."""
        return mathml(f"\\begin{{{name}}}{body}\\end{{{name}}}", display=True)

    def heading(self, text: str, level: int, **attributes: Any) -> str:
        """Return a heading without an HTML id, which in Formgrader could be the id of a score box."""
        return f"<h{level}>{text}</h{level}>\n"
