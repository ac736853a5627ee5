"""Tests of archives in a submission: unpacked in memory, within limits, and without trust in their contents."""

from __future__ import annotations

import io
import time
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
    """Only notebooks are unpacked, with their folders; checkpoints, macOS copies and other files are left out.

    Files that are no archive stay unchanged. An archive is recognised whatever its name ends in.
    """
    data = packed(
        {"lab/x.ipynb": b"{}", "__MACOSX/lab/._x.ipynb": b"", "lab/.ipynb_checkpoints/x.ipynb": b"", "y.csv": b""}
    )
    assert result(data) == (["a.zip/lab/x.ipynb"], ["unpacked"])
    plain = SubmittedFile("b.ipynb", b"{}")
    assert unpack([plain]) == ((plain,), ())
    assert [file.name for file in unpack([SubmittedFile("called.ipynb", data)])[0]] == ["called.ipynb/lab/x.ipynb"]


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


def test_encrypted_and_lzma_members_are_reported() -> None:
    """Members with a password or a rare compression method are left out, each with a repair."""
    data = bytearray(packed({"x.ipynb": b"{}"}, zipfile.ZIP_STORED))
    for position in (data.index(b"PK\x03\x04") + 6, data.index(b"PK\x01\x02") + 8):
        data[position] |= 1
    assert result(bytes(data)) == ([], ["locked member", "unpacked"])
    assert result(packed({"x.ipynb": b"{}"}, zipfile.ZIP_LZMA)) == ([], ["damaged member", "unpacked"])


def test_archive_inside_an_archive_stays_closed() -> None:
    """An archive inside an archive is returned as a file, and not unpacked."""
    inner = packed({"x.ipynb": b"{}"})
    files, _ = unpack([SubmittedFile("a.zip", packed({"b.zip": inner}))])
    assert [(file.name, file.data) for file in files] == [("a.zip/b.zip", inner)]


def test_damaged_archives_raise_nothing() -> None:
    """An archive that ends at any byte, or with any byte changed, raises no exception."""
    data = packed({"x.ipynb": b"{}" * 20, "y.ipynb": b"[]"})
    for position in range(4, len(data)):
        assert "damaged archive" in result(data[:position])[1]
        for value in (0, 255, data[position] ^ 1):
            result(data[:position] + bytes([value]) + data[position + 1 :])


@pytest.mark.parametrize("junk", [b"PK\x03\x04", b"PK\x05\x06" + bytes(18), b"PK\x03\x04" * 1000])
def test_data_that_only_begin_like_an_archive(junk: bytes) -> None:
    """Data that only begin like an archive give no file and raise no exception."""
    assert result(junk)[0] == []
