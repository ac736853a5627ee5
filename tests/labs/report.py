"""Measures every lab under all seeds, prints failures of the bar, and draws which name each known mistake gets."""

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
    ("unseen", "mistakes/all", 2),
)
"""Columns of the table: heading, meaning of its numbers, and their count.

`names` are diagnoses of mutants, `unseen` mistakes pass the visible check.
"""
COLOURS = ("none", "#b0b0b0", "#0072b2", "#d55e00")
"""Colours of an empty cell, no name, the right name and a wrong one; colour-blind readers can tell blue from orange."""
LABELS = ("no name", "its own name", "another name")
CELL, MARGIN = 0.17, 2.6
"""Inches: the height of a row, and the space for labels beside the matrix."""
_EMPTY, _NO_NAME, _RIGHT, _WRONG = range(len(COLOURS))

Confusion = Mapping[str, Counter[str]]
"""By mistake, in the order of the answers file: how often its answers got each name."""


def counts(bar: TaskBar) -> list[int]:
    """Return the numbers of one task, in the order of COLUMNS."""
    variants = bar.of_task(bar.known.variants)
    return [
        len(bar.outcomes) - len(bar.survivors), len(bar.equivalent), len(bar.mutants),
        sum(named_rightly(answer, names_by_seed) for answer, names_by_seed in bar.mistakes_named),
        len(bar.mistakes_named),
        len({*variants} - {*bar.refused}), len(variants),
        sum(not name.right for name in bar.mutants_named), len(bar.mutants_named),
        len(bar.unseen), len(bar.mistakes_named),
    ]  # fmt: skip


def table(title: str, rows: Mapping[str, Sequence[int]]) -> Table:
    """Return a table of the numbers of each task, and of their sums."""
    rich_table = Table(title=title, box=box.SIMPLE_HEAD)
    rich_table.add_column("task", no_wrap=True)
    for heading, numbers, _ in COLUMNS:
        rich_table.add_column(f"{heading}\n{numbers}", justify="right")
    sums = [sum(column) for column in zip(*rows.values(), strict=True)]
    for task, row in {**rows, "all": sums}.items():
        remaining = iter(row)
        rich_table.add_row(
            task,
            *("/".join(map(str, islice(remaining, count))) for *_, count in COLUMNS),
            end_section=task == list(rows)[-1],
        )
    return rich_table


def confusion(bars: Iterable[TaskBar]) -> Confusion:
    """Count the names that the known mistakes got under each seed."""
    name_counts: dict[str, Counter[str]] = {}
    for bar in bars:
        for answer, names_by_seed in bar.mistakes_named:
            for names in names_by_seed:
                name_counts.setdefault(answer.mistake, Counter()).update(names or {NONE_NAMED})
    return name_counts


def columns(name_counts: Confusion) -> list[str]:
    """Return the columns of the matrix: the mistakes in the order of the rows, other names, and NONE_NAMED."""
    others = {name for row in name_counts.values() for name in row} - set(name_counts) - {NONE_NAMED}
    return [*name_counts, *sorted(others), NONE_NAMED]


def below_the_bar(bar: TaskBar) -> list[str]:
    """Return a line for each failure of the bar in one task."""
    return [
        *(f"earns all points: {mutant}" for mutant in bar.survivors),
        *(f"listed as equivalent, and no mutant: {answer.equivalent}" for answer in bar.stale),
        *(f"right, and loses points: {answer.name}" for answer in bar.refused),
        *(f"right, and fails the visible check: {answer.name}" for answer in bar.refused_visibly),
        *(f"passes the visible check, without a reason: {mistake}" for mistake, why in bar.reasons.items() if not why),
        *(f"listed as passing the visible check, and fails it: {mistake}" for mistake in bar.seen_by_now),
        *(
            f"{answer.name}: {_joined_names(names_by_seed)}"
            for answer, names_by_seed in bar.mistakes_named
            if not named_rightly(answer, names_by_seed)
        ),
        *(f"no {name.mistake}: {name.mutant}" for name in bar.mutants_named if not name.right),
    ]


def unseen_by_reason(bars: Iterable[TaskBar]) -> list[str]:
    """Return a line for each reason why visible checks leave mistakes out, with the mistakes by task."""
    by_reason: dict[str, list[str]] = {}
    for bar in bars:
        for why, pairs in groupby(sorted(bar.reasons.items(), key=lambda pair: pair[1]), key=lambda pair: pair[1]):
            by_reason.setdefault(why, []).append(f"{bar.task} ({', '.join(mistake for mistake, _ in pairs)})")
    return [f"unseen, as {why}: {'; '.join(tasks)}" for why, tasks in by_reason.items() if why]


def _joined_names(names_by_seed: Sequence[frozenset[str]]) -> str:
    """Return the names that one answer got, seed by seed."""
    return "  |  ".join(", ".join(sorted(names)) or NONE_NAMED for names in names_by_seed)


@style.context("default", after_reset=True)
def matrix(title: str, name_counts: Confusion) -> Figure:
    """Draw which names each mistake got. If every name is right, only the diagonal is filled, in blue."""
    names = columns(name_counts)
    shares = np.array([[row[name] / row.total() for name in names] for row in name_counts.values()])
    kinds = np.array([[_kind(mistake, name) for name in names] for mistake in name_counts])
    size = MARGIN + CELL * len(names), MARGIN + CELL * len(name_counts)
    figure = Figure(figsize=size, dpi=110, layout="constrained")
    axes = figure.add_subplot()
    visible = np.where(shares > 0, kinds, _EMPTY)
    axes.imshow(visible, cmap=ListedColormap(COLOURS), vmin=0, vmax=len(COLOURS) - 1, zorder=1)
    for row, column in np.argwhere((shares > 0) & (shares < 1)):
        percent, is_dark = f"{100 * shares[row, column]:.0f}", kinds[row, column] == _RIGHT
        axes.text(column, row, percent, ha="center", va="center", fontsize=6, color="white" if is_dark else "black")
    axes.set_xticks(range(len(names)), names, rotation=90, fontsize=8)
    axes.set_yticks(range(len(name_counts)), list(name_counts), fontsize=8)
    axes.grid(color="0.88", linewidth=0.6)
    axes.set_axisbelow(True)
    axes.set(xlabel="named", ylabel="made", title=title)
    handles = [Patch(color=colour, label=label) for colour, label in zip(COLOURS[1:], LABELS, strict=True)]
    figure.legend(handles=handles, loc="outside lower right", ncols=len(handles), frameon=False, fontsize=8)
    return figure


def save(figure: Figure, file: Path, about: str = "") -> None:
    """Save a picture with a palette, a quarter of the size, without a time stamp or the name of a program.

    about: a description for programs, which `shown_in` reads.
    """
    canvas = FigureCanvasAgg(figure)
    canvas.draw()
    info = PngInfo()
    info.add_text("Description", about)
    picture = Image.fromarray(np.asarray(canvas.buffer_rgba())).convert("RGB")
    # FASTOCTREE keeps rare colours.
    picture.quantize(32, method=Image.Quantize.FASTOCTREE).save(file, optimize=True, pnginfo=info)


def shown_in(file: Path) -> str:
    """Return the description in a saved picture."""
    with Image.open(file) as picture:
        return str(picture.info.get("Description", ""))


def _kind(mistake: str, name: str) -> int:
    """Return the index of the colour for a mistake and the name that it got."""
    return _RIGHT if name == mistake else _NO_NAME if name == NONE_NAMED else _WRONG


def _measurable_labs(console: Console) -> Iterator[Path]:
    """Yield the labs whose modules are installed; print the others."""
    for text in TEXTS:
        if missing := optional_modules.missing(known_in(text).lab.needs):
            console.print(f"{text.stem}: left out, because it needs {optional_modules.absent(missing)}")
        else:
            yield text


def main() -> None:
    """Measure every lab, print and draw the results. Exit with 1 if a lab is below the bar."""
    console, failed = Console(soft_wrap=True), False
    for lab, texts in groupby(_measurable_labs(console), lambda text: text.parent.name.partition("_")[0]):
        bars = {text: [TaskBar(text, task, thorough=True) for task in tasks(text)] for text in texts}
        for text, lab_bars in bars.items():
            measured = {bar.task: counts(bar) for bar in track(lab_bars, text.stem, console=console, transient=True)}
            console.print(table(text.stem, measured))
            for line in unseen_by_reason(lab_bars):
                console.print(line, highlight=False, markup=False)
            for line in (f"{bar.task}: {line}" for bar in lab_bars for line in below_the_bar(bar)):
                console.print(line, highlight=False, markup=False)
                failed = True
        if name_counts := confusion(bar for lab_bars in bars.values() for bar in lab_bars):
            file = ROOT / "docs" / f"diagnoses_{lab}.png"
            save(
                matrix(f"{lab}: the name that each known mistake gets (several: per cent)", name_counts),
                file,
                " ".join(name_counts),
            )
            console.print(f"Which mistake gets which name: {file.relative_to(ROOT)}\n")
    sys.exit(failed)


if __name__ == "__main__":
    main()
