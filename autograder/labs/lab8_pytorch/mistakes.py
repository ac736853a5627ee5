"""Mistakes people make with one hidden layer of tanh units, in NumPy and in PyTorch: lab 8.

Values are the gradients dW1, db1, dW2, db2 of a mean of squares; the parameters W1, b1, W2, b2 after one step; and the
losses and predictions of a descent. Each formula begins with what goes in: x and t, samples as rows, and parameters.
"""

from __future__ import annotations

import ast
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from autograder.diagnosis.mistake import Formula, Mistake, Predicate, formula_of, relation
from autograder.diagnosis.trial import NoValue, Trials, finite_array, is_close, parse

_PARAMETERS = "W1", "b1", "W2", "b2"
_SLOPES = "dW1", "db1", "dW2", "db2"
_IN = "x t W1 b1 W2 b2"

Arrays = tuple[Any, ...]
"""An array for each of W1, b1, W2, b2."""


@dataclass(frozen=True)
class Net:
    """A network, its data, and what a right forward pass makes of them."""

    x: Any
    t: Any
    at: Arrays

    @property
    def a(self) -> Any:
        """Pre-activations of the hidden units."""
        return self.x @ self.at[0].T + self.at[1]

    @property
    def z(self) -> Any:
        """Activations of the hidden units."""
        return np.tanh(self.a)

    @property
    def y(self) -> Any:
        """Outputs."""
        return self.z @ self.at[2].T + self.at[3]

    @property
    def loss(self) -> float:
        """The mean of squares."""
        return float(np.mean((self.y - self.t) ** 2))

    def slopes(self, dy: Any = None, slope: Any = None) -> Arrays:
        """Return the gradient, from this dy and slope of tanh, or the correct ones."""
        dy = 2 * (self.y - self.t) / self.t.size if dy is None else dy
        da = dy @ self.at[2] * (1 - self.z**2 if slope is None else slope)
        return da.T @ self.x, da.sum(0), dy.T @ self.z, dy.sum(0)


Way = Callable[[Net], Arrays]
"""Computes a wrong gradient of a network."""


def _formulas(values: Sequence[str], *ways: Way) -> Mapping[str, Sequence[Formula]]:
    def one(way: Way, k: int) -> Formula:
        return formula_of(_IN, lambda x, t, *at: way(Net(x, t, at))[k])

    return {value: [one(way, k) for way in ways] for k, value in enumerate(values) if value}


# The gradient ---------------------------------------------------------------------------------------------------------


def _scaled(by: Callable[[Net], float]) -> Way:
    return lambda net: tuple(by(net) * slope for slope in net.slopes())


def _torn(net: Net) -> Arrays:
    """Return the slopes of the biases with a row for each sample."""
    dy = 2 * (net.y - net.t) / net.t.size
    return (dy @ net.at[2] * (1 - net.z**2), dy)


_GRADIENT = (
    Mistake("mean-missing", "The loss is a sum here, not a mean: nothing is divided by the number of its squares.",
            "By how many numbers does a mean over N samples of D_o outputs divide?",
            {"loss": formula_of(_IN, lambda x, t, *at: Net(x, t, at).loss * t.size),
             **_formulas(_SLOPES, _scaled(lambda net: net.t.size))}),
    Mistake("mean-over-outputs-missing", "It is divided by the number of samples, not by that of the outputs too.",
            "How many squares has the sum, with N samples of D_o outputs?",
            {"loss": formula_of(_IN, lambda x, t, *at: Net(x, t, at).loss * t.shape[1]),
             **_formulas(_SLOPES, _scaled(lambda net: net.t.shape[1]))}),
    Mistake("slope-dropped", "The slope of tanh is missing on the way back.",
            "How much of what comes back does a flat tanh let through?",
            _formulas(_SLOPES, lambda net: net.slopes(slope=1.0))),
    Mistake("pre-activation-for-activation", "`1 − a²`: the slope of tanh is 1 − z².",
            "Which of a and z = tanh a can't be larger than 1?",
            _formulas(_SLOPES, lambda net: net.slopes(slope=1 - net.a**2))),
    Mistake("bias-not-summed", "A bias has one slope for each sample here, and should have one.",
            "Every sample moves with the bias. How do their shares come together?",
            {name: formula_of(_IN, lambda x, t, *at, k=k: _torn(Net(x, t, at))[k])
             for k, name in enumerate(("db1", "db2"))}),
)  # fmt: skip

_PILED_UP = (
    Mistake("gradients-pile-up", "The gradients are there more than once: `backward` adds to what `.grad` holds.",
            "How often is `backward` called, and what was in `.grad` before?",
            _formulas(_SLOPES, _scaled(lambda net: 2.0)), together=True),
)  # fmt: skip

# What PyTorch says ----------------------------------------------------------------------------------------------------


def _said(kind: str, *words: str) -> Predicate:
    """Seen where each wrong case raised this, in these words."""

    def predicate(trials: Trials) -> bool:
        return bool(trials.failed_values) and all(
            isinstance(value, NoValue) and value.kind == kind and any(word in value.verdict for word in words)
            for value in trials.failed_values
        )

    return predicate


_TORCH = (
    relation("tensor-returned", _said("NotPlainError", "Tensor", "Parameter"), "What comes back holds a tensor.",
             "Which method makes a plain number of a tensor, and which an array?"),
    relation("no-gradient-arrived", _said("AttributeError", "'NoneType' object has no attribute"),
             "`.grad` is None: no way back has reached this tensor.",
             "Was `backward` called before? And is this tensor a leaf, or was it computed from one?"),
    relation("not-watched", _said("RuntimeError", "does not require grad"),
             "`backward` finds nothing to go back to: no tensor in the loss is watched.",
             "Which tensors need `requires_grad=True`?"),
    relation("still-watched", _said("RuntimeError", "that requires grad"),
             "A tensor that is still watched can't become an array.", "What does `.detach()` do?"),
    relation("operands-do-not-fit", _said("RuntimeError", "cannot be multiplied", "must match the size"),
             "Two tensors meet whose shapes don't fit together.",
             "Write the shape above each factor: which one has to be transposed, or to change sides?"),
)  # fmt: skip

# One step -------------------------------------------------------------------------------------------------------------


def _stepped(names: str, step: Callable[..., Arrays]) -> Mapping[str, Sequence[Formula]]:
    """Return formulas of the parameters after a step, of the network and the rate."""

    def one(k: int) -> Formula:
        return formula_of(
            f"{_IN} {names}", lambda x, t, W1, b1, W2, b2, *more: step(Net(x, t, (W1, b1, W2, b2)), *more)[k]
        )

    return {name: [one(k)] for k, name in enumerate(_PARAMETERS)}


def _moved(net: Net, rate: float) -> Arrays:
    return tuple(value - rate * slope for value, slope in zip(net.at, net.slopes(), strict=True))


def _another_rate(trials: Trials) -> bool:
    """True if every case moved along the gradient at one rate, whatever rate it was given."""
    rates = []
    for trial in trials.all:
        if not all(name in trial.inputs for name in (*_IN.split(), "lr")):
            return False
        came, expected = finite_array(trial.actual[trials.value]), np.asarray(trial.first_expected(trials.value))
        before = trial.inputs[trials.value]
        if isinstance(came, str) or came.shape != expected.shape:
            return False
        should, did = expected - before, came - before
        rate = trial.inputs["lr"] * float(np.vdot(should, did) / np.vdot(should, should))
        if not np.allclose(did, rate / trial.inputs["lr"] * should, atol=1e-5 * np.abs(should).max()):
            return False
        rates.append(rate)
    return rates[0] > 0 and bool(np.ptp(rates) < 1e-4 * rates[0])


_STEP = (
    Mistake("nothing-moves", "Nothing has moved: when `step` was called there was no gradient, or it came too late.",
            "In which order should `backward`, `step` and the reading of the parameters stand?",
            _stepped("", lambda net: net.at)),
    Mistake("gradient-ascent", "It climbs: the step goes along the gradient, not against it.",
            "Should the loss rise or fall?",
            _stepped("lr", lambda net, lr: _moved(net, -lr))),
    Mistake("mean-missing", "The loss is a sum here, not a mean, so the step is too long.",
            "What does `mse_loss` take of the squares, where nothing else is said?",
            _stepped("lr", lambda net, lr: _moved(net, lr * net.t.size))),
    Mistake("learning-rate-left-out", "The learning rate is always the same, whatever rate is handed over.",
            "Where does `lr` go in?", predicates=dict.fromkeys(_PARAMETERS, _another_rate)),
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
        """Return the network with some parameters, or the first."""
        return Net(self.x, self.t, self.first_parameters(self.hidden, self.seed) if at is None else at)

    def run(self, slopes: Way = Net.slopes, epochs: int | None = None) -> tuple[list[float], Net]:
        """Return the losses before each step and after the last, and the last network, by this gradient."""
        net, losses = self.net(), []
        for _ in range(self.epochs if epochs is None else epochs):
            losses.append(net.loss)
            moved = zip(net.at, slopes(net), strict=True)
            net = self.net(tuple(value - self.lr * slope for value, slope in moved))
        return [*losses, net.loss], net


def _run(
    name: str,
    explanation: str,
    hint: str,
    losses: Callable[[Descent], Any] | None,
    predictions: Callable[[Descent], Any] | None,
    section: str = "",
) -> Mistake:
    def formula(value: Callable[[Descent], Any]) -> Formula:
        return formula_of(_RUN, lambda *given: value(Descent(*given)))

    both = {"losses": losses, "predictions": predictions}
    formulas = {name: formula(value) for name, value in both.items() if value}
    return Mistake(name, explanation, hint, formulas, section=section, together=True)


def _piling() -> Way:
    """Return a gradient that is added to all that came before it."""
    so_far: list[Arrays] = []

    def slopes(net: Net) -> Arrays:
        so_far.append(net.slopes())
        return tuple(sum(one) for one in zip(*so_far, strict=True))

    return slopes


def _square(net: Net) -> Arrays:
    """Return the gradient where every output meets every target."""
    return net.slopes(dy=2 * (net.y - net.t.mean()) / net.t.size)


def _square_losses(run: Descent) -> Any:
    nets = [run.run(_square, epochs)[1] for epochs in range(run.epochs)]
    return np.array([np.mean((net.y - net.t.T) ** 2) for net in nets])


def _summed(net: Net) -> Arrays:
    return net.slopes(dy=2 * (net.y - net.t))


def _own_start(trials: Trials) -> bool:
    """Losses fall, and nothing in the cell says where the first parameters come from."""
    names = {node.id for node in ast.walk(parse(trials.source)) if isinstance(node, ast.Name)}
    for trial in trials.all:
        losses = finite_array(trial.actual["losses"])
        if isinstance(losses, str) or losses.shape != (trial.inputs.get("epochs"),) or (np.diff(losses) >= 0).any():
            return False
        if is_close(losses[0], trial.first_expected("losses")[0]):
            return False
    return bool(names) and "first_parameters" not in names


def _moved_in_between(trials: Trials) -> bool:
    """PyTorch found parameters changed that the loss was computed with."""
    return any(
        isinstance(value, NoValue) and "by an inplace operation" in value.verdict for value in trials.failed_values
    )


_DESCENT = (
    _run("gradients-pile-up", "Gradients of earlier epochs are still in `.grad`: `backward` adds to them.",
         "Which of the five lines of the loop clears them?",
         lambda run: np.array(run.run(_piling())[0][:-1]), lambda run: run.run(_piling())[1].y,
         section="section 6, “Gradients pile up”"),
    Mistake("step-before-backward", "`step` comes before `backward`: it moves what the way back still needs.",
            "At which parameters was this loss computed, and where are they when `backward` is called?",
            predicates=dict.fromkeys(("losses", "predictions"), _moved_in_between)),
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
         _square_losses, lambda run: run.run(_square)[1].y),
    Mistake("first-parameters-of-its-own", "The run does not begin at `first_parameters(hidden, seed)`.",
            "Which function gives the first parameters?",
            predicates={"losses": _own_start, "predictions": _own_start}),
)  # fmt: skip


def _judged(kind: str) -> Mapping[str, Predicate]:
    def predicate(trials: Trials) -> bool:
        return any(isinstance(value, NoValue) and value.kind == kind for value in trials.failed_values)

    return {"predictions_fit": predicate}


_CHOICE = (
    Mistake("learning-rate-too-large", "The run explodes.", "What should a learning rate be if each step overshoots?",
            predicates=_judged("Exploded")),
    Mistake("not-there-yet", "The loss stays far above the noise: the curve is not found.",
            "Does the learning curve still fall at its end, or has it too few units to bend any further?",
            predicates=_judged("NotThereYet")),
    Mistake("noise-learned", "The noise is learned by heart: these are the points themselves.",
            "What would the network say between two points?", predicates=_judged("NoiseLearned")),
)  # fmt: skip

NUMPY_GRADIENTS: Sequence[Mistake] = _GRADIENT

TORCH_GRADIENTS: Sequence[Mistake] = (*_GRADIENT, *_PILED_UP, *_TORCH)

ONE_STEP: Sequence[Mistake] = (*_TORCH, *_STEP)

DESCENT: Sequence[Mistake] = (*_TORCH, *_DESCENT)

CHOICE: Sequence[Mistake] = (*_TORCH, *_CHOICE)
