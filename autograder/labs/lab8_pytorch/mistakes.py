"""Known mistakes with one hidden layer of tanh units, in NumPy and in PyTorch: lab 8.

Values are the gradients dW1, db1, dW2, db2 of a mean of squares; the parameters W1, b1, W2, b2 after one step; and the
losses and predictions of a descent. Each formula takes first the inputs: x and t, samples as rows, and parameters.
"""

from __future__ import annotations

import ast
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Any

import numpy as np

from autograder.cell_code import tree_or_empty
from autograder.diagnosis.formulas import Computation, Formulas, Step, descend, formula_of
from autograder.diagnosis.mistake import Mistake, symptom
from autograder.diagnosis.no_value import raised
from autograder.diagnosis.trial import Trials, finite_array, is_close

_PARAMETERS = "W1", "b1", "W2", "b2"
_INPUTS = "x t W1 b1 W2 b2"

# The gradient ---------------------------------------------------------------------------------------------------------

_NET = Computation(
    f"{_INPUTS} lr",
    "loss dW1 db1 dW2 db2",
    {
        "a": lambda x, W1, b1: x @ W1.T + b1,
        "z": lambda a: np.tanh(a),
        "y": lambda z, W2, b2: z @ W2.T + b2,
        "loss": lambda y, t: float(np.mean((y - t) ** 2)),
        "dy": lambda y, t: 2 * (y - t) / t.size,
        "slope": lambda z: 1 - z**2,
        "da": lambda dy, W2, slope: dy @ W2 * slope,
        "dW1": lambda da, x: da.T @ x,
        "db1": lambda da: da.sum(0),
        "dW2": lambda dy, z: dy.T @ z,
        "db2": lambda dy: dy.sum(0),
        "gradient": lambda dW1, db1, dW2, db2: (dW1, db1, dW2, db2),
        **{f"{name}_after": formula_of(f"{name} d{name} lr", lambda value, slope, lr: value - lr * slope)
           for name in _PARAMETERS},
    },
)  # fmt: skip

_GRADIENT = (
    Mistake("mean-missing", "The loss is a sum here, not a mean: nothing is divided by the number of its squares.",
            "By how many numbers does a mean over N samples of D_o outputs divide?",
            _NET.formulas({"loss": lambda loss, t: loss * t.size, "dy": lambda dy, t: dy * t.size})),
    Mistake("mean-over-outputs-missing", "It is divided by the number of samples, not by that of the outputs too.",
            "How many squares has the sum, with N samples of D_o outputs?",
            _NET.formulas({"loss": lambda loss, t: loss * t.shape[1], "dy": lambda dy, t: dy * t.shape[1]})),
    Mistake("slope-dropped", "The slope of tanh is missing on the way back.",
            "How much of what comes back does a flat tanh let through?",
            _NET.formulas({"slope": lambda: 1.0})),
    Mistake("pre-activation-for-activation", "`1 − a²`: the slope of tanh is 1 − z².",
            "Which of a and z = tanh a can't be larger than 1?",
            _NET.formulas({"slope": lambda a: 1 - a**2})),
    Mistake("bias-not-summed", "A bias has one slope for each sample here, and should have one.",
            "Every sample moves with the bias. How do their shares come together?",
            _NET.formulas({"db1": lambda da: da, "db2": lambda dy: dy})),
)  # fmt: skip

_PILED_UP = (
    Mistake("gradients-pile-up", "The gradients are there more than once: `backward` adds to what `.grad` holds.",
            "How often is `backward` called, and what was in `.grad` before?",
            _NET.formulas({"dy": lambda dy: 2 * dy}), together=True),
)  # fmt: skip

# Exceptions of PyTorch ------------------------------------------------------------------------------------------------


_TORCH = (
    symptom("tensor-returned", raised("NotPlainError", words="Tensor|Parameter"), "What comes back holds a tensor.",
            "Which method makes a plain number of a tensor, and which an array?"),
    symptom("no-gradient-arrived", raised("AttributeError", words="'NoneType' object has no attribute"),
            "`.grad` is None: no way back has reached this tensor.",
            "Was `backward` called before? And is this tensor a leaf, or was it computed from one?"),
    symptom("not-watched", raised("RuntimeError", words="does not require grad"),
            "`backward` finds nothing to go back to: no tensor in the loss is watched.",
            "Which tensors need `requires_grad=True`?"),
    symptom("still-watched", raised("RuntimeError", words="that requires grad"),
            "A tensor that is still watched can't become an array.", "What does `.detach()` do?"),
    symptom("operands-do-not-fit", raised("RuntimeError", words="cannot be multiplied|must match the size"),
            "Two tensors meet whose shapes don't fit together.",
            "Write the shape above each factor: which one has to be transposed, or to change sides?"),
)  # fmt: skip

# One step -------------------------------------------------------------------------------------------------------------


def _after(way: Mapping[str, Step]) -> Formulas:
    """Return formulas of the parameters after a step, with the names that the parameters had before it."""
    stepping = replace(_NET, values=" ".join(f"{name}_after" for name in _PARAMETERS))
    return {value.removesuffix("_after"): formulas for value, formulas in stepping.formulas(way).items()}


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
            _after({"lr": lambda: 0.0})),
    Mistake("gradient-ascent", "It climbs: the step goes along the gradient, not against it.",
            "Should the loss rise or fall?",
            _after({"lr": lambda lr: -lr})),
    Mistake("mean-missing", "The loss is a sum here, not a mean, so the step is too long.",
            "What does `mse_loss` take of the squares, where nothing else is said?",
            _after({"dy": lambda dy, t: dy * t.size})),
    Mistake("learning-rate-left-out", "The learning rate is always the same, whatever rate is handed over.",
            "Where does `lr` go in?", predicates=dict.fromkeys(_PARAMETERS, _constant_rate)),
)  # fmt: skip

# A descent ------------------------------------------------------------------------------------------------------------


def _net_at(**replaced: Step) -> Step:
    """Return a step of a descent: the function that computes a value of the network, by name, at some parameters."""

    def net(x: Any, t: Any, at: Sequence[Any], value: str) -> Any:
        return _NET.compute(value, dict(zip(_INPUTS.split(), (x, t, *at), strict=True)), replaced)

    return net


def _step(at: Sequence[Any], gradient: Sequence[Any], lr: float) -> list[Any]:
    """Return the parameters after a step."""
    return [value - lr * slope for value, slope in zip(at, gradient, strict=True)]


def _piled_up(first: Any, iterations: int, net: Callable[..., Any], lr: float) -> list[Any]:
    """Return the parameters before each step and after the last, each step being along the sum of all gradients."""
    path, gradients = [first], []
    for _ in range(iterations):
        gradients.append(net(at=path[-1], value="gradient"))
        path.append(_step(path[-1], [sum(arrays) for arrays in zip(*gradients, strict=True)], lr))
    return path


_RUN = Computation(
    "x t hidden lr epochs seed first_parameters",
    "losses predictions",
    {
        "first": lambda first_parameters, hidden, seed: first_parameters(hidden, seed),
        "iterations": lambda epochs: epochs,
        "net": _net_at(),
        "update": lambda net, lr, at: _step(at, net(at=at, value="gradient"), lr),
        "path": descend,
        "losses": lambda net, path: np.array([net(at=at, value="loss") for at in path[:-1]]),
        "predictions": lambda net, path: net(at=path[-1], value="y"),
    },
    keywords="at value",
)


def _ignores_first_parameters(trials: Trials) -> bool:
    """True if losses fall from another first loss in every trial, and the cell never names `first_parameters`."""
    names = {node.id for node in ast.walk(tree_or_empty(trials.source)) if isinstance(node, ast.Name)}
    for trial in trials.all:
        losses = finite_array(trial.actual["losses"])
        if isinstance(losses, str) or losses.shape != (trial.inputs.get("epochs"),) or (np.diff(losses) >= 0).any():
            return False
        if is_close(losses[0], trial.first_expected("losses")[0]):
            return False
    return bool(names) and "first_parameters" not in names


_DESCENT = (
    Mistake("gradients-pile-up", "Gradients of earlier epochs are still in `.grad`: `backward` adds to them.",
            "Which of the five lines of the loop clears them?",
            _RUN.formulas({"path": _piled_up}), together=True, section="section 6, “Gradients pile up”"),
    symptom("step-before-backward", raised("RuntimeError", words="by an inplace operation"),
            "`step` comes before `backward`: it moves what the way back still needs.",
            "At which parameters was this loss computed, and where are they when `backward` is called?",
            ("losses", "predictions")),
    Mistake("nothing-moves", "Nothing moves: whenever `step` is called, there is no gradient.",
            "What stands between `backward` and `step`?",
            _RUN.formulas({"update": lambda at: at}), together=True),
    Mistake("losses-after-the-step", "The losses are those after each step, and should be those before it.",
            "With which loss does the first epoch begin?",
            _RUN.formulas({"losses": lambda net, path: np.array([net(at=at, value="loss") for at in path[1:]])}),
            together=True),
    Mistake("predictions-before-the-last-step", "The predictions are those before the last step.",
            "Which parameters had the network when these outputs were computed?",
            _RUN.formulas({"predictions": lambda net, path: net(at=path[-2], value="y")}), together=True),
    Mistake("mean-missing", "The loss is a sum, not a mean: with so many samples the steps are far too long.",
            "What does `mse_loss` take of the squares, where nothing else is said?",
            _RUN.formulas({"net": _net_at(loss=lambda loss, t: loss * t.size, dy=lambda dy, t: dy * t.size)}),
            together=True),
    Mistake("every-output-meets-every-target", "In the loss a column meets a row: each output meets all the targets.",
            "Which shapes have the outputs and the targets, and what does broadcasting make of them?",
            _RUN.formulas({"net": _net_at(loss=lambda y, t: np.mean((y - t.T) ** 2),
                                          dy=lambda y, t: 2 * (y - t.mean()) / t.size)}), together=True),
    Mistake("first-parameters-of-its-own", "The run does not begin at `first_parameters(hidden, seed)`.",
            "Which function gives the first parameters?",
            predicates={"losses": _ignores_first_parameters, "predictions": _ignores_first_parameters}),
)  # fmt: skip


_FIT = ("predictions_fit",)

_CHOICE = (
    symptom("learning-rate-too-large", raised("Exploded"), "The run explodes.",
            "What should a learning rate be if each step overshoots?", _FIT),
    symptom("not-there-yet", raised("NotThereYet"), "The loss stays far above the noise: the curve is not found.",
            "Does the learning curve still fall at its end, or has it too few units to bend any further?", _FIT),
    symptom("noise-learned", raised("NoiseLearned"), "The noise is learned by heart: these are the points themselves.",
            "What would the network say between two points?", _FIT),
)  # fmt: skip

NUMPY_GRADIENTS: Sequence[Mistake] = _GRADIENT

TORCH_GRADIENTS: Sequence[Mistake] = (*_GRADIENT, *_PILED_UP, *_TORCH)

ONE_STEP: Sequence[Mistake] = (*_TORCH, *_STEP)

DESCENT: Sequence[Mistake] = (*_TORCH, *_DESCENT)

CHOICE: Sequence[Mistake] = (*_TORCH, *_CHOICE)
