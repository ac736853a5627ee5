"""`Sandbox` keeps the contract of the port, on each tier that this machine has."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from autograder.sandbox.adapter import Sandbox
from autograder.sandbox.host import Box, Zygote
from tests.student.contract import StudentContract, StudentOf

pytestmark = pytest.mark.sandbox


@pytest.fixture(scope="module")
def zygote() -> Iterator[Zygote]:
    """The process that this module's sandboxes are forked from."""
    with Zygote("namespaces") as zygote:
        yield zygote


class TestInASandbox(StudentContract):
    @pytest.fixture
    def student_of(self, zygote: Zygote) -> Iterator[StudentOf]:
        boxes: list[Box] = []

        def student_of(cells: list[tuple[str, str]], identity: str = "") -> Sandbox:
            sources = {name: text for name, text in cells if name}
            box = zygote.fork()
            boxes.append(box)
            box.settle(0, {}, sources)
            for _, text in cells:
                ran = box.run(text, 20)
                assert not ran.error, ran
                assert not ran.problem, ran
            return Sandbox(box, sources, identity)

        yield student_of
        for box in boxes:
            box.close()
