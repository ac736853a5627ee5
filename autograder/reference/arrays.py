"""Say in one line which arrays a function takes, and let it start from clean copies of them.

``@checked(net_input="(I, D_i)", weights="(D_i, 1)")`` above a function means that its body may rely on it: real, finite
numbers of these shapes, all of one precision, and its own to keep.
"""

import functools
import inspect
from collections.abc import Callable, Mapping, Sequence
from typing import Any, ParamSpec, TypeAlias, TypeVar

import numpy as np
from numpy.typing import NDArray

Scalar: TypeAlias = np.floating[Any]
"""One number of the precision its arguments had."""
Array: TypeAlias = NDArray[np.floating[Any]]
"""Real numbers in any precision; callers of a checked function may pass nested lists and integers too."""
Vector: TypeAlias = Sequence[float] | Array
"""A short row of numbers that is only ever read by index."""
Shape: TypeAlias = tuple[int, ...]

P = ParamSpec("P")
R = TypeVar("R")


class ReferenceInputError(ValueError):
    """An argument for which the mathematics has no answer."""

    argument: str
    """Its name in the function's signature."""
    expected: str
    """What it should have been, in words."""
    received: str
    """What it was instead, in words."""
    shape: Shape | None
    """The shape received; None where the value is no array."""

    def __init__(self, argument: str, expected: str, received: str, shape: Shape | None = None) -> None:
        super().__init__(argument, expected, received, shape)
        self.argument = argument
        self.expected = expected
        self.received = received
        self.shape = shape

    def __str__(self) -> str:
        return f"{self.argument}: expected {self.expected}, got {self.received}"


def checked(**shapes: str) -> Callable[[Callable[P, R]], Callable[P, R]]:
    """Check the named arguments and hand the function copies of one precision.

    A shape is written as in the docstrings, ``"(I, D_i)"``: a letter stands for the same size in every argument of the
    call, a digit for itself, ``"()"`` for a single number. Named tuples of numbers stay named tuples.

    Arrays decide the precision (float32 stays float32); integers, Python floats and lists of them follow, and are
    float64 where no array decides.

    Raises ReferenceInputError for a wrong shape, nothing at all, NaN, infinity, and whatever isn't a real number.
    """

    def decorate(function: Callable[P, R]) -> Callable[P, R]:
        signature = inspect.signature(function)

        @functools.wraps(function)
        def call(*args: P.args, **kwargs: P.kwargs) -> R:
            bound = signature.bind(*args, **kwargs)
            bound.arguments.update(_promoted({name: bound.arguments[name] for name in shapes}, shapes))
            return function(*bound.args, **bound.kwargs)

        return call

    return decorate


def whole_number(argument: str, value: int) -> int:
    """Return ``value`` if it counts something: an integer, 0 or more."""
    if not isinstance(value, int | np.integer) or value < 0:
        raise ReferenceInputError(argument, "a whole number, 0 or more", repr(value))
    return int(value)


def _promoted(given: Mapping[str, Any], shapes: Mapping[str, str]) -> dict[str, Any]:
    arrays = {name: _numbers(name, value) for name, value in given.items()}
    dtype = _common_dtype(given, arrays)
    sizes: dict[str, int] = {}
    for name, array in arrays.items():
        _check_shape(name, array.shape, shapes[name], sizes)
        with np.errstate(over="ignore"):  # a number too large for the precision is reported just below
            arrays[name] = array.astype(dtype)
        if not np.isfinite(arrays[name]).all():
            raise ReferenceInputError(name, f"finite numbers in {dtype}", "NaN or infinity", array.shape)
    return {name: _in_the_form_of(given[name], array) for name, array in arrays.items()}


def _in_the_form_of(given: Any, array: Array) -> Any:
    return given._make(array) if hasattr(given, "_make") else array[()]  # [()] makes a number of an array without axes


def _numbers(name: str, value: object) -> NDArray[Any]:
    try:
        array = np.asarray(value)
    except ValueError as error:
        raise ReferenceInputError(name, "rows of one length", f"a ragged {type(value).__name__}") from error
    if array.dtype.kind not in "buif":
        raise ReferenceInputError(name, "real numbers", f"dtype {array.dtype}", array.shape)
    return array


def _common_dtype(given: Mapping[str, Any], arrays: Mapping[str, NDArray[Any]]) -> np.dtype[Any]:
    # NumPy makes float64 of Python floats, so on a list or a bare number that dtype is nobody's choice.
    chosen = [
        array.dtype
        for name, array in arrays.items()
        if array.dtype.kind == "f" and (isinstance(given[name], np.ndarray) or array.dtype != np.float64)
    ]
    return np.result_type(*chosen) if chosen else np.dtype(np.float64)


def _check_shape(name: str, shape: Shape, wanted: str, sizes: dict[str, int]) -> None:
    letters = wanted.strip("()").replace(",", " ").split()
    known = ", ".join(f"{letter} = {sizes[letter]}" for letter in letters if letter in sizes)
    expected = f"shape {wanted}" + (f" with {known}" if known else "")
    if len(shape) != len(letters):
        raise ReferenceInputError(name, expected, f"shape {shape}", shape)
    for letter, size in zip(letters, shape, strict=True):
        if size != (int(letter) if letter.isdigit() else sizes.setdefault(letter, size)):
            raise ReferenceInputError(name, expected, f"shape {shape}", shape)
    if 0 in shape:
        raise ReferenceInputError(name, f"{expected}, not empty", f"shape {shape}", shape)
