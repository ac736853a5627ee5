"""Known mistakes in softmax, cross-entropy and its derivative, lab 5.

Formulas take logits z, one-hot targets y and the axis of the classes, which is 0 if samples are columns.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import product
from typing import Any

import numpy as np

from autograder.diagnosis import relations
from autograder.diagnosis.formulas import Formula
from autograder.diagnosis.mistake import Mistake

Of = Callable[[Any, Any, int], Any]
"""Computes a value from logits, targets and the axis of the classes."""


@dataclass(frozen=True)
class _Softmax:
    """A softmax: the shift subtracted from the logits before exp, and the total that divides the exponentials."""

    shift: Callable[[Any, int], Any] = lambda z, axis: z.max(axis, keepdims=True)
    total: Callable[[Any, int], Any] = lambda e, axis: e.sum(axis, keepdims=True)

    def sums(self, z: Any, axis: int) -> Any:
        """Return the divisor of the exponentials."""
        return self.total(np.exp(z - self.shift(z, axis)), axis)

    def q(self, z: Any, axis: int) -> Any:
        """Return the probabilities of this softmax."""
        return np.exp(z - self.shift(z, axis)) / self.sums(z, axis)

    def log_q(self, z: Any, axis: int) -> Any:
        """Return the logarithms of the probabilities, without the logarithm of a probability that underflowed to 0."""
        return z - self.shift(z, axis) - np.log(self.sums(z, axis))

    def log_sum_exp(self, z: Any, axis: int) -> Any:
        """Return the logarithm of the sum of exponentials."""
        return self.shift(z, axis) + np.log(self.sums(z, axis))

    def entropies(self) -> tuple[Of, ...]:
        """Return formulas of the cross-entropy, summed over the samples.

        They use log-probabilities, probabilities in two ways, and log Σ exp.
        """
        return (
            lambda z, y, axis: -(y * self.log_q(z, axis)).sum(),
            lambda z, y, axis: -(y * np.log(self.q(z, axis))).sum(),
            lambda z, y, axis: -np.log(self.q(z, axis)[y == 1]).sum(),
            lambda z, y, axis: self.log_sum_exp(z, axis).sum() - (y * z).sum(),
        )


RIGHT = _Softmax()


def _n(y: Any, axis: int) -> int:
    """Return the number of samples; axis: that of the classes."""
    return int(y.shape[1 - axis])


def _axis(samples: str) -> int:
    """Return the axis of the classes in a lab's layout, "columns" or "rows"."""
    return 1 if samples == "rows" else 0


def _formula(of: Of) -> Formula:
    """Return a formula that applies only to one-hot targets, and returns None for others."""

    def formula(net_output: Any, y: Any, samples: str) -> Any:
        axis = _axis(samples)
        # Other targets belong to another task, where the same numbers are another mistake.
        one_hot = np.isin(y, (0, 1)).all() and (y.sum(axis) == 1).all()
        return of(net_output, y, axis) if one_hot else None

    return formula


def _in(value: str, *formulas: Of) -> dict[str, list[Formula]]:
    return {value: [_formula(of) for of in formulas]}


def _relation(name: str, wrong: Mapping[str, list[Formula]]) -> Mistake:
    """Return the general relation of this name, recognised by formulas in place of its predicate.

    The predicate can't recognise it in a cost that is NaN for another reason.
    """
    known = {mistake.name: mistake for mistake in relations.RELATIONS}
    return replace(known[name], formulas=wrong, predicates={})


def _over_n(of: Of, power: int = 1) -> Of:
    """Return the formula divided by this power of the number of samples."""
    return lambda z, y, axis: of(z, y, axis) / _n(y, axis) ** power


def _softmax(name: str, explanation: str, hint: str, *ways: _Softmax) -> Mistake:
    """Return a mistake in softmax and in the costs and derivatives that follow from it; ways: such softmaxes."""

    def probabilities(way: _Softmax) -> Formula:
        return lambda net_output, samples: way.q(net_output, _axis(samples))

    def slope(way: _Softmax) -> Of:
        return lambda z, y, axis: (way.q(z, axis) - y) / _n(y, axis)

    costs = [_over_n(entropy) for way in ways for entropy in way.entropies()]
    return Mistake(
        name, explanation, hint,
        {"probabilities": [*map(probabilities, ways)], **_in("cost", *costs), **_in("dl_df", *map(slope, ways))},
    )  # fmt: skip


def _along(over_samples: bool, keep: bool, method: str) -> Callable[[Any, int], Any]:
    """Return a function that takes the maximum or the sum over one of the two axes; method: "max" or "sum"."""
    return lambda values, axis: getattr(values, method)(axis=1 - axis if over_samples else axis, keepdims=keep)


def _softmaxes(maximum: bool, total: bool) -> tuple[_Softmax, ...]:
    """Return softmaxes for every combination of kept and lost axes.

    maximum, total: True if the maximum, or the sum, runs over the samples, False if over the classes.
    """
    keeps = product((True, False), repeat=2)
    return tuple(
        _Softmax(_along(maximum, keep_max, "max"), _along(total, keep_sum, "sum")) for keep_max, keep_sum in keeps
    )


def _all_max(z: Any, axis: int) -> Any:
    return z.max()


def _all_sum(e: Any, axis: int) -> Any:
    return e.sum()


def _no_shift(z: Any, axis: int) -> Any:
    return 0.0


_PROBABILITIES = (
    _softmax("softmax-axes-mixed", "The maximum is taken over one axis, the sum over the other.",
             "Which axis runs over the classes of one sample?", *_softmaxes(True, False), *_softmaxes(False, True)),
    _softmax("softmax-over-the-samples",
             "Softmax runs over the samples, and should run over the classes of each sample.",
             "Which numbers should add up to 1: those of one sample, or those of one class?", *_softmaxes(True, True)),
    _softmax("softmax-not-shifted",
             "The largest logit is not taken away before `exp`: large logits overflow, low ones vanish.",
             "What is `np.exp(1000)`, and what may be added to all logits of a sample without changing anything?",
             _Softmax(_no_shift)),
    _softmax("softmax-one-maximum-for-all",
             "One maximum is taken away from all samples: where all logits are far below it, only zeros are left.",
             "Whose largest logit must come out as 0?", _Softmax(_all_max)),
    _softmax("softmax-over-everything", "All samples share one sum, and each should have its own.",
             "What do the probabilities of one sample add up to?",
             _Softmax(total=_all_sum), _Softmax(_all_max, _all_sum), _Softmax(_no_shift, _all_sum)),
    _softmax("not-normalised", "The powers are not divided by their sum.",
             "What do the probabilities of one sample add up to?",
             _Softmax(total=lambda e, axis: 1.0), _Softmax(_no_shift, lambda e, axis: 1.0),
             _Softmax(total=lambda e, axis: e.mean(axis, keepdims=True))),
)  # fmt: skip

_NAIVE: tuple[Of, ...] = RIGHT.entropies()[1:3]
_ENTROPIES: tuple[Of, ...] = (*RIGHT.entropies(), *_Softmax(_no_shift).entropies())

EPSILONS = (*10.0 ** -np.arange(3, 21), *np.finfo(float).eps * np.array([0.5, 1]), np.finfo(np.float32).eps,
            1e-30, 1e-37, 1e-38, 1e-45, 1e-50, 1e-100, 1e-200, 1e-300, 1e-308, np.finfo(float).tiny)  # fmt: skip
"""Small numbers that submissions add inside a logarithm."""


def _times(of: Of, factor: float) -> Of:
    return lambda z, y, axis: factor * of(z, y, axis)


def _over_outputs(of: Of) -> Of:
    """Return the formula divided by the number of samples times that of classes."""
    return lambda z, y, axis: of(z, y, axis) / y.size


def _per_sample(keep: bool) -> Of:
    """Return a formula of the cross-entropy of each sample; keep: as `keepdims`."""
    return lambda z, y, axis: -(y * np.log(RIGHT.q(z, axis))).sum(axis, keepdims=keep)


def _without_maximum(way: _Softmax) -> Of:
    """Return a formula of the cross-entropy by log Σ exp that doesn't add the maximum back."""
    return lambda z, y, axis: np.log(way.sums(z, axis)).sum() - (y * z).sum()


def _with_epsilon(epsilon: float) -> tuple[Of, ...]:
    """Return formulas of the cross-entropy with epsilon added to the probabilities, or as their lower bound."""

    def added(z: Any, y: Any, axis: int) -> Any:
        return -(y * np.log(RIGHT.q(z, axis) + epsilon)).sum()

    def least(z: Any, y: Any, axis: int) -> Any:
        return -(y * np.log(np.maximum(RIGHT.q(z, axis), epsilon))).sum()

    return added, least


def _squares(of: Callable[[Any, int], Any]) -> tuple[Of, ...]:
    """Return formulas of the squared error of logits or probabilities, averaged over samples or over all entries."""

    def squares(z: Any, y: Any, axis: int) -> Any:
        return ((of(z, axis) - y) ** 2).sum()

    return _over_n(squares), _over_outputs(squares)


def _binary(of_logarithms: bool) -> tuple[Of, ...]:
    """Return formulas of the binary cross-entropy of all classes, averaged over samples or over all entries.

    of_logarithms: True to use log-probabilities, False to take the logarithm of probabilities.
    """

    def binary(z: Any, y: Any, axis: int) -> Any:
        log_q = RIGHT.log_q(z, axis) if of_logarithms else np.log(RIGHT.q(z, axis))
        return -(y * log_q + (1 - y) * np.log(1 - np.exp(log_q))).sum()

    return _over_n(binary), _over_outputs(binary)


_COST = (
    Mistake("cross-entropy-without-minus", "The minus of the cross-entropy is missing.",
            "Which sign has the logarithm of a probability, and which should a cost have?",
            _in("cost", *(_over_n(_times(of, -1)) for of in _ENTROPIES))),
    _relation("mean-missing", _in("cost", *_ENTROPIES)),
    _relation("mean-taken-twice", _in("cost", *(_over_n(of, 2) for of in _ENTROPIES))),
    _relation("mean-over-outputs-taken-twice", _in("cost", *map(_over_outputs, _ENTROPIES))),
    _relation("mean-not-taken", _in("cost", *map(_per_sample, (True, False)))),
    Mistake("maximum-not-added-back", "The largest logit is taken away inside the logarithm and never added back.",
            "log Σ exp[f − m] is log Σ exp[f] less something: less what?",
            _in("cost", *(_over_n(_without_maximum(way)) for way in (RIGHT, _Softmax(_all_max))))),
    Mistake("log-of-zero", "The logarithm meets a probability that has become 0 in the computer.",
            "What is log softmax written out, before anything is divided: log(a/b) = …?",
            _in("cost", *map(_over_n, _NAIVE))),
    Mistake("epsilon-inside-the-log",
            "A small number inside the logarithm hides how wrong the model is: the cost stops growing.",
            "A wrong class has logit 1000, the right one 0. What should the cost be, and what is yours?",
            _in("cost", *(_over_n(of) for epsilon in EPSILONS for of in _with_epsilon(epsilon)))),
    Mistake("target-left-out", "The target is not in it.",
            "What should the cost be where the model is sure, and right, and what its slope?",
            {**_in("cost", _over_n(lambda z, y, axis: -RIGHT.log_q(z, axis).sum()),
                   _over_n(lambda z, y, axis: -np.log(RIGHT.q(z, axis)).sum()),
                   _over_n(lambda z, y, axis: RIGHT.log_sum_exp(z, axis).sum())),
             **_in("dl_df", _over_n(lambda z, y, axis: RIGHT.q(z, axis)), lambda z, y, axis: RIGHT.q(z, axis))}),
    Mistake("loss-and-derivative-apart", "This belongs to another cost than the cross-entropy of this notebook.",
            "Which cost does the notebook differentiate: cross-entropy, or squares?",
            {**_in("cost", *_squares(lambda z, axis: z), *_squares(RIGHT.q), *_binary(True), *_binary(False)),
             **_in("dl_df", _over_n(lambda z, y, axis: 2 * (z - y)), lambda z, y, axis: 2 * (z - y),
                   _over_n(lambda z, y, axis: np.sign(RIGHT.q(z, axis) - y)))}),
)  # fmt: skip


def _jacobian(p: Any) -> Any:
    """Return the Jacobian of softmax for all probabilities in one vector."""
    return np.diagflat(p) - np.outer(p, p)


def _by_probabilities(of: Callable[[Any, Any], Any]) -> Of:
    return lambda z, y, axis: of(RIGHT.q(z, axis), y)


def _slopes(name: str, explanation: str, hint: str, *slopes: Callable[[Any, Any], Any]) -> Mistake:
    """Return a mistake in the derivative of the cost.

    slopes: take probabilities and targets, and return a matrix in the place of p − y; each with the mean and without.
    """
    sums = [*map(_by_probabilities, slopes)]
    return Mistake(name, explanation, hint, _in("dl_df", *map(_over_n, sums), *sums))


def _sums(keep: bool) -> tuple[Of, Of]:
    """Return formulas of one derivative for all samples: the sum, and the mean."""

    def total(z: Any, y: Any, axis: int) -> Any:
        return (RIGHT.q(z, axis) - y).sum(1 - axis, keepdims=keep)

    return total, _over_n(total)


_D_COST = (
    _slopes("softmax-derivative-diagonal",
            "Softmax is differentiated as if each probability hung on its own logit alone: the diagonal s(1 − s).",
            "If one logit grows, what happens to the probabilities of the other classes?",
            lambda p, y: (p - y) * p * (1 - p), lambda p, y: 2 * (p - y) * p * (1 - p), lambda p, y: p * (1 - p),
            lambda p, y: -y * (1 - p), lambda p, y: -(y / p) * (p * (1 - p))),
    _slopes("softmax-jacobian-flattened", "One Jacobian is made for the whole batch: samples push each other.",
            "Does the softmax of one sample hang on the logits of another, and what shape has its own Jacobian?",
            lambda p, y: y.sum() * p - y, lambda p, y: (_jacobian(p) @ (-y.ravel() / p.ravel())).reshape(p.shape),
            lambda p, y: _jacobian(p)),
    _slopes("softmax-derivative-left-out",
            "This is the slope in the probabilities: softmax itself is not differentiated.",
            "In which variable is the derivative asked for: in the probabilities, or in the logits?",
            lambda p, y: -y / p, lambda p, y: np.where(y == 1, -1 / p, 0)),
    Mistake("factor-2-twice", "There is a factor 2 of a square, and this cost has no square.",
            "Which part of the cross-entropy would a 2 come from?",
            _in("dl_df", _over_n(lambda z, y, axis: 2 * (RIGHT.q(z, axis) - y)))),
    Mistake("softmax-left-out", "Logits stand where the probabilities should.",
            "What should the slope be where the model is sure, and right?",
            _in("dl_df", _over_n(lambda z, y, axis: z - y))),
    Mistake("summed-over-samples", "The samples are added up here already: one slope for all of them.",
            "If the logit of one sample moves and the others don't, how many slopes are there to know?",
            _in("dl_df", *_sums(True), *_sums(False))),
    Mistake("cost-returned", "This is the cost, not its derivative.",
            "One number for all, or one for each logit of each sample: which is asked for?",
            _in("dl_df", *map(_over_n, RIGHT.entropies()))),
)  # fmt: skip


def _swapped(of: Of) -> Of:
    """Return the formula with logits and targets swapped, divided by the number of samples: both have one shape."""
    return lambda z, y, axis: of(y, z, axis) / _n(y, axis)


_ARGUMENTS = (
    Mistake("logits-and-targets-swapped", "Logits stand where the targets should, and targets where the logits should.",
            "Which of the two comes first in the function's first line, and which do you hand to softmax?",
            {**_in("cost", *map(_swapped, RIGHT.entropies()[:2]), _swapped(RIGHT.entropies()[3])),
             **_in("dl_df", _swapped(lambda z, y, axis: RIGHT.q(z, axis) - y))}),
)  # fmt: skip

SOFTMAX: Sequence[Mistake] = (*_PROBABILITIES, *_COST, *_D_COST, *_ARGUMENTS)
"""Mistakes in softmax, in the cost, and in its derivative."""
