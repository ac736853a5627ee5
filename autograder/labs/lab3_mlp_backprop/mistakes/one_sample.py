"""Known mistakes in ReLU and its derivative, and in a cost of one sample and its derivative: lab 3."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from autograder.diagnosis.formulas import Formula, formula_of
from autograder.diagnosis.mistake import Mistake


def _of_one(change: Callable[[Any], Any]) -> Formula:
    """Return a formula for cases of one sample; change: takes the expected value.

    The formula raises LookupError for several samples: there the same value is another mistake.
    """

    def formula(expected: Any, I: int) -> Any:
        if I != 1:
            raise LookupError("another mistake, where there are several samples")
        return change(expected)

    return formula


ONE_SAMPLE: Sequence[Mistake] = (
    Mistake("relu-in-place-of-its-indicator", "ReLU itself stands in the place of its slope.",
            "How steep is ReLU at 3, and how high?",
            {"indicator_function": lambda preactivation: np.maximum(preactivation, 0)}),
    Mistake("indicator-in-place-of-relu", "ReLU's slope, 0 or 1, stands in the place of ReLU.",
            "What does ReLU make of 3, and what does yours?",
            {"ReLU": lambda preactivation: (preactivation > 0) * 1.0}),
    Mistake("wrong-side-of-zero", "The wrong side is kept: negative values pass, positive ones are stopped.",
            "What should 3 become, and what −3?",
            {"ReLU": lambda preactivation: np.minimum(preactivation, 0),
             "indicator_function": lambda preactivation: (preactivation < 0) * 1.0}),
    Mistake("absolute-value", "Negative values come out positive: they are mirrored, and should be stopped.",
            "What should become of −3?",
            {"ReLU": lambda preactivation: np.abs(preactivation),
             "indicator_function": lambda preactivation: np.sign(preactivation)}),
    Mistake("activation-missing", "What goes in comes out: nothing is stopped.", "What should become of −3?",
            {"ReLU": lambda preactivation: preactivation,
             "indicator_function": lambda preactivation: np.ones_like(preactivation)}),
    Mistake("maximum-of-all", "`np.max` gives the largest entry of an array; it does not compare each entry with 0.",
            "Which function takes, entry by entry, the larger of an array's entry and 0?",
            {"ReLU": [lambda preactivation: np.max(preactivation, axis=0), lambda preactivation: np.max(preactivation),
                      lambda preactivation: np.max(preactivation, axis=0, keepdims=True)]}),
    Mistake("sum-not-taken", "The squares are not added up: this is one number for each output.",
            "How many numbers is a cost, however many outputs there are?",
            {"cost": formula_of("net_output y I", lambda f, y, I: (f - y) ** 2 if I == 1 else None)}),
    Mistake("axis-lost", "The numbers are right, but an axis got lost: the sample is no column any more.",
            "Which shape does the docstring ask for?", {"dl_df": _of_one(np.ravel)}),
    Mistake("summed-over-units", "The outputs are added up: one slope for all of them.",
            "If one output moves and the others don't, how many slopes are there to know?",
            {"dl_df": [_of_one(np.sum), _of_one(np.mean), _of_one(lambda expected: expected.sum(0))]}),
)  # fmt: skip
