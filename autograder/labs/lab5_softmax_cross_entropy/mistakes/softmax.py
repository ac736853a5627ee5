"""Known mistakes in softmax, cross-entropy and its derivative, lab 5."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

import numpy as np

from autograder.diagnosis import relations
from autograder.diagnosis.formulas import Computation, Formulas, Step, Way, formula_of, only_where
from autograder.diagnosis.mistake import Mistake

_CROSS_ENTROPY = Computation(
    "net_output y samples",
    "probabilities cost dl_df",
    {
        "z": lambda net_output: net_output,
        "t": lambda y: y,
        # The axis of the classes.
        "axis": lambda samples: 1 if samples == "rows" else 0,
        "n": lambda t, axis: t.shape[1 - axis],
        "shift": lambda z, axis: z.max(axis, keepdims=True),
        "e": lambda z, shift: np.exp(z - shift),
        "total": lambda e, axis: e.sum(axis, keepdims=True),
        "q": lambda e, total: e / total,
        "probabilities": lambda q: q,
        # Without the logarithm of a probability that underflowed to 0.
        "log_q": lambda z, shift, total: z - shift - np.log(total),
        "log_sum_exp": lambda shift, total: shift + np.log(total),
        "entropy": lambda t, log_q: -(t * log_q).sum(),
        "cost": lambda entropy, n: entropy / n,
        "dl_dz": lambda q, t: q - t,
        "dl_df": lambda dl_dz, n: dl_dz / n,
    },
)

_ENTROPIES: Mapping[str, Step] = {
    "by log q": lambda t, log_q: -(t * log_q).sum(),
    "by q": lambda t, q: -(t * np.log(q)).sum(),
    "by q of the class": lambda t, q: -np.log(q[t == 1]).sum(),
    "by log sum exp": lambda t, z, log_sum_exp: log_sum_exp.sum() - (t * z).sum(),
}
"""The cross-entropy, summed over the samples, as submissions write it."""

_SHIFTS: Mapping[str, Step] = {
    "own": lambda z, axis: z.max(axis, keepdims=True),
    "largest": lambda z: z.max(),
    "none": lambda: 0.0,
}
"""Shifts that are subtracted from the logits before exp, by name."""

_ANY_ENTROPY: Way = {"entropy": [*_ENTROPIES.values()]}
_ANY_COST: Way = {**_ANY_ENTROPY, "shift": [_SHIFTS["own"], _SHIFTS["none"]]}
"""Ways to write the right cost, with and without a shift, for mistakes in what follows."""


def _is_one_hot(y: Any, samples: str) -> bool:
    """True if each sample has one class. Elsewhere, in another task, the same numbers are another mistake."""
    return bool(np.isin(y, (0, 1)).all() and (y.sum(1 if samples == "rows" else 0) == 1).all())


def _in(value: str, *ways: Way) -> Formulas:
    """Return formulas of one value for one-hot targets."""
    return only_where(_is_one_hot, {value: _CROSS_ENTROPY.formulas(*ways)[value]})


def _softmax(*ways: Way) -> Formulas:
    """Return formulas of a wrong softmax and of the costs and derivatives that follow from it."""
    return {"probabilities": _CROSS_ENTROPY.formulas(*ways)["probabilities"],
            **_in("cost", *({**way, **_ANY_ENTROPY} for way in ways)), **_in("dl_df", *ways)}  # fmt: skip


def _along(step: str, over_samples: bool) -> Sequence[Step]:
    """Return steps that take the maximum ("shift") or the sum ("total") over one of the axes, and keep it or not."""
    values, method = {"shift": ("z", "max"), "total": ("e", "sum")}[step]

    def along(keepdims: bool) -> Step:
        return formula_of(f"{values} axis", lambda array, axis: getattr(array, method)(
            axis=1 - axis if over_samples else axis, keepdims=keepdims))  # fmt: skip

    return [along(True), along(False)]


def _axes(maximum_over_samples: bool, sum_over_samples: bool) -> Way:
    """Return ways to take maximum and sum over the samples or over the classes."""
    return {"shift": _along("shift", maximum_over_samples), "total": _along("total", sum_over_samples)}


def _relation(name: str, wrong: Formulas) -> Mistake:
    """Return the general relation of this name, recognised by formulas in place of its predicate.

    The predicate can't recognise it in a cost that is NaN for another reason.
    """
    known = {mistake.name: mistake for mistake in relations.RELATIONS}
    return replace(known[name], formulas=wrong, predicates={})


_PROBABILITIES = (
    Mistake("softmax-axes-mixed", "The maximum is taken over one axis, the sum over the other.",
            "Which axis runs over the classes of one sample?",
            _softmax(_axes(True, False), _axes(False, True))),
    Mistake("softmax-over-the-samples",
            "Softmax runs over the samples, and should run over the classes of each sample.",
            "Which numbers should add up to 1: those of one sample, or those of one class?",
            _softmax(_axes(True, True))),
    Mistake("softmax-not-shifted",
            "The largest logit is not taken away before `exp`: large logits overflow, low ones vanish.",
            "What is `np.exp(1000)`, and what may be added to all logits of a sample without changing anything?",
            _softmax({"shift": _SHIFTS["none"]})),
    Mistake("softmax-one-maximum-for-all",
            "One maximum is taken away from all samples: where all logits are far below it, only zeros are left.",
            "Whose largest logit must come out as 0?", _softmax({"shift": _SHIFTS["largest"]})),
    Mistake("softmax-over-everything", "All samples share one sum, and each should have its own.",
            "What do the probabilities of one sample add up to?",
            _softmax({"total": lambda e: e.sum(), "shift": [*_SHIFTS.values()]})),
    Mistake("not-normalised", "The powers are not divided by their sum.",
            "What do the probabilities of one sample add up to?",
            _softmax({"total": lambda: 1.0, "shift": [_SHIFTS["own"], _SHIFTS["none"]]},
                     {"total": lambda e, axis: e.mean(axis, keepdims=True)})),
)  # fmt: skip

EPSILONS = (*10.0 ** -np.arange(3, 21), *np.finfo(float).eps * np.array([0.5, 1]), np.finfo(np.float32).eps,
            1e-30, 1e-37, 1e-38, 1e-45, 1e-50, 1e-100, 1e-200, 1e-300, 1e-308, np.finfo(float).tiny)  # fmt: skip
"""Small numbers that submissions add inside a logarithm."""


def _binary(log_q: Any, t: Any) -> Any:
    """Return the binary cross-entropy of all classes."""
    return -(t * log_q + (1 - t) * np.log(1 - np.exp(log_q))).sum()


_COST = (
    Mistake("cross-entropy-without-minus", "The minus of the cross-entropy is missing.",
            "Which sign has the logarithm of a probability, and which should a cost have?",
            _in("cost", {**_ANY_COST, "cost": lambda cost: -cost})),
    _relation("mean-missing", _in("cost", {**_ANY_COST, "cost": lambda entropy: entropy})),
    _relation("mean-taken-twice", _in("cost", {**_ANY_COST, "cost": lambda cost, n: cost / n})),
    _relation("mean-over-outputs-taken-twice",
              _in("cost", {**_ANY_COST, "cost": lambda entropy, t: entropy / t.size})),
    _relation("mean-not-taken",
              _in("cost", {"cost": [lambda t, q, axis: -(t * np.log(q)).sum(axis, keepdims=True),
                                    lambda t, q, axis: -(t * np.log(q)).sum(axis)]})),
    Mistake("maximum-not-added-back", "The largest logit is taken away inside the logarithm and never added back.",
            "log Σ exp[f − m] is log Σ exp[f] less something: less what?",
            _in("cost", {"log_sum_exp": lambda total: np.log(total), "entropy": _ENTROPIES["by log sum exp"],
                         "shift": [_SHIFTS["own"], _SHIFTS["largest"]]})),
    Mistake("log-of-zero", "The logarithm meets a probability that has become 0 in the computer.",
            "What is log softmax written out, before anything is divided: log(a/b) = …?",
            _in("cost", {"entropy": [_ENTROPIES["by q"], _ENTROPIES["by q of the class"]]})),
    Mistake("epsilon-inside-the-log",
            "A small number inside the logarithm hides how wrong the model is: the cost stops growing.",
            "A wrong class has logit 1000, the right one 0. What should the cost be, and what is yours?",
            _in("cost", {"entropy": _ENTROPIES["by q"], "q": [
                *(lambda q, epsilon=epsilon: q + epsilon for epsilon in EPSILONS),
                *(lambda q, epsilon=epsilon: np.maximum(q, epsilon) for epsilon in EPSILONS)]})),
    Mistake("target-left-out", "The target is not in it.",
            "What should the cost be where the model is sure, and right, and what its slope?",
            {**_in("cost", {"entropy": [lambda log_q: -log_q.sum(), lambda q: -np.log(q).sum(),
                                       lambda log_sum_exp: log_sum_exp.sum()]}),
             **_in("dl_df", {"dl_df": [lambda q, n: q / n, lambda q: q]})}),
    Mistake("loss-and-derivative-apart", "This belongs to another cost than the cross-entropy of this notebook.",
            "Which cost does the notebook differentiate: cross-entropy, or squares?",
            {**_in("cost", {"cost": [lambda entropy, n: entropy / n, lambda entropy, t: entropy / t.size],
                           "entropy": [lambda z, t: ((z - t) ** 2).sum(), lambda q, t: ((q - t) ** 2).sum(),
                                       lambda log_q, t: _binary(log_q, t), lambda q, t: _binary(np.log(q), t)]}),
             **_in("dl_df", {"dl_df": [lambda z, t, n: 2 * (z - t) / n, lambda z, t: 2 * (z - t),
                                       lambda q, t, n: np.sign(q - t) / n]})}),
)  # fmt: skip


def _jacobian(q: Any) -> Any:
    """Return the Jacobian of softmax for all probabilities q in one vector."""
    return np.diagflat(q) - np.outer(q, q)


_WITH_MEAN_OR_NOT: Way = {"dl_df": [lambda dl_dz, n: dl_dz / n, lambda dl_dz: dl_dz]}

_D_COST = (
    Mistake("softmax-derivative-diagonal",
            "Softmax is differentiated as if each probability hung on its own logit alone: the diagonal s(1 − s).",
            "If one logit grows, what happens to the probabilities of the other classes?",
            _in("dl_df", {"dl_dz": [
                lambda q, t: (q - t) * q * (1 - q), lambda q, t: 2 * (q - t) * q * (1 - q), lambda q: q * (1 - q),
                lambda q, t: -t * (1 - q), lambda q, t: -(t / q) * (q * (1 - q))], **_WITH_MEAN_OR_NOT})),
    Mistake("softmax-jacobian-flattened", "One Jacobian is made for the whole batch: samples push each other.",
            "Does the softmax of one sample hang on the logits of another, and what shape has its own Jacobian?",
            _in("dl_df", {"dl_dz": [
                lambda q, t: t.sum() * q - t, lambda q, t: (_jacobian(q) @ (-t.ravel() / q.ravel())).reshape(q.shape),
                _jacobian], **_WITH_MEAN_OR_NOT})),
    Mistake("softmax-derivative-left-out",
            "This is the slope in the probabilities: softmax itself is not differentiated.",
            "In which variable is the derivative asked for: in the probabilities, or in the logits?",
            _in("dl_df", {"dl_dz": [lambda q, t: -t / q, lambda q, t: np.where(t == 1, -1 / q, 0)],
                          **_WITH_MEAN_OR_NOT})),
    Mistake("factor-2-twice", "There is a factor 2 of a square, and this cost has no square.",
            "Which part of the cross-entropy would a 2 come from?",
            _in("dl_df", {"dl_dz": lambda dl_dz: 2 * dl_dz})),
    Mistake("softmax-left-out", "Logits stand where the probabilities should.",
            "What should the slope be where the model is sure, and right?",
            _in("dl_df", {"dl_dz": lambda z, t: z - t})),
    Mistake("summed-over-samples", "The samples are added up here already: one slope for all of them.",
            "If the logit of one sample moves and the others don't, how many slopes are there to know?",
            _in("dl_df", {"dl_dz": [lambda dl_dz, axis: dl_dz.sum(1 - axis, keepdims=True),
                                    lambda dl_dz, axis: dl_dz.sum(1 - axis)], **_WITH_MEAN_OR_NOT})),
    Mistake("cost-returned", "This is the cost, not its derivative.",
            "One number for all, or one for each logit of each sample: which is asked for?",
            _in("dl_df", {**_ANY_ENTROPY, "dl_df": lambda cost: cost})),
)  # fmt: skip


_SWAPPED = {"z": lambda y: y, "t": lambda net_output: net_output}

_ARGUMENTS = (
    Mistake("logits-and-targets-swapped", "Logits stand where the targets should, and targets where the logits should.",
            "Which of the two comes first in the function's first line, and which do you hand to softmax?",
            {**_in("cost", {**_SWAPPED, "entropy": [_ENTROPIES[by] for by in ("by log q", "by q", "by log sum exp")]}),
             **_in("dl_df", _SWAPPED)}),
)  # fmt: skip

SOFTMAX: Sequence[Mistake] = (*_PROBABILITIES, *_COST, *_D_COST, *_ARGUMENTS)
"""Mistakes in softmax, in the cost, and in its derivative."""
