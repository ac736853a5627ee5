"""Known mistakes in layers that are objects, lab 6: samples are rows, and the upstream gradient is G.

Values are the answers to the questions of lab 6: `y` of forward, `backward` as returned, the gradients that the layer
keeps, its parameters after a step along known gradients dW and db; `loss`; and a network's `y_after` a step.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from autograder.diagnosis.formulas import Computation, formulas_of
from autograder.diagnosis.mistake import Mistake

_RETURNED = {"backward": "G W", "grad_input": "G W"}
"""The gradient in the input, as returned and as kept."""
_STEPPED = {"weights_after": "W dW lr", "biases_after": "b db lr"}
"""By updated parameter, the names of the values that the step takes."""

LINEAR: Sequence[Mistake] = (
    Mistake("bias-forgotten", "The bias is not added.", "What should come out where all weights are zero?",
            {"y": lambda x, W: x @ W.T}),
    Mistake("weights-not-transposed", "W is not transposed: each sample meets columns of W, not rows.",
            "A row of W belongs to one output. Which axis of it must meet the inputs?",
            {"y": lambda x, W, b: x @ W + b}),
    Mistake("weights-transposed", "On the way back W is transposed, and should stand as it is.",
            "G is (I, D_o), what goes on is (I, D_i). Which shape must the factor between them have?",
            formulas_of(_RETURNED, lambda G, W: G @ W.T)),
    Mistake("transposed", "The table lies on its side: a row for each input, a column for each output.",
            "Which shape has W, and which of the two factors must be the transposed one?",
            {"grad_weights": lambda expected: expected.T}),
    Mistake("gradients-pile-up", "The slopes of an earlier batch are still in it: they are added, not replaced.",
            "What does the second call of `backward` do with what the first one kept?",
            {"grad_weights": lambda expected, G0, x0: expected + G0.T @ x0,
             "grad_biases": lambda expected, G0: expected + G0.sum(0)}),
    Mistake("wrong-activation", "The layer remembers its output, and it needs its input.",
            "Y = XWᵀ + b: what does an entry of W multiply?", {"grad_weights": lambda G, y: G.T @ y}),
    Mistake("outer-product", "`np.outer` pairs every number with every other, those of different samples too.",
            "Which shape should the gradient of the weights have, and which has yours?",
            {"grad_weights": [lambda G, x: np.outer(G, x), lambda G, x: np.outer(x, G)]}),
    Mistake("bias-not-summed", "The bias has one slope for each sample, and should have one.",
            "Every row moves with the bias. How do their shares come together?",
            {"grad_biases": lambda G: G if len(G) > 1 else G[0]}),
    Mistake("summed-over-units", "The slopes of different outputs are added up: each output has a bias of its own.",
            "Which axis of G runs over the samples, and which over the outputs?",
            {"grad_biases": [lambda G: G.sum(1), lambda G: G.sum()]}),
    Mistake("weights-summed-bias-averaged", "The weights' slopes are added up, the bias's are averaged.",
            "Who takes the mean in this lab: a layer, or the loss?", {"grad_biases": lambda G: G.mean(0)}),
    Mistake("mean-taken-twice", "The layer divides by the number of samples, and the loss has done so.",
            "Does this layer know whether the loss is a mean?",
            {"grad_weights": lambda expected, I: expected / I, "grad_biases": lambda expected, I: expected / I}),
    Mistake("upstream-dropped", "What comes back is not in it.", "If the loss does not care, and G is 0, what then?",
            {"grad_weights": [lambda G, x: np.ones_like(G).T @ x, lambda x: x.sum(0)],
             "grad_biases": [lambda b: np.ones_like(b), lambda I, b: I * np.ones_like(b)],
             **formulas_of(_RETURNED, lambda G, W: np.ones_like(G) @ W, lambda G, W: W)}),
    Mistake("gradient-ascent", "The step goes uphill: along the slope, not against it.",
            "Where the loss grows with a parameter, should the parameter grow?",
            formulas_of(_STEPPED, lambda value, slope, lr: value + lr * slope)),
    Mistake("learning-rate-left-out", "The learning rate is not in the step.", "What should happen at η = 0?",
            formulas_of(_STEPPED, lambda value, slope, lr: value - slope)),
    Mistake("multiplied-by-the-gradient", "The parameters are multiplied by their slopes, not moved against them.",
            "Is the arrow of the update rule followed by a product or by a difference?",
            formulas_of(_STEPPED, lambda value, slope, lr: value * lr * slope,
                        lambda value, slope, lr: value * (1 - lr * slope),
                        lambda value, slope, lr: -value * lr * slope)),
    Mistake("bias-forgotten", "The bias stays where it is.", "Which of the two parameters does your step move?",
            {"biases_after": lambda b: b}),
    Mistake("bias-moved-by-the-weights", "The bias moves by the slopes of the weights.",
            "Which of the two slopes has the shape of b?",
            {"biases_after": [lambda b, dW, lr: b - lr * dW, lambda b, dW, lr: b - lr * dW.sum(1)]}),
)  # fmt: skip

# Layers without parameters, and the loss ------------------------------------------------------------------------------

TANH: Sequence[Mistake] = (
    Mistake("activation-missing", "There is no tanh in it: what goes in comes out.", "What should come out of 9?",
            {"y": lambda x: x, "backward": lambda x, G: G * (1 - x**2)}, together=True),
    Mistake("another-activation", "This is another curve than tanh.", "Where 0 goes in, what should come out?",
            {"y": lambda x: 1 / (1 + np.exp(-x))}),
    Mistake("slope-dropped", "The slope of tanh is missing: what came back is handed on as it is.",
            "How much of it does a flat tanh let through?", {"backward": lambda G: G}),
    Mistake("upstream-dropped", "What came back is not multiplied in.", "What is the second factor of the chain rule?",
            {"backward": lambda x: 1 - np.tanh(x) ** 2}),
    Mistake("pre-activation-for-activation", "`1 − a²`: the short form of the slope is 1 − z², with the output z.",
            "Which of a and z = tanh a lies between −1 and 1, as this formula needs it?",
            {"backward": lambda x, G: G * (1 - x**2)}),
    Mistake("slope-at-the-activation", "The slope is taken at the output: tanh of tanh.",
            "Is what you remembered a or z = tanh a, and which of the two does your formula take tanh of?",
            {"backward": lambda x, G: G * (1 - np.tanh(np.tanh(x)) ** 2)}),
    Mistake("slope-not-squared", "`1 − z`: the square is missing.", "How steep is tanh far to the left, where z = −1?",
            {"backward": lambda x, G: G * (1 - np.tanh(x))}),
)  # fmt: skip

RELU: Sequence[Mistake] = (
    Mistake("wrong-side-of-zero", "ReLU keeps the wrong side: what is below 0.",
            "What should come out of −3, and of 3?",
            {"y": lambda x: np.minimum(x, 0)}),
    Mistake("indicator-in-place-of-relu", "The slope of ReLU stands in its place: all that comes out is 0 or 1.",
            "What should come out where 3 goes in?", {"y": lambda x: (x > 0) * 1.0}),
    Mistake("relu-mask-dropped",
            "ReLU's slope is missing: every unit lets the slope through. A mask `z >= 0` of outputs does so too.",
            "Which units did not move in the forward pass, and is any output below 0?", {"backward": lambda G: G}),
    Mistake("relu-mask-of-what-comes-back", "The mask is that of what comes back, and should be that of the input.",
            "Who is shut: a unit whose input was negative, or one whose slope is?",
            {"backward": lambda G: np.maximum(G, 0)}),
    Mistake("relu-in-place-of-its-indicator", "ReLU itself stands in the place of its slope.",
            "How steep is ReLU at 3, and how high?", {"backward": lambda G, x: G * np.maximum(x, 0)}),
    Mistake("relu-mask-turned", "ReLU's slope is turned round: it lets through where ReLU stopped.",
            "An input of −3, and one of 3: which of the two still moves anything behind ReLU?",
            {"backward": lambda G, x: G * (x <= 0)}),
    Mistake("upstream-dropped", "What came back is not multiplied in.", "What is the second factor of the chain rule?",
            {"backward": lambda x: (x > 0) * 1.0}),
)  # fmt: skip

LOSS: Sequence[Mistake] = (
    Mistake("mean-over-outputs-missing", "It is divided by the number of samples, not by the number of all entries.",
            "Over how many numbers does this loss take its mean?",
            {"loss": lambda y, t, I: np.sum((y - t) ** 2) / I, "backward": lambda y, t, I: 2 * (y - t) / I}),
    Mistake("mean-missing", "The mean is not taken: this is a sum.", "By how many numbers does the formula divide?",
            {"loss": lambda y, t: np.sum((y - t) ** 2), "backward": lambda y, t: 2 * (y - t)}),
    Mistake("factor-2-missing", "There is a ½ that this loss does not have.", "What stands before the two sums?",
            {"loss": lambda y, t: np.mean((y - t) ** 2) / 2}),
    Mistake("loss-not-squared", "The errors are not squared.", "What should an error of −2 add to the loss?",
            {"loss": [lambda y, t: np.mean(np.abs(y - t)), lambda y, t: np.mean(y - t)]}),
    Mistake("square-not-differentiated", "The square is still there: its derivative has the error itself.",
            "What is the derivative of u² in u?",
            {"backward": [lambda y, t, c=c: c * (y - t) ** 2 / y.size for c in (1, 2)]}),
)  # fmt: skip

# A network of layers --------------------------------------------------------------------------------------------------

_NETWORK = Computation(
    "x W1 b1 W2 b2 G lr",
    "y backward y_after",
    {
        "activation": lambda a: np.tanh(a),
        "z": lambda activation, x, W1, b1: activation(a=x @ W1.T + b1),
        "y": lambda z, W2, b2: z @ W2.T + b2,
        "slope": lambda z: 1 - z**2,
        "d": lambda G, W2, slope: G @ W2 * slope,
        "backward": lambda d, W1: d @ W1,
        "first": lambda W1, b1, lr, d, x: (W1 - lr * d.T @ x, b1 - lr * d.sum(0)),
        "last_gradient": lambda G, z: (G.T @ z, G.sum(0)),
        "last": lambda W2, b2, lr, last_gradient: (W2 - lr * last_gradient[0], b2 - lr * last_gradient[1]),
        "y_after": lambda activation, x, first, last: activation(a=x @ first[0].T + first[1]) @ last[0].T + last[1],
    },
    keywords="a",
)


def _gradient_after_the_first(G: Any, W1: Any, slope: Any, z: Any) -> tuple[Any, Any]:
    """Return the last layer's gradient where G has gone through the first one: empty if G does not fit that one."""
    if G.shape[1] != len(W1):
        return np.zeros(0), np.zeros(0)
    d = G @ W1 * slope
    return d.T @ z, d.sum(0)


NETWORK: Sequence[Mistake] = (
    Mistake("activation-missing", "There is no tanh in it: two linear layers in a row are one.",
            "Which three layers does the input pass?",
            _NETWORK.formulas({"activation": lambda a: a, "slope": lambda: 1.0})),
    Mistake("layers-walked-forwards", "The layers are walked in the order of the forward pass.",
            "Whose output is it that G is the slope in?",
            _NETWORK.formulas({
                "d": lambda G, W1, slope: G @ W1 * slope,
                "backward": lambda d, W2: d @ W2,
                "first": lambda W1, b1, lr, G, x: (W1 - lr * G.T @ x, b1 - lr * G.sum(0)),
                "last_gradient": _gradient_after_the_first,
            })),
    Mistake("slope-dropped", "On the way back tanh is passed over.", "Which three layers does the slope pass?",
            _NETWORK.formulas({"slope": lambda: 1.0})),
    Mistake("layer-not-updated", "One of the two linear layers has not moved.",
            "How many layers of the network have parameters?",
            _NETWORK.formulas({"last": lambda W2, b2: (W2, b2)}, {"first": lambda W1, b1: (W1, b1)},
                              {"first": lambda W1, b1: (W1, b1), "last": lambda W2, b2: (W2, b2)})),
)  # fmt: skip
