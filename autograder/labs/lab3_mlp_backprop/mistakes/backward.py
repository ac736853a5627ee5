"""Known mistakes in the backward pass of a network: all_dl_dweights and all_dl_dbiases.

A formula takes `d_cost_d_output`, the derivative of the cost, as a function of outputs and targets in the lab's layout:
the reference's, or the student's own.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import product
from typing import Any

import numpy as np

from autograder.diagnosis.formulas import Formula, formula_of
from autograder.diagnosis.mistake import Mistake
from autograder.labs.lab3_mlp_backprop.mistakes.sample_axis import turned

Parts = tuple[list[Any], list[Any]]
"""The values of a backward pass: all_dl_dweights and all_dl_dbiases."""


@dataclass(frozen=True)
class Net:
    """The inputs of a backward pass; samples are columns, whatever the lab's layout."""

    W: Any
    b: Any
    f: Any
    h: Any
    y: Any
    slope: Callable[[Any], Any]
    """Computes the derivative of the cost from outputs (D_o, I)."""

    @property
    def last(self) -> Any:
        """Return ∂L/∂f_K, (D_o, I)."""
        return self.slope(self.f[-1])

    @property
    def n(self) -> int:
        """Return the number of samples."""
        return int(self.y.shape[1])

    def is_last(self, k: int) -> bool:
        """True if layer k makes the output."""
        return k == len(self.W) - 1


At = Callable[[Net, int], Any]
"""Returns an array of the net at layer k."""
Hook = Callable[[Net, int, Any], Any]
"""Computes one step at layer k from the net, k and the upstream derivative."""
Pass = Callable[[Net], Parts]


def _sum(d: Any) -> Any:
    """Return the sum over the samples, (D, 1)."""
    return d.sum(1, keepdims=True)


def _through(net: Net, k: int, d: Any) -> Any:
    """Return ∂L/∂h_k from d = ∂L/∂f_k."""
    return net.W[k].T @ d


def _product(net: Net, k: int, d: Any) -> Any:
    """Return the gradient of the weights of layer k from d = ∂L/∂f_k."""
    return d @ net.h[k].T


def _masked(net: Net, k: int, dh: Any) -> Any:
    """Return ∂L/∂f_{k−1} from dh = ∂L/∂h_k."""
    return (net.f[k - 1] > 0) * dh


def _select(net: Net, k: int, dh: Any) -> Any:
    """Return the same as `_masked`, but 0 where a product of 0 and infinity is NaN."""
    return np.where(net.f[k - 1] > 0, dh, 0)


def steps(
    through: Hook = _through,
    mask: Hook = _masked,
    weights: Hook = _product,
    biases: Hook = lambda net, k, d: _sum(d),
    last: Callable[[Net], Any] = lambda net: net.last,
    eager: bool = False,
) -> Pass:
    """Return a backward pass with other steps.

    through: computes ∂L/∂h_k from ∂L/∂f_k. mask: computes ∂L/∂f_{k−1} from ∂L/∂h_k. weights, biases: compute the
    gradients of layer k. last: computes ∂L/∂f_K. eager: True if the pass goes on to ∂L/∂x, where it may raise.
    """

    def run(net: Net) -> Parts:
        d, all_dl_dweights, all_dl_dbiases = last(net), list[Any](), list[Any]()
        for k in reversed(range(len(net.W))):
            all_dl_dweights.insert(0, weights(net, k, d))
            all_dl_dbiases.insert(0, biases(net, k, d))
            dh = through(net, k, d) if k or eager else None
            d = mask(net, k, dh) if k else None
        return all_dl_dweights, all_dl_dbiases

    return run


def _passes(through: Hook, weights: Hook = _product) -> tuple[Pass, Pass]:
    """Return the pass that stops at the first layer's gradients, and the one that goes on to ∂L/∂x."""
    return steps(through, weights=weights), steps(through, weights=weights, eager=True)


def _inputs_from(enters: At) -> Pass:
    """Return a pass with another array in the place of h_k in the gradient of the weights."""
    return steps(weights=lambda net, k, d: d @ enters(net, k).T)


def _mask_of(at: At) -> Pass:
    """Return a pass whose mask is that of another array."""
    return steps(mask=lambda net, k, dh: (at(net, k) > 0) * dh)


def _multiplied(by: At) -> Pass:
    """Return a pass that multiplies the derivative at a hidden layer by another factor besides the mask."""
    return steps(mask=lambda net, k, dh: _masked(net, k, dh) * by(net, k))


def _slopes_of(change: Hook) -> tuple[Pass, Pass]:
    """Return passes with a correct chain but gradients of another ∂L/∂f_k: of the weights only, or of both."""
    weights: Hook = lambda net, k, d: _product(net, k, change(net, k, d))  # noqa: E731
    return steps(weights=weights), steps(weights=weights, biases=lambda net, k, d: _sum(change(net, k, d)))


def _left_out(instead: Hook) -> tuple[Pass, Pass]:
    """Return passes with another gradient of the weights: in the first layer only, or in all."""
    return steps(weights=lambda net, k, d: (_product if k else instead)(net, k, d)), steps(weights=instead)


_ARGUMENTS = "all_weights all_biases all_f all_h y d_cost_d_output samples"


def backwards(name: str, explanation: str, hint: str, *passes: Pass) -> Mistake:
    """Return a mistake in a backward pass, with a pass for each way to make it."""

    def part(run: Pass, index: int) -> Formula:
        def formula(W: Any, b: Any, f: Any, h: Any, y: Any, d_cost: Callable[..., Any], samples: str) -> Any:
            W, b, f, h, y = (turned(value, samples) for value in (W, b, f, h, y))

            def slope(f: Any) -> Any:
                # NumPy broadcasts a single row of targets to the rows of f, as it does in the submission.
                arrays = (turned(array, samples) for array in np.broadcast_arrays(f, y))
                return turned(d_cost(*arrays), samples)

            return turned(run(Net(W, b, f, h, y, slope))[index], samples)

        return formula_of(_ARGUMENTS, formula)

    values = "all_dl_dweights", "all_dl_dbiases"
    return Mistake(name, explanation, hint, {value: [part(run, k) for run in passes] for k, value in enumerate(values)})


_BIASES = (
    backwards("bias-not-summed", "The bias has one slope for each sample, and should have one.",
              "Every sample moves with the bias. How do their shares come together?",
              steps(biases=lambda net, k, d: d)),
    backwards("bias-times-n", "The slope of the bias is multiplied by the number of samples.",
              "Is the mean of the cost in the slope of the bias, as it is in that of the weights?",
              steps(biases=lambda net, k, d: net.n * _sum(d))),
    backwards("weights-summed-bias-averaged", "The weights' slopes are added up, the bias's are averaged.",
              "The mean came in with the first factor, once for all. Which of `sum` and `mean` is left to be taken?",
              steps(biases=lambda net, k, d: d.mean(1, keepdims=True)),
              steps(weights=lambda net, k, d: net.n * _product(net, k, d))),
    backwards("summed-over-units", "The slopes of different units are added up: each unit has a bias of its own.",
              "Which axis runs over the samples, and which over the units?",
              steps(biases=lambda net, k, d: d.sum(0, keepdims=True)), steps(biases=lambda net, k, d: d.sum(0)),
              steps(biases=lambda net, k, d: d.sum(0)[:, None]), steps(biases=lambda net, k, d: d.sum())),
)  # fmt: skip

_ENTRYWISE: tuple[Hook, ...] = (lambda net, k, d: d * net.h[k].T, lambda net, k, d: d * net.h[k])
_THROUGH_ENTRYWISE: Hook = lambda net, k, d: net.W[k].T * d  # noqa: E731


def _outer(back: bool, enters: bool) -> Pass:
    """Return a pass that computes the gradient of the weights by `np.outer`, which flattens its arguments.

    back, enters: True to transpose the upstream derivative, or the layer's inputs, before that.
    """
    return steps(weights=lambda net, k, d: np.outer(d.T if back else d, net.h[k].T if enters else net.h[k]))


_WEIGHTS = (
    backwards("elementwise-product", "`*` multiplies entry by entry, where a matrix product should add up.",
              "Which operator multiplies two matrices, and over which axis does it add up?",
              *(way for weights in _ENTRYWISE for way in _passes(_through, weights)),
              *(way for weights in (_product, *_ENTRYWISE) for way in _passes(_THROUGH_ENTRYWISE, weights))),
    backwards("outer-product", "`np.outer` pairs every number with every other, those of different samples too.",
              "Which shape should the gradient of the weights have, and which has yours?",
              *(_outer(back, enters) for back, enters in product((False, True), repeat=2))),
    backwards("input-left-out",
              "What comes in is not in the gradient of the weights: in the first layer, the input x.",
              "f₀ = β₀ + Ω₀x: what is the derivative in Ω₀?",
              *_left_out(lambda net, k, d: d), *_left_out(lambda net, k, d: _sum(d)),
              *_left_out(lambda net, k, d: d @ np.ones(net.h[k].T.shape))),
    backwards("wrong-activation", "Pre-activations stand where the activations that came in should.",
              "What does Ω_k multiply in the forward pass?",
              _inputs_from(lambda net, k: net.f[k]), _inputs_from(lambda net, k: net.f[k - 1]),
              _inputs_from(lambda net, k: net.f[k - 1] if k else net.h[0])),
    backwards("index-shifted", "Something of another layer is used.", "Which index has each factor in the equation?",
              *_passes(lambda net, k, d: net.W[k - 1].T @ d), *_passes(lambda net, k, d: net.W[k].T @ net.last),
              _inputs_from(lambda net, k: net.h[k - 1]), _inputs_from(lambda net, k: (*net.h, net.f[-1])[k + 1]),
              _inputs_from(lambda net, k: (*net.h, net.h[-1])[k + 1])),
)  # fmt: skip

_MASKS = (
    backwards("relu-mask-dropped",
              "ReLU's slope is missing: every unit lets the slope through. A mask `h >= 0` of activations does so too.",
              "Which units did not move in the forward pass, and is any activation below 0?",
              steps(mask=lambda net, k, dh: dh)),
    backwards("gradient-of-the-activation",
              "The slope at the activation is used, and should be that at the pre-activation.",
              "On which side of ReLU do the weights and the bias of this layer sit?",
              steps(lambda net, k, d: net.W[k].T @ (d if net.is_last(k) else (net.f[k] > 0) * d),
                    mask=lambda net, k, dh: dh)),
    backwards("relu-mask-of-another-layer", "ReLU's slope is taken at another layer.",
              "Between which two layers does this slope pass, and which pre-activation lies between them?",
              _mask_of(lambda net, k: net.f[k]), _mask_of(lambda net, k: net.h[k - 1]),
              _mask_of(lambda net, k: net.f[k - 2])),
    backwards("relu-in-place-of-its-indicator", "ReLU itself stands in the place of its slope.",
              "How steep is ReLU at 3, and how high?", _multiplied(lambda net, k: net.f[k - 1])),
    backwards("relu-mask-turned", "ReLU's slope is turned round: it lets through where ReLU stopped.",
              "A pre-activation of −3, and one of 3: which of the two still moves anything behind ReLU?",
              steps(mask=lambda net, k, dh: (net.f[k - 1] <= 0) * dh)),
    backwards("factors-added", "ReLU's slope is added to what came back, not multiplied by it.",
              "How does the chain rule join the slopes of two steps that follow each other?",
              steps(mask=lambda net, k, dh: (net.f[k - 1] > 0) + dh)),
    backwards("relu-mask-on-the-output", "The slope of ReLU is taken at the output too, where there is no ReLU.",
              "What does the last line of the forward pass do to f_K?",
              steps(last=lambda net: (net.f[-1] > 0) * net.last)),
    backwards("identity-derivative-degenerate",
              "The output has no activation, so its slope is 1 everywhere; here it is 0/0, or of another shape.",
              "How steep is the line a = f, at f = 0 too, and for how many outputs do you need its slope?",
              *(steps(mask=mask, last=lambda net: net.last * (net.f[-1] / net.f[-1])) for mask in (_masked, _select)),
              steps(last=lambda net: net.last * np.ones(len(net.y))),
              steps(last=lambda net: net.last * np.eye(len(net.y)))),
)  # fmt: skip

_SQUARED: Hook = lambda net, k, d: net.W[k].T @ d**2  # noqa: E731

_CHAIN = (
    backwards("mean-taken-twice", "The mean over the samples is taken again in every layer.",
              "The cost's 1/I comes in once, with the first factor. Where does it come in again?",
              _multiplied(lambda net, k: 1 / net.n),
              steps(mask=lambda net, k, dh: _masked(net, k, dh) / net.n, last=lambda net: net.last / net.n)),
    backwards("loss-derivative-again", "The derivative of the loss is multiplied in again at a hidden layer.",
              "Isn't it in what came back already?",
              _multiplied(lambda net, k: net.last), _multiplied(lambda net, k: net.slope(net.f[k - 1])),
              _multiplied(lambda net, k: net.slope(net.h[k])),
              steps(mask=lambda net, k, dh: net.slope(net.f[k - 1])),
              steps(mask=lambda net, k, dh: net.slope(net.h[k])),
              *_passes(lambda net, k, d: net.W[k].T @ (d * net.last)), *_slopes_of(lambda net, k, d: d * net.last)),
    backwards("upstream-dropped", "What came back is not multiplied in.",
              "What is the second factor of the chain rule?",
              steps(mask=lambda net, k, dh: _masked(net, k, 1.0)), steps(last=lambda net: np.ones_like(net.f[-1])),
              steps(lambda net, k, d: _sum(net.W[k].T)), steps(biases=lambda net, k, d: np.ones_like(net.b[k])),
              *_slopes_of(lambda net, k, d: np.ones_like(d)), steps(biases=lambda net, k, d: _sum(np.ones_like(d)))),
    backwards("upstream-twice", "What came back is multiplied in twice.",
              "Every step has two factors. How many has yours?",
              steps(mask=lambda net, k, dh: _masked(net, k, dh**2)),
              steps(mask=lambda net, k, dh: _select(net, k, dh**2)),
              steps(_SQUARED), steps(_SQUARED, eager=True), steps(_SQUARED, _select),
              *_slopes_of(lambda net, k, d: d * d), *_slopes_of(lambda net, k, d: d if net.is_last(k) else d * d)),
)  # fmt: skip

BACKWARD: Sequence[Mistake] = (*_BIASES, *_WEIGHTS, *_MASKS, *_CHAIN)
