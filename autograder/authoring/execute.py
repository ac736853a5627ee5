"""Runs a source notebook and keeps outputs that are the same on every machine."""

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
"""An author's machine may be slow; a cell with a longer timeout may take that long."""

_ADDRESS = re.compile(r" at 0x[0-9a-f]{6,}")
_ROW = re.compile(r"Cell In\[\d+\], line (\d+)")
_COLOURS = re.compile(r"\x1b\[[0-9;]*m")
_PNG = b"\x89PNG\r\n\x1a\n"
_WIDGET = "application/vnd.jupyter.widget-view+json"


def run(notebook: NotebookNode, lab: LabText, built: Path) -> bool:
    """Give a notebook its outputs: those of an earlier build if its code is the same, else by execution.

    Returns whether it was executed. Raises LabError where a cell fails, warns or does not earn what it promises.
    """
    if _keep_outputs(notebook, built):
        with contextlib.suppress(LabError):
            check_outputs(notebook, lab)
            return False
    _execute(notebook, lab)
    check_outputs(notebook, lab)
    return True


def _keep_outputs(notebook: NotebookNode, built: Path) -> bool:
    """Take over the outputs of an earlier build, if it ran the same code; say whether it did."""
    earlier = read_built(built)
    old = [cell for cell in earlier.cells if cell.cell_type == "code"] if earlier else []
    new = [cell for cell in notebook.cells if cell.cell_type == "code"]
    if [cell.source for cell in old] != [cell.source for cell in new]:
        return False
    for before, after in zip(old, new, strict=True):
        after.outputs, after.execution_count = before.outputs, before.get("execution_count")
    return all(cell.execution_count is not None or _is_skipped(cell) for cell in new)


def _is_skipped(cell: NotebookNode) -> bool:
    return "skip-execution" in cell.metadata.get("tags", ())


def _execute(notebook: NotebookNode, lab: LabText) -> None:
    """Run all cells in place, in an empty folder."""
    running = lab.cells[0]

    def notice(cell: NotebookNode, cell_index: int) -> None:
        nonlocal running
        running = lab.cells[cell_index]

    with tempfile.TemporaryDirectory() as folder, tempfile.TemporaryDirectory() as profile:
        client = NotebookClient(
            notebook,
            timeout_func=lambda cell: max(
                CELL_SECONDS, cell.metadata.get("autograder", {}).get("timeout", lab.timeout or 0)
            ),
            kernel_name="python3",
            # At its start a kernel warns that it talks to this very process without encryption.
            extra_arguments=["--log-level=ERROR"],
            record_timing=False,
            coalesce_streams=True,  # otherwise a cell's text is cut where the kernel happened to send it
            store_widget_state=False,
            resources={"metadata": {"path": folder}},
            on_cell_execute=notice,
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
    notebook.metadata.language_info = {"name": "python"}  # without the interpreter's version


def _environment(profile: str) -> dict[str, str]:
    """Return the author's environment, without settings that change how notebooks start or look."""
    own = {name: value for name, value in os.environ.items() if name != "MPLBACKEND"}
    return {**own, "IPYTHONDIR": profile, "MATPLOTLIBRC": matplotlib.get_data_path()}


def check_outputs(notebook: NotebookNode, lab: LabText) -> None:
    """Raise LabError at outputs that no notebook should show; free the others of what differs between machines."""
    for cell, written in zip(notebook.cells, lab.cells, strict=True):
        for output in cell.get("outputs", ()):
            if output.output_type == "stream" and output.name == "stderr":
                problem = f"this cell warns: {_COLOURS.sub('', output.text).strip()}"
                raise LabError(lab.file, written.line, problem, "cure what it warns of")
            if address := next((text for text in _plain_texts(output) if _ADDRESS.search(text)), None):
                problem = f"this cell shows an address in memory, another one each time: {address.strip()}"
                raise LabError(lab.file, written.line, problem, "end its last line with a semicolon, or show a value")
            data = output.get("data", {})
            data.pop(_WIDGET, None)  # a random number: the widget lives in the kernel that drew it
            if "image/png" in data:
                data["image/png"] = without_comments(data["image/png"])
        if written.kind == "test":
            _check_score(cell, written, lab.file)


def _plain_texts(output: NotebookNode) -> Iterator[str]:
    if output.output_type == "stream":
        yield output.text
    if "text/plain" in output.get("data", {}):
        yield output.data["text/plain"]


def _check_score(cell: NotebookNode, written: LabCell, file: Path) -> None:
    """The instructor's solution must earn what its test cell promises, and the rubric must add up to it."""
    records: list[Any] = [output.data[MIME] for output in cell.outputs if MIME in output.get("data", {})]
    promised = written.worth
    earned = [(record["points"], record["maximum"]) for record in records if {"points", "maximum"} <= set(record)]
    if earned != [(promised, promised)]:
        got = " and ".join(f"{points:g} of {maximum:g}" for points, maximum in earned) or "no score record"
        problem = f'the solution of "{written.id}" earns {got}, the cell says {promised:g}'
        cure = "end the hidden tests in one checks.…(…) whose points add up, and see that the solution passes"
        raise LabError(file, written.line, problem, cure)


def without_comments(png: str) -> str:
    """Return a PNG without its text chunks: Matplotlib writes its own version there."""
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
