"""Known mistakes in a loop of gradient descent: lab 1, section 8.

Every formula runs the loop with a forward pass, a backward pass and an update of the case: the reference's or the
student's own. So it recognises a mistake in the loop whatever mistakes are in those functions.
"""

from __future__ import annotations

import ast
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from autograder.cell_code import tree_or_empty
from autograder.diagnosis.formulas import Computation, descend
from autograder.diagnosis.mistake import Mistake
from autograder.diagnosis.trial import OneOf, Trials, finite_array, is_close

_VALUES = "train_costs", "weights", "bias"
Parameters = tuple[Any, Any]
"""Weights and bias."""


def _formats(costs: list[float]) -> OneOf:
    """Return the costs in one of three formats: before each step, after each step, or both ends included."""
    return OneOf((np.array(costs[:-1]), np.array(costs[1:]), np.array(costs)))


_DESCENT = Computation(
    "x_train y_train iterations alpha initialize forward_pass backward_pass update_parameters x_hp x_all mpg",
    " ".join(_VALUES),
    {
        "first": lambda initialize, x_train: initialize(x_train.shape[1]),
        "output": lambda forward_pass, x_train, at: forward_pass(x_train, *at),
        "gradient": lambda backward_pass, x_train, y_train, output, at:
            backward_pass(*at, x_train, output(at=at), y_train),
        "update": lambda update_parameters, gradient, alpha, at, k: update_parameters(*at, *gradient(at=at), alpha),
        "path": descend,
        "errors": lambda forward_pass, x_train, y_train, at: forward_pass(x_train, *at) - y_train,
        "cost": lambda errors, at: np.mean(errors(at=at) ** 2),
        "costs": lambda path, cost: [cost(at=at) for at in path],
        "train_costs": _formats,
        "weights": lambda path: path[-1][0],
        "bias": lambda path: path[-1][1],
    },
    keywords="at k",
)  # fmt: skip

_BEFORE_EACH_STEP = {"train_costs": lambda costs: np.array(costs[:-1])}
_ALWAYS_THE_FIRST = {"train_costs": lambda cost, first, iterations: np.full(iterations, cost(at=first))}


def _bias_after_weights(update: Callable[..., Parameters], at: Parameters, k: int) -> Parameters:
    """Return the parameters after a step in which the bias moves along its gradient at the new weights."""
    weights = update(at=at, k=k)[0]
    return weights, update(at=(weights, at[1]), k=k)[1]


def _sample_by_sample(
    x_train: Any,
    y_train: Any,
    forward_pass: Callable[..., Any],
    backward_pass: Callable[..., Parameters],
    update_parameters: Callable[..., Parameters],
    alpha: float,
    at: Parameters,
    k: int,
) -> Parameters:
    """Return the parameters after a step along the gradient of one sample, the samples taken in turn."""
    x, y = _sample(x_train, k), _sample(y_train, k)
    return update_parameters(*at, *backward_pass(*at, x, forward_pass(x, *at), y), alpha)


def _sample(samples: Any, k: int) -> Any:
    """Return the sample of iteration k as an array of one row."""
    return samples[[k % len(samples)]]


def _never_ran(trials: Trials) -> bool:
    """True if in every trial the list of costs is empty and the weights are the first ones."""
    return all(
        not isinstance(costs := finite_array(trial.actual.get("train_costs")), str)
        and costs.size == 0
        and is_close(trial.actual.get("weights"), trial.inputs["initialize"](trial.inputs["x_train"].shape[1])[0])
        for trial in trials.all
    )


def _ignores_initialize(trials: Trials) -> bool:
    """True if costs fall in every trial, one for each iteration or one more, but the cell never names `initialize`."""
    names = {node.id for node in ast.walk(tree_or_empty(trials.source)) if isinstance(node, ast.Name)}
    for trial in trials.all:
        costs, count = finite_array(trial.actual.get("train_costs")), trial.inputs["iterations"]
        if isinstance(costs, str) or costs.size not in (count, count + 1) or not (np.diff(costs.ravel()) < 0).all():
            return False
    return bool(names) and "initialize" not in names


DESCENT: Sequence[Mistake] = (
    Mistake("forward-pass-outside-the-loop", "The outputs are computed once, before the loop, and never again.",
            "Which of the four steps must be done anew in every iteration?",
            _DESCENT.formulas({"output": lambda output, first: output(at=first), **_ALWAYS_THE_FIRST})),
    Mistake("gradient-outside-the-loop", "The gradient is computed once, before the loop, and never again.",
            "Is the slope the same wherever you stand?",
            _DESCENT.formulas({"gradient": lambda gradient, first: gradient(at=first)})),
    Mistake("learning-rate-left-out", "The learning rate is not handed on: the step is the whole gradient.",
            "Where does `alpha` go in?", _DESCENT.formulas({"alpha": lambda: 1.0}),
            section="section 7, “One step downhill”"),
    Mistake("gradient-ascent", "It climbs: every step goes along the gradient, not against it.",
            "Should the costs in your list rise or fall?", _DESCENT.formulas({"alpha": lambda alpha: -alpha}),
            section="section 7, “One step downhill”"),
    Mistake("loop-never-runs", "The loop never runs: there is no cost, and nothing has moved.",
            "Which condition lets the first round begin?", predicates=dict.fromkeys(_VALUES, _never_ran)),
    Mistake("first-parameters-returned", "The first parameters come back, not the last.",
            "Which names hold the parameters after the last step?",
            _DESCENT.formulas({"weights": lambda first: first[0], "bias": lambda first: first[1]}), together=True),
    Mistake("step-not-kept", "The new parameters are not kept: every iteration begins where the first one did.",
            "Which names does the next iteration read, and which did you write?",
            _DESCENT.formulas({"update": lambda at: at, **_ALWAYS_THE_FIRST}), together=True),
    Mistake("initialised-in-every-iteration", "Every iteration begins with the first parameters again.",
            "Which line has to stand before the loop?",
            _DESCENT.formulas({
                "update": lambda update, first, k: update(at=first, k=k),
                "train_costs": lambda costs, iterations: OneOf(tuple(np.full(iterations, cost) for cost in costs[:2])),
            })),
    Mistake("already-changed-weights", "The slope of the bias is taken where the weights have already moved.",
            "At which point is a gradient taken: at one, or at one for each parameter?",
            _DESCENT.formulas({"update": _bias_after_weights})),
    Mistake("bias-forgotten", "The bias never moves.", "How many things does an update give back?",
            _DESCENT.formulas({"update": lambda update, at, k: (update(at=at, k=k)[0], at[1])})),
    Mistake("mean-taken-twice", "The gradient is divided by the number of samples once more.",
            "Where did the cost's 1/I come in already?",
            _DESCENT.formulas({"gradient": lambda gradient, y_train, at: [d / len(y_train) for d in gradient(at=at)]})),
    Mistake("one-step-too-few", "The loop makes one step less than it was asked for.",
            "How many numbers are there in `range(1, n)`?",
            _DESCENT.formulas({"iterations": lambda iterations: iterations - 1,
                               "train_costs": lambda costs: OneOf((np.array(costs[:-1]), np.array(costs[1:])))})),
    Mistake("one-step-too-many", "The loop makes one step more than it was asked for.",
            "How many numbers are there in `range(n + 1)`?",
            _DESCENT.formulas({"iterations": lambda iterations: iterations + 1})),
    Mistake("one-sample-only", "Each step looks at one sample only.",
            "Over how many samples does the cost take its mean?",
            _DESCENT.formulas(
                {"update": _sample_by_sample,
                 "train_costs": lambda path, x_train, y_train, forward_pass: np.array(
                     [np.mean((forward_pass(_sample(x_train, k), *at) - _sample(y_train, k)) ** 2)
                      for k, at in enumerate(path[:-1])])},
                {"x_train": lambda x_train: x_train[:1], "y_train": lambda y_train: y_train[:1]})),
    Mistake("first-parameters-of-its-own", "The descent does not begin where `initialize` says.",
            "Which function gives the first parameters?", predicates=dict.fromkeys(_VALUES, _ignores_initialize),
            section="section 3, where the first parameters are given"),
    Mistake("arguments-ignored", "It trains on the notebook's own cars, whatever data it is given.",
            "Which names stand in the brackets of the `def` line?",
            _DESCENT.formulas({"x_train": lambda x_hp: x_hp, "y_train": lambda mpg: mpg},
                              {"x_train": lambda x_all: x_all, "y_train": lambda mpg: mpg})),
    Mistake("only-the-last-cost", "Only one cost comes back: each iteration throws away those before it.",
            "Where does the list begin, and what adds to it?",
            _DESCENT.formulas({"train_costs": lambda costs: OneOf(tuple(costs[-2:]))})),
    Mistake("another-cost-kept", "The costs are those of another cost function.",
            "Which function of the notebook gives the cost?",
            _DESCENT.formulas({"cost": lambda errors, at: np.abs(errors(at=at)).mean(), **_BEFORE_EACH_STEP},
                              {"cost": lambda errors, at: (errors(at=at) ** 2).sum(), **_BEFORE_EACH_STEP},
                              {"cost": lambda cost, at: np.sqrt(cost(at=at)), **_BEFORE_EACH_STEP}),
            section="section 3, where the cost is given"),
    Mistake("mean-taken-twice", "The costs are divided by the number of samples once more.",
            "Does `least_squares_cost` take a mean already?",
            _DESCENT.formulas({"cost": lambda cost, y_train, at: cost(at=at) / len(y_train), **_BEFORE_EACH_STEP})),
)  # fmt: skip
