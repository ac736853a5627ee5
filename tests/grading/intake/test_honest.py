"""Tests of honest accidents, on every released lab with right answers: intake finds all answers again."""

from __future__ import annotations

import ast
import copy
import io
import json
import random
import zipfile
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import nbformat
import pytest

from autograder.grading.intake import choose, rebuild
from autograder.grading.intake.archive import unpack
from autograder.grading.intake.defined_names import defined_names
from autograder.grading.model import GradingPlan, SubmittedFile
from tests.grading.intake.notebooks import TEXTS, Json, Lab, extra, lab
from tests.labs.played import left_to_make_slow

SEEDS = range(3)


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Parametrise `text` with the path of each lab text."""
    if "text" in metafunc.fixturenames:
        texts = [pytest.param(text, id=text.stem, marks=left_to_make_slow(metafunc, text)) for text in TEXTS]
        metafunc.parametrize("text", texts)


def solved_lines(source: str) -> list[str]:
    """Return the lines of a solution, without blank lines and task line."""
    return [line for line in source.splitlines() if line.strip() and not line.startswith("# task: ")]


def check(plan: GradingPlan, lab_notebook: Lab, answers: Mapping[str, str]) -> None:
    """Assert that the plan has the source cells once, in order and unchanged, with exactly these answers."""
    parts = [part for part in plan.parts if part.kind != "extra"]
    assert [part.cell_id for part in parts] == [cell.part.cell_id for cell in lab_notebook.source_notebook.cells]
    for part, cell in zip(parts, lab_notebook.source_notebook.cells, strict=True):
        if cell.is_answer:
            assert solved_lines(part.source) == solved_lines(answers[part.grade_id]), part.grade_id
            assert not part.untouched
            assert part.kind == "answer" or f"# task: {part.grade_id}" in part.source.splitlines()
        else:
            assert part == cell.part


def as_bytes(notebook: Json) -> bytes:
    """Return a notebook as the bytes of a file."""
    return json.dumps(notebook, indent=1).encode()


def without_metadata(notebook: Json, _: random.Random) -> bytes:
    """Return the file without all metadata and ids."""
    for each in notebook["cells"]:
        each["metadata"] = {}
        del each["id"]
    return as_bytes({**notebook, "metadata": {}, "nbformat_minor": 4})


def without_metadata_and_task_lines(notebook: Json, randomly: random.Random) -> bytes:
    """Return the file without all metadata, ids and task lines."""
    for each in notebook["cells"]:
        each["source"] = "\n".join(line for line in source_of(each).split("\n") if not line.startswith("# task: "))
    return without_metadata(notebook, randomly)


def without_task_lines(notebook: Json, _: random.Random) -> bytes:
    """Return the file without task lines."""
    for each in notebook["cells"]:
        each["source"] = "\n".join(line for line in source_of(each).split("\n") if not line.startswith("# task: "))
    return as_bytes(notebook)


def with_ids_cut_short(notebook: Json, _: random.Random) -> bytes:
    """Return the file with ids cut to 12 characters and no other metadata, as Colab leaves them."""
    for each in notebook["cells"]:
        each["metadata"] = {"id": each.pop("id")[:12]}
    return as_bytes(notebook)


def utf_8_marked(notebook: Json, _: random.Random) -> bytes:
    """Return the file in UTF-8 with a byte order mark."""
    return as_bytes(notebook).decode().encode("utf-8-sig")


def utf_16(notebook: Json, _: random.Random) -> bytes:
    """Return the file in UTF-16 with a byte order mark."""
    return json.dumps(notebook, ensure_ascii=False).encode("utf-16")


def utf_16_without_mark(notebook: Json, _: random.Random) -> bytes:
    """Return the file in UTF-16 without a byte order mark."""
    return json.dumps(notebook, ensure_ascii=False).encode("utf-16-le")


def utf_32(notebook: Json, _: random.Random) -> bytes:
    """Return the file in big-endian UTF-32."""
    return json.dumps(notebook, ensure_ascii=False).encode("utf-32-be")


def windows_lines(notebook: Json, _: random.Random) -> bytes:
    """Return the file with CR LF as line ends, in the file and in the cells' texts."""
    for each in notebook["cells"]:
        each["source"] = source_of(each).replace("\n", "\r\n")
    return as_bytes(notebook).replace(b"\n", b"\r\n")


def padded(notebook: Json, _: random.Random) -> bytes:
    """Return the file with NUL bytes at its end, as after a crash of the file system."""
    return as_bytes(notebook) + b"\0" * 4096


def format_3(notebook: Json, _: random.Random) -> bytes:
    """Return the file in notebook format 3."""
    old = nbformat.convert(nbformat.from_dict(copy.deepcopy(notebook)), 3)
    return nbformat.v3.writes_json(old).encode()


def format_4_0(notebook: Json, _: random.Random) -> bytes:
    """Return the file in notebook format 4.0, without ids."""
    for each in notebook["cells"]:
        del each["id"]
    return as_bytes({**notebook, "nbformat_minor": 0})


def extra_cells(notebook: Json, randomly: random.Random) -> bytes:
    """Return the file with 15 cells of the student at random places, some of them blank."""
    for number in range(15):
        added = randomly.choice([extra(f"scratch = {number}"), extra(f"Note {number}", "markdown"), extra("")])
        notebook["cells"].insert(randomly.randrange(len(notebook["cells"]) + 1), added)
    return as_bytes(notebook)


def duplicated_and_deleted_tests(notebook: Json, randomly: random.Random) -> bytes:
    """Return the file with each locked cell zero, one or two times."""
    for each in list(notebook["cells"]):
        if each["metadata"].get("nbgrader", {}).get("locked"):
            index = notebook["cells"].index(each)
            copies = randomly.randrange(3)
            notebook["cells"][index : index + 1] = [copy.deepcopy(each) for _ in range(copies)]
    return as_bytes(notebook)


def moved_answers(notebook: Json, randomly: random.Random) -> bytes:
    """Return the file with half of the answers at random places."""
    for each in [each for each in notebook["cells"] if is_answer(each)]:
        if randomly.random() < 0.5:
            notebook["cells"].remove(each)
            notebook["cells"].insert(randomly.randrange(len(notebook["cells"])), each)
    return as_bytes(notebook)


def answers_as_markdown(notebook: Json, _: random.Random) -> bytes:
    """Return the file with answers as Markdown cells."""
    for each in notebook["cells"]:
        if is_answer(each):
            each["cell_type"] = "markdown"
    return as_bytes(notebook)


def answers_as_raw(notebook: Json, _: random.Random) -> bytes:
    """Return the file with answers as raw cells."""
    for each in notebook["cells"]:
        if is_answer(each):
            each["cell_type"] = "raw"
    return as_bytes(notebook)


def stubs_kept_as_well(notebook: Json, _: random.Random, stubs: Mapping[str, str]) -> bytes:
    """Return the file with a stub of the same label before or after each answer."""
    for each in [each for each in notebook["cells"] if is_answer(each)]:
        index = notebook["cells"].index(each)
        stub = copy.deepcopy(each) | {"source": stubs[each["metadata"]["nbgrader"]["grade_id"]], "id": f"stub{index}"}
        notebook["cells"].insert(index + index % 2, stub)
    return as_bytes(notebook)


def answers_beside_their_stubs(notebook: Json, _: random.Random, stubs: Mapping[str, str]) -> bytes:
    """Return the file with all stubs unchanged, and each answer in a new cell below its stub."""
    for each in [each for each in notebook["cells"] if is_answer(each)]:
        index = notebook["cells"].index(each)
        new = extra("\n".join(solved_lines(source_of(each))), each["cell_type"])
        each["source"] = stubs[each["metadata"]["nbgrader"]["grade_id"]]
        notebook["cells"].insert(index + 1, new)
    return as_bytes(notebook)


def merged_answers(notebook: Json, _: random.Random) -> bytes:
    """Return the file with all solutions in the cell of the first."""
    solutions = [each for each in notebook["cells"] if is_answer(each) and each["cell_type"] == "code"]
    solutions[0]["source"] = "\n\n".join(map(source_of, solutions))
    notebook["cells"] = [each for each in notebook["cells"] if each not in solutions[1:]]
    return as_bytes(notebook)


def large_outputs(notebook: Json, _: random.Random) -> bytes:
    """Return the file with 20 MB of printed output."""
    codes = [each for each in notebook["cells"] if each["cell_type"] == "code"]
    codes[0]["outputs"] = [{"output_type": "stream", "name": "stdout", "text": "[0.125, 1] {spam}\n" * 1_100_000}]
    return as_bytes(notebook)


ACCIDENTS: list[Callable[[Json, random.Random], bytes]] = [
    lambda notebook, _: as_bytes(notebook), without_metadata, without_task_lines, without_metadata_and_task_lines,
    with_ids_cut_short, utf_8_marked, utf_16, utf_16_without_mark, utf_32, windows_lines, padded, format_3, format_4_0,
    extra_cells, duplicated_and_deleted_tests, moved_answers, answers_as_markdown, answers_as_raw, merged_answers,
    large_outputs,
]  # fmt: skip


def source_of(each: Json) -> str:
    """Return a cell's source as one text; the file may have a list of lines."""
    source = each["source"]
    return source if isinstance(source, str) else "".join(source)


def is_answer(each: Json) -> bool:
    """True if a student fills in the cell."""
    return bool(each["metadata"].get("nbgrader", {}).get("solution"))


def plan_of(lab_notebook: Lab, data: bytes) -> GradingPlan:
    """Return the plan that intake makes of a file."""
    return rebuild(lab_notebook.source_notebook, SubmittedFile(lab_notebook.released.name, data))


@pytest.mark.many
@pytest.mark.often("derivations", "linear_regression", "columns", "training")
@pytest.mark.parametrize("accident", ACCIDENTS, ids=lambda accident: accident.__name__)
def test_answers_survive(text: Path, accident: Callable[[Json, random.Random], bytes]) -> None:
    """After each accident the plan has all answers, right ones and variants."""
    lab_notebook = lab(text)
    for seed in SEEDS if accident in (extra_cells, duplicated_and_deleted_tests, moved_answers) else [0]:
        for answers in (lab_notebook.right(), lab_notebook.varied()):
            check(
                plan_of(lab_notebook, accident(lab_notebook.answered(answers), random.Random(seed))),
                lab_notebook,
                answers,
            )


@pytest.mark.parametrize("accident", [stubs_kept_as_well, answers_beside_their_stubs])
def test_answers_survive_beside_stubs(text: Path, accident: Callable[..., bytes]) -> None:
    """A stub that was left in the notebook does not replace the answer."""
    lab_notebook = lab(text)
    stubs = {cell.part.grade_id: cell.released for cell in lab_notebook.source_notebook.cells if cell.is_answer}
    for answers in (lab_notebook.right(), lab_notebook.varied()):
        check(
            plan_of(lab_notebook, accident(lab_notebook.answered(answers), random.Random(0), stubs)),
            lab_notebook,
            answers,
        )


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize("labelled", [True, False])
def test_split_answers_are_joined(text: Path, seed: int, labelled: bool) -> None:
    """An answer split between two statements is joined; an unlabelled half may follow the first half instead."""
    lab_notebook, randomly = lab(text), random.Random(seed)
    for answers in (lab_notebook.right(), lab_notebook.varied()):
        notebook, split_tasks, recognisable = lab_notebook.answered(answers), set(), set()
        for each in [each for each in notebook["cells"] if is_answer(each) and each["cell_type"] == "code"]:
            source = source_of(each)
            lines = source.split("\n")
            cuts = [statement.lineno - 1 for statement in ast.parse(source).body][1:]
            candidates = [("\n".join(lines[:cut]), "\n".join(lines[cut:])) for cut in cuts]
            # Two halves that define the same names look like two answers.
            if splits := [
                halves for halves in candidates if not defined_names(halves[0])[0] & defined_names(halves[1])[0]
            ]:
                halves = randomly.choice(splits)
                second = copy.deepcopy(each) if labelled else extra("")
                each["source"], second["source"] = halves
                second["id"] = f"{each['id']}-b"[-60:]
                notebook["cells"].insert(notebook["cells"].index(each) + 1, second)
                split_tasks.add(each["id"])
                # An unlabelled half that defines no names counts as an added cell, which runs at its place.
                recognisable |= {each["id"]} if defined_names(halves[1])[0] else set()
        plan = plan_of(lab_notebook, as_bytes(notebook))
        if labelled or {"fit-mpg", "toy-forward"} & recognisable:
            check(plan, lab_notebook, answers)
        for index, part in enumerate(plan.parts):
            if part.grade_id in split_tasks:
                rest = plan.parts[index + 1].source if plan.parts[index + 1].kind == "extra" else ""
                assert solved_lines(f"{part.source}\n{rest}") == solved_lines(answers[part.grade_id])


def test_colab_changes_nothing(text: Path, as_saved_by_colab: Callable[[Any], str]) -> None:
    """Intake finds all answers in a file saved by Colab, with and without nbgrader's metadata."""
    lab_notebook = lab(text)
    answers = lab_notebook.right()
    saved = json.loads(as_saved_by_colab(nbformat.from_dict(lab_notebook.answered(answers))))
    check(plan_of(lab_notebook, as_bytes(saved)), lab_notebook, answers)
    for each in saved["cells"]:
        each["metadata"].pop("nbgrader", None)
    check(plan_of(lab_notebook, as_bytes(saved)), lab_notebook, answers)


def test_notebook_with_any_name_is_chosen(text: Path) -> None:
    """A renamed or zipped notebook is chosen for its notebook of the lab, also with a name in another script."""
    lab_notebook = lab(text)
    source_notebooks = {
        each.source_notebook.name: each.source_notebook
        for each in map(lab, TEXTS)
        if each.released.parent == lab_notebook.released.parent
    }
    data, name = as_bytes(lab_notebook.answered(lab_notebook.right())), lab_notebook.source_notebook.name
    archive = io.BytesIO()
    with zipfile.ZipFile(archive, "w", zipfile.ZIP_DEFLATED) as zipped:
        zipped.writestr(f"lab/{name}.ipynb", data)
    for file in (
        SubmittedFile(f"{name}.ipynb", data), SubmittedFile(f"{name} (1).ipynb", data),
        SubmittedFile("実験.ipynb", data), SubmittedFile("x", data),
        SubmittedFile(f"ada_{name.upper()}-Copy2.ipynb.txt", data), SubmittedFile("lab.zip", archive.getvalue()),
    ):  # fmt: skip
        chosen, _ = choose(unpack([file])[0], source_notebooks)
        assert list(chosen) == [name], file.name
        assert chosen[name].data == data
