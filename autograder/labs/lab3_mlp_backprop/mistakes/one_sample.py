"""Known mistakes in ReLU and its derivative, and in a cost of one sample and its derivative: lab 3."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from autograder.diagnosis.formulas import only_where
from autograder.diagnosis.mistake import Mistake


def _is_one(I: int) -> bool:
    return I == 1


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
            only_where(_is_one, {"cost": lambda net_output, y: (net_output - y) ** 2})),
    Mistake("axis-lost", "The numbers are right, but an axis got lost: the sample is no column any more.",
            "Which shape does the docstring ask for?",
            only_where(_is_one, {"dl_df": lambda expected: np.ravel(expected)})),
    Mistake("summed-over-units", "The outputs are added up: one slope for all of them.",
            "If one output moves and the others don't, how many slopes are there to know?",
            only_where(_is_one, {"dl_df": [lambda expected: np.sum(expected), lambda expected: np.mean(expected),
                                           lambda expected: expected.sum(0)]})),
)  # fmt: skip
