"""Converts natural values to plain ones: NumPy's other arrays, fractions, iterators, subclasses of plain types.

Runs in the process of the student code and in an author's Jupyter kernel, on values of the student only. It protects
nobody: the grader's process decodes plain data, whatever this module makes of a value.
"""

from __future__ import annotations

import collections
import types
from collections.abc import Callable, Iterable
from decimal import Decimal
from fractions import Fraction
from itertools import islice
from typing import Any, NoReturn

import numpy as np

from .wire import MAX_DEPTH, MAX_VALUES, SCALAR_TYPES, WireError, encode


def encode_natural(value: Any, read_iterators: bool = False) -> bytes:
    """Return the bytes of a value, converted to a plain one where that is needed. Raises WireError as `encode` does.

    read_iterators: whether to read an iterator to its end; it has nothing to give a second time. The student's code
    that an iterator runs may raise anything.
    """
    try:
        return encode(value)
    except WireError:
        return encode(_Converter(read_iterators).convert(value))


class _Converter:
    """Converts one value, with its items."""

    def __init__(self, read_iterators: bool) -> None:
        self._read_iterators = read_iterators
        self._depth = self._values = 0
        """Number of containers around the present value; of values so far."""

    def convert(self, value: Any) -> Any:
        """Return a plain value with the content of this one, or the value itself. Raises WireError.

        The content of a subclass is read by its base class: what its own methods say need not be its content.
        """
        kind = type(value)
        self._values += 1
        if self._values > MAX_VALUES:
            raise WireError(f"holds more than {MAX_VALUES:,} values")
        if kind in SCALAR_TYPES:
            return value
        for base, read in _CONTENT.items():
            if issubclass(kind, base):
                return read(value)
        if issubclass(kind, np.ndarray):
            return self._converted_array(value)
        if issubclass(kind, tuple):
            return tuple(self._converted_items(tuple.__iter__(value)))
        if issubclass(kind, dict):
            items = self._converted_items(part for pair in dict.items(value) for part in pair)
            return dict(zip(items[::2], items[1::2], strict=True))
        for base, iterate in _ITERATED.items():
            if issubclass(kind, base):
                return self._converted_items(iterate(value))
        if hasattr(kind, "__next__"):
            if not self._read_iterators:
                self._refuse(f"a value of type {kind.__name__}, which can be read only once: make a list of it")
            return self._converted_items(value)
        return self._refuse_kind(kind)

    def _converted_items(self, items: Iterable[Any]) -> list[Any]:
        """Return a list of the items, converted. An iterator may have no end, so no more are read than can cross."""
        if self._depth == MAX_DEPTH:
            raise WireError("holds containers nested too deeply, or in a circle")
        self._depth += 1
        converted = [self.convert(item) for item in islice(items, MAX_VALUES + 1)]
        self._depth -= 1
        return converted

    def _converted_array(self, value: np.ndarray[Any, Any]) -> Any:
        """Return an array without subclass; of an array of objects their numbers, or a list of other objects."""
        if isinstance(value, np.ma.MaskedArray) and (masked := np.count_nonzero(np.ma.getmaskarray(value))):
            self._refuse(f"a masked array, {masked} of whose {value.size} entries are masked: each should have a value")
        array = np.ndarray.view(value, np.ndarray)
        if array.dtype != object:
            return array
        items = self._converted_items(array.ravel().tolist())
        if all(isinstance(item, int | float | np.number | np.bool_) for item in items):
            return np.array(items).reshape(array.shape)
        return items if array.ndim == 1 else array

    def _refuse_kind(self, kind: type) -> NoReturn:
        """Raise WireError for a type, with what the student may do about it."""
        advice = ""
        if issubclass(kind, _FUNCTIONS):
            advice = ": is it called, with its brackets?"
        elif issubclass(kind, set | frozenset):
            advice = ", which has no order: make a list of it"
        elif hasattr(kind, "__array__") and not hasattr(kind, "detach"):  # a tensor's own way is a lab's subject
            advice = ": make an array of it, with `np.asarray(…)`"
        self._refuse(f"a value of type {kind.__name__}{advice}")

    def _refuse(self, what: str) -> NoReturn:
        """Raise WireError for the present value."""
        raise WireError(f"{'holds' if self._depth else 'is'} {what}")


_CONTENT: dict[type, Callable[[Any], Any]] = {
    int: int.__int__,
    float: float.__float__,
    complex: complex.__complex__,
    str: str.__str__,
    bytes: lambda value: b"".join([value]),
    Fraction: float,
    Decimal: float,
}
"""By type: how to read its content, also from an object of a subclass."""
_ITERATED: dict[type, Callable[[Any], Iterable[Any]]] = {
    list: list.__iter__,
    collections.deque: collections.deque.__iter__,
    range: range.__iter__,
    **dict.fromkeys((type({}.keys()), type({}.values()), type({}.items())), iter),
}
"""By type: how to read the items that become those of a list."""
_FUNCTIONS = (types.FunctionType, types.MethodType, types.BuiltinFunctionType, np.ufunc)
