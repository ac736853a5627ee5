"""Write a lab text as nbgrader's source notebook, with cell ids that depend on the cells alone."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import nbformat
from nbformat import NotebookNode
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook

from autograder.authoring.lab_text import LabCell, LabText

NBGRADER_FLAGS = {
    "solution": {"grade": False, "solution": True, "locked": False},
    "test": {"grade": True, "solution": False, "locked": True},
    "answer": {"grade": True, "solution": True, "locked": False},
    "locked": {"grade": False, "solution": False, "locked": True},
}
"""By kind of cell: its flags in nbgrader's cell metadata."""


def to_notebook(lab: LabText) -> NotebookNode:
    """Return the source notebook of a lab text, not executed."""
    ids: Counter[str] = Counter()
    notebook = new_notebook(cells=[_to_cell(cell, ids) for cell in lab.cells])
    notebook.metadata.update(
        # With any other name than python3, JupyterLab opens a dialog and Colab stops.
        kernelspec={"name": "python3", "display_name": "Python 3", "language": "python"},
        language_info={"name": "python"},
    )
    if options := {name: value for name, value in (("timeout", lab.timeout), ("needs", list(lab.needs))) if value}:
        notebook.metadata["autograder"] = options
    nbformat.validate(notebook)
    return notebook


def read_built(file: Path) -> NotebookNode | None:
    """Return a built notebook; None if the file is missing or no complete notebook of the current format.

    A file with a merge conflict or in an older notebook format is none.
    """
    try:
        # nbformat.read would repair the notebook.
        notebook = nbformat.v4.reads(file.read_text(encoding="utf-8"))
        fields = [{"id", "source", "metadata"} | ({"outputs"} if cell.cell_type == "code" else set())
                  for cell in notebook.cells]  # fmt: skip
        is_complete = all(required <= set(cell) for required, cell in zip(fields, notebook.cells, strict=True))
    # The file may hold any JSON, or none.
    except (OSError, ValueError, AttributeError, TypeError, KeyError):
        return None
    return notebook if is_complete and "metadata" in notebook else None


def _to_cell(cell: LabCell, ids: Counter[str]) -> NotebookNode:
    """Return a cell of the source notebook. ids: the number of uses of each id so far, which _cell_id updates."""
    new = new_markdown_cell if cell.kind in ("prose", "answer") else new_code_cell
    return new(cell.source, id=_cell_id(cell, ids), metadata=_metadata(cell))


def _cell_id(cell: LabCell, ids: Counter[str]) -> str:
    """Return the grade_id, or for prose and plain code a hash of the kind and text.

    A number tells cells with equal texts apart, so that the ids of all other cells stay the same when one is added.
    """
    if cell.id:
        return cell.grade_id
    digest = f"{cell.kind}-{hashlib.blake2b(cell.source.encode(), digest_size=4).hexdigest()}"
    ids[digest] += 1
    return digest if ids[digest] == 1 else f"{digest}-{ids[digest]}"


def _metadata(cell: LabCell) -> dict[str, Any]:
    """Return the metadata of a cell: nbgrader's, the autograder's, and Jupyter's and Colab's for a collapsed cell."""
    metadata: dict[str, Any] = {}
    attributes: Mapping[str, Any] = cell.attributes
    if cell.kind in NBGRADER_FLAGS:
        metadata["nbgrader"] = {
            "grade_id": cell.grade_id, "schema_version": 3, "task": False, **NBGRADER_FLAGS[cell.kind]
        }  # fmt: skip
        if NBGRADER_FLAGS[cell.kind]["grade"]:
            metadata["nbgrader"]["points"] = attributes.get("points", 0)
    if attributes.get("collapsed"):
        # The first key is Jupyter's, the second Colab's.
        metadata |= {"jupyter": {"source_hidden": True}, "cellView": "form"}
    if options := {name: attributes[name] for name in ("timeout", "bonus", "ungraded") if name in attributes}:
        metadata["autograder"] = options
    if "tags" in attributes:
        metadata["tags"] = attributes["tags"]
    return metadata
