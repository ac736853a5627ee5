"""Compare shapes with the words that a docstring has for them: "(D_0, I)", and for every layer k "[(D_k+1, D_k)]"."""

from typing import Any, Literal, TypeAlias

Shape: TypeAlias = tuple[int, ...]
Samples: TypeAlias = Literal["columns", "rows"]
"""The axis of samples. With "rows" every array, weights and biases too, is the transpose of that with "columns"."""
Wanted: TypeAlias = tuple[tuple[str, str], ...]
"""Arguments' names, each with the shape it should have, in the order in which they are looked at."""


class ReferenceInputError(ValueError):
    """An argument for which the mathematics has no answer."""

    argument: str
    """Its name in the function's signature, with an index where it is a list of arrays."""
    expected: str
    """The expected shape or value, in words."""
    received: str
    """The actual one, in words."""
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


def check_shapes(wanted: Wanted, shapes: list[list[Shape]], samples: Samples | None) -> None:
    """Raise ReferenceInputError for the first argument whose shape doesn't fit those before it.

    wanted: arguments with the forms that `checked` describes. shapes: for each argument that of its only array, or of
    every array in its list. samples: which way round they are. Returns nothing.
    """
    sizes: dict[str, Any] = {}
    for (name, form), group in zip(wanted, shapes, strict=True):
        if not form.startswith("["):
            whole = form.removeprefix("labels ").replace("K+1", str(sizes.get("count")))
            _check_shape(name, group[0], whole, sizes, samples)
            continue
        if not group or len(group) != sizes.setdefault("count", len(group)):
            many = f"{sizes['count']} arrays" if sizes.get("count") else "arrays"
            raise ReferenceInputError(name, f"a list of {many}", str(len(group)))
        for k, shape in enumerate(group):
            in_layer = form[1:-1].replace("k+1", str(k + 1)).replace("_k", f"_{k}").replace("...", f"...{k}")
            _check_shape(f"{name}[{k}]", shape, in_layer, sizes, samples)


def _check_shape(name: str, shape: Shape, form: str, sizes: dict[str, Any], samples: Samples | None) -> None:
    if form.startswith("..."):
        expected, fits = f"shape {sizes.setdefault(form, shape)}", sizes[form] == shape
        turned = False
    else:
        forms = _forms(form, samples)
        expected = _in_words(forms, sizes) + (f", samples as {samples}" if samples else "")
        turned = any(_fits(one, shape[::-1], dict(sizes)) for one in forms)
        fits = any(_fits(one, shape, sizes) for one in forms)
    if not fits:
        received = f"its transpose, shape {shape}" if turned else f"shape {shape}"
        raise ReferenceInputError(name, expected, received, shape)
    if 0 in shape:
        raise ReferenceInputError(name, f"{expected}, not empty", f"shape {shape}", shape)


def _forms(form: str, samples: Samples | None) -> list[tuple[str, ...]]:
    """The shapes that will do, each as its axes' sizes: [("I", "D_i")] for "(I, D_i)"."""
    forms = [tuple(one.strip("()").replace(",", " ").split()) for one in form.split(" or ")]
    return [one[::-1] if samples == "rows" else one for one in forms]


def _in_words(forms: list[tuple[str, ...]], sizes: dict[str, Any]) -> str:
    known = [f"{size} = {sizes[size]}" for size in dict.fromkeys(sum(forms, ())) if size in sizes]
    shapes = " or ".join(f"({', '.join(form)}{',' * (len(form) == 1)})" for form in forms)
    return f"shape {shapes}" + (f" with {', '.join(known)}" if known else "")


def _fits(form: tuple[str, ...], shape: Shape, sizes: dict[str, Any]) -> bool:
    """True if the shape has this form; then its letters stand for these sizes from now on."""
    if len(form) != len(shape):
        return False
    here = {letter: size for letter, size in zip(form, shape, strict=True) if not letter.isdigit()}
    expected = tuple(int(letter) if letter.isdigit() else sizes.get(letter, here[letter]) for letter in form)
    if fits := expected == shape:
        sizes |= here
    return fits
