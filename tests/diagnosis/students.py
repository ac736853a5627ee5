"""Wrong answers, made of a right one by replacements, and the score that a check gives them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from textwrap import dedent
from typing import Any

import numpy as np
import pytest

from autograder import student
from autograder.checks import Score
from autograder.student import LocalKernel

IDENTITIES = ("ada", "bao", "chidi")
"""Students whose random cases an answer is scored with."""

Answers = dict[str, Sequence[str]]
"""Wrong answers by the name of their mistake."""


def answer_template(text: str) -> Callable[..., str]:
    """Return a function that replaces pieces of a right answer, given in pairs of old and new."""
    text = dedent(text)

    def edited(*pieces: str) -> str:
        answer = text
        for old, new in zip(pieces[::2], pieces[1::2], strict=True):
            assert old in answer, old
            answer = answer.replace(old, new)
        return answer

    return edited


def cases_of(answers: Answers) -> list[Any]:
    """Return name and answer as parameters for `parametrize`, with ids that stay the same."""
    return [
        pytest.param(name, answer, id=f"{name}-{number}")
        for name, group in answers.items()
        for number, answer in enumerate(group, start=1)
    ]


def score(check: Callable[[], Score], cell: str, identity: str, notebook: str = "") -> Score:
    """Return the score that a check gives to a student's cell, in a notebook that ran some cells before."""
    namespace: dict[str, Any] = {"__name__": "__main__", "np": np}
    exec(dedent(notebook), namespace)
    exec(cell, namespace)
    with student.bound(LocalKernel(namespace, {"task": cell}, identity)):
        return check()


def transposed(answer: str, name: str) -> str:
    """Return an answer for samples as columns, wrapped into one for samples as rows."""
    return answer + dedent(f"""
        _columns = {name}
        def _turned(value):
            if isinstance(value, (list, tuple)) and all(one is None or np.ndim(one) == 2 for one in value):
                return [_turned(one) for one in value]
            return None if value is None else np.asarray(value).T
        def {name}(*inputs):
            came = _columns(*map(_turned, inputs))
            return tuple(map(_turned, came)) if isinstance(came, tuple) else _turned(came)
    """)
