"""Applies patches: a known answer written as the lines that it changes in another answer to the same task.

    # %% solution="backward-pass" mistake="wrong-activation" score=2 from="short-names"
    #   for k in reversed(range(K)):
    # -     delta = (W[k].T @ delta) * (f[k - 1] > 0)
    # +     delta = (W[k].T @ delta) * h[k]

`-` removes a line, `+` adds one, and a line with neither is context, which stays and says where. A line that follows an
added one begins a new hunk; so does an empty comment, which separates two removals. Each hunk must match exactly one
place. Indentation counts within a hunk only, so that a hunk may begin at the margin.
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
"""The value of from= for the lab's own solution."""

_TOKEN = re.compile(r"\.\w+\(?|\w+\(|\w+=(?!=)|\d+\.\d*|\w+|\*\*|//|[<>=!]=|\S")
"""A piece of code. Names of functions, attributes and keyword arguments are told from those of variables by a mark."""
_PATCH_LINE = re.compile(r"# (?P<sign>[-+ ]) (?P<text>.*\S)\s*")


@dataclass
class _Hunk:
    """Consecutive lines to find, each with its sign ("-" or " "), and the lines to put after them."""

    line: int
    """The hunk's first line in the file."""
    old: list[tuple[str, str]] = field(default_factory=list)
    added: Lines = field(default_factory=list)


def apply(file: Path, patch: Lines, base: Lines, name: str) -> Lines:
    """Return the base with the patch applied.

    patch: the cell's lines, each with its number in the file. base: the lines to change. name: what messages call it.
    Raises LabError, with file and line, where a line is no line of a patch, or a hunk doesn't match exactly one place.
    """
    rows = [row for row, (_, text) in enumerate(base) if text.strip()]
    edits: list[tuple[int, int, Lines]] = []
    for hunk in _hunks(file, patch):
        places = list(_matches(hunk, [base[row][1] for row in rows]))
        if len(places) != 1:
            problem = f'this patch applies to {len(places) or "no"} place{"s" * (len(places) > 1)} in "{name}"'
            cure = "add a line of context before it: #   text" if places else "copy the lines to change from there"
            raise LabError(file, hunk.line, problem, cure)
        ((at, shift),) = places
        here = rows[at : at + len(hunk.old)]
        if any(start <= here[-1] and here[0] < stop for start, stop, _ in edits):
            raise LabError(file, hunk.line, "two parts of this patch change the same lines", "write them as one")
        kept = [base[row] for row, (sign, _) in zip(here, hunk.old, strict=True) if sign == " "]
        added = [(number, _shifted(text, shift)) for number, text in hunk.added]
        edits.append((here[0], here[-1] + 1, kept + added))
    patched = list(base)
    for start, stop, lines in sorted(edits, reverse=True):
        patched[start:stop] = lines
    return patched


def edits(file: Path, patch: Lines) -> frozenset[tuple[tuple[str, ...], tuple[str, ...]]]:
    """Return a patch's replacements, independent of the names of variables and of their place.

    Two patches with the same edits are one mistake in two styles: `/ n` is removed from `total / n` or `np.sum(d) / n`.
    """
    found = set()
    for hunk in _hunks(file, patch):
        old = [token for sign, text in hunk.old if sign == "-" for token in _tokens(text)]
        new = [token for _, text in hunk.added for token in _tokens(text)]
        matcher = difflib.SequenceMatcher(None, old, new, autojunk=False)
        for tag, begin, end, start, stop in matcher.get_opcodes():
            if tag != "equal":
                names: dict[str, str] = {}
                found.add((_anonymous(old[begin:end], names), _anonymous(new[start:stop], names)))
    return frozenset(found)


def _tokens(text: str) -> list[str]:
    """Split a line; its indentation is a token, too."""
    return [text[: _indent(text)], *_TOKEN.findall(text)]


def _anonymous(tokens: Sequence[str], names: dict[str, str]) -> tuple[str, ...]:
    """Call variables by the order in which they turn up."""
    return tuple(
        names.setdefault(token, f"name {len(names)}") if token.isidentifier() and not iskeyword(token) else token
        for token in tokens
    )


def _hunks(file: Path, patch: Lines) -> Iterator[_Hunk]:
    """Split a patch into hunks."""
    hunk = _Hunk(0)
    for number, text in [*patch, (0, "#")]:
        match = _PATCH_LINE.fullmatch(text)
        if not match and text.strip(" #"):
            cure = "write # - and a line to remove, # + and one to add, or #   and one that stays"
            raise LabError(file, number, f"this is no line of a patch: {text.strip()[:40]}", cure)
        sign = match["sign"] if match else ""
        if hunk.line and (not match or (hunk.added and sign != "+")):
            _check(file, hunk)
            yield hunk
            hunk = _Hunk(0)
        if match:
            hunk.line = hunk.line or number
            if sign == "+":
                hunk.added.append((number, match["text"]))
            else:
                hunk.old.append((sign, match["text"]))


def _check(file: Path, hunk: _Hunk) -> None:
    if not hunk.old:
        cure = "write the line before it as context: #   text"
        raise LabError(file, hunk.line, "nothing says where to add this line", cure)
    if not hunk.added and all(sign == " " for sign, _ in hunk.old):
        raise LabError(
            file, hunk.line, "this part of the patch changes nothing", "begin a changed line with # - or # +"
        )


def _matches(hunk: _Hunk, base: Sequence[str]) -> Iterator[tuple[int, int]]:
    """Return the matches of a hunk: the index of its first line, and the shift of its indentation."""
    old = [text for _, text in hunk.old]
    texts = [text for _, text in hunk.added]
    for start in range(len(base) - len(old) + 1):
        shift = _indent(base[start]) - _indent(old[0])
        here = [_shifted(text, shift) for text in old]
        if (
            here == [text.rstrip() for text in base[start : start + len(old)]]
            and min(map(_indent, texts), default=0) >= -shift
        ):
            yield start, shift


def _indent(text: str) -> int:
    return len(text) - len(text.lstrip())


def _shifted(text: str, shift: int) -> str:
    """Indent a line by so many columns more, or less where that is negative."""
    return " " * (_indent(text) + shift) + text.strip()
