"""Execute a source notebook, and keep only outputs that are the same on every machine."""

from __future__ import annotations

import contextlib
import os
import re
import struct
import tempfile
from base64 import b64decode, b64encode
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import matplotlib
from nbclient import NotebookClient
from nbclient.exceptions import CellExecutionError, CellTimeoutError, DeadKernelError
from nbformat import NotebookNode

from autograder.authoring.lab_text import LabCell, LabError, LabText
from autograder.authoring.source_writer import read_built
from autograder.checks.score import MIME

CELL_SECONDS = 120
"""Timeout of each cell in seconds, long enough for an author's slow machine.

A longer timeout of the cell or the lab replaces it.
"""

_ADDRESS = re.compile(r" at 0x[0-9a-f]{6,}")
_ROW = re.compile(r"Cell In\[\d+\], line (\d+)")
_COLOURS = re.compile(r"\x1b\[[0-9;]*m")
_PNG = b"\x89PNG\r\n\x1a\n"
_WIDGET = "application/vnd.jupyter.widget-view+json"


def run(notebook: NotebookNode, lab: LabText, built: Path) -> bool:
    """Fill in a notebook's outputs: those of an earlier build if its code is the same, else by execution.

    built: the file of the earlier build, which may be missing. Return True if the notebook was executed. Raises
    LabError if a cell fails or warns, or if a solution does not earn the points of its test.
    """
    if _keep_outputs(notebook, built):
        with contextlib.suppress(LabError):
            check_outputs(notebook, lab)
            return False
    _execute(notebook, lab)
    check_outputs(notebook, lab)
    return True


def _keep_outputs(notebook: NotebookNode, built: Path) -> bool:
    """Copy the outputs of an earlier build into the notebook, if that build ran the same code.

    Return True if every cell, but those tagged to be skipped, has its outputs.
    """
    earlier = read_built(built)
    old = [cell for cell in earlier.cells if cell.cell_type == "code"] if earlier else []
    new = [cell for cell in notebook.cells if cell.cell_type == "code"]
    if [cell.source for cell in old] != [cell.source for cell in new]:
        return False
    for old_cell, new_cell in zip(old, new, strict=True):
        new_cell.outputs, new_cell.execution_count = old_cell.outputs, old_cell.get("execution_count")
    return all(cell.execution_count is not None or _is_skipped(cell) for cell in new)


def _is_skipped(cell: NotebookNode) -> bool:
    """True if a tag tells nbclient not to execute the cell."""
    return "skip-execution" in cell.metadata.get("tags", ())


def _execute(notebook: NotebookNode, lab: LabText) -> None:
    """Execute all cells in place, in an empty working directory. Raises LabError."""
    running = lab.cells[0]

    def set_running(cell: NotebookNode, cell_index: int) -> None:
        nonlocal running
        running = lab.cells[cell_index]

    with tempfile.TemporaryDirectory() as folder, tempfile.TemporaryDirectory() as profile:
        client = NotebookClient(
            notebook,
            timeout_func=lambda cell: max(
                CELL_SECONDS, cell.metadata.get("autograder", {}).get("timeout", lab.timeout or 0)
            ),
            kernel_name="python3",
            # Without it, a starting kernel warns that its connection to this process is not encrypted.
            extra_arguments=["--log-level=ERROR"],
            record_timing=False,
            coalesce_streams=True,  # without it, text is split wherever the kernel sent a piece
            store_widget_state=False,
            resources={"metadata": {"path": folder}},
            on_cell_execute=set_running,
        )
        try:
            client.execute(env=_environment(profile))
        except CellExecutionError as error:
            trace = _COLOURS.sub("", error.traceback)
            row = _ROW.search(trace)
            problem = f"this cell fails: {error.ename}: {_COLOURS.sub('', error.evalue)}"
            line = running.line_of(int(row[1]) if row else None)
            raise LabError(lab.file, line, problem, "make it run as it stands") from error
        except CellTimeoutError as error:
            cure = "make it faster, or give it more seconds: timeout=…"
            raise LabError(lab.file, running.line, "this cell takes too long", cure) from error
        except DeadKernelError as error:
            cure = "find out what kills Python there: memory, exit"
            raise LabError(lab.file, running.line, "the kernel dies in this cell", cure) from error
    notebook.metadata.language_info = {"name": "python"}  # no interpreter version, which differs between machines


def _environment(profile: str) -> dict[str, str]:
    """Return this process's environment variables, without settings that change how notebooks start or look.

    profile: the folder of an empty IPython profile.
    """
    variables = {name: value for name, value in os.environ.items() if name != "MPLBACKEND"}
    return {**variables, "IPYTHONDIR": profile, "MATPLOTLIBRC": matplotlib.get_data_path()}


def check_outputs(notebook: NotebookNode, lab: LabText) -> None:
    """Raise LabError for an output that no notebook should show; remove what differs between machines from the others.

    LabError is raised for a warning, a memory address, and a solution that does not earn the points of its test.
    """
    for cell, lab_cell in zip(notebook.cells, lab.cells, strict=True):
        for output in cell.get("outputs", ()):
            if output.output_type == "stream" and output.name == "stderr":
                problem = f"this cell warns: {_COLOURS.sub('', output.text).strip()}"
                raise LabError(lab.file, lab_cell.line, problem, "cure what it warns of")
            if address := next((text for text in _plain_texts(output) if _ADDRESS.search(text)), None):
                problem = f"this cell shows an address in memory, another one each time: {address.strip()}"
                raise LabError(lab.file, lab_cell.line, problem, "end its last line with a semicolon, or show a value")
            data = output.get("data", {})
            data.pop(_WIDGET, None)  # the widget's id is random, and the widget only exists in the kernel that drew it
            if "image/png" in data:
                data["image/png"] = without_comments(data["image/png"])
        if lab_cell.kind == "test":
            _check_score(cell, lab_cell, lab.file)


def _plain_texts(output: NotebookNode) -> Iterator[str]:
    """Yield the text of a stream, and the plain text of a displayed value."""
    if output.output_type == "stream":
        yield output.text
    if "text/plain" in output.get("data", {}):
        yield output.data["text/plain"]


def _check_score(cell: NotebookNode, lab_cell: LabCell, file: Path) -> None:
    """Raise LabError unless the test has one score record whose points and maximum equal the points of its test cell.

    cell: the executed test cell. lab_cell: the same cell in the lab text. file: the lab text, for the message.
    """
    records: list[Any] = [output.data[MIME] for output in cell.outputs if MIME in output.get("data", {})]
    expected = lab_cell.full_points
    earned = [(record["points"], record["maximum"]) for record in records if {"points", "maximum"} <= set(record)]
    if earned != [(expected, expected)]:
        earned_text = " and ".join(f"{points:g} of {maximum:g}" for points, maximum in earned) or "no score record"
        problem = f'the solution of "{lab_cell.id}" earns {earned_text}, the cell says {expected:g}'
        cure = "end the hidden tests in one checks.…(…) whose points add up, and see that the solution passes"
        raise LabError(file, lab_cell.line, problem, cure)


def without_comments(png: str) -> str:
    """Return a PNG, as base64, without its text and time chunks: Matplotlib writes its version there."""
    data = b64decode(png)
    if not data.startswith(_PNG):
        return png
    kept, position = [_PNG], len(_PNG)
    while position + 12 <= len(data):
        (length,) = struct.unpack(">I", data[position : position + 4])
        chunk = data[position : position + length + 12]
        if chunk[4:8] not in (b"tEXt", b"iTXt", b"zTXt", b"tIME"):
            kept.append(chunk)
        position += length + 12
    return b64encode(b"".join(kept)).decode("ascii")
