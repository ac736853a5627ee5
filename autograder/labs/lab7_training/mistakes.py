"""Known mistakes in training, lab 7: initial parameters, a network as an object, batches, momentum, the loop.

Samples are rows. A network is made of `layers`, its values are those of lab 7's checks: predictions, cost, dl_dweights,
dl_dbiases (asked for after a prediction for `others`) and layers_after a step.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from itertools import pairwise
from typing import Any

import numpy as np

from autograder.diagnosis.formulas import Computation, Step, formula_of, pass_back, pass_forward
from autograder.diagnosis.mistake import Mistake, Predicate
from autograder.diagnosis.trial import Trial, Trials, finite_array
from autograder.reference import costs
from autograder.reference.arrays import unchecked

# One-hot labels, and initial parameters -------------------------------------------------------------------------------


def _spreads(*expected_ratios: Callable[[int, int], float]) -> Mapping[str, Predicate]:
    """Return a table with a predicate: True if the weights have the variance of another initialisation, within chance.

    expected_ratios: compute D_k times that variance from D_k and D_k+1, one for each such initialisation.
    """

    def shows(trial: Trial, expected_ratio: Callable[[int, int], float]) -> bool:
        pairs, actual = list(pairwise(trial.inputs["layer_sizes"])), finite_array(trial.actual["spreads"])
        # The variance of n numbers is off by a factor of 1 ± √(2/n).
        return (
            not isinstance(actual, str)
            and actual.shape == (len(pairs),)
            and all(
                abs(ratio / expected_ratio(D_in, D_out) - 1) <= 5 * np.sqrt(2 / (D_in * D_out))
                for ratio, (D_in, D_out) in zip(actual, pairs, strict=True)
            )
        )

    def predicate(trials: Trials) -> bool:
        return any(all(shows(trial, ratio) for trial in trials.all) for ratio in expected_ratios)

    return {"spreads": predicate}


def _nonzero(trials: Trials) -> bool:
    """True if every failed value is finite, without a zero."""
    return all(not isinstance(biases := finite_array(actual), str) and biases.all() for actual in trials.failed_values)


def _transposed_shapes(layer_sizes: Sequence[int]) -> Any:
    """Return the shapes with each W transposed."""
    return np.array([[D_out, D_in, D_out] for D_in, D_out in pairwise(layer_sizes)])


BEGINNING = (
    Mistake("classes-in-rows", "Each label is a column: a row is asked for.",
            "Which axis runs over the samples in this notebook?",
            {"rows": lambda labels, n_classes: np.eye(n_classes)[labels].T}),
    Mistake("counted-from-one", "The 1 stands one place too far to the left.",
            "Which label has the first column, and which the last?",
            {"rows": lambda labels, n_classes: np.eye(n_classes)[labels - 1]}),
    Mistake("number-of-classes-from-elsewhere", "The number of columns isn't the number of classes asked for.",
            "How many columns should there be if nobody in this batch has the last label?",
            {"rows": [lambda labels: np.eye(10)[labels], lambda labels: np.eye(labels.max() + 1)[labels],
                      lambda labels: (labels[:, None] == np.unique(labels)) * 1.0]}),
    Mistake("variance-as-standard-deviation", "The variance 2/D_k stands where a standard deviation is asked for.",
            "What does the second argument of `rng.normal` say: a variance, or its root?",
            predicates=_spreads(lambda a, b: 4 / a)),
    Mistake("fan-out-for-fan-in", "The variance is that of the units a layer has, not of those that feed it.",
            "Over how many products does a pre-activation add up?", predicates=_spreads(lambda a, b: 2 * a / b)),
    Mistake("another-initialisation", "The weights have the variance of another start than He's.",
            "Which part of the signal does ReLU throw away, and what makes up for it?",
            predicates=_spreads(lambda a, b: 1, lambda a, b: 2 * a / (a + b), lambda a, b: 6, lambda a, b: 1 / 3)),
    Mistake("not-scaled", "The weights are as large in a wide layer as in a narrow one.",
            "What becomes of a sum of D_k products when D_k grows?",
            predicates=_spreads(lambda a, b: a, lambda a, b: a / 12, lambda a, b: a / 3, lambda a, b: 0.01 * a,
                                lambda a, b: 0.0001 * a)),
    Mistake("biases-not-zero", "The biases don't start at 0.", "Which of the two lists of numbers has to differ from "
            "unit to unit, so that units learn different things?", predicates={"bias": _nonzero}),
    Mistake("transposed", "The weights lie on their side: a row for each unit of the layer.",
            "f = hW + b with samples as rows: how many rows has W?", {"shapes": _transposed_shapes}),
)  # fmt: skip

# A network as an object -----------------------------------------------------------------------------------------------


def _softmax(f: Any) -> Any:
    return unchecked(costs.softmax)(f.T).T


def cost(kind: str, predictions: Any, targets: Any) -> float:
    """Return the cost of predictions (I, D_o)."""
    if kind == "classifier":
        return float(-np.mean(np.sum(targets * np.log(predictions + 1e-300), axis=1)))
    return float(np.sum((predictions - targets) ** 2) / len(targets))


PASSES = Computation(
    "kind layers inputs targets others",
    "predictions cost dl_dweights dl_dbiases",
    {
        "x": lambda inputs: inputs,
        "W": lambda layers: [W for W, _ in layers],
        "b": lambda layers: [b for _, b in layers],
        "K": lambda layers: len(layers) - 1,
        "affine": lambda W, b, k, h: h @ W[k] + b[k],
        "activation": lambda f: np.maximum(f, 0),
        "output": lambda kind, f: _softmax(f) if kind == "classifier" else f,
        "passed": pass_forward,
        "all_f": lambda passed: passed[0],
        "all_h": lambda passed: passed[1],
        "predictions": lambda output, all_f: output(f=all_f[-1]),
        "cost": cost,
        "last": lambda kind, predictions, targets:
            (predictions - targets) * (1 if kind == "classifier" else 2) / len(targets),
        "weights": lambda all_h, k, d: all_h[k].T @ d,
        "biases": lambda d: d.sum(0),
        "through": lambda W, k, d: d @ W[k].T,
        "mask": lambda all_f, k, dh: dh * (all_f[k - 1] > 0),
        "to_the_input": lambda: False,
        "gradients": pass_back,
        "dl_dweights": lambda gradients: gradients[0],
        "dl_dbiases": lambda gradients: [np.ravel(d) for d in gradients[1]],
    },
    keywords="k h f d dh",
)  # fmt: skip


WRONG_FORWARD: Mapping[str, Sequence[Mapping[str, Step]]] = {
    "bias-forgotten": [{"affine": lambda W, k, h: h @ W[k]}],
    "activation-missing": [
        {"activation": lambda f: f},
        {"output": lambda f: f},
        {"activation": lambda f: f, "output": lambda f: f},
    ],
    "activation-on-the-output": [{"output": lambda f: np.maximum(f, 0)}],
}
"""Mistakes in the forward pass by name: the ways to make each."""


def _layers_after(layers: Any, steps: Any, move: Callable[..., Any]) -> Any:
    """Return the sizes of all layers, and the parameters after a step."""
    moved = [
        move(value=value, step=step, is_bias=k == 1)
        for layer, pair in zip(layers, steps, strict=True)
        for k, (value, step) in enumerate(zip(layer, pair, strict=True))
    ]
    return [np.array([[*W.shape, b.size] for W, b in layers]), *moved]


_UPDATE = Computation(
    "layers steps",
    "layers_after",
    {"move": lambda value, step, is_bias: value - step, "layers_after": _layers_after},
    keywords="value step is_bias",
)

NETWORK = (
    Mistake("bias-forgotten", "The bias is not added.", "What should come out where all weights are zero?",
            PASSES.formulas(*WRONG_FORWARD["bias-forgotten"])),
    Mistake("activation-missing", "A layer hands on its pre-activations: the activation is missing.",
            "Which function stands between f and h, in the last layer too?",
            PASSES.formulas(*WRONG_FORWARD["activation-missing"])),
    Mistake("activation-on-the-output", "The activation of the hidden layers stands at the output too.",
            "The list of activations has one for each layer. Which one is the last?",
            PASSES.formulas(*WRONG_FORWARD["activation-on-the-output"])),
    Mistake("remembers-the-last-prediction",
            "The gradient is made of what another `predict` left behind in the object.",
            "Somebody predicts for other images, then asks for the gradient of a batch. Whose activations come in?",
            {"dl_dbiases": PASSES.formulas({"x": lambda others: others})["dl_dbiases"]}),
    Mistake("bias-not-summed", "The bias has one slope for each sample, and should have one.",
            "Every sample moves with the bias. How do their shares come together?",
            PASSES.formulas({"biases": lambda d: d})),
    Mistake("weights-summed-bias-averaged", "The weights' slopes are added up, the bias's are averaged.",
            "The mean came in with the first factor, once for all. Which of `sum` and `mean` is left to be taken?",
            PASSES.formulas({"biases": lambda d: d.mean(0)})),
    Mistake("summed-over-units", "The slopes of different units are added up: each unit has a bias of its own.",
            "Which axis runs over the samples, and which over the units?",
            PASSES.formulas({"biases": [lambda d: d.sum(1), lambda d: d.sum()]})),
    Mistake("slope-dropped", "The slope of the activation is missing: every unit lets the slope through.",
            "Which units did not move in the forward pass?", PASSES.formulas({"mask": lambda dh: dh})),
    Mistake("mean-taken-twice", "The mean over the samples is taken again.",
            "The cost's 1/I is in the slope that you were handed. Where does it come in again?",
            PASSES.formulas({"weights": lambda all_h, k, d: all_h[k].T @ d / len(d),
                             "biases": [lambda d: d.sum(0), lambda d: d.mean(0)]},
                            {"mask": lambda mask, k, dh: mask(k=k, dh=dh) / len(dh),
                             "last": lambda last: last / len(last)})),
    Mistake("weights-not-transposed", "The weights go back as they went forward: they should be transposed.",
            "Forward the sum runs over the inputs of a unit. Over what does it run on the way back?",
            PASSES.formulas({"through": lambda W, k, d: d @ W[k], "to_the_input": [lambda: False, lambda: True]})),
    Mistake("wrong-activation", "Pre-activations stand where the activations that came in should.",
            "What does W_k multiply in the forward pass?",
            PASSES.formulas({"weights": lambda all_f, k, d: all_f[k].T @ d})),
    Mistake("gradient-ascent", "The parameters move along the step: it should be taken away.",
            "Should the cost rise or fall after a step?",
            _UPDATE.formulas({"move": lambda value, step: value + step})),
    Mistake("bias-forgotten", "The biases never move.", "How many things are there in each step?",
            _UPDATE.formulas({"move": lambda value, step, is_bias: value if is_bias else value - step})),
    Mistake("step-not-kept", "The new parameters are not kept: the network is the one it was.",
            "Which name does `predict` read, and which did you write?",
            _UPDATE.formulas({"move": lambda value: value})),
)  # fmt: skip

# Batches, momentum, and the loop --------------------------------------------------------------------------------------


def _whole_batches_only(trials: Trials) -> bool:
    """True if every trial has whole batches only, and in some trial samples are left out.

    Checks the batches' sizes, or that their indices occur once each.
    """
    some_left_out = False
    for trial in trials.all:
        n, size, actual = trial.inputs["n_samples"], trial.inputs["size"], finite_array(trial.actual[trials.value])
        n_batches = n // size
        if isinstance(actual, str):
            return False
        if trials.value == "sizes":
            only_whole = np.array_equal(actual, [size] * n_batches)
        else:
            only_whole = len(actual) == n_batches * size == len(np.unique(actual)) and set(actual) <= set(range(n))
        if not only_whole:
            return False
        some_left_out = some_left_out or n_batches * size < n
    return some_left_out


def _with_replacement(trials: Trials) -> bool:
    """True if every failed trial has n_samples valid indices; as the value is wrong, some occur twice."""
    for trial in trials.failed:
        n, actual = trial.inputs["n_samples"], finite_array(trial.actual[trials.value])
        if isinstance(actual, str) or actual.shape != (n,) or not set(actual) <= set(range(n)):
            return False
    return True


def _states(before: Sequence[Any], gradients: Any, state: Callable[..., Any]) -> list[Any]:
    """Return the states after a gradient of all parameters."""
    parts = [part for pair in gradients for part in pair]
    return [state(m=m, g=g) for m, g in zip(before, parts, strict=True)]


_MOMENTUM = Computation(
    "alpha beta first second third",
    "first_step second_step third_step",
    {
        "state": lambda beta, m, g: beta * m + (1 - beta) * g,
        "step": lambda alpha, m: alpha * m,
        "zero": lambda first: [0 * part for pair in first for part in pair],
        "m1": formula_of("zero first state", _states),
        "m2": formula_of("m1 second state", _states),
        "m3": formula_of("m2 third state", _states),
        "first_step": lambda m1, step: [step(m=m) for m in m1],
        "second_step": lambda m2, step: [step(m=m) for m in m2],
        "third_step": lambda m3, step: [step(m=m) for m in m3],
    },
    keywords="m g",
)


def _batches(n_samples: int, size: int) -> int:
    """Return the number of batches, the last perhaps smaller."""
    return -(-n_samples // size)


BATCHES = (
    Mistake("last-batch-dropped", "The samples that don't fill a whole batch are left out.",
            "Fifty samples in batches of 8: who learns from the last two?",
            predicates={"sizes": _whole_batches_only, "indices": _whole_batches_only}),
    Mistake("drawn-with-replacement", "Each batch is drawn anew from all samples: some come twice, others never.",
            "If you draw a card, look at it and put it back, do you see the whole pack?",
            predicates={"indices": _with_replacement}),
    Mistake("equal-parts", "The samples are dealt into batches of nearly equal size.",
            "How large is every batch but the last?",
            {"sizes": lambda n_samples, size:
                [len(part) for part in np.array_split(np.arange(n_samples), _batches(n_samples, size))]}),
    Mistake("not-shuffled", "The samples come in their own order.",
            "What if the first half of the images are all zeros and ones?",
            {"shuffled": lambda size: np.zeros(2)}, together=True),
    Mistake("same-order-every-epoch", "Every epoch deals the samples out in the same order.",
            "Where does the randomness come from: from the `rng` that goes on, or from a new one?",
            {"shuffled": lambda size: np.array([1.0, 0.0])}, together=True),
)  # fmt: skip

MOMENTUM = (
    Mistake("state-reset-at-every-step", "What is kept is forgotten before each step: there is no past.",
            "Where does m become 0: once, or each time a step is asked for?",
            _MOMENTUM.formulas({"state": lambda beta, g: (1 - beta) * g})),
    Mistake("shares-swapped", "The shares β and 1 − β have changed places.",
            "For β = 0: how much of the past should stay?",
            _MOMENTUM.formulas({"state": lambda beta, m, g: (1 - beta) * m + beta * g})),
    Mistake("one-minus-beta-missing", "The gradient comes in whole: the factor 1 − β is missing.",
            "Gradients that are all the same: what should m, their mean, become?",
            _MOMENTUM.formulas({"state": lambda beta, m, g: beta * m + g})),
    Mistake("learning-rate-twice", "The learning rate comes in twice.", "Where is α in the two equations?",
            _MOMENTUM.formulas({"state": lambda alpha, beta, m, g: beta * m + alpha * (1 - beta) * g})),
    Mistake("learning-rate-left-out", "The learning rate is left out: the step is m itself.",
            "A step is α m. Which method knows α?",
            _MOMENTUM.formulas({"step": lambda m: m})),
    Mistake("past-not-shrunk", "The past stays whole: m adds up all gradients.", "What does β multiply?",
            _MOMENTUM.formulas({"state": lambda beta, m, g: m + (1 - beta) * g})),
    Mistake("gradient-ascent", "The steps have the opposite sign: the network takes them away itself.",
            "Who takes the step, and with which sign: the optimiser, or `update_weights`?",
            _MOMENTUM.formulas({"step": lambda alpha, m: -alpha * m})),
)  # fmt: skip

LOOP = (
    Mistake("gradient-of-all-data", "Every step takes the gradient of all samples, not of its batch.",
            "What is the batch good for, if `compute_gradient` does not get it?",
            {"seen": lambda n_samples, size, epochs: np.full(n_samples, epochs * _batches(n_samples, size)),
             "fit": lambda epochs: np.array([1.0, 1.0, float(epochs == 1), 1.0])}, together=True),
    Mistake("targets-not-shuffled", "The images are shuffled, their targets are not.",
            "Which target belongs to the image with index `batch[0]`?",
            {"fit": lambda size: np.array([0.0, 1.0, 1.0, 1.0])}),
    Mistake("optimiser-left-out", "The network takes the gradients as they are: nobody asks the optimiser.",
            "Who makes steps of gradients?", {"fit": lambda size: np.array([1.0, 0.0, 1.0, 1.0])}),
    Mistake("same-order-every-epoch", "Every epoch has the same batches: they are dealt out once, before the loop.",
            "Which loop should the samples be shuffled in?",
            {"fit": lambda epochs: np.array([1.0, 1.0, float(epochs == 1), 1.0])}, together=True),
    Mistake("cost-of-the-last-batch", "The cost is that of the last batch, not of all inputs.",
            "How much does a cost of two images tell about 1200?",
            {"costs": lambda n_samples, size, epochs:
                _batches(n_samples, size) * np.arange(1, epochs + 1) + 0.5 * (n_samples > size)}),
    Mistake("cost-after-every-batch", "There is a cost for each batch: one for each epoch is asked for.",
            "In which of the two loops does the line stand that notes the cost?",
            {"costs": lambda n_samples, size, epochs: np.arange(1, epochs * _batches(n_samples, size) + 1)}),
    Mistake("one-step-an-epoch", "The network moves once an epoch, not after every batch.",
            "Into which of the two loops does `update_weights` belong?",
            {"costs": lambda epochs: np.arange(1, epochs + 1)}),
    Mistake("counted-from-one", "`after_epoch` is told a number that is one too large.",
            "Which number has the first epoch?", {"reported": lambda epochs: np.arange(1, epochs + 1)}),
    Mistake("after-epoch-not-called", "`after_epoch` is never called.",
            "The progress line is drawn by a function that is handed to `train`. Where is it called?",
            {"reported": lambda epochs: np.zeros(0)}, together=True),
    Mistake("called-where-there-is-none", "`after_epoch` is called where nobody handed one over.",
            "What is `after_epoch` if the caller says nothing about it?",
            {"fit": lambda epochs: np.array([1.0, 1.0, 1.0, 0.0])}, together=True),
)  # fmt: skip

# Accuracy, and counts of predictions ----------------------------------------------------------------------------------


def _counts(labels: Any, predictions: Any, n_classes: int) -> Any:
    """Return the counts of each pair of a label and a prediction, (n_classes, n_classes)."""
    counts = np.zeros((n_classes, n_classes))
    np.add.at(counts, (labels, predictions), 1)
    return counts


_READING = Computation("labels predictions n_classes", "counts", {"counts": _counts})


def _share(low: float, high: float) -> Predicate:
    """Return a predicate: True if every failed share is at least low and below high."""

    def predicate(trials: Trials) -> bool:
        shares = [finite_array(actual) for actual in trials.failed_values]
        return all(not isinstance(share, str) and low <= float(np.ravel(share)[0]) < high for share in shares)

    return predicate


READING = (
    Mistake("as-good-as-guessing", "The network guesses: it reads hardly more than one digit in ten.",
            "Did the training curve fall, and is the network that was trained the one that reads?",
            predicates={"share": _share(0, 0.25)}),
    Mistake("learnt-too-little", "The network has learnt something, and not enough.",
            "Were the validation errors still falling when you stopped, or jumping up and down?",
            predicates={"share": _share(0.25, 1)}),
    Mistake("true-and-predicted-swapped", "Rows and columns have changed places.",
            "Which of the two chooses the row: what is true, or what was read?",
            _READING.formulas({"counts": lambda counts: counts.T})),
    Mistake("counted-once", "What comes several times is counted once.",
            "What does `counts[rows, columns] += 1` do where the same pair comes twice?",
            _READING.formulas({"counts": lambda counts: np.minimum(counts, 1)})),
    Mistake("shares-in-place-of-counts", "There are shares in it, and should be counts.",
            "What should all entries add up to?",
            _READING.formulas({"counts": [lambda counts: counts / counts.sum(),
                                          lambda counts: counts / counts.sum(1, keepdims=True),
                                          lambda counts: counts / np.maximum(counts.sum(1, keepdims=True), 1)]})),
    Mistake("diagonal-left-out", "What was read rightly is not counted.",
            "What should stand in entry (3, 3)?",
            _READING.formulas({"counts": lambda counts: counts * (1 - np.eye(len(counts)))})),
)  # fmt: skip
