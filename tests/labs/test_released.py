"""A released notebook, as a student has it: alone, with NumPy and Matplotlib, from JupyterLab or from Colab."""

from __future__ import annotations

import functools
import json
import os
import subprocess
import venv
from collections.abc import Callable
from importlib import metadata
from pathlib import Path

import nbformat
import pytest
from nbclient import NotebookClient
from nbclient.exceptions import CellExecutionError
from nbformat import NotebookNode
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from autograder.authoring.answers import KnownAnswers, fill_in, solved_answers
from autograder.authoring.lab_text import HIDDEN_MARKERS, SOLUTION_MARKERS, region

# One worker, so that the student's environment is installed once.
pytestmark = pytest.mark.xdist_group("student")

STUB = "Your turn: write this part"


ALSO = {"training": ("scikit-learn",)}
"""What a notebook needs besides NumPy and Matplotlib, by the name of its text."""


@pytest.fixture(scope="session")
def kernel_with(tmp_path_factory: pytest.TempPathFactory) -> Callable[[tuple[str, ...]], str]:
    """Name of a kernel whose environment holds NumPy, Matplotlib, ipykernel and these, and nothing else of ours."""

    @functools.cache
    def named(needs: tuple[str, ...]) -> str:
        return _installed("-".join(("student", *needs)), tmp_path_factory.mktemp("student"), *needs)

    return named


@pytest.fixture
def student_kernel(text: Path, known: KnownAnswers, kernel_with: Callable[[tuple[str, ...]], str]) -> str:
    """Name of a kernel as a student of the lab has it."""
    return kernel_with((*known.lab.needs, *ALSO.get(text.stem, ())))


def _installed(kernel: str, folder: Path, *needs: str) -> str:
    venv.create(folder / "env", symlinks=True)
    python = folder / "env" / "bin" / "python"
    (packages,) = (folder / "env" / "lib").glob("python*/site-packages")
    for name in needed_by("numpy", "matplotlib", "ipykernel", *needs):
        distribution = metadata.distribution(name)
        tops = {file.parts[0] for file in distribution.files or ()} - {"..", "__pycache__"}
        for top in tops:
            if not (packages / top).exists():
                (packages / top).symlink_to(Path(str(distribution.locate_file(top))))
    subprocess.run(
        [python, "-m", "ipykernel", "install", "--prefix", folder, "--name", kernel], check=True, capture_output=True
    )
    known = os.environ.get("JUPYTER_PATH", "").split(os.pathsep)
    os.environ["JUPYTER_PATH"] = os.pathsep.join(filter(None, [str(folder / "share" / "jupyter"), *known]))
    absent = subprocess.run([python, "-c", "import autograder"], capture_output=True, cwd=folder)
    assert absent.returncode != 0, "the student's environment must not see the autograder"
    return kernel


def needed_by(*names: str) -> set[str]:
    """These distributions and all that they can't do without."""
    needed, waiting = set[str](), [*names]
    while waiting:
        name = canonicalize_name(waiting.pop())
        if name not in needed:
            needed.add(name)
            requirements = map(Requirement, metadata.requires(name) or ())
            waiting += [one.name for one in requirements if one.marker is None or one.marker.evaluate({"extra": ""})]
    return needed


def run(notebook: NotebookNode, kernel: str, folder: Path, draw: bool = True) -> NotebookNode:
    """Run all cells as a front end does, stopping at the first that fails, in an empty folder.

    draw: whether figures are shown, and so drawn, which takes most of the time.
    """
    client = NotebookClient(notebook, kernel_name=kernel, timeout=60, resources={"metadata": {"path": str(folder)}})
    client.execute(**{} if draw else {"env": {**os.environ, "MPLBACKEND": "agg"}})
    return notebook


@pytest.mark.kernels
@pytest.mark.often("linear_regression", "softmax_cross_entropy", "training", "pytorch_regression")
def test_untouched_stops_at_the_first_task_with_a_sentence(
    released: Path, known: KnownAnswers, student_kernel: str, tmp_path: Path
) -> None:
    """Running all of an untouched release reaches its first task and says there what to do."""
    notebook = nbformat.read(released, as_version=4)
    with pytest.raises(CellExecutionError, match=STUB):
        run(notebook, student_kernel, tmp_path)
    failed = [cell for cell in notebook.cells if any(o.output_type == "error" for o in cell.get("outputs", ()))]
    first = next(cell.id for cell in known.lab.cells if cell.kind == "solution")
    assert failed[0].metadata.nbgrader.grade_id in (first, f"test_{first}")


@pytest.mark.kernels
@pytest.mark.slow  # `make test` runs every solved notebook under nbval, where more is installed
@pytest.mark.parametrize("how", ["solved", "in-other-ways"])
def test_solved_runs_to_the_bottom(
    how: str, released: Path, known: KnownAnswers, student_kernel: str, tmp_path: Path
) -> None:
    """Running all of a solved release, with NumPy and Matplotlib and no file beside it, reaches the end in silence.

    With right answers in other ways it does so, too, though those may warn; of their figures only what draws them runs.
    """
    others = {answer.task: answer for answer in known.variants} if how == "in-other-ways" else {}
    notebook = fill_in(released, solved_answers(known, others.values()))
    run(notebook, student_kernel, tmp_path, draw=not others)
    for cell in notebook.cells:
        for output in cell.get("outputs", ()):
            assert others or output.get("name") != "stderr", (cell.source, output)
    assert list(tmp_path.iterdir()) == []


def test_contains_no_solution_and_no_hidden_test(released: Path, known: KnownAnswers) -> None:
    """Neither a marker nor a line that stands in a hidden region alone is in a release."""
    text = json.dumps(nbformat.read(released, as_version=4), ensure_ascii=False)
    for marker in (*SOLUTION_MARKERS, *HIDDEN_MARKERS, "autograder import"):
        assert marker not in text
    for cell in known.lab.cells:
        shown = "\n".join(other.source for other in known.lab.cells if other is not cell and other.kind != "answer")
        for line in (region(cell.source, SOLUTION_MARKERS) + "\n" + region(cell.source, HIDDEN_MARKERS)).splitlines():
            if len(line.strip()) > 12 and line.strip() not in shown:
                assert json.dumps(line.strip(), ensure_ascii=False)[1:-1] not in text, line


def test_needs_no_file_and_no_network(released: Path) -> None:
    """No cell of a release installs, downloads or reads a file beside it."""
    for cell in nbformat.read(released, as_version=4).cells:
        if cell.cell_type == "code":
            for word in ("pip install", "urlopen", "requests", "open(", 'loadtxt("', 'genfromtxt("', "wget"):
                assert word not in cell.source, (word, cell.source[:200])
