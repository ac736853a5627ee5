"""The exceptions of the port, the line of a student's cell that raised one, and the comment that names a cell's task.

Runs in the grader's process, in that of the student code and in an author's Jupyter kernel.
"""

from __future__ import annotations

import traceback
from dataclasses import dataclass
from pathlib import Path


class StudentError(Exception):
    """Base class: the student's notebook can't provide the name, value or task that a hidden test requests."""


@dataclass
class MissingNameError(StudentError):
    """Raised if the notebook doesn't define the name, or a class the attribute; the name is then `Class.attribute`."""

    name: str

    def __str__(self) -> str:
        if "." in self.name:
            return f"there is no `{self.name}`: was it renamed, is it set too late, or is `self.` missing?"
        return f"there is no `{self.name}` in the notebook: was it renamed, or did its cell stop early?"


@dataclass
class StoppedCellError(StudentError):
    """Raised in place of MissingNameError, and of a NameError, if a cell stopped that would have defined the name."""

    name: str
    how: str
    """How the cell stopped, as a sentence on "its cell"."""

    def __str__(self) -> str:
        return f"`{self.name}` was never defined, because its cell {self.how}"


@dataclass
class NotCallableError(StudentError):
    """Raised if the value of a name is neither a function nor a class; `kind` is the name of the value's type."""

    name: str
    kind: str

    def __str__(self) -> str:
        return f"`{self.name}` should be a function, but it is of type {self.kind}: is the name used twice?"


@dataclass
class MissingTaskError(StudentError):
    """Raised if the notebook has no cell of the task."""

    task: str

    def __str__(self) -> str:
        return (
            f"the cell of task `{self.task}` was not found: keep the comment `{task_line(self.task)}` in its first line"
        )


@dataclass
class NotPlainError(StudentError):
    """Raised for a value other than numbers, text, arrays and plain containers: only those cross the port."""

    what: str
    """The predicate of the message: "is a value of type set"."""
    where: str
    """The subject of the message: "an argument"."""

    def __str__(self) -> str:
        return f"{self.where} {self.what}; expected numbers, arrays, or lists, tuples and dicts of them"


@dataclass
class DeadProcessError(StudentError):
    """Raised if the process in which the notebook runs has ended."""

    how: str
    """How the process ended, as a sentence on "it": "it ended Python itself"."""

    def __str__(self) -> str:
        return self.how


class CallTimeoutError(BaseException):
    """Raised in a student's code at its time limit. Not an Exception, because that code may catch those.

    Its text is a sentence on "it": whether it computed or waited; or empty where that is unknown.
    """


_TASK = "# task: "


def task_line(task: str) -> str:
    """Return the comment that the build writes into a task's cell: it marks the cell even without its metadata."""
    return f"{_TASK}{task}"


def named_task(line: str) -> str:
    """Return the task that a line of a cell names, as `task_line` writes it; white space around it is ignored.

    Return "" for any other line.
    """
    return line.strip().removeprefix(_TASK) if line.lstrip().startswith(_TASK) else ""


def student_line(error: BaseException, ended_cell: bool = False) -> str:
    """Return the innermost line of a student's cell in an exception's traceback; "" if there is none.

    ended_cell: True if the exception ended a cell of the student's, and not an answer to a hidden test.
    """
    if hasattr(error, "student_line"):
        return str(error.student_line)
    # A placeholder for a missing module raises in its own frame, below the student's line.
    placeholders = f"{_GUEST_FOLDER}/missing_modules.py"
    frames = [frame for frame in traceback.extract_tb(error.__traceback__) if frame.filename != placeholders]
    # Only frames called from this folder are student code: before it, a cell may be the hidden test.
    guest_frames = [i for i, frame in enumerate(frames) if _is_guest(frame)]
    last_guest_frame = max(guest_frames, default=-1 if ended_cell else len(frames))
    for frame in reversed(frames[last_guest_frame + 1 :]):
        if frame.line and ("ipykernel_" in frame.filename or frame.filename.startswith("<")):
            return frame.line
    return ""


def _is_guest(frame: traceback.FrameSummary) -> bool:
    """True for a frame of this folder, other than what stands in for `input` and `exit`, which student code calls."""
    return frame.filename.startswith(_GUEST_FOLDER) and frame.name not in ("refuse_input", "ask_exit")


_GUEST_FOLDER = str(Path(__file__).parent)
