"""What calls itself a picture."""

from __future__ import annotations

import base64
import io

import pytest
from matplotlib import image

from autograder.grading.pages.pictures import JPEG, PNG, picture, safe_attachments
from tests.grading.pages.attacks import png


def _jpeg() -> str:
    file = io.BytesIO()
    image.imsave(file, [[0.0, 1.0]], format="jpeg")
    return base64.b64encode(file.getvalue()).decode()


def test_pictures_stay() -> None:
    """A PNG and a JPEG come back, with line ends in their base64 or without."""
    assert picture(PNG, png()) == png()
    assert picture(PNG, png()[:40] + "\n" + png()[40:] + "\n") == png()
    assert picture(JPEG, _jpeg()) == _jpeg()


@pytest.mark.parametrize(
    "text",
    ["", "AAAA", "no base64!", "é", '" onerror="x', png()[:16], base64.b64encode(b"<svg onload=x>").decode(), _jpeg()],
)
def test_what_is_no_picture_of_its_kind_is_refused(text: str) -> None:
    """Bad base64, other files, and a picture of the other kind."""
    assert picture(PNG, text) == ""


def test_a_picture_that_unpacks_into_gigabytes_is_refused() -> None:
    """A browser would hold every pixel in memory."""
    assert picture(PNG, png(60_000, 60_000)) == ""
    assert picture(PNG, png(0, 5)) == ""


def test_every_beginning_of_a_jpeg_is_read() -> None:
    """A file that stops anywhere is refused or accepted, and nothing fails."""
    data = base64.b64decode(_jpeg())
    for end in range(len(data)):
        picture(JPEG, base64.b64encode(data[:end]).decode())


def test_of_attachments_only_pictures_stay() -> None:
    """By name and type; anything else of any shape goes."""
    given = {"a.png": {PNG: png(), "text/html": "<script>"}, "b": {PNG: 3}, "c": {}, "d": [], 5: {PNG: png()}}
    assert safe_attachments(given) == {"a.png": {PNG: png()}}
    assert safe_attachments(None) == safe_attachments([1]) == {}
