"""Take in a submission: which notebooks are graded, which files graders get to see, and why nothing can be graded."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from autograder.grading.intake.archive import ARCHIVES, unpack
from autograder.grading.intake.choose import choose
from autograder.grading.intake.decode import UnreadableError
from autograder.grading.intake.folder import could_be_notebook
from autograder.grading.intake.other_files import NOTEBOOK_ITSELF, is_passed_on, kind_of, no_notebook_repairs, passed_on
from autograder.grading.intake.rebuild import rebuild
from autograder.grading.intake.repairs import capitalised, repair, unique
from autograder.grading.intake.source_notebook import SourceNotebook
from autograder.grading.intake.student_notebook import read_notebook
from autograder.grading.model import GradingPlan, Job, Repair, SubmittedFile

_NO_REASONS = ("timestamp", "unpacked")
"""Repairs that are no reason why nothing was graded."""

_MOST = 8
"""Maximum number of reasons that are given."""


@dataclass(frozen=True)
class Intake:
    """A submission as it is to be graded."""

    plans: tuple[GradingPlan, ...]
    """The notebooks to grade."""
    other_files: tuple[SubmittedFile, ...]
    """The files that graders get to see, by their paths in the graded submission's folder."""
    repairs: tuple[Repair, ...]
    """Repairs of the submission as a whole, those of the job included."""
    problem: str
    """Why nothing can be graded, with the cure; "" if there is a notebook to grade."""


def take_in(job: Job) -> Intake:
    """Return a submission's notebooks and other files, or the problem that leaves none.

    Raises UnreadableError if a source notebook can't be read.
    """
    source_notebooks = {
        name: SourceNotebook.read(name, data, job.released.get(name))
        for name, data in sorted(job.source_notebooks.items())
    }
    files, archive_repairs = unpack(job.files)
    notebooks = [file for file in files if could_be_notebook(file.name)]
    others = [file for file in files if not could_be_notebook(file.name)]
    chosen, choice_repairs = choose(notebooks, source_notebooks)
    other_files, other_repairs = passed_on(others, chosen.values(), job.data_files)
    plans, unreadable = _plans(chosen, source_notebooks, other_files)
    repairs = unique([*job.repairs, *archive_repairs])
    if plans and len(plans) < len(source_notebooks):
        # The notebook that is missing may be in one of these.
        odd = [file for file in others if kind_of(file.name, file.data) and not is_passed_on(file.name)]
        other_repairs = (*no_notebook_repairs(odd), *other_repairs)
    if plans:
        return Intake(tuple(plans), other_files, unique([*repairs, *choice_repairs, *unreadable, *other_repairs]), "")
    repairs = unique([*repairs, *_left_over(notebooks)])
    # Beside a notebook that could not be graded, a photo needs no explanation.
    odd = [file for file in others if not (_reasons(repairs) and is_passed_on(file.name))]
    repairs = unique([*repairs, *no_notebook_repairs(odd)])
    return Intake((), (), repairs, _problem(job, _reasons(repairs)))


def _plans(
    chosen: Mapping[str, SubmittedFile], source_notebooks: Mapping[str, SourceNotebook], others: Sequence[SubmittedFile]
) -> tuple[list[GradingPlan], list[Repair]]:
    """Return the rebuilt notebooks, and a repair for each file that can't be read as a notebook."""
    plans, repairs = [], []
    for name, file in chosen.items():
        try:
            plans.append(rebuild(source_notebooks[name], file, others))
        except UnreadableError as error:
            repairs.append(_unreadable(error))
    return plans, repairs


def _left_over(notebooks: Sequence[SubmittedFile]) -> Iterator[Repair]:
    """Yield the repairs that say why files that could be notebooks by their names are none of the lab's."""
    for file in notebooks:
        try:
            read_notebook(file.name, file.data)
        except UnreadableError as error:
            if file.name.lower().endswith(ARCHIVES) and not kind_of("", file.data):
                yield repair("damaged archive", file=file.name, why="its beginning is not that of an archive")
            else:
                yield _unreadable(error)
        else:
            yield repair("no match", file=file.name)


def _unreadable(error: UnreadableError) -> Repair:
    """Return the repair for a file that can't be read as a notebook."""
    cure = f" {capitalised(error.cure)}." if error.cure != NOTEBOOK_ITSELF else ""
    return Repair("unreadable", f"{error.problem}.{cure}")


def _reasons(repairs: Sequence[Repair]) -> list[str]:
    """Return the sentences of the repairs that say why files were not graded."""
    return [repair.sentence for repair in repairs if repair.name not in _NO_REASONS]


def _problem(job: Job, reasons: Sequence[str]) -> str:
    """Return why nothing of a submission can be graded, and the cure."""
    names = ", ".join(f"{name}.ipynb" for name in job.source_notebooks)
    if not reasons:
        return f"{job.student} submitted no notebook for {job.lab}\n  → it should be called {names}"
    more = [f"There are {len(reasons) - _MOST} more files like these."] if len(reasons) > _MOST else []
    return "\n".join([*reasons[:_MOST], *more, f"  → hand in {names}"])
