"""Whatever a student returns: it is judged, looked at and named, or left without a name, and nothing breaks."""

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
    """Cases of both passes, with nothing that came yet."""
    samples = "rows" if rows else "columns"
    found = []
    for case in mlp(networks=networks, samples=(1, 3), samples_as=samples)(np.random.default_rng(0)):

        def d_cost(net_output: Any, y: Any) -> Any:
            return reference.costs.d_squared_error(net_output, y, samples=samples)

        given = case.pick("all_weights all_biases all_f all_h y")
        back = reference.mlp.backward(
            *list(given.values())[:4], d_cost(given["all_f"][-1], given["y"]), samples=samples
        )
        right = {**dict(zip(BACKWARD, back, strict=False)), **case.pick(" ".join(FORWARD))}
        beside = {"d_cost_d_output": d_cost, "samples": samples, "net_input": case.values["net_input"]}
        found.append(Trial({**case.sizes, **given, **beside}, {}, right))
    return found


TRIALS = trials_of()


def named(trials: list[Trial], came: list[dict[str, Any]]) -> None:
    """Name what came, one dict a trial, for both passes."""
    trials = [
        Trial(trial.inputs, {**trial.expected, **values}, trial.expected)
        for trial, values in zip(trials, came, strict=True)
    ]
    for values in (BACKWARD, FORWARD):
        found = classify(trials, values, "def backward_pass(): pass", table=ALL_MISTAKES)
        assert set(found) == set(values)


@repeatable
@given(anything)
@example([])
@example([[1.0], [1.0, 2.0]])
@example([np.ones((2, 4)), None])
@example([np.ones((2, 3)), "text", np.ones(5)])
@example([np.full((3, 3), np.nan)] * 3)
def test_anything_can_be_named(came: Any) -> None:
    """The same in every case and for every value."""
    named(TRIALS, [dict.fromkeys((*BACKWARD, *FORWARD), came)] * len(TRIALS))


@repeatable
@given(anything, st.integers(0, 3), st.sampled_from(["in place", "before", "after", "dropped"]), st.booleans())
def test_lists_that_are_nearly_right_can_be_named(junk: Any, at: int, how: str, rows: bool) -> None:
    """One layer is something else, or there is one too many, or too few."""

    def spoilt(right: Any) -> Any:
        if not isinstance(right, list):
            return right
        k = at % len(right)
        middle = {"in place": [junk], "before": [junk, right[k]], "after": [right[k], junk], "dropped": []}[how]
        return [*right[:k], *middle, *right[k + 1 :]]

    trials = trials_of(rows=rows)
    named(trials, [{name: spoilt(right) for name, right in trial.expected.items()} for trial in trials])


@repeatable
@given(st.lists(anything, min_size=2, max_size=2))
@example([np.ones(2), np.ones((2, 3))])
def test_constants_of_ragged_layers_can_be_named(junk: list[Any]) -> None:
    """Cases of one shape, where the same can come in every case."""
    trials = trials_of(ONE_SHAPE)
    named(trials, [dict.fromkeys((*BACKWARD, *FORWARD), junk)] * len(trials))


@pytest.mark.parametrize("came", [np.nan, [np.full((3, 3), np.nan)] * 2])
def test_not_finite_in_every_case_is_not_typed_in(came: Any) -> None:
    """NaN stays NaN whatever the inputs are, and is nothing that somebody typed."""
    trials = [
        Trial(trial.inputs, {"all_h": came}, {"all_h": trial.expected["all_h"]}) for trial in trials_of(ONE_SHAPE)
    ]
    mistake = classify(trials, ["all_h"])["all_h"].mistake
    assert mistake is None or mistake.name == "not-finite"


@pytest.mark.parametrize("kind", ["", "ValueError", "IndexError", "KeyError", "NothingReturned", "WrongCount"])
def test_exceptions_can_be_named(kind: str) -> None:
    """In all cases, or in some."""
    nothing = NoValue("it raised something", kind)
    spoilt = dict.fromkeys((*BACKWARD, *FORWARD), nothing)
    named(TRIALS, [spoilt] * len(TRIALS))
    named(TRIALS, [spoilt if trial.inputs["I"] > 1 else {} for trial in TRIALS])


layers = st.lists(
    st.one_of(anything, arrays(np.float64, (2, 2), elements=st.sampled_from([0.0, 1.0, 1 + 1e-7, np.nan])))
)


@repeatable
@given(st.one_of(anything, layers), st.one_of(
    arrays(np.float64, array_shapes(min_dims=0, max_dims=2, max_side=2), elements=st.sampled_from([0.0, 1.0])),
    st.lists(arrays(np.float64, (2, 2), elements=st.sampled_from([0.0, 1.0])), min_size=1, max_size=2),
))  # fmt: skip
def test_one_notion_of_right(came: Any, true: Any) -> None:
    """What names mistakes calls right what gives the points."""
    assert is_correct(came, true) == compare(came, true).is_correct
    assert is_correct(came, OneOf((true, 7.0))) == (compare(came, true).is_correct or compare(came, 7.0).is_correct)
    assert is_correct(true, true)


@pytest.mark.parametrize("mistake", ALL_MISTAKES, ids=lambda mistake: mistake.name)
def test_words_are_a_sentence_and_a_question(mistake: Any) -> None:
    """What went wrong, then what to ask oneself."""
    assert mistake.explanation[0].isupper() or mistake.explanation[0] in "`"
    assert mistake.explanation.endswith(".")
    assert mistake.hint.endswith("?") or mistake.hint.endswith("…?")
