"""Apply patches: a patch is a known answer, written as the lines that it changes in another answer to the same task.

    # %% solution="backward-pass" mistake="wrong-activation" score=2 from="short-names"
    #   for k in reversed(range(K)):
    # -     delta = (W[k].T @ delta) * (f[k - 1] > 0)
    # +     delta = (W[k].T @ delta) * h[k]

`-` removes a line and `+` adds one. A line with neither is context: it stays, and locates the change. A hunk is a block
of such lines. After an added line, the next line without `+` begins a new hunk; an empty comment begins one, too, so
that it can separate two removals. Each hunk must match exactly one place. Only the indentation relative to the hunk's
first line counts, so that a hunk may begin at the margin.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from keyword import iskeyword
from pathlib import Path

from autograder.authoring.lab_text import LabError, Lines

SOLUTION = "solution"
"""The value of from= that stands for the lab's solution."""

_TOKEN = re.compile(r"\.\w+\(?|\w+\(|\w+=(?!=)|\d+\.\d*|\w+|\*\*|//|[<>=!]=|\S")
"""A token of code. Functions, attributes and keyword arguments keep a `(`, `.` or `=`, which variables don't have."""
_PATCH_LINE = re.compile(r"# (?P<sign>[-+ ]) (?P<text>.*\S)\s*")


@dataclass
class _Hunk:
    """One hunk: consecutive lines to find, and the lines to insert after them."""

    line: int
    """The line in the file where the hunk begins; 0 for a hunk without lines."""
    old: list[tuple[str, str]] = field(default_factory=list)
    """Lines to find, each after its sign: "-" to remove it, " " to keep it."""
    added: Lines = field(default_factory=list)
    """Lines to insert."""


def apply(file: Path, patch: Lines, base: Lines, name: str) -> Lines:
    """Return the base with the patch applied.

    file: the answers file, for messages. patch: the patch cell's lines. base: the lines to change. name: the name of
    the base in messages. Raises LabError if a line is no patch line, if a hunk doesn't match exactly one place, or if
    two hunks change the same lines.
    """
    rows = [row for row, (_, text) in enumerate(base) if text.strip()]
    edits: list[tuple[int, int, Lines]] = []
    for hunk in _hunks(file, patch):
        places = list(_matches(hunk, [base[row][1] for row in rows]))
        if len(places) != 1:
            problem = f'this patch applies to {len(places) or "no"} place{"s" * (len(places) > 1)} in "{name}"'
            cure = "add a line of context before it: #   text" if places else "copy the lines to change from there"
            raise LabError(file, hunk.line, problem, cure)
        ((first, shift),) = places
        matched = rows[first : first + len(hunk.old)]
        if any(start <= matched[-1] and matched[0] < stop for start, stop, _ in edits):
            raise LabError(file, hunk.line, "two parts of this patch change the same lines", "write them as one")
        kept = [base[row] for row, (sign, _) in zip(matched, hunk.old, strict=True) if sign == " "]
        added = [(number, _shift(text, shift)) for number, text in hunk.added]
        edits.append((matched[0], matched[-1] + 1, kept + added))
    patched = list(base)
    for start, stop, lines in sorted(edits, reverse=True):
        patched[start:stop] = lines
    return patched


def edits(file: Path, patch: Lines) -> frozenset[tuple[tuple[str, ...], tuple[str, ...]]]:
    """Return the edits of a patch without their places: pairs of removed and added tokens, with variables numbered.

    Two patches with the same edits are one mistake in two styles: `/ n` may be removed from `total / n` or from
    `np.sum(d) / n`. Raises LabError as `apply` does for a line or hunk that is not valid.
    """
    replacements = set()
    for hunk in _hunks(file, patch):
        old = [token for sign, text in hunk.old if sign == "-" for token in _tokens(text)]
        new = [token for _, text in hunk.added for token in _tokens(text)]
        matcher = difflib.SequenceMatcher(None, old, new, autojunk=False)
        for tag, begin, end, start, stop in matcher.get_opcodes():
            if tag != "equal":
                names: dict[str, str] = {}
                replacements.add((_rename_variables(old[begin:end], names), _rename_variables(new[start:stop], names)))
    return frozenset(replacements)


def _tokens(text: str) -> list[str]:
    """Return the tokens of a line; the first is its indentation."""
    return [text[: _indent(text)], *_TOKEN.findall(text)]


def _rename_variables(tokens: Sequence[str], names: dict[str, str]) -> tuple[str, ...]:
    """Return the tokens with each variable as "name 0", "name 1" … in the order of first use.

    names: the numbered variables so far, which this function extends.
    """
    return tuple(
        names.setdefault(token, f"name {len(names)}") if token.isidentifier() and not iskeyword(token) else token
        for token in tokens
    )


def _hunks(file: Path, patch: Lines) -> Iterator[_Hunk]:
    """Yield the hunks of a patch. Raises LabError for a line that is no patch line and for a hunk that is not valid."""
    hunk = _Hunk(0)
    for number, text in [*patch, (0, "#")]:
        match = _PATCH_LINE.fullmatch(text)
        if not match and text.strip(" #"):
            cure = "write # - and a line to remove, # + and one to add, or #   and one that stays"
            raise LabError(file, number, f"this is no line of a patch: {text.strip()[:40]}", cure)
        sign = match["sign"] if match else ""
        if hunk.line and (not match or (hunk.added and sign != "+")):
            _check_hunk(file, hunk)
            yield hunk
            hunk = _Hunk(0)
        if match:
            hunk.line = hunk.line or number
            if sign == "+":
                hunk.added.append((number, match["text"]))
            else:
                hunk.old.append((sign, match["text"]))


def _check_hunk(file: Path, hunk: _Hunk) -> None:
    """Raise LabError if a hunk changes nothing or has no line that locates its change."""
    if not hunk.old:
        cure = "write the line before it as context: #   text"
        raise LabError(file, hunk.line, "nothing says where to add this line", cure)
    if not hunk.added and all(sign == " " for sign, _ in hunk.old):
        raise LabError(
            file, hunk.line, "this part of the patch changes nothing", "begin a changed line with # - or # +"
        )


def _matches(hunk: _Hunk, base: Sequence[str]) -> Iterator[tuple[int, int]]:
    """Yield each match of a hunk: the base index of its first line, and the shift of its indentation in columns."""
    old = [text for _, text in hunk.old]
    texts = [text for _, text in hunk.added]
    for start in range(len(base) - len(old) + 1):
        shift = _indent(base[start]) - _indent(old[0])
        shifted = [_shift(text, shift) for text in old]
        if (
            shifted == [text.rstrip() for text in base[start : start + len(old)]]
            and min(map(_indent, texts), default=0) >= -shift
        ):
            yield start, shift


def _indent(text: str) -> int:
    """Return the number of leading white-space characters."""
    return len(text) - len(text.lstrip())


def _shift(text: str, shift: int) -> str:
    """Return the line with its indentation changed by `shift` columns, which may be negative."""
    return " " * (_indent(text) + shift) + text.strip()
