"""Tests of attacks in a real browser: each attack works on nbgrader's pages, and none works on this course's pages."""

from __future__ import annotations

import re
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import nbformat
import nbgrader
import pytest
from nbconvert.exporters import HTMLExporter
from nbconvert.preprocessors.sanitize import SanitizeHTML
from nbformat import NotebookNode
from traitlets.config import Config

from autograder.grading.pages import (
    FeedbackPage,
    HideInstructorContent,
    SanitizeNotebook,
    markdown_filter,
    safe_markdown,
    safe_outputs,
)
from tests.grading.pages.attacks import ATTACKS, DISARMED, Attack, notebook_of
from tests.grading.pages.conftest import Browse, Site

pytestmark = pytest.mark.browser

TEMPLATES = Path(nbgrader.__file__).parent / "server_extensions" / "formgrader" / "templates"

CLICKER = """<script>
const scripts = [...document.querySelectorAll("a[href], a[*|href]")].filter(
  link => new URL(link.href.baseVal ?? link.href, location).protocol === "javascript:");
scripts.forEach((link, number) => setTimeout(() => link.dispatchEvent(new MouseEvent("click")), 30 * number));
</script>"""
"""A script that clicks every link to a script, as a reader might."""


def _notebook(attacks: Iterable[Attack], site: Site) -> NotebookNode:
    """Return a notebook with these attacks, whose URLs are on the server."""
    return nbformat.from_dict(notebook_of(attacks, site.where))


def _sanitise(notebook: NotebookNode) -> NotebookNode:
    """Sanitise a notebook in place as grading does, and return it."""
    for cell in notebook.cells:
        if cell.cell_type == "markdown":
            cell.source = safe_markdown(cell.source)
        else:
            cell.outputs = safe_outputs(cell.outputs)
    return notebook


def _stock_page(notebook: NotebookNode, template: str, **ours: Any) -> str:
    """Return the page that nbgrader's template makes of a notebook.

    ours: options that this course's configuration adds.
    """
    config = Config({"Exporter": {"default_preprocessors": []}, "HTMLExporter": {**ours, "template_name": template}})
    config.HTMLExporter.extra_template_basedirs = [str(TEMPLATES)]
    # nbgrader's versions keep the style sheet in different folders.
    css = next((TEMPLATES.parent / "static").rglob("bootstrap.min.css"))
    config.HTMLExporter.extra_template_paths = [str(css.parent)]
    about = {"notebook": "tiny", "score": 0, "max_score": 0, "late_penalty": 0}
    resources = {"nbgrader": about, "index": 0, "total": 1, "base_url": "", "submission_id": "1"}
    page: str = HTMLExporter(config=config).from_notebook_node(notebook, resources=resources)[0]
    return page


def _our_page(notebook: NotebookNode) -> str:
    """Return this course's feedback page of a notebook."""
    exporter = FeedbackPage(config=Config({"Exporter": {"default_preprocessors": []}}))
    for preprocessor in (HideInstructorContent, SanitizeNotebook):
        exporter.register_preprocessor(preprocessor, enabled=True)
    about = {"notebook": "tiny", "student": "mallory", "assignment": "lab", "score": 0, "max_score": 0}
    page: str = exporter.from_notebook_node(notebook, resources={"nbgrader": about})[0]
    return page


def _without_policy(page: str) -> str:
    """Return the page without its content security policy."""
    without, count = re.subn(r"<meta http-equiv=\"Content-Security-Policy\"[^>]*>", "", page)
    assert count == 1
    return without


def _hits(page: str, site: Site, browse: Browse) -> set[str]:
    """Open a page in the browser and click its links; return the attacks that worked."""
    site.pages["/page"] = page.replace("</body>", CLICKER + "</body>")
    assert "</body>" in page
    browse(f"{site.base}/page")
    assert "/page" in site.asked
    return site.hits()


def _working_attacks(wanted: set[str], page: str, site: Site, browse: Browse) -> set[str]:
    """Return the attacks that work in up to four visits of the browser.

    A busy browser may close a page before the last of the wanted attacks has worked.
    """
    worked: set[str] = set()
    for _ in range(4):
        worked |= _hits(page, site, browse)
        if wanted <= worked:
            break
    return worked


@pytest.mark.parametrize("template", ["feedback", "formgrade"])
def test_every_attack_works_on_a_stock_page(template: str, site: Site, browse: Browse) -> None:
    """Every attack works on nbgrader's page; a broken attack would prove nothing."""
    page = _stock_page(_notebook(ATTACKS, site), template)
    wanted = {attack.name for attack in ATTACKS} - DISARMED
    assert _working_attacks(wanted, page, site, browse) == wanted


def test_no_attack_works_on_a_feedback_page_even_without_its_policy(site: Site, browse: Browse) -> None:
    """No attack in an unsanitised notebook works on our page, with or without the page's policy."""
    page = _our_page(_notebook(ATTACKS, site))
    assert _hits(page, site, browse) == set()
    assert _hits(_without_policy(page), site, browse) == set()


def test_the_policy_alone_stops_every_attack(site: Site, browse: Browse) -> None:
    """Our policy stops every attack on a stock page."""
    policy = re.search(r"<meta http-equiv=\"Content-Security-Policy\"[^>]*>", _our_page(_notebook([], site)))
    assert policy
    stock = _stock_page(_notebook(ATTACKS, site), "feedback")
    assert _hits(stock.replace("<head>", "<head>" + policy.group()), site, browse) == set()


@pytest.mark.parametrize("template", ["feedback", "formgrade"])
def test_a_sanitised_notebook_is_harmless_on_a_stock_page(template: str, site: Site, browse: Browse) -> None:
    """No attack in a sanitised notebook works on a stock page, also without this course's configuration."""
    page = _stock_page(_sanitise(_notebook(ATTACKS, site)), template)
    assert _hits(page, site, browse) == set()


@pytest.mark.parametrize("template", ["feedback", "formgrade"])
def test_our_configuration_makes_a_stock_page_harmless(template: str, site: Site, browse: Browse) -> None:
    """With this course's configuration, no attack in an unsanitised notebook works on a stock page."""
    ours = {"preprocessors": [SanitizeNotebook], "filters": {"markdown2html": markdown_filter}}
    page = _stock_page(_notebook(ATTACKS, site), template, **ours)
    assert _hits(page, site, browse) == set()


def test_nbconverts_sanitiser_is_not_enough(site: Site, browse: Browse) -> None:
    """Links in Markdown, pictures' metadata and remote pictures pass nbconvert's sanitiser.

    This course has a sanitiser of its own for that reason.
    """
    page = _stock_page(_notebook(ATTACKS, site), "formgrade", sanitize_html=True)
    wanted = {"markdown-link", "markdown-diagram", "picture-width", "markdown-html-onerror"}
    assert wanted <= _working_attacks(wanted, page, site, browse)

    others = [attack for attack in ATTACKS if attack.name.startswith(("markdown", "picture"))]
    page = _stock_page(_notebook(others, site), "formgrade", preprocessors=[SanitizeHTML])
    wanted = {"markdown-link", "markdown-image", "picture-width", "picture-file"}
    assert wanted <= _working_attacks(wanted, page, site, browse)
