"""Finds what the cells of a submission need and this machine lacks: modules, and the syntax of a newer Python.

Both are found in the cells' texts, by the worker process: a submission can't claim that anything is missing.
"""

from __future__ import annotations

import sys
from collections.abc import Iterable, Mapping

from autograder.cell_code import newer_python, parse_cell
from autograder.checks.score import Score
from autograder.sandbox.guest.missing_modules import COLAB, missing_imports, sentence

MAX_PARSED = 20_000
"""Characters of a cell that is searched; Python's parser is slow on crafted text."""
MAX_NAME = 60
"""Characters of a module's name that are shown."""
_HERE = "{}.{}".format(*sys.version_info)


def lacks_of(sources: Iterable[str]) -> tuple[str, ...]:
    """Return the modules, and the version of Python as "Python 3.12", that cells need and this machine lacks.

    A module that a cell writes as a file is not missing. sources: the texts of all the student's cells.
    """
    texts = [source for source in sources if len(source) <= MAX_PARSED]
    lacks: dict[str, None] = {}
    for text in texts:
        try:
            tree = parse_cell(text)
            modules = missing_imports(tree) if tree else []
            version = "" if tree else newer_python(text)
        except (RecursionError, MemoryError):  # nested too deeply: the cell fails when it runs
            continue
        written = [module for module in modules if any(f"{module}.py" in other for other in texts)]
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
    for lack, count in sorted(lacks.items(), key=lambda item: (-item[1], item[0])):
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
