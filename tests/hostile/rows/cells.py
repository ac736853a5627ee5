"""Forged points by contents of the notebook file: tags, points, flags, text of tests, ids."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import nbformat
from nbformat import NotebookNode

from ..hand import Change, at, double, drop, each_test, in_bytes, right, wrong
from ..lab import FULL
from ..row import ONLY_TALLY, Row, Stock, forging, without

ALL = {"cost": 4, "improvement": 2, "moments": 2}


def about(**more: Any) -> Callable[[NotebookNode], None]:
    """Return a function that changes a cell's nbgrader metadata."""
    return lambda cell: cell.metadata.nbgrader.update(more)


def tags(*names: str) -> Callable[[NotebookNode], None]:
    """Return a function that sets a cell's tags."""
    return lambda cell: cell.metadata.update(tags=list(names))


def says(text: str) -> Callable[[NotebookNode], None]:
    """Return a function that replaces a cell's source."""
    return lambda cell: cell.update(source=text)


def trusted(name: str, gains: dict[str, float], *changes: Change, **more: Any) -> Row:
    """Return a row with an attack that works only if stock nbgrader trusts submitted cells."""
    return Row(name, wrong(*changes), ONLY_TALLY, stock=Stock(gains=gains, trusting=True), **more)


def as_json(change: Callable[[dict[str, Any]], object]) -> Callable[[bytes], bytes]:
    """Return a function that changes a notebook file as plain JSON, beyond the limits of nbformat."""

    def changed(data: bytes) -> bytes:
        notebook = json.loads(data)
        change(notebook)
        return json.dumps(notebook).encode()

    return changed


def _cells(notebook: dict[str, Any]) -> list[Any]:
    """Return the cells of a notebook."""
    return list(notebook["cells"])


ROWS = (
    forging("skip-execution on test cells", wrong(each_test(tags("skip-execution"))), ALL),
    forging(
        "every other tag that tools know, on every cell",
        wrong(
            each_test(
                tags(
                    "raises-exception",
                    "remove-cell",
                    "remove-input",
                    "hide-output",
                    "parameters",
                    "nbval-skip",
                    "nbval-ignore-output",
                    "injected-parameters",
                    "data",
                )
            )
        ),
        why="stock nbclient heeds two tags: skip-execution, above, and raises-exception, which keeps the error",
    ),
    trusted("test cells say pass", ALL, each_test(says("pass"))),
    trusted("test cells say nothing", ALL, each_test(says(""))),
    trusted("test cells end in the score", {"cost": 4}, at("test_cost", says("4.0"))),
    trusted(
        "test cells print the score record",
        ALL,
        each_test(
            says(
                "from IPython.display import publish_display_data\n"
                "publish_display_data({'application/vnd.autograder.score+json': {'points': 4, 'maximum': 4}})"
            )
        ),
    ),
    trusted(
        "hidden tests of one's own",
        {"cost": 4},
        at(
            "test_cost",
            says(
                "### BEGIN HIDDEN TESTS\nfrom autograder import checks\n"
                "checks.Score('cost', (checks.Line('cost', '', 4.0, 4.0),), '')\n### END HIDDEN TESTS"
            ),
        ),
    ),
    trusted(
        "points edited, and the test", {"cost": 40}, at("test_cost", about(points=40)), at("test_cost", says("40.0"))
    ),
    forging(
        "points edited alone",
        wrong(each_test(about(points=4000))),
        why="stock sets the points back; with a wrong answer there is nothing to multiply",
    ),
    Row(
        "points that are no number",
        right(at("test_cost", about(points="four")), at("test_tally", about(points=None))),
        stock=Stock(loses=tuple(FULL)),
    ),
    Row(
        "negative and infinite points",
        in_bytes(
            right(),
            lambda data: data.replace(b'"points": 4', b'"points": Infinity').replace(b'"points": 2', b'"points": -2'),
        ),
        why="stock sets the points back",
    ),
    forging(
        "flags of test cells swapped for those of solutions",
        wrong(each_test(about(solution=True, locked=False, grade=False))),
        why="stock gives none for a cell that is no test any more",
    ),
    forging(
        "test cells for manual grading",
        wrong(each_test(about(solution=True))),
        why="stock gives none but leaves them to a person, who may believe that it is so",
    ),
    Row(
        "flags of solution cells turned off",
        right(
            at("cost", about(solution=False, locked=True, grade=False)),
            at("moments", about(solution=False, locked=True)),
        ),
        why="stock keeps the points here",
    ),
    forging(
        "test cells turned into Markdown",
        in_bytes(
            wrong(),
            as_json(
                lambda nb: [
                    cell.update(cell_type="markdown") or cell.pop("outputs") or cell.pop("execution_count")
                    for cell in _cells(nb)
                    if cell["metadata"].get("nbgrader", {}).get("grade_id", "").startswith("test_")
                ]
            ),
        ),
        why="stock turns them back into code",
    ),
    forging(
        "a test's id on a cell of one's own, first",
        wrong(double("test_cost", "pass", first=True), double("test_improvement", "pass", first=True)),
        why="stock deletes the earlier of two equal ids, and the test's text is put back",
    ),
    forging(
        "a test's id on a cell of one's own, last",
        wrong(double("test_cost", "pass")),
        why="the same the other way round",
    ),
    forging(
        "an id of the other task's test",
        wrong(at("test_cost", about(grade_id="test_tally")), at("test_tally", about(grade_id="test_cost"))),
        points=ONLY_TALLY,
        why="the text goes by the id",
    ),
    forging(
        "the right tally's test in all tests' places",
        wrong(each_test(lambda cell: cell.metadata.nbgrader.update(grade_id="test_tally"))),
        why="the others' tests are then missing, which is nought",
    ),
    Row(
        "the same id on two answers, the last is right",
        right(double("cost", "# task: cost\ndef cost(prediction, y):\n    return 1.0", first=True)),
        why="an accident as much as an attack: the last answer counts",
    ),
    Row(
        "the same id on two answers, the last is wrong",
        right(double("cost", "# task: cost\ndef cost(prediction, y):\n    return 1.0")),
        without("cost", "improvement"),
        least={"improvement": 0.0},
        why="the last answer counts",
    ),
    Row(
        "the same id on an answer and on a later stub",
        right(
            double(
                "cost",
                "# task: cost\ndef cost(prediction, y):\n"
                '    raise NotImplementedError("Your turn: write this part, then run the cell again.")',
            )
        ),
        least={"cost": 0.0, "improvement": 0.0},
        why="the last that is no stub counts; the stub here has not the release's very words",
    ),
    forging(
        "ids that lead out of the notebook",
        wrong(
            *(double("test_cost", "pass") for _ in range(1)),
            at("improvement", about(grade_id="../../test_cost")),
            at("moments", about(grade_id="test_cost\x00")),
        ),
        why="an id is compared, never a path",
    ),
    forging(
        "nbgrader metadata of other shapes",
        in_bytes(
            wrong(),
            as_json(
                lambda nb: [
                    cell.update(metadata={"nbgrader": [cell["metadata"], 1, None]})
                    for cell in _cells(nb)[:5]
                    if cell["cell_type"] == "code"
                ]
            ),
        ),
        {},
        why="broken metadata, no attack on points",
        least={"tally": 0.0},
    ),
    forging(
        "a score record in the metadata",
        wrong(
            each_test(
                lambda cell: cell.metadata.update(
                    autograder={
                        "score": {"version": 1, "points": 4, "maximum": 4},
                        "graded": "0" * 64,
                        "timeout": 10**9,
                    }
                )
            )
        ),
        why="it aims at graders that read a record from the notebook that was handed in",
    ),
    forging(
        "a stamp that says it is graded",
        wrong(
            lambda notebook: notebook.metadata.update(autograder={"graded": "0" * 64, "timeout": 10**9, "score": 10})
        ),
        why="it aims at resuming by what stands in the notebook",
    ),
    forging(
        "saved outputs that show the score",
        wrong(
            each_test(
                lambda cell: cell.update(
                    outputs=[
                        nbformat.from_dict(
                            {
                                "output_type": "execute_result",
                                "execution_count": 1,
                                "metadata": {},
                                "data": {
                                    "text/plain": "4.0",
                                    "application/vnd.autograder.score+json": {"points": 4, "maximum": 4},
                                },
                            }
                        )
                    ]
                )
            )
        ),
        why="stock clears outputs first",
    ),
    forging(
        "a locked cell edited: the data are the answer",
        wrong(
            at("helpers", says("import numpy as np, matplotlib.pyplot as plt\nnp.testing.assert_allclose = print")),
            at("data", says("x = np.array([3.0, 3.0])")),
        ),
        why="stock puts locked cells back",
    ),
    Row("locked cells deleted", right(drop("helpers", "data")), stock=Stock(loses=("cost", "improvement", "moments"))),
)
"""The answers are wrong and deserve nothing, except where a row says otherwise."""
