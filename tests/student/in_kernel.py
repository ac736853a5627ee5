"""The contract, for the notebook in whose kernel pytest runs; `test_local_kernel.py` starts pytest there."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from IPython.core.getipython import get_ipython

from autograder.student import LocalKernel

from .contract import StudentContract, StudentOf


class TestInThisKernel(StudentContract):
    @pytest.fixture
    def student_of(self) -> Iterator[StudentOf]:
        shell = get_ipython()
        before = dict(shell.user_ns)

        def student_of(cells: list[tuple[str, str]], identity: str = "") -> LocalKernel:
            for _, text in cells:
                shell.run_cell(text, store_history=True).raise_error()
            return LocalKernel.of_this_kernel(identity)

        yield student_of
        for name in set(shell.user_ns) - set(before):
            del shell.user_ns[name]
