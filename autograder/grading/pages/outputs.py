"""Sanitise the outputs of a student's cells for every page that shows the notebook."""

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
from autograder.grading.pictures import JPEG, PNG, picture

WIDEST = 4_000
"""Maximum width and height in pixels that a picture's metadata may set."""

TEXTS: Mapping[str, Callable[[str], str]] = {
    "text/html": safe_html,
    "text/markdown": safe_markdown,
    # MathJax in a page renders this text.
    "text/latex": lambda text: "" if REFUSED.search(text) else escape_control_characters(text),
}
"""Types of text that are shown besides plain text, each with the function that sanitises it."""


def safe_outputs(outputs: object, room: OutputLimit | None = None) -> list[NotebookNode]:
    """Return valid, sanitised outputs.

    outputs: outputs from a sandbox, so any value made of lists and dictionaries. Consecutive texts to one stream are
    merged. A sentence replaces what exceeds the output limit; another names the types of data that can't be shown
    safely. Sanitised outputs that are within the limit are returned unchanged.

    room: the output limit; by default the limit of one cell.
    """
    mappings = [output for output in outputs if isinstance(output, Mapping)] if isinstance(outputs, list) else []
    merged, room = list(_merge_streams(mappings)), room or OutputLimit()
    safe = [_sanitise_output(output, room) for output in merged[: room.outputs]]
    if len(merged) > room.outputs:
        safe.append(_stream("stdout", f"[{len(merged) - room.outputs:,} more outputs are not shown]\n"))
    return [nbformat.from_dict(output) for output in safe if output]


def _merge_streams(outputs: list[Mapping[str, Any]]) -> Iterator[Mapping[str, Any]]:
    """Yield the outputs, with consecutive texts to one stream (stdout or stderr) as one output."""
    name, pieces = "", list[str]()
    for output in outputs:
        is_stream = output.get("output_type") == "stream"
        stream_name = "stderr" if output.get("name") == "stderr" else "stdout"
        if pieces and (not is_stream or stream_name != name):
            yield _stream(name, "".join(pieces))
            pieces = []
        if is_stream:
            name = stream_name
            pieces.append(_text(output.get("text")))
        else:
            yield output
    if pieces:
        yield _stream(name, "".join(pieces))


def _sanitise_output(output: Mapping[str, Any], limit: OutputLimit) -> dict[str, Any]:
    """Return one sanitised output; {} for an empty stream and for an unknown output type."""
    match output.get("output_type"):
        case "stream":
            text = escape_control_characters(apply_carriage_returns(output["text"]))
            return _stream(output["name"], limit.for_text(text)) if text else {}
        case "error":
            lines = output.get("traceback")
            text = "\n".join(map(_text, lines)) if isinstance(lines, list) else _text(lines)
            traceback = limit.for_text(escape_control_characters(strip_terminal_styles(text))).split("\n")
            name, value = _short_text(output.get("ename")), _short_text(output.get("evalue"))
            return {"output_type": "error", "ename": name, "evalue": value, "traceback": traceback}
        case "display_data":
            return {"output_type": "display_data", **_sanitise_data(output, limit)}
        case "execute_result":
            count = output.get("execution_count")
            count = count if type(count) is int and 0 <= count < 10**6 else None
            return {"output_type": "execute_result", "execution_count": count, **_sanitise_data(output, limit)}
    return {}


def _sanitise_data(output: Mapping[str, Any], limit: OutputLimit) -> dict[str, Any]:
    """Return the sanitised data and metadata of a displayed value."""
    data = output["data"] if isinstance(output.get("data"), Mapping) else {}
    metadata = output["metadata"] if isinstance(output.get("metadata"), Mapping) else {}
    kept, sizes = dict[str, str](), dict[str, dict[str, int]]()
    # nbconvert's templates, which Formgrader uses, show no other pictures.
    for kind in (PNG, JPEG):
        text = _text(data.get(kind))
        if text and not limit.for_picture(len(text) * 3 // 4):
            return _data_with_sentence("[one more picture is not shown: together they are too many or too large]")
        if sanitised := picture(kind, text):
            kept[kind] = sanitised
            if size := _picture_size(metadata.get(kind)):
                sizes[kind] = size
    for kind, sanitise in TEXTS.items():
        text = _text(data.get(kind))
        # HTML, Markdown and LaTeX are not cut, but kept as a whole or left out.
        if text and limit.for_whole(text) and (sanitised := sanitise(text)):
            kept[kind] = sanitised
    if plain := escape_control_characters(apply_carriage_returns(_text(data.get("text/plain")))):
        kept["text/plain"] = limit.for_text(plain)
    if not kept:
        return _data_with_sentence(f"[not shown, as it is {', '.join(map(_short_text, list(data)[:5])) or 'empty'}]")
    return {"data": kept, "metadata": sizes}


def _data_with_sentence(sentence: str) -> dict[str, Any]:
    """Return the data and metadata of an output that shows only a sentence."""
    return {"data": {"text/plain": sentence}, "metadata": {}}


def _picture_size(metadata: object) -> dict[str, int]:
    """Return width and height of a picture from its metadata, integers only: pages write them into a tag unescaped."""
    fields = metadata if isinstance(metadata, Mapping) else {}
    sizes = {name: fields.get(name) for name in ("width", "height")}
    return {name: size for name, size in sizes.items() if type(size) is int and 0 < size <= WIDEST}


def _text(value: object) -> str:
    """Return a text, which the notebook format stores as a string or a list of lines; "" for any other value."""
    if isinstance(value, list):
        return "".join(line for line in value if isinstance(line, str))
    return value if isinstance(value, str) else ""


def _short_text(value: object) -> str:
    """Return a string or integer as text of at most 200 characters, with control characters as signs; else ""."""
    text = escape_control_characters(strip_terminal_styles(str(value) if isinstance(value, str | int) else ""))
    return text if len(text) <= 200 else text[:200] + "…"


def _stream(name: str, text: str) -> dict[str, Any]:
    return {"output_type": "stream", "name": name, "text": text}
