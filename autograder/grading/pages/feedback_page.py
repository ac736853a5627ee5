"""The feedback page: an nbconvert exporter to one HTML file with points, repairs and each task's message."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from jinja2 import BytecodeCache, Environment, FileSystemLoader
from jinja2.bccache import Bucket
from markupsafe import Markup
from nbconvert.exporters.templateexporter import TemplateExporter
from nbformat import NotebookNode
from pygments.formatters import HtmlFormatter
from traitlets import default

from autograder.grading.pages.control_characters import escape_control_characters
from autograder.grading.pages.markup import safe_html
from autograder.grading.pages.preprocessors import is_test
from autograder.grading.pages.render import code_html, latex_html, markdown_filter

TEMPLATES = Path(__file__).parent / "templates"

POLICY = "default-src 'none'; img-src data:; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'"
"""Content security policy of the page: it may show embedded pictures and use its own style, and load nothing."""

NOT_GRADED = '<meta name="description" content="not graded">'
"""The element by which the page of a submission that could not be graded is recognised."""

LIGHT, DARK = "xcode", "github-dark"
"""Pygments styles of code on a light and on a dark background."""


@dataclass(frozen=True)
class TaskLine:
    """One line in the list of tasks at the top of the page."""

    name: str
    """The task's name in words, for readers."""
    anchor: str
    """The HTML id of the task's cell."""
    points: str
    """The points earned and the maximum, as text: 2 of 3, or 1 of 1 bonus for an optional exercise."""
    state: str
    """full, part or none, by the points earned; pending if a person still has to grade the cell."""
    comment: str = ""
    """The HTML id of the grader's comment on the task; "" if there is no comment."""


def task_lines(cells: list[NotebookNode]) -> list[TaskLine]:
    """Return one line for each graded cell. The cells' nbgrader metadata must hold score, points and comments."""
    nbgrader_metadata = [cell.metadata.get("nbgrader", {}) for cell in cells]
    commented = {metadata.grade_id for metadata in nbgrader_metadata if metadata.get("comment")}
    return [
        _task_line(cell, commented)
        for cell, metadata in zip(cells, nbgrader_metadata, strict=True)
        if metadata.get("grade")
    ]


def readable(grade_id: str) -> str:
    """Return a grade_id as words: test_backward-pass becomes Backward pass."""
    words = grade_id.removeprefix("test_").replace("-", " ").replace("_", " ").strip()
    return words[:1].upper() + words[1:]


def points(number: object) -> str:
    """Return points as text, rounded to two decimals and without trailing zeros: 2, not 2.0; 0 if it is no number."""
    return f"{round(number, 2):g}" if isinstance(number, int | float) else "0"


def _task_line(cell: NotebookNode, commented: set[str]) -> TaskLine:
    """Return the line of one graded cell. commented: the grade_ids of cells with a grader's comment."""
    metadata = cell.metadata.nbgrader
    bonus = float(cell.metadata.get("autograder", {}).get("bonus") or 0)
    score, maximum = float(metadata.get("score") or 0), float(metadata.get("points") or 0) + bonus
    earned = "full" if score >= maximum else "part" if score > 0 else "none"
    task = metadata.grade_id.removeprefix("test_") if is_test(cell) else metadata.grade_id
    return TaskLine(
        name=readable(metadata.grade_id),
        anchor=f"cell-{metadata.grade_id}",
        points=f"{points(score)} of {points(maximum)}{' bonus' if bonus else ''}",
        state="pending" if metadata.get("pending") else earned,
        comment=f"comment-{task}" if task in commented else "",
    )


@lru_cache(maxsize=1)
def code_style() -> Markup:
    """Return the CSS rules for code on a light background and, in a dark colour scheme, on a dark one."""
    light, dark = (HtmlFormatter(style=name).get_style_defs(".code") for name in (LIGHT, DARK))
    return Markup(f"{light}\n@media screen and (prefers-color-scheme: dark) {{\n{dark}\n}}")


class _TemplateCache(BytecodeCache):
    """Caches compiled templates in this process, as nbgrader creates a new exporter for each student."""

    def __init__(self) -> None:
        self.code: dict[str, bytes] = {}

    def load_bytecode(self, bucket: Bucket) -> None:
        """Load a template's bytecode into the bucket, if it is cached. Called by Jinja."""
        if bucket.key in self.code:
            bucket.bytecode_from_string(self.code[bucket.key])

    def dump_bytecode(self, bucket: Bucket) -> None:
        """Store a template's bytecode. Called by Jinja."""
        self.code[bucket.key] = bucket.bytecode_to_string()


_TEMPLATE_CACHE = _TemplateCache()


class FeedbackPage(TemplateExporter):  # type: ignore[misc]  # nbconvert is not typed
    """nbconvert exporter that writes the feedback page.

    nbgrader_config.py names it, so that `nbgrader generate_feedback` writes the same page.
    """

    export_from_notebook = "Feedback"
    output_mimetype = "text/html"

    @default("file_extension")  # type: ignore[untyped-decorator]  # traitlets is not typed
    def _file_extension_default(self) -> str:
        return ".html"

    @default("template_name")  # type: ignore[untyped-decorator]  # traitlets is not typed
    def _template_name_default(self) -> str:
        return "feedback_page"

    @default("extra_template_basedirs")  # type: ignore[untyped-decorator]  # traitlets is not typed
    def _extra_template_basedirs_default(self) -> list[str]:
        return [str(TEMPLATES)]

    def default_filters(self) -> Any:
        """Yield the name and function of each filter that the template may use. Called by nbconvert."""
        yield from super().default_filters()
        yield "markdown2html", markdown_filter
        yield "safe_html", lambda html: Markup(safe_html(html))
        yield "latex_html", latex_html
        yield "code_html", code_html
        yield "points", points
        yield "readable", readable

    def _create_environment(self) -> Environment:
        environment: Environment = super()._create_environment()
        # Jinja escapes every value that is not marked as safe HTML (Markup).
        environment.autoescape = True
        environment.bytecode_cache = _TEMPLATE_CACHE
        environment.globals.update(task_lines=task_lines, policy=POLICY, code_style=code_style)
        return environment


def not_graded_page(notebook: str, lab: str, student: str, problem: str) -> str:
    """Return the page on a submission that could not be graded.

    notebook: the notebook's name. problem: sentences on lines of their own; the last line, after an arrow, is the cure.
    """
    environment = Environment(loader=FileSystemLoader(TEMPLATES / "feedback_page"), autoescape=True)
    environment.filters["readable"] = readable
    reasons, _, cure = escape_control_characters(problem).partition("\n  → ")
    return environment.get_template("not_graded.html.j2").render(
        notebook=notebook, lab=lab, student=escape_control_characters(student), policy=POLICY,
        marker=Markup(NOT_GRADED), reasons=reasons.split("\n"), cure=cure,
    )  # fmt: skip
