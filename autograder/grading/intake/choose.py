"""Which of a submission's files is which of the lab's notebooks: by name, or by what it holds."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

from autograder.grading.intake.archive import unpack
from autograder.grading.intake.decode import UnreadableError
from autograder.grading.intake.match import recognised
from autograder.grading.intake.rebuild import answered, rebuild
from autograder.grading.intake.repairs import once, repair
from autograder.grading.intake.source_notebook import Master
from autograder.grading.intake.student_notebook import read_notebook
from autograder.grading.model import File, Repair

_ENDING = re.compile(r"(\.ipynb|\.json|\.txt|\.zip)+$")
_COPY = re.compile(r"(\s*\(\d+\)|[\s_-]*(copy|kopie|copie)[\s_-]*\d*)$|^(copy of|kopie von|copie de)\s+")
"""What browsers, Jupyter, Colab and file managers add to a copy's name."""

EXACT, ALIKE, WITHIN, CONTENT = range(4)
"""How a name can say which notebook a file is, the surest first; at last what it holds."""

FEWEST = 3
"""So many cells must be recognised before a file's content says which notebook it is."""
CLEARLY = 1.5
"""And so many times as many as of any other notebook."""


@dataclass(frozen=True)
class _Candidate:
    """A file, and how it was taken for one of the notebooks."""

    file: File
    notebook: str
    how: int
    answers: int = 0

    @property
    def order(self) -> tuple[int, int, str]:
        """The best one comes first."""
        return -self.answers, self.how, self.file.name


def choose(files: Sequence[File], masters: Mapping[str, Master]) -> tuple[Mapping[str, File], tuple[Repair, ...]]:
    """The file to grade for each notebook that was handed in, by the notebook's name."""
    unpacked, opened = unpack(files)
    repairs, candidates, others = list(opened), [], []
    for file in unpacked:
        if candidate := _candidate(file, masters):
            candidates.append(candidate)
        else:
            others.append(file)
    candidates += _only_broken(candidates, others, masters)
    chosen: dict[str, File] = {}
    for name in masters:
        same = [candidate for candidate in candidates if candidate.notebook == name]
        if same:
            best, *rest = sorted(map(_weighed(masters[name]), same) if len(same) > 1 else same, key=lambda c: c.order)
            chosen[name] = best.file
            repairs += _said(best, rest)
    taken = {candidate.file.name for candidate in candidates}
    left = [file for file in others if file.name not in taken and _is_notebook(file)]
    repairs += [repair("broken" if _is_broken(file) else "no match", file=file.name) for file in left]
    return chosen, once(repairs)


def _candidate(file: File, masters: Mapping[str, Master]) -> _Candidate | None:
    """What a file clearly holds; else what its name says; None where neither says anything."""
    named = [(how, -len(name), name) for name in masters if (how := _named(file.name, name)) is not None]
    how, _, name = min(named, default=(CONTENT, 0, ""))
    if len(masters) > 1 or not named:
        held = _held(file, masters)
        how, name = (how, name) if held in ("", name) else (CONTENT, held)
    return _Candidate(file, name, how) if name else None


def _named(file: str, notebook: str) -> int | None:
    """How well a file's name fits a notebook's; None where it doesn't."""
    if file.rpartition("/")[2] == f"{notebook}.ipynb":
        return EXACT
    own, wanted = _words(file), _words(notebook)
    if "".join(own) == "".join(wanted):
        return ALIKE
    # A short name may stand in another word by chance.
    within = f" {' '.join(wanted)} " in f" {' '.join(own)} " or (len(notebook) >= 8 and "".join(wanted) in "".join(own))
    return WITHIN if wanted and within else None


def _words(name: str) -> list[str]:
    """The words of a file's name, without its ending and what marks a copy."""
    name = _ENDING.sub("", unicodedata.normalize("NFKC", name.rpartition("/")[2][:255]).casefold())
    while (shorter := _COPY.sub("", name)) != name:
        name = shorter
    return re.findall(r"[^\W_]+", name)


def _held(file: File, masters: Mapping[str, Master]) -> str:
    """The notebook whose cells a file clearly holds; empty where there is none."""
    try:
        cells = read_notebook(file.name, file.data).cells
    except UnreadableError:
        return ""
    counts = {}
    for name, master in masters.items():
        owners = {owner for owner in recognised(master, cells).owner if owner is not None}
        counts[name] = len(owners) if len(owners) >= min(FEWEST, len(master.cells)) else 0
    best, *others = sorted(counts, key=lambda name: -counts[name]) or [""]
    clear = best and counts[best] and all(counts[best] >= CLEARLY * counts[other] for other in others)
    return best if clear else ""


def _only_broken(
    known: Sequence[_Candidate], others: Sequence[File], masters: Mapping[str, Master]
) -> list[_Candidate]:
    """Where one notebook is wanting: the broken files that may have been meant for it, so that their fault is told."""
    wanting = set(masters) - {candidate.notebook for candidate in known}
    if len(wanting) != 1:
        return []
    (name,) = wanting
    return [_Candidate(file, name, CONTENT) for file in others if _is_notebook(file) and _is_broken(file)]


def _weighed(master: Master) -> Callable[[_Candidate], _Candidate]:
    """What counts the answers in a file."""

    def weigh(candidate: _Candidate) -> _Candidate:
        try:
            return replace(candidate, answers=answered(rebuild(master, candidate.file)))
        except UnreadableError:
            return replace(candidate, answers=-1)

    return weigh


def _said(best: _Candidate, rest: Sequence[_Candidate]) -> list[Repair]:
    wanted = f"{best.notebook}.ipynb"
    said = [repair("second file", file=other.file.name, notebook=wanted, chosen=best.file.name) for other in rest]
    if best.how == EXACT:
        return said
    return [repair("recognised" if best.how == CONTENT else "renamed", file=best.file.name, notebook=wanted), *said]


def _is_notebook(file: File) -> bool:
    """Whether a file claims to be a notebook; what only could be one by its name need not be spoken of."""
    return file.name.lower().endswith((".ipynb", ".ipynb.txt"))


def _is_broken(file: File) -> bool:
    try:
        read_notebook(file.name, file.data)
    except UnreadableError:
        return True
    return False
