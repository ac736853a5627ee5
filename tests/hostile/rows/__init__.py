"""The catalogue of all hostile and broken submissions that the engine must withstand, by heading."""

from __future__ import annotations

from collections.abc import Mapping

from ..row import Row
from . import accidents, asked, cells, code, files, others, own, reading, records, tests, wire

CATALOGUE: Mapping[str, tuple[Row, ...]] = {
    "forging: patched tests": tests.ROWS,
    "forging: the truth, found": code.ROWS,
    "forging: answers that lie": asked.ROWS,
    "forging: cells and metadata": cells.ROWS,
    "forging: files and score records": (*files.ROWS, *records.ROWS),
    "the wire": wire.ROWS,
    "reading": reading.ROWS,
    "breaking others": others.ROWS,
    "breaking one's own run": own.ROWS,
    "honest accidents": accidents.ROWS,
}
"""All rows, by the aim of the attack."""

ROWS: tuple[Row, ...] = tuple(row for rows in CATALOGUE.values() for row in rows)
