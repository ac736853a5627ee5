"""Words a score record for the student who reads it at midnight."""

from __future__ import annotations

from itertools import groupby

from autograder.checks.score import Line, Score

LONGEST = 400
"""Characters of a verdict that are shown."""


def render(score: Score) -> str:
    """The message of one task: points, then each value with what was checked and what came, then where to look."""
    text = [f"{score.task}: {_points(score.points)} of {_points(score.maximum)} points"]
    width, told = max(len(line.value) for line in score.lines), dict[str, str]()
    for value, lines in groupby(score.lines, key=lambda line: line.value):
        text += _value(value, width, list(lines), told)
    if score.unnamed:
        text.append(("None of the mistakes we know looks like this. " + score.first).rstrip())
    if score.points < score.maximum:
        text.append(f"Look again at {score.look}.")
    return "\n".join(text)


def _value(value: str, width: int, lines: list[Line], told: dict[str, str]) -> list[str]:
    """The lines about one value. told: the value at which each mistake was explained."""
    earned, maximum = sum(line.points for line in lines), sum(line.maximum for line in lines)
    wrong = [line for line in lines if line.failure is not None]
    right = [line for line in lines if line.failure is None]
    text = [f"  {value.ljust(width)}  {_points(earned)} of {_points(maximum)}  {_summary(right, wrong)}"]
    if not wrong or (failure := wrong[0].failure) is None:
        return text
    if failure.follows:
        how = "rightly made of" if failure.computed else "can't be made of"
        return [*text, f"      {how} your {failure.follows}, which is wrong: mend that one first"]
    if failure.mistake in told:
        return [*text, f"      the same mistake as in {told[failure.mistake]}"]
    sizes = ", ".join(f"{name} = {size}" for name, size in failure.sizes.items())
    where = f"with {sizes}: " if sizes else ""
    size = "" if failure.error is None else f" (largest error {failure.error:.2g} of the largest entry)"
    text.append(f"      {where}{_one_line(failure.verdict)}{size}")
    if failure.mistake:
        told[failure.mistake] = value
        text += [f"      Likely: {failure.says}", f"      Ask yourself: {failure.asks}"]
    if failure.look:
        text.append(f"      See {failure.look}.")
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
