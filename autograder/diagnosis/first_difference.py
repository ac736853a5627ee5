"""Finds the first difference between a submission's values and the expected ones, in the order of computation."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence

from autograder.diagnosis.compare import as_layers, is_layered
from autograder.diagnosis.trial import Trial, is_correct

Quantity = tuple[str, int | None, str]
"""A value's name, the index of one layer of it or None, and the words for it in a message."""


def first_difference(
    trial: Trial, values: Sequence[str], explained: Collection[str] = (), correct: Collection[str] | None = None
) -> str:
    """Return a sentence on the first wrong quantity of a trial; empty where there is but one, or none is wrong.

    The cause of a wrong value is where values first differ, not where they last do. values: names of the task's values.
    explained: those with a known cause; the sentence is empty where one of them differs first. correct: those that are
    correct in every case, by the reference or by earlier answers; None if there is no other case. The sentence
    contradicts neither: it calls no quantity right whose value is wrong in another case, or for another reason.
    """
    order = list(_order(trial, values))
    is_off = [value not in (correct or ()) and not _is_correct(trial, value, index) for value, index, _ in order]
    if len(order) < 2 or not any(is_off):
        return ""
    first = is_off.index(True)
    value, _, words = order[first]
    if value in explained:
        return ""
    if first == 0:
        return f"The first that is off is {words}, the first to be computed."
    before, _, before_words = order[first - 1]
    wrong_here = {name for (name, *_), off in zip(order, is_off, strict=True) if off}
    right = correct is None or before in correct or (before in wrong_here and before not in explained)
    still = f"; {before_words.partition(',')[0]} is still right" if right else ""
    return f"The first that is off is {words}{still}."


def is_backwards(value: str) -> bool:
    """True if the layers of a value are computed from the last to the first, as gradients are."""
    return value.startswith("all_dl")


def _order(trial: Trial, values: Sequence[str]) -> Iterator[Quantity]:
    """Yield the task's quantities in the order of their computation; a list of layers counts layer by layer."""
    depths = {name: _depth(trial, name) for name in values}
    depth = next(filter(None, depths.values()), 0)
    if {"all_dl_dweights", "all_dl_dbiases"} <= set(values):
        for k in reversed(range(depth)):
            # A bias is added to its pre-activation, so its gradient is that of the pre-activation, summed.
            yield "all_dl_dbiases", k, f"dl_df[{k}], as all_dl_dbiases[{k}] shows"
            yield "all_dl_dweights", k, f"all_dl_dweights[{k}]"
    elif {"all_f", "all_h"} <= set(values):
        for k in range(depth):
            yield "all_h", k, f"all_h[{k}]"
            yield "all_f", k, f"all_f[{k}]"
        yield from ((name, None, name) for name in values if name not in ("all_f", "all_h"))
    else:
        for name in values:
            order = range(depths[name])[::-1] if is_backwards(name) else range(depths[name])
            yield from ((name, k, f"{name}[{k}]") for k in order) if depths[name] else [(name, None, name)]


def _depth(trial: Trial, name: str) -> int:
    """Return the number of layers of a value; 0 for a value that is no list of layers."""
    expected = trial.first_expected(name)
    return len(expected) if is_layered(expected) else 0


def _is_correct(trial: Trial, value: str, index: int | None) -> bool:
    """True if a value, or one of its layers, is correct."""
    actual = trial.actual[value]
    if index is None:
        return is_correct(actual, trial.expected[value])
    layers, expected = as_layers(actual), trial.first_expected(value)
    return layers is not None and len(layers) == len(expected) and is_correct(layers[index], expected[index])
