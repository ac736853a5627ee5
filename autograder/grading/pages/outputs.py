"""Sanitises the outputs of a student's cells for every page that shows a notebook."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any

import nbformat
from nbformat import NotebookNode

from autograder.grading.pages.control_characters import (
    apply_carriage_returns,
    escape_control_characters,
    strip_terminal_styles,
)
from autograder.grading.pages.formulas import REFUSED
from autograder.grading.pages.markdown import safe_markdown
from autograder.grading.pages.markup import safe_html
from autograder.grading.pages.output_limit import OutputLimit
from autograder.grading.pages.pictures import JPEG, PNG, picture

WIDEST = 4_000
"""Pixels that a picture may say it is wide or high."""

TEXTS: Mapping[str, Callable[[str], str]] = {
    "text/html": safe_html,
    "text/markdown": safe_markdown,
    # A page's MathJax sets it.
    "text/latex": lambda text: "" if REFUSED.search(text) else escape_control_characters(text),
}
"""Types of text besides plain text that are shown, and how each is made harmless."""


def safe_outputs(outputs: object, room: OutputLimit | None = None) -> list[NotebookNode]:
    """Return valid, sanitised outputs; the input comes from a sandbox and may be any lists and dictionaries.

    Streams are merged. A sentence replaces outputs beyond the limit; outputs that can't be shown safely are named.
    Applied to its own result it changes nothing. room: the limit, by default that of one cell.
    """
    given = [output for output in outputs if isinstance(output, Mapping)] if isinstance(outputs, list) else []
    merged, room = list(_merged(given)), room or OutputLimit()
    safe = [_safe(output, room) for output in merged[: room.outputs]]
    if len(merged) > room.outputs:
        safe.append(_stream("stdout", f"[{len(merged) - room.outputs:,} more outputs are not shown]\n"))
    return [nbformat.from_dict(output) for output in safe if output]


def _merged(outputs: list[Mapping[str, Any]]) -> Iterator[Mapping[str, Any]]:
    """Yield the outputs, with what was printed piece by piece to one stream as one output."""
    name, pieces = "", list[str]()
    for output in outputs:
        is_stream = output.get("output_type") == "stream"
        this = "stderr" if output.get("name") == "stderr" else "stdout"
        if pieces and (not is_stream or this != name):
            yield _stream(name, "".join(pieces))
            pieces = []
        if is_stream:
            name = this
            pieces.append(_text(output.get("text")))
        else:
            yield output
    if pieces:
        yield _stream(name, "".join(pieces))


def _safe(output: Mapping[str, Any], room: OutputLimit) -> dict[str, Any]:
    """Return one sanitised output; an empty dict where nothing of it is left."""
    match output.get("output_type"):
        case "stream":
            text = escape_control_characters(apply_carriage_returns(output["text"]))
            return _stream(output["name"], room.for_text(text)) if text else {}
        case "error":
            lines = output.get("traceback")
            text = "\n".join(map(_text, lines)) if isinstance(lines, list) else _text(lines)
            traceback = room.for_text(escape_control_characters(strip_terminal_styles(text))).split("\n")
            name, value = _short(output.get("ename")), _short(output.get("evalue"))
            return {"output_type": "error", "ename": name, "evalue": value, "traceback": traceback}
        case "display_data":
            return {"output_type": "display_data", **_displayed(output, room)}
        case "execute_result":
            count = output.get("execution_count")
            count = count if type(count) is int and 0 <= count < 10**6 else None
            return {"output_type": "execute_result", "execution_count": count, **_displayed(output, room)}
    return {}


def _displayed(output: Mapping[str, Any], room: OutputLimit) -> dict[str, Any]:
    """Return data and metadata of a displayed value."""
    data = output["data"] if isinstance(output.get("data"), Mapping) else {}
    metadata = output["metadata"] if isinstance(output.get("metadata"), Mapping) else {}
    kept, sizes = dict[str, str](), dict[str, dict[str, int]]()
    for kind in (PNG, JPEG):
        text = _text(data.get(kind))
        if text and not room.for_picture(len(text) * 3 // 4):
            return _only("[one more picture is not shown: together they are too many or too large]")
        if clean := picture(kind, text):
            kept[kind] = clean
            if size := _size(metadata.get(kind)):
                sizes[kind] = size
    for kind, made_safe in TEXTS.items():
        text = _text(data.get(kind))
        # Such text goes as a whole or not at all.
        if text and room.for_whole(text) and (clean := made_safe(text)):
            kept[kind] = clean
    if plain := escape_control_characters(apply_carriage_returns(_text(data.get("text/plain")))):
        kept["text/plain"] = room.for_text(plain)
    if not kept:
        return _only(f"[not shown, as it is {', '.join(map(_short, list(data)[:5])) or 'empty'}]")
    return {"data": kept, "metadata": sizes}


def _only(sentence: str) -> dict[str, Any]:
    return {"data": {"text/plain": sentence}, "metadata": {}}


def _size(metadata: object) -> dict[str, int]:
    """Width and height of a picture, as numbers: pages write them into a tag as they are."""
    said = metadata if isinstance(metadata, Mapping) else {}
    sizes = {name: said.get(name) for name in ("width", "height")}
    return {name: size for name, size in sizes.items() if type(size) is int and 0 < size <= WIDEST}


def _text(value: object) -> str:
    """Return a text, which the notebook format also knows as a list of lines; empty for all else."""
    if isinstance(value, list):
        return "".join(line for line in value if isinstance(line, str))
    return value if isinstance(value, str) else ""


def _short(value: object) -> str:
    text = escape_control_characters(strip_terminal_styles(str(value) if isinstance(value, str | int) else ""))
    return text if len(text) <= 200 else text[:200] + "…"


def _stream(name: str, text: str) -> dict[str, Any]:
    return {"output_type": "stream", "name": name, "text": text}
