"""The command `lab`: reads the command line, calls the package and prints the results."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, contextmanager
from functools import partial
from pathlib import Path
from typing import Any

import click
from rich.console import Console
from rich.markup import escape
from rich.progress import BarColumn, MofNCompleteColumn, Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

from autograder.course import Course, create
from autograder.errors import AutograderError
from autograder.terminal import printable

# jsonschema, which validates notebooks, imports rfc3987_syntax where it can. The import takes a second or two, for it
# builds a grammar of web addresses; jsonschema works without it.
sys.modules.setdefault("rfc3987_syntax", None)  # type: ignore[arg-type]

_INTERRUPTED = 130
"""Exit code after Ctrl-C, as that of a shell's command."""

console = Console()
errors = Console(stderr=True)


class _Commands(click.Group):
    """A command group that prints an AutograderError as a sentence, without a traceback, and exits with 1."""

    def invoke(self, ctx: click.Context) -> Any:
        try:
            return super().invoke(ctx)
        except AutograderError as error:
            _print_error(str(error))
            sys.exit(1)


def _print_error(text: str) -> None:
    """Print an error to stderr as it is, without markup and line breaks of our own."""
    errors.print(f"[red]error[/red] {escape(text)}", highlight=False, soft_wrap=True)


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
    from autograder.authoring import optional_modules

    course = Course.find(Path.cwd())
    names = [course.check_lab(lab) for lab in labs] or authoring.written_labs(course)
    if check:
        _check(course, names)
        return
    skipped = authoring.missing_modules(course, names)
    for lab, modules in skipped.items():
        click.echo(f"{lab}: left as it is, because it needs {optional_modules.absent_with_cure(modules)}")
    names = [lab for lab in names if lab not in skipped]
    with console.status("build") as status:
        changed = authoring.build(course, names, lambda step: status.update(escape(step)))
    for file in changed:
        click.echo(str(file.relative_to(course.root)))
    if names and not changed:
        click.echo(f"{', '.join(names)}: nothing changed")


def _check(course: Course, labs: Sequence[str]) -> None:
    """Print how built notebooks differ from their texts. Raises ClickException if any does."""
    from autograder import authoring

    drifts = [drift for lab in labs for drift in authoring.check(course, lab)]
    for drift in drifts:
        click.echo(str(drift))
    if drifts:
        raise click.ClickException("built notebooks differ from their texts; run: lab build")
    click.echo(f"source/ and release/ are what notebooks/ says ({', '.join(labs)})")


@main.command()
@click.argument("folder", type=click.Path(path_type=Path))
def init(folder: Path) -> None:
    """Make a new course FOLDER with the labs in it."""
    course = create(folder)
    click.echo(f"{course.root}: {', '.join(course.labs())}")
    click.echo(f"next: cd {folder}; put submissions into submitted/STUDENT/LAB/; lab grade LAB")


@main.command()
@click.argument("lab")
@click.option("--student", "names", multiple=True, metavar="S", help="Only this student; may be given several times.")
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
    lab: str, names: tuple[str, ...], force: bool, jobs: int | None, allow_unprotected: bool, figures: bool
) -> None:
    """Grade the submissions of LAB that are new or changed."""
    from autograder import grading

    course = Course.find(Path.cwd())
    chosen = grading.chosen_students(course, course.check_lab(lab), names)
    jobs = jobs or grading.usable_cores()
    print_message = partial(errors.print, highlight=False, soft_wrap=True)
    results, interrupted = [], False
    graded = grading.grade(course, lab, chosen, force, jobs, allow_unprotected, figures, print_message)
    with _progress(f"grade {lab}", len(chosen)) as advance:
        try:
            with closing(graded):
                for result in graded:
                    results.append(result)
                    advance(f"grade {lab}: {printable(result.student)}")
        except KeyboardInterrupt:
            interrupted = True
    results.sort(key=lambda result: result.student)
    console.print(grading.score_table(lab, results))
    for note in grading.class_notes(lab, results):
        console.print(escape(note), highlight=False, soft_wrap=True)
    problems = [result.problem for result in results if result.problem]
    for problem in problems:
        _print_error(problem)
    if interrupted:
        done = f"stopped: {len(results)} of {len(chosen)} submissions are done, and what is done is kept"
        print_message(f"{done}\n  → go on with the others: lab grade {lab}")
        sys.exit(_INTERRUPTED)
    if problems:
        sys.exit(1)


@main.command()
@click.argument("lab")
def feedback(lab: str) -> None:
    """Write a feedback page for everybody whose LAB is graded, or can't be: then it says why."""
    from autograder import grading

    course = Course.find(Path.cwd())
    course.check_lab(lab)
    pages = []
    with _progress(f"feedback {lab}", len(grading.students_with_feedback(course, lab))) as advance:
        for student, written in grading.write_feedback(course, lab, grading.usable_cores()):
            pages += written
            advance(f"feedback {lab}: {printable(student)}")
    click.echo(f"{len(pages)} pages: {course.feedback}/STUDENT/{lab}/")


@main.command()
def doctor() -> None:
    """Say what this machine offers for grading, what is missing and how to get it."""
    from autograder.doctor import examine, findings_table

    with console.status("doctor"):
        findings = list(examine(Path.cwd()))
    console.print(findings_table(findings))
    if any(finding.prevents_grading for finding in findings):
        raise click.ClickException("grading is not possible here before what is marked ✗ is put right")


@main.command()
@click.argument("labs", nargs=-1, metavar="[LAB]...")
@click.option("--students", type=click.IntRange(min=2), default=12, show_default=True, help="Size of the class.")
@click.option("--all", "every", is_flag=True, help="Through every lab, which takes minutes.")
def demo(labs: tuple[str, ...], students: int, every: bool) -> None:
    """Take a simulated class through release, submission, grading and feedback in a temporary course folder.

    It goes through each LAB, or through labs 1 and 2.
    """
    from autograder import demo as simulation
    from autograder.authoring import optional_modules

    course = simulation.create_course()
    chosen, missing = simulation.chosen_labs(course, labs, every)
    for lab, modules in missing.items():
        click.echo(f"{lab}: left out, because it needs {optional_modules.absent_with_cure(modules)}")
    if not chosen:
        return
    names, results = simulation.student_names(students), {}
    with _progress(f"a class of {students}", 2 * students * len(chosen)) as advance:
        for lab in chosen:
            advance(f"{lab}: release, submit", 0)
            results[lab] = list(simulation.simulate_lab(course, lab, names, advance))
    for lab in results:
        console.print(simulation.results_table(lab, results[lab]))
    all_results = [result for lab in results for result in results[lab]]
    click.echo(simulation.summary(course, all_results))
    unexpected = [result for result in all_results if not result.as_expected]
    for result in unexpected:
        errors.print(f"{result.student}: {escape(result.problem or result.story)}", soft_wrap=True)
    if unexpected:
        raise click.ClickException(f"{len(unexpected)} scores or names are not what the labs' answers files say")


@contextmanager
def _progress(description: str, total: int) -> Iterator[Callable[..., None]]:
    """Yield a function that advances a progress bar: by one step, or as many as given, with a new description.

    Where the output is no terminal, rich draws the bar once, at the end.
    """
    columns = (
        SpinnerColumn(),
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
    )
    with Progress(*columns, console=console) as progress:
        bar = progress.add_task(description, total=total)

        def advance(step: str, count: int = 1) -> None:
            progress.update(bar, advance=count, description=step)

        yield advance
