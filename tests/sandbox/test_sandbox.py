"""`Sandbox` keeps the contract of the port, on each tier that this machine has."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from autograder.sandbox.host.client import SandboxClient
from autograder.sandbox.host.launcher import Zygote
from autograder.sandbox.host.sandbox import Sandbox
from autograder.student import CallTimeoutError, MissingNameError
from tests.student.contract import StudentContract, StudentOf, plain_cell

pytestmark = pytest.mark.sandbox


@pytest.fixture(scope="module")
def zygote() -> Iterator[Zygote]:
    """The process that this module's sandboxes are forked from."""
    with Zygote("namespaces") as zygote:
        yield zygote


class TestInASandbox(StudentContract):
    @pytest.fixture
    def student_of(self, zygote: Zygote) -> Iterator[StudentOf]:
        boxes: list[SandboxClient] = []

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

    def test_what_is_asked_apart_remembers_nothing(self, student_of: StudentOf) -> None:
        """However a function keeps count, each call that is made apart is the first; others go on counting."""
        text = """
            import numpy as np
            def count(x, seen=[]):
                seen.append(x)
                count.calls = getattr(count, "calls", 0) + 1
                np.calls = getattr(np, "calls", 0) + 1
                open("calls", "a").write("x")
                return len(seen), count.calls, np.calls
        """
        student = student_of([plain_cell(text)])
        isolated, plain = student.function("count", isolated=True), student.function("count")
        assert [isolated(1), isolated(2)] == [(1, 1, 1)] * 2
        assert [plain(1), isolated(1), plain(2)] == [(1, 1, 1), (2, 2, 2), (2, 2, 2)]

    def test_a_call_apart_that_never_ends_is_stopped(self, student_of: StudentOf) -> None:
        """With its process, and the notebook can still be asked."""
        student = student_of([plain_cell("def f(x):\n    while True: pass\ndef g(x):\n    import os\n    os._exit(3)")])
        with pytest.raises(CallTimeoutError), student.within(0.5):
            student.function("f", isolated=True)(1)
        with pytest.raises(RuntimeError, match="ended"):
            student.function("g", isolated=True)(1)
        with pytest.raises(MissingNameError):
            student.value("nothing")
