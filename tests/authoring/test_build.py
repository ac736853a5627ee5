"""Tests of `lab build` and its check: all or nothing, the same bytes each time, minimal changes, and drift."""

from __future__ import annotations

import json
import shutil
import tempfile
from pathlib import Path

import pytest

from autograder import authoring
from autograder.authoring import LabError
from autograder.course import Course
from autograder.errors import CourseError


def text_of(course):
    """Return the path of the tiny lab's text."""
    return course.written / "lab" / "tiny.py"


def cells_of(notebook):
    """Return the cells of a notebook file by id, as its JSON holds them."""
    return {cell["id"]: cell for cell in json.loads(notebook.read_text(encoding="utf-8"))["cells"]}


def test_building_from_nothing(course, built_once, contents):
    """Two builds from nothing write the same bytes into the files that `build` returns, and no other file."""
    before = contents(course)
    steps: list[str] = []
    changed = authoring.build(course, ["lab"], steps.append)
    notebooks = [course.source / "lab" / "tiny.ipynb", course.release / "lab" / "tiny.ipynb"]
    assert changed == notebooks
    assert steps == ["lab: tiny", "lab: release"]
    after = contents(course)
    assert set(after) - set(before) == {str(file.relative_to(course.root)) for file in notebooks}
    assert after == contents(built_once)


def test_building_again(built, contents):
    """A second build changes no byte and executes no cell."""
    before = contents(built)
    assert authoring.build(built, ["lab"]) == []
    assert contents(built) == before
    assert not list(authoring.check(built, "lab"))


def test_changing_one_cell_of_prose(built, edit):
    """A change in one cell of prose changes only that cell, in source and release, and no output."""
    source, release = (step / "lab" / "tiny.ipynb" for step in (built.source, built.release))
    before = [cells_of(source), cells_of(release)]
    edit(text_of(built), "Work from top to bottom.", "Begin at the top.")
    assert authoring.build(built, ["lab"]) == [source, release]
    for old, new in zip(before, [cells_of(source), cells_of(release)], strict=True):
        (removed,), (added,) = set(old) - set(new), set(new) - set(old)
        assert list(old).index(removed) == list(new).index(added) == 0
        assert new[added]["source"][-1] == "Begin at the top."
        assert list(old.values())[1:] == list(new.values())[1:]


def test_adding_a_cell(built, edit):
    """A new cell of prose, equal to two others, changes no other cell's id and no output."""
    source = built.source / "lab" / "tiny.ipynb"
    before = cells_of(source)
    edit(
        text_of(built),
        "# %% [markdown]\n# **Your turn",
        "# %% [markdown]\n# Look again.\n\n# %% [markdown]\n# **Your turn",
    )
    authoring.build(built, ["lab"])
    after = cells_of(source)
    assert len(after) == len(before) + 1
    assert {id: after[id] for id in before} == before


def test_a_lab_text_that_was_deleted(built, edit, contents):
    """The build deletes the notebooks of a deleted lab text from source/ and release/ and keeps other files there."""
    (built.release / "lab" / "picture.png").write_bytes(b"")
    shutil.copyfile(text_of(built), built.written / "lab" / "other.py")
    for step in (built.source, built.release):
        shutil.copyfile(step / "lab" / "tiny.ipynb", step / "lab" / "other.ipynb")
    before = contents(built)
    (built.written / "lab" / "other.py").unlink()
    stale = [step / "lab" / "other.ipynb" for step in (built.source, built.release)]
    assert [drift.file for drift in authoring.check(built, "lab")] == stale
    assert authoring.build(built, ["lab"]) == stale
    assert set(before) - set(contents(built)) == {
        "notebooks/lab/other.py", "source/lab/other.ipynb", "release/lab/other.ipynb"
    }  # fmt: skip


def second_lab(course, text):
    """Write a text of a second lab, which is built after the first, and return its path."""
    (course.written / "second").mkdir()
    file = course.written / "second" / "second.py"
    file.write_text(text, encoding="utf-8")
    return file


def test_building_several_labs(built, edit):
    """One build of several labs returns each changed notebook once, even if a lab is named twice."""
    edit(text_of(built), "Work from top", "Go from top")
    second_lab(built, "# %% [markdown]\n# Only prose.\n")
    changed = authoring.build(built, ["lab", "second", "lab"])
    assert [str(file.relative_to(built.root)) for file in changed] == [
        "source/lab/tiny.ipynb", "release/lab/tiny.ipynb", "source/second/second.ipynb", "release/second/second.ipynb"
    ]  # fmt: skip


def spoil_text(course: Course) -> None:
    """Add a lab text with an error that reading finds, before any cell runs."""
    second_lab(course, "# %% oops\nx = 1\n")


def spoil_run(course: Course) -> None:
    """Add a lab with a cell that raises."""
    second_lab(course, "# %%\n1 / 0\n")


def spoil_answers(course: Course) -> None:
    """Add a lab whose answers file has an error."""
    file = second_lab(course, "# %% [markdown]\n# Only prose.\n")
    file.with_name("second_answers.py").write_text("# %%\nx = 1\n", encoding="utf-8")


def spoil_release(course: Course) -> None:
    """Add a configuration with which nbgrader can't make a release."""
    with (course.root / "nbgrader_config.py").open("a", encoding="utf-8") as config:
        config.write("\nc.ClearSolutions.code_stub = {}\n")
    second_lab(course, "# %% [markdown]\n# Only prose.\n")


def spoil_secret(course: Course) -> None:
    """Add a lab whose prose contains a sentence of a model answer."""
    sentence = "The slope is the same everywhere (1 point)."
    second_lab(course, f'# %% [markdown]\n# {sentence}\n\n# %% [markdown] answer="why" points=1\n# {sentence}\n')


def spoil_place(course: Course) -> None:
    """Put a file in the place of the release folder."""
    second_lab(course, "# %% [markdown]\n# Only prose.\n")
    (course.release / "second").write_text("in the way", encoding="utf-8")


@pytest.mark.parametrize(
    "spoil", [spoil_text, spoil_run, spoil_answers, spoil_release, spoil_secret, spoil_place], ids=lambda f: f.__name__
)
def test_all_or_nothing(built, edit, contents, monkeypatch, tmp_path, spoil):
    """An error in one lab leaves the built files of all labs as they were, byte for byte, and adds no file."""
    (tmp_path / "temporary").mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / "temporary"))
    edit(text_of(built), "Work from top", "Go from top")
    spoil(built)
    before = contents(built)
    with pytest.raises((LabError, CourseError)):
        authoring.build(built, ["lab", "second"])
    assert contents(built) == before
    assert not list((tmp_path / "temporary").iterdir())


def drifts(course):
    """Return each drift that `check` reports as file name and description."""
    return [(str(drift.file.relative_to(course.root)), drift.what) for drift in authoring.check(course, "lab")]


def change(notebook: Path, modify):
    """Edit a notebook file's JSON with a function, as another tool would."""
    data = json.loads(notebook.read_text(encoding="utf-8"))
    modify(data)
    notebook.write_text(json.dumps(data), encoding="utf-8")


def swap(data):
    """Swap the first two cells."""
    data["cells"][0:2] = data["cells"][1::-1]


SOURCE = {
    "text of a cell": (lambda data: data["cells"][3]["source"].append("# more"), ["cell double differs"]),
    "metadata of a cell": (
        lambda data: data["cells"][4]["metadata"]["nbgrader"].update(points=3), ["cell test_double differs"]
    ),
    "kind of a cell": (lambda data: data["cells"][8].update(cell_type="raw"), ["cell why-straight differs"]),
    "metadata": (lambda data: data["metadata"].update(author="me"), ["the notebook's metadata differ"]),
    "version": (lambda data: data.update(nbformat_minor=4), ["the notebook's metadata differ"]),
    "order": (swap, ["the cells are in another order"]),
    "a cell too few": (lambda data: data["cells"].pop(2), ["cell data is not built yet"]),
    "a cell too many": (
        lambda data: data["cells"].append({**data["cells"][6], "id": "mine"}), ["cell mine is not in the text any more"]
    ),
    "a cell twice": (
        lambda data: data["cells"].append(data["cells"][3]), ["cell double is not in the text any more"]
    ),
    "no ids": (lambda data: [cell.pop("id") for cell in data["cells"]], ["is no whole notebook"]),
    "outputs": (lambda data: data["cells"][4].update(outputs=[]), []),
}  # fmt: skip


def test_drift_of_source(built):
    """`check` reports each difference between source notebook and lab text, except outputs, which nbval checks."""
    for name, (modify, _) in SOURCE.items():
        shutil.copyfile(text_of(built), built.written / "lab" / f"{name}.py")
        for step in (built.source, built.release):
            shutil.copyfile(step / "lab" / "tiny.ipynb", step / "lab" / f"{name}.ipynb")
        change(built.source / "lab" / f"{name}.ipynb", modify)
    expected = [(f"source/lab/{name}.ipynb", what) for name, (_, messages) in SOURCE.items() for what in messages]
    assert sorted(drifts(built)) == sorted(expected)


def test_drift_of_release(built, edit):
    """`check` reports a release that differs by one byte."""
    edit(built.release / "lab" / "tiny.ipynb", "Your turn: write", "Your turn, write")
    assert drifts(built) == [("release/lab/tiny.ipynb", "differs from what nbgrader makes of the text")]


def test_drift_of_missing_and_broken_files(built):
    """`check` reports missing, stale and half-merged files; a build restores or deletes them."""
    source, release = (step / "lab" / "tiny.ipynb" for step in (built.source, built.release))
    before = source.read_bytes()
    release.unlink()
    (built.release / "lab" / "old.ipynb").write_text("{}", encoding="utf-8")
    source.write_text("<<<<<<< HEAD\n", encoding="utf-8")
    assert drifts(built) == [
        ("release/lab/tiny.ipynb", "is missing"),
        ("release/lab/old.ipynb", "has no text any more"),
        ("source/lab/tiny.ipynb", "is no whole notebook"),
    ]
    shutil.rmtree(built.source)
    assert ("source/lab/tiny.ipynb", "is missing") in drifts(built)
    source.parent.mkdir(parents=True)
    source.write_bytes(before)
    assert authoring.build(built, ["lab"]) == [release, built.release / "lab" / "old.ipynb"]
    assert drifts(built) == []


def test_drift_of_text(built, edit):
    """After a change of the lab text, `check` reports the cells that are not built yet, in source and release."""
    edit(text_of(built), "return twice", "return 2 * x")
    edit(text_of(built), "Work from top to bottom.", "Begin at the top.")
    reported = drifts(built)
    assert ("source/lab/tiny.ipynb", "cell double differs") in reported
    assert [what for _, what in reported if what.startswith("cell prose-")]
    assert ("release/lab/tiny.ipynb", "differs from what nbgrader makes of the text") in reported


def test_checking_executes_nothing(built, edit, tmp_path, contents):
    """`check` runs no cell and changes no file, even where cells would fail, write a file or never end."""
    marker = tmp_path / "trace"
    cell = f'open("{marker}", "w")\n1 / 0\nwhile True: pass'
    edit(text_of(built), "# %%\nplt.plot", f"# %%\n{cell}\n\n# %%\nplt.plot")
    before = contents(built)
    assert len(drifts(built)) == 2
    assert not marker.exists()
    assert contents(built) == before


def test_checking_finds_errors(built, edit):
    """`check` raises a LabError for a lab text with an error."""
    edit(text_of(built), "points=2", "point=2")
    with pytest.raises(LabError, match="did you mean points="):
        drifts(built)


def test_texts_of_a_lab(course):
    """A lab's texts are its scripts except answers files; answers without a text, or no text at all, are an error."""
    (course.written / "lab" / "another.py").write_text("# %%\nx = 1\n", encoding="utf-8")
    assert [file.name for file in authoring.lab_files(course, "lab")] == ["another.py", "tiny.py"]
    stray = course.written / "lab" / "tinny_answers.py"
    stray.write_text("", encoding="utf-8")
    with pytest.raises(LabError, match=r"answers no text.*\n.*another_answers.py or tiny_answers.py"):
        authoring.lab_files(course, "lab")
    stray.unlink()
    (course.written / "empty").mkdir()
    with pytest.raises(CourseError, match=r"empty has no notebook\n.*empty/NAME.py"):
        authoring.lab_files(course, "empty")


def test_labs_that_are_written(course):
    """A lab only in source/ is in the course but not in `written_labs`; a course without texts is an error."""
    (course.source / "by_hand").mkdir(parents=True)
    assert course.labs() == ["by_hand", "lab"]
    assert authoring.written_labs(course) == ["lab"]
    shutil.rmtree(course.written)
    with pytest.raises(CourseError, match=r"has no lab\n.*LAB/NAME.py"):
        authoring.written_labs(course)
