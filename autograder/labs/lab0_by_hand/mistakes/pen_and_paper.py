"""Known mistakes in numbers found by hand, lab 0: in the chain rule, in arithmetic and in typing.

Formulas take the student's own earlier numbers, and their values have the tolerance of a number rounded to two
decimals. Mistakes that this rounding hides can't be recognised, and cost nothing: tanh is nearly a straight line here,
so `a` in the place of `z` changes no later number by as much as 0.005.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence

import numpy as np

from autograder.diagnosis.compare import Within
from autograder.diagnosis.formulas import formulas_of
from autograder.diagnosis.mistake import Mistake, Predicate, relation
from autograder.diagnosis.trial import NoValue, Trial, Trials, is_close

_UPDATES = {"W2_updated": "W2 dL_dW2 eta", "b2_updated": "b2 dL_db2 eta", "W1_updated": "W1 dL_dW1 eta",
            "b1_updated": "b1 dL_db1 eta"}  # fmt: skip
"""By updated parameter, the names of the values that the update takes."""

_IN_TWO_LAYERS = (
    Mistake("bias-forgotten", "The bias is not added.", "What stands after the product in the formula?",
            {"a": lambda W1, x: W1 @ x, "y": lambda W2, z: W2 @ z}),
    Mistake("sign-of-the-bias", "The bias is taken away in place of added.", "Is there a minus in the formula?",
            {"a": lambda W1, x, b1: W1 @ x - b1, "y": lambda W2, z, b2: W2 @ z - b2}),
    Mistake("minus-lost", "A weight's minus got lost on the way.", "Which of the weights are negative?",
            {"a": [lambda W1, x, b1: np.abs(W1) @ x + b1, lambda W1, x, b1: W1 @ np.abs(x) + b1,
                   lambda W1, x, b1: np.abs(W1) @ np.abs(x) + b1],
             "y": lambda W2, z, b2: np.abs(W2) @ z + b2, "dL_dz": lambda W2, dL_dy: np.abs(W2[0]) * dL_dy}),
    Mistake("activation-missing", "These are the pre-activations: tanh is missing.",
            "What does your calculator say to tanh of the first of them?", {"z": lambda a: a}),
    Mistake("another-activation", "This is another curve than tanh.",
            "Where 0 goes in, what should come out, and what does your formula give there?",
            {"z": [lambda a: 1 / (1 + np.exp(-a)), lambda a: np.tan(a)]}),
    Mistake("loss-not-squared", "The distance is not squared.", "What does the loss do to the sign of the error?",
            {"loss": [lambda y, t: np.abs(y - t), lambda y, t: y - t, lambda y, t: t - y]}),
    Mistake("factor-2-missing", "There is a ½ that the cost of this part does not have.",
            "What stands before the bracket in the loss of part B?", {"loss": lambda y, t: (y - t) ** 2 / 2}),
    Mistake("factor-2-missing", "The 2 of the square is missing.", "What is the derivative of u²?",
            {"dL_dy": [lambda y, t: y - t, lambda y, t: t - y]}),
    Mistake("square-not-differentiated", "The square is still there: its derivative has the difference itself.",
            "What is the derivative of u² in u?",
            {"dL_dy": [lambda y, t: (y - t) ** 2, lambda y, t: 2 * (y - t) ** 2]}),
    Mistake("target-left-out", "The target is not in it.", "What should the slope be where the output is right?",
            {"dL_dy": lambda y: 2 * y}),
    Mistake("upstream-dropped", "What came back is not multiplied in: this is the last factor alone.",
            "Which slope had you found just before, and where does it come in?",
            {"dL_dW2": lambda z: z[None], "dL_db2": lambda: np.ones(1), "dL_dz": lambda W2: W2[0],
             "dL_da": lambda z: 1 - z**2, "dL_dW1": lambda x: np.stack([x, x]), "dL_db1": lambda: np.ones(2)}),
    Mistake("upstream-twice", "What came back is multiplied in twice.", "How often does it stand in the chain?",
            {"dL_dW2": lambda dL_dy, z: np.outer(dL_dy**2, z), "dL_db2": lambda dL_dy: dL_dy**2,
             "dL_dz": lambda dL_dy, W2: dL_dy**2 * W2[0]}),
    Mistake("weights-in-place-of-the-input", "The weights stand where what they multiply should.",
            "You change a weight a little: what is that change multiplied by?",
            {"dL_dW2": lambda dL_dy, W2: dL_dy * W2, "dL_dW1": lambda dL_da, W1: dL_da[:, None] * W1}),
    Mistake("bias-slope-times-bias", "The bias multiplies its own slope.",
            "You raise the bias by 0.1. By how much does the output rise, however large the bias was?",
            {"dL_db2": lambda dL_dy, b2: dL_dy * b2, "dL_db1": lambda dL_da, b1: dL_da * b1}),
    Mistake("bias-times-input", "The bias's slope has an input in it, as if it were a weight.",
            "What does the bias multiply?",
            {"dL_db2": [lambda dL_dy, z: dL_dy * z[1], lambda dL_dy, z: dL_dy * z.sum()],
             "dL_db1": [lambda dL_da, x: dL_da * x[0], lambda dL_da, x: dL_da * x.sum()]}),
    Mistake("weights-forgotten", "The way back leaves out the weights of the output layer.",
            "z₁ rises by 0.1. By how much does y rise?", {"dL_dz": lambda dL_dy: np.repeat(dL_dy, 2)}),
    Mistake("activation-for-weight", "An activation stands where the weight should.",
            "How fast does y move when z₁ does: by z₁, or by what multiplies it?",
            {"dL_dz": lambda dL_dy, z: dL_dy * z}),
    Mistake("slope-dropped", "The slope of tanh is missing: what came back is handed on as it is.",
            "How steep is tanh at a, if it is not 1 there?", {"dL_da": lambda dL_dz: dL_dz}),
    Mistake("slope-not-squared", "The slope of tanh is 1 − z², and this has 1 − z.", "What is squared in tanh's slope?",
            {"dL_da": lambda dL_dz, z: dL_dz * (1 - z)}),
    Mistake("slope-is-the-function-itself", "The value of tanh stands in the place of its slope.",
            "How steep is tanh at 0, and what is tanh 0?", {"dL_da": lambda dL_dz, z: dL_dz * z}),
    Mistake("gradient-of-the-activation", "The slope at z is used, and should be that at a.",
            "Which of the two boxes do the weights lead into?",
            {"dL_dW1": lambda dL_dz, x: np.outer(dL_dz, x), "dL_db1": lambda dL_dz: dL_dz}),
    Mistake("gradient-ascent", "The step goes uphill: along the slope, not against it.",
            "The slope says where the loss rises. Which way do you want to go?",
            formulas_of(_UPDATES, lambda p, g, eta: p + eta * g)),
    Mistake("learning-rate-left-out", "The learning rate is not in the step.", "How long is the step for η = 0?",
            formulas_of(_UPDATES, lambda p, g, eta: p - g)),
    Mistake("step-in-place-of-parameters", "This is the step, not the parameter after the step.",
            "Where was the parameter before?",
            formulas_of(_UPDATES, lambda p, g, eta: eta * g, lambda p, g, eta: -eta * g)),
    Mistake("multiplied-by-the-gradient", "The parameter is multiplied by its slope, not moved along it.",
            "What should happen to a parameter whose slope is 0?",
            formulas_of(_UPDATES, lambda p, g, eta: p * eta * g)),
    Mistake("not-moved", "This is the parameter as it was.", "How far did it move, and which way?",
            formulas_of(_UPDATES, lambda p, g, eta: p)),
)  # fmt: skip

_IN_ONE_LAYER = (
    Mistake("inputs-in-another-order", "The two inputs have changed places.",
            "Which of the two weights of a row belongs to x₁?",
            {"z": lambda W, x: W @ x[::-1], "z_new": lambda W_new, x: W_new @ x[::-1],
             "dL_dW": lambda delta, x: np.outer(delta, x[::-1])}),
    Mistake("input-left-out", "The inputs are not in it: weights are added up as they are.",
            "What is each weight multiplied by?",
            {"z": lambda W: W.sum(axis=1), "z_new": lambda W_new: W_new.sum(axis=1),
             "dL_dW": lambda delta: np.stack([delta, delta], axis=1)}),
    Mistake("indicator-in-place-of-relu", "ReLU's slope, 0 or 1, stands in the place of ReLU.",
            "What does max(0, 7) say?",
            {"y_hat": lambda z: (z > 0) * 1.0, "y_hat_new": lambda z_new: (z_new > 0) * 1.0}),
    Mistake("half-left-out", "The ½ before the sum is missing.", "What stands before the sum in the loss of part A?",
            {"L": lambda y_hat, y: np.sum((y_hat - y) ** 2),
             "L_new": lambda y_hat_new, y: np.sum((y_hat_new - y) ** 2)}),
    Mistake("mean-in-place-of-sum", "The squares are averaged; the loss of part A adds them up.",
            "By what is the sum divided in the formula?",
            {"L": [lambda y_hat, y: np.mean((y_hat - y) ** 2), lambda y_hat, y: np.mean((y_hat - y) ** 2) / 2],
             "L_new": [lambda y_hat_new, y: np.mean((y_hat_new - y) ** 2),
                       lambda y_hat_new, y: np.mean((y_hat_new - y) ** 2) / 2]}),
    Mistake("loss-not-squared", "The distances are not squared.", "What is the share of an error of 6 in the loss?",
            {"L": [lambda y_hat, y: np.sum(y_hat - y) / 2, lambda y_hat, y: np.sum(y_hat - y)],
             "L_new": [lambda y_hat_new, y: np.sum(y_hat_new - y) / 2, lambda y_hat_new, y: np.sum(y_hat_new - y)]}),
    Mistake("factor-2-twice", "There is a 2 too many: the ½ before the sum takes it away.",
            "What is the derivative of ½ u²?", {"dL_dy_hat": lambda y_hat, y: 2 * (y_hat - y)}),
    Mistake("target-left-out", "The target is not in it.", "What should the slope be where an output is right?",
            {"dL_dy_hat": lambda y_hat: y_hat}),
    Mistake("relu-in-place-of-its-indicator", "ReLU itself stands in the place of its slope.",
            "How steep is ReLU at 7?", {"dy_hat_dz": lambda z: np.diag(np.maximum(z, 0))}),
    Mistake("zeros-forgotten", "Every output depends on every input here; but each has its own alone.",
            "Does ŷ₁ move when z₂ does? Does z₁ move when the second neuron's weights do?",
            {"dy_hat_dz": lambda: np.ones((3, 3)), "dz_dW": lambda x: np.tile(x, (3, 3))}),
    Mistake("blocks-in-another-order", "The right numbers stand in other columns.",
            "Which weight does the second column belong to: w₁₂ or w₂₁?",
            {"dz_dW": [lambda x: np.kron(x, np.eye(3)), lambda x: np.kron(np.eye(3)[::-1], x)]}),
    Mistake("weights-in-place-of-the-input", "The weights stand where the inputs should.",
            "You change a weight a little: what is that change multiplied by?",
            {"dz_dW": lambda W: np.kron(np.eye(3), np.ones(2)) * np.tile(W.ravel(), (3, 1)),
             "dL_dW": lambda delta, W: delta[:, None] * W}),
    Mistake("upstream-dropped", "What came back is not multiplied in: this is the last factor alone.",
            "Which slope had you found just before, and where does it come in?",
            {"delta": lambda dy_hat_dz: np.diag(dy_hat_dz), "dL_dW": lambda x: np.stack([x, x, x])}),
    Mistake("wrong-activation", "An output stands where its error should.",
            "What does the loss complain about: an output, or how far it is off?",
            {"delta": lambda y_hat: y_hat, "dL_dW": lambda y_hat, x: np.outer(y_hat, x)}),
    Mistake("gradient-ascent", "The step goes uphill: along the slope, not against it.",
            "The slope says where the loss rises. Which way do you want to go?",
            {"W_new": lambda W, dL_dW, eta: W + eta * dL_dW}),
    Mistake("learning-rate-left-out", "The learning rate is not in the step.", "How long is the step for η = 0?",
            {"W_new": lambda W, dL_dW: W - dL_dW}),
    Mistake("step-in-place-of-parameters", "This is the step, not the weights after the step.",
            "Where were the weights before?",
            {"W_new": [lambda dL_dW, eta: eta * dL_dW, lambda dL_dW, eta: -eta * dL_dW]}),
    Mistake("not-moved", "This is as it was before the step.", "Which weights does the second walk take?",
            {"W_new": lambda W: W, "z_new": lambda W, x: W @ x, "y_hat_new": lambda y_hat: y_hat,
             "L_new": lambda L: L}),
)  # fmt: skip


def _entry_problem(kind: str) -> Predicate:
    """Return a predicate: True if every failed entry has no value, for the reason `kind` of its `NoValue`."""

    def predicate(trials: Trials) -> bool:
        return _has_tolerance(trials) and all(
            isinstance(actual, NoValue) and actual.kind == kind for actual in trials.failed_values
        )

    return predicate


def _has_tolerance(trials: Trials) -> bool:
    """True if the expected value has a tolerance, as numbers found by hand have."""
    return isinstance(trials.all[0].expected[trials.value], Within)


def _number_error(matches: Callable[[float, float, float], bool], most: int | None = None) -> Predicate:
    """Return a predicate: True if `matches` holds for every number that is off.

    matches: takes an actual number, the expected one and the absolute tolerance. most: how many numbers of a value may
    be off, at least one being correct; None allows any number.
    """

    def predicate(trials: Trials) -> bool:
        wrong = trials.failed
        return _has_tolerance(trials) and bool(wrong) and all(_shows_in(trial, trials.value) for trial in wrong)

    def _shows_in(trial: Trial, value: str) -> bool:
        """True if every wrong number of the trial's value matches, and no more than `most` are wrong."""
        expected = trial.expected_for(value)
        if isinstance(trial.actual[value], NoValue):
            return False
        actual, correct = np.ravel(trial.actual[value]), np.ravel(expected.value)
        atol = np.broadcast_to(expected.atol, np.shape(expected.value)).ravel()
        off = [number for number in zip(actual, correct, atol, strict=True) if abs(number[0] - number[1]) > number[2]]
        return (most is None or len(off) <= most < len(actual)) and all(matches(*number) for number in off)

    return predicate


def _digits_swapped(actual: float, expected: float, atol: float) -> bool:
    digits, expected_digits = f"{abs(actual):.2f}", f"{abs(expected):.2f}"
    return digits != expected_digits and Counter(digits) == Counter(expected_digits) and (actual < 0) == (expected < 0)


def _point_shifted(actual: float, expected: float, atol: float) -> bool:
    return any(abs(actual * 10.0**by - expected) <= atol * max(1, 10.0**by) for by in (-3, -2, -1, 1))


def _rounded_coarsely(actual: float, expected: float, atol: float) -> bool:
    return any(is_close(actual, round(expected, digits)) and round(expected, digits) for digits in (0, 1))


def _truncated(actual: float, expected: float, atol: float) -> bool:
    return is_close(actual, np.trunc(expected * 100) / 100)


_IN_NUMBERS = (
    relation("not-filled-in", _entry_problem("missing"), "A number is not there yet.",
          "What is the next box of the picture made of, and which of these do you have?"),
    relation("computed-here", _entry_problem("computed"),
          "The number is computed in the notebook, and should be typed in.",
          "What does it come to on paper?"),
    relation("mistyped", _entry_problem("mistyped"), "What was typed in is no number that Python knows.",
          "Is there a comma, a quote or a letter in it?"),
    relation("wrong-brackets", _entry_problem("misshapen"),
          "There are more or fewer numbers or brackets than there should be.",
          "What did the cell look like before you filled it in?"),
    relation("sign", _number_error(lambda actual, expected, atol: abs(actual + expected) <= atol),
          "The sign is the other one.",
          "Which difference is turned round, or which minus is missing or too many?"),
    relation("decimal-point", _number_error(_point_shifted), "The decimal point is at another place.",
          "Said aloud, is it tenths or hundredths?"),
    relation("digits-swapped", _number_error(_digits_swapped), "The right digits, in another order.",
          "Does it say on your paper what it says here?"),
    relation("too-coarse", _number_error(_rounded_coarsely), "It is rounded to fewer than two decimals.",
          "How many decimals does the first cell ask for?"),
    relation("cut-off", _number_error(_truncated), "The last decimal is cut off, not rounded.",
          "Is 0.2355 nearer to 0.23 or to 0.24?"),
    relation("slip-in-one-number", _number_error(lambda *_: True, most=1), "One number is off, the others are right.",
          "Which one changes when you find them once more, without looking at what you wrote?"),
)  # fmt: skip

ONE_LAYER: Sequence[Mistake] = (*_IN_ONE_LAYER, *_IN_NUMBERS)
"""Mistakes in the part on one layer of ReLU."""

TWO_LAYERS: Sequence[Mistake] = (*_IN_TWO_LAYERS, *_IN_NUMBERS)
"""Mistakes in the part on two layers, of tanh and linear."""
