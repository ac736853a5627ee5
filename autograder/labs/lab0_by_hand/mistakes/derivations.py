"""Known mistakes in the derivations of lab 0: slopes, one linear model, several outputs.

An explanation names the wrong step of the derivation by its number in the lab.
"""

from __future__ import annotations

import numpy as np

from autograder.diagnosis.mistake import Mistake
from autograder.diagnosis.trial import NoValue, Trials, finite_array


def _breaks_at_zero(trials: Trials) -> bool:
    """True if the value is wrong for tiny steps h only, and at h = 0 is not a finite number.

    An exception at h = 0 counts only if it is a ZeroDivisionError.
    """
    step_sizes = [abs(trial.inputs.get("h", 1.0)) for trial in trials.failed]
    at_zero = [trial.actual[trials.value] for trial in trials.failed if trial.inputs.get("h") == 0]
    not_finite = [isinstance(finite_array(actual), str) for actual in at_zero]
    by_zero = [not isinstance(actual, NoValue) or actual.kind == "ZeroDivisionError" for actual in at_zero]
    return bool(at_zero) and max(step_sizes) < 1e-6 and all(not_finite) and all(by_zero)


SLOPES = (
    Mistake("h-not-cancelled", "Step 3: h is still in the denominator, so there is 0/0 where the two points meet.",
            "Which factor do both terms of the top share?", predicates={"secant_slope": _breaks_at_zero}),
    Mistake("limit-too-early", "Step 4 came too early: h is gone, although the two points are still apart.",
            "From x to x + h: does the line through both points not depend on where the second one is?",
            {"secant_slope": lambda x, h: 2 * x}),
    Mistake("square-expanded-wrongly", "Step 2: the square of the sum is not expanded as it should be.",
            "What is (x + h)(x + h), all four products of it?",
            {"secant_slope": [lambda x, h: x + h, lambda x, h: h]}),
    Mistake("slope-is-the-function-itself", "The function, or a term of it, stands in the place of its slope.",
            "A variable moves by a tiny step. By how many times as much does the term move that it stands in?",
            {"slope": lambda x: x**2, "df_dx": lambda x, y: x**2, "df_dy": lambda x, y: 3 * y,
             "jacobian": lambda x: np.array([[x[0], 2 * x[1]], [3 * x[0], -x[1]]])}),
    Mistake("other-term-kept", "A term that holds still is in the slope: it should cancel from the difference.",
            "Only one variable moves. By how much does the other term change meanwhile?",
            {"df_dx": [lambda x, y: 2 * x + 3 * y, lambda x, y: 2 * x + 3],
             "df_dy": [lambda x, y: x**2 + 3, lambda x, y: 2 * x + 3]}),
    Mistake("term-forgotten", "The term 3 x₁x₂ has both variables in it, and should be in both slopes.",
            "Hold x₁ still and move x₂: does the product move? And the other way round?",
            {"gradient": [lambda x: np.array([2 * x[0], 3 * x[0]]), lambda x: np.array([2 * x[0] + 3 * x[1], 0])]}),
    Mistake("slopes-added-up", "The slopes are added up to one number: there should be one for each entry.",
            "How many entries can be moved, and how many slopes has yours?",
            {"gradient": lambda expected: expected.sum(),
             "dl_domega": lambda expected, dl_df, df_dbeta, df_domega: expected.sum()}),
    Mistake("transposed", "The Jacobian lies on its side: it has a column for each output, and should have a row.",
            "Which output is row 1 about, and is it a gradient of that output?",
            {"jacobian": lambda expected: expected.T, "curved_jacobian": lambda expected: expected.T,
             "dz_dW": lambda expected, x, D_o: expected.T}),
    Mistake("inner-derivative-left-out", "Step 2 is missing: the slope of what stands inside.",
            "x moves by 0.01. By how much does u = x² move before the sine sees it?",
            {"dy_dx": lambda x: np.cos(x**2)}),
    Mistake("outer-slope-at-the-input", "Step 1: the outer slope is taken at x, and should be taken at u.",
            "What goes *into* the sine: x, or what the square has made of it?",
            {"dy_dx": lambda x: np.cos(x) * 2 * x}),
    Mistake("slopes-nested", "Step 3: the inner slope was put *into* the outer one, not multiplied with it.",
            "A slope is a factor. Which number is the outer one a slope *at*?", {"dy_dx": lambda x: np.cos(2 * x)}),
    Mistake("added-instead-of-multiplied", "The factors of the chain rule are added.",
            "A push that is doubled here and tripled there: how large does it arrive?",
            {"dy_dx": lambda x: np.cos(x**2) + 2 * x,
             "dl_dbeta": lambda dl_df, df_dbeta, df_domega: dl_df + df_dbeta,
             "dl_domega": lambda dl_df, df_dbeta, df_domega: dl_df + df_domega}),
)  # fmt: skip

CHAIN = (
    Mistake("link-left-out", "Only what comes back is there: how the output moves with the parameter is missing.",
            "If the output moved twice as far with the parameter, should this slope stay the same?",
            {"dl_dbeta": lambda dl_df, df_dbeta, df_domega: dl_df,
             "dl_domega": [lambda dl_df, df_dbeta, df_domega: dl_df + 0 * df_domega,
                           lambda dl_df, df_dbeta, df_domega: dl_df]}),
    Mistake("upstream-dropped", "How the loss moves with the output is not in it.",
            "If the loss didn't care for the output at all, what should this slope be?",
            {"dl_dbeta": lambda dl_df, df_dbeta, df_domega: df_dbeta,
             "dl_domega": lambda dl_df, df_dbeta, df_domega: df_domega}),
    Mistake("bias-not-summed", "The bias has one slope for each sample here, and should have one.",
            "Every output moves with the bias. How do their shares come together?",
            {"dL_dbeta": [lambda dL_df, df_dbeta: df_dbeta.T * dL_df,
                          lambda dL_df, df_dbeta: df_dbeta.ravel() * dL_df.ravel(),
                          lambda dL_df, df_dbeta: dL_df]}),
    Mistake("elementwise-product", "`*` multiplies entry by entry; the sum over the samples is missing.",
            "Which product adds up over the samples, and makes (D_i, 1) of (D_i, I) and (I, 1)?",
            {"dL_dbeta": lambda dL_df, df_dbeta: df_dbeta * dL_df.T,
             "dL_domega": lambda dL_df, df_domega: df_domega * dL_df.T}),
)  # fmt: skip

LOCAL_SLOPES = (
    Mistake("factor-2-missing", "Step 1: the 2 of the square is missing.", "What is the derivative of u² in u?",
            {"dl_df": lambda y, f: f - y}),
    Mistake("sign", "Step 1: output and target have changed places, so the sign is the other one.",
            "The output is too high and rises further. Does the loss rise or fall?",
            {"dl_df": lambda y, f: 2 * (y - f)}),
    Mistake("bias-taken-for-a-constant", "Step 2: the bias counts as a constant here, but it is what is being moved.",
            "Let β grow by 1: by how much does the output grow?",
            {"df_dbeta": lambda expected: 0 * np.asarray(expected)}),
    Mistake("input-left-out", "Step 3: the input is not in it.",
            "f = … + ω_j x_j + …: ω_j grows by 1. By how much does f grow?",
            {"df_domega": lambda expected: np.ones_like(expected)}),
    Mistake("mean-of-the-cost-taken-here-too", "Steps 2 and 3: the mean belongs to the cost, and is in step 1 already.",
            "When a weight grows by 1, does the move of one output depend on how many samples there are?",
            {"df_dbeta": lambda expected, I: expected / I, "df_domega": lambda expected, I: expected / I}),
    Mistake("reshaped-instead-of-transposed",
            "Step 3: `reshape` fills the new shape row by row: numbers end up at strangers.",
            "Sample 1 is row 1 of X. Where do its numbers stand in your table?",
            {"df_domega": lambda X, D_i, I: X.reshape(D_i, I)}),
    Mistake("rows-and-columns-mixed-up", "Step 2: there is a column for each input, and should be one for each sample.",
            "How many outputs does the bias move?", {"df_dbeta": lambda D_i, I: np.ones((1, D_i))}),
    Mistake("shape-of-the-outputs", "This is the shape of what the layer says, not of what is moved.",
            "How many weights can you move, and has each of them a slope?", {"of_dL_dW": lambda b: np.array(b.shape)}),
    Mistake("shape-of-the-cost", "This is the shape of the cost, one number. Its gradient has a slope for each entry.",
            "How many entries can you move, one after the other?",
            {"of_dL_dW": lambda: np.array([]), "of_dL_db": lambda: np.array([])}),
    Mistake("transposed", "Rows and columns have changed places.",
            "W minus a step along its gradient: which shape must the step have?",
            {"of_dL_dW": lambda expected: np.array(expected)[::-1]}),
)  # fmt: skip

JACOBIANS = (
    Mistake("transposed", "Step 3: the table lies on its side, a row for each input, a column for each output.",
            "Which shape has Ω, and which of the two factors is the column?",
            {"dl_dOmega": lambda expected: expected.T}),
    Mistake("elementwise-product", "Step 3: `*` pairs entries of one place, where each number should meet all others.",
            "Which shape should come out: that of one column, or a table of all products?",
            {"dl_dOmega": lambda dl_df, h: dl_df * h}),
    Mistake("inner-product", "Step 3: this product adds up to one number, where a table of all products is asked for.",
            "A column times a row is a table. What is a row times a column?",
            {"dl_dOmega": [lambda dl_df, h: dl_df.T @ h, lambda dl_df, h: np.dot(dl_df.ravel(), h.ravel())]}),
    Mistake("zeros-forgotten", "Step 2 of section C.1: each output has the weights of all others in its row here, too.",
            "Push one weight and hold the others: how many outputs move?",
            {"dz_dW": lambda x, D_o: np.tile(x, (D_o, D_o))}),
    Mistake("zeros-forgotten", "Step 1: every output moves with every z here, and should move with its own alone.",
            "Push z₁ and hold the others: how many outputs move?",
            {"dy_hat_dz": [lambda z, D_o: np.tile(1.0 * (z > 0), (D_o, 1)),
                           lambda z, D_o: np.tile(1.0 * (z > 0)[:, None], (1, D_o))]}),
    Mistake("blocks-in-another-order", "The right numbers stand in other columns.",
            "Which weight does the second column belong to: w₁₂ or w₂₁?",
            {"dz_dW": lambda x, D_o: np.kron(x, np.eye(D_o))}),
    Mistake("diagonal-alone", "Step 1: this is the diagonal; the table around it is missing.",
            "Each output might move with each z. How many slopes are there, zeros included?",
            {"dy_hat_dz": lambda z: 1.0 * (z > 0)}),
    Mistake("relu-in-place-of-its-indicator", "Step 1: ReLU itself stands in the place of its slope.",
            "How steep is ReLU at 3, and how high?", {"dy_hat_dz": lambda z: np.diag(np.maximum(z, 0))}),
    Mistake("slope-dropped", "Step 2: the slope of ReLU is missing: the error is handed on as it is.",
            "How much of an error does a flat piece of ReLU let through?", {"delta": lambda y_hat, y, z: y_hat - y}),
    Mistake("factor-2-twice", "There is a 2 too many: the ½ of this section's loss takes it away.",
            "What is the derivative of ½ u²?", {"delta": lambda expected, y_hat, z: 2 * expected}),
    Mistake("upstream-dropped", "Step 2: what the loss says is not in it: this is ReLU's slope alone.",
            "If the output is right, what should δ be?", {"delta": lambda y_hat, z: 1.0 * (z > 0)}),
    Mistake("summed-over-units", "Step 2: the units are added up, and each should keep its own δ.",
            "A row times a table is a row. What is a row times a column?",
            {"delta": lambda expected, y_hat, z: expected.sum()}),
    Mistake("bias-forgotten", "The column of the bias is missing.",
            "How many inputs has the layer with the one that is always 1?",
            {"dl_dOmega_and_beta": lambda weight_gradient, dl_df, h: weight_gradient(dl_df, h)}),
    Mistake("columns-in-another-order", "The column of the bias comes first, and should come last.",
            "Where in h̃ does the 1 stand?",
            {"dl_dOmega_and_beta": lambda expected: np.roll(expected, 1, axis=1)}),
    Mistake("bias-taken-for-a-constant", "The extra input is 0 here, so the bias gets no slope.",
            "Which number is the bias multiplied by?",
            {"dl_dOmega_and_beta": lambda expected: expected * (np.arange(expected.shape[1]) < expected.shape[1] - 1)}),
)  # fmt: skip
