"""Tests of labs that need an optional module: read, kept in the notebook, and left unbuilt where it is missing."""

from __future__ import annotations

import re
import subprocess
import sys
import tomllib
from collections.abc import Callable
from pathlib import Path

import pytest

from autograder import authoring
from autograder.authoring import optional_modules
from autograder.authoring.lab_text import LabError
from autograder.authoring.source_writer import read_built
from autograder.course import Course

ROOT = Path(__file__).parents[2]


@pytest.fixture
def no_torch(monkeypatch: pytest.MonkeyPatch) -> None:
    """Make `import torch` fail, as on a machine without PyTorch."""
    monkeypatch.setitem(sys.modules, "torch", None)


@pytest.fixture
def needy(built: Course, edit: Callable[..., None]) -> Course:
    """Return the tiny course, built before its lab text declared that it needs PyTorch."""
    edit(built.written / "lab" / "tiny.py", "timeout: 30", "timeout: 30\n#     needs: [torch]")
    return built


def test_header_lists_needed_modules(needy: Course) -> None:
    """The header lists needed modules beside the timeout; without a header no module is needed."""
    lab = authoring.read_lab(needy.written / "lab" / "tiny.py")
    assert (lab.timeout, lab.needs) == (30, ("torch",))
    (needy.written / "lab" / "tiny.py").write_text("# %% [markdown]\n# # Read\n", encoding="utf-8")
    assert authoring.read_lab(needy.written / "lab" / "tiny.py").needs == ()


@pytest.mark.parametrize("needs", ["torch", "[tensorflow]", "[[torch]]", "{torch: 1}", "3", "[torch, numpy]"])
def test_header_not_understood(needy: Course, edit: Callable[..., None], needs: str) -> None:
    """A `needs:` that is no list of optional modules raises a LabError with the modules that are allowed."""
    edit(needy.written / "lab" / "tiny.py", "needs: [torch]", f"needs: {needs}")
    with pytest.raises(LabError, match=r"needs: \[MODULE\] with one of torch"):
        authoring.read_lab(needy.written / "lab" / "tiny.py")


@pytest.mark.parametrize(("module", "is_missing"), [("numpy", False), ("no_such_module", True)])
def test_missing(module: str, is_missing: bool) -> None:
    """`missing` returns the modules that can't be imported."""
    assert optional_modules.missing([module]) == ((module,) if is_missing else ())


def test_the_extra_for_a_class_installs_what_doctor_looks_for() -> None:
    """`lab doctor` looks for the modules that the extra "classroom" installs, which have their projects' names."""
    extras = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]["optional-dependencies"]
    assert sorted(re.split("[<>=]", project)[0] for project in extras["classroom"]) == sorted(
        optional_modules.CLASSROOM
    )


@pytest.mark.usefixtures("no_torch")
def test_missing_is_looked_up_without_an_import() -> None:
    """A module that is not installed is missing, and the messages name it and how to install it."""
    assert optional_modules.missing(["torch"]) == ("torch",)
    assert optional_modules.absent(["torch"]) == "PyTorch, which is not installed here"
    assert optional_modules.cure(["torch"]) == "install it: pip install 'backprop-labs[torch]'"


@pytest.mark.usefixtures("no_torch")
def test_build_leaves_a_lab_as_it_is(needy: Course, contents: Callable[[Course], dict[str, bytes]]) -> None:
    """Without the module `build` changes no file, and `check` still reports the difference."""
    before = contents(needy)
    assert authoring.missing_modules(needy, ["lab"]) == {"lab": ("torch",)}
    assert authoring.build(needy, ["lab"]) == []
    assert contents(needy) == before
    assert "the notebook's metadata differ" in {drift.what for drift in authoring.check(needy, "lab")}


def test_need_is_kept_in_the_notebooks(needy: Course, monkeypatch: pytest.MonkeyPatch) -> None:
    """The source notebook and the release keep the needed modules in their metadata."""
    monkeypatch.setattr(optional_modules, "_is_there", lambda module: True)
    authoring.build(needy, ["lab"])
    assert list(authoring.check(needy, "lab")) == []
    for folder in (needy.source, needy.release):
        assert optional_modules.needs_of((folder / "lab" / "tiny.ipynb").read_bytes()) == ("torch",)
        notebook = read_built(folder / "lab" / "tiny.ipynb")
        assert notebook is not None
        assert notebook.metadata.autograder == {"timeout": 30, "needs": ["torch"]}
    assert optional_modules.needed_by(needy, "lab") == ("torch",)


@pytest.mark.parametrize("data", [b"", b"[]", b"{}", b'{"metadata": {"autograder": {"needs": 3}}}', b"\xff\xfe"])
def test_what_is_no_notebook_needs_nothing(data: bytes) -> None:
    """`needs_of` returns no module, and raises nothing, for data that are no notebook."""
    assert optional_modules.needs_of(data) == ()


@pytest.mark.kernels
def test_nbval_skips_it_with_the_reason() -> None:
    """Without PyTorch nbval skips every cell of lab 8 with the reason, and starts no kernel; lab 2 is not skipped."""
    command = "import sys, pytest; sys.modules['torch'] = None; sys.exit(pytest.main(sys.argv[1:]))"
    words = ["--nbval", "-q", "-rs", "-p", "no:cacheprovider", "source/lab8_pytorch"]
    result = subprocess.run([sys.executable, "-c", command, *words], capture_output=True, text=True, cwd=ROOT)
    assert result.returncode == 0, result.stdout + result.stderr
    assert "it needs PyTorch, which is not installed here" in result.stdout
    assert "passed" not in result.stdout
    collected = subprocess.run(
        [sys.executable, "-c", command, "--nbval", "--collect-only", "-q", "source/lab2_toy_model"],
        capture_output=True, text=True, cwd=ROOT,
    )  # fmt: skip
    assert "skip" not in collected.stdout


@pytest.mark.kernels
def test_without_it_the_notebook_stops_with_a_sentence(run_cells: Callable[..., list[list[dict[str, str]]]]) -> None:
    """The cell that imports PyTorch raises ModuleNotFoundError with a sentence that names the missing module."""
    lab = authoring.read_lab(ROOT / "notebooks" / "lab8_pytorch" / "pytorch_regression.py")
    cell = next(cell.source for cell in lab.cells if cell.is_code and "import torch" in cell.source)
    *_, outputs = run_cells(["import sys; sys.modules['torch'] = None", cell])
    (error,) = outputs
    assert error["ename"] == "ModuleNotFoundError"
    assert error["evalue"].startswith("This notebook needs PyTorch, which is not installed here.")
