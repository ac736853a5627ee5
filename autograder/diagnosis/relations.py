"""Mistakes that show whatever the task: what came stands in a plain relation to what is right."""

from __future__ import annotations

from typing import Any

import numpy as np

from autograder.diagnosis import desk
from autograder.diagnosis.compare import is_layered, layers_of, tolerance_for
from autograder.diagnosis.mistake import Shows, shown
from autograder.diagnosis.no_value import not_finite
from autograder.diagnosis.trial import Evidence, NoValue, Trial, is_right, numbers, same


def _swapped(evidence: Evidence) -> bool:
    """It is in every case what another value should be, and that one is wrong too."""
    value, trials = evidence.value, evidence.trials
    others = set(trials[0].right) - {value}
    return value not in evidence.steps and any(
        all(not isinstance(t.yours[value], NoValue) and same(t.yours[value], t.right_of(other)) for t in trials)
        and not all(is_right(t.yours.get(other), t.right_of(other)) for t in trials)
        for other in others
    )


def _typed_in(evidence: Evidence) -> bool:
    """The same in all cases, although what is right is not; or right but for an input that stays the same."""
    came = [trial.yours[evidence.value] for trial in evidence.trials]
    if len(came) < 2 or any(isinstance(value, NoValue) or value is None for value in came):
        return False
    if all(same(value, came[0]) for value in came[1:]):
        layers = [came[0]] if not isinstance(came[0], list | tuple) else came[0]
        return all(not isinstance(numbers(layer), str) for layer in layers) and any(map(np.any, layers))
    return any(_stays(evidence, name) for name in evidence.trials[0].given)


def _stays(evidence: Evidence, name: str) -> bool:
    """Whether the value is what it should be, had this input one and the same value in every case."""
    stands_for = []
    for trial in evidence.trials:
        input_, yours = trial.given[name], numbers(trial.yours[evidence.value])
        truth = trial.true(evidence.value)
        if not isinstance(input_, float) or isinstance(yours, str) or is_layered(truth):
            return False
        right = np.asarray(truth)
        if yours.size != 1 or right.size != 1 or not right.any():
            return False
        stands_for.append(yours.item() / right.item() * input_)
    return float(np.ptp(stands_for)) <= 1e-6 * max(map(abs, stands_for)) and len(stands_for) > 1


def _samples_from_elsewhere(evidence: Evidence) -> bool:
    """Divided by a number of samples that is the same whatever the case has."""
    by = []
    for trial in evidence.trials:
        ratio, samples = _ratio(trial, evidence.value), trial.samples()
        if not ratio or not samples:
            return False
        by.append(samples / ratio)
    counts = {trial.samples() for trial in evidence.trials}
    return len(counts) > 1 and by[0] > 1.001 and float(np.ptp(by)) <= 1e-4 * by[0]


def _by_outputs(evidence: Evidence) -> bool:
    """I/D_o times what it should be: divided by the number of outputs in the place of that of the samples."""
    for trial in evidence.trials:
        right, came = trial.true(evidence.value), trial.yours[evidence.value]
        samples, outputs = trial.samples(), trial.given.get("D_o")
        if not samples or not outputs or isinstance(came, NoValue):
            return False
        ratio = samples / outputs
        if not same(came, [ratio * one for one in right] if is_layered(right) else ratio * np.asarray(right)):
            return False
    return True


def _ratio(trial: Trial, value: str) -> float | None:
    yours, truth = numbers(trial.yours[value]), trial.true(value)
    if isinstance(yours, str) or is_layered(truth):
        return None
    right = np.asarray(truth, dtype=float)
    if not desk.same_shape(yours, right) or not right.any():
        return None
    ratio = float(np.vdot(right, yours) / np.vdot(right, right))
    return ratio if ratio and same(yours, ratio * right) else None


def _looks_like(name: str) -> Shows:
    """Seen where every wrong case has this look, and no right case contradicts it."""

    def shows(evidence: Evidence) -> bool:
        return all(name in _looks(trial, evidence.value) for trial in evidence.wrong) and all(
            _may_be_right(name, trial, evidence.value) for trial in evidence.others
        )

    return shows


def _looks(trial: Trial, value: str) -> set[str]:
    found = [_looks_of_one(one, two, trial) for one, two in trial.layers(value) if not is_right(one, two)]
    return set.intersection(*found) if found else set()


def _looks_of_one(yours: Any, right: Any, trial: Trial) -> set[str]:
    own, true = numbers(yours), np.asarray(right, dtype=float)
    if isinstance(own, str):
        return set()
    slack = tolerance_for(yours) * float(np.abs(true).max(initial=0))
    found = {name for name, _ in desk.looks(own, true, trial.samples(), slack, trial.given.get("D_o"))}
    # One sample of several outputs is a mean over the outputs alone.
    return found - {"mean-missing", "mean-taken-twice"} if trial.samples() == 1 else found


def _may_be_right(name: str, trial: Trial, value: str) -> bool:
    """Whether the mistake does no harm in a case where the value is right."""
    right = trial.true(value)
    if is_layered(right):
        return True
    true = np.asarray(right, dtype=float)
    if name in ("transposed", "axis-lost", "axis-added"):
        return true.size == 1 or (true.ndim == 2 and np.array_equal(true, true.T))
    if name in ("mean-over-outputs-missing", "mean-over-outputs-taken-twice"):
        return trial.given.get("D_o") == 1
    return not true.any() or (("mean" in name or "sum" in name) and trial.samples() == 1)


def _moved_layers(evidence: Evidence) -> bool:
    """The layers are right, but stand in other places."""
    return all(_moved(t.yours[evidence.value], t.true(evidence.value)) for t in evidence.wrong)


def _moved(yours: Any, right: Any) -> bool:
    if (
        not isinstance(yours, list | tuple)
        or not isinstance(right, list | tuple)
        or len(yours) != len(right)
        or len(right) < 2
    ):
        return False
    return all(any(same(one, other) for other in right) for one in yours)


def _layer_left_out(evidence: Evidence) -> bool:
    """Layers are right or not there at all: None, zeros, or cut off at one end of the list."""
    found = [_left_of(layers_of(trial.yours[evidence.value]), trial.true(evidence.value)) for trial in evidence.wrong]
    return any(found) and None not in found


def _left_of(own: list[Any] | None, right: Any) -> int | None:
    """How many layers of a list are right, where no layer is wrong; None where one is, or there is no list."""
    if own is None or not is_layered(right) or len(own) > len(right):
        return None
    for part in (right[: len(own)], right[len(right) - len(own) :]):
        there = [(one, true) for one, true in zip(own, part, strict=True) if not _is_nothing(one)]
        if all(is_right(one, true) for one, true in there):
            return len(there)
    return None


def _is_nothing(value: Any) -> bool:
    array = numbers(value)
    return value is None or (not isinstance(array, str) and not array.any())


RELATIONS_TO_THE_TRUTH = (
    shown("values-swapped", _swapped, "Right values stand in each other's places.",
          "In which order does the text ask for them?"),
    shown("numbers-typed-in", _typed_in,
          "A number is typed in where a name should stand: it stays when the inputs change.",
          "Which variable of the notebook has this value today?"),
    shown("layers-in-another-order", _moved_layers, "The layers are right, but they stand in another order.",
          "Which layer does the first entry of the list belong to, and in which order does your loop fill it?"),
    shown("layer-left-out", _layer_left_out, "Some layers are right, the others are zero or not there.",
          "Which layer does your loop begin with, and which one is its last?"),
    shown("zeros", _looks_like("zeros"), "All of it is zero: nothing is computed, or all of it is lost.",
          "Which line puts something in place of the zeros?"),
    shown("transposed", _looks_like("transposed"), "Rows and columns have changed places.",
          "Which axis runs over the samples in this notebook, and which should it be in the result?"),
    shown("sum-not-taken", _looks_like("sum-not-taken"), "A sum over an axis is still to be taken.",
          "How many samples move this one parameter, and how do their shares come together?"),
    shown("mean-not-taken", _looks_like("mean-not-taken"), "A mean over an axis is still to be taken.",
          "Which axis should be gone from the result?"),
    shown("axis-lost", _looks_like("axis-lost"), "The numbers are right, but an axis got lost.",
          "What does `keepdims=True` do, and what does a plain index like `[:, 0]` do?"),
    shown("axis-added", _looks_like("axis-added"), "The numbers are right, but there is an axis too many.",
          "Which shape does the docstring ask for?"),
    shown("sign", _looks_like("sign"), "Every entry has the opposite sign.",
          "Which difference has to be turned round, or which minus is missing or too many?"),
    shown("factor-2-twice", _looks_like("factor-2-twice"), "There is a factor 2 too many.",
          "How often do you differentiate the square?"),
    shown("factor-2-missing", _looks_like("factor-2-missing"), "A factor 2 is missing.",
          "What is the derivative of a square?"),
    shown("number-of-samples-from-elsewhere", _samples_from_elsewhere,
          "It is divided by a number of samples that is not the number in this batch.",
          "Where does the function take the number of samples from, and what if it is called with other data?"),
    shown("mean-missing", _looks_like("mean-missing"), "The mean over the samples is not taken: this is a sum.",
          "The cost is a mean. Where did its 1/I go?"),
    shown("mean-taken-twice", _looks_like("mean-taken-twice"), "The mean over the samples is taken twice.",
          "The cost's 1/I comes in once, with the first factor. Where does it come in again?"),
    shown("mean-over-outputs-missing", _looks_like("mean-over-outputs-missing"),
          "The cost divides by the number of outputs too, its derivative does not.",
          "By how many numbers does the cost divide, and by how many your derivative?"),
    shown("mean-over-outputs-taken-twice", _looks_like("mean-over-outputs-taken-twice"),
          "It is divided by the number of outputs, which the cost does not do.",
          "By how many numbers does the cost divide, and by how many your derivative?"),
    shown("rows-and-columns-mixed-up", _by_outputs,
          "It is divided by the number of outputs, where the number of samples should stand.",
          "Which axis runs over the samples in this notebook, and what does `len` count?"),
    shown("not-finite", not_finite, "There is NaN or infinity in it.",
          "Which number grew too large for a float, or where can a divisor become zero?"),
)  # fmt: skip
"""What came stands in a relation to what is right that can be seen in every case."""
