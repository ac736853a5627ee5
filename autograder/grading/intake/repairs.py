"""The table of repairs: each thing that intake puts right or leaves out, with a sentence to student and instructor."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Iterator, Mapping, Sequence

from autograder.grading.model import Repair

REPAIRS: Mapping[str, str] = {
    # On the disk.
    "no folder": "Your submission could not be opened ({why}).",
    "link": "{file} is a link to another place. Links are not followed: hand in the file itself.",
    "no file": "{file} is not an ordinary file, so it was not opened.",
    "unread": "{file} could not be read from the disk ({why}).",
    "large": "{file} is larger than {limit} MB, so it was left out. Clear the outputs, save, and hand it in again.",
    "many files": "There were more than {limit} files. The others were not looked at.",
    "large together": "Your files are larger than {limit} MB together. {file} was left out.",
    "deep": "Folders inside {file} were not searched: they lie too deep. Hand in the notebook without the folders "
    "around it.",
    # Files that are no notebooks.
    "none": "None of your files could be a notebook. There was: {files}.",
    "not passed on": "Your graders don't see {files}: only pictures, PDFs, texts and tables are passed on to them, at "
    "most {count} files and {limit} MB.",
    # Archives.
    "unpacked": "{file} was unpacked.",
    "empty archive": "{file} was unpacked, and there was no file in it.",
    "nested archive": "{file} is an archive inside an archive inside an archive, so it was left out. Hand in the "
    "notebook itself.",
    "large archive": "{file} holds more than {limit} MB, so not all of it was unpacked. Hand in the notebook itself.",
    "damaged archive": "{file} could not be unpacked ({why}). Make the archive again, or hand in the notebook itself.",
    "damaged member": "{file} could not be taken out of its archive ({why}).",
    "locked member": "{file} is protected by a password, so it was left out. Make the archive again without one.",
    "odd member": "{file} has a name that points outside its archive, so it was left out.",
    "no file member": "{file} is a link or a device in its archive, so it was left out. Hand in the file itself.",
    # Which file is which notebook.
    "found": "Your notebook was found at {file}. Next time hand in the file without the folders around it.",
    "renamed": "Your file was called {file}. It was graded as {notebook}.",
    "recognised": "Your file was called {file}. By what it holds it was graded as {notebook}.",
    "second file": "{file} was handed in for {notebook} as well. It was left out: {chosen} was graded.",
    "no match": "{file} is none of this lab's notebooks, so it was left out.",
    "broken": "{file} can't be read as a notebook, so it was left out.",
    # The file as such.
    "encoding": "Your file was saved in the encoding {encoding}. It was read as such; check letters with accents.",
    "old format": "Your notebook is of an old format (version {version}). It was converted.",
    "odd parts": "{count} parts of your file were not of the form that a notebook has, and were left out.",
    "characters": "{count} cells held characters that no program can read. They were replaced by �.",
    "long cell": "{count} cells were longer than {limit} MB, and were left out.",
    # Answers.
    "merged": "Your answers to {tasks} stood in one cell. They were taken apart again.",
    "label lost": "The labels of your answers to {tasks} were lost. The answers were found by their text.",
    "placed": "The labels of your answers to {tasks} were lost. The answers were found by where they stand and what "
    "they define; tell your instructor if something else was meant.",
    "beside": "The cells for {tasks} were left as they came. What you wrote beside them was taken as your answer.",
    "split": "Your answers to {tasks} were spread over several cells. They were joined.",
    "type": "The cells of your answers to {tasks} had another type (code, Markdown or raw). It was set back.",
    "moved": "Your answers to {tasks} stood elsewhere. They were put back into their place.",
    "several answers": "There were several answers to {tasks}. The last whole one counts; the others ran where they "
    "stood.",
    "deleted answer": "The cells for your answers to {tasks} were not there. They count as not answered.",
    # All other cells.
    "changed test": "{count} test cells were not as handed out. The original ones were used.",
    "changed locked": "{count} locked cells were not as handed out. The original ones were used.",
    "changed prose": "{count} cells of the lab's text were not as handed out. The original ones are shown.",
    "changed code": "You changed {count} of the lab's own code cells. The original ones ran, and yours after them.",
    "deleted test": "{count} test cells were missing. They were put back.",
    "deleted locked": "{count} locked cells were missing. They were put back.",
    "deleted prose": "{count} cells of the lab's text were missing. They were put back.",
    "deleted code": "{count} of the lab's own code cells were missing. They were put back.",
    "raw": "{count} raw cells were left out.",
    "pictures": "{count} attached files are not shown: only PNG, JPEG and GIF pictures of at most {limit} MB are.",
}
"""The repairs by name: a sentence to the student with the words that differ in braces."""

LONGEST = 60
"""Maximum characters of a name from a submission in a sentence."""
MOST = 5
"""Maximum number of names in one list."""


def repair(name: str, **words: str | int | Sequence[str]) -> Repair:
    """Return the repair of that name with the words filled into its sentence; of many names the first MOST.

    Raises KeyError if the table has no such name, or its sentence needs a word that is missing.
    """
    return Repair(name, REPAIRS[name].format(**{key: _word(word) for key, word in words.items()}))


def unique(repairs: Iterable[Repair]) -> tuple[Repair, ...]:
    """Return the repairs in the same order, without duplicates."""
    return tuple(dict.fromkeys(repairs))


def printable(text: str) -> str:
    """Return a text from a submission, fit for a sentence: at most LONGEST characters, none that controls a display."""
    plain = "".join(_plain(text[: 4 * LONGEST]))
    return plain if len(plain) <= LONGEST else plain[: LONGEST - 1] + "…"


def _plain(text: str) -> Iterator[str]:
    """Yield the characters with unprintable ones replaced; of combining accents on one letter, only the first two."""
    accents = 0
    for letter in text:
        accents = accents + 1 if unicodedata.combining(letter) else 0
        if accents <= 2:
            yield letter if letter.isprintable() else "�"


def capitalised(sentence: str) -> str:
    """Return a sentence with its first letter in upper case."""
    return sentence[:1].upper() + sentence[1:]


def _word(word: str | int | Sequence[str]) -> str:
    """Return a word, a number or a list of names as text for a sentence."""
    return printable(str(word)) if isinstance(word, str | int) else listed(word)


def listed(word: Sequence[str]) -> str:
    """Return names as one text: the first MOST, and the number of the others."""
    more = f" and {len(word) - MOST} more" if len(word) > MOST else ""
    return ", ".join(printable(name) for name in word[:MOST]) + more
