"""Answers to the tasks about softmax and cross-entropy, as students write them; samples are columns."""

from __future__ import annotations

from tests.diagnosis.students import Answers, slip

NOTEBOOK = """
def softmax(net_output):
    e = np.exp(net_output - np.max(net_output, axis=0, keepdims=True))
    return e / np.sum(e, axis=0, keepdims=True)
"""

# softmax -------------------------------------------------------------------------------------------------------------

KEPT = slip("""
    def softmax(net_output):
        largest = np.max(net_output, axis=0, keepdims=True)
        powers = np.exp(net_output - largest)
        return powers / np.sum(powers, axis=0, keepdims=True)
""")
PLAIN = slip("""
    def softmax(f):
        e = np.exp(f - f.max(0))
        return e / e.sum(0)
""")
COLUMNS = slip("""
    def softmax(z):
        p = np.zeros_like(z)
        for i in range(z.shape[1]):
            column = z[:, i] - max(z[:, i])
            p[:, i] = np.exp(column) / sum(np.exp(column))
        return p
""")

SOFTMAX_RIGHT = {
    "kept": KEPT(),
    "plain": PLAIN(),
    "columns": COLUMNS(),
    "by-logarithm": PLAIN("e / e.sum(0)", "np.exp(f - f.max(0) - np.log(e.sum(0)))"),
    "transposed-twice": PLAIN("e / e.sum(0)", "(e.T / e.T.sum(axis=1, keepdims=True)).T"),
    "smallest-shift": PLAIN("f.max(0))", "f.max(0) - 3)"),
    "float32": PLAIN("e = np", "f = np.float32(f)\n    e = np"),
}

SOFTMAX: Answers = {
    "softmax-axes-mixed": [
        KEPT("np.max(net_output, axis=0", "np.max(net_output, axis=1"),
        PLAIN("e.sum(0)", "e.sum(1)"),
        KEPT("np.sum(powers, axis=0", "np.sum(powers, axis=1"),
        PLAIN("e.sum(0)", "e.sum(axis=1)[:, None]"),
        PLAIN("f.max(0)", "f.max(1)"),
    ],
    "softmax-over-the-samples": [
        KEPT("axis=0", "axis=1"),
        PLAIN("f.max(0)", "f.max(1)[:, None]", "e.sum(0)", "e.sum(1)[:, None]"),
        "def softmax(f):\n    return np.array([np.exp(row - max(row)) / np.exp(row - max(row)).sum() for row in f])",
    ],
    "softmax-not-shifted": [
        PLAIN(" - f.max(0)", ""),
        COLUMNS(" - max(z[:, i])", ""),
        KEPT("net_output - largest", "net_output"),
    ],
    "softmax-one-maximum-for-all": [
        PLAIN("f.max(0)", "f.max()"),
        KEPT("np.max(net_output, axis=0, keepdims=True)", "np.amax(net_output)"),
    ],
    "softmax-over-everything": [
        PLAIN("f.max(0)", "f.max()", "e.sum(0)", "e.sum()"),
        KEPT("np.sum(powers, axis=0, keepdims=True)", "np.sum(powers)"),
        PLAIN(" - f.max(0)", "", "e.sum(0)", "e.sum()"),
    ],
    "not-normalised": [
        PLAIN("e / e.sum(0)", "e"), COLUMNS(" / sum(np.exp(column))", ""), PLAIN("e.sum(0)", "e.mean(0)"),
    ],
    "transposed": [PLAIN("e / e.sum(0)", "(e / e.sum(0)).T"), COLUMNS("return p", "return p.T.copy()")],
    "zeros": [PLAIN("e / e.sum(0)", "np.zeros_like(f)"), COLUMNS("p[:, i] =", "p_i =")],
    "sign": [PLAIN("return e", "return -e"), KEPT("return powers", "return -1 * powers")],
}  # fmt: skip

# cost ----------------------------------------------------------------------------------------------------------------


def cost(expression: str, before: str = "") -> str:
    """An answer that returns this."""
    lines = ["def compute_cost(f, y):", "n = y.shape[1]", *filter(None, before.split("\n")), f"return {expression}"]
    return "\n    ".join(lines)


STABLE = "m = f.max(0)\nlse = m + np.log(np.exp(f - m).sum(0))"
SHIFTED = "z = f - np.max(f, axis=0, keepdims=True)\nlog_p = z - np.log(np.sum(np.exp(z), axis=0, keepdims=True))"
P = "p = softmax(f)"

COST_RIGHT = {
    "log-sum-exp": cost("np.mean(lse - (y * f).sum(0))", STABLE),
    "log-probabilities": cost("-np.sum(y * log_p) / n", SHIFTED),
    "reduce": cost("np.mean(np.logaddexp.reduce(f, axis=0) - f[y == 1][np.argsort(np.nonzero(y)[1])])"),
    "loop": cost("sum(np.logaddexp.reduce(f[:, i]) - f[y[:, i].argmax(), i] for i in range(n)) / n"),
    "einsum": cost("-np.einsum('ki,ki->', y, log_p) / f.shape[1]", SHIFTED),
}

COST: Answers = {
    "cross-entropy-without-minus": [
        cost("np.sum(y * log_p) / n", SHIFTED), cost("np.mean((y * f).sum(0) - lse)", STABLE),
        cost("np.sum(y * np.log(p)) / n", P), cost("np.mean(np.log(p[y == 1]))", P),
    ],
    "mean-missing": [
        cost("-np.sum(y * log_p)", SHIFTED), cost("np.sum(lse - (y * f).sum(0))", STABLE),
        cost("-np.sum(y * np.log(p))", P),
    ],
    "mean-taken-twice": [
        cost("np.mean(lse - (y * f).sum(0)) / n", STABLE), cost("-np.mean(np.sum(y * np.log(p), axis=0)) / n", P),
    ],
    "mean-over-outputs-taken-twice": [
        cost("-np.mean(y * log_p)", SHIFTED), cost("-np.mean(y * np.log(p))", P),
        cost("-np.sum(y * log_p) / y.size", SHIFTED),
    ],
    "mean-not-taken": [
        cost("lse - (y * f).sum(0)", STABLE), cost("-np.sum(y * log_p, axis=0, keepdims=True)", SHIFTED),
    ],
    "maximum-not-added-back": [
        cost("np.mean(np.log(np.exp(f - m).sum(0)) - (y * f).sum(0))", "m = f.max(0)"),
        cost("-np.sum(y * (f - np.log(np.sum(np.exp(z), axis=0)))) / n", SHIFTED),
    ],
    "softmax-not-shifted": [
        cost("np.mean(np.log(np.exp(f).sum(0)) - (y * f).sum(0))"),
        cost("-np.sum(y * (f - np.log(np.sum(np.exp(f), axis=0)))) / n"),
        cost("-np.sum(y * np.log(np.exp(f) / np.exp(f).sum(0))) / n"),
    ],
    "log-of-zero": [
        cost("-np.sum(y * np.log(p)) / n", P), cost("-np.mean(np.log(p[y == 1]))", P),
        cost("np.mean([-np.log(p[:, i]) @ y[:, i] for i in range(n)])", P),
    ],
    "epsilon-inside-the-log": [
        cost("-np.sum(y * np.log(p + 1e-12)) / n", P), cost("-np.sum(y * np.log(np.clip(p, 1e-15, 1 - 1e-15))) / n", P),
        cost("-np.mean(np.log(np.maximum(p[y == 1], 1e-10)))", P), cost("-np.sum(y * np.log(p + 1e-8)) / n", P),
        cost("-np.sum(y * np.log(p + np.finfo(float).eps)) / n", P),
    ],
    "target-left-out": [
        cost("np.mean(lse)", STABLE), cost("-np.sum(log_p) / n", SHIFTED), cost("-np.sum(np.log(p)) / n", P),
    ],
    "loss-and-derivative-apart": [
        cost("np.sum((f - y) ** 2) / n"), cost("np.mean((p - y) ** 2)", P), cost("np.sum((softmax(f) - y) ** 2) / n"),
        cost("-np.sum(y * log_p + (1 - y) * np.log(1 - np.exp(log_p))) / n", SHIFTED),
    ],
    "softmax-over-the-samples": [
        cost("-np.sum(y * (z - np.log(np.exp(z).sum(1, keepdims=True)))) / n", "z = f - f.max(1, keepdims=True)"),
        cost("-np.sum(y * np.log(e / e.sum(1, keepdims=True))) / n", "e = np.exp(f - f.max(axis=1)[:, None])"),
    ],
    "softmax-over-everything": [
        cost("-np.sum(y * np.log(e / e.sum())) / n", "e = np.exp(f - f.max())"),
        cost("np.log(np.sum(np.exp(f - f.max()))) + f.max() - np.sum(y * f) / n"),
    ],
    "softmax-one-maximum-for-all": [
        cost("np.mean(m + np.log(np.exp(f - m).sum(0)) - (y * f).sum(0))", "m = f.max()"),
        cost("-np.sum(y * np.log(e / e.sum(axis=0))) / n", "e = np.exp(f - np.max(f))"),
    ],
    "zeros": [cost("0.0"), cost("-np.sum(y * np.log(y + (y == 0))) / n")],
}  # fmt: skip

# derivative ----------------------------------------------------------------------------------------------------------


def d_cost(expression: str, before: str = P) -> str:
    """An answer that returns this."""
    lines = ["def d_cost_d_output(f, y):", "n = y.shape[1]", *filter(None, before.split("\n")), f"return {expression}"]
    return "\n    ".join(lines)


JACOBIAN = "p = softmax(f).reshape(-1, 1)\nJ = np.diagflat(p) - p @ p.T"

D_COST_RIGHT = {
    "plain": d_cost("(p - y) / n"),
    "in-place": d_cost("p / f.shape[1]", "p = softmax(f)\np[y == 1] -= 1"),
    "columns": d_cost("np.array([softmax(f[:, [i]])[:, 0] - y[:, i] for i in range(n)]).T / n"),
    "jacobian": d_cost("d / n", "p = softmax(f)\nd = np.zeros_like(f)\nfor i in range(n):\n"
                       "        d[:, i] = p[:, i] * y[:, i].sum() - y[:, i]"),
}  # fmt: skip

D_COST: Answers = {
    "sign": [d_cost("(y - p) / n"), d_cost("-(p - y) / n")],
    "mean-missing": [d_cost("p - y"), d_cost("p", "p = softmax(f)\np[y == 1] -= 1")],
    "mean-taken-twice": [d_cost("(p - y) / n**2"), d_cost("(p - y) / n / f.shape[1]")],
    "mean-over-outputs-taken-twice": [d_cost("(p - y) / y.size"), d_cost("(p - y) / (n * len(y))")],
    "rows-and-columns-mixed-up": [d_cost("(p - y) / len(y)"), d_cost("(p - y) / f.shape[0]")],
    "factor-2-twice": [d_cost("2 * (p - y) / n"), d_cost("((p - y) + (p - y)) / n")],
    "transposed": [
        d_cost("(p - y).T / n"), d_cost("np.array([softmax(f[:, [i]])[:, 0] - y[:, i] for i in range(n)]) / n"),
    ],
    "zeros": [d_cost("0 * f"), d_cost("np.zeros(f.shape)")],
    "target-left-out": [d_cost("p / n"), d_cost("softmax(f) / len(f[0])")],
    "summed-over-samples": [d_cost("(p - y).mean(axis=1, keepdims=True)"), d_cost("np.sum(p - y, axis=1) / n")],
    "softmax-left-out": [d_cost("(f - y) / n"), d_cost("(1 / n) * f - (1 / n) * y")],
    "softmax-derivative-left-out": [
        d_cost("-y / p / n"), d_cost("-(y / p) / n"), d_cost("-np.where(y == 1, 1 / p, 0) / n"),
    ],
    "softmax-derivative-diagonal": [
        d_cost("(p - y) * p * (1 - p) / n"), d_cost("-y * (1 - p) / n"), d_cost("-(y / p) * (p * (1 - p)) / n"),
        d_cost("p * (1 - p) / n"), d_cost("2 * (p - y) * p * (1 - p) / n"), d_cost("(p - y) * p * (1 - p)"),
        d_cost("p * (1 - p)"),
    ],
    "softmax-jacobian-flattened": [
        d_cost("(n * p - y) / n"),
        d_cost("(J @ (-y.reshape(-1, 1) / p)).reshape(f.shape) / n", JACOBIAN),
        d_cost("J", JACOBIAN),
    ],
    "loss-and-derivative-apart": [d_cost("2 * (f - y) / n"), d_cost("2 * (f - y)"), d_cost("np.sign(p - y) / n")],
    "cost-returned": [
        d_cost("-np.sum(y * log_p) / n", SHIFTED), d_cost("np.mean(lse - (y * f).sum(0))", STABLE),
    ],
    "softmax-not-shifted": [
        d_cost("(np.exp(f) / np.exp(f).sum(0) - y) / n"),
        d_cost("(p - y) / n", "p = np.exp(f)\np = p / p.sum(axis=0, keepdims=True)"),
    ],
    "softmax-over-the-samples": [
        d_cost("(e / e.sum(1, keepdims=True) - y) / n", "e = np.exp(f - f.max(1, keepdims=True))"),
        d_cost("(softmax(f.T).T - y) / n"),
    ],
    "softmax-over-everything": [
        d_cost("(e / e.sum() - y) / n", "e = np.exp(f - f.max())"),
        d_cost("(softmax(f.reshape(-1, 1)).reshape(f.shape) - y) / n"),
    ],
    "softmax-axes-mixed": [
        d_cost("(e / e.sum(0) - y) / n", "e = np.exp(f - f.max(1, keepdims=True))"),
        d_cost("(e / e.sum(1)[:, None] - y) / n", "e = np.exp(f - f.max(0))"),
    ],
}  # fmt: skip

# Samples as rows, from the start; no name is that of a right answer ---------------------------------------------------

ROWS = slip("""
    def softmax(net_output):
        e = np.exp(net_output - np.max(net_output, axis=1, keepdims=True))
        return e / np.sum(e, axis=1, keepdims=True)
""")
COST_ROWS = slip("""
    def compute_cost(net_output, y):
        m = np.max(net_output, axis=1)
        lse = m + np.log(np.sum(np.exp(net_output - m[:, None]), axis=1))
        return np.mean(lse - np.sum(y * net_output, axis=1))
""")
D_COST_ROWS = slip("""
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
