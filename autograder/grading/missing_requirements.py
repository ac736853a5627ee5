"""Finds what the cells of a submission need and this machine lacks: modules, and the syntax of a newer Python.

Both are found in the cells' texts, by the worker process: a submission can't claim that anything is missing.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Iterable, Mapping
from itertools import accumulate

from autograder.cell_code import newer_python, parse_cell
from autograder.checks.score import Score
from autograder.sandbox.guest.missing_modules import COLAB, missing_imports, sentence

MAX_PARSED, MAX_TEXT = 20_000, 300_000
"""Characters of a cell, and of all cells of a notebook, that are searched: Python's parser is slow on crafted text."""
MAX_LACKS, MAX_NOTES, MAX_NAME = 20, 10, 60
"""Things that a notebook lacks, sentences below the table, and characters of a module's name."""
_PYTHON_FILE = re.compile(r"\b(\w{1,60})\.py\b")
"""Matches the name of a file that a cell may write."""
_HERE = "{}.{}".format(*sys.version_info)


def lacks_of(sources: Iterable[str]) -> tuple[str, ...]:
    """Return the modules, and the version of Python as "Python 3.12", that cells need and this machine lacks.

    A module that a cell writes as a file is not missing. sources: the texts of all the student's cells.
    """
    sources = [source for source in sources if len(source) <= MAX_PARSED]
    ends = accumulate(map(len, sources))
    texts = [source for source, end in zip(sources, ends, strict=True) if end <= MAX_TEXT]
    written = set(_PYTHON_FILE.findall("\n".join(texts)))
    lacks: dict[str, None] = {}
    for text in texts:
        if len(lacks) >= MAX_LACKS:
            break
        try:
            tree = parse_cell(text)
            modules = missing_imports(tree, MAX_LACKS) if tree else []
            version = "" if tree else newer_python(text)
        except (RecursionError, MemoryError):  # nested too deeply: the cell fails when it runs
            continue
        lacks |= dict.fromkeys(module for module in modules if module not in written and len(module) <= MAX_NAME)
        lacks |= {f"Python {version}": None} if version else {}
    return tuple(lacks)


def lack_behind(score: Score | None, lacks: Iterable[str]) -> str:
    """Return a sentence to the student on what was lacking where a score lost points; "" if that was nothing.

    A person then looks at the score. The verdicts may quote any words of the submission's: they cost or give no points.
    """
    verdicts = [line.failure.verdict for line in score.lines if line.failure is not None] if score else []
    for lack in lacks:
        if lack.startswith("Python "):
            words, told = "SyntaxError", f"your notebook seems to use the syntax of {lack}; here it ran on {_HERE}"
        else:
            words, told = sentence(lack), sentence(lack)
        if any(words in verdict or f"No module named '{lack}" in verdict for verdict in verdicts):
            return told
    return ""


def class_notes(lacks: Mapping[str, int], lab: str) -> list[str]:
    """Return sentences for the instructor on what this machine lacks, and what to do. lacks: notebooks that need it."""
    notes = []
    for lack, count in sorted(lacks.items(), key=lambda item: (-item[1], item[0]))[:MAX_NOTES]:
        notebooks = "1 notebook" if count == 1 else f"{count} notebooks"
        if lack.startswith("Python "):
            seem = "seems" if count == 1 else "seem"
            notes.append(f"{lack} is newer than the {_HERE} here: {notebooks} {seem} to use its syntax")
        else:
            where = "exists in Google Colab only" if lack == COLAB else "is not installed here"
            notes.append(f"{lack} {where}: {notebooks} import{'s' * (count == 1)} it")
    if any(lack != COLAB for lack in lacks):
        notes.append(f"  → install what should be here (lab doctor says more), then: lab grade {lab} --force")
    return notes


def undiagnosed_note(tasks: Iterable[str]) -> str:
    """Return a sentence for the instructor on tasks whose mistakes could not be named; "" without tasks."""
    names = ", ".join(tasks)
    return f"the mistakes in {names} could not be named: that took too long, or failed" if names else ""
