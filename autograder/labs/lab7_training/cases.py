"""Random cases of lab 7: labels, initial parameters, networks as objects, batches, and gradients of three batches."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import Any

import numpy as np

from autograder.checks.cases import Case, Cases, away_from_zero

NETWORKS: Sequence[tuple[str, int, int, tuple[int, ...]]] = (
    ("classifier", 5, 4, (3,)),
    ("regressor", 6, 3, (5, 2)),
    ("regressor", 3, 3, (3, 3)),
    ("classifier", 4, 2, (6, 5, 3)),
)
"""Kind, I, D_i and the widths of the layers. In the third, square all over, a wrong product fits, too."""


def labels(sizes: Sequence[tuple[int, int]] = ((1, 3), (7, 4), (4, 6))) -> Cases:
    """Return cases of labels (I,), whole numbers below n_classes; of several labels none is the highest class.

    sizes: I and n_classes of each case.
    """

    def make(rng: np.random.Generator) -> Iterator[Case]:
        for I, n_classes in sizes:  # the course's own symbol
            values = {"labels": rng.integers(0, n_classes - (I > 1), I), "n_classes": n_classes}
            yield Case("", {"I": I, "n_classes": n_classes}, values)

    return make


def readings(sizes: Sequence[tuple[int, int]] = ((9, 3), (30, 4), (5, 5))) -> Cases:
    """Return cases of labels and predictions, each I whole numbers below n_classes; some pairs occur several times.

    Two labels 0 are predicted as 1, so that rows and columns of the counts differ. sizes: I and n_classes of each case.
    """

    def make(rng: np.random.Generator) -> Iterator[Case]:
        for I, n_classes in sizes:  # the course's own symbol
            labels, predictions = rng.integers(0, n_classes, (2, I))
            labels[:3], predictions[:3] = [0, 0, 1], [1, 1, 1]
            values = {"labels": labels, "predictions": predictions, "n_classes": n_classes}
            yield Case("", {"I": I, "n_classes": n_classes}, values)

    return make


def starts(sizes: Sequence[Sequence[int]] = ((300, 200, 100), (150, 40, 120, 60))) -> Cases:
    """Return cases of layer_sizes, with thousands of weights in each layer, and a seed.

    sizes: layer_sizes of each case.
    """

    def make(rng: np.random.Generator) -> Iterator[Case]:
        for layer_sizes in sizes:
            seed = int(rng.integers(1, 10**6))
            yield Case("", {"n_layers": len(layer_sizes) - 1}, {"layer_sizes": list(layer_sizes), "seed": seed})

    return make


def dealt(sizes: Sequence[tuple[int, int]] = ((50, 8), (24, 6), (20, 20), (17, 1))) -> Cases:
    """Return cases of n_samples, the size of a batch, and a seed.

    sizes: n_samples and size of each case; they cover a remainder and none, a single batch, and batches of one.
    """

    def make(rng: np.random.Generator) -> Iterator[Case]:
        for n_samples, size in sizes:
            values = {"n_samples": n_samples, "size": size, "seed": int(rng.integers(1, 10**6))}
            yield Case("", {"n_samples": n_samples, "size": size}, values)

    return make


def trainings(sizes: Sequence[tuple[int, int, int]] = ((10, 4, 2), (12, 3, 3), (7, 9, 1))) -> Cases:
    """Return cases of n_samples, the size of a batch, epochs, and a seed; sizes: the first three of each case."""

    def make(rng: np.random.Generator) -> Iterator[Case]:
        for n_samples, size, epochs in sizes:
            counts = {"n_samples": n_samples, "size": size, "epochs": epochs}
            yield Case("", counts, {**counts, "seed": int(rng.integers(1, 10**6))})

    return make


def kept_digits() -> Cases:
    """Return one case of the images (300, 64) that lab 7 keeps for the end, in another order, and their labels (300,).

    order: for each image its position in the lab's own test set.
    """
    from sklearn.datasets import load_digits  # only this lab needs it, and it is slow to import

    def make(rng: np.random.Generator) -> Iterator[Case]:
        digits, order = load_digits(), rng.permutation(300)
        indices = np.random.default_rng(3).permutation(len(digits.data))[1497:][order]
        values = {"images": digits.data[indices] / 16, "labels": digits.target[indices], "order": order}
        yield Case("", {"I": len(indices)}, values)

    return make


def networks(sizes: Sequence[tuple[str, int, int, tuple[int, ...]]] = NETWORKS) -> Cases:
    """Return cases of networks: kind, D_i, widths, and layers, a list of (W, b) with samples as rows.

    Also inputs (I, D_i), others of that shape, targets (I, D_o), and steps, a list like layers. sizes: kind, I, D_i and
    widths of each case.
    """

    def make(rng: np.random.Generator) -> Iterator[Case]:
        for kind, I, D_i, widths in sizes:  # the course's own symbol
            shapes = list(pairwise((D_i, *widths)))
            while True:
                layers = [(rng.normal(0, np.sqrt(2 / a), (a, b)), rng.normal(0, 0.5, b)) for a, b in shapes]
                inputs, others = rng.normal(size=(2, I, D_i))
                if all(_no_kink(layers, x) for x in (inputs, others)):
                    break
            D_o = widths[-1]
            targets = rng.normal(size=(I, D_o)) if kind == "regressor" else np.eye(D_o)[rng.integers(0, D_o, I)]
            values = {
                "kind": kind, "D_i": D_i, "widths": list(widths), "layers": layers, "inputs": inputs, "others": others,
                "targets": targets, "steps": [(rng.normal(size=W.shape), rng.normal(size=b.shape)) for W, b in layers],
            }  # fmt: skip
            yield Case(kind, {"I": I, "D_i": D_i, "D_o": D_o}, values)

    return make


def gradients(sizes: Sequence[Sequence[tuple[int, int]]] = (((2, 3),), ((3, 4), (4, 1)))) -> Cases:
    """Return cases of a rate alpha, a share beta, and the gradients of three batches.

    first, second and third are lists with (dW, db) for each layer. sizes: for each case the shape of W in each layer.
    """

    def make(rng: np.random.Generator) -> Iterator[Case]:
        for number, shapes in enumerate(sizes):
            values: dict[str, Any] = {
                name: [tuple(away_from_zero(rng, part, 0.3, 2.0) for part in (shape, shape[1:])) for shape in shapes]
                for name in ("first", "second", "third")
            }
            values |= {"alpha": float(rng.uniform(0.2, 0.7)), "beta": float(rng.uniform(0.6, 0.9) - 0.4 * number)}
            yield Case("", {"n_layers": len(shapes)}, values)

    return make


def _no_kink(layers: Sequence[tuple[np.ndarray[Any, Any], Any]], h: np.ndarray[Any, Any]) -> bool:
    """True if no pre-activation of any layer is near 0, where ReLU has a kink; h: inputs (I, D_i)."""
    for W, b in layers:
        f = h @ W + b
        if np.abs(f).min() < 1e-3:
            return False
        h = np.maximum(f, 0)
    return True
