"""Convert LaTeX formulas to MathML, which browsers show without a script or a network."""

from __future__ import annotations

import re
from functools import lru_cache
from html import escape

from math_core import LatexError, LatexToMathML

LONGEST = 2000
"""Maximum number of characters in a formula that is converted; the labs' longest formula has 500."""

COMMANDS = (
    "href", "url", "html", "htmlClass", "htmlData", "htmlId", "htmlStyle", "class", "cssId", "style", "require",
    "unicode", "bbox", "includegraphics", "def", "let", "newcommand", "renewcommand", "newenvironment", "input",
)  # fmt: skip
"""LaTeX commands that a student's formula may not use: some renderers make links, elements or new commands of them."""

REFUSED = re.compile(r"\\(?=(?:" + "|".join(COMMANDS) + r")(?![a-zA-Z]))")
"""The backslash of a refused command."""

_CONVERTER = LatexToMathML(fancy_error=False)


@lru_cache(maxsize=4096)
def mathml(latex: str, display: bool) -> str:
    """Return a LaTeX formula, given without delimiters, as MathML.

    display: set it as a formula on a line of its own. A formula that is too long, refused or invalid is returned as its
    text, with delimiters, in a code element.
    """
    if len(latex) <= LONGEST and not REFUSED.search(latex):
        try:
            return _CONVERTER.convert_with_local_state(latex.strip(), displaystyle=display)
        except LatexError:
            pass  # The author of an invalid formula should see its source.
    delimiter = "$$" if display else "$"
    return f"<code>{escape(delimiter + latex + delimiter)}</code>"
