"""Known mistakes in a mean of squares, `cost`, and in its derivative, `dl_df`; samples are columns or rows."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from autograder.diagnosis.formulas import Computation
from autograder.diagnosis.mistake import Mistake

_MEAN_OF_SQUARES = Computation(
    "net_output y I samples",
    "cost dl_df",
    {
        "e": lambda net_output, y: net_output - y,
        "cost": lambda e, I: (e**2).sum() / I,
        "dl_df": lambda e, I: 2 * e / I,
        "over_samples": lambda e, samples, keepdims: e.sum(0 if samples == "rows" else 1, keepdims=keepdims),
    },
    keywords="keepdims",
)

_COST = (
    Mistake("loss-and-derivative-apart",
            "This is another cost than the one that the notebook differentiates: not a mean of squares.",
            "What does the equation do to each difference before it adds them up?",
            _MEAN_OF_SQUARES.formulas({"cost": [
                lambda e, I: np.abs(e).sum() / I, lambda e: np.abs(e).mean(), lambda e: np.abs(e).sum(),
                lambda e, I: np.sqrt((e**2).sum() / I), lambda e: np.sqrt((e**2).mean()), lambda e: np.linalg.norm(e),
                lambda e, I: np.linalg.norm(e) / I]})),
    Mistake("not-squared", "The differences are not squared: positive and negative ones cancel.",
            "Can a cost be negative?",
            _MEAN_OF_SQUARES.formulas({"cost": [
                lambda e, I: e.sum() / I, lambda e, I: -e.sum() / I, lambda e: e.sum(), lambda e: e.mean(),
                lambda e: -e.mean()]})),
    Mistake("target-left-out", "The target is not in it.",
            "What should the cost be where every output is right?",
            _MEAN_OF_SQUARES.formulas({"cost": [
                lambda net_output, I: (net_output**2).sum() / I, lambda net_output: (net_output**2).mean()]})),
    Mistake("mean-over-outputs-taken-twice",
            "The mean runs over samples and outputs; this cost divides by the samples only.",
            "By how many numbers does the equation divide, and by how many does `np.mean`?",
            {"cost": lambda expected, D_o: expected / D_o}),
    Mistake("factor-2-missing", "There is a ½ that the cost of this notebook does not have.",
            "Does the equation of the cost have a ½, and what would it do to its derivative?",
            {"cost": lambda expected: expected / 2}),
)  # fmt: skip

_D_COST = (
    Mistake("square-not-differentiated",
            "The square is still there: its derivative has the difference itself.",
            "What is the derivative of u² in u?",
            _MEAN_OF_SQUARES.formulas({"dl_df": [
                lambda e, I: 2 * e**2 / I, lambda e, I: e**2 / I, lambda e: 2 * e**2]})),
    Mistake("target-left-out", "The target is not in it.",
            "What should the slope be where the model hits the target?",
            _MEAN_OF_SQUARES.formulas({"dl_df": [
                lambda net_output, I: 2 * net_output / I, lambda net_output: 2 * net_output]})),
    Mistake("cost-returned", "This is the cost, not its derivative.",
            "One number for all, or one for each output of each sample: which is asked for?",
            _MEAN_OF_SQUARES.formulas({"dl_df": [
                lambda e, I: (e**2).sum() / I, lambda e: (e**2).mean(), lambda e: (e**2).sum()]})),
    Mistake("summed-over-samples", "The samples are added up here already: one slope for all of them.",
            "If the output of one sample moves and the others don't, how many slopes are there to know?",
            _MEAN_OF_SQUARES.formulas({"dl_df": [
                lambda over_samples, I: 2 * over_samples(keepdims=True) / I,
                lambda over_samples: 2 * over_samples(keepdims=True),
                lambda over_samples, I: 2 * over_samples(keepdims=False) / I,
                lambda over_samples: 2 * over_samples(keepdims=False), lambda e, I: 2 * e.sum() / I,
                lambda e: 2 * e.sum()]})),
    Mistake("loss-and-derivative-apart",
            "This is the derivative of another cost than the one of this notebook.",
            "Which cost is being differentiated: squares, absolute values, or a root?",
            _MEAN_OF_SQUARES.formulas({"dl_df": [
                lambda e, I: np.sign(e) / I, lambda e: np.sign(e), lambda e: e / np.linalg.norm(e)]})),
)  # fmt: skip

OUTPUTS: Sequence[Mistake] = (*_COST, *_D_COST)
