"""Make graded notebooks safe to show: on feedback pages for students, and in nbgrader's Formgrader for graders."""

from autograder.grading.pages.control_characters import escape_control_characters
from autograder.grading.pages.feedback_page import FeedbackPage
from autograder.grading.pages.formulas import mathml
from autograder.grading.pages.markdown import link_pictures, safe_markdown
from autograder.grading.pages.markup import safe_html
from autograder.grading.pages.outputs import safe_outputs
from autograder.grading.pages.preprocessors import FEEDBACK, HideInstructorContent, SanitizeNotebook
from autograder.grading.pages.render import markdown_filter, markdown_html

__all__ = [
    "FEEDBACK",
    "FeedbackPage",
    "HideInstructorContent",
    "SanitizeNotebook",
    "escape_control_characters",
    "link_pictures",
    "markdown_filter",
    "markdown_html",
    "mathml",
    "safe_html",
    "safe_markdown",
    "safe_outputs",
]
