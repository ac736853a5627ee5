"""Choose which of a submission's files is graded as which of the lab's notebooks: by file name, or by content."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

from autograder.grading.intake.decode import UnreadableError
from autograder.grading.intake.match import recognised
from autograder.grading.intake.rebuild import answered, rebuild
from autograder.grading.intake.repairs import repair, unique
from autograder.grading.intake.source_notebook import SourceNotebook
from autograder.grading.intake.student_notebook import read_notebook
from autograder.grading.model import Repair, SubmittedFile

_ENDING = re.compile(r"(\.ipynb|\.json|\.txt|\.zip)+$")
_COPY = re.compile(r"(\s*\(\d+\)|[\s_-]*(copy|kopie|copie)[\s_-]*\d*)$|^(copy of|kopie von|copie de)\s+")
"""Words and numbers that browsers, Jupyter, Colab and file managers add to a copy's name."""

EXACT, ALIKE, WITHIN, CONTENT = range(4)
"""How a file is recognised as a notebook, the surest way first.

Its name is the notebook's, has the same words, or contains them; or its content matches the notebook.
"""

FEWEST = 3
"""Minimum number of source cells that a file must match before its content decides which notebook it is."""
CLEARLY = 1.5
"""The file must match at least this many times as many source cells of one notebook as of any other."""

DEEP = 2
"""Maximum number of folders and archives around a notebook that need no sentence."""


@dataclass(frozen=True)
class _Candidate:
    """A file that may be graded as a notebook."""

    file: SubmittedFile
    notebook: str
    """The notebook's name, without `.ipynb`."""
    how: int
    """EXACT, ALIKE, WITHIN or CONTENT."""
    answers: int = 0
    """Number of answers in the file, -1 if unreadable; counted only where a notebook has several candidates."""

    @property
    def order(self) -> tuple[int, int, str]:
        """Return the key that sorts the best candidate first: most answers, then surest recognition, then file name."""
        return -self.answers, self.how, self.file.name


def choose(
    files: Sequence[SubmittedFile], source_notebooks: Mapping[str, SourceNotebook]
) -> tuple[Mapping[str, SubmittedFile], tuple[Repair, ...]]:
    """Return the file to grade by notebook name, and the repairs.

    files: those that could be notebooks, with archives unpacked. source_notebooks: source notebooks by name. A notebook
    for which no file was handed in has no entry in the result.
    """
    repairs, candidates, others = list[Repair](), [], []
    for file in files:
        if candidate := _candidate(file, source_notebooks):
            candidates.append(candidate)
        else:
            others.append(file)
    candidates += _broken_candidates(candidates, others, source_notebooks)
    chosen: dict[str, SubmittedFile] = {}
    for name in source_notebooks:
        same = [candidate for candidate in candidates if candidate.notebook == name]
        if same:
            best, *rest = sorted(
                map(_answer_counter(source_notebooks[name]), same) if len(same) > 1 else same, key=lambda c: c.order
            )
            chosen[name] = best.file
            repairs += _choice_repairs(best, rest)
    candidate_names = {candidate.file.name for candidate in candidates}
    unused = [file for file in others if file.name not in candidate_names and _is_notebook(file)]
    repairs += [repair("broken" if _is_broken(file) else "no match", file=file.name) for file in unused]
    return chosen, unique(repairs)


def _candidate(file: SubmittedFile, source_notebooks: Mapping[str, SourceNotebook]) -> _Candidate | None:
    """Return the file as a candidate for the notebook of its content, or else of its name; None where neither fits."""
    matches = [
        (how, -len(name), name) for name in source_notebooks if (how := _name_match(file.name, name)) is not None
    ]
    how, _, name = min(matches, default=(CONTENT, 0, ""))
    if len(source_notebooks) > 1 or not matches:
        by_content = _notebook_by_content(file, source_notebooks)
        how, name = (how, name) if by_content in ("", name) else (CONTENT, by_content)
    return _Candidate(file, name, how) if name else None


def _name_match(file: str, notebook: str) -> int | None:
    """Return how well a file's name fits a notebook's: EXACT, ALIKE or WITHIN; None where it does not fit."""
    if file.rpartition("/")[2] == f"{notebook}.ipynb":
        return EXACT
    file_words, notebook_words = _words(file), _words(notebook)
    if "".join(file_words) == "".join(notebook_words):
        return ALIKE
    # A short name may stand in another word by chance.
    is_within = f" {' '.join(notebook_words)} " in f" {' '.join(file_words)} " or (
        len(notebook) >= 8 and "".join(notebook_words) in "".join(file_words)
    )
    return WITHIN if notebook_words and is_within else None


def _words(name: str) -> list[str]:
    """Return the words of a file's name in lower case, without its folder, its ending and the marks of a copy.

    Only the first 255 characters count.
    """
    name = _ENDING.sub("", unicodedata.normalize("NFKC", name.rpartition("/")[2][:255]).casefold())
    while (shorter := _COPY.sub("", name)) != name:
        name = shorter
    return re.findall(r"[^\W_]+", name)


def _notebook_by_content(file: SubmittedFile, source_notebooks: Mapping[str, SourceNotebook]) -> str:
    """Return the name of the notebook whose cells a file clearly holds; empty where there is none.

    An unreadable file holds none. FEWEST and CLEARLY are the limits; a notebook with fewer cells needs all of them.
    """
    try:
        cells = read_notebook(file.name, file.data).cells
    except UnreadableError:
        return ""
    counts = {}
    for name, source_notebook in source_notebooks.items():
        matched = {
            source_index for source_index in recognised(source_notebook, cells).source_index if source_index is not None
        }
        counts[name] = len(matched) if len(matched) >= min(FEWEST, len(source_notebook.cells)) else 0
    best, *others = sorted(counts, key=lambda name: -counts[name]) or [""]
    is_clear = best and counts[best] and all(counts[best] >= CLEARLY * counts[other] for other in others)
    return best if is_clear else ""


def _broken_candidates(
    known: Sequence[_Candidate], others: Sequence[SubmittedFile], source_notebooks: Mapping[str, SourceNotebook]
) -> list[_Candidate]:
    """Return the broken files as candidates for the one notebook that has none, so that grading reports their fault.

    Return none where several notebooks, or no notebook, lack a candidate. known: the candidates so far.
    """
    missing = set(source_notebooks) - {candidate.notebook for candidate in known}
    if len(missing) != 1:
        return []
    (name,) = missing
    return [_Candidate(file, name, CONTENT) for file in others if _is_notebook(file) and _is_broken(file)]


def _answer_counter(source_notebook: SourceNotebook) -> Callable[[_Candidate], _Candidate]:
    """Return a function that counts the answers in a candidate's file."""

    def count(candidate: _Candidate) -> _Candidate:
        """Return the candidate with its number of answers; -1 where the file is unreadable."""
        try:
            return replace(candidate, answers=answered(rebuild(source_notebook, candidate.file)))
        except UnreadableError:
            return replace(candidate, answers=-1)

    return count


def _choice_repairs(best: _Candidate, rest: Sequence[_Candidate]) -> list[Repair]:
    """Return the repairs that report under which other name a file was chosen, and which files were left out."""
    notebook = f"{best.notebook}.ipynb"
    left_out = [repair("second file", file=other.file.name, notebook=notebook, chosen=best.file.name) for other in rest]
    if best.file.name.count("/") > DEEP:
        left_out.append(repair("found", file=best.file.name))
    if best.how == EXACT:
        return left_out
    return [
        repair("recognised" if best.how == CONTENT else "renamed", file=best.file.name, notebook=notebook),
        *left_out,
    ]


def _is_notebook(file: SubmittedFile) -> bool:
    """True if a file's ending claims that it is a notebook; of other files no repair needs to report anything."""
    return file.name.lower().endswith((".ipynb", ".ipynb.txt"))


def _is_broken(file: SubmittedFile) -> bool:
    """True if a file can't be read as a notebook."""
    try:
        read_notebook(file.name, file.data)
    except UnreadableError:
        return True
    return False
