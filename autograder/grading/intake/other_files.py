"""Decide about files of a submission that are no notebooks: what each is, and whether graders get to see it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass

from autograder.grading.intake.repairs import capitalised, listed, repair
from autograder.grading.model import Repair, SubmittedFile

NOTEBOOK_ITSELF = "hand in the notebook itself, the .ipynb file"
"""The default advice to the student."""
_ARCHIVE = "hand in the notebook itself, or a .zip with it"


@dataclass(frozen=True)
class Kind:
    """A kind of file that people hand in instead of a notebook."""

    what: str
    """The kind in words, as the end of "This file is …"."""
    cure: str = NOTEBOOK_ITSELF
    """Advice to the student, as a sentence that begins in lower case."""
    endings: tuple[str, ...] = ()
    """Endings of such a file's name, in lower case."""
    beginnings: tuple[bytes, ...] = ()
    """The first bytes of such a file, whatever its name is."""


KINDS = (
    Kind("a 7z archive, which is not unpacked here", _ARCHIVE, (".7z",), (b"7z\xbc\xaf\x27\x1c",)),
    Kind("a RAR archive, which is not unpacked here", _ARCHIVE, (".rar",), (b"Rar!\x1a\x07",)),
    Kind("an archive of a kind that is not unpacked here", _ARCHIVE,
         (".xz", ".txz", ".zst", ".lzma", ".lz4", ".z", ".zipx", ".cab", ".iso", ".dmg", ".sit", ".sitx"),
         (b"\xfd7zXZ\0", b"\x28\xb5\x2f\xfd")),
    Kind("a pointer of Git LFS, and not the notebook that it points to",
         "run `git lfs pull`, and hand in the notebook that is there then",
         beginnings=(b"version https://git-lfs.github.com/spec/",)),
    Kind("a shortcut, which says only where a notebook lies",
         "open it, download the notebook (in Colab: File → Download → Download .ipynb), and hand that in",
         (".gdoc", ".gsheet", ".gslides", ".url", ".webloc", ".lnk", ".desktop")),
    Kind("a download that did not end, or only a placeholder for a file in the cloud",
         "download the notebook to its end, and hand that in",
         (".crdownload", ".part", ".partial", ".download", ".opdownload", ".icloud")),
    Kind("a Python script, which has neither your written answers nor the labels of the tasks",
         "hand in the .ipynb file that it was made from (in Colab: File → Download → Download .ipynb)",
         (".py", ".ipy")),
    Kind("a web page, which can be read and not run", endings=(".html", ".htm", ".xhtml", ".mhtml", ".mht")),
    Kind("a PDF, which can be read and not run", endings=(".pdf",), beginnings=(b"%PDF-",)),
    Kind("a picture, which can be seen and not run",
         endings=(".png", ".jpg", ".jpeg", ".gif", ".webp", ".heic", ".heif", ".bmp", ".tif", ".tiff", ".svg"),
         beginnings=(b"\x89PNG\r\n", b"\xff\xd8\xff", b"GIF8")),
    Kind("a text document, which can be read and not run",
         endings=(".docx", ".doc", ".odt", ".rtf", ".pages", ".tex", ".md"),
         beginnings=(b"{\\rtf", b"\xd0\xcf\x11\xe0")),
)  # fmt: skip
"""The kinds of files, the one that is recognised more surely first."""

SHORTCUT = next(kind for kind in KINDS if ".gdoc" in kind.endings)
"""The kind of Google Drive's shortcuts, which are JSON and may bear a notebook's name."""

PASSED_ON = (
    ".png", ".jpg", ".jpeg", ".gif", ".webp", ".heic", ".heif", ".bmp", ".tif", ".tiff",
    ".pdf", ".txt", ".md", ".tex", ".docx", ".odt", ".csv", ".tsv", ".xlsx", ".ods", ".dat", ".npy",
)  # fmt: skip
"""Endings of the files that graders get to see.

Formgrader serves them from its own address, where a page or an SVG picture could act in the grader's name. A kernel
that somebody starts beside them would run Python files such as random.py.
"""
MAX_PASSED_ON = 50
"""Maximum number of files that graders get to see, beside the notebooks."""
MAX_PASSED_ON_TOGETHER = 30_000_000
"""Maximum bytes of these files together."""
_LONGEST_NAME = 200
"""Maximum bytes of a file's or a folder's name; a file system has room for 255, a few of which grading needs."""
_LONGEST_PATH = 1_000
"""Maximum characters of a file's path."""
_SECRET = "submission_secret.txt"
"""nbgrader's file with a secret of the submission, from which its exchange derives the names of feedback pages."""
_SYSTEM = ("timestamp.txt", "thumbs.db", "desktop.ini", "icon\r")
"""Files of nbgrader and of operating systems, of which no repair needs to report anything."""


def is_passed_on(name: str) -> bool:
    """True if graders get to see a file of this name, within the limits."""
    return name.lower().endswith(PASSED_ON)


def is_system_file(name: str) -> bool:
    """True if nobody wrote a file of this name: one of nbgrader or of the operating system, or a hidden one."""
    name = name.rpartition("/")[2].lower()
    return (name.startswith(".") and not name.endswith(".icloud")) or name in _SYSTEM


def kind_of(name: str, data: bytes) -> Kind | None:
    """Return the kind of a file by its first bytes, or else by its name; None if it is of no known kind."""
    by_data = (kind for kind in KINDS if data.startswith(kind.beginnings))
    by_name = (kind for kind in KINDS if name.lower().endswith(kind.endings))
    return next(by_data, None) or next(by_name, None)


def no_notebook_repairs(files: Sequence[SubmittedFile]) -> Iterator[Repair]:
    """Yield the repairs that say what files are instead of notebooks, one for all files of a kind."""
    names = defaultdict[Kind | None, list[str]](list)
    for file in files:
        names[kind_of(file.name, file.data)].append(file.name)
    for kind, same in names.items():
        if kind:
            verb = " is" if len(same) == 1 else ": each is"
            # The default advice is that of the problem as a whole.
            cure = f" {capitalised(kind.cure)}." if kind.cure != NOTEBOOK_ITSELF else ""
            yield Repair("no notebook", f"{listed(sorted(same))}{verb} {kind.what}.{cure}")
        else:
            yield repair("none", files=sorted(same))


def passed_on(
    files: Sequence[SubmittedFile], notebooks: Collection[SubmittedFile], data_files: Collection[str]
) -> tuple[tuple[SubmittedFile, ...], tuple[Repair, ...]]:
    """Return the files that graders get to see, by their paths from the notebook, and the repairs on the others.

    files: those that are no notebooks. notebooks: the files that are graded. data_files: names of the lab's data files,
    which stay as they are.
    """
    folders = {file.name.rpartition("/")[0] + "/" for file in notebooks} - {"/"}
    nearest_first = sorted(folders, key=len, reverse=True)
    kept, left_out, size = dict[str, SubmittedFile](), [], 0
    taken = {name.casefold() for name in (*data_files, "timestamp.txt")}
    for file in sorted(files, key=lambda file: file.name != _SECRET):
        folder = next((folder for folder in nearest_first if file.name.startswith(folder)), "")
        path = file.name.removeprefix(folder)
        if path.casefold() in taken:
            continue
        is_small = len(kept) < MAX_PASSED_ON and size + len(file.data) <= MAX_PASSED_ON_TOGETHER
        is_accepted = file.is_whole and is_small and is_passed_on(path) and _is_plain_path(path)
        if not (is_accepted and _is_free(path.casefold(), taken)):
            left_out.append(file.name)
            continue
        taken.add(path.casefold())
        kept[path], size = SubmittedFile(path, file.data), size + len(file.data)
    limits = {"count": MAX_PASSED_ON, "limit": MAX_PASSED_ON_TOGETHER // 1_000_000}
    return tuple(kept.values()), (repair("not passed on", files=left_out, **limits),) if left_out else ()


def _is_free(path: str, taken: Collection[str]) -> bool:
    """True if no file has the name of one of a path's folders, nor a folder the path itself; archives may hold both."""
    above = {path.rsplit("/", depth)[0] for depth in range(1, path.count("/") + 1)}
    return above.isdisjoint(taken) and not any(name.startswith(f"{path}/") for name in taken)


def _is_plain_path(path: str) -> bool:
    """True if a path leads to a file below its folder, on every file system."""
    parts = path.split("/")
    return len(path) <= _LONGEST_PATH and all(
        part not in ("", ".", "..") and part.isprintable() and not set(part) & set('\\:*?"<>|')
        and len(part.encode("utf-8", "replace")) <= _LONGEST_NAME and not part.endswith((".ipynb", ".part"))
        for part in parts
    )  # fmt: skip
