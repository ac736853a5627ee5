"""Known mistakes in networks written out, in losses from likelihoods, and in the backward pass: lab 0, parts D to F.

A value has the name of the function that returns it. Weights have their biases in column 0.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from autograder.diagnosis.mistake import Mistake
from autograder.reference import costs
from autograder.reference.arrays import unchecked


def _prepend_one(z: Any) -> Any:
    """Return inputs (…, M) with the constant input 1 in front: (…, 1 + M)."""
    return np.insert(np.asarray(z, dtype=float), 0, 1.0, axis=-1)


def _append_one(z: Any) -> Any:
    """Return inputs (M,) with the constant input 1 at the end: (M + 1,)."""
    return np.append(z, 1.0)


def _identity(a: Any) -> Any:
    return a


def _sigmoid(a: Any) -> Any:
    return 1 / (1 + np.exp(-np.asarray(a)))


_softmax = unchecked(costs.softmax)


Function = Callable[[Any], Any]


def _output(x: Any, layers: Sequence[Any], functions: Sequence[Function], extra: Function = _prepend_one) -> Any:
    """Return the output of a network for the input x (D,).

    layers: weights (M_out, 1 + M_in) of each layer. functions: the activation function of each. extra: adds the
    constant input to a layer's inputs.
    """
    for W, h in zip(layers, functions, strict=True):
        x = h(W @ extra(x))
    return x


def _without_bias(x: Any, layers: Sequence[Any], functions: Sequence[Function]) -> Any:
    """Return the output of the network without its biases."""
    return _output(x, [W[:, 1:] for W in layers], functions, extra=_identity)


def _activations(weights: Any, last: Function = _identity) -> list[Function]:
    """Return the activation function of each layer: tanh in the hidden ones, `last` in the last."""
    return [*[np.tanh] * (len(weights) - 1), last]


FORWARD = (
    Mistake("activation-missing", "One of the functions h is left out: that layer doesn't bend.",
            "Which layers does the text give an h to, and which of those stands around each of your sums?",
            {"two_layers": [lambda x, W1, W2: _output(x, [W1, W2], [np.tanh, _identity]),
                            lambda x, W1, W2: _output(x, [W1, W2], [_identity, _sigmoid]),
                            lambda x, W1, W2: _output(x, [W1, W2], [_identity, _identity])],
             "three_layers": [lambda x, W1, W2, W3: _output(x, [W1, W2, W3], [np.tanh, _identity, _identity]),
                              lambda x, W1, W2, W3: _output(x, [W1, W2, W3], [_identity, _sigmoid, _identity])],
             "network": lambda x, weights: _output(x, weights, [_identity] * len(weights))}),
    Mistake("activation-on-the-output", "The last layer bends too: the output should be left as it is.",
            "Which numbers can a tanh or a σ never say, and which outputs does the text ask for?",
            {"three_layers": [lambda x, W1, W2, W3: _output(x, [W1, W2, W3], [np.tanh, _sigmoid, _sigmoid]),
                              lambda x, W1, W2, W3: _output(x, [W1, W2, W3], [np.tanh, _sigmoid, np.tanh])],
             "network": lambda x, weights: _output(x, weights, _activations(weights, np.tanh))}),
    Mistake("activations-swapped", "The functions h₁ and h₂ stand in each other's place.",
            "Which of the two is next to the input: the innermost or the outermost?",
            {"two_layers": lambda x, W1, W2: _output(x, [W1, W2], [_sigmoid, np.tanh]),
             "three_layers": lambda x, W1, W2, W3: _output(x, [W1, W2, W3], [_sigmoid, np.tanh, _identity])}),
    Mistake("bias-in-another-column", "The extra input is added at the other end: column 0 holds the biases here.",
            "Which entry of a row of W meets the 1?",
            {"two_layers": lambda x, W1, W2: _output(x, [W1, W2], [np.tanh, _sigmoid], _append_one),
             "three_layers":
                 lambda x, W1, W2, W3: _output(x, [W1, W2, W3], [np.tanh, _sigmoid, _identity], _append_one),
             "network": lambda x, weights: _output(x, weights, _activations(weights), _append_one),
             "weight_slopes": lambda delta, z: np.outer(delta, _append_one(z)),
             "weight_slopes_of_all": lambda delta, z: np.column_stack([delta.T @ z, delta.sum(axis=0)])}),
    Mistake("bias-forgotten", "Column 0, that of the biases, is left out, or brings nothing in.",
            "What is input number 0, and what does a layer say where all its other inputs are 0?",
            {"two_layers": lambda x, W1, W2: _without_bias(x, [W1, W2], [np.tanh, _sigmoid]),
             "three_layers": lambda x, W1, W2, W3: _without_bias(x, [W1, W2, W3], [np.tanh, _sigmoid, _identity]),
             "network": lambda x, weights: _without_bias(x, weights, _activations(weights)),
             "weight_slopes": [lambda delta, z: np.outer(delta, z),
                               lambda delta, z: np.outer(delta, np.append(0.0, z))],
             "weight_slopes_of_all": lambda delta, z: delta.T @ z}),
)  # fmt: skip


def _biases_lost(weights: Any) -> Any:
    """Return the collapsed layer with the biases of the first layer only."""
    collapsed = weights[0]
    for W in weights[1:]:
        collapsed = W[:, 1:] @ collapsed
    return collapsed


def _first_biases_lost(weights: Any) -> Any:
    """Return the collapsed layer with the biases of the last layer only."""
    product = weights[0][:, 1:]
    for W in weights[1:]:
        product = W[:, 1:] @ product
    return np.column_stack([weights[-1][:, 0], product])


def _biases_summed(weights: Any) -> Any:
    """Return the collapsed layer with its biases summed unmultiplied, which fits only if all layers have one width."""
    product = _first_biases_lost(weights)
    product[:, 0] = sum(W[:, 0] for W in weights)
    return product


def _opposite_order(weights: Any) -> Any:
    """Return the collapsed layer with the matrices multiplied in the opposite order."""
    collapsed = weights[0]
    for W in weights[1:]:
        before, collapsed = collapsed, collapsed[:, 1:] @ W
        collapsed[:, 0] += before[:, 0]
    return collapsed


COLLAPSED = (
    Mistake("biases-of-later-layers-lost", "The step with the biases: those of one layer alone come through.",
            "Set all weights but the biases to 0. What does each layer say?",
            {"collapsed": [_biases_lost, _first_biases_lost]}),
    Mistake("biases-not-sent-on", "The step with the biases: they are added as they are, not sent through the weights.",
            "A bias of layer 1 is a part of what enters layer 2. What happens to it there?",
            {"collapsed": _biases_summed}),
    Mistake("product-in-another-order", "The step with the product: the matrices stand in the other order.",
            "Which matrix meets x first, and on which side of the product does it stand then?",
            {"collapsed": _opposite_order}),
)  # fmt: skip


def _log_normaliser(sigma2: Any) -> Any:
    """Return minus the logarithm of the normal density's factor 1/√(2πσ²)."""
    return np.log(2 * np.pi * sigma2) / 2


def _sum_of_squares(y: Any, t: Any) -> Any:
    """Return the sum of squared errors."""
    return np.sum((y - t) ** 2)


LOSSES = (
    Mistake("dimensions-left-out", "The step with the D-th power: the number of outputs D is not in it.",
            "Each sample has D targets. How often does the root stand in its density, and how many errors are there?",
            {"negative_log_likelihood":
                 lambda y, t, sigma2: len(y) * _log_normaliser(sigma2) + _sum_of_squares(y, t) / (2 * sigma2),
             "best_variance": lambda y, t: _sum_of_squares(y, t) / len(y)}),
    Mistake("samples-left-out", "The step from product to sum: the first term is there once, not once for each sample.",
            "How many factors has the product, and how many terms the sum?",
            {"negative_log_likelihood":
                 lambda y, t, sigma2: y.shape[1] * _log_normaliser(sigma2) + _sum_of_squares(y, t) / (2 * sigma2),
             "best_variance": lambda y, t: _sum_of_squares(y, t) / y.shape[1]}),
    Mistake("half-left-out", "The step with the exponent: the 2 of 2σ² is missing.",
            "What stands below the line in the exponential?",
            {"negative_log_likelihood":
                 lambda y, t, sigma2: y.size * _log_normaliser(sigma2) + _sum_of_squares(y, t) / sigma2}),
    Mistake("half-too-many", "The step where the slope is zero: both terms have a ½, so it cancels.",
            "ND/2s = E/2s²: what is left when you multiply by 2s²?",
            {"best_variance": lambda y, t: _sum_of_squares(y, t) / (2 * y.size)}),
    Mistake("terms-of-different-sign", "The step with the minus: only one of the two terms got it.",
            "The loss should grow with the errors, and with the logarithm of σ². Which signs does that need?",
            {"negative_log_likelihood": [
                lambda y, t, sigma2: _sum_of_squares(y, t) / (2 * sigma2) - y.size * _log_normaliser(sigma2),
                lambda y, t, sigma2: y.size * _log_normaliser(sigma2) - _sum_of_squares(y, t) / (2 * sigma2)]}),
    Mistake("product-before-the-logarithm",
            "The product is taken before the logarithm: with many samples it is 0 in the computer.",
            "What is 0.2 to the power 1000 in a float, and which rule turns a product into a sum?",
            {"negative_log_likelihood": lambda expected: expected if expected < 700 else np.inf}),
    Mistake("standard-deviation-for-variance", "This is the standard deviation σ: the variance is σ².",
            "Which of the two is measured in the unit of t, and which in its square?",
            {"best_variance": lambda expected: np.sqrt(expected)}),
    Mistake("cross-entropy-without-minus", "The step with the minus: it is missing.",
            "Which sign has the logarithm of a probability, and which should a cost have?",
            {"cross_entropy": lambda expected: -expected}),
    Mistake("mean-in-place-of-sum", "A mean is taken, and E is a sum here.",
            "If the same samples come twice, what does E do: double, or stay?",
            {"cross_entropy": [lambda y, expected: expected / len(y), lambda y, expected: expected / y.size],
             "average_over_subsets": lambda slopes: slopes.mean(axis=0),
             "weight_slopes_of_all": lambda delta, expected: expected / len(delta)}),
    Mistake("target-left-out", "The step with the exponent: the targets are not in it.",
            "Which of the K probabilities of a sample should count?",
            {"cross_entropy": lambda y: -np.sum(np.log(y))}),
    Mistake("factor-upside-down", "The step that counts subsets: N/B stands where B/N should.",
            "Is the sum over few samples larger or smaller than that over all?",
            {"average_over_subsets": lambda slopes, B: len(slopes) / B * slopes.sum(axis=0)}),
    Mistake("factor-left-out", "The step that counts subsets: this is the sum over all samples.",
            "In which share of the subsets is sample 1?",
            {"average_over_subsets": lambda slopes: slopes.sum(axis=0)}),
)  # fmt: skip


def _unshifted_softmax(a: Any) -> Any:
    """Return the softmax of logits, computed without subtracting the maximum."""
    powers = np.exp(a)
    return powers / powers.sum()


def _d_tanh(a: Any) -> Any:
    """Return the derivative of tanh at the pre-activations a."""
    return 1 - np.tanh(a) ** 2


def _not_transposed(W: Any, delta: Any) -> Any:
    """Return W δ in place of Wᵀ δ, without the biases; raises ValueError if the shapes don't fit."""
    return W[:, 1:] @ delta


_BACKWARD = (
    Mistake("softmax-derivative-diagonal",
            "Step 2: softmax is differentiated as if each y hung on its own logit alone: the diagonal y(1 − y).",
            "If one logit grows, what happens to the probabilities of the other classes?",
            {"delta_output": [lambda a, t: (_softmax(a) - t) * _softmax(a) * (1 - _softmax(a)),
                              lambda a, t: -t * (1 - _softmax(a)),
                              lambda a, t: -t / _softmax(a) * (_softmax(a) * (1 - _softmax(a)))]}),
    Mistake("softmax-not-shifted", "The largest logit is not taken away before `exp`: large logits overflow.",
            "What is `np.exp(1000)`, and what may be added to all logits without changing anything?",
            {"delta_output": lambda a, t: _unshifted_softmax(a) - t}),
    Mistake("softmax-left-out", "Step 2: logits stand where the probabilities should.",
            "What is the slope of log Σ exp in one logit?", {"delta_output": lambda a, t: a - t}),
    Mistake("slope-dropped", "The step through h: its slope h′ is missing.",
            "How much of what comes back does a flat tanh or σ let through?",
            {"delta_hidden": lambda delta, W: delta @ W[:, 1:],
             "slope_of_cost": lambda a, target: 2 / len(a) * (a - target),
             "dC_dW1": lambda dC_dz2, W2, x: np.outer(W2.T @ dC_dz2, x),
             "dC_db1": lambda dC_dz2, W2: W2.T @ dC_dz2}),
    Mistake("slope-at-the-activation", "The step through h: its slope is taken at the wrong place.",
            "Which do you have, what goes into h or what comes out, and which of the two forms of the slope needs it?",
            {"delta_hidden": [lambda delta, W, a: (delta @ W[:, 1:]) * (1 - a**2),
                              lambda delta, W, a: (delta @ W[:, 1:]) * _d_tanh(np.tanh(a))],
             "slope_of_cost":
                 lambda a, target: 2 / len(a) * (a - target) * _sigmoid(a) * (1 - _sigmoid(a)),
             "dC_dW1": lambda dC_dz2, W2, a1, x:
                 np.outer((W2.T @ dC_dz2) * _sigmoid(a1) * (1 - _sigmoid(a1)), x),
             "dC_db1": lambda dC_dz2, W2, a1: (W2.T @ dC_dz2) * _sigmoid(a1) * (1 - _sigmoid(a1))}),
    Mistake("bias-column-sent-back", "The step through the weights: the column of the biases goes back too.",
            "Which pre-activation stands behind the extra input?",
            {"delta_hidden": [lambda delta, W, a: (delta @ W) * _d_tanh(a),
                              lambda delta, W, a: (delta @ W[:, :-1]) * _d_tanh(a),
                              lambda delta, W, a: (delta @ W) * _d_tanh(np.append(0, a)),
                              lambda delta, W, a: (delta @ W) * _prepend_one(_d_tanh(a))]}),
    Mistake("sum-not-taken", "The step through the weights: the sum over the next layer's units is still to be taken.",
            "On how many ways does one pre-activation reach the cost, and what becomes of what comes back on them?",
            {"delta_hidden": lambda delta, W, a: delta[:, None] * W[:, 1:] * _d_tanh(a)}),
    Mistake("weights-not-transposed", "The step through the weights: the sum runs over the wrong index.",
            "Forward the sum runs over what enters. Over what does it run on the way back?",
            {"delta_hidden": lambda delta, W, a: _not_transposed(W, delta) * _d_tanh(a),
             "dC_dW1": lambda dC_dz2, W2, a1, x: np.outer((W2 @ dC_dz2) * a1 * (1 - a1), x),
             "dC_db1": lambda dC_dz2, W2, a1: (W2 @ dC_dz2) * a1 * (1 - a1)}),
    Mistake("index-shifted", "The step to the weights: what comes out of the layer stands where its input should.",
            "What does W₁ multiply in the forward pass?",
            {"dC_dW1": lambda dC_dz2, W2, a1: np.outer((W2.T @ dC_dz2) * a1 * (1 - a1), a1)}),
    Mistake("transposed", "The table lies on its side: a row for each input, a column for each unit.",
            "Which shape has W, and which of δ and z runs down its rows?",
            {"weight_slopes": lambda expected: expected.T, "weight_slopes_of_all": lambda expected: expected.T}),
    Mistake("summed-before-the-product",
            "The sum over n: δ and z are added up first, so that samples meet that have nothing to do with each other.",
            "With two samples, which products δ z should be there: two, or four?",
            {"weight_slopes_of_all": lambda delta, z: np.outer(delta.sum(axis=0), _prepend_one(z).sum(axis=0))}),
    Mistake("one-sample-only", "The sum over n: one sample alone is left of it.",
            "Does each round of your loop add to what the last one left, or put itself in its place?",
            {"weight_slopes_of_all": [lambda delta, z: np.outer(delta[-1], _prepend_one(z[-1])),
                                      lambda delta, z: np.outer(delta[0], _prepend_one(z[0]))]}),
)  # fmt: skip

BACKWARD: Sequence[Mistake] = (*FORWARD, *LOSSES, *_BACKWARD)
"""Mistakes in the backward pass, with those of the forward pass and of the losses, which show up there again."""
