"""Renders a score record as the message that the student reads."""

from __future__ import annotations

from itertools import groupby

from autograder.checks.score import Line, Score

MAX_CHARACTERS = 400
"""Characters of a verdict that are shown."""


def render(score: Score) -> str:
    """Return the message of one task: its points, each value with what is wrong with it, and where to look again."""
    text = [f"{score.task}: {_points(score.points)} of {_points(score.maximum)} points"]
    width, explained = max(len(line.value) for line in score.lines), dict[str, str]()
    for value, lines in groupby(score.lines, key=lambda line: line.value):
        text += _value(value, width, list(lines), explained)
    if score.unnamed:
        others_explained = any(line.failure is not None and line.failure.is_explained for line in score.lines)
        which = f"your {' and '.join(score.unnamed)}" if others_explained else "this"
        known = f"None of the mistakes we know looks like {which}."
        if score.undiagnosed:
            known = "The search for the likely mistake did not come to its end."
        text.append(f"{known} {score.first_difference}".rstrip())
    if score.points < score.maximum:
        text.append(f"Look again at {score.section}.")
    return "\n".join(text)


def _value(value: str, width: int, lines: list[Line], explained: dict[str, str]) -> list[str]:
    """Return the message's lines about one value. explained: by mistake, the value at which it was explained."""
    earned, maximum = sum(line.points for line in lines), sum(line.maximum for line in lines)
    wrong = [line for line in lines if line.failure is not None]
    right = [line for line in lines if line.failure is None]
    text = [f"  {value.ljust(width)}  {_points(earned)} of {_points(maximum)}  {_summary(right, wrong)}"]
    if not wrong or (failure := wrong[0].failure) is None:
        return text
    if failure.caused_by:
        how = "rightly made of" if failure.computed else "can't be made of"
        return [*text, f"      {how} your {failure.caused_by}, which is wrong: mend that one first"]
    if failure.mistake in explained:
        return [*text, f"      the same mistake as in {explained[failure.mistake]}"]
    sizes = ", ".join(f"{name} = {size}" for name, size in failure.sizes.items())
    where = f"with {sizes}: " if sizes else ""
    size = "" if failure.error is None else f" (largest error {failure.error:.2g} of the largest entry)"
    text.append(f"      {where}{_one_line(failure.verdict)}{size}")
    if failure.mistake:
        explained[failure.mistake] = value
        text += [f"      Likely: {failure.explanation}", f"      Ask yourself: {failure.hint}"]
    if failure.section:
        text.append(f"      See {failure.section}.")
    return text


def _summary(right: list[Line], wrong: list[Line]) -> str:
    """Return "right", "wrong", or for which groups of cases which; with the earlier answers carried forward."""
    earlier = sorted({line.carried_forward_from for line in right} - {""})
    given = f", given your earlier {' and '.join(earlier)}" if earlier else ""
    if not wrong:
        return "right" + given
    if not right:
        return "wrong"
    return f"right for {_groups(right)}{given}; wrong for {_groups(wrong)}"


def _groups(lines: list[Line]) -> str:
    return " and ".join(line.group for line in lines)


def _one_line(verdict: str) -> str:
    """Return a verdict on one line, and cut: it may quote an exception of the submission, of any length."""
    return " ".join(verdict[:MAX_CHARACTERS].split()) + ("…" if len(verdict) > MAX_CHARACTERS else "")


def _points(points: float) -> str:
    return f"{points:.4g}"
