"""Known mistakes of every task: plain relations between the submission's value and the expected one."""

from __future__ import annotations

from typing import Any

import numpy as np

from autograder.diagnosis import desk
from autograder.diagnosis.compare import as_layers, is_layered, relative_tolerance
from autograder.diagnosis.mistake import Predicate, relation
from autograder.diagnosis.no_value import is_not_finite
from autograder.diagnosis.trial import NoValue, Trial, Trials, finite_array, is_close, is_correct


def _swapped(trials: Trials) -> bool:
    """True if the value is in every trial what another value should be, and that one is wrong too."""
    value, others = trials.value, set(trials.all[0].expected) - {trials.value}
    return value not in trials.steps and any(
        all(not isinstance(t.actual[value], NoValue) and is_close(t.actual[value], t.expected_for(other))
            for t in trials.all)
        and not all(is_correct(t.actual.get(other), t.expected_for(other)) for t in trials.all)
        for other in others
    )  # fmt: skip


def _typed_in(trials: Trials) -> bool:
    """True if the value stays the same, or ignores one input, while the expected value changes."""
    came = [trial.actual[trials.value] for trial in trials.all]
    if len(came) < 2 or any(isinstance(value, NoValue) or value is None for value in came):
        return False
    if all(is_close(value, came[0]) for value in came[1:]):
        layers = [came[0]] if not isinstance(came[0], list | tuple) else came[0]
        return all(not isinstance(finite_array(layer), str) for layer in layers) and any(map(np.any, layers))
    return any(_stays(trials, name) for name in trials.all[0].inputs)


def _stays(trials: Trials, name: str) -> bool:
    """True if the value is as expected for one fixed value of this input in every trial."""
    stands_for = []
    for trial in trials.all:
        input_, actual = trial.inputs[name], finite_array(trial.actual[trials.value])
        truth = trial.first_expected(trials.value)
        if not isinstance(input_, float) or isinstance(actual, str) or is_layered(truth):
            return False
        expected = np.asarray(truth)
        if actual.size != 1 or expected.size != 1 or not expected.any():
            return False
        stands_for.append(actual.item() / expected.item() * input_)
    return float(np.ptp(stands_for)) <= 1e-6 * max(map(abs, stands_for)) and len(stands_for) > 1


def _samples_from_elsewhere(trials: Trials) -> bool:
    """True if the value is divided by the same number of samples in every trial, whatever the case's number."""
    by = []
    for trial in trials.all:
        ratio, samples = _ratio(trial, trials.value), trial.samples()
        if not ratio or not samples:
            return False
        by.append(samples / ratio)
    counts = {trial.samples() for trial in trials.all}
    return len(counts) > 1 and by[0] > 1.001 and float(np.ptp(by)) <= 1e-4 * by[0]


def _by_outputs(trials: Trials) -> bool:
    """True if the value is I/D_o times the expected one: divided by the number of outputs, not of samples."""
    for trial in trials.all:
        expected, came = trial.first_expected(trials.value), trial.actual[trials.value]
        samples, outputs = trial.samples(), trial.inputs.get("D_o")
        if not samples or not outputs or isinstance(came, NoValue):
            return False
        ratio = samples / outputs
        if not is_close(
            came, [ratio * one for one in expected] if is_layered(expected) else ratio * np.asarray(expected)
        ):
            return False
    return True


def _ratio(trial: Trial, value: str) -> float | None:
    actual, truth = finite_array(trial.actual[value]), trial.first_expected(value)
    if isinstance(actual, str) or is_layered(truth):
        return None
    expected = np.asarray(truth, dtype=float)
    if not desk.same_shape(actual, expected) or not expected.any():
        return None
    ratio = float(np.vdot(expected, actual) / np.vdot(expected, expected))
    return ratio if ratio and is_close(actual, ratio * expected) else None


def _looks_like(name: str) -> Predicate:
    """Return a predicate: every failed trial has this relation, and no passed trial contradicts it."""

    def predicate(trials: Trials) -> bool:
        return all(name in _looks(trial, trials.value) for trial in trials.failed) and all(
            _may_be_right(name, trial, trials.value) for trial in trials.passed
        )

    return predicate


def _looks(trial: Trial, value: str) -> set[str]:
    found = [_looks_of_one(one, two, trial) for one, two in trial.layers(value) if not is_correct(one, two)]
    return set.intersection(*found) if found else set()


def _looks_of_one(actual: Any, expected: Any, trial: Trial) -> set[str]:
    own, true = finite_array(actual), np.asarray(expected, dtype=float)
    if isinstance(own, str):
        return set()
    atol = relative_tolerance(actual) * float(np.abs(true).max(initial=0))
    found = {name for name, _ in desk.looks(own, true, trial.samples(), atol, trial.inputs.get("D_o"))}
    # One sample of several outputs is a mean over the outputs alone.
    return found - {"mean-missing", "mean-taken-twice"} if trial.samples() == 1 else found


def _may_be_right(name: str, trial: Trial, value: str) -> bool:
    """True if the mistake leaves the value of this trial correct."""
    expected = trial.first_expected(value)
    if is_layered(expected):
        return True
    true = np.asarray(expected, dtype=float)
    if name in ("transposed", "axis-lost", "axis-added"):
        return true.size == 1 or (true.ndim == 2 and np.array_equal(true, true.T))
    if name in ("mean-over-outputs-missing", "mean-over-outputs-taken-twice"):
        return trial.inputs.get("D_o") == 1
    return not true.any() or (("mean" in name or "sum" in name) and trial.samples() == 1)


def _moved_layers(trials: Trials) -> bool:
    """True if the layers are correct but in another order."""
    return all(_moved(t.actual[trials.value], t.first_expected(trials.value)) for t in trials.failed)


def _moved(actual: Any, expected: Any) -> bool:
    if (
        not isinstance(actual, list | tuple)
        or not isinstance(expected, list | tuple)
        or len(actual) != len(expected)
        or len(expected) < 2
    ):
        return False
    return all(any(is_close(one, other) for other in expected) for one in actual)


def _layer_left_out(trials: Trials) -> bool:
    """True if each layer is correct or missing: None, zeros, or cut off at one end of the list."""
    found = [
        _left_of(as_layers(trial.actual[trials.value]), trial.first_expected(trials.value)) for trial in trials.failed
    ]
    return any(found) and None not in found


def _left_of(own: list[Any] | None, expected: Any) -> int | None:
    """Return the number of correct layers if no layer is wrong; None if one is, or there is no list."""
    if own is None or not is_layered(expected) or len(own) > len(expected):
        return None
    for part in (expected[: len(own)], expected[len(expected) - len(own) :]):
        there = [(one, true) for one, true in zip(own, part, strict=True) if not _is_nothing(one)]
        if all(is_correct(one, true) for one, true in there):
            return len(there)
    return None


def _is_nothing(value: Any) -> bool:
    array = finite_array(value)
    return value is None or (not isinstance(array, str) and not array.any())


RELATIONS = (
    relation("values-swapped", _swapped, "Right values stand in each other's places.",
             "In which order does the text ask for them?"),
    relation("numbers-typed-in", _typed_in,
             "A number is typed in where a name should stand: it stays when the inputs change.",
             "Which variable of the notebook has this value today?"),
    relation("layers-in-another-order", _moved_layers, "The layers are right, but they stand in another order.",
             "Which layer does the first entry of the list belong to, and in which order does your loop fill it?"),
    relation("layer-left-out", _layer_left_out, "Some layers are right, the others are zero or not there.",
             "Which layer does your loop begin with, and which one is its last?"),
    relation("zeros", _looks_like("zeros"), "All of it is zero: nothing is computed, or all of it is lost.",
             "Which line puts something in place of the zeros?"),
    relation("transposed", _looks_like("transposed"), "Rows and columns have changed places.",
             "Which axis runs over the samples in this notebook, and which should it be in the result?"),
    relation("sum-not-taken", _looks_like("sum-not-taken"), "A sum over an axis is still to be taken.",
             "How many samples move this one parameter, and how do their shares come together?"),
    relation("mean-not-taken", _looks_like("mean-not-taken"), "A mean over an axis is still to be taken.",
             "Which axis should be gone from the result?"),
    relation("axis-lost", _looks_like("axis-lost"), "The numbers are right, but an axis got lost.",
             "What does `keepdims=True` do, and what does a plain index like `[:, 0]` do?"),
    relation("axis-added", _looks_like("axis-added"), "The numbers are right, but there is an axis too many.",
             "Which shape does the docstring ask for?"),
    relation("sign", _looks_like("sign"), "Every entry has the opposite sign.",
             "Which difference has to be turned round, or which minus is missing or too many?"),
    relation("factor-2-twice", _looks_like("factor-2-twice"), "There is a factor 2 too many.",
             "How often do you differentiate the square?"),
    relation("factor-2-missing", _looks_like("factor-2-missing"), "A factor 2 is missing.",
             "What is the derivative of a square?"),
    relation("number-of-samples-from-elsewhere", _samples_from_elsewhere,
             "It is divided by a number of samples that is not the number in this batch.",
             "Where does the function take the number of samples from, and what if it is called with other data?"),
    relation("mean-missing", _looks_like("mean-missing"), "The mean over the samples is not taken: this is a sum.",
             "The cost is a mean. Where did its 1/I go?"),
    relation("mean-taken-twice", _looks_like("mean-taken-twice"), "The mean over the samples is taken twice.",
             "The cost's 1/I comes in once, with the first factor. Where does it come in again?"),
    relation("mean-over-outputs-missing", _looks_like("mean-over-outputs-missing"),
             "The cost divides by the number of outputs too, its derivative does not.",
             "By how many numbers does the cost divide, and by how many your derivative?"),
    relation("mean-over-outputs-taken-twice", _looks_like("mean-over-outputs-taken-twice"),
             "It is divided by the number of outputs, which the cost does not do.",
             "By how many numbers does the cost divide, and by how many your derivative?"),
    relation("rows-and-columns-mixed-up", _by_outputs,
             "It is divided by the number of outputs, where the number of samples should stand.",
             "Which axis runs over the samples in this notebook, and what does `len` count?"),
    relation("not-finite", is_not_finite, "There is NaN or infinity in it.",
             "Which number grew too large for a float, or where can a divisor become zero?"),
)  # fmt: skip
"""Relations between the submission's values and the expected ones that hold in every trial."""
