"""Tests of collect: it reads likely notebooks in a submission's folder, follows no link and opens no pipe."""

from __future__ import annotations

import os
import socket
from pathlib import Path

import pytest

from autograder.grading.intake import collect
from autograder.grading.intake.folder import MAX_FILE, MAX_FILES, MAX_TOGETHER
from autograder.grading.intake.other_files import MAX_PASSED_ON, MAX_PASSED_ON_TOGETHER
from autograder.grading.model import Repair, SubmittedFile


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Return the empty folder of a submission."""
    submission = tmp_path / "submission"
    submission.mkdir()
    return submission


def repair_names(repairs: tuple[Repair, ...]) -> list[str]:
    """Return the names of the repairs."""
    return [repair.name for repair in repairs]


def sparse(file: Path, size: int) -> None:
    """Create a file of zeros that takes no disk space. size: in bytes."""
    with file.open("wb") as stream:
        stream.truncate(size)


def test_likely_notebooks_are_read_first(folder: Path) -> None:
    """Files that could be notebooks are read, likely names first, then files for graders, and files in folders last.

    Of other files the beginning is read. Checkpoints, hidden files and installed packages are left out.
    """
    for name in (
        "b.ipynb", "a.IPYNB", "c.zip", "d.json", "e.ipynb.txt", "noending", "f.csv", "timestamp.txt", ".hidden.ipynb",
        "deep/er/x.ipynb", ".ipynb_checkpoints/b-checkpoint.ipynb", "__MACOSX/b.ipynb", "実験.ipynb", "h.tar.gz",
        "venv/lib/site-packages/x.ipynb", "feedback/a.html", "Thumbs.db",
    ):  # fmt: skip
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(name.encode())
    (folder / "g.py").write_bytes(b"x" * 1000)
    files, repairs = collect(folder)
    assert [file.name for file in files] == [
        "a.IPYNB", "b.ipynb", "実験.ipynb", "e.ipynb.txt", "d.json", "c.zip", "h.tar.gz", "noending", "f.csv", "g.py",
        "deep/er/x.ipynb",
    ]  # fmt: skip
    assert files[0] == SubmittedFile("a.IPYNB", b"a.IPYNB")
    assert files[8:10] == (SubmittedFile("f.csv", b"f.csv"), SubmittedFile("g.py", b"x" * 64, is_whole=False))
    assert repairs == ()


def test_links_are_not_followed(folder: Path) -> None:
    """Links to files and folders are not read, nor is a submission that is itself a link."""
    classmate = folder.parent / "classmate"
    classmate.mkdir()
    (classmate / "x.ipynb").write_text("secret")
    (folder / "x.ipynb").symlink_to(classmate / "x.ipynb")
    (folder / "inside").symlink_to(classmate)
    (folder / "dangling.ipynb").symlink_to(folder / "nothing")
    files, repairs = collect(folder)
    assert files == ()
    assert repair_names(repairs) == ["link", "link", "link"]
    (folder.parent / "whole").symlink_to(classmate)
    files, repairs = collect(folder.parent / "whole")
    assert files == ()
    assert repair_names(repairs) == ["no folder"]


def test_pipes_and_sockets_are_not_opened(folder: Path) -> None:
    """Pipes and sockets are not opened, because opening a pipe without a writer blocks."""
    os.mkfifo(folder / "x.ipynb")
    with socket.socket(socket.AF_UNIX) as listening:
        working_folder = os.getcwd()
        os.chdir(folder)  # the system limits the length of a socket's path
        try:
            listening.bind("y.ipynb")
        finally:
            os.chdir(working_folder)
        (folder / "z.ipynb").write_text("{}")
        files, repairs = collect(folder)
    assert [file.name for file in files] == ["z.ipynb"]
    assert repair_names(repairs) == ["no file", "no file"]


def test_sizes_and_numbers_are_bounded(folder: Path) -> None:
    """Files that are too large, too large together or too many are left out, and repairs give the limits."""
    sparse(folder / "a.ipynb", MAX_FILE + 1)
    for name in ("b.ipynb", "c.ipynb"):
        sparse(folder / name, MAX_FILE)
    sparse(folder / "d.ipynb", MAX_TOGETHER - 2 * MAX_FILE + 1)
    for number in range(MAX_FILES):
        (folder / f"e{number:03}.json").write_text("{}")
    files, repairs = collect(folder)
    assert [file.name for file in files[:3]] == ["b.ipynb", "c.ipynb", "e000.json"] or MAX_TOGETHER == 2 * MAX_FILE
    assert len(files) <= MAX_FILES
    assert {"large", "large together"} <= set(repair_names(repairs))
    assert "64 MB" in repairs[0].sentence


def test_too_many_files(folder: Path) -> None:
    """Of too many files the likeliest notebooks are read, up to MAX_FILES."""
    for number in range(MAX_FILES + 20):
        (folder / f"{number:03}").write_text("")
    (folder / "z.ipynb").write_text("{}")
    files, repairs = collect(folder)
    assert len(files) == MAX_FILES
    assert files[0].name == "z.ipynb"
    assert repair_names(repairs) == ["many files"]


def test_deep_folders_are_not_searched(folder: Path) -> None:
    """Folders below six levels are not searched, and a repair names them."""
    path = folder / "1" / "2" / "3" / "4" / "5" / "6"
    (path / "7").mkdir(parents=True)
    (path / "x.ipynb").write_text("{}")
    (path / "7" / "y.ipynb").write_text("{}")
    files, repairs = collect(folder)
    assert [file.name for file in files] == ["1/2/3/4/5/6/x.ipynb"]
    assert repair_names(repairs) == ["deep"]
    assert "1/2/3/4/5/6/7" in repairs[0].sentence


def test_missing_folder_is_reported(tmp_path: Path) -> None:
    """A missing folder, or a file in its place, gives a repair and raises no exception."""
    (tmp_path / "file").write_text("")
    for path in (tmp_path / "nowhere", tmp_path / "file"):
        assert repair_names(collect(path)[1]) == ["no folder"]


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read everything")
def test_unreadable_file_is_reported(folder: Path) -> None:
    """A file without read permission gives a repair, and the other files are read."""
    for name in ("a.ipynb", "b.ipynb"):
        (folder / name).write_text("{}")
    (folder / "a.ipynb").chmod(0)
    files, repairs = collect(folder)
    assert [file.name for file in files] == ["b.ipynb"]
    assert repair_names(repairs) == ["unread"]


def test_vanished_file_is_reported(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A file deleted between listing and opening gives a repair, and the other files are read."""
    for name in ("a.ipynb", "b.ipynb"):
        (folder / name).write_text("{}")
    open_file = os.open

    def delete_and_open(path: str, *args: int, **more: int | None) -> int:
        if path == "a.ipynb":
            (folder / path).unlink()
        return open_file(path, *args, **more)

    monkeypatch.setattr(os, "open", delete_and_open)
    files, repairs = collect(folder)
    assert [file.name for file in files] == ["b.ipynb"]
    assert repair_names(repairs) == ["unread"]


def test_undecodable_file_names_are_printable(folder: Path) -> None:
    """A file name that is no UTF-8 is read with replacement characters."""
    (Path(os.fsdecode(bytes(folder) + b"/caf\xe9.ipynb"))).write_text("{}")
    files, _ = collect(folder)
    assert [file.name for file in files] == ["caf\ufffd.ipynb"]


def test_files_for_graders_are_bounded(folder: Path) -> None:
    """Of files that are too large or too many for graders only the beginning is read; notebooks keep their place."""
    sparse(folder / "a.pdf", MAX_PASSED_ON_TOGETHER + 1)
    for number in range(MAX_PASSED_ON + 20):
        (folder / f"{number:03}.jpg").write_text("x")
    (folder / "z").mkdir()
    (folder / "z" / "z.ipynb").write_text("{}")
    files, repairs = collect(folder)
    assert sum(file.is_whole for file in files) == MAX_PASSED_ON + 1
    assert len(files) == MAX_PASSED_ON + 22
    assert (files[-1].name, repairs) == ("z/z.ipynb", ())
