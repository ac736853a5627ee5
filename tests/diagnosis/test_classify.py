"""Naming: the fewest known mistakes that account for all that is wrong, and none where none does."""

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


def trials(yours: Any, right: Any = lambda x: {"sum": x.sum(0), "mean": x.mean(0)}, **steps: Any) -> list[Trial]:
    """Three cases of what somebody makes of x beside what is right."""
    return [
        Trial({"x": x, "I": len(x)}, yours(x), right(x), {k: step(yours(x)) for k, step in steps.items()}) for x in X
    ]


def names(found: Mapping[str, Any]) -> dict[str, str]:
    """The name given to each value."""
    return {value: diagnosis.mistake.name if diagnosis.mistake else "" for value, diagnosis in found.items()}


def entry(name: str, **wrong: Any) -> Mistake:
    """An entry of a table."""
    return Mistake(name, f"{name}.", f"{name}?", wrong)


def test_a_formula_names_its_value() -> None:
    """What a formula gives in every case is its mistake; what it gives in some only is not."""
    table = [entry("maximum", sum=lambda x: x.max(0))]
    right = {"mean": lambda x: x.mean(0)}
    always = trials(lambda x: {"sum": x.max(0), **{k: f(x) for k, f in right.items()}})
    assert names(classify(always, ["sum"], table=table)) == {"sum": "maximum"}
    sometimes = trials(lambda x: {"sum": x.max(0) + (len(x) == 6), "mean": x.mean(0)})
    assert names(classify(sometimes, ["sum"], table=table)) == {"sum": ""}


def test_a_right_case_must_fit_too() -> None:
    """A mistake that would spoil a case in which the value is right is not the one that was made."""
    yours = trials(lambda x: {"sum": x.sum(0) if len(x) == 1 else x.max(0) + 1, "mean": x.mean(0)})
    assert names(classify(yours, ["sum"], table=[entry("shifted", sum=lambda x: x.max(0) + 1)])) == {"sum": ""}
    fitting = entry("shifted", sum=lambda x: x.max(0) + (len(x) > 1))
    assert names(classify(yours, ["sum"], table=[fitting])) == {"sum": "shifted"}


def test_who_accounts_for_more_goes_first() -> None:
    """One mistake in two values is told before two mistakes in one each; otherwise the table's order decides."""
    both = trials(lambda x: {"sum": 2 * x.sum(0), "mean": 2 * x.mean(0)})
    one, other = (
        entry("sum-twice", sum=lambda expected: 2 * expected),
        entry("mean-twice", mean=lambda expected: 2 * expected),
    )
    general = entry("twice", sum=lambda expected: 2 * expected, mean=lambda expected: 2 * expected)
    assert set(names(classify(both, ["sum", "mean"], table=[one, other, general])).values()) == {"twice"}
    single = trials(lambda x: {"sum": 2 * x.sum(0), "mean": x.mean(0)})
    assert names(classify(single, ["sum"], table=[one, general])) == {"sum": "sum-twice"}
    assert names(classify(single, ["sum"], table=[general, one])) == {"sum": "twice"}


def test_two_mistakes_in_two_values_are_both_named() -> None:
    """Each value gets its own name where no mistake accounts for both."""
    both = trials(lambda x: {"sum": -x.sum(0), "mean": 2 * x.mean(0)})
    assert names(classify(both, ["sum", "mean"])) == {"sum": "sign", "mean": "factor-2-twice"}


def test_what_follows_from_a_wrong_value_has_no_name_of_its_own() -> None:
    """A value that is rightly made of an earlier wrong one sends there."""
    chain = trials(
        lambda x: {"sum": 0 * x.sum(0), "mean": 0 * x.sum(0)}, mean=lambda yours: yours["sum"] / 7
    )  # fmt: skip
    found = classify(chain, ["sum", "mean"], steps={"mean": ("sum",)})
    assert names(found) == {"sum": "zeros", "mean": ""}
    assert (found["sum"].caused_by, found["mean"].caused_by) == ("", "sum")


def test_a_value_is_judged_by_the_students_own_earlier_one() -> None:
    """A sign slip after another mistake is a sign slip, although the value is not minus the true one."""
    chain = trials(
        lambda x: {"sum": 3.3 * x.sum(0), "mean": -3.3 * x.sum(0) / 7},
        lambda x: {"sum": x.sum(0), "mean": x.sum(0) / 7},
        mean=lambda yours: yours["sum"] / 7,
    )
    assert names(classify(chain, ["sum", "mean"], steps={"mean": ("sum",)})) == {"sum": "", "mean": "sign"}


def test_any_of_several_right_values_may_be_missed() -> None:
    """The relation is to the first of the values that are right."""
    either = trials(lambda x: {"sum": -x.sum(0)}, lambda x: {"sum": OneOf((x.sum(0), x.sum(0, keepdims=True)))})
    assert names(classify(either, ["sum"])) == {"sum": "sign"}


def test_a_formula_may_raise_where_the_student_did() -> None:
    """Operands that fit in neither the formula nor the answer are alike; but raising alone is no mistake."""
    squares = [RNG.normal(size=(2, 2)), X[1], X[2]]
    table = [entry("swapped", sum=lambda x: x @ x)]

    def found(kind: str, said: str, first: Any) -> str:
        raised = NoValue(said, kind)
        came = [Trial({"x": x}, {"sum": first if k == 0 else raised}, {"sum": x}) for k, x in enumerate(squares)]
        return names(classify(came, ["sum"], table=table))["sum"]

    product = squares[0] @ squares[0]
    assert found("ValueError", "it raised ValueError: matmul", product) == "swapped"
    assert found("ValueError", "it raised ValueError: could not be broadcast together", product) == ""
    assert found("KeyError", "it raised KeyError", product) == ""
    assert found("ValueError", "it raised ValueError: matmul", NoValue("it raised ValueError", "ValueError")) == ""


def test_formula_is_skipped_where_its_names_are_unknown() -> None:
    """A formula whose parameters the task does not have is not tried."""
    table = [entry("foreign", sum=lambda y: y), Mistake("here", "", "", predicates={"sum": lambda trials: True})]
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
def test_whatever_comes_is_diagnosed(singles: list[Any], layers: list[Any], layered: bool) -> None:
    """No value that a student can return makes the diagnosis raise, for arrays and for lists of layers."""
    right = [x.T for x in X[:2]] if layered else X[1]
    came = [Trial({"x": x, "I": len(x), "alpha": 0.1}, {"v": layers if layered else one}, {"v": right})
            for x, one in zip(X, singles, strict=True)]  # fmt: skip
    found = classify(came, ["v"], "for x in y: return x", table=ALL_MISTAKES)
    assert found["v"].mistake is None or found["v"].mistake in ALL_MISTAKES


def test_every_entry_says_and_asks() -> None:
    """A sentence and a question, both short."""
    for mistake in ALL_MISTAKES:
        assert (mistake.explanation[-1], mistake.hint[-1]) == (".", "?"), mistake.name
        assert max(len(mistake.explanation), len(mistake.hint)) < 130, mistake.name
        assert set(mistake.name) <= {*"abcdefghijklmnopqrstuvwxyz0123456789-"}, mistake.name
        assert mistake.formulas or mistake.predicates, mistake.name


def test_relations_are_told_apart_from_causes() -> None:
    """The names that only state what can be seen are known as such."""
    assert {"sign", "zeros", "transposed", "mean-missing", "name-missing"} <= RELATIONS
    assert "bias-not-summed" not in RELATIONS
