"""The course that hostile submissions are handed in to, with secrets planted, and something that listens."""

from __future__ import annotations

import socket
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from nbgrader.coursedir import CourseDirectory

from autograder.course import Course, put_environment_on_path
from autograder.grading.gradebook_assignment import register

from .classes import clear
from .course import Class, build_course, in_gradebook, plain_course, plant
from .lab import LAB


@pytest.fixture(scope="session")
def template(tmp_path_factory: pytest.TempPathFactory) -> Course:
    """The course with the small lab, built."""
    return build_course(tmp_path_factory.mktemp("template") / "course")


@pytest.fixture(scope="session")
def planted(template: Course, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Class]:
    """The course with a secret in each place. To be copied for each class."""
    for made in _planted(template, tmp_path_factory.mktemp("hostile")):
        put_environment_on_path()
        coursedir = CourseDirectory(config=made.course.nbgrader_config(assignment_id=LAB))
        register(coursedir, LAB)
        in_gradebook(made)
        yield made


@pytest.fixture(scope="session")
def in_the_open(template: Course) -> Iterator[Class]:
    """The course with its secrets where another user can go, which pytest's own folders forbid."""
    with tempfile.TemporaryDirectory(prefix="hostile-") as folder:
        yield from _planted(template, Path(folder))


@pytest.fixture(scope="session")
def plain(template: Course, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Class]:
    """The same for stock nbgrader, in a course folder without our configuration."""
    folder = tmp_path_factory.mktemp("stock")
    yield from _planted(plain_course(template, folder / "template"), folder)


def _planted(template: Course, folder: Path) -> Iterator[Class]:
    folder.chmod(0o755)
    # Of a name of its own: somebody else may run these tests on this machine at the same time.
    shared = Path(tempfile.mkdtemp(prefix="hostile-", dir="/dev/shm" if Path("/dev/shm").is_dir() else folder))
    shared.chmod(0o755)
    with socket.create_server(("127.0.0.1", 0)) as listening, socket.socket(socket.AF_UNIX) as named:
        made = plant(template, folder, shared / "secret.txt", listening.getsockname()[1])
        named.bind(f"\0{made.mark}")
        named.listen()
        yield made
    clear(made)
    (shared / "secret.txt").unlink()
    shared.rmdir()
