"""Words a score record for the student who reads it at midnight."""

from __future__ import annotations

from itertools import groupby

from autograder.checks.score import Line, Score

LONGEST = 400
"""Characters of a verdict that are shown."""


def render(score: Score) -> str:
    """The message of one task: points, then each value with what was checked and what came, then where to look."""
    text = [f"{score.task}: {_points(score.points)} of {_points(score.maximum)} points"]
    width = max(len(line.value) for line in score.lines)
    for value, lines in groupby(score.lines, key=lambda line: line.value):
        text += _value(value.ljust(width), list(lines))
    if score.points < score.maximum:
        text.append(f"Look again at {score.look}.")
    return "\n".join(text)


def _value(name: str, lines: list[Line]) -> list[str]:
    earned, maximum = sum(line.points for line in lines), sum(line.maximum for line in lines)
    wrong = [line for line in lines if line.failure is not None]
    right = [line for line in lines if line.failure is None]
    text = [f"  {name}  {_points(earned)} of {_points(maximum)}  {_summary(right, wrong)}"]
    if wrong and (failure := wrong[0].failure) is not None:
        sizes = ", ".join(f"{name} = {size}" for name, size in failure.sizes.items())
        where = f"with {sizes}: " if sizes else ""
        size = "" if failure.error is None else f" (largest error {failure.error:.2g} of the largest entry)"
        text.append(f"      {where}{_one_line(failure.verdict)}{size}")
    return text


def _summary(right: list[Line], wrong: list[Line]) -> str:
    given = sorted({line.given for line in right} - {""})
    by = f", given your earlier {' and '.join(given)}" if given else ""
    if not wrong:
        return "right" + by
    if not right:
        return "wrong"
    return f"right for {_groups(right)}{by}; wrong for {_groups(wrong)}"


def _groups(lines: list[Line]) -> str:
    return " and ".join(line.group for line in lines)


def _one_line(verdict: str) -> str:
    """A verdict may quote an exception of the student's, which can be of any length."""
    return " ".join(verdict[:LONGEST].split()) + ("…" if len(verdict) > LONGEST else "")


def _points(points: float) -> str:
    return f"{points:.4g}"
