"""What came from a student, and whether it is worth building on."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from itertools import chain, combinations
from typing import Any

import numpy as np

from autograder.checks.cases import Case
from autograder.diagnosis import NoValue, OneOf, Within, desk
from autograder.diagnosis.compare import is_layered, layers_of

Values = Mapping[str, Any]
Kinder = Callable[[Case, Values, Values], Mapping[str, Values]]
"""What would be right too, by the earlier answer it follows from; asked with the case, what came, and what is right."""


def is_array(own: Any) -> bool:
    """Whether it is made of real numbers, whatever its shape."""
    if isinstance(own, NoValue):
        return False
    try:
        return np.asarray(own).dtype.kind in "iuf"
    except ValueError:  # rows of different lengths
        return False


def is_number(own: Any, right: Any) -> bool:
    """Whether it is made of real numbers, and of as many as it should be."""
    if isinstance(own, NoValue):
        return False
    if is_layered(right):
        layers = layers_of(own)
        return layers is not None and len(layers) == len(right) and all(map(is_number, layers, right))
    return is_array(own) and (np.shape(own) == np.shape(right) or np.size(own) == np.size(right) == 1)


def substantial(own: Any, right: Any) -> bool:
    """Whether it is an answer that something can be built on: numbers that are finite, and not all zero."""
    if isinstance(own, OneOf):
        return substantial(own.options[0], right)
    if isinstance(right, Within):
        # What would pass for zero is no answer that something can be built on.
        return is_number(own, right.value) and bool(np.isfinite(own).all() and (np.abs(own) > right.slack).any())
    if isinstance(right, OneOf):
        return any(substantial(own, option) for option in right.options)
    layers = [own] if not is_layered(right) else layers_of(own) or []
    return is_number(own, right) and all(np.isfinite(layer).all() and np.any(layer) for layer in layers)


def giving_arrays(function: Callable[..., Any]) -> Callable[..., Any]:
    """A student's function that may give lists where the truth computes with arrays."""

    def arrays(value: Any) -> Any:
        if isinstance(value, tuple):
            return tuple(map(arrays, value))
        numbers = desk.as_numbers(value) if isinstance(value, list) else value
        return value if isinstance(numbers, str) else numbers

    return lambda *args, **kwargs: arrays(function(*args, **kwargs))


def some_of(names: Iterable[str]) -> Iterator[tuple[str, ...]]:
    """Each choice of one or more of these names, the smaller ones first: a slip may be in any of them."""
    names = tuple(names)
    return chain.from_iterable(combinations(names, count) for count in range(1, len(names) + 1))
