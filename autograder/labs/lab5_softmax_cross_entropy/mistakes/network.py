"""Known mistakes in softmax and cross-entropy behind a network, lab 5.

`d_cost_d_output` computes the derivative of the cost in the logits: the reference's, or the student's own.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from autograder.diagnosis.formulas import Formulas, Step, only_where
from autograder.diagnosis.mistake import Mistake
from autograder.labs.lab3_mlp_backprop.mistakes.backward import BACKWARD_PASS
from autograder.labs.lab3_mlp_backprop.mistakes.sample_axis import turned
from autograder.reference import costs
from autograder.reference.arrays import unchecked

_softmax = unchecked(costs.softmax)


def _jacobian_times(p: Any, slope: Any) -> Any:
    """Return the derivative in the logits from that in the probabilities p (D_o, I)."""
    return p * (slope - (p * slope).sum(0))


def _forward(net_output: Any, samples: str) -> Any:
    """Return the probabilities of logits in the lab's layout."""
    return turned(_softmax(turned(net_output, samples)), samples)


def _for_classes(*last: Step) -> Formulas:
    """Return formulas of a backward pass with another ∂L/∂f_K, where targets are classes.

    In another lab's network the same values are another mistake.
    """
    return only_where(lambda y: bool(np.isin(y, (0, 1)).all()), BACKWARD_PASS.formulas({"last": last}))


NETWORK: Sequence[Mistake] = (
    Mistake("softmax-twice", "The output went through softmax, and should be logits: the cost applies softmax itself.",
            "What do `compute_cost` and `d_cost_d_output` make of the output first of all?",
            {"net_output": lambda expected, samples: _forward(expected, samples),
            "all_f": lambda expected, samples: [*expected[:-1], _forward(expected[-1], samples)]}),
    Mistake("softmax-twice", "Softmax is applied before `d_cost_d_output`, which wants logits and applies it itself.",
            "What does `d_cost_d_output` make of its first argument?",
            _for_classes(lambda slope_at, f: slope_at(output=_softmax(f[-1])))),
    Mistake("softmax-derivative-again",
            "Softmax is differentiated once more: `d_cost_d_output` gives the slope in the logits already.",
            "In which variable is the slope that `d_cost_d_output` gives: in the probabilities, or in the logits?",
            _for_classes(lambda last, f: last * _softmax(f[-1]) * (1 - _softmax(f[-1])),
                         lambda last, f: _jacobian_times(_softmax(f[-1]), last))),
    Mistake("loss-and-derivative-apart",
            "The slope that it starts from is that of the squared error, and the cost is a cross-entropy.",
            "Which function knows the slope of the cost, and does the first line ask it?",
            _for_classes(lambda f, y, n: 2 * (f[-1] - y) / n, lambda f, y: 2 * (f[-1] - y))),
)  # fmt: skip
