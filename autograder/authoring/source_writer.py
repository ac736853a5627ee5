"""Turns a lab's cells into nbgrader's source notebook, with ids that depend on the cells alone."""

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
"""nbgrader's flags of each kind of cell."""


def to_notebook(lab: LabText) -> NotebookNode:
    """Return the source notebook of a lab, not executed."""
    ids: Counter[str] = Counter()
    notebook = new_notebook(cells=[_to_cell(cell, ids) for cell in lab.cells])
    notebook.metadata.update(
        # The plain name: another one opens a dialog in JupyterLab and stops Colab.
        kernelspec={"name": "python3", "display_name": "Python 3", "language": "python"},
        language_info={"name": "python"},
    )
    if own := {name: value for name, value in (("timeout", lab.timeout), ("needs", list(lab.needs))) if value}:
        notebook.metadata["autograder"] = own
    nbformat.validate(notebook)
    return notebook


def read_built(file: Path) -> NotebookNode | None:
    """Return a notebook that was built; None where there is none, or no whole one: half a merge, an older format."""
    try:
        # Not nbformat.read: it repairs what it reads.
        notebook = nbformat.v4.reads(file.read_text(encoding="utf-8"))
        parts = [{"id", "source", "metadata"} | ({"outputs"} if cell.cell_type == "code" else set())
                 for cell in notebook.cells]  # fmt: skip
        whole = all(part <= set(cell) for part, cell in zip(parts, notebook.cells, strict=True))
    # It takes apart whatever JSON there is.
    except (OSError, ValueError, AttributeError, TypeError, KeyError):
        return None
    return notebook if whole and "metadata" in notebook else None


def _to_cell(cell: LabCell, ids: Counter[str]) -> NotebookNode:
    new = new_markdown_cell if cell.kind in ("prose", "answer") else new_code_cell
    return new(cell.source, id=_cell_id(cell, ids), metadata=_metadata(cell))


def _cell_id(cell: LabCell, ids: Counter[str]) -> str:
    """Return the task's id, or a hash of the text; a count tells equal texts apart, so that no other id changes."""
    if cell.id:
        return cell.grade_id
    digest = f"{cell.kind}-{hashlib.blake2b(cell.source.encode(), digest_size=4).hexdigest()}"
    ids[digest] += 1
    return digest if ids[digest] == 1 else f"{digest}-{ids[digest]}"


def _metadata(cell: LabCell) -> dict[str, Any]:
    metadata: dict[str, Any] = {}
    attributes: Mapping[str, Any] = cell.attributes
    if cell.kind in NBGRADER_FLAGS:
        metadata["nbgrader"] = {
            "grade_id": cell.grade_id, "schema_version": 3, "task": False, **NBGRADER_FLAGS[cell.kind]
        }  # fmt: skip
        if NBGRADER_FLAGS[cell.kind]["grade"]:
            metadata["nbgrader"]["points"] = attributes.get("points", 0)
    if attributes.get("collapsed"):
        # Jupyter's word for it, and Colab's.
        metadata |= {"jupyter": {"source_hidden": True}, "cellView": "form"}
    if ours := {name: attributes[name] for name in ("timeout", "bonus", "ungraded") if name in attributes}:
        metadata["autograder"] = ours
    if "tags" in attributes:
        metadata["tags"] = attributes["tags"]
    return metadata
