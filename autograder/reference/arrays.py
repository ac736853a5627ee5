"""Say in one line which arrays a function takes, and let its body rely on them.

Above a function, ``@checked(net_input="(D_0, I)", all_weights="[(D_k+1, D_k)]")`` promises its body real, finite
numbers of these shapes, all of one precision. A function that also has an argument ``samples`` is written for samples
as columns and serves rows as well: ``samples="rows"`` transposes what goes in and what comes out.
"""

import functools
import inspect
import math
from collections.abc import Callable, Sequence
from typing import Any, Literal, ParamSpec, TypeAlias, TypeVar

import numpy as np
from numpy.typing import NDArray

Scalar: TypeAlias = np.floating[Any]
"""One number of the precision its arguments had."""
Array: TypeAlias = NDArray[np.floating[Any]]
"""Real numbers in any precision; callers of a checked function may pass nested lists and integers too."""
Arrays: TypeAlias = Sequence[Array]
"""One array for each layer, or for each parameter."""
Vector: TypeAlias = Sequence[float] | Array
"""A short row of numbers that is only ever read by index."""
Shape: TypeAlias = tuple[int, ...]
Samples: TypeAlias = Literal["columns", "rows"]
"""What a sample is. With "rows" every array, weights and biases too, is the transpose of the one with "columns"."""

Wanted: TypeAlias = tuple[tuple[str, str], ...]

FLOATS = {float, *map(np.dtype, (np.float16, np.float32, np.float64, np.longdouble))}

P = ParamSpec("P")
R = TypeVar("R")


class ReferenceInputError(ValueError):
    """An argument for which the mathematics has no answer."""

    argument: str
    """Its name in the function's signature, with an index where it is a list of arrays."""
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
    """Check the named arguments, in the order given here, and hand them over as arrays of one precision.

    A shape is written as in the docstrings:

    - ``"(I, D_i)"``: a letter stands for the same size in every argument of the call, a digit for itself
    - ``"()"``: a single number; ``"(1, 1) or ()"``: either, told apart by the number of axes
    - ``"..."``: any shape, but the same in every argument that says so
    - ``"[(D_k+1, D_k)]"``: a list with such an array for each layer k; outside lists ``K+1`` is the number of layers
    - ``"labels (I,)"``: numbers like 0, 1, 2, which are exact in any precision and so decide none

    Float arrays decide the precision together (float32 stays float32, float32 with float64 is float64); whole numbers,
    lists, and single Python numbers follow, and are float64 where no array decides. Nothing is copied unless its type
    changes, so a body that returns an argument copies it. Named tuples of numbers stay named tuples.

    Raises ReferenceInputError for a wrong shape, nothing at all, NaN, infinity, and whatever isn't a real number.
    """
    wanted = tuple(shapes.items())

    def decorate(function: Callable[P, R]) -> Callable[P, R]:
        parameters = inspect.signature(function).parameters
        by_position = [name for name, parameter in parameters.items() if parameter.kind != parameter.KEYWORD_ONLY]

        @functools.wraps(function)
        def call(*args: P.args, **kwargs: P.kwargs) -> R:
            given = dict(zip(by_position, args, strict=False)) | kwargs
            if len(given) < len(args) + len(kwargs) or not shapes.keys() <= given.keys():
                return function(*args, **kwargs)  # too many arguments, or too few: Python says which
            samples = given.pop("samples", "columns") if "samples" in parameters else None
            if samples not in (None, "columns", "rows"):
                raise ReferenceInputError("samples", '"columns" or "rows"', repr(samples))
            clean = _clean([given[name] for name in shapes], wanted, samples)
            result: Any = function(**given | (_transposed(clean) if samples == "rows" else clean))  # type: ignore[call-arg]
            return _transposed(result) if samples == "rows" else result

        return call

    return decorate


def unchecked(function: Callable[P, R]) -> Callable[P, R]:
    """Return the function without its checks, for a caller whose arguments have passed the same ones."""
    return getattr(function, "__wrapped__", function)


def whole_number(argument: str, value: int, least: int = 0) -> int:
    """Return ``value`` if it counts something: an integer, ``least`` or more."""
    if not isinstance(value, int | np.integer) or value < least:
        raise ReferenceInputError(argument, f"a whole number, {least} or more", repr(value))
    return int(value)


def _clean(given: list[Any], wanted: Wanted, samples: Samples | None) -> dict[str, Any]:
    groups = [_parts(name, form, value) for (name, form), value in zip(wanted, given, strict=True)]
    types = {part.dtype if type(part) is np.ndarray else type(part) for group in groups for part in group}
    # Most calls bring arrays of one precision, perhaps with a Python number among them: then nothing needs converting.
    if not types <= FLOATS or len(types - {float}) != 1:
        groups = _converted(groups, wanted)
    _check_shapes(wanted, tuple([tuple([np.shape(part) for part in group]) for group in groups]), samples)
    with np.errstate(over="ignore"):  # squares may overflow where the numbers themselves don't
        for (name, form), group in zip(wanted, groups, strict=True):
            for k, part in enumerate(group):
                if not _is_finite(part):
                    precision = f"finite numbers in {np.asarray(part).dtype}"
                    raise ReferenceInputError(_named(name, form, k), precision, "NaN or infinity", np.shape(part))
    return {
        name: group if form.startswith("[") else group[0] for (name, form), group in zip(wanted, groups, strict=True)
    }


def _parts(name: str, form: str, given: Any) -> list[Any]:
    """What an argument holds: the arrays of a list, or itself."""
    if not form.startswith("["):
        return [given]
    if not (isinstance(given, Sequence) or np.ndim(given)):
        raise ReferenceInputError(name, "a list of arrays", repr(given))
    return list(given)


def _named(name: str, form: str, k: int) -> str:
    return f"{name}[{k}]" if form.startswith("[") else name


def _is_finite(numbers: Any) -> bool:
    if type(numbers) is not np.ndarray:
        return bool(np.isfinite(numbers).all())
    flat = numbers.ravel(order="K")
    # One product tells, at the speed of memory; only where it overflows is there more to ask.
    return math.isfinite(flat.dot(flat)) or bool(np.isfinite(flat).all())


def _converted(groups: list[list[Any]], wanted: Wanted) -> list[list[Any]]:
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
        [_of_precision(dtype, part, array) for part, array in zip(group, converted, strict=True)]
        for group, converted in zip(groups, arrays, strict=True)
    ]


def _numbers(name: str, value: object) -> NDArray[Any]:
    try:
        array = np.asarray(value)
    except ValueError as error:
        raise ReferenceInputError(name, "rows of one length", f"a ragged {type(value).__name__}") from error
    if array.dtype.kind not in "buif":
        raise ReferenceInputError(name, "real numbers", f"dtype {array.dtype}", array.shape)
    return array


def _of_precision(dtype: np.dtype[Any], given: Any, array: NDArray[Any]) -> Any:
    if isinstance(given, int | float) and not isinstance(given, np.floating):
        return float(given)  # NumPy lets a Python number follow the arrays it meets, later ones too
    with np.errstate(over="ignore"):  # a number too large for the precision is reported with what isn't finite
        array = array.astype(dtype, copy=False)
    return given._make(array) if hasattr(given, "_make") else array[()]  # [()]: no axes, so a number


@functools.lru_cache(maxsize=1024)
def _check_shapes(wanted: Wanted, shapes: tuple[tuple[Shape, ...], ...], samples: Samples | None) -> None:
    """Raise for shapes that don't fit each other; what fitted once isn't looked at again."""
    sizes: dict[str, Any] = {}
    for (name, form), group in zip(wanted, shapes, strict=True):
        if not form.startswith("["):
            last = form.removeprefix("labels ").replace("K+1", str(sizes.get("count")))
            _check_shape(name, group[0], last, sizes, samples)
            continue
        if not group or len(group) != sizes.setdefault("count", len(group)):
            many = f"{sizes['count']} arrays" if sizes.get("count") else "arrays"
            raise ReferenceInputError(name, f"a list of {many}", str(len(group)))
        for k, shape in enumerate(group):
            in_layer = form[1:-1].replace("k+1", str(k + 1)).replace("_k", f"_{k}").replace("...", f"...{k}")
            _check_shape(f"{name}[{k}]", shape, in_layer, sizes, samples)


def _check_shape(name: str, shape: Shape, wanted: str, sizes: dict[str, Any], samples: Samples | None) -> None:
    if wanted.startswith("..."):
        expected, fits = f"shape {sizes.setdefault(wanted, shape)}", sizes[wanted] == shape
        turned = False
    else:
        forms = _forms(wanted, rows=samples == "rows")
        known = [f"{size} = {sizes[size]}" for size in dict.fromkeys(sum(forms, ())) if size in sizes]
        expected = "shape " + " or ".join(f"({', '.join(form)}{',' * (len(form) == 1)})" for form in forms)
        expected += f" with {', '.join(known)}" if known else ""
        expected += f", samples as {samples}" if samples else ""
        turned = any(_fits(form, shape[::-1], dict(sizes)) for form in forms)
        fits = any(_fits(form, shape, sizes) for form in forms)
    if not fits:
        raise ReferenceInputError(
            name, expected, f"its transpose, shape {shape}" if turned else f"shape {shape}", shape
        )
    if 0 in shape:
        raise ReferenceInputError(name, f"{expected}, not empty", f"shape {shape}", shape)


def _forms(wanted: str, rows: bool) -> list[tuple[str, ...]]:
    """The shapes that will do, each as its axes' sizes: [("I", "D_i")] for "(I, D_i)"."""
    forms = [tuple(form.strip("()").replace(",", " ").split()) for form in wanted.split(" or ")]
    return [form[::-1] if rows else form for form in forms]


def _fits(form: tuple[str, ...], shape: Shape, sizes: dict[str, Any]) -> bool:
    """Whether the shape has this form; if so, its letters stand for these sizes from now on."""
    if len(form) != len(shape):
        return False
    here = {letter: size for letter, size in zip(form, shape, strict=True) if not letter.isdigit()}
    expected = tuple(int(letter) if letter.isdigit() else sizes.get(letter, here[letter]) for letter in form)
    if fits := expected == shape:
        sizes |= here
    return fits


def _transposed(value: Any) -> Any:
    """The value with its arrays transposed, in whatever it holds them."""
    if isinstance(value, np.ndarray):
        return value.T
    if isinstance(value, dict):
        return {key: _transposed(each) for key, each in value.items()}
    if isinstance(value, list | tuple):
        parts = [_transposed(each) for each in value]
        return parts if isinstance(value, list) else getattr(value, "_make", tuple)(parts)
    return value
