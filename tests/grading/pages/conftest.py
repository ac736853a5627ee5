"""A browser, and a server that serves pages to it and notes what they ask for."""

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
    """What it serves, by path."""
    asked: list[str] = field(default_factory=list)
    """Every path that it was asked for."""

    def where(self, name: str) -> str:
        """What an attack of that name asks for."""
        return f"{self.base}/hit/{name}"

    def hits(self) -> set[str]:
        """Names of the attacks that worked since the last time, and forgets them."""
        names = {path.removeprefix("/hit/") for path in self.asked if path.startswith("/hit/")}
        self.asked.clear()
        return names


class _Handler(BaseHTTPRequestHandler):
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
        """Nothing on the screen."""


@pytest.fixture
def site() -> Iterator[Site]:
    """A server without pages yet."""
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
    """Where Chromium is."""
    found = next(filter(None, map(shutil.which, BROWSERS)), None)
    if found is None:
        pytest.skip(f"no browser: none of {', '.join(BROWSERS)}; on Debian: apt install chromium")
    return found


@pytest.fixture
def browse(chromium: str, tmp_path: Path) -> Browse:
    """What opens a page in a real browser and returns the document it came to."""

    def run(url: str, *flags: str) -> str:
        profile = f"--user-data-dir={tmp_path / 'profile'}"
        command = [chromium, *FLAGS, profile, "--virtual-time-budget=8000", *flags, "--dump-dom", url]
        return subprocess.run(command, capture_output=True, text=True, timeout=120, check=True).stdout

    return run
