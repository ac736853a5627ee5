"""Finds what the cells of a submission need and this machine missing: modules, and the syntax of a newer Python.

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
MAX_MISSING, MAX_NOTES, MAX_NAME = 20, 10, 60
"""Missing requirements of a notebook, sentences below the table, and characters of a module's name."""
_PYTHON_FILE = re.compile(r"\b(\w{1,60})\.py\b")
"""Matches the name of a file that a cell may write."""
_HERE = "{}.{}".format(*sys.version_info)


def missing_requirements(sources: Iterable[str]) -> tuple[str, ...]:
    """Return the modules, and the version of Python as "Python 3.12", that cells need and this machine lacks.

    A module that a cell writes as a file is not missing. sources: the texts of all the student's cells.
    """
    sources = [source for source in sources if len(source) <= MAX_PARSED]
    ends = accumulate(map(len, sources))
    texts = [source for source, end in zip(sources, ends, strict=True) if end <= MAX_TEXT]
    written = set(_PYTHON_FILE.findall("\n".join(texts)))
    missing: dict[str, None] = {}
    for text in texts:
        if len(missing) >= MAX_MISSING:
            break
        try:
            tree = parse_cell(text)
            modules = missing_imports(tree, MAX_MISSING) if tree else []
            version = "" if tree else newer_python(text)
        except (RecursionError, MemoryError):  # nested too deeply: the cell fails when it runs
            continue
        missing |= dict.fromkeys(module for module in modules if module not in written and len(module) <= MAX_NAME)
        missing |= {f"Python {version}": None} if version else {}
    return tuple(missing)


def explain_lost_points(score: Score | None, missing: Iterable[str]) -> str:
    """Return a sentence to the student on what was lacking where a score lost points; "" if that was nothing.

    A person then looks at the score. The verdicts may quote any words of the submission's: they cost or give no points.
    """
    verdicts = [line.failure.verdict for line in score.lines if line.failure is not None] if score else []
    for requirement in missing:
        if requirement.startswith("Python "):
            words = "SyntaxError"
            told = f"your notebook seems to use the syntax of {requirement}; here it ran on {_HERE}"
        else:
            words, told = sentence(requirement), sentence(requirement)
        if any(words in verdict or f"No module named '{requirement}" in verdict for verdict in verdicts):
            return told
    return ""


def requirement_notes(missing: Mapping[str, int], lab: str) -> list[str]:
    """Return sentences for the instructor on what this machine lacks, and what to do.

    missing: by requirement, the number of notebooks that need it.
    """
    notes = []
    for requirement, count in sorted(missing.items(), key=lambda item: (-item[1], item[0]))[:MAX_NOTES]:
        notebooks = "1 notebook" if count == 1 else f"{count} notebooks"
        if requirement.startswith("Python "):
            seem = "seems" if count == 1 else "seem"
            notes.append(f"{requirement} is newer than the {_HERE} here: {notebooks} {seem} to use its syntax")
        else:
            where = "exists in Google Colab only" if requirement == COLAB else "is not installed here"
            notes.append(f"{requirement} {where}: {notebooks} import{'s' * (count == 1)} it")
    if any(requirement != COLAB for requirement in missing):
        notes.append(f"  → install what should be here (lab doctor says more), then: lab grade {lab} --force")
    return notes
