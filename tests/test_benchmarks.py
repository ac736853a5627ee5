"""The benchmarks run from start to end; what they measure is nobody's to assert."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

BENCHMARKS = Path(__file__).parent.parent / "benchmarks"


@pytest.mark.slow
def test_grading_is_compared() -> None:
    """A class of two through both, with the same scores."""
    command = [sys.executable, BENCHMARKS / "grading.py", "--students", "2", "--rounds", "1"]
    run = subprocess.run(command, capture_output=True, text=True, check=False, env=os.environ | {"COLUMNS": "150"})
    assert run.returncode == 0, run.stderr + run.stdout
    for words in ("2 submissions", "lab grade, sandboxed", "of stock nbgrader's time", "every score is the same"):
        assert words in run.stdout


@pytest.mark.slow
@pytest.mark.kernels
def test_the_reference_is_compared() -> None:
    """One round of each contest, with every contestant first checked against the others."""
    command = [sys.executable, BENCHMARKS / "reference.py", "--rounds", "1"]
    wide = os.environ | {"COLUMNS": "150"}  # on a narrow screen the table breaks its lines
    run = subprocess.run(command, capture_output=True, text=True, check=False, env=wide)
    assert run.returncode == 0, run.stderr
    for words in ("784–128–10, 64, float32", "50 layers of 10, 1000, float64", "reference", "autograd", "one thread"):
        assert words in run.stdout
