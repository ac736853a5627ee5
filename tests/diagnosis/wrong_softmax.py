"""Answers to the tasks about softmax and cross-entropy for samples as rows; those for columns are lab 5's."""

from __future__ import annotations

from tests.diagnosis.students import Answers, answer_template

ROWS = answer_template("""
    def softmax(net_output):
        e = np.exp(net_output - np.max(net_output, axis=1, keepdims=True))
        return e / np.sum(e, axis=1, keepdims=True)
""")
COST_ROWS = answer_template("""
    def compute_cost(net_output, y):
        m = np.max(net_output, axis=1)
        lse = m + np.log(np.sum(np.exp(net_output - m[:, None]), axis=1))
        return np.mean(lse - np.sum(y * net_output, axis=1))
""")
D_COST_ROWS = answer_template("""
    def d_cost_d_output(net_output, y):
        e = np.exp(net_output - net_output.max(axis=1, keepdims=True))
        s = e / e.sum(axis=1, keepdims=True)
        return (s - y) / len(y)
""")

IN_ROWS: Answers = {
    "": [ROWS(), COST_ROWS(), D_COST_ROWS()],
    "softmax-axes-mixed": [
        ROWS("np.max(net_output, axis=1", "np.max(net_output, axis=0"),
        ROWS("np.sum(e, axis=1", "np.sum(e, axis=0"),
        ROWS("np.sum(e, axis=1, keepdims=True)", "np.sum(e, axis=0)"),
        D_COST_ROWS("max(axis=1", "max(axis=0"),
    ],
    "softmax-over-the-samples": [
        ROWS("axis=1", "axis=0"),
        ROWS("axis=1, keepdims=True", "axis=0"),
        D_COST_ROWS("axis=1", "axis=0"),
    ],
    "softmax-not-shifted": [
        ROWS(" - np.max(net_output, axis=1, keepdims=True)", ""),
        COST_ROWS("m = np", "m = 0 * np"),
    ],
    "maximum-not-added-back": [COST_ROWS("m + np.log", "np.log")],
    "mean-missing": [COST_ROWS("np.mean", "np.sum"), D_COST_ROWS(" / len(y)", "")],
    "rows-and-columns-mixed-up": [D_COST_ROWS("len(y)", "y.shape[1]")],
    "softmax-derivative-diagonal": [D_COST_ROWS("(s - y)", "(s - y) * s * (1 - s)")],
    "softmax-jacobian-flattened": [
        D_COST_ROWS(
            "(s - y) / len(y)", "((np.diagflat(s) - np.outer(s, s)) @ (-y / s).ravel()).reshape(s.shape) / len(y)"
        ),
        D_COST_ROWS("(s - y)", "(np.diag(s.ravel()) - np.outer(s, s))"),
    ],
    "operands-do-not-fit": [ROWS("np.sum(e, axis=1, keepdims=True)", "np.sum(e, axis=1)")],
}
