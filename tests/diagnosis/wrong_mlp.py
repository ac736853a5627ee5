"""Answers to the tasks about networks, as students write them: right in several forms, wrong in known ways."""

from __future__ import annotations

from tests.diagnosis.students import Answers, slip

NOTEBOOK = """
def ReLU(preactivation):
    return np.maximum(0, preactivation)

def indicator_function(x):
    return np.where(x > 0, 1.0, 0.0)

def d_cost_d_output(net_output, y):
    return 2 * (net_output - y) / y.shape[1]
"""

# Forward -------------------------------------------------------------------------------------------------------------

SKELETON = slip("""
    def forward_pass(net_input, all_weights, all_biases):
        K = len(all_weights) - 1
        all_f = [None] * (K + 1)
        all_h = [None] * (K + 1)
        all_h[0] = net_input
        for layer in range(K):
            all_f[layer] = all_biases[layer] + np.matmul(all_weights[layer], all_h[layer])
            all_h[layer + 1] = ReLU(all_f[layer])
        all_f[K] = all_biases[K] + np.matmul(all_weights[K], all_h[K])
        net_output = all_f[K]
        return net_output, all_f, all_h
""")
SHORT = slip("""
    def forward_pass(x, W, b):
        f, h = [], [x]
        for k, (w, beta) in enumerate(zip(W, b)):
            f.append(w @ h[-1] + beta)
            if k < len(W) - 1:
                h.append(np.maximum(f[-1], 0))
        return f[-1], f, h
""")
UNITS = slip("""
    def forward_pass(net_input, all_weights, all_biases):
        a, all_f, all_h = net_input, [], []
        for weights, biases in zip(all_weights, all_biases):
            f = np.zeros((len(weights), a.shape[1]))
            for unit in range(len(weights)):
                for sample in range(a.shape[1]):
                    f[unit, sample] = biases[unit, 0] + np.dot(weights[unit], a[:, sample])
            all_h.append(a)
            all_f.append(f)
            a = f * (f > 0)
        return f, all_f, all_h
""")

FORWARD_RIGHT = {
    "skeleton": SKELETON(),
    "short": SHORT(),
    "unit-by-unit": UNITS(),
    "in-place": SHORT("f.append(w @ h[-1] + beta)", "f.append(w @ h[-1])\n        f[-1] += beta"),
    "float32": SHORT("return f[-1], f, h", "return np.float32(f[-1]), [np.float32(a) for a in f], h"),
    "tuples": SHORT("return f[-1], f, h", "return f[-1].tolist(), tuple(f), tuple(h)"),
}

FORWARD: Answers = {
    "bias-forgotten": [
        SKELETON("all_biases[layer] + ", "", "all_biases[K] + ", ""),
        SHORT(" + beta", ""),
        SKELETON("all_biases[K] + ", ""),
        UNITS("biases[unit, 0] + ", "(0 if a is net_input else biases[unit, 0]) + "),
    ],
    "sign-of-the-bias": [
        SHORT("+ beta", "- beta"),
        UNITS("biases[unit, 0] + np", "-biases[unit, 0] + np"),
    ],
    "activation-missing": [
        SKELETON("ReLU(all_f[layer])", "all_f[layer]"),
        SHORT("w @ h[-1]", "w @ (f[-1] if f else x)"),
        UNITS("a = f * (f > 0)", "a = f"),
    ],
    "activation-on-the-output": [
        SKELETON("net_output = all_f[K]", "net_output = ReLU(all_f[K])"),
        SHORT("return f[-1], f, h", "return f[-1] * (f[-1] > 0), f, h"),
        SHORT("if k < len(W) - 1:", "if True:", "return f[-1]", "return h[-1]"),
        SKELETON("net_output = all_f[K]", "net_output = all_f[K] = ReLU(all_f[K])"),
    ],
    "indicator-in-place-of-relu": [
        SKELETON("ReLU(all_f[layer])", "indicator_function(all_f[layer])"),
        SHORT("np.maximum(f[-1], 0)", "(f[-1] > 0) * 1.0"),
    ],
    "elementwise-product": [
        SKELETON("np.matmul(all_weights[layer], all_h[layer])", "all_weights[layer] * all_h[layer]",
                 "np.matmul(all_weights[K], all_h[K])", "all_weights[K] * all_h[K]"),
        SHORT("w @ h[-1]", "np.multiply(w, h[-1].T)"),
        SHORT("w @ h[-1]", "w * h[-1]"),
    ],
    "index-shifted": [
        SKELETON("all_weights[layer]", "all_weights[layer - 1]"),
        SHORT("f.append(w @ h[-1] + beta)", "f.append(w @ h[-1] + b[k - 1])"),
        SKELETON("all_biases[layer]", "all_biases[layer + 1]"),
        UNITS("all_h.append(a)", "pass", "a = f * (f > 0)", "a = f * (f > 0)\n        all_h.append(a)"),
        SKELETON("return net_output, all_f, all_h", "return net_output, all_f, all_h[1:] + [net_output]"),
    ],
    "output-among-the-activations": [
        SHORT("return f[-1], f, h", "h.append(f[-1])\n    return f[-1], f, h"),
        SHORT("if k < len(W) - 1:", "if True:"),
    ],
    "layer-left-out": [
        SKELETON("return net_output, all_f, all_h", "all_h[0] = None\n    return net_output, all_f, all_h"),
        SHORT("return f[-1], f, h", "return f[-1], f[:-1], h"),
        SHORT("return f[-1], f, h", "return f[-1], f, h[1:]"),
    ],
    "layers-in-another-order": [
        SHORT("return f[-1], f, h", "return f[-1], f[::-1], h[::-1]"),
        UNITS("all_h.append(a)", "all_h.insert(0, a)", "all_f.append(f)", "all_f.insert(0, f)"),
    ],
    "transposed": [
        SHORT("return f[-1], f, h", "return f[-1].T, [a.T for a in f], [a.T for a in h]"),
        SKELETON("net_output = all_f[K]", "net_output = all_f[K].T"),
    ],
    "zeros": [
        SKELETON("net_output = all_f[K]", "net_output = np.zeros(all_f[K].shape)"),
        "def forward_pass(x, W, b):\n"
        "    n = x.shape[1]\n"
        "    f = [np.zeros((len(w), n)) for w in W]\n"
        "    return f[-1], f, [np.zeros((w.shape[1], n)) for w in W]",
    ],
    "values-swapped": [
        SHORT("return f[-1], f, h", "return f[-1], h, f"),
        SKELETON("return net_output, all_f, all_h", "return net_output, all_h, all_f"),
    ],
    "index-out-of-range": [
        SHORT("w @ h[-1] + beta", "w @ h[-1] + b[k + 1]"), SKELETON("all_h = [None] * (K + 1)", "all_h = [None] * K"),
    ],
    "operands-do-not-fit": [
        SHORT("w @ h[-1]", "h[-1] @ w"),
        SKELETON("np.matmul(all_weights[layer], all_h[layer])", "np.matmul(all_weights[layer].T, all_h[layer])"),
    ],
    "nothing-returned": [
        SHORT("return f[-1], f, h", "net_output = f[-1]"),
        SKELETON("return net_output, all_f, all_h", "print(net_output.shape)"),
    ],
}  # fmt: skip

# Cost and its derivative ---------------------------------------------------------------------------------------------

COST_RIGHT = {
    "sum": "def compute_cost(net_output, y):\n    return np.sum((net_output - y) ** 2) / y.shape[1]",
    "mean": "def compute_cost(f, y):\n    return np.mean(np.sum((f - y) ** 2, axis=0))",
    "norm": "def compute_cost(f, y):\n    return np.array([[np.linalg.norm(f - y) ** 2 / f.shape[1]]])",
    "loop": "def compute_cost(f, y):\n    L = 0\n    for i in range(y.shape[1]):\n"
            "        L += np.dot(f[:, i] - y[:, i], f[:, i] - y[:, i])\n    return L / y.shape[1]",
}  # fmt: skip


def cost(expression: str) -> str:
    """An answer that returns this."""
    return f"def compute_cost(f, y):\n    n = y.shape[1]\n    return {expression}"


COST: Answers = {
    "mean-missing": [
        cost("np.sum((f - y) ** 2)"), cost("sum(np.linalg.norm(f[:, i] - y[:, i]) ** 2 for i in range(n))"),
    ],
    "mean-taken-twice": [cost("np.mean(np.sum((f - y) ** 2, axis=0)) / n"), cost("np.sum((f - y) ** 2) / n**2")],
    "mean-over-outputs-taken-twice": [cost("np.mean((f - y) ** 2)"), cost("np.sum((f - y) ** 2) / y.size")],
    "rows-and-columns-mixed-up": [cost("np.sum((f - y) ** 2) / len(y)"), cost("np.mean(np.sum((f - y) ** 2, axis=1))")],
    "factor-2-missing": [cost("0.5 * np.sum((f - y) ** 2) / n"), cost("((f - y) ** 2).sum() / (2 * n)")],
    "mean-not-taken": [
        cost("np.sum((f - y) ** 2, axis=0)"), cost("[[sum((f[:, i] - y[:, i]) ** 2) for i in range(n)]]"),
    ],
    "loss-and-derivative-apart": [
        cost("np.sum(np.abs(f - y)) / n"), cost("np.sqrt(np.sum((f - y) ** 2) / n)"), cost("np.linalg.norm(f - y)"),
        cost("np.mean(abs(f - y))"), cost("np.sqrt(np.mean((f - y) ** 2))"), cost("np.linalg.norm(f - y) / n"),
    ],
    "not-squared": [cost("np.sum(f - y) / n"), cost("np.mean(np.sum(y - f, axis=0))")],
    "target-left-out": [cost("np.sum(f**2) / n"), cost("np.mean(np.sum(f * f, axis=0))")],
    "zeros": [cost("0.0"), cost("np.sum((f - f) ** 2) / n")],
}  # fmt: skip

D_COST_RIGHT = {
    "plain": "def d_cost_d_output(net_output, y):\n    return 2 * (net_output - y) / y.shape[1]",
    "loops": "def d_cost_d_output(f, y):\n    k, n = f.shape\n"
             "    return [[2 * (f[j, i] - y[j, i]) / n for i in range(n)] for j in range(k)]",
    "in-place": "def d_cost_d_output(f, y):\n    f -= y\n    f *= 2 / f.shape[-1]\n    return f",
}  # fmt: skip


def d_cost(expression: str) -> str:
    """An answer that returns this."""
    return f"def d_cost_d_output(f, y):\n    n = y.shape[1]\n    return {expression}"


D_COST: Answers = {
    "sign": [d_cost("2 * (y - f) / n"), d_cost("-np.mean([2 * (f - y)], axis=0) / n")],
    "factor-2-missing": [d_cost("(f - y) / n"), d_cost("np.subtract(f, y) / f.shape[1]")],
    "factor-2-twice": [d_cost("4 * (f - y) / n"), d_cost("2 * 2 * f / n - 4 * y / n")],
    "mean-missing": [d_cost("2 * (f - y)"), d_cost("2 * f - 2 * y")],
    "mean-taken-twice": [d_cost("2 * (f - y) / n / n"), d_cost("2 / n**2 * (f - y)")],
    "mean-over-outputs-taken-twice": [d_cost("2 * (f - y) / y.size"), d_cost("2 * (f - y) / (len(y) * n)")],
    "rows-and-columns-mixed-up": [d_cost("2 * (f - y) / len(y)"), d_cost("2 / f.shape[0] * (f - y)")],
    "transposed": [
        d_cost("2 * (f - y).T / n"),
        d_cost("[[2 * (f[j, i] - y[j, i]) / n for j in range(len(f))] for i in range(n)]"),
    ],
    "zeros": [d_cost("np.zeros_like(f)"), d_cost("2 * (y - y) / n")],
    "target-left-out": [d_cost("2 * f / n"), d_cost("np.array([2 * a / n for a in f])")],
    "square-not-differentiated": [
        d_cost("2 * (f - y) ** 2 / n"), d_cost("(f - y) ** 2 / n"), d_cost("2 * (f - y) ** 2"),
    ],
    "cost-returned": [d_cost("np.sum((f - y) ** 2) / n"), d_cost("np.mean(np.sum((f - y) ** 2, axis=0))")],
    "summed-over-samples": [
        d_cost("np.sum(2 * (f - y) / n, axis=1, keepdims=True)"), d_cost("(2 * (f - y)).mean(axis=1)"),
        d_cost("np.sum(2 * (f - y)) / n"),
    ],
    "loss-and-derivative-apart": [
        d_cost("np.sign(f - y) / n"), d_cost("np.where(f > y, 1, -1)"), d_cost("(f - y) / np.linalg.norm(f - y)"),
    ],
}  # fmt: skip

# Backward ------------------------------------------------------------------------------------------------------------

COURSE = slip("""
    def backward_pass(all_weights, all_biases, all_f, all_h, y):
        K = len(all_weights) - 1
        all_dl_dweights = [None] * (K + 1)
        all_dl_dbiases = [None] * (K + 1)
        all_dl_df = [None] * (K + 1)
        all_dl_dh = [None] * (K + 1)
        all_dl_df[K] = np.array(d_cost_d_output(all_f[K], y))
        for layer in range(K, -1, -1):
            all_dl_dbiases[layer] = np.sum(all_dl_df[layer], axis=1, keepdims=True)
            all_dl_dweights[layer] = np.matmul(all_dl_df[layer], all_h[layer].T)
            all_dl_dh[layer] = np.matmul(all_weights[layer].T, all_dl_df[layer])
            if layer > 0:
                all_dl_df[layer - 1] = indicator_function(all_f[layer - 1]) * all_dl_dh[layer]
        return all_dl_dweights, all_dl_dbiases
""")
DELTA = slip("""
    def backward_pass(W, b, f, h, y):
        delta = d_cost_d_output(f[-1], y)
        dW, db = [], []
        for k in reversed(range(len(W))):
            dW.insert(0, delta @ h[k].T)
            db.insert(0, delta.sum(1)[:, None])
            if k:
                delta = (W[k].T @ delta) * (f[k - 1] > 0)
        return dW, db
""")
EINSUM = slip("""
    def backward_pass(all_weights, all_biases, all_f, all_h, y):
        L = len(all_weights)
        dl_df = {L - 1: d_cost_d_output(all_f[L - 1], y)}
        for k in range(L - 2, -1, -1):
            back = np.einsum("ji,jn->in", all_weights[k + 1], dl_df[k + 1])
            dl_df[k] = np.where(all_f[k] > 0, back, 0)
        all_dl_dweights = [np.einsum("in,jn->ij", dl_df[k], all_h[k]) for k in range(L)]
        all_dl_dbiases = [dl_df[k].sum(axis=1).reshape(-1, 1) for k in range(L)]
        return all_dl_dweights, all_dl_dbiases
""")
SAMPLES = """
def backward_pass(W, b, f, h, y):
    n = y.shape[1]
    dW, db = [np.zeros(w.shape) for w in W], [np.zeros(beta.shape) for beta in b]
    for i in range(n):
        d = d_cost_d_output(f[-1], y)[:, i]
        for k in range(len(W) - 1, -1, -1):
            dW[k] += np.outer(d, h[k][:, i])
            db[k][:, 0] += d
            d = W[k].T.dot(d) * (h[k][:, i] > 0)
    return dW, db
"""

_WEIGHTS = "np.matmul(all_dl_df[layer], all_h[layer].T)"
_BIASES = "np.sum(all_dl_df[layer], axis=1, keepdims=True)"
_BACK = "np.matmul(all_weights[layer].T, all_dl_df[layer])"
_MASK = "indicator_function(all_f[layer - 1]) * "
_LAST = "np.array(d_cost_d_output(all_f[K], y))"
_DELTA = "delta = d_cost_d_output(f[-1], y)"
_CHAIN = "(W[k].T @ delta) * (f[k - 1] > 0)"
_EINSUM_BIAS = "dl_df[k].sum(axis=1).reshape(-1, 1)"

BACKWARD_RIGHT = {
    "course": COURSE(),
    "delta": DELTA(),
    "einsum": EINSUM(),
    "sample-by-sample": SAMPLES,
    "mask-from-activations": DELTA("f[k - 1] > 0", "h[k] > 0"),
    "derivative-inline": DELTA(_DELTA, "delta = (2 / y.shape[1]) * (f[-1] - y)"),
    "tuple-of-arrays": DELTA("return dW, db", "return tuple(dW), tuple(db)"),
    "lists-of-lists": DELTA("return dW, db", "return [g.tolist() for g in dW], [g.tolist() for g in db]"),
    "float32": DELTA(_DELTA, "h = [np.float32(a) for a in h]\n    delta = np.float32(d_cost_d_output(f[-1], y))"),
}

BACKWARD: Answers = {
    "bias-not-summed": [COURSE(_BIASES, "all_dl_df[layer]"), DELTA("delta.sum(1)[:, None]", "delta.copy()")],
    "bias-times-n": [
        COURSE(_BIASES, "np.sum(all_dl_df[layer], axis=1, keepdims=True) * all_h[0].shape[1]"),
        EINSUM(_EINSUM_BIAS, "(y.shape[1] * dl_df[k]).sum(axis=1).reshape(-1, 1)"),
    ],
    "weights-summed-bias-averaged": [
        COURSE("np.sum", "np.mean"), EINSUM("dl_df[k].sum(", "dl_df[k].mean("),
        DELTA(_DELTA, "delta = 2 * (f[-1] - y)", "delta.sum(1)", "delta.mean(1)"),
    ],
    "summed-over-units": [
        COURSE("axis=1", "axis=0"), DELTA("delta.sum(1)[:, None]", "delta.sum()"), EINSUM("sum(axis=1)", "sum(axis=0)"),
        DELTA("delta.sum(1)[:, None]", "delta.sum(0)"),
    ],
    "elementwise-product": [
        COURSE(_WEIGHTS, "all_dl_df[layer] * all_h[layer].T"),
        DELTA("W[k].T @ delta", "W[k].T * delta"),
        COURSE(_BACK, "all_weights[layer].T * all_dl_df[layer]"),
        DELTA("delta @ h[k].T", "delta * h[k]"),
        DELTA("delta @ h[k].T", "delta * h[k].T", "W[k].T @ delta", "W[k].T * delta"),
        COURSE(_WEIGHTS, "np.multiply(all_h[layer].T, all_dl_df[layer])",
               _BACK, "all_weights[layer].T * all_dl_df[layer]"),
    ],
    "outer-product": [
        COURSE(_WEIGHTS, "np.outer(all_dl_df[layer], all_h[layer])"),
        DELTA("delta @ h[k].T", "np.outer(delta, h[k].T)"),
        DELTA("delta @ h[k].T", "np.outer(h[k], delta).T"),
    ],
    "mean-missing": [
        COURSE(_LAST, "2 * (all_f[K] - y)"), DELTA(_DELTA, "delta = d_cost_d_output(f[-1], y) * y.shape[1]"),
    ],
    "mean-taken-twice": [
        COURSE(_WEIGHTS, _WEIGHTS + " / y.shape[1]", _BIASES, "np.mean(all_dl_df[layer], axis=1, keepdims=True)"),
        DELTA("(f[k - 1] > 0)", "(f[k - 1] > 0) / y.shape[1]"),
        DELTA("dW.insert(0", "delta = delta / h[k].shape[1]\n        dW.insert(0"),
    ],
    "mean-over-outputs-taken-twice": [
        COURSE(_LAST, "2 * (all_f[K] - y) / y.size"), DELTA(_DELTA, "delta = 2 * (f[-1] - y) / np.prod(f[-1].shape)"),
    ],
    "rows-and-columns-mixed-up": [
        COURSE(_LAST, "2 * (all_f[K] - y) / len(y)"), DELTA(_DELTA, "delta = 2 * (f[-1] - y) / y.shape[0]"),
    ],
    "sign": [COURSE(_LAST, "2 * (y - all_f[K]) / y.shape[1]"), DELTA(_DELTA, "delta = -d_cost_d_output(f[-1], y)")],
    "factor-2-missing": [
        COURSE(_LAST, "(all_f[K] - y) / y.shape[1]"), EINSUM("d_cost_d_output(", "0.5 * d_cost_d_output("),
    ],
    "factor-2-twice": [COURSE(_LAST, "2 * " + _LAST), DELTA(_DELTA, "delta = 4 * (f[-1] - y) / y.shape[1]")],
    "transposed": [
        COURSE(_WEIGHTS, "np.matmul(all_h[layer], all_dl_df[layer].T)"),
        DELTA("return dW, db", "return [g.T for g in dW], [g.T for g in db]"),
    ],
    "zeros": [
        "def backward_pass(W, b, f, h, y):\n    return [0 * w for w in W], [np.zeros(beta.shape) for beta in b]",
        COURSE(_LAST, "np.zeros_like(y)"),
    ],
    "layers-in-another-order": [
        DELTA("dW.insert(0, ", "dW.append(", "db.insert(0, ", "db.append("),
        EINSUM("for k in range(L)]", "for k in sorted(dl_df, reverse=True)]"),
    ],
    "values-swapped": [
        DELTA("return dW, db", "return db, dW"),
        COURSE("return all_dl_dweights, all_dl_dbiases", "return all_dl_dbiases, all_dl_dweights"),
    ],
    "layer-left-out": [COURSE("range(K, -1, -1)", "range(K, 0, -1)"), DELTA("range(len(W))", "range(1, len(W))")],
    "loss-derivative-again": [
        COURSE("* all_dl_dh[layer]", "* all_dl_dh[layer] * d_cost_d_output(all_f[K], y)"),
        DELTA(_CHAIN, _CHAIN + " * d_cost_d_output(f[k - 1], y)"),
        COURSE("all_dl_dbiases[layer] =",
               "all_dl_df[layer] = d_cost_d_output(all_f[layer], y)\n        all_dl_dbiases[layer] ="),
        COURSE(_BACK, "np.matmul(all_weights[layer].T, all_dl_df[layer] * all_dl_df[K])"),
        EINSUM("dl_df[k], all_h[k])", "dl_df[k] * dl_df[L - 1], all_h[k])"),
        DELTA(_CHAIN, _CHAIN + " * d_cost_d_output(h[k], y)"),
    ],
    "upstream-dropped": [
        COURSE(" * all_dl_dh[layer]", ""),
        DELTA(_DELTA, "delta = np.ones_like(f[-1])"),
        EINSUM('np.einsum("ji,jn->in", all_weights[k + 1], dl_df[k + 1])', "all_weights[k + 1].sum(axis=0)[:, None]"),
        COURSE(_BIASES, "np.ones_like(all_biases[layer])"),
        DELTA("delta @ h[k].T", "np.ones_like(delta) @ h[k].T"),
    ],
    "upstream-twice": [
        COURSE("* all_dl_dh[layer]", "* all_dl_dh[layer] ** 2"),
        DELTA("delta @ h[k].T", "(delta * delta) @ h[k].T"),
        COURSE(_BACK, "np.matmul(all_weights[layer].T, all_dl_df[layer] ** 2)"),
        EINSUM("dl_df[k], all_h[k])", "dl_df[k] ** 2, all_h[k])", "dl_df[k].sum", "(dl_df[k] ** 2).sum"),
        EINSUM("dl_df[k] = np.where(all_f[k] > 0, back, 0)", "dl_df[k] = np.where(all_f[k] > 0, back * back, 0)"),
    ],
    "index-shifted": [
        COURSE("all_weights[layer].T", "all_weights[layer - 1].T"),
        DELTA("h[k].T", "h[k - 1].T"),
        DELTA("W[k].T", "W[k - 1].T"),
        COURSE("np.matmul(all_weights[layer].T, all_dl_df[layer])", "np.matmul(all_weights[layer].T, all_dl_df[K])"),
        DELTA("h[k].T", "(h[k + 1] if k + 1 < len(h) else f[k]).T"),
    ],
    "input-left-out": [
        COURSE("        all_dl_dh[layer]",
               "        if layer == 0:\n            all_dl_dweights[0] = all_dl_df[0]\n        all_dl_dh[layer]"),
        DELTA("delta @ h[k].T", "delta @ (h[k].T if k else np.ones(h[0].T.shape))"),
        EINSUM("return", "all_dl_dweights[0] = all_dl_dbiases[0]\n    return"),
        DELTA("delta @ h[k].T", "delta"),
    ],
    "wrong-activation": [
        COURSE("all_h[layer].T", "all_f[layer].T"),
        DELTA("h[k].T", "(f[k - 1] if k > 0 else h[0]).T"),
    ],
    "relu-mask-dropped": [
        COURSE(_MASK, ""), DELTA("(f[k - 1] > 0)", "(h[k] >= 0)"), EINSUM("np.where(all_f[k] > 0, back, 0)", "back"),
    ],
    "relu-mask-of-another-layer": [
        COURSE(_MASK, "indicator_function(all_f[layer]) * "),
        DELTA("f[k - 1] > 0", "h[k - 1] > 0"),
        EINSUM("all_f[k] > 0", "all_f[k + 1] > 0"),
        DELTA("f[k - 1] > 0", "f[k - 2] > 0"),
    ],
    "relu-in-place-of-its-indicator": [
        COURSE("indicator_function", "ReLU"), DELTA("(f[k - 1] > 0)", "h[k]"),
        EINSUM("back, 0)", "back * all_f[k], 0)"),
    ],
    "relu-mask-on-the-output": [
        COURSE(_LAST, "d_cost_d_output(all_f[K], y) * indicator_function(all_f[K])"),
        DELTA(_DELTA, "delta = np.where(f[-1] > 0, d_cost_d_output(f[-1], y), 0)"),
    ],
    "gradient-of-the-activation": [
        DELTA(_DELTA, "back = delta = d_cost_d_output(f[-1], y)", "(0, delta", "(0, back",
              "delta = (W[k].T @ delta) *", "back = W[k].T @ delta\n            delta = back *"),
        COURSE("K = len(all_weights) - 1",
               "K = len(all_weights) - 1\n    pick = lambda f, h, k: f[K] if k == K else h[k + 1]",
               "(all_dl_df[layer], a", "(pick(all_dl_df, all_dl_dh, layer), a"),
    ],
    "identity-derivative-degenerate": [
        COURSE(_LAST, "d_cost_d_output(all_f[K], y) * (all_f[K] / all_f[K])"),
        DELTA(_DELTA, "delta = d_cost_d_output(f[-1], y) * np.ones(len(f[-1]))"),
        COURSE(_LAST, "np.eye(len(y)) * d_cost_d_output(all_f[K], y)"),
    ],
    "index-out-of-range": [EINSUM("all_h[k])", "all_h[k + 1])"), COURSE("range(K, -1, -1)", "range(K + 1, -1, -1)")],
    "operands-do-not-fit": [COURSE("all_weights[layer].T", "all_weights[layer]"), DELTA("h[k].T", "h[k]")],
    "return-inside-the-loop": [
        COURSE("    return all_dl_dweights", "        return all_dl_dweights"),
        DELTA("    return dW", "        return dW"),
    ],
}  # fmt: skip

# Samples as rows, from the start; no name is that of a right answer ---------------------------------------------------

FORWARD_IN_ROWS = slip("""
    def forward_pass(net_input, all_weights, all_biases):
        all_f, all_h = [], [net_input]
        for k, (weights, biases) in enumerate(zip(all_weights, all_biases)):
            all_f.append(all_h[k] @ weights + biases)
            if k + 1 < len(all_weights):
                all_h.append(np.maximum(0, all_f[k]))
        return all_f[-1], all_f, all_h
""")
BACKWARD_IN_ROWS = slip("""
    def backward_pass(all_weights, all_biases, all_f, all_h, y):
        delta, dW, db = 2 * (all_f[-1] - y) / len(y), [], []
        for k in range(len(all_weights))[::-1]:
            dW = [all_h[k].T @ delta] + dW
            db = [np.sum(delta, axis=0, keepdims=True)] + db
            if k > 0:
                delta = delta @ all_weights[k].T * (all_f[k - 1] > 0)
        return dW, db
""")

FORWARD_ROWS: Answers = {
    "": [FORWARD_IN_ROWS()],
    "bias-forgotten": [FORWARD_IN_ROWS(" + biases", "")],
    "elementwise-product": [
        FORWARD_IN_ROWS("all_h[k] @ weights", "all_h[k] * weights"),
        FORWARD_IN_ROWS("all_h[k] @ weights", "all_h[k].T * weights"),
    ],
    "index-shifted": [FORWARD_IN_ROWS("+ biases", "+ all_biases[k - 1]")],
    "transposed": [FORWARD_IN_ROWS("return all_f[-1], all_f", "return all_f[-1].T, [f.T for f in all_f]")],
    "operands-do-not-fit": [FORWARD_IN_ROWS("all_h[k] @ weights", "weights @ all_h[k]")],
}
BACKWARD_ROWS: Answers = {
    "": [BACKWARD_IN_ROWS()],
    "bias-not-summed": [BACKWARD_IN_ROWS("np.sum(delta, axis=0, keepdims=True)", "delta")],
    "summed-over-units": [BACKWARD_IN_ROWS("axis=0", "axis=1"), BACKWARD_IN_ROWS(", axis=0, keepdims=True", "")],
    "elementwise-product": [
        BACKWARD_IN_ROWS("all_h[k].T @ delta", "all_h[k].T * delta"),
        BACKWARD_IN_ROWS("all_h[k].T @ delta", "all_h[k] * delta"),
        BACKWARD_IN_ROWS("delta @ all_weights[k].T", "delta * all_weights[k].T"),
    ],
    "outer-product": [
        BACKWARD_IN_ROWS("all_h[k].T @ delta", "np.outer(all_h[k], delta)"),
        BACKWARD_IN_ROWS("all_h[k].T @ delta", "np.outer(all_h[k].T, delta)"),
        BACKWARD_IN_ROWS("all_h[k].T @ delta", "np.outer(delta, all_h[k]).T"),
    ],
    "relu-mask-dropped": [BACKWARD_IN_ROWS(" * (all_f[k - 1] > 0)", "")],
    "rows-and-columns-mixed-up": [BACKWARD_IN_ROWS("len(y)", "y.shape[1]")],
    "transposed": [BACKWARD_IN_ROWS("all_h[k].T @ delta", "delta.T @ all_h[k]")],
    "mean-over-outputs-taken-twice": [BACKWARD_IN_ROWS("len(y)", "y.size")],
}
