"""The program of a worker process: does one job after another until its connection closes.

`python -m autograder.grading.worker DESCRIPTOR MODULE:FUNCTION`; started by `autograder.grading.pool`.
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
    """Answer each job with the function's result, or with a JobFailure."""
    # jsonschema, which validates notebooks, takes a second to build a grammar of web addresses that it does not need.
    sys.modules.setdefault("rfc3987_syntax", None)  # type: ignore[arg-type]
    module, _, name = work.partition(":")
    function = getattr(importlib.import_module(module), name)
    # sys.exit runs the clean-up that the function has registered.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))
    connection: Connection = Connection(descriptor)
    while True:
        try:
            job = connection.recv()
        # The main process is done, or dead.
        except (EOFError, ConnectionError):
            return
        try:
            answer = function(job)
        except AutograderError as error:
            answer = JobFailure(str(error), hopeless=isinstance(error, UnprotectedError))
        # A fault of the grader costs one submission, not the class.
        except Exception:
            answer = JobFailure(f"a mistake of the grader itself, not of the submission:\n{traceback.format_exc()}")
        connection.send(answer)


if __name__ == "__main__":
    main(int(sys.argv[1]), sys.argv[2])
