"""Write a submission's graded notebooks to autograded/, and recognise those that are complete and up to date.

Each graded notebook's metadata holds a stamp: a hash of the submission's fingerprint and of the names of all its graded
notebooks. The grader writes the notebooks last and each file atomically. After an interruption the submission therefore
counts as not graded, and the next run grades it again.
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
from autograder.grading.model import Job, SubmittedFile

TIMESTAMP = "timestamp.txt"
"""nbgrader's file with the time at which a student handed in the submission."""

KEY = "autograder"
"""Key of the autograder's data in a notebook's metadata."""

_PARTIAL_SUFFIX = ".part"
"""Suffix of a file's name until the file is complete."""


def fingerprint(job: Job, timestamp: bytes) -> str:
    """Return a hash of what a grade depends on: student, lab, timestamp, files, source notebooks, data files, release.

    timestamp: the content of timestamp.txt.
    """
    parts: list[Iterable[tuple[str, bytes]]] = [
        [("student", os.fsencode(job.student)), ("lab", os.fsencode(job.lab)), (TIMESTAMP, timestamp)],
        sorted((file.name, file.data) for file in job.files),
        sorted(job.source_notebooks.items()),
        sorted(job.data_files.items()),
        [
            (name, text.encode("utf-8", "surrogatepass"))
            for name, texts in sorted(job.released.items())
            for text in texts
        ],
    ]
    digest = hashlib.sha256()
    for part in parts:
        for name, data in part:
            digest.update(hashlib.sha256(os.fsencode(name)).digest() + hashlib.sha256(data).digest())
        # This separator makes the hash change if a file moves from one list to the next.
        digest.update(b"|")
    return digest.hexdigest()


def answers(folder: Path) -> dict[tuple[str, str], str]:
    """Return the hashes of the answers that an earlier grading was about, by notebook name and grade_id."""
    hashes = {file.stem: _metadata(file).get("answers") for file in folder.glob("*.ipynb")}
    return {
        (name, grade_id): answer
        for name, by_grade_id in hashes.items()
        if isinstance(by_grade_id, dict)
        for grade_id, answer in by_grade_id.items()
        if isinstance(answer, str)
    }


def is_graded(folder: Path, graded: str) -> bool:
    """True if a folder holds all graded notebooks of the submission with the fingerprint `graded`."""
    files = sorted(folder.glob("*.ipynb"))
    stamp = _stamp(graded, [file.stem for file in files])
    return bool(files) and all(_metadata(file).get("graded") == stamp for file in files)


def write(
    folder: Path, notebooks: Mapping[str, str], about: Mapping[str, Mapping[str, Any]], graded: str, mode: int
) -> None:
    """Write a submission's graded notebooks into an empty folder, which is made if missing. Raises OSError.

    notebooks: each notebook's JSON, by its name without `.ipynb`. about: further metadata for each notebook, by the
    same names. graded: the submission's fingerprint. mode: the files' permissions.
    """
    folder.mkdir(parents=True, exist_ok=True)
    stamp = _stamp(graded, notebooks)
    for name, text in notebooks.items():
        notebook = json.loads(text)
        notebook["metadata"].setdefault(KEY, {}).update({**about.get(name, {}), "graded": stamp})
        # The format is nbformat's, so that a later save by Jupyter changes nothing.
        data = json.dumps(notebook, indent=1, ensure_ascii=False, sort_keys=True) + "\n"
        write_file(folder / f"{name}.ipynb", data.encode("utf-8", "replace"), mode)


def write_file(file: Path, data: bytes, mode: int) -> None:
    """Write a file atomically: it appears complete or not at all. Raises OSError. mode: the file's permissions."""
    partial_file = file.with_name(file.name + _PARTIAL_SUFFIX)
    partial_file.unlink(missing_ok=True)
    try:
        with partial_file.open("wb") as stream:
            stream.write(data)
            os.fchmod(stream.fileno(), mode)
        os.replace(partial_file, file)
    except OSError:
        partial_file.unlink(missing_ok=True)
        raise


def write_other_files(folder: Path, files: Iterable[SubmittedFile], mode: int) -> None:
    """Write a student's other files into a folder. Raises OSError. files: by paths that lead to files below it."""
    for file in files:
        path = folder / file.name
        path.parent.mkdir(parents=True, exist_ok=True)
        write_file(path, file.data, mode)


def empty(folder: Path) -> None:
    """Remove all files and folders of an earlier grading, but not `folder` itself, if it exists. Raises OSError."""
    if not folder.is_dir():
        return
    # Notebooks go first: without them, is_graded is False for the files that an interruption leaves.
    for entry in sorted(folder.iterdir(), key=lambda entry: entry.suffix != ".ipynb"):
        if entry.is_dir() and not entry.is_symlink():
            shutil.rmtree(entry)
        else:
            entry.unlink()


def discard(folder: Path) -> None:
    """Remove an earlier grading with its folder, if it exists. Raises OSError."""
    empty(folder)
    if folder.is_dir():
        folder.rmdir()


def _stamp(graded: str, names: Collection[str]) -> str:
    """Return a hash of a submission's fingerprint and its notebooks' names: if one is lost, the others' stamps fail."""
    return hashlib.sha256("\n".join([graded, *sorted(names)]).encode("utf-8", "surrogateescape")).hexdigest()


def _metadata(file: Path) -> dict[str, Any]:
    """Return the autograder's part of a graded notebook's metadata; empty if it is missing or the file is damaged."""
    try:
        metadata = json.loads(file.read_bytes())["metadata"][KEY]
    # A damaged file may hold any JSON, so that indexing it may raise any of these.
    except (OSError, ValueError, TypeError, LookupError, RecursionError):
        return {}
    return metadata if isinstance(metadata, dict) else {}


def unwritable(folder: Path, error: OSError) -> CourseError:
    """Return the CourseError for a folder to which writing failed with this OSError."""
    return CourseError(f"{folder} could not be written: {error.strerror or error}", "make room there; then grade again")
