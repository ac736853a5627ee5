"""Archives: opened in memory, within bounds, and never trusted."""

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
    """An archive."""
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", method) as zipped:
        for name, data in members.items():
            zipped.writestr(name, data)
    return stream.getvalue()


def result(data: bytes) -> tuple[list[str], list[str]]:
    """Names of what is unpacked, and of the repairs."""
    files, repairs = unpack([SubmittedFile("a.zip", data)])
    return [file.name for file in files], [repair.name for repair in repairs]


def test_notebooks_are_taken_out() -> None:
    """In their folders, without checkpoints, Mac's copies and other files; files that are no archive stay."""
    data = packed(
        {"lab/x.ipynb": b"{}", "__MACOSX/lab/._x.ipynb": b"", "lab/.ipynb_checkpoints/x.ipynb": b"", "y.csv": b""}
    )
    assert result(data) == (["a.zip/lab/x.ipynb"], ["unpacked"])
    plain = SubmittedFile("b.ipynb", b"{}")
    assert unpack([plain]) == ((plain,), ())
    assert [file.name for file in unpack([SubmittedFile("called.ipynb", data)])[0]] == ["called.ipynb/lab/x.ipynb"]


def test_names_that_point_outside_are_left_out() -> None:
    """Absolute names, steps up and drives."""
    data = packed({"/etc/x.ipynb": b"", "../x.ipynb": b"", "a/../../x.ipynb": b"", "C:\\x.ipynb": b"", "ok.ipynb": b""})
    names, repairs = result(data)
    assert names == ["a.zip/ok.ipynb"]
    assert repairs.count("odd member") == 4


def test_bombs_go_off_within_bounds() -> None:
    """One member too large, many that are together, and one that says less than it holds."""
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


def test_locked_and_foreign_members_are_told() -> None:
    """Passwords and rare methods of compression."""
    data = bytearray(packed({"x.ipynb": b"{}"}, zipfile.ZIP_STORED))
    for at in (data.index(b"PK\x03\x04") + 6, data.index(b"PK\x01\x02") + 8):
        data[at] |= 1
    assert result(bytes(data)) == ([], ["locked member", "unpacked"])
    assert result(packed({"x.ipynb": b"{}"}, zipfile.ZIP_LZMA)) == ([], ["damaged member", "unpacked"])


def test_archive_inside_an_archive_stays_closed() -> None:
    """It is handed on as it is, and is no notebook."""
    inner = packed({"x.ipynb": b"{}"})
    files, _ = unpack([SubmittedFile("a.zip", packed({"b.zip": inner}))])
    assert [(file.name, file.data) for file in files] == [("a.zip/b.zip", inner)]


def test_damaged_archives_raise_nothing() -> None:
    """Cut off at any byte, or with any byte changed."""
    data = packed({"x.ipynb": b"{}" * 20, "y.ipynb": b"[]"})
    for at in range(4, len(data)):
        assert "damaged archive" in result(data[:at])[1]
        for value in (0, 255, data[at] ^ 1):
            result(data[:at] + bytes([value]) + data[at + 1 :])


@pytest.mark.parametrize("junk", [b"PK\x03\x04", b"PK\x05\x06" + bytes(18), b"PK\x03\x04" * 1000])
def test_what_only_begins_like_an_archive(junk: bytes) -> None:
    """Told, not raised."""
    assert result(junk)[0] == []
