"""`lab demo`: simulates a class that answers the labs, grades its submissions and writes feedback."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import cycle, islice
from pathlib import Path

import nbformat
from rich.table import Table

from autograder import authoring, grading
from autograder.authoring import optional_modules
from autograder.authoring.answers import KnownAnswers, fill_in, known_answers, solved_answers
from autograder.course import Course, create
from autograder.terminal import wrapped_columns

NAMES = (
    "ada", "bao", "chidi", "devi", "emil", "farah", "goran", "hana", "ines", "juma", "kaja", "lior",
    "mei", "nils", "olga", "petra", "quinn", "rosa", "sven", "tariq", "uma", "vera", "wanda", "yusuf",
)  # fmt: skip

SHOWN = ("lab1_linear_regression", "lab2_toy_model")
"""The labs that `lab demo` takes by default: short, and a person grades only a few of their points."""


@dataclass(frozen=True)
class SimulatedSubmission:
    """One simulated student's submission of one notebook."""

    student: str
    story: str
    """A description of the answers, for the table."""
    answers: Mapping[str, str]
    """The answers' code by task; other tasks stay as they are released."""
    expected: float
    """Points that the automatically graded tasks must earn."""
    mistakes: frozenset[str] | None = None
    """The mistakes that the grader must name, and no others; None if it may name any."""


@dataclass(frozen=True)
class DemoResult:
    """The result of one student's submissions for a lab, with the expected one."""

    submissions: Sequence[SimulatedSubmission]
    """One for each notebook of the lab."""
    points: float
    """Points earned in the automatically graded tasks."""
    named: tuple[str, ...]
    """The mistakes that the grader named."""
    pages: tuple[Path, ...]
    """The feedback pages."""
    problem: str
    """Why grading failed, in a sentence; empty if it did not fail."""

    @property
    def as_expected(self) -> bool:
        """True if grading worked, gave the expected points and named the expected mistakes."""
        named = self.mistakes in (None, frozenset(self.named))
        return not self.problem and named and abs(self.points - self.expected) < 1e-6

    @property
    def student(self) -> str:
        """The student's name."""
        return self.submissions[0].student

    @property
    def story(self) -> str:
        """The descriptions of all notebooks' answers without repetitions, for the table."""
        return " · ".join(dict.fromkeys(submission.story for submission in self.submissions))

    @property
    def expected(self) -> float:
        """Points that the automatically graded tasks of all notebooks must earn."""
        return sum(submission.expected for submission in self.submissions)

    @property
    def mistakes(self) -> frozenset[str] | None:
        """The mistakes that the grader must name, and no others; None if it may name any."""
        mistakes = [submission.mistakes for submission in self.submissions]
        return None if None in mistakes else frozenset[str]().union(*(names for names in mistakes if names))


def results_table(lab: str, results: Iterable[DemoResult]) -> Table:
    """Return a table of the results in a lab for a terminal; expected points are red if a result is not as expected."""
    table = Table("student", *wrapped_columns("what they handed in", "what was named"), "points", "expected", title=lab)
    for result in results:
        expected = f"{result.expected:g}" if result.as_expected else f"[red]{result.expected:g}[/red]"
        table.add_row(result.student, result.story, " + ".join(result.named), f"{result.points:g}", expected)
    return table


def summary(course: Course, results: Sequence[DemoResult]) -> str:
    """Return sentences on what the points are, and where the feedback pages and the course are.

    The page named as an example is that of the seventh result, which has a mistake in a class of twelve; if there is
    none, it is the last page.
    """
    pages = [page for result in results for page in result.pages]
    examples = [*pages[-1:], *(page for result in results[6:7] for page in result.pages[:1])]
    return (
        "Points of the automatically graded tasks; written answers wait for a person in Formgrader.\n"
        f"{len(pages)} feedback pages{f', for example {examples[-1]}' if examples else ''}\n"
        f"the course: {course.root}"
    )


def create_course() -> Course:
    """Make a course in a new temporary folder, and return it. Raises CourseError."""
    return create(Path(tempfile.mkdtemp(prefix="lab-demo-")) / "course")


def chosen_labs(course: Course, labs: Sequence[str], every: bool) -> tuple[list[str], dict[str, tuple[str, ...]]]:
    """Return the labs to go through, and for each one left out the modules that it needs and that are not installed.

    labs: names; () for those in SHOWN. every: take all labs of the course, but those that need a missing module.
    Raises CourseError for an unknown name.
    """
    if not every:
        return [course.check_lab(lab) for lab in labs or SHOWN], {}
    missing = {lab: optional_modules.missing(optional_modules.needed_by(course, lab)) for lab in course.labs()}
    return [lab for lab in missing if not missing[lab]], {lab: modules for lab, modules in missing.items() if modules}


def student_names(count: int) -> list[str]:
    """Return count different names: the first 24 without a number, later ones with one."""
    return [NAMES[i % len(NAMES)] + (str(i // len(NAMES) + 1) if i >= len(NAMES) else "") for i in range(count)]


def simulate(known: KnownAnswers, students: Sequence[str]) -> Iterator[SimulatedSubmission]:
    """Yield one submission of a notebook for each student.

    known: the notebook's correct answers, variants and mistakes. Of every twelve students, two are right, two are right
    in other ways, six make known mistakes, one stops half-way and one hands in the notebook untouched. A smaller class
    is spread evenly over these twelve.
    """
    points = {cell.id: cell.full_points for cell in known.lab.cells if cell.kind == "test"}
    full_points = sum(points.values())
    variants = cycle(known.variants) if known.variants else None
    mistakes = cycle(known.mistakes[:: max(1, len(known.mistakes) // len(students))]) if known.mistakes else None
    for number, student in enumerate(students):
        part = number % 12 if len(students) >= 12 else number * 12 // len(students)
        if part < 2:
            yield SimulatedSubmission(student, "right", solved_answers(known), full_points, frozenset())
        elif part < 4 and variants:
            chosen = {answer.task: answer for answer in islice(variants, len(points))}
            yield SimulatedSubmission(
                student, "right in other ways", solved_answers(known, chosen.values()), full_points, frozenset()
            )
        elif part < 10 and mistakes:
            # In the second half of these six, students make two mistakes, if the second is in another task.
            first, *more = islice(mistakes, 1 if part < 7 else 2)
            chosen_mistakes = [first, *(answer for answer in more if answer.task != first.task)]
            lost = sum(points[answer.task] - answer.score for answer in chosen_mistakes)
            names = [answer.mistake for answer in chosen_mistakes]
            yield SimulatedSubmission(
                student, " + ".join(names), solved_answers(known, chosen_mistakes), full_points - lost, frozenset(names)
            )
        elif part < 11:
            done = list(points)[: len(points) // 2]
            answers = {task: known.solutions[task] for task in done}
            yield SimulatedSubmission(student, "stopped half-way", answers, sum(points[task] for task in done))
        else:
            yield SimulatedSubmission(student, "handed in untouched", {}, 0.0)


def submit(course: Course, lab: str, students: Sequence[str]) -> dict[str, list[SimulatedSubmission]]:
    """Write a class's submissions for a lab into submitted/; return each student's, one for each notebook."""
    submissions: dict[str, list[SimulatedSubmission]] = {student: [] for student in students}
    for text in authoring.lab_files(course, lab):
        known = known_answers(text)
        for submission in simulate(known, students):
            folder = course.submitted / submission.student / lab
            folder.mkdir(parents=True, exist_ok=True)
            notebook = fill_in(course.release / lab / f"{text.stem}.ipynb", submission.answers)
            nbformat.write(notebook, folder / f"{text.stem}.ipynb")
            submissions[submission.student].append(submission)
    return submissions


def simulate_lab(
    course: Course, lab: str, students: Sequence[str], done: Callable[[str], None]
) -> Iterator[DemoResult]:
    """Submit, grade and write feedback for a class in one lab; yield each student's result, in the class's order.

    done: called with a sentence on each finished step, two for each student, for a progress bar.
    """
    submissions = submit(course, lab, students)
    automatic = {
        (text.stem, cell.grade_id)
        for text in authoring.lab_files(course, lab) for cell in authoring.read_lab(text).cells if cell.kind == "test"
    }  # fmt: skip
    results, jobs = {}, grading.usable_cores()
    for result in grading.grade(course, lab, list(students), jobs=jobs):
        done(f"{lab}: grade {result.student}")
        results[result.student] = result
    pages = {}
    for student, student_pages in grading.write_feedback(course, lab, jobs):
        done(f"{lab}: feedback {student}")
        pages[student] = student_pages
    for student in students:
        points = sum(score for task, score in results[student].tasks.items() if task in automatic)
        graded = (course.autograded / student / lab).glob("*.ipynb")
        names = [name for file in graded for name in grading.named_mistakes(nbformat.read(file, as_version=4))]
        feedback_pages, problem = tuple(pages.get(student, ())), results[student].problem
        yield DemoResult(submissions[student], points, tuple(dict.fromkeys(names)), feedback_pages, problem)
