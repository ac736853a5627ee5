"""Known mistakes in the calls of a descent: lab 1, section 9, where a model is fitted to 392 cars, twice.

The first cost shows the data of a fit, the number of costs shows the iterations, and the other costs the learning rate.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from autograder.diagnosis.mistake import Mistake, Predicate
from autograder.diagnosis.trial import NoValue, Trials, is_correct, options


def _cost(net_output: Any, y: Any) -> float:
    return float(np.mean((net_output - y) ** 2))


def _fit_of(value: str) -> str:
    """Return the fit of section 9 that a value belongs to: "hp" or "all"."""
    return value.rpartition("_")[2]


def _costs_of(trials: Trials) -> Any | None:
    """Return the costs of the submission's fit as a flat array; None if there are none, or no numbers."""
    costs = trials.all[0].actual.get(f"costs_{_fit_of(trials.value)}")
    try:
        row = np.ravel(np.asarray(costs, dtype=float))
    except (TypeError, ValueError):
        return None
    return row if not isinstance(costs, NoValue | None) and row.size else None


def _fitted_to(inputs: Callable[..., Any], target: Callable[..., Any] = lambda data: data["mpg"]) -> Predicate:
    """Return a predicate: True if the first cost shows that the model was fitted to these inputs and targets.

    The first cost does not depend on the learning rate. inputs: takes the task's data by name and the fit, and returns
    arrays (I, D_i), any of which may be the one. target: takes the data and returns the targets (I, 1).
    """

    def predicate(trials: Trials) -> bool:
        data, costs = trials.all[0].inputs, _costs_of(trials)
        if costs is None:
            return False
        for x in inputs(data, _fit_of(trials.value)):
            weights, bias = data["initialize"](x.shape[1])
            if np.isclose(costs[0], _cost(x @ weights + bias, target(data)), rtol=1e-6):
                return True
        return False

    return predicate


def _correct_inputs(data: Any, fit: str) -> list[Any]:
    """Return the inputs that the task asks for."""
    return [data["x_hp"] if fit == "hp" else data["x_all"]]


def _unnormalised(data: Any, fit: str) -> list[Any]:
    """Return the inputs that are not normalised."""
    return [data["table"][:, [2]] if fit == "hp" else data["table"]]


def _other_columns(data: Any, fit: str) -> list[Any]:
    """Return each single column but horsepower (2), for fit "hp"; nothing for fit "all"."""
    return [data["x_all"][:, [k]] for k in range(7) if k != 2] if fit == "hp" else []


def _with_target(data: Any, fit: str) -> list[Any]:
    """Return the features of fit "all" with the target, as it is or normalised, inserted at each position."""
    columns = data["mpg"][:, 0], data["normalise"](data["mpg"])[:, 0]
    return [np.insert(data["x_all"], k, column, 1) for column in columns for k in range(8)] if fit == "all" else []


def _cost_count_is(trials: Trials, condition: Callable[[int], bool]) -> bool:
    """True if the model was fitted to the correct data and the number of its costs meets the condition."""
    costs = _costs_of(trials)
    return costs is not None and _fitted_to(_correct_inputs)(trials) and condition(costs.size)


def _another_rate(trials: Trials) -> bool:
    """True if data and number of iterations are correct, and the costs are wrong all the same."""
    return _cost_count_is(trials, lambda size: size in (100, 101)) and not _costs_are_correct(trials)


def _costs_are_correct(trials: Trials) -> bool:
    """True if the costs of the fit are correct."""
    costs, trial = f"costs_{_fit_of(trials.value)}", trials.all[0]
    return is_correct(trial.actual[costs], trial.expected[costs])


def _equals_other_fit(trials: Trials) -> bool:
    """True if the value is what the other fit should have."""
    trial, value = trials.all[0], trials.value
    name, _, fit = value.rpartition("_")
    other = f"{name}_{'all' if fit == 'hp' else 'hp'}"
    return is_correct(trial.actual[value], trial.expected[other])


def _in_fit(name: str, explanation: str, hint: str, predicate: Predicate, section: str = "") -> Mistake:
    """Return a mistake in any value of the two fits."""
    values = [f"{value}_{fit}" for value in ("costs", "weights", "bias") for fit in ("hp", "all")]
    return Mistake(name, explanation, hint, predicates=dict.fromkeys(values, predicate), section=section)


def _only_last_cost(trials: Trials) -> bool:
    """True if only one cost is there, and it equals the last expected one."""
    costs, expected = _costs_of(trials), next(iter(options(trials.all[0].expected[trials.value])))
    return costs is not None and costs.size == 1 and bool(np.isclose(costs[0], np.ravel(expected)[-1]))


FIT: Sequence[Mistake] = (
    Mistake("only-the-last-cost", "Only the last cost is kept.", "What does `train_model` give back first?",
            predicates={"costs_hp": _only_last_cost, "costs_all": _only_last_cost}),
    _in_fit("one-fit-for-both", "Both fits are the same one.", "Which inputs does the other fit have?",
            _equals_other_fit),
    _in_fit("not-normalised", "The inputs are not normalised.", "Which names did section 2 give to the inputs?",
            _fitted_to(_unnormalised),
            section="section 2, “Bring all features to one size”"),
    _in_fit("wrong-column", "This is another column than horsepower.", "Which name did section 2 give to horsepower?",
            _fitted_to(_other_columns),
            section="section 2, the last lines of its code"),
    _in_fit("target-among-the-features", "The target is among the features: the model is told the answer.",
            "How many features are there, and how many weights have you?", _fitted_to(_with_target)),
    _in_fit("targets-normalised-too", "The targets are normalised too.", "In which unit should the model answer?",
            _fitted_to(_correct_inputs, lambda data: data["normalise"](data["mpg"]))),
    _in_fit("too-few-iterations", "There are fewer iterations than asked for.", "How many does the task ask for?",
            lambda trials: _cost_count_is(trials, lambda size: 1 < size < 100)),
    _in_fit("too-many-iterations", "There are more iterations than asked for.", "How many does the task ask for?",
            lambda trials: _cost_count_is(trials, lambda size: size > 101)),
    _in_fit("another-learning-rate", "The learning rate is another one than asked for.",
            "Which α does the task ask for?",
            _another_rate),
)  # fmt: skip
