"""The decorator `checked`: declares the shapes of a function's arrays, checks them and converts them.

Above a function, ``@checked(net_input="(D_0, I)", all_weights="[(D_k+1, D_k)]")`` guarantees to its body real, finite
numbers of these shapes, all of one precision. A function that also has an argument ``samples`` is written for samples
as columns and serves rows as well: with ``samples="rows"`` the decorator transposes the arguments and the result.
"""

import functools
import inspect
import math
import operator
from collections.abc import Callable, Iterable, Sequence
from itertools import chain
from typing import Any, ParamSpec, TypeAlias, TypeVar

import numpy as np
from numpy.typing import NDArray

from autograder.reference.shapes import ReferenceInputError, Wanted, check_shapes

Scalar: TypeAlias = np.floating[Any]
"""One number, in the precision of the function's arguments."""
Array: TypeAlias = NDArray[np.floating[Any]]
"""Real numbers in any precision; callers of a checked function may pass nested lists and integers too."""
Arrays: TypeAlias = Sequence[Array]
"""One array for each layer, or for each parameter."""
Vector: TypeAlias = Sequence[float] | Array
"""A short row of numbers, which functions read by index only."""

P = ParamSpec("P")
R = TypeVar("R")


def checked(**shapes: str) -> Callable[[Callable[P, R]], Callable[P, R]]:
    """Return a decorator that checks the named arguments, in this order, and passes them on as arrays of one precision.

    The notation of a shape is that of the docstrings:

    - ``"(I, D_i)"``: a letter stands for the same size in every argument of the call, a digit for itself
    - ``"()"``: a single number; ``"(1, 1) or ()"``: either, told apart by the number of axes
    - ``"..."``: any shape, but the same in every argument with this form
    - ``"[(D_k+1, D_k)]"``: a list with such an array for each layer k; outside lists ``K+1`` is the number of layers
    - ``"labels (I,)"``: numbers like 0, 1, 2, which decide no precision and keep their own type

    Float arrays decide the precision together (float32 stays float32, float32 with float64 is float64); whole numbers,
    lists, and single Python numbers follow, and are float64 where no array decides. The decorator copies an array only
    where its type changes, so a body that returns an argument copies it. Named tuples of numbers stay named tuples.

    The decorated function raises ReferenceInputError for a wrong shape, an empty array or list, NaN, infinity, and
    anything other than real numbers. The decorator raises TypeError for an argument with a default, which no call
    would check.
    """
    wanted = tuple(shapes.items())

    def decorate(function: Callable[P, R]) -> Callable[P, R]:
        parameters = inspect.signature(function).parameters
        for name in shapes:
            if parameters[name].default is not inspect.Parameter.empty:
                raise TypeError(f"{name} has a default, which nobody would check")
        by_position = [name for name, parameter in parameters.items() if parameter.kind != parameter.KEYWORD_ONLY]
        body = _for_rows_too(function, by_position, shapes) if "samples" in parameters else function
        accepted: set[Any] = set()

        @functools.wraps(body)
        def call(*args: P.args, **kwargs: P.kwargs) -> R:
            arguments = dict(zip(by_position, args, strict=False)) | kwargs
            if len(arguments) < len(args) + len(kwargs) or not shapes.keys() <= arguments.keys():
                return function(*args, **kwargs)  # too many arguments, or too few: Python's own error says which
            samples = arguments.get("samples", "columns") if "samples" in parameters else None
            if samples not in (None, "columns", "rows"):
                raise ReferenceInputError("samples", '"columns" or "rows"', repr(samples))
            groups = [_parts(name, form, arguments[name]) for name, form in wanted]
            # Most calls bring arrays of shapes and types that passed before: then only their numbers are checked.
            kinds, finite = _kinds_and_finite(groups)
            if not finite or (samples, kinds) not in accepted:
                converted = _in_one_precision(wanted, groups)
                check_shapes(wanted, [[np.shape(part) for part in group] for group in converted], samples)
                _check_finite(wanted, converted)
                if len(accepted) < 1000 and all(map(operator.is_, chain(*converted), chain(*groups))):
                    accepted.add((samples, kinds))
                arguments |= {
                    name: group if form.startswith("[") else group[0]
                    for (name, form), group in zip(wanted, converted, strict=True)
                }
            return body(**arguments)  # type: ignore[arg-type, call-arg]

        return call

    return decorate


def unchecked(function: Callable[P, R]) -> Callable[P, R]:
    """Return the function without its checks, for a caller whose arguments would pass them: arrays of one precision."""
    return getattr(function, "__wrapped__", function)


def _for_rows_too(function: Callable[P, R], by_position: list[str], arrays: Iterable[str]) -> Callable[P, R]:
    """Return a function for samples as columns or rows, made of one for samples as columns.

    by_position: the names of its parameters in order. arrays: the names of those that are transposed.
    """

    @functools.wraps(function)
    def call(*args: P.args, **kwargs: P.kwargs) -> R:
        if kwargs.pop("samples", "columns") == "columns":
            return function(*args, **kwargs)
        arguments = dict(zip(by_position, args, strict=False)) | kwargs
        columns = arguments | {name: _transposed(arguments[name]) for name in arrays}
        return _transposed(function(**columns))  # type: ignore[arg-type, call-arg]

    return call


def whole_number(argument: str, value: int, least: int = 0) -> int:
    """Return value as an int if it is an integer of at least `least`.

    argument: the name of the value in messages. Raises ReferenceInputError otherwise.
    """
    if not isinstance(value, int | np.integer) or value < least:
        raise ReferenceInputError(argument, f"a whole number, {least} or more", repr(value))
    return int(value)


def _parts(name: str, form: str, given: Any) -> list[Any]:
    """Return the arrays of an argument: those of a list, or the argument itself.

    Raises ReferenceInputError where a list should be and something else is.
    """
    if not form.startswith("["):
        return [given]
    if not (isinstance(given, Sequence) or np.ndim(given)):
        raise ReferenceInputError(name, "a list of arrays", repr(given))
    return list(given)


def _part_name(name: str, form: str, k: int) -> str:
    """Return the name of part k of an argument in messages: with an index where the argument is a list."""
    return f"{name}[{k}]" if form.startswith("[") else name


def _kinds_and_finite(groups: list[list[Any]]) -> tuple[tuple[Any, ...], bool]:
    """Return the lengths, shapes and types that checks depend on, and True if all numbers are certainly finite."""
    kinds: list[Any] = []
    finite = True
    with np.errstate(over="ignore"):
        for group in groups:
            kinds.append(len(group))
            for part in group:
                if type(part) is np.ndarray:
                    kinds += part.shape, part.dtype
                    flat = part.ravel(order="K")
                    # As fast as memory is read: a finite sum of squares has finite terms. The sum may overflow, though.
                    finite = finite and math.isfinite(flat.dot(flat))
                else:
                    kinds.append(type(part))
                    finite = finite and type(part) is float and math.isfinite(part)
    return tuple(kinds), finite


def _check_finite(wanted: Wanted, groups: list[list[Any]]) -> None:
    """Raise ReferenceInputError for the first array with NaN or infinity in it."""
    for (name, form), group in zip(wanted, groups, strict=True):
        for k, part in enumerate(group):
            bad = np.argwhere(~np.isfinite(part))
            if len(bad):
                shape = np.shape(part)
                where = f" at {tuple(map(int, bad[0]))} of shape {shape}" if shape else ""
                precision = f"finite numbers in {np.asarray(part).dtype}"
                raise ReferenceInputError(_part_name(name, form, k), precision, f"NaN or infinity{where}", shape)


def _in_one_precision(wanted: Wanted, groups: list[list[Any]]) -> list[list[Any]]:
    """Return the same numbers as arrays of one precision; labels keep their type."""
    arrays = [
        [_numbers(_part_name(name, form, k), part) for k, part in enumerate(group)]
        for (name, form), group in zip(wanted, groups, strict=True)
    ]
    chosen = {
        array.dtype
        for (_, form), group, converted in zip(wanted, groups, arrays, strict=True)
        for part, array in zip(group, converted, strict=True)
        # NumPy makes float64 of Python floats, so for a list or a bare number the caller did not choose that dtype.
        if array.dtype.kind == "f" and (isinstance(part, np.ndarray) or array.dtype != np.float64)
        if not form.startswith("labels")
    }
    dtype = np.result_type(*chosen) if chosen else np.dtype(np.float64)
    return [
        converted
        if form.startswith("labels")
        else [_in_precision(dtype, part, array) for part, array in zip(group, converted, strict=True)]
        for (_, form), group, converted in zip(wanted, groups, arrays, strict=True)
    ]


def _numbers(name: str, value: object) -> NDArray[Any]:
    """Return a value as an array of real numbers. Raises ReferenceInputError if it is none."""
    try:
        array = np.asarray(value)
    except ValueError as error:
        raise ReferenceInputError(name, "rows of one length", f"a ragged {type(value).__name__}") from error
    if array.dtype.kind not in "buif":
        raise ReferenceInputError(name, "real numbers", f"dtype {array.dtype} of shape {array.shape}", array.shape)
    return array


def _in_precision(dtype: np.dtype[Any], given: Any, array: NDArray[Any]) -> Any:
    """Return one argument, given and as an array, in this precision; a named tuple stays one."""
    if isinstance(given, int | float) and not isinstance(given, np.floating):
        return float(given)  # in NumPy a Python number takes the precision of every array it is combined with
    if array is given and array.dtype == dtype:
        return array
    with np.errstate(over="ignore"):  # _check_finite reports a number too large for the precision
        array = array.astype(dtype)
    return given._make(array) if hasattr(given, "_make") else array[()]  # [()]: no axes, so a number


def _transposed(value: Any) -> Any:
    """Return the value with every array in it transposed; lists, tuples and named tuples stay such."""
    if isinstance(value, np.ndarray):
        return value.T
    if isinstance(value, list | tuple):
        parts = [_transposed(part) for part in value]
        return parts if isinstance(value, list) else getattr(value, "_make", tuple)(parts)
    return value
