"""Measures every lab thoroughly, prints what is below the bar, and draws which name each known mistake gets."""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import groupby, islice
from pathlib import Path

import numpy as np
from matplotlib import style
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.colors import ListedColormap
from matplotlib.figure import Figure
from matplotlib.patches import Patch
from PIL import Image
from PIL.PngImagePlugin import PngInfo
from rich import box
from rich.console import Console
from rich.progress import track
from rich.table import Table

from autograder.authoring import optional_modules
from tests.labs.bar import TaskBar, named_rightly, tasks
from tests.labs.played import ROOT, TEXTS, known_in

NONE_NAMED = "none named"
COLUMNS = (
    ("mutants", "killed/listed/all", 3),
    ("mistakes", "named/all", 2),
    ("variants", "accepted/all", 2),
    ("names", "wrong/all", 2),
)
"""What the table counts: heading, what the numbers below it are, and how many those are. Names are those of mutants."""
COLOURS = ("none", "#b0b0b0", "#0072b2", "#d55e00")
"""Nothing, no name, the right name, a wrong one; blue and orange look different to everybody."""
LABELS = ("no name", "its own name", "another name")
CELL, MARGIN = 0.17, 2.6
"""Inches: of one row, and for what stands beside the matrix."""
_EMPTY, _NO_NAME, _RIGHT, _WRONG = range(len(COLOURS))

Confusion = Mapping[str, Counter[str]]
"""By mistake, in the order of the answers file, how often its answers got each name."""


def counts(bar: TaskBar) -> list[int]:
    """What was found out about one task, in the order of COLUMNS."""
    variants = bar.of_task(bar.known.variants)
    return [
        len(bar.outcomes) - len(bar.survivors), len(bar.equivalent), len(bar.mutants),
        sum(named_rightly(answer, seen) for answer, seen in bar.mistakes_named),
        len(bar.mistakes_named),
        len({*variants} - {*bar.refused}), len(variants),
        sum(not name.right for name in bar.mutants_named), len(bar.mutants_named),
    ]  # fmt: skip


def table(title: str, rows: Mapping[str, Sequence[int]]) -> Table:
    """The counts of each task, and their sums."""
    shown = Table(title=title, box=box.SIMPLE_HEAD)
    shown.add_column("task", no_wrap=True)
    for heading, numbers, _ in COLUMNS:
        shown.add_column(f"{heading}\n{numbers}", justify="right")
    sums = [sum(column) for column in zip(*rows.values(), strict=True)]
    for task, row in {**rows, "all": sums}.items():
        left = iter(row)
        shown.add_row(
            task,
            *("/".join(map(str, islice(left, count))) for *_, count in COLUMNS),
            end_section=task == list(rows)[-1],
        )
    return shown


def confusion(bars: Iterable[TaskBar]) -> Confusion:
    """Which names the known wrong answers got, under each seed."""
    found: dict[str, Counter[str]] = {}
    for bar in bars:
        for answer, seen in bar.mistakes_named:
            for names in seen:
                found.setdefault(answer.mistake, Counter()).update(names or {NONE_NAMED})
    return found


def columns(found: Confusion) -> list[str]:
    """The mistakes in the order of the rows, then other names, then that there was none."""
    others = {name for row in found.values() for name in row} - set(found) - {NONE_NAMED}
    return [*found, *sorted(others), NONE_NAMED]


def below_the_bar(bar: TaskBar) -> list[str]:
    """What isn't as it should be in one task, a line each."""
    return [
        *(f"earns all points: {mutant}" for mutant in bar.survivors),
        *(f"listed as equivalent, and no mutant: {one.equivalent}" for one in bar.stale),
        *(f"right, and loses points: {answer.name}" for answer in bar.refused),
        *(f"{answer.name}: {_said(seen)}" for answer, seen in bar.mistakes_named if not named_rightly(answer, seen)),
        *(f"no {name.mistake}: {name.mutant}" for name in bar.mutants_named if not name.right),
    ]


def _said(seen: Sequence[frozenset[str]]) -> str:
    """The names that one answer got, seed by seed."""
    return "  |  ".join(", ".join(sorted(names)) or NONE_NAMED for names in seen)


@style.context("default", after_reset=True)
def matrix(title: str, found: Confusion) -> Figure:
    """Draw which names each mistake got. All is well where there is a blue diagonal and nothing else."""
    names = columns(found)
    shares = np.array([[row[name] / row.total() for name in names] for row in found.values()])
    kinds = np.array([[_kind(mistake, name) for name in names] for mistake in found])
    size = MARGIN + CELL * len(names), MARGIN + CELL * len(found)
    figure = Figure(figsize=size, dpi=110, layout="constrained")
    axes = figure.add_subplot()
    shown = np.where(shares > 0, kinds, _EMPTY)
    axes.imshow(shown, cmap=ListedColormap(COLOURS), vmin=0, vmax=len(COLOURS) - 1, zorder=1)
    for row, column in np.argwhere((shares > 0) & (shares < 1)):
        percent, dark = f"{100 * shares[row, column]:.0f}", kinds[row, column] == _RIGHT
        axes.text(column, row, percent, ha="center", va="center", fontsize=6, color="white" if dark else "black")
    axes.set_xticks(range(len(names)), names, rotation=90, fontsize=8)
    axes.set_yticks(range(len(found)), list(found), fontsize=8)
    axes.grid(color="0.88", linewidth=0.6)
    axes.set_axisbelow(True)
    axes.set(xlabel="named", ylabel="made", title=title)
    handles = [Patch(color=colour, label=label) for colour, label in zip(COLOURS[1:], LABELS, strict=True)]
    figure.legend(handles=handles, loc="outside lower right", ncols=len(handles), frameon=False, fontsize=8)
    return figure


def save(figure: Figure, file: Path, about: str = "") -> None:
    """Save a picture with a palette, a quarter of the size, and no word in it about when and by what it was made.

    about: what it shows, for programs.
    """
    canvas = FigureCanvasAgg(figure)
    canvas.draw()
    info = PngInfo()
    info.add_text("Description", about)
    picture = Image.fromarray(np.asarray(canvas.buffer_rgba())).convert("RGB")
    # This way of choosing colours keeps the rare ones.
    picture.quantize(32, method=Image.Quantize.FASTOCTREE).save(file, optimize=True, pnginfo=info)


def shown_in(file: Path) -> str:
    """What a saved picture shows."""
    with Image.open(file) as picture:
        return str(picture.info.get("Description", ""))


def _kind(mistake: str, name: str) -> int:
    return _RIGHT if name == mistake else _NO_NAME if name == NONE_NAMED else _WRONG


def _here(console: Console) -> Iterator[Path]:
    """The labs that can be measured here."""
    for text in TEXTS:
        if lacking := optional_modules.missing(known_in(text).lab.needs):
            console.print(f"{text.stem}: left out, because it needs {optional_modules.absent(lacking)}")
        else:
            yield text


def main() -> None:
    """Measure every lab; print and draw what came out. Exits with 1 where a lab is below the bar."""
    console, low = Console(soft_wrap=True), False
    for lab, texts in groupby(_here(console), lambda text: text.parent.name.partition("_")[0]):
        bars = {text: [TaskBar(text, task, thorough=True) for task in tasks(text)] for text in texts}
        for text, some in bars.items():
            measured = {bar.task: counts(bar) for bar in track(some, text.stem, console=console, transient=True)}
            console.print(table(text.stem, measured))
            for line in (f"{bar.task}: {line}" for bar in some for line in below_the_bar(bar)):
                console.print(line, highlight=False, markup=False)
                low = True
        if found := confusion(bar for some in bars.values() for bar in some):
            file = ROOT / "docs" / f"diagnoses_{lab}.png"
            save(
                matrix(f"{lab}: the name that each known mistake gets (several: per cent)", found),
                file,
                " ".join(found),
            )
            console.print(f"Which mistake gets which name: {file.relative_to(ROOT)}\n")
    sys.exit(low)


if __name__ == "__main__":
    main()
