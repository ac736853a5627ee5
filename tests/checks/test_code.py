"""Tests of rules on the code: they find loops over samples but not over layers, and modules under any name."""

from __future__ import annotations

from textwrap import dedent

import pytest

from autograder.checks import code

LOOPS = {
    "for": "for i in range(net_input.shape[1]):\n    total += net_input[:, i]",
    "for over an array": "for column in dl_df.T:\n    total += column",
    "for over a layer": "for h in all_h[0]:\n    total += h",
    "a count with a name": "I = all_h[0].shape[1]\nfor i in range(I):\n    total += i",
    "inside a loop over layers": "for k in range(K + 1):\n    for j in range(D):\n        total += j",
    "while": "i = 0\nwhile i < n_samples:\n    i += 1",
    "while true": "i = 0\nwhile True:\n    i += 1\n    if i == n: break",
    "comprehension": "dl_db = sum([dl_df[:, [i]] for i in range(n)])",
    "generator": "cost = sum((f - t) ** 2 for f, t in zip(net_output.T, y.T))",
    "the rows of each layer's weights": "for weights in all_weights:\n    for row in weights:\n        total += row",
    "n_samples": "for i in range(n_samples):\n    total = total + net_output[:, i]",
    "the second size of y": "for i in range(y.shape[1]):\n    total = total + y[:, i]",
    "len of an array": "for i in range(len(y)):\n    total = total + y[i]",
    "len of a layer": "for j in range(len(all_weights[k])):\n    total = total + j",
    "units": "for j in range(D):\n    total = total + j",
    "layers times samples": "for i in range((K + 1) * n_samples):\n    total = total + i",
    "up to a count of samples": "for i in range(K, n_samples):\n    total = total + i",
    "layers and samples": "for k, i in product(range(K), range(n_samples)):\n    total = total + i",
    "enumerate": "for i, column in enumerate(net_input.T):\n    total = total + column",
    "a list of samples": "outs = []\nfor x in samples:\n    outs.append(x)\nfor out in outs:\n    total = out",
    "while both": "i = 0\nwhile i < n_samples and K > 0:\n    i += 1",
    "while true until the last sample": "i = 0\nwhile True:\n    i += 1\n    if i == n_samples: break",
    "an empty list behind it": "for i in range(n_samples):\n    columns = []\n    columns += [i]",
    "a matrix of a loop over layers": "for k, h in enumerate(all_h):\n    for unit in h:\n        total = unit",
    "dict comprehension": "shares = {i: d[:, [i]] @ h[:, [i]].T for i in range(n_samples)}",
    "einsum in a comprehension": "dl_dw = sum(np.outer(d[:, i], h[:, i]) for i in range(h.shape[1]))",
    "map": "columns = list(map(one, net_input.T))",
    "filter": "columns = list(filter(None, net_input.T))",
    "vectorize": "f = np.vectorize(relu)(net_input)",
    "rows that a helper returned": "def outputs(x, W):\n    return x @ W\nfor row in outputs(x, all_weights[0]): pass",
    "a helper's rows for all weights": "def outputs(W, x):\n    return x @ W\nfor row in outputs(all_weights, x): pass",
    "rows that no list of layers made": "for row in d_cost_d_output(net_output, y):\n    total += row",
    "a helper's own loop": "def f(W, x):\n    for column in x.T: pass\nf(all_weights, x)",
    "a second helper's argument": "def f(W):\n    for w in W: pass\nf(all_weights)\nf(x)",
    "rows of a pair": "def pair(W, x):\n    return [w for w in W], x.T\ngrads, rows = pair(all_weights, x)\n"
    "for row in rows: pass",
    "rows of a pair by index": "def pair(W, x):\n    return [w for w in W], x.T\n"
    "for row in pair(all_weights, x)[1]: pass",
    "a name of two functions": "def f(x):\n    return [w for w in x]\ndef g(x):\n    return [i for i in x]\n"
    "f(all_weights)",
    "map beside layers": "out = list(map(one, all_weights[0]))",
    "apply_along_axis": "p = np.apply_along_axis(softmax, 0, net_output)",
}

LAYERS = {
    "range(K)": "for k in range(K + 1):\n    f = all_weights[k] @ h",
    "backwards": "for k in range(K, -1, -1):\n    f = all_weights[k].T @ dl_df",
    "reversed": "for k in reversed(range(len(all_weights))):\n    f = all_weights[k].T @ dl_df",
    "the lists": "for weights, biases in zip(all_weights, all_biases):\n    h = weights @ h + biases",
    "a slice": "for weights in all_weights[:-1]:\n    h = weights @ h",
    "counted before": "last = len(all_weights) - 1\nfor k in range(last + 1):\n    h = all_weights[k] @ h",
    "pairs made before": "layers = list(zip(all_weights, all_f))\nfor weights, f in layers:\n    h = weights @ f",
    "while": "k = K\nwhile k >= 0:\n    dl_df = all_weights[k].T @ dl_df\n    k -= 1",
    "lists of layers": "all_dl_dweights = [None] * (K + 1)\nzeros = [0 for _ in range(K + 1)]",
    "comprehension": "gradients = [dl_df @ h.T for dl_df, h in zip(all_dl_df, all_h)]",
    "len under a name": "L = len(all_weights)\nlast = L - 1\nfor k in range(last, -1, -1):\n    f = all_f[k]",
    "len of a slice": "for k in range(len(all_weights[1:])):\n    f = all_weights[k] @ h",
    "enumerate and zip": "for k, (w, b) in enumerate(zip(all_weights, all_biases)):\n    h = w @ h + b",
    "zip with something else": "for w, relu in zip(all_weights, activations):\n    h = relu(w @ h)",
    "list(enumerate)": "for k, w in list(enumerate(all_weights))[::-1]:\n    h = w.T @ h",
    "layers after this one": "for k in range(K):\n    for later in range(k + 1, K + 1):\n        h = all_h[later]",
    "pairs of neighbours": "for w, after in zip(all_weights[:-1], all_weights[1:]):\n    h = after @ w @ h",
    "up to K": "k = 0\nwhile k <= K:\n    k += 1",
    "while it is not the last": "k = 0\nwhile k < len(all_weights) - 1:\n    k += 1",
    "while there are layers": "left = list(all_weights)\nwhile left:\n    h = left.pop(0) @ h",
    "while true": "k = K\nwhile True:\n    k -= 1\n    if k < 0: break\n    if k == 3: continue",
    "a list that was appended to": "deltas = [d]\nfor k in range(K): deltas.append(d)\nfor delta in deltas: h = delta",
    "a list that was added to": "fs, hs = [], [x]\nfor w in all_weights: hs += [w]\nback = [h.T for h in hs[::-1]]",
    "a dict of layers": "slopes = {}\nfor k in range(K): slopes[k] = d\ngradients = [slopes[k] for k in slopes]",
    "zeros like the parameters": "grads = [np.zeros(w.shape) for w in all_weights]\nfor grad in grads:\n    h = grad",
    "map over layers": "grads = list(map(np.zeros_like, all_weights))",
    "arange": "for k in np.arange(K)[::-1]:\n    f = all_weights[k]",
    "recursion": "def back(k, d):\n    return back(k - 1, all_weights[k].T @ d) if k else d",
    "a fixed number": "for _ in range(3):\n    pass\nfor axis in (0, 1):\n    pass",
    "a helper's list": "def backward(W, d):\n    grads = []\n    for w in W:\n        grads.append(w.T @ d)\n"
    "    return grads\ngrads = backward(all_weights, d)\ntotal = [g.sum() for g in grads]",
    "a list of another cell's function": "grads = backward(all_weights, all_f, y)\ntotal = [g.sum() for g in grads]",
    "a helper's pair": "def backward(W, d):\n    return [w.T @ d for w in W], [d for _ in W]\n"
    "dW, db = backward(all_weights, d)\ntotal = [g.sum() for g in dW] + [g.sum() for g in db]",
    "a part of a pair": "for g in backward(all_weights, y)[0]:\n    total = g",
    "zip with a helper's list": "def gradients_of(x):\n    return [w.T @ x for w in all_weights]\n"
    "steps = [w - g for w, g in zip(parameters, gradients_of(x))]",
    "a helper within": "def f(all_weights, x):\n    def slopes(x):\n        return [w @ x for w in all_weights]\n"
    "    return [s.sum() for s in slopes(x)]",
    "a list that was put before": "dW = []\nfor k in range(K): dW = [d] + dW\ntotal = [g.sum() for g in dW]",
    "begun beside another": "delta, dW = d, []\nfor k in range(K): dW = [d] + dW\nback = [g for g in dW]",
    "map of a function": "hs = list(map(ReLU, all_f))\nfor h in hs: pass",
    "a helper by keyword": "def norms(W):\n    return [np.sum(w**2) for w in W]\ncost = sum(norms(W=all_weights))",
    "no loop": "dl_db = dl_df.sum(axis=1, keepdims=True)\ndl_dw = dl_df @ h.T",
    "no code": "this is not Python",
}


@pytest.mark.parametrize("text", LOOPS.values(), ids=LOOPS)
def test_loops_over_samples_or_units_are_found(text: str) -> None:
    """The rule finds every form of loop over samples or units, and quotes its line."""
    message = code.no_loops()(f"def f(x):\n{_indented(text)}\n    return total")
    assert message is not None
    assert "in the line `" in message
    assert message.endswith("?")


@pytest.mark.parametrize("text", LAYERS.values(), ids=LAYERS)
def test_loops_over_layers_are_allowed(text: str) -> None:
    """The rule allows loops over layers, because a network computes one layer after the other."""
    assert code.no_loops()(text) is None


FORWARD = {"forward_pass": "net_input all_weights all_biases"}


@pytest.mark.parametrize(("loop", "looped"), [
    ("for w, beta in zip(W, b): pass", False),
    ("for k in range(len(W)): pass", False),
    ("L = len(b) - 1\n    while L: pass", False),
    ("for column in x.T: pass", True),
    ("for i in range(len(x)): pass", True),
    ("for row in W[0]: pass", True),
    ("for i in range(W[0].shape[1]): pass", True),
])  # fmt: skip
def test_layers_are_known_by_their_position(loop: str, looped: bool) -> None:
    """Parameters for layers are known by position, whatever their names, and with further parameters."""
    for more in ("", ", verbose=False", ", *, keep=True"):
        answer = f"def forward_pass(x, W, b{more}):\n    {loop}\n    return x"
        assert (code.no_loops(FORWARD)(answer) is not None) is looped
    assert code.no_loops(FORWARD)("def helper(x, W, b):\n    for w in W: pass") is not None


@pytest.mark.parametrize("magic", ["%matplotlib inline", "%%time", "!ls"])
def test_a_magic_hides_nothing(magic: str) -> None:
    """Rules apply to a cell with magics, which is no plain Python, like to any other."""
    cell = f"{magic}\nimport torch\nfor i in range(n):\n    total += i\n"
    for rule, line in ((code.no_loops(), "`for i in range(n):`"), (code.without("torch"), "`import torch`")):
        assert line in str(rule(cell))


def test_the_line_is_quoted() -> None:
    """The message quotes the student's own line."""
    message = code.no_loops()("def f(x):\n    total = 0\n    for i in range(n):\n        total += i\n")
    assert message is not None
    assert "`for i in range(n):`" in message


def test_a_lab_may_have_other_layers() -> None:
    """A lab can set the names that stand for layers."""
    assert code.no_loops(layers=("layers",))("for layer in layers: pass") is None
    assert code.no_loops(layers=("layers",))("for k in range(K): pass") is not None


@pytest.mark.parametrize(("text", "used"), [
    ("import torch", "torch"),
    ("import numpy, torch.nn as nn", "torch"),
    ("from torch import nn", "torch"),
    ("import torch as t\ny = t.tensor(x)", "torch"),
    ("dy = np.gradient(y)", "numpy.gradient"),
    ("import numpy\ndy = numpy.gradient(y)", "numpy.gradient"),
    ("import numpy as xp\ndy = xp.gradient(y)", "numpy.gradient"),
    ("from numpy import gradient\ndy = gradient(y)", "numpy.gradient"),
    ("from numpy import gradient as g", "numpy.gradient"),
    ("from autograd import grad", "autograd"),
    ("gradient = np.dot(a, b)\nweights = weights - gradient", None),
    ("def gradient(x): return x\ngradient(3)", None),
    ("torches = 3\nx.torch = 4", None),
    ("np.linalg.solve(a, b)", None),
    ("not Python at all", None),
])  # fmt: skip
def test_modules_and_functions_are_found_under_any_name(text: str, used: str | None) -> None:
    """The rule finds an import as a whole, in part or under another name, and ignores a student's own name."""
    message = code.without("torch", "numpy.gradient", "autograd")(text)
    assert (message is None) == (used is None)
    assert used is None or f"it uses `{used}`, in the line `" in str(message)


def _indented(text: str) -> str:
    return "\n".join("    " + line for line in dedent(text).splitlines())


@pytest.mark.parametrize(
    ("cell", "fine"),
    [
        ("loss.backward()", True),
        ("slopes = torch.autograd.grad(loss, leaves)", True),
        ("from torch.autograd import grad\nslopes = grad(loss, leaves)", True),
        ("%%time\nloss.backward()", True),
        ("# loss.backward()\nslopes = 2 * error", False),
        ("text = 'loss.backward()'", False),
        ("way = loss.backward", False),
        ("leaf.grad.numpy()", False),
        ("def f(:", False),
    ],
)
def test_calling(cell: str, fine: bool) -> None:
    """Only a call satisfies the rule: no comment, no text, no mention."""
    message = code.calling("backward", "grad")(cell)
    assert (message is None) is fine
    assert fine or "`backward` is not called in this cell" in message
