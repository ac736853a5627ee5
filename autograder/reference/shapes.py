"""Compares shapes of arrays with forms: "(D_0, I)", or "[(D_k+1, D_k)]" for a list with an array for each layer k."""

from typing import Any, Literal, TypeAlias

Shape: TypeAlias = tuple[int, ...]
Samples: TypeAlias = Literal["columns", "rows"]
"""The direction of samples. With "rows" all arrays, weights and biases too, are transposes of those with "columns"."""
Wanted: TypeAlias = tuple[tuple[str, str], ...]
"""Names of arguments, each with the form of its shape, in the order in which functions check them."""


class ReferenceInputError(ValueError):
    """An argument for which the mathematics is undefined."""

    argument: str
    """The argument's name in the function's signature, with an index where it is a list of arrays."""
    expected: str
    """The values that the function accepts, in words."""
    received: str
    """The value that the function was called with, in words."""
    shape: Shape | None
    """The shape of that value; None where it is no array."""

    def __init__(self, argument: str, expected: str, received: str, shape: Shape | None = None) -> None:
        super().__init__(argument, expected, received, shape)
        self.argument = argument
        self.expected = expected
        self.received = received
        self.shape = shape

    def __str__(self) -> str:
        return f"{self.argument}: expected {self.expected}, got {self.received}"


def check_shapes(wanted: Wanted, shapes: list[list[Shape]], samples: Samples | None) -> None:
    """Raise ReferenceInputError for the first argument whose shape doesn't fit those before it, or that is empty.

    wanted: arguments with the forms that `checked` describes. shapes: for each argument, the shape of its only array or
    of every array in its list. samples: the direction of samples; None for a function without that argument. Returns
    nothing.
    """
    sizes: dict[str, Any] = {}
    for (name, form), group in zip(wanted, shapes, strict=True):
        if not form.startswith("["):
            resolved = form.removeprefix("labels ").replace("K+1", str(sizes.get("count")))
            _check_shape(name, group[0], resolved, sizes, samples)
            continue
        if not group or len(group) != sizes.setdefault("count", len(group)):
            count = f"{sizes['count']} arrays" if sizes.get("count") else "arrays"
            raise ReferenceInputError(name, f"a list of {count}", str(len(group)))
        for k, shape in enumerate(group):
            in_layer = form[1:-1].replace("k+1", str(k + 1)).replace("_k", f"_{k}").replace("...", f"...{k}")
            _check_shape(f"{name}[{k}]", shape, in_layer, sizes, samples)


def _check_shape(name: str, shape: Shape, form: str, sizes: dict[str, Any], samples: Samples | None) -> None:
    """Raise ReferenceInputError if a shape is empty or doesn't have this form; else add the form's sizes to sizes."""
    if form.startswith("..."):
        expected, fits = f"shape {sizes.setdefault(form, shape)}", sizes[form] == shape
        is_transposed = False
    else:
        forms = _forms(form, samples)
        expected = _in_words(forms, sizes) + (f", samples as {samples}" if samples else "")
        is_transposed = any(_fits(alternative, shape[::-1], dict(sizes)) for alternative in forms)
        fits = any(_fits(alternative, shape, sizes) for alternative in forms)
    if not fits:
        received = f"its transpose, shape {shape}" if is_transposed else f"shape {shape}"
        raise ReferenceInputError(name, expected, received, shape)
    if 0 in shape:
        raise ReferenceInputError(name, f"{expected}, not empty", f"shape {shape}", shape)


def _forms(form: str, samples: Samples | None) -> list[tuple[str, ...]]:
    """Return the alternative shapes of a form, each as its axes' sizes: [("I", "D_i")] for "(I, D_i)"."""
    forms = [tuple(alternative.strip("()").replace(",", " ").split()) for alternative in form.split(" or ")]
    return [alternative[::-1] if samples == "rows" else alternative for alternative in forms]


def _in_words(forms: list[tuple[str, ...]], sizes: dict[str, Any]) -> str:
    """Return the alternative shapes in words, with the sizes that earlier arguments decide."""
    known = [f"{size} = {sizes[size]}" for size in dict.fromkeys(sum(forms, ())) if size in sizes]
    shapes = " or ".join(f"({', '.join(form)}{',' * (len(form) == 1)})" for form in forms)
    return f"shape {shapes}" + (f" with {', '.join(known)}" if known else "")


def _fits(form: tuple[str, ...], shape: Shape, sizes: dict[str, Any]) -> bool:
    """True if the shape has this form; if so, add the sizes that its letters stand for to sizes."""
    if len(form) != len(shape):
        return False
    letter_sizes = {letter: size for letter, size in zip(form, shape, strict=True) if not letter.isdigit()}
    expected = tuple(int(letter) if letter.isdigit() else sizes.get(letter, letter_sizes[letter]) for letter in form)
    if fits := expected == shape:
        sizes |= letter_sizes
    return fits
