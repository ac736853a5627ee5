"""Formulas of known mistakes: each computes the wrong value that a mistake leads to.

A formula is a function that computes such a value. Its parameters are names, of inputs, sizes and earlier values of the
task, or `expected`, the reference's value. There are three ways to write formulas:

- A function for one value: `{"net_output": lambda net_input, weights: net_input @ weights}`.
- `formulas_of`, one function for several values that are made alike of other names:
  `formulas_of({"weights": "weights dl_dweights", "bias": "bias dl_dbias"}, lambda value, slope: value - slope)`.
- `Computation`, the steps of a whole pass by name; its `formulas` replaces some of them and returns a formula for each
  value that this changes. The loss of a product, its gradient, and a mistake in the error that spoils both:

      PASS = Computation(
          "x w y",
          "loss dl_dw",
          {
              "error": lambda x, w, y: x * w - y,
              "loss": lambda error: error**2,
              "through": lambda x, d: x * d,  # a function of d, which other steps call
              "dl_dw": lambda error, through: through(d=2 * error),
          },
          keywords="d",
      )
      PASS.formulas({"error": lambda x, w, y: x * w + y})

`merged` puts several such tables together, and `only_where` limits one to tasks of some kind.

A mistake gets its name where a formula fits in every case of the task, right ones included. It fits where it gives the
submission's value up to rounding and axes of length 1, or where both raise a ValueError on shapes. A formula that takes
a name which the task does not have, or that raises anything else, fits nothing; one raises LookupError to say so.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, cached_property
from itertools import product
from typing import Any

Formula = Callable[..., Any]
"""Computes the value that a mistake leads to. Its parameters are names."""

Formulas = Mapping[str, Formula | Sequence[Formula]]
"""By the name of each value that a mistake spoils: a formula, or one for each way to make the mistake."""

Step = Callable[..., Any]
"""Computes one step of a `Computation`. Its parameters are names, as those of a formula are."""

Way = Mapping[str, Step | Sequence[Step]]
"""A way to make a mistake: the replaced steps by name; a list of steps in place of one stands for as many ways."""


@cache
def parameters(formula: Formula) -> tuple[str, ...]:
    """Return the names that a formula or step takes: its parameters without a default."""
    signature = inspect.signature(formula).parameters.values()
    return tuple(parameter.name for parameter in signature if parameter.default is parameter.empty)


def formula_of(names: str, function: Callable[..., Any]) -> Formula:
    """Return a formula that takes values by these names and hands them to a function in this order."""
    keys = names.split()

    def named(**values: Any) -> Any:
        return function(*(values[key] for key in keys))

    return _with_parameters(keys, named)


def _with_parameters(names: Iterable[str], function: Callable[..., Any]) -> Formula:
    """Return a function of keywords, with these names as the parameters of its signature, which `parameters` reads."""
    keyword_only = [inspect.Parameter(name, inspect.Parameter.KEYWORD_ONLY) for name in dict.fromkeys(names)]
    function.__signature__ = inspect.Signature(keyword_only)  # type: ignore[attr-defined]
    return function


def formulas_of(names: Mapping[str, str | Sequence[str]], *functions: Callable[..., Any]) -> dict[str, list[Formula]]:
    """Return formulas for several values, each computed by the same functions from names of its own.

    names: by value, the names that the functions take for it, in their order; or several such lists of names.
    functions: one for each way to make the mistake.
    """
    lists = {value: [several] if isinstance(several, str) else several for value, several in names.items()}
    return {value: [formula_of(one, f) for one in several for f in functions] for value, several in lists.items()}


def merged(*tables: Formulas) -> dict[str, list[Formula]]:
    """Return one table with all the formulas of several."""
    together: dict[str, list[Formula]] = {}
    for table in tables:
        for value, formulas in table.items():
            together.setdefault(value, []).extend(_several(formulas))
    return together


def _several(one_or_several: Callable[..., Any] | Sequence[Callable[..., Any]]) -> Sequence[Callable[..., Any]]:
    """Return a list of functions for a function or a list."""
    return [one_or_several] if callable(one_or_several) else one_or_several


def only_where(condition: Callable[..., bool], table: Formulas) -> dict[str, list[Formula]]:
    """Return the formulas limited by a condition: where it is false in any case of a task, they fit nothing there.

    condition: its parameters are names, as those of a formula.
    """

    def limited(formula: Formula) -> Formula:
        def where_true(**values: Any) -> Any:
            if not condition(**{name: values[name] for name in parameters(condition)}):
                raise LookupError("the condition is false in this case")
            return formula(**{name: values[name] for name in parameters(formula)})

        return _with_parameters([*parameters(condition), *parameters(formula)], where_true)

    return {value: [limited(formula) for formula in _several(formulas)] for value, formulas in table.items()}


@cache
def _split(step: Step, names: frozenset[str]) -> tuple[list[str], list[str]]:
    """Return those parameters of a step that are among some names, and the others."""
    taken = parameters(step)
    return [name for name in taken if name in names], [name for name in taken if name not in names]


@dataclass(frozen=True)
class Computation:
    """A computation as a table of steps by name, of which a mistake replaces some.

    A parameter of a step that names an input or another step gets its value. A step may also have some of `keywords` as
    parameters: then it is a function of these, and a step that names it, a loop for instance, gets a function to call
    with them as keywords. It may be called with more keywords than it takes.

    A step that names itself gets what it replaces: the value of the right step, or of the input of that name.

    Raises ValueError for a value that is no step, and for a parameter of a step that is no name of these.
    """

    inputs: str
    """The names that formulas take: the task's inputs and sizes, and values that the submission computed before. For a
    value that is an input here, formulas take the submission's; one that is a step they compute rightly."""
    values: str
    """The names of those steps that are values of the task."""
    steps: Mapping[str, Step]
    """The right steps by name."""
    keywords: str = ""
    """The names of parameters that are neither inputs nor steps: the steps that have them are functions."""
    all_at_once: bool = False
    """True if all values are lost where any step raises, so that a formula for one value runs the steps of all."""

    def __post_init__(self) -> None:
        taken = {parameter for step in self.steps.values() for parameter in parameters(step)}
        unknown = taken - self._names - self._keywords | set(self.values.split()) - set(self.steps)
        if unknown:
            raise ValueError(f"no step, no input and no keyword: {', '.join(sorted(unknown))}")

    def formulas(self, *ways: Way) -> dict[str, list[Formula]]:
        """Return the formulas of a mistake, for each value that it changes.

        ways: each way to make the mistake. It may replace inputs too.

        Raises ValueError for a name that is no step and no input, and in the place of a function, no keyword either.
        """
        each = [dict(zip(way, steps, strict=True)) for way in ways for steps in product(*map(_several, way.values()))]
        for replaced in each:
            taken = {(name, key) for name, step in replaced.items() for key in parameters(step)}
            unknown = {key for name, key in taken if name not in self._functions or key not in self._keywords}
            if unknown := (unknown | set(replaced)) - self._names:
                raise ValueError(f"no step and no input: {', '.join(sorted(unknown))}")
        changed = [value for value in self.values.split() if any(self._reached(value, one) & set(one) for one in each)]
        return {value: [self._formula(value, replaced) for replaced in each] for value in changed}

    def _formula(self, value: str, replaced: Mapping[str, Step]) -> Formula:
        """Return a formula for a value."""
        needless = {name for name, step in replaced.items() if name not in parameters(step)}
        names = [name for name in self.inputs.split() if name in self._reached(value, replaced) - needless]

        def formula(*inputs: Any) -> Any:
            return self.compute(value, dict(zip(names, inputs, strict=True)), replaced)

        return formula_of(" ".join(names), formula)

    def compute(self, value: str, inputs: Mapping[str, Any], replaced: Mapping[str, Step] | None = None) -> Any:
        """Return a value of the computation, or of one with some steps replaced.

        inputs: by name, at least those that the value depends on.
        """
        steps = {**self.steps, **(replaced or {})}
        computed: dict[str, Any] = {}

        def get(name: str) -> Any:
            if name not in computed:
                computed[name] = result_of(name, steps[name]) if name in steps else inputs[name]
            return computed[name]

        def result_of(name: str, step: Step) -> Any:
            known_names, keywords = _split(step, self._names)
            known = {key: get(key) if key != name else replaced_value(name, step) for key in known_names}
            if name in self._functions:
                return lambda **given: step(**known, **{key: given[key] for key in keywords})
            return step(**known)

        def replaced_value(name: str, step: Step) -> Any:
            right = self.steps.get(name, step)
            return inputs[name] if right is step else result_of(name, right)

        if self.all_at_once:
            for name in self.values.split():
                get(name)
        return get(value)

    @cached_property
    def _names(self) -> frozenset[str]:
        """The names of inputs and steps."""
        return frozenset([*self.inputs.split(), *self.steps])

    @cached_property
    def _functions(self) -> frozenset[str]:
        """The names of those steps that are functions, because they have parameters besides inputs and steps."""
        return frozenset(name for name, step in self.steps.items() if _split(step, self._names)[1])

    @cached_property
    def _keywords(self) -> frozenset[str]:
        """`keywords` as a set."""
        return frozenset(self.keywords.split())

    def _reached(self, value: str, replaced: Mapping[str, Step]) -> set[str]:
        """Return the names of the inputs and steps that a value depends on."""
        reached, pending = set[str](), self.values.split() if self.all_at_once else [value]
        while pending:
            name = pending.pop()
            if name in reached:
                continue
            reached.add(name)
            steps = [replaced[name]] if name in replaced else []
            if name in self.steps and (not steps or name in parameters(steps[0])):
                steps.append(self.steps[name])
            pending += [key for step in steps for key in _split(step, self._names)[0]]
        return reached


# Loops for a step of a `Computation`: their parameters are names of steps ---------------------------------------------


def descend(first: Any, iterations: int, update: Callable[..., Any]) -> list[Any]:
    """Return the parameters before each step of a descent and after the last.

    update: a step that is a function of the parameters `at`, and may be one of the number `k` of the iteration.
    """
    path = [first]
    for k in range(iterations):
        path.append(update(at=path[-1], k=k))
    return path


def pass_forward(x: Any, K: int, affine: Callable[..., Any], activation: Callable[..., Any]) -> tuple[Any, Any]:
    """Return the pre-activations f of layers 0 to K, and the inputs h of each.

    affine: a step that is a function of the layer `k` and its input `h`. activation: one of `f`, in all layers but K.
    """
    f, h = [], [x]
    for k in range(K + 1):
        f.append(affine(k=k, h=h[k]))
        if k < K:
            h.append(activation(f=f[k]))
    return f, h


def pass_back(
    K: int,
    last: Any,
    weights: Callable[..., Any],
    biases: Callable[..., Any],
    through: Callable[..., Any],
    mask: Callable[..., Any],
    to_the_input: bool,
) -> tuple[list[Any], list[Any]]:
    """Return the gradients of the weights and of the biases of layers 0 to K.

    last: the derivative in the output. weights, biases: steps that compute the gradients of layer `k` from `d`, the
    derivative in its pre-activations. through: computes the derivative in its input. mask: computes from that, `dh`,
    the derivative in the pre-activations of the layer before. to_the_input: True to go back through layer 0 too, which
    may raise.
    """
    d, dl_dweights, dl_dbiases = last, list[Any](), list[Any]()
    for k in reversed(range(K + 1)):
        dl_dweights.insert(0, weights(k=k, d=d))
        dl_dbiases.insert(0, biases(k=k, d=d))
        dh = through(k=k, d=d) if k or to_the_input else None
        d = mask(k=k, dh=dh) if k else None
    return dl_dweights, dl_dbiases
