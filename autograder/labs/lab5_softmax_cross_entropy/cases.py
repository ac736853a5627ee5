"""Random cases of lab 5: logits with classes, up to where a float overflows, and networks that classify."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from itertools import product
from typing import Any

import numpy as np

from autograder import reference
from autograder.checks.cases import Case, Cases, by_samples
from autograder.labs.lab3_mlp_backprop.cases import NETWORKS, mlp
from autograder.reference.shapes import Samples

Array = np.ndarray[Any, Any]
Draw = Callable[[np.random.Generator, int, int], Array]
"""Draws logits (D_o, I); takes a generator, D_o and I."""

LARGE = "large logits"
"""The group of the cases whose logits overflow unless softmax is computed stably."""


def _tied(rng: np.random.Generator, D_o: int, I: int) -> Array:  # the course's own symbol
    """Return logits of few levels, so that several classes may share the largest; in the first sample all do."""
    logits = rng.uniform(0.5, 1.5) * rng.integers(-1, 2, size=(D_o, I))
    logits[:, 0] = rng.normal()
    return logits


def _shifted(rng: np.random.Generator, D_o: int, I: int) -> Array:
    """Return ordinary logits plus 1000 in half of the samples and minus 1000 in the others: softmax stays the same."""
    return 2 * rng.normal(size=(D_o, I)) + 1000.0 * rng.permutation(np.resize([1, -1], max(I, 2)))[:I]


def _far_below(rng: np.random.Generator, D_o: int, I: int) -> Array:
    """Return one ordinary logit for each sample, and others so far below that their probability is 0 in a float."""
    logits = -rng.uniform(800, 1000, size=(D_o, I))
    logits[rng.integers(D_o, size=I), np.arange(I)] = 2 * rng.normal(size=I)
    return logits


def _sure(rng: np.random.Generator, D_o: int, I: int) -> Array:
    """Return ordinary logits in the first sample, and in the others one class far above the rest.

    That class is then the correct one.
    """
    logits = _far_below(rng, D_o, I)
    logits[:, 0] = 2 * rng.normal(size=D_o)
    return logits


KINDS: dict[str, Draw] = {
    "ordinary": lambda rng, *shape: 2 * rng.normal(size=shape),
    "small": lambda rng, *shape: 1e-3 * rng.normal(size=shape),
    "ties": _tied,
    "moved": _shifted,
    "far below": _far_below,
    "sure": _sure,
    "far apart": lambda rng, *shape: rng.choice([-1000.0, 1000.0], size=shape) + rng.normal(size=shape),
}
"""Functions that draw logits, by kind. Each large kind overflows for another reason, so it shows other mistakes."""
_LARGE = ("moved", "far below", "sure", "far apart")


def classification(
    samples: Sequence[int] = (1, 3, 7),
    classes: Sequence[int] = (3, 2, 5),
    kinds: Sequence[str] = tuple(KINDS),
    samples_as: Samples = "columns",
    groups: bool = True,
) -> Cases:
    """Return cases of logits net_output (D_o, I), some near ±1000, and one-hot targets y (D_o, I).

    With samples_as="rows" both are transposed. n_samples is I by the notebooks' name. Except with tied logits, the
    first sample is classified wrongly, so rounding loses neither the cost nor its derivative. With tied logits one
    class is missing from the batch. samples, classes, kinds: one case for each combination of I, D_o and a key of
    KINDS; "sure" needs several samples. groups: True if cases of one sample, of several samples and of large logits
    share the points.
    """

    def make(rng: np.random.Generator) -> Iterator[Case]:
        for I, D_o, kind in product(samples, classes, kinds):  # the course's own symbol
            if kind == "sure" and I == 1:  # the first sample of this kind is ordinary
                continue
            net_output = KINDS[kind](rng, D_o, I)
            labels = rng.integers(D_o - (kind == "ties"), size=I)
            if kind == "sure":
                labels = net_output.argmax(axis=0)
            if kind != "ties":
                labels[0] = _wrong_class(rng, net_output)
            arrays = {"net_output": net_output, "y": np.eye(D_o)[:, labels]}
            if samples_as == "rows":
                arrays = {name: np.ascontiguousarray(value.T) for name, value in arrays.items()}
            group = LARGE if groups and kind in _LARGE else by_samples(groups, samples, I)
            yield Case(group, {"D_o": D_o, "I": I}, {**arrays, "n_samples": I})

    return make


def _wrong_class(rng: np.random.Generator, net_output: Array) -> int:
    """Return a class of the first sample other than the one with the largest logit."""
    return int(net_output[:, 0].argmax() + rng.integers(1, len(net_output))) % len(net_output)


CLASSIFIERS = tuple(widths for widths in NETWORKS if widths[-1] > 1)
"""Networks of more than one output: with one class there is nothing to classify."""


def classified(
    networks: Sequence[Sequence[int]] = CLASSIFIERS,
    samples: Sequence[int] = (1, 3, 8),
    scales: Sequence[float] = (1.0, 4.0),
    samples_as: Samples = "columns",
    groups: bool = True,
) -> Cases:
    """Return the cases of `mlp`, with outputs that are logits and with one-hot targets y.

    scales: as in `mlp`; large ones make probabilities nearly 0 or 1, and rounding loses the derivatives.
    """

    def make(rng: np.random.Generator) -> Iterator[Case]:
        for case in mlp(networks, samples, scales, samples_as, groups)(rng):
            net_output = case.values["net_output"]
            logits = net_output.T if samples_as == "rows" else net_output
            y = _draw_targets(rng, logits)
            yield replace(case, values={**case.values, "y": np.ascontiguousarray(y.T) if samples_as == "rows" else y})

    return make


def _draw_targets(rng: np.random.Generator, logits: Array) -> Array:
    """Return one-hot targets (D_o, I) for logits (D_o, I).

    The first sample is classified wrongly, and the derivatives of several samples don't cancel in a bias.
    """
    D_o, I = logits.shape  # the course's own symbol
    probabilities = reference.costs.softmax(logits)
    while True:
        labels = rng.integers(D_o, size=I)
        labels[0] = _wrong_class(rng, logits)
        y = np.eye(D_o)[:, labels]
        if np.abs((probabilities - y).sum(axis=1)).max() > 0.05:
            return y
