"""Runs a notebook's cells in IPython and answers the requests of hidden tests.

Runs in the process of the student code. A cell may change anything in this process, so the grader's process trusts none
of its messages.
"""

from __future__ import annotations

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
from .channel import Channel
from .ipython import MAX_CHARACTERS, LimitedOutput, NotebookShell, Stream, refuse_input
from .local_kernel import LocalKernel
from .port import DeadProcessError, Figure, StudentError, plain_copy, student_line
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
        self._kernel: LocalKernel | None = None
        self._sources: dict[str, str] = {}
        self._objects: dict[int, Any] = {}
        """Reruns and objects that a hidden test may use again, by the number that `host.sandbox` gives them."""

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
        request, (seed, files, sources) = channel.receive()
        self._prepare(folder, seed, files)
        self._sources = sources
        self._kernel = LocalKernel(self._ip.user_ns, self._sources)
        interruptible = _InterruptibleBlock()
        channel.send(("answer", request, None))
        while True:
            try:
                request, operation, arguments, forgotten = channel.receive()
                for number in forgotten:
                    self._objects.pop(number, None)
            except KeyboardInterrupt:
                continue
            except DeadProcessError:
                os._exit(0)
            with interruptible:
                answer = self._answer(request, operation, arguments, channel)
            channel.send(answer)

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
        }  # fmt: skip
        os.makedirs(f"{folder}/tmp", exist_ok=True)
        sys.path.insert(0, "")  # as in a Jupyter kernel: a cell can import a module that it writes
        sys.modules["autograder"] = None  # type: ignore[assignment]  # `import autograder` raises ImportError
        random.seed(seed)
        np.random.seed(seed % 2**32)
        builtins.input = builtins.__dict__["input"] = refuse_input
        self._ip.user_ns["__builtins__"] = builtins

    def _answer(self, request: int, operation: str, arguments: Any, channel: Channel) -> Any:
        """Return the message that answers a request: ("answer", request, value) or ("raised", request, exception)."""
        try:
            if operation == "cell":
                return "answer", request, self._run_cell(channel, request, *arguments)
            return "answer", request, getattr(self, f"_do_{operation}")(*arguments)
        except BaseException as error:
            return "raised", request, _exception_data(error)

    # Cells

    def _run_cell(self, channel: Channel, request: int, source: str, draw: bool) -> dict[str, Any]:
        """Run a cell and send its outputs; return the type name of its exception, or "", as `error`.

        draw: whether to draw figures; otherwise each is replaced by NOT_DRAWN.
        """
        self._ip.send = LimitedOutput(lambda output: channel.send(("output", request, output)))
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
        return {"error": "" if error is None else type(error).__name__}

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

    # Operations of the port; `host.sandbox` sends their names, without `_do_`

    def _do_value(self, name: str) -> Any:
        return self._local.value(name)

    def _do_call(self, name: str, overrides: Any, stubs: str, args: Any, kwargs: Any) -> dict[str, Any]:
        """Call a function; return its result or its exception, with the call's side effects, as far as they exist."""
        function = self._local.function(name, overrides, stubs)
        answer: dict[str, Any] = {}
        try:
            answer["result"] = function(*args, **kwargs)
        except BaseException as error:
            answer["raised"] = _exception_data(error)
        if (last := function.last) is not None:
            answer["stdout"] = last.stdout[:MAX_CHARACTERS]
            with contextlib.suppress(StudentError):
                answer["arguments"] = plain_copy([last.args, last.kwargs])
        return answer

    def _do_call_isolated(self, *arguments: Any) -> Any:
        """Do `_do_call` in a fork, so that this process keeps no data of the call, and end the fork.

        If the fork ends without an answer, the call raises RuntimeError.
        """
        reader, writer = os.pipe()
        child = os.fork()
        if child == 0:
            try:
                data = encode(self._do_call(*arguments))
            except BaseException as error:
                data = encode({"raised": _exception_data(error)})
            with open(writer, "wb") as file:
                file.write(data)
            os._exit(0)
        os.close(writer)
        try:
            with open(reader, "rb") as file:
                return decode(file.read())
        except WireError:
            return {"raised": _exception_data(RuntimeError("it ended Python itself"))}
        finally:
            with contextlib.suppress(ProcessLookupError):
                os.kill(child, signal.SIGKILL)
            os.waitpid(child, 0)

    def _do_make(self, number: int, class_name: str, stubs: str, args: Any, kwargs: Any) -> None:
        self._objects[number] = self._local.make(class_name, *args, stubs=stubs, **kwargs)

    def _do_method(self, number: int, method: str, args: Any, kwargs: Any) -> Any:
        return self._objects[number].call(method, *args, **kwargs)

    def _do_attribute(self, number: int, attribute: str) -> Any:
        return self._objects[number].value(attribute)

    def _do_set(self, number: int, attribute: str, value: Any) -> None:
        self._objects[number].set(attribute, value)

    def _do_rerun(self, number: int, task: str, overrides: Any, stubs: str) -> None:
        self._objects[number] = self._local.rerun(task, overrides, stubs)

    def _do_figures(self, task: str) -> list[Any]:
        return [_plain_figure(figure) for figure in self._local.figures(task)]

    @property
    def _local(self) -> LocalKernel:
        """The notebook's kernel, which `serve` makes."""
        assert self._kernel is not None
        return self._kernel


def _plain_figure(figure: Figure) -> list[Any]:
    """Return a figure's axes as tuples of title, x label, y label and lines. Raises NotPlainError."""
    return [(str(axes.title), str(axes.xlabel), str(axes.ylabel), [plain_copy(line) for line in axes.lines])
            for axes in figure.axes]  # fmt: skip


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
        data["args"] = plain_copy(dict(fields) if isinstance(fields, dict) else tuple(fields))
    return data


class _InterruptibleBlock:
    """Raises KeyboardInterrupt at an interrupt signal inside its block, and ignores the signal outside."""

    def __init__(self) -> None:
        signal.signal(signal.SIGINT, self._interrupt)
        self._running = False

    def __enter__(self) -> None:
        self._running = True

    def __exit__(self, *_: object) -> None:
        self._running = False

    def _interrupt(self, *_: object) -> None:
        __tracebackhide__ = True
        if self._running:
            raise KeyboardInterrupt
