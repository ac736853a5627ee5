"""Tests of safe_markdown, which sanitises the Markdown of a submission."""

from __future__ import annotations

import re
import time
from pathlib import Path

import nbformat
import pytest
from bs4 import BeautifulSoup
from hypothesis import given, settings
from hypothesis import strategies as st
from nbconvert.filters.markdown_mistune import IPythonRenderer, MarkdownWithMath

from autograder.grading.pages.markdown import as_code, safe_markdown
from autograder.grading.pages.render import markdown_html
from tests.grading.pages.attacks import DISARMED, HTML, MARKDOWN

SOURCE = Path(__file__).parents[3] / "source"

HONEST = [
    "# My answer\n\nThe *slope* is **the same** everywhere: $f' = \\omega_1$, so $a < b$ and $c > d$.",
    "$$ \\begin{aligned} a & = b \\\\ c & = d \\end{aligned} $$",
    "| a | b |\n|:--|--:|\n| 1 | $x_2$ |",
    "> quoted\n\n1. one\n2. two\n   - [x] done\n",
    "`<script>` in code, and\n\n```python\nif a < b: print('<b>')\n```\n\n    <i>indented</i>",
    "[the book](https://udlbook.github.io/udlbook/) and https://example.org and <https://example.org/a?b=c>",
    "H<sub>2</sub>O<br>x<sup>2</sup> <b>bold</b>",
    "[below](#below) 3 < 4 && 5 > 4; a<b",
    "&nbsp;&alpha; &lt;b&gt; ~~gone~~ \\* \\$5",
]
"""Markdown of honest students."""


def _stock(source: str, attachments: dict[str, dict[str, str]] | None = None) -> BeautifulSoup:
    """Return the HTML that nbgrader's pages make of Markdown, with all HTML and addresses passed through."""
    renderer = IPythonRenderer(escape=False, attachments=attachments or {})
    return BeautifulSoup(MarkdownWithMath(renderer=renderer).render(source), "html.parser")


def _is_harmless(page: BeautifulSoup) -> bool:
    """True if all elements, attributes and addresses of a page are known to be harmless."""
    for element in page.find_all(True):
        names = set(element.attrs) - {"class", "id", "title", "alt", "type", "disabled", "checked", "start"}
        style = str(element.attrs.get("style", ""))
        if element.name in ("script", "style", "iframe", "svg", "object", "embed", "video", "link", "form", "details"):
            return False
        if names - {"href", "src", "style"} or not re.fullmatch(r"(text-align:(left|right|center);?)?", style):
            return False
        if not re.fullmatch(r"(https?://.*|mailto:.*|#.*)?", str(element.attrs.get("href", "")), re.DOTALL):
            return False
        if "src" in element.attrs and not str(element["src"]).startswith("data:image/png;base64,"):
            return False
    return not page.select(".mermaid")


@pytest.mark.parametrize("source", HONEST)
def test_honest_markdown_stays_byte_for_byte(source: str) -> None:
    """Formulas, tables, lists, quotes, code, links and plain tags stay unchanged."""
    assert safe_markdown(source) == source


def test_the_labs_own_markdown_stays_byte_for_byte() -> None:
    """All Markdown of the labs stays unchanged, because an answer may quote it."""
    for file in SOURCE.glob("*/*.ipynb"):
        for cell in nbformat.read(file, as_version=4).cells:
            if cell.cell_type == "markdown":
                assert safe_markdown(cell.source) == cell.source


@pytest.mark.parametrize("name", [*MARKDOWN, *HTML])
def test_an_attack_is_defused_and_the_rest_of_the_cell_stays(name: str) -> None:
    """nbgrader's rendering of a sanitised attack is harmless; text and formula beside the attack stay."""
    attack = (MARKDOWN | HTML)[name]
    assert not _is_harmless(_stock(attack)) or f"markdown-html-{name}" in DISARMED or name == "unclosed"
    source = f"Because $a_1 < b$.\n\n{attack}\n\nSo **there**."
    safe = safe_markdown(source)
    page = _stock(safe)
    assert _is_harmless(page)
    assert page.find("strong") is not None, "the whole cell became code"
    assert "$a_1 < b$" in page.get_text()


@pytest.mark.parametrize("target", ["evil.html", "/formgrader/x", "../a.svg", "files/a.html", "//a.b", "file:///a"])
def test_no_link_leads_to_a_file_beside_the_page(target: str) -> None:
    """A link to a file beside the page becomes text.

    Formgrader serves submitted files from the address at which the grader is signed in.
    """
    page = _stock(safe_markdown(f"[my plot]({target}) and [again][1]\n\n[1]: {target}"))
    assert not page.find("a")
    assert "my plot" in page.get_text()


def test_pictures_of_the_cell_stay_and_remote_ones_become_links() -> None:
    """An attached picture stays, and a remote picture becomes a link."""
    attached = "![a plot](attachment:plot.png)"
    assert safe_markdown(attached, {"plot.png": {}}) == attached
    page = _stock(safe_markdown("![a plot](https://example.org/p.png)"))
    assert page.find("img") is None
    assert page.find("a", href="https://example.org/p.png") is not None


def test_a_missing_picture_does_not_stop_the_page() -> None:
    """A missing attachment becomes text, because nbconvert would raise and write no page."""
    assert "attachment:gone.png" in _stock(safe_markdown("![x](attachment:gone.png)")).get_text()


def test_a_heading_does_not_take_the_name_of_a_score_box() -> None:
    """A heading with the name of a score box is changed.

    Formgrader finds its boxes by name, and a heading's name is its text.
    """
    for heading in ("# test_double", "## *test_double*", "test_double\n===", "# test_double-comment"):
        assert _stock(heading).find(id=re.compile("^test_double"))
        assert not _stock(safe_markdown(heading, taken=["test_double"])).find(id=re.compile("^test_double"))
    assert safe_markdown("# Answer", taken=["test_double"]) == "# Answer"


def test_formulas_that_do_more_than_mathematics_are_defused() -> None:
    r"""A space after its backslash disables \href, which MathJax would make a link; in code it stays."""
    assert safe_markdown(r"$\href{javascript:x}{y}$ and $z$") == r"$\ href{javascript:x}{y}$ and $z$"
    assert safe_markdown(r"`\href{a}{b}`") == r"`\href{a}{b}`"


def test_invisible_characters_are_signs() -> None:
    """Invisible and control characters become visible signs, as characters and as entities."""
    assert safe_markdown("a\u202eb&#x202e;c\x1b[1m") == "a⟨U+202E⟩b⟨U+202E⟩c␛[1m"


def test_a_long_text_is_cut() -> None:
    """A long text is cut, and a note says so."""
    assert safe_markdown("word " * 20_000).endswith("more characters are not shown]\n")


@given(st.text(st.sampled_from("`~\n ab<"), max_size=40))
def test_as_code_shows_the_text_and_nothing_else(text: str) -> None:
    """`as_code` shows any text as one code block, whatever fences are in the text."""
    (code,) = _stock(as_code(text)).find_all("pre")
    assert code.get_text().strip() == text.strip()


PIECES = ["<", ">", "[", "]", "(", ")", "![", "](", "]: ", "\n", "\n\n", "    ", "`", "```", "mermaid", "$", "$$", "\\",
          "# ", "> ", "- ", "|", "<b>", "<img src=x onerror=y>", "javascript:x", "https://a", "attachment:p", "<!--",
          "&#106;", "\\href", "files/", "a", "<script>", "<div ", '"', "'", "\x00"]  # fmt: skip


@settings(max_examples=400, deadline=None)
@given(st.lists(st.sampled_from(PIECES), max_size=25).map("".join))
def test_any_sanitised_markdown_is_harmless_on_stock_pages(source: str) -> None:
    """Any sanitised Markdown is harmless in nbgrader's rendering; sanitising it again changes nothing."""
    safe = safe_markdown(source)
    assert _is_harmless(_stock(safe))
    assert safe_markdown(safe) == safe


LONG = ["[", "![", "*a ", ">", "- ", "<a ", "$a", r"\begin{a}", "[a](", "\\\\(", "\\\\[", "|a", "&", "`a", "[a]: "]


@pytest.mark.parametrize("piece", LONG)
def test_long_markdown_ends_soon(piece: str) -> None:
    """Long Markdown that is known to keep parsers busy takes little time."""
    begin = time.perf_counter()
    markdown_html(safe_markdown(piece * (60_000 // len(piece))))
    assert time.perf_counter() - begin < 10
