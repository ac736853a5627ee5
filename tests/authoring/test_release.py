"""Tests of the release: nbgrader makes it, and no line of a solution, hidden test or model answer is left in it."""

from __future__ import annotations

import json
from base64 import b64encode

import nbformat
import pytest
from nbgrader.preprocessors import ClearHiddenTests, ClearSolutions, LockCells

from autograder.authoring import LabError, read_lab
from autograder.authoring.release import generate, refuse_leaks
from autograder.authoring.source_writer import to_notebook
from autograder.errors import CourseError


@pytest.fixture
def check_release(read, tmp_path):
    """Return a function that makes a release of a lab text with nbgrader's preprocessors and runs `refuse_leaks` on it.

    tamper: a function that changes the released notebook before the check.
    """

    def release_and_check(text, tamper=lambda released: None):
        lab = read(text)
        released = to_notebook(lab)
        for preprocessor in (LockCells(), ClearSolutions(), ClearHiddenTests()):
            released, _ = preprocessor.preprocess(released, {})
        tamper(released)
        nbformat.write(released, tmp_path / "released.ipynb")
        refuse_leaks(lab, tmp_path / "released.ipynb")

    return release_and_check


def prose(text):
    """Return the lab text of a cell of prose."""
    return f"# %% [markdown]\n# {text}\n\n"


def code(text):
    """Return the lab text of a code cell."""
    return f"# %%\n{text}\n\n"


def answer(text):
    """Return the lab text of a written answer."""
    return f'# %% [markdown] answer="why" points=1\n# {text}\n\n'


LONG = "dl_df = dl_dh * h * (1 - h)"
TWO = f"{LONG}\nreturned = dl_df"


def test_leaks_in_the_same_cell(check_release, task):
    """A line of a solution or hidden test that also stands outside its region in the same cell is refused."""
    for given, solution, leak in [
        (f"{LONG}\n", TWO, LONG),
        (f"# hint: {LONG}\n", TWO, LONG),
        (f"text = '''{LONG}'''\n", LONG, LONG),
        ("g = 2 * d\n", "g = 2 * d", "g = 2 * d"),
        ("a = b\nc = d\n", "a = b\n\nc = d", "a = b"),
    ]:
        with pytest.raises(LabError) as caught:
            check_release(task(given=given, solution=solution))
        assert caught.value.problem == f'the release would still contain, of "a": {leak}'
        assert "### BEGIN SOLUTION and ### END SOLUTION" in caught.value.cure
    with pytest.raises(LabError) as caught:
        check_release(task(visible="seen = [1.5, 2.5, 3.5]\n", hidden="seen = [1.5, 2.5, 3.5]\nseen"))
    assert "### BEGIN HIDDEN TESTS" in caught.value.cure
    assert caught.value.line == 7


def test_whole_regions_in_other_cells(check_release, task):
    """A solution of several lines is refused wherever it stands as a whole, indented or not."""
    for cell in (code(TWO), prose(f"Write:\n#\n#     {LONG}\n#     returned = dl_df")):
        with pytest.raises(LabError, match="would still contain"):
            check_release(cell + task(solution=TWO))


def test_lines_in_hidden_parts_of_other_tasks(check_release, task):
    """A leaked line is refused although another task's solution, hidden test or model answer also contains it."""
    leaking = task(given=f"# {LONG}\n", solution=TWO)
    for other in (task(id="b", solution=LONG), task(id="b", hidden=f'note = "{LONG}"'), answer(LONG)):
        with pytest.raises(LabError, match="the release would"):
            check_release(other + leaking)


def plant(where):
    """Return a function that adds a line to the part of a released notebook that `where` names."""

    def tamper(released):
        quoted = f'x = "{LONG}"'
        released.cells[0].outputs = []
        if where == "notebook metadata":
            released.metadata["author"] = {"notes": ["a", {"b": quoted}]}
        elif where == "cell metadata":
            released.cells[0].metadata["note"] = quoted
        elif where == "metadata key":
            released.cells[0].metadata[quoted] = 1
        elif where == "output":
            released.cells[0].outputs = [nbformat.v4.new_output("stream", text=f"{quoted}\n")]
        elif where == "attachment":
            cell = nbformat.v4.new_markdown_cell("![](a.txt)", attachments={"a.txt": {"text/plain": quoted}})
            released.cells.append(cell)
        elif where == "encoded attachment":
            encoded = b64encode(f"first\n{quoted}\n".encode()).decode()
            cell = nbformat.v4.new_markdown_cell("![](a.txt)", attachments={"a.txt": {"text/plain": encoded}})
            released.cells.append(cell)

    return tamper


@pytest.mark.parametrize(
    "where", ["notebook metadata", "cell metadata", "metadata key", "output", "attachment", "encoded attachment"]
)
def test_leaks_outside_of_sources(check_release, task, where):
    """A leaked line is found in metadata, outputs and attachments too, with the quotes that JSON escapes."""
    text = task(solution=f'x = "{LONG}"')
    check_release(text)
    with pytest.raises(LabError, match="would still contain"):
        check_release(text, plant(where))


def test_leaks_in_tags(check_release, task):
    """A tag that contains a line of a solution is refused."""
    with pytest.raises(LabError, match="would still contain"):
        check_release('# %% tags=["g = 2 * d"]\nx = 1\n\n' + task(solution="g = 2 * d"))


def test_model_answers(check_release, task):
    """A sentence of a model answer that students could read is refused, with or without its bullet."""
    sentence = "The slope dies where the neuron is sure (1 point)."
    for leak in (prose(sentence), code(f"# {sentence}"), task(given=f"# {sentence}\n")):
        for written in (sentence, f"- {sentence}"):
            with pytest.raises(LabError) as caught:
                check_release(leak + answer(written))
            assert caught.value.problem == f'the release would contain, of the model answer to "why": {sentence}'
            assert "other words" in caught.value.cure


ALLOWED = {
    "a short line in a sentence": (prose("Write h = f, or h = fast(f), and return h."), "h = f", ""),
    "a short line as part of another": (code("depth = f + 1\nweigh = f"), "h = f", ""),
    "one line that is worked elsewhere": (code(f"{LONG}\nx = 1"), LONG, ""),
    "a line of several that is worked elsewhere": (prose(f"First `{LONG}`, then on."), TWO, ""),
    "a worked line that the cell repeats": (code(LONG), TWO, f"# as above: {LONG}\n"),
    "an everyday line as a whole": (code("return_h = 1"), "import numpy as np", "import numpy as n\n"),
    "lines in another order": (code("b = 2\na = 1"), "a = 1\nb = 2", ""),
}


@pytest.mark.parametrize("name", ALLOWED)
def test_lines_that_are_allowed(check_release, task, name):
    """Short lines in sentences, worked examples and everyday lines do not refuse a release."""
    cells, solution, given = ALLOWED[name]
    check_release(cells + task(solution=solution, given=given))


def test_everyday_lines(check_release, task):
    """The head of a loop, or a return of names, may stand both in a solution and beside it."""
    loop = "    for k in range(K):\n        f{} = f[k]\n    return weights, bias\n"
    given = f"def given(f):\n{loop.format(1)}\ndef yours(f):\n"
    check_release(task(given=given, solution=loop.format(2), indent="    "))


def test_equal_solutions_and_tests(check_release, task):
    """Two tasks with the same solution and the same hidden tests are allowed, because both are cleared."""
    hidden = "from math import sqrt, pi\nsqrt(pi) ** 2 - pi"
    check_release(task(id="a", solution=TWO, hidden=hidden) + "\n" + task(id="b", solution=TWO, hidden=hidden))


def test_formulas_of_model_answers(check_release):
    """A model answer may repeat a formula of its question; a formula that stands nowhere else may not leak."""
    formula = "$$ \\frac{\\partial \\ell}{\\partial h} = 2(h - y) $$"
    check_release(
        prose(f"Start from\n#\n# {formula}\n#\n# and go on.") + answer(f"{formula}\n#\n# It is linear in h (1 point).")
    )
    with pytest.raises(LabError, match="would contain"):
        check_release(answer(formula), lambda released: released.metadata.update(note=formula))


def test_nbgrader_makes_the_release(built_once):
    """A release holds nbgrader's stubs and checksums, no output, no solution, no hidden test and no model answer."""
    file = built_once.release / "lab" / "tiny.ipynb"
    cells = {cell.id: cell for cell in nbformat.read(file, as_version=4).cells}
    assert cells["double"].source == (
        '# task: double\ndef double(x):\n    """Twice a number."""\n'
        "    # Your turn: replace the next line by your own code.\n"
        '    raise NotImplementedError("Your turn: write this part, then run the cell again.")'
    )
    assert cells["test_double"].source == 'check("the double of 2 is 4", double(2) == 4)'
    assert cells["why-straight"].source == "*Your answer: double-click here and write it.*"
    for name in ("helpers", "data", "double", "test_double", "why-straight"):
        assert len(cells[name].metadata.nbgrader.checksum) == 32
    assert all(cells[name].metadata["editable"] is False for name in ("helpers", "data", "test_double"))
    assert not any(cell.get("outputs") or cell.get("execution_count") for cell in cells.values())
    text = file.read_text(encoding="utf-8")
    assert not [
        secret for secret in ("twice =", "BEGIN ", "END ", "import checks", "same everywhere") if secret in text
    ]


def test_a_release_is_the_same_each_time(built_once, tmp_path):
    """A release made again of the same source, with or without outputs, has the same bytes."""
    lab = read_lab(built_once.written / "lab" / "tiny.py")
    (tmp_path / "source").mkdir()
    nbformat.write(to_notebook(lab), tmp_path / "source" / "tiny.ipynb")
    generate(built_once, "lab", tmp_path / "source", tmp_path / "release")
    generated, committed = tmp_path / "release" / "tiny.ipynb", built_once.release / "lab" / "tiny.ipynb"
    assert generated.read_bytes() == committed.read_bytes()
    assert [file.name for file in (tmp_path / "release").iterdir()] == ["tiny.ipynb"]


def test_a_configuration_that_clears_nothing(built, tmp_path):
    """`refuse_leaks` refuses the release if the course's configuration leaves solutions in."""
    with (built.root / "nbgrader_config.py").open("a", encoding="utf-8") as config:
        config.write("\nc.GenerateAssignment.preprocessors = []\n")
    generate(built, "lab", built.source / "lab", tmp_path / "release")
    lab = read_lab(built.written / "lab" / "tiny.py")
    with pytest.raises(LabError, match="would still contain"):
        refuse_leaks(lab, tmp_path / "release" / "tiny.ipynb")


def test_errors_of_nbgrader(built, tmp_path):
    """If nbgrader refuses a notebook, `generate` raises a CourseError with its message and without its traceback."""
    file = built.source / "lab" / "tiny.ipynb"
    notebook = json.loads(file.read_text(encoding="utf-8"))
    notebook["cells"][3]["source"] = ["### BEGIN SOLUTION"]
    file.write_text(json.dumps(notebook), encoding="utf-8")
    with pytest.raises(CourseError) as caught:
        generate(built, "lab", built.source / "lab", tmp_path / "release")
    assert caught.value.problem == "nbgrader could not make a release of lab"
    assert "no end solution statement found" in caught.value.cure.lower()
    assert "Traceback" not in str(caught.value)
    assert not (tmp_path / "release").exists()
