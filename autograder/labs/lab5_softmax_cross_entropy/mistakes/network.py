"""Known mistakes in softmax and cross-entropy behind a network, lab 5.

`d_cost_d_output` computes the derivative of the cost in the logits: the reference's, or the student's own.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from autograder.diagnosis.mistake import Mistake
from autograder.labs.lab3_mlp_backprop.mistakes.backward import Net, backwards, steps
from autograder.labs.lab3_mlp_backprop.mistakes.sample_axis import turned
from autograder.reference import costs
from autograder.reference.arrays import unchecked

Slope = Callable[[Net], Any]
"""Computes a wrong ∂L/∂f_K."""


_softmax = unchecked(costs.softmax)


def _jacobian_times(p: Any, slope: Any) -> Any:
    """Return the derivative in the logits from that in the probabilities p (D_o, I)."""
    return p * (slope - (p * slope).sum(0))


def _forward(net_output: Any, samples: str) -> Any:
    """Return the probabilities of logits in the lab's layout."""
    return turned(_softmax(turned(net_output, samples)), samples)


def _network(name: str, explanation: str, hint: str, *slopes: Slope) -> Mistake:
    """Return a mistake in ∂L/∂f_K alone; slopes: compute it, one for each way to make the mistake."""
    return backwards(name, explanation, hint, *(steps(last=_for_classes(slope)) for slope in slopes))


def _for_classes(slope: Slope) -> Slope:
    """Return the same function for targets that are classes.

    It raises TypeError for other targets: in another lab's network the same values are another mistake.
    """

    def last(net: Net) -> Any:
        if not np.isin(net.y, (0, 1)).all():
            raise TypeError("these targets are no classes")
        return slope(net)

    return last


NETWORK: Sequence[Mistake] = (
    Mistake("softmax-twice", "The output went through softmax, and should be logits: the cost applies softmax itself.",
            "What do `compute_cost` and `d_cost_d_output` make of the output first of all?",
            {"net_output": lambda expected, samples: _forward(expected, samples),
             "all_f": lambda expected, samples: [*expected[:-1], _forward(expected[-1], samples)]}),
    _network("softmax-twice", "Softmax is applied before `d_cost_d_output`, which wants logits and applies it itself.",
             "What does `d_cost_d_output` make of its first argument?",
             lambda net: net.slope(_softmax(net.f[-1]))),
    _network("softmax-derivative-again",
             "Softmax is differentiated once more: `d_cost_d_output` gives the slope in the logits already.",
             "In which variable is the slope that `d_cost_d_output` gives: in the probabilities, or in the logits?",
             lambda net: net.last * _softmax(net.f[-1]) * (1 - _softmax(net.f[-1])),
             lambda net: _jacobian_times(_softmax(net.f[-1]), net.last)),
    _network("loss-and-derivative-apart",
             "The slope that it starts from is that of the squared error, and the cost is a cross-entropy.",
             "Which function knows the slope of the cost, and does the first line ask it?",
             lambda net: 2 * (net.f[-1] - net.y) / net.n, lambda net: 2 * (net.f[-1] - net.y)),
)  # fmt: skip
