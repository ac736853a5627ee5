"""Known mistakes in the forward pass of a network; its values are net_output, all_f and all_h."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import product
from typing import Any

import numpy as np

from autograder.diagnosis.mistake import Formula, Mistake, formula_of
from autograder.labs.lab3_mlp_backprop.mistakes.sample_axis import turned

Parts = tuple[Any, ...]
"""The values that the function returns."""
Affine = Callable[[Any, Any, int, Any], Any]
"""Pre-activations of layer k: of all weights, all biases, k, and what enters."""
Run = Callable[[Any, Any, Any], Parts]


def _relu(f: Any) -> Any:
    return np.maximum(f, 0)


def _affine(W: Any, b: Any, k: int, h: Any) -> Any:
    return W[k] @ h + b[k]


def _run(
    affine: Affine = _affine,
    activation: Callable[[Any], Any] = _relu,
    then: Callable[[Any, Any, Any], Parts] = lambda net_output, f, h: (net_output, f, h),
) -> Run:
    """Return a forward pass with this step. then: changes its net_output, all_f and all_h."""

    def run(net_input: Any, W: Any, b: Any) -> Parts:
        f: list[Any] = []
        h = [net_input]
        for k in range(len(W)):
            f.append(affine(W, b, k, h[-1]))
            if k < len(W) - 1:
                h.append(activation(f[-1]))
        return then(f[-1], f, h)

    return run


def _hidden(affine: Affine) -> Run:
    """Return a mistake in the hidden layers alone: many write a line of its own for the output."""
    return _run(lambda W, b, k, h: affine(W, b, k, h) if k < len(W) - 1 else _affine(W, b, k, h))


def _shifted(weights: int, biases: int) -> tuple[Run, ...]:
    """Weights and biases so many layers on; what lies past the last layer is an error, not a mistake of this kind."""

    def affine(W: Any, b: Any, k: int, h: Any) -> Any:
        return W[k + weights] @ h + b[k + biases]

    return (_hidden(affine),) if 1 in (weights, biases) else (_hidden(affine), _run(affine))


def _forward(name: str, explanation: str, hint: str, *runs: Run) -> Mistake:
    def part(run: Run, index: int) -> Formula:
        def formula(net_input: Any, W: Any, b: Any, samples: str) -> Any:
            return turned(run(*(turned(value, samples) for value in (net_input, W, b)))[index], samples)

        return formula_of("net_input all_weights all_biases samples", formula)

    values = "net_output", "all_f", "all_h"
    return Mistake(name, explanation, hint, {value: [part(run, k) for run in runs] for k, value in enumerate(values)})


FORWARD: Sequence[Mistake] = (
    _forward("bias-forgotten", "The bias is not added.", "What should come out where all weights are zero?",
             _run(lambda W, b, k, h: W[k] @ h), _hidden(lambda W, b, k, h: W[k] @ h),
             _run(lambda W, b, k, h: W[k] @ h + (b[k] if k < len(W) - 1 else 0)),
             _run(lambda W, b, k, h: W[k] @ h + (b[k] if k else 0))),
    _forward("sign-of-the-bias", "The bias is taken away in place of added.",
             "Which way should a pre-activation move when its bias grows?",
             _run(lambda W, b, k, h: W[k] @ h - b[k])),
    _forward("activation-missing", "Pre-activations are handed on as they are: the activation is missing.",
             "What would a hundred layers without ReLU be able to do that one layer can't?",
             _run(activation=lambda f: f),
             _run(activation=lambda f: f, then=lambda out, f, h: (out, f, [h[0], *map(_relu, f[:-1])]))),
    _forward("indicator-in-place-of-relu", "ReLU's slope, 0 or 1, stands in the place of ReLU.",
             "What does ReLU make of 3, and what does yours?", _run(activation=lambda f: (f > 0) * 1.0)),
    _forward("output-among-the-activations",
             "The output stands at the end of all_h, which holds what *enters* each layer.",
             "How many layers are there, and how many entries has your list?",
             _run(then=lambda out, f, h: (out, f, [*h, _relu(out)])), _run(then=lambda out, f, h: (out, f, [*h, out]))),
    _forward("activation-on-the-output", "The activation is applied to the output too.",
             "Can a model whose last step is ReLU ever say −1?",
             _run(then=lambda out, f, h: (_relu(out), [*f[:-1], _relu(out)], [*h, _relu(out)]))),
    _forward("elementwise-product",
             "`*` multiplies entry by entry; the sum over what enters the layer is missing.",
             "Which operator multiplies a matrix by a column, and adds up?",
             *(run(affine) for run in (_run, _hidden) for affine in (
                 lambda W, b, k, h: W[k] * h + b[k], lambda W, b, k, h: W[k] * h.T + b[k]))),
    _forward("index-shifted", "Something of another layer is used.",
             "Which index have the weights, the biases and what enters in the equation of f_k?",
             *(run for shift in product((0, -1, 1), repeat=2) if any(shift) for run in _shifted(*shift)),
             _run(then=lambda out, f, h: (out, f, [*h[1:], out])),
             _run(then=lambda out, f, h: (out, f, [*h[1:], _relu(out)]))),
)  # fmt: skip
