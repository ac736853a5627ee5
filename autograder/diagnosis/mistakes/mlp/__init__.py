"""Mistakes people make in the two passes of a network, and in its cost: labs 3 and 4."""

from collections.abc import Sequence

from autograder.diagnosis.mistakes.entry import Mistake
from autograder.diagnosis.mistakes.mlp import backward, forward, outputs

TABLE: Sequence[Mistake] = (*forward.TABLE, *outputs.TABLE, *backward.TABLE)

__all__ = ["TABLE"]
