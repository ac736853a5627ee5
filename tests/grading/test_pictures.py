"""Tests of picture and AttachmentFilter, which accept only real pictures."""

from __future__ import annotations

import base64
import io
import struct

import pytest
from matplotlib import image

from autograder.grading.pictures import GIF, JPEG, PNG, AttachmentFilter, picture
from tests.grading.pages.attacks import png


def _jpeg() -> str:
    """Return a JPEG picture as base64."""
    file = io.BytesIO()
    image.imsave(file, [[0.0, 1.0]], format="jpeg")
    return base64.b64encode(file.getvalue()).decode()


def gif(frame: tuple[int, int] = (1, 1)) -> str:
    """Return an animated GIF picture as base64: a screen of one pixel, and two frames, the second of this size."""
    control = b"!\xf9\x04\0\x0a\0\0\0"
    frames = [b"," + struct.pack("<HHHHB", 0, 0, *size, 0) + b"\2\2D\1\0" for size in ((1, 1), frame)]
    screen = b"GIF89a" + struct.pack("<HHBBB", 1, 1, 0x80, 0, 0) + bytes(6)
    return base64.b64encode(screen + b"".join(control + image for image in frames) + b";").decode()


def test_pictures_stay() -> None:
    """PNG, JPEG and GIF pictures are accepted, with or without line ends in their base64."""
    assert picture(GIF, gif()) == gif()
    assert picture(PNG, png()) == png()
    assert picture(PNG, png()[:40] + "\n" + png()[40:] + "\n") == png()
    assert picture(JPEG, _jpeg()) == _jpeg()


@pytest.mark.parametrize(
    "text",
    ["", "AAAA", "no base64!", "é", '" onerror="x', png()[:16], base64.b64encode(b"<svg onload=x>").decode(), _jpeg()],
)
def test_data_of_another_type_are_refused(text: str) -> None:
    """Invalid base64, other files and a picture of another type are refused."""
    assert picture(PNG, text) == ""


def test_a_picture_of_too_many_pixels_is_refused() -> None:
    """A picture with too many pixels or none is refused, because a browser holds every pixel in memory."""
    assert picture(PNG, png(60_000, 60_000)) == ""
    assert picture(PNG, png(0, 5)) == ""
    assert picture(GIF, gif(frame=(60_000, 60_000))) == ""


@pytest.mark.parametrize(("kind", "text"), [(JPEG, _jpeg()), (GIF, gif())], ids=[JPEG, GIF])
def test_a_picture_cut_at_any_byte_raises_nothing(kind: str, text: str) -> None:
    """A JPEG or GIF picture that ends at any byte is accepted or refused, without an exception."""
    data = base64.b64decode(text)
    for end in range(len(data)):
        picture(kind, base64.b64encode(data[:end]).decode())


def test_of_attachments_only_pictures_stay() -> None:
    """Attachments that are pictures of a known type stay; values of any other shape are left out."""
    given = {"a.png": {PNG: png(), "text/html": "<script>"}, "b": {PNG: 3}, "c": {}, "d": [], 5: {PNG: png()}}
    assert AttachmentFilter().keep(given) == {"a.png": {PNG: png()}}
    assert AttachmentFilter().keep(None) == AttachmentFilter().keep([1]) == {}
