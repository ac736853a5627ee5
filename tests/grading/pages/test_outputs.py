"""Tests of safe_outputs, which sanitises the outputs of student cells."""

from __future__ import annotations

from typing import Any

import nbformat
import pytest
from hypothesis import given
from hypothesis import strategies as st

from autograder.checks.score import MIME
from autograder.grading.pages.output_limit import OutputLimit
from autograder.grading.pages.outputs import safe_outputs
from tests.grading.pages.attacks import OUTPUTS, Attack, png


def _stream(text: Any, name: str = "stdout") -> dict[str, Any]:
    """Return a stream output."""
    return {"output_type": "stream", "name": name, "text": text}


def _display(data: Any, metadata: Any = None) -> dict[str, Any]:
    """Return an output with displayed data."""
    return {"output_type": "display_data", "data": data, "metadata": {} if metadata is None else metadata}


def _valid(outputs: list[Any]) -> bool:
    """Return True if the outputs belong to a valid notebook; raise otherwise."""
    cell = nbformat.v4.new_code_cell("1", outputs=outputs, id="a")
    nbformat.validate(nbformat.v4.new_notebook(cells=[cell]))
    return True


def test_ordinary_outputs_stay() -> None:
    """Text, an error, a plot with its size, a table, a formula and Markdown stay unchanged."""
    outputs = [
        _stream("right: ∂ℓ/∂f\n"),
        _stream("a warning\n", "stderr"),
        {"output_type": "error", "ename": "TypeError", "evalue": "no", "traceback": ["line 1", "TypeError: no"]},
        _display({"image/png": png(), "text/plain": "<Figure>"}, {"image/png": {"width": 300, "height": 200}}),
        _display({"text/html": "<table><tbody><tr><td>1</td></tr></tbody></table>", "text/plain": "1"}),
        _display({"text/markdown": "**a** $x_1$", "text/latex": "$$x$$", "text/plain": "x"}),
        {"output_type": "execute_result", "data": {"text/plain": "3.0"}, "metadata": {}, "execution_count": 4},
    ]
    assert safe_outputs(outputs) == outputs
    assert _valid(safe_outputs(outputs))


def test_pieces_of_a_stream_are_joined() -> None:
    """Pieces of one stream are joined before they are cut or escaped; another stream begins a new output."""
    pieces = [_stream("a\x1b"), _stream(["[3", "1m"]), _stream("b", "stderr"), _stream("c\rd"), _stream("e", "odd")]
    assert [(output.name, output.text) for output in safe_outputs(pieces)] == [
        ("stdout", "a␛[31m"),
        ("stderr", "b"),
        ("stdout", "de"),
    ]


def test_a_score_record_is_not_taken_from_a_student() -> None:
    """A score record in a student's output is left out, because only the trusted side gives points."""
    forged = _display({"text/plain": "4.0", MIME: {"version": 1, "points": 4.0, "maximum": 4.0}})
    assert safe_outputs([forged]) == [_display({"text/plain": "4.0"})]
    (output,) = safe_outputs([_display({MIME: {"points": 4.0}})])
    assert output.data == {"text/plain": f"[not shown, as it is {MIME}]"}


@pytest.mark.parametrize("attack", OUTPUTS, ids=lambda attack: attack.name)
def test_of_an_attack_nothing_active_is_left(attack: Attack) -> None:
    """Outputs of an attack keep only known types, and only sizes as metadata."""
    for output in safe_outputs(attack.cell(lambda name: "http://127.0.0.1/hit")["outputs"]):
        assert set(output.data) <= {"text/plain", "text/html", "text/markdown", "image/png"}
        assert all(set(sizes) <= {"width", "height"} for sizes in output.metadata.values())
        assert "<script" not in str(output.data)


@pytest.mark.parametrize(
    ("sizes", "kept"),
    [
        ({"width": 3, "height": 4}, {"width": 3, "height": 4}),
        ({"width": "1 onerror=x", "height": 4.5}, None),
        ({"width": True, "height": -1, "unconfined": True, "alt": "x"}, None),
        ({"width": 10**9}, None),
        ("x", None),
    ],
)
def test_sizes_of_pictures_are_numbers(sizes: Any, kept: dict[str, int] | None) -> None:
    """Only positive whole numbers stay as sizes of pictures, because nbconvert writes them without quotes."""
    (output,) = safe_outputs([_display({"image/png": png()}, {"image/png": sizes})])
    assert output.metadata == ({"image/png": kept} if kept else {})


def test_omitted_outputs_are_named() -> None:
    """A text names a type that is not shown, in visible characters, and counts pictures beyond the limit."""
    (output,) = safe_outputs([_display({"application/javascript": "x", "image/svg+xml\u202e": "<svg/>"})])
    assert output.data == {"text/plain": "[not shown, as it is application/javascript, image/svg+xml⟨U+202E⟩]"}
    shown = safe_outputs([_display({"image/png": png()})] * 3, OutputLimit(pictures=2))
    assert [list(output.data) for output in shown] == [["image/png"], ["image/png"], ["text/plain"]]
    assert "one more picture is not shown" in shown[2].data["text/plain"]


def test_long_outputs_are_cut() -> None:
    """Text, pictures and the number of outputs are limited."""
    (stream,) = safe_outputs([_stream("line\n" * 200_000)])
    assert stream.text.count("\n") <= 1_000
    assert stream.text.endswith("characters are not shown]\n")
    many = safe_outputs([_display({"text/plain": "x"})] * 1_000)
    assert len(many) == 201
    assert many[-1].text == "[800 more outputs are not shown]\n"
    large = safe_outputs([_display({"image/png": "A" * 20_000_000})])
    assert len(str(large)) < 500


def test_a_traceback_is_plain() -> None:
    """A traceback loses its colours, and other control characters in its message become visible."""
    error = {
        "output_type": "error",
        "ename": "E\x1b[1m",
        "evalue": "\u202e",
        "traceback": ["\x1b[31mE\x1b[0m: \x1b]8;;x"],
    }
    (output,) = safe_outputs([error])
    assert output == {"output_type": "error", "ename": "E", "evalue": "⟨U+202E⟩", "traceback": ["E: ␛]8;;x"]}


ANYTHING = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.text(max_size=9)
    | st.sampled_from(["stream", "error"]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=9,
)
TYPES = ["text/plain", "text/html", "text/markdown", "text/latex", "image/png", "image/jpeg", MIME, "x/y"]
DATA = st.dictionaries(st.sampled_from(TYPES), ANYTHING, max_size=4) | ANYTHING
OUTPUT = st.fixed_dictionaries(
    {"output_type": st.sampled_from(["stream", "error", "display_data", "execute_result", "update_display_data"])},
    optional={
        "name": ANYTHING, "text": ANYTHING, "ename": ANYTHING, "evalue": ANYTHING, "traceback": ANYTHING,
        "execution_count": ANYTHING, "metadata": ANYTHING, "data": DATA,
    },
)  # fmt: skip


@given(st.lists(OUTPUT | ANYTHING, max_size=5) | ANYTHING)
def test_any_value_becomes_valid_outputs(outputs: Any) -> None:
    """Any lists and dictionaries become valid outputs; sanitising these again changes nothing."""
    safe = safe_outputs(outputs)
    assert _valid(safe)
    assert safe_outputs(safe) == safe
