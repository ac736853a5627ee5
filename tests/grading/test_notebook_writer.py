"""Tests of notebook_writer: what becomes of the pictures in a written answer, from the submission to the pages."""

from __future__ import annotations

import base64
import json
from urllib.parse import unquote

import nbformat
import pytest
from bs4 import BeautifulSoup
from nbconvert.filters.markdown_mistune import IPythonRenderer, MarkdownWithMath

from autograder.grading.notebook_writer import CellOutcome, graded_notebook_json
from autograder.grading.pages import markdown_html
from tests.grading.intake.notebooks import INSTRUCTOR, WHY, Json, handed_in, notebook, plan_of
from tests.grading.pages.attacks import png
from tests.grading.test_pictures import gif

SVG = base64.b64encode(b"<svg xmlns='http://www.w3.org/2000/svg'/>").decode()


def _pages(source: str, attachments: Json) -> list[BeautifulSoup]:
    """Return a written answer, graded, as HTML: that of the feedback page, and that of nbconvert's own renderer."""
    cells = handed_in()
    cells[WHY] |= {"source": source, "attachments": attachments}
    plan = plan_of(cells)
    source_notebook = json.dumps(notebook(INSTRUCTOR)).encode()
    graded = nbformat.reads(
        graded_notebook_json(plan, [CellOutcome()] * len(plan.parts), source_notebook), as_version=4
    )
    (answer,) = (cell for cell in graded.cells if cell.metadata.get("nbgrader", {}).get("grade_id") == "why")
    pictures = answer.get("attachments", {})
    stock = MarkdownWithMath(renderer=IPythonRenderer(escape=False, attachments=pictures)).render(answer.source)
    return [BeautifulSoup(html, "html.parser") for html in (markdown_html(answer.source, pictures), stock)]


@pytest.mark.parametrize(
    ("link", "name", "kind", "data", "is_shown"),
    [
        ("loss.gif", "loss.gif", "image/gif", gif(), True),
        ("my%20plot%20(1).png", "my plot (1).png", "image/png", png(), True),
        ("<my plot.png>", "my plot.png", "image/png", png(), True),
        ("gr%C3%B6%C3%9Fe.png", "größe.png", "image/png", png(), True),
        ("loss.svg", "loss.svg", "image/svg+xml", SVG, False),
        ("my%20notes%20(1).pdf", "my notes (1).pdf", "application/pdf", "JVBERi0xLjQ=", False),
        ("loss.gif", "loss.gif", "image/gif", png(), False),
        ("loss.xyz", "loss.xyz", "application/x-unknown", "AAAA", False),
        ("gone.png", "other.png", "image/png", png(), False),
    ],
)
@pytest.mark.parametrize("words", ["", "my plot", "figure [1]"])
def test_an_answer_keeps_its_text_with_any_attachment(
    words: str, link: str, name: str, kind: str, data: str, is_shown: bool
) -> None:
    """An answer is rendered whatever is attached: as a picture, or named in a sentence, beside another picture.

    JupyterLab percent-encodes names in links, and not the names of attachments.
    """
    target = link.replace("<", "<attachment:") if "<" in link else f"attachment:{link}"
    source = f"**Because** $a_1 < b$:\n\n![{words}]({target}) and ![](attachment:b.png)\n\n- So *there*."
    for page in _pages(source, {name: {kind: data}, "b.png": {"image/png": png()}}):
        assert not page.find("pre"), "the answer is shown as code"
        assert page.find("strong").get_text() == "Because"
        assert page.find("li").find("em").get_text() == "there"
        types = [image["src"].partition(";")[0] for image in page.find_all("img")]
        if is_shown:
            assert types == [f"data:{kind}", "data:image/png"]
        else:
            assert types == ["data:image/png"]
            sentence = f"attachment:{unquote(link)} is not shown, as it is no attached PNG, JPEG or GIF picture"
            assert sentence in page.get_text()


@pytest.mark.parametrize(("data", "is_shown"), [(gif(), True), ("AAAA", False)])
def test_a_picture_in_the_text_is_shown_or_named(data: str, is_shown: bool) -> None:
    """Colab writes pictures into the text: an invalid one is named in a sentence, and the text stays."""
    for page in _pages(f"**Because**\n\n![plot](data:image/gif;base64,{data})", {}):
        assert page.find("strong")
        assert bool(page.find("img")) == is_shown
        assert is_shown or "plot: attachment:picture-1 is not shown" in page.get_text()
