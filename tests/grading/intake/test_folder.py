"""A submission's folder: what is read, what is left out, and that nothing in it is followed or waited for."""

from __future__ import annotations

import os
import socket
from pathlib import Path

import pytest

from autograder.grading.intake import collect
from autograder.grading.intake.folder import MAX_FILE, MAX_FILES, MAX_TOGETHER
from autograder.grading.model import Repair, SubmittedFile


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """An empty submission."""
    made = tmp_path / "submission"
    made.mkdir()
    return made


def told(repairs: tuple[Repair, ...]) -> list[str]:
    """The repairs' names."""
    return [repair.name for repair in repairs]


def sparse(file: Path, size: int) -> None:
    """A file of zeros that takes no room."""
    with file.open("wb") as stream:
        stream.truncate(size)


def test_only_what_could_be_a_notebook_is_read(folder: Path) -> None:
    """Likely names first, folders last; checkpoints, data and hidden files are no matter."""
    for name in (
        "b.ipynb", "a.IPYNB", "c.zip", "d.json", "e.ipynb.txt", "noending", "f.csv", "timestamp.txt", ".hidden.ipynb",
        "g.py", "deep/er/x.ipynb", ".ipynb_checkpoints/b-checkpoint.ipynb", "__MACOSX/b.ipynb", "実験.ipynb",
    ):  # fmt: skip
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(name.encode())
    files, repairs = collect(folder)
    assert [file.name for file in files] == [
        "a.IPYNB", "b.ipynb", "実験.ipynb", "e.ipynb.txt", "d.json", "c.zip", "noending", "deep/er/x.ipynb",
    ]  # fmt: skip
    assert files[0] == SubmittedFile("a.IPYNB", b"a.IPYNB")
    assert repairs == ()


def test_links_are_not_followed(folder: Path) -> None:
    """Neither a file nor a folder that is a link is read, nor a submission that is one as a whole."""
    secret = folder.parent / "classmate"
    secret.mkdir()
    (secret / "x.ipynb").write_text("secret")
    (folder / "x.ipynb").symlink_to(secret / "x.ipynb")
    (folder / "inside").symlink_to(secret)
    (folder / "dangling.ipynb").symlink_to(folder / "nothing")
    files, repairs = collect(folder)
    assert files == ()
    assert told(repairs) == ["link", "link", "link"]
    (folder.parent / "whole").symlink_to(secret)
    files, repairs = collect(folder.parent / "whole")
    assert files == ()
    assert told(repairs) == ["no folder"]


def test_pipes_and_sockets_are_not_opened(folder: Path) -> None:
    """A pipe that nobody writes into blocks whoever opens it."""
    os.mkfifo(folder / "x.ipynb")
    with socket.socket(socket.AF_UNIX) as listening:
        here = os.getcwd()
        os.chdir(folder)  # a socket's path is short
        try:
            listening.bind("y.ipynb")
        finally:
            os.chdir(here)
        (folder / "z.ipynb").write_text("{}")
        files, repairs = collect(folder)
    assert [file.name for file in files] == ["z.ipynb"]
    assert told(repairs) == ["no file", "no file"]


def test_sizes_and_numbers_are_bounded(folder: Path) -> None:
    """A file too large, too much together and too many files are left out, each told with the limit."""
    sparse(folder / "a.ipynb", MAX_FILE + 1)
    for name in ("b.ipynb", "c.ipynb"):
        sparse(folder / name, MAX_FILE)
    sparse(folder / "d.ipynb", MAX_TOGETHER - 2 * MAX_FILE + 1)
    for number in range(MAX_FILES):
        (folder / f"e{number:03}.json").write_text("{}")
    files, repairs = collect(folder)
    assert [file.name for file in files[:3]] == ["b.ipynb", "c.ipynb", "e000.json"] or MAX_TOGETHER == 2 * MAX_FILE
    assert len(files) <= MAX_FILES
    assert {"large", "large together"} <= set(told(repairs))
    assert "64 MB" in repairs[0].says


def test_too_many_files(folder: Path) -> None:
    """The likeliest hundred are read."""
    for number in range(MAX_FILES + 20):
        (folder / f"{number:03}").write_text("")
    (folder / "z.ipynb").write_text("{}")
    files, repairs = collect(folder)
    assert len(files) == MAX_FILES
    assert files[0].name == "z.ipynb"
    assert told(repairs) == ["many files"]


def test_deep_folders_are_not_searched(folder: Path) -> None:
    """Two folders deep is fine; what lies deeper is told."""
    (folder / "a" / "b" / "c").mkdir(parents=True)
    (folder / "a" / "b" / "c" / "x.ipynb").write_text("{}")
    files, repairs = collect(folder)
    assert files == ()
    assert told(repairs) == ["deep"]
    assert "a/b/c" in repairs[0].says


def test_missing_folder_is_told(tmp_path: Path) -> None:
    """No folder, or a file in its place, is a sentence and no exception."""
    (tmp_path / "file").write_text("")
    for path in (tmp_path / "nowhere", tmp_path / "file"):
        assert told(collect(path)[1]) == ["no folder"]


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read everything")
def test_forbidden_file_is_told(folder: Path) -> None:
    """A file that may not be read leaves the others alone."""
    for name in ("a.ipynb", "b.ipynb"):
        (folder / name).write_text("{}")
    (folder / "a.ipynb").chmod(0)
    files, repairs = collect(folder)
    assert [file.name for file in files] == ["b.ipynb"]
    assert told(repairs) == ["unread"]


def test_file_that_vanishes_is_told(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What is deleted between listing and opening leaves the others alone."""
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
    assert told(repairs) == ["unread"]


def test_names_in_other_bytes_are_printable(folder: Path) -> None:
    """A name that is no UTF-8, or steers a terminal, is read and told as characters."""
    (Path(os.fsdecode(bytes(folder) + b"/caf\xe9.ipynb"))).write_text("{}")
    files, _ = collect(folder)
    assert [file.name for file in files] == ["caf\ufffd.ipynb"]


def test_submission_without_a_notebook_says_what_there_was(folder: Path) -> None:
    """A report in PDF is named, a time stamp is not."""
    for name in ("report.pdf", "timestamp.txt", "a\u202eb\x1b.rar"):
        (folder / name).write_text("")
    files, repairs = collect(folder)
    assert files == ()
    assert repairs[0].says == "None of your files could be a notebook. There was: a�b�.rar, report.pdf."
