"""Cases of logits with classes, up to where a float overflows, and of networks that classify."""

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
"""Logits (D_o, I) from a generator, D_o and I."""

LARGE = "large logits"
"""The group of the cases that overflow where nothing prevents it."""


def _ties(rng: np.random.Generator, D_o: int, I: int) -> Array:  # the course's own symbol
    """Few levels, so that several classes may share the largest logit; all of them do in the first sample."""
    logits = rng.uniform(0.5, 1.5) * rng.integers(-1, 2, size=(D_o, I))
    logits[:, 0] = rng.normal()
    return logits


def _moved(rng: np.random.Generator, D_o: int, I: int) -> Array:
    """Ordinary logits, moved up by 1000 in every other sample and down in the rest: softmax stays what it was."""
    return 2 * rng.normal(size=(D_o, I)) + 1000.0 * rng.permutation(np.resize([1, -1], max(I, 2)))[:I]


def _far_below(rng: np.random.Generator, D_o: int, I: int) -> Array:
    """Return one ordinary logit a sample, and the others so far below that their probability is 0 in a float."""
    logits = -rng.uniform(800, 1000, size=(D_o, I))
    logits[rng.integers(D_o, size=I), np.arange(I)] = 2 * rng.normal(size=I)
    return logits


def _sure(rng: np.random.Generator, D_o: int, I: int) -> Array:
    """Ordinary logits in the first sample; in the others one class far above the rest, which is to be the right one."""
    logits = _far_below(rng, D_o, I)
    logits[:, 0] = 2 * rng.normal(size=D_o)
    return logits


KINDS: dict[str, Draw] = {
    "ordinary": lambda rng, *shape: 2 * rng.normal(size=shape),
    "small": lambda rng, *shape: 1e-3 * rng.normal(size=shape),
    "ties": _ties,
    "moved": _moved,
    "far below": _far_below,
    "sure": _sure,
    "far apart": lambda rng, *shape: rng.choice([-1000.0, 1000.0], size=shape) + rng.normal(size=shape),
}
"""Kinds of logits. Each of the large kinds overflows for another reason, which tells mistakes apart."""
_LARGE = ("moved", "far below", "sure", "far apart")


def classification(
    samples: Sequence[int] = (1, 3, 7),
    classes: Sequence[int] = (3, 2, 5),
    kinds: Sequence[str] = tuple(KINDS),
    samples_as: Samples = "columns",
    groups: bool = True,
) -> Cases:
    """Logits net_output (D_o, I), of ±1000 too, and one-hot y (D_o, I); with samples_as="rows" both are transposed.

    n_samples is I by the notebooks' name. Never is all said rightly and surely, so neither the cost nor its derivative
    is lost in rounding. Where there are ties, one class is missing from the batch. kinds: keys of KINDS. groups:
    whether one sample, several samples and large logits share the points.
    """

    def make(rng: np.random.Generator) -> Iterator[Case]:
        for I, D_o, kind in product(samples, classes, kinds):  # the course's own symbol
            if kind == "sure" and I == 1:  # its first sample is an ordinary one
                continue
            net_output = KINDS[kind](rng, D_o, I)
            labels = rng.integers(D_o - (kind == "ties"), size=I)
            if kind == "sure":
                labels = net_output.argmax(axis=0)
            if kind != "ties":
                labels[0] = _another(rng, net_output)
            arrays = {"net_output": net_output, "y": np.eye(D_o)[:, labels]}
            if samples_as == "rows":
                arrays = {name: np.ascontiguousarray(value.T) for name, value in arrays.items()}
            group = LARGE if groups and kind in _LARGE else by_samples(groups, samples, I)
            yield Case(group, {"D_o": D_o, "I": I}, {**arrays, "n_samples": I})

    return make


def _another(rng: np.random.Generator, net_output: Array) -> int:
    """Return a class of the first sample that is not the one with the largest logit."""
    return int(net_output[:, 0].argmax() + rng.integers(1, len(net_output))) % len(net_output)


CLASSIFIERS = tuple(widths for widths in NETWORKS if widths[-1] > 1)
"""Networks of more than one output: with one class there is nothing to tell apart."""


def classified(
    networks: Sequence[Sequence[int]] = CLASSIFIERS,
    samples: Sequence[int] = (1, 3, 8),
    scales: Sequence[float] = (1.0, 4.0),
    samples_as: Samples = "columns",
    groups: bool = True,
) -> Cases:
    """Networks as `mlp` draws them, but their outputs are logits, and y is one-hot.

    scales: as in `mlp`; where they are large, all is said surely, and slopes are lost in rounding.
    """

    def make(rng: np.random.Generator) -> Iterator[Case]:
        for case in mlp(networks, samples, scales, samples_as, groups)(rng):
            net_output = case.values["net_output"]
            logits = net_output.T if samples_as == "rows" else net_output
            y = _telling(rng, logits)
            yield replace(case, values={**case.values, "y": np.ascontiguousarray(y.T) if samples_as == "rows" else y})

    return make


def _telling(rng: np.random.Generator, logits: Array) -> Array:
    """One-hot targets: the first sample is got wrong, and the slopes of several don't cancel in a bias."""
    D_o, I = logits.shape  # the course's own symbol
    probabilities = reference.costs.softmax(logits)
    while True:
        labels = rng.integers(D_o, size=I)
        labels[0] = _another(rng, logits)
        y = np.eye(D_o)[:, labels]
        if np.abs((probabilities - y).sum(axis=1)).max() > 0.05:
            return y
