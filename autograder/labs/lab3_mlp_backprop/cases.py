"""Cases of labs 3 and 4: networks of ReLU layers, and one or two layers of sigmoids with one sample."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import cycle, pairwise, product
from typing import Any

import numpy as np

from autograder import reference
from autograder.checks.cases import Case, Cases, away_from_zero, by_samples
from autograder.reference.shapes import Samples

NETWORKS = (
    (4, 2),
    (2, 7, 4),
    (3, 3, 3, 3, 3),
    (2, 7, 7, 5),
    (5, 6, 6, 1),
    (4, *20 * (10,), 2),
)
"""Widths D_i, those of the hidden layers, D_o: no hidden layer and twenty, one output and several. Hidden layers are of
one width D each, because a right answer may read the notebook's own D. With three samples the third is square all over:
there arrays that don't fit together fit after all, and what comes of a wrong product can be recognised."""

Arrays = list[np.ndarray[Any, Any]]


def mlp(
    networks: Sequence[Sequence[int]] = NETWORKS,
    samples: Sequence[int] = (1, 3, 8),
    scales: Sequence[float] = (1.0, 30.0),
    samples_as: Samples = "columns",
    groups: bool = True,
) -> Cases:
    """Return cases of networks with ReLU, data, and the values of their forward pass.

    Every network with every number of samples: net_input (D_i, I), y and net_output (D_o, I), and the lists
    all_weights[k] (D_k+1, D_k), all_biases[k] (D_k+1, 1), all_f[k] (D_k+1, I), all_h[k] (D_k, I) for k = 0 … K; with
    samples_as="rows" every array is transposed. n_samples is I by the notebooks' name. Sizes are K, D_i, D_o, I, and D
    where all hidden widths are the same.

    networks: widths from D_i to D_o. scales: how large inputs and biases are, taken in turn. groups: whether one sample
    and several share the points. Of four or more outputs the first is exactly 0, which shows a division by it.
    """

    def make(rng: np.random.Generator) -> Iterator[Case]:
        for (widths, I), scale in zip(product(networks, samples), cycle(scales)):  # the course's own
            D_i, *hidden, D_o = widths
            width = {"D": hidden[0]} if len(set(hidden)) == 1 else {}
            sizes = {"K": len(hidden), "D_i": D_i, **width, "D_o": D_o, "I": I}
            values = _drawn(rng, widths, I, scale)
            if samples_as == "rows":
                values = {name: _transposed(value) for name, value in values.items()}
            # Without hidden layers any D will do: there is nothing of that width.
            values |= {"n_samples": I, **({} if hidden else {"D": 1})}
            yield Case(by_samples(groups, samples, I), sizes, values)

    return make


def _drawn(rng: np.random.Generator, widths: Sequence[int], I: int, scale: float) -> dict[str, Any]:
    net_input = scale * rng.normal(size=(widths[0], I))
    all_weights, all_biases, h = Arrays(), Arrays(), net_input
    for D in widths[1:-1]:
        weights, biases = _layer(rng, h, D, scale)
        # Drawn again where rounding could decide about a slope, or where a wrong mask would do no harm.
        while not _tells(f := weights @ h + biases):
            weights, biases = _layer(rng, h, D, scale)
        all_weights.append(weights)
        all_biases.append(biases)
        h = np.maximum(f, 0)
    weights, biases = _layer(rng, h, widths[-1], scale)
    while I * len(weights) > 1 and not _of_both_signs(weights @ h + biases):
        weights, biases = _layer(rng, h, widths[-1], scale)
    if len(weights) >= 4:
        weights[0], biases[0] = 0, 0
    all_weights.append(weights)
    all_biases.append(biases)
    forward = reference.mlp.forward(net_input, all_weights, all_biases)
    # Off by about as much as the output is large: the difference isn't lost in rounding, and none hides the other.
    errors = rng.choice([-1, 1], size=(widths[-1], I)) * rng.uniform(0.5, 2, size=(widths[-1], I))
    y = forward.net_output + errors * max(1.0, float(np.abs(forward.net_output).max()))
    return dict(net_input=net_input, y=y, all_weights=all_weights, all_biases=all_biases, **forward._asdict())


def _layer(
    rng: np.random.Generator, h: np.ndarray[Any, Any], D: int, scale: float
) -> tuple[np.ndarray[Any, Any], np.ndarray[Any, Any]]:
    """Weights with He's variance, which keeps activations as large as they were through any number of layers."""
    return rng.normal(0, np.sqrt(2 / len(h)), (D, len(h))), rng.normal(0, scale / 2, (D, 1))


def _tells(f: np.ndarray[Any, Any]) -> bool:
    """True if ReLU's slope is beyond doubt at every pre-activation, every sample comes through, and not all units do.

    The margin is far above rounding in float32. A layer of one unit that comes through can't stop anything.
    """
    on = f > 0
    clear = np.abs(f).min() > 1e-3 * np.abs(f).max()
    return bool(clear and on.any(axis=0).all() and (len(f) == 1 or not on.all()))


def _of_both_signs(f: np.ndarray[Any, Any]) -> bool:
    """True if a ReLU at the output would stop some of it, and not all."""
    return bool((f > 0).any() and (f < 0).any())


def _transposed(value: Any) -> Any:
    """Return an array, or each array of a list, in C order as any other."""
    return [_transposed(one) for one in value] if isinstance(value, list) else np.ascontiguousarray(value.T)


_SIGMOID = reference.activations.SIGMOID


def sigmoid_layers(networks: Sequence[Sequence[int]] = ((2, 3), (5, 4), (3, 3), (4, 1))) -> Cases:
    """Return cases of one layer for each pair of widths, two for each three, with a correct forward pass.

    A layer of D_out sigmoids of D_in inputs: W (D_out, D_in), b (D_out,), z and a (D_out,), their slope da_dz (D_out,).
    The sample x (D_in,) and its target (D_out,); of the mean of squares, dC_da (D_out,) at the last layer. With one
    layer the names are W, b, z, a, da_dz, dC_da, and predict is a; with two W1, W2 … da1_dz1, da2_dz2, dC_da2.

    networks: widths from the input to the output. In a square one a wrong product fits too.
    """

    def make(rng: np.random.Generator) -> Iterator[Case]:
        for widths in networks:
            D_i, *hidden, D_o = widths
            sizes = {"D_i": D_i, **({"D": hidden[0]} if hidden else {}), "D_o": D_o}
            yield Case("", sizes, _drawn_layers(rng, widths))

    return make


def _drawn_layers(rng: np.random.Generator, widths: Sequence[int]) -> dict[str, Any]:
    # No entry is near 0: whoever leaves it out, or takes it twice, is found out.
    values: dict[str, Any] = {"x": away_from_zero(rng, widths[0], 0.3, 2.5)}
    h = values["x"]
    for layer, (D_in, D_out) in enumerate(pairwise(widths), start=1):
        k = str(layer) if len(widths) > 2 else ""
        weights = rng.normal(0, 1.5 / np.sqrt(D_in), (D_out, D_in))
        # Biases that take each pre-activation to where the sigmoid bends, and is steep.
        z = away_from_zero(rng, D_out, 0.3, 2.5)
        values |= {f"W{k}": weights, f"b{k}": z - weights @ h, f"z{k}": z}
        h = values[f"a{k}"] = _SIGMOID.function(z)
        values[f"da{k}_dz{k}"] = _SIGMOID.derivative(z)
    values["target"] = h + rng.choice([-1, 1], size=len(h)) * rng.uniform(0.2, 0.9, size=len(h))
    columns = h[:, None], values["target"][:, None]
    slope = reference.costs.d_squared_error(*columns, normalisation="mean over all")
    return {**values, f"dC_da{k}": slope[:, 0], "predict": h}
