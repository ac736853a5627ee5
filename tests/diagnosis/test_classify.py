"""Tests of classify: it finds the fewest known mistakes that account for all wrong values, and none if none does."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import array_shapes, arrays

from autograder.diagnosis import Mistake, NoValue, OneOf, Trial, classify
from tests.labs.known_mistakes import ALL_MISTAKES, RELATIONS

repeatable = settings(derandomize=True, deadline=None)

RNG = np.random.default_rng(0)
X = [RNG.normal(size=(n, 3)) for n in (1, 4, 6)]


def trials(actual: Any, expected: Any = lambda x: {"sum": x.sum(0), "mean": x.mean(0)}, **steps: Any) -> list[Trial]:
    """Return three trials, with actual values, expected ones and those carried forward, each computed from x."""
    return [
        Trial({"x": x, "I": len(x)}, actual(x), expected(x), {k: step(actual(x)) for k, step in steps.items()})
        for x in X
    ]


def names(diagnoses: Mapping[str, Any]) -> dict[str, str]:
    """Return the name of each value's mistake; empty for a value without one."""
    return {value: diagnosis.mistake.name if diagnosis.mistake else "" for value, diagnosis in diagnoses.items()}


def known_mistake(name: str, **formulas: Any) -> Mistake:
    """Return a mistake of a table, with a formula for each value that it makes wrong."""
    return Mistake(name, f"{name}.", f"{name}?", formulas)


def test_a_formula_names_its_value() -> None:
    """A formula that gives the wrong value in every case is its mistake; one that does so in some cases is not."""
    table = [known_mistake("maximum", sum=lambda x: x.max(0))]
    correct = {"mean": lambda x: x.mean(0)}
    always = trials(lambda x: {"sum": x.max(0), **{k: f(x) for k, f in correct.items()}})
    assert names(classify(always, ["sum"], table=table)) == {"sum": "maximum"}
    sometimes = trials(lambda x: {"sum": x.max(0) + (len(x) == 6), "mean": x.mean(0)})
    assert names(classify(sometimes, ["sum"], table=table)) == {"sum": ""}


def test_a_right_case_must_fit_too() -> None:
    """A mistake that would make a right case wrong doesn't account for the wrong cases."""
    submission = trials(lambda x: {"sum": x.sum(0) if len(x) == 1 else x.max(0) + 1, "mean": x.mean(0)})
    assert names(classify(submission, ["sum"], table=[known_mistake("shifted", sum=lambda x: x.max(0) + 1)])) == {
        "sum": ""
    }
    fitting = known_mistake("shifted", sum=lambda x: x.max(0) + (len(x) > 1))
    assert names(classify(submission, ["sum"], table=[fitting])) == {"sum": "shifted"}


def test_a_mistake_that_accounts_for_more_goes_first() -> None:
    """A mistake that accounts for more values is named before one that accounts for fewer.

    Among those that account for equally many, the table's order decides.
    """
    both = trials(lambda x: {"sum": 2 * x.sum(0), "mean": 2 * x.mean(0)})
    sum_twice, mean_twice = (
        known_mistake("sum-twice", sum=lambda expected: 2 * expected),
        known_mistake("mean-twice", mean=lambda expected: 2 * expected),
    )
    general = known_mistake("twice", sum=lambda expected: 2 * expected, mean=lambda expected: 2 * expected)
    assert set(names(classify(both, ["sum", "mean"], table=[sum_twice, mean_twice, general])).values()) == {"twice"}
    single = trials(lambda x: {"sum": 2 * x.sum(0), "mean": x.mean(0)})
    assert names(classify(single, ["sum"], table=[sum_twice, general])) == {"sum": "sum-twice"}
    assert names(classify(single, ["sum"], table=[general, sum_twice])) == {"sum": "twice"}


def test_two_mistakes_in_two_values_are_both_named() -> None:
    """Each value gets a mistake of its own if no mistake accounts for both."""
    both = trials(lambda x: {"sum": -x.sum(0), "mean": 2 * x.mean(0)})
    assert names(classify(both, ["sum", "mean"])) == {"sum": "sign", "mean": "factor-2-twice"}


def test_a_value_computed_from_a_wrong_one_has_no_mistake() -> None:
    """A value that is correctly computed from an earlier wrong one has that value as its cause, and no mistake."""
    chain = trials(
        lambda x: {"sum": 0 * x.sum(0), "mean": 0 * x.sum(0)}, mean=lambda actual: actual["sum"] / 7
    )  # fmt: skip
    diagnoses = classify(chain, ["sum", "mean"], steps={"mean": ("sum",)})
    assert names(diagnoses) == {"sum": "zeros", "mean": ""}
    assert (diagnoses["sum"].caused_by, diagnoses["mean"].caused_by) == ("", "sum")


def test_an_earlier_mistake_is_carried_forward() -> None:
    """A wrong sign after another mistake is named, although the value is not minus the expected one."""
    chain = trials(
        lambda x: {"sum": 3.3 * x.sum(0), "mean": -3.3 * x.sum(0) / 7},
        lambda x: {"sum": x.sum(0), "mean": x.sum(0) / 7},
        mean=lambda actual: actual["sum"] / 7,
    )
    assert names(classify(chain, ["sum", "mean"], steps={"mean": ("sum",)})) == {"sum": "", "mean": "sign"}


def test_relations_are_to_the_first_right_value() -> None:
    """If several values are right, a wrong one is related to the first of them."""
    either = trials(lambda x: {"sum": -x.sum(0)}, lambda x: {"sum": OneOf((x.sum(0), x.sum(0, keepdims=True)))})
    assert names(classify(either, ["sum"])) == {"sum": "sign"}


def test_a_formula_may_raise_where_the_student_did() -> None:
    """A formula fits a submission that raises the same error for the same cases; raising alone is no mistake."""
    squares = [RNG.normal(size=(2, 2)), X[1], X[2]]
    table = [known_mistake("swapped", sum=lambda x: x @ x)]

    def name_of(kind: str, message: str, first: Any) -> str:
        raised = NoValue(message, kind)
        submission = [Trial({"x": x}, {"sum": first if k == 0 else raised}, {"sum": x}) for k, x in enumerate(squares)]
        return names(classify(submission, ["sum"], table=table))["sum"]

    product = squares[0] @ squares[0]
    assert name_of("ValueError", "it raised ValueError: matmul", product) == "swapped"
    assert name_of("ValueError", "it raised ValueError: could not be broadcast together", product) == ""
    assert name_of("KeyError", "it raised KeyError", product) == ""
    assert name_of("ValueError", "it raised ValueError: matmul", NoValue("it raised ValueError", "ValueError")) == ""


def test_formula_is_skipped_where_its_names_are_unknown() -> None:
    """A formula with a parameter that the task doesn't have is skipped."""
    table = [known_mistake("foreign", sum=lambda y: y), Mistake("here", "", "", predicates={"sum": lambda _: True})]
    assert names(classify(trials(lambda x: {"sum": x}), ["sum"], table=table)) == {"sum": "here"}


PARTS = st.one_of(
    st.none(), st.floats(), st.integers(), st.text(max_size=3), st.booleans(), st.complex_numbers(),
    st.lists(st.floats(), max_size=3), st.lists(st.lists(st.floats(), max_size=2), max_size=2),
    st.dictionaries(st.text(max_size=2), st.floats(), max_size=2), st.binary(max_size=2),
    arrays(np.float64, array_shapes(min_dims=0, max_dims=3, max_side=3)),
    arrays(np.complex128, (2,)), arrays("U1", (2,)), st.builds(NoValue, st.text(max_size=9), st.just("KeyError")),
)  # fmt: skip


@repeatable
@given(st.lists(PARTS, min_size=3, max_size=3), st.lists(PARTS, max_size=3), st.booleans())
def test_anything_is_diagnosed(singles: list[Any], layers: list[Any], layered: bool) -> None:
    """No value that a student can return makes the diagnosis raise, for arrays and for lists of layers."""
    expected = [x.T for x in X[:2]] if layered else X[1]
    submission = [Trial({"x": x, "I": len(x), "alpha": 0.1}, {"v": layers if layered else value}, {"v": expected})
            for x, value in zip(X, singles, strict=True)]  # fmt: skip
    diagnoses = classify(submission, ["v"], "for x in y: return x", table=ALL_MISTAKES)
    assert diagnoses["v"].mistake is None or diagnoses["v"].mistake in ALL_MISTAKES


def test_every_mistake_has_an_explanation_and_a_hint() -> None:
    """A mistake has a short sentence, a short question, a name in lower case, and a formula or a predicate."""
    for mistake in ALL_MISTAKES:
        assert (mistake.explanation[-1], mistake.hint[-1]) == (".", "?"), mistake.name
        assert max(len(mistake.explanation), len(mistake.hint)) < 130, mistake.name
        assert set(mistake.name) <= {*"abcdefghijklmnopqrstuvwxyz0123456789-"}, mistake.name
        assert mistake.formulas or mistake.predicates, mistake.name


def test_relations_are_told_apart_from_causes() -> None:
    """RELATIONS holds the names that state only what can be seen, and no cause."""
    assert {"sign", "zeros", "transposed", "mean-missing", "name-missing"} <= RELATIONS
    assert "bias-not-summed" not in RELATIONS
