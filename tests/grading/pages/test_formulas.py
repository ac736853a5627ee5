"""Tests of formulas on pages: LaTeX becomes MathML."""

from __future__ import annotations

import re
import time
from collections.abc import Iterator
from html import unescape
from pathlib import Path

import nbformat
import pytest
from nbconvert.filters.markdown_mistune import MarkdownWithMath

from autograder.grading.pages.formulas import COMMANDS, mathml
from autograder.grading.pages.markdown import flat_tokens

SOURCE = Path(__file__).parents[3] / "source"

ATTRIBUTES = {
    "display", "style", "class", "displaystyle", "scriptlevel", "stretchy", "minsize", "maxsize", "form", "width",
    "lspace", "rspace", "accent", "accentunder", "movablelimits", "mathvariant", "fence", "separator", "symmetric",
    "linethickness", "depth", "height", "columnalign", "largeop", "intent", "arg",
}  # fmt: skip


def _formulas() -> Iterator[tuple[str, bool]]:
    """Yield each formula in the labs' source notebooks, and True if it is a displayed formula."""
    for file in sorted(SOURCE.glob("*/*.ipynb")):
        for cell in nbformat.read(file, as_version=4).cells:
            for token in flat_tokens(
                MarkdownWithMath(renderer=None)(cell.source) if cell.cell_type == "markdown" else []
            ):
                if token["type"] in ("inline_math", "block_math"):
                    yield token["raw"], token["type"] == "block_math"


def test_every_formula_of_the_labs_is_set() -> None:
    """Each formula of the labs becomes MathML with known attributes, and none falls back to its text."""
    formulas = set(_formulas())
    assert len(formulas) > 200
    for latex, display in formulas:
        html = mathml(latex, display)
        assert html.startswith("<math"), latex
        assert set(re.findall(r" ([a-z]+)=\"", html)) <= ATTRIBUTES, html


@pytest.mark.parametrize("command", COMMANDS)
def test_commands_that_do_more_than_mathematics_are_shown(command: str) -> None:
    r"""Commands that make links, elements or definitions, such as \href, are shown as typed."""
    latex = rf"\{command}{{javascript:x}}{{y}}"
    assert unescape(mathml(latex, False)) == f"<code>${latex}$</code>"
    assert mathml(r"\newcommand{\a}{x}\a", False).startswith("<code>")


@pytest.mark.parametrize("latex", [r"\frac{", r"\nosuchthing", "a & b", "x" * 2001, r"\text{<img src=x>}\nope"])
def test_invalid_formulas_are_shown_as_typed(latex: str) -> None:
    """An invalid formula is shown as its escaped text."""
    assert unescape(mathml(latex, True)) == f"<code>$${latex}$$</code>"
    assert "<img" not in mathml(latex, True)


def test_text_in_a_formula_stays_text() -> None:
    """Tags and quotes in a formula's text are escaped on the page."""
    html = mathml(r'\text{<img src=x onerror="y">}', False)
    assert html.startswith("<math")
    assert "<img" not in html
    assert '"y"' not in html


@pytest.mark.parametrize("piece", [r"\sqrt{", "{", "x^{", r"\frac", r"\left(", r"\begin{array}{c}", "_", "^"])
def test_deep_formulas_end_soon(piece: str) -> None:
    """Deeply nested formulas, closed or not, take little time."""
    begin = time.perf_counter()
    count = 900 // len(piece)
    for latex in (piece * count, piece * count + "x" + "}" * count):
        mathml(latex, True)
    assert time.perf_counter() - begin < 2
