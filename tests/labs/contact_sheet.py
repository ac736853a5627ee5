"""Draw all figures of a built notebook on one picture, a contact sheet, so that an author sees them side by side.

`make sheets` draws one for each notebook in source/. Each figure stands under the heading of its section, on a light
background and once more on a dark one, as in a notebook's dark theme. The figure of the cell with the tag "thumbnail"
is written, small, to docs/thumbnails/, for the README.
"""

from __future__ import annotations

import base64
import io
import re
import textwrap
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import nbformat
from matplotlib import font_manager
from nbformat import NotebookNode
from PIL import Image, ImageDraw, ImageFont

WIDTH, COLUMNS, GAP, CAPTION, LETTERS = 620, 2, 16, 22, 84
"""Width of a column, number of columns, gap between them, height of a caption, and maximum letters in a caption.

All but the numbers of columns and letters are in pixels.
"""
SMALL = (300, 170)
"""Width and height of a thumbnail in pixels."""
LIGHT, DARK = (255, 255, 255), (17, 17, 17)
"""Background colours, RGB, of JupyterLab's light and dark themes."""


@dataclass(frozen=True)
class Drawn:
    """One figure of a notebook."""

    section: str
    """The last heading before the figure; "" if there is none."""
    picture: Image.Image
    """The figure as stored in the notebook, as RGBA."""


def figures(notebook: NotebookNode) -> Iterator[Drawn]:
    """Yield the figures in the outputs of a notebook's cells, in order."""
    section = ""
    for cell in notebook.cells:
        if cell.cell_type == "markdown":
            section = next(iter(reversed(re.findall(r"^#+ +(.+)$", cell.source, re.MULTILINE))), section)
        for output in cell.get("outputs", ()):
            if png := output.get("data", {}).get("image/png"):
                yield Drawn(section, Image.open(io.BytesIO(base64.b64decode(png))).convert("RGBA"))


def contact_sheet(drawn: Sequence[Drawn]) -> Image.Image:
    """Return all figures in columns, each in the column that is shortest so far.

    The columns stand once on the left half, on a light background, and once on the right half, on a dark one. Wider
    figures than a column are scaled down.
    """
    font = ImageFont.truetype(font_manager.findfont("DejaVu Sans"), 13)
    heights, places = [GAP] * COLUMNS, []
    for figure in drawn:
        picture = figure.picture
        if picture.width > WIDTH:
            picture = picture.resize((WIDTH, round(picture.height * WIDTH / picture.width)), Image.Resampling.LANCZOS)
        column = heights.index(min(heights))
        places.append((column, heights[column], figure.section, picture))
        heights[column] += CAPTION + picture.height + GAP
    half = COLUMNS * (WIDTH + GAP) + GAP
    sheet = Image.new("RGB", (2 * half, max(heights)), LIGHT)
    sheet.paste(DARK, (half, 0, 2 * half, sheet.height))
    draw = ImageDraw.Draw(sheet)
    for left, ink in ((0, DARK), (half, LIGHT)):
        for column, top, section, picture in places:
            x = left + GAP + column * (WIDTH + GAP)
            draw.text((x, top), textwrap.shorten(section, LETTERS, placeholder=" …"), ink, font)
            sheet.paste(picture, (x, top + CAPTION), picture)
    return sheet


def thumbnail(notebook: NotebookNode) -> Image.Image | None:
    """Return the first figure of the cells with the tag "thumbnail", small and on white; None if there is none."""
    tagged = [cell for cell in notebook.cells if "thumbnail" in cell.metadata.get("tags", ())]
    drawn = list(figures(nbformat.v4.new_notebook(cells=tagged)))
    if not drawn:
        return None
    picture = drawn[0].picture
    picture.thumbnail(SMALL, Image.Resampling.LANCZOS)
    small = Image.new("RGB", SMALL, LIGHT)
    small.paste(picture, ((SMALL[0] - picture.width) // 2, (SMALL[1] - picture.height) // 2), picture)
    return small


def main(
    source: Path = Path("source"), folder: Path = Path("build/sheets"), small: Path = Path("docs/thumbnails")
) -> None:
    """Write a contact sheet for each notebook with figures to `folder`, and print its path.

    Write the notebooks' thumbnails to `small`. source: the folder of built source notebooks, with one folder per lab.
    """
    folder.mkdir(parents=True, exist_ok=True)
    small.mkdir(parents=True, exist_ok=True)
    for file in sorted(source.glob("*/*.ipynb")):
        notebook = nbformat.read(file, as_version=4)
        if (picture := thumbnail(notebook)) is not None:
            picture.quantize(64).save(small / f"{file.stem}.png", optimize=True)
        if drawn := list(figures(notebook)):
            sheet = folder / f"{file.stem}.png"
            contact_sheet(drawn).save(sheet)
            print(f"{sheet}: {len(drawn)} figures")


if __name__ == "__main__":
    main()
