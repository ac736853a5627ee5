"""Random cases of labs 3 and 4: networks of ReLU layers, and one or two layers of sigmoids with one sample."""

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
"""Widths of the networks: D_i, those of the hidden layers, D_o. They cover no hidden layer and twenty, one output and
several. The hidden layers of a network have one width D, because a correct answer may read the notebook's own D. With
three samples the third is square all over: there arrays fit in any order, so that a wrong product has a value, which a
formula can recognise."""

Arrays = list[np.ndarray[Any, Any]]


def mlp(
    networks: Sequence[Sequence[int]] = NETWORKS,
    samples: Sequence[int] = (1, 3, 8),
    scales: Sequence[float] = (1.0, 30.0),
    samples_as: Samples = "columns",
    groups: bool = True,
) -> Cases:
    """Return cases of ReLU networks, with data and the values of their forward pass.

    There is one case for each network and number of samples: net_input (D_i, I), y and net_output (D_o, I), and the
    lists all_weights[k] (D_k+1, D_k), all_biases[k] (D_k+1, 1), all_f[k] (D_k+1, I), all_h[k] (D_k, I) for k = 0 … K;
    with samples_as="rows" every array is transposed. n_samples is I by the notebooks' name. Sizes are K, D_i, D_o, I,
    and D if all hidden widths are equal.

    networks: widths from D_i to D_o. scales: sizes of inputs and biases, taken in turn. groups: True if cases of one
    sample and of several share the points. With four or more outputs the first is exactly 0, so that a division by it
    shows.
    """

    def make(rng: np.random.Generator) -> Iterator[Case]:
        for (widths, I), scale in zip(product(networks, samples), cycle(scales)):  # the course's own symbol
            D_i, *hidden, D_o = widths
            width = {"D": hidden[0]} if len(set(hidden)) == 1 else {}
            sizes = {"K": len(hidden), "D_i": D_i, **width, "D_o": D_o, "I": I}
            values = _draw_network(rng, widths, I, scale)
            if samples_as == "rows":
                values = {name: _transposed(value) for name, value in values.items()}
            # Without hidden layers no array has the width D: any number will do.
            values |= {"n_samples": I, **({} if hidden else {"D": 1})}
            yield Case(by_samples(groups, samples, I), sizes, values)

    return make


def _draw_network(rng: np.random.Generator, widths: Sequence[int], I: int, scale: float) -> dict[str, Any]:
    """Return the arrays of a random network with its data and its forward pass, samples as columns."""
    net_input = scale * rng.normal(size=(widths[0], I))
    all_weights, all_biases, h = Arrays(), Arrays(), net_input
    for D in widths[1:-1]:
        weights, biases = _draw_layer(rng, h, D, scale)
        # Draw again if rounding could decide ReLU's derivative, or if a wrong mask would change nothing.
        while not _mask_matters(f := weights @ h + biases):
            weights, biases = _draw_layer(rng, h, D, scale)
        all_weights.append(weights)
        all_biases.append(biases)
        h = np.maximum(f, 0)
    weights, biases = _draw_layer(rng, h, widths[-1], scale)
    while I * len(weights) > 1 and not _has_both_signs(weights @ h + biases):
        weights, biases = _draw_layer(rng, h, widths[-1], scale)
    if len(weights) >= 4:
        weights[0], biases[0] = 0, 0
    all_weights.append(weights)
    all_biases.append(biases)
    forward = reference.mlp.forward(net_input, all_weights, all_biases)
    # Errors as large as the outputs: rounding doesn't lose the difference, and neither term hides the other.
    errors = rng.choice([-1, 1], size=(widths[-1], I)) * rng.uniform(0.5, 2, size=(widths[-1], I))
    y = forward.net_output + errors * max(1.0, float(np.abs(forward.net_output).max()))
    return dict(net_input=net_input, y=y, all_weights=all_weights, all_biases=all_biases, **forward._asdict())


def _draw_layer(
    rng: np.random.Generator, h: np.ndarray[Any, Any], D: int, scale: float
) -> tuple[np.ndarray[Any, Any], np.ndarray[Any, Any]]:
    """Return weights (D, D_k) and biases (D, 1).

    The weights have He's variance, which keeps the size of activations in any number of layers.
    """
    return rng.normal(0, np.sqrt(2 / len(h)), (D, len(h))), rng.normal(0, scale / 2, (D, 1))


def _mask_matters(f: np.ndarray[Any, Any]) -> bool:
    """True if ReLU's derivative is clear at every pre-activation, and ReLU stops some units but no sample as a whole.

    f: pre-activations (D, I). The margin is far above rounding errors in float32. A layer of one unit need stop
    nothing.
    """
    on = f > 0
    clear = np.abs(f).min() > 1e-3 * np.abs(f).max()
    return bool(clear and on.any(axis=0).all() and (len(f) == 1 or not on.all()))


def _has_both_signs(f: np.ndarray[Any, Any]) -> bool:
    """True if a ReLU after f would stop some entries, but not all."""
    return bool((f > 0).any() and (f < 0).any())


def _transposed(value: Any) -> Any:
    """Return the transpose of an array, or of each array of a list, in C order."""
    return [_transposed(array) for array in value] if isinstance(value, list) else np.ascontiguousarray(value.T)


_SIGMOID = reference.activations.SIGMOID


def sigmoid_layers(networks: Sequence[Sequence[int]] = ((2, 3), (5, 4), (3, 3), (4, 1))) -> Cases:
    """Return cases of one layer of sigmoids for each pair of widths and of two for each triple, with a forward pass.

    A layer of D_out sigmoids of D_in inputs has W (D_out, D_in), b (D_out,), z and a (D_out,) and the derivative da_dz
    (D_out,). The sample is x (D_in,), its target (D_out,); dC_da (D_out,) is the derivative of the mean of squares at
    the last layer. With one layer the names are W, b, z, a, da_dz, dC_da, and predict is a; with two W1, W2 … da1_dz1,
    da2_dz2, dC_da2.

    networks: widths from the input to the output. In a square layer a wrong product fits, too.
    """

    def make(rng: np.random.Generator) -> Iterator[Case]:
        for widths in networks:
            D_i, *hidden, D_o = widths
            sizes = {"D_i": D_i, **({"D": hidden[0]} if hidden else {}), "D_o": D_o}
            yield Case("", sizes, _draw_sigmoid_layers(rng, widths))

    return make


def _draw_sigmoid_layers(rng: np.random.Generator, widths: Sequence[int]) -> dict[str, Any]:
    """Return the arrays of random layers of sigmoids, by name."""
    # No entry is near 0, so that a factor left out or taken twice shows.
    values: dict[str, Any] = {"x": away_from_zero(rng, widths[0], 0.3, 2.5)}
    h = values["x"]
    for layer, (D_in, D_out) in enumerate(pairwise(widths), start=1):
        k = str(layer) if len(widths) > 2 else ""
        weights = rng.normal(0, 1.5 / np.sqrt(D_in), (D_out, D_in))
        # Biases that move each pre-activation to where the sigmoid is curved and steep.
        z = away_from_zero(rng, D_out, 0.3, 2.5)
        values |= {f"W{k}": weights, f"b{k}": z - weights @ h, f"z{k}": z}
        h = values[f"a{k}"] = _SIGMOID.function(z)
        values[f"da{k}_dz{k}"] = _SIGMOID.derivative(z)
    values["target"] = h + rng.choice([-1, 1], size=len(h)) * rng.uniform(0.2, 0.9, size=len(h))
    columns = h[:, None], values["target"][:, None]
    slope = reference.costs.d_squared_error(*columns, normalisation="mean over all")
    return {**values, f"dC_da{k}": slope[:, 0], "predict": h}
