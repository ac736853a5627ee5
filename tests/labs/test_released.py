"""Tests of released notebooks as a student runs them: one file, with NumPy and Matplotlib, without the autograder."""

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

# One worker runs all tests, so that the student's environment is installed once.
pytestmark = pytest.mark.xdist_group("student")

STUB = "Your turn: write this part"


EXTRA_PACKAGES = {"training": ("scikit-learn",)}
"""By the name of a lab text: packages that its notebook needs besides NumPy and Matplotlib."""


@pytest.fixture(scope="session")
def kernel_with(tmp_path_factory: pytest.TempPathFactory) -> Callable[[tuple[str, ...]], str]:
    """Return a function that installs a kernel with some packages and returns its name.

    The kernel's environment holds NumPy, Matplotlib, ipykernel and these packages, and no autograder.
    """

    @functools.cache
    def install(packages: tuple[str, ...]) -> str:
        return _install_kernel("-".join(("student", *packages)), tmp_path_factory.mktemp("student"), *packages)

    return install


@pytest.fixture
def student_kernel(text: Path, known: KnownAnswers, kernel_with: Callable[[tuple[str, ...]], str]) -> str:
    """Return the name of a kernel with the packages that a student of the lab has."""
    return kernel_with((*known.lab.needs, *EXTRA_PACKAGES.get(text.stem, ())))


def _install_kernel(kernel: str, folder: Path, *needs: str) -> str:
    """Install a kernel with these packages in a folder, make Jupyter find it, and return its name."""
    venv.create(folder / "env", symlinks=True)
    python = folder / "env" / "bin" / "python"
    (packages,) = (folder / "env" / "lib").glob("python*/site-packages")
    for name in needed_by("numpy", "matplotlib", "ipykernel", *needs):
        distribution = metadata.distribution(name)
        top_names = {file.parts[0] for file in distribution.files or ()} - {"..", "__pycache__"}
        for top_name in top_names:
            if not (packages / top_name).exists():
                (packages / top_name).symlink_to(Path(str(distribution.locate_file(top_name))))
    subprocess.run(
        [python, "-m", "ipykernel", "install", "--prefix", folder, "--name", kernel], check=True, capture_output=True
    )
    kernel_paths = os.environ.get("JUPYTER_PATH", "").split(os.pathsep)
    os.environ["JUPYTER_PATH"] = os.pathsep.join(filter(None, [str(folder / "share" / "jupyter"), *kernel_paths]))
    attempt = subprocess.run([python, "-c", "import autograder"], capture_output=True, cwd=folder)
    assert attempt.returncode != 0, "the student's environment must not see the autograder"
    return kernel


def needed_by(*names: str) -> set[str]:
    """Return the names of these distributions and of all that they require."""
    needed, pending = set[str](), [*names]
    while pending:
        name = canonicalize_name(pending.pop())
        if name not in needed:
            needed.add(name)
            requirements = map(Requirement, metadata.requires(name) or ())
            pending += [
                requirement.name
                for requirement in requirements
                if requirement.marker is None or requirement.marker.evaluate({"extra": ""})
            ]
    return needed


def run(notebook: NotebookNode, kernel: str, folder: Path, draw: bool = True) -> NotebookNode:
    """Run all cells in a folder, as a front end does, until one raises; return the notebook.

    draw: True to draw the figures, which takes most of the time.
    """
    client = NotebookClient(notebook, kernel_name=kernel, timeout=60, resources={"metadata": {"path": str(folder)}})
    client.execute(**{} if draw else {"env": {**os.environ, "MPLBACKEND": "agg"}})
    return notebook


@pytest.mark.kernels
@pytest.mark.often("linear_regression", "pytorch_regression")
def test_untouched_stops_at_the_first_task_with_a_sentence(
    released: Path, known: KnownAnswers, student_kernel: str, tmp_path: Path
) -> None:
    """An untouched release raises at its first task, with a sentence that says what to do."""
    notebook = nbformat.read(released, as_version=4)
    with pytest.raises(CellExecutionError, match=STUB):
        run(notebook, student_kernel, tmp_path)
    failed = [cell for cell in notebook.cells if any(o.output_type == "error" for o in cell.get("outputs", ()))]
    first = next(cell.id for cell in known.lab.cells if cell.kind == "solution")
    assert failed[0].metadata.nbgrader.grade_id in (first, f"test_{first}")


@pytest.mark.kernels
@pytest.mark.slow  # `make test` runs every solved notebook under nbval, where more is installed
@pytest.mark.parametrize("answers", ["solved", "in-other-ways"])
def test_solved_runs_to_the_bottom(
    answers: str, released: Path, known: KnownAnswers, student_kernel: str, tmp_path: Path
) -> None:
    """A solved release runs to its end in an empty folder and writes nothing to stderr.

    A release with variants runs to its end too; it may warn, and its figures are not rendered.
    """
    others = {answer.task: answer for answer in known.variants} if answers == "in-other-ways" else {}
    notebook = fill_in(released, solved_answers(known, others.values()))
    run(notebook, student_kernel, tmp_path, draw=not others)
    for cell in notebook.cells:
        for output in cell.get("outputs", ()):
            assert others or output.get("name") != "stderr", (cell.source, output)
    assert list(tmp_path.iterdir()) == []


def test_contains_no_solution_and_no_hidden_test(released: Path, known: KnownAnswers) -> None:
    """A release holds no marker and no line that stands only in a solution or a hidden test."""
    text = json.dumps(nbformat.read(released, as_version=4), ensure_ascii=False)
    for marker in (*SOLUTION_MARKERS, *HIDDEN_MARKERS, "autograder import"):
        assert marker not in text
    for cell in known.lab.cells:
        shown = "\n".join(other.source for other in known.lab.cells if other is not cell and other.kind != "answer")
        for line in (region(cell.source, SOLUTION_MARKERS) + "\n" + region(cell.source, HIDDEN_MARKERS)).splitlines():
            if len(line.strip()) > 12 and line.strip() not in shown:
                assert json.dumps(line.strip(), ensure_ascii=False)[1:-1] not in text, line


def test_needs_no_file_and_no_network(released: Path) -> None:
    """No cell of a release installs a package, downloads or reads a file."""
    for cell in nbformat.read(released, as_version=4).cells:
        if cell.cell_type == "code":
            for word in ("pip install", "urlopen", "requests", "open(", 'loadtxt("', 'genfromtxt("', "wget"):
                assert word not in cell.source, (word, cell.source[:200])
