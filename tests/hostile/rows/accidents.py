"""Honest accidents: right answers keep full points after changes by a browser, an editor or a file manager."""

from __future__ import annotations

import gzip
import io
import json
import tarfile
import zipfile
from collections.abc import Callable, Mapping
from typing import Any

import nbformat
from nbformat import NotebookNode

from ..course import Class, grade_id
from ..hand import (
    FILE,
    RIGHT,
    Change,
    Handed,
    Make,
    after,
    at,
    double,
    drop,
    each_test,
    first,
    in_bytes,
    last,
    move,
    right,
    says_after,
)
from ..lab import FULL, NOTEBOOK
from ..row import NOTHING, Row, Stock, one_in, without
from .cells import as_json, says

_ALL = tuple(FULL)
_UNGRADABLE = "it can't be graded by anybody"
_KEPT = "an accident; stock keeps the points here"


def renamed(name: str) -> Make:
    """Return a function that submits right answers in a file of another name."""
    return in_bytes(right(), lambda data: data, name)


def colab(data: bytes) -> bytes:
    """Return the notebook as Colab saves it: format 4.0, ids in the metadata, Colab's keys, none of Jupyter's."""
    notebook = json.loads(data)
    notebook |= {"nbformat_minor": 0, "metadata": {"colab": {"provenance": []}, "kernelspec": {
        "name": "python3", "display_name": "Python 3"}, "language_info": {"name": "python"}}}  # fmt: skip
    for number, cell in enumerate(notebook["cells"]):
        cell["metadata"]["id"] = cell.pop("id")[:12]
        if cell["cell_type"] == "code":
            cell["metadata"]["outputId"] = f"{number:08x}-aaaa-4bbb-8ccc-dddddddddddd"
    return json.dumps(notebook).encode()


def version_3(data: bytes) -> bytes:
    """Return the notebook as an old IPython Notebook saves it."""
    text: str = nbformat.writes(nbformat.convert(nbformat.reads(data.decode(), as_version=4), 3), version=3)
    return text.encode()


def zipped(*names: str, inside: str = "") -> Make:
    """Return a function that submits the notebook in an archive.

    names: the notebook's names in the archive. inside: the name of a further file in the archive.
    """

    def make(made: Class, notebook: NotebookNode) -> Handed:
        packed = io.BytesIO()
        with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
            for name in names:
                archive.writestr(name, right()(made, notebook)[FILE])
            if inside:
                archive.writestr(inside, b"x")
        return {"study.zip": packed.getvalue()}

    return make


def bomb(made: Class, notebook: NotebookNode) -> Handed:
    """Return a submission with an archive that unpacks to 400 MB."""
    packed = io.BytesIO()
    with (
        zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive,
        archive.open(FILE, "w") as file,
    ):
        for _ in range(400):
            file.write(b" " * 2**20)
    return {"study.zip": packed.getvalue()}


def only(files: Mapping[str, bytes]) -> Make:
    """Return a function that submits only these files."""
    return lambda made, notebook: files


def besides(files: Mapping[str, bytes], make: Make | None = None) -> Make:
    """Return a function that submits right answers, or those of `make`, and these files."""
    return lambda made, notebook: {**(make or right())(made, notebook), **files}


def _stripped(notebook: NotebookNode) -> None:
    """Remove all metadata."""
    for cell in notebook.cells:
        cell.metadata = nbformat.from_dict({})
    notebook.metadata = nbformat.from_dict({})


def _new_ids(notebook: NotebookNode) -> None:
    """Give every cell a new id."""
    for number, cell in enumerate(notebook.cells):
        cell.id = f"new-{number}"


def _all_outputs(text: str) -> Change:
    """Return a change that gives every code cell one output with this text."""

    def change(notebook: NotebookNode) -> None:
        code = [cell for cell in notebook.cells if cell.cell_type == "code"]
        for cell in code:
            cell.outputs = [nbformat.v4.new_output("stream", name="stdout", text=text)]

    return change


def _split(notebook: NotebookNode) -> None:
    """Split an answer into two cells, as "Split cell" does: the upper cell keeps the metadata."""
    cell = next(cell for cell in notebook.cells if grade_id(cell) == "moments")
    cell.source, rest = "# task: moments\nmean = x.mean()", "spread = ((x - mean) ** 2).mean() ** 0.5"
    notebook.cells.insert(notebook.cells.index(cell) + 1, nbformat.v4.new_code_cell(rest))


def _merged(notebook: NotebookNode) -> None:
    """Merge two answers into the upper cell."""
    upper, lower = (next(cell for cell in notebook.cells if grade_id(cell) == name) for name in ("cost", "improvement"))
    upper.source += "\n\n" + lower.source
    notebook.cells.remove(lower)


def _out_of_order(notebook: NotebookNode) -> None:
    """Number the execution of code cells backwards."""
    for number, cell in enumerate(notebook.cells):
        if cell.cell_type == "code":
            cell.execution_count = 99 - number


def _cells(change: Callable[[dict[str, Any]], object]) -> Callable[[bytes], bytes]:
    """Return a function that applies a change to every cell of a notebook file."""
    return as_json(lambda notebook: [change(cell) for cell in notebook["cells"]])


NAMES = ("study (1).ipynb", "Study.ipynb", "study-Copy1.ipynb", "study_final.ipynb", "STUDY.IPYNB",
         "study (1) (2).ipynb",
         "study.ipynb.txt", "copy of study.ipynb", "ada_study.ipynb", "研究.ipynb", "этюд.ipynb", "mon étude.ipynb",
         "notebook.ipynb", "-rf.ipynb", "a;b$(c).ipynb", "handed in/study.ipynb", "new\nline.ipynb")  # fmt: skip
ENCODED = {
    "a UTF-8 BOM": lambda data: b"\xef\xbb\xbf" + data,
    "UTF-16": lambda data: data.decode().encode("utf-16"),
    "UTF-16 without a BOM": lambda data: data.decode().encode("utf-16-le"),
    "UTF-32": lambda data: data.decode().encode("utf-32"),
    "CRLF": lambda data: data.replace(b"\n", b"\r\n"),
    "CRLF inside its texts": lambda data: data.replace(rb"\n", rb"\r\n"),
    "Colab's way": colab,
    "version 3 of the format": version_3,
    "one line": lambda data: json.dumps(json.loads(data)).encode(),
    "texts as lists or not": as_json(lambda nb: [cell.update(source="".join(cell["source"])) for cell in nb["cells"]]),
    "a newer minor version": as_json(lambda nb: nb.update(nbformat_minor=99)),
    "an older minor version": as_json(lambda nb: [nb.update(nbformat_minor=2), *(c.pop("id") for c in nb["cells"])]),
    "no ids": _cells(lambda cell: cell.pop("id")),
    "equal ids": _cells(lambda cell: cell.update(id="same")),
    "ids that are not allowed": _cells(lambda cell: cell.update(id="ä b" * 99)),
    "no execution counts": _cells(lambda cell: cell.pop("execution_count", None)),
    "no outputs": _cells(lambda cell: cell.pop("outputs", None)),
    "no metadata of the notebook": as_json(lambda nb: nb.pop("metadata")),
    "keys of a tool's own": as_json(lambda nb: [nb.update(tool={"a": 1}), *(c.update(tool=1) for c in nb["cells"])]),
    "white space around it": lambda data: b"\n\n  " + data + b"\n\0\0",
    "widget state": as_json(
        lambda nb: nb["metadata"].update(widgets={"application/vnd.jupyter.widget-state+json": {"a": 1}})
    ),
}
"""Ways to write the file of right answers."""

BROKEN = {
    "a truncated file": (lambda data: data[: len(data) * 2 // 3], "breaks off in line"),
    "an empty file": (lambda data: b"", "is empty"),
    "white space": (lambda data: b" \n", "is empty"),
    "a comma too many": (lambda data: data.replace(b'"cells": [', b'"cells": [,', 1), "is not JSON"),
    "a merge conflict": (lambda data: data.replace(b' "cells"', b'<<<<<<< HEAD\n "cells"', 1), "is not JSON"),
    "a PDF": (lambda data: b"%PDF-1.7\n%\xe2\xe3", "is a PDF"),
    "a web page": (lambda data: b"<!DOCTYPE html><html><body>Sign in</body></html>", "is a web page"),
    "random bytes": (lambda data: bytes(range(256)) * 9, "is not JSON"),
    "a list": (lambda data: b"[1, 2]", "has no list of cells"),
    "null": (lambda data: b"null", "has no list of cells"),
    "no cells": (lambda data: b'{"nbformat": 4, "nbformat_minor": 5, "metadata": {}}', "has no list of cells"),
    "JSON nested 100,000 deep": (lambda data: b"[" * 100_000 + b"]" * 100_000, "too deeply"),
    "a number of 100,000 digits": (lambda data: b'{"cells": ' + b"9" * 100_000 + b"}", "has no list of cells"),
    "a shortcut of Google Drive": (lambda data: b'{"url": "https://colab.google", "doc_id": "1"}', "is a shortcut"),
    "a pointer of Git LFS": (lambda data: b"version https://git-lfs.github.com/spec/v1\noid x", "git lfs pull"),
    "65 MB": (lambda data: data + b" " * 64_000_000, "is larger than 64 MB"),
}
"""Files of the notebook's name that are no notebook, each with the words of the reason: nothing is guessed."""

UNOPENED = {
    "a 7z archive": ({"work.7z": b"7z\xbc\xaf\x27\x1c"}, "is a 7z archive"),
    "a RAR archive as a zip": ({"work.zip": b"Rar!\x1a\x07"}, "is a RAR archive"),
    "a broken zip": ({"work.zip": b"PK\x03\x04 broken"}, "could not be unpacked (its end is missing)"),
    "a zip that is none": ({"work.zip": b"nothing"}, "could not be unpacked"),
    "a Python file": ({f"{NOTEBOOK}.py": b"x = 1\n"}, "is a Python script"),
    "a page and a PDF": ({f"{NOTEBOOK}.html": b"<html>", f"{NOTEBOOK}.pdf": b"%PDF-"}, "html is a web page"),
    "a picture": ({f"{NOTEBOOK}.jpg": b"\xff\xd8\xff"}, "is a picture"),
    "a folder of the notebook's name": ({f"{FILE}/inside.bin": b"x"}, "None of your files could be a notebook"),
    "half a download": ({f"{FILE}.crdownload": b"{"}, "did not end"),
    "nothing": ({}, "submitted no notebook"),
}
"""Submissions without a notebook, each with the words of the reason."""


def packed(name: str, members: Callable[[bytes], Mapping[str, bytes]], method: int = zipfile.ZIP_DEFLATED) -> Make:
    """Return a function that submits an archive, tar.gz or zip by its name. members: of the notebook's bytes."""

    def make(made: Class, notebook: NotebookNode) -> Handed:
        data = right()(made, notebook)[FILE]
        assert isinstance(data, bytes)
        return {name: archived(members(data), "gz" if name.endswith("gz") else "zip", method)}

    return make


def archived(members: Mapping[str, bytes], kind: str, method: int = zipfile.ZIP_DEFLATED) -> bytes:
    """Return an archive of these files. kind: zip or gz, which is a compressed tar archive."""
    stream = io.BytesIO()
    if kind == "zip":
        with zipfile.ZipFile(stream, "w", method) as archive:
            for name, data in members.items():
                archive.writestr(name, data)
    else:
        with tarfile.open(fileobj=stream, mode=f"w:{kind}") as tar:
            for name, data in members.items():
                about = tarfile.TarInfo(name)
                about.size = len(data)
                tar.addfile(about, io.BytesIO(data))
    return stream.getvalue()


PACKED = {
    "a tar.gz": packed("work.tar.gz", lambda data: {f"lab/{FILE}": data}),
    "a zip compressed by LZMA": packed("work.zip", lambda data: {FILE: data}, zipfile.ZIP_LZMA),
    "a zip in a zip": packed("work.zip", lambda data: {"a.zip": archived({FILE: data}, "zip")}),
    "a compressed notebook": in_bytes(right(), gzip.compress, f"{FILE}.gz"),
    "a notebook five folders deep": renamed(f"a/b/c/d/e/{FILE}"),
}
"""Right answers, packed in ways that cost nothing."""

ROWS = (
    Row("right", right(), why="no attack: right answers earn everything"),
    Row(
        "nothing was changed",
        lambda made, notebook: {FILE: nbformat.writes(notebook).encode()},
        NOTHING,
        why="no attack: the release earns nothing",
    ),
    *one_in(3, (Row(f"named {name!r}", renamed(name), stock=Stock(loses=_ALL)) for name in NAMES)),
    *one_in(3, (Row(f"saved with {name}", in_bytes(right(), change), why=_KEPT) for name, change in ENCODED.items())),
    *one_in(
        3,
        (
            Row(f"handed in {name}", in_bytes(right(), change), NOTHING, problem=problem, why=_UNGRADABLE)
            for name, (change, problem) in BROKEN.items()
        ),
    ),
    *one_in(
        3,
        (
            Row(f"hands in {name}", only(files), NOTHING, problem=problem, why=_UNGRADABLE)
            for name, (files, problem) in UNOPENED.items()
        ),
    ),
    *one_in(3, (Row(f"hands in {name}", make, stock=Stock(loses=_ALL)) for name, make in PACKED.items())),
    Row(
        "handed in cells that are none",
        only({FILE: b'{"nbformat": 4, "nbformat_minor": 5, "metadata": {}, "cells": [1, null, []]}'}),
        NOTHING,
        why="a notebook without any of the lab's cells",
    ),
    Row("hands in a zip", zipped(FILE), stock=Stock(loses=_ALL)),
    Row("hands in a zip with a folder", zipped(f"my work/{FILE}", inside="__MACOSX/._x"), stock=Stock(loses=_ALL)),
    Row("hands in a zip whose members climb", zipped("../../../../evil.ipynb", FILE), stock=Stock(loses=_ALL)),
    Row("hands in a zip with twice the same name", zipped(FILE, f"old/{FILE}"), why="which one counts is said"),
    Row(
        "hands in a zip that unpacks to 400 MB", bomb, NOTHING, problem="larger than 64 MB", why="stock unpacks nothing"
    ),
    Row("a checkpoint beside it", besides({f".ipynb_checkpoints/{NOTEBOOK}-checkpoint.ipynb": b"{}"}), why=_KEPT),
    Row(
        "the Mac's notes beside it",
        besides({"._study.ipynb": b"\0\5\x16\7", ".DS_Store": b"x", "Thumbs.db": b"x"}),
        why=_KEPT,
    ),
    Row(
        "a copy that is older beside it",
        lambda made, notebook: {**right()(made, notebook), "study-Copy1.ipynb": nbformat.writes(notebook).encode()},
        why=_KEPT,
    ),
    Row("a thousand files beside it", besides({f"photo{n}.txt": b"x" for n in range(1000)}), why=_KEPT),
    Row("a bad timestamp", besides({"timestamp.txt": b"yesterday, I think"}), stock=Stock(ungraded=True)),
    Row("a timestamp that is no text", besides({"timestamp.txt": bytes(range(256))}), stock=Stock(ungraded=True)),
    Row("a timestamp in year 0", besides({"timestamp.txt": b"0000-00-00 00:00:00 UTC"}), stock=Stock(ungraded=True)),
    Row(
        "test cells copied", right(double("test_cost"), double("test_tally", first=True)), why="stock drops the copies"
    ),
    Row("test cells copied in a file of format 4.0", in_bytes(right(double("test_cost")), colab), why="as above"),
    Row("test cells deleted", right(drop("test_cost", "test_tally")), stock=Stock(loses=("cost", "tally"))),
    Row("test cells emptied", right(each_test(says(""))), why=_KEPT),
    Row(
        "test cells turned into raw cells",
        in_bytes(right(), _cells(lambda cell: "assert" in "".join(cell["source"]) and cell.update(cell_type="raw"))),
        why=_KEPT,
    ),
    Row("all of nbgrader's metadata stripped", right(_stripped), stock=Stock(loses=_ALL)),
    Row(
        "all metadata and all ids stripped",
        in_bytes(right(_stripped), _cells(lambda cell: cell.pop("id"))),
        stock=Stock(loses=_ALL),
    ),
    Row("new ids for all cells", right(_new_ids), why=_KEPT),
    Row(
        "the kernel renamed",
        right(
            lambda nb: nb.metadata.update(
                kernelspec={"name": "conda-env-thesis-py", "display_name": "Thesis", "language": "python"}
            )
        ),
        why=_KEPT,
    ),
    Row(
        "another language's kernel",
        right(
            lambda nb: nb.metadata.update(kernelspec={"name": "ir", "display_name": "R"}, language_info={"name": "R"})
        ),
        why=_KEPT,
    ),
    Row("the comment that names the task deleted", right(*(at(task, says(RIGHT[task])) for task in FULL)), why=_KEPT),
    Row("an answer split over two cells", right(_split), why=_KEPT),
    Row("two answers merged", right(_merged), why=_KEPT),
    Row("an answer moved to the top", right(move("tally", 0)), why=_KEPT),
    Row(
        "an answer moved to the end",
        right(move("cost", -1), move("moments", -1)),
        stock=Stock(loses=("cost", "moments")),
        why="",
    ),
    Row(
        "an answer written into a cell of one's own",
        right(at("cost", says("# see below")), after("cost", RIGHT["cost"])),
        why=_KEPT,
    ),
    Row(
        "an answer left as it was, and written into a cell of one's own",
        right(
            after("tally", RIGHT["tally"]),
            tally="class Tally:\n    raise NotImplementedError('Your turn: write this part, then run the cell again.')",
        ),
        why=_KEPT,
    ),
    Row(
        "extra cells everywhere",
        right(
            first("import math"),
            after("helpers", "a = 1"),
            after("cost", "print(a)"),
            says_after("test_cost", "# Note"),
            after("test_tally", "a"),
            last("print('done')"),
            last(""),
        ),
        why=_KEPT,
    ),
    Row(
        "an import of one's own at the top that answers need",
        right(first("from math import sqrt"), moments="mean = x.mean()\nspread = sqrt(((x - mean) ** 2).mean())"),
        why=_KEPT,
    ),
    Row("300 extra cells", right(*(last(f"a{number} = {number}") for number in range(300))), why=_KEPT),
    Row("run out of order", right(_out_of_order), why=_KEPT),
    Row("saved outputs of 20 MB", right(_all_outputs("x" * 1_500_000)), why=_KEPT),
    Row(
        "a picture of 15 MB in a Markdown cell",
        right(lambda nb: nb.cells[0].update(attachments={"a.png": {"image/png": "A" * 15_000_000}})),
        why=_KEPT,
    ),
    Row(
        "a warning from NumPy",
        right(cost=RIGHT["cost"].replace("return", "np.log(np.zeros(1))\n    return")),
        stock=Stock(loses=("cost", "improvement")),
    ),
    Row("a SyntaxWarning", right(cost='"\\d"\n' + RIGHT["cost"]), why=_KEPT),
    Row(
        "prints, plots and progress in an answer",
        right(
            cost=RIGHT["cost"].replace(
                "return", "print(prediction, end='\\r')\n    plt.plot([1])\n    plt.show()\n    return"
            )
        ),
        why=_KEPT,
    ),
    Row(
        "reads the lab's data file",
        right(moments="data = np.loadtxt('measured.csv', delimiter=',')\n" + RIGHT["moments"]),
        why=_KEPT,
    ),
    Row(
        "writes files and reads them again",
        right(
            first(
                "np_file = 'mine.npy'\nimport numpy as np\nnp.save(np_file, np.ones(3))\n"
                "assert np.load(np_file).sum() == 3"
            )
        ),
        why=_KEPT,
    ),
    Row(
        "threads and processes of its own",
        right(
            first(
                "from concurrent.futures import ThreadPoolExecutor\n"
                "with ThreadPoolExecutor(2) as pool:\n    print(list(pool.map(abs, [-1, 2])))\nimport subprocess, sys\n"
                "print(subprocess.run([sys.executable, '-c', 'print(1)'], capture_output=True, text=True).stdout)"
            )
        ),
        why=_KEPT,
    ),
    Row(
        "an answer with type hints, docstring and a cell magic",
        right(
            cost="%%time\ndef cost(prediction: np.ndarray, y) -> float:\n"
            '    """Cost."""\n    return float(((prediction - y) ** 2).mean() / 2)'
        ),
        why=_KEPT,
    ),
    Row("an answer that uses async", right(first("import asyncio\nawait asyncio.sleep(0)")), why=_KEPT),
    Row(
        "answers with tabs and no last line end",
        right(cost="def cost(prediction, y):\n\treturn ((prediction - y) ** 2).mean() / 2"),
        why=_KEPT,
    ),
    Row(
        "one task not written",
        right(improvement="def improvement(before, after, y):\n    raise NotImplementedError('Your turn')"),
        without("improvement"),
        why="no attack",
    ),
    Row(
        "a module that this machine lacks, imported beside an answer",
        right(
            first("from google.colab import drive"), cost="from no_such_module.notebook import bar\n" + RIGHT["cost"]
        ),
        says=("no_such_module is not installed", "google.colab exists in Google Colab only"),
        stock=Stock(loses=("cost", "improvement")),
    ),
    Row(
        "a module that this machine lacks, needed by an answer",
        right(tally="import no_such_module\nno_such_module.go()\n" + RIGHT["tally"]),
        without("tally"),
        says=(
            "`Tally` was never defined, because its cell stopped with `NotInstalledError",
            "a person will look at this",
        ),
        stock=Stock(loses=("tally",)),
    ),
    Row("one cell that does not compile", right(moments="mean = = 3"), without("moments"), why="no attack"),
    Row(
        "answers in another script",
        right(first("größe, π, 名 = 1, 3.14, 'x'\nprint(größe, π, 名, '🙂')"), why="Nul: 零 🙂"),
        why=_KEPT,
    ),
)
"""All rows deserve full points, except where something is missing or can't be read."""
