"""Mistakes people make when they put softmax and cross-entropy behind a network, lab 5.

`d_cost_d_output` is the derivative of the cost in the logits: the true one, or the student's own.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from autograder.diagnosis.mistakes.entry import Formula, Mistake, of
from autograder.diagnosis.mistakes.mlp.turned import turned

Slope = Callable[[Any, Any, Callable[[Any, Any], Any]], Any]
"""What somebody takes for ∂L/∂f_K: of f_K, of the targets, and of the derivative of the cost. Samples are columns."""


def _softmax(f: Any) -> Any:
    powers = np.exp(f - f.max(0))
    return powers / powers.sum(0)


def _jacobian_times(p: Any, slope: Any) -> Any:
    """What comes back through a softmax that gave p."""
    return p * (slope - (p * slope).sum(0))


def _forward(net_output: Any, samples: str) -> Any:
    return turned(_softmax(turned(net_output, samples)), samples)


def _network(name: str, says: str, asks: str, *slopes: Slope) -> Mistake:
    """A backward pass that is right from ∂L/∂f_K on."""

    def part(slope: Slope, index: int) -> Formula:
        def formula(W: Any, f: Any, h: Any, y: Any, d_cost: Callable[[Any, Any], Any], samples: str) -> Any:
            W, f, h, y = (turned(value, samples) for value in (W, f, h, y))
            if not np.isin(y, (0, 1)).all():
                raise TypeError("these targets are no classes: another lab's network")
            d = slope(f[-1], y, lambda f, y: turned(d_cost(turned(f, samples), turned(y, samples)), samples))
            gradients: tuple[list[Any], list[Any]] = [], []
            for k in reversed(range(len(W))):
                gradients[0].insert(0, d @ h[k].T)
                gradients[1].insert(0, d.sum(1, keepdims=True))
                d = (f[k - 1] > 0) * (W[k].T @ d) if k else d
            return turned(gradients[index], samples)

        return of("all_weights all_f all_h y d_cost_d_output samples", formula)

    values = "all_dl_dweights", "all_dl_dbiases"
    return Mistake(name, says, asks, {value: [part(slope, k) for slope in slopes] for k, value in enumerate(values)})


TABLE: Sequence[Mistake] = (
    Mistake("softmax-twice", "The output went through softmax, and should be logits: the cost applies softmax itself.",
            "What do `compute_cost` and `d_cost_d_output` make of the output first of all?",
            {"net_output": lambda right, samples: _forward(right, samples),
             "all_f": lambda right, samples: [*right[:-1], _forward(right[-1], samples)]}),
    _network("softmax-twice", "Softmax is applied before `d_cost_d_output`, which wants logits and applies it itself.",
             "What does `d_cost_d_output` make of its first argument?",
             lambda f, y, d_cost: d_cost(_softmax(f), y)),
    _network("softmax-derivative-again",
             "Softmax is differentiated once more: `d_cost_d_output` gives the slope in the logits already.",
             "In which variable is the slope that `d_cost_d_output` gives: in the probabilities, or in the logits?",
             lambda f, y, d_cost: d_cost(f, y) * _softmax(f) * (1 - _softmax(f)),
             lambda f, y, d_cost: _jacobian_times(_softmax(f), d_cost(f, y))),
    _network("loss-and-derivative-apart",
             "The slope that it starts from is that of the squared error, and the cost is a cross-entropy.",
             "Which function knows the slope of the cost, and does the first line ask it?",
             lambda f, y, d_cost: 2 * (f - y) / y.shape[1], lambda f, y, d_cost: 2 * (f - y)),
)  # fmt: skip
