"""Known mistakes in a loop of gradient descent: lab 1, section 8.

Every formula runs the loop with a forward pass, a backward pass and an update of the case: the reference's or the
student's own. So it recognises a mistake in the loop whatever mistakes are in those functions.
"""

from __future__ import annotations

import ast
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any, NamedTuple

import numpy as np

from autograder.diagnosis.formulas import Formula, formula_of
from autograder.diagnosis.mistake import Mistake
from autograder.diagnosis.trial import OneOf, Trials, finite_array, is_close, parse

_VALUES = "train_costs", "weights", "bias"
Parameters = tuple[Any, Any]
"""Weights and bias."""


class Run(NamedTuple):
    """The result of a descent."""

    costs: Any
    """The costs: a list of those before each step and of the last one; anything else is compared as it is."""
    weights: Any
    bias: Any


@dataclass(frozen=True)
class Loop:
    """The inputs of a descent."""

    x: Any
    y: Any
    first: Parameters
    iterations: int
    alpha: float
    forward: Callable[..., Any]
    backward: Callable[..., Parameters]
    update: Callable[..., Parameters]

    def cost(
        self, at: Parameters, of_errors: Callable[[Any], float] = lambda errors: float(np.mean(errors**2))
    ) -> float:
        """Return the mean squared error at these parameters, or another function of the errors there."""
        return of_errors(self.forward(self.x, *at) - self.y)

    def slopes(self, at: Parameters) -> Parameters:
        """Return the gradient at these parameters."""
        return self.backward(*at, self.x, self.forward(self.x, *at), self.y)

    def step(self, at: Parameters) -> Parameters:
        """Return the parameters after a correct step."""
        return self.update(*at, *self.slopes(at), self.alpha)

    def run(self, step: Callable[[Parameters], Parameters] | None = None) -> Run:
        """Return the result of a descent with another step, or with the correct one."""
        at, costs = self.first, []
        for _ in range(self.iterations):
            costs.append(self.cost(at))
            at = (step or self.step)(at)
        return Run([*costs, self.cost(at)], *at)


Way = Callable[[Loop], Run]
"""A way to make a mistake."""


_STEPS = "iterations alpha initialize forward_pass backward_pass update_parameters"


def _formula(value: Callable[[Loop], Any], data: str = "x_train y_train") -> Formula:
    """Return a formula that computes a value from a `Loop`; data: the names of its inputs and targets."""

    def loop(x: Any, y: Any, iterations: int, alpha: float, initialize: Any, *steps: Any) -> Any:
        return value(Loop(x, y, initialize(x.shape[1]), iterations, alpha, *steps))

    return formula_of(f"{data} {_STEPS}", loop)


def _cost_formats(costs: Any) -> Any:
    """Return the costs of a list as one of three formats: before each step, after each step, or both ends included."""
    return OneOf((np.array(costs[:-1]), np.array(costs[1:]), np.array(costs))) if isinstance(costs, list) else costs


def _part(way: Way, index: int) -> Callable[[Loop], Any]:
    """Return a function that runs a descent and returns one part of its `Run`."""
    return lambda loop: _cost_formats(way(loop)[index])


def _descent(name: str, explanation: str, hint: str, *ways: Way, section: str = "", together: bool = False) -> Mistake:
    """Return a mistake that spoils costs, weights and bias; ways: descents with this mistake."""
    formulas = {value: [_formula(_part(way, k)) for way in ways] for k, value in enumerate(_VALUES)}
    return Mistake(name, explanation, hint, formulas, section=section, together=together)


def _costs(name: str, explanation: str, hint: str, *ways: Callable[[Loop], Any], section: str = "") -> Mistake:
    """Return a mistake in the costs alone; ways: compute the wrong costs of a correct descent."""
    return Mistake(name, explanation, hint, {"train_costs": [*map(_formula, ways)]}, section=section)


def _forward_outside(loop: Loop) -> Run:
    outputs = loop.forward(loop.x, *loop.first)

    def step(at: Parameters) -> Parameters:
        return loop.update(*at, *loop.backward(*at, loop.x, outputs, loop.y), loop.alpha)

    return loop.run(step)._replace(costs=np.full(loop.iterations, loop.cost(loop.first)))


def _gradient_outside(loop: Loop) -> Run:
    slopes = loop.slopes(loop.first)
    return loop.run(lambda at: loop.update(*at, *slopes, loop.alpha))


def _bias_after_weights(loop: Loop) -> Run:
    """Return the result of a descent in which the bias moves along its gradient at the new weights."""

    def step(at: Parameters) -> Parameters:
        between = loop.step(at)[0], at[1]
        return between[0], loop.update(*between, *loop.slopes(between), loop.alpha)[1]

    return loop.run(step)


def _mean_taken_twice(loop: Loop) -> Run:
    """Return the result of a descent in which the gradient is divided by the number of samples once more."""

    def step(at: Parameters) -> Parameters:
        weights, bias = loop.slopes(at)
        return loop.update(*at, weights / len(loop.y), bias / len(loop.y), loop.alpha)

    return loop.run(step)


def _initialised_every_time(loop: Loop) -> Run:
    run = replace(loop, iterations=1).run()
    return run._replace(costs=OneOf(tuple(np.full(loop.iterations, cost) for cost in run.costs)))


def _step_not_kept(loop: Loop) -> Run:
    """Return the result of a descent that never moves."""
    return Run(np.full(loop.iterations, loop.cost(loop.first)), *loop.first)


def _sample_by_sample(loop: Loop) -> Run:
    """Return the result of a descent with one sample in each step, taken in turn."""
    at, costs = loop.first, list[float]()
    for k in range(loop.iterations):
        sample = [k % len(loop.x)]
        run = replace(loop, x=loop.x[sample], y=loop.y[sample], first=at, iterations=1).run()
        costs, at = [*costs, run.costs[0]], (run.weights, run.bias)
    return Run(np.array(costs), *at)


def _one_step_too_few(loop: Loop) -> Run:
    run = replace(loop, iterations=loop.iterations - 1).run()
    return run._replace(costs=OneOf((np.array(run.costs[:-1]), np.array(run.costs[1:]))))


def _other_costs(of_errors: Callable[[Any], float]) -> Callable[[Loop], Any]:
    """Return a function that computes another cost of the errors before each step of a correct descent."""

    def costs(loop: Loop) -> Any:
        runs = [replace(loop, iterations=k).run() for k in range(loop.iterations)]
        return np.array([loop.cost(run[1:], of_errors) for run in runs])

    return costs


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
    names = {node.id for node in ast.walk(parse(trials.source)) if isinstance(node, ast.Name)}
    for trial in trials.all:
        costs, count = finite_array(trial.actual.get("train_costs")), trial.inputs["iterations"]
        if isinstance(costs, str) or costs.size not in (count, count + 1) or not (np.diff(costs.ravel()) < 0).all():
            return False
    return bool(names) and "initialize" not in names


DESCENT: Sequence[Mistake] = (
    _descent("forward-pass-outside-the-loop", "The outputs are computed once, before the loop, and never again.",
             "Which of the four steps must be done anew in every iteration?", _forward_outside),
    _descent("gradient-outside-the-loop", "The gradient is computed once, before the loop, and never again.",
             "Is the slope the same wherever you stand?", _gradient_outside),
    _descent("learning-rate-left-out", "The learning rate is not handed on: the step is the whole gradient.",
             "Where does `alpha` go in?", lambda loop: replace(loop, alpha=1.0).run(),
             section="section 7, “One step downhill”"),
    _descent("gradient-ascent", "It climbs: every step goes along the gradient, not against it.",
             "Should the costs in your list rise or fall?", lambda loop: replace(loop, alpha=-loop.alpha).run(),
             section="section 7, “One step downhill”"),
    Mistake("loop-never-runs", "The loop never runs: there is no cost, and nothing has moved.",
            "Which condition lets the first round begin?", predicates=dict.fromkeys(_VALUES, _never_ran)),
    Mistake("first-parameters-returned", "The first parameters come back, not the last.",
            "Which names hold the parameters after the last step?",
            {"weights": _formula(lambda loop: loop.first[0]), "bias": _formula(lambda loop: loop.first[1])},
            together=True),
    _descent("step-not-kept", "The new parameters are not kept: every iteration begins where the first one did.",
             "Which names does the next iteration read, and which did you write?", _step_not_kept, together=True),
    _descent("initialised-in-every-iteration", "Every iteration begins with the first parameters again.",
             "Which line has to stand before the loop?", _initialised_every_time),
    _descent("already-changed-weights", "The slope of the bias is taken where the weights have already moved.",
             "At which point is a gradient taken: at one, or at one for each parameter?", _bias_after_weights),
    _descent("bias-forgotten", "The bias never moves.", "How many things does an update give back?",
             lambda loop: loop.run(lambda at: (loop.step(at)[0], at[1]))),
    _descent("mean-taken-twice", "The gradient is divided by the number of samples once more.",
             "Where did the cost's 1/I come in already?", _mean_taken_twice),
    _descent("one-step-too-few", "The loop makes one step less than it was asked for.",
             "How many numbers are there in `range(1, n)`?", _one_step_too_few),
    _descent("one-step-too-many", "The loop makes one step more than it was asked for.",
             "How many numbers are there in `range(n + 1)`?",
             lambda loop: replace(loop, iterations=loop.iterations + 1).run()),
    _descent("one-sample-only", "Each step looks at one sample only.",
             "Over how many samples does the cost take its mean?", _sample_by_sample,
             lambda loop: replace(loop, x=loop.x[:1], y=loop.y[:1]).run()),
    Mistake("first-parameters-of-its-own", "The descent does not begin where `initialize` says.",
            "Which function gives the first parameters?", predicates=dict.fromkeys(_VALUES, _ignores_initialize),
            section="section 3, where the first parameters are given"),
    Mistake("arguments-ignored", "It trains on the notebook's own cars, whatever data it is given.",
            "Which names stand in the brackets of the `def` line?",
            {name: [_formula(_part(Loop.run, k), f"{x} mpg") for x in ("x_hp", "x_all")]
             for k, name in enumerate(_VALUES)}),
    _costs("only-the-last-cost", "Only one cost comes back: each iteration throws away those before it.",
           "Where does the list begin, and what adds to it?", lambda loop: OneOf(tuple(loop.run().costs[-2:]))),
    _costs("another-cost-kept", "The costs are those of another cost function.",
           "Which function of the notebook gives the cost?",
           _other_costs(lambda errors: np.abs(errors).mean()), _other_costs(lambda errors: (errors**2).sum()),
           _other_costs(lambda errors: np.sqrt((errors**2).mean())), section="section 3, where the cost is given"),
    _costs("mean-taken-twice", "The costs are divided by the number of samples once more.",
           "Does `least_squares_cost` take a mean already?",
           _other_costs(lambda errors: (errors**2).mean() / len(errors))),
)  # fmt: skip
