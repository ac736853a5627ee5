"""Fixtures that tests of several folders share."""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import matplotlib
import matplotlib.pyplot as plt
import nbformat
import pytest
from nbclient import NotebookClient
from nbformat import NotebookNode

from autograder import authoring
from autograder.course import CONFIG, Course

# With rewriting, a failed assertion of a contract shows its values, whichever of its tests pytest collects first.
pytest.register_assert_rewrite("tests.student.contract")


@pytest.fixture
def no_windows() -> Iterator[None]:
    """Draw figures without a screen, and close them after the test."""
    with matplotlib.rc_context():
        matplotlib.use("agg")
        yield
        plt.close("all")


@pytest.fixture(scope="session")
def run_cells(tmp_path_factory: pytest.TempPathFactory) -> Callable[[list[str]], list[list[NotebookNode]]]:
    """Return a function that runs cells in a new kernel and returns the outputs of each.

    A cell that fails does not stop the cells after it.
    """

    def run(cells: list[str]) -> list[list[NotebookNode]]:
        notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(cell) for cell in cells])
        folder = tmp_path_factory.mktemp("kernel")
        client = NotebookClient(
            notebook,
            kernel_name="python3",
            timeout=120,
            allow_errors=True,
            resources={"metadata": {"path": str(folder)}},
        )
        # A kernel chooses the inline backend unless MPLBACKEND names another one.
        client.execute(env={name: value for name, value in os.environ.items() if name != "MPLBACKEND"})
        return [cell.outputs for cell in notebook.cells]

    return run


@pytest.fixture
def as_saved_by_colab() -> Callable[[Any], str]:
    """Return a function that writes a notebook as Colab does.

    The result has format 4.0, cell ids inside the metadata, Colab's keys and none of Jupyter's.
    """

    def save(notebook: Any) -> str:
        saved = json.loads(nbformat.writes(notebook))
        saved["nbformat_minor"] = 0
        saved["metadata"] = {
            "colab": {"provenance": [], "collapsed_sections": []},
            "kernelspec": {"name": "python3", "display_name": "Python 3"},
            "language_info": {"name": "python"},
        }
        for number, cell in enumerate(saved["cells"]):
            cell["metadata"]["id"] = cell.pop("id", f"colab{number:07d}")[:12]
            cell["metadata"].pop("jupyter", None)
            if cell["cell_type"] == "code":
                cell["metadata"]["colab"] = {"base_uri": "https://localhost:8080/"}
                cell["metadata"]["outputId"] = f"{number:08x}-aaaa-4bbb-8ccc-dddddddddddd"
        return json.dumps(saved)

    return save


TINY = '''\
# ---
# jupyter:
#   lab:
#     timeout: 30
# ---

# %% [markdown]
# # Double a number
#
# Work from top to bottom.

# %% locked="helpers" collapsed=true
# include: autograder/diagnosis/desk.py

# %% locked="data" tags=["data"]
NUMBERS = """
# include: numbers.csv
"""

# %% solution="double" timeout=20
def double(x):
    """Twice a number."""
    ### BEGIN SOLUTION
    twice = x + x
    return twice
    ### END SOLUTION

# %% test="double" points=2
check("the double of 2 is 4", double(2) == 4)
### BEGIN HIDDEN TESTS
from autograder import checks, student
right = student.function("double")(3) == 6
checks.Score("double", (checks.Line("twice", "", 2.0 * right, 2.0),), "the doubling")
### END HIDDEN TESTS

# %%
plt.plot([double(int(n)) for n in NUMBERS.split(",")])
plt.show()

# %% [markdown]
# Look again.

# %% [markdown]
# **Your turn, in words.** Why is the picture straight?

# %% [markdown] answer="why-straight" points=1
# The slope is the same everywhere (1 point).

# %% [markdown]
# Look again.
'''
"""The text of a lab with a cell of each kind."""

TINY_ANSWERS = """\
# %% solution="double" variant="product"
def double(x):
    return 2 * x

# %% solution="double" mistake="squared" score=0
def double(x):
    return x**2
"""


@pytest.fixture
def course(tmp_path: Path) -> Course:
    """Return a course with the text of one tiny lab, not built."""
    return write_course(tmp_path / "course")


@pytest.fixture(scope="session")
def built_once(tmp_path_factory: pytest.TempPathFactory) -> Course:
    """Return the tiny course, built once in a session. Tests must not change it."""
    course = write_course(tmp_path_factory.mktemp("built") / "course")
    authoring.build(course, ["lab"])
    return course


@pytest.fixture
def built(built_once: Course, tmp_path: Path) -> Course:
    """Return a copy of the built tiny course, which the test may change."""
    shutil.copytree(built_once.root, tmp_path / "built")
    return Course(tmp_path / "built")


@pytest.fixture
def contents() -> Callable[[Course], dict[str, bytes]]:
    """Return a function that returns the contents of every file of a course, by relative path."""

    def read(course: Course) -> dict[str, bytes]:
        files = [file for file in course.root.rglob("*") if file.is_file()]
        return {str(file.relative_to(course.root)): file.read_bytes() for file in files}

    return read


@pytest.fixture
def edit() -> Callable[..., None]:
    """Return a function that replaces a piece of a file; it raises AssertionError if the file lacks the piece."""

    def replace(file: Path, old: str, new: str) -> None:
        text = file.read_text(encoding="utf-8")
        assert old in text
        file.write_text(text.replace(old, new), encoding="utf-8")

    return replace


def write_course(root: Path) -> Course:
    """Write the tiny course into a new folder, and return it."""
    lab = root / "notebooks" / "lab"
    lab.mkdir(parents=True)
    shutil.copyfile(Path(__file__).parents[1] / CONFIG, root / CONFIG)
    (lab / "tiny.py").write_text(TINY, encoding="utf-8")
    (lab / "tiny_answers.py").write_text(TINY_ANSWERS, encoding="utf-8")
    (lab / "numbers.csv").write_text("1,2,3\n", encoding="utf-8")
    return Course(root.resolve())
