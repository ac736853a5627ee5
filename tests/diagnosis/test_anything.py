"""Tests that any value a student can return is compared and diagnosed, and that nothing raises."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import array_shapes, arrays

from autograder import reference
from autograder.diagnosis import NoValue, OneOf, Trial, classify, compare
from autograder.diagnosis.trial import is_correct
from autograder.labs.lab3_mlp_backprop.cases import mlp
from tests.labs.known_mistakes import ALL_MISTAKES

repeatable = settings(derandomize=True, deadline=None, max_examples=60)

BACKWARD = ("all_dl_dweights", "all_dl_dbiases")
FORWARD = ("net_output", "all_f", "all_h")
ONE_SHAPE = ((3, 3, 3),)

numbers = st.one_of(st.integers(-3, 3), st.floats(width=32), st.just(10**400), st.complex_numbers(), st.booleans())
plain = st.one_of(
    st.none(), numbers, st.text(max_size=3), st.binary(max_size=2),
    arrays(st.sampled_from([np.float64, np.float32, np.int64, np.bool_, np.complex128]),
           array_shapes(min_dims=0, max_dims=3, min_side=0, max_side=4)),
    arrays(np.float64, array_shapes(min_dims=2, max_dims=2, max_side=4),
           elements=st.sampled_from([np.nan, np.inf, 0, 1])),
)  # fmt: skip
anything = st.recursive(plain, lambda inner: st.one_of(
    st.lists(inner, max_size=4), st.lists(inner, max_size=3).map(tuple),
    st.dictionaries(st.text(max_size=1), inner, max_size=2),
), max_leaves=8)  # fmt: skip


def trials_of(
    networks: tuple[tuple[int, ...], ...] = ((4, 2), (2, 5, 3), (3, 3, 3, 3)), rows: bool = False
) -> list[Trial]:
    """Return trials of both passes, without values of a submission."""
    samples = "rows" if rows else "columns"
    trials = []
    for case in mlp(networks=networks, samples=(1, 3), samples_as=samples)(np.random.default_rng(0)):

        def d_cost(net_output: Any, y: Any) -> Any:
            return reference.costs.d_squared_error(net_output, y, samples=samples)

        inputs = case.pick("all_weights all_biases all_f all_h y")
        gradients = reference.mlp.backward(
            *list(inputs.values())[:4], d_cost(inputs["all_f"][-1], inputs["y"]), samples=samples
        )
        expected = {**dict(zip(BACKWARD, gradients, strict=False)), **case.pick(" ".join(FORWARD))}
        context = {"d_cost_d_output": d_cost, "samples": samples, "net_input": case.values["net_input"]}
        trials.append(Trial({**case.sizes, **inputs, **context}, {}, expected))
    return trials


TRIALS = trials_of()


def classify_all(trials: list[Trial], actual: list[dict[str, Any]]) -> None:
    """Classify a submission's values, one dict a trial, for both passes."""
    trials = [
        Trial(trial.inputs, {**trial.expected, **values}, trial.expected)
        for trial, values in zip(trials, actual, strict=True)
    ]
    for values in (BACKWARD, FORWARD):
        diagnoses = classify(trials, values, "def backward_pass(): pass", table=ALL_MISTAKES)
        assert set(diagnoses) == set(values)


@repeatable
@given(anything)
@example([])
@example([[1.0], [1.0, 2.0]])
@example([np.ones((2, 4)), None])
@example([np.ones((2, 3)), "text", np.ones(5)])
@example([np.full((3, 3), np.nan)] * 3)
def test_anything_can_be_classified(value: Any) -> None:
    """Any value, the same in every case and for every name, can be classified."""
    classify_all(TRIALS, [dict.fromkeys((*BACKWARD, *FORWARD), value)] * len(TRIALS))


@repeatable
@given(anything, st.integers(0, 3), st.sampled_from(["in place", "before", "after", "dropped"]), st.booleans())
def test_lists_that_are_nearly_right_can_be_classified(junk: Any, index: int, edit: str, rows: bool) -> None:
    """A list with one layer replaced, inserted or left out can be classified."""

    def spoil(expected: Any) -> Any:
        if not isinstance(expected, list):
            return expected
        k = index % len(expected)
        middle = {"in place": [junk], "before": [junk, expected[k]], "after": [expected[k], junk], "dropped": []}[edit]
        return [*expected[:k], *middle, *expected[k + 1 :]]

    trials = trials_of(rows=rows)
    classify_all(trials, [{name: spoil(expected) for name, expected in trial.expected.items()} for trial in trials])


@repeatable
@given(st.lists(anything, min_size=2, max_size=2))
@example([np.ones(2), np.ones((2, 3))])
def test_constants_of_ragged_layers_can_be_classified(junk: list[Any]) -> None:
    """The same list of layers in every case can be classified, where all cases have one shape."""
    trials = trials_of(ONE_SHAPE)
    classify_all(trials, [dict.fromkeys((*BACKWARD, *FORWARD), junk)] * len(trials))


@pytest.mark.parametrize("actual", [np.nan, [np.full((3, 3), np.nan)] * 2])
def test_nan_in_every_case_is_not_typed_in(actual: Any) -> None:
    """NaN in every case, for any inputs, is not taken for a number that the student typed in."""
    trials = [
        Trial(trial.inputs, {"all_h": actual}, {"all_h": trial.expected["all_h"]}) for trial in trials_of(ONE_SHAPE)
    ]
    mistake = classify(trials, ["all_h"])["all_h"].mistake
    assert mistake is None or mistake.name == "not-finite"


@pytest.mark.parametrize("kind", ["", "ValueError", "IndexError", "KeyError", "NothingReturned", "WrongCount"])
def test_exceptions_can_be_classified(kind: str) -> None:
    """Exceptions in all cases, and in some, can be classified."""
    no_value = NoValue("it raised something", kind)
    actual = dict.fromkeys((*BACKWARD, *FORWARD), no_value)
    classify_all(TRIALS, [actual] * len(TRIALS))
    classify_all(TRIALS, [actual if trial.inputs["I"] > 1 else {} for trial in TRIALS])


layers = st.lists(
    st.one_of(anything, arrays(np.float64, (2, 2), elements=st.sampled_from([0.0, 1.0, 1 + 1e-7, np.nan])))
)


@repeatable
@given(st.one_of(anything, layers), st.one_of(
    arrays(np.float64, array_shapes(min_dims=0, max_dims=2, max_side=2), elements=st.sampled_from([0.0, 1.0])),
    st.lists(arrays(np.float64, (2, 2), elements=st.sampled_from([0.0, 1.0])), min_size=1, max_size=2),
))  # fmt: skip
def test_is_correct_agrees_with_compare(actual: Any, expected: Any) -> None:
    """`is_correct`, which classifies mistakes, agrees with `compare`, which gives the points."""
    assert is_correct(actual, expected) == compare(actual, expected).is_correct
    assert is_correct(actual, OneOf((expected, 7.0))) == (
        compare(actual, expected).is_correct or compare(actual, 7.0).is_correct
    )
    assert is_correct(expected, expected)


@pytest.mark.parametrize("mistake", ALL_MISTAKES, ids=lambda mistake: mistake.name)
def test_mistakes_have_a_sentence_and_a_question(mistake: Any) -> None:
    """A mistake's explanation is a sentence, and its hint is a question."""
    assert mistake.explanation[0].isupper() or mistake.explanation[0] in "`"
    assert mistake.explanation.endswith(".")
    assert mistake.hint.endswith("?") or mistake.hint.endswith("…?")
