"""Tests of running a source notebook: the same outputs on every machine, and errors with the line that raised."""

from __future__ import annotations

import copy
import io
from base64 import b64decode, b64encode

import matplotlib.pyplot as plt
import nbformat
import numpy as np
import pytest
from nbformat.v4 import new_output
from PIL import Image

from autograder.authoring import LabError, execute, read_lab
from autograder.authoring.execute import run
from autograder.authoring.source_writer import to_notebook
from autograder.checks.score import MIME

pytestmark = pytest.mark.kernels


@pytest.fixture
def execute_text(read, tmp_path):
    """Return a function that reads and runs a lab text; it returns the notebook and whether its cells were executed."""

    def read_and_run(text, built=tmp_path / "never_built.ipynb"):
        lab = read(text)
        notebook = to_notebook(lab)
        executed = run(notebook, lab, built)
        return notebook, executed

    return read_and_run


@pytest.fixture
def failure(execute_text):
    """Return a function that runs a lab text that must fail, and returns the LabError."""

    def run_failing(text):
        with pytest.raises(LabError) as caught:
            execute_text(text)
        assert "\x1b" not in str(caught.value)
        return caught.value

    return run_failing


def test_outputs_are_stored(built_once):
    """A source notebook stores what its code prints and draws, and its test cell stores the score record."""
    notebook = nbformat.read(built_once.source / "lab" / "tiny.ipynb", as_version=4)
    cells = {cell.id: cell for cell in notebook.cells}
    printed, scored = cells["test_double"].outputs
    assert printed.text == "right: the double of 2 is 4\n"
    assert scored.data["text/plain"] == "2.0"
    assert scored.data[MIME]["points"] == scored.data[MIME]["maximum"] == 2.0
    (drawn,) = (cell for cell in notebook.cells if cell.id.startswith("code"))
    assert [list(output.data) for output in drawn.outputs] == [["image/png", "text/plain"]]


def test_outputs_say_nothing_of_the_machine(built_once):
    """Stored notebooks hold no time, no version and no path, in text, metadata or pictures."""
    file = built_once.source / "lab" / "tiny.ipynb"
    notebook = nbformat.read(file, as_version=4)
    assert dict(notebook.metadata.language_info) == {"name": "python"}
    assert not [cell.id for cell in notebook.cells if "execution" in cell.metadata]
    assert str(built_once.root) not in file.read_text(encoding="utf-8")
    pictures = [output.data["image/png"] for cell in notebook.cells if cell.cell_type == "code"
                for output in cell.outputs if "image/png" in output.get("data", {})]  # fmt: skip
    for picture in pictures:
        image = Image.open(io.BytesIO(b64decode(picture)))
        image.load()
        assert not {name: text for name, text in image.info.items() if isinstance(text, str)}
        assert len(image.getcolors(maxcolors=100_000)) > 2
    assert pictures


def test_pictures_lose_their_comments_and_no_pixel():
    """`without_comments` removes a PNG's comments and changes no pixel; other data stay as they are."""
    original = io.BytesIO()
    figure, axes = plt.subplots()
    axes.plot([1, 3, 2])
    figure.savefig(original, metadata={"Title": "a", "Creation Time": "now"})
    plt.close(figure)
    cleaned = b64decode(execute.without_comments(b64encode(original.getvalue()).decode()))
    before, after = Image.open(original), Image.open(io.BytesIO(cleaned))
    assert {"Title", "Creation Time", "Software"} <= set(before.info)
    assert set(after.info) == {"dpi"}
    assert np.array_equal(np.asarray(before), np.asarray(after))
    for other in (b"GIF89a", b"", b"\x89PNG\r\n\x1a\n"):
        assert execute.without_comments(b64encode(other).decode()) == b64encode(other).decode()


def test_an_author_with_other_settings(execute_text, monkeypatch, tmp_path, capfd):
    """The author's backends, start-up files and styles change no output, and running writes nothing to stderr."""
    startup = tmp_path / "ipython" / "profile_default" / "startup"
    startup.mkdir(parents=True)
    (startup / "mine.py").write_text("print('from my start-up file'); mine = 1", encoding="utf-8")
    (tmp_path / "matplotlibrc").write_text("lines.linewidth: 17\n", encoding="utf-8")
    monkeypatch.setenv("IPYTHONDIR", str(tmp_path / "ipython"))
    monkeypatch.setenv("MATPLOTLIBRC", str(tmp_path / "matplotlibrc"))
    monkeypatch.setenv("MPLBACKEND", "agg")
    notebook, _ = execute_text(
        "# %%\n# %matplotlib inline\nimport matplotlib.pyplot as plt\nplt.plot([1, 2])\nplt.show()\n\n"
        "# %%\nimport os\nprint(os.listdir(), 'mine' in globals(), plt.rcParams['lines.linewidth'])\n\n"
        "# %%\n# !echo from the shell\n\n"
        "# %%\n# %cd -q ..\nx = 1\nx\n\n"
        "# %%\nimport ipywidgets\nipywidgets.IntSlider()\n"
    )
    outputs = [cell.outputs for cell in notebook.cells]
    assert "image/png" in outputs[0][0].data
    assert outputs[1][0].text == "[] False 1.5\n"
    assert outputs[2][0].text.split() == ["from", "the", "shell"]
    assert outputs[3][0].data["text/plain"] == "1"
    assert [list(output.data) for output in outputs[4]] == [["text/plain"]]
    assert set(notebook.metadata) == {"kernelspec", "language_info"}
    assert capfd.readouterr().err == ""


FAILURES = {
    "# %%\ndef f():\n    raise ValueError('no')\n\n# %%\n\nx = 1\nf()\n": (8, "this cell fails: ValueError: no"),
    "# %%\nx = 1\n\n# %%\n\nimport warnings\nwarnings.warn('soon')\n": (4, "UserWarning: soon"),
    "# %%\nimport os\n\n# %%\nos._exit(1)\n": (4, "the kernel dies in this cell"),
}


@pytest.mark.parametrize("text", FAILURES)
def test_cells_that_fail(failure, text):
    """A cell that raises is an error in the raising line; a cell that warns or ends the kernel, in the cell's line."""
    error = failure(text)
    line, problem = FAILURES[text]
    assert problem in error.problem
    assert error.line == line
    assert error.cure


def test_cells_that_take_too_long(failure, monkeypatch):
    """A cell that exceeds CELL_SECONDS, or its own `timeout=`, is an error with the line of the cell."""
    monkeypatch.setattr(execute, "CELL_SECONDS", 1)
    error = failure("# %% timeout=30\nimport time\ntime.sleep(1.5)\n\n# %%\ntime.sleep(60)\n")
    assert error.line == 5
    assert "too long" in error.problem
    assert "timeout=" in error.cure


def shown(text, *more):
    """Return the outputs of a cell that displays a value, with further MIME types."""
    return [new_output("display_data", {"text/plain": text, **dict(more)})]


def scored(points, maximum):
    """Return the outputs of a test cell with these points."""
    return shown(str(points), (MIME, {"points": points, "maximum": maximum}))


UNSOUND = {
    "code": {
        "this cell warns: UserWarning: soon": [new_output("stream", name="stderr", text="UserWarning: soon\n")],
        "another one each time: <A at 0x7f2c8254f1d0>": shown("<A at 0x7f2c8254f1d0>"),
        "another one each time: f at 0x102f4e": [new_output("stream", name="stdout", text="f at 0x102f4e\n")],
    },
    "test": {
        "earns 1 of 1, the cell says 2": scored(1.0, 1.0),
        "earns 1.5 of 2, the cell says 2": scored(1.5, 2.0),
        "earns 3 of 3, the cell says 2": scored(3.0, 3.0),
        "earns no score record, the cell says 2": shown("2.0", (MIME, {"grade": 2.0})),
        "earns 2 of 2 and 2 of 2, the cell says 2": scored(2.0, 2.0) * 2,
    },
}


@pytest.mark.parametrize(("kind", "problem"), [(kind, problem) for kind in UNSOUND for problem in UNSOUND[kind]])
def test_outputs_that_no_notebook_should_show(read, task, kind, problem):
    """Warnings, memory addresses, a rubric of another sum and a solution without full marks are errors."""
    lab = read(task().replace("points=1", "points=2") + "\n# %%\nx\n")
    notebook = to_notebook(lab)
    cells = {lab_cell.kind: (cell, lab_cell) for cell, lab_cell in zip(notebook.cells, lab.cells, strict=True)}
    cells["test"][0].outputs = scored(2.0, 2.0)
    execute.check_outputs(notebook, lab)
    cells[kind][0].outputs = UNSOUND[kind][problem]
    with pytest.raises(LabError) as caught:
        execute.check_outputs(notebook, lab)
    assert problem in caught.value.problem
    assert caught.value.line == cells[kind][1].line


RUNS = """
# %%
from pathlib import Path
_ = Path("{trace}").write_text("ran")
print("really")
"""
FULL_MARKS = f'''
class Score:
    def _repr_mimebundle_(self, **_):
        return {{"text/plain": "1.0", "{MIME}": {{"points": 1.0, "maximum": 1.0}}}}
Score()'''


@pytest.fixture(scope="module")
def planted(tmp_path_factory):
    """Return a lab text that writes a file when it runs, its built notebook with an altered output, and that file."""
    folder = tmp_path_factory.mktemp("planted")
    file, marker = folder / "lab.py", folder / "trace"
    text = RUNS.format(trace=marker)
    file.write_text(text, encoding="utf-8")
    lab = read_lab(file)
    notebook = to_notebook(lab)
    assert run(notebook, lab, folder / "never_built.ipynb")
    assert marker.exists()
    marker.unlink()
    notebook.cells[0].outputs[0].text = "planted\n"
    return text, notebook, marker


def test_outputs_are_kept(execute_text, planted, tmp_path):
    """A notebook with unchanged code keeps its outputs and is not run, even if its prose changed."""
    text, stored, marker = planted
    nbformat.write(stored, tmp_path / "built.ipynb")
    notebook, executed = execute_text("# %% [markdown]\n# New.\n\n" + text, tmp_path / "built.ipynb")
    assert not executed
    assert not marker.exists()
    assert notebook.cells[1].outputs[0].text == "planted\n"
    assert notebook.cells[1].execution_count == 1


@pytest.mark.parametrize("reason", ["other code", "cleared", "unsound"])
def test_outputs_are_made_anew(execute_text, planted, tmp_path, reason):
    """A notebook runs again if its code changed, or if its stored outputs are missing or unsound."""
    text, stored, _ = planted
    stored = copy.deepcopy(stored)
    if reason == "cleared":
        stored.cells[0] |= {"outputs": [], "execution_count": None}
    elif reason == "unsound":
        stored.cells[0].outputs[0].name = "stderr"
    nbformat.write(stored, tmp_path / "built.ipynb")
    notebook, executed = execute_text(text + "# more\n" * (reason == "other code"), tmp_path / "built.ipynb")
    assert executed
    assert notebook.cells[0].outputs[0].text == "really\n"


def test_other_points_for_the_same_code(execute_text, read, task, tmp_path):
    """Changed points are an error although the stored outputs belong to unchanged code."""
    text, built = task(hidden=FULL_MARKS), tmp_path / "built.ipynb"
    notebook = to_notebook(read(text))
    for cell in notebook.cells:
        cell.execution_count = 1
    notebook.cells[1].outputs = scored(1.0, 1.0)
    nbformat.write(notebook, built)
    assert not execute_text(text, built)[1]
    with pytest.raises(LabError, match="earns 1 of 1, the cell says 3"):
        execute_text(text.replace("points=1", "points=3"), built)
