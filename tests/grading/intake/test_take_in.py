"""Tests of take_in: a reason that intake found reaches people, and other files go along with a notebook."""

from __future__ import annotations

import base64
import json
import time
from collections.abc import Mapping
from pathlib import Path

import pytest

from autograder.grading.intake import Intake, collect, released_texts, take_in
from autograder.grading.intake.other_files import MAX_PASSED_ON, passed_on
from autograder.grading.model import Job, SubmittedFile
from tests.grading.intake.notebooks import INSTRUCTOR, STUBS, WHY, handed_in, notebook
from tests.grading.pages.attacks import png
from tests.hostile.rows.accidents import BROKEN, UNOPENED, archived

FILE = "study.ipynb"
DATA = json.dumps(notebook(handed_in())).encode()
PNG = base64.b64decode(png())


def taken_in(folder: Path, files: Mapping[str, bytes], **job: object) -> Intake:
    """Write a submission's files into a folder and take it in. job: further fields of the job."""
    for name, data in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(data)
    found, repairs = collect(folder)
    source = {"study": json.dumps(notebook(INSTRUCTOR)).encode()}
    released = {name: released_texts(name, data, STUBS) for name, data in source.items()}
    return take_in(Job("s000", "lab", found, source, repairs, released=released, **job))  # type: ignore[arg-type]


@pytest.mark.parametrize("name", UNOPENED)
def test_a_reason_reaches_people(tmp_path: Path, name: str) -> None:
    """The problem says what the files are; only of an empty folder it says that there is no notebook."""
    files, words = UNOPENED[name]
    problem = taken_in(tmp_path, files).problem
    assert words in problem
    assert ("submitted no notebook" in problem) == (not files)
    assert FILE in problem.partition("→")[2]


@pytest.mark.parametrize("name", [name for name in BROKEN if name != "65 MB"])
def test_a_broken_file_is_named_with_its_fault(tmp_path: Path, name: str) -> None:
    """A file that is no notebook is named with its fault, also under another name and beside another reason."""
    change, words = BROKEN[name]
    for file in (FILE, "homework.ipynb"):
        problem = taken_in(tmp_path / file, {file: change(DATA), "old.rar": b""}).problem
        assert f"{file}: the file" in problem
        assert words in problem
        assert file == FILE or "old.rar is a RAR archive" in problem


def test_a_notebook_deep_in_folders_is_graded(tmp_path: Path) -> None:
    """A notebook that lies deep is graded, and a sentence says where it lay; below the limit the problem says so."""
    intake = taken_in(tmp_path / "5", {f"a/b/c/d/e/{FILE}": DATA})
    assert len(intake.plans) == 1
    assert [repair.sentence for repair in intake.repairs if "a/b/c/d/e/study.ipynb" in repair.sentence]
    assert "1/2/3/4/5/6/7" in taken_in(tmp_path / "7", {f"1/2/3/4/5/6/7/{FILE}": DATA}).problem


def test_a_reason_is_told_beside_a_graded_notebook(tmp_path: Path) -> None:
    """Where one of two notebooks is graded, a sentence says why the other could not be; the problem is empty."""
    (tmp_path / FILE).write_bytes(DATA)
    (tmp_path / "other.7z").write_bytes(b"")
    files, repairs = collect(tmp_path)
    source = {"study": json.dumps(notebook(INSTRUCTOR)).encode(), "other": json.dumps(notebook([])).encode()}
    intake = take_in(Job("s000", "lab", files, source, repairs))
    assert ([plan.notebook for plan in intake.plans], intake.problem) == (["study"], "")
    assert any("other.7z is a 7z archive" in repair.sentence for repair in intake.repairs)


def test_reasons_are_few(tmp_path: Path) -> None:
    """Of many reasons the first are given; a photo beside an unreadable notebook is none."""
    problem = taken_in(tmp_path / "many", {f"{n:02}.ipynb": b"{" for n in range(20)} | {"a.jpg": PNG}).problem
    assert problem.count("breaks off") == 8
    assert "12 more" in problem
    assert "a.jpg" not in problem


def test_other_files_go_along(tmp_path: Path) -> None:
    """Pictures, PDFs and tables go along, by their paths from the notebook; active files are left out by name.

    The lab's own files, nbgrader's and the system's stay as they are, without a sentence.
    """
    passive = {"photo.jpg": b"j", "img/plot one.png": PNG, "notes.pdf": b"%PDF-", "submission_secret.txt": b"s"}
    silent = {
        "Measured.csv": b"9",
        "timestamp.txt": b"",
        ".hidden.png": b"",
        "Thumbs.db": b"",
        "__pycache__/a.pyc": b"",
    }
    active = {"page.html": b"<script>", "numpy.py": b"", "drawing.svg": b"<svg>", "run.js": b"", "photo.png.exe": b""}
    intake = taken_in(tmp_path / "a", {FILE: DATA, **passive, **silent, **active}, data_files={"measured.csv": b"1"})
    assert {file.name: file.data for file in intake.other_files} == passive
    (sentence,) = (repair.sentence for repair in intake.repairs)
    assert all(name in sentence for name in active)
    packed = archived({f"lab/{FILE}": DATA, "lab/photo.jpg": b"j", "lab/a.svg": b"<svg>"}, "zip")
    intake = taken_in(tmp_path / "b", {"work.zip": packed, "more.txt": b"t"})
    assert {file.name for file in intake.other_files} == {"photo.jpg", "more.txt"}
    assert "work.zip/lab/a.svg" in intake.repairs[-1].sentence


@pytest.mark.parametrize(
    "name", ["../x.png", "/x.png", "a//x.png", "C:x.png", "a\\x.png", "\x1b.png", "ä" * 120 + ".png", "x.ipynb/a.png",
             "a.part/x.png", "timestamp.txt", "TIMESTAMP.TXT", "kept.png/x.png", "kept.png", "a/" * 600 + "x.png"],
)  # fmt: skip
def test_no_other_file_takes_the_place_of_one_of_ours(name: str) -> None:
    """Names that lead elsewhere, are too long, or are those of the grader's files are left out."""
    first = SubmittedFile("kept.png", PNG)
    kept, _ = passed_on([first, SubmittedFile(name, b"other")], [SubmittedFile(FILE, DATA)], [])
    assert kept == (first,)


def test_other_files_are_few() -> None:
    """Of many files the first go along, the submission's secret among them, and a sentence says so."""
    files = [SubmittedFile(f"{n}.png", PNG) for n in range(60)] + [SubmittedFile("submission_secret.txt", b"s")]
    kept, (repair,) = passed_on(files, [], [])
    assert len(kept) == MAX_PASSED_ON
    assert kept[0].name == "submission_secret.txt"
    assert "at most 50 files" in repair.sentence


@pytest.mark.parametrize(
    "text",
    ["![photo](photo.jpg)", "![photo](<photo.jpg>)", '![photo](./PHOTO.JPG "a title")', "![photo](img\\photo.jpg)",
     "![photo](/content/drive/My%20Drive/photo.jpg)", '<img src="photo.jpg" width="300" alt="photo">',
     "<img width=200 alt='photo' src=photo.jpg />"],
)  # fmt: skip
def test_a_photo_beside_the_notebook_becomes_part_of_it(tmp_path: Path, text: str) -> None:
    """A picture in a file that a written answer shows is attached to the answer."""
    cells = handed_in()
    cells[WHY]["source"] = f"See {text} and {text}."
    intake = taken_in(tmp_path, {FILE: json.dumps(notebook(cells)).encode(), "photo.jpg": PNG})
    (answer,) = (part for part in intake.plans[0].parts if part.grade_id == "why")
    assert answer.attachments == {"picture-1": {"image/png": png()}}
    assert answer.source == "See ![photo](attachment:picture-1) and ![photo](attachment:picture-1)."


def test_a_photo_in_an_archive_beside_the_notebook_becomes_part_of_it(tmp_path: Path) -> None:
    """A picture of the right name is found in an archive, too, unless several files have the name."""
    cells = handed_in()
    cells[WHY]["source"] = "![](photo.jpg) ![](twice.jpg)"
    photos = archived({"my/photo.jpg": PNG, "a/twice.jpg": PNG, "b/twice.jpg": PNG + b"x"}, "gz")
    intake = taken_in(tmp_path, {FILE: json.dumps(notebook(cells)).encode(), "photos.tar.gz": photos})
    (answer,) = (part for part in intake.plans[0].parts if part.grade_id == "why")
    assert answer.source == "![](attachment:picture-1) ![](twice.jpg)"
    assert "photos.tar.gz/my/photo.jpg" in {file.name for file in intake.other_files}


def test_a_photo_in_the_text_does_not_make_it_too_long(tmp_path: Path) -> None:
    """Colab writes a photo of megabytes into the text of an answer, which stays an answer."""
    cells = handed_in()
    photo = base64.b64encode(PNG.ljust(3_000_000, b"\0")).decode()
    cells[WHY]["source"] = f"See ![photo](data:image/png;base64,{photo})"
    intake = taken_in(tmp_path, {FILE: json.dumps(notebook(cells)).encode()})
    (answer,) = (part for part in intake.plans[0].parts if part.grade_id == "why")
    assert answer.source == "See ![photo](attachment:picture-1)"
    assert answer.attachments == {"picture-1": {"image/png": photo}}


@pytest.mark.parametrize("data", [b"<svg onload=x>", b"%PDF-", b"", b"\0\0\0\x18ftypheic"])
def test_a_file_that_is_no_picture_stays_text(tmp_path: Path, data: bytes) -> None:
    """A file of another type is not attached, whatever its name is, and the answer stays as it is."""
    cells = handed_in()
    cells[WHY]["source"] = '![](a.png) ![](gone.png) <img src="gone.png">'
    intake = taken_in(tmp_path, {FILE: json.dumps(notebook(cells)).encode(), "a.png": data})
    (answer,) = (part for part in intake.plans[0].parts if part.grade_id == "why")
    assert (answer.source, answer.attachments) == (cells[WHY]["source"], {})
    assert not data or "1 attached files are not shown" in intake.plans[0].repairs[-1].sentence


def test_many_pictures_are_read_in_time(tmp_path: Path) -> None:
    """Thousands of pictures in a text, or of references to a large file, take no time that grows with their square."""
    cells, start = handed_in(), time.process_time()
    cells[WHY]["source"] = "![](data:image/png;base64,AAAA)" * 15_000 + "![](a.gif)" * 15_000
    frames = b"GIF89a" + bytes(7) + b",\0\0\0\0\0\0\0\0\0\2\0" * 500_000
    taken_in(tmp_path, {FILE: json.dumps(notebook(cells)).encode(), "a.gif": frames})
    assert time.process_time() - start < 10
