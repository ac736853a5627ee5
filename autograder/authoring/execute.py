"""Runs a source notebook and keeps outputs that are the same on every machine."""

from __future__ import annotations

import struct
import tempfile
from base64 import b64decode, b64encode
from pathlib import Path

import nbformat
from nbclient import NotebookClient
from nbclient.exceptions import CellExecutionError, CellTimeoutError, DeadKernelError
from nbformat import NotebookNode

from autograder.authoring.text import LabError, LabText
from autograder.checks.score import MIME

CELL_SECONDS = 120
"""Longer than a cell may take when graded: an author's machine may be slow."""


def execute(notebook: NotebookNode, lab: LabText) -> None:
    """Run all cells in place, in an empty folder. Raises LabError where a cell fails or warns."""
    with tempfile.TemporaryDirectory() as folder:
        client = NotebookClient(
            notebook,
            timeout=CELL_SECONDS,
            kernel_name="python3",
            record_timing=False,
            resources={"metadata": {"path": folder}},
        )
        try:
            client.execute()
        except (CellExecutionError, CellTimeoutError, DeadKernelError) as error:
            ran = max((i for i, cell in enumerate(notebook.cells) if cell.get("execution_count")), default=0)
            raise LabError(
                lab.file, lab.cells[ran].line, f"this cell fails: {error}", "make it run as it stands"
            ) from error
    _check_scores(notebook, lab)
    notebook.metadata.language_info = {"name": "python"}  # without the interpreter's version
    for cell, written in zip(notebook.cells, lab.cells, strict=True):
        for output in cell.get("outputs", ()):
            if output.output_type == "stream" and output.name == "stderr":
                raise LabError(lab.file, written.line, f"this cell warns: {output.text}", "cure what it warns of")
            if "image/png" in output.get("data", {}):
                output.data["image/png"] = _without_comments(output.data["image/png"])


def _check_scores(notebook: NotebookNode, lab: LabText) -> None:
    """The instructor's solution must earn what its test cell promises, and the rubric must add up to it."""
    for cell, written in zip(notebook.cells, lab.cells, strict=True):
        if written.kind != "test":
            continue
        records = [output.data[MIME] for output in cell.outputs if MIME in output.get("data", {})]
        promised = written.attributes["points"]
        earned = [(record["points"], record["maximum"]) for record in records]
        if earned != [(promised, promised)]:
            got = " and ".join(f"{points:g} of {maximum:g}" for points, maximum in earned) or "no score record"
            problem = f'the solution of "{written.id}" earns {got}, the cell says points={promised:g}'
            cure = "end the hidden tests in one checks.…(…) whose points add up, and see that the solution passes"
            raise LabError(lab.file, written.line, problem, cure)


def keep_outputs(notebook: NotebookNode, built: Path) -> bool:
    """Take over the outputs of an earlier build, if it ran the same code; say whether it did."""
    if not built.exists():
        return False
    old = [cell for cell in nbformat.read(built, as_version=4).cells if cell.cell_type == "code"]
    new = [cell for cell in notebook.cells if cell.cell_type == "code"]
    if [cell.source for cell in old] != [cell.source for cell in new]:
        return False
    for before, after in zip(old, new, strict=True):
        after.outputs, after.execution_count = before.outputs, before.execution_count
    return True


def _without_comments(png: str) -> str:
    """A PNG without its text chunks: Matplotlib writes its own version there."""
    data = b64decode(png)
    kept, position = [data[:8]], 8
    while position < len(data):
        (length,) = struct.unpack(">I", data[position : position + 4])
        chunk = data[position : position + length + 12]
        if chunk[4:8] not in (b"tEXt", b"iTXt", b"zTXt", b"tIME"):
            kept.append(chunk)
        position += length + 12
    return b64encode(b"".join(kept)).decode("ascii")
