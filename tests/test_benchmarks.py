"""Tests that the benchmarks run from start to end; no test asserts their measurements."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

BENCHMARKS = Path(__file__).parent.parent / "benchmarks"


@pytest.mark.slow
def test_benchmark_of_grading() -> None:
    """The benchmark grades two submissions with both graders, and both give the same scores."""
    command = [sys.executable, BENCHMARKS / "grading.py", "--students", "2", "--rounds", "1"]
    run = subprocess.run(command, capture_output=True, text=True, check=False, env=os.environ | {"COLUMNS": "150"})
    assert run.returncode == 0, run.stderr + run.stdout
    for words in ("2 submissions", "lab grade, sandboxed", "of stock nbgrader's time", "every score is the same"):
        assert words in run.stdout


@pytest.mark.slow
@pytest.mark.kernels
def test_benchmark_of_the_reference() -> None:
    """The benchmark runs one round of each comparison and prints its tables."""
    command = [sys.executable, BENCHMARKS / "reference.py", "--rounds", "1"]
    environment = os.environ | {"COLUMNS": "150"}  # on a narrow screen the table breaks its lines
    run = subprocess.run(command, capture_output=True, text=True, check=False, env=environment)
    assert run.returncode == 0, run.stderr
    for words in ("784–128–10, 64, float32", "50 layers of 10, 1000, float64", "reference", "autograd", "one thread"):
        assert words in run.stdout
