"""Runs a notebook's cells in IPython and answers the requests of hidden tests.

Runs in the process of the student code. A cell may change anything in this process, so the grader's process trusts none
of its messages.
"""

from __future__ import annotations

import ast
import builtins
import contextlib
import functools
import gc
import os
import random
import signal
import sys
from collections.abc import Iterator, Mapping
from typing import Any, NoReturn

import numpy as np
from matplotlib.figure import Figure as Drawing
from traitlets.config import Config

from . import isolation
from .channel import Channel, frame_of, parts_of
from .errors import DeadProcessError, StudentError, student_line
from .ipython import MAX_CHARACTERS, LimitedOutput, NotebookShell, Stream, refuse_input
from .missing_modules import with_placeholders
from .notebook import Notebook
from .port import Response
from .wire import WireError, decode, encode

NOT_DRAWN = "[This figure is in your own notebook; it is not drawn again when graded.]"
"""The text of an output in place of a figure."""

_LRU_CACHE_TYPE = type(functools.lru_cache(len))


class NotebookServer:
    """IPython without a Jupyter kernel; the zygote makes one server and forks it for each notebook."""

    def __init__(self) -> None:
        config = Config()
        config.HistoryManager.enabled = False
        config.InteractiveShell.colors = "NoColor"
        # Don't crop plots: cropping, the default, draws each plot a second time.
        config.InlineBackend.print_figure_kwargs = {"bbox_inches": None}
        self._ip = NotebookShell.instance(config=config)
        self._ip.run_line_magic("matplotlib", "inline")
        self._ip.ast_transformers.append(_PlaceholderTransformer())
        self._notebook = Notebook(self._ip.user_ns)

    def warm_up(self) -> None:
        """Run cells to load the modules of a first plot, table and traceback, then reset the shell and font caches."""
        self._ip.send = lambda _: None
        for cell in (
            "import numpy as np, matplotlib.pyplot as plt\nplt.plot([1, 2]); plt.title('$x^2$'); plt.show()",
            "fig, axes = plt.subplots(1, 2); axes[0].scatter([1], [2], label='a'); axes[0].legend(); 1",
            "def f(x):\n    return np.ones(2) @ np.ones(x)\nf(3)",
            "%time 1\nprint(np.random.default_rng(1).normal(size=2)); raise NotImplementedError('x')",
        ):
            self._ip.run_cell(cell, store_history=True)
        self._ip.reset(new_session=True)
        self._ip.execution_count = 1
        # A cached font holds an open file, which the zygote's forks close: it would then read, and close, another file
        # with the same descriptor.
        for cached in gc.get_objects():
            if isinstance(cached, _LRU_CACHE_TYPE) and cached.__name__ in ("_get_font", "_parse_cached"):
                cached.cache_clear()
        gc.collect()
        gc.freeze()  # the collector skips these objects from now on, so that forks share their memory pages

    def serve(self, channel: Channel, folder: str) -> NoReturn:
        """Answer requests until the grader's process closes the channel, then end this process.

        Student code that breaks this loop harms only its own submission.
        """
        first, *files = channel.receive()
        request, seed, names = decode(first)
        self._prepare(folder, seed, dict(zip(names, files, strict=True)))
        interruptible = _InterruptibleBlock()
        channel.send(encode(("response", request)), *_parts_of_response(Response(())))
        while True:
            try:
                first, *values = channel.receive()
                request, question, names, isolated, forgotten = decode(first)
                for number in forgotten:
                    self._notebook.forget(number)
            except KeyboardInterrupt:
                continue
            except DeadProcessError:
                os._exit(0)
            with interruptible:
                parts = self._respond(channel, request, question, names, values, isolated)
            channel.send(encode(("response", request)), *parts)

    def _prepare(self, folder: str, seed: int, files: Mapping[str, bytes]) -> None:
        """Write the notebook's files in this folder, and set the environment, the random seeds and `input`."""
        for name, data in files.items():
            if "/" in name:
                os.makedirs(os.path.dirname(name), exist_ok=True)
            with open(name, "xb") as file:
                file.write(data)
        os.environ.clear()
        os.environ |= {
            "HOME": folder, "TMPDIR": f"{folder}/tmp", "PATH": "/usr/local/bin:/usr/bin:/bin", "LANG": "C.UTF-8",
            "MPLBACKEND": "module://matplotlib_inline.backend_inline", **isolation.ONE_THREAD,
            # There is no network: pip would try for many seconds.
            "PIP_RETRIES": "0", "PIP_DISABLE_PIP_VERSION_CHECK": "1", "PIP_NO_INPUT": "1",
        }  # fmt: skip
        os.makedirs(f"{folder}/tmp", exist_ok=True)
        sys.path.insert(0, "")  # as in a Jupyter kernel: a cell can import a module that it writes
        sys.modules["autograder"] = None  # type: ignore[assignment]  # `import autograder` raises ImportError
        random.seed(seed)
        np.random.seed(seed % 2**32)
        builtins.input = builtins.__dict__["input"] = refuse_input
        self._ip.user_ns["__builtins__"] = builtins

    def _respond(
        self, channel: Channel, request: int, question: str, names: tuple[Any, ...], values: list[bytes], isolated: bool
    ) -> list[bytes]:
        """Return the parts of the message that answers a request: the exception or None, then the encoded values."""
        try:
            if isolated:
                return self._answer_in_fork(question, names, values)
            if question == "cell":
                return _parts_of_response(Response((encode(self._run_cell(channel, request, *names)),)))
            return _parts_of_response(self._notebook.respond(question, names, values))
        except BaseException as error:
            return _parts_of_response(Response((), error))

    def _answer_in_fork(self, question: str, names: tuple[Any, ...], values: list[bytes]) -> list[bytes]:
        """Do `_respond` in a fork, so that this process keeps no data of the question, and end the fork.

        If the fork ends without a response, the response is RuntimeError.
        """
        reader, writer = os.pipe()
        child = os.fork()
        if child == 0:
            with contextlib.suppress(BaseException), open(writer, "wb") as file:
                file.write(frame_of(_parts_of_response(self._notebook.respond(question, names, values))))
            os._exit(0)
        os.close(writer)
        try:
            with open(reader, "rb") as file:
                return parts_of(file.read())
        except WireError:
            return _parts_of_response(Response((), RuntimeError("it ended Python itself")))
        finally:
            with contextlib.suppress(ProcessLookupError):
                os.kill(child, signal.SIGKILL)
            os.waitpid(child, 0)

    # Cells

    def _run_cell(self, channel: Channel, request: int, source: str, draw: bool) -> tuple[str, str, str]:
        """Run a cell and send its outputs; return the type name, text and line of its exception, or empty texts.

        draw: whether to draw figures; otherwise each is replaced by NOT_DRAWN.
        """
        self._ip.send = LimitedOutput(lambda output: channel.send(encode(("output", request, output))))
        sys.stdout, sys.stderr = streams = tuple(Stream(name, self._ip.send) for name in ("stdout", "stderr"))
        for stream, other_stream in zip(streams, reversed(streams), strict=True):
            stream.other = other_stream
        try:
            with contextlib.nullcontext() if draw else self._without_drawing():
                result = self._ip.run_cell(source, store_history=True)
            error = result.error_before_exec or result.error_in_exec
        finally:
            for stream in streams:
                stream.flush()
        return ("", "", "") if error is None else _described(error)

    @contextlib.contextmanager
    def _without_drawing(self) -> Iterator[None]:
        """Show NOT_DRAWN in place of the block's figures: drawing takes several times as long as the rest of a lab."""
        formatters = self._ip.display_formatter.formatters
        printers = {kind: formatter.pop(Drawing, None) for kind, formatter in formatters.items()}
        formatters["text/plain"].for_type(Drawing, lambda figure, printer, cycle: printer.text(NOT_DRAWN))
        try:
            yield
        finally:
            formatters["text/plain"].pop(Drawing, None)
            for kind, function in printers.items():
                if function is not None:
                    formatters[kind].for_type(Drawing, function)


class _PlaceholderTransformer:
    """IPython passes each cell through it."""

    def visit(self, node: ast.Module) -> ast.Module:
        """Return the cell's code as `with_placeholders` does."""
        return with_placeholders(node)


def _parts_of_response(response: Response) -> list[bytes]:
    """Return the encoded exception of a response, or None, and the response's values."""
    return [encode(None if response.error is None else _exception_data(response.error)), *response.values]


def _described(error: BaseException) -> tuple[str, str, str]:
    """Return the type name of a cell's exception, its text, and the line of the cell that raised it."""
    if isinstance(error, SyntaxError):
        # Its `str` names a file that the student does not know; no line of a cell raised it.
        return type(error).__name__, str(error.msg)[:MAX_CHARACTERS], str(error.text or "").strip()[:MAX_CHARACTERS]
    data = {**_exception_data(error), "line": ""}
    with contextlib.suppress(Exception):
        data["line"] = student_line(error, ended_cell=True)
    return data["name"], data["text"], data["line"]


def _exception_data(error: BaseException) -> dict[str, Any]:
    """Return an exception as plain data, without the fields that raise an exception when read.

    A student's exception class may lie, raise or hang in its methods.
    """
    data: dict[str, Any] = {"name": "Exception", "bases": [], "text": "", "args": None, "line": "", "known": False}
    with contextlib.suppress(Exception):
        kinds = [kind for kind in type.mro(type(error)) if isinstance(kind, type)]
        data["known"] = kinds[0].__module__ == StudentError.__module__ or kinds[0] in vars(builtins).values()
        data["name"] = str(type.__getattribute__(kinds[0], "__name__"))
        data["bases"] = [kind.__name__ for kind in kinds if kind in vars(builtins).values()]
    with contextlib.suppress(Exception):
        data["line"] = student_line(error)
    with contextlib.suppress(Exception):
        data["text"] = str(error)[:MAX_CHARACTERS]
    with contextlib.suppress(Exception):
        fields = vars(error) if isinstance(error, StudentError) else error.args
        with_args = {**data, "args": dict(fields) if isinstance(fields, dict) else tuple(fields)}
        encode(with_args)  # raises WireError for arguments that are not plain
        return with_args
    return data


class _InterruptibleBlock:
    """Raises KeyboardInterrupt at an interrupt signal inside its block, and ignores the signal outside."""

    def __init__(self) -> None:
        self._set_handler = signal.signal  # a cell may replace it in the module
        self._set_handler(signal.SIGINT, signal.SIG_IGN)

    def __enter__(self) -> None:
        # Python's own handler leaves no line of this module in the traceback that the student reads.
        self._set_handler(signal.SIGINT, signal.default_int_handler)

    def __exit__(self, *_: object) -> None:
        self._set_handler(signal.SIGINT, signal.SIG_IGN)
