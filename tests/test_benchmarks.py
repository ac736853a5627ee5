"""The benchmarks run from start to end; what they measure is nobody's to assert."""

import subprocess
import sys
from pathlib import Path

import pytest

BENCHMARKS = Path(__file__).parent.parent / "benchmarks"


@pytest.mark.slow
def test_the_reference_is_compared() -> None:
    """One round of each contest, with every contestant first checked against the others."""
    run = subprocess.run(
        [sys.executable, BENCHMARKS / "reference.py", "--rounds", "1"], capture_output=True, text=True, check=False
    )
    assert run.returncode == 0, run.stderr
    for words in ("784–128–10, batch 64", "50 layers of 10", "reference", "autograd", "one thread"):
        assert words in run.stdout
