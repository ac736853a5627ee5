"""Tests of random cases: different for each seed, the same at every regrade, and able to tell right from wrong."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from autograder import reference
from autograder.checks.cases import Case, Cases
from autograder.labs.lab0_by_hand.cases import (
    between_layers,
    bias_first,
    choices,
    gaussian,
    logits_of_one,
    outputs_of_one,
    said_and_seen,
    sigmoid_slopes,
    slopes_of_samples,
)
from autograder.labs.lab1_linear_regression.cases import linear_regression, regression_data
from autograder.labs.lab2_toy_model.cases import toy_model
from autograder.labs.lab3_mlp_backprop.cases import mlp, sigmoid_layers
from autograder.labs.lab5_softmax_cross_entropy.cases import classification, classified
from autograder.labs.lab6_layers.cases import batches, linear_layer, two_layer_net, two_layer_training, two_layers
from autograder.labs.lab7_training.cases import (
    dealt,
    gradients,
    kept_digits,
    labels,
    networks,
    readings,
    starts,
    trainings,
)

FACTORIES = [
    linear_regression, regression_data, toy_model, mlp, classification, classified,
    two_layer_net, two_layer_training,
    sigmoid_layers, linear_layer, batches, two_layers,
    between_layers, bias_first, choices, gaussian, logits_of_one, outputs_of_one,
    said_and_seen, sigmoid_slopes, slopes_of_samples,
]  # fmt: skip
factories = pytest.mark.parametrize("factory", FACTORIES, ids=lambda factory: factory.__name__)
SEEDS = range(20)


def cases_of(make: Cases, seed: int = 0) -> list[Case]:
    """Return the cases of one seed."""
    return list(make(np.random.default_rng(seed)))


def arrays_of(value: Any) -> list[np.ndarray]:
    """Return a value as a list of arrays: its layers, or itself."""
    return [np.asarray(layer, dtype=float) for layer in (value if isinstance(value, list) else [value])]


def numbers_of(cases: list[Case]) -> np.ndarray:
    """Return all numbers of some cases as one flat array."""
    return np.concatenate(
        [array.ravel() for case in cases for value in case.values.values() for array in arrays_of(value)]
    )


@factories
def test_one_seed_always_draws_the_same(factory: Callable[..., Cases]) -> None:
    """One seed always draws the same cases, so that a regrade gives the same score."""
    assert np.array_equal(numbers_of(cases_of(factory(), 3)), numbers_of(cases_of(factory(), 3)))


@factories
def test_another_seed_draws_other_numbers(factory: Callable[..., Cases]) -> None:
    """Another seed draws other numbers in the same sizes, so that no table of answers helps."""
    first, second = cases_of(factory(), 3), cases_of(factory(), 4)
    assert [case.sizes for case in first] == [case.sizes for case in second]
    assert not set(np.round(numbers_of(first), 12)) & set(np.round(numbers_of(second), 12)) - {
        0.0,
        1.0,
        2.0,
        3.0,
        7.0,
        8.0,
        30.0,
    }


@factories
@pytest.mark.parametrize("seed", SEEDS)
def test_every_number_is_finite(factory: Callable[..., Cases], seed: int) -> None:
    """No drawn number is infinite or NaN."""
    assert np.isfinite(numbers_of(cases_of(factory(), seed))).all()


@factories
def test_sizes_are_plain_integers(factory: Callable[..., Cases]) -> None:
    """Sizes are plain integers, because messages show them and JSON stores them."""
    assert all(type(size) is int for case in cases_of(factory()) for size in case.sizes.values())


def test_pick_returns_values_in_order() -> None:
    """`pick` returns the named inputs in the order of the names; an unknown name raises a KeyError."""
    case = Case("", {}, {"x": 1, "y": 2, "z": 3})
    assert list(case.pick("z x").items()) == [("z", 3), ("x", 1)]
    with pytest.raises(KeyError, match="w"):
        case.pick("x w")


def shapes_of(case: Case) -> dict[str, tuple[int, ...]]:
    """Return the shape of each value."""
    return {name: np.shape(value) for name, value in case.values.items()}


def test_linear_models_come_in_all_sizes() -> None:
    """Cases have one sample and several, one input and several, I > D_i and I < D_i, small and large values."""
    cases = cases_of(linear_regression())
    for case in cases:
        n, D_i = case.sizes["I"], case.sizes["D_i"]
        assert shapes_of(case) == {
            "net_input": (n, D_i), "weights": (D_i, 1), "bias": (1, 1), "net_output": (n, 1), "y": (n, 1),
            "dl_dweights": (D_i, 1), "dl_dbias": (1, 1), "alpha": (),
        }  # fmt: skip
        assert case.group == ("one sample" if n == 1 else "several samples")
    pairs = {(case.sizes["I"], case.sizes["D_i"]) for case in cases}
    assert any(n > D_i > 1 for n, D_i in pairs)
    assert any(1 < n < D_i for n, D_i in pairs)
    assert {1} < {n for n, _ in pairs}
    sizes = [np.abs(case.values["net_input"]).mean() for case in cases]
    assert max(sizes) > 10 * min(sizes)


def test_net_output_is_independent_of_the_parameters() -> None:
    """The given output differs from the model's, so that computing it again instead of using it is wrong."""
    for case in cases_of(linear_regression()):
        model = reference.linear_regression.predict(**case.pick("net_input weights bias"))
        assert not np.allclose(model, case.values["net_output"])


@pytest.mark.parametrize(("samples", "groups"), [
    ((1,), {""}), ((2, 17), {""}), ((1, 2), {"one sample", "several samples"}), ((40, 70), {""}),
])  # fmt: skip
def test_one_sample_is_a_group_only_beside_others(samples: tuple[int, ...], groups: set[str]) -> None:
    """`one sample` is a group of its own only if other cases have several samples."""
    assert {case.group for case in cases_of(linear_regression(samples=samples))} == groups
    assert {case.group for case in cases_of(mlp(samples=samples))} == groups
    assert {case.group for case in cases_of(classification(samples=samples))} == groups | {"large logits"}
    for factory in (linear_regression, mlp, classification):
        assert {case.group for case in cases_of(factory(samples=samples, groups=False))} == {""}


@pytest.mark.parametrize("seed", SEEDS)
def test_descent_on_the_data_converges(seed: int) -> None:
    """At the learning rate of the case the cost falls in every iteration, so that no rounding error grows."""
    for case in cases_of(regression_data(), seed):
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
        # Inputs are off centre, so that a forgotten bias changes the cost.
        assert np.abs(x.mean(axis=0)).max() > 1e-3


def by_names(case: Case) -> dict[str, Any]:
    """Return the parameters of a toy model by the lab's names, four numbers each."""
    return {name: [case.values[f"{name}{k}"] for k in range(4)] for name in ("beta", "omega")}


@pytest.mark.parametrize("seed", SEEDS)
def test_toy_models_contain_their_two_passes(seed: int) -> None:
    """The given forward pass and gradients belong to the parameters of the case."""
    for case in cases_of(toy_model(), seed):
        beta, omega = by_names(case).values()
        assert list(case.values["beta"]) == beta
        assert list(case.values["omega"]) == omega
        forward = reference.toy_model.forward(case.values["x"], case.values["y"], beta, omega)
        backward = reference.toy_model.backward(forward, case.values["y"], omega)
        for name, value in {**forward._asdict(), **backward._asdict()}.items():
            assert case.values[name] == pytest.approx(value, rel=1e-12)


@pytest.mark.parametrize("seed", SEEDS)
def test_toy_models_keep_away_from_zero(seed: int) -> None:
    """No intermediate value is so small or large that rounding could hide a mistake."""
    for case in cases_of(toy_model(), seed):
        for name in ("f0", "h1", "f1", "h2", "f2", "h3", "f3", "dldf3", "dldh3", "dldf2", "dldh2", "dldf1", "dldf0"):
            assert 1e-3 < abs(case.values[name]) < 1e3, name
    assert len(cases_of(toy_model(count=3))) == 3


@pytest.mark.parametrize("samples_as", ["columns", "rows"])
@pytest.mark.parametrize("seed", SEEDS)
def test_networks_contain_their_forward_pass(seed: int, samples_as: Any) -> None:
    """The given forward pass belongs to the parameters of the case, and the sizes describe the shapes."""
    for case in cases_of(mlp(samples_as=samples_as), seed):
        net_input, *parameters = case.pick("net_input all_weights all_biases").values()
        forward = reference.mlp.forward(net_input, *parameters, samples=samples_as)
        for name, value in forward._asdict().items():
            for actual, expected in zip(arrays_of(case.values[name]), arrays_of(value), strict=True):
                np.testing.assert_allclose(actual, expected, rtol=1e-9)
        D_i, I = net_input.shape if samples_as == "columns" else net_input.T.shape  # noqa: E741
        D_o = case.values["y"].size // I
        hidden = {biases.size for biases in case.values["all_biases"][:-1]}
        sizes = {"K": len(case.values["all_weights"]) - 1, "D_i": D_i, "D_o": D_o, "I": I}
        assert {name: size for name, size in case.sizes.items() if name != "D"} == sizes
        assert case.sizes.get("D") == (hidden.pop() if len(hidden) == 1 else None)
        assert case.values["y"].shape == case.values["net_output"].shape


def test_networks_in_rows_are_networks_in_columns_transposed() -> None:
    """One seed draws the same network for samples in rows and in columns."""
    for columns, rows in zip(cases_of(mlp()), cases_of(mlp(samples_as="rows")), strict=True):
        for name, value in columns.values.items():
            for column_array, row_array in zip(arrays_of(value), arrays_of(rows.values[name]), strict=True):
                assert np.array_equal(column_array.T, row_array)


def test_networks_come_in_all_sizes() -> None:
    """Networks have 0 to 20 hidden layers, equal and different widths, one output and several; one is all threes."""
    cases = cases_of(mlp())
    assert {0, 1, 2, 20} <= {case.sizes["K"] for case in cases}
    shapes = [([f.shape[0] for f in case.values["all_f"]], case.sizes) for case in cases]
    for outputs in (1, 2):
        assert any(len(set(D)) == len(D) and sizes["I"] not in D and len(D) > 1 for D, sizes in shapes)
        assert any(sizes["D_o"] >= outputs and sizes["I"] > 1 and sizes["K"] > 1 for D, sizes in shapes)
    assert any(len(set(D[:-1])) == 1 < len(set(D)) and sizes["K"] > 1 for D, sizes in shapes)
    assert sum({*D, sizes["D_i"], sizes["I"]} == {3} and sizes["K"] > 1 for D, sizes in shapes) == 1
    sizes_of_inputs = [np.abs(case.values["net_input"]).mean() for case in cases]
    assert max(sizes_of_inputs) > 10 * min(sizes_of_inputs)


@pytest.mark.parametrize("seed", SEEDS)
def test_networks_keep_away_from_the_kink(seed: int) -> None:
    """No pre-activation is near ReLU's kink; each sample passes each layer, and some units are inactive."""
    for case in cases_of(mlp(), seed):
        for f in case.values["all_f"][:-1]:
            assert np.abs(f).min() > 1e-3 * np.abs(f).max()
            assert (f > 0).any(axis=0).all()
            assert (f < 0).any()


@pytest.mark.parametrize("seed", SEEDS)
def test_networks_neither_fade_nor_explode(seed: int) -> None:
    """Through twenty layers, forward and backward, numbers keep a size at which a mistake shows."""
    for case in cases_of(mlp(), seed):
        *cache, y = case.pick("all_weights all_biases all_f all_h y").values()
        backward = reference.mlp.backward(*cache, reference.costs.d_squared_error(cache[2][-1], y))
        for array in (*case.values["all_f"], *backward.all_dl_df):
            assert 1e-6 < np.abs(array).max() < 1e6
        assert np.abs(cache[2][-1] - y).min() > 0.4 * max(1, np.abs(case.values["net_output"]).max())


def test_of_many_outputs_one_is_zero() -> None:
    """Of four outputs or more exactly one is 0, so that 0/0 shows; no other is."""
    for case in cases_of(mlp()):
        dead = ~case.values["net_output"].any(axis=1)
        assert dead.tolist() == [case.sizes["D_o"] >= 4, *[False] * (case.sizes["D_o"] - 1)]


def test_narrow_networks_can_be_drawn() -> None:
    """Networks with layers of one unit can be drawn, although such a unit can't be active and inactive at once."""
    cases = cases_of(mlp(networks=[(1, 1, 1, 1), (2, 1, 3, 1)], samples=(1, 2)))
    assert [case.sizes["K"] for case in cases] == [2, 2, 2, 2]


@pytest.mark.parametrize("seed", SEEDS)
def test_logits_come_with_classes(seed: int) -> None:
    """Targets are one-hot and some predictions wrong, so that cost and derivative are far above rounding errors."""
    for case in cases_of(classification(), seed):
        net_output, y = case.pick("net_output y").values()
        assert net_output.shape == y.shape == (case.sizes["D_o"], case.sizes["I"])
        assert case.sizes["D_o"] > 1
        assert set(np.unique(y)) == {0, 1}
        assert (y.sum(axis=0) == 1).all()
        assert reference.costs.cross_entropy(net_output, y) > 0.05 / case.sizes["I"]
        assert np.abs(reference.costs.d_cross_entropy(net_output, y)).max() > 0.05 / case.sizes["I"]
        assert (case.group == "large logits") == (np.abs(net_output).max() > 100)


def test_logits_come_in_all_kinds() -> None:
    """Cases have small and large logits, ties, a missing class, and fewer, more and as many samples as classes."""
    cases = cases_of(classification())
    pairs = {(case.sizes["D_o"], case.sizes["I"]) for case in cases}
    assert any(D_o == n > 1 for D_o, n in pairs)
    assert any(D_o > n > 1 for D_o, n in pairs)
    assert any(n > D_o for D_o, n in pairs)
    assert any(np.abs(case.values["net_output"]).max() < 0.1 for case in cases)
    ties = [case.values["y"] for case in cases if not np.ptp(case.values["net_output"][:, 0])]
    assert len(ties) == len(pairs)
    assert all(not y[-1].any() for y in ties)


def overflows(sums: Callable[[np.ndarray], np.ndarray]) -> list[bool]:
    """Return, for each case of large logits, True if a formula for the sum of exponentials gives 0 or infinity."""
    with np.errstate(over="ignore"):
        totals = [sums(case.values["net_output"]) for case in cases_of(classification()) if "large" in case.group]
    return [not (np.isfinite(total) & (total > 0)).all() for total in totals]


def test_large_logits_distinguish_what_is_subtracted() -> None:
    """Without a shift, and with one maximum for all samples, other cases overflow; with each sample's own none does."""
    unshifted = overflows(lambda z: np.exp(z).sum(axis=0))
    one_maximum = overflows(lambda z: np.exp(z - z.max()).sum(axis=0))
    own_maxima = overflows(lambda z: np.exp(z - z.max(axis=0)).sum(axis=0))
    assert any(first and not second for first, second in zip(unshifted, one_maximum, strict=True))
    assert any(second for second in one_maximum)
    assert not all(unshifted)
    assert not any(own_maxima)


def test_logits_in_rows_are_logits_in_columns_transposed() -> None:
    """One seed draws the same logits for samples in rows and in columns."""
    for columns, rows in zip(cases_of(classification()), cases_of(classification(samples_as="rows")), strict=True):
        for name in ("net_output", "y"):
            assert np.array_equal(columns.values[name].T, rows.values[name])
            assert rows.values[name].flags.c_contiguous
        assert columns.values["n_samples"] == rows.values["n_samples"] == columns.sizes["I"]


@pytest.mark.parametrize("seed", SEEDS)
def test_classifiers_are_networks_with_classes(seed: int) -> None:
    """Targets are one-hot, of two classes or more, and no gradient of an output bias vanishes in rounding."""
    cases = cases_of(classified(), seed)
    assert {case.group for case in cases} == {"one sample", "several samples"}
    for case in cases:
        net_output, y = case.pick("net_output y").values()
        assert net_output.shape == y.shape == (case.sizes["D_o"], case.values["n_samples"])
        assert case.sizes["D_o"] > 1
        assert set(np.unique(y)) == {0, 1}
        assert (y.sum(axis=0) == 1).all()
        assert net_output[:, 0].argmax() != y[:, 0].argmax()
        slopes = reference.costs.d_cross_entropy(net_output, y)
        assert np.abs(slopes.sum(axis=1)).max() > 0.01 / case.sizes["I"]


def test_classifiers_in_rows_are_classifiers_in_columns_transposed() -> None:
    """One seed draws the same network and the same classes for samples in rows and in columns."""
    for columns, rows in zip(cases_of(classified()), cases_of(classified(samples_as="rows")), strict=True):
        assert np.array_equal(columns.values["y"].T, rows.values["y"])
        assert np.array_equal(columns.values["net_input"].T, rows.values["net_input"])
        assert rows.values["y"].flags.c_contiguous


TRAINING = [labels, readings, starts, dealt, trainings, networks, gradients]


@pytest.mark.parametrize("factory", TRAINING, ids=lambda factory: factory.__name__)
def test_training_cases_depend_on_the_seed_only(factory: Callable[..., Cases]) -> None:
    """One seed draws the same values again, another seed others; sizes are equal and plain integers."""
    first, again, other = (cases_of(factory(), seed) for seed in (3, 3, 4))
    assert repr([case.values for case in first]) == repr([case.values for case in again])
    assert repr([case.values for case in first]) != repr([case.values for case in other])
    assert [case.sizes for case in first] == [case.sizes for case in other]
    assert all(type(size) is int for case in first for size in case.sizes.values())


@pytest.mark.parametrize("seed", SEEDS)
def test_labels_and_readings_distinguish_mistakes(seed: int) -> None:
    """The highest class is absent from several labels; a pair of readings repeats; small counts are not symmetric."""
    for case in cases_of(labels(), seed):
        given, n_classes = case.values["labels"], case.values["n_classes"]
        assert given.min() >= 0
        assert given.max() < n_classes - (len(given) > 1)
    for case in cases_of(readings(), seed):
        counts = reference.training.confusion_matrix(*case.values.values())
        assert counts.max() > 1
        assert (counts != counts.T).any() or case.sizes["n_classes"] > 3


@pytest.mark.parametrize("seed", SEEDS)
def test_networks_in_rows_keep_away_from_the_kink(seed: int) -> None:
    """Layers, inputs, targets and steps fit together for both kinds; no value is near the kink; one case is square."""
    cases = cases_of(networks(), seed)
    assert {case.group for case in cases} == {"classifier", "regressor"}
    assert any({case.sizes["I"], case.sizes["D_i"], *case.values["widths"]} == {3} for case in cases)
    for case in cases:
        values, D_k = case.values, case.sizes["D_i"]
        for inputs in (values["inputs"], values["others"]):
            h = inputs
            for W, b in values["layers"]:
                f = h @ W + b
                assert np.abs(f).min() > 1e-4
                h = np.maximum(f, 0)
        for (W, b), (dW, db), D in zip(values["layers"], values["steps"], values["widths"], strict=True):
            assert W.shape == dW.shape == (D_k, D)
            assert b.shape == db.shape == (D,)
            D_k = D
        assert values["targets"].shape == (case.sizes["I"], case.sizes["D_o"])
        if case.group == "classifier":
            assert (values["targets"].sum(axis=1) == 1).all()


@pytest.mark.parametrize("seed", SEEDS)
def test_momentum_is_tested_on_both_sides_of_one_half(seed: int) -> None:
    """One β is above ½ and one below, so that 1 % β is not 1 − β; no gradient is near 0."""
    betas = [case.values["beta"] for case in cases_of(gradients(), seed)]
    assert min(betas) < 0.5 < max(betas)
    for case in cases_of(gradients(), seed):
        assert all(np.abs(g).min() > 0.2 for name in ("first", "second", "third") for g in sum(case.values[name], ()))


def test_kept_digits_are_the_labs_own_in_another_order() -> None:
    """Kept digits are the lab's own in another order: each image with its label and its index in the lab's set."""
    from sklearn.datasets import load_digits

    (case,), digits = cases_of(kept_digits(), 1), load_digits()
    order = np.random.default_rng(3).permutation(len(digits.data))
    kept_images, kept_labels = digits.data[order][1497:] / 16, digits.target[order][1497:]
    assert np.array_equal(kept_images[case.values["order"]], case.values["images"])
    assert np.array_equal(kept_labels[case.values["order"]], case.values["labels"])
    assert not np.array_equal(case.values["order"], np.arange(300))
