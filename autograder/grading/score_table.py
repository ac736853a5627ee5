"""The table that `lab grade` prints: a row for each submission."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

from rich.table import Table

from autograder.grading.batch import GradedSubmission
from autograder.grading.missing_requirements import requirement_notes
from autograder.terminal import printable, wrapped_columns

MAX_REVIEWS = 3
"""Number of cells to review that a row names; a lab may have dozens of them, and Formgrader lists them all."""


def score_table(lab: str, results: Iterable[GradedSubmission]) -> Table:
    """Return a table of the results of a lab for a terminal."""
    table = Table("student", "points", "of", "to review", *wrapped_columns("notes"), title=lab)
    for result in results:
        table.add_row(
            printable(result.student), f"{result.score:g}", f"{result.maximum:g}", _reviews(result), _notes(result)
        )
    return table


def class_notes(lab: str, results: Iterable[GradedSubmission]) -> list[str]:
    """Return sentences to print below the table: on the lab, and on what this machine lacks for its notebooks."""
    results = list(results)
    about_lab = dict.fromkeys(sentence for result in results for sentence in result.about_lab)
    missing = Counter(requirement for result in results for requirement in result.missing_requirements)
    return [*about_lab, *requirement_notes(missing, lab)]


def undiagnosed_note(tasks: Iterable[str]) -> str:
    """Return a sentence for the instructor on tasks whose mistakes could not be named; "" without tasks."""
    names = ", ".join(tasks)
    return f"the mistakes in {names} could not be named: that took too long, or failed" if names else ""


def _reviews(result: GradedSubmission) -> str:
    """Return the first cells that need manual review, and the number of the others."""
    first, more = result.review[:MAX_REVIEWS], result.review[MAX_REVIEWS:]
    return ", ".join([*first, f"{len(more)} more"] if more else first)


def _notes(result: GradedSubmission) -> str:
    """Return whether a submission was graded in this run, what was repaired in it, and what has no diagnosis."""
    note = "as before" if result.unchanged else "[red]not graded[/red]" if result.problem else ""
    undiagnosed = undiagnosed_note(result.undiagnosed)
    return "\n".join(filter(None, [note, *map(printable, (*result.notes, *result.repairs, undiagnosed))]))
