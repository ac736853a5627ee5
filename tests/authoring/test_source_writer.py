"""Tests of the source notebook of a lab: nbgrader's metadata in full, and stable cell ids."""

from __future__ import annotations

import json

import nbformat
import pytest
from nbgrader.nbgraderformat import MetadataValidator
from nbgrader.preprocessors import CheckCellMetadata

from autograder.authoring import read_lab
from autograder.authoring.source_writer import read_built, to_notebook


@pytest.fixture
def notebook(course):
    """Return the tiny lab's notebook, not executed."""
    return to_notebook(read_lab(course.written / "lab" / "tiny.py"))


def test_nbgrader_knows_every_cell(notebook):
    """The short attributes expand to metadata that nbgrader's schema and its check for unique ids accept."""
    nbformat.validate(notebook)
    MetadataValidator().validate_nb(notebook)
    CheckCellMetadata().preprocess(notebook, {})


def test_attributes_become_metadata(notebook):
    """Each kind of cell has nbgrader's flags; points, timeouts, tags and collapsing have Jupyter's names."""
    metadata = {cell.id: dict(cell.metadata) for cell in notebook.cells if not cell.id.startswith(("prose", "code"))}
    flags = {"schema_version": 3, "task": False, "grade": False, "solution": False, "locked": True}
    assert metadata == {
        "helpers": {
            "nbgrader": {**flags, "grade_id": "helpers"},
            "jupyter": {"source_hidden": True},
            "cellView": "form",
        },
        "data": {"nbgrader": {**flags, "grade_id": "data"}, "tags": ["data"]},
        "double": {
            "nbgrader": {**flags, "grade_id": "double", "solution": True, "locked": False},
            "autograder": {"timeout": 20},
        },
        "test_double": {"nbgrader": {**flags, "grade_id": "test_double", "grade": True, "points": 2}},
        "why-straight": {
            "nbgrader": {
                **flags, "grade_id": "why-straight", "grade": True, "solution": True, "locked": False, "points": 1
            }
        },
    }  # fmt: skip


def test_an_ungraded_cell_has_metadata(tmp_path):
    """A cell that grading leaves out has `ungraded` in its metadata."""
    (tmp_path / "long.py").write_text("# %% ungraded=true\nx = 1\n", encoding="utf-8")
    (cell,) = to_notebook(read_lab(tmp_path / "long.py")).cells
    assert cell.metadata == {"autograder": {"ungraded": True}}


def test_metadata_of_a_notebook(notebook):
    """A notebook's metadata name the default kernel, no version of anything, and the lab's timeout."""
    assert dict(notebook.metadata) == {
        "kernelspec": {"name": "python3", "display_name": "Python 3", "language": "python"},
        "language_info": {"name": "python"},
        "autograder": {"timeout": 30},
    }
    assert (notebook.nbformat, notebook.nbformat_minor) == (4, 5)


def ids(read, text):
    """Return the ids of a lab text's cells, in order."""
    return [cell.id for cell in to_notebook(read(text)).cells]


def test_ids_depend_on_cells_alone(read):
    """Adding, moving or changing a cell changes no other cell's id, and equal texts have equal ids."""
    cells = ["# %% [markdown]\n# one\n\n", "# %%\nx = 1\n\n", '# %% locked="kept"\ny = 2\n\n', "# %%\nz = 3\n\n"]
    before = ids(read, "".join(cells))
    added = ids(read, "".join([*cells[:2], "# %% [markdown]\n# new\n\n", *cells[2:]]))
    assert [id for id in added if id in before] == before
    assert ids(read, "".join(reversed(cells))) == before[::-1]
    changed = ids(read, "".join([cells[0].replace("one", "two"), *cells[1:]]))
    assert changed[1:] == before[1:]
    assert changed[0] != before[0]
    assert before[2] == "kept"


def test_equal_cells_have_different_ids(read):
    """Equal cells have different ids, and a further equal cell changes no earlier id."""
    cell = "# %% [markdown]\n# Look again.\n\n"
    two, three = ids(read, cell * 2), ids(read, cell * 3)
    assert len(set(three)) == 3
    assert three[:2] == two
    assert ids(read, "# %%\nx\n\n" + cell * 2)[1:] == two


def test_prose_and_code_of_one_text(read):
    """A prose cell and a code cell with the same text have different ids."""
    assert len(set(ids(read, "# %% [markdown]\n# x\n\n# %%\nx\n"))) == 2


@pytest.mark.parametrize(
    "text",
    [
        "",
        "[]",
        "null",
        "{}",
        '{"cells": 1}',
        '{"cells": [1], "metadata": {}}',
        '{"cells": [{"cell_type": "code", "id": "a", "source": "", "metadata": {}}], "metadata": {}}',
        '{"cells": [{"cell_type": "markdown", "source": "", "metadata": {}}], "metadata": {}}',
        '{"cells": []}',
        '{"worksheets": [], "metadata": {}, "nbformat": 3}',
        "<<<<<<< HEAD\n{}\n=======\n{}\n>>>>>>> other",
    ],
)
def test_broken_notebooks_are_none(tmp_path, text):
    """`read_built` returns None for a file that is no complete notebook of format 4, and does not repair it."""
    file = tmp_path / "built.ipynb"
    assert read_built(file) is None
    file.write_text(text, encoding="utf-8")
    assert read_built(file) is None


def test_a_built_notebook_is_read_as_it_was_written(tmp_path, notebook):
    """`read_built` returns the cells and metadata that were written."""
    file = tmp_path / "built.ipynb"
    nbformat.write(notebook, file)
    assert read_built(file) == notebook
    assert json.loads(file.read_text(encoding="utf-8"))["cells"][0]["source"][0] == "# Double a number\n"
