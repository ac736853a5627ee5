"""Every honest accident, on every released lab filled in with right answers: the answers come out as they went in."""

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
from autograder.grading.intake.defined_names import defined_names
from autograder.grading.model import GradingPlan, SubmittedFile
from tests.grading.intake.notebooks import TEXTS, Json, Lab, extra, lab
from tests.labs.played import left_to_make_slow

SEEDS = range(3)


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Each lab."""
    if "text" in metafunc.fixturenames:
        texts = [pytest.param(text, id=text.stem, marks=left_to_make_slow(metafunc, text)) for text in TEXTS]
        metafunc.parametrize("text", texts)


def solved_lines(source: str) -> list[str]:
    """What a solution says, without blank lines and the line that names its task."""
    return [line for line in source.splitlines() if line.strip() and not line.startswith("# task: ")]


def check(plan: GradingPlan, own: Lab, answers: Mapping[str, str]) -> None:
    """All of the instructor's cells stand there once, in order and unchanged, with just these answers."""
    parts = [part for part in plan.parts if part.kind != "extra"]
    assert [part.cell_id for part in parts] == [cell.part.cell_id for cell in own.master.cells]
    for part, cell in zip(parts, own.master.cells, strict=True):
        if cell.is_answer:
            assert solved_lines(part.source) == solved_lines(answers[part.grade_id]), part.grade_id
            assert not part.untouched
            assert part.kind == "answer" or f"# task: {part.grade_id}" in part.source.splitlines()
        else:
            assert part == cell.part


def as_bytes(notebook: Json) -> bytes:
    """The file."""
    return json.dumps(notebook, indent=1).encode()


def without_metadata(notebook: Json, _: random.Random) -> bytes:
    """All of nbgrader's, Colab's and the ids are gone."""
    for each in notebook["cells"]:
        each["metadata"] = {}
        del each["id"]
    return as_bytes({**notebook, "metadata": {}, "nbformat_minor": 4})


def without_metadata_and_task_lines(notebook: Json, randomly: random.Random) -> bytes:
    """And so are the lines that name the tasks."""
    for each in notebook["cells"]:
        each["source"] = "\n".join(line for line in written(each).split("\n") if not line.startswith("# task: "))
    return without_metadata(notebook, randomly)


def without_task_lines(notebook: Json, _: random.Random) -> bytes:
    """The lines that name the tasks were deleted."""
    for each in notebook["cells"]:
        each["source"] = "\n".join(line for line in written(each).split("\n") if not line.startswith("# task: "))
    return as_bytes(notebook)


def with_ids_cut_short(notebook: Json, _: random.Random) -> bytes:
    """Only what Colab leaves of ids."""
    for each in notebook["cells"]:
        each["metadata"] = {"id": each.pop("id")[:12]}
    return as_bytes(notebook)


def marked_bytes(notebook: Json, _: random.Random) -> bytes:
    """UTF-8 with a mark."""
    return as_bytes(notebook).decode().encode("utf-8-sig")


def utf_16(notebook: Json, _: random.Random) -> bytes:
    """With a mark."""
    return json.dumps(notebook, ensure_ascii=False).encode("utf-16")


def utf_16_without_mark(notebook: Json, _: random.Random) -> bytes:
    """Without."""
    return json.dumps(notebook, ensure_ascii=False).encode("utf-16-le")


def utf_32(notebook: Json, _: random.Random) -> bytes:
    """Big end first."""
    return json.dumps(notebook, ensure_ascii=False).encode("utf-32-be")


def windows_lines(notebook: Json, _: random.Random) -> bytes:
    """CR LF in the file and in the texts."""
    for each in notebook["cells"]:
        each["source"] = written(each).replace("\n", "\r\n")
    return as_bytes(notebook).replace(b"\n", b"\r\n")


def padded(notebook: Json, _: random.Random) -> bytes:
    """As after a crash of the file system."""
    return as_bytes(notebook) + b"\0" * 4096


def format_3(notebook: Json, _: random.Random) -> bytes:
    """An old notebook."""
    old = nbformat.convert(nbformat.from_dict(copy.deepcopy(notebook)), 3)
    return nbformat.v3.writes_json(old).encode()


def format_4_0(notebook: Json, _: random.Random) -> bytes:
    """No ids."""
    for each in notebook["cells"]:
        del each["id"]
    return as_bytes({**notebook, "nbformat_minor": 0})


def extra_cells(notebook: Json, randomly: random.Random) -> bytes:
    """Cells of the student's own, and blank ones, anywhere."""
    for number in range(15):
        words = randomly.choice([extra(f"scratch = {number}"), extra(f"Note {number}", "markdown"), extra("")])
        notebook["cells"].insert(randomly.randrange(len(notebook["cells"]) + 1), words)
    return as_bytes(notebook)


def duplicated_and_deleted_tests(notebook: Json, randomly: random.Random) -> bytes:
    """Each locked cell no, one or two times."""
    for each in list(notebook["cells"]):
        if each["metadata"].get("nbgrader", {}).get("locked"):
            at = notebook["cells"].index(each)
            copies = randomly.randrange(3)
            notebook["cells"][at : at + 1] = [copy.deepcopy(each) for _ in range(copies)]
    return as_bytes(notebook)


def moved_answers(notebook: Json, randomly: random.Random) -> bytes:
    """Half of the answers anywhere."""
    for each in [each for each in notebook["cells"] if is_answer(each)]:
        if randomly.random() < 0.5:
            notebook["cells"].remove(each)
            notebook["cells"].insert(randomly.randrange(len(notebook["cells"])), each)
    return as_bytes(notebook)


def answers_as_markdown(notebook: Json, _: random.Random) -> bytes:
    """Toggled."""
    for each in notebook["cells"]:
        if is_answer(each):
            each["cell_type"] = "markdown"
    return as_bytes(notebook)


def answers_as_raw(notebook: Json, _: random.Random) -> bytes:
    """Toggled."""
    for each in notebook["cells"]:
        if is_answer(each):
            each["cell_type"] = "raw"
    return as_bytes(notebook)


def stubs_kept_as_well(notebook: Json, _: random.Random, stubs: Mapping[str, str]) -> bytes:
    """The answer stands in a copy of its cell, before or after the stub."""
    for each in [each for each in notebook["cells"] if is_answer(each)]:
        at = notebook["cells"].index(each)
        stub = copy.deepcopy(each) | {"source": stubs[each["metadata"]["nbgrader"]["grade_id"]], "id": f"stub{at}"}
        notebook["cells"].insert(at + at % 2, stub)
    return as_bytes(notebook)


def answers_beside_their_stubs(notebook: Json, _: random.Random, stubs: Mapping[str, str]) -> bytes:
    """The stub was left alone, and the answer written into a new cell below."""
    for each in [each for each in notebook["cells"] if is_answer(each)]:
        at = notebook["cells"].index(each)
        new = extra("\n".join(solved_lines(written(each))), each["cell_type"])
        each["source"] = stubs[each["metadata"]["nbgrader"]["grade_id"]]
        notebook["cells"].insert(at + 1, new)
    return as_bytes(notebook)


def merged_answers(notebook: Json, _: random.Random) -> bytes:
    """All solutions stand in the cell of the first."""
    solutions = [each for each in notebook["cells"] if is_answer(each) and each["cell_type"] == "code"]
    solutions[0]["source"] = "\n\n".join(map(written, solutions))
    notebook["cells"] = [each for each in notebook["cells"] if each not in solutions[1:]]
    return as_bytes(notebook)


def large_outputs(notebook: Json, _: random.Random) -> bytes:
    """20 MB that were printed."""
    codes = [each for each in notebook["cells"] if each["cell_type"] == "code"]
    codes[0]["outputs"] = [{"output_type": "stream", "name": "stdout", "text": "[0.125, 1] {spam}\n" * 1_100_000}]
    return as_bytes(notebook)


ACCIDENTS: list[Callable[[Json, random.Random], bytes]] = [
    lambda notebook, _: as_bytes(notebook), without_metadata, without_task_lines, without_metadata_and_task_lines,
    with_ids_cut_short, marked_bytes, utf_16, utf_16_without_mark, utf_32, windows_lines, padded, format_3, format_4_0,
    extra_cells, duplicated_and_deleted_tests, moved_answers, answers_as_markdown, answers_as_raw, merged_answers,
    large_outputs,
]  # fmt: skip


def written(each: Json) -> str:
    """A cell's text, with the lines of one that is kept in lines put together."""
    source = each["source"]
    return source if isinstance(source, str) else "".join(source)


def is_answer(each: Json) -> bool:
    """Whether a student fills the cell in."""
    return bool(each["metadata"].get("nbgrader", {}).get("solution"))


def graded(own: Lab, data: bytes) -> GradingPlan:
    """What intake makes of a file."""
    return rebuild(own.master, SubmittedFile(own.released.name, data))


@pytest.mark.many
@pytest.mark.often("derivations", "linear_regression", "columns", "training")
@pytest.mark.parametrize("accident", ACCIDENTS, ids=lambda accident: accident.__name__)
def test_answers_survive(text: Path, accident: Callable[[Json, random.Random], bytes]) -> None:
    """An accident costs nobody an answer, whichever way the tasks are answered."""
    own = lab(text)
    for seed in SEEDS if accident in (extra_cells, duplicated_and_deleted_tests, moved_answers) else [0]:
        for answers in (own.right(), own.varied()):
            check(graded(own, accident(own.answered(answers), random.Random(seed))), own, answers)


@pytest.mark.parametrize("accident", [stubs_kept_as_well, answers_beside_their_stubs])
def test_answers_survive_beside_stubs(text: Path, accident: Callable[..., bytes]) -> None:
    """A stub that was left in the notebook does not win against the answer."""
    own = lab(text)
    stubs = {cell.part.grade_id: cell.released for cell in own.master.cells if cell.is_answer}
    for answers in (own.right(), own.varied()):
        check(graded(own, accident(own.answered(answers), random.Random(0), stubs)), own, answers)


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize("labelled", [True, False])
def test_split_answers_are_joined(text: Path, seed: int, labelled: bool) -> None:
    """An answer split between two statements is one again; without a label at least what it lacks is found."""
    own, randomly = lab(text), random.Random(seed)
    for answers in (own.right(), own.varied()):
        notebook, whole, told_apart = own.answered(answers), set(), set()
        for each in [each for each in notebook["cells"] if is_answer(each) and each["cell_type"] == "code"]:
            source = written(each)
            lines = source.split("\n")
            cuts = [statement.lineno - 1 for statement in ast.parse(source).body][1:]
            cut_up = [("\n".join(lines[:cut]), "\n".join(lines[cut:])) for cut in cuts]
            # Two halves that define the same names can't be told from two answers.
            if told := [halves for halves in cut_up if not defined_names(halves[0])[0] & defined_names(halves[1])[0]]:
                halves = randomly.choice(told)
                second = copy.deepcopy(each) if labelled else extra("")
                each["source"], second["source"] = halves
                second["id"] = f"{each['id']}-b"[-60:]
                notebook["cells"].insert(notebook["cells"].index(each) + 1, second)
                whole.add(each["id"])
                # Without a label, one that defines no names is a cell of the student's own, which runs where it stands.
                told_apart |= {each["id"]} if defined_names(halves[1])[0] else set()
        plan = graded(own, as_bytes(notebook))
        if labelled or {"fit-mpg", "toy-forward"} & told_apart:
            check(plan, own, answers)
        for at, part in enumerate(plan.parts):
            if part.grade_id in whole:
                rest = plan.parts[at + 1].source if plan.parts[at + 1].kind == "extra" else ""
                assert solved_lines(f"{part.source}\n{rest}") == solved_lines(answers[part.grade_id])


def test_colab_changes_nothing(text: Path, as_saved_by_colab: Callable[[Any], str]) -> None:
    """What Colab saved is found again, with and without nbgrader's metadata."""
    own = lab(text)
    answers = own.right()
    saved = json.loads(as_saved_by_colab(nbformat.from_dict(own.answered(answers))))
    check(graded(own, as_bytes(saved)), own, answers)
    for each in saved["cells"]:
        each["metadata"].pop("nbgrader", None)
    check(graded(own, as_bytes(saved)), own, answers)


def test_whatever_it_is_called(text: Path) -> None:
    """A renamed or zipped notebook is found among those of its lab, and so is one in another script."""
    own = lab(text)
    masters = {each.master.name: each.master for each in map(lab, TEXTS) if each.released.parent == own.released.parent}
    data, name = as_bytes(own.answered(own.right())), own.master.name
    archive = io.BytesIO()
    with zipfile.ZipFile(archive, "w", zipfile.ZIP_DEFLATED) as zipped:
        zipped.writestr(f"lab/{name}.ipynb", data)
    for file in (
        SubmittedFile(f"{name}.ipynb", data), SubmittedFile(f"{name} (1).ipynb", data),
        SubmittedFile("実験.ipynb", data), SubmittedFile("x", data),
        SubmittedFile(f"ada_{name.upper()}-Copy2.ipynb.txt", data), SubmittedFile("lab.zip", archive.getvalue()),
    ):  # fmt: skip
        chosen, _ = choose([file], masters)
        assert list(chosen) == [name], file.name
        assert chosen[name].data == data
