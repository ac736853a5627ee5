"""Tests of contact sheets: every figure of a notebook, under its heading, on a light and on a dark background."""

from __future__ import annotations

import base64
import io
from pathlib import Path

import nbformat
import numpy as np
import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output
from PIL import Image

from tests.labs import contact_sheet

COLOURS = ((200, 0, 0), (0, 200, 0), (0, 0, 200), (200, 200, 0))


def stored(colour: tuple[int, int, int], size: tuple[int, int]) -> nbformat.NotebookNode:
    """Return a cell whose output is a figure of one colour, as a notebook stores it."""
    file = io.BytesIO()
    Image.new("RGB", size, colour).save(file, "PNG")
    png = base64.b64encode(file.getvalue()).decode()
    return new_code_cell(
        "plt.show()", outputs=[new_output("display_data", {"image/png": png, "text/plain": "<Figure>"})]
    )


@pytest.fixture
def notebook() -> nbformat.NotebookNode:
    """Return a notebook with four figures in two sections, one wider than a column, and cells without a figure."""
    cells = [new_markdown_cell("# Title\n\nwords\n\n## 1 · One"), new_code_cell("1", outputs=[])]
    cells += [stored(colour, (900 if colour == COLOURS[1] else 300, 200)) for colour in COLOURS[:2]]
    cells += [new_markdown_cell("## 2 · Two"), new_markdown_cell("no heading")]
    return new_notebook(cells=[*cells, *(stored(colour, (300, 200)) for colour in COLOURS[2:])])


def test_figures_in_order_under_their_headings(notebook: nbformat.NotebookNode) -> None:
    """`figures` yields each figure in order, with the last heading before it."""
    figures = list(contact_sheet.figures(notebook))
    assert [figure.section for figure in figures] == ["1 · One", "1 · One", "2 · Two", "2 · Two"]
    assert [figure.picture.getpixel((5, 5))[:3] for figure in figures] == list(COLOURS)


def test_every_figure_is_on_the_sheet_twice(notebook: nbformat.NotebookNode) -> None:
    """Each figure is once on each background, none overlaps another, and a wide one is scaled, not cropped."""
    picture = contact_sheet.contact_sheet(list(contact_sheet.figures(notebook)))
    counted = {colour: count for count, colour in picture.getcolors(maxcolors=1 << 24) or []}
    for colour in COLOURS:
        wide = colour == COLOURS[1]
        area = contact_sheet.WIDTH * round(200 * contact_sheet.WIDTH / 900) if wide else 300 * 200
        assert abs(counted[colour] - 2 * area) <= 0.02 * area
    assert {contact_sheet.LIGHT, contact_sheet.DARK} <= set(counted)


def test_a_sheet_for_each_notebook_that_draws(
    notebook: nbformat.NotebookNode, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """A notebook with figures gets a sheet; a notebook without figures gets none."""
    (tmp_path / "source" / "lab").mkdir(parents=True)
    nbformat.write(notebook, tmp_path / "source" / "lab" / "drawn.ipynb")
    nbformat.write(new_notebook(cells=[new_markdown_cell("words")]), tmp_path / "source" / "lab" / "plain.ipynb")
    contact_sheet.main(tmp_path / "source", tmp_path / "sheets")
    assert [file.name for file in (tmp_path / "sheets").iterdir()] == ["drawn.png"]
    assert capsys.readouterr().out == f"{tmp_path / 'sheets' / 'drawn.png'}: 4 figures\n"


ROOT = Path(__file__).parents[2]
BUILT = sorted((ROOT / "source").glob("*/*.ipynb"))


@pytest.mark.parametrize("file", BUILT, ids=lambda file: file.stem)
def test_the_readme_shows_a_small_picture_of_each_notebook(file: Path) -> None:
    """The README shows, in each notebook's row, the thumbnail of its one tagged cell as it is drawn today."""
    notebook = nbformat.read(file, 4)
    assert sum("thumbnail" in cell.metadata.get("tags", ()) for cell in notebook.cells) == 1
    drawn = contact_sheet.thumbnail(notebook)
    assert drawn is not None
    with Image.open(ROOT / "docs" / "thumbnails" / f"{file.stem}.png") as saved:
        assert saved.size == drawn.size
        # The saved thumbnail has a reduced palette.
        assert np.abs(np.asarray(saved.convert("RGB"), float) - np.asarray(drawn, float)).mean() < 3
    (row,) = (line for line in (ROOT / "README.md").read_text(encoding="utf-8").splitlines() if file.name in line)
    assert f"docs/thumbnails/{file.stem}.png" in row
