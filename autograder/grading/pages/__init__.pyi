# The names that `__init__.py` exports, by module.

from .control_characters import escape_control_characters
from .feedback_page import FeedbackPage, not_graded_page
from .formulas import mathml
from .markdown import safe_markdown
from .markup import safe_html
from .outputs import safe_outputs
from .preprocessors import FEEDBACK, HideInstructorContent, SanitizeNotebook
from .render import markdown_filter, markdown_html

__all__ = [
    "FEEDBACK",
    "FeedbackPage",
    "HideInstructorContent",
    "SanitizeNotebook",
    "escape_control_characters",
    "markdown_filter",
    "markdown_html",
    "mathml",
    "not_graded_page",
    "safe_html",
    "safe_markdown",
    "safe_outputs",
]
