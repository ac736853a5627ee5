"""Finds what a task's message says against itself; every score of a lab's answer that tests compute passes through."""

from __future__ import annotations

import re
from collections.abc import Iterator

_VALUE = re.compile(r"  (?P<name>\S.*?) +[\d.e+-]+ of [\d.e+-]+  (?P<summary>.*)")
_FIRST_OFF = re.compile(
    r"The first that is off is (?:[^.]*, as )?(?P<off>[^;,. ]+)(?:[^.]*; (?P<right>\S+) is still right\.)?"
)
_EXPLAINED = ("Likely: ", "the same mistake as in ", "rightly made of ", "can't be made of ")


def contradictions(message: str) -> list[str]:
    """Return a sentence on each contradiction within the message of a task, as `checks.render` makes it."""
    return list(_contradictions(*_parts(message)))


def _parts(message: str) -> tuple[dict[str, list[str]], str]:
    """Return the lines about each value, the first with its summary, and what follows them in one line."""
    blocks: dict[str, list[str]] = {}
    rest = []
    for line in message.splitlines()[1:]:
        if found := _VALUE.fullmatch(line):
            blocks[found["name"]] = [found["summary"]]
        elif line.startswith("      "):
            blocks[list(blocks)[-1]].append(line.strip())
        else:
            rest.append(line)
    return blocks, " ".join(rest)


def _contradictions(blocks: dict[str, list[str]], rest: str) -> Iterator[str]:
    wrong = {name for name, (summary, *_) in blocks.items() if summary.startswith("wrong") or "; wrong for" in summary}
    explained = {name for name, lines in blocks.items() if any(line.startswith(_EXPLAINED) for line in lines[1:])}
    for name, (_, *lines) in blocks.items():
        if lines and name not in wrong:
            yield f"{name} is right, and blamed: {lines}"
        for line in lines:
            if (found := re.match(r"(?:rightly|can't be) made of your (\S+),", line)) and found[1] not in wrong:
                yield f"{found[1]} is to be mended, and is not wrong"
            if (found := re.fullmatch(r"the same mistake as in (\S+)", line)) and not any(
                one.startswith("Likely: ") for one in blocks[found[1]]
            ):
                yield f"the mistake in {found[1]} is not explained"
    if found := re.search(r"None of the mistakes we know looks like (this|your .*?)\.(?= |$)", rest):
        unnamed = set(re.split(" and ", found[1].removeprefix("your "))) if found[1] != "this" else wrong
        for name in unnamed & explained:
            yield f"no known mistake looks like {name}, and one explains it"
        for name in unnamed - wrong:
            yield f"no known mistake looks like {name}, which is right"
    if found := _FIRST_OFF.search(rest):
        off = found["off"].partition("[")[0]
        if off in explained or off not in wrong:
            yield f"{off} is the first that is off, and it is right, or explained"
        if found["right"] in wrong:
            yield f"{found['right']} is still right, and it is wrong"
