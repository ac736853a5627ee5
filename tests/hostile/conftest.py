"""Fixtures of the hostile tests: courses with planted secrets, and sockets that listen on this machine."""

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
    """Return the course with the small lab, built."""
    return build_course(tmp_path_factory.mktemp("template") / "course")


@pytest.fixture(scope="session")
def planted(template: Course, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Class]:
    """Yield the course with a secret in each place; each class is graded in a copy."""
    for class_ in _plant_secrets(template, tmp_path_factory.mktemp("hostile")):
        put_environment_on_path()
        coursedir = CourseDirectory(config=class_.course.nbgrader_config(assignment_id=LAB))
        register(coursedir, LAB)
        in_gradebook(class_)
        yield class_


@pytest.fixture(scope="session")
def in_the_open(template: Course) -> Iterator[Class]:
    """Yield the course with its secrets in a folder that other users can enter, unlike pytest's folders."""
    with tempfile.TemporaryDirectory(prefix="hostile-") as folder:
        yield from _plant_secrets(template, Path(folder))


@pytest.fixture(scope="session")
def plain(template: Course, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Class]:
    """Yield a course with secrets for stock nbgrader, without our configuration."""
    folder = tmp_path_factory.mktemp("stock")
    yield from _plant_secrets(plain_course(template, folder / "template"), folder)


def _plant_secrets(template: Course, folder: Path) -> Iterator[Class]:
    """Yield a copy of a course with secrets, while two sockets listen; clean up afterwards."""
    folder.chmod(0o755)
    # A unique name, because these tests may run twice on this machine at the same time.
    shared = Path(tempfile.mkdtemp(prefix="hostile-", dir="/dev/shm" if Path("/dev/shm").is_dir() else folder))
    shared.chmod(0o755)
    with socket.create_server(("127.0.0.1", 0)) as tcp_socket, socket.socket(socket.AF_UNIX) as named_socket:
        class_ = plant(template, folder, shared / "secret.txt", tcp_socket.getsockname()[1])
        named_socket.bind(f"\0{class_.mark}")
        named_socket.listen()
        yield class_
    clear(class_)
    (shared / "secret.txt").unlink()
    shared.rmdir()
