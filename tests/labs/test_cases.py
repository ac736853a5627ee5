"""Random cases: fresh, the same for every regrade, and fit to tell right from wrong."""

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


def drawn(make: Cases, seed: int = 0) -> list[Case]:
    """The cases of one seed."""
    return list(make(np.random.default_rng(seed)))


def arrays_of(value: Any) -> list[np.ndarray]:
    """A value as a list: its layers, or itself."""
    return [np.asarray(one, dtype=float) for one in (value if isinstance(value, list) else [value])]


def flat(found: list[Case]) -> np.ndarray:
    """All numbers of some cases in a row."""
    return np.concatenate(
        [array.ravel() for case in found for value in case.values.values() for array in arrays_of(value)]
    )


@factories
def test_one_seed_always_draws_the_same(factory: Callable[..., Cases]) -> None:
    """A regrade asks the same questions."""
    assert np.array_equal(flat(drawn(factory(), 3)), flat(drawn(factory(), 3)))


@factories
def test_another_seed_draws_other_numbers(factory: Callable[..., Cases]) -> None:
    """No two students are asked the same, so no table of answers helps; sizes are the same for all."""
    first, second = drawn(factory(), 3), drawn(factory(), 4)
    assert [case.sizes for case in first] == [case.sizes for case in second]
    assert not set(np.round(flat(first), 12)) & set(np.round(flat(second), 12)) - {0.0, 1.0, 2.0, 3.0, 7.0, 8.0, 30.0}


@factories
@pytest.mark.parametrize("seed", SEEDS)
def test_every_number_is_finite(factory: Callable[..., Cases], seed: int) -> None:
    """Nothing that is drawn overflows or is missing."""
    assert np.isfinite(flat(drawn(factory(), seed))).all()


@factories
def test_sizes_are_plain_integers(factory: Callable[..., Cases]) -> None:
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
    found = drawn(linear_regression())
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
    for case in drawn(linear_regression()):
        model = reference.linear_regression.predict(**case.pick("net_input weights bias"))
        assert not np.allclose(model, case.values["net_output"])


@pytest.mark.parametrize(("samples", "groups"), [
    ((1,), {""}), ((2, 17), {""}), ((1, 2), {"one sample", "several samples"}), ((40, 70), {""}),
])  # fmt: skip
def test_one_sample_is_a_group_only_beside_others(samples: tuple[int, ...], groups: set[str]) -> None:
    """A rubric is split only where there is something to split."""
    assert {case.group for case in drawn(linear_regression(samples=samples))} == groups
    assert {case.group for case in drawn(mlp(samples=samples))} == groups
    assert {case.group for case in drawn(classification(samples=samples))} == groups | {"large logits"}
    for factory in (linear_regression, mlp, classification):
        assert {case.group for case in drawn(factory(samples=samples, groups=False))} == {""}


@pytest.mark.parametrize("seed", SEEDS)
def test_descent_on_the_data_converges(seed: int) -> None:
    """With the learning rate of the case the cost falls at every iteration, so no rounding error grows."""
    for case in drawn(regression_data(), seed):
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
    for case in drawn(toy_model(), seed):
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
    for case in drawn(toy_model(), seed):
        for name in ("f0", "h1", "f1", "h2", "f2", "h3", "f3", "dldf3", "dldh3", "dldf2", "dldh2", "dldf1", "dldf0"):
            assert 1e-3 < abs(case.values[name]) < 1e3, name
    assert len(drawn(toy_model(count=3))) == 3


@pytest.mark.parametrize("samples_as", ["columns", "rows"])
@pytest.mark.parametrize("seed", SEEDS)
def test_networks_carry_their_own_forward_pass(seed: int, samples_as: Any) -> None:
    """All that is handed in fits, and is right; sizes say what the shapes are."""
    for case in drawn(mlp(samples_as=samples_as), seed):
        net_input, *parameters = case.pick("net_input all_weights all_biases").values()
        forward = reference.mlp.forward(net_input, *parameters, samples=samples_as)
        for name, value in forward._asdict().items():
            for one, right in zip(arrays_of(case.values[name]), arrays_of(value), strict=True):
                np.testing.assert_allclose(one, right, rtol=1e-9)
        D_i, I = net_input.shape if samples_as == "columns" else net_input.T.shape  # noqa: E741
        D_o = case.values["y"].size // I
        hidden = {biases.size for biases in case.values["all_biases"][:-1]}
        sizes = {"K": len(case.values["all_weights"]) - 1, "D_i": D_i, "D_o": D_o, "I": I}
        assert {name: size for name, size in case.sizes.items() if name != "D"} == sizes
        assert case.sizes.get("D") == (hidden.pop() if len(hidden) == 1 else None)
        assert case.values["y"].shape == case.values["net_output"].shape


def test_networks_in_rows_are_networks_in_columns_turned() -> None:
    """One seed draws one network, whichever way round it is handed out."""
    for columns, rows in zip(drawn(mlp()), drawn(mlp(samples_as="rows")), strict=True):
        for name, value in columns.values.items():
            for one, other in zip(arrays_of(value), arrays_of(rows.values[name]), strict=True):
                assert np.array_equal(one.T, other)


def test_networks_come_in_all_sizes() -> None:
    """No hidden layer and twenty; widths equal and different; one output and several; nothing but threes, once."""
    found = drawn(mlp())
    assert {0, 1, 2, 20} <= {case.sizes["K"] for case in found}
    shapes = [([f.shape[0] for f in case.values["all_f"]], case.sizes) for case in found]
    for outputs in (1, 2):
        assert any(len(set(D)) == len(D) and sizes["I"] not in D and len(D) > 1 for D, sizes in shapes)
        assert any(sizes["D_o"] >= outputs and sizes["I"] > 1 and sizes["K"] > 1 for D, sizes in shapes)
    assert any(len(set(D[:-1])) == 1 < len(set(D)) and sizes["K"] > 1 for D, sizes in shapes)
    assert sum({*D, sizes["D_i"], sizes["I"]} == {3} and sizes["K"] > 1 for D, sizes in shapes) == 1
    sizes_of_inputs = [np.abs(case.values["net_input"]).mean() for case in found]
    assert max(sizes_of_inputs) > 10 * min(sizes_of_inputs)


@pytest.mark.parametrize("seed", SEEDS)
def test_networks_keep_away_from_the_kink(seed: int) -> None:
    """Nowhere does rounding decide about ReLU's slope; each sample comes through each layer, and not each unit does."""
    for case in drawn(mlp(), seed):
        for f in case.values["all_f"][:-1]:
            assert np.abs(f).min() > 1e-3 * np.abs(f).max()
            assert (f > 0).any(axis=0).all()
            assert (f < 0).any()


@pytest.mark.parametrize("seed", SEEDS)
def test_networks_neither_fade_nor_explode(seed: int) -> None:
    """Through twenty layers, forward and back, numbers stay of a size at which a mistake shows."""
    for case in drawn(mlp(), seed):
        *cache, y = case.pick("all_weights all_biases all_f all_h y").values()
        backward = reference.mlp.backward(*cache, reference.costs.d_squared_error(cache[2][-1], y))
        for array in (*case.values["all_f"], *backward.all_dl_df):
            assert 1e-6 < np.abs(array).max() < 1e6
        assert np.abs(cache[2][-1] - y).min() > 0.4 * max(1, np.abs(case.values["net_output"]).max())


def test_of_many_outputs_one_is_nothing() -> None:
    """Exactly 0, so that 0/0 shows; the others are not."""
    for case in drawn(mlp()):
        dead = ~case.values["net_output"].any(axis=1)
        assert dead.tolist() == [case.sizes["D_o"] >= 4, *[False] * (case.sizes["D_o"] - 1)]


def test_narrow_networks_can_be_drawn() -> None:
    """Layers of one unit, where it can't both come through and not."""
    found = drawn(mlp(networks=[(1, 1, 1, 1), (2, 1, 3, 1)], samples=(1, 2)))
    assert [case.sizes["K"] for case in found] == [2, 2, 2, 2]


@pytest.mark.parametrize("seed", SEEDS)
def test_logits_come_with_classes(seed: int) -> None:
    """One-hot targets; wrong somewhere, so that neither cost nor derivative is what rounding leaves."""
    for case in drawn(classification(), seed):
        net_output, y = case.pick("net_output y").values()
        assert net_output.shape == y.shape == (case.sizes["D_o"], case.sizes["I"])
        assert case.sizes["D_o"] > 1
        assert set(np.unique(y)) == {0, 1}
        assert (y.sum(axis=0) == 1).all()
        assert reference.costs.cross_entropy(net_output, y) > 0.05 / case.sizes["I"]
        assert np.abs(reference.costs.d_cross_entropy(net_output, y)).max() > 0.05 / case.sizes["I"]
        assert (case.group == "large logits") == (np.abs(net_output).max() > 100)


def test_logits_come_in_all_kinds() -> None:
    """Small and large ones, ties, a class that is missing, as many samples as classes, and other numbers of them."""
    found = drawn(classification())
    pairs = {(case.sizes["D_o"], case.sizes["I"]) for case in found}
    assert any(D_o == n > 1 for D_o, n in pairs)
    assert any(D_o > n > 1 for D_o, n in pairs)
    assert any(n > D_o for D_o, n in pairs)
    assert any(np.abs(case.values["net_output"]).max() < 0.1 for case in found)
    ties = [case.values["y"] for case in found if not np.ptp(case.values["net_output"][:, 0])]
    assert len(ties) == len(pairs)
    assert all(not y[-1].any() for y in ties)


def overflows(sums: Callable[[np.ndarray], np.ndarray]) -> list[bool]:
    """In which of the large cases a way to the sum of powers leaves 0 or infinity."""
    with np.errstate(over="ignore"):
        found = [sums(case.values["net_output"]) for case in drawn(classification()) if "large" in case.group]
    return [not (np.isfinite(total) & (total > 0)).all() for total in found]


def test_large_logits_tell_what_is_taken_away() -> None:
    """Nothing, one maximum for all samples, the right ones: each way overflows in other cases, the last in none."""
    plain = overflows(lambda z: np.exp(z).sum(axis=0))
    one = overflows(lambda z: np.exp(z - z.max()).sum(axis=0))
    right = overflows(lambda z: np.exp(z - z.max(axis=0)).sum(axis=0))
    assert any(p and not o for p, o in zip(plain, one, strict=True))
    assert any(o for o in one)
    assert not all(plain)
    assert not any(right)


def test_logits_in_rows_are_logits_in_columns_turned() -> None:
    """One seed draws the same, whichever way round."""
    for columns, rows in zip(drawn(classification()), drawn(classification(samples_as="rows")), strict=True):
        for name in ("net_output", "y"):
            assert np.array_equal(columns.values[name].T, rows.values[name])
            assert rows.values[name].flags.c_contiguous
        assert columns.values["n_samples"] == rows.values["n_samples"] == columns.sizes["I"]


@pytest.mark.parametrize("seed", SEEDS)
def test_classifiers_are_networks_with_classes(seed: int) -> None:
    """Targets are one-hot, of two classes or more, and no slope of a bias at the output is lost in rounding."""
    found = drawn(classified(), seed)
    assert {case.group for case in found} == {"one sample", "several samples"}
    for case in found:
        net_output, y = case.pick("net_output y").values()
        assert net_output.shape == y.shape == (case.sizes["D_o"], case.values["n_samples"])
        assert case.sizes["D_o"] > 1
        assert set(np.unique(y)) == {0, 1}
        assert (y.sum(axis=0) == 1).all()
        assert net_output[:, 0].argmax() != y[:, 0].argmax()
        slopes = reference.costs.d_cross_entropy(net_output, y)
        assert np.abs(slopes.sum(axis=1)).max() > 0.01 / case.sizes["I"]


def test_classifiers_in_rows_are_classifiers_in_columns_turned() -> None:
    """One seed draws one network with one batch of classes."""
    for columns, rows in zip(drawn(classified()), drawn(classified(samples_as="rows")), strict=True):
        assert np.array_equal(columns.values["y"].T, rows.values["y"])
        assert np.array_equal(columns.values["net_input"].T, rows.values["net_input"])
        assert rows.values["y"].flags.c_contiguous


TRAINING = [labels, readings, starts, dealt, trainings, networks, gradients]


@pytest.mark.parametrize("factory", TRAINING, ids=lambda factory: factory.__name__)
def test_what_training_is_made_of_is_drawn_anew_for_each_seed(factory: Callable[..., Cases]) -> None:
    """The same for a regrade, another one for the next student; sizes are plain whole numbers."""
    first, again, other = (drawn(factory(), seed) for seed in (3, 3, 4))
    assert repr([case.values for case in first]) == repr([case.values for case in again])
    assert repr([case.values for case in first]) != repr([case.values for case in other])
    assert [case.sizes for case in first] == [case.sizes for case in other]
    assert all(type(size) is int for case in first for size in case.sizes.values())


@pytest.mark.parametrize("seed", SEEDS)
def test_labels_and_readings_tell_mistakes_apart(seed: int) -> None:
    """Of several labels none is the highest; a pair comes twice, and what is read is not spread as what is true."""
    for case in drawn(labels(), seed):
        given, n_classes = case.values["labels"], case.values["n_classes"]
        assert given.min() >= 0
        assert given.max() < n_classes - (len(given) > 1)
    for case in drawn(readings(), seed):
        counts = reference.training.confusion_matrix(*case.values.values())
        assert counts.max() > 1
        assert (counts != counts.T).any() or case.sizes["n_classes"] > 3


@pytest.mark.parametrize("seed", SEEDS)
def test_networks_in_rows_keep_away_from_the_kink(seed: int) -> None:
    """Layers, inputs, targets and steps fit together, for both kinds, and once all shapes are square."""
    found = drawn(networks(), seed)
    assert {case.group for case in found} == {"classifier", "regressor"}
    assert any({case.sizes["I"], case.sizes["D_i"], *case.values["widths"]} == {3} for case in found)
    for case in found:
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
def test_momentum_is_asked_on_both_sides_of_one_half(seed: int) -> None:
    """A share above ½ and one below, so that 1 % β is not 1 − β; no slope is near 0."""
    shares = [case.values["beta"] for case in drawn(gradients(), seed)]
    assert min(shares) < 0.5 < max(shares)
    for case in drawn(gradients(), seed):
        assert all(np.abs(g).min() > 0.2 for name in ("first", "second", "third") for g in sum(case.values[name], ()))


def test_kept_digits_are_the_labs_own_in_another_order() -> None:
    """As the lab deals them; each image with its label, and where it stands in the lab's heap."""
    from sklearn.datasets import load_digits

    (case,), digits = drawn(kept_digits(), 1), load_digits()
    order = np.random.default_rng(3).permutation(len(digits.data))
    heap, true = digits.data[order][1497:] / 16, digits.target[order][1497:]
    assert np.array_equal(heap[case.values["order"]], case.values["images"])
    assert np.array_equal(true[case.values["order"]], case.values["labels"])
    assert not np.array_equal(case.values["order"], np.arange(300))
