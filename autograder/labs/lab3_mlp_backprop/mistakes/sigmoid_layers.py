"""Known mistakes in one layer of sigmoids and in two, with one sample: lab 3.

Values are plain vectors: a, z and x of a layer, dC_da, da_dz, dC_dz and so on, with the layer's number where there are
two. In a cell where a product doesn't fit and raises, all values are lost: then the formula that raises in the same
way, in the same cases, shows which product it was.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from autograder.diagnosis.formulas import Formulas, formulas_of, merged
from autograder.diagnosis.mistake import Mistake


def _sigmoid(z: Any) -> Any:
    return 1 / (1 + np.exp(-z))


# One layer forward ----------------------------------------------------------------------------------------------------

_FORWARD = (
    Mistake("bias-forgotten", "The bias is not added.", "What should come out where all weights are zero?",
            {"a": lambda W, x: _sigmoid(W @ x)}),
    Mistake("sign-of-the-bias", "The bias is taken away in place of added.",
            "Which way should a pre-activation move when its bias grows?", {"a": lambda W, b, x: _sigmoid(W @ x - b)}),
    Mistake("activation-missing", "This is the pre-activation: the activation is missing.",
            "Can a sigmoid ever say 3?", {"a": lambda W, b, x: W @ x + b}),
    Mistake("activation-before-the-bias", "The sigmoid comes before the bias.",
            "Which of the two stands inside the brackets of σ?", {"a": lambda W, b, x: _sigmoid(W @ x) + b}),
    Mistake("sign-of-the-exponent", "The exponent has the wrong sign: this is 1 / (1 + exp(z)).",
            "What should the sigmoid say of a very large z?",
            {"a": lambda W, b, x: _sigmoid(-(W @ x + b))}),
    Mistake("elementwise-product", "`*` multiplies entry by entry; the sum over the inputs is missing.",
            "Which operator multiplies a matrix by a vector, and adds up?",
            {"a": [lambda W, b, x: _sigmoid(W * x + b), lambda W, b, x: _sigmoid(W * x + b[:, None])]}),
)  # fmt: skip

# The two factors, and the gradients of one layer and of two -----------------------------------------------------------

_ENTERS = {"": "x", "1": "x", "2": "a1"}
"""The name of a layer's input, by the number of the layer; "" is that of one layer alone."""
_DZ = {f"dC_dz{k}": f"dC_da{k} da{k}_dz{k}" for k in _ENTERS}
_DW = {f"dC_dW{k}": f"dC_dz{k} {enters}" for k, enters in _ENTERS.items()}
_DB = {f"dC_db{k}": f"dC_dz{k}" for k in _ENTERS}
_DA = {"dC_da1": "W2 dC_dz2"}
"""By derivative, the names of its factors."""

_COST = (
    Mistake("square-not-differentiated", "The square is still there: its derivative has the difference itself.",
            "What is the derivative of u² in u?",
            {"dC_da": [lambda predict, target: (predict - target) ** 2 / len(target),
                       lambda predict, target: 2 * (predict - target) ** 2 / len(target)]}),
    Mistake("cost-returned", "This is the cost, not its derivative.",
            "One number for all, or one for each output: which is asked for?",
            {"dC_da": [lambda predict, target: np.mean((predict - target) ** 2),
                       lambda predict, target: np.sum((predict - target) ** 2)]}),
    Mistake("target-left-out", "The target is not in it.", "What should the slope be where every output is right?",
            {"dC_da": lambda predict: 2 * predict / len(predict)}),
    Mistake("mean-over-outputs-taken-twice", "The mean over the outputs is taken twice.",
            "The cost has one 1/D_out. How many has yours?", {"dC_da": lambda expected, D_o: expected / D_o}),
    Mistake("summed-over-units", "The outputs are added up: one slope for all of them.",
            "If one output moves and the others don't, how many slopes are there to know?",
            {"dC_da": [lambda predict, target: np.mean(2 * (predict - target)),
                       lambda predict, target: np.sum(2 * (predict - target))]}),
)  # fmt: skip


def _slope(*wrong: Callable[[Any], Any]) -> Formulas:
    """Return formulas with another derivative of the sigmoid: alone, and as a factor of dC_dz.

    wrong: functions of the pre-activations, one for each way to make the mistake.
    """
    factors = {f"dC_dz{k}": f"dC_da{k} z{k}" for k in _ENTERS}
    return merged(formulas_of({"da_dz": "z"}, *wrong),
                  *(formulas_of(factors, lambda up, z, slope=slope: up * slope(z)) for slope in wrong))  # fmt: skip


_SLOPES = (
    Mistake("slope-is-the-function-itself", "The function itself stands in the place of its slope.",
            "How steep is a sigmoid where it is nearly 1?", _slope(_sigmoid)),
    Mistake("pre-activation-for-activation", "`z(1 − z)`: the short form of the slope is a(1 − a).",
            "Which of z and a = σ(z) lies between 0 and 1, as this product needs it?", _slope(lambda z: z * (1 - z))),
    Mistake("slope-at-the-activation", "The slope is taken at the activation, not at the pre-activation.",
            "What goes *into* the sigmoid?", _slope(lambda z: _sigmoid(_sigmoid(z)) * (1 - _sigmoid(_sigmoid(z))))),
    Mistake("inner-derivative-left-out", "The derivative of what stands inside is missing.",
            "What is the derivative of the exponential inside, and where does it go?",
            _slope(lambda z: _sigmoid(z) ** 2, lambda z: -(_sigmoid(z) ** 2))),
    Mistake("one-minus-a-wrong", "Of the two factors a and 1 − a one is not there, or not as it should be.",
            "What should the slope be where the sigmoid is nearly 1, and what where it is nearly 0?",
            _slope(lambda z: 1 - _sigmoid(z), lambda z: _sigmoid(z) * (1 + _sigmoid(z)))),
)  # fmt: skip


_GRADIENT = (
    Mistake("slope-dropped", "The slope of the sigmoid is missing: what came back is handed on as it is.",
            "How much of it does a flat sigmoid let through?", formulas_of(_DZ, lambda up, slope: up)),
    Mistake("upstream-dropped", "What came back is not multiplied in.", "What is the second factor of the chain rule?",
            {**formulas_of(_DZ, lambda up, slope: slope),
             **formulas_of(_DW, lambda up, h: np.outer(np.ones_like(up), h)),
             **formulas_of(_DB, np.ones_like), "dC_da1": lambda W2: W2.sum(0)}),
    Mistake("upstream-twice", "What came back is multiplied in twice.", "How many factors has the equation?",
            {**formulas_of(_DZ, lambda up, slope: up * up * slope),
             **formulas_of(_DW, lambda up, h: np.outer(up * up, h)),
             **formulas_of(_DB, lambda up: up * up), **formulas_of(_DA, lambda W, up: W.T @ up**2)}),
    Mistake("added-instead-of-multiplied", "The factors of the chain rule are added.",
            "A push that is doubled here and tripled there: how large does it arrive?",
            formulas_of(_DZ, lambda up, slope: up + slope)),
    Mistake("gradient-of-the-activation",
            "The slope at the activation is used, and should be that at the pre-activation.",
            "On which side of the sigmoid do the weights and the bias sit?",
            {**formulas_of({f"dC_dW{k}": f"dC_da{k} {enters}" for k, enters in _ENTERS.items()}, np.outer),
             **formulas_of({f"dC_db{k}": f"dC_da{k}" for k in _ENTERS}, lambda up: up),
             "dC_da1": lambda W2, dC_da2: W2.T @ dC_da2}),
    Mistake("transposed", "The table lies on its side: a row for each input, a column for each neuron.",
            "Which shape has W, and which of the two factors is the column?",
            formulas_of(_DW, lambda up, h: np.outer(h, up))),
    Mistake("input-left-out", "What comes in is not in the gradient of the weights.",
            "z = Wx + b: what is the derivative in W?",
            formulas_of(_DW, lambda up, h: up, lambda up, h: up[:, None], lambda up, h: np.outer(up, np.ones_like(h)))),
    Mistake("summed-over-units", "The slopes of different neurons are added up: each has a bias of its own.",
            "How many biases has the layer, and how many slopes has yours?",
            formulas_of(_DB, np.sum, np.mean)),
    Mistake("bias-times-input", "The bias's slope has an input in it, as if it were a weight.",
            "How far does a pre-activation move when its bias moves by 1?",
            merged(formulas_of({f"dC_db{k}": f"dC_dz{k} b{k}" for k in _ENTERS}, lambda up, b: up * b),
                   formulas_of({f"dC_db{k}": f"dC_dz{k} {enters}" for k, enters in _ENTERS.items()},
                               lambda up, h: up * h.sum()))),
)  # fmt: skip

# Products that don't fit ----------------------------------------------------------------------------------------------

SIGMOID_PRODUCTS = (
    Mistake("elementwise-product",
            "`*` multiplies entry by entry, where every number should meet every other, or add up.",
            "Which shape should come out: that of one factor, or a table of all products?",
            {**formulas_of(_DW, lambda up, h: up * h),
             **formulas_of(_DA, lambda W, up: W.T * up, lambda W, up: W * up)}),
    Mistake("inner-product", "This product adds up: one number, where a table of all products is asked for.",
            "A column times a row is a table. What is a row times a column?",
            formulas_of(_DW, lambda up, h: up @ h, np.dot)),
    Mistake("weights-not-transposed", "The weights go back as they went forward: they should be transposed.",
            "Forward the sum runs over the inputs of a neuron. Over what does it run on the way back?",
            formulas_of(_DA, lambda W, up: W @ up)),
    Mistake("loss-derivative-again", "The derivative of the loss is taken again at the hidden layer.",
            "Isn't it in what came back already?",
            {"dC_da1": [lambda a1, target: 2 * (a1 - target) / len(target),
                        lambda a1, target: 2 * (a1 - target) / len(a1),
                        lambda W2, dC_da2, dC_dz2: W2.T @ (dC_da2 * dC_dz2)]}),
    Mistake("index-shifted", "Something of another layer is used.", "Which index has each factor in the equation?",
            {**formulas_of({"dC_dW2": ["dC_dz2 x", "dC_dz2 a2"], "dC_dW1": ["dC_dz1 a1", "dC_dz2 x"]}, np.outer),
             **formulas_of({"dC_db1": "dC_dz2", "dC_db2": "dC_dz1"}, lambda up: up),
             "dC_da1": lambda W1, dC_dz2: W1.T @ dC_dz2,
             "dC_dz1": lambda dC_da1, da2_dz2: dC_da1 * da2_dz2, "dC_dz2": lambda dC_da2, da1_dz1: dC_da2 * da1_dz1}),
    Mistake("wrong-activation", "A value from the wrong side of the layer stands where its input should.",
            "What does W multiply in the forward pass?",
            formulas_of({"dC_dW": ["dC_dz z", "dC_dz a"], "dC_dW2": ["dC_dz2 z1", "dC_dz2 z2"], "dC_dW1": "dC_dz1 z1"},
                        np.outer)),
)  # fmt: skip

SIGMOID_LAYERS: Sequence[Mistake] = (*_FORWARD, *_COST, *_SLOPES, *_GRADIENT, *SIGMOID_PRODUCTS)
