"""Random cases: fresh, the same for every regrade, and fit to tell right from wrong."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from autograder import reference
from autograder.checks import cases
from autograder.checks.cases import Case

FACTORIES = [cases.linear_regression, cases.regression_data, cases.toy_model]
factories = pytest.mark.parametrize("factory", FACTORIES, ids=lambda factory: factory.__name__)
SEEDS = range(20)


def drawn(make: cases.Cases, seed: int = 0) -> list[Case]:
    """The cases of one seed."""
    return list(make(np.random.default_rng(seed)))


def flat(found: list[Case]) -> np.ndarray:
    """All numbers of some cases in a row."""
    return np.concatenate(
        [np.ravel(np.asarray(value, dtype=float)) for case in found for value in case.values.values()]
    )


@factories
def test_one_seed_always_draws_the_same(factory: Callable[..., cases.Cases]) -> None:
    """A regrade asks the same questions."""
    assert np.array_equal(flat(drawn(factory(), 3)), flat(drawn(factory(), 3)))


@factories
def test_another_seed_draws_other_numbers(factory: Callable[..., cases.Cases]) -> None:
    """No two students are asked the same, so no table of answers helps; sizes are the same for all."""
    first, second = drawn(factory(), 3), drawn(factory(), 4)
    assert [case.sizes for case in first] == [case.sizes for case in second]
    assert not set(np.round(flat(first), 12)) & set(np.round(flat(second), 12)) - {0.0, 1.0, 2.0, 30.0}


@factories
@pytest.mark.parametrize("seed", SEEDS)
def test_every_number_is_finite(factory: Callable[..., cases.Cases], seed: int) -> None:
    """Nothing that is drawn overflows or is missing."""
    assert np.isfinite(flat(drawn(factory(), seed))).all()


@factories
def test_sizes_are_plain_integers(factory: Callable[..., cases.Cases]) -> None:
    """They are shown to students and stored as JSON."""
    assert all(type(size) is int for case in drawn(factory()) for size in case.sizes.values())


def test_a_case_hands_out_its_values_in_order() -> None:
    """Names pick inputs, in the order asked for; an unknown name is an error of the lab's author."""
    case = Case("", {}, {"x": 1, "y": 2, "z": 3})
    assert list(case.pick("z x").items()) == [("z", 3), ("x", 1)]
    with pytest.raises(KeyError, match="w"):
        case.pick("x w")


def shapes_of(case: Case) -> dict[str, tuple[int, ...]]:
    """The shape of each value."""
    return {name: np.shape(value) for name, value in case.values.items()}


def test_linear_models_come_in_all_sizes() -> None:
    """One sample and several, one input and several, samples and inputs of different number, small and large values."""
    found = drawn(cases.linear_regression())
    for case in found:
        n, D_i = case.sizes["I"], case.sizes["D_i"]
        assert shapes_of(case) == {
            "net_input": (n, D_i), "weights": (D_i, 1), "bias": (1, 1), "net_output": (n, 1), "y": (n, 1),
            "dl_dweights": (D_i, 1), "dl_dbias": (1, 1), "alpha": (),
        }  # fmt: skip
        assert case.group == ("one sample" if n == 1 else "several samples")
    pairs = {(case.sizes["I"], case.sizes["D_i"]) for case in found}
    assert any(n > D_i > 1 for n, D_i in pairs)
    assert any(1 < n < D_i for n, D_i in pairs)
    assert {1} < {n for n, _ in pairs}
    sizes = [np.abs(case.values["net_input"]).mean() for case in found]
    assert max(sizes) > 10 * min(sizes)


def test_net_output_is_not_what_the_model_says() -> None:
    """Who computes the output anew where it is handed in is found out."""
    for case in drawn(cases.linear_regression()):
        model = reference.linear_regression.predict(**case.pick("net_input weights bias"))
        assert not np.allclose(model, case.values["net_output"])


@pytest.mark.parametrize(("samples", "groups"), [
    ((1,), {""}), ((2, 17), {""}), ((1, 2), {"one sample", "several samples"}), ((40, 70), {""}),
])  # fmt: skip
def test_one_sample_is_a_group_only_beside_others(samples: tuple[int, ...], groups: set[str]) -> None:
    """A rubric is split only where there is something to split."""
    assert {case.group for case in drawn(cases.linear_regression(samples=samples))} == groups


@pytest.mark.parametrize("seed", SEEDS)
def test_descent_on_the_data_converges(seed: int) -> None:
    """With the learning rate of the case the cost falls at every iteration, so no rounding error grows."""
    for case in drawn(cases.regression_data(), seed):
        n, D_i = case.sizes["I"], case.sizes["D_i"]
        x, y, count, alpha = case.pick("x_train y_train iterations alpha").values()
        assert (x.shape, y.shape, count) == ((n, D_i), (n, 1), case.sizes["iterations"])
        weights, bias, costs = np.ones((D_i, 1)), np.ones((1, 1)), []
        for _ in range(30):
            output = reference.linear_regression.predict(x, weights, bias)
            costs.append(reference.linear_regression.cost(output, y))
            dl_dweights, dl_dbias = reference.linear_regression.gradient(weights, bias, x, output, y)
            weights, bias = weights - alpha * dl_dweights, bias - alpha * dl_dbias
        assert (np.diff(np.ravel(costs)) < 1e-12 * costs[0]).all()
        # Off centre: whoever forgets the bias is found out.
        assert np.abs(x.mean(axis=0)).max() > 1e-3


def by_names(case: Case) -> dict[str, Any]:
    """Numbers of a toy model by the lab's names, as tuples of four."""
    return {name: [case.values[f"{name}{k}"] for k in range(4)] for name in ("beta", "omega")}


@pytest.mark.parametrize("seed", SEEDS)
def test_toy_models_carry_their_own_two_passes(seed: int) -> None:
    """The forward pass and the gradients that are handed in are right for the parameters of the case."""
    for case in drawn(cases.toy_model(), seed):
        beta, omega = by_names(case).values()
        assert list(case.values["beta"]) == beta
        assert list(case.values["omega"]) == omega
        forward = reference.toy_model.forward(case.values["x"], case.values["y"], beta, omega)
        backward = reference.toy_model.backward(forward, case.values["y"], omega)
        for name, value in {**forward._asdict(), **backward._asdict()}.items():
            assert case.values[name] == pytest.approx(value, rel=1e-12)


@pytest.mark.parametrize("seed", SEEDS)
def test_toy_models_keep_away_from_nothing(seed: int) -> None:
    """No value on the way is so small or large that a mistake could hide behind rounding."""
    for case in drawn(cases.toy_model(), seed):
        for name in ("f0", "h1", "f1", "h2", "f2", "h3", "f3", "dldf3", "dldh3", "dldf2", "dldh2", "dldf1", "dldf0"):
            assert 1e-3 < abs(case.values[name]) < 1e3, name
    assert len(drawn(cases.toy_model(count=3))) == 3
