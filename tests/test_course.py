"""Tests of a course folder: finding it, its labs, its configuration, creating it, and errors with a cure."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from autograder.course import CONFIG, FILES, Course, create
from autograder.errors import AutograderError, CourseError


def test_a_course_is_found_from_any_folder_of_it(course, monkeypatch):
    """`find` returns the same course from its root and each folder below, by absolute and by relative path."""
    for folder in (course.root, course.written, course.written / "lab"):
        assert Course.find(folder) == course
        monkeypatch.chdir(folder)
        assert Course.find(Path()) == course
        assert Course.find(Path.cwd()) == course


def test_the_nearest_course_counts(course):
    """`find` returns a course inside another course before the outer one."""
    inner = course.root / "notebooks" / "inner"
    inner.mkdir()
    shutil.copyfile(course.root / CONFIG, inner / CONFIG)
    assert Course.find(inner).root == inner


def test_no_course(tmp_path):
    """Outside of every course the error names the missing file, the searched folder and how to make a course."""
    with pytest.raises(CourseError) as caught:
        Course.find(tmp_path)
    assert caught.value.problem == f"no {CONFIG} in {tmp_path} or above it"
    assert "lab init FOLDER" in caught.value.cure


def test_folders_of_a_course(course):
    """The folders of a course are below its root, where nbgrader expects them."""
    names = ("source", "release", "submitted", "feedback", "autograded")
    assert [getattr(course, name) for name in names] == [course.root / name for name in names]
    assert course.written == course.root / "notebooks"


def test_labs(course):
    """Labs are the folders in notebooks/ or source/, each once, without hidden folders, files and caches."""
    assert course.labs() == ["lab"]
    for name in (
        "source/lab",
        "source/built",
        "notebooks/.ipynb_checkpoints",
        "notebooks/__pycache__",
        "release/other",
    ):
        (course.root / name).mkdir(parents=True)
    (course.written / "notes.txt").write_text("", encoding="utf-8")
    assert course.labs() == ["built", "lab"]


def test_check_lab(course):
    """`check_lab` returns the name of a lab; for an unknown name the error suggests the nearest lab or lists all."""
    (course.written / "second").mkdir()
    assert course.check_lab("lab") == "lab"
    with pytest.raises(CourseError, match=r"no lab 'lap' in .*\n.*did you mean lab\?"):
        course.check_lab("lap")
    with pytest.raises(CourseError, match=r"no lab 'week7' in .*\n.*there are: lab, second"):
        course.check_lab("week7")
    shutil.rmtree(course.written)
    with pytest.raises(CourseError, match="there are: none"):
        course.check_lab("lab")


def test_nbgrader_config(course):
    """`nbgrader_config` returns the course's configuration with its root and the caller's options."""
    config = course.nbgrader_config(assignment_id="lab")
    assert config.CourseDirectory.course_id == "backprop"
    assert config.CourseDirectory.root == str(course.root)
    assert config.CourseDirectory.assignment_id == "lab"
    assert "Your turn" in config.ClearSolutions.text_stub or "Your answer" in config.ClearSolutions.text_stub


def files_under(folder):
    """Return the relative names of all files below a folder."""
    return {file.relative_to(folder).as_posix() for file in folder.rglob("*") if file.is_file()}


@pytest.mark.parametrize("exists", [False, True], ids=["new", "empty"])
def test_create(tmp_path, exists):
    """A new course holds the configuration and all labs, written, built and released, and no editor's files."""
    folder = tmp_path / "teaching" / "course"
    if exists:
        folder.mkdir(parents=True)
    course = create(folder)
    assert course == Course(folder.resolve())
    origin = Path(__file__).parents[1]
    expected = {CONFIG} | {f"{name}/{file}" for name in FILES for file in files_under(origin / name)}
    assert files_under(folder) == {file for file in expected if "/." not in file and "__pycache__" not in file}
    assert {file.name for file in folder.iterdir()} == set(FILES)
    assert course.labs() == Course(origin).labs()
    assert Course.find(folder / "source") == course


def test_create_in_the_way(tmp_path):
    """`create` raises for a folder with a file in it and for a file, and changes nothing."""
    (tmp_path / "full").mkdir()
    (tmp_path / "full" / "mine.txt").write_text("mine", encoding="utf-8")
    (tmp_path / "file").write_text("mine", encoding="utf-8")
    before = {name: (tmp_path / name).read_bytes() for name in files_under(tmp_path)}
    for name in ("full", "file", "full/mine.txt"):
        with pytest.raises(CourseError, match=r"exists and is not empty\n.*nothing was changed"):
            create(tmp_path / name)
    assert {name: (tmp_path / name).read_bytes() for name in files_under(tmp_path)} == before


def test_an_error_is_a_problem_and_a_cure():
    """The text of an AutograderError is the problem and, on the next line, the cure."""
    error = CourseError("no lab", "make one")
    assert str(error) == "no lab\n  → make one"
    assert (error.problem, error.cure) == ("no lab", "make one")
    assert isinstance(error, AutograderError)
