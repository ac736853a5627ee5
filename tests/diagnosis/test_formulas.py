"""Tests of the notation for formulas of known mistakes."""

from __future__ import annotations

from typing import Any

import pytest

from autograder.diagnosis.formulas import Computation, descend, formula_of, formulas_of, merged, only_where, parameters

CHAIN = Computation(
    "x w y",
    "f loss dl_dw",
    {
        "f": lambda w, x: w * x,
        "error": lambda f, y: f - y,
        "loss": lambda error: error**2,
        "through": lambda x, d: x * d,
        "dl_dw": lambda error, through: through(d=2 * error),
    },
    keywords="d",
)
INPUTS = {"x": 3.0, "w": 2.0, "y": 1.0}


def values(table: Any) -> dict[str, list[Any]]:
    """Return what each formula gives for `INPUTS`."""
    return {
        value: [formula(**{name: INPUTS[name] for name in parameters(formula)}) for formula in formulas]
        for value, formulas in table.items()
    }


@pytest.mark.parametrize(
    ("named", "step", "misspelt"),
    [("dl_db", "f", lambda w, x: w * x), ("loss", "f", lambda w, z: w * z), ("loss", "through", lambda x, z: x * z)],
)
def test_a_misspelt_name_in_a_right_step_is_refused(named: str, step: str, misspelt: Any) -> None:
    """A value that is no step raises ValueError, and so does a parameter that is no input, step or keyword."""
    with pytest.raises(ValueError, match=r"no step, no input and no keyword: (z|dl_db)$"):
        Computation(CHAIN.inputs, named, {**CHAIN.steps, step: misspelt}, CHAIN.keywords)


def test_a_function_is_called_with_several_lists_of_names() -> None:
    """A list of names stands for one formula, which takes these names alone; the function gets them in this order."""
    table = formulas_of({"a": "x w", "b": ["w x", "y x"]}, lambda one, other: one - other, lambda one, other: other)
    assert values(table) == {"a": [1, 2], "b": [-1, 3, -2, 3]}
    assert [parameters(formula) for formula in table["b"]] == [("w", "x"), ("w", "x"), ("y", "x"), ("y", "x")]
    assert values({"square": [formula_of("x x", lambda one, other: one * other)]}) == {"square": [9]}


def test_merged_tables_keep_all_formulas_of_a_value() -> None:
    """A table with one formula and a table with a list of them become one list."""
    assert values(merged({"a": lambda x: x}, {"a": [lambda w: w], "b": lambda y: y})) == {"a": [3, 2], "b": [1]}


def test_right_steps_compute_the_values() -> None:
    """Without a replaced step the values of a computation are right."""
    assert [CHAIN.compute(value, INPUTS) for value in ("f", "loss", "dl_dw")] == [6, 25, 30]


@pytest.mark.parametrize(
    ("way", "expected"),
    [
        ({"loss": lambda error: abs(error)}, {"loss": [5]}),
        ({"error": lambda f: f}, {"loss": [36], "dl_dw": [36]}),
        ({"error": lambda error: -error}, {"loss": [25], "dl_dw": [-30]}),
        ({"through": lambda d: d}, {"dl_dw": [10]}),
        ({"through": lambda through, d: through(d=d) + 1}, {"dl_dw": [31]}),
        ({"w": lambda w: -w, "y": lambda: 0.0}, {"f": [-6], "loss": [36], "dl_dw": [-36]}),
        ({"loss": [lambda error: error, lambda f: f], "y": [lambda: 0.0, lambda y: 5 * y]},
         {"loss": [6, 1, 6, 6], "dl_dw": [36, 6, 36, 6]}),
    ],
    ids=["value", "step", "step of itself", "function", "function of itself", "inputs", "each pair of two lists"],
)  # fmt: skip
def test_replaced_steps_change_the_values_that_depend_on_them(way: Any, expected: dict[str, list[float]]) -> None:
    """There are formulas for the values that depend on a replaced step, and for no others, which would be right."""
    assert values(CHAIN.formulas(way)) == expected


def test_a_formula_takes_no_input_that_its_value_does_not_need() -> None:
    """A task without some inputs can use the formulas of the values that don't depend on them."""
    table = CHAIN.formulas({"f": lambda x: x, "y": lambda: 0.0})
    assert [(value, parameters(formula)) for value, (formula,) in table.items()] == [
        ("f", ("x",)), ("loss", ("x",)), ("dl_dw", ("x",))
    ]  # fmt: skip


def test_all_values_are_lost_at_once() -> None:
    """Where all values come of one pass, a formula for any of them raises if any step does."""

    def fails(f: float) -> float:
        raise ValueError(f)

    at_once = Computation(CHAIN.inputs, CHAIN.values, CHAIN.steps, CHAIN.keywords, all_at_once=True)
    assert values({"f": CHAIN.formulas({"w": lambda w: w, "loss": fails})["f"]}) == {"f": [6]}
    with pytest.raises(ValueError, match="6"):
        values({"f": at_once.formulas({"loss": fails})["f"]})


@pytest.mark.parametrize(
    "way",
    [{"los": lambda error: error}, {"loss": lambda err: err}, {"loss": lambda d: d}, {"through": lambda x, dd: dd}],
    ids=["step", "parameter", "keyword of another step", "keyword"],
)
def test_a_misspelt_name_is_refused(way: Any) -> None:
    """A name that would silently make a formula that never fits is refused where the table is written."""
    with pytest.raises(ValueError, match="no step and no input"):
        CHAIN.formulas(way)


def test_formulas_are_limited_to_some_cases() -> None:
    """Where the condition is false the formula raises, which `Mistake` takes for no match."""
    (formula,) = only_where(lambda y: y > 0, {"a": lambda x: x})["a"]
    assert set(parameters(formula)) == {"x", "y"}
    assert formula(x=2, y=1) == 2
    with pytest.raises(LookupError):
        formula(x=2, y=-1)


def test_a_descent_keeps_its_path() -> None:
    """The path has the parameters before each step and after the last; a step may know its number."""
    assert descend(10, 3, lambda at, k: at - k) == [10, 10, 9, 7]
