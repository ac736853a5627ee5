"""Known mistakes in the forward pass of a network, whose values are net_output, all_f and all_h."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import product
from typing import Any

import numpy as np

from autograder.diagnosis.formulas import Computation, Step, formula_of, pass_forward
from autograder.diagnosis.mistake import Mistake
from autograder.labs.lab3_mlp_backprop.mistakes.sample_axis import in_columns, turned


def _relu(f: Any) -> Any:
    return np.maximum(f, 0)


FORWARD_PASS = Computation(
    "net_input all_weights all_biases samples",
    "net_output all_f all_h",
    {
        **in_columns(x="net_input", W="all_weights", b="all_biases"),
        "K": lambda W: len(W) - 1,
        "affine": lambda W, b, k, h: W[k] @ h + b[k],
        "activation": _relu,
        "passed": pass_forward,
        "all_f": lambda passed, samples: turned(passed[0], samples),
        "all_h": lambda passed, samples: turned(passed[1], samples),
        "net_output": lambda all_f: all_f[-1],
    },
    keywords="k h f",
)


def _hidden(affine: Callable[[Any, Any, int, Any], Any]) -> Step:
    """Return an affine step that is another one in the hidden layers only, as many write a line for the output layer.

    affine: takes all weights, all biases, the layer's index and its input.
    """

    def in_hidden_layers(affine_right: Step, W: Any, b: Any, K: int, k: int, h: Any) -> Any:
        return affine(W, b, k, h) if k < K else affine_right(k=k, h=h)

    return formula_of("affine W b K k h", in_hidden_layers)


def _shifted(weights: int, biases: int) -> list[Step]:
    """Return affine steps that take the weights and the biases of a layer this many places further on.

    A shift of 1 leaves the output layer correct: past the last layer there are no parameters, and the IndexError would
    be another mistake.
    """

    def affine(W: Any, b: Any, k: int, h: Any) -> Any:
        return W[k + weights] @ h + b[k + biases]

    return [_hidden(affine)] if 1 in (weights, biases) else [_hidden(affine), affine]


_TRANSPOSED = (lambda W, b, k, h: W[k].T @ h + b[k], _hidden(lambda W, b, k, h: W[k].T @ h + b[k]))
_ENTRYWISE = (lambda W, b, k, h: W[k] * h + b[k], lambda W, b, k, h: W[k] * h.T + b[k])

FORWARD: Sequence[Mistake] = (
    Mistake("bias-forgotten", "The bias is not added.", "What should come out where all weights are zero?",
            FORWARD_PASS.formulas({"affine": [lambda W, k, h: W[k] @ h, _hidden(lambda W, b, k, h: W[k] @ h),
                                              lambda W, b, K, k, h: W[k] @ h + (b[k] if k < K else 0),
                                              lambda W, b, k, h: W[k] @ h + (b[k] if k else 0)]})),
    Mistake("sign-of-the-bias", "The bias is taken away in place of added.",
            "Which way should a pre-activation move when its bias grows?",
            FORWARD_PASS.formulas({"affine": lambda W, b, k, h: W[k] @ h - b[k]})),
    Mistake("activation-missing", "Pre-activations are handed on as they are: the activation is missing.",
            "What would a hundred layers without ReLU be able to do that one layer can't?",
            FORWARD_PASS.formulas(
                {"activation": lambda f: f},
                {"activation": lambda f: f, "all_h": lambda net_input, all_f: [net_input, *map(_relu, all_f[:-1])]})),
    Mistake("indicator-in-place-of-relu", "ReLU's slope, 0 or 1, stands in the place of ReLU.",
            "What does ReLU make of 3, and what does yours?",
            FORWARD_PASS.formulas({"activation": lambda f: (f > 0) * 1.0})),
    Mistake("output-among-the-activations",
            "The output stands at the end of all_h, which holds what *enters* each layer.",
            "How many layers are there, and how many entries has your list?",
            FORWARD_PASS.formulas({"all_h": [lambda all_h, net_output: [*all_h, _relu(net_output)],
                                             lambda all_h, net_output: [*all_h, net_output]]})),
    Mistake("activation-on-the-output", "The activation is applied to the output too.",
            "Can a model whose last step is ReLU ever say −1?",
            FORWARD_PASS.formulas({"all_f": lambda all_f: [*all_f[:-1], _relu(all_f[-1])],
                                   "all_h": lambda all_h, net_output: [*all_h, net_output]})),
    Mistake("elementwise-product",
            "`*` multiplies entry by entry; the sum over what enters the layer is missing.",
            "Which operator multiplies a matrix by a column, and adds up?",
            FORWARD_PASS.formulas({"affine": [*_ENTRYWISE, *map(_hidden, _ENTRYWISE)]})),
    Mistake("weights-transposed",
            "Your weights lie the other way: in this notebook they stand as they are, without a transpose.",
            "Which axis of `all_weights[k]` belongs to what enters the layer, and which to what leaves it?",
            FORWARD_PASS.formulas({"affine": _TRANSPOSED})),
    Mistake("index-shifted", "Something of another layer is used.",
            "Which index have the weights, the biases and what enters in the equation of f_k?",
            FORWARD_PASS.formulas(
                {"affine": [affine for shift in product((0, -1, 1), repeat=2) if any(shift)
                            for affine in _shifted(*shift)]},
                {"all_h": [lambda all_h, net_output: [*all_h[1:], net_output],
                           lambda all_h, net_output: [*all_h[1:], _relu(net_output)]]})),
)  # fmt: skip
