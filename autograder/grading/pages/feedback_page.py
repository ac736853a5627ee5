"""The feedback page: points, what was repaired, and the notebook with each task's message, all in one file."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from jinja2 import BytecodeCache, Environment
from jinja2.bccache import Bucket
from markupsafe import Markup
from nbconvert.exporters.templateexporter import TemplateExporter
from nbformat import NotebookNode
from pygments.formatters import HtmlFormatter
from traitlets import default

from autograder.grading.pages.markup import safe_html
from autograder.grading.pages.preprocessors import is_test
from autograder.grading.pages.render import code_html, latex_html, markdown_filter

TEMPLATES = Path(__file__).parent / "templates"

POLICY = "default-src 'none'; img-src data:; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'"
"""The page's Content-Security-Policy: it may show embedded pictures and use its own style, nothing else."""

LIGHT, DARK = "xcode", "github-dark"
"""Pygments' colours of code, by ground."""


@dataclass(frozen=True)
class TaskLine:
    """One line of the list of tasks at the top of the page."""

    name: str
    """The task's name, made readable."""
    anchor: str
    """The anchor of the task's cell."""
    points: str
    """The points earned, and the maximum."""
    state: str
    """full, part, none, or pending where a person still has to review it."""
    comment: str = ""
    """The anchor of a grader's comment; empty where there is none."""


def task_lines(cells: list[NotebookNode]) -> list[TaskLine]:
    """Return the tasks in cells that know their points and comments."""
    abouts = [cell.metadata.get("nbgrader", {}) for cell in cells]
    commented = {about.grade_id for about in abouts if about.get("comment")}
    return [_task_line(cell, commented) for cell, about in zip(cells, abouts, strict=True) if about.get("grade")]


def readable(grade_id: str) -> str:
    """Return a task's id as words: test_backward-pass is Backward pass."""
    words = grade_id.removeprefix("test_").replace("-", " ").replace("_", " ").strip()
    return words[:1].upper() + words[1:]


def points(number: object) -> str:
    """Points as people write them: 2 and not 2.0."""
    return f"{round(number, 2):g}" if isinstance(number, int | float) else "0"


def _task_line(cell: NotebookNode, commented: set[str]) -> TaskLine:
    about = cell.metadata.nbgrader
    bonus = float(cell.metadata.get("autograder", {}).get("bonus") or 0)
    score, maximum = float(about.get("score") or 0), float(about.get("points") or 0) + bonus
    earned = "full" if score >= maximum else "part" if score > 0 else "none"
    task = about.grade_id.removeprefix("test_") if is_test(cell) else about.grade_id
    return TaskLine(
        name=readable(about.grade_id),
        anchor=f"cell-{about.grade_id}",
        points=f"{points(score)} of {points(maximum)}{' bonus' if bonus else ''}",
        state="pending" if about.get("pending") else earned,
        comment=f"comment-{task}" if task in commented else "",
    )


@lru_cache(maxsize=1)
def code_style() -> Markup:
    """Colours of code on a light and on a dark ground."""
    light, dark = (HtmlFormatter(style=name).get_style_defs(".code") for name in (LIGHT, DARK))
    return Markup(f"{light}\n@media screen and (prefers-color-scheme: dark) {{\n{dark}\n}}")


class _Compiled(BytecodeCache):
    """Templates that this process has compiled: nbgrader makes an exporter for every student."""

    def __init__(self) -> None:
        self.code: dict[str, bytes] = {}

    def load_bytecode(self, bucket: Bucket) -> None:
        if bucket.key in self.code:
            bucket.bytecode_from_string(self.code[bucket.key])

    def dump_bytecode(self, bucket: Bucket) -> None:
        self.code[bucket.key] = bucket.bytecode_to_string()


_COMPILED = _Compiled()


class FeedbackPage(TemplateExporter):  # type: ignore[misc]  # nbconvert is not typed
    """Makes the page; named in nbgrader_config.py, so that nbgrader's own command makes the same."""

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
        """Called by nbconvert for what the template names."""
        yield from super().default_filters()
        yield "markdown2html", markdown_filter
        yield "safe_html", lambda html: Markup(safe_html(html))
        yield "latex_html", latex_html
        yield "code_html", code_html
        yield "points", points
        yield "readable", readable

    def _create_environment(self) -> Environment:
        environment: Environment = super()._create_environment()
        # Everything is escaped that is not marked as made here.
        environment.autoescape = True
        environment.bytecode_cache = _COMPILED
        environment.globals.update(task_lines=task_lines, policy=POLICY, code_style=code_style)
        return environment
