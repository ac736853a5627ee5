"""Tests of the `lab` command: exit codes, output, and the files that each command leaves unchanged."""

from __future__ import annotations

import shutil
import subprocess
import sys
from importlib.machinery import ModuleSpec
from pathlib import Path
from types import ModuleType

import pytest
from click.testing import CliRunner

from autograder import cli, doctor
from autograder.course import Course


@pytest.fixture
def lab(monkeypatch):
    """Return a function that runs `lab` with some arguments in a folder."""

    def run(folder, *words):
        monkeypatch.chdir(folder)
        return CliRunner().invoke(cli.main, list(words))

    return run


def test_build_and_check(built, edit, lab):
    """`build --check` exits with 0 without differences, else with 1; `build` removes them and lists its files."""
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
def test_build_with_an_error(built, edit, lab, contents, words):
    """An error in a lab text prints one sentence with file, line and cure, exits with 1 and changes no file."""
    file = built.written / "lab" / "tiny.py"
    edit(file, "points=2", "point=2")
    before = contents(built)
    result = lab(built.root, *words)
    assert (result.exit_code, result.stdout) == (1, "")
    assert result.stderr == f"error {file}:28: unknown attribute point=\n  → did you mean points=?\n"
    assert contents(built) == before


@pytest.mark.kernels
def test_doctor_lists_what_grading_needs(built, lab):
    """`doctor` lists each requirement of grading, and in a course also its labs."""
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


@pytest.mark.kernels
def test_doctor_names_what_is_missing(tmp_path, lab, monkeypatch):
    """`doctor` prints the cure for a missing requirement and exits with 1 if grading is impossible without it.

    Outside of a course it prints how to make one.
    """
    monkeypatch.setattr("nbgrader.__version__", "0.10.0")
    result = lab(tmp_path, "doctor")
    assert "lab init" in result.stdout
    assert result.exit_code == 1
    assert "0.10.0, known are" in result.stdout
    assert "pip install nbgrader==" in result.stdout


def test_errors_with_brackets_and_long_lines(built, edit, lab):
    """An error message is printed as it is, with its brackets and without line breaks."""
    edit(built.written / "lab" / "tiny.py", 'tags=["data"]', 'tags=["[red]data"] ' + "x" * 120 + "=1")
    result = lab(built.root, "build")
    assert f"unknown attribute {'x' * 120}=" in result.stderr


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["build", "lap"], "no lab 'lap' in "),
        (["build", "--check", "lap"], "did you mean lab?"),
    ],
)
def test_build_of_an_unknown_lab(course, lab, words, message):
    """An unknown lab exits with 1 and a message that suggests the nearest name."""
    result = lab(course.root, *words)
    assert result.exit_code == 1
    assert message in result.stderr


def test_build_outside_of_a_course(tmp_path, lab):
    """Outside of a course `build` exits with 1 and names `lab init`."""
    result = lab(tmp_path, "build")
    assert result.exit_code == 1
    assert "lab init FOLDER" in result.stderr


def test_help_of_build(lab, tmp_path):
    """The help of `build` says that a build is all or nothing, and how to run a notebook again."""
    help_text = " ".join(lab(tmp_path, "build", "--help").stdout.split())
    assert "It is all or nothing" in help_text
    assert "delete it from source/" in help_text


def test_unknown_commands(lab, tmp_path):
    """A misspelt command exits with 2 and suggests the nearest one."""
    result = lab(tmp_path, "biuld")
    assert result.exit_code == 2
    assert "No such command 'biuld'" in result.stderr
    assert "build" in result.stderr.split("biuld", 1)[1]


def test_init(tmp_path, lab):
    """`init` creates a course and prints its folder, its labs and the next command."""
    result = lab(tmp_path, "init", "mine")
    assert (result.exit_code, result.stderr) == (0, "")
    assert result.stdout.startswith(f"{tmp_path / 'mine'}: lab0_by_hand, lab1_linear_regression")
    assert "next: cd mine" in result.stdout
    assert (tmp_path / "mine" / "nbgrader_config.py").exists()


def test_init_in_the_way(tmp_path, lab):
    """`init` into a folder that is not empty exits with 1 and writes nothing."""
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "thesis.txt").write_text("years", encoding="utf-8")
    result = lab(tmp_path, "init", "mine")
    assert (result.exit_code, result.stdout) == (1, "")
    assert result.stderr == "error mine exists and is not empty\n  → name a new folder; nothing was changed\n"
    assert [file.name for file in (tmp_path / "mine").iterdir()] == ["thesis.txt"]
    assert (tmp_path / "mine" / "thesis.txt").read_text(encoding="utf-8") == "years"


def test_init_without_a_folder(tmp_path, lab):
    """`init` without a folder exits with 2 and writes nothing."""
    result = lab(tmp_path, "init")
    assert result.exit_code == 2
    assert "Missing argument 'FOLDER'" in result.stderr
    assert not list(tmp_path.iterdir())


def test_the_installed_command(tmp_path):
    """The command is installed beside the running Python, and its help lists all commands without a course."""
    command = Path(sys.executable).parent / "lab"
    result = subprocess.run([command, "--help"], cwd=tmp_path, capture_output=True, text=True, check=True)
    assert result.stderr == ""
    for name in cli.main.commands:
        assert f"\n  {name} " in result.stdout


@pytest.fixture
def needy(built, edit, monkeypatch):
    """Return the tiny course, whose lab needs PyTorch, with one submission, on a machine without PyTorch."""
    edit(built.written / "lab" / "tiny.py", "timeout: 30", "timeout: 30\n#     needs: [torch]")
    for folder in (built.source, built.release):
        edit(folder / "lab" / "tiny.ipynb", '"timeout": 30', '"needs": ["torch"], "timeout": 30')
    (built.submitted / "ada" / "lab").mkdir(parents=True)
    shutil.copyfile(built.release / "lab" / "tiny.ipynb", built.submitted / "ada" / "lab" / "tiny.ipynb")
    monkeypatch.setitem(sys.modules, "torch", None)
    return built


def test_build_names_a_lab_without_its_module(needy, lab, contents):
    """`build` leaves a lab with a missing module unchanged, prints why and exits with 0; `--check` still runs."""
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
def test_grade_refuses_a_lab_without_its_module(needy, lab, contents):
    """`grade` grades no submission if a module is missing, and the cure names the extra."""
    before = contents(needy)
    result = lab(needy.root, "grade", "lab")
    assert result.exit_code == 1
    assert "error nothing was graded: lab needs PyTorch, which is not installed here" in result.stderr
    assert "pip install 'backprop-labs[torch]'" in result.stderr
    assert contents(needy) == before


@pytest.mark.kernels
def test_doctor_names_a_lab_without_its_module(needy, lab, monkeypatch):
    """`doctor` prints the missing module with its cure and exits with 0, because other labs can be graded."""
    result = lab(needy.root, "doctor")
    assert (result.exit_code, result.stderr) == (0, "")
    assert "needs PyTorch, which is not installed here" in result.stdout
    assert "pip install 'backprop-labs[torch]'" in result.stdout
    monkeypatch.setitem(sys.modules, "torch", ModuleType("torch"))
    sys.modules["torch"].__spec__ = ModuleSpec("torch", None)
    assert "has the PyTorch that it needs" in [finding.said for finding in doctor._course(needy.root)]


def test_demo_leaves_out_a_lab_without_its_module(needy, lab, monkeypatch):
    """`demo --all` leaves out a lab with a missing module, and prints why."""
    monkeypatch.setattr("autograder.demo.create", lambda folder: Course(needy.root))
    monkeypatch.setattr("autograder.demo.simulate_lab", lambda *_: pytest.fail("there is no other lab"))
    result = lab(needy.root, "demo", "--all")
    assert (result.exit_code, result.stderr) == (0, "")
    assert "lab: left out, because it needs PyTorch, which is not installed here" in result.stdout
