"""Read lab texts and answers files (percent scripts) into cells with kind, id, attributes and line numbers."""

from __future__ import annotations

import difflib
import math
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from importlib import resources
from pathlib import Path
from typing import Any

import jupytext
from jupytext.cell_reader import DoublePercentScriptCellReader

from autograder.authoring import patch, rules
from autograder.authoring.lab_text import KINDS, LabCell, LabError, LabText, Lines, without_docstrings, without_markers
from autograder.authoring.optional_modules import EXTRA_OF
from autograder.sandbox.guest.errors import named_task, task_line

NUMBER, WHOLE, TEXT, FLAG = "a number", "a whole number", "a text in quotes", "true or false"
"""Types of attribute values, as messages name them."""
_TYPES = {NUMBER: (int, float), WHOLE: (int,), TEXT: (str,), FLAG: (bool,)}
"""By name of a type: the Python types that it stands for."""

EXTRAS: Mapping[str, Mapping[str, str]] = {
    "solution": {
        "timeout": WHOLE, "variant": TEXT, "mistake": TEXT, "score": NUMBER, "equivalent": TEXT, "from": TEXT,
    },
    "test": {"points": NUMBER, "bonus": NUMBER, "timeout": WHOLE},
    "answer": {"points": NUMBER, "bonus": NUMBER},
    "locked": {"collapsed": FLAG, "timeout": WHOLE},
    "code": {"timeout": WHOLE, "ungraded": FLAG},
    "prose": {},
}  # fmt: skip
"""By kind of cell: its further attributes, with the type of each. Every kind may have tags as well."""

ANSWERS_ONLY = ("variant", "mistake", "score", "equivalent", "from")
"""Attributes that are allowed in an answers file only."""

_JUPYTEXT_KEYS = ("lines_to_next_cell", "cell_marker", "region_name")
"""Cell metadata that jupytext adds to note how the cell was written."""
_HEADER_KEYS = ("jupytext", "kernelspec", "language_info")
"""Keys that jupytext writes into a header."""
_CELL_START = re.compile(r"\s*#\s*(%%|In\[|<codecell>)")
"""The start of a cell, in each form that jupytext reads."""
_INCLUDE = re.compile(r"# include: (\S+)\s*$")
"""A line that includes a file."""
_ID = re.compile(r"[a-z][a-z0-9-]{0,58}")
"""A task's id: 59 characters at most, so that with `test_` it fits into the 64 characters of a cell id."""


def read_lab(file: Path) -> LabText:
    """Return a lab text, read and checked. Raises LabError for the first mistake."""
    cells, timeout, needs = _read(file, answers=False)
    if not cells:
        raise LabError(file, 1, "there is no cell in it", "begin with # %% [markdown]")
    lab = LabText(file, cells, timeout, needs)
    rules.check(lab)
    return lab


def read_answers(file: Path, lab: LabText) -> tuple[LabCell, ...]:
    """Return the solution cells of an answers file, read and checked.

    Each has variant=, or mistake= and score=, or equivalent=. A cell that is written as a patch is returned as the
    whole answer, with the patch applied. Raises LabError for the first mistake.
    """
    cells, *_ = _read(file, answers=True)
    cells = tuple(cell for cell in cells if cell.kind != "prose")
    rules.check_answers(file, cells, lab)
    rules.forms_are_independent(file, cells)
    cells = tuple(_apply_patch(file, cell, cells, lab) if "from" in cell.attributes else cell for cell in cells)
    rules.compare_answers(file, cells, lab)
    return cells


def _apply_patch(file: Path, cell: LabCell, cells: Sequence[LabCell], lab: LabText) -> LabCell:
    """Return the whole answer of a cell that is written as a patch: its base with the patch applied.

    The base is the answer that from= names: the solution, or a variant. cells: all cells of the answers file. Raises
    LabError.
    """
    name = cell.attributes["from"]
    if name == patch.SOLUTION:
        solution = next(other for other in lab.cells if (other.kind, other.id) == ("solution", cell.id))
        base_text = without_docstrings(without_markers(solution.source))
    else:
        base_text = next(
            other.source for other in cells if (other.id, other.attributes.get("variant")) == (cell.id, name)
        )
    # Errors in a line of the base are reported at the patch's cell.
    base = [(cell.line, line) for line in base_text.splitlines()]
    patched = patch.apply(file, list(zip(cell.lines, cell.source.splitlines(), strict=True)), base, name)
    return replace(cell, source="\n".join(line for _, line in patched), lines=tuple(number for number, _ in patched))


def _read(file: Path, answers: bool) -> tuple[tuple[LabCell, ...], int | None, tuple[str, ...]]:
    """Return the cells, timeout and needed modules of a lab text or an answers file. Raises LabError.

    answers: True for an answers file, in which ANSWERS_ONLY attributes are allowed.
    """
    try:
        text = file.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError as error:
        raise LabError(file, 1, f"it is not UTF-8: {error}", "save it as UTF-8") from error
    cells: list[LabCell] = []
    timeout: int | None = None
    needs: tuple[str, ...] = ()
    for line, lines, raw in _chunks(file, text):
        if not _CELL_START.match(lines[0]):
            timeout, needs = _header(file, "\n".join(lines))
        elif cell := _cell(file, line, lines, raw, answers):
            cells.append(cell)
    return tuple(cells), timeout, needs


def _chunks(file: Path, text: str) -> Iterator[tuple[int, list[str], Any]]:
    """Yield the line number, the lines, and jupytext's raw cell of each cell.

    The first chunk is the header, if there is text before the first cell. Raises LabError for attributes that jupytext
    can't read.
    """
    lines = text.splitlines()
    start = 0
    while start < len(lines):
        reader = DoublePercentScriptCellReader({"extension": ".py", "format_name": "percent"}, "python")
        try:
            raw, length = reader.read(lines[start:])
        # jupytext reads the attributes that it knows without checking their types, so that it may raise any exception.
        except Exception as error:
            problem = f"the attributes of this cell can't be read: {(str(error) or repr(error)).splitlines()[0]}"
            cure = 'write them as in name="text" points=3 collapsed=true tags=["one", "another"]'
            raise LabError(file, start + 1, problem, cure) from error
        yield start + 1, lines[start : start + length], raw
        start += length


def _header(file: Path, header: str) -> tuple[int | None, tuple[str, ...]]:
    """Return the timeout in seconds, or None, and the needed modules from the header. Raises LabError.

    They stand in a header `# jupyter:`, under `lab:`, as `timeout:` and `needs:`.
    """
    try:
        notebook = jupytext.reads(header, fmt="py:percent")
    # jupytext raises the exceptions of its YAML reader, and others.
    except Exception as error:
        cure = "write a line # --- before and after it, and YAML in between"
        raise LabError(file, 1, f"the header can't be read: {error}", cure) from error
    for cell in notebook.cells:
        if cell.cell_type == "raw":
            raise LabError(file, 1, "the header holds more than jupyter:", "indent it, to stand below # jupyter:")
        if cell.source.strip():
            raise LabError(
                file, 1, "there is text before the first cell", "begin the file with # %% or # %% [markdown]"
            )
    for name in notebook.metadata:
        if name not in (*_HEADER_KEYS, "lab"):
            raise LabError(file, 1, f"unknown header option {name}:", "it takes lab: and below that timeout: or needs:")
    options = notebook.metadata.get("lab", {})
    known = isinstance(options, dict) and set(options) <= {"timeout", "needs"}
    timeout: Any = options.get("timeout") if known else ""
    needs = options.get("needs", []) if known else []
    bad_time = timeout is not None and (type(timeout) is not int or timeout < 1)
    if bad_time or not isinstance(needs, list) or not all(module in list(EXTRA_OF) for module in needs):
        plain_options = dict(options) if isinstance(options, dict) else options
        cure = f"it takes timeout: SECONDS, and needs: [MODULE] with one of {', '.join(EXTRA_OF)}"
        raise LabError(file, 1, f"the header's lab: {plain_options} is not understood", cure)
    return timeout, tuple(needs)


def _cell(file: Path, line: int, lines: list[str], raw: Any, answers: bool) -> LabCell | None:
    """Return a cell, checked; None if it is empty prose or empty plain code. Raises LabError.

    line: the line number where the cell begins. lines: its text, with its first line. raw: the cell as jupytext reads
    it.
    """
    attributes = {name: value for name, value in raw.metadata.items() if name not in _JUPYTEXT_KEYS}
    kind, cell_id = _kind_and_id(file, line, attributes, raw.cell_type)
    attributes.pop(kind, None)
    _check_attributes(file, line, kind, attributes, answers)
    if raw.cell_type == "markdown":
        numbered = [(line, raw.source)]
    else:
        numbered = _include(file, kind, list(enumerate(_source(raw.source, lines), start=line + 1)))
    while numbered and not numbered[0][1].strip():  # IPython counts rows from the first line that is not empty
        numbered.pop(0)
    if not numbered:
        if cell_id:
            raise LabError(file, line, f'{kind}="{cell_id}" is empty', "write something below it, or delete the line")
        return None
    lacks_task = cell_id not in [named_task(text) for _, text in numbered]
    if kind == "solution" and lacks_task and "from" not in attributes:
        numbered = [(line, task_line(cell_id)), *numbered]
    source = "\n".join(text for _, text in numbered)
    return LabCell(kind, cell_id, source, line, attributes, tuple(number for number, _ in numbered))


def _kind_and_id(file: Path, line: int, attributes: Mapping[str, Any], cell_type: str) -> tuple[str, str]:
    """Return the kind and the id of a cell; the id is "" for prose and plain code. Raises LabError."""
    kinds = [name for name in KINDS if name in attributes]
    if len(kinds) > 1:
        raise LabError(file, line, f"a cell can't be {' and '.join(kinds)} at once", "split it into one cell for each")
    if cell_type == "raw":
        raise LabError(file, line, "this is a raw cell", "write # %% for code or # %% [markdown] for prose")
    if not kinds:
        return ("code" if cell_type == "code" else "prose"), ""
    kind, cell_id = kinds[0], attributes[kinds[0]]
    if not (isinstance(cell_id, str) and _ID.fullmatch(cell_id)):
        cure = "write a letter, then letters, digits and hyphens, all lower-case, 59 at most"
        raise LabError(file, line, f'{kind}="{cell_id}" is no id', cure)
    if (kind == "answer") != (cell_type == "markdown"):
        cure = "write # %% [markdown] answer=…" if kind == "answer" else f"write # %% {kind}=… without [markdown]"
        raise LabError(file, line, f"{kind}= stands on a {cell_type} cell", cure)
    return kind, cell_id


def _source(translated: str, lines: list[str]) -> list[str]:
    """Return the lines of a code cell, with `# %magic` and `# !command` without their hash.

    The hash keeps the percent script valid Python. jupytext takes comments such as `# cat, see there` and `# why?` for
    commands as well; here they stay comments. Comments to the formatter, `# fmt: skip`, are removed.

    translated: the source as jupytext reads it. lines: the cell's text in the file, with its first line.
    """
    pairs = zip(translated.splitlines(), lines[1:], strict=False)
    kept = [new if new.lstrip().startswith(("%", "!")) else old for new, old in pairs]
    return [text.removesuffix("  # fmt: skip") for text in kept]


def _check_attributes(file: Path, line: int, kind: str, attributes: Mapping[str, Any], answers: bool) -> None:
    """Raise LabError for an attribute that is unknown, missing, of the wrong type or too small.

    points= and bonus= on one cell raise it, too.
    """
    known = {name: takes for name, takes in EXTRAS[kind].items() if answers or name not in ANSWERS_ONLY}
    if "points" in attributes and "points" not in known:
        raise LabError(
            file, line, "points stand on a cell without a test", 'move points= to the # %% test="…" cell of the task'
        )
    for name, value in attributes.items():
        if name == "tags":  # jupytext checks tags
            continue
        if name not in known:
            raise _unknown_attribute(file, line, name, value, kind, known)
        right_type = isinstance(value, _TYPES[known[name]]) and (type(value) is not bool or known[name] == FLAG)
        if not right_type or value == "" or (isinstance(value, float) and not math.isfinite(value)):
            raise LabError(file, line, f"{name}={value!r} has the wrong type", f"{name}= takes {known[name]}")
        if isinstance(value, int | float) and value < (1 if name == "timeout" else 0):
            least = "one" if name == "timeout" else "zero"
            raise LabError(file, line, f"{name}={value} is too small", f"{name}= takes {least} or more")
    if kind in ("test", "answer") and not {"points", "bonus"} & set(attributes):
        cure = "add points=…, 0 is allowed; or bonus=… where the exercise is optional"
        raise LabError(file, line, f"the {kind} cell has no points", cure)
    if {"points", "bonus"} <= set(attributes):
        raise LabError(file, line, "points= and bonus= stand on one cell", "take bonus= where the exercise is optional")


def _unknown_attribute(
    file: Path, line: int, name: str, value: object, kind: str, known: Mapping[str, str]
) -> LabError:
    """Return the error for an unknown attribute, with the known attribute of a similar name, if there is one."""
    if name in ("title", "incorrectly_encoded_metadata"):
        cure = 'write each attribute as name="text" or name=number, with nothing between # %% and the first'
        return LabError(file, line, f"{value} is no attribute", cure)
    near = difflib.get_close_matches(name, [*known, "tags", *KINDS], n=1)
    cure = f"did you mean {near[0]}=?" if near else f"a {kind} cell takes: {', '.join([*known, 'tags'])}"
    return LabError(file, line, f"unknown attribute {name}=", cure)


def _include(file: Path, kind: str, lines: Sequence[tuple[int, str]]) -> Lines:
    """Return numbered lines with the lines of each included file in place of its `# include:` line.

    Raises LabError if the cell is not locked or the file can't be read.
    """
    expanded: Lines = []
    for number, text in lines:
        match = _INCLUDE.match(text)
        if match and kind != "locked":
            cure = 'move the line to a # %% locked="…" cell: what a file holds is not the student\'s to change'
            raise LabError(file, number, "a file is included in a cell that is not locked", cure)
        included = _included_text(file, number, match[1]).splitlines() if match else [text]
        expanded += [(number, included_line) for included_line in included]
    return expanded


def _included_text(file: Path, number: int, name: str) -> str:
    """Return the text of an included file. Raises LabError if it can't be read.

    A name that begins with autograder/ is a file of this package; any other name is relative to the lab text's folder.
    number: the line number of the `# include:` line, for the message.
    """
    package, _, inside = name.partition("/")
    source = resources.files("autograder") / inside if package == "autograder" else file.parent / name
    try:
        return source.read_text(encoding="utf-8").rstrip("\n")
    except (OSError, UnicodeDecodeError) as error:
        cure = "name a text file beside the lab's, or one of the package: autograder/…"
        raise LabError(file, number, f"# include: {name} can't be read: {error}", cure) from error
