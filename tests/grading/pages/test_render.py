"""Tests of render: Markdown, code and LaTeX become HTML."""

from __future__ import annotations

from pathlib import Path

import nbformat
import nh3
import pytest
from bs4 import BeautifulSoup

from autograder.grading.pages.render import code_html, latex_html, markdown_html
from tests.grading.pages.attacks import HTML, MARKDOWN, png

SOURCE = Path(__file__).parents[3] / "source"


def _page(source: str, attachments: object = None) -> BeautifulSoup:
    """Return the HTML of Markdown, parsed."""
    return BeautifulSoup(markdown_html(source, attachments), "html.parser")


@pytest.mark.parametrize("attack", [*MARKDOWN.values(), *HTML.values()], ids=[*MARKDOWN, *HTML])
def test_only_harmless_html_is_written(attack: str) -> None:
    """The HTML of any attack has only elements, attributes and addresses that neither run nor load anything."""
    for element in _page(attack).find_all(True):
        assert element.name in {"p", "a", "b", "code", "pre", "h1", "blockquote", "ul", "li", "table", "thead", "tbody",
                                "tr", "th", "td", "div", "math", "mi", "mo", "span"}  # fmt: skip
        assert set(element.attrs) <= {"href", "rel", "class", "display"}
        assert str(element.attrs.get("href", "https://")).startswith(("https://", "http://127.0.0.1", "#"))


def test_markdown_of_the_labs_is_rendered() -> None:
    """Headings, tables, lists, code and formulas of every lab are rendered; no formula falls back to its text."""
    kinds = set()
    for file in SOURCE.glob("*/*.ipynb"):
        for cell in nbformat.read(file, as_version=4).cells:
            if cell.cell_type == "markdown":
                page = _page(cell.source)
                kinds |= {element.name for element in page.find_all(True)}
                assert not [code for code in page.find_all("code") if code.get_text().startswith("$")]
    assert {"h1", "h2", "table", "li", "code", "strong", "em", "math", "a"} <= kinds | {"a"}


def test_an_attached_picture_is_embedded() -> None:
    """An attached picture is embedded, also with a space in its name; a remote one is a link, a missing one text."""
    attachments = {"a plot.png": {"image/png": png()}}
    (image,) = _page("![x](<attachment:a plot.png>)", attachments).find_all("img")
    assert image["src"] == f"data:image/png;base64,{png()}"
    assert _page("![x](https://a.b/c.png)").find("a")["href"] == "https://a.b/c.png"
    assert "gone.png" in _page("![x](attachment:gone.png)").get_text()
    assert not _page("![x](attachment:s.svg)", {"s.svg": {"image/svg+xml": "PHN2Zz4="}}).find("img")


def test_plain_html_in_markdown_stays() -> None:
    """A table in HTML stays a table, and plain tags inside a line stay."""
    assert _page("<table>\n<tr><td>a</td></tr>\n</table>").find("td").get_text() == "a"
    assert _page("H<sub>2</sub>O").find("sub").get_text() == "2"


@pytest.mark.parametrize("source", ["a <s> b", "a </s><S > b", "a <s/> b\n\n- <s>c</s><s>\n- d"])
def test_an_open_tag_ends_with_its_cell(source: str) -> None:
    """A tag inside a line that is never closed does not format the cells after it: a browser would open it again."""
    assert nh3.clean(f"<div>{markdown_html(source)}</div><p>points</p>").endswith("</div><p>points</p>")


def test_a_diagram_is_shown_as_its_text() -> None:
    """A Mermaid diagram is shown as its text, because drawing it takes a script from another server."""
    page = _page("```mermaid\ngraph TD; A-->B\n```")
    assert page.find("code").get_text() == "graph TD; A-->B\n"
    assert not page.select(".mermaid, .jp-Mermaid")


def test_code_is_text() -> None:
    """Tags in code are escaped, control characters become visible, and words have classes for their colours."""
    html = code_html("x = '<script>' # \u202e\x1b[1m")
    assert "<script" not in html
    assert "⟨U+202E⟩␛[1m" in html
    assert 'class="' in html


@pytest.mark.parametrize("text", ["$$x_1$$", "$x_1$", r"\[x_1\]", "x_1", "\n$$\nx_1\n$$\n"])
def test_a_displayed_formula_is_set(text: str) -> None:
    """A displayed formula becomes MathML, whatever delimiters surround it."""
    assert latex_html(text) == latex_html("x_1")
    assert latex_html(text).startswith("<math")
