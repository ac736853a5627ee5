"""Formulas as MathML, which browsers show without a script or a network."""

from __future__ import annotations

import re
from functools import lru_cache
from html import escape

from math_core import LatexError, LatexToMathML

LONGEST = 2000
"""Characters of a formula that is set; the labs' longest has 500."""

COMMANDS = (
    "href", "url", "html", "htmlClass", "htmlData", "htmlId", "htmlStyle", "class", "cssId", "style", "require",
    "unicode", "bbox", "includegraphics", "def", "let", "newcommand", "renewcommand", "newenvironment", "input",
)  # fmt: skip
"""LaTeX commands that a student's formula may not use: in some pages they make links, elements or further commands."""

REFUSED = re.compile(r"\\(?=(?:" + "|".join(COMMANDS) + r")(?![a-zA-Z]))")

_CONVERTER = LatexToMathML(fancy_error=False)


@lru_cache(maxsize=4096)
def mathml(latex: str, display: bool) -> str:
    """Return a formula as MathML; its text in a code element where it is too long, refused, or no formula."""
    if len(latex) <= LONGEST and not REFUSED.search(latex):
        try:
            return _CONVERTER.convert_with_local_state(latex.strip(), displaystyle=display)
        except LatexError:
            pass  # Its author made a mistake, and sees what they wrote.
    sign = "$$" if display else "$"
    return f"<code>{escape(sign + latex + sign)}</code>"
