"""The command `lab`: reads the command line, calls the package and prints the results."""

from __future__ import annotations

import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import Any

import click
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, SpinnerColumn, TaskID, TextColumn, TimeElapsedColumn
from rich.table import Column, Table

from autograder.errors import AutograderError

# jsonschema, which validates notebooks, imports rfc3987_syntax where it can. The import takes a second or two, for it
# builds a grammar of web addresses; jsonschema works without it.
sys.modules.setdefault("rfc3987_syntax", None)  # type: ignore[arg-type]

console = Console()
errors = Console(stderr=True)


class _Commands(click.Group):
    """A command group that prints an AutograderError as a sentence, without a traceback, and exits with 1."""

    def invoke(self, ctx: click.Context) -> Any:
        try:
            return super().invoke(ctx)
        except AutograderError as error:
            errors.print(f"[red]error[/red] {_escape(str(error))}", highlight=False, soft_wrap=True)
            sys.exit(1)


def _escape(text: str) -> str:
    """Return text in which rich finds no markup."""
    from rich.markup import escape

    return escape(text)


def _printable(name: str) -> str:
    """Return a name or sentence for a terminal: control characters as Python escapes them, and no rich markup."""
    return _escape("".join(part if part.isprintable() else ascii(part)[1:-1] for part in name))


@click.group(cls=_Commands, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="backprop-labs")
def main() -> None:
    """Build, release and grade the labs of a course."""


@main.command()
@click.argument("labs", nargs=-1, metavar="[LAB]...")
@click.option("--check", is_flag=True, help="Only say what differs from the labs' texts; exit with 1 if anything does.")
def build(labs: tuple[str, ...], check: bool) -> None:
    """Build source/ and release/ from notebooks/: each LAB named, or all.

    It is all or nothing: after a mistake in any lab, source/ and release/ are as they were for every lab.

    A notebook whose code did not change keeps its outputs. To run it again, delete it from source/ first.
    """
    from autograder import authoring
    from autograder.course import Course

    course = Course.find(Path.cwd())
    names = [course.check_lab(lab) for lab in labs] or authoring.written_labs(course)
    if check:
        drifts = [drift for lab in names for drift in authoring.check(course, lab)]
        for drift in drifts:
            click.echo(str(drift))
        if drifts:
            raise click.ClickException("built notebooks differ from their texts; run: lab build")
        click.echo(f"source/ and release/ are what notebooks/ says ({', '.join(names)})")
        return
    from autograder.authoring import optional_modules

    skipped = {lab: modules for lab in names if (modules := authoring.missing_modules(course, lab))}
    for lab, modules in skipped.items():
        click.echo(
            f"{lab}: left as it is, because it needs {optional_modules.absent(modules)}; "
            f"{optional_modules.cure(modules)}"
        )
    names = [lab for lab in names if lab not in skipped]
    with console.status("build") as status:
        changed = authoring.build(course, names, lambda step: status.update(_escape(step)))
    for file in changed:
        click.echo(str(file.relative_to(course.root)))
    if names and not changed:
        click.echo(f"{', '.join(names)}: nothing changed")


@main.command()
@click.argument("folder", type=click.Path(path_type=Path))
def init(folder: Path) -> None:
    """Make a new course FOLDER with the labs in it."""
    from autograder import course

    new_course = course.create(folder)
    click.echo(f"{new_course.root}: {', '.join(new_course.labs())}")
    click.echo(f"next: cd {folder}; put submissions into submitted/STUDENT/LAB/; lab grade LAB")


@main.command()
@click.argument("lab")
@click.option("--student", "who", multiple=True, metavar="S", help="Only this student; may be given several times.")
@click.option("--force", is_flag=True, help="Grade again what was graded before and did not change.")
@click.option(
    "--jobs", type=click.IntRange(min=1), help="How many submissions at a time; one for each core by default."
)
@click.option(
    "--allow-unprotected", is_flag=True, help="Also where nothing keeps student code from the grader's own files."
)
@click.option(
    "--figures", is_flag=True, help="Draw the figures of given cells, too; with --force also for those graded before."
)
def grade(
    lab: str, who: tuple[str, ...], force: bool, jobs: int | None, allow_unprotected: bool, figures: bool
) -> None:
    """Grade the submissions of LAB that are new or changed."""
    from autograder import grading
    from autograder.course import Course
    from autograder.errors import CourseError

    course = Course.find(Path.cwd())
    course.check_lab(lab)
    present = grading.students(course, lab)
    if not present or set(who) - set(present):
        missing = ", ".join(sorted(set(who) - set(present))) or "anybody"
        raise CourseError(f"no submission of {lab} by {missing}", f"put it into {course.submitted}/STUDENT/{lab}/")
    results, jobs = [], jobs or grading.usable_cores()
    with _progress() as progress:
        bar = progress.add_task(f"grade {lab}", total=len(set(who) or present))
        print_message = partial(errors.print, highlight=False, soft_wrap=True)
        chosen = sorted(set(who)) or present
        for result in grading.grade(course, lab, chosen, force, jobs, allow_unprotected, figures, print_message):
            results.append(result)
            progress.update(bar, advance=1, description=f"grade {lab}: {_printable(result.student)}")
    results.sort(key=lambda result: result.student)
    table = Table("student", "points", "of", "to review", *_wrapped_columns("notes"), title=lab)
    for result in results:
        # A lab may have dozens of answers to review, and Formgrader lists them all.
        first, more = result.review[:3], result.review[3:]
        review = ", ".join([*first, f"{len(more)} more"] if more else first)
        note = "as before" if result.unchanged else "[red]not graded[/red]" if result.problem else ""
        notes = "\n".join(filter(None, [note, *map(_printable, result.repairs)]))
        table.add_row(_printable(result.student), f"{result.score:g}", f"{result.maximum:g}", review, notes)
    console.print(table)
    failed = [result for result in results if result.problem]
    for result in failed:
        errors.print(f"[red]error[/red] {_escape(result.problem)}", highlight=False, soft_wrap=True)
    if failed:
        sys.exit(1)


@main.command()
@click.argument("lab")
def feedback(lab: str) -> None:
    """Write a feedback page for everybody whose LAB is graded."""
    from autograder import grading
    from autograder.course import Course

    course = Course.find(Path.cwd())
    course.check_lab(lab)
    pages = []
    with _progress() as progress:
        bar = progress.add_task(f"feedback {lab}", total=len(list(course.autograded.glob(f"*/{lab}/"))))
        for student, written in grading.write_feedback(course, lab, grading.usable_cores()):
            pages += written
            progress.update(bar, advance=1, description=f"feedback {lab}: {student}")
    click.echo(f"{len(pages)} pages: {course.feedback}/STUDENT/{lab}/")


@main.command()
def doctor() -> None:
    """Say what this machine offers for grading, what is missing and how to get it."""
    from autograder.doctor import examine

    findings = []
    with console.status("doctor"):
        table = Table("", "", *_wrapped_columns("found"), show_header=False)
        for finding in examine(Path.cwd()):
            findings.append(finding)
            mark = "[green]✓[/green]" if finding.fine else "[red]✗[/red]" if finding.needed else "[yellow]–[/yellow]"
            cure = "" if finding.fine or not finding.cure else f"\n→ {_escape(finding.cure)}"
            table.add_row(mark, finding.what, _escape(finding.said) + cure)
    console.print(table)
    if any(finding.needed and not finding.fine for finding in findings):
        raise click.ClickException("grading is not possible here before what is marked ✗ is put right")


@main.command()
@click.argument("labs", nargs=-1, metavar="[LAB]...")
@click.option("--students", type=click.IntRange(min=2), default=12, show_default=True, help="Size of the class.")
@click.option("--all", "every", is_flag=True, help="Through every lab, which takes minutes.")
def demo(labs: tuple[str, ...], students: int, every: bool) -> None:
    """Take a simulated class through release, submission, grading and feedback in a temporary course folder.

    It goes through each LAB, or through labs 1 and 2.
    """
    from autograder import course
    from autograder import demo as simulation
    from autograder.authoring import optional_modules

    new_course = course.create(Path(tempfile.mkdtemp(prefix="lab-demo-")) / "course")
    names = simulation.student_names(students)
    chosen = new_course.labs() if every else [new_course.check_lab(lab) for lab in labs or simulation.SHOWN]
    missing = {lab: optional_modules.missing(optional_modules.needed_by(new_course, lab)) for lab in chosen if every}
    for lab, modules in missing.items():
        if modules:
            click.echo(
                f"{lab}: left out, because it needs {optional_modules.absent(modules)}; "
                f"{optional_modules.cure(modules)}"
            )
    chosen = [lab for lab in chosen if not missing.get(lab)]
    if not chosen:
        return
    outcomes = {}
    with _progress() as progress:
        bar = progress.add_task(f"a class of {students}", total=2 * students * len(chosen))
        for lab in chosen:
            progress.update(bar, description=f"{lab}: release, submit")
            advance = partial(_advance, progress, bar)
            outcomes[lab] = list(simulation.simulate_lab(new_course, lab, names, advance))
    for lab, rows in outcomes.items():
        table = Table(
            "student", *_wrapped_columns("what they handed in", "what was named"), "points", "expected", title=lab
        )
        for row in rows:
            expected = f"{row.expected:g}" if row.as_expected else f"[red]{row.expected:g}[/red]"
            named = " + ".join(row.named)
            table.add_row(row.student, row.story, named, f"{row.points:g}", expected)
        console.print(table)
    all_rows = [row for rows in outcomes.values() for row in rows]
    click.echo("Points of the automatically graded tasks; written answers wait for a person in Formgrader.")
    click.echo(f"{sum(len(row.pages) for row in all_rows)} feedback pages, for example {all_rows[6].pages[0]}")
    click.echo(f"the course: {new_course.root}")
    unexpected = [row for row in all_rows if not row.as_expected]
    for row in unexpected:
        errors.print(f"{row.student}: {_escape(row.problem or row.story)}", soft_wrap=True)
    if unexpected:
        raise click.ClickException(f"{len(unexpected)} scores or names are not what the labs' answers files say")


def _wrapped_columns(*headings: str) -> list[Column]:
    """Return table columns with these headings; they wrap words that are too long for them."""
    return [Column(heading, overflow="fold") for heading in headings]


def _advance(progress: Progress, bar: TaskID, step: str) -> None:
    progress.update(bar, advance=1, description=step)


@contextmanager
def _progress() -> Iterator[Progress]:
    """Yield a progress bar; where the output is no terminal, rich draws it once, at the end."""
    columns = (
        SpinnerColumn(),
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
    )
    with Progress(*columns, console=console) as progress:
        yield progress
