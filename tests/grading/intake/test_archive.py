"""Tests of archives in a submission: unpacked in memory, within limits, and without trust in their contents."""

from __future__ import annotations

import bz2
import gzip
import io
import tarfile
import time
import tracemalloc
import zipfile
from collections.abc import Mapping

import pytest

from autograder.grading.intake import archive
from autograder.grading.intake.archive import MAX_MEMBERS, unpack
from autograder.grading.model import SubmittedFile


def packed(members: Mapping[str, bytes], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    """Return the bytes of a ZIP archive of these files."""
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", method) as zipped:
        for name, data in members.items():
            zipped.writestr(name, data)
    return stream.getvalue()


def result(data: bytes) -> tuple[list[str], list[str]]:
    """Return the names of the unpacked files, and the names of the repairs."""
    files, repairs = unpack([SubmittedFile("a.zip", data)])
    return [file.name for file in files], [repair.name for repair in repairs]


def test_notebooks_are_unpacked() -> None:
    """Notebooks and files for graders are unpacked, with their folders; checkpoints and macOS copies are left out.

    Of other files only the name is kept. Files that are no archive stay unchanged. An archive is recognised whatever
    its name ends in, unless it is that of a document.
    """
    data = packed(
        {"lab/x.ipynb": b"{}", "__MACOSX/lab/._x.ipynb": b"", "lab/.ipynb_checkpoints/x.ipynb": b"", "y.csv": b"1",
         "z.py": b"1"}
    )  # fmt: skip
    files, repairs = unpack([SubmittedFile("a.zip", data)])
    assert files == (
        SubmittedFile("a.zip/lab/x.ipynb", b"{}"), SubmittedFile("a.zip/y.csv", b"1"),
        SubmittedFile("a.zip/z.py", b"", is_whole=False),
    )  # fmt: skip
    assert [repair.name for repair in repairs] == ["unpacked"]
    plain = SubmittedFile("b.ipynb", b"{}")
    assert unpack([plain]) == ((plain,), ())
    assert unpack([SubmittedFile("called.ipynb", data)])[0][0].name == "called.ipynb/lab/x.ipynb"
    assert unpack([SubmittedFile("report.docx", data)])[0][0].name == "report.docx"


def test_names_that_point_outside_are_left_out() -> None:
    """Members with absolute paths, parent folders or drives in their names are left out, each with a repair."""
    data = packed({"/etc/x.ipynb": b"", "../x.ipynb": b"", "a/../../x.ipynb": b"", "C:\\x.ipynb": b"", "ok.ipynb": b""})
    names, repairs = result(data)
    assert names == ["a.zip/ok.ipynb"]
    assert repairs.count("odd member") == 4


def test_bombs_are_stopped_by_limits() -> None:
    """Members that are too large, too many, or larger than they claim are left out, in limited time."""
    start = time.process_time()
    zeros = bytes(archive.MAX_FILE)
    assert result(packed({"x.ipynb": zeros + b"0"})) == ([], ["large", "unpacked"])
    names, repairs = result(packed({f"{n}.ipynb": zeros for n in range(4)}))
    assert len(names) == 2
    assert "large together" in repairs
    data = packed({"x.ipynb": zeros})
    size = len(zeros).to_bytes(4, "little")
    assert result(data.replace(size, (10).to_bytes(4, "little"))) == ([], ["damaged member", "unpacked"])
    assert result(packed({f"{n}": b"" for n in range(MAX_MEMBERS + 1)})) == ([], ["many files"])
    assert len(result(packed({f"{n}.ipynb": b"{}" for n in range(200)}))[0]) == 100
    assert time.process_time() - start < 20


def test_encrypted_members_are_reported() -> None:
    """Members with a password are left out with a repair."""
    data = bytearray(packed({"x.ipynb": b"{}"}, zipfile.ZIP_STORED))
    for position in (data.index(b"PK\x03\x04") + 6, data.index(b"PK\x01\x02") + 8):
        data[position] |= 1
    assert result(bytes(data)) == ([], ["locked member", "unpacked"])


def tarred(members: Mapping[str, bytes], kind: str = "") -> bytes:
    """Return the bytes of a tar archive of these files. kind: gz, bz2, or "" for no compression."""
    stream = io.BytesIO()
    with tarfile.open(fileobj=stream, mode=f"w:{kind}") as archive:
        for name, data in members.items():
            about = tarfile.TarInfo(name)
            about.size = len(data)
            archive.addfile(about, io.BytesIO(data))
    return stream.getvalue()


MEMBERS = {"lab/x.ipynb": b"{}" * 30_000, "lab/photo.jpg": b"p"}
HARMLESS: dict[str, bytes] = {
    "a.zip bzip2": packed(MEMBERS, zipfile.ZIP_BZIP2),
    "a.zip lzma": packed(MEMBERS, zipfile.ZIP_LZMA),
    "a.tar": tarred(MEMBERS),
    "a.tar.gz": tarred(MEMBERS, "gz"),
    "a.tgz": tarred({f"./{name}": data for name, data in MEMBERS.items()}, "gz"),
    "a.tar.bz2": tarred(MEMBERS, "bz2"),
    "a.zip with a zip": packed({"b.zip": packed(MEMBERS)}),
    "a.zip with a tar": packed({"b/c.tar.gz": tarred(MEMBERS, "gz")}),
}
"""Archives of the same files, by name; words after a space tell them apart."""


@pytest.mark.parametrize("name", HARMLESS)
def test_archives_of_many_kinds_are_unpacked(name: str) -> None:
    """Archives that the standard library unpacks within limits are unpacked, also one inside another."""
    file = name.partition(" ")[0]
    files, repairs = unpack([SubmittedFile(file, HARMLESS[name])])
    assert {one.name.rpartition("lab/")[2]: one.data for one in files} == {
        "x.ipynb": MEMBERS["lab/x.ipynb"], "photo.jpg": b"p",
    }  # fmt: skip
    assert all(one.name.startswith(f"{file}/") for one in files)
    assert {repair.name for repair in repairs} == {"unpacked"}


def test_a_compressed_notebook_is_unpacked() -> None:
    """A single compressed file is unpacked under the name without the ending."""
    for ending, compress in (("gz", gzip.compress), ("bz2", bz2.compress)):
        (file,), _ = unpack([SubmittedFile(f"x.ipynb.{ending}", compress(b"{}"))])
        assert file == SubmittedFile(f"x.ipynb.{ending}/x.ipynb", b"{}")
    assert unpack([SubmittedFile("x.ipynb", gzip.compress(b"{}"))])[0][0].name == "x.ipynb/x.ipynb"


def test_an_archive_in_an_archive_in_an_archive_stays_closed() -> None:
    """The third archive around a file is left out with a repair."""
    inner = packed({"c.zip": packed({"x.ipynb": b"{}"})})
    assert result(packed({"b.zip": inner})) == ([], ["nested archive", "unpacked", "unpacked"])


def test_members_of_a_tar_that_are_no_files_are_left_out() -> None:
    """Links, devices and pipes in a tar archive are left out, each with a repair, and names may not climb."""
    stream = io.BytesIO()
    with tarfile.open(fileobj=stream, mode="w") as archive:
        for number, kind in enumerate((tarfile.SYMTYPE, tarfile.LNKTYPE, tarfile.CHRTYPE, tarfile.FIFOTYPE)):
            about = tarfile.TarInfo(f"{number}.ipynb")
            about.type = kind
            archive.addfile(about)
        for name in ("../x.ipynb", "/x.ipynb"):
            archive.addfile(tarfile.TarInfo(name))
    names, repairs = result(stream.getvalue())
    assert names == []
    assert repairs == ["no file member"] * 4 + ["odd member"] * 2 + ["unpacked"]


def test_bombs_of_other_kinds_are_stopped_by_limits() -> None:
    """What decompresses into more than the limits is left out, in limited memory and time.

    zipfile alone would decompress all of a bzip2 or LZMA member, and tarfile skips large members by reading them.
    """
    zeros = bytes(20_000_000)
    for method in (zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA):
        data = packed({"x.ipynb": zeros}, method)
        data = data.replace(len(zeros).to_bytes(4, "little"), (10).to_bytes(4, "little"))
        tracemalloc.start()
        assert result(data) == ([], ["damaged member", "unpacked"])
        assert tracemalloc.get_traced_memory()[1] < 10_000_000
        tracemalloc.stop()
    lzma = bytearray(packed({"x.ipynb": b"{}"}, zipfile.ZIP_LZMA))
    size_of_dictionary = 30 + len("x.ipynb") + 5
    lzma[size_of_dictionary : size_of_dictionary + 4] = b"\xff" * 4
    assert result(bytes(lzma)) == ([], ["damaged member", "unpacked"])
    compressed = gzip.compress(zeros, 1)
    assert result(compressed * (archive.MAX_FILE // len(zeros) + 1)) == ([], ["damaged member", "unpacked"])
    skipped = tarfile.TarInfo("film.mp4")
    skipped.size = 2 * archive.MAX_STREAMED
    times = archive.MAX_STREAMED // len(zeros) + 1
    assert result(gzip.compress(skipped.tobuf()) + compressed * times)[1] == ["large archive"]
    assert result(tarred({f"{n}.x": b"" for n in range(MAX_MEMBERS + 1)}))[1] == ["many files"]


SMALL = {"x.ipynb": b"{}" * 20, "y.ipynb": b"[]"}


@pytest.mark.parametrize(
    "data",
    [packed(SMALL), packed(SMALL, zipfile.ZIP_BZIP2), packed(SMALL, zipfile.ZIP_LZMA), tarred(SMALL, "gz")],
    ids=["deflate", "bzip2", "lzma", "tar.gz"],
)
def test_damaged_archives_raise_nothing(data: bytes) -> None:
    """An archive that ends at any byte, or with any byte changed, raises no exception; a missing file is reported."""
    for position in range(4, len(data)):
        names, repairs = result(data[:position])
        assert len(names) == len(SMALL) or {"damaged archive", "damaged member"} & set(repairs)
        for value in (0, 255, data[position] ^ 1):
            result(data[:position] + bytes([value]) + data[position + 1 :])


@pytest.mark.parametrize("junk", [b"PK\x03\x04", b"PK\x05\x06" + bytes(18), b"PK\x03\x04" * 1000])
def test_data_that_only_begin_like_an_archive(junk: bytes) -> None:
    """Data that only begin like an archive give no file and raise no exception."""
    assert result(junk)[0] == []
