"""Known mistakes in linear regression, lab 1: rows are samples, the cost is a mean of squares."""

from __future__ import annotations

import ast
from typing import Any

import numpy as np

from autograder.cell_code import tree_or_empty
from autograder.diagnosis.formulas import Computation, formulas_of
from autograder.diagnosis.mistake import Mistake, Predicate
from autograder.diagnosis.trial import OneOf, Trials, finite_array, is_close

FORWARD = (
    Mistake("bias-forgotten", "The bias is not added.",
            "What should come out where all weights are zero?",
            {"net_output": lambda net_input, weights: net_input @ weights}),
    Mistake("sign-of-the-bias", "The bias is taken away in place of added.",
            "Which way should the outputs move when the bias grows?",
            {"net_output": lambda net_input, weights, bias: net_input @ weights - bias}),
    Mistake("bias-counted-for-every-feature", "The bias is added once for every feature.",
            "How often does β stand in the equation of one output?",
            {"net_output": lambda net_input, weights, bias, D_i: net_input @ weights + D_i * bias}),
    Mistake("mean-over-features", "The features are averaged, and should be added up.",
            "Is there a 1/D in the equation of the model?",
            {"net_output": lambda net_input, weights, bias, D_i: net_input @ weights / D_i + bias}),
    Mistake("elementwise-product", "`*` multiplies entry by entry; the sum over the features is missing.",
            "Which operator multiplies a matrix by a column, and adds up?",
            {"net_output": [lambda net_input, weights, bias: net_input * weights.T + bias,
                            lambda net_input, weights: net_input * weights.T,
                            lambda net_input, weights, bias: (net_input * weights.T + bias).T]}),
    Mistake("summed-over-samples", "The sum runs over the samples, and should run over the features.",
            "How many outputs should there be: one for each sample, or one for each feature?",
            {"net_output": [lambda net_input, weights, bias: (net_input * weights.T).sum(0)[:, None] + bias,
                            lambda net_input, weights, bias: (net_input * weights.T).sum(0) + bias]}),
)  # fmt: skip


def _d_cost(net_output: Any, y: Any) -> Any:
    """Return the derivative of the cost, (I, 1)."""
    return 2 * (net_output - y) / len(y)


D_COST = (
    Mistake("summed-over-samples", "The samples are added up here already: one slope for all of them.",
            "If one output moves and the others don't, how many slopes are there to know?",
            {"dl_df": [lambda net_output, y: np.sum(_d_cost(net_output, y)),
                       lambda net_output, y: np.sum(2 * (net_output - y)),
                       lambda net_output, y: np.mean(_d_cost(net_output, y))]}),
    Mistake("loss-and-derivative-apart", "This is the derivative of another cost than the one of this notebook.",
            "Which cost is being differentiated: squares, absolute values, or a root?",
            {"dl_df": [lambda net_output, y: np.sign(net_output - y) / len(y),
                       lambda net_output, y: np.sign(net_output - y),
                       lambda net_output, y: (net_output - y) / len(y) / np.sqrt(np.mean((net_output - y) ** 2))]},
            section="section 3, “The model and its cost”, for the cost that is meant"),
    Mistake("square-not-differentiated", "The square is still there: its derivative has the difference itself.",
            "What is the derivative of u² in u?",
            {"dl_df": [lambda net_output, y: 2 * (net_output - y) ** 2 / len(y),
                       lambda net_output, y: (net_output - y) ** 2 / len(y)]}),
    Mistake("target-left-out", "The target is not in it.",
            "What should the slope be where the model hits the target?",
            {"dl_df": lambda net_output, y: 2 * net_output / len(y)}),
    Mistake("cost-returned", "This is the cost, not its derivative.",
            "One number for all samples, or one for each: which is asked for?",
            {"dl_df": [lambda net_output, y: np.mean((net_output - y) ** 2),
                       lambda net_output, y: np.sum((net_output - y) ** 2)]},
            section="section 3, where the cost is given"),
)  # fmt: skip

LOCAL_DERIVATIVES = (
    Mistake("bias-taken-for-a-constant", "The bias counts as a constant here, but it is what is being moved.",
            "Let the bias grow by 1: by how much does every output grow?",
            {"df_dbias": lambda expected: 0 * expected}),
    Mistake("mean-of-the-cost-taken-here-too", "The mean belongs to the cost, and this is about the outputs only.",
            "When a weight grows by 1, does the move of one output depend on how many samples there are?",
            {"df_dweights": lambda expected, I: expected / I, "df_dbias": lambda expected, I: expected / I},
            section="section 4: the mean came in there"),
    Mistake("rows-and-columns-mixed-up", "There is one column for each feature, and should be one for each sample.",
            "How many outputs does the bias move?",
            {"df_dbias": lambda D_i: np.ones((1, D_i))}),
    Mistake("reshaped-instead-of-transposed", "`reshape` fills the new shape row by row: numbers end up at strangers.",
            "Sample 1 of the worked entry has the features 5 and 7. Where do they stand in yours?",
            {"df_dweights": lambda net_input, D_i, I: net_input.reshape(D_i, I)}),
    Mistake("one-number-for-all-samples", "This is one number, and there should be one for each sample.",
            "How many outputs does the bias move?",
            {"df_dbias": lambda: 1.0}),
    Mistake("summed-over-samples", "The samples are added up here already.",
            "A column for each sample: how many columns are there in yours?",
            {"df_dweights": [lambda net_input: net_input.sum(0)[:, None], lambda net_input: net_input.sum(0)],
             "df_dbias": [lambda I: I]}),
    Mistake("input-left-out", "The input is not in it.",
            "In the worked entry the output moves 7 times as far as ω₂. Where does the 7 come from?",
            {"df_dweights": lambda expected: np.ones_like(expected)}),
)  # fmt: skip


_GRADIENT = Computation(
    "net_input weights bias net_output y I d_cost_d_output",
    "dl_dweights dl_dbias",
    {
        "dl_df": lambda d_cost_d_output, net_output, y: d_cost_d_output(net_output, y),
        "dl_dweights": lambda net_input, dl_df: net_input.T @ dl_df,
        "dl_dbias": lambda dl_df: dl_df.sum(),
    },
)

BACKWARD = (
    Mistake("bias-not-summed", "The bias has one slope for each sample, and should have one.",
            "Every sample moves with the bias. How do their shares come together?",
            _GRADIENT.formulas({"dl_dbias": [lambda dl_df: dl_df, lambda dl_df: dl_df.ravel(),
                                             lambda dl_df: dl_df.T]})),
    Mistake("bias-times-n", "The slope of the bias is multiplied by the number of samples.",
            "Is the mean of the cost in the slope of the bias, as it is in that of the weights?",
            _GRADIENT.formulas({"dl_dbias": lambda dl_df, I: I * dl_df.sum()})),
    Mistake("weights-summed-bias-averaged", "The weights' slopes are added up, the bias's are averaged.",
            "The mean came in with the first factor, once for all. Which of `sum` and `mean` is left to be taken?",
            _GRADIENT.formulas({"dl_dbias": lambda dl_df: dl_df.mean()})),
    Mistake("upstream-multiplied-in-twice", "The slope that came back is multiplied in twice.",
            "How many factors does the chain rule have here, and which are they?",
            _GRADIENT.formulas({"dl_df": lambda dl_df: dl_df**2})),
    Mistake("elementwise-product", "`*` multiplies entry by entry; the sum over the samples is missing.",
            "Which operator multiplies two matrices, and adds up?",
            _GRADIENT.formulas({"dl_dweights": [lambda net_input, dl_df: net_input * dl_df,
                                                lambda net_input, dl_df: (net_input * dl_df).T]})),
    Mistake("outer-product", "`np.outer` pairs every number with every other, those of different samples too.",
            "Which shape should the gradient of the weights have, and which has yours?",
            _GRADIENT.formulas({"dl_dweights": [lambda net_input, dl_df: np.outer(net_input, dl_df),
                                                lambda net_input, dl_df: np.outer(dl_df, net_input)]})),
    Mistake("upstream-dropped", "How the cost changes with the outputs is not in it.",
            "If the model is already right, what should this gradient be?",
            {"dl_dweights": [lambda net_input, D_i: net_input.sum(0).reshape(D_i, 1),
                             lambda net_input, D_i: net_input.mean(0).reshape(D_i, 1)],
             "dl_dbias": [lambda I: I, lambda: 1.0]},
            section="section 4: that factor was made there"),
    Mistake("input-left-out", "The input is not in it.",
            "By how much does an output move when weight ω_j moves: always the same?",
            _GRADIENT.formulas({"dl_dweights": lambda weights, dl_df: np.ones_like(weights) * dl_df.sum()})),
    Mistake("weights-in-place-of-the-input", "The weights stand where the input should.",
            "f = β + ωx: what is the derivative in ω?",
            _GRADIENT.formulas({"dl_dweights": lambda weights, dl_df: weights * dl_df.sum()}),
            section="section 5, the worked entry"),
    Mistake("bias-slope-times-bias", "The bias multiplies its own slope.",
            "f = β + ωx: what is the derivative in β?",
            _GRADIENT.formulas({"dl_dbias": lambda bias, dl_df: bias * dl_df.sum()}),
            section="section 5, the worked entry"),
    Mistake("net-output-computed-anew", "The outputs handed over are not used: they are computed anew.",
            "Which of the arguments says what the model said?",
            _GRADIENT.formulas({"net_output": lambda net_input, weights, bias: net_input @ weights + bias})),
)  # fmt: skip


def _constant_rate(parameter: str, slope: str) -> Predicate:
    """Return a predicate: True if the step is the gradient times one factor, the same in all cases, whatever alpha is.

    parameter, slope: the names of the inputs that hold the parameter and its gradient.
    """

    def predicate(trials: Trials) -> bool:
        rates = []
        for trial in trials.all:
            actual, slopes = trial.actual[trials.value], trial.inputs[slope]
            if isinstance(actual := finite_array(actual), str) or actual.size != slopes.size:
                return False
            step = trial.inputs[parameter] - actual.reshape(slopes.shape)
            rate = float(np.vdot(slopes, step) / np.vdot(slopes, slopes))
            if not is_close(step, rate * slopes):
                return False
            rates.append(rate)
        return len(rates) > 1 and rates[0] != 0 and float(np.ptp(rates)) <= 1e-6 * abs(rates[0])

    return predicate


def _same_step(trials: Trials) -> bool:
    """True if in every case all weights have moved by the same number."""
    for trial in trials.all:
        actual, weights = finite_array(trial.actual[trials.value]), trial.inputs["weights"]
        if isinstance(actual, str) or actual.shape != weights.shape:
            return False
        steps = actual - weights
        if not steps.any() or np.ptp(steps) > 1e-6 * np.abs(steps).max():
            return False
    return True


_PARAMETERS = {"weights": "weights dl_dweights alpha", "bias": "bias dl_dbias alpha"}
"""By updated parameter, the names of the values that the update takes."""

UPDATE = (
    Mistake("gradient-ascent", "The step goes uphill: along the gradient, not against it.",
            "Where the cost grows with a parameter, should the parameter grow?",
            formulas_of(_PARAMETERS, lambda value, slope, alpha: value + alpha * slope)),
    Mistake("learning-rate-left-out", "The learning rate is not in the step.",
            "What should happen at α = 0?", formulas_of(_PARAMETERS, lambda value, slope, alpha: value - slope)),
    Mistake("multiplied-by-the-gradient", "The parameters are multiplied by the gradient, not moved along it.",
            "Is the arrow of the update rule followed by a product or by a difference?",
            formulas_of(_PARAMETERS, lambda value, slope, alpha: value * alpha * slope,
                        lambda value, slope, alpha: value * (1 - alpha * slope),
                        lambda value, slope, alpha: value * slope,
                        lambda value, slope, alpha: -value * alpha * slope)),
    Mistake("step-in-place-of-parameters", "This is the step, not the parameter after the step.",
            "What is the step taken from?", formulas_of(_PARAMETERS, lambda value, slope, alpha: -alpha * slope,
                                                        lambda value, slope, alpha: alpha * slope)),
    Mistake("learning-rate-of-its-own", "The step has a learning rate of its own, whatever `alpha` is.",
            "Which argument says how far to go?",
            predicates={"weights": _constant_rate("weights", "dl_dweights"),
                        "bias": _constant_rate("bias", "dl_dbias")}),
    Mistake("bias-forgotten", "The bias stays where it is.", "Which of the two lines of the rule is missing?",
            {"bias": lambda bias, dl_dbias: bias}),
    Mistake("weights-forgotten", "The weights stay where they are.", "Which of the two lines of the rule is missing?",
            {"weights": lambda weights, dl_dweights: weights}),
    Mistake("same-step-for-all-weights", "All weights take the same step.", "Has every weight a slope of its own?",
            predicates={"weights": _same_step}),
)  # fmt: skip


def _uses_descent(trials: Trials) -> bool:
    """True if the cell loops or calls `train_model`, and calls no solver."""
    nodes = list(ast.walk(tree_or_empty(trials.source)))
    called = {ast.unparse(node.func).rpartition(".")[2] for node in nodes if isinstance(node, ast.Call)}
    loops = any(isinstance(node, ast.For | ast.While) for node in nodes)
    return (loops or "train_model" in called) and not called & {"solve", "inv", "pinv", "lstsq", "qr", "svd"}


def _ridge(trials: Trials) -> bool:
    """True if in every case AᵀAφ + λφ = Aᵀy holds for some λ > 0 and some φ that is not zero."""
    for trial in trials.all:
        parameters = [finite_array(trial.actual[name]) for name in ("weights", "bias")]
        A, y = _design(trial.inputs["net_input"]), trial.inputs["y"]
        if any(isinstance(part, str) for part in parameters) or sum(np.size(part) for part in parameters) != A.shape[1]:
            return False
        phi = np.vstack([np.reshape(part, (-1, 1)) for part in parameters])
        if not phi.any():
            return False
        residual = A.T @ y - A.T @ A @ phi
        penalty = float(np.vdot(phi, residual) / np.vdot(phi, phi))
        if penalty <= 0 or np.abs(residual - penalty * phi).max() > 1e-3 * np.abs(residual).max():
            return False
    return True


def _design(net_input: Any) -> Any:
    """Return the inputs (I, D_i) with a column of ones appended."""
    return np.hstack([net_input, np.ones((len(net_input), 1))])


_NORMAL = Computation(
    "net_input y",
    "weights bias",
    {
        "A": _design,
        "phi": lambda A, y: np.linalg.solve(A.T @ A, A.T @ y),
        "weights": lambda phi: phi[:-1],
        "bias": lambda phi: phi[-1:],
    },
)

NORMAL_EQUATIONS = (
    Mistake("bias-forgotten", "The bias is not one of the unknowns.", "What is the column of ones for?",
            _NORMAL.formulas({
                "weights": lambda net_input, y: np.linalg.solve(net_input.T @ net_input, net_input.T @ y),
                "bias": lambda net_input, weights, y: OneOf((0.0, np.mean(y - net_input @ weights))),
            })),
    Mistake("bias-is-the-mean", "The bias is the mean of the targets, which it is for centred inputs only.",
            "What does the model say where all inputs are zero, and where they are at their mean?",
            {"bias": lambda y, net_input: y.mean()},
            section="section 1, where a guesser says the mean"),
    Mistake("inverse-left-out", "The system is not solved: this is its right-hand side.",
            "Which matrix stands before φ in the equation?",
            _NORMAL.formulas({"phi": [lambda A, y: A.T @ y / len(y), lambda A, y: A.T @ y]})),
    Mistake("elementwise-product", "`*` multiplies entry by entry; a matrix product was meant.",
            "Which operator multiplies a matrix by a column?",
            _NORMAL.formulas({"phi": [lambda A, y: np.linalg.inv(A.T @ A) * (A.T @ y),
                                      lambda A, y: np.linalg.inv(A.T @ A) * (A.T @ y).T,
                                      lambda A, y: np.linalg.pinv(A) * y.T]})),
    Mistake("ones-first-split-at-the-end", "The ones come first, but the bias is taken from the end.",
            "Which entry of φ belongs to the column of ones?",
            _NORMAL.formulas({"A": lambda net_input: np.hstack([np.ones((len(net_input), 1)), net_input])})),
    Mistake("ridge", "Something is added to the matrix before it is solved: the solution is pulled towards zero.",
            "Is there anything besides AᵀA on the left of the equation?",
            predicates={"weights": _ridge, "bias": _ridge}),
    Mistake("descent-instead", "This is a descent of so many steps, not the solution of the equations.",
            "How many steps would it take to be at the very bottom?",
            predicates={"weights": _uses_descent, "bias": _uses_descent}),
)  # fmt: skip
