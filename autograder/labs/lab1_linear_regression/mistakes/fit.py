"""Mistakes people make in calling a descent: lab 1, section 9, where a model is fitted to 392 cars, twice.

The first of the costs tells what a model was trained on, their number how often, the others how fast.
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
    """Return the costs of the submission's fit, in a row; None where there are none."""
    costs = trials.all[0].actual.get(f"costs_{_fit_of(trials.value)}")
    try:
        row = np.ravel(np.asarray(costs, dtype=float))
    except (TypeError, ValueError):
        return None
    return row if not isinstance(costs, NoValue | None) and row.size else None


def _began_with(inputs: Callable[..., Any], target: Callable[..., Any] = lambda given: given["mpg"]) -> Predicate:
    """Seen in the first cost, which tells what a model was trained on, whatever the learning rate was."""

    def predicate(trials: Trials) -> bool:
        given, costs = trials.all[0].inputs, _costs_of(trials)
        if costs is None:
            return False
        for x in inputs(given, _fit_of(trials.value)):
            weights, bias = given["initialize"](x.shape[1])
            if np.isclose(costs[0], _cost(x @ weights + bias, target(given)), rtol=1e-6):
                return True
        return False

    return predicate


def _as_asked(given: Any, fit: str) -> list[Any]:
    return [given["x_hp"] if fit == "hp" else given["x_all"]]


def _raw(given: Any, fit: str) -> list[Any]:
    return [given["table"][:, [2]] if fit == "hp" else given["table"]]


def _other_columns(given: Any, fit: str) -> list[Any]:
    return [given["x_all"][:, [k]] for k in range(7) if k != 2] if fit == "hp" else []


def _with_target(given: Any, fit: str) -> list[Any]:
    """Return the target, as it is or normalised, in any place among the features."""
    columns = given["mpg"][:, 0], given["normalise"](given["mpg"])[:, 0]
    return [np.insert(given["x_all"], k, column, 1) for column in columns for k in range(8)] if fit == "all" else []


def _length(trials: Trials, expected: Callable[[int], bool]) -> bool:
    costs = _costs_of(trials)
    return costs is not None and _began_with(_as_asked)(trials) and expected(costs.size)


def _another_rate(trials: Trials) -> bool:
    return _length(trials, lambda size: size in (100, 101)) and not _kept(trials)


def _kept(trials: Trials) -> bool:
    costs, trial = f"costs_{_fit_of(trials.value)}", trials.all[0]
    return is_correct(trial.actual[costs], trial.expected[costs])


def _the_other_fit(trials: Trials) -> bool:
    trial, value = trials.all[0], trials.value
    name, _, fit = value.rpartition("_")
    other = f"{name}_{'all' if fit == 'hp' else 'hp'}"
    return is_correct(trial.actual[value], trial.expected[other])


def _in_fit(name: str, explanation: str, hint: str, predicate: Predicate, section: str = "") -> Mistake:
    values = [f"{value}_{fit}" for value in ("costs", "weights", "bias") for fit in ("hp", "all")]
    return Mistake(name, explanation, hint, predicates=dict.fromkeys(values, predicate), section=section)


def _last_cost(trials: Trials) -> bool:
    costs, expected = _costs_of(trials), next(iter(options(trials.all[0].expected[trials.value])))
    return costs is not None and costs.size == 1 and bool(np.isclose(costs[0], np.ravel(expected)[-1]))


FIT: Sequence[Mistake] = (
    Mistake("only-the-last-cost", "Only the last cost is kept.", "What does `train_model` give back first?",
            predicates={"costs_hp": _last_cost, "costs_all": _last_cost}),
    _in_fit("one-fit-for-both", "Both fits are the same one.", "Which inputs does the other fit have?", _the_other_fit),
    _in_fit("not-normalised", "The inputs are not normalised.", "Which names did section 2 give to the inputs?",
            _began_with(_raw),
            section="section 2, “Bring all features to one size”"),
    _in_fit("wrong-column", "This is another column than horsepower.", "Which name did section 2 give to horsepower?",
            _began_with(_other_columns),
            section="section 2, the last lines of its code"),
    _in_fit("target-among-the-features", "The target is among the features: the model is told the answer.",
            "How many features are there, and how many weights have you?", _began_with(_with_target)),
    _in_fit("targets-normalised-too", "The targets are normalised too.", "In which unit should the model answer?",
            _began_with(_as_asked, lambda given: given["normalise"](given["mpg"]))),
    _in_fit("too-few-iterations", "There are fewer iterations than asked for.", "How many does the task ask for?",
            lambda trials: _length(trials, lambda size: 1 < size < 100)),
    _in_fit("too-many-iterations", "There are more iterations than asked for.", "How many does the task ask for?",
            lambda trials: _length(trials, lambda size: size > 101)),
    _in_fit("another-learning-rate", "The learning rate is another one than asked for.",
            "Which α does the task ask for?",
            _another_rate),
)  # fmt: skip
