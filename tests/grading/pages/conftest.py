"""Fixtures for tests in a real browser: the browser, and a server that serves pages and records requests."""

from __future__ import annotations

import shutil
import subprocess
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import partial
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome")

FLAGS = [
    "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-sync",
    "--disable-background-networking", "--disable-component-update", "--disable-default-apps",
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1",  # no test waits for a network
]  # fmt: skip

Browse = Callable[..., str]


@dataclass
class Site:
    """A server on this machine."""

    base: str
    pages: dict[str, str] = field(default_factory=dict)
    """The pages that the server serves, by path."""
    asked: list[str] = field(default_factory=list)
    """The paths of all requests since the last call of `hits`."""

    def where(self, name: str) -> str:
        """Return the URL that the attack of this name requests."""
        return f"{self.base}/hit/{name}"

    def hits(self) -> set[str]:
        """Return the names of the attacks that worked since the last call."""
        names = {path.removeprefix("/hit/") for path in self.asked if path.startswith("/hit/")}
        self.asked.clear()
        return names


class _Handler(BaseHTTPRequestHandler):
    """Serves the pages of a site, and records the path of each request."""

    def __init__(self, site: Site, *args: object) -> None:
        self.site = site
        super().__init__(*args)  # type: ignore[arg-type]

    def do_GET(self) -> None:
        self.site.asked.append(self.path)
        page = self.site.pages.get(self.path)
        self.send_response(404 if page is None else 200)
        self.send_header("Content-Type", "text/html; charset=utf-8")
        self.send_header("Access-Control-Allow-Origin", "*")
        self.end_headers()
        self.wfile.write((page or "").encode("utf-8", "replace"))

    def log_message(self, format: str, *args: object) -> None:
        """Print nothing."""


@pytest.fixture
def site() -> Iterator[Site]:
    """Yield a server without pages."""
    site = Site("")
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(_Handler, site))
    site.base = f"http://127.0.0.1:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield site
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture(scope="session")
def chromium() -> str:
    """Return the path of Chromium; skip the test if there is none."""
    path = next(filter(None, map(shutil.which, BROWSERS)), None)
    if path is None:
        pytest.skip(f"no browser: none of {', '.join(BROWSERS)}; on Debian: apt install chromium")
    return path


@pytest.fixture
def browse(chromium: str, tmp_path: Path) -> Browse:
    """Return a function that opens a URL in a real browser and returns the resulting document as HTML."""

    def run(url: str, *flags: str) -> str:
        profile = f"--user-data-dir={tmp_path / 'profile'}"
        command = [chromium, *FLAGS, profile, "--virtual-time-budget=8000", *flags, "--dump-dom", url]
        return subprocess.run(command, capture_output=True, text=True, timeout=120, check=True).stdout

    return run
