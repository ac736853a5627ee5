"""Tests of Formgrader in a real browser, with nbgrader's server, a gradebook, and a submission full of attacks."""

from __future__ import annotations

import os
import re
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from autograder.grading.pages import safe_markdown, safe_outputs
from tests.grading.pages.attacks import ATTACKS, notebook_of
from tests.grading.pages.conftest import Browse, Site
from tests.grading.pages.course import ANSWER, OURS, PLAIN, TEST, graded_course

pytestmark = [pytest.mark.browser, pytest.mark.filterwarnings("ignore::sqlalchemy.exc.SAWarning")]

HEADING = "# test_double\n\nMy own heading has the name of a score box. $a_1 < b$\n"


@contextmanager
def _served(root: Path) -> Iterator[str]:
    """Start a Jupyter server in a course folder; yield the address of Formgrader."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [
        sys.executable, "-m", "jupyter", "server", "--no-browser", f"--port={port}", "--ip=127.0.0.1", "--allow-root",
        "--IdentityProvider.token=", "--ServerApp.jpserver_extensions={'nbgrader.server_extensions.formgrader': True}",
        f"--ServerApp.root_dir={root}",
    ]  # fmt: skip
    log = root / "server.log"
    # Without Jupyter's other extensions, because JupyterLab takes longer to start than this test takes.
    environment = {**os.environ, "JUPYTER_NO_CONFIG": "1"}
    with log.open("w") as file:
        server = subprocess.Popen(command, cwd=root, env=environment, stdout=file, stderr=subprocess.STDOUT)
    base = f"http://127.0.0.1:{port}/formgrader"
    try:
        for _ in range(120):
            try:
                urllib.request.urlopen(f"{base}/api/status", timeout=60).close()
                break
            except (urllib.error.URLError, ConnectionError):
                assert server.poll() is None, log.read_text()
                time.sleep(0.5)
        yield base
    finally:
        server.terminate()
        server.wait(30)


def _graded_notebook(site: Site, made_safe: bool) -> dict[str, Any]:
    """Return a graded notebook with all attacks, a test, an answer, and a heading with the name of a score box.

    made_safe: sanitise the cells, as grading does.
    """
    notebook = notebook_of(ATTACKS, site.where)
    test = {"cell_type": "code", "id": "test", "source": "check()", "execution_count": 1, "outputs": [],
            "metadata": {"nbgrader": TEST}}  # fmt: skip
    answer = {"cell_type": "markdown", "id": "why", "source": "My answer.", "metadata": {"nbgrader": ANSWER}}
    heading = {"cell_type": "markdown", "id": "heading", "source": HEADING, "metadata": {}}
    notebook["cells"] = [heading, *notebook["cells"], test, answer]
    for cell in notebook["cells"] if made_safe else ():
        if cell["cell_type"] == "markdown":
            cell["source"] = safe_markdown(cell["source"], taken=["test_double", "why"])
        else:
            cell["outputs"] = safe_outputs(cell["outputs"])
    return notebook


def _open_submission(base: str, submission: str, site: Site, browse: Browse) -> tuple[str, set[str]]:
    """Open a submission in Formgrader; return the page and the attacks that worked."""
    page = browse(f"{base}/submissions/{submission}/")
    assert "My own heading" in page
    return page, site.hits()


def test_a_sanitised_notebook_is_harmless_in_stock_formgrader(site: Site, browse: Browse, tmp_path: Path) -> None:
    """In Formgrader without our configuration attacks work, but none in a sanitised notebook."""
    notebooks = {"raw": _graded_notebook(site, made_safe=False), "safe": _graded_notebook(site, made_safe=True)}
    names = graded_course(tmp_path / "course", PLAIN, notebooks)
    with _served(tmp_path / "course") as base:
        wanted = {"html-script", "markdown-image", "picture-width", "javascript"}
        for _ in range(3):  # a busy browser may close a page before the last attack works
            wanted -= _open_submission(base, names["raw"], site, browse)[1]
            if not wanted:
                break
        assert wanted == set()
        page, worked = _open_submission(base, names["safe"], site, browse)
    assert worked == set()
    _assert_score_boxes_work(page)


@pytest.mark.slow
def test_formgrader_with_our_configuration_is_harmless(site: Site, browse: Browse, tmp_path: Path) -> None:
    """With our configuration no attack works in an unsanitised notebook, and formulas need no network."""
    names = graded_course(tmp_path / "course", OURS, {"raw": _graded_notebook(site, made_safe=False)})
    with _served(tmp_path / "course") as base:
        page, worked = _open_submission(base, names["raw"], site, browse)
    assert worked == set()
    assert "<msub>" in page
    _assert_score_boxes_work(page)


def _assert_score_boxes_work(page: str) -> None:
    """Assert that Formgrader's script filled in the score box, not the student's heading of that name."""
    (box,) = re.findall(r'<[^>]* id="test_double"[^>]*>', page)
    assert 'placeholder="1.5"' in box
