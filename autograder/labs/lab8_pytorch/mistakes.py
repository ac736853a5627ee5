"""Known mistakes with one hidden layer of tanh units, in NumPy and in PyTorch: lab 8.

Values are the gradients dW1, db1, dW2, db2 of a mean of squares; the parameters W1, b1, W2, b2 after one step; and the
losses and predictions of a descent. Each formula takes first the inputs: x and t, samples as rows, and parameters.
"""

from __future__ import annotations

import ast
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from autograder.diagnosis.formulas import Formula, formula_of
from autograder.diagnosis.mistake import Mistake, Predicate, relation
from autograder.diagnosis.trial import NoValue, Trials, finite_array, is_close, parse

_PARAMETERS = "W1", "b1", "W2", "b2"
_SLOPES = "dW1", "db1", "dW2", "db2"
_INPUTS = "x t W1 b1 W2 b2"

Arrays = tuple[Any, ...]
"""An array for each of W1, b1, W2, b2."""


@dataclass(frozen=True)
class Net:
    """A network, its data, and the values of a correct forward pass."""

    x: Any
    t: Any
    at: Arrays

    @property
    def a(self) -> Any:
        """Return the pre-activations of the hidden units, (I, D)."""
        return self.x @ self.at[0].T + self.at[1]

    @property
    def z(self) -> Any:
        """Return the activations of the hidden units, (I, D)."""
        return np.tanh(self.a)

    @property
    def y(self) -> Any:
        """Return the outputs, (I, D_o)."""
        return self.z @ self.at[2].T + self.at[3]

    @property
    def loss(self) -> float:
        """Return the mean of squares."""
        return float(np.mean((self.y - self.t) ** 2))

    def slopes(self, dy: Any = None, slope: Any = None) -> Arrays:
        """Return the gradient.

        dy: the derivative of the loss in the outputs, (I, D_o). slope: that of tanh, (I, D). None stands for the
        correct one.
        """
        dy = 2 * (self.y - self.t) / self.t.size if dy is None else dy
        da = dy @ self.at[2] * (1 - self.z**2 if slope is None else slope)
        return da.T @ self.x, da.sum(0), dy.T @ self.z, dy.sum(0)


Way = Callable[[Net], Arrays]
"""Computes a wrong gradient."""


def _formulas(values: Sequence[str], *ways: Way) -> Mapping[str, Sequence[Formula]]:
    """Return formulas of the gradients by these names; ways: compute all four."""

    def part(way: Way, k: int) -> Formula:
        return formula_of(_INPUTS, lambda x, t, *at: way(Net(x, t, at))[k])

    return {value: [part(way, k) for way in ways] for k, value in enumerate(values) if value}


# The gradient ---------------------------------------------------------------------------------------------------------


def _scaled(by: Callable[[Net], float]) -> Way:
    """Return a function that computes the gradient times a factor."""
    return lambda net: tuple(by(net) * slope for slope in net.slopes())


def _unsummed_biases(net: Net) -> Arrays:
    """Return the gradients of the biases before the sum over the samples: (I, D) and (I, D_o)."""
    dy = 2 * (net.y - net.t) / net.t.size
    return (dy @ net.at[2] * (1 - net.z**2), dy)


_GRADIENT = (
    Mistake("mean-missing", "The loss is a sum here, not a mean: nothing is divided by the number of its squares.",
            "By how many numbers does a mean over N samples of D_o outputs divide?",
            {"loss": formula_of(_INPUTS, lambda x, t, *at: Net(x, t, at).loss * t.size),
             **_formulas(_SLOPES, _scaled(lambda net: net.t.size))}),
    Mistake("mean-over-outputs-missing", "It is divided by the number of samples, not by that of the outputs too.",
            "How many squares has the sum, with N samples of D_o outputs?",
            {"loss": formula_of(_INPUTS, lambda x, t, *at: Net(x, t, at).loss * t.shape[1]),
             **_formulas(_SLOPES, _scaled(lambda net: net.t.shape[1]))}),
    Mistake("slope-dropped", "The slope of tanh is missing on the way back.",
            "How much of what comes back does a flat tanh let through?",
            _formulas(_SLOPES, lambda net: net.slopes(slope=1.0))),
    Mistake("pre-activation-for-activation", "`1 − a²`: the slope of tanh is 1 − z².",
            "Which of a and z = tanh a can't be larger than 1?",
            _formulas(_SLOPES, lambda net: net.slopes(slope=1 - net.a**2))),
    Mistake("bias-not-summed", "A bias has one slope for each sample here, and should have one.",
            "Every sample moves with the bias. How do their shares come together?",
            {name: formula_of(_INPUTS, lambda x, t, *at, k=k: _unsummed_biases(Net(x, t, at))[k])
             for k, name in enumerate(("db1", "db2"))}),
)  # fmt: skip

_PILED_UP = (
    Mistake("gradients-pile-up", "The gradients are there more than once: `backward` adds to what `.grad` holds.",
            "How often is `backward` called, and what was in `.grad` before?",
            _formulas(_SLOPES, _scaled(lambda net: 2.0)), together=True),
)  # fmt: skip

# Exceptions of PyTorch ------------------------------------------------------------------------------------------------


def _raised(kind: str, *words: str) -> Predicate:
    """Return a predicate: True if every failed value raised an exception of this kind with one of these words."""

    def predicate(trials: Trials) -> bool:
        return bool(trials.failed_values) and all(
            isinstance(value, NoValue) and value.kind == kind and any(word in value.verdict for word in words)
            for value in trials.failed_values
        )

    return predicate


_TORCH = (
    relation("tensor-returned", _raised("NotPlainError", "Tensor", "Parameter"), "What comes back holds a tensor.",
          "Which method makes a plain number of a tensor, and which an array?"),
    relation("no-gradient-arrived", _raised("AttributeError", "'NoneType' object has no attribute"),
          "`.grad` is None: no way back has reached this tensor.",
          "Was `backward` called before? And is this tensor a leaf, or was it computed from one?"),
    relation("not-watched", _raised("RuntimeError", "does not require grad"),
          "`backward` finds nothing to go back to: no tensor in the loss is watched.",
          "Which tensors need `requires_grad=True`?"),
    relation("still-watched", _raised("RuntimeError", "that requires grad"),
          "A tensor that is still watched can't become an array.", "What does `.detach()` do?"),
    relation("operands-do-not-fit", _raised("RuntimeError", "cannot be multiplied", "must match the size"),
          "Two tensors meet whose shapes don't fit together.",
          "Write the shape above each factor: which one has to be transposed, or to change sides?"),
)  # fmt: skip

# One step -------------------------------------------------------------------------------------------------------------


def _parameters_after(names: str, step: Callable[..., Arrays]) -> Mapping[str, Sequence[Formula]]:
    """Return formulas of the parameters after a step.

    names: further inputs of the formulas. step: takes a `Net` and these inputs, and returns the parameters.
    """

    def part(k: int) -> Formula:
        return formula_of(
            f"{_INPUTS} {names}", lambda x, t, W1, b1, W2, b2, *more: step(Net(x, t, (W1, b1, W2, b2)), *more)[k]
        )

    return {name: [part(k)] for k, name in enumerate(_PARAMETERS)}


def _step(net: Net, rate: float) -> Arrays:
    """Return the parameters after a correct step."""
    return tuple(value - rate * slope for value, slope in zip(net.at, net.slopes(), strict=True))


def _constant_rate(trials: Trials) -> bool:
    """True if every case steps along the gradient with one and the same rate, whatever rate it was given."""
    rates = []
    for trial in trials.all:
        if not all(name in trial.inputs for name in (*_INPUTS.split(), "lr")):
            return False
        actual, expected = finite_array(trial.actual[trials.value]), np.asarray(trial.first_expected(trials.value))
        before = trial.inputs[trials.value]
        if isinstance(actual, str) or actual.shape != expected.shape:
            return False
        expected_step, step = expected - before, actual - before
        rate = trial.inputs["lr"] * float(np.vdot(expected_step, step) / np.vdot(expected_step, expected_step))
        if not np.allclose(step, rate / trial.inputs["lr"] * expected_step, atol=1e-5 * np.abs(expected_step).max()):
            return False
        rates.append(rate)
    return rates[0] > 0 and bool(np.ptp(rates) < 1e-4 * rates[0])


_STEP = (
    Mistake("nothing-moves", "Nothing has moved: when `step` was called there was no gradient, or it came too late.",
            "In which order should `backward`, `step` and the reading of the parameters stand?",
            _parameters_after("", lambda net: net.at)),
    Mistake("gradient-ascent", "It climbs: the step goes along the gradient, not against it.",
            "Should the loss rise or fall?",
            _parameters_after("lr", lambda net, lr: _step(net, -lr))),
    Mistake("mean-missing", "The loss is a sum here, not a mean, so the step is too long.",
            "What does `mse_loss` take of the squares, where nothing else is said?",
            _parameters_after("lr", lambda net, lr: _step(net, lr * net.t.size))),
    Mistake("learning-rate-left-out", "The learning rate is always the same, whatever rate is handed over.",
            "Where does `lr` go in?", predicates=dict.fromkeys(_PARAMETERS, _constant_rate)),
)  # fmt: skip

# A descent ------------------------------------------------------------------------------------------------------------

_RUN = "x t hidden lr epochs seed first_parameters"


@dataclass
class Descent:
    """The inputs of a descent, and the correct descent."""

    x: Any
    t: Any
    hidden: int
    lr: float
    epochs: int
    seed: int
    first_parameters: Callable[[int, int], Arrays]

    def net(self, at: Arrays | None = None) -> Net:
        """Return the network with these parameters, or with the first ones."""
        return Net(self.x, self.t, self.first_parameters(self.hidden, self.seed) if at is None else at)

    def run(self, slopes: Way = Net.slopes, epochs: int | None = None) -> tuple[list[float], Net]:
        """Return the losses before each step and after the last, and the network after the last step.

        slopes: computes the gradient. epochs: the number of steps, by default that of the inputs.
        """
        net, losses = self.net(), []
        for _ in range(self.epochs if epochs is None else epochs):
            losses.append(net.loss)
            pairs = zip(net.at, slopes(net), strict=True)
            net = self.net(tuple(value - self.lr * slope for value, slope in pairs))
        return [*losses, net.loss], net


def _run(
    name: str,
    explanation: str,
    hint: str,
    losses: Callable[[Descent], Any] | None,
    predictions: Callable[[Descent], Any] | None,
    section: str = "",
) -> Mistake:
    """Return a mistake in a descent that spoils losses and predictions together.

    losses, predictions: compute the wrong values from a `Descent`; None where the value is correct.
    """

    def formula(value: Callable[[Descent], Any]) -> Formula:
        return formula_of(_RUN, lambda *inputs: value(Descent(*inputs)))

    both = {"losses": losses, "predictions": predictions}
    formulas = {name: formula(value) for name, value in both.items() if value}
    return Mistake(name, explanation, hint, formulas, section=section, together=True)


def _accumulated() -> Way:
    """Return a gradient function that returns the sum of the gradients of all its calls."""
    gradients: list[Arrays] = []

    def slopes(net: Net) -> Arrays:
        gradients.append(net.slopes())
        return tuple(sum(arrays) for arrays in zip(*gradients, strict=True))

    return slopes


def _all_pairs(net: Net) -> Arrays:
    """Return the gradient of a loss in which every output is compared with every target."""
    return net.slopes(dy=2 * (net.y - net.t.mean()) / net.t.size)


def _all_pairs_losses(run: Descent) -> Any:
    """Return the losses of a descent in which every output is compared with every target."""
    nets = [run.run(_all_pairs, epochs)[1] for epochs in range(run.epochs)]
    return np.array([np.mean((net.y - net.t.T) ** 2) for net in nets])


def _summed(net: Net) -> Arrays:
    """Return the gradient of the sum of squares."""
    return net.slopes(dy=2 * (net.y - net.t))


def _ignores_first_parameters(trials: Trials) -> bool:
    """True if losses fall from another first loss in every trial, and the cell never names `first_parameters`."""
    names = {node.id for node in ast.walk(parse(trials.source)) if isinstance(node, ast.Name)}
    for trial in trials.all:
        losses = finite_array(trial.actual["losses"])
        if isinstance(losses, str) or losses.shape != (trial.inputs.get("epochs"),) or (np.diff(losses) >= 0).any():
            return False
        if is_close(losses[0], trial.first_expected("losses")[0]):
            return False
    return bool(names) and "first_parameters" not in names


def _changed_in_place(trials: Trials) -> bool:
    """True if PyTorch raised because a step changed parameters before `backward` had used them."""
    return any(
        isinstance(value, NoValue) and "by an inplace operation" in value.verdict for value in trials.failed_values
    )


_DESCENT = (
    _run("gradients-pile-up", "Gradients of earlier epochs are still in `.grad`: `backward` adds to them.",
         "Which of the five lines of the loop clears them?",
         lambda run: np.array(run.run(_accumulated())[0][:-1]), lambda run: run.run(_accumulated())[1].y,
         section="section 6, “Gradients pile up”"),
    Mistake("step-before-backward", "`step` comes before `backward`: it moves what the way back still needs.",
            "At which parameters was this loss computed, and where are they when `backward` is called?",
            predicates=dict.fromkeys(("losses", "predictions"), _changed_in_place)),
    _run("nothing-moves", "Nothing moves: whenever `step` is called, there is no gradient.",
         "What stands between `backward` and `step`?",
         lambda run: np.full(run.epochs, run.net().loss), lambda run: run.net().y),
    _run("losses-after-the-step", "The losses are those after each step, and should be those before it.",
         "With which loss does the first epoch begin?", lambda run: np.array(run.run()[0][1:]), None),
    _run("predictions-before-the-last-step", "The predictions are those before the last step.",
         "Which parameters had the network when these outputs were computed?",
         None, lambda run: run.run(epochs=run.epochs - 1)[1].y),
    _run("mean-missing", "The loss is a sum, not a mean: with so many samples the steps are far too long.",
         "What does `mse_loss` take of the squares, where nothing else is said?",
         lambda run: np.array(run.run(_summed)[0][:-1]) * run.t.size, lambda run: run.run(_summed)[1].y),
    _run("every-output-meets-every-target", "In the loss a column meets a row: each output meets all the targets.",
         "Which shapes have the outputs and the targets, and what does broadcasting make of them?",
         _all_pairs_losses, lambda run: run.run(_all_pairs)[1].y),
    Mistake("first-parameters-of-its-own", "The run does not begin at `first_parameters(hidden, seed)`.",
            "Which function gives the first parameters?",
            predicates={"losses": _ignores_first_parameters, "predictions": _ignores_first_parameters}),
)  # fmt: skip


def _fit_failed(kind: str) -> Mapping[str, Predicate]:
    """Return a table with a predicate: True if some failed value of `predictions_fit` is a NoValue of this kind."""

    def predicate(trials: Trials) -> bool:
        return any(isinstance(value, NoValue) and value.kind == kind for value in trials.failed_values)

    return {"predictions_fit": predicate}


_CHOICE = (
    Mistake("learning-rate-too-large", "The run explodes.", "What should a learning rate be if each step overshoots?",
            predicates=_fit_failed("Exploded")),
    Mistake("not-there-yet", "The loss stays far above the noise: the curve is not found.",
            "Does the learning curve still fall at its end, or has it too few units to bend any further?",
            predicates=_fit_failed("NotThereYet")),
    Mistake("noise-learned", "The noise is learned by heart: these are the points themselves.",
            "What would the network say between two points?", predicates=_fit_failed("NoiseLearned")),
)  # fmt: skip

NUMPY_GRADIENTS: Sequence[Mistake] = _GRADIENT

TORCH_GRADIENTS: Sequence[Mistake] = (*_GRADIENT, *_PILED_UP, *_TORCH)

ONE_STEP: Sequence[Mistake] = (*_TORCH, *_STEP)

DESCENT: Sequence[Mistake] = (*_TORCH, *_DESCENT)

CHOICE: Sequence[Mistake] = (*_TORCH, *_CHOICE)
