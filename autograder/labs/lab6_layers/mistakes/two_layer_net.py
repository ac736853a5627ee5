"""Known mistakes in a network of two layers in one class, with one sample and with a batch of rows: lab 6.

An object answers with h or H, y_hat or Y_hat, the loss, the four gradients dW1 … db2, and the parameters after a step,
W1_new … b2_new. Formulas take the object's own hidden layer and output. If a line of a backward pass raises, all values
of the pass are lost: then the formula that raises in the same way, in the same cases, shows which line it was.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from autograder.diagnosis.formulas import Formula, formula_of
from autograder.diagnosis.mistake import Mistake
from autograder.diagnosis.trial import NoValue, Trials, is_close

_PARAMETERS = ("W1", "b1", "W2", "b2")
_PASS_VALUES = ("loss", "dW2", "db2", "dW1", "db1")
_SCALE = 20.0
"""The number by which the lab divides its points before they enter the network."""


@dataclass(frozen=True)
class Net:
    """The inputs of a backward pass; a single sample is a batch of one."""

    X: Any
    H: Any
    W2: Any
    Y_hat: Any
    Y: Any

    @property
    def m(self) -> int:
        """Return the number of samples."""
        return len(self.Y)

    @property
    def error(self) -> Any:
        """Return Ŷ − Y."""
        return self.Y_hat - self.Y


Weights = Callable[[Net, Any, Any], Any]
"""Computes a gradient of weights from the net, ∂ℓ/∂z of each sample, and the layer's inputs."""
Biases = Callable[[Net, Any], Any]
Pass = Callable[[Net], tuple[Any, ...]]


def _weights(net: Net, delta: Any, enters: Any) -> Any:
    return delta.T @ enters / net.m


def _biases(net: Net, delta: Any) -> Any:
    return delta.sum(0) / net.m


def _pass(
    last: Callable[[Net], Any] = lambda net: net.error,
    through: Callable[[Net, Any], Any] = lambda net, delta: delta @ net.W2,
    mask: Callable[[Net, Any], Any] = lambda net, dH: dH * (net.H > 0),
    weights: Weights = _weights,
    biases: Biases = _biases,
    second: Weights | None = None,
    loss: Callable[[Net], Any] = lambda net: np.sum(net.error**2) / (2 * net.m),
) -> Pass:
    """Return a backward pass with other steps: a function that returns the loss, dW2, db2, dW1 and db1.

    last: computes ∂ℓ/∂z of the output layer. through, mask: go back through W2 and through ReLU. weights, biases:
    compute the gradients of a layer. second: computes that of W2, if it differs from `weights`.
    """

    def run(net: Net) -> tuple[Any, ...]:
        delta2 = last(net)
        dW2, db2 = (second or weights)(net, delta2, net.H), biases(net, delta2)
        delta1 = mask(net, through(net, delta2))
        return loss(net), dW2, db2, weights(net, delta1, net.X), biases(net, delta1)

    return run


def _backwards(
    name: str, explanation: str, hint: str, *passes: Pass, names: Sequence[str] = ("X H W2 Y_hat Y", "x h W2 y_hat y")
) -> Mistake:
    """Return a mistake in a backward pass; names: those of a pass's inputs, for a batch and for one sample."""

    def part(run: Pass, index: int, names: str) -> Formula:
        def formula(X: Any, H: Any, W2: Any, Y_hat: Any, Y: Any) -> Any:
            return run(Net(np.atleast_2d(X), np.atleast_2d(H), W2, np.atleast_2d(Y_hat), np.atleast_2d(Y)))[index]

        return formula_of(names, formula)

    return Mistake(name, explanation, hint, {
        value: [part(run, k, inputs) for run in passes for inputs in names] for k, value in enumerate(_PASS_VALUES)
    })  # fmt: skip


def _stepped(change: Callable[[Any, Any, Any], Any]) -> Mapping[str, Formula]:
    """Return formulas of the parameters after a step; change: takes a parameter, its gradient and lr."""
    return {f"{name}_new": formula_of(f"{name} G_{name} lr", change) for name in _PARAMETERS}


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
    _backwards("half-left-out", "The ½ before the squared distance is missing.",
               "What stands before the norm in the formula of the loss?",
               _pass(loss=lambda net: np.sum(net.error**2) / net.m)),
    _backwards("factor-2-twice", "There is a 2 too many: the ½ of this loss takes it away.",
               "What is the derivative of ½ u²?", _pass(last=lambda net: 2 * net.error)),
    _backwards("relu-mask-dropped",
               "ReLU's slope is missing: every unit lets the slope through, those that were silent, too.",
               "How far does the output move if a unit that ReLU has stopped is pushed a little?",
               _pass(mask=lambda net, dH: dH)),
    _backwards("relu-mask-of-another-layer", "ReLU's slope is taken at another layer than the hidden one.",
               "Which pre-activation does this ReLU get, and how many units has that layer?",
               _pass(mask=lambda net, dH: dH * (net.Y_hat > 0)), _pass(mask=lambda net, dH: dH * (net.X > 0))),
    _backwards("relu-mask-on-the-output", "ReLU's slope is taken at the output, where there is no ReLU.",
               "How steep is a linear output?", _pass(last=lambda net: net.error * (net.Y_hat > 0))),
    _backwards("weights-go-back-as-they-went-forward",
               "W2 is transposed on the way back as on the way there; on the way back it should not be.",
               "Write the shapes of δ₂ and W2 side by side. Do they still fit with 3 outputs and 5 hidden units?",
               _pass(through=lambda net, delta: delta @ net.W2.T)),
    _backwards("outer-product", "`np.outer` pairs every number with every other, those of different samples too.",
               "Which shape should the gradient of the weights have, and which has yours?",
               _pass(weights=lambda net, delta, enters: np.outer(delta, enters) / net.m),
               _pass(weights=lambda net, delta, enters: np.outer(delta.T, enters) / net.m),
               names=("X H W2 Y_hat Y",)),
    _backwards("bias-not-summed", "The bias has one slope for each sample, and should have one.",
               "Every sample moves with the bias. How do their shares come together?",
               _pass(biases=lambda net, delta: np.squeeze(delta, 0) if net.m == 1 else delta),
               _pass(biases=lambda net, delta: np.squeeze(delta, 0) if net.m == 1 else delta / net.m)),
    _backwards("weights-averaged-bias-summed", "The weights' slopes are averaged, the bias's only added up.",
               "How many 1/m are there in the equation of each of the two?",
               _pass(biases=lambda net, delta: delta.sum(0))),
    _backwards("weights-summed-bias-averaged", "The bias's slopes are averaged, the weights' only added up.",
               "What does a matrix product do with the samples: sum, or mean?",
               _pass(weights=lambda net, delta, enters: delta.T @ enters)),
    _backwards("index-shifted", "Something of another layer is used.",
               "What enters the layer whose weights these are?",
               _pass(second=lambda net, delta, enters: delta.T @ net.X / net.m)),
)  # fmt: skip

_STEP = (
    Mistake("gradient-ascent", "The step goes uphill: along the gradient, not against it.",
            "Should the loss rise or fall?", _stepped(lambda theta, slope, lr: theta + lr * slope)),
    Mistake("learning-rate-left-out", "The learning rate is not in the step.", "How long is a step with lr = 0?",
            _stepped(lambda theta, slope, lr: theta - slope)),
)  # fmt: skip

# The training loop ----------------------------------------------------------------------------------------------------

Values = tuple[Any, ...]
"""W1, b1, W2, b2, or their gradients."""


def _network(theta: Values, X: Any) -> tuple[Any, Any]:
    """Return H and Y_hat of a forward pass."""
    W1, b1, W2, b2 = theta
    H = _relu(X @ W1.T + b1)
    return H, H @ W2.T + b2


def _slopes(theta: Values, X: Any, passed: tuple[Any, Any], Y: Any) -> tuple[Any, Values]:
    """Return the loss and the gradients; passed: H and Y_hat of a forward pass, perhaps with other parameters."""
    H, Y_hat = passed
    loss, dW2, db2, dW1, db1 = _pass()(Net(X, H, theta[2], Y_hat, Y))
    return loss, (dW1, db1, dW2, db2)


def _train(
    X: Any, Y: Any, theta: Values, epochs: int, lr: float, scale: float = _SCALE, anew: bool = True
) -> tuple[Any, Any]:
    """Return the losses before each step, and W1 after the last step.

    scale: divides X. anew: True if each step makes its own forward pass, False if the first one's values are used in
    all.
    """
    X, losses = X / scale, []
    passed = _network(theta, X)
    for _ in range(epochs):
        passed = _network(theta, X) if anew else passed
        loss, slopes = _slopes(theta, X, passed, Y)
        theta = tuple(old - lr * slope for old, slope in zip(theta, slopes, strict=True))
        losses.append(loss)
    return np.array(losses), theta[0]


_LOOP = "X Y W1 b1 W2 b2 epochs lr"


def _loop(part: int, **options: Any) -> Formula:
    """Return a formula for the losses (0) or W1 (1) of a training with these options of `_train`."""
    return formula_of(
        _LOOP, lambda X, Y, W1, b1, W2, b2, epochs, lr: _train(X, Y, (W1, b1, W2, b2), epochs, lr, **options)[part]
    )


def _last_loss(X: Any, Y: Any, W1: Any, b1: Any, W2: Any, b2: Any, epochs: int, lr: float) -> Any:
    return _train(X, Y, (W1, b1, W2, b2), epochs, lr)[0][-1]


def _first_loss(X: Any, Y: Any, W1: Any, b1: Any, W2: Any, b2: Any, epochs: int, lr: float) -> Any:
    return np.full(epochs, _train(X, Y, (W1, b1, W2, b2), 1, lr)[0])


SURFACES = (
    Mistake("step-left-out", "The network never moves: there is no step in the loop.",
            "Forward, backward, and then?", {"losses": formula_of(_LOOP, _first_loss), "W1_trained": lambda W1: W1},
            together=True),
    Mistake("input-not-scaled", "The points go in as they are, and should be divided by 20.",
            "Is a point scaled in the same way in training and in prediction?", {
                "losses": _loop(0, scale=1.0), "W1_trained": _loop(1, scale=1.0),
                "outputs": formula_of("points W1 b1 W2 b2", lambda points, *theta: _network(theta, points)[1])}),
    Mistake("forward-pass-outside-the-loop", "The forward pass is made once, before the loop, and never again.",
            "The weights have moved. Is the cache still theirs?", {
                "losses": _loop(0, anew=False), "W1_trained": _loop(1, anew=False)}),
    Mistake("only-the-last-cost", "Only one loss comes back: each round throws away those before it.",
            "Where does the list begin, and what adds to it?", {"losses": formula_of(_LOOP, _last_loss)}),
)  # fmt: skip

TWO_LAYER_NET: Sequence[Mistake] = (*_FORWARD, *_BACKWARD, *_STEP)
"""Mistakes in the passes and in the step."""
