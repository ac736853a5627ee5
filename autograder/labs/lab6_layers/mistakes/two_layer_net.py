"""Known mistakes in a network of two layers in one class, with one sample and with a batch of rows: lab 6.

An object answers with h or H, y_hat or Y_hat, the loss, the four gradients dW1 … db2, and the parameters after a step,
W1_new … b2_new. Formulas take the object's own hidden layer and output. If a line of a backward pass raises, all values
of the pass are lost: then the formula that raises in the same way, in the same cases, shows which line it was.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any

import numpy as np

from autograder.diagnosis.formulas import Computation, Formulas, Way, descend, formula_of, formulas_of, merged
from autograder.diagnosis.mistake import Mistake
from autograder.diagnosis.trial import NoValue, Trials, is_close

_PARAMETERS = ("W1", "b1", "W2", "b2")
_STEPPED = {f"{name}_new": f"{name} G_{name} lr" for name in _PARAMETERS}
"""By updated parameter, the names of the values that the step takes."""

_BATCH = Computation(
    "X H W2 Y_hat Y",
    "loss dW2 db2 dW1 db1",
    {
        "m": lambda Y: len(Y),
        "error": lambda Y_hat, Y: Y_hat - Y,
        "loss": lambda error, m: np.sum(error**2) / (2 * m),
        "weights": lambda m, delta, enters: delta.T @ enters / m,
        "biases": lambda m, delta: delta.sum(0) / m,
        "delta2": lambda error: error,
        "dW2": lambda weights, delta2, H: weights(delta=delta2, enters=H),
        "db2": lambda biases, delta2: biases(delta=delta2),
        "dH": lambda delta2, W2: delta2 @ W2,
        "delta1": lambda dH, H: dH * (H > 0),
        "dW1": lambda weights, delta1, X: weights(delta=delta1, enters=X),
        "db1": lambda biases, delta1: biases(delta=delta1),
        "gradient": lambda dW1, db1, dW2, db2: (dW1, db1, dW2, db2),
    },
    keywords="delta enters",
    all_at_once=True,
)
_SAMPLE = replace(_BATCH, inputs="x h W2 y_hat y", steps={
    **_BATCH.steps, **{name: formula_of(name.lower(), np.atleast_2d) for name in ("X", "H", "Y_hat", "Y")}
})  # fmt: skip
"""The pass of a single sample: that of a batch of one."""


def _backward(*ways: Way) -> Formulas:
    """Return formulas of a backward pass with these steps replaced, for a batch and for one sample."""
    return merged(_BATCH.formulas(*ways), _SAMPLE.formulas(*ways))


def _backward_moves(trials: Trials) -> bool:
    """True if in some trial a parameter has changed after the backward pass."""
    for trial in trials.all:
        for name in _PARAMETERS:
            kept = trial.actual.get(f"{name}_kept")
            if kept is not None and not isinstance(kept, NoValue) and not is_close(kept, trial.inputs[name]):
                return True
    return False


def _relu(Z: Any) -> Any:
    return np.maximum(Z, 0)


_FORWARD = (
    Mistake("moved-on-the-way-back", "`backward` moves the parameters: only `step` should.",
            "If a parameter has moved before the pass is over, at which network are the last gradients taken?",
            predicates=dict.fromkeys(("dW1", "db1", *(f"{name}_new" for name in _PARAMETERS)), _backward_moves)),
    Mistake("bias-forgotten", "The bias is not added.", "What should come out where all weights are zero?", {
        "h": lambda x, W1: _relu(x @ W1.T), "H": lambda X, W1: _relu(X @ W1.T),
        "y_hat": lambda h, W2: h @ W2.T, "Y_hat": lambda H, W2: H @ W2.T}),
    Mistake("activation-missing", "The hidden layer hands on its pre-activations: ReLU is missing.",
            "What can two layers without ReLU do that one can't?", {
                "h": lambda x, W1, b1: x @ W1.T + b1, "H": lambda X, W1, b1: X @ W1.T + b1}),
    Mistake("activation-on-the-output", "ReLU is applied to the output, too.",
            "Can a network whose last step is ReLU ever say −6?", {
                "y_hat": lambda h, W2, b2: _relu(h @ W2.T + b2), "Y_hat": lambda H, W2, b2: _relu(H @ W2.T + b2)}),
)  # fmt: skip

_BACKWARD = (
    Mistake("half-left-out", "The ½ before the squared distance is missing.",
            "What stands before the norm in the formula of the loss?",
            _backward({"loss": lambda loss: 2 * loss})),
    Mistake("factor-2-twice", "There is a 2 too many: the ½ of this loss takes it away.",
            "What is the derivative of ½ u²?", _backward({"delta2": lambda error: 2 * error})),
    Mistake("relu-mask-dropped",
            "ReLU's slope is missing: every unit lets the slope through, those that were silent, too.",
            "How far does the output move if a unit that ReLU has stopped is pushed a little?",
            _backward({"delta1": lambda dH: dH})),
    Mistake("relu-mask-of-another-layer", "ReLU's slope is taken at another layer than the hidden one.",
            "Which pre-activation does this ReLU get, and how many units has that layer?",
            _backward({"delta1": [lambda dH, Y_hat: dH * (Y_hat > 0), lambda dH, X: dH * (X > 0)]})),
    Mistake("relu-mask-on-the-output", "ReLU's slope is taken at the output, where there is no ReLU.",
            "How steep is a linear output?", _backward({"delta2": lambda error, Y_hat: error * (Y_hat > 0)})),
    Mistake("weights-go-back-as-they-went-forward",
            "W2 is transposed on the way back as on the way there; on the way back it should not be.",
            "Write the shapes of δ₂ and W2 side by side. Do they still fit with 3 outputs and 5 hidden units?",
            _backward({"dH": lambda delta2, W2: delta2 @ W2.T})),
    Mistake("outer-product", "`np.outer` pairs every number with every other, those of different samples too.",
            "Which shape should the gradient of the weights have, and which has yours?",
            _BATCH.formulas({"weights": lambda m, delta, enters: np.outer(delta, enters) / m},
                            {"weights": lambda m, delta, enters: np.outer(delta.T, enters) / m})),
    Mistake("bias-not-summed", "The bias has one slope for each sample, and should have one.",
            "Every sample moves with the bias. How do their shares come together?",
            _backward({"biases": lambda m, delta: np.squeeze(delta, 0) if m == 1 else delta},
                      {"biases": lambda m, delta: np.squeeze(delta, 0) if m == 1 else delta / m})),
    Mistake("weights-averaged-bias-summed", "The weights' slopes are averaged, the bias's only added up.",
            "How many 1/m are there in the equation of each of the two?",
            _backward({"biases": lambda delta: delta.sum(0)})),
    Mistake("weights-summed-bias-averaged", "The bias's slopes are averaged, the weights' only added up.",
            "What does a matrix product do with the samples: sum, or mean?",
            _backward({"weights": lambda delta, enters: delta.T @ enters})),
    Mistake("index-shifted", "Something of another layer is used.",
            "What enters the layer whose weights these are?",
            _backward({"dW2": lambda weights, delta2, X: weights(delta=delta2, enters=X)})),
)  # fmt: skip

_STEP = (
    Mistake("gradient-ascent", "The step goes uphill: along the gradient, not against it.",
            "Should the loss rise or fall?", formulas_of(_STEPPED, lambda theta, slope, lr: theta + lr * slope)),
    Mistake("learning-rate-left-out", "The learning rate is not in the step.", "How long is a step with lr = 0?",
            formulas_of(_STEPPED, lambda theta, slope, lr: theta - slope)),
)  # fmt: skip

# The training loop ----------------------------------------------------------------------------------------------------


def _passed(X: Any, at: Sequence[Any]) -> tuple[Any, Any]:
    """Return H and Y_hat of a forward pass; at: W1, b1, W2, b2."""
    W1, b1, W2, b2 = at
    H = _relu(X @ W1.T + b1)
    return H, H @ W2.T + b2


def _backward_values(X: Any, Y: Any, passed: Callable[..., tuple[Any, Any]], at: Sequence[Any], value: str) -> Any:
    """Return the loss or the gradient by what a forward pass gives at these parameters."""
    H, Y_hat = passed(at=at)
    return _BATCH.compute(value, {"X": X, "H": H, "W2": at[2], "Y_hat": Y_hat, "Y": Y})


_TRAINING = Computation(
    "X Y points W1 b1 W2 b2 epochs lr",
    "losses W1_trained outputs",
    {
        "scale": lambda: 20.0,
        "X": lambda X, scale: X / scale,
        "first": lambda W1, b1, W2, b2: (W1, b1, W2, b2),
        "iterations": lambda epochs: epochs,
        "passed": _passed,
        "backward": _backward_values,
        "update": lambda backward, lr, at: [
            old - lr * slope for old, slope in zip(at, backward(at=at, value="gradient"), strict=True)
        ],
        "path": descend,
        "losses": lambda path, backward: np.array([backward(at=at, value="loss") for at in path[:-1]]),
        "W1_trained": lambda path: path[-1][0],
        "outputs": lambda points, scale, first: _passed(points / scale, first)[1],
    },
    keywords="at value",
)

SURFACES = (
    Mistake("step-left-out", "The network never moves: there is no step in the loop.",
            "Forward, backward, and then?", _TRAINING.formulas({"update": lambda at: at}), together=True),
    Mistake("input-not-scaled", "The points go in as they are, and should be divided by 20.",
            "Is a point scaled in the same way in training and in prediction?",
            _TRAINING.formulas({"scale": lambda: 1.0})),
    Mistake("forward-pass-outside-the-loop", "The forward pass is made once, before the loop, and never again.",
            "The weights have moved. Is the cache still theirs?",
            _TRAINING.formulas({"passed": lambda passed, first: passed(at=first)})),
    Mistake("only-the-last-cost", "Only one loss comes back: each round throws away those before it.",
            "Where does the list begin, and what adds to it?",
            _TRAINING.formulas({"losses": lambda losses: losses[-1]})),
)  # fmt: skip

TWO_LAYER_NET: Sequence[Mistake] = (*_FORWARD, *_BACKWARD, *_STEP)
"""Mistakes in the passes and in the step."""
