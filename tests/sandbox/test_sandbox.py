"""Tests that `Sandbox` keeps the contract of the `student` port."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from autograder.sandbox.host.client import SandboxClient
from autograder.sandbox.host.launcher import Zygote
from autograder.sandbox.host.sandbox import Sandbox
from autograder.student import CallTimeoutError, MissingNameError, student_line
from tests.student.contract import StudentContract, StudentOf, plain_cell

pytestmark = pytest.mark.sandbox


@pytest.fixture(scope="module")
def zygote() -> Iterator[Zygote]:
    """Yield the zygote from which this module's sandboxes are forked."""
    with Zygote("namespaces") as zygote:
        yield zygote


class TestInASandbox(StudentContract):
    @pytest.fixture
    def student_of(self, zygote: Zygote) -> Iterator[StudentOf]:
        clients: list[SandboxClient] = []

        def student_of(cells: list[tuple[str, str]], identity: str = "") -> Sandbox:
            sources = {name: text for name, text in cells if name}
            client = zygote.fork()
            clients.append(client)
            client.settle(0, {})
            for _, text in cells:
                result = client.run(text, 20)
                assert not result.error, result
                assert not result.problem, result
            return Sandbox(client, sources, identity)

        yield student_of
        for client in clients:
            client.close()

    def test_isolated_calls_keep_no_state(self, student_of: StudentOf) -> None:
        """An isolated call leaves no state behind, however the function keeps a count; other calls share theirs."""
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

    def test_an_endless_isolated_call_is_stopped(self, student_of: StudentOf) -> None:
        """An isolated call that never ends, or ends its process, is an error, and the notebook still answers."""
        student = student_of([plain_cell("def f(x):\n    while True: pass\ndef g(x):\n    import os\n    os._exit(3)")])
        with pytest.raises(CallTimeoutError), student.within(0.5):
            student.function("f", isolated=True)(1)
        with pytest.raises(RuntimeError, match="ended"):
            student.function("g", isolated=True)(1)
        with pytest.raises(MissingNameError):
            student.value("nothing")

    def test_what_is_refused_has_the_students_line(self, student_of: StudentOf) -> None:
        """`input`, a debugger and `exit` raise in the student's own line, although this package stands in for them."""
        text = """
            def asks(): return input('n? ')
            def stops():
                breakpoint()
                return 1
            def ends(): exit()
        """
        student = student_of([plain_cell(text)])
        for name, line in (
            ("asks", "def asks(): return input('n? ')"),
            ("stops", "return 1"),
            ("ends", "def ends(): exit()"),
        ):
            with pytest.raises((NotImplementedError, SystemExit)) as raised:
                student.function(name)()
            assert student_line(raised.value) == line
