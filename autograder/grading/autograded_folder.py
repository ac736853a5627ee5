"""Writes a submission's graded notebooks into autograded/, each whole or not at all, with a stamp.

The stamp identifies what was graded. It is written last: after a fault before that, the submission counts as not
graded and is graded again.
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
"""nbgrader's file with the time of submission."""

KEY = "autograder"
"""The key of this package in a notebook's metadata."""

_PART = ".part"
"""The ending of a file's name while it is being written."""


def fingerprint(job: Job, timestamp: bytes) -> str:
    """Return a hash of everything that a grade depends on: the student, the files and their time, and the lab."""
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
        # Marks the end of a list, so that a file that moves to the next list changes the hash.
        digest.update(b"|")
    return digest.hexdigest()


def is_graded(folder: Path, graded: str) -> bool:
    """True if a folder holds every graded notebook of the submission with this fingerprint."""
    files = sorted(folder.glob("*.ipynb"))
    stamp = _stamp(graded, [file.stem for file in files])
    return bool(files) and all(_metadata(file).get("graded") == stamp for file in files)


def write(
    folder: Path, notebooks: Mapping[str, str], about: Mapping[str, Mapping[str, Any]], graded: str, mode: int
) -> None:
    """Write a submission's graded notebooks, by name, into an emptied folder.

    about: further metadata for each, by name. Raises OSError.
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
    """Write a file atomically. Raises OSError."""
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
    """Remove the files of an earlier grading; the folder stays. Raises OSError."""
    if not folder.is_dir():
        return
    # Notebooks first: without them the folder does not count as graded.
    for entry in sorted(folder.iterdir(), key=lambda entry: entry.suffix != ".ipynb"):
        if entry.is_dir() and not entry.is_symlink():
            shutil.rmtree(entry)
        else:
            entry.unlink()


def discard(folder: Path) -> None:
    """Remove the files of an earlier grading and the folder. Raises OSError."""
    empty(folder)
    if folder.is_dir():
        folder.rmdir()


def _stamp(graded: str, names: Collection[str]) -> str:
    """Return a hash of a fingerprint and the names of all graded notebooks: if one is lost, no stamp matches."""
    return hashlib.sha256("\n".join([graded, *sorted(names)]).encode("utf-8", "surrogateescape")).hexdigest()


def _metadata(file: Path) -> dict[str, Any]:
    """Return this package's part of a graded notebook's metadata; empty if the file is damaged."""
    try:
        kept = json.loads(file.read_bytes())["metadata"][KEY]
    # The file may hold any JSON.
    except (OSError, ValueError, TypeError, LookupError, RecursionError):
        return {}
    return kept if isinstance(kept, dict) else {}


def unwritable(folder: Path, error: OSError) -> CourseError:
    """Return the error for a folder that can't be written."""
    return CourseError(f"{folder} could not be written: {error.strerror or error}", "make room there; then grade again")
