"""Known mistakes in one layer of sigmoids and in two, with one sample: lab 3.

Values are plain vectors: a, z and x of a layer, dC_da, da_dz, dC_dz and so on, with the layer's number where there are
two. In a cell where a product doesn't fit and raises, all values are lost: then the formula that raises in the same
way, in the same cases, shows which product it was.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Any

import numpy as np

from autograder.diagnosis.formulas import Formula, formula_of
from autograder.diagnosis.mistake import Mistake


def _sigmoid(z: Any) -> Any:
    return 1 / (1 + np.exp(-z))


def _many(pairs: Iterable[tuple[str, str, Callable[..., Any]]]) -> dict[str, list[Formula]]:
    """Return lists of formulas by the name of the value that they compute.

    pairs: the value, the names that the formula takes, and the formula.
    """
    table: dict[str, list[Formula]] = {}
    for value, names, formula in pairs:
        table.setdefault(value, []).append(formula_of(names, formula))
    return table


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

_LAYERS = (
    ("z", "a", "dC_da", "da_dz", "dC_dz", "dC_dW", "dC_db", "x"),
    ("z1", "a1", "dC_da1", "da1_dz1", "dC_dz1", "dC_dW1", "dC_db1", "x"),
    ("z2", "a2", "dC_da2", "da2_dz2", "dC_dz2", "dC_dW2", "dC_db2", "a1"),
)
"""Names of a layer's values, from its pre-activation to its input."""

_COST = (
    Mistake("square-not-differentiated", "The square is still there: its derivative has the difference itself.",
            "What is the derivative of u² in u?",
            _many(("dC_da", "predict target", lambda p, t, c=c: c * (p - t) ** 2 / len(t)) for c in (1, 2))),
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


def _slope(name: str, explanation: str, hint: str, *wrong: Callable[[Any], Any]) -> Mistake:
    """Return a mistake in the derivative of the sigmoid: alone, and as a factor of dC_dz.

    wrong: functions of the pre-activations, one for each way to make the mistake.
    """
    factors = [
        (dz, f"{da} {z}", lambda up, z, slope=slope: up * slope(z))
        for z, _, da, _, dz, *_ in _LAYERS
        for slope in wrong
    ]
    return Mistake(name, explanation, hint, _many([*(("da_dz", "z", slope) for slope in wrong), *factors]))


_SLOPES = (
    _slope("slope-is-the-function-itself", "The function itself stands in the place of its slope.",
           "How steep is a sigmoid where it is nearly 1?", _sigmoid),
    _slope("pre-activation-for-activation", "`z(1 − z)`: the short form of the slope is a(1 − a).",
           "Which of z and a = σ(z) lies between 0 and 1, as this product needs it?", lambda z: z * (1 - z)),
    _slope("slope-at-the-activation", "The slope is taken at the activation, not at the pre-activation.",
           "What goes *into* the sigmoid?", lambda z: _sigmoid(_sigmoid(z)) * (1 - _sigmoid(_sigmoid(z)))),
    _slope("inner-derivative-left-out", "The derivative of what stands inside is missing.",
           "What is the derivative of the exponential inside, and where does it go?",
           lambda z: _sigmoid(z) ** 2, lambda z: -(_sigmoid(z) ** 2)),
    _slope("one-minus-a-wrong", "Of the two factors a and 1 − a one is not there, or not as it should be.",
           "What should the slope be where the sigmoid is nearly 1, and what where it is nearly 0?",
           lambda z: 1 - _sigmoid(z), lambda z: _sigmoid(z) * (1 + _sigmoid(z))),
)  # fmt: skip


def _slopes(*changes: Callable[[Any, Any], Any]) -> list[tuple[str, str, Callable[..., Any]]]:
    """Return value, names and formula for each dC_dz; changes: take the two factors, dC_da and da_dz."""
    return [(dz, f"{da} {slope}", change) for _, _, da, slope, dz, *_ in _LAYERS for change in changes]


def _weights(*changes: Callable[[Any, Any], Any]) -> list[tuple[str, str, Callable[..., Any]]]:
    """Return value, names and formula for each dC_dW; changes: take dC_dz and the layer's input."""
    return [(dW, f"{dz} {enters}", change) for *_, dz, dW, _, enters in _LAYERS for change in changes]


def _biases(*changes: Callable[[Any], Any]) -> list[tuple[str, str, Callable[..., Any]]]:
    """Return value, names and formula for each dC_db; changes: take dC_dz."""
    return [(db, dz, change) for *_, dz, _, db, _ in _LAYERS for change in changes]


def _from_back(change: Callable[[Any, Any], Any]) -> list[tuple[str, str, Callable[..., Any]]]:
    """Return value, names and formula for each dC_dW; change: takes dC_da and the layer's input."""
    return [(dW, f"{da} {enters}", change) for _, _, da, _, _, dW, _, enters in _LAYERS]


_GRADIENT = (
    Mistake("slope-dropped", "The slope of the sigmoid is missing: what came back is handed on as it is.",
            "How much of it does a flat sigmoid let through?", _many(_slopes(lambda up, slope: up))),
    Mistake("upstream-dropped", "What came back is not multiplied in.", "What is the second factor of the chain rule?",
            _many([*_slopes(lambda up, slope: slope), *_weights(lambda up, h: np.outer(np.ones_like(up), h)),
                   *_biases(np.ones_like), ("dC_da1", "W2", lambda W: W.sum(0))])),
    Mistake("upstream-twice", "What came back is multiplied in twice.", "How many factors has the equation?",
            _many([*_slopes(lambda up, slope: up * up * slope), *_weights(lambda up, h: np.outer(up * up, h)),
                   *_biases(lambda up: up * up), ("dC_da1", "W2 dC_dz2", lambda W, up: W.T @ up**2)])),
    Mistake("added-instead-of-multiplied", "The factors of the chain rule are added.",
            "A push that is doubled here and tripled there: how large does it arrive?",
            _many(_slopes(lambda up, slope: up + slope))),
    Mistake("gradient-of-the-activation",
            "The slope at the activation is used, and should be that at the pre-activation.",
            "On which side of the sigmoid do the weights and the bias sit?",
            _many([*_from_back(np.outer), *((db, da, lambda up: up) for _, _, da, *_, db, _ in _LAYERS),
                   ("dC_da1", "W2 dC_da2", lambda W, up: W.T @ up)])),
    Mistake("transposed", "The table lies on its side: a row for each input, a column for each neuron.",
            "Which shape has W, and which of the two factors is the column?",
            _many(_weights(lambda up, h: np.outer(h, up)))),
    Mistake("input-left-out", "What comes in is not in the gradient of the weights.",
            "z = Wx + b: what is the derivative in W?",
            _many(_weights(lambda up, h: up, lambda up, h: up[:, None],
                           lambda up, h: np.outer(up, np.ones_like(h))))),
    Mistake("summed-over-units", "The slopes of different neurons are added up: each has a bias of its own.",
            "How many biases has the layer, and how many slopes has yours?",
            _many(_biases(np.sum, np.mean))),
    Mistake("bias-times-input", "The bias's slope has an input in it, as if it were a weight.",
            "How far does a pre-activation move when its bias moves by 1?",
            _many([*((db, f"{dz} {b}", lambda up, b: up * b)
                     for (*_, dz, _, db, _), b in zip(_LAYERS, ("b", "b1", "b2"), strict=True)),
                   *((db, f"{dz} {enters}", lambda up, h: up * h.sum()) for *_, dz, _, db, enters in _LAYERS)])),
)  # fmt: skip

# Products that don't fit ----------------------------------------------------------------------------------------------


def _between(*changes: Callable[[Any, Any], Any]) -> list[tuple[str, str, Callable[..., Any]]]:
    """Return value, names and formula for dC_da1; changes: take W2 and dC_dz2."""
    return [("dC_da1", "W2 dC_dz2", change) for change in changes]


SIGMOID_PRODUCTS = (
    Mistake("elementwise-product",
            "`*` multiplies entry by entry, where every number should meet every other, or add up.",
            "Which shape should come out: that of one factor, or a table of all products?",
            _many([*_weights(lambda up, h: up * h), *_between(lambda W, up: W.T * up, lambda W, up: W * up)])),
    Mistake("inner-product", "This product adds up: one number, where a table of all products is asked for.",
            "A column times a row is a table. What is a row times a column?",
            _many(_weights(lambda up, h: up @ h, np.dot))),
    Mistake("weights-not-transposed", "The weights go back as they went forward: they should be transposed.",
            "Forward the sum runs over the inputs of a neuron. Over what does it run on the way back?",
            _many(_between(lambda W, up: W @ up))),
    Mistake("loss-derivative-again", "The derivative of the loss is taken again at the hidden layer.",
            "Isn't it in what came back already?",
            _many([("dC_da1", "a1 target", lambda a, t: 2 * (a - t) / len(t)),
                   ("dC_da1", "a1 target", lambda a, t: 2 * (a - t) / len(a)),
                   ("dC_da1", "W2 dC_da2 dC_dz2", lambda W, back, up: W.T @ (back * up))])),
    Mistake("index-shifted", "Something of another layer is used.", "Which index has each factor in the equation?",
            _many([("dC_dW2", "dC_dz2 x", np.outer), ("dC_dW2", "dC_dz2 a2", np.outer),
                   ("dC_dW1", "dC_dz1 a1", np.outer), ("dC_dW1", "dC_dz2 x", np.outer),
                   ("dC_db1", "dC_dz2", lambda up: up), ("dC_db2", "dC_dz1", lambda up: up),
                   ("dC_da1", "W1 dC_dz2", lambda W, up: W.T @ up),
                   ("dC_dz1", "dC_da1 da2_dz2", lambda up, slope: up * slope),
                   ("dC_dz2", "dC_da2 da1_dz1", lambda up, slope: up * slope)])),
    Mistake("wrong-activation", "A value from the wrong side of the layer stands where its input should.",
            "What does W multiply in the forward pass?",
            _many([("dC_dW", "dC_dz z", np.outer), ("dC_dW", "dC_dz a", np.outer),
                   ("dC_dW2", "dC_dz2 z1", np.outer), ("dC_dW2", "dC_dz2 z2", np.outer),
                   ("dC_dW1", "dC_dz1 z1", np.outer)])),
)  # fmt: skip

SIGMOID_LAYERS: Sequence[Mistake] = (*_FORWARD, *_COST, *_SLOPES, *_GRADIENT, *SIGMOID_PRODUCTS)
