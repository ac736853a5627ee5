"""Tests of safe_html, which sanitises the HTML that a submission displays."""

from __future__ import annotations

import re
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from autograder.grading.pages.markup import KEPT, safe_html
from tests.grading.pages.attacks import HTML

WRITTEN = re.compile(
    r"</?[a-z0-9]+>|<t[dh]( (col|row)span=\"\d+\")+>|"
    r"<a href=\"(https?:|mailto:)[^\"<>]*\" rel=\"noopener noreferrer\">",
    re.IGNORECASE,
)
"""Every tag that safe HTML may have, character by character."""

FRAME = (
    '<div>\n<style scoped>td { color: red }</style>\n<table border="1" class="dataframe"><thead><tr><th></th>'
    '<th colspan="2">a</th></tr></thead><tbody><tr><td>1 &lt; 2</td></tr></tbody></table></div>'
)


def _only_plain(html: str) -> bool:
    """True if all tags of an HTML text are allowed."""
    names = {name.lower() for name in re.findall(r"</?([a-zA-Z0-9]+)", html)}
    return "<" not in WRITTEN.sub("", html) and names <= KEPT


def test_a_table_of_pandas_stays_a_table() -> None:
    """A pandas table keeps rows, cells and text, and loses its style and classes."""
    assert safe_html(FRAME) == (
        '<div>\n\n<table><thead><tr><th></th><th colspan="2">a</th></tr></thead><tbody><tr><td>1 &lt; 2</td></tr>'
        "</tbody></table></div>"
    )


def test_open_elements_are_closed() -> None:
    """Open elements are closed, so that they don't change the rest of the page; stray end tags are left out."""
    assert safe_html("<b><i>a</b></div></i><p>c") == "<b><i>a</i></b><p>c</p>"


def test_a_table_gets_the_parts_that_every_browser_gives_it() -> None:
    """The result is as a browser parses the HTML, so that parsing it again gives the same elements."""
    table = "<table><tbody><tr><td>1</td></tr></tbody></table>"
    assert safe_html("<table><tr><td>1") == safe_html(table) == table


def test_deep_html_is_shown_as_its_source() -> None:
    """HTML that is nested too deeply is shown as its source, and none of its text is lost."""
    assert safe_html("<div>" * 150 + "x") == "<div>" * 150 + "x" + "</div>" * 150
    deep = safe_html("<div>" * 300 + "x & y")
    assert deep == f"<pre>{'&lt;div&gt;' * 300}x &amp; y</pre>"
    assert safe_html(deep) == deep


def test_a_link_to_the_web_stays_and_no_other() -> None:
    """A link to the web stays; links to scripts and to files beside the page lose their address.

    A file beside the page may be a submitted file.
    """
    assert safe_html('<a href="https://a.b/?x=1&amp;y" target=_top>c</a>') == (
        '<a href="https://a.b/?x=1&amp;y" rel="noopener noreferrer">c</a>'
    )
    for target in ("javascript:x", "evil.html", "/formgrader", "data:text/html,x", "//a.b", "\x01javascript:x"):
        assert safe_html(f'<a href="{target}">c</a>') == "<a>c</a>"


@pytest.mark.parametrize("html", HTML.values(), ids=HTML)
def test_attacks_leave_only_plain_elements(html: str) -> None:
    """No element, attribute or address of an attack is left."""
    assert _only_plain(safe_html(html))
    assert not re.search("RUN|URL", re.sub("&lt;.*", "", safe_html(html)))


PIECES = ["<div>", "<b>", "</b>", "<td>", "<", ">", "</", "/>", "<!--", "-->", "<!", "<![CDATA[", '"', "'", "=", " ",
          "a", "div", "td", "script", "svg", "style", "onerror", "href", "javascript:", "https://a", "&lt;", "&#60;",
          "\n", "\x00", "İ"]  # fmt: skip


@given(st.lists(st.sampled_from(PIECES), max_size=60).map("".join))
def test_any_html_becomes_plain_elements(html: str) -> None:
    """Any HTML becomes allowed tags that are all closed; sanitising it again changes nothing."""
    safe = safe_html(html)
    assert _only_plain(safe)
    opened: list[str] = []
    for closing, name in re.findall(r"<(/?)([a-z0-9]+)", safe):
        if name in ("br", "hr"):
            continue
        if closing:
            assert opened.pop() == name
        else:
            opened.append(name)
    assert opened == []
    assert safe_html(safe) == safe


@pytest.mark.parametrize(
    "piece", ["<div>", "<a ", '<a href="', "<!--", "</", "<svg>", "<ul><li>", "<b a=1>", "&", "<![", "a"]
)
def test_long_html_takes_time_like_its_length(piece: str) -> None:
    """Long HTML takes seconds.

    Python's parser takes minutes for some of these texts, and nbconvert's sanitiser for others.
    """
    begin = time.perf_counter()
    safe_html(piece * (100_000 // len(piece)))
    safe_html("<a " + piece * (100_000 // len(piece)) + ">")
    assert time.perf_counter() - begin < 5


@pytest.mark.parametrize("tag", ["<b a={}>", "<B\ta={}>", "<u/{}>", '<b a=">{}">', "<b a='<b {}>'>", "<i <b a={}>"])
def test_formatting_is_not_repeated_without_limit(tag: str) -> None:
    """Of formatting elements that are left open, at most a few are opened again in each later paragraph.

    nh3 alone opens all of them, and takes gigabytes of memory for 100 kB of such HTML.
    """
    left_open = "".join(map(tag.format, range(150)))
    assert safe_html(f"<p>{left_open}</p>{'<p>x' * 2000}").count("<p>") > 2000
