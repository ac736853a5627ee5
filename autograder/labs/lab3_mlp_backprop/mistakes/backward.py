"""Known mistakes in the backward pass of a network: all_dl_dweights and all_dl_dbiases.

A formula takes `d_cost_d_output`, the derivative of the cost, as a function of outputs and targets in the lab's layout:
the reference's, or the student's own.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from autograder.diagnosis.formulas import Computation, Step, Way, formula_of, pass_back
from autograder.diagnosis.mistake import Mistake
from autograder.labs.lab3_mlp_backprop.mistakes.sample_axis import in_columns, turned


def _sum(d: Any) -> Any:
    """Return the sum over the samples, (D, 1)."""
    return d.sum(1, keepdims=True)


def _slope_at(d_cost_d_output: Callable[..., Any], y: Any, samples: str, output: Any) -> Any:
    """Return the derivative of the cost at some output, (D_o, I)."""
    # NumPy broadcasts a single row of targets to the rows of the output, as it does in the submission.
    arrays = (turned(array, samples) for array in np.broadcast_arrays(output, y))
    return turned(d_cost_d_output(*arrays), samples)


BACKWARD_PASS = Computation(
    "all_weights all_biases all_f all_h y d_cost_d_output samples",
    "all_dl_dweights all_dl_dbiases",
    {
        **in_columns(W="all_weights", b="all_biases", f="all_f", h="all_h", y="y"),
        "K": lambda W: len(W) - 1,
        "n": lambda y: y.shape[1],
        "slope_at": _slope_at,
        "last": lambda slope_at, f: slope_at(output=f[-1]),
        "through": lambda W, k, d: W[k].T @ d,
        "mask": lambda f, k, dh: (f[k - 1] > 0) * dh,
        "d_for_weights": lambda k, d: d,
        "weights": lambda d_for_weights, h, k, d: d_for_weights(k=k, d=d) @ h[k].T,
        "d_for_biases": lambda k, d: d,
        "biases": lambda d_for_biases, k, d: _sum(d_for_biases(k=k, d=d)),
        "to_the_input": lambda: False,
        "gradients": pass_back,
        "all_dl_dweights": lambda gradients, samples: turned(gradients[0], samples),
        "all_dl_dbiases": lambda gradients, samples: turned(gradients[1], samples),
    },
    keywords="output k d dh",
)
"""The pass, in columns whatever the lab's layout. Steps of layer k take k, and d = ∂L/∂f_k or dh = ∂L/∂h_k."""

_EITHER: Way = {"to_the_input": [lambda: False, lambda: True]}
"""Both a pass that stops at the first layer's gradients, and one that goes on to ∂L/∂x, where it may raise."""


def _select(f: Any, k: int, dh: Any) -> Any:
    """Return the same as the step `mask`, but 0 where a product of 0 and infinity is NaN."""
    return np.where(f[k - 1] > 0, dh, 0)


def _left_out(instead: Callable[[Any, int, Any], Any]) -> list[Step]:
    """Return steps with another gradient of the weights, from h, k and d: in the first layer only, or in all."""

    def in_first(weights: Step, h: Any, k: int, d: Any) -> Any:
        return weights(k=k, d=d) if k else instead(h, k, d)

    return [in_first, formula_of("h k d", instead)]


def _gradients_of(change: Step) -> Way:
    """Return replaced steps: another ∂L/∂f_k in the gradients of the weights only, or in both; the chain is correct."""
    return {"d_for_weights": change, "d_for_biases": [lambda d: d, change]}


_BIASES = (
    Mistake("bias-not-summed", "The bias has one slope for each sample, and should have one.",
            "Every sample moves with the bias. How do their shares come together?",
            BACKWARD_PASS.formulas({"biases": lambda d: d})),
    Mistake("bias-times-n", "The slope of the bias is multiplied by the number of samples.",
            "Is the mean of the cost in the slope of the bias, as it is in that of the weights?",
            BACKWARD_PASS.formulas({"biases": lambda n, d: n * _sum(d)})),
    Mistake("weights-summed-bias-averaged", "The weights' slopes are added up, the bias's are averaged.",
            "The mean came in with the first factor, once for all. Which of `sum` and `mean` is left to be taken?",
            BACKWARD_PASS.formulas({"biases": lambda d: d.mean(1, keepdims=True)},
                                   {"weights": lambda weights, n, k, d: n * weights(k=k, d=d)})),
    Mistake("summed-over-units", "The slopes of different units are added up: each unit has a bias of its own.",
            "Which axis runs over the samples, and which over the units?",
            BACKWARD_PASS.formulas({"biases": [lambda d: d.sum(0, keepdims=True), lambda d: d.sum(0),
                                               lambda d: d.sum(0)[:, None], lambda d: d.sum()]})),
)  # fmt: skip

_ENTRYWISE = [lambda h, k, d: d * h[k].T, lambda h, k, d: d * h[k]]

_WEIGHTS = (
    Mistake("elementwise-product", "`*` multiplies entry by entry, where a matrix product should add up.",
            "Which operator multiplies two matrices, and over which axis does it add up?",
            BACKWARD_PASS.formulas(
                {"weights": _ENTRYWISE, **_EITHER},
                {"through": lambda W, k, d: W[k].T * d, "weights": [lambda h, k, d: d @ h[k].T, *_ENTRYWISE],
                 **_EITHER})),
    Mistake("outer-product", "`np.outer` pairs every number with every other, those of different samples too.",
            "Which shape should the gradient of the weights have, and which has yours?",
            BACKWARD_PASS.formulas({"weights": [
                lambda h, k, d: np.outer(d, h[k]), lambda h, k, d: np.outer(d, h[k].T),
                lambda h, k, d: np.outer(d.T, h[k]), lambda h, k, d: np.outer(d.T, h[k].T)]})),
    Mistake("input-left-out",
            "What comes in is not in the gradient of the weights: in the first layer, the input x.",
            "f₀ = β₀ + Ω₀x: what is the derivative in Ω₀?",
            BACKWARD_PASS.formulas({"weights": [
                *_left_out(lambda h, k, d: d), *_left_out(lambda h, k, d: _sum(d)),
                *_left_out(lambda h, k, d: d @ np.ones(h[k].T.shape))]})),
    Mistake("wrong-activation", "Pre-activations stand where the activations that came in should.",
            "What does Ω_k multiply in the forward pass?",
            BACKWARD_PASS.formulas({"weights": [
                lambda f, k, d: d @ f[k].T, lambda f, k, d: d @ f[k - 1].T,
                lambda f, h, k, d: d @ (f[k - 1] if k else h[0]).T]})),
    Mistake("weights-not-transposed", "The weights go back as they went forward: they should be transposed.",
            "Which axis of `all_weights[k]` belongs to what leaves the layer, where ∂L/∂f comes from?",
            BACKWARD_PASS.formulas(
                {"through": lambda W, k, d: W[k] @ d, **_EITHER},
                {"through": lambda W, k, d: W[k] @ d, "weights": lambda weights, k, d: weights(k=k, d=d).T,
                 **_EITHER})),
    Mistake("index-shifted", "Something of another layer is used.", "Which index has each factor in the equation?",
            BACKWARD_PASS.formulas(
                {"through": [lambda W, k, d: W[k - 1].T @ d, lambda W, last, k: W[k].T @ last], **_EITHER},
                {"weights": [lambda h, k, d: d @ h[k - 1].T, lambda h, f, k, d: d @ (*h, f[-1])[k + 1].T,
                             lambda h, k, d: d @ (*h, h[-1])[k + 1].T]})),
)  # fmt: skip

_MASKS = (
    Mistake("relu-mask-dropped",
            "ReLU's slope is missing: every unit lets the slope through. A mask `h >= 0` of activations does so too.",
            "Which units did not move in the forward pass, and is any activation below 0?",
            BACKWARD_PASS.formulas({"mask": lambda dh: dh})),
    Mistake("gradient-of-the-activation",
            "The slope at the activation is used, and should be that at the pre-activation.",
            "On which side of ReLU do the weights and the bias of this layer sit?",
            BACKWARD_PASS.formulas({
                "through": lambda W, f, K, k, d: W[k].T @ (d if k == K else (f[k] > 0) * d), "mask": lambda dh: dh})),
    Mistake("relu-mask-of-another-layer", "ReLU's slope is taken at another layer.",
            "Between which two layers does this slope pass, and which pre-activation lies between them?",
            BACKWARD_PASS.formulas({"mask": [
                lambda f, k, dh: (f[k] > 0) * dh, lambda h, k, dh: (h[k - 1] > 0) * dh,
                lambda f, k, dh: (f[k - 2] > 0) * dh]})),
    Mistake("relu-in-place-of-its-indicator", "ReLU itself stands in the place of its slope.",
            "How steep is ReLU at 3, and how high?",
            BACKWARD_PASS.formulas({"mask": lambda mask, f, k, dh: mask(k=k, dh=dh) * f[k - 1]})),
    Mistake("relu-mask-turned", "ReLU's slope is turned round: it lets through where ReLU stopped.",
            "A pre-activation of −3, and one of 3: which of the two still moves anything behind ReLU?",
            BACKWARD_PASS.formulas({"mask": lambda f, k, dh: (f[k - 1] <= 0) * dh})),
    Mistake("factors-added", "ReLU's slope is added to what came back, not multiplied by it.",
            "How does the chain rule join the slopes of two steps that follow each other?",
            BACKWARD_PASS.formulas({"mask": lambda f, k, dh: (f[k - 1] > 0) + dh})),
    Mistake("relu-mask-on-the-output", "The slope of ReLU is taken at the output too, where there is no ReLU.",
            "What does the last line of the forward pass do to f_K?",
            BACKWARD_PASS.formulas({"last": lambda last, f: (f[-1] > 0) * last})),
    Mistake("identity-derivative-degenerate",
            "The output has no activation, so its slope is 1 everywhere; here it is 0/0, or of another shape.",
            "How steep is the line a = f, at f = 0 too, and for how many outputs do you need its slope?",
            BACKWARD_PASS.formulas(
                {"last": lambda last, f: last * (f[-1] / f[-1]),
                 "mask": [lambda f, k, dh: (f[k - 1] > 0) * dh, _select]},
                {"last": [lambda last, y: last * np.ones(len(y)), lambda last, y: last * np.eye(len(y))]})),
)  # fmt: skip

_CHAIN = (
    Mistake("mean-taken-twice", "The mean over the samples is taken again in every layer.",
            "The cost's 1/I comes in once, with the first factor. Where does it come in again?",
            BACKWARD_PASS.formulas(
                {"mask": lambda mask, n, k, dh: mask(k=k, dh=dh) / n,
                 "last": [lambda last: last, lambda last, n: last / n]})),
    Mistake("loss-derivative-again", "The derivative of the loss is multiplied in again at a hidden layer.",
            "Isn't it in what came back already?",
            BACKWARD_PASS.formulas(
                {"mask": [lambda mask, last, k, dh: mask(k=k, dh=dh) * last,
                          lambda mask, slope_at, f, k, dh: mask(k=k, dh=dh) * slope_at(output=f[k - 1]),
                          lambda mask, slope_at, h, k, dh: mask(k=k, dh=dh) * slope_at(output=h[k]),
                          lambda slope_at, f, k: slope_at(output=f[k - 1]),
                          lambda slope_at, h, k: slope_at(output=h[k])]},
                {"through": lambda W, last, k, d: W[k].T @ (d * last), **_EITHER},
                _gradients_of(lambda last, d: d * last))),
    Mistake("upstream-dropped", "What came back is not multiplied in.",
            "What is the second factor of the chain rule?",
            BACKWARD_PASS.formulas(
                {"mask": lambda mask, k: mask(k=k, dh=1.0)}, {"last": lambda f: np.ones_like(f[-1])},
                {"through": lambda W, k: _sum(W[k].T)},
                {"biases": [lambda b, k: np.ones_like(b[k]), lambda d: _sum(np.ones_like(d))]},
                _gradients_of(lambda d: np.ones_like(d)))),
    Mistake("upstream-twice", "What came back is multiplied in twice.",
            "Every step has two factors. How many has yours?",
            BACKWARD_PASS.formulas(
                {"mask": [lambda mask, k, dh: mask(k=k, dh=dh**2), lambda f, k, dh: _select(f, k, dh**2)]},
                {"through": lambda W, k, d: W[k].T @ d**2, **_EITHER},
                {"through": lambda W, k, d: W[k].T @ d**2, "mask": _select},
                _gradients_of(lambda d: d * d), _gradients_of(lambda K, k, d: d if k == K else d * d))),
)  # fmt: skip

BACKWARD: Sequence[Mistake] = (*_BIASES, *_WEIGHTS, *_MASKS, *_CHAIN)
