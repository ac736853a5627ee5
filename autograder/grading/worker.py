"""The program of a worker process: receives one job after another and sends back results, until its connection closes.

`autograder.grading.pool` starts it as `python -m autograder.grading.worker DESCRIPTOR MODULE:FUNCTION`.
"""

from __future__ import annotations

import importlib
import signal
import sys
import traceback
from multiprocessing.connection import Connection
from typing import NoReturn

from autograder.errors import AutograderError
from autograder.grading.pool import JobFailure
from autograder.sandbox.host.tiers import UnprotectedError


class _DismissedError(BaseException):
    """Raised in a worker process that the pool ends. No SystemExit, which checks take for one of student code."""


def _dismiss(*_: object) -> NoReturn:
    """Handle SIGTERM. Raises _DismissedError, so that sandboxes are closed and atexit handlers run."""
    raise _DismissedError


def main(descriptor: int, work: str) -> None:
    """Apply a function to each job that arrives, and send back its result, or a JobFailure if it raises an exception.

    descriptor: the file descriptor of the connection to the pool. work: the function, as MODULE:FUNCTION.
    """
    # jsonschema, which validates notebooks, needs a second or two to build this module's grammar, and works without it.
    sys.modules.setdefault("rfc3987_syntax", None)  # type: ignore[arg-type]
    module, _, name = work.partition(":")
    function = getattr(importlib.import_module(module), name)
    signal.signal(signal.SIGTERM, _dismiss)
    connection: Connection = Connection(descriptor)
    while True:
        try:
            job = connection.recv()
        # The pool has closed the connection, or its process is dead.
        except (EOFError, ConnectionError):
            return
        try:
            answer = function(job)
        except AutograderError as error:
            answer = JobFailure(str(error), hopeless=isinstance(error, UnprotectedError))
        # A mistake in the grader must cost only this submission, not the class.
        except Exception:
            answer = JobFailure(f"a mistake of the grader itself, not of the submission:\n{traceback.format_exc()}")
        connection.send(answer)


if __name__ == "__main__":
    try:
        main(int(sys.argv[1]), sys.argv[2])
    except _DismissedError:
        sys.exit(1)
