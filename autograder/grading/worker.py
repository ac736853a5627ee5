"""The program of a worker process: receives one job after another and sends back results, until its connection closes.

`autograder.grading.pool` starts it as `python -m autograder.grading.worker DESCRIPTOR MODULE:FUNCTION`.
"""

from __future__ import annotations

import importlib
import signal
import sys
import traceback
from multiprocessing.connection import Connection

from autograder.errors import AutograderError
from autograder.grading.pool import JobFailure
from autograder.sandbox.host.tiers import UnprotectedError


def main(descriptor: int, work: str) -> None:
    """Apply a function to each job that arrives, and send back its result, or a JobFailure if it raises an exception.

    descriptor: the file descriptor of the connection to the pool. work: the function, as MODULE:FUNCTION.
    """
    # jsonschema, which validates notebooks, needs a second or two to build this module's grammar, and works without it.
    sys.modules.setdefault("rfc3987_syntax", None)  # type: ignore[arg-type]
    module, _, name = work.partition(":")
    function = getattr(importlib.import_module(module), name)
    # sys.exit, unlike the signal's default, runs the function's atexit handlers.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))
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
    main(int(sys.argv[1]), sys.argv[2])
