"""Reads labs: a percent script in, cells with kind, id, attributes and line numbers out; mistakes are LabErrors."""

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
from autograder.sandbox.guest.port import task_line

NUMBER, WHOLE, TEXT, FLAG = "a number", "a whole number", "a text in quotes", "true or false"
_TYPES = {NUMBER: (int, float), WHOLE: (int,), TEXT: (str,), FLAG: (bool,)}

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
"""Further attributes of each kind, with what they take; every kind may have tags."""

ANSWERS_ONLY = ("variant", "mistake", "score", "equivalent", "from")

_OWN = ("lines_to_next_cell", "cell_marker", "region_name")
"""Keys of a cell's metadata in which jupytext keeps facts about the text."""
_HEADER = ("jupytext", "kernelspec", "language_info")
"""Keys of a header that jupytext itself writes."""
_STARTS = re.compile(r"\s*#\s*(%%|In\[|<codecell>)")
_INCLUDE = re.compile(r"# include: (\S+)\s*$")
_ID = re.compile(r"[a-z][a-z0-9-]{0,58}")
"""Short enough for `test_` and the id to be a cell's id."""


def read_lab(file: Path) -> LabText:
    """Read and check a lab. Raises LabError at the first mistake."""
    cells, timeout, needs = _read(file, answers=False)
    if not cells:
        raise LabError(file, 1, "there is no cell in it", "begin with # %% [markdown]")
    lab = LabText(file, cells, timeout, needs)
    rules.check(lab)
    return lab


def read_answers(file: Path, lab: LabText) -> tuple[LabCell, ...]:
    """Read and check a lab's answers file: solution cells with variant=, mistake= and score=, or equivalent=.

    What is written as a patch is returned as the whole cell that it makes. Raises LabError at the first mistake.
    """
    cells, *_ = _read(file, answers=True)
    cells = tuple(cell for cell in cells if cell.kind != "prose")
    rules.check_answers(file, cells, lab)
    rules.forms_are_independent(file, cells)
    cells = tuple(_patched(file, cell, cells, lab) if "from" in cell.attributes else cell for cell in cells)
    rules.compare_answers(file, cells, lab)
    return cells


def _patched(file: Path, cell: LabCell, cells: Sequence[LabCell], lab: LabText) -> LabCell:
    """Return a known answer that is written as a patch, with the lines of what it starts from."""
    name = cell.attributes["from"]
    if name == patch.SOLUTION:
        solution = next(one for one in lab.cells if (one.kind, one.id) == ("solution", cell.id))
        text = without_docstrings(without_markers(solution.source))
    else:
        text = next(one.source for one in cells if (one.id, one.attributes.get("variant")) == (cell.id, name))
    # What is wrong with such a line is wrong because of the patch.
    base = [(cell.line, line) for line in text.splitlines()]
    whole = patch.apply(file, list(zip(cell.lines, cell.source.splitlines(), strict=True)), base, name)
    return replace(cell, source="\n".join(line for _, line in whole), lines=tuple(number for number, _ in whole))


def _read(file: Path, answers: bool) -> tuple[tuple[LabCell, ...], int | None, tuple[str, ...]]:
    try:
        text = file.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError as error:
        raise LabError(file, 1, f"it is not UTF-8: {error}", "save it as UTF-8") from error
    cells: list[LabCell] = []
    timeout: int | None = None
    needs: tuple[str, ...] = ()
    for line, lines, raw in _chunks(file, text):
        if not _STARTS.match(lines[0]):
            timeout, needs = _header(file, "\n".join(lines))
        elif cell := _cell(file, line, lines, raw, answers):
            cells.append(cell)
    return tuple(cells), timeout, needs


def _chunks(file: Path, text: str) -> Iterator[tuple[int, list[str], Any]]:
    """Yield each cell as (first line number, lines, jupytext's cell); first the text before the first cell."""
    lines = text.splitlines()
    at = 0
    while at < len(lines):
        reader = DoublePercentScriptCellReader({"extension": ".py", "format_name": "percent"}, "python")
        try:
            raw, length = reader.read(lines[at:])
        # jupytext looks into attributes that it knows whatever they hold, then checks those that Jupyter knows.
        except Exception as error:
            problem = f"the attributes of this cell can't be read: {(str(error) or repr(error)).splitlines()[0]}"
            cure = 'write them as in name="text" points=3 collapsed=true tags=["one", "another"]'
            raise LabError(file, at + 1, problem, cure) from error
        yield at + 1, lines[at : at + length], raw
        at += length


def _header(file: Path, header: str) -> tuple[int | None, tuple[str, ...]]:
    """Seconds that a cell may take, and modules that are needed.

    They stand in a header `# jupyter:` with `lab:` below it, and below that `timeout:` or `needs:`.
    """
    try:
        notebook = jupytext.reads(header, fmt="py:percent")
    # jupytext raises what its YAML reader raises, and more.
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
        if name not in (*_HEADER, "lab"):
            raise LabError(file, 1, f"unknown header option {name}:", "it takes lab: and below that timeout: or needs:")
    options = notebook.metadata.get("lab", {})
    known = isinstance(options, dict) and set(options) <= {"timeout", "needs"}
    timeout: Any = options.get("timeout") if known else ""
    needs = options.get("needs", []) if known else []
    bad_time = timeout is not None and (type(timeout) is not int or timeout < 1)
    if bad_time or not isinstance(needs, list) or not all(module in list(EXTRA_OF) for module in needs):
        said = dict(options) if isinstance(options, dict) else options
        cure = f"it takes timeout: SECONDS, and needs: [MODULE] with one of {', '.join(EXTRA_OF)}"
        raise LabError(file, 1, f"the header's lab: {said} is not understood", cure)
    return timeout, tuple(needs)


def _cell(file: Path, line: int, lines: list[str], raw: Any, answers: bool) -> LabCell | None:
    """Return a cell; None where there is nothing in it."""
    attributes = {name: value for name, value in raw.metadata.items() if name not in _OWN}
    kind, cell_id = _what_it_is(file, line, attributes, raw.cell_type)
    attributes.pop(kind, None)
    _check_attributes(file, line, kind, attributes, answers)
    if raw.cell_type == "markdown":
        numbered = [(line, raw.source)]
    else:
        numbered = _include(file, kind, list(enumerate(_source(raw.source, lines), start=line + 1)))
    while numbered and not numbered[0][1].strip():  # IPython counts rows from the first that holds something
        numbered.pop(0)
    if not numbered:
        if cell_id:
            raise LabError(file, line, f'{kind}="{cell_id}" is empty', "write something below it, or delete the line")
        return None
    lacks_task = task_line(cell_id) not in [text for _, text in numbered]
    if kind == "solution" and lacks_task and "from" not in attributes:
        numbered = [(line, task_line(cell_id)), *numbered]
    source = "\n".join(text for _, text in numbered)
    return LabCell(kind, cell_id, source, line, attributes, tuple(number for number, _ in numbered))


def _what_it_is(file: Path, line: int, attributes: Mapping[str, Any], cell_type: str) -> tuple[str, str]:
    """Return the kind and the id of a cell; the id is empty for prose and plain code."""
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


def _source(read: str, lines: list[str]) -> list[str]:
    """Return a code cell's lines. `# %magic` and `# !command` lose their hash, which lets the script be Python.

    jupytext takes `# cat, see there` and `# why?` for commands as well; they stay comments. What the script
    says to its formatter doesn't reach a reader.
    """
    pairs = zip(read.splitlines(), lines[1:], strict=False)
    kept = [new if new.lstrip().startswith(("%", "!")) else old for new, old in pairs]
    return [text.removesuffix("  # fmt: skip") for text in kept]


def _check_attributes(file: Path, line: int, kind: str, attributes: Mapping[str, Any], answers: bool) -> None:
    known = {name: takes for name, takes in EXTRAS[kind].items() if answers or name not in ANSWERS_ONLY}
    if "points" in attributes and "points" not in known:
        raise LabError(
            file, line, "points stand on a cell without a test", 'move points= to the # %% test="…" cell of the task'
        )
    for name, value in attributes.items():
        if name == "tags":  # jupytext has checked them
            continue
        if name not in known:
            raise _unknown(file, line, name, value, kind, known)
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


def _unknown(file: Path, line: int, name: str, value: object, kind: str, known: Mapping[str, str]) -> LabError:
    if name in ("title", "incorrectly_encoded_metadata"):
        cure = 'write each attribute as name="text" or name=number, with nothing between # %% and the first'
        return LabError(file, line, f"{value} is no attribute", cure)
    near = difflib.get_close_matches(name, [*known, "tags", *KINDS], n=1)
    cure = f"did you mean {near[0]}=?" if near else f"a {kind} cell takes: {', '.join([*known, 'tags'])}"
    return LabError(file, line, f"unknown attribute {name}=", cure)


def _include(file: Path, kind: str, lines: Sequence[tuple[int, str]]) -> Lines:
    """Return the lines with those of the files they name."""
    whole: Lines = []
    for number, text in lines:
        match = _INCLUDE.match(text)
        if match and kind != "locked":
            cure = 'move the line to a # %% locked="…" cell: what a file holds is not the student\'s to change'
            raise LabError(file, number, "a file is included in a cell that is not locked", cure)
        included = _text_of(file, number, match[1]).splitlines() if match else [text]
        whole += [(number, part) for part in included]
    return whole


def _text_of(file: Path, number: int, name: str) -> str:
    """Return the text of a file of this package if the name begins with autograder/, else of one beside the lab's."""
    package, _, inside = name.partition("/")
    source = resources.files("autograder") / inside if package == "autograder" else file.parent / name
    try:
        return source.read_text(encoding="utf-8").rstrip("\n")
    except (OSError, UnicodeDecodeError) as error:
        cure = "name a text file beside the lab's, or one of the package: autograder/…"
        raise LabError(file, number, f"# include: {name} can't be read: {error}", cure) from error
