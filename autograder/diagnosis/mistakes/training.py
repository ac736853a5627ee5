"""Mistakes people make in a loop of gradient descent, and in calling one: lab 1, sections 8 and 9."""

from __future__ import annotations

import ast
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from autograder.diagnosis.evidence import Evidence, NoValue, OneOf, numbers, options, same
from autograder.diagnosis.mistakes.entry import Mistake, Shows

Run = tuple[Sequence[float], Any, Any]
"""Costs before each step and after the last one; the last weights, the last bias."""
_VALUES = "train_costs", "weights", "bias"
Step = Callable[..., tuple[Any, Any]]
"""One step, from weights, bias and net_output to the next weights and bias."""


def _cost(net_output: Any, y: Any) -> float:
    return float(np.mean((net_output - y) ** 2))


def _slopes(x: Any, y: Any, net_output: Any) -> tuple[Any, Any]:
    dl_df = 2 * (net_output - y) / len(y)
    return x.T @ dl_df, dl_df.sum(axis=0, keepdims=True)


def _walk(x: Any, y: Any, first: tuple[Any, Any], iterations: int, step: Step) -> Run:
    """A descent with somebody's step."""
    (weights, bias), costs = first, []
    for _ in range(iterations):
        net_output = x @ weights + bias
        costs.append(_cost(net_output, y))
        weights, bias = step(weights, bias, net_output)
    return [*costs, _cost(x @ weights + bias, y)], weights, bias


def _plain(x: Any, y: Any, alpha: float) -> Step:
    """The right step."""

    def step(weights: Any, bias: Any, net_output: Any) -> tuple[Any, Any]:
        dl_dweights, dl_dbias = _slopes(x, y, net_output)
        return weights - alpha * dl_dweights, bias - alpha * dl_dbias

    return step


def _right(x: Any, y: Any, first: tuple[Any, Any], iterations: int, alpha: float) -> Run:
    return _walk(x, y, first, iterations, _plain(x, y, alpha))


def _forms(costs: Sequence[float]) -> OneOf:
    """One cost an iteration: before each step, after it, or both ends; in a row or in a column."""
    rows = [np.array(row) for row in (costs[:-1], costs[1:], costs)]
    return OneOf((*rows, *(row[:, None] for row in rows)))


def _trained(
    name: str,
    says: str,
    asks: str,
    *runs: Callable[[Any, Any, Any, int, float], tuple[Any, Any, Any]],
    look: str = "",
    together: bool = False,
) -> Mistake:
    """A mistake that spoils costs, weights and bias: runs of inputs, targets, first parameters, iterations, alpha."""

    def part(run: Callable[..., Any], index: int) -> Callable[..., Any]:
        def formula(x_train: Any, y_train: Any, iterations: int, alpha: float, initialize: Any) -> Any:
            return run(x_train, y_train, initialize(x_train.shape[1]), iterations, alpha)[index]

        return formula

    formulas = {value: [part(run, k) for run in runs] for k, value in enumerate(_VALUES)}
    return Mistake(name, says, asks, formulas, look=look, together=together)


def _with_forms(run: Callable[..., Run]) -> Callable[..., tuple[OneOf, Any, Any]]:
    def formed(*inputs: Any) -> tuple[OneOf, Any, Any]:
        costs, weights, bias = run(*inputs)
        return _forms(costs), weights, bias

    return formed


def _forward_outside(x: Any, y: Any, first: tuple[Any, Any], n: int, alpha: float) -> tuple[Any, Any, Any]:
    net_output = x @ first[0] + first[1]
    _, weights, bias = _gradient_outside(x, y, first, n, alpha)
    return np.full(n, _cost(net_output, y)), weights, bias


def _gradient_outside(x: Any, y: Any, first: tuple[Any, Any], n: int, alpha: float) -> Run:
    dl_dweights, dl_dbias = _slopes(x, y, x @ first[0] + first[1])
    return _walk(x, y, first, n, lambda weights, bias, _: (weights - alpha * dl_dweights, bias - alpha * dl_dbias))


def _one_after_the_other(x: Any, y: Any, first: tuple[Any, Any], n: int, alpha: float) -> Run:
    """The bias moves by a slope taken at the new weights."""

    def step(weights: Any, bias: Any, net_output: Any) -> tuple[Any, Any]:
        weights = weights - alpha * _slopes(x, y, net_output)[0]
        return weights, bias - alpha * _slopes(x, y, x @ weights + bias)[1]

    return _walk(x, y, first, n, step)


def _without_bias(x: Any, y: Any, first: tuple[Any, Any], n: int, alpha: float) -> Run:
    plain = _plain(x, y, alpha)
    return _walk(x, y, first, n, lambda weights, bias, f: (plain(weights, bias, f)[0], bias))


def _started_anew(x: Any, y: Any, first: tuple[Any, Any], n: int, alpha: float) -> tuple[Any, Any, Any]:
    costs, weights, bias = _right(x, y, first, 1, alpha)
    return OneOf((np.full(n, costs[0]), np.full(n, costs[1]))), weights, bias


def _step_not_kept(x: Any, y: Any, first: tuple[Any, Any], n: int, _: float) -> tuple[Any, Any, Any]:
    return np.full(n, _cost(x @ first[0] + first[1], y)), *first


def _sample_by_sample(x: Any, y: Any, first: tuple[Any, Any], n: int, alpha: float) -> tuple[Any, Any, Any]:
    (weights, bias), costs = first, []
    for k in range(n):
        one = [k % len(x)]
        (cost, _), weights, bias = _right(x[one], y[one], (weights, bias), 1, alpha)
        costs.append(cost)
    return np.array(costs), weights, bias


def _first_sample(x: Any, y: Any, first: tuple[Any, Any], n: int, alpha: float) -> Run:
    return _right(x[:1], y[:1], first, n, alpha)


def _too_few(x: Any, y: Any, first: tuple[Any, Any], n: int, alpha: float) -> tuple[Any, Any, Any]:
    costs, weights, bias = _right(x, y, first, n - 1, alpha)
    return OneOf((np.array(costs[:-1]), np.array(costs[1:]))), weights, bias


def _code(source: str) -> set[str]:
    """The names in a cell's code."""
    try:
        return {node.id for node in ast.walk(ast.parse(source)) if isinstance(node, ast.Name)}
    except SyntaxError:
        return set()


def _count(costs: Any) -> int:
    """How many costs there are; −1 where they are none at all."""
    return -1 if isinstance(row := numbers(costs), str) else row.size


def _no_round(evidence: Evidence) -> bool:
    """No cost was kept, and the parameters are the first ones."""
    return all(
        _count(trial.yours.get("train_costs")) == 0
        and same(trial.yours.get("weights"), trial.given["initialize"](trial.given["x_train"].shape[1])[0])
        for trial in evidence.trials
    )


def _own_start(evidence: Evidence) -> bool:
    """Costs fall as they should, but `initialize` is not called."""
    if "initialize" in _code(evidence.source):
        return False
    for trial in evidence.trials:
        costs, count = numbers(trial.yours.get("train_costs")), trial.given["iterations"]
        if isinstance(costs, str) or costs.size not in (count, count + 1) or not (np.diff(costs.ravel()) < 0).all():
            return False
    return True


def _costs(
    name: str, says: str, asks: str, *formulas: Callable[[Any, Any, Any, int, float], Any], look: str = ""
) -> Mistake:
    """A mistake in the costs that are kept; the descent itself is right."""

    def kept(formula: Callable[..., Any]) -> Callable[..., Any]:
        return lambda x_train, y_train, initialize, iterations, alpha: formula(
            x_train, y_train, initialize(x_train.shape[1]), iterations, alpha
        )

    return Mistake(name, says, asks, {"train_costs": [kept(formula) for formula in formulas]}, look=look)


def _other_costs(of_errors: Callable[[Any], float]) -> Callable[..., Any]:
    def costs(x: Any, y: Any, first: tuple[Any, Any], n: int, alpha: float) -> Any:
        runs = [_right(x, y, first, k, alpha) for k in range(n)]
        return np.array([of_errors(x @ weights + bias - y) for _, weights, bias in runs])

    return costs


_LOOP = (
    _trained("forward-pass-outside-the-loop", "The outputs are computed once, before the loop, and never again.",
             "Which of the four steps must be done anew in every iteration?", _forward_outside),
    _trained("gradient-outside-the-loop", "The gradient is computed once, before the loop, and never again.",
             "Is the slope the same wherever you stand?", _with_forms(_gradient_outside)),
    _trained("learning-rate-left-out", "The learning rate is not handed on: the step is the whole gradient.",
             "Where does `alpha` go in?",
             _with_forms(lambda x, y, first, n, alpha: _right(x, y, first, n, 1.0)),
            look="section 7, “One step downhill”"),
    _trained("gradient-ascent", "It climbs: every step goes along the gradient, not against it.",
             "Should the costs in your list rise or fall?",
             _with_forms(lambda x, y, first, n, alpha: _right(x, y, first, n, -alpha)),
            look="section 7, “One step downhill”"),
    Mistake("loop-never-runs", "The loop never runs: there is no cost, and nothing has moved.",
            "Which condition lets the first round begin?", shows=dict.fromkeys(_VALUES, _no_round), needs=("x_train",)),
    Mistake("first-parameters-returned", "The first parameters come back, not the last.",
            "Which names hold the parameters after the last step?",
            {"weights": lambda initialize, x_train: initialize(x_train.shape[1])[0],
             "bias": lambda initialize, x_train: initialize(x_train.shape[1])[1]}, together=True),
    _trained("step-not-kept", "The new parameters are not kept: every iteration begins where the first one did.",
             "Which names does the next iteration read, and which did you write?", _step_not_kept, together=True),
    _trained("initialised-in-every-iteration", "Every iteration begins with the first parameters again.",
             "Which line has to stand before the loop?", _started_anew),
    _trained("already-changed-weights", "The slope of the bias is taken where the weights have already moved.",
             "At which point is a gradient taken: at one, or at one for each parameter?",
             _with_forms(_one_after_the_other)),
    _trained("bias-forgotten", "The bias never moves.", "How many things does an update give back?",
             _with_forms(_without_bias)),
    _trained("mean-taken-twice", "The gradient is divided by the number of samples once more.",
             "Where did the cost's 1/I come in already?",
             _with_forms(lambda x, y, first, n, alpha: _right(x, y, first, n, alpha / len(y)))),
    _trained("one-step-too-few", "The loop makes one step less than it was asked for.",
             "How many numbers are there in `range(1, n)`?", _too_few),
    _trained("one-step-too-many", "The loop makes one step more than it was asked for.",
             "How many numbers are there in `range(n + 1)`?",
             _with_forms(lambda x, y, first, n, alpha: _right(x, y, first, n + 1, alpha))),
    _trained("one-sample-only", "Each step looks at one sample only.",
             "Over how many samples does the cost take its mean?", _sample_by_sample, _with_forms(_first_sample)),
    Mistake("first-parameters-of-its-own", "The descent does not begin where `initialize` says.",
            "Which function gives the first parameters?", shows=dict.fromkeys(_VALUES, _own_start),
            look="section 3, where the first parameters are given", needs=("x_train", "initialize")),
    Mistake("arguments-ignored", "It trains on the notebook's own cars, whatever data it is given.",
            "Which names stand in the brackets of the `def` line?",
            {name: [lambda initialize, x_hp, mpg, iterations, alpha, k=k: _with_forms(_right)(
                        x_hp, mpg, initialize(1), iterations, alpha)[k],
                    lambda initialize, x_all, mpg, iterations, alpha, k=k: _with_forms(_right)(
                        x_all, mpg, initialize(7), iterations, alpha)[k]]
             for k, name in enumerate(_VALUES)}),
    _costs("only-the-last-cost", "Only one cost comes back: each iteration throws away those before it.",
           "Where does the list begin, and what adds to it?",
           lambda *inputs: OneOf((_right(*inputs)[0][-2], _right(*inputs)[0][-1]))),
    _costs("another-cost-kept", "The costs are those of another cost function.",
           "Which function of the notebook gives the cost?",
           _other_costs(lambda errors: np.abs(errors).mean()), _other_costs(lambda errors: (errors**2).sum()),
           _other_costs(lambda errors: np.sqrt((errors**2).mean())),
            look="section 3, where the cost is given"),
    _costs("mean-taken-twice", "The costs are divided by the number of samples once more.",
           "Does `least_squares_cost` take a mean already?",
           _other_costs(lambda errors: (errors**2).mean() / len(errors))),
)  # fmt: skip


def _fit_of(value: str) -> str:
    """Which of the two fits of section 9 a value belongs to: "hp" or "all"."""
    return value.rpartition("_")[2]


def _costs_of(evidence: Evidence) -> Any | None:
    """The costs that the student's fit left, in a row; None where there are none."""
    costs = evidence.trials[0].yours.get(f"costs_{_fit_of(evidence.value)}")
    try:
        row = np.ravel(np.asarray(costs, dtype=float))
    except (TypeError, ValueError):
        return None
    return row if not isinstance(costs, NoValue | None) and row.size else None


def _began_with(inputs: Callable[..., Any], target: Callable[..., Any] = lambda given: given["mpg"]) -> Shows:
    """Seen in the first cost, which tells what a model was trained on, whatever the learning rate was."""

    def shows(evidence: Evidence) -> bool:
        given, costs = evidence.trials[0].given, _costs_of(evidence)
        if costs is None:
            return False
        for x in inputs(given, _fit_of(evidence.value)):
            weights, bias = given["initialize"](x.shape[1])
            if np.isclose(costs[0], _cost(x @ weights + bias, target(given)), rtol=1e-6):
                return True
        return False

    return shows


def _as_asked(given: Any, fit: str) -> list[Any]:
    return [given["x_hp"] if fit == "hp" else given["x_all"]]


def _raw(given: Any, fit: str) -> list[Any]:
    return [given["table"][:, [2]] if fit == "hp" else given["table"]]


def _other_columns(given: Any, fit: str) -> list[Any]:
    return [given["x_all"][:, [k]] for k in range(7) if k != 2] if fit == "hp" else []


def _with_target(given: Any, fit: str) -> list[Any]:
    """The target, as it is or normalised, in any place among the features."""
    columns = given["mpg"][:, 0], given["normalise"](given["mpg"])[:, 0]
    return [np.insert(given["x_all"], k, column, 1) for column in columns for k in range(8)] if fit == "all" else []


def _length(evidence: Evidence, right: Callable[[int], bool]) -> bool:
    costs = _costs_of(evidence)
    return costs is not None and _began_with(_as_asked)(evidence) and right(costs.size)


def _another_rate(evidence: Evidence) -> bool:
    return _length(evidence, lambda size: size in (100, 101)) and not _kept(evidence)


def _kept(evidence: Evidence) -> bool:
    costs = f"costs_{_fit_of(evidence.value)}"
    trial = evidence.trials[0]
    return any(same(trial.yours[costs], option) for option in options(trial.right[costs]))


def _the_other_fit(evidence: Evidence) -> bool:
    trial, value = evidence.trials[0], evidence.value
    name, _, fit = value.rpartition("_")
    other = f"{name}_{'all' if fit == 'hp' else 'hp'}"
    yours = trial.yours[value]
    return not isinstance(yours, NoValue) and any(same(yours, option) for option in options(trial.right[other]))


def _in_fit(name: str, says: str, asks: str, shows: Shows, look: str = "") -> Mistake:
    values = [f"{value}_{fit}" for value in ("costs", "weights", "bias") for fit in ("hp", "all")]
    return Mistake(name, says, asks, shows=dict.fromkeys(values, shows), needs=("x_hp", "x_all", "mpg"), look=look)


def _last_cost(evidence: Evidence) -> bool:
    costs, right = _costs_of(evidence), next(iter(options(evidence.trials[0].right[evidence.value])))
    return costs is not None and costs.size == 1 and bool(np.isclose(costs[0], np.ravel(right)[-1]))


_FIT = (
    Mistake("only-the-last-cost", "Only the last cost is kept.", "What does `train_model` give back first?",
            shows={"costs_hp": _last_cost, "costs_all": _last_cost}, needs=("x_hp",)),
    _in_fit("one-fit-for-both", "Both fits are the same one.", "Which inputs does the other fit have?", _the_other_fit),
    _in_fit("not-normalised", "The inputs are not normalised.", "Which names did section 2 give to the inputs?",
            _began_with(_raw),
            look="section 2, “Bring all features to one size”"),
    _in_fit("wrong-column", "This is another column than horsepower.", "Which name did section 2 give to horsepower?",
            _began_with(_other_columns),
            look="section 2, the last lines of its code"),
    _in_fit("target-among-the-features", "The target is among the features: the model is told the answer.",
            "How many features are there, and how many weights have you?", _began_with(_with_target)),
    _in_fit("targets-normalised-too", "The targets are normalised too.", "In which unit should the model answer?",
            _began_with(_as_asked, lambda given: given["normalise"](given["mpg"]))),
    _in_fit("too-few-iterations", "There are fewer iterations than asked for.", "How many does the task ask for?",
            lambda evidence: _length(evidence, lambda size: 1 < size < 100)),
    _in_fit("too-many-iterations", "There are more iterations than asked for.", "How many does the task ask for?",
            lambda evidence: _length(evidence, lambda size: size > 101)),
    _in_fit("another-learning-rate", "The learning rate is another one than asked for.",
            "Which α does the task ask for?",
            _another_rate),
)  # fmt: skip

TABLE: Sequence[Mistake] = (*_LOOP, *_FIT)
