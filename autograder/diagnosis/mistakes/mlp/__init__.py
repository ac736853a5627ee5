"""Mistakes people make in the two passes of a network, and in its cost: labs 3 and 4.

A hidden test tells their formulas which way round the lab is, `beside={"samples": "columns"}`, and those of the
backward pass what the derivative of the cost is: `d_cost_d_output`, in `builds_on` or beside.
"""

from collections.abc import Sequence

from autograder.diagnosis.mistakes.entry import Mistake
from autograder.diagnosis.mistakes.mlp import backward, forward, outputs

TABLE: Sequence[Mistake] = (*forward.TABLE, *outputs.TABLE, *backward.TABLE)

__all__ = ["TABLE"]
