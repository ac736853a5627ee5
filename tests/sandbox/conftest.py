"""Sandboxes of each tier for the tests of this folder."""

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
    """Each tier in turn; it is a failure where one is not there."""
    name: str = request.param
    return name


@pytest.fixture(params=[TIERS[0], *(pytest.param(name, marks=pytest.mark.slow) for name in TIERS[1:])])
def often(request: pytest.FixtureRequest) -> str:
    """The strongest tier at every change, the others where there is time."""
    name: str = request.param
    return name


@pytest.fixture(scope="session")
def zygotes() -> Iterator[dict[str, Zygote]]:
    """The warm processes of this run, by tier."""
    started: dict[str, Zygote] = {}
    yield started
    for zygote in started.values():
        zygote.close()


@pytest.fixture
def box_of(zygotes: dict[str, Zygote]) -> Iterator[Callable[..., SandboxClient]]:
    """A function of a tier and limits that makes a new sandbox, settled with the files given."""
    boxes = []

    def box_of(tier: str = "namespaces", files: dict[str, bytes] | None = None, **limits: int) -> SandboxClient:
        if tier not in zygotes or not zygotes[tier].alive:
            zygotes[tier] = start_tried(tier, [ROOT])
        box = zygotes[tier].fork(**limits)
        boxes.append(box)
        box.settle(7, files or {}, {})
        return box

    yield box_of
    for box in boxes:
        box.close()


def text_of(ran: CellResult) -> str:
    """What a cell printed."""
    return "".join(output["text"] for output in ran.outputs if output["output_type"] == "stream")


def shown(ran: CellResult) -> list[dict[str, Any]]:
    """What a cell displayed, by MIME type."""
    return [output["data"] for output in ran.outputs if "data" in output]


def raised(ran: CellResult) -> str:
    """The exception that a cell shows."""
    errors = [output for output in ran.outputs if output["output_type"] == "error"]
    return f"{errors[-1]['ename']}: {errors[-1]['evalue']}" if errors else ""
