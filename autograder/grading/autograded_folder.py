"""What autograded/ keeps of a submission: its graded notebooks, each written whole or not at all, and stamped.

The stamp says what was graded. It is the last thing that is written: whatever goes wrong before, the submission
counts as not graded and is graded again.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
from collections.abc import Collection, Iterable, Mapping
from pathlib import Path
from typing import Any

from autograder.errors import CourseError
from autograder.grading.model import Job

TIMESTAMP = "timestamp.txt"
"""nbgrader's file that says when something was handed in."""

KEY = "autograder"
"""Where the engine keeps things in a notebook's metadata."""

_PART = ".part"
"""How the name of a file ends that is not yet written."""


def fingerprint(job: Job, timestamp: bytes) -> str:
    """What a grade depends on: whose it is, what was handed in and when, and the lab."""
    parts: list[Iterable[tuple[str, bytes]]] = [
        [("student", os.fsencode(job.student)), ("lab", os.fsencode(job.lab)), (TIMESTAMP, timestamp)],
        sorted((file.name, file.data) for file in job.files),
        sorted(job.masters.items()),
        sorted(job.beside.items()),
    ]
    digest = hashlib.sha256()
    for part in parts:
        for name, data in part:
            digest.update(hashlib.sha256(os.fsencode(name)).digest() + hashlib.sha256(data).digest())
        # The end of a list: a file that moves to the next one is a change.
        digest.update(b"|")
    return digest.hexdigest()


def is_graded(folder: Path, graded: str) -> bool:
    """Whether a folder holds all that came of grading what has this fingerprint."""
    files = sorted(folder.glob("*.ipynb"))
    stamp = _stamp(graded, [file.stem for file in files])
    return bool(files) and all(_metadata(file).get("graded") == stamp for file in files)


def write(
    folder: Path, notebooks: Mapping[str, str], about: Mapping[str, Mapping[str, Any]], graded: str, mode: int
) -> None:
    """Write a submission's graded notebooks, by name, into an emptied folder.

    about: what else to put into the metadata of each. Raises OSError.
    """
    folder.mkdir(parents=True, exist_ok=True)
    stamp = _stamp(graded, notebooks)
    for name, text in notebooks.items():
        notebook = json.loads(text)
        notebook["metadata"].setdefault(KEY, {}).update({**about.get(name, {}), "graded": stamp})
        # As nbformat writes it, so that a later save by Jupyter changes nothing.
        data = json.dumps(notebook, indent=1, ensure_ascii=False, sort_keys=True) + "\n"
        write_file(folder / f"{name}.ipynb", data.encode("utf-8", "replace"), mode)


def write_file(file: Path, data: bytes, mode: int) -> None:
    """Write a file that is there as a whole, or not. Raises OSError."""
    part = file.with_name(file.name + _PART)
    part.unlink(missing_ok=True)
    try:
        with part.open("wb") as stream:
            stream.write(data)
            os.fchmod(stream.fileno(), mode)
        os.replace(part, file)
    except OSError:
        part.unlink(missing_ok=True)
        raise


def empty(folder: Path) -> None:
    """Remove what an earlier grading left; the folder itself stays, if there is one. Raises OSError."""
    if not folder.is_dir():
        return
    # Notebooks first: without them the rest is not taken for a graded submission.
    for entry in sorted(folder.iterdir(), key=lambda entry: entry.suffix != ".ipynb"):
        if entry.is_dir() and not entry.is_symlink():
            shutil.rmtree(entry)
        else:
            entry.unlink()


def discard(folder: Path) -> None:
    """Remove an earlier grading, and its folder. Raises OSError."""
    empty(folder)
    if folder.is_dir():
        folder.rmdir()


def _stamp(graded: str, names: Collection[str]) -> str:
    """A fingerprint together with which notebooks came of it: with one of them lost the others' stamps are wrong."""
    return hashlib.sha256("\n".join([graded, *sorted(names)]).encode("utf-8", "surrogateescape")).hexdigest()


def _metadata(file: Path) -> dict[str, Any]:
    """The engine's part of a graded notebook's metadata; empty where the file is not whole."""
    try:
        kept = json.loads(file.read_bytes())["metadata"][KEY]
    # It takes apart whatever JSON there is.
    except (OSError, ValueError, TypeError, LookupError, RecursionError):
        return {}
    return kept if isinstance(kept, dict) else {}


def unwritable(folder: Path, error: OSError) -> CourseError:
    """The sentence for a folder that can't be written."""
    return CourseError(f"{folder} could not be written: {error.strerror or error}", "make room there; then grade again")
