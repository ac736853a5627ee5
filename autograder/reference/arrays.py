"""Say in one line which arrays a function takes, and let its body rely on them.

Above a function, ``@checked(net_input="(D_0, I)", all_weights="[(D_k+1, D_k)]")`` promises its body real, finite
numbers of these shapes, all of one precision. A function that also has an argument ``samples`` is written for samples
as columns and serves rows as well: ``samples="rows"`` transposes what goes in and what comes out.
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
"""One number of the precision its arguments had."""
Array: TypeAlias = NDArray[np.floating[Any]]
"""Real numbers in any precision; callers of a checked function may pass nested lists and integers too."""
Arrays: TypeAlias = Sequence[Array]
"""One array for each layer, or for each parameter."""
Vector: TypeAlias = Sequence[float] | Array
"""A short row of numbers that is only ever read by index."""

P = ParamSpec("P")
R = TypeVar("R")


def checked(**shapes: str) -> Callable[[Callable[P, R]], Callable[P, R]]:
    """Check the named arguments, in the order given here, and hand them over as arrays of one precision.

    A shape is written as in the docstrings:

    - ``"(I, D_i)"``: a letter stands for the same size in every argument of the call, a digit for itself
    - ``"()"``: a single number; ``"(1, 1) or ()"``: either, told apart by the number of axes
    - ``"..."``: any shape, but the same in every argument that says so
    - ``"[(D_k+1, D_k)]"``: a list with such an array for each layer k; outside lists ``K+1`` is the number of layers
    - ``"labels (I,)"``: numbers like 0, 1, 2, which decide no precision and keep their own type

    Float arrays decide the precision together (float32 stays float32, float32 with float64 is float64); whole numbers,
    lists, and single Python numbers follow, and are float64 where no array decides. Nothing is copied unless its type
    changes, so a body that returns an argument copies it. Named tuples of numbers stay named tuples.

    Raises ReferenceInputError for a wrong shape, nothing at all, NaN, infinity, and whatever isn't a real number.
    """
    wanted = tuple(shapes.items())

    def decorate(function: Callable[P, R]) -> Callable[P, R]:
        parameters = inspect.signature(function).parameters
        for name in shapes:
            if parameters[name].default is not inspect.Parameter.empty:
                raise TypeError(f"{name} has a default, which nobody would check")
        by_position = [name for name, parameter in parameters.items() if parameter.kind != parameter.KEYWORD_ONLY]
        body = _either_way(function, by_position, shapes) if "samples" in parameters else function
        fitted: set[Any] = set()

        @functools.wraps(body)
        def call(*args: P.args, **kwargs: P.kwargs) -> R:
            given = dict(zip(by_position, args, strict=False)) | kwargs
            if len(given) < len(args) + len(kwargs) or not shapes.keys() <= given.keys():
                return function(*args, **kwargs)  # too many arguments, or too few: Python says which
            samples = given.get("samples", "columns") if "samples" in parameters else None
            if samples not in (None, "columns", "rows"):
                raise ReferenceInputError("samples", '"columns" or "rows"', repr(samples))
            groups = [_parts(name, form, given[name]) for name, form in wanted]
            # Most calls bring arrays of shapes and types that fitted before: only their numbers are looked at again.
            kinds, finite = _at_a_glance(groups)
            if not finite or (samples, kinds) not in fitted:
                ready = _converted(wanted, groups)
                check_shapes(wanted, [[np.shape(part) for part in group] for group in ready], samples)
                _check_finite(wanted, ready)
                if len(fitted) < 1000 and all(map(operator.is_, chain(*ready), chain(*groups))):
                    fitted.add((samples, kinds))
                given |= {
                    name: group if form.startswith("[") else group[0]
                    for (name, form), group in zip(wanted, ready, strict=True)
                }
            return body(**given)  # type: ignore[arg-type, call-arg]

        return call

    return decorate


def unchecked(function: Callable[P, R]) -> Callable[P, R]:
    """Return the function without its checks, for a caller whose arguments would pass them: arrays of one precision."""
    return getattr(function, "__wrapped__", function)


def _either_way(function: Callable[P, R], by_position: list[str], arrays: Iterable[str]) -> Callable[P, R]:
    """The function, which is written for samples as columns, for samples as rows as well."""

    @functools.wraps(function)
    def call(*args: P.args, **kwargs: P.kwargs) -> R:
        if kwargs.pop("samples", "columns") == "columns":
            return function(*args, **kwargs)
        given = dict(zip(by_position, args, strict=False)) | kwargs
        columns = given | {name: _transposed(given[name]) for name in arrays}
        return _transposed(function(**columns))  # type: ignore[arg-type, call-arg]

    return call


def whole_number(argument: str, value: int, least: int = 0) -> int:
    """Return value, the argument of that name, if it counts something: an integer, least or more."""
    if not isinstance(value, int | np.integer) or value < least:
        raise ReferenceInputError(argument, f"a whole number, {least} or more", repr(value))
    return int(value)


def _parts(name: str, form: str, given: Any) -> list[Any]:
    """Return the arrays of a list, or the argument itself."""
    if not form.startswith("["):
        return [given]
    if not (isinstance(given, Sequence) or np.ndim(given)):
        raise ReferenceInputError(name, "a list of arrays", repr(given))
    return list(given)


def _named(name: str, form: str, k: int) -> str:
    return f"{name}[{k}]" if form.startswith("[") else name


def _at_a_glance(groups: list[list[Any]]) -> tuple[tuple[Any, ...], bool]:
    """Return what shapes and precision depend on, and True if all numbers are surely finite."""
    kinds: list[Any] = []
    finite = True
    with np.errstate(over="ignore"):
        for group in groups:
            kinds.append(len(group))
            for part in group:
                if type(part) is np.ndarray:
                    kinds += part.shape, part.dtype
                    flat = part.ravel(order="K")
                    # At the speed of memory: a finite sum of squares has finite terms. It may overflow, though.
                    finite = finite and math.isfinite(flat.dot(flat))
                else:
                    kinds.append(type(part))
                    finite = finite and type(part) is float and math.isfinite(part)
    return tuple(kinds), finite


def _check_finite(wanted: Wanted, groups: list[list[Any]]) -> None:
    for (name, form), group in zip(wanted, groups, strict=True):
        for k, part in enumerate(group):
            bad = np.argwhere(~np.isfinite(part))
            if len(bad):
                shape = np.shape(part)
                where = f" at {tuple(map(int, bad[0]))} of shape {shape}" if shape else ""
                precision = f"finite numbers in {np.asarray(part).dtype}"
                raise ReferenceInputError(_named(name, form, k), precision, f"NaN or infinity{where}", shape)


def _converted(wanted: Wanted, groups: list[list[Any]]) -> list[list[Any]]:
    """The same numbers in one precision."""
    arrays = [
        [_numbers(_named(name, form, k), part) for k, part in enumerate(group)]
        for (name, form), group in zip(wanted, groups, strict=True)
    ]
    chosen = {
        array.dtype
        for (_, form), group, converted in zip(wanted, groups, arrays, strict=True)
        for part, array in zip(group, converted, strict=True)
        # NumPy makes float64 of Python floats, so on a list or a bare number that dtype is nobody's choice.
        if array.dtype.kind == "f" and (isinstance(part, np.ndarray) or array.dtype != np.float64)
        if not form.startswith("labels")
    }
    dtype = np.result_type(*chosen) if chosen else np.dtype(np.float64)
    return [
        converted
        if form.startswith("labels")
        else [_of_precision(dtype, part, array) for part, array in zip(group, converted, strict=True)]
        for (_, form), group, converted in zip(wanted, groups, arrays, strict=True)
    ]


def _numbers(name: str, value: object) -> NDArray[Any]:
    try:
        array = np.asarray(value)
    except ValueError as error:
        raise ReferenceInputError(name, "rows of one length", f"a ragged {type(value).__name__}") from error
    if array.dtype.kind not in "buif":
        raise ReferenceInputError(name, "real numbers", f"dtype {array.dtype} of shape {array.shape}", array.shape)
    return array


def _of_precision(dtype: np.dtype[Any], given: Any, array: NDArray[Any]) -> Any:
    if isinstance(given, int | float) and not isinstance(given, np.floating):
        return float(given)  # NumPy lets a Python number follow the arrays it meets, later ones too
    if array is given and array.dtype == dtype:
        return array
    with np.errstate(over="ignore"):  # a number too large for the precision is reported with what isn't finite
        array = array.astype(dtype)
    return given._make(array) if hasattr(given, "_make") else array[()]  # [()]: no axes, so a number


def _transposed(value: Any) -> Any:
    """The value with its arrays transposed, in whatever it holds them."""
    if isinstance(value, np.ndarray):
        return value.T
    if isinstance(value, list | tuple):
        parts = [_transposed(each) for each in value]
        return parts if isinstance(value, list) else getattr(value, "_make", tuple)(parts)
    return value
