"""Known mistakes of every task: the submission's value stands in a plain relation to the expected one."""

from __future__ import annotations

from typing import Any

import numpy as np

from autograder.diagnosis import desk
from autograder.diagnosis.compare import as_layers, is_layered, relative_tolerance
from autograder.diagnosis.mistake import Predicate, relation, symptom
from autograder.diagnosis.no_value import is_not_finite
from autograder.diagnosis.trial import NoValue, Trial, Trials, finite_array, is_close, is_correct


def _swapped(trials: Trials) -> bool:
    """True if in every trial the value is the expected one of another value, and that other value is wrong too.

    False for a value that is made of earlier ones.
    """
    value, others = trials.value, set(trials.all[0].expected) - {trials.value}
    return value not in trials.steps and any(
        all(not isinstance(t.actual[value], NoValue) and is_close(t.actual[value], t.expected_for(other))
            for t in trials.all)
        and not all(is_correct(t.actual.get(other), t.expected_for(other)) for t in trials.all)
        for other in others
    )  # fmt: skip


def _typed_in(trials: Trials) -> bool:
    """True if the value is the same in every trial, or varies as if one input were the same in every trial.

    False for a single trial, and for a value that is zero or not finite.
    """
    actuals = [trial.actual[trials.value] for trial in trials.all]
    if len(actuals) < 2 or any(isinstance(value, NoValue) or value is None for value in actuals):
        return False
    if all(is_close(value, actuals[0]) for value in actuals[1:]):
        layers = [actuals[0]] if not isinstance(actuals[0], list | tuple) else actuals[0]
        return all(not isinstance(finite_array(layer), str) for layer in layers) and any(map(np.any, layers))
    return any(_input_is_constant(trials, name) for name in trials.all[0].inputs)


def _input_is_constant(trials: Trials, name: str) -> bool:
    """True if the value is correct but for this input, for which it takes the same number in every trial.

    name: that of a number that the expected value, a single number other than zero, is proportional to.
    """
    implied_inputs = []
    for trial in trials.all:
        input_, actual = trial.inputs[name], finite_array(trial.actual[trials.value])
        first_expected = trial.first_expected(trials.value)
        if not isinstance(input_, float) or isinstance(actual, str) or is_layered(first_expected):
            return False
        expected = np.asarray(first_expected)
        if actual.size != 1 or expected.size != 1 or not expected.any():
            return False
        implied_inputs.append(actual.item() / expected.item() * input_)
    return float(np.ptp(implied_inputs)) <= 1e-6 * max(map(abs, implied_inputs)) and len(implied_inputs) > 1


def _constant_samples(trials: Trials) -> bool:
    """True if the value is divided by the same number of samples in every trial, though trials have different ones."""
    divisors = []
    for trial in trials.all:
        ratio, samples = _ratio(trial, trials.value), trial.samples()
        if not ratio or not samples:
            return False
        divisors.append(samples / ratio)
    counts = {trial.samples() for trial in trials.all}
    return len(counts) > 1 and divisors[0] > 1.001 and float(np.ptp(divisors)) <= 1e-4 * divisors[0]


def _divided_by_outputs(trials: Trials) -> bool:
    """True if the value is I/D_o times the expected one: divided by the number of outputs in place of samples."""
    for trial in trials.all:
        expected, actual = trial.first_expected(trials.value), trial.actual[trials.value]
        samples, outputs = trial.samples(), trial.inputs.get("D_o")
        if not samples or not outputs or isinstance(actual, NoValue):
            return False
        ratio = samples / outputs
        if not is_close(
            actual, [ratio * layer for layer in expected] if is_layered(expected) else ratio * np.asarray(expected)
        ):
            return False
    return True


def _ratio(trial: Trial, value: str) -> float | None:
    """Return the constant ratio of a trial's value to the expected one; None where there is none, or for layers."""
    actual, first_expected = finite_array(trial.actual[value]), trial.first_expected(value)
    if isinstance(actual, str) or is_layered(first_expected):
        return None
    expected = np.asarray(first_expected, dtype=float)
    if not desk.same_shape(actual, expected) or not expected.any():
        return None
    ratio = float(np.vdot(expected, actual) / np.vdot(expected, expected))
    return ratio if ratio and is_close(actual, ratio * expected) else None


def _has_difference(name: str) -> Predicate:
    """Return a predicate: true if the mistake shows in every failed trial and would do no harm in every passed one.

    name: one of the mistakes that `desk.known_causes` names.
    """

    def predicate(trials: Trials) -> bool:
        return all(name in _differences(trial, trials.value) for trial in trials.failed) and all(
            _is_harmless(name, trial, trials.value) for trial in trials.passed
        )

    return predicate


def _differences(trial: Trial, value: str) -> set[str]:
    """Return names of the mistakes that show in every wrong layer of a trial's value."""
    names = [
        _layer_differences(actual, expected, trial)
        for actual, expected in trial.layers(value)
        if not is_correct(actual, expected)
    ]
    return set.intersection(*names) if names else set()


def _layer_differences(actual: Any, expected: Any, trial: Trial) -> set[str]:
    """Return names of the mistakes that show in one layer, or in a value that is no list of layers."""
    actual_array, expected_array = finite_array(actual), np.asarray(expected, dtype=float)
    if isinstance(actual_array, str):
        return set()
    atol = relative_tolerance(actual) * float(np.abs(expected_array).max(initial=0))
    outputs = trial.inputs.get("D_o")
    found = desk.known_causes(actual_array, expected_array, trial.samples(), atol, outputs)
    names = {name for name, _ in found}
    # One sample of several outputs is a mean over the outputs alone.
    return names - {"mean-missing", "mean-taken-twice"} if trial.samples() == 1 else names


def _is_harmless(name: str, trial: Trial, value: str) -> bool:
    """True if a value with this mistake may be correct in this trial."""
    expected = trial.first_expected(value)
    if is_layered(expected):
        return True
    array = np.asarray(expected, dtype=float)
    if name in ("transposed", "axis-lost", "axis-added"):
        return array.size == 1 or (array.ndim == 2 and np.array_equal(array, array.T))
    if name in ("mean-over-outputs-missing", "mean-over-outputs-taken-twice"):
        return trial.inputs.get("D_o") == 1
    return not array.any() or (("mean" in name or "sum" in name) and trial.samples() == 1)


def _layers_moved(trials: Trials) -> bool:
    """True if in every failed trial each layer equals some expected layer: only their places are wrong."""
    return all(_is_moved(t.actual[trials.value], t.first_expected(trials.value)) for t in trials.failed)


def _is_moved(actual: Any, expected: Any) -> bool:
    """True if the value is a list of as many layers as expected, two or more, each equal to some expected layer."""
    if (
        not isinstance(actual, list | tuple)
        or not isinstance(expected, list | tuple)
        or len(actual) != len(expected)
        or len(expected) < 2
    ):
        return False
    return all(any(is_close(layer, expected_layer) for expected_layer in expected) for layer in actual)


def _layer_left_out(trials: Trials) -> bool:
    """True if in every failed trial layers are correct or missing (None, zeros, cut off at one end of the list).

    At least one layer must be correct in at least one trial.
    """
    counts = [
        _correct_layers(as_layers(trial.actual[trials.value]), trial.first_expected(trials.value))
        for trial in trials.failed
    ]
    return any(counts) and None not in counts


def _correct_layers(layers: list[Any] | None, expected: Any) -> int | None:
    """Return the number of correct layers in a list whose other layers are missing.

    Return None where a layer is wrong, or where there is no list.
    """
    if layers is None or not is_layered(expected) or len(layers) > len(expected):
        return None
    for expected_part in (expected[: len(layers)], expected[len(expected) - len(layers) :]):
        present = [
            (layer, expected_layer)
            for layer, expected_layer in zip(layers, expected_part, strict=True)
            if not _is_missing(layer)
        ]
        if all(is_correct(layer, expected_layer) for layer, expected_layer in present):
            return len(present)
    return None


def _is_missing(value: Any) -> bool:
    """True if a layer is missing: None or all zeros."""
    array = finite_array(value)
    return value is None or (not isinstance(array, str) and not array.any())


RELATIONS = (
    relation("values-swapped", _swapped, "Right values stand in each other's places.",
             "In which order does the text ask for them?"),
    relation("numbers-typed-in", _typed_in,
          "A number is typed in where a name should stand: it stays when the inputs change.",
          "Which variable of the notebook has this value today?"),
    relation("layers-in-another-order", _layers_moved, "The layers are right, but they stand in another order.",
          "Which layer does the first entry of the list belong to, and in which order does your loop fill it?"),
    relation("layer-left-out", _layer_left_out, "Some layers are right, the others are zero or not there.",
             "Which layer does your loop begin with, and which one is its last?"),
    relation("zeros", _has_difference("zeros"), "All of it is zero: nothing is computed, or all of it is lost.",
             "Which line puts something in place of the zeros?"),
    relation("transposed", _has_difference("transposed"), "Rows and columns have changed places.",
             "Which axis runs over the samples in this notebook, and which should it be in the result?"),
    relation("sum-not-taken", _has_difference("sum-not-taken"), "A sum over an axis is still to be taken.",
             "How many samples move this one parameter, and how do their shares come together?"),
    relation("mean-not-taken", _has_difference("mean-not-taken"), "A mean over an axis is still to be taken.",
             "Which axis should be gone from the result?"),
    relation("axis-lost", _has_difference("axis-lost"), "The numbers are right, but an axis got lost.",
             "What does `keepdims=True` do, and what does a plain index like `[:, 0]` do?"),
    relation("axis-added", _has_difference("axis-added"), "The numbers are right, but there is an axis too many.",
             "Which shape does the docstring ask for?"),
    relation("sign", _has_difference("sign"), "Every entry has the opposite sign.",
             "Which difference has to be turned round, or which minus is missing or too many?"),
    relation("factor-2-twice", _has_difference("factor-2-twice"), "There is a factor 2 too many.",
             "How often do you differentiate the square?"),
    relation("factor-2-missing", _has_difference("factor-2-missing"), "A factor 2 is missing.",
          "What is the derivative of a square?"),
    relation("number-of-samples-from-elsewhere", _constant_samples,
          "It is divided by a number of samples that is not the number in this batch.",
          "Where does the function take the number of samples from, and what if it is called with other data?"),
    relation("mean-missing", _has_difference("mean-missing"), "The mean over the samples is not taken: this is a sum.",
             "The cost is a mean. Where did its 1/I go?"),
    relation("mean-taken-twice", _has_difference("mean-taken-twice"), "The mean over the samples is taken twice.",
             "The cost's 1/I comes in once, with the first factor. Where does it come in again?"),
    relation("mean-over-outputs-missing", _has_difference("mean-over-outputs-missing"),
             "The cost divides by the number of outputs too, its derivative does not.",
             "By how many numbers does the cost divide, and by how many your derivative?"),
    relation("mean-over-outputs-taken-twice", _has_difference("mean-over-outputs-taken-twice"),
          "It is divided by the number of outputs, which the cost does not do.",
          "By how many numbers does the cost divide, and by how many your derivative?"),
    relation("rows-and-columns-mixed-up", _divided_by_outputs,
          "It is divided by the number of outputs, where the number of samples should stand.",
          "Which axis runs over the samples in this notebook, and what does `len` count?"),
    symptom("not-finite", is_not_finite, "There is NaN or infinity in it.",
             "Which number grew too large for a float, or where can a divisor become zero?"),
)  # fmt: skip
"""Entries for every task, which go last: relations of the value to the expected one that hold in every trial."""
