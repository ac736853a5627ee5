"""One simulated class, graded once by `lab demo`, that the tests of this folder look at."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest

from autograder.course import Course

BIN = Path(sys.executable).parent


@dataclass(frozen=True)
class Demo:
    """What `lab demo` did."""

    course: Course
    labs: list[str]
    """Those that the class went through."""
    output: str
    seconds: float


def run_in(folder: Path, *command: str, **environment: str) -> subprocess.CompletedProcess[str]:
    """Run a command of this environment in a folder."""
    path = f"{BIN}{os.pathsep}{os.environ['PATH']}"
    env = {**os.environ, "PATH": path, "COLUMNS": "200", **environment}
    return subprocess.run([str(BIN / command[0]), *command[1:]], cwd=folder, env=env, capture_output=True, text=True)


@pytest.fixture(scope="session")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Demo:
    """A class of twelve that went through release, submission, grading and feedback."""
    folder = tmp_path_factory.mktemp("demo")
    start = time.monotonic()
    result = run_in(folder, "lab", "demo", TMPDIR=str(folder))
    seconds = time.monotonic() - start
    assert result.returncode == 0, result.stdout + result.stderr
    (course,) = folder.glob("lab-demo-*/course")
    return Demo(Course(course), Course(course).labs()[:2], result.stdout, seconds)


@pytest.fixture
def graded(demo: Demo, tmp_path: Path) -> Course:
    """A copy of the graded course, free to be changed."""
    shutil.copytree(demo.course.root, tmp_path / "course")
    return Course(tmp_path / "course")


@pytest.fixture
def run() -> Callable[..., subprocess.CompletedProcess[str]]:
    """What runs a command of this environment in a folder: folder first, then the words of the command."""
    return run_in
