"""Lists the files that student code may read: Python and its installed packages, entry by entry, never this project.

Runs in the grader's process.
"""

from __future__ import annotations

import importlib.metadata
import os
import site
import sys
import sysconfig
from collections.abc import Iterable, Iterator
from pathlib import Path

import autograder

_SYSTEM_PATHS = (
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
"""Paths of a Linux system that programs and shared libraries need."""


def site_folders() -> list[Path]:
    """Return the folders of the packages that are installed for this interpreter."""
    folders = {sysconfig.get_path("purelib"), sysconfig.get_path("platlib"), *site.getsitepackages()}
    return sorted(Path(folder).resolve() for folder in folders if os.path.isdir(folder))


def readable_paths(hidden: Iterable[Path] = ()) -> tuple[str, ...]:
    """Return the paths of files and folders that student code may read. hidden: course folders, which it may not."""
    sites = site_folders()
    excluded = {*(path.resolve() for path in hidden), *_project_paths(sites)}
    roots = [Path(path) for path in _SYSTEM_PATHS if os.path.exists(path)]
    roots += [Path(sys.base_prefix).resolve()]
    # Leave out folders of packages: the loop below adds those of this interpreter entry by entry.
    base_packages = [Path(folder).resolve() for folder in _packages_below(Path(sys.base_prefix).resolve())]
    paths = [path for root in _outermost(roots) for path in _paths_except(root, {*excluded, *sites, *base_packages})]
    for folder in sites:
        # A virtual environment may lie in a checkout or course that is hidden.
        excluded_here = {path for path in excluded if path not in folder.parents}
        paths += [path for entry in _package_entries(folder) for path in _paths_except(entry, excluded_here)]
    return tuple(dict.fromkeys(map(str, paths)))


def _project_paths(sites: list[Path]) -> set[Path]:
    """Return the paths of this project: its package, its installed files, and the checkout of an editable install."""
    package = Path(autograder.__file__).resolve().parent
    project = {package}
    if package.parent not in sites:
        project.add(package.parent)
    distribution = importlib.metadata.distribution("backprop-labs")
    for file in distribution.files or ():
        path = Path(str(distribution.locate_file(file))).resolve()
        entries = [folder / path.relative_to(folder).parts[0] for folder in sites if folder in path.parents]
        project.add(entries[0] if entries else path)
    return project


def _packages_below(prefix: Path) -> Iterator[str]:
    """Yield the base interpreter's folders of packages, which a virtual environment does not use."""
    version = f"python{sys.version_info[0]}.{sys.version_info[1]}"
    for name in ("site-packages", "dist-packages"):
        for folder in (prefix / "lib" / version / name, prefix / "lib" / "python3" / name,
                       prefix / "local" / "lib" / version / name):  # fmt: skip
            if folder.is_dir():
                yield str(folder)


def _package_entries(folder: Path) -> Iterator[Path]:
    """Yield the entries of a folder of packages, without files that Python runs at start-up: they may add paths."""
    for entry in sorted(folder.iterdir()):
        if entry.suffix not in (".pth", ".egg-link") and entry.name not in ("sitecustomize.py", "usercustomize.py"):
            yield entry


def _outermost(paths: list[Path]) -> list[Path]:
    """Return the paths that lie within no other of them."""
    return [path for path in dict.fromkeys(paths) if not any(other in path.parents for other in paths)]


def _paths_except(path: Path, excluded: set[Path]) -> Iterator[Path]:
    """Yield the path; if excluded paths lie within it, yield its entries without them; if it lies in one, nothing."""
    real = path.resolve()
    if any(real == other or other in real.parents for other in excluded):
        return
    if path.is_symlink() or not any(real in other.parents for other in excluded):
        yield path
        return
    for entry in sorted(path.iterdir()):
        yield from _paths_except(entry, excluded)
