"""`lab build` and `lab init` at the command line: exit codes, what they print, and what they leave alone."""

from __future__ import annotations

import shutil
import subprocess
import sys
from importlib.machinery import ModuleSpec
from pathlib import Path
from types import ModuleType

import pytest
from click.testing import CliRunner

from autograder import cli
from autograder.course import Course


@pytest.fixture
def lab(monkeypatch):
    """What runs `lab` in a folder, with the words given."""

    def run(folder, *words):
        monkeypatch.chdir(folder)
        return CliRunner().invoke(cli.main, list(words))

    return run


def test_build_and_check(built, edit, lab):
    """Checking exits with 0 where nothing differs and with 1 where something does; building cures it, and says what."""
    result = lab(built.root, "build", "--check")
    assert (result.exit_code, result.stdout) == (0, "source/ and release/ are what notebooks/ says (lab)\n")
    assert lab(built.root, "build").stdout == "lab: nothing changed\n"
    edit(built.written / "lab" / "tiny.py", "Work from top", "Go from top")
    result = lab(built.root, "build", "--check", "lab")
    assert result.exit_code == 1
    assert f"{built.release / 'lab' / 'tiny.ipynb'}: differs from what nbgrader makes of the text\n" in result.stdout
    assert result.stderr == "Error: built notebooks differ from their texts; run: lab build\n"
    result = lab(built.written / "lab", "build", "lab")
    assert (result.exit_code, result.stderr) == (0, "")
    assert result.stdout == "source/lab/tiny.ipynb\nrelease/lab/tiny.ipynb\n"
    assert lab(built.root, "build", "--check").exit_code == 0


@pytest.mark.parametrize("words", [["build"], ["build", "--check"]], ids=" ".join)
def test_build_with_a_mistake(built, edit, lab, contents, words):
    """A mistake in a lab is one sentence with file, line and cure, exit code 1, no traceback, and changes nothing."""
    file = built.written / "lab" / "tiny.py"
    edit(file, "points=2", "point=2")
    before = contents(built)
    result = lab(built.root, *words)
    assert (result.exit_code, result.stdout) == (1, "")
    assert result.stderr == f"error {file}:28: unknown attribute point=\n  → did you mean points=?\n"
    assert contents(built) == before


@pytest.mark.kernels
def test_doctor_says_what_there_is(built, lab):
    """What grading needs, each with what was found; in a course its labs, elsewhere how to get to one."""
    result = lab(built.root, "doctor")
    assert (result.exit_code, result.stderr) == (0, "")
    for words in (
        "Python",
        "nbgrader",
        "isolation: namespaces",
        "isolation: landlock",
        "isolation: rlimits",
        "gradebook",
    ):
        assert words in result.stdout
    assert "✗" not in result.stdout
    assert "lab init" in lab(built.root.parent, "doctor").stdout


@pytest.mark.kernels
def test_doctor_says_what_is_missing(built, lab, monkeypatch):
    """With the cure, and exit code 1 where grading is impossible without it."""
    monkeypatch.setattr("nbgrader.__version__", "0.10.0")
    result = lab(built.root, "doctor")
    assert result.exit_code == 1
    assert "0.10.0, known are" in result.stdout
    assert "pip install nbgrader==" in result.stdout


def test_names_with_brackets(built, edit, lab):
    """What stands in a message is shown as it is, brackets included, and not wrapped."""
    edit(built.written / "lab" / "tiny.py", 'tags=["data"]', 'tags=["[red]data"] ' + "x" * 120 + "=1")
    result = lab(built.root, "build")
    assert f"unknown attribute {'x' * 120}=" in result.stderr


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["build", "lap"], "no lab 'lap' in "),
        (["build", "--check", "lap"], "did you mean lab?"),
    ],
)
def test_build_of_no_lab(course, lab, words, said):
    """A lab that is not there is exit code 1 and the nearest name."""
    result = lab(course.root, *words)
    assert result.exit_code == 1
    assert said in result.stderr


def test_build_outside_of_a_course(tmp_path, lab):
    """Outside of a course, building says how to get one."""
    result = lab(tmp_path, "build")
    assert result.exit_code == 1
    assert "lab init FOLDER" in result.stderr


def test_help_of_build(lab, tmp_path):
    """The help of build says that it is all or nothing, and how to run a notebook again."""
    said = " ".join(lab(tmp_path, "build", "--help").stdout.split())
    assert "It is all or nothing" in said
    assert "delete it from source/" in said


def test_unknown_commands(lab, tmp_path):
    """A command that is misspelt is exit code 2, and the nearest one is suggested."""
    result = lab(tmp_path, "biuld")
    assert result.exit_code == 2
    assert "No such command 'biuld'" in result.stderr
    assert "build" in result.stderr.split("biuld", 1)[1]


def test_init(tmp_path, lab):
    """A new course is made, named with its labs, and what to do next is said; then its labs can be checked."""
    result = lab(tmp_path, "init", "mine")
    assert (result.exit_code, result.stderr) == (0, "")
    assert result.stdout.startswith(f"{tmp_path / 'mine'}: lab0_by_hand, lab1_linear_regression")
    assert "next: cd mine" in result.stdout
    assert (tmp_path / "mine" / "nbgrader_config.py").exists()


def test_init_in_the_way(tmp_path, lab):
    """Into a folder that is not empty nothing is written, and the exit code is 1."""
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "thesis.txt").write_text("years", encoding="utf-8")
    result = lab(tmp_path, "init", "mine")
    assert (result.exit_code, result.stdout) == (1, "")
    assert result.stderr == "error mine exists and is not empty\n  → name a new folder; nothing was changed\n"
    assert [file.name for file in (tmp_path / "mine").iterdir()] == ["thesis.txt"]
    assert (tmp_path / "mine" / "thesis.txt").read_text(encoding="utf-8") == "years"


def test_init_of_nothing(tmp_path, lab):
    """Without a folder the command says that it is missing, and makes nothing."""
    result = lab(tmp_path, "init")
    assert result.exit_code == 2
    assert "Missing argument 'FOLDER'" in result.stderr
    assert not list(tmp_path.iterdir())


def test_the_installed_command(tmp_path):
    """The command is installed beside the Python that runs, and shows all its commands without a course."""
    command = Path(sys.executable).parent / "lab"
    result = subprocess.run([command, "--help"], cwd=tmp_path, capture_output=True, text=True, check=True)
    assert result.stderr == ""
    for name in cli.main.commands:
        assert f"\n  {name} " in result.stdout


@pytest.fixture
def needy(built, edit, monkeypatch):
    """The tiny course, whose lab needs PyTorch, on a machine without it; somebody has handed in."""
    edit(built.written / "lab" / "tiny.py", "timeout: 30", "timeout: 30\n#     needs: [torch]")
    for folder in (built.source, built.release):
        edit(folder / "lab" / "tiny.ipynb", '"timeout": 30', '"needs": ["torch"], "timeout": 30')
    (built.submitted / "ada" / "lab").mkdir(parents=True)
    shutil.copyfile(built.release / "lab" / "tiny.ipynb", built.submitted / "ada" / "lab" / "tiny.ipynb")
    monkeypatch.setitem(sys.modules, "torch", None)
    return built


def test_build_says_what_it_leaves(needy, lab, contents):
    """A lab that needs what is not here stays as it is, with one sentence; no failure, and checking goes on."""
    before = contents(needy)
    result = lab(needy.root, "build")
    assert (result.exit_code, result.stderr) == (0, "")
    assert result.stdout == (
        "lab: left as it is, because it needs PyTorch, which is not installed here; "
        "install it: pip install 'backprop-labs[torch]'\n"
    )
    assert contents(needy) == before
    assert "the notebook's metadata" not in lab(needy.root, "build", "--check").stdout


@pytest.mark.kernels
def test_grade_refuses_what_it_could_not_run(needy, lab, contents):
    """Nobody gets zero points because the grader lacks a module: nothing is graded, and the cure names the extra."""
    before = contents(needy)
    result = lab(needy.root, "grade", "lab")
    assert result.exit_code == 1
    assert "error nothing was graded: lab needs PyTorch, which is not installed here" in result.stderr
    assert "pip install 'backprop-labs[torch]'" in result.stderr
    assert contents(needy) == before


@pytest.mark.kernels
def test_doctor_says_which_lab_can_not_be_graded(needy, lab, monkeypatch):
    """With the cure, and as no failure: the other labs can."""
    result = lab(needy.root, "doctor")
    assert (result.exit_code, result.stderr) == (0, "")
    assert "needs PyTorch, which is not installed here" in result.stdout
    assert "pip install 'backprop-labs[torch]'" in result.stdout
    monkeypatch.setitem(sys.modules, "torch", ModuleType("torch"))
    sys.modules["torch"].__spec__ = ModuleSpec("torch", None)
    assert "has the PyTorch that it needs" in lab(needy.root, "doctor").stdout


def test_demo_of_all_labs_leaves_it_out(needy, lab, monkeypatch):
    """With a sentence; the others are gone through."""
    monkeypatch.setattr("autograder.course.create", lambda folder: Course(needy.root))
    monkeypatch.setattr("autograder.demo.simulate_lab", lambda *_: pytest.fail("there is no other lab"))
    result = lab(needy.root, "demo", "--all")
    assert (result.exit_code, result.stderr) == (0, "")
    assert "lab: left out, because it needs PyTorch, which is not installed here" in result.stdout
