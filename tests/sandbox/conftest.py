"""Fixtures and helpers for tests of sandboxes on each isolation tier."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from autograder.sandbox.guest.isolation import TIERS
from autograder.sandbox.host.client import CellResult, SandboxClient
from autograder.sandbox.host.launcher import Zygote
from autograder.sandbox.host.tiers import start_tried

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="session", params=TIERS)
def tier(request: pytest.FixtureRequest) -> str:
    """Return each isolation tier in turn; a tier that this machine lacks fails its test."""
    name: str = request.param
    return name


@pytest.fixture(params=[TIERS[0], *(pytest.param(name, marks=pytest.mark.slow) for name in TIERS[1:])])
def tier_mostly_slow(request: pytest.FixtureRequest) -> str:
    """Return each isolation tier in turn; all but the strongest are marked slow."""
    name: str = request.param
    return name


@pytest.fixture(scope="session")
def zygotes() -> Iterator[dict[str, Zygote]]:
    """Yield the zygotes of this run by tier, and close them at the end."""
    started: dict[str, Zygote] = {}
    yield started
    for zygote in started.values():
        zygote.close()


@pytest.fixture
def client_of(zygotes: dict[str, Zygote]) -> Iterator[Callable[..., SandboxClient]]:
    """Yield a function that forks a sandbox of a tier with these limits, sends it the files and returns its client."""
    clients = []

    def client_of(tier: str = "namespaces", files: dict[str, bytes] | None = None, **limits: int) -> SandboxClient:
        if tier not in zygotes or not zygotes[tier].alive:
            zygotes[tier] = start_tried(tier, [ROOT])
        client = zygotes[tier].fork(**limits)
        clients.append(client)
        client.settle(7, files or {})
        return client

    yield client_of
    for client in clients:
        client.close()


def text_of(result: CellResult) -> str:
    """Return the text that a cell printed."""
    return "".join(output["text"] for output in result.outputs if output["output_type"] == "stream")


def shown_data(result: CellResult) -> list[dict[str, Any]]:
    """Return the MIME bundles that a cell displayed."""
    return [output["data"] for output in result.outputs if "data" in output]


def raised_error(result: CellResult) -> str:
    """Return the name and message of the exception that ended a cell, or an empty string."""
    errors = [output for output in result.outputs if output["output_type"] == "error"]
    return f"{errors[-1]['ename']}: {errors[-1]['evalue']}" if errors else ""
