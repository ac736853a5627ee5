"""Known mistakes in training, lab 7: initial parameters, a network as an object, batches, momentum, the loop.

Samples are rows. A network is made of `layers`, its values are those of lab 7's checks: predictions, cost, dl_dweights,
dl_dbiases (asked for after a prediction for `others`) and layers_after a step.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Any

import numpy as np

from autograder.diagnosis.formulas import Formula, formula_of
from autograder.diagnosis.mistake import Mistake, Predicate
from autograder.diagnosis.trial import Trials, finite_array
from autograder.reference import costs
from autograder.reference.arrays import unchecked

# One-hot labels, and initial parameters -------------------------------------------------------------------------------


def _spread(expected_ratio: Callable[[int, int], float]) -> Predicate:
    """Return a predicate: True if the weights have the variance of another initialisation, within chance.

    expected_ratio: computes D_k times that variance from D_k and D_k+1.
    """

    def predicate(trials: Trials) -> bool:
        for trial in trials.all:
            sizes, actual = trial.inputs["layer_sizes"], finite_array(trial.actual[trials.value])
            pairs = list(pairwise(sizes))
            if isinstance(actual, str) or actual.shape != (len(pairs),):
                return False
            for ratio, (D_in, D_out) in zip(actual, pairs, strict=True):
                # The variance of n numbers is off by a factor of 1 ± √(2/n).
                if abs(ratio / expected_ratio(D_in, D_out) - 1) > 5 * np.sqrt(2 / (D_in * D_out)):
                    return False
        return True

    return predicate


def _start(name: str, explanation: str, hint: str, *ratios: Callable[[int, int], float]) -> Mistake:
    """Return a mistake in the variance of the initial weights; ratios: as in `_spread`, for each way to make it."""

    def predicate(trials: Trials) -> bool:
        return any(_spread(ratio)(trials) for ratio in ratios)

    return Mistake(name, explanation, hint, predicates={"spreads": predicate})


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
    _start("variance-as-standard-deviation", "The variance 2/D_k stands where a standard deviation is asked for.",
           "What does the second argument of `rng.normal` say: a variance, or its root?", lambda a, b: 4 / a),
    _start("fan-out-for-fan-in", "The variance is that of the units a layer has, not of those that feed it.",
           "Over how many products does a pre-activation add up?", lambda a, b: 2 * a / b),
    _start("another-initialisation", "The weights have the variance of another start than He's.",
           "Which part of the signal does ReLU throw away, and what makes up for it?",
           lambda a, b: 1, lambda a, b: 2 * a / (a + b), lambda a, b: 6, lambda a, b: 1 / 3),
    _start("not-scaled", "The weights are as large in a wide layer as in a narrow one.",
           "What becomes of a sum of D_k products when D_k grows?", lambda a, b: a, lambda a, b: a / 12,
           lambda a, b: a / 3, lambda a, b: 0.01 * a, lambda a, b: 0.0001 * a),
    Mistake("biases-not-zero", "The biases don't start at 0.", "Which of the two lists of numbers has to differ from "
            "unit to unit, so that units learn different things?", predicates={"bias": _nonzero}),
    Mistake("transposed", "The weights lie on their side: a row for each unit of the layer.",
            "f = hW + b with samples as rows: how many rows has W?", {"shapes": _transposed_shapes}),
)  # fmt: skip

# A network as an object -----------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Net:
    """A network with its data, and the steps of its passes, each of which a mistake may change."""

    kind: str
    layers: Sequence[tuple[Any, Any]]
    inputs: Any
    targets: Any
    into: Callable[[Any, Any, Any], Any] = lambda h, W, b: h @ W + b
    slope: Callable[[Any, bool], Any] = lambda f, last: 1.0 if last else (f > 0) * 1.0
    activation: Callable[[Any], Any] = lambda f: np.maximum(f, 0)
    back: Callable[[Any, Any], Any] = lambda G, W: G @ W.T
    weights: Callable[[Any, Any, Any], Any] = lambda h, f, G: h.T @ G
    biases: Callable[[Any], Any] = lambda G: G.sum(0)
    last: Callable[[Any], Any] | None = None
    """The last layer's activation; None for that of the kind of network."""
    mask: Callable[[Any, Any], Any] = lambda G, slope: G * slope
    eager: bool = False
    """True if the backward pass goes on to the gradient of the inputs, where it may raise."""

    def forward(self) -> tuple[list[Any], list[Any]]:
        """Return all pre-activations f and all h, from the inputs to the predictions."""
        fs, hs = list[Any](), [self.inputs]
        for k, (W, b) in enumerate(self.layers):
            fs.append(self.into(hs[-1], W, b))
            at_end = self.last or (_softmax if self.kind == "classifier" else _identity)
            hs.append(at_end(fs[-1]) if k == len(self.layers) - 1 else self.activation(fs[-1]))
        return fs, hs

    def predictions(self) -> Any:
        """Return the predictions, (I, D_o)."""
        return self.forward()[1][-1]

    def cost(self, predictions: Any = None) -> float:
        """Return the cost of the network's predictions, or of others."""
        p, y = self.predictions() if predictions is None else predictions, self.targets
        if self.kind == "classifier":
            return float(-np.mean(np.sum(y * np.log(p + 1e-300), axis=1)))
        return float(np.sum((p - y) ** 2) / len(y))

    def gradients(self) -> tuple[list[Any], list[Any]]:
        """Return the gradients of the weights and those of the biases, a list of each."""
        fs, hs = self.forward()
        G = (hs[-1] - self.targets) * (1 if self.kind == "classifier" else 2) / len(self.targets)
        weights, biases = list[Any](), list[Any]()
        for k in reversed(range(len(self.layers))):
            G = self.mask(G, self.slope(fs[k], k == len(self.layers) - 1))
            weights.insert(0, self.weights(hs[k], fs[k], G))
            biases.insert(0, np.ravel(self.biases(G)))
            G = self.back(G, self.layers[k][0]) if k or self.eager else None
        return weights, biases


def _softmax(f: Any) -> Any:
    return unchecked(costs.softmax)(f.T).T


def _identity(f: Any) -> Any:
    return f


SLIPS_FORWARD: Mapping[str, Sequence[Mapping[str, Any]]] = {
    "bias-forgotten": [{"into": lambda h, W, b: h @ W}],
    "activation-missing": [
        {"activation": _identity},
        {"last": _identity},
        {"activation": _identity, "last": _identity},
    ],
    "activation-on-the-output": [{"last": lambda f: np.maximum(f, 0)}],
}
"""Mistakes in the forward pass by name: for each way to make one, the changed fields of a `Net`."""


def _way(value: Callable[[Net], Any], changes: Mapping[str, Any]) -> Formula:
    """Return a formula that computes a value from a `Net` with changed fields."""
    return formula_of(
        "kind layers inputs targets",
        lambda kind, layers, x, y: value(replace(Net(kind, layers, x, y), **changes)),
    )


def _backwards(name: str, explanation: str, hint: str, *ways: Mapping[str, Any]) -> Mistake:
    """Return a mistake in the backward pass; ways: changed fields of a `Net`, for each way to make it."""
    return Mistake(name, explanation, hint, {
        "dl_dweights": [_way(lambda net: net.gradients()[0], way) for way in ways],
        "dl_dbiases": [_way(lambda net: net.gradients()[1], way) for way in ways],
    })  # fmt: skip


def _forward(name: str, explanation: str, hint: str, *ways: Mapping[str, Any]) -> Mistake:
    """Return a mistake in the forward pass and all that follows; ways: changed fields of a `Net`, for each way."""
    values: dict[str, Callable[[Net], Any]] = {
        "predictions": Net.predictions, "cost": Net.cost,
        "dl_dweights": lambda net: net.gradients()[0], "dl_dbiases": lambda net: net.gradients()[1],
    }  # fmt: skip
    return Mistake(
        name, explanation, hint, {key: [_way(value, way) for way in ways] for key, value in values.items()},
    )  # fmt: skip


def _remembered(kind: Any, layers: Any, others: Any, targets: Any) -> Any:
    """Return the gradients of the biases from the values that a prediction for other inputs left in the object."""
    return Net(kind, layers, others, targets).gradients()[1]


def _after(change: Callable[[Any, Any, bool], Any]) -> Formula:
    """Return a formula for `layers_after`: the sizes of all layers, and the parameters after a step.

    change: takes a parameter, its step, and True if it is a bias.
    """

    def formula(layers: Any, steps: Any) -> Any:
        moved = [
            change(value, step, k == 1)
            for layer, pair in zip(layers, steps, strict=True)
            for k, (value, step) in enumerate(zip(layer, pair, strict=True))
        ]
        return [np.array([[*W.shape, b.size] for W, b in layers]), *moved]

    return formula


NETWORK = (
    _forward("bias-forgotten", "The bias is not added.", "What should come out where all weights are zero?",
             *SLIPS_FORWARD["bias-forgotten"]),
    _forward("activation-missing", "A layer hands on its pre-activations: the activation is missing.",
             "Which function stands between f and h, in the last layer too?", *SLIPS_FORWARD["activation-missing"]),
    _forward("activation-on-the-output", "The activation of the hidden layers stands at the output too.",
             "The list of activations has one for each layer. Which one is the last?",
             *SLIPS_FORWARD["activation-on-the-output"]),
    Mistake("remembers-the-last-prediction",
            "The gradient is made of what another `predict` left behind in the object.",
            "Somebody predicts for other images, then asks for the gradient of a batch. Whose activations come in?",
            {"dl_dbiases": _remembered}),
    _backwards("bias-not-summed", "The bias has one slope for each sample, and should have one.",
               "Every sample moves with the bias. How do their shares come together?", {"biases": lambda G: G}),
    _backwards("weights-summed-bias-averaged", "The weights' slopes are added up, the bias's are averaged.",
               "The mean came in with the first factor, once for all. Which of `sum` and `mean` is left to be taken?",
               {"biases": lambda G: G.mean(0)}),
    _backwards("summed-over-units", "The slopes of different units are added up: each unit has a bias of its own.",
               "Which axis runs over the samples, and which over the units?",
               {"biases": lambda G: G.sum(1)}, {"biases": lambda G: G.sum()}),
    _backwards("slope-dropped", "The slope of the activation is missing: every unit lets the slope through.",
               "Which units did not move in the forward pass?", {"mask": lambda G, slope: G}),
    _backwards("mean-taken-twice", "The mean over the samples is taken again.",
               "The cost's 1/I is in the slope that you were handed. Where does it come in again?",
               {"weights": lambda h, f, G: h.T @ G / len(G)},
               {"weights": lambda h, f, G: h.T @ G / len(G), "biases": lambda G: G.mean(0)},
               {"mask": lambda G, slope: G * slope / len(G)}),
    _backwards("weights-not-transposed", "The weights go back as they went forward: they should be transposed.",
               "Forward the sum runs over the inputs of a unit. Over what does it run on the way back?",
               {"back": lambda G, W: G @ W}, {"back": lambda G, W: G @ W, "eager": True}),
    _backwards("wrong-activation", "Pre-activations stand where the activations that came in should.",
               "What does W_k multiply in the forward pass?", {"weights": lambda h, f, G: f.T @ G}),
    Mistake("gradient-ascent", "The parameters move along the step: it should be taken away.",
            "Should the cost rise or fall after a step?",
            {"layers_after": _after(lambda value, step, _: value + step)}),
    Mistake("bias-forgotten", "The biases never move.", "How many things are there in each step?",
            {"layers_after": _after(lambda value, step, is_bias: value if is_bias else value - step)}),
    Mistake("step-not-kept", "The new parameters are not kept: the network is the one it was.",
            "Which name does `predict` read, and which did you write?",
            {"layers_after": _after(lambda value, step, _: value)}),
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


def _momentum(m: Callable[[Any, Any, float, float], Any], step: Callable[[Any, float], Any] | None = None) -> Any:
    """Return formulas for the three steps of another momentum.

    m: computes the state from the state before, the gradient, alpha and beta. step: computes the step from the state
    and alpha; by default their product.
    """

    def formula(count: int) -> Formula:
        names = ("first", "second", "third")[:count]

        def last_step(alpha: float, beta: float, *gradients: Any) -> Any:
            states = [0 * part for pair in gradients[0] for part in pair]
            for pairs in gradients:
                parts = [part for pair in pairs for part in pair]
                states = [m(state, part, alpha, beta) for state, part in zip(states, parts, strict=True)]
            return [(step or (lambda state, alpha: alpha * state))(state, alpha) for state in states]

        return formula_of(" ".join(("alpha", "beta", *names)), last_step)

    return {name: formula(k) for k, name in enumerate(("first_step", "second_step", "third_step"), start=1)}


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
            _momentum(lambda m, g, alpha, beta: (1 - beta) * g)),
    Mistake("shares-swapped", "The shares β and 1 − β have changed places.",
            "For β = 0: how much of the past should stay?",
            _momentum(lambda m, g, alpha, beta: (1 - beta) * m + beta * g)),
    Mistake("one-minus-beta-missing", "The gradient comes in whole: the factor 1 − β is missing.",
            "Gradients that are all the same: what should m, their mean, become?",
            _momentum(lambda m, g, alpha, beta: beta * m + g)),
    Mistake("learning-rate-twice", "The learning rate comes in twice.", "Where is α in the two equations?",
            _momentum(lambda m, g, alpha, beta: beta * m + alpha * (1 - beta) * g)),
    Mistake("learning-rate-left-out", "The learning rate is left out: the step is m itself.",
            "A step is α m. Which method knows α?",
            _momentum(lambda m, g, alpha, beta: beta * m + (1 - beta) * g, lambda m, alpha: m)),
    Mistake("past-not-shrunk", "The past stays whole: m adds up all gradients.", "What does β multiply?",
            _momentum(lambda m, g, alpha, beta: m + (1 - beta) * g)),
    Mistake("gradient-ascent", "The steps have the opposite sign: the network takes them away itself.",
            "Who takes the step, and with which sign: the optimiser, or `update_weights`?",
            _momentum(lambda m, g, alpha, beta: beta * m + (1 - beta) * g, lambda m, alpha: -alpha * m)),
)  # fmt: skip

_FIT = "n_samples size epochs"

LOOP = (
    Mistake("gradient-of-all-data", "Every step takes the gradient of all samples, not of its batch.",
            "What is the batch good for, if `compute_gradient` does not get it?",
            {"seen": formula_of(_FIT, lambda n, size, epochs: np.full(n, epochs * _batches(n, size))),
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
            {"costs": formula_of(_FIT, lambda n, size, epochs:
                _batches(n, size) * np.arange(1, epochs + 1) + 0.5 * (n > size))}),
    Mistake("cost-after-every-batch", "There is a cost for each batch: one for each epoch is asked for.",
            "In which of the two loops does the line stand that notes the cost?",
            {"costs": formula_of(_FIT, lambda n, size, epochs: np.arange(1, epochs * _batches(n, size) + 1))}),
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


def _counts(change: Callable[[Any], Any]) -> Formula:
    """Return a formula that changes the correct counts (n_classes, n_classes)."""

    def formula(labels: Any, predictions: Any, n_classes: int) -> Any:
        counts = np.zeros((n_classes, n_classes))
        np.add.at(counts, (labels, predictions), 1)
        return change(counts)

    return formula


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
            {"counts": _counts(lambda counts: counts.T)}),
    Mistake("counted-once", "What comes several times is counted once.",
            "What does `counts[rows, columns] += 1` do where the same pair comes twice?",
            {"counts": _counts(lambda counts: np.minimum(counts, 1))}),
    Mistake("shares-in-place-of-counts", "There are shares in it, and should be counts.",
            "What should all entries add up to?",
            {"counts": [_counts(lambda counts: counts / counts.sum()),
                        _counts(lambda counts: counts / counts.sum(1, keepdims=True)),
                        _counts(lambda counts: counts / np.maximum(counts.sum(1, keepdims=True), 1))]}),
    Mistake("diagonal-left-out", "What was read rightly is not counted.",
            "What should stand in entry (3, 3)?",
            {"counts": _counts(lambda counts: counts * (1 - np.eye(len(counts))))}),
)  # fmt: skip
