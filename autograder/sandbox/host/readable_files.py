"""Which files student code may read: the interpreter and installed packages, entry by entry, never this project."""

from __future__ import annotations

import importlib.metadata
import os
import site
import sys
import sysconfig
from collections.abc import Iterable, Iterator
from pathlib import Path

import autograder

_SYSTEM = (
    "/usr",
    "/bin",
    "/sbin",
    "/lib",
    "/lib32",
    "/lib64",
    "/etc/ld.so.cache",
    "/etc/alternatives",
    "/etc/localtime",
)
"""What programs and shared libraries need of a Linux system."""


def site_folders() -> list[Path]:
    """Where packages are installed for this interpreter."""
    folders = {sysconfig.get_path("purelib"), sysconfig.get_path("platlib"), *site.getsitepackages()}
    return sorted(Path(folder).resolve() for folder in folders if os.path.isdir(folder))


def readable(hidden: Iterable[Path] = ()) -> tuple[str, ...]:
    """Files and folders that student code may read. hidden: course folders, which it never may."""
    sites = site_folders()
    never = {*(path.resolve() for path in hidden), *_own(sites)}
    roots = [Path(path) for path in _SYSTEM if os.path.exists(path)]
    roots += [Path(sys.base_prefix).resolve()]
    # A folder of packages is shown entry by entry, wherever it lies.
    others = [Path(folder).resolve() for folder in _packages_below(Path(sys.base_prefix).resolve())]
    shown = [path for root in _outermost(roots) for path in _without(root, {*never, *sites, *others})]
    for folder in sites:
        # An environment may lie in the very checkout or course that is hidden.
        holes = {hole for hole in never if hole not in folder.parents}
        shown += [path for entry in _entries(folder) for path in _without(entry, holes)]
    return tuple(dict.fromkeys(map(str, shown)))


def _own(sites: list[Path]) -> set[Path]:
    """Every file by which this project is installed, and its checkout where it is installed from one."""
    package = Path(autograder.__file__).resolve().parent
    own = {package}
    if package.parent not in sites:
        own.add(package.parent)
    distribution = importlib.metadata.distribution("backprop-labs")
    for file in distribution.files or ():
        path = Path(str(distribution.locate_file(file))).resolve()
        entries = [folder / path.relative_to(folder).parts[0] for folder in sites if folder in path.parents]
        own.add(entries[0] if entries else path)
    return own


def _packages_below(prefix: Path) -> Iterator[str]:
    """The base interpreter's own folders of packages, of which a virtual environment sees nothing."""
    version = f"python{sys.version_info[0]}.{sys.version_info[1]}"
    for name in ("site-packages", "dist-packages"):
        for folder in (prefix / "lib" / version / name, prefix / "lib" / "python3" / name,
                       prefix / "local" / "lib" / version / name):  # fmt: skip
            if folder.is_dir():
                yield str(folder)


def _entries(folder: Path) -> Iterator[Path]:
    """What is installed in a folder; without what Python runs at its start, which may lead elsewhere."""
    for entry in sorted(folder.iterdir()):
        if entry.suffix not in (".pth", ".egg-link") and entry.name not in ("sitecustomize.py", "usercustomize.py"):
            yield entry


def _outermost(paths: list[Path]) -> list[Path]:
    """Those that do not lie within another one."""
    return [path for path in dict.fromkeys(paths) if not any(other in path.parents for other in paths)]


def _without(path: Path, holes: set[Path]) -> Iterator[Path]:
    """A path; or, where some of the holes lie within it, all that it holds except for them."""
    real = path.resolve()
    if any(real == hole or hole in real.parents for hole in holes):
        return
    if path.is_symlink() or not any(real in hole.parents for hole in holes):
        yield path
        return
    for entry in sorted(path.iterdir()):
        yield from _without(entry, holes)
