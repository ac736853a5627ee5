"""Tests of picture and safe_attachments, which accept only real pictures."""

from __future__ import annotations

import base64
import io

import pytest
from matplotlib import image

from autograder.grading.pages.pictures import JPEG, PNG, picture, safe_attachments
from tests.grading.pages.attacks import png


def _jpeg() -> str:
    """Return a JPEG picture as base64."""
    file = io.BytesIO()
    image.imsave(file, [[0.0, 1.0]], format="jpeg")
    return base64.b64encode(file.getvalue()).decode()


def test_pictures_stay() -> None:
    """PNG and JPEG pictures are accepted, with or without line ends in their base64."""
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


def test_a_jpeg_cut_at_any_byte_raises_nothing() -> None:
    """A JPEG picture that ends at any byte is accepted or refused, without an exception."""
    data = base64.b64decode(_jpeg())
    for end in range(len(data)):
        picture(JPEG, base64.b64encode(data[:end]).decode())


def test_of_attachments_only_pictures_stay() -> None:
    """Attachments that are pictures of a known type stay; values of any other shape are left out."""
    given = {"a.png": {PNG: png(), "text/html": "<script>"}, "b": {PNG: 3}, "c": {}, "d": [], 5: {PNG: png()}}
    assert safe_attachments(given) == {"a.png": {PNG: png()}}
    assert safe_attachments(None) == safe_attachments([1]) == {}
