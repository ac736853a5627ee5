"""What a task may forbid in the code: loops over samples are seen, loops over layers are none, modules by any name."""

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
    "map": "columns = list(map(one, net_input.T))",
    "vectorize": "f = np.vectorize(relu)(net_input)",
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
    "a fixed number": "for _ in range(3):\n    pass\nfor axis in (0, 1):\n    pass",
    "no loop": "dl_db = dl_df.sum(axis=1, keepdims=True)\ndl_dw = dl_df @ h.T",
    "no code": "this is not Python",
}


@pytest.mark.parametrize("text", LOOPS.values(), ids=LOOPS)
def test_loops_over_samples_or_units_are_seen(text: str) -> None:
    """In every form, with the line that loops."""
    said = code.no_loops()(f"def f(x):\n{_indented(text)}\n    return total")
    assert said is not None
    assert "in the line `" in said
    assert said.endswith("?")


@pytest.mark.parametrize("text", LAYERS.values(), ids=LAYERS)
def test_loops_over_layers_are_none(text: str) -> None:
    """A network has layers, and they come one after the other."""
    assert code.no_loops()(text) is None


@pytest.mark.parametrize("magic", ["%matplotlib inline", "%%time", "!ls"])
def test_a_magic_hides_nothing(magic: str) -> None:
    """A cell that is no plain Python, but runs in a notebook, is looked at like any other."""
    cell = f"{magic}\nimport torch\nfor i in range(n):\n    total += i\n"
    for rule, line in ((code.no_loops(), "`for i in range(n):`"), (code.without("torch"), "`import torch`")):
        assert line in str(rule(cell))


def test_the_line_is_quoted() -> None:
    """The message shows the student's own line."""
    said = code.no_loops()("def f(x):\n    total = 0\n    for i in range(n):\n        total += i\n")
    assert said is not None
    assert "`for i in range(n):`" in said


def test_a_lab_may_have_other_layers() -> None:
    """The names that stand for layers are the lab's own."""
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
def test_modules_and_functions_are_seen_under_any_name(text: str, used: str | None) -> None:
    """Imported as a whole, in part, or under another name; a student's own name is not the module's."""
    said = code.without("torch", "numpy.gradient", "autograd")(text)
    assert (said is None) == (used is None)
    assert used is None or f"it uses `{used}`, in the line `" in str(said)


def _indented(text: str) -> str:
    return "\n".join("    " + line for line in dedent(text).splitlines())
