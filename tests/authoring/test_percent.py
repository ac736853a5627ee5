"""Tests of reading percent scripts: kinds, lines and attributes of cells, included files, and errors."""

from __future__ import annotations

import json
from importlib import resources

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from autograder.authoring import LabError, LabText, read_answers, read_lab
from autograder.authoring.lab_text import KINDS
from autograder.authoring.percent import EXTRAS

DESK = resources.files("autograder").joinpath("diagnosis/desk.py").read_text(encoding="utf-8")


def test_kinds_ids_attributes_and_lines(course):
    """Each cell has the kind, the id, the attributes and the line of its marker."""
    file = course.written / "lab" / "tiny.py"
    lab = read_lab(file)
    assert lab.file == file
    assert lab.timeout == 30
    text = file.read_text(encoding="utf-8").splitlines()
    markers = [number for number, line in enumerate(text, start=1) if line.startswith("# %%")]
    assert [cell.line for cell in lab.cells] == markers
    assert [(cell.kind, cell.id, cell.grade_id, dict(cell.attributes)) for cell in lab.cells] == [
        ("prose", "", "", {}),
        ("locked", "helpers", "helpers", {"collapsed": True}),
        ("locked", "data", "data", {"tags": ["data"]}),
        ("solution", "double", "double", {"timeout": 20}),
        ("test", "double", "test_double", {"points": 2}),
        ("code", "", "", {}),
        ("prose", "", "", {}),
        ("prose", "", "", {}),
        ("answer", "why-straight", "why-straight", {"points": 1}),
        ("prose", "", "", {}),
    ]


def test_prose_loses_its_hashes_and_code_keeps_all(read):
    """Prose is uncommented, code is unchanged, and blank lines between cells belong to no cell."""
    lab = read("# %% [markdown]\n# # Title\n#\n# - one\n#   two\n\n# %%\n# a comment\n\nx = 1\n\n\n# %%\ny = 2\n")
    assert [cell.source for cell in lab.cells] == ["# Title\n\n- one\n  two", "# a comment\n\nx = 1", "y = 2"]


def test_a_solution_names_its_task(read, task):
    """A solution cell begins with one comment that names its task, even if the author already wrote it."""
    without_comment = read(task()).cells[0]
    assert without_comment.source == "# task: a\n### BEGIN SOLUTION\nx = 1\n### END SOLUTION"
    assert without_comment.lines == (1, 2, 3, 4)
    with_comment = read(task(given="# task: a\n")).cells[0]
    assert with_comment.source == without_comment.source
    assert with_comment.lines == (2, 3, 4, 5)


def test_files_are_included_whole(course):
    """A locked cell includes a file of the package, or one beside the lab text, in place of its include line."""
    lab = read_lab(course.written / "lab" / "tiny.py")
    helpers, data = lab.cells[1:3]
    assert helpers.source == DESK.rstrip("\n")
    assert set(helpers.lines) == {13}
    assert data.source == 'NUMBERS = """\n1,2,3\n"""'
    assert data.lines == (16, 17, 18)


def test_cells_inside_strings_and_fences_are_text(read):
    """`# %%` in a triple-quoted string or a fenced block begins no cell, and later line numbers are right."""
    lab = read('# %%\ntext = """\n# %% test="no"\n"""\n\n# %% [markdown]\n# ```\n# %%\n# ```\n\n# %%\nx = 1\n')
    assert [(cell.kind, cell.line) for cell in lab.cells] == [("code", 1), ("prose", 6), ("code", 11)]
    assert lab.cells[0].source == 'text = """\n# %% test="no"\n"""'
    assert lab.cells[1].source == "```\n%%\n```"


@pytest.mark.parametrize(
    "start", ["", "\n\n", "\ufeff", "#!/usr/bin/env python\n", "# ---\n# jupyter:\n#   lab: {}\n# ---\n\n"]
)
@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_beginnings_and_line_ends(tmp_path, start, end):
    """A lab text may begin with blank lines, a byte order mark, a shebang or a header, and may use CRLF."""
    text = start + "# %% [markdown]\n# a\n\n# %%\nx = 1\n"
    (tmp_path / "lab.py").write_bytes(text.replace("\n", end).encode())
    lab = read_lab(tmp_path / "lab.py")
    shift = start.count("\n")
    assert [(cell.kind, cell.source, cell.line) for cell in lab.cells] == [
        ("prose", "a", 1 + shift),
        ("code", "x = 1", 4 + shift),
    ]


def test_magics_run_and_comments_stay_comments(read):
    """`# %magic` and `# !command` lose the hash that makes the script Python; no other comment becomes a command."""
    code = "%matplotlib inline\n# %time x = 1\n# !ls\nfiles = !ls\n"
    comments = "# why?\n# cat, see below\n# rm old files\n# % of all\nx = 1  # !ls\n"
    string = '"""\n# %time\n"""\n'
    (cell,) = read(f"# %%\n{code}{comments}{string}").cells
    assert cell.source == f"%matplotlib inline\n%time x = 1\n!ls\nfiles = !ls\n{comments}{string}".rstrip("\n")


def test_empty_cells_are_left_out(read):
    """A marker without lines below it makes no cell."""
    assert [cell.line for cell in read("# %%\n\n# %% [markdown]\n#\n\n# %%\nx = 1\n").cells] == [6]


ATTRIBUTES = {
    'solutoin="a"': ("unknown attribute solutoin=", "did you mean solution=?"),
    'test="a" point=1': ("unknown attribute point=", "did you mean points=?"),
    'locked="a" colour="red"': ("unknown attribute colour=", "a locked cell takes: collapsed"),
    'solution="a" variant="loop"': ("unknown attribute variant=", "a solution cell takes: timeout, tags"),
    'solution="a" equivalent="so"': ("unknown attribute equivalent=", "a solution cell takes: timeout, tags"),
    'solution="a" test="a"': ("a cell can't be solution and test at once", "split it"),
    'solution="a" points=2': ("points stand on a cell without a test", 'test="…"'),
    "points=2": ("points stand on a cell without a test", 'test="…"'),
    'test="a"': ("the test cell has no points", "add points="),
    'test="a" points=-1': ("points=-1 is too small", "zero or more"),
    'test="a" points="2"': ("points='2' has the wrong type", "a number"),
    'test="a" points=true': ("points=True has the wrong type", "a number"),
    'test="a" points=NaN': ("points=nan has the wrong type", "a number"),
    'test="a" points=Infinity': ("points=inf has the wrong type", "a number"),
    'test="a" points=1 timeout=1.5': ("timeout=1.5 has the wrong type", "a whole number"),
    'test="a" points=1 timeout=0': ("timeout=0 is too small", "one or more"),
    'locked="a" collapsed="yes"': ("can't be read: 'yes' is not of type 'boolean'", "collapsed=true"),
    'locked="a" collapsed=1': ("can't be read: 1 is not of type 'boolean'", "collapsed=true"),
    'tags="one"': ("can't be read: 'one' is not of type 'array'", "tags=["),
    'tags=["one", 2]': ("can't be read", "tags=["),
    'tags=["one", "one"]': ("can't be read: ['one', 'one'] has non-unique elements", "tags=["),
    'tags=["a,b"]': ("can't be read: 'a,b' does not match", "tags=["),
    "tags=5": ("can't be read", 'name="text"'),
    'solution="Backward Pass"': ('solution="Backward Pass" is no id', "lower-case"),
    'solution="1a"': ('solution="1a" is no id', "a letter"),
    'solution="a\\n"': ("is no id", "letters, digits and hyphens"),
    'solution=""': ('solution="" is no id', "a letter"),
    "solution=3": ('solution="3" is no id', "a letter"),
    f'test="{"a" * 60}" points=1': ("is no id", "59 at most"),
    "solution": ("solution is no attribute", 'name="text"'),
    'the title solution="a"': ("the title is no attribute", "nothing between"),
    'test="a" points=': ('test="a" points= is no attribute', "name=number"),
    "solution=a": ("solution=a is no attribute", 'name="text"'),
    '[markdown] solution="a"': ("solution= stands on a markdown cell", "without [markdown]"),
    '[markdown] locked="a"': ("locked= stands on a markdown cell", "without [markdown]"),
    'answer="a" points=1': ("answer= stands on a code cell", "[markdown] answer="),
    '[markdown] answer="a"': ("the answer cell has no points", "add points="),
    '[markdown] answer="a" points=-2': ("points=-2 is too small", "zero or more"),
    "[markdown] timeout=3": ("unknown attribute timeout=", "a prose cell takes: tags"),
    "[raw]": ("this is a raw cell", "# %% [markdown]"),
    'active="py"': ("this is a raw cell", "# %% for code"),
}


@pytest.mark.parametrize("attributes", ATTRIBUTES)
def test_errors_in_attributes(error_of, attributes):
    """A wrong attribute is an error in its cell's line, with the attribute's name and a cure."""
    error = error_of(f"# %% [markdown]\n# Title\n\n# %% {attributes}\n# text\n")
    problem, cure = ATTRIBUTES[attributes]
    assert error.line == 4
    assert problem in error.problem
    assert cure in error.cure


FILES = {
    "x = 1\n\n# %%\ny = 2\n": (1, "text before the first cell", "# %%"),
    "": (1, "no cell", "# %% [markdown]"),
    "# %%\n\n": (1, "no cell", "# %% [markdown]"),
    "# ---\n# lab:\n#   timeout: 5\n# ---\n\n# %%\nx\n": (1, "more than jupyter:", "indent it"),
    "# ---\n# jupyter:\n#   lab: [\n# ---\n\n# %%\nx\n": (1, "the header can't be read", "YAML"),
    "# ---\n# jupyter:\n#   timeout: 5\n# ---\n\n# %%\nx\n": (1, "unknown header option timeout:", "lab:"),
    "# ---\n# jupyter:\n#   lab:\n#     timeouts: 5\n# ---\n\n# %%\nx\n": (
        1,
        "'timeouts': 5",
        "timeout: SECONDS, and needs: [MODULE]",
    ),
    "# ---\n# jupyter:\n#   lab:\n#     timeout: long\n# ---\n\n# %%\nx\n": (1, "'timeout': 'long'", "SECONDS"),
    "# ---\n# jupyter:\n#   lab:\n#     timeout: true\n# ---\n\n# %%\nx\n": (1, "True", "SECONDS"),
    "# ---\n# jupyter:\n#   lab:\n#     timeout: 0\n# ---\n\n# %%\nx\n": (1, "0", "SECONDS"),
    "# ---\n# jupyter:\n#   lab: 5\n# ---\n\n# %%\nx\n": (1, "5 is not understood", "SECONDS"),
    '# %% locked="a"\nx = 1\n# include: nowhere.txt\n': (3, "nowhere.txt can't be read", "beside"),
    '# %% locked="a"\n# include: autograder/nowhere.py\n': (2, "autograder/nowhere.py can't be read", "of the package"),
    "# %%\n\n# include: lab.py\n": (3, "not locked", 'locked="…"'),
    '# %% solution="a"\n\n# %%\n': (1, 'solution="a" is empty', "delete"),
    '# %% [markdown] answer="a" points=1\n#\n': (1, 'answer="a" is empty', "write something"),
}


@pytest.mark.parametrize("text", FILES)
def test_errors_in_files(error_of, text):
    """An error in a header, in an include or before the first cell has its line and a cure."""
    error = error_of(text)
    line, problem, cure = FILES[text]
    assert error.line == line
    assert problem in error.problem
    assert cure in error.cure


def test_text_in_another_encoding(tmp_path):
    """A lab text that is not UTF-8, and an included binary file, raise a LabError."""
    file = tmp_path / "lab.py"
    file.write_bytes("# %% [markdown]\n# façade\n".encode("latin-1"))
    with pytest.raises(LabError, match="not UTF-8"):
        read_lab(file)
    (tmp_path / "picture.png").write_bytes(b"\x89PNG\r\n\x1a\n")
    file.write_text('# %% locked="a"\n# include: picture.png\n', encoding="utf-8")
    with pytest.raises(LabError, match=r"picture\.png can't be read"):
        read_lab(file)


ANSWERS = {
    '# %% solution="double"\nx = 1\n': "neither a variant nor a mistake",
    '# %% solution="double" variant="a" mistake="b" score=1\nx = 1\n': "neither a variant nor a mistake",
    '# %% solution="double" mistake="a"\nx = 1\n': "neither a variant nor a mistake with a score",
    '# %% solution="double" variant="a" score=1\nx = 1\n': "neither a variant nor a mistake",
    '# %% test="double" points=1\nx = 1\n': "neither a variant nor a mistake",
    "# %%\nx = 1\n": "neither a variant nor a mistake",
    '# %% solution="double" equivalent="a" score=2\nx = 1\n': "nor a mistake with a score nor equivalent",
    '# %% solution="double" equivalent="a" variant="b"\nx = 1\n': "neither a variant nor a mistake",
    '# %% solution="double" equivalent=""\nx = 1\n': "equivalent='' has the wrong type",
    '# %% solution="double" variant=""\nx = 1\n': "variant='' has the wrong type",
    '# %% solution="double" mistake="a" score=-1\nx = 1\n': "score=-1 is too small",
    '# %% solution="double" mistake="a" score="1"\nx = 1\n': "score='1' has the wrong type",
    '# %% solution="double" mistake="a" score=3\nx = 1\n': "more than the 2 points",
    '# %% solution="duoble" variant="a"\nx = 1\n': 'no task "duoble"',
    '# %% solution="why-straight" variant="a"\nx = 1\n': 'no task "why-straight"',
    '# %% solution="double" variant="a"\nx = (\n': "does not compile",
    '# %% solution="double" variant="a"\n\n': "is empty",
}


@pytest.mark.parametrize("text", ANSWERS)
def test_errors_in_answers_files(course, text):
    """An entry of an answers file that is no known answer to a task of the lab is an error in its line."""
    lab = read_lab(course.written / "lab" / "tiny.py")
    file = course.written / "lab" / "tiny_answers.py"
    file.write_text("# %% [markdown]\n# What students write.\n\n" + text, encoding="utf-8")
    with pytest.raises(LabError) as caught:
        read_answers(file, lab)
    assert ANSWERS[text] in caught.value.problem
    assert caught.value.file == file
    assert caught.value.line == (5 if "compile" in ANSWERS[text] else 4)


def test_a_misspelt_task_of_an_answer_is_suggested(course):
    """The error for an answer to an unknown task suggests the task with the nearest name."""
    file = course.written / "lab" / "tiny_answers.py"
    file.write_text('# %% solution="duoble" variant="a"\nx = 1\n', encoding="utf-8")
    with pytest.raises(LabError, match='did you mean "double"'):
        read_answers(file, read_lab(course.written / "lab" / "tiny.py"))


values = st.one_of(
    st.integers(), st.floats(), st.booleans(), st.none(), st.text(max_size=6), st.lists(st.text(max_size=3), max_size=2)
).map(json.dumps)
jupyters = ["tags", "title", "active", "name", "language", "run_control", "cell_marker", "[markdown]", "[raw]", "{"]
names = st.sampled_from([*KINDS, *(name for extras in EXTRAS.values() for name in extras), *jupyters])
attributes = st.lists(st.tuples(names, st.sampled_from(["=", "= ", " ", ""]), values).map("".join), max_size=4)
bodies = st.sampled_from(
    ["", "x = 1", "# text", "### BEGIN SOLUTION", "### END SOLUTION", "### BEGIN HIDDEN TESTS", "'''", "```", "%%bash"]
)
scripts = st.lists(st.tuples(attributes.map(" ".join), st.lists(bodies, max_size=3).map("\n".join)), max_size=4)


@given(scripts)
@example([('tags={"a": 1}', "x")])
@example([("run_control=5", "x")])
@example([("cell_marker=5 region_name=6", "x")])
@settings(max_examples=300, derandomize=True, deadline=None)
def test_any_soup_is_a_lab_or_an_error(tmp_path_factory, script):
    """Reading random attributes and cells returns a LabText or raises a LabError, nothing else."""
    file = tmp_path_factory.getbasetemp() / "soup.py"
    text = "\n".join(f"# %% {line}\n{body}" for line, body in script)
    file.write_text(text, encoding="utf-8", errors="replace")
    try:
        assert isinstance(read_lab(file), LabText)
    except LabError as error:
        assert 1 <= error.line <= max(1, len(text.splitlines()))  # noqa: PT017  # reading may also succeed


@given(st.text(max_size=60))
@settings(max_examples=200, derandomize=True, deadline=None)
def test_any_text_is_a_lab_or_an_error(tmp_path_factory, text):
    """Reading random text below a marker returns a LabText or raises a LabError, nothing else."""
    file = tmp_path_factory.getbasetemp() / "soup.py"
    file.write_text(f"# %%\n{text}", encoding="utf-8", errors="replace")
    try:
        assert read_lab(file).cells
    except LabError as error:
        assert error.line >= 1  # noqa: PT017  # reading may also succeed
