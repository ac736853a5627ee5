"""Where values first differ, in the order in which they are computed: the cause is there, not where it shows last."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from autograder.diagnosis.compare import is_layered, layers_of
from autograder.diagnosis.trial import Trial, is_right

Quantity = tuple[str, int | None, str]
"""A value, the index of one layer of it, and what that is called."""


def first_off(trial: Trial, gives: Sequence[str]) -> str:
    """The first quantity of a case that is wrong, in a sentence; empty where there is but one, or none is wrong."""
    order = list(_order(trial, gives))
    for before, (value, index, called) in zip([None, *order], order, strict=False):
        if not _is_right(trial, value, index):
            right = f"; {before[2].partition(',')[0]} is still right" if before else ", the first to be computed"
            return f"The first that is off is {called}{right}." if len(order) > 1 else ""
    return ""


def is_backwards(value: str) -> bool:
    """Whether the layers of a value are computed from the last to the first, as slopes are."""
    return value.startswith("all_dl")


def _order(trial: Trial, gives: Sequence[str]) -> Iterator[Quantity]:
    """What a task gives, in the order of its computation; a list of layers counts layer by layer."""
    layers = next((len(trial.true(name)) for name in gives if is_layered(trial.true(name))), 0)
    if {"all_dl_dweights", "all_dl_dbiases"} <= set(gives):
        for k in reversed(range(layers)):
            # A bias moves its pre-activation one for one: its slope is that of the pre-activation, summed.
            yield "all_dl_dbiases", k, f"dl_df[{k}], as all_dl_dbiases[{k}] shows"
            yield "all_dl_dweights", k, f"all_dl_dweights[{k}]"
    elif {"all_f", "all_h"} <= set(gives):
        for k in range(layers):
            yield "all_h", k, f"all_h[{k}]"
            yield "all_f", k, f"all_f[{k}]"
        yield from ((name, None, name) for name in gives if name not in ("all_f", "all_h"))
    else:
        for name in gives:
            count = len(trial.true(name)) if is_layered(trial.true(name)) else 0
            order = range(count)[::-1] if is_backwards(name) else range(count)
            yield from ((name, k, f"{name}[{k}]") for k in order) if count else [(name, None, name)]


def _is_right(trial: Trial, value: str, index: int | None) -> bool:
    yours, right = trial.yours[value], trial.right[value]
    if index is None:
        return is_right(yours, right)
    layers: list[Any] | None = layers_of(yours)
    true = trial.true(value)
    return layers is not None and len(layers) == len(true) and is_right(layers[index], true[index])
