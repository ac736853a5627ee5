"""Known mistakes in the forward pass of a network, whose values are net_output, all_f and all_h."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import product
from typing import Any

import numpy as np

from autograder.diagnosis.formulas import Formula, formula_of
from autograder.diagnosis.mistake import Mistake
from autograder.labs.lab3_mlp_backprop.mistakes.sample_axis import turned

Parts = tuple[Any, ...]
"""The values of a forward pass: net_output, all_f and all_h."""
Affine = Callable[[Any, Any, int, Any], Any]
"""Computes the pre-activations of layer k from all weights, all biases, k and the layer's inputs."""
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
    """Return a forward pass with other steps.

    affine, activation: replace the steps of a layer. then: takes the net_output, all_f and all_h of the pass, and
    returns those of the mistake.
    """

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
    """Return a forward pass with another affine step in the hidden layers only.

    Many submissions write a separate line for the output layer.
    """
    return _run(lambda W, b, k, h: affine(W, b, k, h) if k < len(W) - 1 else _affine(W, b, k, h))


def _shifted(weights: int, biases: int) -> tuple[Run, ...]:
    """Return forward passes that take the weights and the biases of a layer this many places further on.

    A shift of 1 leaves the output layer correct: past the last layer there are no parameters, and the IndexError would
    be another mistake.
    """

    def affine(W: Any, b: Any, k: int, h: Any) -> Any:
        return W[k + weights] @ h + b[k + biases]

    return (_hidden(affine),) if 1 in (weights, biases) else (_hidden(affine), _run(affine))


def _forward(name: str, explanation: str, hint: str, *runs: Run) -> Mistake:
    """Return a mistake in a forward pass; runs: passes with this mistake, with samples as columns."""

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
